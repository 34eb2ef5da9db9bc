#!/usr/bin/python3
"""test_servers - what other mail servers store of what duva sends.

SPDX-License-Identifier: MIT

Run by CTest, once for each server: ctest -R '^servers'.  Alone:
test_servers.py haraka.  With DUVA_WRITE in the environment, as `make interop`
says it, a merge has its 500 rows and the page gets its line.
"""
import csv
import email
import email.policy
import json
import os
import re
import smtplib
import subprocess
import sys
import time
import unittest

import table
from command import OK, REFUSED, TestCase
from common import SKIPPED
from courier import Courier
from cyrus import Cyrus
from haraka import Haraka
from messages import HEADER, MESSAGES, arrives, numbered_lines
from opensmtpd import OpenSMTPD
from processes import Missing
from qpsmtpd import Qpsmtpd
from sendmail_daemon import Sendmail
from smtp_server import SevenBit, SmtpServer

SERVERS = {'courier': Courier, 'cyrus': Cyrus, 'haraka': Haraka,
           'opensmtpd': OpenSMTPD, 'qpsmtpd': Qpsmtpd, 'sendmail': Sendmail,
           'smtp-server': SmtpServer, 'smtp-server-7bit': SevenBit}
FULL = 'DUVA_WRITE' in os.environ
ROWS = 500 if FULL else 60
RECIPIENTS = 200
# The columns of the page; the first two may differ from time to time.
COLUMNS = {'seconds': '500 rows in', 'trial': 'MAIL with an end of data',
           'merge': 'merge', 'refused': 'refused rows',
           'recipients': '200 recipients', 'large': '5 MB',
           'lines': 'lines', 'eight': 'UTF-8 text',
           'utf8': 'UTF-8 addresses'}
RESULTS = len(COLUMNS) - 2
LONGEST = 60            # seconds that a run may take
SENDER = 'pump@example.net'

# Sendmail and others look into the header: it has what they would add.
FIELDS = (HEADER.replace(b'Subject: ', b'') +
          b'Date: Mon, 01 Jan 2024 00:00:00 +0000\r\n'
          b'Message-ID: <%s@example.net>\r\nSubject: ')
EIGHT_BIT = (b'eight bit\r\nMIME-Version: 1.0\r\n'
             b'Content-Type: text/plain; charset=utf-8\r\n'
             b'Content-Transfer-Encoding: 8bit\r\n\r\n'
             + 'Größe 3 µm\r\n.\r\n..Straße\r\n'.encode())
LINES = 'dots', 'dot-at-end', 'quit', 'blank-lines', 'long-lines', \
    'long-line-dot', 'spaces', 'lone-lf', 'megabyte-of-dots'


def box(number):
    return f'box-{number}@example.org'


def refused(number):
    return f'refuse-{number}@example.org'


def finished(name, rest):
    """A message with all the fields that it should have."""
    return FIELDS % name.encode() + rest


