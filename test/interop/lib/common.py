"""common - tests that every server must pass.

SPDX-License-Identifier: MIT
"""
import sys
import unittest

import duva
from messages import HEADER, MESSAGES, UNFIT, arrives

V4, V6 = '127.0.0.1', '::1'
SKIPPED = 77        # the exit status that CTest reports as such


def main():
    """Runs the tests of the program; none is left out unseen."""
    result = unittest.main(exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.skipped else 0)


class Common:
    """Tests for a TestCase with a server at self.server, and knows() that
    says of an address whether the server takes mail for it."""

    def assert_exit(self, done, code):
        if done.returncode != code:
            self.fail(f'exit status {done.returncode}, not {code}\n'
                      f'{done.stdout.decode(errors="replace")}'
                      f'{done.stderr.decode(errors="replace")}')

    def assert_message(self, delivery, sent):
        got, expected = delivery.message, arrives(sent)
        if got == expected:
            return
        same = next((i for i, (a, b) in enumerate(zip(got, expected))
                     if a != b), min(len(got), len(expected)))
        self.fail(f'{len(got)} octets arrived, {len(expected)} were sent; '
                  f'they differ from octet {same} on: {got[same:same + 60]}, '
                  f'not {expected[same:same + 60]}')

    def need(self, address):
        if address not in self.server.addresses:
            self.skipTest(f'this machine has no {address}')

    def check_messages(self, send, messages=None):
        for name, message in (messages or MESSAGES).items():
            with self.subTest(name):
                self.assert_exit(send(message), 0)
                self.assert_message(self.server.take(1)[0], message)

    def test_messages_through_a_pipe(self):
        self.check_messages(lambda message: duva.send(
            V4, self.server.port, message))

    def test_messages_from_a_file(self):
        self.check_messages(lambda message: duva.send_file(
            V4, self.server.port, message))

    def test_messages_over_ipv6(self):
        self.need(V6)
        self.check_messages(lambda message: duva.send(
            V6, self.server.port, message))

    def test_example(self):
        done = duva.example(V4, self.server.port, 'alarm@pump.example',
                            'ada@example.org')
        self.assert_exit(done, 0)
        self.assert_message(self.server.take(1)[0],
                            b'Subject: Homing\n\nThe pigeon is back.\n')

    def check_many(self, address, window=0):
        mails = [('ada@example.org', message)
                 for message in MESSAGES.values()]
        done = duva.many(address, self.server.port, 'alarm@pump.example',
                         mails, window)
        self.assert_exit(done, 0)
        self.assertEqual(done.stdout.decode().splitlines(),
                         ['accepted 250'] * len(mails))
        # A server may store them in another order than they came in.
        stored = self.server.take(len(mails))
        self.assertEqual(sorted(delivery.message for delivery in stored),
                         sorted(map(arrives, MESSAGES.values())))

    def test_many_mails_on_one_connection(self):
        self.check_many(V4)

    def test_many_mails_on_one_connection_over_ipv6(self):
        self.need(V6)
        self.check_many(V6)

    def test_many_mails_on_their_way(self):
        for window in (1, 3, 100):
            with self.subTest(window=window):
                self.check_many(V4, window)

    def test_next_mail_after_a_refused_one(self):
        self.check_refused_between(0)

    def test_refused_mails_among_those_on_their_way(self):
        self.check_refused_between(100)

    def check_refused_between(self, window):
        good = ('ada@example.org', MESSAGES['plain'])
        bad = (self.refused, MESSAGES['plain'])
        done = duva.many(V4, self.server.port, 'alarm@pump.example',
                         [bad, good, bad, bad, good], window)
        self.assert_exit(done, 0)
        verdicts = [line.split()[0] for line in done.stdout.decode()
                    .splitlines()]
        self.assertEqual(verdicts, ['refused', 'accepted', 'refused',
                                    'refused', 'accepted'])
        for delivery in self.server.take(2):
            self.assert_message(delivery, MESSAGES['plain'])

    def test_200_recipients(self):
        everybody = [f'box{number}@example.org' for number in range(200)]
        message = MESSAGES['dots']
        done = duva.send(V4, self.server.port, message, to=everybody)
        self.assert_exit(done, 0)
        deliveries = self.take_for(len(everybody))
        self.assertEqual(sorted(recipient for delivery in deliveries
                                for recipient in delivery.recipients),
                         sorted(everybody))
        for delivery in deliveries:
            self.assert_message(delivery, message)

    def test_some_recipients_refused(self):
        message = MESSAGES['plain']
        done = duva.send(V4, self.server.port, message, to=[
            'ada@example.org', self.refused, 'bob@example.org'])
        self.assert_exit(done, 69)
        self.assertIn(self.refused, done.stderr.decode())
        deliveries = self.take_for(2)
        self.assertEqual(sorted(recipient for delivery in deliveries
                                for recipient in delivery.recipients),
                         ['ada@example.org', 'bob@example.org'])

    def test_every_recipient_refused(self):
        done = duva.send(V4, self.server.port, MESSAGES['plain'],
                         to=[self.refused])
        self.assert_exit(done, 69)
        self.assert_nothing_arrived()

    def test_null_sender(self):
        done = duva.send(V4, self.server.port, MESSAGES['plain'], sender='')
        self.assert_exit(done, 0)
        delivery = self.server.take(1)[0]
        self.assertIn(delivery.sender, ('', '<>'))
        self.assert_message(delivery, MESSAGES['plain'])

    def test_unfit_messages(self):
        for name, message in UNFIT.items():
            with self.subTest(name):
                done = duva.send(V4, self.server.port, message)
                self.assert_exit(done, 65)
        self.assert_nothing_arrived()

    def test_unfit_message_in_the_middle(self):
        # Found only while it is sent: the server must drop what it has.
        unfit = HEADER + b'late\r\n\r\n' + b'line\r\n' * 10000 + b'\r!'
        done = duva.many(V4, self.server.port, 'alarm@pump.example',
                         [('ada@example.org', unfit)])
        self.assertIn('refused', done.stdout.decode())
        self.assert_nothing_arrived()

    def assert_nothing_arrived(self):
        """What comes later arrives alone."""
        marker = HEADER + b'marker\r\n\r\nNothing before this.\r\n'
        self.assert_exit(duva.send(V4, self.server.port, marker), 0)
        self.assert_message(self.server.take(1)[0], marker)
