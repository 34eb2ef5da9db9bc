"""test_cli_recipients - the command duva: the result of each recipient.

SPDX-License-Identifier: MIT
"""
import csv
import email
import email.policy
import os
import select
import socket
import time
import unittest

from command import (LATER, OK, PROTOCOL, REFUSED, TEXT, UNCERTAIN, USAGE,
                     TestCase, end, run, start)
from listener import Listener
from scripted import CLOSE, SILENCE, Scripted

LHLO = b'250-test.example\r\n250-PIPELINING\r\n250 8BITMIME'
SEND = ['--from', 'p@example.net', '--hello', 'client.example', '--text', 'x']
ADA, BOB, EVE = 'ada@example.org', 'bob@example.org', 'eve@example.org'


def parsed(message):
    return email.message_from_bytes(message, policy=email.policy.default)


def replies(*each):
    """To the end of data, over LMTP: one for each recipient."""
    return b'\r\n'.join(each)


class Lost(Scripted):
    """Hangs up behind its answer to the end of data."""

    def _answer(self, connection, verb):
        answer = super()._answer(connection, verb)
        return None if verb == 'END' else answer


class Writes(Listener):
    """Notes what arrives before it answers."""

    def __init__(self):
        super().__init__()
        self.writes = []

    def _serve(self, connection):
        answers = {b'EHLO': b'250-x\r\n250 PIPELINING\r\n',
                   b'DATA': b'354 Go on\r\n', b'QUIT': b'221 Bye\r\n'}
        with connection:
            connection.sendall(b'220 x\r\n')
            in_message = False
            while written := connection.recv(65536):
                time.sleep(0.02)    # for what is written behind it
                try:
                    written += connection.recv(65536, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    pass
                self.writes.append(written)
                said = b''
                for line in written.splitlines():
                    if in_message:
                        in_message = line != b'.'
                        said += b'' if in_message else b'250 Ok\r\n'
                        continue
                    in_message = line == b'DATA'
                    said += answers.get(line[:4], b'250 Ok\r\n')
                connection.sendall(said)


class Recipients(TestCase):
    def check(self, code, *words, to=(ADA, BOB), lmtp=True, options=(),
              **answers):
        with Scripted(LHLO=LHLO, **answers) as server:
            scheme = 'lmtp' if lmtp else 'smtp'
            done = run('send', '--server',
                       f'{scheme}://127.0.0.1:{server.port}', *SEND, *options,
                       '--json', *to)
            self.assert_code(done, code, *words)
            server.finish()
            return done, server

    def check_lines(self, done, *lines):
        """What is said below the summary, and nothing else."""
        self.assertEqual(done.err.splitlines()[1:],
                         [f'duva: {line}' for line in lines])

    def verdicts(self, done):
        return [r['verdict'] for r in done.json['recipients']]


class Lmtp(Recipients):
    def test_all(self):
        done, _ = self.check(OK, 'accepted by 127.0.0.1:',
                             END=replies(b'250 ada', b'250 bob'))
        self.check_lines(done)

    def test_some(self):
        done, _ = self.check(
            REFUSED, f' for 1 of 3 recipients: 250 2.1.5 saved; {BOB} '
            f'rejected: 552 5.2.2 mailbox is full; {EVE} deferred: 451 later; '
            'if you send it again, leave out those who have it',
            to=(ADA, BOB, EVE), END=replies(
                b'250 2.1.5 saved', b'552 5.2.2 mailbox is full',
                b'451 later'))
        self.check_lines(done, f'{ADA} accepted: 250 2.1.5 saved',
                         f'{BOB} rejected: 552 5.2.2 mailbox is full',
                         f'{EVE} deferred: 451 later')
        self.assertEqual(self.verdicts(done), ['accepted', 'refused', 'retry'])
        self.assertEqual(done.json['verdict'], 'accepted')
        self.assertEqual(done.json['stage'], 'end')
        self.assertEqual(done.json['advice'],
                         'if you send it again, leave out those who have it')

    def test_nobody(self):
        done, _ = self.check(
            REFUSED, f'accepted none of the recipients: {ADA} rejected: 552 '
            f'full; {BOB} deferred: 451 later', END=replies(b'552 full',
                                                            b'451 later'))
        self.check_lines(done, f'{ADA} rejected: 552 full',
                         f'{BOB} deferred: 451 later')
        self.assertNotIn('accepted by', done.err)

    def test_one(self):
        done, _ = self.check(REFUSED, f'rejected {ADA}: 552 5.2.2 full; do '
                             'not send', to=(ADA,), END=b'552 5.2.2 full')
        self.check_lines(done)

    def test_lost_between_the_replies(self):
        """Whoever was accepted by then has the mail."""
        with Lost(LHLO=LHLO, END=b'250 ada') as server:
            done = run('send', '--server', f'lmtp://127.0.0.1:{server.port}',
                       *SEND, '--json', ADA, BOB)
        self.assert_code(done, UNCERTAIN, f'for 1 of 2 recipients: 250 ada; '
                         f'{BOB} uncertain: connection closed by the server; '
                         'check whether it was delivered')
        self.assertEqual(self.verdicts(done), ['accepted', 'uncertain'])

    def test_421_between_the_replies(self):
        done, _ = self.check(
            LATER, f'for 1 of 2 recipients: 250 ada; {BOB} deferred: 421 4.3.2 '
            'going down; if you send it again',
            END=replies(b'250 ada', b'421 4.3.2 going down'))
        self.assertEqual(self.verdicts(done), ['accepted', 'retry'])

    def test_all_or_nothing(self):
        """It is not promised, and nobody is asked."""
        for options, names in ((['--to', ADA, '--bcc', BOB], f'{ADA}, {BOB}'),
                               (['--to', f'{ADA}, {EVE}'], f'{ADA}, {EVE}')):
            with Scripted(LHLO=LHLO) as server:
                done = run('send', '--server',
                           f'lmtp://127.0.0.1:{server.port}', *SEND,
                           '--all-or-nothing', *options)
                self.assert_silent(
                    server, done, USAGE, 'leave --all-or-nothing out',
                    f'send a mail to each recipient: {names}')
        self.check(OK, to=(ADA,), options=['--all-or-nothing'],
                   END=b'250 ada')

    def test_dry_run(self):
        done = run('send', '--server', 'lmtp://127.0.0.1:9', *SEND,
                   '--all-or-nothing', '--dry-run', ADA, BOB)
        self.assert_code(done, USAGE, 'leave --all-or-nothing out')


class Sessions(Recipients):
    def test_421_among_the_recipients(self):
        done, _ = self.check(
            REFUSED, 'closed the session at RCPT TO: 421 4.7.0 too many '
            f'errors; {BOB} rejected: 550 5.1.1 who; {EVE} deferred: 421 4.7.0 '
            'too many errors; send it again later',
            to=(ADA, BOB, EVE, 'x@y.example'),
            lmtp=False, RCPT=[b'250 Ok', b'550 5.1.1 who',
                              *[b'421 4.7.0 too many errors'] * 2])
        self.check_lines(done, f'{ADA} not sent: the server closed the '
                         f'session', f'{BOB} rejected: 550 5.1.1 who',
                         f'{EVE} deferred: 421 4.7.0 too many errors',
                         'x@y.example not sent: the server closed the session')
        self.assertEqual(done.json['stage'], 'rcpt')

    def test_lost_among_the_recipients(self):
        done, _ = self.check(REFUSED, 'connection closed by the server',
                             f'; {ADA} rejected: 550 who; send it again later',
                             lmtp=False, RCPT=[b'550 who', CLOSE])
        self.check_lines(done, f'{ADA} rejected: 550 who', f'{BOB} not sent: '
                         'connection closed by the server')

    def test_all_or_nothing(self):
        for reply, word, code in ((b'550 No', 'rejected', REFUSED),
                                  (b'450 No', 'deferred', LATER)):
            done, server = self.check(
                code, 'did not accept every recipient (--all-or-nothing): '
                f'{BOB} {word}: {reply.decode()};', lmtp=False,
                options=['--all-or-nothing'], RCPT=[b'250 Ok', reply])
            self.check_lines(
                done, f'{ADA} not sent: another recipient was {word} '
                '(--all-or-nothing)', f'{BOB} {word}: {reply.decode()}')
            self.assertEqual(server.messages, [])

    def test_two_codes(self):
        """The last line says why, at whatever stage."""
        line = b'521 5.7.1 blocked by list.example'
        for verb, stage, words in (
                ('CONNECT', 'greeting', 'at greeting'),
                ('EHLO', 'ehlo', 'at EHLO'), ('MAIL', 'mail', 'at MAIL FROM'),
                ('RCPT', 'rcpt', 'at RCPT TO'), ('DATA', 'data', 'at DATA')):
            done, _ = self.check(
                PROTOCOL, f'{words}: two codes in one reply (it sent '
                f"'{line.decode()}')", to=(ADA,), lmtp=False,
                **{verb: b'250-mx.example\r\n' + line})
            self.assertEqual(done.json['stage'], stage)
        self.check(UNCERTAIN, f"(it sent '{line.decode()}')", to=(ADA,),
                   lmtp=False, END=b'250-mx.example\r\n' + line)

    def test_half_a_line(self):
        class Cut(Scripted):
            def _answer(self, connection, verb):
                if verb == 'MAIL':
                    connection.sendall(b'554 5.7.1 go aw')
                    return None
                return super()._answer(connection, verb)

        with Cut() as server:
            done = self.send(server, *TEXT)
        self.assert_code(done, LATER, "at MAIL FROM) (it sent '554 5.7.1 go "
                                      "aw')")

    def test_stage_of_what_was_not_begun(self):
        done, _ = self.check(REFUSED, 'larger than', to=(ADA,), lmtp=False,
                             EHLO=b'250-x\r\n250 SIZE 10')
        self.assertEqual(done.json['stage'], 'idle')

    def test_8bit_is_converted(self):
        """A server without 8BITMIME is no reason not to send."""
        message = self.file('Subject: x\r\nMIME-Version: 1.0\r\n'
                            'Content-Type: text/plain; charset=utf-8\r\n'
                            'Content-Transfer-Encoding: 8bit\r\n\r\npièce\r\n'
                            .encode())
        for options in (['--raw', message], ['--text', 'pièce']):
            with Scripted(EHLO=b'250-x\r\n250 PIPELINING') as server:
                done = run('send', '--server', server.url, '--from',
                           'p@example.net', *options, ADA)
                self.assert_code(done, OK)
                self.assertNotIn('BODY', server.command('MAIL'))
                self.assertTrue(server.messages[0].isascii())


class Quit(Recipients):
    def test_result_before_quit(self):
        """The result is told when it is known; QUIT has a second."""
        for options in (['--json'], ['--timeout', '30', '--json']):
            with Scripted(QUIT=SILENCE) as server:
                begun = time.monotonic()
                process = start('send', '--server', server.url, *TEXT,
                                *options)
                process.stdin.write(b'x\n')
                process.stdin.close()
                process.stdin = None
                self.assertTrue(server.reached['END'].wait(20))
                answered = time.monotonic()
                ready, _, _ = select.select([process.stderr], [], [], 20)
                self.assertTrue(ready)
                told = time.monotonic() - answered
                done = end(process, None)
                took = time.monotonic() - begun
            self.assert_code(done, OK, 'accepted by')
            self.assertEqual(done.json['verdict'], 'accepted')
            self.assertLess(told, 0.7)
            self.assertGreater(took, 0.9)
            self.assertLess(took, 8)

    def test_wait_of_an_account(self):
        """How long its replies are waited for is not said of QUIT."""
        with Scripted(QUIT=SILENCE) as server:
            config = self.file(
                b'account default\nhost 127.0.0.1\nport %d\ntls off\n'
                b'timeout 60\nfrom p@example.net\n' % server.port)
            for arguments in (['send', '--config', config, '--text', 'x', ADA],
                              ['sendmail', '-C', config, ADA]):
                begun = time.monotonic()
                self.assert_code(run(*arguments, text=b'\nx\n'), OK)
                self.assertLess(time.monotonic() - begun, 20)


class Sendmail(Recipients):
    def sendmail(self, server, *arguments, text):
        config = self.file(
            b'account default\nhost 127.0.0.1\nport %d\nprotocol lmtp\n'
            b'tls off\nfrom p@example.net\n' % server.port)
        return run('sendmail', '-C', config, *arguments, text=text)

    def test_some(self):
        with Scripted(LHLO=LHLO, END=replies(b'250 ada', b'552 full')) as s:
            done = self.sendmail(s, ADA, BOB, text=b'Subject: x\n\nx\n')
        self.assert_code(done, REFUSED, ' for 1 of 2 recipients: 250 ada',
                         f'duva: {ADA} accepted: 250 ada',
                         f'duva: {BOB} rejected: 552 full')

    def test_talk(self):
        """One reply for all cannot be kept over LMTP: each takes a mail."""
        mail = 'MAIL FROM:<p@example.net>\r\n{}DATA\r\n\r\nx\r\n.\r\n'
        to = 'RCPT TO:<{}>\r\n'
        text = ('EHLO x\r\n' + mail.format(to.format(ADA) + to.format(BOB))
                + mail.format(to.format(ADA)) + 'QUIT\r\n').encode()
        with Scripted(LHLO=LHLO, END=b'250 ada') as server:
            done = self.sendmail(server, '-bs', text=text)
            self.assertEqual(server.connections, 1)
        both, one = [line for line in done.out.splitlines()
                     if line.startswith(('250 2.0.0 ac', '554'))]
        self.assertIn('send a mail to each recipient', both)
        self.assertIn(f'{ADA}, {BOB}', both)
        self.assertIn('250 ada', one)


class Merge(Recipients):
    def setUp(self):
        super().setUp()
        self.rows = self.file(b'a,b,c\n%s\n' % ','.join(
            [ADA, BOB, EVE]).encode(), name='rows.csv')

    def merge(self, server, *options, lmtp=True):
        scheme = 'lmtp' if lmtp else 'smtp'
        return run('send', '--server', f'{scheme}://127.0.0.1:{server.port}',
                   '--merge', self.rows, *SEND, '--to', '{{a}}', '--to',
                   '{{b}}', '--to', '{{c}}', *options)

    def results(self):
        with open(self.rows + '.results.csv', newline='') as file:
            return list(csv.DictReader(file))

    def asked(self, server):
        return [line[9:-1] for line in server.lines
                if line.startswith('RCPT')]

    def test_only_who_is_due(self):
        end = [replies(b'250 ada', b'552 full', b'451 4.2.0 later'),
               b'250 eve']
        with Scripted(LHLO=LHLO, END=end) as server:
            done = self.merge(server)
            self.assert_code(
                done, LATER, f'row 1 to {ADA} {BOB} {EVE} accepted for 1 of 3 '
                f'recipients; {BOB} rejected: 552 full; {EVE} deferred: 451 '
                '4.2.0 later', '1 deferred;')
            row, = self.results()
            self.assertEqual((row['verdict'], row['code'], row['text']),
                             ('retry', '451', 'later'))
            self.assertEqual(row['not_to'],
                             f'{BOB} refused 552 {EVE} retry 451')
            self.assertEqual(self.asked(server), [ADA, BOB, EVE])
            server.lines.clear()
            done = self.merge(server)
            self.assert_code(done, REFUSED, f'accepted for 2 of 3 recipients; '
                             f'{BOB} rejected: 552')
            self.assertEqual(self.asked(server), [EVE])
            row, = self.results()
            self.assertEqual((row['verdict'], row['not_to']),
                             ('accepted', f'{BOB} refused 552'))
            self.assert_code(self.merge(server), OK, 'all rows were decided')
            self.assertEqual(self.asked(server), [EVE])
            first, second = server.messages
            self.assertEqual(first.split(b'Date')[0],
                             second.split(b'Date')[0])

    def test_over_smtp(self):
        """The same where RCPT defers one of them."""
        with Scripted(RCPT=[b'250 Ok', b'450 later', b'250 Ok',
                            b'250 Ok']) as server:
            self.assert_code(self.merge(server, lmtp=False), LATER)
            server.lines.clear()
            self.assert_code(self.merge(server, lmtp=False), OK, '1 accepted')
            self.assertEqual(self.asked(server), [BOB])

    def test_who_is_rejected_then(self):
        """Nobody else has it taken away."""
        end = [replies(b'250 ada', b'250 bob', b'451 later'), b'554 spam']
        with Scripted(LHLO=LHLO, END=end) as server:
            self.assert_code(self.merge(server), LATER)
            self.assert_code(self.merge(server), REFUSED,
                             f'for 2 of 3 recipients; {EVE} rejected: 554')
        row, = self.results()
        self.assertEqual(row['verdict'], 'accepted')
        self.assertEqual(row['not_to'], f'{EVE} refused 554')

    def test_again_in_a_run(self):
        """421 after the first reply: the others are sent it at once."""
        end = [replies(b'250 ada', b'421 going down'),
               replies(b'250 bob', b'250 eve')]
        with Scripted(LHLO=LHLO, END=end) as server:
            self.assert_code(self.merge(server), OK, '1 accepted')
            self.assertEqual(self.asked(server), [ADA, BOB, EVE, BOB, EVE])
        self.assertIn(f'part 1 accepted 250 {ADA}\nback 1\n'.encode(),
                      (self.folder / 'rows.csv.journal').read_bytes())

    def test_uncertain(self):
        """It is sent again to those of whom it is not known."""
        with Lost(LHLO=LHLO, END=b'250 ada') as server:
            done = self.merge(server)
            self.assert_code(done, UNCERTAIN, f'{BOB} uncertain: ')
            done = self.merge(server)
            self.assert_code(done, UNCERTAIN, 'accepted for 1 of 3')
        row, = self.results()
        self.assertEqual(row['verdict'], 'uncertain')
        with Scripted(LHLO=LHLO,
                      END=replies(b'250 bob', b'250 eve')) as server:
            os.rename(self.rows + '.results.csv', self.rows + '.old')
            done = self.merge(server, '--resend-uncertain')
            self.assert_code(done, OK, '1 accepted')
            self.assertEqual(self.asked(server), [BOB, EVE])

    def test_servers_that_differ(self):
        """Behind one name; only the first offers this."""
        for offer, length in ((b'8BITMIME', 1), (b'8BITMIME', 15000),
                              (b'CHUNKING', 1), (b'CHUNKING', 15000)):
            common = b'250 8BITMIME' if offer == b'CHUNKING' else b'250 x'
            offers = [b'250-x\r\n250-' + offer + b'\r\n' + common,
                      *[b'250-x\r\n' + common] * 3]
            text = '\n'.join(['pièce'] * length)
            with Scripted(EHLO=offers) as server:
                done = self.merge(
                    server, '--text', text, '--journal',
                    str(self.folder / f'{offer}{length}'), lmtp=False)
                self.assert_code(done, OK)
                is_8bit = 'BODY=8BITMIME' in server.command('MAIL')
                octets = server.messages[0]
            self.assertEqual(is_8bit, offer == b'CHUNKING')
            self.assertEqual(octets.isascii(), not is_8bit)
            content = parsed(octets).get_content().replace('\r', '')
            self.assertEqual(content.strip(), text)

    def test_all_or_nothing(self):
        with Scripted(LHLO=LHLO) as server:
            self.assert_silent(server, self.merge(server, '--all-or-nothing'),
                               USAGE, '--all-or-nothing', 'leave it out')


class Pipelining(Recipients):
    """What is on the wire before the server has answered."""

    def writes(self, *options):
        """What was written at once, as the verbs in it."""
        rows = self.file(b'a\n' + b''.join(
            b'r%d@example.org\n' % i for i in range(6)), name='rows.csv')
        for end in '.journal', '.results.csv':
            (self.folder / ('rows.csv' + end)).unlink(missing_ok=True)
        with Writes() as server:
            self.assert_code(
                run('send', '--server', f'127.0.0.1:{server.port}', *SEND,
                    '--merge', rows, '--to', '{{a}}', '--connections', '1',
                    *options), OK, '6 accepted')
            return [[line[:4].decode() for line in one.splitlines()
                     if line[:4] in (b'MAIL', b'RCPT', b'DATA', b'.')]
                    for one in server.writes]

    def test_auto(self):
        for options in [], ['--pipelining', 'auto']:
            writes = self.writes(*options)
            self.assertIn(['MAIL', 'RCPT', 'DATA'], writes)
            self.assertIn(['.', 'MAIL', 'RCPT', 'DATA'], writes)

    def test_mail(self):
        writes = self.writes('--pipelining', 'mail')
        self.assertEqual(writes.count(['MAIL', 'RCPT', 'DATA']), 6)
        self.assertEqual(writes.count(['.']), 6)

    def test_never(self):
        writes = self.writes('--pipelining', 'never')
        self.assertEqual([verbs for verbs in writes if verbs],
                         [['MAIL'], ['RCPT'], ['DATA'], ['.']] * 6)

    def test_one_mail(self):
        """The option goes before what the account says."""
        for said, option, together in (
                (None, None, True), ('never', None, False),
                ('mail', None, True), ('never', 'auto', True),
                ('auto', 'never', False)):
            with Writes() as server:
                config = self.file(
                    b'account default\nhost 127.0.0.1\nport %d\ntls off\n'
                    b'from p@example.net\n%s' % (
                        server.port, b'pipelining %s\n' % said.encode()
                        if said else b''))
                options = ['--pipelining', option] if option else []
                self.assert_code(run('send', '--config', config, *options,
                                     '--text', 'x', ADA), OK)
                if option is None:
                    self.assert_code(run('sendmail', '-C', config, ADA,
                                         text=b'\nx\n'), OK)
            mails = [one for one in server.writes if one.startswith(b'MAIL')]
            for one in mails:
                self.assertEqual(b'DATA' in one, together, (said, option))
            self.assertEqual(len(mails), 1 if option else 2)

    def test_mistakes(self):
        for options, words in (
                (['--pipelining', 'off'], 'it must be auto, mail or never'),
                (['--pipelining', 'mail', '--window', '2', '--merge', 'x'],
                 '--window needs --pipelining auto')):
            self.assert_code(run('send', *TEXT, *options), USAGE, words)


if __name__ == '__main__':
    unittest.main()
