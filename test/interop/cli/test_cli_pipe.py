"""test_cli_pipe - input from other programs, and hostile text.

SPDX-License-Identifier: MIT
"""
import os
import subprocess
import unittest

from command import (DATA, ENVELOPE, NOINPUT, OK, TEXT, USAGE, end,
                     run, start)
from scripted import EHLO, Scripted, offering
from sendmail import SendmailCase

NOUSER, IOERR = 67, 74
FROM = b'From root Mon Nov 14 23:42 UTC 2016\n'
BIG = b'Subject: x\n\n' + b'Water!\n' * 300000


class Recipients(SendmailCase):
    """One grammar, RFC 5322, wherever addresses come from."""

    FORMS = {
        'a@b.example,c@d.example': ['a@b.example', 'c@d.example'],
        'a@b.example, "D, E" <c@d.example>': ['a@b.example', 'c@d.example'],
        '<a@b.example>': ['a@b.example'],
        'Ada <a@b.example>': ['a@b.example'],
        'a@b.example,\tc@d.example\t': ['a@b.example', 'c@d.example'],
        'a(x (y\\)))@(z)b.example (end)': ['a@b.example'],
        'Ada <a @ b . example>': ['a@b.example'],
        '<@r.example,@s.example:a@b.example>, c@d.example':
            ['a@b.example', 'c@d.example'],
        'team: a@b.example, C <c@d.example>;, e@f.example':
            ['a@b.example', 'c@d.example', 'e@f.example'],
        'undisclosed-recipients:;, a@b.example': ['a@b.example'],
        '"a@b"@c.example': ['"a@b"@c.example'],
        'a@b.example, a@b.example': ['a@b.example'],
        'info@bücher.example': ['info@xn--bcher-kva.example'],
        'B <info@bücher.example>, a@b.example':
            ['info@xn--bcher-kva.example', 'a@b.example'],
    }
    BAD = {
        'dev@@b.example': 'dev@@b.example',
        'a b@c.example': 'a b@c.example',
        '"a@b"': 'it has no domain',
        '"ada': 'a quote that is not closed',
        'Ada <a@b.example': "a '<' without its '>'",
        'a@b.example; c@d.example': "a ';' without a group",
    }

    def ways(self, form):
        """The same as an argument, in a field, and in the aliases."""
        yield [form], b'Subject: x\n\nx\n', ''
        yield ['-t'], f'To: {form}\nSubject: x\n\nx\n'.encode(), ''
        yield ['all'], b'Subject: x\n\nx\n', f'all: {form}\n'

    def test_forms(self):
        for form, expected in self.FORMS.items():
            for arguments, text, aliases in self.ways(form):
                with self.subTest(form, by=arguments), Scripted() as server:
                    file = self.file(aliases.encode(), name='aliases')
                    self.configure(server, f'aliases {file}')
                    self.assert_code(self.sendmail(*arguments, text=text), OK)
                    self.assertEqual(self.recipients(server), expected)

    def test_bad_ones(self):
        """Named, and no end of the program, whoever else is there."""
        for form, words in self.BAD.items():
            for both in form, f'ok@b.example, {form}', f'{form}, ok@b.example':
                for arguments, text, aliases in self.ways(both):
                    with self.subTest(both, by=arguments), \
                            Scripted() as server:
                        file = self.file(aliases.encode(), name='aliases')
                        self.configure(server, f'aliases {file}')
                        done = self.sendmail(*arguments, text=text)
                        self.assertIn(done.code, (USAGE, DATA, NOUSER))
                        self.assert_silent(server, done, done.code)
                        if form == both:
                            self.assertIn(words, done.err)

    def test_folding(self):
        for text in ('To: a@b.example,\n\tc@d.example\n',
                     'To:\ta@b.example, c@d.example\n',
                     'To: a@b.example\nCc:\n\t"Bob"\n\t<c@d.example>\n',
                     'To :a@b.example,\r\n\t c@d.example\r\n'):
            with Scripted() as server:
                self.configure(server)
                done = self.sendmail('-t', text=text.encode() + b'\nx\n')
                self.assert_code(done, OK)
                self.assertEqual(self.recipients(server),
                                 ['a@b.example', 'c@d.example'])

    def test_smtputf8(self):
        with Scripted(EHLO=EHLO + b'250 SMTPUTF8') as server:
            self.configure(server)
            for arguments, text in ((['jörg@b.example'], b'\nx\n'),
                                    (['-t'], 'To: jörg@b.example\n\nx\n'
                                     .encode())):
                server.lines.clear()
                self.assert_code(self.sendmail(*arguments, text=text), OK)
                self.assertIn('jörg@b.example'.encode(), server.heard)
                self.assertIn(' SMTPUTF8', server.command('MAIL'))
        with Scripted() as server:
            self.configure(server)
            done = self.sendmail('jörg@b.example', text=b'\nx\n')
            self.assertNotEqual(done.code, OK)
            self.assertEqual(server.messages, [])

    def test_domains_of_the_header(self):
        """A header without SMTPUTF8 is ASCII, as its envelope is."""
        same = '"@bücher" (@bücher)'.encode()
        for given, written in {
            'info@bücher.example': b'info@xn--bcher-kva.example',
            'B <a@bücher.example>,c@d.example,\n e@ö.example':
                b'B <a@xn--bcher-kva.example>,c@d.example,\r\n'
                b' e@xn--nda.example',
            'B <"a,@b"@bücher.example> (c)':
                b'B <"a,@b"@xn--bcher-kva.example> (c)',
        }.items():
            for name in 'To', 'From', 'Reply-To':
                text = f'{name}: {given}\nSubject: x\n\nx\n'
                with self.subTest(text), Scripted() as server:
                    self.configure(server)
                    done = self.sendmail('a@b.example', text=text.encode())
                    self.assert_code(done, OK)
                    self.assertIn(name.encode() + b': ' + written + b'\r\n',
                                  server.messages[0])
                    self.assertNotIn('SMTPUTF8', server.command('MAIL'))
        with Scripted(EHLO=EHLO + b'250 SMTPUTF8') as server:
            self.configure(server)
            text = ('To: "@bücher" (@bücher) <jörg@bücher.example>, '
                    'a@bücher.example\n\nx\n')
            self.assert_code(self.sendmail('a@b.example', text=text.encode()),
                             OK)
            self.assertIn(' SMTPUTF8', server.command('MAIL'))
            self.assertIn(same + ' <jörg@bücher.example>, '
                          'a@xn--bcher-kva.example\r\n'.encode(),
                          server.messages[0])

    def test_domains_in_a_long_line(self):
        many = ','.join(f'{n}@bücher.example' for n in range(45))
        self.assertLess(len(many.encode()), 990)
        with Scripted() as server:
            self.configure(server)
            done = self.sendmail('-t', text=f'To: {many}\n\nx\n'.encode())
            self.assert_code(done, OK)
            head = server.messages[0].split(b'\r\n\r\n')[0]
            self.assertLess(max(map(len, head.split(b'\r\n'))), 200)
            self.assertEqual(
                head.replace(b'\r\n ', b'').split(b'To: ')[1],
                many.replace('bücher', 'xn--bcher-kva').encode())

    def test_header_that_cannot_be_encoded(self):
        for text, words in (
                ('To: jörg@b.example\n\nx\n',
                 'a server that advertises SMTPUTF8'),
                ('DKIM-Signature: v=1\nTo: a@bücher.example\n\nx\n',
                 'line 2 of the message (To)')):
            with self.subTest(text), Scripted() as server:
                self.configure(server)
                done = self.sendmail('a@b.example', text=text.encode())
                self.assert_code(done, DATA, words)
                self.assertEqual(server.messages, [])

    def test_sender(self):
        with Scripted() as server:
            self.configure(server)
            for option in ('<a@b.example>', 'Ada <a@b.example>',
                           'a(x)@b.example'):
                server.lines.clear()
                done = self.sendmail('-f', option, 'c@d.example',
                                     text=b'\nx\n')
                self.assert_code(done, OK)
                self.assertEqual(self.sender(server), 'a@b.example')
        with Scripted() as server:
            self.configure(server)
            for option in 'a@b.example, c@d.example', 'g:;', '"a@b"':
                done = self.sendmail('-f', option, 'c@d.example',
                                     text=b'\nx\n')
                self.assert_silent(server, done, USAGE, f"'{option}'")

    def test_name(self):
        with Scripted() as server:
            self.configure(server)
            for name in 'a\nBcc: eve@b.example', 'a\rb', 'a\x1bb':
                done = self.sendmail('-F', name, 'c@d.example', text=b'\nx\n')
                self.assert_silent(server, done, USAGE, "-F 'a")

    def test_quoted_without_a_domain(self):
        """And of "duva send"; a name alone is another thing."""
        with Scripted() as server:
            self.assert_silent(server, self.send(
                server, '--from', 'a@b.example', '--bcc', '"c@d"'), USAGE,
                "'\"c@d\"': it has no domain")


