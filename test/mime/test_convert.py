#!/usr/bin/python3
"""test_convert - converted messages read as before.

SPDX-License-Identifier: MIT
"""
import email
import os
import random
import re
import subprocess
import unittest

import parsers

CONVERT = os.environ['DUVA_CONVERT']
BIT8, BINARY, UTF8 = 1, 2, 4
UNSUPPORTED = 65
NOT_ASCII, NOT_UTF8, RANGE, REPEATED, CHARACTER, LINE_LONG, NUL = (
    'NOT_ASCII', 'NOT_UTF8', 'RANGE', 'REPEATED', 'CHARACTER', 'LINE_LONG',
    'NUL')


def reasons():
    text = (parsers.ROOT / 'include/duva/reason.h').read_text()
    listed = text[text.index('enum duva_reason'):text.index('} duva_reason')]
    listed = re.sub(r'/\*.*?\*/', '', listed, flags=re.S)
    return re.findall(r'DUVA_REASON_(\w+)', listed)


REASONS = reasons()


def convert(message, takes=0, step=4096):
    return subprocess.run([CONVERT, str(takes), str(step)], input=message,
                          capture_output=True)


def converted(message, takes=0):
    done = convert(message, takes)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refusal(message, takes=0):
    done = convert(message, takes)
    assert done.returncode == UNSUPPORTED, (done, message)
    _, reason, line, field = done.stderr.decode().split(maxsplit=3)
    return REASONS[int(reason)], int(line), field.strip()


def lines(octets):
    return octets.replace(b'\r\n', b'\n')


# ---- messages ----

WORDS = ['plain', 'text', 'Grüße', 'naïve', '日本語', 'a=b', '--x', '-', '.',
         'From here', 'tab\there', 'x' * 90, 'ä' * 60, '--b1', '--b1--',
         '=?utf-8?Q?x?=', 'trailing ', 'trailing\t', '']


def a_text(rng, end):
    line = [' '.join(rng.choices(WORDS, k=rng.randrange(12)))
            for _ in range(rng.randrange(9))]
    line = [('> ' + t if t.startswith('--') else t) for t in line]
    # Runs that a soft line break could turn into a delimiter.
    line += ['y' * rng.randrange(60, 78) + '--b1ü'[:rng.randrange(4, 6)]]
    return end.join(line)


class Maker:
    def __init__(self, rng, end):
        self.rng, self.end, self.boundaries = rng, end, 0

    def head(self, *fields):
        return ''.join(f + self.end for f in fields) + self.end

    def leaf(self):
        r, end = self.rng, self.end
        label = r.choice(['8bit', '8bit', None, '7bit', 'base64',
                          'quoted-printable', 'BINARY'])
        kind = r.choice(['text/plain; charset=utf-8', 'text/html', None,
                         'application/x; name="a b.bin"',
                         'Text/Plain;\n\tcharset="iso-8859-1"'])
        fields = [f for f in (
            kind and 'Content-Type: ' + kind.replace('\n', end),
            label and 'Content-Transfer-Encoding: ' + label,
            r.random() < .3 and 'Content-Disposition: attachment; '
                                'filename="x.txt"') if f]
        r.shuffle(fields)
        code = 'latin-1' if kind and '8859' in kind else 'utf-8'
        if label == 'base64':
            body = 'R3LDvMOfZQ==' + end
        elif label == 'quoted-printable':
            body = 'Gr=C3=BC=C3=9Fe' + end
        else:
            body = a_text(r, end)
        return (self.head(*fields).encode()
                + body.encode(code, 'replace'))

    def part(self, depth):
        r = self.rng
        if depth == 0 or r.random() < .5:
            return self.leaf()
        if r.random() < .2:
            label = r.choice(['8bit', '7bit', None])
            fields = ['Content-Type: message/rfc822']
            if label:
                fields.append('Content-Transfer-Encoding: ' + label)
            return (self.head(*fields).encode()
                    + self.fields() + self.part(depth - 1))
        return self.multipart(depth)

    def multipart(self, depth):
        r, end = self.rng, self.end
        self.boundaries += 1
        # Each begins the next one.
        boundary = 'b' + '1' * self.boundaries
        kind = r.choice(['mixed', 'alternative', 'related; type="a/b"'])
        quote = r.choice(['"', ''])
        head = self.head(
            f'Content-Type: multipart/{kind};{r.choice([end, ""])} '
            f'Boundary={quote}{boundary}{quote}',
            r.choice(['Content-Transfer-Encoding: 8bit', 'X-A: b']))
        parts = [self.part(depth - 1) for _ in range(r.randrange(1, 4))]
        out = [head.encode(), r.choice([b'', b'preamble' + end.encode()])]
        for part in parts:
            pad = r.choice(['', '', ' \t'])
            out += [f'--{boundary}{pad}{end}'.encode(), part, end.encode()]
        if depth < 3 or r.random() < .8:
            out += [f'--{boundary}--{end}'.encode()]
        return b''.join(out)

    def fields(self):
        r, end = self.rng, self.end
        subject = ' '.join(r.choices(['Grüße', 'an', 'alle', '日本語' * 9],
                                     k=r.randrange(1, 20)))
        name = r.choice(['Ada', 'Adä Lövelace', '"Ä, B"', r'"Ä \" \\ B"'])
        return (f'From: {name} <a@example.net>{end}'
                f'To: b@example.org,{end} "Ö (x)" <c@example.org>, '
                f'Zoë{end}\tQ <d@example.org>{end}'
                f'Subject: {subject.replace("an alle", f"an{end} alle")}{end}'
                ).encode()

    def message(self):
        version = self.rng.choice(['MIME-Version: 1.0' + self.end, ''])
        return version.encode() + self.fields() + self.part(3)


