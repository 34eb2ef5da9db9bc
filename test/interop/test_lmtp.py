#!/usr/bin/python3
"""test_lmtp - LMTP with Dovecot, over TCP and a Unix socket.

SPDX-License-Identifier: MIT

Run by CTest, which says where the programs are: ctest -R lmtp
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from common import main
from lmtp import DovecotLmtp
from servers import Missing

FROM = 'alarm@pump.example'


class LmtpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.server = cls.enterClassContext(DovecotLmtp())
        except Missing as missing:
            raise unittest.SkipTest(str(missing))

    def send(self, where, *to):
        done = subprocess.run(
            [os.environ['DUVA_ESMTP'], 'lmtp', *where, 'send', FROM, *to],
            capture_output=True, timeout=60, text=True)
        self.assertEqual(done.returncode, 0, done.stderr + self.server.log())
        return done.stdout.splitlines()

    def places(self):
        return {'tcp': ['127.0.0.1', str(self.server.port)],
                'unix': ['unix', str(self.server.socket)]}.items()

    def test_each_has_an_answer(self):
        for name, where in self.places():
            with self.subTest(name):
                before = len(self.server.messages('bob'))
                said = self.send(where, 'ada', 'nobody', 'lost', 'bob')
                self.assertEqual(said[0], 'accepted none 0')
                self.assertEqual(said[1], 'accepted 250')
                self.assertEqual(said[2], 'refused 550')
                self.assertRegex(said[3], '^retry 4')
                self.assertEqual(said[4], 'accepted 250')
                stored = self.server.messages('bob')
                self.assertEqual(len(stored), before + 1)
                self.assertIn(b'The pigeon is back.', stored[-1])

    def test_nobody_is_delivered_to(self):
        for name, where in self.places():
            with self.subTest(name):
                said = self.send(where, 'lost')
                self.assertEqual(said[0], 'retry none 0')
                self.assertRegex(said[1], '^retry 4')


class Command(LmtpTest):
    """The same by duva(1)."""
    send = test_each_has_an_answer = test_nobody_is_delivered_to = None

    def urls(self):
        return (f'lmtp://127.0.0.1:{self.server.port}',
                f'lmtp://{self.server.socket}')

    def check(self, done):
        said = json.loads(done.stdout)
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assertEqual(said['verdict'], 'accepted')
        self.assertEqual([rcpt['verdict'] for rcpt in said['recipients']],
                         ['accepted', 'refused', 'retry', 'accepted'])
        self.assertEqual(len(self.server.messages('bob')), self.before + 1)

    def run_duva(self, *arguments, **more):
        self.before = len(self.server.messages('bob'))
        return subprocess.run([os.environ['DUVA'], *arguments],
                              capture_output=True, timeout=60, text=True,
                              **more)

    def test_send(self):
        for url in self.urls():
            with self.subTest(url):
                done = self.run_duva(
                    'send', '--server', url, '--from', FROM, '--bcc',
                    'ada,nobody,lost,bob', '--text', 'The pigeon is back.',
                    '--json')
                self.check(done)
                self.assertIn(b'The pigeon is back.', b''.join(
                    self.server.messages('bob')))

    def test_stop_and_probe(self):
        for url in self.urls():
            with self.subTest(url):
                done = self.run_duva('probe', url, '--trace')
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn('C: LHLO ', done.stderr)
                done = self.run_duva('probe', url, '--trace', '--stop-after',
                                     'greeting')
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn('LHLO', done.stderr)

    def test_account(self):
        home = self.enterContext(tempfile.TemporaryDirectory())
        where = {'port': f'host 127.0.0.1\nport {self.server.port}\n',
                 'socket': f'socket {self.server.socket}\n'}
        for name, text in where.items():
            file = pathlib.Path(home, name)
            file.write_text(f'account default\nprotocol lmtp\nfrom {FROM}\n'
                            + text)
            with self.subTest(name):
                self.check(self.run_duva(
                    'send', '--config', file, '--bcc', 'ada,nobody,lost,bob',
                    '--text', 'x', '--json'))
                done = self.run_duva('sendmail', '-C', file,
                                     'bob@example.org',
                                     input='Subject: x\n\nx\n')
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_nobody_listens(self):
        done = self.run_duva('send', '--server', 'lmtp:///nonexistent/lmtp',
                             '--from', FROM, '--to', FROM, '--text', 'x')
        self.assertEqual(done.returncode, 75)
        self.assertIn('/nonexistent/lmtp', done.stderr)
        self.assertIn('No such file', done.stderr)
        self.assertIn('check the path', done.stderr)

    def test_usage(self):
        for arguments, words in ((['--proxy', 'socks5://x:1'], '--proxy'),
                                 (['--merge', '/dev/null'], '--merge')):
            done = self.run_duva('send', '--server', 'lmtp:///run/lmtp',
                                 '--from', FROM, '--to', FROM, '--text', 'x',
                                 *arguments)
            self.assertEqual(done.returncode, 64, done.stderr)
            self.assertIn(words, done.stderr)


if __name__ == '__main__':
    main()
