#!/usr/bin/python3
"""test_arduino - the Arduino library, on a board that is this machine.

SPDX-License-Identifier: MIT

The library is made by tools/package and compiled as Arduino compiles it: every
source below src/, with src/ as the include path.  Sketches are linked with
board.cpp, whose Client is a socket, and send to servers of the tests.
"""
import email
import email.policy
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from building import CHECKED, HERE, ROOT, WARNINGS, compile_all, run
from authority import Authority
from common import main
from scripted import SILENCE, Scripted, offering
from servers import Aiosmtpd, Postfix
from tree import version

STUBS = HERE / 'stubs/arduino'
LANGUAGES = {'.c': ['-std=gnu11'], '.cpp': ['-std=gnu++11'],
             '.ino': ['-std=gnu++11', '-x', 'c++', '-include', 'Arduino.h']}
BOARDS = {
    'uno': ['-D__AVR__'],      # the small engine and composer
    'wifi': [],
    'esp32': ['-DESP32'],
}
ONE_MAIL = {                   # on a connection, if it is not accepted
    'classic': ['-D__AVR__', '-DDUVA_PROFILE=DUVA_CLASSIC'],
}


class ArduinoTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix='duva-arduino-')))
        cls.authority = cls.enterClassContext(Authority())
        cls.certificate = cls.authority.certificate('DNS:mail.example')
        archive = run(ROOT / 'tools/package', 'arduino', '--out', cls.folder)
        with zipfile.ZipFile(archive.strip()) as packed:
            packed.extractall(cls.folder / 'libraries')
        cls.library = cls.folder / 'libraries/Duva'
        cls.objects = {}

    def flags(self, board):
        chosen = {**BOARDS, **ONE_MAIL}[board]
        return ['-DARDUINO=10819', *chosen, *CHECKED, *WARNINGS,
                '-Wno-deprecated-declarations', '-I', STUBS,
                '-I', self.library / 'src']

    def build(self, board, sketch):
        """The program of a sketch."""
        if board not in self.objects:
            files = sorted(file for file in (self.library / 'src').rglob('*')
                           if file.suffix in ('.c', '.cpp'))
            self.objects[board] = compile_all(
                self.folder / f'objects-{board}', [*files, HERE / 'board.cpp'],
                self.flags(board), LANGUAGES)
        program = self.folder / f'{board}-{sketch.stem}'
        if not program.exists():
            mine = compile_all(self.folder / f'objects-{program.name}',
                               [sketch], self.flags(board), LANGUAGES)
            run('g++', *CHECKED, *mine, *self.objects[board], '-lssl',
                '-lcrypto', '-lmbedtls', '-lmbedx509', '-lmbedcrypto', '-o',
                program)
        return program

    def start(self, program, port, **environment):
        self.wire = self.folder / 'wire'
        self.wire.unlink(missing_ok=True)
        return run(program, timeout=60, env={
            'DUVA_PORT': str(port), 'DUVA_WIRE': str(self.wire),
            'DUVA_FILES': str(self.folder),
            'DUVA_AUTHORITY': str(self.authority.file), **environment})

    def sketch(self, board, case, port=9, **environment):
        program = self.build(board, HERE / 'sketch.cpp')
        said = self.start(program, port, DUVA_CASE=case, **environment)
        lines = said.splitlines()
        longest = re.fullmatch(r'longest (\d+)', lines[-1])
        if longest:
            lines.pop()
            self.assertLessEqual(int(longest[1]), 1460)
        return lines

    def sent(self):
        """The messages that went out, without stuffed dots."""
        messages = re.findall(rb'^DATA\r\n(.*?)^\.\r\n',
                              self.wire.read_bytes(), re.M | re.S)
        return [re.sub(rb'^\.', b'', message, flags=re.M)
                for message in messages]

    def check(self, delivery, message, attachments=()):
        """What arrived is what was sent, and says what it should."""
        self.assertEqual(delivery.message, message)
        parsed = email.message_from_bytes(message,
                                          policy=email.policy.default)
        found = [(part.get_filename(), part.get_content())
                 for part in parsed.iter_attachments()]
        self.assertEqual([(name, data.encode() if isinstance(data, str)
                           else data) for name, data in found],
                         list(attachments))
        return parsed

    # -- the library as it is published

    def test_library_is_complete(self):
        properties = dict(line.split('=', 1) for line in (
            self.library / 'library.properties').read_text().splitlines())
        self.assertEqual(properties['version'], version())
        for key in ('name', 'author', 'maintainer', 'sentence', 'paragraph',
                    'category', 'url', 'architectures', 'includes'):
            self.assertTrue(properties.get(key), key)
        self.assertIn(properties['category'], (
            'Communication', 'Data Processing', 'Other'))
        self.assertTrue((self.library / 'src' / properties['includes'])
                        .is_file())
        self.assertFalse((self.library / 'utility').exists())
        for sketch in (self.library / 'examples').iterdir():
            self.assertTrue((sketch / f'{sketch.name}.ino').is_file())
        self.assertEqual(properties['architectures'], '*')

    def test_library_is_the_same_each_time(self):
        again = self.folder / 'again'
        run(ROOT / 'tools/package', 'arduino', '--out', again)
        name = f'Duva-{version()}.zip'
        self.assertEqual((again / name).read_bytes(),
                         (self.folder / name).read_bytes())

    # -- the examples

    def test_alarm(self):
        for board in BOARDS:
            with self.subTest(board), Aiosmtpd() as server:
                program = self.build(
                    board, self.library / 'examples/Alarm/Alarm.ino')
                if board == 'esp32':
                    said = self.start(program, server.port)
                    delivery, = server.take(1)
                    parsed = self.check(delivery, *self.sent())
                    self.assertEqual(said, 'accepted: 250 2.0.0 Message '
                                     'stored\n')
                    self.assertEqual(parsed['Subject'], 'Pump 7: level is low')
                    self.assertIn('Level at pump 7 is 117.',
                                  parsed.get_content())
                else:          # nothing is unique there
                    said = self.start(program, server.port)
                    self.assertIn('unique()', said)
                    server.take(0)

    def test_attachment(self):
        rows = ''.join(f'{n},{n * n % 977}\n' for n in range(20000)).encode()
        (self.folder / 'levels.csv').write_bytes(rows)
        program = self.build('esp32', self.library
                             / 'examples/Attachment/Attachment.ino')
        certificate = self.authority.certificate('DNS:mail.example.net')
        with Aiosmtpd('pump7', 'secret', certificate=certificate) as server:
            said = self.start(program, server.port)
            self.assertTrue(said.startswith('accepted'), said)
            delivery, = server.take(1)
        parsed = self.check(delivery, *self.sent(),
                            [('levels.csv', rows)])
        self.assertEqual(delivery.login, 'pump7')
        self.assertEqual(delivery.recipients,
                         ['duty@example.org', 'log@example.org'])
        self.assertEqual(parsed['Cc'], 'log@example.org')
        self.assertEqual(
            parsed.get_body(('html',)).get_content().strip(),
            '<p>The levels of the day are <b>attached</b>.</p>')
        with Aiosmtpd('pump7', 'secret', certificate=self.certificate) \
                as server:     # it is for another host
            said = self.start(program, server.port)
            self.assertIn('tls', said.lower())
            self.assertTrue(said.startswith('retry'), said)
            server.take(0)

    # -- what the examples do not do

    def test_function_and_slow_stream(self):
        attachments = [('y.bin', b'y' * 5000), ('x.bin', b'x' * 3000)]
        for board in BOARDS:
            for pieces in ('7', '100000'):
                with self.subTest(board, pieces=pieces), Postfix() as server:
                    said = self.sketch(board, 'function', server.port,
                                       DUVA_PIECES=pieces)
                    self.assertEqual(len(said), 1)
                    self.assertTrue(said[0].startswith('accepted'), said)
                    delivery, = server.take(1)
                    message, = self.sent()
                    self.check(delivery, message, attachments)

    def test_stream_that_is_too_short(self):
        with Aiosmtpd() as server:
            said, = self.sketch('wifi', 'short', server.port)
            self.assertTrue(said.startswith('retry: '), said)
            server.take(0)

    def test_retry_with_a_stream(self):
        with Scripted(END=[b'451 4.3.0 Later', b'250 Ok']) as server:
            said = self.sketch('wifi', 'again', server.port)
            self.assertEqual([line.split(':')[0] for line in said],
                             ['retry', 'accepted'])
        first, second = self.sent()
        self.assertEqual(first, second)
        self.assertIn(b'x.bin', first)

    def test_kept_connection(self):
        for board in BOARDS:
            with self.subTest(board), Aiosmtpd() as server:
                self.assertEqual(
                    [line.split(':')[0] for line in
                     self.sketch(board, 'kept', server.port)],
                    ['accepted'] * 3)
                self.assertEqual([self.check(delivery, message)['Subject']
                                  for delivery, message in
                                  zip(server.take(3), self.sent())],
                                 ['First', 'Second', 'Third'])
                self.assertEqual(self.wire.read_bytes().count(b'EHLO'), 1)

    def test_kept_connection_behind_a_refused_mail(self):
        for board, sessions in (('wifi', 1), ('classic', 2)):
            with (self.subTest(board),
                  Scripted(RCPT=[b'550 No', b'250 Ok', b'250 Ok'])
                  as server):
                self.assertEqual(
                    [line.split(':')[0] for line in
                     self.sketch(board, 'kept', server.port)],
                    ['refused', 'accepted', 'accepted'])
                self.assertEqual(self.wire.read_bytes().count(b'EHLO'),
                                 sessions)

    def test_kept_connection_that_the_server_closes(self):
        with Scripted(RCPT=[b'250 Ok', b'250 Ok', b'250 Ok'],
                      END=[b'250 Ok', b'250 Ok\r\n421 4.3.2 Going down',
                           b'250 Ok']) as server:
            self.assertEqual(
                [line.split(':')[0] for line in
                 self.sketch('wifi', 'kept', server.port)], ['accepted'] * 3)
            self.assertEqual(self.wire.read_bytes().count(b'EHLO'), 2)

    def test_recipients(self):
        for board in BOARDS:
            with self.subTest(board), Aiosmtpd() as server:
                said = self.sketch(board, 'recipients', server.port)
                self.assertTrue(said[0].startswith('accepted'), said)
                self.assertEqual(said[1:], [
                    'duty@example.org accepted 250',
                    'log@example.org accepted 250',
                    'refuse-me@example.org refused 550'])
                parsed = self.check(server.take(1)[0], *self.sent())
                self.assertEqual((parsed['To'], parsed['Cc'], parsed['Bcc']),
                                 ('duty@example.org', 'log@example.org', None))

    def test_tls_of_mbedtls(self):
        for case, implicit in ('tls', False), ('implicit', True):
            with self.subTest(case), Aiosmtpd(
                    'pump7', 'secret', certificate=self.certificate,
                    implicit=implicit) as server:
                said, = self.sketch('esp32', case, server.port)
                self.assertTrue(said.startswith('accepted'), said)
                delivery, = server.take(1)
                self.assertEqual(delivery.login, 'pump7')
                self.assertNotIn(b'Pressure', self.wire.read_bytes())
                self.assertIn(b'Pressure is low.\r\n.\r\nValve B',
                              delivery.message)

    def test_certificates_that_nobody_may_believe(self):
        with Authority('Stranger') as stranger:
            bad = self.authority.unbelievable('DNS:mail.example', stranger)
            bad['cert-name'] = self.authority.certificate('DNS:other.example')
            for reason, certificate in bad.items():
                with self.subTest(reason), Aiosmtpd(
                        'pump7', 'secret', certificate=certificate) as server:
                    said, = self.sketch('esp32', 'tls', server.port)
                    self.assertTrue(said.startswith('retry: '), said)
                    server.take(0)

    def test_tls_in_the_client(self):
        for board in BOARDS:
            with self.subTest(board), Aiosmtpd(
                    'pump7', 'secret', certificate=self.certificate,
                    implicit=True) as server:
                said, = self.sketch(board, 'in-client', server.port)
                self.assertTrue(said.startswith('accepted'), said)
                delivery, = server.take(1)
                self.assertEqual(delivery.login, 'pump7')
                self.check(delivery, *self.sent())

    def test_tls_begun_by_the_client(self):
        for board in 'wifi', 'esp32':
            with self.subTest(board), Aiosmtpd(
                    'pump7', 'secret', certificate=self.certificate) as server:
                said = self.sketch(board, 'start-tls', server.port)
                self.assertEqual([line.split(':')[0] for line in said],
                                 ['accepted'] * 2)
                for delivery, message in zip(server.take(2), self.sent()):
                    self.check(delivery, message)

    def test_password_in_clear(self):
        for board in BOARDS:
            with self.subTest(board), Scripted(
                    EHLO=offering('PLAIN')) as server:
                said, = self.sketch(board, 'clear-password', server.port)
                self.assertTrue(said.startswith('retry: '), said)
                self.assertNotIn(b'AUTH', server.heard)
                said, = self.sketch(board, 'permitted', server.port)
                self.assertTrue(said.startswith('accepted'), said)
                self.assertIn(b'AUTH PLAIN AHB1bXA3AHNlY3JldA==',
                              server.heard)

    def test_silent_server(self):
        for verb in ('CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'END'):
            with self.subTest(verb), Scripted(**{verb: SILENCE}) as server:
                said, = self.sketch('wifi', 'silent', server.port)
                verdict = 'uncertain: ' if verb == 'END' else 'retry: '
                self.assertTrue(said.startswith(verdict), said)

    def test_no_server(self):
        said, = self.sketch('wifi', 'plain')
        self.assertTrue(said.startswith('retry: '), said)

    def test_settings_that_are_missing(self):
        for board in BOARDS:
            said = self.sketch(board, 'unset')
            if board == 'esp32':
                continue       # it has random octets
            self.assertIn('unique()', said[0])
            self.assertIn('Subject', said[1])

    def test_trace(self):
        with Aiosmtpd() as server:
            said = self.sketch('wifi', 'trace', server.port, DUVA_LINES='99')
            server.take(1)
        self.assertIn('C: MAIL FROM:<pump7@example.net>',
                      [line.split(' BODY')[0].split(' SIZE')[0]
                       for line in said])
        self.assertTrue(any(line.startswith('S: 220 ') for line in said))


@unittest.skipUnless(shutil.which('avr-gcc'), 'gcc-avr is not here')
class AvrTest(unittest.TestCase):
    """What the library is on an 8-bit board; DUVA_WRITE=1 writes it anew into
    doc/ecosystems.md."""

    PAGE = ROOT / 'doc/ecosystems.md'
    MARKED = re.compile('(<!-- avr:begin -->\n).*?(<!-- avr:end -->)', re.S)
    FLAGS = ['-mmcu=atmega2560', '-Os', '-ffunction-sections',
             '-fdata-sections',
             '-DARDUINO=10819', '-Wall', '-Wextra', '-Werror']
    WORDS = {'.c': ['-std=gnu11'],
             '.cpp': ['-std=gnu++11', '-fno-exceptions',
                      '-fno-threadsafe-statics']}
    ROWS = [([], 'a text, `DuvaMailFor<1, 1>`, no `explain()`'),
            (['-DEXPLAIN'], 'the same with `explain()`, whose texts AVR keeps '
             'in RAM')]

    def link(self, folder, objects, flags):
        """The octets of flash and of static RAM."""
        mine = compile_all(folder / f'avr{len(flags)}', [HERE / 'avr.cpp'],
                           flags, self.WORDS, prefix='avr-')
        program = folder / 'program'
        run('avr-g++', '-mmcu=atmega2560', '-Wl,--gc-sections', *objects,
            *mine, '-o', program)
        text, data, bss = map(int, run('avr-size', program).split('\n')[1]
                              .split()[:3])
        return text + data, data + bss

    def test_costs(self):
        with tempfile.TemporaryDirectory(prefix='duva-avr-') as name:
            folder = pathlib.Path(name)
            run(ROOT / 'tools/package', 'arduino', '--out', folder)
            source = folder / 'Duva/src'
            flags = [*self.FLAGS, '-I', STUBS, '-I', source]
            objects = compile_all(
                folder / 'objects', sorted(
                    file for file in source.rglob('*')
                    if file.suffix in ('.c', '.cpp')), flags,
                self.WORDS, prefix='avr-')
            costs = [(words, *self.link(folder, objects, [
                *flags, *more])) for more, words in self.ROWS]
        table = '| on an ATmega2560 | flash | static RAM |\n|---|--:|--:|\n'
        table += ''.join(f'| {words} | {flash} | {ram} |\n'
                         for words, flash, ram in costs)
        page = self.PAGE.read_text()
        if os.environ.get('DUVA_WRITE'):
            self.PAGE.write_text(self.MARKED.sub(
                lambda found: found[1] + table + found[2], page))
            return
        written = [int(word) for word in re.findall(
            r'\| (\d+)', self.MARKED.search(page)[0])]
        for found, known in zip((number for row in costs
                                 for number in row[1:]), written, strict=True):
            self.assertLess(abs(found - known), known / 20,
                            f'{table}DUVA_WRITE=1 writes it')


if __name__ == '__main__':
    main()
