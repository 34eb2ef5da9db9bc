#!/usr/bin/python3
"""test_generated - composed messages, as parsers read them.

SPDX-License-Identifier: MIT

Generates messages from a fixed seed, composes each with the program in
DUVA_COMPOSE, which also tries many sizes of pull, and has each read by
Python's email, by GMime and by mailparser.
"""
import collections
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

import parsers

COMPOSE = os.environ['DUVA_COMPOSE']
COUNT = int(os.environ.get('DUVA_MESSAGES', 400))
# The names of duva_reason, in its order.
REASONS = re.findall(r'DUVA_REASON_(?!H\b)(\w+)', re.sub(
    r'/\*.*?\*/', '', (parsers.ROOT / 'include/duva/reason.h').read_text(),
    flags=re.S))
TEXT, HTML, RELATED, CALENDAR, ATTACHED = range(5)
UTF8 = 4

SCRIPTS = [
    'pump pressure valve (alarm) "two" bar, please: look <here> = 1? ok.',
    'Räksmörgås på smörgåsbordet över ängarna i Åmål é ü ß',
    'Το γρήγορο καφέ αλεπού πηδάει πάνω από το τεμπέλικο σκυλί',
    'Съешь же ещё этих мягких французских булок да выпей чаю',
    'نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر',
    '色は匂へど散りぬるを我が世誰ぞ常ならむ有為の奥山今日越えて',
    '天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏',
    '🕊️🎉👩‍👩‍👧‍👦 mail 🇸🇪🐦 über 𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
]
LENGTHS = [0, 1, 2, 3, 10, 30, 60, 68, 69, 70, 75, 76, 77, 78, 79, 150, 300,
           900, 997, 998, 999, 1500]

Part = collections.namedtuple('Part', 'place type name cid data extra')
Mail = collections.namedtuple('Mail', 'subject people headers parts takes '
                              'records')


