"""test_cli_send - the command duva: the effect of each option of send.

SPDX-License-Identifier: MIT
"""
import email
import email.policy
import pathlib
import unittest

from command import (CONFIG, DATA, ENVELOPE, NOINPUT, OK, REFUSED, USAGE,
                     TestCase, run)
from scripted import EHLO, Scripted

EXTRAS = (EHLO + b'250-8BITMIME\r\n250-DSN\r\n250-DELIVERBY\r\n250-RRVS\r\n'
          b'250-FUTURERELEASE 604800 9999-12-31T23:59:59Z\r\n'
          b'250-MT-PRIORITY\r\n250-NO-SOLICITING\r\n250-AUTH PLAIN\r\n'
          b'250 SMTPUTF8')
PNG = b'\x89PNG\r\n\x1a\n' + bytes(range(256)) * 9


def parse(message):
    return email.message_from_bytes(message, policy=email.policy.default)


class Send(TestCase):
    def mail(self, *arguments, ehlo=EXTRAS, text=b'Water!\n', words=()):
        """What arrives, and what was said before it."""
        with Scripted(EHLO=ehlo) as server:
            done = self.send(server, *arguments, text=text)
            self.assert_code(done, OK, *words)
            return parse(server.messages[0]), server.lines

    def dry(self, *arguments, text=b'Water!\n'):
        done = run('send', *arguments, '--dry-run', text=text)
        self.assert_code(done, OK)
        self.assertEqual(done.err, '')
        return parse(done.out.encode())

    def wrong(self, code, words, *arguments):
        with self.subTest(words), Scripted() as server:
            done = self.send(server, *arguments)
            self.assert_silent(server, done, code, words)