class Header(SendmailCase):
    """What stands before and in a header."""

    def take(self, text, *arguments, settings=(), code=OK):
        with Scripted() as server:
            self.configure(server, *settings)
            self.done = self.sendmail(*(arguments or ['-t']), text=text)
            self.assert_code(self.done, code)
            self.server = server
            return server.messages[0] if server.messages else None

    def assert_field(self, message):
        head = message.split(b'\r\n\r\n', 1)[0] + b'\r\n'
        self.assertIn(b'\r\nSubject: Cron\r\n', head)
        self.assertNotIn(b'From root', message)
        self.assertNotIn(b'\xef\xbb\xbf', message)
        self.assertEqual(self.recipients(self.server), ['a@b.example'])

    def test_before_it(self):
        fields = b'To: a@b.example\nSubject: Cron\n\nhi\n'
        for before in (FROM, b'>' + FROM, FROM + b'>' + FROM, b'From me\n',
                       b'\xef\xbb\xbf', b'\xef\xbb\xbf' + FROM):
            self.assert_field(self.take(before + fields))

    def test_text_that_begins_so(self):
        for text in (b'From now on\nit leaks\n',
                     b'From now on\n\nit leaks\n', b'From now on\n'):
            got = self.take(text, 'a@b.example')
            self.assertTrue(got.endswith(
                b'\r\n\r\n' + text.replace(b'\n', b'\r\n')), got)

    def test_converted_twice(self):
        got = self.take(b'To: a@b.example\r\r\nSubject: Cron\r\r\n\r\r\n'
                        b'body\r\r\n')
        self.assert_field(got)
        self.assertTrue(got.endswith(b'\r\n\r\nbody\r\n'))

    def test_utf16(self):
        text = 'To: a@b.example\n\nx\n'.encode('utf-16')
        self.assertIsNone(self.take(text, code=DATA))
        self.assertIn('UTF-16', self.done.err)

    def test_lone_cr(self):
        """It is no line end: neither of a field nor of the header."""
        for text in (b'Subject: Cron\rBcc: eve@b.example\nTo: a@b.example\n\n',
                     b'Subject: Cron\r\rBcc: eve@b.example\nTo: a@b.example'
                     b'\n\n',
                     b'To: a@b.example\nSubject: Cron\r\r\r\n\n'
                     b'Bcc: eve@b.example\n',
                     b'To: a@b.example\nSubject: Cron\r\rCc: eve@b.example\n'):
            got = self.take(text)
            self.assertEqual(self.recipients(self.server), ['a@b.example'])
            self.assertNotIn(b'\r\nBcc:', got.split(b'\r\n\r\n')[0])
        got = self.take(b'To: a@b.example\n\n10%\r.\n20%\n')
        self.assertTrue(got.endswith(b'\r\n\r\n10%\r\n.\r\n20%\r\n'))

    def test_undisclosed(self):
        fields = b''.join(name + b': eve@b.example\n' for name in (
            b'To', b'Cc', b'Bcc', b'Resent-To', b'RESENT-CC', b'Resent-Bcc',
            b'Apparently-To', b'Delivered-To', b'X-Original-To',
            b'Mail-Followup-To'))
        got = self.take(fields + b'Subject: x\n\nx\n', 'a@b.example',
                        settings=['undisclosed_recipients on'])
        self.assertNotIn(b'eve@', got)
        self.assertIn(b'\r\nTo: undisclosed-recipients:;\r\n', got)
        self.assertIn(b'\r\nSubject: x\r\n', got)

    def seconds(self, *arguments, text):
        """Of the processor, for that alone."""
        process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=self.surroundings())
        process.stdin.write(text)
        process.stdin.close()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        return usage.ru_utime + usage.ru_stime

    def test_time_in_proportion(self):
        """Each of them took minutes when it was not."""
        many = b',\n '.join(b'u%d@x.example' % i for i in range(40000))
        with Scripted(MAIL=b'550 5.7.1 no') as server:
            self.configure(server)
            for text in (b'To: a@b.example\nX: a\n' + b' a\n' * 1000000,
                         b'To: a@b.example,' + b'\n\t' * 1000000
                         + b'c@d.example\n',
                         b'To: a@b.example ' + b'(' * 500000 + b')' * 500000
                         + b'\n',
                         b'To: a@b.example\n' + b'A: b\n' * 400000,
                         b'Resent-To: a@b.example\n' * 160000,
                         b'To: ' + many + b'\n'):
                self.assertLess(self.seconds(self.program, '-t',
                                             text=text + b'\nx\n'), 3)
            for option in '--subject', '--to':
                word = 'é' * 50000
                self.assertLess(self.seconds(
                    os.environ['DUVA'], 'send', '--from', 'a@b.example',
                    '--text', 'x', option, f'{word} <a@b.example>', '--to',
                    'c@d.example', text=b''), 2)