class ServerTest(TestCase):
    server = None       # which main() starts
    cells = {}          # of its line on the page

    @classmethod
    def setUpClass(cls):
        cls.offers = cls.offered()

    @classmethod
    def offered(cls):
        """What a client that is not Duva is told."""
        kind = smtplib.LMTP if cls.server.lmtp else smtplib.SMTP
        with kind('127.0.0.1', cls.server.port, 'test.example',
                  timeout=60) as client:
            client.ehlo()
            return set(client.esmtp_features)

    def duva(self, *arguments, text=b''):
        scheme = 'lmtp' if self.server.lmtp else 'smtp'
        done = subprocess.run(
            [os.environ['DUVA'], 'send', '--server',
             f'{scheme}://127.0.0.1:{self.server.port}', '--from', SENDER,
             *map(str, arguments)], input=text, capture_output=True,
            timeout=LONGEST)
        done.shown = done.stderr.decode()
        return done

    def send(self, message, to=(box(1),), status=OK):
        recipients = [word for address in to for word in ('--to', address)]
        done = self.duva(*recipients, '--raw', '-', '--json', text=message)
        self.assertEqual(done.returncode, status, done.shown)
        return done

    def assert_stored(self, stored, sent):
        """These octets, below the trace fields of the server."""
        message, expected = stored.message, arrives(sent)
        if not message.endswith(expected):
            start = len(message) - len(expected)
            at = next((i for i, (a, b) in enumerate(zip(
                message[max(start, 0):], expected)) if a != b), 0)
            self.fail(f'{message[:300]} ... differs from octet {at} on: '
                      f'{message[max(start, 0) + at:][:80]}, not '
                      f'{expected[at:at + 80]}')
        added = email.message_from_bytes(
            message[:len(message) - len(expected)])
        self.assertEqual(added.get_payload(), '')
        self.assertLessEqual({name.lower() for name in added.keys()},
                             self.server.adds)

    # ---- a merge ----

    def merge(self, count, *more, bad=()):
        """As many rows, of many sizes, each accepted and stored once, but
        for the bad ones, which are refused; what was said, and in which
        time."""
        people = {row: refused(row) if row in bad else box(row)
                  for row in range(1, count + 1)}
        texts = {row: numbered_lines(1 + row * 61 % 9001)
                 for row in range(1, count + 1)}
        rows = self.file(b'email,text\n' + b''.join(
            b'%s,"%s"\n' % (people[row].encode(), text)
            for row, text in texts.items()),
            name=f'{len(bad)}-of-{count}.csv')
        begin = time.monotonic()
        done = self.duva('--merge', rows, '--to', '{{email}}', '--subject',
                         'Merge', '--text', '{{text}}.\n', *more)
        seconds = time.monotonic() - begin
        self.assertEqual(done.returncode, REFUSED if bad else OK, done.shown)
        with open(rows + '.results.csv', newline='') as file:
            results = {int(each['row']): each for each in csv.DictReader(file)}
        self.assertEqual(
            {row: each['verdict'] for row, each in results.items()},
            {row: 'refused' if row in bad else 'accepted' for row in people})
        found = {}
        for stored in self.server.take(count - len(bad)):
            recipient, = stored.recipients
            self.assertNotIn(recipient, found)
            found[recipient] = stored.message
        for row in set(people) - set(bad):
            header, _, body = found[box(row)].partition(b'\r\n\r\n')
            self.assertEqual(body, arrives(texts[row] + b'.'))
            self.assertIn(results[row]['message_id'].encode(), header)
        return done.shown, seconds

    def test_merge(self):
        _, seconds = self.merge(ROWS)
        self.cells['seconds'] = f'{seconds:.1f} s'
        self.cells['merge'] = 'yes'

    def test_merge_of_which_some_are_refused(self):
        self.merge(ROWS // 5, bad=range(1, ROWS // 5 + 1, 4))
        self.merge(10, bad=range(1, 11))
        self.merge(10, bad=range(2, 11))
        self.cells['refused'] = 'yes'

    def test_more_connections_than_it_takes(self):
        most = getattr(self.server, 'connections', None)
        if most is not None:
            self.merge(ROWS, '--connections', 2 * most)

    def test_trial(self):
        """What follows an end of data is said again if it was not taken."""
        shown, _ = self.merge(4, '--trace')
        said = [line.split(maxsplit=2)[2] for line in shown.splitlines()
                if re.match(r' +\d', line)]
        trial = next((at for at, line in enumerate(said) if line == 'C: .' and
                      said[at + 1].startswith('C: MAIL')), None)
        if trial is None:
            self.assertNotIn('pipelining', self.offers)
            self.cells['trial'] = '-'
            return
        replies = [line[3:] for line in said[trial:] if line[0] == 'S']
        self.cells['trial'] = {'250': 'taken', '220': 'no reply'}.get(
            replies[1][:3], replies[1][:3])

    # ---- many recipients ----

    def test_recipients(self):
        everybody = [box(n) if n % 10 else refused(n)
                     for n in range(RECIPIENTS)]
        bad = everybody[::10]
        good = sorted(set(everybody) - set(bad))
        message = finished('many', MESSAGES['dots'][len(HEADER):])
        done = self.send(message, to=everybody, status=REFUSED)
        told = {each['address']: each['verdict'] for each in
                json.loads(done.stdout)['recipients']}
        self.assertEqual(told, {address: 'refused' if address in bad
                                else 'accepted' for address in everybody})
        found = []
        for stored in self.server.take(len(good)):
            self.assert_stored(stored, message)
            found += stored.recipients
        self.assertEqual(sorted(found), good)
        self.cells['recipients'] = 'yes'

    # ---- messages ----

    def test_large(self):
        message = finished('large', b'5 MB\r\n\r\n' + numbered_lines(5000000))
        self.send(message)
        self.assert_stored(self.server.take(1)[0], message)
        self.cells['large'] = 'yes'

    def test_lines(self):
        sent = {}
        for name in LINES:
            sent[name.encode()] = finished(name, MESSAGES[name].partition(
                b'Subject: ')[2])
            self.send(sent[name.encode()])
        for stored in self.server.take(len(LINES)):
            name = re.search(rb'Message-ID: <(.*)@', stored.message)[1]
            with self.subTest(name.decode()):
                self.assert_stored(stored, sent.pop(name))
        self.cells['lines'] = 'yes'

    def test_eight_bit(self):
        message = finished('eight', EIGHT_BIT)
        self.send(message)
        stored = self.server.take(1)[0]
        if '8bitmime' in self.offers:
            self.assert_stored(stored, message)
            self.cells['eight'] = 'as it is'
            return
        self.assertTrue(stored.message.isascii())
        read, wrote = (email.message_from_bytes(
            each, policy=email.policy.default).get_content()
            for each in (stored.message, message))
        self.assertEqual(read.replace('\r', ''), wrote.replace('\r', ''))
        self.cells['eight'] = 'converted'

    def test_utf8_address(self):
        address = box('größe')
        message = finished('utf8', 'Größe\r\n\r\nGrüße\r\n'.encode())
        if 'smtputf8' not in self.offers:
            done = self.send(message, to=[address], status=REFUSED)
            self.assertIn('SMTPUTF8', done.shown)
            self.server.take(0)
            self.cells['utf8'] = '-'
            return
        self.send(message, to=[address])
        stored = self.server.take(1)[0]
        self.assert_stored(stored, message)
        self.cells['utf8'] = 'yes'


def main():
    try:
        with SERVERS[sys.argv.pop(1)]() as ServerTest.server:
            result = unittest.main(exit=False).result
            version = ServerTest.server.program_version()
    except Missing as missing:
        print(f'skipped: {missing}', file=sys.stderr)
        sys.exit(SKIPPED)
    if not result.wasSuccessful():
        sys.exit(1)
    if set(COLUMNS) <= set(ServerTest.cells):
        problem = table.publish_line(
            'More servers', ['server', 'version', *COLUMNS.values()],
            [ServerTest.server.name, version,
             *map(ServerTest.cells.get, COLUMNS)], RESULTS)
        if problem:
            sys.exit(problem)


if __name__ == '__main__':
    main()
