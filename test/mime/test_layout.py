#!/usr/bin/python3
"""test_layout - composed messages octet by octet, and errors.

SPDX-License-Identifier: MIT

The cases are in the file that DUVA_LAYOUT names.  Each has lines

    # what it is about
    > key value         as compose.c takes them
    = needs size        what it needs of the servers; is the size known?
    | line              what is composed, with CRLF between each two lines
    ! code reason number where field        instead: how it is refused

with \\n, \\r, \\t, \\s (a space), \\\\ and \\xNN, and <x*70> for 70 times x.
The seed, From, Message-ID and MIME-Version are left out where they are those
of most cases.  With DUVA_WRITE=1 the file gets what is composed now.
"""
import os
import pathlib
import re
import subprocess
import unittest

from test_generated import REASONS

COMPOSE = os.environ['DUVA_COMPOSE']
LAYOUT = pathlib.Path(os.environ['DUVA_LAYOUT'])
SEED = b'0123456789abcdef'
COMMON = re.compile(rb'^From: ada@example\.net\r\n|^From: <ada@example\.net>'
                    rb'\r\n|^Message-ID: <00000000\.3031323334353637@example\.'
                    rb'net>\r\n|^Message-ID: <MDEyMzQ1Njc4@example\.net>\r\n|'
                    rb'^MIME-Version: 1\.0\r\n', re.M)
LETTERS = {b'n': b'\n', b'r': b'\r', b't': b'\t', b's': b' ', b'\\': b'\\'}
RUN = re.compile(r'<(.)\*(\d+)>', re.S)


def plain(text):
    """The octets that a line of the file means."""
    many = RUN.sub(lambda m: m[1] * int(m[2]), text.decode()).encode()
    return re.sub(rb'\\(x..|.)', lambda m: LETTERS.get(m[1]) or
                  bytes([int(m[1][1:], 16)]), many)


def shown(octets):
    """A line of the file that means the octets."""
    text = re.sub(rb'[\\\n\r\t]', lambda m: b'\\' + {
        v: k for k, v in LETTERS.items()}[m[0]], octets)
    text = re.sub(r'[\x00-\x1f\x7f-\x9f\udc80-\udcff]', lambda m: ''.join(
        f'\\x{octet:02x}' for octet in m[0].encode(errors='surrogateescape')),
        text.decode(errors='surrogateescape'))
    text = re.sub(r'(.)\1{7,}', lambda m: f'<{m[1]}*{len(m[0])}>', text)
    return re.sub(r' $', r'\\s', text).encode()


def record(key, value):
    return b'%s %d\n%s\n' % (key, len(value), value)


def compose(lines):
    """The records of `> key value` lines into what the file says of them."""
    pairs = [line[2:].partition(b' ')[::2] for line in lines]
    records = record(b'seed', SEED)
    if not any(key.startswith(b'from.') for key, _ in pairs):
        records += record(b'from.name', b'')
        records += record(b'from.addr', b'ada@example.net')
    records += b''.join(record(key, plain(value)) for key, value in pairs)
    done = subprocess.run([COMPOSE], input=records, capture_output=True)
    if done.returncode:
        err, reason, rest = done.stderr.decode().strip().split(' ', 2)
        return [f'! {err} {REASONS[int(reason)]} {rest}'.encode()]
    octets = COMMON.sub(b'', done.stdout)
    return [b'= ' + done.stderr.strip()] + [
        b'| ' + shown(line) for line in octets.split(b'\r\n')]


def cases():
    for case in LAYOUT.read_bytes().split(b'\n\n'):
        lines = case.strip(b'\n').split(b'\n')
        yield ([line for line in lines if line[:1] == b'#'],
               [line for line in lines if line[:1] == b'>'],
               [line for line in lines if line[:1] not in b'#>'])


class Layout(unittest.TestCase):
    maxDiff = None

    def test_layout(self):
        count = 0
        for notes, given, wanted in cases():
            if not given:
                continue
            count += 1
            with self.subTest(case=b' '.join(notes + given).decode()):
                self.assertEqual(compose(given), wanted)
        self.assertGreater(count, 20)


if __name__ == '__main__':
    if os.environ.get('DUVA_WRITE'):
        LAYOUT.write_bytes(b'\n\n'.join(
            b'\n'.join(notes + given + (compose(given) if given else wanted))
            for notes, given, wanted in cases()) + b'\n')
    unittest.main(verbosity=1)