class Smuggling(SendmailCase):
    """-bs: the text of a mail is never a command (RFC 5321 2.3.8)."""

    ENDS = [b'\r\n', b'\n', b'\r', b'\r\r\n', b'\n\r', b'\0', b' ', b'']

    def talk(self, server, text, code=OK):
        self.configure(server)
        done = self.sendmail('-bs', text=text)
        self.assertEqual(done.code, code, done.err)
        return [reply[:3] for reply in done.out.split('\r\n')[:-1]]

    def session(self, end, body, label=()):
        lines = (b'EHLO x', b'MAIL FROM:<a@b.example>',
                 b'RCPT TO:<c@d.example>', b'DATA', b'Subject: x', *label, b'',
                 body, b'.', b'QUIT', b'')
        return end.join(lines)

    def test_end_of_data(self):
        """By CRLF, or by LF alone where the session began so; by no mix."""
        self.check_end_of_data(lambda body: b'\0' not in body)

    def test_end_of_binary_data(self):
        self.check_end_of_data(lambda body: True, (
            b'Content-Type: image/png', b'Content-Transfer-Encoding: binary'))

    def check_end_of_data(self, is_taken, label=()):
        for end in b'\r\n', b'\n':
            evil = end.join((b'MAIL FROM:<ceo@b.example>',
                             b'RCPT TO:<eve@b.example>', b'DATA', b'', b'pay'))
            for before in self.ENDS:
                for after in self.ENDS:
                    if end == b'\r\n' and before in (end, b'\r\r\n') \
                            and after == end:
                        continue        # these are the end
                    if end == b'\n' and before == end \
                            and after in (b'\n', b'\n\r'):
                        continue
                    with self.subTest(end=end, before=before, after=after), \
                            Scripted() as server:
                        body = b'hello' + before + b'.' + after + evil
                        taken = is_taken(body)
                        replies = self.talk(server, self.session(end, body,
                                                                 label))
                        self.assertEqual(replies[-2:],
                                         ['250' if taken else '554', '221'])
                        self.assertEqual(len(server.messages), taken)
                        self.assertEqual(self.recipients(server),
                                         ['c@d.example'] * taken)

    def test_dots_are_kept(self):
        with Scripted() as server:
            self.talk(server, self.session(b'\r\n', b'..a\r\nb\n..c\n.\nd'))
            self.assertTrue(server.messages[0].endswith(
                b'\r\n\r\n.a\r\nb\r\n..c\r\n.\r\nd\r\n'), server.messages[0])

    def test_session_by_lf(self):
        with Scripted() as server:
            self.assertEqual(self.talk(server, self.session(b'\n', b'..a')),
                             ['220'] + ['250'] * 5 + ['250', '250', '354',
                                                      '250', '221'])
            self.assertTrue(server.messages[0].endswith(b'\r\n\r\n.a\r\n'))

    def test_odd_commands(self):
        """They are refused as a whole, and no other one with them."""
        for odd in b'\0', b'\n', b'\r', b'\x1b', b'>\nRCPT TO:<eve@b.example':
            with self.subTest(odd), Scripted() as server:
                codes = self.talk(
                    server, b'EHLO x\r\nMAIL FROM:<a@b.example>\r\n'
                    b'RCPT TO:<c@d.example>\r\nRCPT TO:<e' + odd
                    + b'@x.example>\r\nDATA\r\nRSET\r\n'
                    b'MAIL FROM:<ceo@b.example>\r\n.\r\nQUIT\r\n')
                self.assertEqual(codes[-4:], ['500', '354', '250', '221'])
                self.assertEqual(len(server.messages), 1)
                self.assertEqual(self.recipients(server), ['c@d.example'])

    def test_header_that_is_refused(self):
        """What is left of the message is no command, either."""
        with Scripted() as server:
            codes = self.talk(server, self.session(
                b'\r\n', b'x').replace(b'\r\n\r\n', b'\r\n' + b' y\r\n'
                                       * 1500000 + b'NOOP\r\n\r\n'))
            self.assertEqual(codes[-3:], ['354', '554', '221'])
            self.assertEqual(server.connections, 0)

    def test_route(self):
        with Scripted() as server:
            self.talk(server, self.session(b'\r\n', b'x').replace(
                b'<c@', b'<@r.example,@s.example:c@'))
            self.assertEqual(self.recipients(server), ['c@d.example'])