class Who(Send):
    def test_recipients(self):
        roll = self.file(b'\xef\xbb\xbf# friends\r\n\r\n'
                         b'  "Lovelace, Ada" <ada@r.example>\r\nf@r.example')
        message, lines = self.mail(
            '--from', 'Pump 3 <pump@example.net>', '--to',
            'Bob <b@x.example>, "c, d"@x.example', '--to', 'all: e@x.example;',
            '--cc', 'Grüße <g@x.example>', '--bcc', 'h@x.example, root',
            '--recipients', roll, 'i@x.example')
        self.assertEqual(
            [line[9:-1] for line in lines if line.startswith('RCPT')],
            ['b@x.example', '"c, d"@x.example', 'e@x.example', 'i@x.example',
             'g@x.example', 'h@x.example', 'root', 'ada@r.example',
             'f@r.example'])
        self.assertEqual([a.addr_spec for a in message['To'].addresses],
                         ['b@x.example', '"c, d"@x.example', 'e@x.example',
                          'i@x.example'])
        self.assertEqual(message['To'].groups[2].display_name, 'all')
        self.assertEqual(message['Cc'].addresses[0].display_name, 'Grüße')
        self.assertEqual(message['From'].addresses[0].display_name, 'Pump 3')
        self.assertNotIn('Bcc', message)
        for hidden in 'h@x.example', 'root', 'r.example':
            self.assertNotIn(hidden, message.as_string())

    def test_bcc_alone(self):
        message, lines = self.mail('--from', 'a@b', '--bcc', 'c@d')
        self.assertEqual(message['To'], None)
        self.assertIn('RCPT TO:<c@d>', lines)

    def test_recipients_file_mistakes(self):
        for text, code, words in (
                (b'a@b\n\nno good@c\n', DATA,
                 "line 3: 'no good@c': a character"),
                (b'"a@b', DATA, 'line 1: \'"a@b\': a quote'),
                (b'a@b\n\xe9@c\n', DATA, 'line 2'),
                (b'a\0b', DATA, 'a NUL octet')):
            self.wrong(code, words, '--from', 'a@b', '--recipients',
                       self.file(text))
        self.wrong(NOINPUT, 'No such file', '--from', 'a@b', '--recipients',
                   str(self.folder / 'none'))
        self.wrong(USAGE, '--to is missing', '--from', 'a@b')

    def test_others(self):
        message, lines = self.mail(
            *ENVELOPE, '--reply-to', 'Desk <desk@x.example>, b@x.example',
            '--sender', 'Sec <sec@x.example>')
        self.assertEqual(len(message['Reply-To'].addresses), 2)
        self.assertEqual(message['Sender'].address.addr_spec, 'sec@x.example')
        self.assertTrue(lines[1].startswith('MAIL FROM:<sec@x.example>'))
        _, lines = self.mail(*ENVELOPE, '--envelope-from', 'b@x.example')
        self.assertTrue(lines[1].startswith('MAIL FROM:<b@x.example>'))
        message, lines = self.mail(*ENVELOPE, '--envelope-from', '')
        self.assertTrue(lines[1].startswith('MAIL FROM:<> '))
        self.assertEqual(message['From'].addresses[0].addr_spec,
                         'pump@example.net')

    def test_no_address(self):
        for option in ('--from', '--to', '--cc', '--bcc', '--reply-to',
                       '--sender', '--envelope-from'):
            self.wrong(USAGE, f"{option} 'x y@z'", *ENVELOPE, option, 'x y@z')
        for option in '--from', '--sender', '--reply-to', '--envelope-from':
            self.wrong(USAGE, f"{option} 'root': it has no domain; write it as "
                       'name@host', *ENVELOPE, option, 'root')
        for option in '--to', '--cc':
            for name in 'Postmaster', 'rööt':
                self.wrong(USAGE, 'or use --bcc', *ENVELOPE, option,
                           name)

    def test_postmaster_alone(self):
        """RFC 5321 4.5.1: it needs no domain; a header's address does."""
        message, lines = self.mail('--from', 'a@b.example', '--bcc',
                                   'Postmaster')
        self.assertIn('RCPT TO:<Postmaster>', lines)
        self.assertIsNone(message['To'])
        raw = self.file(b'From: a@b.example\r\n\r\nx\r\n')
        _, lines = self.mail('--from', 'a@b.example', '--to', 'postmaster',
                             '--raw', raw)
        self.assertIn('RCPT TO:<postmaster>', lines)

    def test_international(self):
        """A-labels where they will do; SMTPUTF8 where they will not."""
        arguments = ['--from', 'a@b', '--to', 'bo@bücher.example']
        message, lines = self.mail(*arguments)
        self.assertIn('RCPT TO:<bo@xn--bcher-kva.example>', lines)
        self.assertNotIn('SMTPUTF8', ' '.join(lines))
        message, lines = self.mail(*arguments, '--smtputf8')
        self.assertIn('RCPT TO:<bo@bücher.example>'.encode().decode('latin-1'),
                      lines)
        self.assertIn(' SMTPUTF8', lines[1])
        _, lines = self.mail('--from', 'a@b', '--to', 'bö@c.example')
        self.assertIn(' SMTPUTF8', lines[1])
        for option, words in (['--smtputf8'], 'without --smtputf8'), \
                             (['--cc', 'ö@x'], 'another server or address'):
            with Scripted() as server:
                done = self.send(server, *arguments, *option)
                self.assert_code(done, REFUSED, 'does not advertise SMTPUTF8',
                                 words)
                self.assertNotIn(b'MAIL', server.heard)


