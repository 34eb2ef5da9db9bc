"""test_cli_sendmail - the command as the system's sendmail.

SPDX-License-Identifier: MIT
"""
import email
import email.policy
import os
import re
import subprocess
import unittest
import unittest.mock

import processes
from command import CONFIG, DATA, LATER, NOINPUT, OK, REFUSED, USAGE
from scripted import CLOSE, EHLO, Scripted
from sendmail import SendmailCase

NOUSER = 67
HEAD = (b'From: pump@example.net\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n'
        b'Message-ID: <1@example.net>\n')
FIELDS = HEAD.replace(b'\n', b'\r\n')


def unpacked(message):
    return email.message_from_bytes(message, policy=email.policy.default)


class Options(SendmailCase):
    def test_names(self):
        for name, words in ('mailq', 'queue is empty'), ('newaliases', ''):
            program = self.folder / name
            program.symlink_to(os.environ['DUVA'])
            done = self.sendmail(name=program)
            self.assert_code(done, OK)
            self.assertIn(words, done.out)
        for arguments in (['-bp'], ['-q'], ['-q30m'], ['-bi'], ['-I']):
            self.assert_code(self.sendmail(*arguments), OK)
        self.assertIn('usage: duva sendmail', self.sendmail('--help').out)
        self.assertRegex(self.sendmail('--version').out, '^duva [0-9]')

    def test_mistakes(self):
        with Scripted() as server:
            self.configure(server)
            for arguments, words in {
                ('-bd',): "-b 'd': it must be",
                ('-bt',): 'there is no queue',
                ('-b',): '-b needs a value',
                ('-bsx',): "-b 'sx': it must be",
                ('-X', 'log', 'a@b'): '-v shows the conversation',
                ('-N', 'often', 'a@b'): "-N 'often'",
                ('-R', 'all', 'a@b'): "-R 'all'",
                ('-Z',): "unknown option '-Z'",
                ('--frob',): "unknown option '--frob'",
                (): 'there is no recipient',
                ('-t',): 'there is no recipient',
                ('a b@c.example',): "recipient 'a b@c.example'",
                ('-f', 'a b@c', 'a@b.example'): "sender 'a b@c'",
            }.items():
                done = self.sendmail(*arguments, text=b'Subject: x\n\nx\n')
                self.assert_silent(server, done, USAGE, words)

    def test_silent_options(self):
        """What programs say out of habit."""
        with Scripted() as server:
            self.configure(server)
            done = self.sendmail(
                '-B8BITMIME', '-oem', '-odb', '-om', '-oi', '-G', '-U', '-m',
                '-n', '-h', '3', '-L', 'tag', '-O', 'Timeout=1', '-Am', '-em',
                '-p', 'ESMTP', '-i', 'ada@example.org', text=b'\nx\n')
            self.assert_code(done, OK)
            self.assertEqual(done.raw, b'')
            self.assertEqual(self.recipients(server), ['ada@example.org'])

    def test_sender(self):
        with Scripted() as server:
            self.configure(server, 'maildomain example.net')
            for arguments, sender in ((['-f', 'a@b.example'], 'a@b.example'),
                                      (['-fa@b.example'], 'a@b.example'),
                                      (['-r', 'a@b.example'], 'a@b.example'),
                                      (['--from=a@b.example'], 'a@b.example'),
                                      (['-f', '<>'], ''), (['-f', ''], ''),
                                      (['-f', 'root'], 'root@example.net'),
                                      (['--read-envelope-from'],
                                       'x@y.example'),
                                      ([], 'pump@example.net')):
                server.lines.clear()
                done = self.sendmail(*arguments, '--', 'ada@example.org',
                                     USER='pump',
                                     text=b'From: X <x@y.example>\n\nx\n')
                self.assert_code(done, OK)
                self.assertEqual(self.sender(server), sender)

    def test_dsn(self):
        hello = EHLO + b'250 DSN'
        with Scripted(EHLO=hello) as server:
            self.configure(server, 'dsn_notify never', 'dsn_return headers')
            self.assert_code(self.sendmail('-N', 'success,delay', '-R', 'full',
                                           '-V', 'id1', 'ada@example.org',
                                           text=b'\nx\n'), OK)
            self.assertIn('RET=FULL ENVID=id1', server.command('MAIL'))
            self.assertIn('NOTIFY=SUCCESS,DELAY', server.command('RCPT'))
            server.lines.clear()
            self.assert_code(self.sendmail('ada@example.org', text=b'\nx\n'),
                             OK)
            self.assertIn('RET=HDRS', server.command('MAIL'))
            self.assertIn('NOTIFY=NEVER', server.command('RCPT'))
            server.lines.clear()
            self.assert_code(self.sendmail('-N', 'off', 'ada@example.org',
                                           text=b'\nx\n'), OK)
            self.assertNotIn('NOTIFY', server.command('RCPT'))
        with Scripted(EHLO=hello) as server:
            self.configure(server)
            for id in 'x\r\nRSET', 'x\x7f', '\u202e', '', 'x' * 101:
                done = self.sendmail('-V', id, 'ada@example.org', text=b'\nx\n')
                self.assert_silent(server, done, USAGE, '-V: it must be')

    def test_account(self):
        with Scripted() as server:
            self.configure(server)
            file = self.file(b'account x\nhost 127.0.0.1\nport 1\n'
                             b'account y\nhost 127.0.0.1\nport '
                             + str(server.port).encode() + b'\n', name='other')
            for arguments in (['-C', file, '-a', 'y'],
                              ['--config', file, '--account', 'y']):
                self.assert_code(self.sendmail(*arguments, 'a@b.example',
                                               text=b'\nx\n'), OK)
            done = self.sendmail('-a', 'z', 'a@b.example', text=b'\nx\n')
            self.assert_code(done, USAGE, "no account 'z'")
            self.assertEqual(len(server.messages), 2)


