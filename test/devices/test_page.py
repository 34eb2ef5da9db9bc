#!/usr/bin/python3
"""test_page - the page for devices is followed as it stands.

SPDX-License-Identifier: MIT

Needs gcc-arm-none-eabi for a part, and says so where it is missing.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
sys.path[1:1] = [str(ROOT / part) for part in
                 ('test/interop/lib', 'test/firmware', 'tools')]
from authority import Authority
from common import main
from scram import Scram
from scripted import Scripted
from tree import source_list

PAGE = (ROOT / 'doc/devices.md').read_text()
BLOCK = re.compile(r'^```c\n(/\* ([\w.]+) - .*?)^```', re.M | re.S)
LISTS = re.findall(r'`(DUVA_\w+_SOURCES)`', PAGE)
TLS = ('DUVA_MBEDTLS_SOURCES', 'DUVA_MBEDCRYPTO_SOURCES')
WARNINGS = ['-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Wshadow',
            '-Werror', '-ffunction-sections', '-fdata-sections']
ARM = ['arm-none-eabi-gcc', '-mcpu=cortex-m4', '-mthumb', '-Os',
       '-ffreestanding', '-nostdlib', '-Wl,--gc-sections', '-Wl,-e,alarm_send']


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True,
                          text=True, cwd=ROOT)
    if done.returncode:
        raise AssertionError(f'{words[0]}: {done.stderr or done.stdout}')
    return done.stdout


def sources(*lists):
    return [ROOT / name for part in lists for name in source_list(part)]


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix='duva-devices-')))
        cls.files = {name: text for text, name in BLOCK.findall(PAGE)}
        for name, text in cls.files.items():
            (cls.folder / name).write_text(text)

    def own(self, *names):
        return [self.folder / name for name in names]

    def test_page_has_its_files(self):
        self.assertEqual(sorted(self.files), [
            'alarm.c', 'alarm.h', 'secure.c', 'stack.h', 'tcp_link.c',
            'tcp_link.h'])
        for name, text in self.files.items():
            self.assertLess(max(map(len, text.splitlines())), 85, name)
        link = self.files['tcp_link.c'].split('int tcp_link_open')[0]
        self.assertLess(len(link.splitlines()), 42)

    def test_freestanding(self):
        if not shutil.which(ARM[0]):
            self.skipTest('gcc-arm-none-eabi is not here')
        plain = [part for part in LISTS if part not in TLS]
        program = self.folder / 'device.elf'
        # What a linker still asks for is the stack's, or of <string.h>.
        ask = subprocess.run(
            [str(word) for word in (
                *ARM, *WARNINGS, '-I', ROOT / 'include', '-I', self.folder,
                *self.own('tcp_link.c', 'alarm.c'), *sources(*plain), '-lgcc',
                '-o', program)], capture_output=True, text=True, cwd=ROOT)
        self.assertNotRegex(ask.stderr, r'\.[ch]:\d+:\d+: (error|warning)')
        asked = set(re.findall(r"undefined reference to `(\w+)'", ask.stderr))
        offered = set(re.findall(r'(\w+)\(', self.files['stack.h']))
        self.assertEqual(asked & offered, {
            name for name in offered if name.startswith(('stack', 'board'))})
        self.assertEqual({name for name in asked - offered
                          if not re.fullmatch('(mem|str)[a-z]+', name)}, set())

    def build(self):
        program = self.folder / 'device'
        if not program.exists():
            run('gcc', *WARNINGS, '-Wno-deprecated-declarations', '-g', '-I',
                ROOT / 'include', '-I', self.folder,
                HERE / 'stack.c', *self.own('tcp_link.c', 'alarm.c',
                                            'secure.c'),
                *sources(*LISTS), '-lmbedtls', '-lmbedx509', '-lmbedcrypto',
                '-o', program)
        return program

    def check_message(self, server):
        message, = server.messages
        self.assertIn(b'\r\nSubject: Pump 7: pressure below 2 bar\r\n',
                      message)
        self.assertRegex(message, rb'Date: Fri, 15 Jan 2027 08:00:00 ')
        self.assertRegex(message, rb'\r\nMessage-ID: <\S+@example\.net>\r\n')
        self.assertTrue(message.endswith(
            b'\r\n\r\nValve B was closed.\r\n.\r\n'), message)

    def test_sends(self):
        with Scripted() as server:
            said = run(self.build(), server.port)
        self.assertEqual(said, 'accepted 250\n')
        self.check_message(server)

    def test_sends_over_tls(self):
        with Authority() as authority, Scram(
                authority.certificate('DNS:mail.example')) as server:
            der = self.folder / 'authority.der'
            run('openssl', 'x509', '-in', authority.file, '-outform', 'DER',
                '-out', der)
            said = run(self.build(), server.port, 'mail.example', der,
                       'pump7', 'secret')
            self.assertEqual(said, 'accepted 250\n')
            self.check_message(server)
            done = subprocess.run(
                [str(self.build()), str(server.port), 'other.example', der,
                 'pump7', 'secret'], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout),
                             (1, 'retry 0\n'))
        self.assertEqual(len(server.messages), 1)


if __name__ == '__main__':
    main()