class What(Send):
    def test_text_and_html(self):
        html = self.file('<p>Grüße <img src="cid:logo@x"></p>'.encode(),
                         name='x.html')
        message, _ = self.mail(
            *ENVELOPE, '--text', 'Grüße', '--html', html, '--inline',
            f'logo@x={self.file(PNG, name="l.png")}', '--attach-name', 'Ö.png')
        self.assertEqual([p.get_content_type() for p in message.walk()],
                         ['multipart/alternative', 'text/plain',
                          'multipart/related', 'text/html', 'image/png'])
        parts = [p for p in message.walk() if not p.is_multipart()]
        self.assertEqual(parts[0].get_content().strip(), 'Grüße')
        self.assertIn('Grüße', parts[1].get_content())
        self.assertEqual(parts[2]['Content-ID'], '<logo@x>')
        self.assertEqual(parts[2].get_filename(), 'Ö.png')
        self.assertEqual(parts[2].get_content(), PNG)
        message, _ = self.mail(*ENVELOPE, '--html', html)
        self.assertEqual(message.get_content_type(), 'text/html')

    def test_attachments(self):
        """Any name, any octets, any type."""
        names = ['a;type=b,c.txt', 'with space.png', '"q"\\.bin', 'Größe.pdf',
                 'x' * 100 + '.csv', '=?utf-8?Q?a?=']
        arguments = []
        for name in names:
            arguments += ['--attach', self.file(PNG + name.encode(),
                                                name=name)]
        message, lines = self.mail(
            *ENVELOPE, *arguments, '--attach', self.file(b'{}', name='last'),
            '--attach-type', 'application/x-own', '--attach-name', 'né.json')
        parts = list(message.iter_attachments())
        self.assertEqual([p.get_filename() for p in parts],
                         [*names, 'né.json'])
        for part, name in zip(parts, names):
            self.assertEqual(part.get_payload(decode=True),
                             PNG + name.encode())
        self.assertEqual(parts[1].get_content_type(), 'image/png')
        self.assertEqual(parts[2].get_content_type(),
                         'application/octet-stream')
        self.assertEqual(parts[3].get_content_type(), 'application/pdf')
        self.assertEqual(parts[6].get_content_type(), 'application/x-own')
        self.assertEqual(message.get_body().get_content().strip(), 'Water!')

    def test_attachment_from_a_pipe(self):
        for octets in b'', PNG, PNG * 1000:
            message, lines = self.mail(*ENVELOPE, '--text', 'x', '--attach',
                                       '-', '--attach-name', 'out.bin',
                                       text=octets)
            part = next(message.iter_attachments())
            self.assertEqual(part.get_content(), octets)
            self.assertEqual(part.get_filename(), 'out.bin')
            self.assertIn(' SIZE=', lines[1])

    def test_attached_message(self):
        inside = b'Subject: In\r\n\r\nBl\xc3\xa5st\r\n'
        arguments = [*ENVELOPE, '--text', 'x', '--attach',
                     self.file(inside, name='m.eml')]
        message, _ = self.mail(*arguments)
        part = next(message.iter_attachments())
        self.assertEqual(part.get_content()['Subject'], 'In')
        with Scripted(EHLO=b'250 test.example') as server:
            done = self.send(server, *arguments)
            self.assert_code(done, DATA, 'm.eml', 'octet-stream')
            self.assertNotIn(b'MAIL', server.heard)

    def test_calendar(self):
        message, _ = self.mail(
            *ENVELOPE, '--text', 'x', '--calendar',
            self.file(b'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n'
                      b'END:VCALENDAR\r\n'))
        part = list(message.iter_parts())[1]
        self.assertEqual(part.get_content_type(), 'text/calendar')
        self.assertEqual(part.get_param('method'), 'REQUEST')

    def test_fields(self):
        message, _ = self.mail(
            *ENVELOPE, '--header', 'X-Tank: Größe', '--header', 'X-Tank:2',
            '--header', 'List-Unsubscribe: <https://x.example/?' + 'u' * 200
            + '>', '--priority', 'low', '--message-id', '<own@x>',
            '--in-reply-to', '<a@x>', '--references', '<b@x> <a@x>',
            '--date', '2026-12-24T18:00:00+01:00')
        self.assertEqual(message.get_all('X-Tank'), ['Größe', '2'])
        self.assertIn('u' * 200, message['List-Unsubscribe'])
        self.assertEqual(message['X-Priority'], '5 (Lowest)')
        self.assertEqual(message['Importance'], 'Low')
        self.assertEqual(message['Message-ID'], '<own@x>')
        self.assertEqual(message['Date'], 'Thu, 24 Dec 2026 18:00:00 +0100')
        self.assertEqual(message['In-Reply-To'], '<a@x>')
        self.assertEqual(message['References'], '<b@x> <a@x>')

    def test_flowed_and_charset(self):
        words = ' '.join(['word'] * 100)
        message, lines = self.mail(*ENVELOPE, '--flowed', '--text', words)
        self.assertEqual(message.get_param('format'), 'flowed')
        self.assertLess(max(map(len, message.get_payload().split('\r\n'))), 79)
        self.assertIn(' SIZE=', lines[1])
        message, _ = self.mail(*ENVELOPE, '--charset', 'iso-8859-1',
                               text=b'Bl\xe5st\n')
        self.assertEqual(message.get_content().strip(), 'Blåst')

    def test_mistakes(self):
        none = str(self.folder / 'none')
        for option in '--body', '--html', '--attach', '--calendar':
            self.wrong(NOINPUT, f'{none}: No such file', *ENVELOPE, option,
                       none)
        self.wrong(NOINPUT, 'Is a directory', *ENVELOPE, '--attach',
                   str(self.folder))
        file = self.file(b'x')
        for words, arguments in {
            'such as image/png': ['--attach', file, '--attach-type', 'png'],
            'file name: a control': ['--attach', file, '--attach-name',
                                     'a\nb'],
            'write it as logo@example.org': ['--inline', f'logo={file}'],
            "must be 'Name: value'": ['--header', 'X-Tank'],
            'header name: a character': ['--header', 'X Tank: 3'],
            'X-Tank: a control': ['--header', 'X-Tank: 3\r\nBcc: x@y'],
            'use the option for this field': ['--header', 'Subject: x'],
            'for this field, or leave it out': ['--header',
                                                'Content-Type: text/html'],
            '--message-id': ['--message-id', 'x'],
            '--in-reply-to': ['--in-reply-to', '<a@b>\r\nBcc: x@y'],
            '--references': ['--references', '<a@b>,<c@d>'],
            'charset: a character': ['--charset', 'u tf'],
            'no such day': ['--date', '2026-02-29T10:00:00Z'],
            'another day of the week': ['--date',
                                        'Tue, 23 Nov 2026 10:00:00 +0000'],
            'it must be like 2026-': ['--date', '23.11.2026'],
        }.items():
            self.wrong(USAGE, words, *ENVELOPE, *arguments)

    def test_message_id_in_json(self):
        with Scripted() as server:
            done = self.send(server, *ENVELOPE, '--json')
            self.assertEqual(done.json['message_id'],
                             parse(server.messages[0])['Message-ID'])
            done = self.send(server, *ENVELOPE, '--json', '--raw', '-')
            self.assertIsNone(done.json['message_id'])


