"""test_cli_search - passwords without an option: ~/.netrc, the keyring.

SPDX-License-Identifier: MIT
"""
import base64
import os
import unittest

from command import CONFIG, OK, SECRET, TEXT, TestCase, environment, run
from scripted import Scripted, offering

PLAIN = base64.b64encode(f'\0ada\0{SECRET}'.encode()).decode()
TOOL = '''#!/bin/sh
echo "$@" >"$0.said"
[ ! -e "$0.fails" ] || exit 1
cat "$0.secret" 2>/dev/null
'''


class Search(TestCase):
    def send(self, server, **more):
        env = environment(HOME=str(self.folder), **more)
        return run('send', '--server', server.url, '--user', 'ada', *TEXT,
                   env=env)

    def login(self, **more):
        with Scripted(EHLO=offering('PLAIN')) as server:
            done = self.send(server, **more)
            self.assert_code(done, OK)
            self.assertIn(f'AUTH PLAIN {PLAIN}', server.lines)
            self.assertNotIn(SECRET.encode(), done.raw)

    def refused(self, *words, **more):
        with Scripted(EHLO=offering('PLAIN')) as server:
            self.assert_silent(server, self.send(server, **more), CONFIG,
                               *words)

    def netrc(self, mode=0o600, name='.netrc'):
        return self.file(b'machine 127.0.0.1 login ada password "'
                         + SECRET.encode() + b'"\n', mode, name)

    def tool(self, secret=SECRET):
        self.file(TOOL.encode(), 0o700, 'secret-tool')
        if secret:
            self.file(secret.encode(), name='secret-tool.secret')
        return {'PATH': f'{self.folder}:{os.environ["PATH"]}',
                'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent'}

    def test_netrc(self):
        self.netrc()
        self.login()
        self.login(NETRC=self.netrc(name='other'))

    def test_netrc_of_others(self):
        self.netrc(0o644)
        self.refused('.netrc', 'other users')

    def test_netrc_that_breaks_off(self):
        self.file(b'machine 127.0.0.1 password "x', name='.netrc')
        self.refused('.netrc')

    def test_keyring(self):
        self.login(**self.tool())
        self.assertEqual((self.folder / 'secret-tool.said').read_text(),
                         'lookup host 127.0.0.1 service smtp user ada\n')

    def test_netrc_goes_before_the_keyring(self):
        self.netrc()
        self.login(**self.tool('another'))

    def test_nowhere(self):
        self.refused('~/.netrc', 'keyring', '--password-file')
        self.refused('~/.netrc', **self.tool(''))
        self.file(b'', name='secret-tool.fails')
        self.refused('~/.netrc', **self.tool())

    def test_nobody_is_asked_without_a_session(self):
        tool = self.tool()
        del tool['DBUS_SESSION_BUS_ADDRESS']
        self.refused('~/.netrc', **tool)
        self.assertFalse((self.folder / 'secret-tool.said').exists())


if __name__ == '__main__':
    unittest.main()