def contents(octets):
    """Type, charset, name and content of each part, by Python's email."""
    found = []
    for part in email.message_from_bytes(octets).walk():
        if part.is_multipart():
            found.append((part.get_content_type(), None, None, None))
            continue
        content = part.get_payload(decode=True)
        found.append((part.get_content_type(), part.get_content_charset(),
                      part.get_filename(), content))
    return found


def same(before, after):
    """Are these contents equal, but for what the wire does to them?"""
    if len(before) != len(after):
        return False
    for (kind, charset, name, content), (kind2, charset2, name2, content2) \
            in zip(before, after):
        # What had no charset may have one now.
        if (kind, name) != (kind2, name2) or (charset or charset2) != charset2:
            return False
        if content is None:
            if content2 is not None:
                return False
        elif lines(content).rstrip(b'\n') != lines(content2).rstrip(b'\n'):
            return False
    return True


def header(octets):
    """Subject and people as one reads them, of which some may be UTF-8."""
    head = re.split(r'\r?\n\r?\n', octets.decode('utf-8', 'replace'))[0]
    fields = dict(re.findall(r'^([\w-]+): *(.*?)\r?$',
                             re.sub(r'\r?\n[ \t]', ' ', head), re.M))
    people = email.utils.getaddresses([fields['From'], fields['To']])
    return ([(parsers.header_text(re.sub(r'\s+', ' ', name)), addr)
             for name, addr in people],
            re.sub(r'\s+', ' ', parsers.header_text(fields['Subject'])))