class Sources(SendmailCase):
    """Nothing is sent when the message is not what was meant."""

    def test_unreadable(self):
        folder = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        with Scripted() as server:
            self.configure(server)
            for arguments in (['send', '--server', server.url, *TEXT],
                              ['send', '--server', server.url, *ENVELOPE,
                               '--raw', '-'], ['sendmail', 'a@b.example']):
                done = end(start(*arguments, stdin=folder,
                                 env=self.surroundings()), None)
                self.assert_silent(server, done, NOINPUT,
                                   'standard input: Is a directory')
                done = end(start(*arguments, stdin=None,
                                 preexec_fn=lambda: os.close(0),
                                 env=self.surroundings()), None)
                self.assert_silent(server, done, NOINPUT, 'standard input: ')

    def test_copy(self):
        """In TMPDIR, which is named when it fails."""
        with Scripted() as server:
            self.configure(server)
            for arguments in (['send', '--server', server.url, *TEXT],
                              ['send', '--server', server.url, *ENVELOPE,
                               '--raw', '-'], ['sendmail', 'a@b.example']):
                done = run(*arguments, text=BIG, env=self.surroundings(
                    TMPDIR='/nonexistent'))
                self.assert_silent(server, done, IOERR, 'duva: the copy of '
                                   'standard input in /nonexistent: No such')
            done = run(*arguments, text=BIG, env=self.surroundings(
                TMPDIR=str(self.folder)))
            self.assert_code(done, OK)
            self.assertEqual(len(server.messages), 1)

    def test_commands_read_nothing(self):
        """They have the secret to tell, and no business with the message."""
        settings = 'auth on', 'user ada'
        for command in ('passwordeval cat; echo x',
                        'eval cat >&2; echo password x'):
            with Scripted(EHLO=offering('PLAIN')) as server:
                self.configure(server, *settings, command)
                for arguments in ['-i', 'a@b.example'], ['-bs']:
                    text = b'Subject: x\n\nWater!\n'
                    if arguments == ['-bs']:
                        text = (b'EHLO x\r\n' + (
                            b'MAIL FROM:<a@b.example>\r\n'
                            b'RCPT TO:<a@b.example>\r\nDATA\r\n\r\nWater!\r\n'
                            b'.\r\n') * 2 + b'QUIT\r\n')
                    self.assert_code(self.sendmail(*arguments, text=text), OK)
                self.assertEqual(len(server.messages), 3)
                for message in server.messages:
                    self.assertTrue(message.endswith(b'\r\n\r\nWater!\r\n'))