class Message(SendmailCase):
    def send(self, text, *arguments, settings=(), code=OK):
        with Scripted() as server:
            self.configure(server, *settings)
            done = self.sendmail(*(arguments or ['ada@example.org']),
                                 text=text)
            self.assert_code(done, code)
            self.server = server
            return server.messages[0] if server.messages else None

    def test_as_it_is(self):
        self.assertEqual(self.send(HEAD + b'Subject: x\n\nWater!\n'),
                         FIELDS + b'Subject: x\r\n\r\nWater!\r\n')
        self.assertEqual(self.send(FIELDS + b'\r\nWater!\r\n'),
                         FIELDS + b'\r\nWater!\r\n')
        self.assertEqual(self.send(HEAD), FIELDS + b'\r\n')

    def test_dots(self):
        text = HEAD + b'\na\n.\nb\n..\n.c\n'
        self.assertEqual(self.send(text), FIELDS + b'\r\na\r\n')
        for option in '-i', '-oi':
            self.assertEqual(self.send(text, option, 'ada@example.org'),
                             FIELDS + b'\r\na\r\n.\r\nb\r\n..\r\n.c\r\n')
        self.assertEqual(self.send(HEAD + b'\n..\n.c\n'),
                         FIELDS + b'\r\n..\r\n.c\r\n')
        self.assertEqual(self.send(HEAD + b'.\nTo: x@y\n'), FIELDS + b'\r\n')

    def test_missing_fields(self):
        got = unpacked(self.send(b'Subject: x\n\nWater!\n', '-F', 'P. "O" X',
                                 '-f', 'p@example.net', 'ada@example.org'))
        self.assertEqual(got['From'], '"P. \\"O\\" X" <p@example.net>')
        self.assertRegex(got['Message-ID'], r'^<[0-9a-f]{32}@example\.net>$')
        self.assertIsNotNone(got['Date'].datetime)
        self.assertEqual(got['Subject'], 'x')
        got = unpacked(self.send(b'\nx\n', '-FJörg Ä', '-f', 'p@example.net',
                                 'ada@example.org'))
        self.assertEqual(got['From'].addresses[0].display_name, 'Jörg Ä')
        got = unpacked(self.send(b'\nx\n', settings=(
            'from p@example.net', 'from_full_name The Pump')))
        self.assertEqual(got['From'], 'The Pump <p@example.net>')

    def test_missing_fields_of_an_odd_sender(self):
        """The name is kept, and no field takes another one with it."""
        for sender, shown in (('<>', b'MAILER-DAEMON'),
                              ('p@ho_st.example', b'p@ho_st.example')):
            sent = self.send(b'Subject: x\n\nx\n', '-F', 'The Pump', '-f',
                             sender, 'ada@example.org')
            self.assertIn(b'From: The Pump <' + shown + b'>\r\n', sent)
            self.assertIn(b'\r\nMessage-ID: <', b'\r\n' + sent)
            self.assertIn(b'\r\nDate: ', b'\r\n' + sent)
        with unittest.mock.patch.dict(os.environ, TZ='XXX-24'):
            sent = self.send(b'Subject: x\n\nx\n', '-f', 'p@example.net',
                             'ada@example.org')
        self.assertIn(b' +0000\r\n', sent)
        self.assertIn(b'\r\nMessage-ID: <', b'\r\n' + sent)

    def test_message_id_in_json(self):
        with Scripted() as server:
            self.configure(server)
            for text in b'Subject: x\n\nWater!\n', HEAD + b'\nWater!\n':
                done = self.sendmail('--json', 'ada@example.org', text=text)
                self.assert_code(done, OK)
                made = done.json['message_id']
                self.assertEqual(made is None, text.startswith(HEAD))
                if made is not None:
                    self.assertEqual(
                        made, unpacked(server.messages[-1])['Message-ID'])

    def test_fields_as_told(self):
        got = unpacked(self.send(b'\nx\n', settings=(
            'set_from_header off', 'set_date_header off',
            'set_msgid_header off')))
        self.assertEqual(got.keys(), [])
        got = unpacked(self.send(HEAD + b'\nx\n', settings=(
            'set_from_header on', 'from a@b.example')))
        self.assertEqual(got.get_all('From'), ['a@b.example'])

    def test_no_header(self):
        got = self.send(b'Water in the cellar\nTo: nobody\n')
        self.assertTrue(got.endswith(
            b'\r\n\r\nWater in the cellar\r\nTo: nobody\r\n'), got)
        got = self.send(HEAD + b'no field\nmore\n')
        self.assertEqual(got, FIELDS + b'\r\nno field\r\nmore\r\n')
        got = self.send(b'From mbox Mon Nov 23\n' + HEAD + b'\nx\n')
        self.assertEqual(got, FIELDS + b'\r\nx\r\n')

    def test_recipients_of_the_header(self):
        text = (HEAD + b'To: Ada <ada@example.org>,\n "B, C" <bc@example.org>\n'
                b'Cc: all: d@example.org, e@example.org;\n'
                b'BCC: secret@example.org,\n other@example.org\nTo:\n\nx\n')
        got = self.send(text, '-t', 'more@example.org', 'ada@example.org')
        self.assertEqual(self.recipients(self.server), [
            'more@example.org', 'ada@example.org', 'bc@example.org',
            'd@example.org', 'e@example.org', 'secret@example.org',
            'other@example.org'])
        self.assertNotIn(b'secret', got)
        self.assertNotIn(b'other@', got)
        self.assertIn(b'To: Ada <ada@example.org>,\r\n "B, C"', got)
        got = self.send(text)
        self.assertEqual(self.recipients(self.server), ['ada@example.org'])
        self.assertNotIn(b'secret', got)
        got = self.send(text, settings=['remove_bcc_headers off'])
        self.assertIn(b'BCC: secret@example.org,\r\n other@', got)
        got = self.send(text, '-t', settings=['undisclosed_recipients on'])
        self.assertEqual(unpacked(got).get_all('To'),
                         ['undisclosed-recipients:;'])
        self.assertNotIn(b'bc@example.org', got)
        self.assertEqual(len(self.recipients(self.server)), 6)

    def test_resent(self):
        text = (b'Resent-From: a@example.org\nResent-To: two@example.org\n'
                b'Resent-Bcc: three@example.org\n'
                b'Resent-From: b@example.org\nResent-To: old@example.org\n'
                + HEAD + b'To: first@example.org\n\nx\n')
        got = self.send(text, '-t')
        self.assertEqual(self.recipients(self.server),
                         ['two@example.org', 'three@example.org'])
        self.assertNotIn(b'three@', got)

    def test_bad_header(self):
        self.assertIsNone(self.send(b'To: "ada\n\nx\n', '-t', code=DATA))

    def test_what_smtp_cannot_carry(self):
        got = self.send(HEAD + b'\n10%\r20%\r\n')
        self.assertEqual(got, FIELDS + b'\r\n10%\r\n20%\r\n')
        for text in (b'x' * 5000, b'word ' * 1000, 'ä'.encode() * 900,
                     b'y' * 998, b'y' * 999, b' ' * 3000):
            got = self.send(HEAD + b'X-Long: ' + text + b'\n\n' + text + b'\n')
            head, body = got.split(b'\r\n\r\n', 1)
            self.assertLessEqual(max(map(len, got.split(b'\r\n'))), 998)
            got.decode()                # no character was cut
            self.assertEqual(re.sub(rb'[\r\n ]', b'', body),
                             re.sub(rb' ', b'', text))
            self.assertEqual(len(unpacked(got).keys()), 4)
        self.assertTrue(self.send(HEAD + b'\n' + b'y' * 998 + b'\n').endswith(
            b'\r\n\r\n' + b'y' * 998 + b'\r\n'))

    def test_binary(self):
        """It arrives to the octet, in one part and as all of a mail."""
        for content in (bytes(range(256)) * 9, 'Größe\r\n'.encode('utf-16'),
                        b'only\nLF\n', b'a\r\rb\r', b'x' * 5000):
            part = (b'Content-Type: image/png\n'
                    b'Content-Transfer-Encoding: binary\n\n' + content)
            got = unpacked(self.send(HEAD + b'MIME-Version: 1.0\n' + part,
                                     '-i', 'ada@example.org'))
            self.assertEqual(got.get_payload(decode=True), content)
            got = unpacked(self.send(
                HEAD + b'MIME-Version: 1.0\nContent-Type: multipart/mixed; '
                b'boundary=b\n\n--b\n\na\n--b\n' + part + b'\r\n--b--\n',
                '-i', 'ada@example.org'))
            self.assertEqual(got.get_payload(1).get_payload(decode=True),
                             content)

    def test_nul(self):
        text = 'Grüße\n'.encode('utf-16')
        label = (b'MIME-Version: 1.0\nContent-Type: text/plain; '
                 b'charset=utf-16\n')
        for head, line in ((b'', 5), (label, 7), (
                label + b'Content-Transfer-Encoding: 8bit\n', 8)):
            with Scripted() as server:
                self.configure(server)
                done = self.sendmail('ada@example.org',
                                     text=HEAD + head + b'\n' + text)
                self.assert_silent(server, done, DATA,
                                   f'line {line}: a NUL; convert it from '
                                   'UTF-16 to UTF-8, or encode it in base64')

    def test_line_of_a_refusal(self):
        """It is that of the user's message, whatever fields were added."""
        eight = '\n\ngrün\n'.encode()
        for text, line, words in (
                (b'Subject: x\nBcc: <a@b.example>,\n <b@b.example>\nReceived: '
                 b'\xfc' + eight, 4, r'Received.*write it in UTF-8, or encode '
                 r'it \(RFC 2047, RFC 2231\)$'),
                (b'From x@y Mon Nov 23 10:00:00 2026\nX: y\nReceived: from '
                 b'\xc3\xbc' + eight, 3, 'Received.*RFC 2047.*--smtputf8'),
                (b'X: y\nMIME-Version: 1.0\nContent-Type: message/partial\n\n'
                 b'a\n\xc3\xbc\n', 6, r'message/partial.*RFC 2045'),
                (b'X: y\nContent-Type: message/partial\nno field\n\xfc\n', 4,
                 'message/partial'),
                (b'X: y\nContent-Transfer-Encoding: binary\n\n\0\n', 4,
                 r'Content-Type.*to UTF-8, or encode it in base64$')):
            with Scripted(EHLO=b'250 test.example') as server:
                self.configure(server, 'undisclosed_recipients on')
                done = self.sendmail('ada@example.org', text=text)
                self.assert_code(done, DATA)
                self.assertEqual(server.messages, [])
                self.assertRegex(done.err.strip(),
                                 f"line {line} of the message .*{words}")

    def test_8bit_not_offered(self):
        text = 'Grüße\n'.encode()
        with Scripted(EHLO=b'250 test.example') as server:
            self.configure(server)
            done = self.sendmail('-t', text=HEAD + 'Subject: ü\n'.encode()
                                 + b'To: a@b.example\n\n' + text)
            self.assert_code(done, OK)
            self.assertNotIn('BODY', server.command('MAIL'))
            got = server.messages[0]
        self.assertTrue(got.isascii())
        self.assertEqual(unpacked(got).get_payload(decode=True)
                         .replace(b'\r', b''), text)

    def test_injection(self):
        got = self.send(HEAD + b'To: a@b.example\n\nx\n.\r\nMAIL FROM:<x@y>\n',
                        '-i', 'ada@example.org')
        self.assertIn(b'\r\n.\r\nMAIL FROM', got)
        self.assertEqual(len(self.recipients(self.server)), 1)
        with Scripted() as server:
            self.configure(server)
            done = self.sendmail('-t', text=b'To: a@b.example\n > x\n\nx\n')
            self.assertNotEqual(done.code, OK)
            self.assertEqual(server.connections, 0)

    def memory(self, pieces):
        """The most that it takes to send that many of 540 kB."""
        piece = b'0123456789abcdef' * 4 + b'\n'
        with Scripted(EHLO=b'250 test.example') as server:
            self.configure(server)
            process = subprocess.Popen(
                [self.program, '-i', 'ada@example.org'],
                stdin=subprocess.PIPE, env=self.surroundings())
            process.stdin.write(HEAD + b'\n')
            for _ in range(pieces):
                process.stdin.write(piece * 8192)
            process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, OK)
            self.assertEqual(len(server.messages[0]),
                             len(FIELDS) + 2 + pieces * 8192 * 66)
        return usage.ru_maxrss

    def test_big_message_in_little_memory(self):
        self.assertLess(self.memory(64) - self.memory(4), 8192)


