"""test_cli_verdict - the command duva: the verdict, as text and exit code.

SPDX-License-Identifier: MIT
"""
import socket
import unittest

from command import (CONFIG, DATA, ENVELOPE, LATER, NOHOST, NOINPUT, OK,
                     PROTOCOL, REFUSED, TEXT, UNCERTAIN, USAGE, TestCase, run)
from scripted import CLOSE, Scripted


class Verdict(TestCase):
    def check(self, code, *words, arguments=TEXT, **answers):
        """Sends to such a server; returns the JSON object, and the server."""
        with Scripted(**answers) as server:
            done = self.send(server, *arguments, '--json')
            self.assert_code(done, code, *words)
            result = done.json
            self.assertEqual(result['exit'], code)
            self.assertIn(f'duva: {result["summary"]}\n', done.err)
            server.finish()
            return result, server

    def test_accepted(self):
        result, server = self.check(OK, 'accepted by 127.0.0.1:',
                                    '250 2.0.0 Ok: queued as 1')
        self.assertEqual(set(result), {
            'verdict', 'exit', 'summary', 'message_id', 'recipients',
            'reply', 'tls', 'certificate_names', 'auth', 'err', 'reason', 'stage',
            'advice', 'stopped_after', 'hop', 'bytes', 'milliseconds'})
        self.assertIsNone(result['advice'])
        self.assertEqual(result['verdict'], 'accepted')
        self.assertEqual(result['recipients'], [
            {'address': 'ada@example.org', 'verdict': 'accepted', 'code': 250,
             'enhanced': result['recipients'][0]['enhanced'],
             'text': result['recipients'][0]['text']}])
        self.assertEqual(result['reply'], {
            'code': 250, 'enhanced': '2.0.0', 'text': 'Ok: queued as 1'})
        self.assertIsNone(result['err'])
        self.assertIsNone(result['reason'])
        self.assertEqual(result['bytes'], len(server.messages[0]))
        self.assertTrue(0 <= result['milliseconds'] < 20000)
        self.assertEqual(server.lines[-1], 'QUIT')

    def test_quiet(self):
        with Scripted() as server:
            done = self.send(server, *TEXT, '--quiet')
            self.assert_code(done, OK)
            self.assertEqual(done.raw, b'')
        with Scripted(MAIL=b'550 No') as server:
            self.assert_code(self.send(server, *TEXT, '--quiet'), REFUSED,
                             '550 No')

    def test_some_recipients(self):
        result, server = self.check(
            REFUSED, 'for 1 of 3 recipients: 250 2.0.0 Ok',
            'duva: b@example.org rejected: 550 5.1.1 Nobody',
            'duva: c@example.org deferred: 450 4.2.0 Busy',
            arguments=['--from', 'p@example.net', 'a@example.org',
                       'b@example.org', 'c@example.org'],
            RCPT=[b'250 2.1.5 Ok', b'550 5.1.1 Nobody', b'450 4.2.0 Busy'])
        self.assertEqual(len(server.messages), 1)
        self.assertEqual(result['verdict'], 'accepted')
        self.assertEqual([r['verdict'] for r in result['recipients']],
                         ['accepted', 'refused', 'retry'])
        self.assertEqual(result['recipients'][1]['text'], 'Nobody')
        self.assertEqual(result['recipients'][2]['enhanced'], '4.2.0')
        self.assertEqual(result['recipients'][2]['code'], 450)

    def test_put_off_recipient(self):
        result, _ = self.check(
            LATER, 'for 1 of 2 recipients', 'b@example.org deferred: 451 Later',
            arguments=['--from', 'p@example.net', 'a@example.org',
                       'b@example.org'],
            RCPT=[b'250 Ok', b'451 Later'])
        self.assertIsNone(result['recipients'][1]['enhanced'])

    def test_no_recipient(self):
        result, server = self.check(
            REFUSED, 'rejected ada@example.org: 550 5.1.1 Nobody; ',
            'do not send it again',
            RCPT=b'550 5.1.1 Nobody', DATA=b'503 5.5.1 No recipients')
        self.assertEqual(server.messages, [])
        self.assertEqual(result['verdict'], 'refused')

    def test_all_or_nothing(self):
        result, server = self.check(
            REFUSED, 'did not accept every recipient', 'b@example.org rejected: 550',
            'a@example.org not sent: another recipient was rejected',
            arguments=['--from', 'p@example.net', '--all-or-nothing',
                       'a@example.org', 'b@example.org'],
            RCPT=[b'250 Ok', b'550 Nobody'])
        self.assertEqual(server.messages, [])
        self.assertNotIn('DATA', server.lines)
        self.assertEqual([r['verdict'] for r in result['recipients']],
                         ['retry', 'refused'])

    def test_too_many_recipients(self):
        """Those that are too many for one transaction go in the next."""
        everybody = ['a@example.org', 'b@example.org', 'c@example.org']
        result, server = self.check(
            OK, arguments=['--from', 'p@example.net', *everybody],
            RCPT=[b'250 Ok', b'250 Ok', b'452 4.5.3 Too many', b'250 Ok'])
        self.assertEqual(len(server.messages), 2)
        self.assertEqual(server.messages[0], server.messages[1])
        self.assertEqual({r['verdict'] for r in result['recipients']},
                         {'accepted'})

    def test_refused(self):
        for verb, words in {'CONNECT': 'at greeting', 'MAIL': 'MAIL FROM',
                            'DATA': 'at DATA',
                            'END': 'at end of data'}.items():
            for code, exit_code in ((b'554', REFUSED), (b'451', LATER)):
                with self.subTest(verb=verb, code=code):
                    result, _ = self.check(
                        exit_code, words, f'{code.decode()} Because',
                        **{verb: code + b' Because'})
                    self.assertEqual(result['reply']['code'], int(code))
                    self.assertEqual(result['err'], 'rejected')

    def test_lost(self):
        for verb in 'CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA':
            with self.subTest(verb):
                result, _ = self.check(LATER, 'closed by the server',
                                       'send it again later', **{verb: CLOSE})
                self.assertEqual(result['verdict'], 'retry')
                self.assertEqual(result['err'], 'closed')
                self.assertIsNone(result['reply'])

    def test_uncertain(self):
        result, _ = self.check(UNCERTAIN, 'uncertain', 'before you send',
                               END=CLOSE)
        self.assertEqual(result['verdict'], 'uncertain')
        self.assertEqual(result['recipients'][0]['verdict'], 'uncertain')
        self.assertEqual(result['stage'], 'end')

    def test_lost_after_the_answer(self):
        self.check(OK, 'accepted', QUIT=CLOSE)

    def test_not_smtp(self):
        result, _ = self.check(PROTOCOL, "it sent 'SSH-2.0-OpenSSH_9.2'",
                               'that is an SSH server',
                               CONNECT=b'SSH-2.0-OpenSSH_9.2')
        self.assertEqual(result['err'], 'protocol')
        self.assertEqual(result['reason'], 'reply-syntax')

    def test_too_big(self):
        result, server = self.check(REFUSED, 'larger than',
                                    EHLO=b'250-x\r\n250 SIZE 100')
        self.assertEqual(result['reason'], 'too-big')
        self.assertNotIn('DATA', server.lines)

    def test_nobody_listens(self):
        with socket.socket() as unused:
            unused.bind(('127.0.0.1', 0))
            server = f'127.0.0.1:{unused.getsockname()[1]}'
            done = run('send', '--server', server, *TEXT, '--json')
        self.assert_code(done, LATER, f'no connection to {server}: '
                                      'Connection refused')
        self.assertEqual(done.json['err'], 'connect')
        self.assertEqual(done.json['stage'], 'connect')

    def test_no_such_host(self):
        """What the resolver says decides; not every machine has one."""
        name = 'nobody.invalid'
        try:
            socket.getaddrinfo(name, 25, type=socket.SOCK_STREAM)
            self.fail(f'{name} has an address')
        except socket.gaierror as error:
            code = LATER if error.errno == socket.EAI_AGAIN else NOHOST
        done = run('send', '--server', name, *TEXT, '--json')
        self.assert_code(done, code, f'no address for {name}:25')
        self.assertEqual(done.json['err'], 'resolve')

    def test_words_of_the_server(self):
        """Neither terminal nor JSON reader is at their mercy."""
        for words in (b'\x1b[2J\x1b]0;x\x07', b'\xff\xfe\x9b31m\xc0\x80',
                      b'caf\xc3\xa9 \xe2\x80\xae drawkcab \xe2\x82',
                      b'"\\"\x7f\x01\t', b'\xed\xa0\x80\xf4\x90\x80\x80'):
            with self.subTest(words):
                answers = dict(RCPT=b'550-' + words + b'\r\n550 ' + words,
                               DATA=b'503 x')
                result, _ = self.check(REFUSED, 'rejected ada@example.org: 550 ',
                                       arguments=[*TEXT, '--trace'], **answers)
                self.assertIsInstance(result['recipients'][0]['text'], str)
                self.check(REFUSED, MAIL=b'550 ' + words)
        result, _ = self.check(REFUSED, MAIL=b'550 caf\xc3\xa9')
        self.assertEqual(result['reply']['text'], 'caf\xe9')

    def test_json_of_what_was_never_sent(self):
        cases = {
            USAGE: [[*ENVELOPE, 'b"\\\xe9\x01@x'],
                    [*ENVELOPE, '--subject', 'a\nb'],
                    ['--from', b'\xff@x', '--to', 'a@b']],
            DATA: [[*ENVELOPE, '--raw', self.file(b'a\rb')]],
            NOINPUT: [[*ENVELOPE, '--raw', str(self.folder / 'none')]],
            CONFIG: [[*TEXT, '--user', 'u', '--password-command', 'exit 1']],
        }
        for code, many in cases.items():
            for arguments in many:
                with self.subTest(arguments=arguments):
                    done = run('send', *arguments, '--json')
                    self.assert_code(done, code)
                    result = done.json
                    self.assertEqual(result['verdict'], 'refused')
                    self.assertEqual(result['exit'], code)
                    self.assertIsNone(result['reply'])
                    self.assertIsNotNone(result['err'])
        done = run('send', '--json', '--frobnicate')
        self.assert_code(done, USAGE)
        self.assertEqual(done.out, '')


if __name__ == '__main__':
    unittest.main()
