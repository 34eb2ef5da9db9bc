#!/usr/bin/python3
"""test_small - the small composer writes the same, or reports what it lacks.

SPDX-License-Identifier: MIT

Composes, with the program in DUVA_COMPOSE, messages that need nothing of what
DUVA_MIME_SMALL leaves out, and has them read by the parsers of
test_generated.py; and each thing that is left out, which must be refused.
"""
import random
import re
import unittest

import test_generated as full
from test_generated import ATTACHED, CALENDAR, HTML, RELATED, TEXT, record

LEFT_OUT = full.REASONS.index('LEFT_OUT')
# Pulled an octet at a time, a long field is written anew for each.
COUNT = full.COUNT * 3 // 4
LENGTHS = [length for length in full.LENGTHS if length <= 300]


def some_people(rng):
    people = full.some_people(rng)
    return {field: [(name, addr.replace('"', '').replace(' ', '-'))
                    for name, addr in list_[:3]]
            for field, list_ in people.items()}


def some_parts(rng):
    parts = []
    if rng.random() < .9:
        parts.append(full.Part(
            TEXT, rng.choice(['text/plain', 'text/html']), None, None,
            full.a_text(rng).encode(), {}))
    for _ in range(rng.choice([0, 1, 1, 2])):
        parts.append(full.Part(
            ATTACHED, rng.choice(['application/octet-stream', 'image/jpeg',
                                  'model/mesh']),
            rng.choice([None, full.word(rng) + '.pdf', "it's (ok); x=1, y.dat",
                        full.text_of(rng, 55, 'long name ').strip() + '.']),
            None, rng.randbytes(rng.choice([*LENGTHS, 57, 1000])),
            {}))
    return parts


def a_mail(rng):
    people = some_people(rng)
    subject = full.text_of(rng, rng.choice(LENGTHS))
    parts = some_parts(rng)
    headers = {f'X-{full.word(rng)}-{i}': full.text_of(
        rng, rng.choice(LENGTHS[1:])) for i in range(rng.choice([0, 1]))}
    records = [record('seed', rng.randbytes(16)),
               record('date', rng.randrange(1 << 32)),
               record('subject', subject)]
    for field, list_ in people.items():
        records += full.address_records(field, list_)
    for name, value in headers.items():
        records += [record('header', name), record('value', value)]
    for part in parts:
        records += full.part_records(rng, part)
    return full.Mail(subject, people, headers, parts, 0, b''.join(records))


class Small(full.Generated):
    @classmethod
    def setUpClass(cls):
        rng = random.Random(7)
        cls.mails, cls.octets = [], []
        for number in range(COUNT):
            mail = a_mail(rng)
            done = full.compose(mail.records)
            if done.returncode:
                raise RuntimeError(f'{number}: {done.stderr}')
            cls.mails.append(mail)
            cls.octets.append(done.stdout)
        print(f'{len(cls.mails)} messages by the small composer')

    def test_spaces(self):
        for value in ('', ' ', '\t', ' x'):
            done = full.compose(self.head + record('header', 'X-' + 'a' * 80)
                                + record('value', value))
            self.assertEqual(done.returncode, 0)
            self.assertNotRegex(done.stdout, rb'\r\n[ \t]+\r\n')

    def test_plain_text_stays_legible(self):
        for text, encoding in ((b'Pump 3: 4.5 bar\n-- \nThe pump', b'7bit'),
                               (b'', b'7bit'), (b'x' * 998, b'7bit'),
                               (b'x' * 999, b'base64'), (b'a\0', b'base64'),
                               (b'a\rb', b'base64'), (b'a\r', b'base64'),
                               (b'--=_', b'base64'), (b'\xc3\xa5', b'base64')):
            done = full.compose(self.head + record('part', TEXT)
                                + record('part.data', text))
            self.assertEqual(re.search(rb'Encoding: (\S+)', done.stdout)[1],
                             encoding, text)

    head = (record('seed', b'0123456789abcdef') + record('from.name', '')
            + record('from.addr', 'ada@example.net'))

    def refused(self, records, reason, field, number=0):
        done = full.compose(records)
        self.assertEqual((done.returncode, done.stdout), (1, b''))
        code, why, which, _, name = done.stderr.decode().split(' ', 4)
        self.assertEqual((code, int(why), int(which), name.strip()),
                         ('-12' if reason == LEFT_OUT else '-1', reason,
                          number, field))

    def test_left_out(self):
        for records, field, number in (
                (record('zone', 60), 'Date', 0),
                (record('message_id', '<a@b>'), 'Message-ID', 0),
                (record('in_reply_to', '<a@b>'), 'Message-ID', 0),
                (record('references', '<a@b>'), 'Message-ID', 0),
                (record('sender.name', '') + record('sender.addr', 'a@b'),
                 'Sender', 0)):
            self.refused(self.head + records, LEFT_OUT, field, number)
        text = record('part', TEXT) + record('part.data', 'x')
        for records, field in (
                (record('part', RELATED), 'place'),
                (record('part', CALENDAR), 'place'), (text, 'place'),
                (record('part', HTML), 'place'),
                (record('part', ATTACHED) + record('part.encoding', 2),
                 'part'),
                (record('part', ATTACHED) + record('part.cid', 'a@b'), 'part'),
                (record('part', ATTACHED) + record('part.type',
                                                   'Message/rfc822'), 'type'),
                (record('part', ATTACHED) + record('part.type',
                                                   'multipart/mixed'), 'type')):
            self.refused(self.head + text + records + record('part.data', 'x'),
                         LEFT_OUT, field, 2)

    def test_refused(self):
        attached = record('part', ATTACHED) + record('part.data', 'x')
        self.refused(self.head + record('to.name', 'Duty')
                     + record('to.members', 0), 4, 'To', 1)
        for bad in ('a\r\nBcc: b@c', 'a\nb', 'a\0b', 'a\x7fb', 'a\x85b'):
            octets = bad.encode()
            if '\0' not in bad:
                for records in (record('subject', octets),
                                record('header', 'X-A') + record('value',
                                                                 octets),
                                record('header', octets) + record('value', 'x'),
                                record('to.name', octets)
                                + record('to.addr', 'a@b'),
                                record('to.name', 'x')
                                + record('to.addr', octets + b'@b'),
                                attached + record('part.name', octets),
                                attached + record('part.type', b'a/' + octets)):
                    done = full.compose(self.head + records)
                    self.assertEqual((done.returncode, done.stdout), (1, b''),
                                     records)
        self.refused(self.head + record('subject', b'a\xff'), 10, 'Subject')
        for addr in ('', 'a', '@b', 'a@', 'a@b@c', 'a b@c', 'a@b>', 'a@b,c@d',
                     '"a"@b', 'a@[1]', 'ä@b'):
            self.refused(self.head + record('to.name', '')
                         + record('to.addr', addr), 4, 'To', 1)


if __name__ == '__main__':
    unittest.main(verbosity=1)
