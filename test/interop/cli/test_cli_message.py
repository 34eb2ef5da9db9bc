"""test_cli_message - the command duva: what servers receive of a message.

SPDX-License-Identifier: MIT
"""
import email
import email.header
import email.policy
import email.utils
import re
import time
import unittest

from command import (DATA, ENVELOPE, NOINPUT, OK, TEXT, TestCase, end,
                     environment, start)
from scripted import Scripted


UNFIT = {
    b'1\n2\n3\rx\n': 'line 3: a CR that is not followed by LF',
    b'1\r': 'line 1: a CR that is not followed by LF',
    b'1\nx\0y\n': 'line 2: a NUL octet',
    b'1\n\n' + b'x' * 999: 'line 3: a line longer than 998 octets',
    b'\n.\r.\r\n': 'line 2: a CR',
}


class Message(TestCase):
    def letter(self, *arguments, text=b'Water!\n', **options):
        """What arrives of a letter, and the line MAIL."""
        with Scripted() as server:
            self.assert_code(self.send(server, *arguments, text=text,
                                       **options), OK)
            return server.messages[0], server.command('MAIL')

    def test_header(self):
        before = time.time()
        message, mail = self.letter(
            '--from', 'pump@example.net', '--to', 'ada@example.org', '--to',
            '"b, c"@example.org', '--subject', 'Water in the cellar',
            text=b'one\n.two\r\n\n..', env=environment(TZ='CET-1'))
        head, body = message.split(b'\r\n\r\n', 1)
        self.assertEqual(body, b'one\r\n.two\r\n\r\n..\r\n')
        fields = head.decode('ascii').split('\r\n')
        self.assertEqual([f.split(':')[0] for f in fields],
                         ['Date', 'From', 'To', 'Subject', 'Message-ID',
                          'MIME-Version', 'Content-Type',
                          'Content-Transfer-Encoding'])
        parsed = email.message_from_bytes(message,
                                          policy=email.policy.default)
        self.assertEqual(parsed['From'], 'pump@example.net')
        self.assertEqual(parsed['Subject'], 'Water in the cellar')
        self.assertEqual([a.addr_spec for a in parsed['To'].addresses],
                         ['ada@example.org', '"b, c"@example.org'])
        self.assertRegex(parsed['Message-ID'],
                         r'^<[0-9a-f]{8}\.[0-9a-f]{16}@example\.net>$')
        date = email.utils.parsedate_to_datetime(parsed['Date'])
        self.assertEqual(date.utcoffset().total_seconds(), 3600)
        self.assertTrue(before - 2 < date.timestamp() < time.time() + 2)
        self.assertEqual(mail, f'MAIL FROM:<pump@example.net> '
                               f'SIZE={len(message)}')

    def test_message_ids_differ(self):
        ids = {re.search(rb'Message-ID: (.*)\r', self.letter()[0])[1]
               for _ in range(5)}
        self.assertEqual(len(ids), 5)

    def test_no_subject_no_text(self):
        message, _ = self.letter(*ENVELOPE, text=b'')
        self.assertNotIn(b'Subject', message)
        self.assertTrue(message.endswith(b': 7bit\r\n\r\n'))

    def test_subject_beyond_ascii(self):
        for subject in ('Größe', '\U0001f54a' * 60, ' edges ', '=?utf-8?Q?a?=',
                        'é' * 500, 'plain ' * 100 + '.', 'w' * 2000):
            message, _ = self.letter(*ENVELOPE, '--subject', subject)
            parsed = email.message_from_bytes(message)
            parts = email.header.decode_header(
                parsed['Subject'].replace('\r\n', ''))
            got = ''.join(p if isinstance(p, str) else p.decode(c or 'ascii')
                          for p, c in parts)
            self.assertEqual(got, subject)
            self.assertLessEqual(max(map(len, message.split(b'\r\n'))), 998)
            message.split(b'\r\n\r\n')[0].decode('ascii')

    def test_8bit(self):
        message, mail = self.letter(*TEXT, text='Blåst\n'.encode())
        self.assertTrue(mail.endswith(' BODY=8BITMIME'))
        parsed = email.message_from_bytes(message,
                                          policy=email.policy.default)
        self.assertEqual(parsed['MIME-Version'], '1.0')
        self.assertEqual(parsed.get_content_type(), 'text/plain')
        self.assertEqual(parsed['Content-Transfer-Encoding'], '8bit')
        self.assertEqual(parsed.get_content().replace('\r', ''), 'Blåst\n')
        message, mail = self.letter(*TEXT, text=b'Bl\xe5st\n')
        self.assertIn(b'charset=unknown-8bit\r\n', message)
        self.assertTrue(message.endswith(b'\r\n\r\nBl\xe5st\r\n'))

    def test_8bit_not_offered(self):
        """What is composed is encoded; what is finished is converted."""
        text = 'Blåst\n'.encode()
        raw = b'Subject: x\nX-A: b\n\n' + text
        with Scripted(EHLO=b'250 test.example') as server:
            self.assert_code(self.send(server, text=text), OK)
            self.assert_code(self.send(server, *ENVELOPE, '--raw', '-',
                                       text=raw), OK)
            self.assertEqual(server.command('MAIL'),
                             'MAIL FROM:<pump@example.net>')
            messages = server.messages
        self.assertTrue(messages[1].startswith(b'Subject: x\r\nX-A: b\r\n'))
        for message in messages:
            message.decode('ascii')
            parsed = email.message_from_bytes(message,
                                              policy=email.policy.default)
            self.assertEqual(parsed.get_content().replace('\r', ''),
                             'Blåst\n')

    def test_finished_and_8bit(self):
        """Nothing is touched but what the server does not take."""
        raw = 'Subject: Blåst\n\nBlåst\n'.encode()
        body = raw[raw.index(b'\n\n') + 2:].replace(b'\n', b'\r\n')
        with Scripted(EHLO=b'250-test.example\r\n250-SIZE\r\n250 8BITMIME') \
                as server:
            self.assert_code(self.send(server, *ENVELOPE, '--raw', '-',
                                       text=raw), OK)
            message = server.messages[0]
            self.assertEqual(server.command('MAIL'),
                             'MAIL FROM:<pump@example.net> '
                             f'SIZE={len(message)} BODY=8BITMIME')
        head, arrived = message.split(b'\r\n\r\n')
        self.assertEqual(arrived, body)
        self.assertEqual(head, b'Subject: =?utf-8?B?QmzDpXN0?=')

    def test_raw_header_that_is_not_utf8(self):
        """SMTPUTF8 takes UTF-8 only (RFC 6532 3.2)."""
        ehlo = b'250-test.example\r\n250-8BITMIME\r\n250 SMTPUTF8'
        for field, sent in ((b'Subject: Gr\xfcn', b'=?unknown-8bit?Q?Gr=FCn?='),
                            (b'To: <gr\xfcn@b.example>', None)):
            with Scripted(EHLO=ehlo) as server:
                done = self.send(server, *ENVELOPE, '--smtputf8', '--raw', '-',
                                 text=field + b'\n\nx\n')
                if sent:
                    self.assert_code(done, OK)
                    self.assertIn(sent, server.messages[0])
                    continue
                self.assert_code(done, DATA, 'line 1 of the message (To)',
                                 'not UTF-8',
                                 'write it in UTF-8')
                self.assertNotIn('--smtputf8', done.err)
                self.assertEqual(server.messages, [])

    def test_finished_but_not_to_be_converted(self):
        for raw, words in (
                (b'Subject: x\nDKIM-Signature: v=1\n\n\xfc\n',
                 "line 2 of the message (DKIM-Signature): a character"),
                (b'Subject: x\nReceived: \xc3\xbc\n\n',
                 'line 2 of the message (Received)')):
            with Scripted(EHLO=b'250 test.example') as server:
                done = self.send(server, *ENVELOPE, '--raw', '-', text=raw)
                self.assert_code(done, DATA, words)
                self.assertNotIn('MAIL', ' '.join(server.lines))

    def test_utf16(self):
        """What a shell on Windows writes, by its mark or by name."""
        text = 'Grüße\nä\n'
        for data, options in ((b'\xff\xfe' + text.encode('utf-16le'), ()),
                              (b'\xfe\xff' + text.encode('utf-16be'),
                               ('--charset', 'UTF-16')),
                              (text.encode('utf-16be'),
                               ('--charset', 'utf-16be'))):
            message, _ = self.letter(*TEXT, *options, text=data)
            parsed = email.message_from_bytes(message,
                                              policy=email.policy.default)
            self.assertEqual(parsed.get_content_charset(), 'utf-8')
            self.assertEqual(parsed.get_content().replace('\r', ''), text)
        with Scripted() as server:
            done = self.send(server, *TEXT, '--charset', 'utf-16',
                             text=b'a\0')
            self.assert_code(done, DATA, 'use --charset utf-16le')

    def test_ascii_is_7bit(self):
        message, mail = self.letter()
        self.assertIn(b'Content-Transfer-Encoding: 7bit', message)
        self.assertNotIn('BODY', mail)

    def test_body_file(self):
        message, _ = self.letter(*TEXT, '--body', self.file(b'from a file'),
                                 text=b'not this')
        self.assertTrue(message.endswith(b'\r\n\r\nfrom a file\r\n'))
        message, _ = self.letter(*TEXT, '--body', '-', text=b'this')
        self.assertTrue(message.endswith(b'\r\n\r\nthis\r\n'))

    def test_raw(self):
        raw = b'From: a@b\r\nBcc: c@d\r\n\r\n.\r\n..\r\nDATA\r\n'
        for name in ('-', self.file(raw), self.file(
                raw.replace(b'\r', b''), name='lf')):
            message, mail = self.letter(*ENVELOPE, '--raw', name, text=raw)
            self.assertEqual(message, raw)
            self.assertTrue(mail.endswith(f' SIZE={len(raw)}'))
        message, mail = self.letter('--from', '', '--to', 'a@b', '--raw', '-',
                                    text=raw)
        self.assertTrue(mail.startswith('MAIL FROM:<>'))

    def test_what_is_no_message(self):
        """It has a header, or somebody has mistaken the option."""
        field = b'Subject: x\n\n'
        for text, words in {
            b'': 'line 1: it is empty',
            b'Water in the cellar\n': 'line 1: it is not a header field',
            b'\n' + field: 'line 1: it is not a header field',
            b'To: a@b\nWater!\n\nx\n': 'use --body for a text',
            b'From a Mon Nov 14 23:42:00 2016\n' + field: "'sed 1d'",
            b'>From a Mon Nov 14 23:42:00 2016\n' + field: "'sed 1d'",
            b'\xef\xbb\xbf' + field: 'a byte order mark',
        }.items():
            for name in 'letter', '-':
                path = self.file(text, name='letter')
                with self.subTest(words), Scripted() as server:
                    done = self.send(server, *ENVELOPE, '--raw',
                                     path if name != '-' else '-', text=text)
                    self.assert_silent(
                        server, done, DATA, words,
                        path if name != '-' else 'standard input')

    def test_long(self):
        """Longer than what is kept in memory of a pipe."""
        raw = b'A: b\r\n\r\n' + b''.join(
            b'%07d %s\r\n' % (i, b'.' * (i % 60)) for i in range(70000))
        message, _ = self.letter(*ENVELOPE, '--raw', '-', text=raw)
        self.assertEqual(message, raw)
        message, _ = self.letter(*ENVELOPE, '--raw', self.file(raw))
        self.assertEqual(message, raw)

    def test_standard_input_from_where_it_stands(self):
        with open(self.file(b'skipped\nkept\n'), 'rb', buffering=0) as file:
            file.read(8)
            with Scripted() as server:
                process = start('send', '--server', server.url, *TEXT,
                                stdin=file)
                self.assert_code(end(process, None), OK)
                self.assertTrue(server.messages[0].endswith(
                    b'\r\n\r\nkept\r\n'))

    def test_unfit(self):
        """What SMTP has no way to send of a finished message is refused."""
        for text, words in UNFIT.items():
            for name in 'letter', '-':
                path = self.file(text, name='letter')
                with self.subTest(words), Scripted() as server:
                    done = self.send(server, *ENVELOPE, '--raw',
                                     path if name != '-' else '-', text=text)
                    self.assert_silent(
                        server, done, DATA,
                        f'{path}: {words}' if name != '-'
                        else f'standard input: {words}')

    def test_unfit_is_encoded(self):
        """And of one that is composed here arrives as it was."""
        for text in UNFIT:
            with self.subTest(text=text[:9]):
                message, _ = self.letter(*TEXT, text=text)
                parsed = email.message_from_bytes(message)
                self.assertIn(parsed['Content-Transfer-Encoding'],
                              ('quoted-printable', 'base64'))
                self.assertEqual(
                    parsed.get_payload(decode=True).replace(b'\r\n', b'\n')
                    .rstrip(b'\n'), text.replace(b'\r\n', b'\n')
                    .rstrip(b'\n'))

    def test_998_octets_fit(self):
        message, _ = self.letter(*TEXT, text=b'x' * 998)
        self.assertTrue(message.endswith(b'\r\n' + b'x' * 998 + b'\r\n'))

    def test_no_input(self):
        for name, words in {str(self.folder / 'none'): 'No such file',
                            str(self.folder): 'Is a directory'}.items():
            with Scripted() as server:
                done = self.send(server, *TEXT, '--body', name)
                self.assert_silent(server, done, NOINPUT, f'{name}: {words}')

    def test_header_of_many_recipients(self):
        everybody = [f'box{i}@example.org' for i in range(300)]
        message, _ = self.letter('--from', 'a@b.example', '--subject', 'x',
                                 *everybody)
        parsed = email.message_from_bytes(message,
                                          policy=email.policy.default)
        self.assertEqual([a.addr_spec for a in parsed['To'].addresses],
                         everybody)


if __name__ == '__main__':
    unittest.main()