class Names(SendmailCase):
    """Recipients without a domain."""

    def resolve(self, aliases, *names, more=()):
        file = self.file(aliases.encode(), name='aliases')
        with Scripted() as server:
            self.configure(server, f'aliases {file}', *more)
            self.done = self.sendmail(*names, text=HEAD + b'\nx\n')
            return self.recipients(server)

    def test_aliases(self):
        text = ('# those who look after it\n'
                'root: ops, Ada@example.org # and\n'
                'OPS:one@example.org,\n  two@example.org\n'
                'default: rest@example.org\n')
        self.assertEqual(self.resolve(text, 'root', 'x@y.example', 'Ops'),
                         ['one@example.org', 'two@example.org',
                          'Ada@example.org', 'x@y.example'])
        self.assertEqual(self.resolve(text, 'nobody'), ['rest@example.org'])
        self.assertEqual(self.resolve('a: a, b@c.example\n', 'a',
                                      more=['maildomain d.example']),
                         ['a@d.example', 'b@c.example'])
        self.assertEqual(self.resolve('', 'a', more=['maildomain d.example']),
                         ['a@d.example'])

    @unittest.skipIf(os.path.exists('/etc/mailname'), 'names have a domain')
    def test_no_domain(self):
        self.assertEqual(self.resolve('', 'root'), [])
        self.assert_code(self.done, NOUSER, "recipient 'root'", "'aliases'",
                         "'maildomain'")

    def test_what_is_no_address(self):
        for text, words in {'a: b\nb: a\n': 'loop',
                            'a: |/bin/sh\n': 'must be an address',
                            'a: "|/bin/sh -c x"\n': 'must be an address',
                            'a: /var/mail/a\n': 'must be an address',
                            'a: :include:/x\n': 'must be an address'}.items():
            self.assertEqual(self.resolve(text, 'a'), [])
            self.assert_code(self.done, NOUSER, words)

    def test_no_file(self):
        with Scripted() as server:
            self.configure(server, 'aliases /nonexistent')
            done = self.sendmail('a@b.example', text=b'\nx\n')
            self.assert_silent(server, done, CONFIG, 'No such file')


