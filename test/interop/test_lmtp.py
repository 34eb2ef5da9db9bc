#!/usr/bin/python3
"""test_lmtp - Dovecot takes mail by LMTP, over TCP and a Unix socket.

SPDX-License-Identifier: MIT

Run by CTest, which says where the programs are: ctest -R lmtp
"""
import os
import subprocess
import unittest

from common import main
from lmtp import DovecotLmtp
from servers import Missing

FROM = 'alarm@pump.example'


class LmtpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.server = cls.enterClassContext(DovecotLmtp())
        except Missing as missing:
            raise unittest.SkipTest(str(missing))

    def send(self, where, *to):
        done = subprocess.run(
            [os.environ['DUVA_ESMTP'], 'lmtp', *where, 'send', FROM, *to],
            capture_output=True, timeout=60, text=True)
        self.assertEqual(done.returncode, 0, done.stderr + self.server.log())
        return done.stdout.splitlines()

    def places(self):
        return {'tcp': ['127.0.0.1', str(self.server.port)],
                'unix': ['unix', str(self.server.socket)]}.items()

    def test_each_has_an_answer(self):
        for name, where in self.places():
            with self.subTest(name):
                before = len(self.server.messages('bob'))
                said = self.send(where, 'ada', 'nobody', 'lost', 'bob')
                self.assertEqual(said[0], 'accepted none 0')
                self.assertEqual(said[1], 'accepted 250')
                self.assertEqual(said[2], 'refused 550')
                self.assertRegex(said[3], '^retry 4')
                self.assertEqual(said[4], 'accepted 250')
                stored = self.server.messages('bob')
                self.assertEqual(len(stored), before + 1)
                self.assertIn(b'The pigeon is back.', stored[-1])

    def test_nobody_is_delivered_to(self):
        for name, where in self.places():
            with self.subTest(name):
                said = self.send(where, 'lost')
                self.assertEqual(said[0], 'retry none 0')
                self.assertRegex(said[1], '^retry 4')


if __name__ == '__main__':
    main()
