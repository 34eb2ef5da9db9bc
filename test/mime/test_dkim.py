#!/usr/bin/python3
"""test_dkim - signatures, verified by other programs.

SPDX-License-Identifier: MIT
"""
import base64
import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import unittest

import dkim

import test_generated

SIGN = os.environ['DUVA_SIGN']
DOMAIN, SELECTOR = 'example.net', 'duva'


def key_pair(folder, kind):
    key = folder / f'{kind}.pem'
    option = ['-pkeyopt', 'rsa_keygen_bits:2048'] if kind == 'rsa' else []
    subprocess.run(['openssl', 'genpkey', '-algorithm', kind, *option, '-out',
                    key], check=True, capture_output=True)
    public = subprocess.run(['openssl', 'pkey', '-in', key, '-pubout',
                             '-outform', 'DER'], check=True,
                            capture_output=True).stdout
    if kind == 'ed25519':
        public = public[-32:]
    record = f'v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}'
    return key, record


def sign(key, message, step=4096, domain=DOMAIN, selector=SELECTOR):
    return subprocess.run([SIGN, key, domain, selector, str(step)],
                          input=message, capture_output=True)


ODD = [
    b'From: a@example.net\r\n\r\n',
    b'From: a@example.net\r\n\r\n\r\n\r\n',
    b'From: a@example.net\r\n\r\nno line end',
    b'From:   a@example.net  \r\nSubject: a\r\n\tb   c\r\nX-Other: d\r\n\r\n'
    b' \t\r\n  two   words \t\r\n\r\n \r\nend \r\n\r\n \r\n',
    b'SUBJECT: x\r\nFrom: a@example.net\r\nTo:\r\n b@example.org\r\n\r\n.\r\n',
]


class Dkim(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.keys = {kind: key_pair(cls.folder, kind)
                    for kind in ('rsa', 'ed25519')}
        rng = random.Random(6)
        cls.messages = list(ODD)
        for _ in range(40):
            mail = test_generated.a_mail(rng)
            if not mail.takes:
                done = test_generated.compose(mail.records)
                cls.messages.append(done.stdout)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def test_python(self):
        for kind, (key, record) in self.keys.items():
            for number, message in enumerate(self.messages):
                for step in (1, 7, 4096):
                    with self.subTest(kind=kind, number=number, step=step):
                        done = sign(key, message, step)
                        self.assertEqual(done.returncode, 0, done.stderr)
                        self.assertTrue(done.stdout.endswith(message))
                        self.assertTrue(dkim.verify(
                            done.stdout,
                            dnsfunc=lambda *_, **__: record.encode()))
                        head = done.stdout[:-len(message)]
                        self.assertLess(max(map(len, head.split(b'\r\n'))), 79)

    def test_tampering(self):
        key, record = self.keys['rsa']
        signed = sign(key, self.messages[3]).stdout
        for old, new in ((b'two', b'2'), (b'Subject: a', b'Subject: b'),
                         (b'\r\nFrom:', b'\r\nFrom: x@example.com\r\nFrom:')):
            self.assertIn(old, signed)
            self.assertFalse(dkim.verify(
                signed.replace(old, new),
                dnsfunc=lambda *_, **__: record.encode()))

    def test_opendkim(self):
        program = shutil.which('opendkim', path='/usr/sbin:/usr/bin')
        if program is None:
            self.skipTest('there is no opendkim')
        key, record = self.keys['rsa']
        dns = self.folder / 'dns'
        dns.write_text(f'{SELECTOR}._domainkey.{DOMAIN} {record}\n')
        conf = self.folder / 'conf'
        conf.write_text(f'Mode v\nTestDNSData {dns}\nBackground no\n'
                        f'Syslog no\nSocket local:{self.folder}/socket\n')
        for number, message in enumerate(self.messages):
            if not message.endswith(b'\r\n'):
                continue        # it reads files as lines
            file = self.folder / 'message'
            file.write_bytes(sign(key, message).stdout)
            done = subprocess.run([program, '-x', conf, '-t', file],
                                  capture_output=True, text=True)
            with self.subTest(number=number):
                self.assertRegex(done.stdout + done.stderr,
                                 r'verification \(s=.*succeeded')

    def test_refusals(self):
        key, _ = self.keys['rsa']
        plain = ODD[0]
        for message, extra, said in (
                (b'Subject: x\r\n\r\n', {}, 'body source'),
                (b'From: a@b.c\r\nFrom: d@e.f\r\n\r\n', {}, 'argument'),
                (plain, {'domain': 'a;b'}, 'argument character'),
                (plain, {'selector': 'a\r\nb'}, 'argument character'),
                (plain, {'selector': 'x' * 64}, 'argument character')):
            done = sign(key, message, **extra)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stdout, b'')
            self.assertTrue(done.stderr.decode().startswith(said),
                            done.stderr)


if __name__ == '__main__':
    unittest.main(verbosity=1)
