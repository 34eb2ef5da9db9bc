#!/usr/bin/python3
"""test_aiosmtpd - what aiosmtpd receives, and from whom.

SPDX-License-Identifier: MIT

Run by CTest, which says where the programs are: ctest -R aiosmtpd
"""
import base64
import pathlib
import tempfile
import unittest

import duva
from common import Common, V4, V6, main
from messages import BARE, MESSAGES
from servers import Aiosmtpd

USER, PASSWORD = 'ada', 'pässword with "spaces"'


class AiosmtpdTest(Common, unittest.TestCase):
    refused = 'refuse-me@example.org'

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Aiosmtpd())

    def take_for(self, _recipients):
        """All recipients share one copy."""
        return self.server.take(1)

    def test_bare_messages(self):
        self.check_messages(lambda message: duva.many(
            V4, self.server.port, 'alarm@pump.example',
            [('ada@example.org', message)]), BARE)

    def test_eight_bit_is_announced(self):
        done = duva.send(V4, self.server.port, MESSAGES['eight-bit'])
        self.assert_exit(done, 0)
        self.assertIn('BODY=8BITMIME', self.server.take(1)[0].options)

    def test_envelope(self):
        done = duva.send(V4, self.server.port, MESSAGES['plain'],
                         sender='"odd one"@[192.0.2.1]',
                         to=['a+b@example.org', '"c d"@example.org'])
        self.assert_exit(done, 0)
        delivery = self.server.take(1)[0]
        self.assertEqual(delivery.sender, '"odd one"@[192.0.2.1]')
        self.assertEqual(delivery.recipients,
                         ['a+b@example.org', '"c d"@example.org'])

    def test_recipient_put_off(self):
        done = duva.send(V4, self.server.port, MESSAGES['plain'],
                         to=['later@example.org'])
        self.assert_exit(done, 75)
        self.assert_nothing_arrived()


class AuthTest(unittest.TestCase):
    assert_exit = Common.assert_exit
    assert_message = Common.assert_message
    need = Common.need

    def login(self, address, password, mechanism):
        message = MESSAGES['plain']
        with tempfile.TemporaryDirectory() as folder, \
                Aiosmtpd(USER, PASSWORD, [mechanism]) as self.server:
            self.need(address)
            secret = pathlib.Path(folder, 'password')
            secret.write_text(password + '\n')
            secret.chmod(0o600)
            done = duva.send(address, self.server.port, message, '--trace',
                             '--user', USER, '--password-file', str(secret))
            return done, self.server.take(0 if done.returncode else 1)

    def check_right(self, address, mechanism):
        done, deliveries = self.login(address, PASSWORD, mechanism)
        self.assert_exit(done, 0)
        self.assertEqual(self.server.last_mechanism, mechanism)
        self.assertEqual(deliveries[0].login, USER)
        self.assert_message(deliveries[0], MESSAGES['plain'])
        self.check_silence(done, PASSWORD)

    def check_wrong(self, mechanism):
        done, _ = self.login(V4, 'wrong-word', mechanism)
        self.assert_exit(done, 77)
        self.assertEqual(self.server.last_mechanism, mechanism)
        self.check_silence(done, 'wrong-word')

    def check_silence(self, done, password):
        """No secret, in whatever form, is shown."""
        shown = done.stdout + done.stderr
        for user in ('', USER + '\0', '\0' + USER + '\0',
                     USER + '\0' + USER + '\0'):
            secret = (user + password).encode()
            self.assertNotIn(secret, shown)
            self.assertNotIn(base64.b64encode(secret), shown)
        self.assertIn(b'***', shown)

    def test_plain(self):
        self.check_right(V4, 'PLAIN')

    def test_plain_over_ipv6(self):
        self.check_right(V6, 'PLAIN')

    def test_login(self):
        self.check_right(V4, 'LOGIN')

    def test_login_over_ipv6(self):
        self.check_right(V6, 'LOGIN')

    def test_plain_with_a_wrong_password(self):
        self.check_wrong('PLAIN')

    def test_login_with_a_wrong_password(self):
        self.check_wrong('LOGIN')

    def test_no_login_where_one_is_needed(self):
        with Aiosmtpd(USER, PASSWORD) as self.server:
            done = duva.send(V4, self.server.port, MESSAGES['plain'])
            self.assert_exit(done, 69)
            self.server.take(0)


if __name__ == '__main__':
    main()