class Outcome(SendmailCase):
    def test_exit_codes(self):
        for answers, code in (({'RCPT': b'550 5.1.1 no'}, REFUSED),
                              ({'MAIL': b'451 4.3.0 later'}, LATER),
                              ({'END': CLOSE}, 79)):
            with Scripted(**answers) as server:
                self.configure(server)
                done = self.sendmail('ada@example.org', text=b'\nx\n')
                self.assert_code(done, code)
                self.assertTrue(done.err.startswith('duva: '), done.err)
        self.configure(server)
        self.assert_code(self.sendmail('a@b.example', text=b'\nx\n'), LATER)

    def test_verbose(self):
        with Scripted() as server:
            self.configure(server)
            done = self.sendmail('-v', 'ada@example.org', text=b'\nx\n')
            self.assert_code(done, OK, 'accepted by', 'C: MAIL FROM')

    def test_log(self):
        log = self.folder / 'log'
        with Scripted(RCPT=[b'250 ok', b'550 5.1.1 no \x1b[m']) as server:
            self.configure(server, f'logfile {log}', 'from p@example.net',
                           'logfile_time_format [%Y]')
            self.sendmail('ada@example.org', text=b'\nx\n')
            self.sendmail('bob@example.org', text=b'\nx\n')
        sent, refused = log.read_text().splitlines()
        self.assertRegex(sent, r'^\[\d{4}\] host=127\.0\.0\.1 tls=off auth=off '
                               r'from=p@example\.net '
                               r'recipients=ada@example\.org mailsize=\d+ '
                               r"smtpstatus=250 message='.*' exitcode=0$")
        self.assertIn("recipients=bob@example.org smtpstatus=550", refused)
        self.assertIn('exitcode=69', refused)
        self.assertNotIn('\x1b', refused)
        self.assertEqual(log.stat().st_mode & 0o777, 0o600)


