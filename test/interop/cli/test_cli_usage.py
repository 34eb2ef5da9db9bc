"""test_cli_usage - the command duva: its arguments, valid and invalid.

SPDX-License-Identifier: MIT
"""
import base64
import pathlib
import re
import unittest

import processes
from command import (CONTROLS, ENVELOPE, LATER, OK, TEXT, USAGE, TestCase,
                     environment, run)
from scripted import Scripted, offering


class Usage(TestCase):
    def test_help_and_version(self):
        for arguments in (['--help'], ['-h'], ['send', '--help'],
                          ['send', '-h']):
            done = run(*arguments)
            self.assert_code(done, OK)
            self.assertIn('usage: duva', done.out)
            self.assertEqual(done.err, '')
        for arguments in ['--version'], ['send', '--version']:
            self.assertRegex(run(*arguments).out, r'^duva \d+\.\d+\.\d+\n$')

    def test_manual_has_every_option(self):
        folder = pathlib.Path(__file__, '../../../../cli').resolve()
        manual = (folder / 'duva.1').read_text()
        for command, least in {'send': 75, 'sendmail': 32, 'probe': 27,
                               'account': 29}.items():
            names = re.findall(r'^  (?:-\w, )?--([a-z0-9-]+)',
                               run(command, '--help', 'all').out, re.M)
            self.assertGreaterEqual(len(names), least)
            self.assertEqual(len(names), len(set(names)))
            for name in names:
                self.assertRegex(manual, rf'Fl -{name}\b')

    def test_help_fits_on_a_screen(self):
        for command in 'send', 'sendmail', 'probe', 'account':
            few = run(command, '--help').out.splitlines()
            self.assertLessEqual(len(few), 30)
            for line in few + run(command, '--help', 'all').out.splitlines():
                self.assertLess(len(line), 80)

    def test_what_the_engine_refuses(self):
        """It is asked before anybody is connected to."""
        for option, texts in {
            '--envid': ['', 'é', 'a\nb', 'x' * 101],
            '--orcpt': ['', 'a\nb', 'x' * 600],
            '--hold-until': ['', 'tomorrow', '2026-12-24T18:00:00+01:00',
                             '2026-02-30T18:00:00Z', '2027-04-31T00:00:00Z'],
            '--mail-auth': ['a b@c', 'a\r\n@b'],
            '--solicit': ['', 'a b', 'a\n'],
            '--rrvs': ['', 'yesterday', '2026-12-24', '2100-02-29T00:00:00Z'],
            '--mail-param': ['SIZE=9', 'A B', 'X=', '', 'X-Y\r\nRSET'],
            '--rcpt-param': ['NOTIFY=NEVER', 'A\n', 'X='],
        }.items():
            for text in texts:
                with self.subTest(option=option, text=text[:9]), \
                        Scripted() as server:
                    done = self.send(server, *TEXT, option, text)
                    self.assert_silent(server, done, USAGE, option)
        with Scripted() as server:
            done = self.send(server, *TEXT, '--hold-for', '9', '--hold-until',
                             '2026-12-24T18:00:00Z')
            self.assert_silent(server, done, USAGE, '--hold-for cannot be '
                               'combined with --hold-until')
            done = self.send(server, *TEXT, '--orcpt', 'a@b', '--cc', 'c@d')
            self.assert_silent(server, done, USAGE, 'with one recipient')

    def test_commands(self):
        self.assert_code(run(), USAGE, 'usage: duva', 'send')
        self.assert_code(run('frobnicate'), USAGE, "'frobnicate'", '--help')
        self.assert_code(run('\x1b[31m'), USAGE, '\\x1B[31m')

    def test_nothing_is_set_up(self):
        add = "'duva account add'"
        done = run('send', '--to', 'bob@example.org')
        self.assert_code(done, USAGE, '--from is missing', add, '--server')
        done = run('account', 'test')
        self.assert_code(done, USAGE, "no account 'default'", add)
        done = run('send', *TEXT, '--stop-after', 'connect')
        if done.code == LATER:              # nobody listens on port 25
            self.assertIn(add, done.err)
        done = run('send', '--server', 'smtp://127.0.0.1:1', *ENVELOPE)
        self.assertNotIn(add, done.err)
        done = run('send', '--to', 'bob@example.org',
                   env=environment(DUVA_SERVER='127.0.0.1:1'))
        self.assert_code(done, USAGE, '--from is missing')
        self.assertNotIn(add, done.err)

    def test_mistakes(self):
        for words, arguments in {
            "unknown option '--frob' (did you mean '--from'?)":
                [*TEXT, '--frob'],
            "unknown option '--passwordfile' (did you mean '--password-file'?)":
                [*TEXT, '--passwordfile=x'],
            "unknown option '--xyzzy';": [*TEXT, '--xyzzy'],
            'unknown option \'-x\'': [*TEXT, '-xy'],
            '--subject needs a value': [*ENVELOPE, '--subject'],
            'takes no value': [*TEXT, '--json=yes'],
            '--from is missing': ['--to', 'ada@example.org'],
            '--to is missing': ['--from', 'pump@example.net'],
            '--raw cannot be combined with --subject':
                [*TEXT, '--raw', '-'],
            '--raw cannot be combined with --body': [*ENVELOPE, '--raw', '-', '--body', '-'],
            'an empty --from': ['--from', '', '--to', 'ada@example.org'],
            '--password-file cannot be combined':
                [*TEXT, '--user', 'u', '--password-file', 'f',
                 '--password-command', 'c'],
            'needs --user': [*TEXT, '--password-file', 'f'],
            'a password needs': [*TEXT, '--password-command', 'c'],
            '--user is empty': [*TEXT, '--user', ''],
            'cannot both be standard input': [*TEXT, '--user', 'u',
                                              '--password-file', '-'],
            'only one file': [*TEXT, '--attach', '-', '--html', '-'],
            '--text cannot be combined with --body': [*TEXT, '--text', 'a', '--body', 'b'],
            '--dry-run cannot be combined with --json': [*TEXT, '--dry-run', '--json'],
            'with --attach': [*ENVELOPE, '--raw', '-', '--attach', 'x'],
            "--inline 'logo.png': it must be CID=FILE":
                [*TEXT, '--inline', 'logo.png'],
            "--inline 'a@b=': the file is missing": [*TEXT, '--inline',
                                                     'a@b='],
            "--attach-type 'a/b': it must follow": [*TEXT, '--attach-type',
                                                    'a/b'],
            "--attach-name 'a': it must follow": [*TEXT, '--attach-name', 'a'],
            '--priority': [*TEXT, '--priority', 'urgent'],
            'auto or never': [*TEXT, '--chunking', 'yes'],
            '--dkim-key needs': [*TEXT, '--dkim-key', 'k'],
            '--dkim-selector needs --dkim-key': [*TEXT, '--dkim-selector', 'k'],
            'full, headers or off': [*TEXT, '--dsn-ret', 'FULL'],
            "--notify 'success,never': it must be": [*TEXT, '--notify',
                                                'success,never'],
            "--notify '': it must be": [*TEXT, '--notify', ''],
            "--notify 'delay,': it must be": [*TEXT, '--notify', 'delay,'],
            '--deliver-by': [*TEXT, '--deliver-by', 'soon'],
            '1 second is the least': [*TEXT, '--deliver-by', '0'],
            'may follow the seconds': [*TEXT, '--deliver-by', '9,now'],
            '--hold-for': [*TEXT, '--hold-for', '0'],
            'from 1 to 999999999': [*TEXT, '--hold-for', '1000000000'],
            '--mt-priority': [*TEXT, '--mt-priority', '10'],
            'from -9 to 9': [*TEXT, '--mt-priority', ' 1'],
            'may follow the date': [*TEXT, '--rrvs', '2026-12-24T18:00:00Z,no'],
            'must be a date': [*TEXT, '--rrvs', 'x' * 40],
            '--timeout': [*TEXT, '--timeout', '0'],
            '1 to 86400': [*TEXT, '--timeout', '86401'],
            'must be a number': [*TEXT, '--timeout', '5x'],
            'number of seconds': [*TEXT, '--timeout', '-1'],
        }.items():
            with self.subTest(words), Scripted() as server:
                done = self.send(server, *arguments)
                self.assert_silent(server, done, USAGE, words)
                self.assertTrue(done.err.endswith(
                    "; try 'duva send --help'\n"), done.err)
                self.assertEqual(done.err.count('\n'), 1)

    def test_servers(self):
        for text, words in {'smtps://localhost:x': 'port',
                            'http://localhost': 'scheme',
                            'localhost:0': 'port', '::1': 'brackets',
                            '': 'host is missing'}.items():
            done = run('send', '--server', text, *TEXT)
            self.assert_code(done, USAGE, words, '--help')
        done = run('send', *TEXT, env=environment(DUVA_SERVER='host:x'))
        self.assert_code(done, USAGE, '$DUVA_SERVER', 'port')

    def test_server_from_environment(self):
        with Scripted() as server, Scripted() as other:
            surroundings = environment(DUVA_SERVER=server.url)
            self.assert_code(run('send', *TEXT, env=surroundings), OK)
            self.assertEqual(len(server.messages), 1)
            done = run('send', '--server', f'localhost:{other.port}', *TEXT,
                       env=surroundings)
            self.assert_code(done, OK, f'accepted by localhost:{other.port}')
            self.assertEqual(server.connections, 1)

    def test_ipv6(self):
        if '::1' not in processes.loopback_addresses():
            self.skipTest('this machine has no ::1')
        with Scripted('::1') as server:
            self.assert_code(self.send(server), OK)
            self.assertEqual(len(server.messages), 1)

    def test_recipients(self):
        with Scripted() as server:
            done = self.send(server, '--from', 'p@example.net', 'a@b.example',
                             '--to', 'c@d.example', '--subject', 'x', '--',
                             '-oQ/tmp@e.example', '--to@f.example')
            self.assert_code(done, OK)
            self.assertEqual(
                [line for line in server.lines if line.startswith('RCPT')],
                ['RCPT TO:<c@d.example>', 'RCPT TO:<a@b.example>',
                 'RCPT TO:<-oQ/tmp@e.example>', 'RCPT TO:<--to@f.example>'])