def text_of(rng, length, script=None):
    source = script or rng.choice(SCRIPTS)
    start = rng.randrange(len(source))
    return (source[start:] + (source + ' ') * (length // len(source) + 1))[
        :length]


def tidy(text):
    """What parsers agree on: no space at the ends, none doubled."""
    return re.sub(r' +', ' ', text).strip()


def word(rng):
    return ''.join(rng.choice('abcdefghijklmnopqrstuvwxyz0123456789')
                   for _ in range(rng.randint(1, 20)))


def an_address(rng):
    if rng.random() < .1:
        return f'"{word(rng)} {word(rng)}"@{word(rng)}.example'
    return f'{word(rng)}.{word(rng)}@{word(rng)}.example'


def some_people(rng):
    people = {'From': [(tidy(text_of(rng, rng.choice([0, 5, 20, 60, 61, 90]))),
                        an_address(rng))]}
    for field in ('Reply-To', 'To', 'Cc'):
        people[field] = [(tidy(text_of(rng, rng.choice([0, 0, 8, 25, 40]))),
                          an_address(rng))
                         for _ in range(rng.choice([0, 1, 1, 2, 5, 30]))]
    return people


def a_text(rng):
    kind = rng.random()
    lines = [text_of(rng, rng.choice(LENGTHS))
             for _ in range(rng.choice([0, 1, 1, 2, 5, 40]))]
    if kind < .2:
        lines = [line.encode('ascii', 'ignore').decode() for line in lines]
    if kind > .9:
        lines += ['trailing ', '\ttab\t', '.', '..', 'From here', '--=_x', '=',
                  '--' + '-' * 74, 'x' * 1000]
    end = rng.choice(['', '\n', '\r\n'])
    return rng.choice(['\n', '\r\n']).join(lines) + end


def some_parts(rng):
    parts = []
    if rng.random() < .9:
        parts.append(Part(TEXT, 'text/plain', None, None,
                          a_text(rng).encode(), {}))
    if rng.random() < .4:
        parts.append(Part(HTML, 'text/html', None, None,
                          ('<p>' + a_text(rng) + '</p>').encode(), {}))
        for i in range(rng.choice([0, 0, 1, 3])):
            parts.append(Part(RELATED, 'image/png', rng.choice(
                [None, 'bild.png']), f'{word(rng)}{i}@x.example',
                rng.randbytes(rng.choice(LENGTHS)), {}))
    if rng.random() < .1:
        parts.append(Part(CALENDAR, 'text/calendar', None, None,
                          b'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n'
                          b'END:VCALENDAR\r\n', {'method': 'REQUEST'}))
    for _ in range(rng.choice([0, 0, 1, 1, 2, 6])):
        name = rng.choice([
            None, word(rng) + '.pdf', 'a "quoted" name.txt', 'back\\slash.bin',
            "it's 100% (ok); x=1, y.dat", text_of(rng, 200, SCRIPTS[0]).strip(),
            tidy(text_of(rng, rng.choice([3, 12, 20, 40]))) + '.bin'])
        if name is not None:
            while len(name.encode()) > 255:
                name = name[1:]
        parts.append(Part(ATTACHED, rng.choice(
            ['application/octet-stream', 'image/jpeg', 'application/vnd.'
             'openxmlformats-officedocument.wordprocessingml.document']),
            name, None, rng.randbytes(rng.choice([*LENGTHS, 57, 5000, 70000])),
            {'encoding': rng.choice(['0', '0', '0', '1'])}))
    rng.shuffle(parts)
    return parts


def record(key, value):
    octets = value if isinstance(value, bytes) else str(value).encode()
    return f'{key} {len(octets)}\n'.encode() + octets + b'\n'


def address_records(field, people):
    key = field.lower().replace('-', '_')
    for name, addr in people:
        yield record(f'{key}.name', name)
        yield record(f'{key}.addr', addr)


def part_records(rng, part):
    yield record('part', part.place)
    for key in ('type', 'name', 'cid'):
        if getattr(part, key) is not None:
            yield record(f'part.{key}', getattr(part, key))
    for key, value in part.extra.items():
        yield record(f'part.{key}', value)
    yield record('part.data', part.data)
    if rng.random() < .5:
        yield record('part.read', rng.choice([1, 50, 4096, 1 << 20]))
        if rng.random() < .3:
            yield record('part.unknown', '')


def a_mail(rng):
    people = some_people(rng)
    subject = text_of(rng, rng.choice(LENGTHS))
    parts = some_parts(rng)
    headers = {f'X-{word(rng)}-{i}': text_of(rng, rng.choice(LENGTHS[1:]))
               for i in range(rng.choice([0, 0, 1, 4]))}
    takes = rng.choice([0, 0, 1, 3, 4, 5, 7])
    records = [record('seed', rng.randbytes(16)), record('takes', takes),
               record('date', rng.randrange(1 << 32)),
               record('zone', rng.choice([0, 60, -300, 345])),
               record('subject', subject)]
    for field, list_ in people.items():
        records += address_records(field, list_)
    for name, value in headers.items():
        records += [record('header', name), record('value', value)]
    for part in parts:
        records += part_records(rng, part)
    return Mail(subject, people, headers, parts, takes, b''.join(records))


def compose(records):
    return subprocess.run([COMPOSE], input=records, capture_output=True)


def canonical(part):
    """The content as it should arrive: text with CRLF."""
    if part.place in (TEXT, HTML, CALENDAR):
        return re.sub(rb'\r?\n', b'\r\n', part.data)
    return part.data


def in_order(parts):
    html = any(part.place == HTML for part in parts)
    return sorted(parts, key=lambda part: ATTACHED if part.place == RELATED
                  and not html else part.place)


class Generated(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        rng = random.Random(5)
        cls.mails, cls.octets = [], []
        for number in range(COUNT):
            mail = a_mail(rng)
            done = compose(mail.records)
            if done.returncode:
                raise RuntimeError(f'{number}: {done.stderr}')
            cls.mails.append(mail)
            cls.octets.append(done.stdout)

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print('message', self.number, file=sys.stderr)

    def each(self):
        for number, (mail, octets) in enumerate(zip(self.mails, self.octets)):
            self.number = number
            yield mail, octets

    def compare(self, mail, found, fields):
        self.assertEqual(tidy(found['subject']), tidy(mail.subject))
        for field in fields:
            self.assertEqual([(name, addr) for name, addr in
                              found['people'][field]], mail.people[field])

    def test_lines(self):
        for mail, octets in self.each():
            self.assertNotRegex(octets, rb'[^\r]\n|\r[^\n]') if not \
                mail.takes & 2 else None
            if not mail.takes & 2:
                self.assertLessEqual(
                    max(map(len, octets.split(b'\r\n'))), 998)
            for line in octets.split(b'\r\n\r\n')[0].split(b'\r\n'):
                if b'=?' in line:
                    self.assertLessEqual(len(line), 76, line)
                elif b' ' in line.strip():
                    self.assertTrue(
                        len(line.decode()) <= 78
                        or line.startswith(b'X-') or mail.takes & UTF8
                        or max(map(len, line.split())) > 70, line)
                self.assertNotEqual(line.strip(), b'')
            if not mail.takes & 1:
                self.assertTrue(octets.split(b'\r\n\r\n')[0].isascii()
                                or mail.takes & UTF8)
            if mail.takes == 0:
                self.assertTrue(octets.isascii())

    def check_parts(self, mail, found, nested=True):
        wanted = in_order(mail.parts)
        self.assertEqual(len(found), max(len(wanted), 1))
        for part, (kind, name, cid, content) in zip(wanted, found):
            self.assertEqual(kind, part.type)
            self.assertEqual(cid, part.cid and f'<{part.cid}>')
            self.assertEqual(name, part.name)
            self.assertEqual(content, canonical(part))

    def test_email(self):
        for mail, octets in self.each():
            if mail.takes & UTF8:
                continue        # this parser wants ASCII fields
            found = parsers.python_email(octets)
            self.compare(mail, found, mail.people)
            for name, value in mail.headers.items():
                self.assertEqual(tidy(found['headers'][name]), tidy(value))
            if mail.parts:
                self.check_parts(mail, found['parts'])

    def test_gmime(self):
        parser, why = parsers.gmime()
        if parser is None:
            self.skipTest(why)
        for mail, octets in self.each():
            found = parser(octets)
            self.compare(mail, found, mail.people)
            if mail.parts:
                self.check_parts(mail, found['parts'])

    def test_mailparser(self):
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, octets in enumerate(self.octets):
                files.append(pathlib.Path(folder) / f'{number}.eml')
                files[-1].write_bytes(octets)
            results, why = parsers.mailparser(files)
        if results is None:
            self.skipTest(why)
        import base64
        for number, (mail, found) in enumerate(zip(self.mails, results)):
            self.number = number
            if mail.takes & UTF8:
                continue        # this parser wants ASCII fields
            found['people'] = {k: [tuple(x) for x in v]
                               for k, v in found['people'].items()}
            self.compare(mail, found, ('From', 'To', 'Cc', 'Reply-To'))
            wanted = [part for part in in_order(mail.parts)
                      if part.place in (RELATED, ATTACHED)]
            got = [one for one in found['attachments']
                   if one[0] != 'text/calendar']
            self.assertEqual(len(got), len(wanted))
            for part, (kind, name, cid, content) in zip(wanted, got):
                if not part.type.endswith('octet-stream'):
                    self.assertEqual(kind, part.type)  # else a guess
                self.assertEqual(name, part.name)
                self.assertEqual(base64.b64decode(content), part.data)


if __name__ == '__main__':
    unittest.main(verbosity=1)