class Talk(SendmailCase):
    """-bs: SMTP on standard input and output."""

    def talk(self, server, *lines, code=OK, **more):
        self.configure(server, *more.pop('settings', ()))
        done = self.sendmail('-bs', text=b''.join(
            line + b'\r\n' for line in lines), **more)
        self.assertEqual(done.code, code, done.err)
        return [reply.rstrip('\r') for reply in done.out.split('\n')[:-1]]

    def test_two_mails(self):
        with Scripted() as server:
            replies = self.talk(
                server, b'EHLO here', b'MAIL FROM:<a@b.example> SIZE=10 '
                b'BODY=8BITMIME', b'RCPT TO:<ada@example.org>',
                b'rcpt to: <"a>b"@example.org>', b'DATA',
                HEAD.strip().replace(b'\n', b'\r\n'), b'', b'..dot', b'.',
                b'MAIL FROM:<>', b'RCPT TO:<c@example.org>', b'DATA',
                b'Bcc: x@y.example', b'', b'two', b'.', b'NOOP', b'VRFY x',
                b'RSET', b'QUIT')
            codes = [reply[:3] for reply in replies]
            self.assertEqual(codes, ['220'] + ['250'] * 8 + ['354'] + ['250']
                             * 3 + ['354', '250', '250', '252', '250', '221'])
            self.assertEqual(server.messages[0],
                             FIELDS + b'\r\n.dot\r\n')
            self.assertTrue(server.messages[1].endswith(b'\r\n\r\ntwo\r\n'))
            self.assertNotIn(b'Bcc', server.messages[1])
            self.assertEqual(self.recipients(server),
                             ['ada@example.org', '"a>b"@example.org',
                              'c@example.org'])

    def test_mistakes(self):
        with Scripted() as server:
            replies = self.talk(
                server, b'MAIL FROM:<a@b.example>', b'HELO x', b'DATA',
                b'RCPT TO:<a@b.example>', b'MAIL FROM:a@b.example',
                b'MAIL FROM:<a b>', b'MAIL FROM:<a@b.example> FROB=1',
                b'MAIL FROM:<a@b.example>', b'MAIL FROM:<a@b.example>',
                b'DATA', b'RCPT TO:<>', b'RCPT TO:<a@b.example> NOTIFY=NEVER',
                b'FROB', b'x' * 5000, b'STARTTLS')
            self.assertEqual([reply[:3] for reply in replies],
                             ['220', '503', '250', '503', '503', '501', '553',
                              '555', '250', '503', '503', '553', '555', '502',
                              '500', '502'])
            self.assertEqual(server.connections, 0)

    def test_refused(self):
        mail = (b'EHLO x', b'MAIL FROM:<a@b.example>',
                b'RCPT TO:<ok@example.org>', b'RCPT TO:<no@example.org>',
                b'DATA', b'', b'x', b'.')
        with Scripted(RCPT=[b'250 ok', b'550 5.1.1 who?']) as server:
            replies = self.talk(server, *mail)
            self.assertTrue(replies[-1].startswith('554 5.0.0 '), replies)
            self.assertIn('who?', replies[-1])
            self.assertEqual(server.messages, [])
        with Scripted(DATA=b'451 4.3.0 later') as server:
            self.assertIn('451 4.3.0 ', self.talk(server, *mail)[-1])

    def test_uncertain(self):
        """It may come twice: that is better than not at all."""
        with Scripted(END=CLOSE) as server:
            reply = self.talk(server, b'EHLO x', b'MAIL FROM:<a@b.example>',
                              b'RCPT TO:<ok@example.org>', b'DATA', b'',
                              b'x', b'.')[-1]
            self.assertTrue(reply.startswith('451 4.3.0 '), reply)
            self.assertIn('may have been delivered', reply)

    def test_cut_off(self):
        with Scripted() as server:
            replies = self.talk(server, b'EHLO x', b'MAIL FROM:<a@b.example>',
                                b'RCPT TO:<a@b.example>', b'DATA', b'', b'half',
                                code=NOINPUT)
            self.assertTrue(replies[-1].startswith('354'))
            self.assertEqual(server.connections, 0)

    def test_password_for_each(self):
        hello = EHLO + b'250 AUTH PLAIN'
        mail = (b'MAIL FROM:<a@b.example>', b'RCPT TO:<a@b.example>', b'DATA',
                b'', b'x', b'.')
        with Scripted(EHLO=hello) as server:
            self.talk(server, b'EHLO x', *mail, *mail, settings=(
                'auth on', 'user ada', 'password secret'))
            self.assertEqual(len(server.messages), 2)
            self.assertEqual(sum('AUTH PLAIN' in line
                                 for line in server.lines), 2)