class Generated(unittest.TestCase):
    def test_reads_as_before(self):
        gmime, why = parsers.gmime()
        rng = random.Random(6152)
        some = 0
        for number in range(100):
            end = rng.choice(['\n', '\r\n'])
            message = Maker(rng, end).message()
            with self.subTest(number=number, message=message):
                done = convert(message)
                self.assertEqual(done.returncode, 0, done.stderr)
                some += done.stdout != message
                self.assertTrue(done.stdout.isascii())
                self.assertTrue(same(contents(message), contents(done.stdout)),
                                done.stdout)
                self.assertNotRegex(done.stdout,
                                    rb'(?i)\n.*encoding: (8bit|binary)')
                head = done.stdout.split(b'\r\n\r\n')[0]
                self.assertLessEqual(head.count(b'MIME-Version'), 1)
                for line in done.stdout.split(b'\r\n'):
                    self.assertLessEqual(len(line), 998)
                    self.assertNotIn(b'\n', line)
                self.check_header(message, done.stdout)
                for step in (1, 300):
                    self.assertEqual(convert(message, 0, step).stdout,
                                     done.stdout)
                if gmime:
                    self.check_gmime(gmime, message, done.stdout)
        self.assertGreater(some, 70)

    def check_header(self, before, after):
        self.assertEqual(*[header(octets) for octets in (before, after)])

    def check_gmime(self, gmime, before, after):
        one, other = gmime(before)['parts'], gmime(after)['parts']
        self.assertEqual([p[0] for p in one], [p[0] for p in other])
        for p, q in zip(one, other):
            if p[3] is not None:
                self.assertEqual(lines(p[3]).rstrip(b'\n'),
                                 lines(q[3]).rstrip(b'\n'))

    def test_encoded_lines(self):
        message = (b'Subject: x\n\n' + 'ä'.encode() + b' ' + b'w ' * 3000
                   + b'\n')
        for line in converted(message).split(b'\r\n'):
            self.assertLessEqual(len(line), 76)

    def test_space_at_ends(self):
        text = b'\xfc and so on and on \nand on\t\n \nand '
        one = converted(b'Subject: x\n\n' + text)
        self.assertEqual(lines(contents(one)[0][3]), text + b'\n')
        for line in one.split(b'\r\n'):
            self.assertEqual(line, line.rstrip())

    def test_choice(self):
        for text, encoding in (('Grüße, und so weiter, und so fort',
                                'quoted-printable'),
                               ('Письмо', 'base64')):
            one = email.message_from_bytes(converted(
                b'Subject: x\n\n' + text.encode() + b'\n'))
            self.assertEqual(one['Content-Transfer-Encoding'], encoding)
            # Lines of text end with CRLF, also inside base64.
            self.assertEqual(one.get_payload(decode=True),
                             text.encode() + b'\r\n')

    def test_a_boundary_that_begins_another(self):
        text = b'--bb\n--b-\n--b--x\n--b x\n\xfc, and so on and on\n--B'
        message = MIXED + b'--b\n\n' + text + b'\n--b--\n'
        found = contents(converted(message))
        self.assertEqual([p[3] and lines(p[3]) for p in found], [None, text])

    def test_binary_is_exact(self):
        for content in (bytes(range(256)) * 3 + b'\n\r\n\r--b \x00',
                        b'only\nline\nends\n'):
            self.check_binary(content)

    def check_binary(self, content):
        message = (b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; '
                   b'boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n'
                   b'Content-Transfer-Encoding: binary\r\n\r\n' + content
                   + b'\r\n--b\r\n\r\n\xfc\r\n--b--\r\n')
        after = contents(converted(message))
        self.assertEqual(after[1][3], content)

    def test_7bit_is_not_touched(self):
        for message in (b'', b'\n', b'a', b'Subject: x\n\nbody\n',
                        b'Subject: x\nContent-Transfer-Encoding: 8bit\n\nb',
                        b'Content-Transfer-Encoding: binary\r\n\r\nb\r\nc\r\n',
                        b'no header at all\n'):
            self.assertEqual(converted(message), message)

    def test_space_before_the_colon(self):
        one = converted(b'Content-Transfer-Encoding \t: 8bit\n'
                        b'Content-Type : text/plain; charset=latin1\n\n'
                        b'\xfc, and so on and on and on and on\n')
        self.assertEqual(one.count(b'Content-Transfer-Encoding'), 1)
        self.assertIn(b'Encoding: quoted-printable\r\n\r\n=FC, and', one)
        self.assertEqual(one.count(b'Content-Type'), 1)

    def test_no_space_behind_the_colon(self):
        self.assertEqual(converted('Subject:ü\n\n'.encode()),
                         b'Subject: =?utf-8?B?w7w=?=\r\n\r\n')

    def test_header_that_breaks_off(self):
        self.assertTrue(converted('Subject: ü\nX: y\n '.encode()).endswith(
            b'\r\nX: y\r\n \r\n'))

    def test_lone_cr(self):
        one = converted(b'Subject: x\n\na\rb, and so on and on and on\n')
        self.assertIn(b'\r\n\r\na=0Db, and so on', one)

    def test_boundaries_as_they_are_meant(self):
        for value, boundary in ((b'"b  "', b'b'), (b'"b\\+1"', b'b+1'),
                                (b'"b\\\\1"', b'b\\1'), (b'b(x)', b'b(x)'),
                                (b'"a b"', b'a b'), (b' "b" ; x=y', b'b'),
                                (b'b; x="\\"; boundary=c"', b'b')):
            message = (b'MIME-Version: 1.0\nContent-Type: multipart/mixed; '
                       b'boundary=' + value + b'\n\n--' + boundary
                       + b'\n\n\xfc, and so on and on and on\n--' + boundary
                       + b'--\n')
            self.assertIn(b'\r\n--' + boundary + b'\r\nContent-Type: '
                          b'text/plain; charset=unknown-8bit\r\n',
                          converted(message), value)

    def test_messages_is_no_message(self):
        for kind in (b'messages/x', b'message', b'textile/x', b'multiparts/x'):
            one = converted(MIXED + b'--b\nContent-Type: ' + kind
                            + b'\n\n\xfc' + b'x' * 90 + b'\n--b--\n')
            self.assertIn(b'quoted-printable' if kind == b'message'
                          else b'base64', one)

    def test_message_global(self):
        found = contents(converted(MIXED + (
            b'--b\nContent-Type: message/global\n'
            b'Content-Transfer-Encoding: 8bit\n\nSubject: \xc3\xbc\n\nx\n'
            b'--b--\n')))
        self.assertEqual(found[1][0], 'message/global')

    def test_what_the_server_takes(self):
        message = 'Subject: ü\n\nä\n'.encode()
        self.assertEqual(converted(message, BIT8 | UTF8), message)
        head, body = converted(message, BIT8).split(b'\r\n\r\n')
        self.assertTrue(head.isascii())
        self.assertEqual(body, 'ä\r\n'.encode())
        head, body = converted(message, UTF8).split(b'\r\n\r\n')
        self.assertIn('Subject: ü'.encode(), head)
        self.assertTrue(body.isascii())

    def test_message_without_mime(self):
        one = converted('Subject: x\n\nGrüße, und so weiter.\n'.encode())
        self.assertEqual(email.message_from_bytes(one).get_content_charset(),
                         'utf-8')
        one = converted('Subject: x\n\nGrüße, und so.\n'.encode('latin-1'))
        self.assertEqual(email.message_from_bytes(one).get_content_charset(),
                         'unknown-8bit')


    def test_what_is_utf8(self):
        good = (b'\xc2\x80', b'\xdf\xbf', b'\xe0\xa0\x80', b'\xe1\x80\x80',
                b'\xec\xbf\xbf', b'\xed\x80\x80', b'\xed\x9f\xbf',
                b'\xee\x80\x80', b'\xef\xbf\xbf', b'\xf0\x90\x80\x80',
                b'\xf1\x80\x80\x80', b'\xf3\xbf\xbf\xbf',
                b'\xf4\x80\x80\x80', b'\xf4\x8f\xbf\xbf')
        bad = (b'\x80', b'\xbf', b'\xc1\x80', b'\xc2\x7f', b'\xc2\xc0',
               b'\xe0\x9f\x80', b'\xe0\xc0\x80', b'\xe1\x80\x7f',
               b'\xe1\x80\xc0', b'\xed\xa0\x80', b'\xf0\x8f\x80\x80',
               b'\xf1\x80\x80a', b'\xf4\x90\x80\x80', b'\xf5\x80\x80\x80',
               b'\xff', b'\xe1\x80')
        for octets in good + bad:
            for text in (b'\n' + octets + b'\n', b'x' * 60 + octets):
                one = email.message_from_bytes(converted(b'\n' + text))
                self.assertEqual(one.get_content_charset(), 'utf-8' if octets
                                 in good else 'unknown-8bit', text)

    def test_comments(self):
        for comment in (b'(x)', b'(a\\)b)', b'((y) z\\\\)', b'(\t(\\())'):
            one = converted(b'Content-Type: ' + comment + b' application/x\n'
                            b'Content-Transfer-Encoding:' + comment
                            + b'8bit' + comment + b'\n\n\xfc'
                            + b'x' * 90 + b'\n')
            self.assertIn(b'Encoding: base64\r\n\r\n/Hh4', one)

    def test_fields_of_text(self):
        for name in ('Subject', 'Comments', 'Content-Description',
                     'Thread-Topic', 'X-a', 'x-A', 'SUBJECT'):
            self.assertIn(name.encode() + b': =?utf-8?',
                          converted(f'{name}: ü\n\n'.encode()))
        for name in ('Xa', 'Y-a', 'X', 'Subjects', 'Subjec'):
            self.assertEqual(refusal(f'{name}: ü\n\n'.encode()),
                             (NOT_ASCII, 1, name))

    def test_fields_of_people(self):
        for name in ('From', 'Sender', 'Reply-To', 'To', 'Cc', 'Bcc',
                     'Resent-From', 'Resent-Sender', 'Resent-To', 'Resent-Cc',
                     'Resent-Bcc'):
            one = converted(f'{name}: Ü <a@b>\n\n'.encode())
            self.assertEqual(one, name.encode()
                             + b': =?utf-8?B?w5w=?= <a@b>\r\n\r\n')

    def test_names_of_people(self):
        for before, name in (('"" Ü', 'Ü'), ('a  Ü', 'a Ü'), ('Ü\tb', 'Ü b'),
                             (r'"Ü \" (x"', 'Ü " (x'), ('"Ü""b"', 'Üb')):
            people, _ = header(b'From: a@b\nSubject: x\n' + converted(
                f'To: {before} <a@b>, <>, "" <c@d>\n\n'.encode()))
            self.assertEqual(people[1:], [(name, 'a@b'), ('', ''),
                                          ('', 'c@d')], before)

    def test_equals_in_a_text(self):
        self.assertEqual(header(b'From: a@b\nTo: b@c\n' + converted(
            'Subject: a=b =ü = ?=\n\n'.encode()))[1], 'a=b =ü = ?=')


