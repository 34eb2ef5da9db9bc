#!/usr/bin/python3
"""test_esmtp - SMTP extensions with Postfix.

SPDX-License-Identifier: MIT

Run by CTest, which says where the programs are: ctest -R esmtp
"""
import os
import subprocess
import unittest

from common import main
from servers import Postfix


class EsmtpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Postfix())

    def run_it(self, *words):
        done = subprocess.run(
            [os.environ['DUVA_ESMTP'], 'smtp', '127.0.0.1',
             str(self.server.port), *words],
            capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode().splitlines()

    def take(self, count):
        files = self.server.wait(count)
        taken = [file.read_bytes() for file in files]
        for file in files:
            file.unlink()
        return taken

    def test_report_of_success(self):
        # The names come back in the report as they were before xtext.
        said = self.run_it('report', 'QQ+314=159', 'ada@example.org',
                           'bob@example.org', 'bob+x=y@elsewhere.example')
        self.assertEqual(said, ['accepted none 0', 'accepted 250'])
        reports = [mail for mail in self.take(2)
                   if b'multipart/report' in mail]
        self.assertEqual(len(reports), 1)
        self.assertIn(b'Original-Envelope-Id: QQ+314=159', reports[0])
        self.assertIn(
            b'Original-Recipient: rfc822;bob+x=y@elsewhere.example',
            reports[0])
        self.assertIn(b'Action: delivered', reports[0])

    def test_address_in_utf8(self):
        said = self.run_it('utf8', 'ada@example.org', 'jos\u00e9@example.org')
        self.assertEqual(said, ['accepted none 0', 'accepted 250'])
        stored = self.take(1)[0]
        self.assertIn('X-Original-To: jos\u00e9@example.org'.encode(), stored)

    def test_address_in_utf8_refused_without(self):
        said = self.run_it('send', 'ada@example.org', 'jos\u00e9@example.org')
        self.assertEqual(said, ['refused not-ascii 1', 'refused 0'])

    def test_vrfy(self):
        said = self.run_it('vrfy', 'ada@example.org')
        self.assertEqual(said[0], '252')
        self.assertIn('ada@example.org', said[1])
        said = self.run_it('vrfy', 'eve@elsewhere.example')
        self.assertRegex(said[0], '^[45]5[04]')

    def test_etrn(self):
        said = self.run_it('etrn', 'elsewhere.example')
        self.assertEqual(said[0], '459')
        self.assertIn('elsewhere.example', said[1])


if __name__ == '__main__':
    main()