class Programs(SendmailCase):
    """Those who call sendmail."""

    def test_cron(self):
        """As Debian's cron calls it, and with what it writes."""
        with Scripted() as server:
            file = self.file(b'root: ada@example.org\n', name='aliases')
            self.configure(server, f'aliases {file}', 'from pump@example.net')
            done = self.sendmail(
                '-FCronDaemon', '-i', '-B8BITMIME', '-oem', 'root',
                text=b'From: root (Cron Daemon)\nTo: root\n'
                b'Subject: Cron <root@pump> test -x /usr/sbin/anacron\n'
                b'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n'
                b'Content-Transfer-Encoding: 8bit\n'
                b'X-Cron-Env: <HOME=/root>\nX-Cron-Env: <LOGNAME=root>\n\n'
                + 'rämdisk: 10%\r100%\n.\nlast\n'.encode())
            self.assert_code(done, OK)
            self.assertEqual(self.recipients(server), ['ada@example.org'])
            self.assertTrue(server.messages[0].endswith(
                'rämdisk: 10%\r\n100%\r\n.\r\nlast\r\n'.encode()))

    def git(self, folder, *words, **options):
        return subprocess.run(
            ['git', '-C', folder, *words], check=True, capture_output=True,
            timeout=60, env=self.surroundings(
                GIT_AUTHOR_NAME='Åda', GIT_AUTHOR_EMAIL='ada@example.org',
                GIT_COMMITTER_NAME='Ada', GIT_COMMITTER_EMAIL='ada@x.example',
                GIT_CONFIG_NOSYSTEM='1'), **options)

    def test_git_send_email(self):
        processes.find('git', 'git')
        folder = self.folder / 'project'
        folder.mkdir()
        self.git(folder, 'init', '-q')
        for n in '12':
            (folder / 'file').write_text(n + '\n.\n')
            self.git(folder, 'add', 'file')
            self.git(folder, 'commit', '-q', '-m', f'Change {n}')
        with Scripted() as server:
            self.configure(server)
            self.git(folder, 'send-email', '--quiet', '--confirm=never',
                     '--suppress-cc=all', f'--sendmail-cmd={self.program}',
                     '--envelope-sender=bounce@example.org',
                     '--from=Ada <ada@example.org>', '--to=bob@example.org',
                     '--bcc=eve@example.org', '-2')
            self.assertEqual(len(server.messages), 2)
            self.assertEqual(self.recipients(server),
                             ['bob@example.org', 'eve@example.org'] * 2)
            self.assertEqual(self.sender(server), 'bounce@example.org')
            for n, message in enumerate(server.messages, 1):
                self.assertIn(f'Change {n}'.encode(), message)
                self.assertNotIn(b'eve@', message)
                self.assertIn(b'\r\n+.\r\n' if n == 1 else b'\r\n .\r\n',
                              message)

    def test_mutt(self):
        mutt = processes.find('mutt', 'mutt')
        enclosed = self.file(bytes(range(256)) * 20, name='data.bin')
        rc = self.file(f'set sendmail="{self.program} -oem -oi"\n'
                       'set from="Ada <ada@example.org>"\nset use_from=yes\n'
                       'set use_envelope_from=yes\nset copy=no\n'
                       'set dsn_notify="failure"\n'.encode(), name='muttrc')
        with Scripted(EHLO=EHLO + b'250 DSN') as server:
            self.configure(server)
            done = subprocess.run(
                [mutt, '-F', rc, '-s', 'Grüße', '-b', 'eve@example.org',
                 '-a', enclosed, '--', 'bob@example.org'],
                input='Hallo\n.\nEnde\n'.encode(), timeout=60,
                capture_output=True, env=self.surroundings(LC_ALL='C.UTF-8'))
            self.assertEqual(done.returncode, 0, done.stderr)
            server.reached['QUIT'].wait(20)
            self.assertEqual(self.sender(server), 'ada@example.org')
            self.assertEqual(sorted(self.recipients(server)),
                             ['bob@example.org', 'eve@example.org'])
            self.assertIn('NOTIFY=FAILURE', server.command('RCPT'))
            got = unpacked(server.messages[0])
            self.assertEqual(got['Subject'], 'Grüße')
            self.assertNotIn('Bcc', got)
            parts = list(got.iter_parts())
            self.assertEqual(parts[0].get_content().splitlines(),
                             ['Hallo', '.', 'Ende'])
            self.assertEqual(parts[1].get_content(), bytes(range(256)) * 20)

    def test_php(self):
        php = processes.find('php', 'php-cli')
        script = self.file(
            b'<?php exit(mail("bob@example.org", "Hi", "a\\n.\\nb",'
            b' "From: ada@example.org\\r\\nBcc: eve@example.org") ? 0 : 1);',
            name='x.php')
        with Scripted() as server:
            self.configure(server)
            done = subprocess.run(
                [php, '-n', '-d', f'sendmail_path={self.program} -t -i',
                 script], timeout=60, capture_output=True,
                env=self.surroundings())
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(self.recipients(server),
                             ['bob@example.org', 'eve@example.org'])
            self.assertTrue(server.messages[0].endswith(
                b'\r\n\r\na\r\n.\r\nb\r\n'), server.messages[0])
            self.assertNotIn(b'eve@', server.messages[0])


if __name__ == '__main__':
    unittest.main()