class Injection(TestCase):
    """Nothing that an argument holds may become SMTP or a header."""

    def check(self, words, *arguments):
        with self.subTest(arguments=arguments), Scripted() as server:
            done = self.send(server, *arguments)
            self.assert_silent(server, done, USAGE, words)

    def test_addresses(self):
        for piece in CONTROLS + ['\r\nRCPT TO:<eve@example.org>', '\r\n.\r\n',
                                 '\n', '\x1b]0;x\x07']:
            for at in (0, 3, 8):
                bad = 'bob@b.example'[:at] + piece + 'bob@b.example'[at:]
                self.check('control', '--from', bad, '--to', 'a@b')
                if at == 3:
                    self.check('control', '--from', 'a@b', '--to', bad)
                    self.check('control', *TEXT, '--', bad)
            self.check('control', '--from', f'"a{piece}b"@b.example', '--to',
                       'a@b')

    def test_addresses_that_smtp_has_not(self):
        for bad in ('bob@b.example> SIZE=1', 'b>@c', '<<bob@b.example>',
                    'bob b@b.example', '@route:bob@b.example', 'bob@', '@b',
                    '<bob@b.example> SIZE=1', 'bob@b(x)c.example', '"bob@b',
                    '<@route:bob@b.example>', 'bob@b..c\xf6', 'x' * 65 + '@b.example', 'x@' + 'y' * 256, ''):
            for arguments in (['--from', 'a@b', '--to', bad],
                              ['--from', 'a@b', '--', 'c@d', bad],
                              ['--from', bad or ' ', '--to', 'a@b']):
                with self.subTest(arguments=arguments), Scripted() as server:
                    done = self.send(server, *arguments)
                    self.assert_silent(server, done, USAGE)

    def test_reason_and_address_are_named(self):
        with Scripted() as server:
            done = self.send(server, '--from', 'a@b', '--to', 'c@d', '--to',
                             'e\n@f')
            self.assert_silent(server, done, USAGE, "'e\\x0A@f'",
                               'a control character')

    def test_subject(self):
        for piece in {*CONTROLS, '\r\nBcc: eve@example.org'} - {'\t'}:
            self.check('control', *ENVELOPE, '--subject', f'a{piece}b')
        with Scripted() as server:
            done = self.send(server, *ENVELOPE, '--subject', b'caf\xe9')
            self.assert_silent(server, done, USAGE, '--subject: octets that are not UTF-8')

    def test_hello(self):
        for piece in CONTROLS + ['\r\nMAIL FROM:<>', ' ', '\xe9']:
            with self.subTest(piece), Scripted() as server:
                done = self.send(server, *TEXT, '--hello', f'a{piece}b')
                self.assert_silent(server, done, USAGE, '--hello')
        with Scripted() as server:
            self.assert_silent(server, self.send(server, *TEXT, '--hello', ''),
                               USAGE, '--hello')

    def test_server(self):
        for piece in CONTROLS + ['\r\nEHLO x', '\xe9', ' ']:
            done = run('send', '--server', f'local{piece}host:1', *TEXT)
            self.assert_code(done, USAGE, '--server')

    def test_password_in_the_server(self):
        server = 'smtp://ada:secret@127.0.0.1'
        for done in (run('send', '--server', server, *TEXT),
                     run('send', *TEXT, env=environment(DUVA_SERVER=server)),
                     run('probe', server)):
            self.assert_code(done, USAGE, 'a user is not allowed here')
            self.assertNotIn('secret', done.err)

    def test_user_and_password(self):
        """They may hold anything: base64 carries it."""
        user, secret = 'u\r\nRSET', 'p\rw\x1b\xe9'
        with Scripted(EHLO=offering('PLAIN')) as server:
            done = self.send(server, *TEXT, '--user', user, '--password-file',
                             self.file(secret.encode()))
            self.assert_code(done, OK)
            self.assertEqual(
                base64.b64decode(server.command('AUTH').split()[2]),
                f'\0{user}\0{secret}'.encode())
            self.assertNotIn('RSET', server.lines)


if __name__ == '__main__':
    unittest.main()
