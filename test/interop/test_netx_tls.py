#!/usr/bin/python3
"""test_netx_tls - a NetX Duo program sends mail by TLS, or not at all.

SPDX-License-Identifier: MIT

Run by CTest, which says where the program is: ctest -R netx-tls
"""
import ssl
import unittest

import duva
from authority import Authority
from common import main
from servers import Aiosmtpd, Postfix

BODY = (b'Pressure at pump 7 fell below 2 bar.\r\n'
        b'Valve B was closed. Please have a look.\r\n')
NAME = 'DNS:mail.example.net'


def setUpModule():
    global authority, stranger
    authority = unittest.enterModuleContext(Authority())
    stranger = unittest.enterModuleContext(Authority('Stranger'))


class NetxTlsTest(unittest.TestCase):
    def alarm(self, server, trusted):
        file = trusted.folder / 'ca.der'
        file.write_bytes(ssl.PEM_cert_to_DER_cert(trusted.file.read_text()))
        return duva.netx_alarm_tls(server.port, file)

    def check(self, server):
        with server:
            done = self.alarm(server, authority)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            delivery, = server.take(1)
        self.assertEqual(delivery.recipients, ['duty@example.org'])
        self.assertEqual(delivery.message.split(b'\r\n\r\n', 1)[1], BODY)
        return delivery

    def refuse(self, server, trusted, status):
        with server:
            done = self.alarm(server, trusted)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            self.assertIn(b'status ' + status, done.stdout)
            server.take(0)

    def test_postfix(self):
        self.check(Postfix(authority.certificate(NAME)))

    def test_aiosmtpd_with_authentication(self):
        delivery = self.check(Aiosmtpd('alarm', 'pigeon',
                                       certificate=authority.certificate(NAME)))
        self.assertEqual(delivery.login, 'alarm')

    def test_wrong_name(self):
        self.refuse(Postfix(authority.certificate('DNS:mx.example.net')),
                    authority, b'0x195')

    def test_unknown_authority(self):
        self.refuse(Postfix(authority.certificate(NAME)), stranger, b'0x11b')

    def test_no_starttls(self):
        self.refuse(Postfix(), authority, b'0x1c0')


if __name__ == '__main__':
    main()