MIXED = (b'From: a@example.net\nMIME-Version: 1.0\n'
         b'Content-Type: multipart/mixed; boundary=b\n\n')


class Refused(unittest.TestCase):
    def check(self, message, reason, line, field, takes=0):
        self.assertEqual(refusal(message, takes), (reason, line, field))

    def test_signed(self):
        self.check(MIXED + b'--b\nContent-Type: multipart/signed; boundary=s'
                   b'\n\n--s\n\n\xfc\n--s\n\n--s--\n--b--\n', NOT_ASCII, 10,
                   'multipart/signed')
        self.check(b'Subject: x\nDKIM-Signature: v=1\n\n\xfc\n', NOT_ASCII, 2,
                   'DKIM-Signature')

    def test_signed_in_ascii(self):
        message = MIXED + (
            b'--b\nContent-Type: multipart/signed; boundary=s\n\n--s\n'
            b'Content-Transfer-Encoding: 8bit\n\nabc \n--s\n\n--s--\n'
            b'--b\n\n\xfc\n--b--\n')
        self.assertIn(b'--s\r\nContent-Transfer-Encoding: 8bit\r\n\r\nabc '
                      b'\r\n--s\r\n\r\n--s--\r\n', converted(message))

    def test_encrypted(self):
        message = MIXED + (b'--b\nContent-Type: application/pkcs7-mime\n'
                           b'Content-Transfer-Encoding: binary\n\n\xff\n'
                           b'--b--\n')
        self.assertEqual(contents(converted(message))[1][3], b'\xff')

    def test_labels_that_are_wrong(self):
        for label in (b'base64', b'quoted-printable', b'x-uuencode'):
            self.check(b'Content-Transfer-Encoding: ' + label + b'\n\na\n\xfc',
                       NOT_ASCII, 4, 'Content-Transfer-Encoding')

    def test_types_that_must_not_be_encoded(self):
        self.check(MIXED + b'--b\nContent-Type: Message/Partial; number=1\n\n'
                   b'\xfc\n--b--\n', NOT_ASCII, 8, 'message/partial')
        self.check(MIXED + b'--b\nContent-Type: message/' + b'x' * 60
                   + b'\n\n\xfc\n--b--\n', NOT_ASCII, 8,
                   'message/' + 'x' * 39)

    def test_around_parts(self):
        self.check(MIXED + b'\xfc\n--b\n\nx\n--b--\n', NOT_ASCII, 5,
                   'preamble')
        self.check(MIXED + b'--b\n\nx\n--b--\n\n\xfc\n', NOT_ASCII, 10,
                   'epilogue')

    def test_fields(self):
        for field in ('To: ü@example.org', 'To: x (ü) <a@b>',
                      'Received: from ü', 'To: =?utf-8?Q?a?= ü <a@b>',
                      'Content-Disposition: attachment; filename="ü"',
                      'To: <a@b>, ü', 'To: "x" <ü@b>'):
            self.check(f'X: y\n{field}\n\n'.encode(), NOT_ASCII, 2,
                       field.split(':')[0])
        for takes in 0, UTF8:
            for field in (b'To: <\xfc@a>', b'To: x (\xfc) <a@b>',
                          b'Received: \xfc', b'Subject: =?utf-8?Q?a?= \xfc',
                          b'X-Long: ' + b'x\n ' * 1100 + b'\xfc'):
                reason, _, name = refusal(b'X: y\n' + field + b'\n\n', takes)
                self.assertEqual(name, field.split(b':')[0].decode())
                self.assertEqual(reason, NOT_UTF8 if takes or b'L' not in field
                                 else NOT_ASCII)
        self.check(b'Subject: ' + b'x' * 2100 + b'\xfc\n\n', NOT_ASCII, 1,
                   'Subject', BINARY)
        self.check(b'Subject: x' + b'x' * 990 + b'\n\n', LINE_LONG, 1,
                   'Subject')

    def test_long_names(self):
        self.check('R'.encode() * 60 + ': ü\n\n'.encode(), NOT_ASCII, 1,
                   'R' * 47)
        self.assertTrue(converted(f'To: ü{"x" * 317} <a@b>\n\n'.encode()))
        self.check(f'To: ü{"x" * 318} <a@b>\n\n'.encode(), NOT_ASCII, 1, 'To')

    def test_two_of_one(self):
        for field in (b'Content-Type: text/plain\n',
                      b'Content-Transfer-Encoding: 8bit\n'):
            self.check(field * 2 + b'\n\xfc', REPEATED, 4,
                       field.split(b':')[0].decode())

    def test_limits(self):
        deep, end = b'From: a@example.net\n', b''
        for level in range(50):
            deep += (f'Content-Type: multipart/mixed; boundary=b{level}x\n\n'
                     f'--b{level}x\n').encode()
            end = f'\n--b{level}x--'.encode() + end
        self.assertEqual(converted(deep + b'\nx' + end), deep + b'\nx' + end)
        self.assertEqual(refusal(deep + b'\n\xfc' + end)[::2],
                         (RANGE, 'nesting'))
        many = MIXED + b'--b\n\nx\n' * 600
        self.assertEqual(converted(many), many)
        self.assertEqual(refusal(many + b'--b\n\n\xfc\n--b--\n')[::2],
                         (RANGE, 'parts'))
        self.check(b'Content-Type: text/plain; x="' + b'y' * 900 + b'\n '
                   + b'y' * 900 + b'\n ' + b'y' * 900 + b'"\n\n\xfc', RANGE,
                   5, 'Content-Type')

        self.check(b'Content-Transfer-Encoding: 8bit (' + b'y' * 900 + b'\n '
                   + b'y' * 900 + b'\n ' + b'y' * 900 + b')\n\n\xfc', RANGE,
                   5, 'Content-Transfer-Encoding')

    def test_boundaries(self):
        for parameter in (b'', b'; boundary=', b'; boundary*0=b',
                          b'; boundary=' + b'b' * 71, b'; boundary="b',
                          b'; boundary=a; boundary=b', b'; boundary=\xc3\xbc',
                          b'; boundary=b; boundary*0=b', b'; boundary=b; boundary'):
            message = (b'Content-Type: multipart/mixed' + parameter
                       + b'\n\n--b\n\n\xfc\n--b--\n')
            reason, _, field = refusal(message, UTF8)
            self.assertEqual((reason, field), (CHARACTER, 'Content-Type'))

    def test_no_header(self):
        self.check(b'hello\n\xfc\n', CHARACTER, 2, 'header')


