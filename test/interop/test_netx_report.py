#!/usr/bin/python3
"""test_netx_report - what a NetX Duo program composes, read by parsers.

SPDX-License-Identifier: MIT

Run by CTest, which says where the program is: ctest -R netx-report
"""
import email
import email.policy
import unittest

import duva
from common import Common, main
from servers import Aiosmtpd

TEXT = 'Pump 7 ran for 23 hours. Its log is attached.\r\n'
HTML = '<p>Pump 7 ran for <b>23 hours</b>. Its log is attached.</p>\r\n'
LOG = b''.join(b'%06d valve B open, 4.2 bar  \r\n' % n for n in range(2000))
READERS = ['duty@example.org', 'office@example.org', 'archive@example.org']


class Refusing(Aiosmtpd):
    """Has no mailbox for the office."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('office'):
            return '550 5.1.1 No such mailbox'
        return await super().handle_RCPT(server, session, envelope, address,
                                         options)


class NetxReportTest(unittest.TestCase):
    assert_exit = Common.assert_exit

    def report(self, server):
        with server:
            done = duva.netx_report(server.port)
            self.assert_exit(done, 0)
            report, log = server.take(2)
        for delivery in report, log:
            self.assertNotIn(b'archive', delivery.message)
        return done.stdout.decode(), report, log

    def parse(self, delivery):
        message = email.message_from_bytes(delivery.message,
                                           policy=email.policy.default)
        for part in message.walk():
            self.assertEqual(part.defects, [])
            for name, value in part.items():
                self.assertEqual(value.defects, (), f'{name}: {value}')
        self.assertEqual(message['From'], 'pump7@example.net')
        self.assertEqual(message['To'], 'duty@example.org')
        self.assertEqual(message['Cc'], 'office@example.org')
        for name in 'Date', 'Message-ID', 'MIME-Version':
            self.assertEqual(len(message.get_all(name, [])), 1, name)
        self.assertNotIn('Bcc', message)
        return message

    def test_what_is_composed(self):
        _, report, log = self.report(Aiosmtpd())
        for delivery in report, log:
            self.assertEqual(delivery.sender, 'pump7@example.net')
            self.assertEqual(delivery.recipients, READERS)
        message = self.parse(report)
        self.assertEqual(message['Subject'], 'Pump 7: report')
        self.assertEqual(message.get_content_type(), 'multipart/mixed')
        self.assertEqual(message.get_body(['plain']).get_content(), TEXT)
        self.assertEqual(message.get_body(['html']).get_content(), HTML)
        attached, = message.iter_attachments()
        self.assertEqual(attached.get_content_type(), 'text/plain')
        self.assertEqual(attached.get_filename(), 'pump7.log')
        self.assertEqual(attached.get_payload(decode=True), LOG)

    def test_the_body_from_a_function(self):
        _, _, log = self.report(Aiosmtpd())
        message = self.parse(log)
        self.assertEqual(message['Subject'], 'Pump 7: log')
        self.assertEqual(message['X-Priority'], '5')
        self.assertEqual(log.message.split(b'\r\n\r\n', 1)[1], LOG)

    def test_each_has_his_own_verdict(self):
        output, report, log = self.report(Refusing())
        for delivery in report, log:
            self.assertEqual(delivery.recipients, READERS[::2])
        self.assertEqual(output.count(
            '  duty@example.org: accepted, 250 Message stored\n'
            '  office@example.org: not accepted, 550 No such mailbox\n'
            '  archive@example.org: accepted, 250 Message stored\n'), 2)


if __name__ == '__main__':
    main()