class How(Send):
    def test_dry_run(self):
        message = self.dry(*ENVELOPE, '--bcc', 'h@x.example', '--subject',
                           'Grüße', '--attach', self.file(PNG, name='a.png'))
        self.assertEqual(message['Subject'], 'Grüße')
        self.assertNotIn('h@x.example', message.as_string())
        self.assertEqual(next(message.iter_attachments()).get_content(), PNG)
        raw = b'Subject: x\r\n\r\n.\r\n'
        done = run('send', *ENVELOPE, '--raw', '-', '--dry-run', text=raw)
        self.assertEqual(done.raw, raw)
        done = run('send', *ENVELOPE, '--to', 'x y@z', '--dry-run')
        self.assert_code(done, USAGE, "'x y@z'")
        self.assertEqual(done.out, '')

    @unittest.skipUnless(pathlib.Path('/dev/full').exists(), 'no /dev/full')
    def test_dry_run_with_no_room(self):
        with open('/dev/full', 'wb') as full:
            done = run('send', *ENVELOPE, '--dry-run', stdout=full)
        self.assert_code(done, 74, 'standard output: No space')

    def test_extensions(self):
        for arguments, where, words in (
            (['--dsn-ret', 'full'], 'MAIL', 'RET=FULL'),
            (['--dsn-ret', 'headers'], 'MAIL', 'RET=HDRS'),
            (['--envid', 'a+b'], 'MAIL', 'ENVID=a+2Bb'),
            (['--notify', 'never'], 'RCPT', 'NOTIFY=NEVER'),
            (['--notify', 'delay,success'], 'RCPT', 'NOTIFY=SUCCESS,DELAY'),
            (['--notify', 'failure'], 'RCPT', 'NOTIFY=FAILURE'),
            (['--orcpt', 'a=b@x'], 'RCPT', 'ORCPT=rfc822;a+3Db@x'),
            (['--deliver-by', '60'], 'MAIL', 'BY=60;R'),
            (['--deliver-by', '-5,notify,trace'], 'MAIL', 'BY=-5;NT'),
            (['--hold-for', '3600'], 'MAIL', 'HOLDFOR=3600'),
            (['--hold-until', '2099-12-24T18:00:00Z'], 'MAIL',
             'HOLDUNTIL=2099-12-24T18:00:00Z'),
            (['--mt-priority', '-3'], 'MAIL', 'MT-PRIORITY=-3'),
            (['--mt-priority', '0'], 'MAIL', 'MT-PRIORITY=0'),
            (['--mail-auth', 'a@b'], 'MAIL', 'AUTH=a@b'),
            (['--mail-auth', '<>'], 'MAIL', 'AUTH=<>'),
            (['--solicit', 'org.example:ADV'], 'MAIL',
             'SOLICIT=org.example:ADV'),
            (['--rrvs', '2026-01-02T03:04:05Z'], 'RCPT',
             'RRVS=2026-01-02T03:04:05Z'),
            (['--rrvs', '2026-01-02T03:04:05Z,continue'], 'RCPT',
             'RRVS=2026-01-02T03:04:05Z;C'),
            (['--mail-param', 'XONE=a b', '--mail-param', 'XTWO'], 'MAIL',
             'XONE=a+20b XTWO'),
            (['--rcpt-param', 'XR=1'], 'RCPT', 'XR=1'),
        ):
            with self.subTest(words):
                _, lines = self.mail(*ENVELOPE, *arguments)
                line = next(x for x in lines if x.startswith(where))
                self.assertIn(f' {words}', line)
                if words.startswith('X'):
                    continue
                with Scripted() as server:
                    done = self.send(server, *ENVELOPE, *arguments)
                    self.assert_code(done, REFUSED, 'does not advertise',
                                     arguments[0])
                    self.assertNotIn(b'MAIL', server.heard)

    def test_dkim_mistakes(self):
        arguments = [*ENVELOPE, '--dkim-selector', 's', '--dkim-key']
        for option in '--dkim-domain', '--dkim-selector':
            for name in 'a b', 'a;d=x', 'a\r\nX: y', 'ö.example', '[::1]', '':
                self.wrong(USAGE, '--dkim-', *ENVELOPE, '--dkim-key',
                           self.file(b'x'), '--dkim-selector', 's', option,
                           name)
        self.wrong(USAGE, 'DNS', *arguments[:-2], 'x' * 64, *arguments[-1:],
                   self.file(b'x'))
        self.wrong(CONFIG, 'not a private key', *arguments, self.file(b'x'))
        self.wrong(NOINPUT, 'No such file', *arguments,
                   str(self.folder / 'none'))
        self.wrong(NOINPUT, 'chmod o-r', *arguments, self.file(b'x', 0o644))


if __name__ == '__main__':
    unittest.main()