class Hostile(unittest.TestCase):
    def test_long_lines(self):
        text = 'ä'.encode() + b'x' * 100000 + b'\n'
        one = converted(b'Subject: x\n\n' + text)
        self.assertEqual(lines(contents(one)[0][3]), text)

    def test_octets(self):
        text = b'a b\rc\n\xc3\xbc' + b'y' * 60
        one = converted(b'Subject: x\n\n' + text + b'\n')
        self.assertEqual(lines(contents(one)[0][3]), text + b'\n')

    def test_nul(self):
        text = 'Grüße\r\nan \u0a0d\u0d0a\nalle\n'
        for charset in ('utf-16le', 'utf-16be', 'utf-32', 'x-other', None):
            octets = text.encode('utf-16' if charset in ('x-other', None)
                                 else charset)
            head = (b'Subject: x\nContent-Type: text/plain'
                    + (f'; x=";"; charset="{charset}"' if charset else ''
                       ).encode() + b'\nContent-Transfer-Encoding: 8bit\n\n')
            for takes in 0, BIT8:
                one = email.message_from_bytes(converted(head + octets, takes))
                self.assertEqual(one['Content-Transfer-Encoding'], 'base64')
                self.assertEqual(one.get_payload(decode=True), octets)
        # It has no NUL, and yet no line ends.
        octets = '\u0a41\u0d0a\u410d'.encode('utf-16be')
        one = converted(b'Content-Type: text/plain; charset=UTF-16BE\n\n'
                        + octets, BIT8)
        self.assertEqual(contents(one)[0][3], octets)
        for takes in 0, BIT8:
            self.assertEqual(refusal(b'X: y\n\na\nb\0', takes),
                             (NUL, 4, 'Content-Type'))

    def test_unknown_charset(self):
        for field in ('Subject: Grüße, ' + 'aä ' * 90, 'X-A: Grüße'):
            for takes in 0, UTF8, BIT8 | UTF8:
                one = converted((field + '\n\nx\n').encode('latin-1'), takes)
                head = one.split(b'\r\n\r\n')[0]
                self.assertTrue(head.isascii())
                self.assertLessEqual(max(map(len, head.split(b'\r\n'))), 78)
                words = email.header.decode_header(
                    re.sub(r'\r\n ', ' ', head.decode()).split(': ', 1)[1])
                self.assertEqual({w[1] for w in words}, {'unknown-8bit'})
                self.assertEqual(b''.join(w[0] for w in words).decode(
                    'latin-1'), field.split(': ')[1].rstrip(' '))
        one = converted('From: "J. Gr\xf6n" <a@b>\n\n'.encode('latin-1'), UTF8)
        self.assertIn(b'=?unknown-8bit?Q?J=2E_Gr=F6n?= <a@b>', one)

    def test_soft_break_is_no_delimiter(self):
        for n in range(60, 80):
            text = b'\xfc' + b'x' * n + b'--b'
            message = MIXED + b'--b\n\n' + text + b'\n--b--\n'
            found = contents(converted(message))
            self.assertEqual([p[3] for p in found], [None, text], n)

    def test_missing_ends(self):
        for message in (MIXED + b'--b\n\n\xfc', MIXED + b'--b\n\n\xfc\n--b',
                        MIXED + b'--b\nContent-Type: multipart/mixed; '
                        b'boundary=bb\n\n--bb\n\n\xfc\n--b\n\n\xfc\n--b--'):
            one = converted(message)
            self.assertTrue(same(contents(message), contents(one)),
                            (message, one))

    def test_delimiter_of_a_multipart_that_is_over(self):
        message = MIXED + (
            b'--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\nx\n'
            b'--b\n\n\xfc, and so on and on and on and on\n--bb\n\n\xfc\n'
            b'--b--\n')
        found = contents(converted(message))
        self.assertTrue(same(contents(message), found), found)

    def test_header_without_body(self):
        message = MIXED + (b'--b\nContent-Type: text/plain\n--b\n\n\xfc\n'
                           b'--b--\n')
        self.assertIn(b'--b\r\nContent-Type: text/plain\r\n--b\r\n',
                      converted(message))

    def test_digest(self):
        message = (b'Content-Type: multipart/digest; boundary=b\n\n--b\n\n'
                   b'Subject: x\n\n\xfc is in here, and more\n--b--\n')
        one = converted(message)
        self.assertIn(b'\r\n--b\r\n\r\nSubject: x\r\nMIME-Version: 1.0\r\n',
                      one)
        self.assertEqual(contents(one)[-1][3].rstrip(),
                         b'\xfc is in here, and more')


if __name__ == '__main__':
    unittest.main()
