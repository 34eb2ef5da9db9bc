#!/usr/bin/python3
"""test_netx - mail from a NetX Duo program arrives unchanged.

SPDX-License-Identifier: MIT

Run by CTest, which says where the program is: ctest -R netx
"""
import re
import unittest

import duva
from common import Common, V6, main
from relay import Relay
from servers import Aiosmtpd, Postfix

BODY = (b'Pressure at pump 7 fell below 2 bar.\r\n'
        b'Valve B was closed. Please have a look.\r\n')


class NetxTest(unittest.TestCase):
    assert_exit = Common.assert_exit

    def check(self, server):
        """The example sends two mails: over IPv4 and over IPv6."""
        with server, Relay(server.port) as relay:
            self.assert_exit(duva.netx_alarm(relay.addresses, relay.port), 0)
            deliveries = server.take(2)
        lines, sent = relay.conversation()
        self.assertEqual(sorted(delivery.message for delivery in deliveries),
                         sorted(sent))
        for delivery in deliveries:
            self.assertEqual(delivery.sender, 'pump7@example.net')
            self.assertEqual(delivery.recipients, ['duty@example.org'])
            header, body = delivery.message.split(b'\r\n\r\n', 1)
            self.assertEqual(body, BODY)
            self.check_header(header)
        return relay, lines, deliveries

    def check_header(self, header):
        names = [line.split(b':')[0] for line in header.split(b'\r\n')
                 if line[:1] not in b' \t']
        self.assertEqual(len(names), len(set(names)))
        for name in (b'To', b'From', b'Subject', b'Date', b'Message-ID'):
            self.assertIn(name, names)
        self.assertRegex(header, rb'(?m)^Subject: Pump 7: pressure below 2 bar')
        self.assertRegex(header, rb'(?m)^X-Priority: 1')

    def test_postfix(self):
        relay, lines, _ = self.check(Postfix())
        # Nothing but what the server offers: no AUTH here.
        self.assertFalse([line for _, line in lines
                          if re.match('(?i)auth', line)])
        if V6 not in relay.addresses:
            self.skipTest(f'this machine has no {V6}: both went over IPv4')

    def test_aiosmtpd_with_authentication(self):
        _, _, deliveries = self.check(Aiosmtpd('alarm', 'pigeon'))
        for delivery in deliveries:
            self.assertEqual(delivery.login, 'alarm')

    def test_wrong_password(self):
        with Aiosmtpd('alarm', 'another word') as server:
            done = duva.netx_alarm(server.addresses, server.port)
            self.assert_exit(done, 1)
            # 0xAD is NX_SMTP_AUTH_REPLY_ERROR.
            self.assertEqual(done.stdout.count(b'status 0xad, reply 535'), 2)
            server.take(0)


if __name__ == '__main__':
    main()