class Told(SendmailCase):
    """A server cannot put its words in the place of ours."""

    def test_log(self):
        log = self.folder / 'log'
        with Scripted(MAIL=b"550 5.1.1 no' exitcode=0 message='ok") as server:
            self.configure(server, f'logfile {log}')
            self.sendmail('ada@example.org', text=b'\nx\n')
            self.sendmail('"x exitcode=0"@b.example, ada@example.org',
                          text=b'\nx\n')
        one, two = log.read_text().splitlines()
        self.assertRegex(one, r" message='[^']*\\x27 exitcode=0 [^']*' "
                              r'exitcode=69$')
        self.assertIn(' recipients="x\\x20exitcode=0"@b.example,ada@', two)

    def test_csv(self):
        rows = self.file(b'email\n=cmd|x@example.org\n@x\n', name='rows.csv')
        results = self.folder / 'results'
        with Scripted(END=b'250 =HYPERLINK("x")') as server:
            for _ in range(2):          # a second run goes on from the first
                run('send', '--server', server.url, '--merge', rows,
                    '--from', 'a@b.example', '--to', '{{email}}', '--subject',
                    'x', '--text', 'x', '--results', str(results))
            self.assertEqual(len(server.messages), 1)
        lines = sorted(results.read_text().splitlines())
        self.assertRegex(lines[0], r"^1,'=cmd\|x@example\.org,accepted,250,,"
                                   r'"\'=HYPERLINK\(""x""\)",')
        self.assertEqual(len(lines), 3)


if __name__ == '__main__':
    unittest.main()
