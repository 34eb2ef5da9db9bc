"""test_cli_stop - the command duva with --stop-after.

SPDX-License-Identifier: MIT
"""
import unittest

from authority import Authority
from command import (AUTH, LATER, OK, PROTOCOL, REFUSED, SECRET, TEXT, USAGE,
                     TestCase, run)
from scripted import CLOSE, EHLO, Scripted, offering
from wiretap import Wiretap

HELLO = ['--hello', 'me.example']
SAID = ['EHLO me.example', 'MAIL FROM:<pump@example.net> SIZE={}',
        'RCPT TO:<ada@example.org>', 'DATA']


def setUpModule():
    global authority, certificate
    authority = unittest.enterModuleContext(Authority())
    certificate = authority.certificate('IP:127.0.0.1')


class Stop(TestCase):
    def stop(self, server, stage, *options, code=OK, text=b'Water!\n'):
        done = run('send', '--server', f'127.0.0.1:{server.port}', *TEXT,
                   *HELLO, '--stop-after', stage, *options, text=text)
        self.assert_code(done, code)
        self.assertEqual(server.messages, [])
        return done

    def test_stages(self):
        """What is said, what is not, and that the trace tells just that."""
        for stage, said in {
                'connect': [], 'greeting': ['QUIT'],
                'ehlo': [*SAID[:1], 'QUIT'], 'tls': [*SAID[:1], 'QUIT'],
                'auth': [*SAID[:1], 'QUIT'], 'mail': [*SAID[:2], 'QUIT'],
                'rcpt': [*SAID[:3], 'QUIT'], 'data': SAID}.items():
            with self.subTest(stage), Scripted() as server:
                done = self.stop(server, stage, '--json')
                server.finish()
                size = done.json['bytes']
                said = [line.format(size) for line in said]
                self.assertEqual(server.lines, said)
                self.assertEqual(
                    [line[18:] for line in done.err.splitlines()
                     if line[15:18] == 'C: '], said)
                self.assertEqual(done.json['stopped_after'], stage)
                self.assertEqual(done.json['verdict'], 'pending')
                self.assertEqual(done.json['recipients'][0]['verdict'],
                                 'pending')
                self.assertIn(' (--stop-after); no message was sent', done.err)

    def test_what_the_server_said(self):
        with Scripted(RCPT=b'250 2.1.5 \x1b[31m fine') as server:
            done = self.stop(server, 'rcpt')
            for words in ('S: 220 test.example ready', 'S: 250-PIPELINING',
                          'S: 250 2.1.0 Ok', r'S: 250 2.1.5 \x1B[31m fine',
                          'S: 221 2.0.0 Bye'):
                self.assertIn(words, done.err)

    def test_every_recipient_is_asked_about(self):
        answers = [b'250 Ok', b'550 5.1.1 Unknown', b'451 Later']
        with Scripted(RCPT=answers) as server:
            done = self.stop(server, 'rcpt', '--json', '--to',
                             'bob@example.org', '--to', 'eve@example.org',
                             code=REFUSED)
            server.finish()
            self.assertEqual([line[:4] for line in server.lines],
                             ['EHLO', 'MAIL', 'RCPT', 'RCPT', 'RCPT', 'QUIT'])
            self.assertEqual([one['verdict']
                              for one in done.json['recipients']],
                             ['pending', 'refused', 'retry'])
            self.assertIn('bob@example.org rejected: 550', done.err)

    def test_refused_on_the_way(self):
        for answers, code in (({'MAIL': b'550 No'}, REFUSED),
                              ({'CONNECT': b'421 Later'}, LATER),
                              ({'RCPT': b'550 No'}, REFUSED),
                              ({'DATA': b'451 Later'}, LATER),
                              ({'EHLO': CLOSE}, LATER)):
            with self.subTest(answers), Scripted(**answers) as server:
                done = self.stop(server, 'data', '--json', code=code)
                self.assertIsNone(done.json['stopped_after'])

    def test_refused_just_there(self):
        """At each stage, in each way: it is no success of that stage, and is
        one of the stage before."""
        offer = EHLO + b'250 STARTTLS'
        tls = ['--tls', 'required']
        login = ['--user', 'ada', '--password-file',
                 self.file(SECRET.encode())]
        plain = offering('PLAIN')
        for stage, before, options, answers, code, words in (
                ('greeting', 'connect', [], {'CONNECT': b'554 No'}, REFUSED,
                 'at greeting'),
                ('greeting', 'connect', [], {'CONNECT': b'421 Later'}, LATER,
                 'at greeting'),
                ('greeting', 'connect', [], {'CONNECT': CLOSE}, LATER,
                 'at greeting'),
                ('greeting', 'connect', [], {'CONNECT': b'SSH-2.0'}, PROTOCOL,
                 'at greeting'),
                ('ehlo', 'greeting', [], {'EHLO': b'550 No'}, REFUSED,
                 'at EHLO'),
                ('ehlo', 'greeting', [], {'EHLO': b'421 Later'}, LATER,
                 'at EHLO'),
                ('ehlo', 'greeting', [], {'EHLO': b'500 No'}, REFUSED,
                 'at EHLO'),
                ('ehlo', 'greeting', [], {'EHLO': CLOSE}, LATER, 'at EHLO'),
                ('tls', 'ehlo', tls, {}, LATER, 'STARTTLS is required but not advertised'),
                ('tls', 'ehlo', tls, {'EHLO': offer, 'STARTTLS': b'454 No'},
                 LATER, 'at STARTTLS'),
                ('tls', 'ehlo', tls, {'EHLO': offer, 'STARTTLS': CLOSE}, LATER,
                 'at STARTTLS'),
                ('tls', 'ehlo', tls, {'EHLO': offer, 'STARTTLS': b'220 Go'},
                 LATER, 'is not TLS'),
                ('auth', 'tls', login, {}, AUTH, 'no authentication mechanism in common'),
                ('auth', 'tls', login, {'EHLO': plain, 'AUTH': b'535 No'},
                 AUTH, 'authentication rejected'),
                ('auth', 'tls', login, {'EHLO': plain, 'AUTH': b'454 Later'},
                 LATER, 'authentication deferred'),
                ('auth', 'tls', login, {'EHLO': plain, 'AUTH': CLOSE}, LATER,
                 'at AUTH'),
                ('mail', 'auth', [], {'MAIL': b'550 No'}, REFUSED,
                 'at MAIL FROM'),
                ('mail', 'auth', [], {'MAIL': b'451 Later'}, LATER,
                 'at MAIL FROM'),
                ('mail', 'auth', [], {'MAIL': CLOSE}, LATER, 'at MAIL FROM'),
                ('mail', 'auth', [], {'EHLO': EHLO + b'250 SIZE 3'}, REFUSED,
                 'is larger than'),
                ('rcpt', 'mail', [], {'RCPT': b'550 No'}, REFUSED,
                 'rejected ada@example.org: 550'),
                ('rcpt', 'mail', [], {'RCPT': b'450 Later'}, LATER,
                 'deferred ada@example.org: 450'),
                ('rcpt', 'mail', [], {'RCPT': CLOSE}, LATER, 'at RCPT TO'),
                ('data', 'rcpt', [], {'DATA': b'554 No'}, REFUSED, 'at DATA'),
                ('data', 'rcpt', [], {'DATA': b'451 Later'}, LATER, 'at DATA'),
                ('data', 'rcpt', [], {'DATA': b'250 Ok'}, PROTOCOL, 'at DATA'),
                ('data', 'rcpt', [], {'DATA': CLOSE}, LATER, 'at DATA')):
            with self.subTest(stage, answers=answers), \
                    Scripted(**answers) as server:
                done = self.stop(server, stage, '--json', *options, code=code)
                self.assertIn(words, done.err)
                self.assertIsNone(done.json['stopped_after'])
                done = self.stop(server, before, '--json', *options)
                self.assertEqual(done.json['stopped_after'], before)
                self.assertIsNone(done.json['err'])
                self.assertNotIn(words, done.err)

    def test_message_never_goes(self):
        """Whatever it looks like."""
        for text in (b'QUIT\r\n', b'RSET\n', b'.\n', b''):
            raw = self.file(b'A: b\n\n' + text + b'Water!\n' * 10000)
            with Scripted() as server:
                done = run('send', '--server', server.url, '--from',
                           'a@example.org', '--to', 'b@example.org', '--raw',
                           raw, '--stop-after', 'data')
                self.assert_code(done, OK, 'closed the connection')
                server.finish()
                self.assertTrue(server.heard.endswith(b'DATA\r\n'))
                self.assertNotIn('octets of message', done.err)

    def test_server_that_says_no_goodbye(self):
        with Scripted(QUIT=CLOSE) as server:
            self.stop(server, 'mail')

    def test_login(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            done = self.stop(server, 'auth', '--user', 'ada',
                             '--password-file', self.file(SECRET.encode()))
            server.finish()
            self.assertEqual([line[:4] for line in server.lines],
                             ['EHLO', 'AUTH', 'QUIT'])
            self.assertIn('235 2.7.0 Welcome', done.err)
            self.assertIn('C: AUTH PLAIN ***', done.err)
        with Scripted(EHLO=offering('PLAIN'), AUTH=b'535 No') as server:
            self.stop(server, 'auth', '--user', 'ada', '--password-file',
                      self.file(SECRET.encode()), code=AUTH)

    def test_words_for_what_was_not_there(self):
        with Scripted() as server:
            done = self.stop(server, 'tls')
            self.assertIn('there is no TLS', done.err)
            done = self.stop(server, 'auth')
            self.assertIn('without --user', done.err)

    def test_starttls(self):
        hello, quit = b'EHLO me.example\r\n', b'QUIT\r\n'
        for stage, clear, secret in (
                ('connect', b'', b''), ('greeting', quit, b''),
                ('ehlo', hello + quit, b''),
                ('tls', hello + b'STARTTLS\r\n', hello + quit),
                ('mail', hello + b'STARTTLS\r\n',
                 hello + b'MAIL FROM:<pump@example.net>\r\n' + quit)):
            with self.subTest(stage), Wiretap(certificate) as server:
                self.stop(server, stage, '--ca', str(authority.file))
                server.finish()
                self.assertEqual((bytes(server.clear), bytes(server.secret)),
                                 (clear, secret))

    def test_starttls_that_is_not_there(self):
        """What the server answers to EHLO w--stop-after for, and is shown."""
        required = '--tls', 'required'
        with Scripted() as server:
            done = self.stop(server, 'ehlo', *required)
            server.finish()
            self.assertEqual(server.lines, ['EHLO me.example', 'QUIT'])
            self.assertIn('S: 250-PIPELINING', done.err)
            for stage in 'tls', 'auth', 'mail':
                done = self.stop(server, stage, *required, code=LATER)
                self.assertIn('STARTTLS', done.err)

    def test_tls_from_the_start(self):
        for stage, secret in (('greeting', b'QUIT\r\n'),
                              ('ehlo', b'EHLO me.example\r\nQUIT\r\n')):
            with self.subTest(stage), \
                    Wiretap(certificate, implicit=True) as server:
                self.stop(server, stage, '--tls', 'implicit', '--ca',
                          str(authority.file))
                server.finish()
                self.assertEqual(bytes(server.secret), secret)

    def test_probe(self):
        for stage, said in (('connect', []), ('greeting', ['QUIT']),
                            ('ehlo', ['EHLO me.example', 'QUIT'])):
            with self.subTest(stage), Scripted() as server:
                done = run('probe', '--stop-after', stage, *HELLO, server.url)
                self.assert_code(done, OK)
                server.finish()
                self.assertEqual(server.lines, said)
                self.assertIn('--stop-after', done.out)
                self.assertNotIn('A mail could', done.out)

    def test_usage(self):
        for arguments in (['send', *TEXT, '--stop-after', 'soon'],
                          ['send', *TEXT, '--stop-after'],
                          ['probe', '--stop-after', 'auth'],
                          ['probe', '--stop-after', 'never'],
                          ['send', '--merge', '/dev/null', *TEXT,
                           '--stop-after', 'mail']):
            self.assert_code(run(*arguments), USAGE, '--stop-after')


if __name__ == '__main__':
    unittest.main()
