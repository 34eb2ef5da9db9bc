#!/usr/bin/python3
"""test_firmware - a Cortex-M4 that mails to a Postfix on this machine.

SPDX-License-Identifier: MIT

    test_firmware.py MAILER.elf

QEMU runs the program of firmware/, on its mps2-an386.  Its network leads to
loopback: 10.0.2.2 is 127.0.0.1 there, and fec0::2 is ::1.
"""
import email
import email.policy
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'interop'))
from authority import Authority
from dovecot import Dovecot, Tokens
from nameserver import NameServer
from processes import NotRoot
from scripted import Scripted
from servers import Postfix

USER, PASSWORD = 'pump7', 'correct-horse'
ALARM = ('Pressure at pump 7 fell below 2 bar.\r\n.\r\n'
         'Valve B was closed. Please have a look.\r\n')
LOG = ''.join(f'{row:03},pressure,1.97\r\n' for row in range(1, 101))
LIMIT = 60              # seconds of a run; none takes ten


def setUpModule():
    global authority, postfix, names
    enter = unittest.enterModuleContext
    authority = enter(Authority())
    certificate = authority.certificate('DNS:mail.example')
    try:
        sasl = enter(Dovecot(certificate, enter(Tokens()), {USER: PASSWORD}))
        postfix = enter(Postfix(certificate, sasl.socket))
    except NotRoot as problem:
        raise unittest.SkipTest(str(problem)) from problem
    names = enter(NameServer({'mail.example': ['10.0.2.2', 'fec0::2'],
                              'old.example': ['10.0.2.2'],
                              'other.example': ['10.0.2.2']}))


class Run:
    """One start of the board.  words: those of mailer.c."""

    def __init__(self, image, **words):
        words = {'host': 'mail.example', 'port': postfix.port,
                 'dns': names.port, 'user': USER, 'pass': PASSWORD,
                 'ca': authority.file, 'trace': 1, **words}
        arguments = ''.join(f',arg={name}={value}'
                            for name, value in words.items())
        done = subprocess.run(
            ['timeout', str(LIMIT), 'qemu-system-arm', '-M', 'mps2-an386', '-display', 'none',
             '-serial', 'stdio', '-monitor', 'none', '-nic', 'user',
             '-semihosting-config', 'enable=on,target=native,arg=mailer'
             + arguments, '-kernel', image],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False)
        self.code, self.out = done.returncode, done.stdout

    def verdicts(self):
        """The verdict of each mail, by its name."""
        return dict(re.findall(r'^(\w[\w ]*): (\w+), code', self.out, re.M))


class FirmwareTest(unittest.TestCase):
    def check_alarm(self, stored):
        message = email.message_from_bytes(stored.message,
                                           policy=email.policy.SMTP)
        self.assertEqual(message['Subject'], 'Pump 7: pressure below 2 bar')
        text, log = message.iter_parts()
        self.assertEqual(text.get_content().replace('\n', '\r\n').replace(
            '\r\r', '\r'), ALARM)
        self.assertEqual(log.get_filename(), 'pressure.csv')
        self.assertEqual(log.get_payload(decode=True).decode(), LOG)

    def check_fifty(self, net):
        run = Run(IMAGE, net=net, mails=50)
        self.assertEqual(run.code, 1, run.out)  # one recipient was rejected
        self.assertIn('nobody@refused.example: refused, code 554', run.out)
        self.assertIn('duty@example.org: accepted', run.out)
        verdicts = run.verdicts()
        self.assertEqual(len(verdicts), 51, run.out)
        self.assertEqual(set(verdicts.values()), {'accepted'}, run.out)
        stored = postfix.take(52)               # the alarm went to two
        self.assertEqual({delivery.login for delivery in stored}, {USER})
        subjects = [re.search(rb'^Subject: (.*)\r$', delivery.message,
                              re.M)[1].decode() for delivery in stored]
        self.assertEqual(sorted(set(subjects)), sorted(
            ['Pump 7: pressure below 2 bar']
            + [f'Report {n:03}' for n in range(1, 51)]))
        for delivery, subject in zip(stored, subjects):
            if subject.startswith('Pump'):
                self.check_alarm(delivery)
            else:
                self.assertTrue(delivery.message.endswith(
                    b'\r\n\r\nAll is well.\r\n'))
        print(run.out) if 0 else print(re.search('memory: .*', run.out)[0])

    def test_fifty_mails_over_ipv4(self):
        self.check_fifty(4)

    def test_fifty_mails_over_ipv6(self):
        self.check_fifty(6)


if __name__ == '__main__':
    IMAGE = sys.argv.pop(1)
    unittest.main(verbosity=2)
