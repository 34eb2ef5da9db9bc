#!/usr/bin/python3
"""test_amalgam - one source and one header are enough for a program.

SPDX-License-Identifier: MIT

    test_amalgam.py COMPILER [FLAG...]

The flags are those of the build, such as -fsanitize=address.  What needs
gcc-arm-none-eabi or the source of lwIP says so where it is missing.
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
sys.path[1:1] = [str(ROOT / part) for part in ('test/interop/lib', 'tools')]
from common import main
from tree import source_list

COMPILER, *FLAGS = sys.argv[1:] or ['cc']
del sys.argv[1:]
WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Werror']
STRICT = ['-std=c99', *WARNINGS, '-Wconversion', '-Wshadow',
          '-Wmissing-declarations']
LWIP = ROOT / 'build/sources/lwip/src/include'
ARM = ['-mcpu=cortex-m4', '-mthumb', '-Os', '-std=c99', '-ffunction-sections',
       '-fdata-sections']
# What the tests need beside a part's own files.
SETTINGS = {'sockets': ['-D_POSIX_C_SOURCE=200809L',
                        '-DDUVA_SOCKETS_HEADER="sockets_posix.h"',
                        f'-I{ROOT}/port/sockets'],
            'lwip': [f'-I{ROOT}/test/lwip/host', '-isystem', LWIP]}


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True,
                          text=True, cwd=ROOT)
    if done.returncode:
        raise AssertionError(f'{words[0]}: {done.stderr or done.stdout}')
    return done.stdout


def amalgamate(folder, *options):
    run(sys.executable, '-B', 'tools/amalgamate', '--out', folder, *options)
    return folder


def symbols(file):
    """The names with linkage that an object defines."""
    return re.findall(r' [A-TV-Z] (\w+)', run('nm', '-g', file))


class AmalgamTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix='duva-amalgam-')))
        cls.usual = amalgamate(cls.folder / 'usual')

    def compile(self, folder, *flags, compiler=COMPILER):
        target = folder / 'duva.o'
        run(compiler, *STRICT, *flags, '-c', folder / 'duva.c', '-o', target)
        return target

    def program(self, *flags):
        """Two sources that include duva.h, and duva.c."""
        library = self.compile(self.usual, *FLAGS, *flags)
        program = self.folder / 'program'
        run(COMPILER, *STRICT, *FLAGS, *flags, f'-I{self.usual}',
            HERE / 'main.c', HERE / 'link.c', library, '-o', program)
        run(program)
        return symbols(library)

    def test_is_the_same_each_time(self):
        again = amalgamate(self.folder / 'again')
        for name in 'duva.c', 'duva.h':
            self.assertEqual((again / name).read_bytes(),
                             (self.usual / name).read_bytes())

    def test_says_what_it_is(self):
        stamped = amalgamate(self.folder / 'stamped', '--version-stamp', 'x7')
        version = re.search(r'project\(duva VERSION (\S+)',
                            (ROOT / 'CMakeLists.txt').read_text())[1]
        for name in 'duva.c', 'duva.h':
            text = (stamped / name).read_text()
            self.assertIn(f' * Duva {version}, x7: core, extra, client, sasl, '
                          'mime.\n', text)
            self.assertIn('\n * Permission is hereby granted', text)
            self.assertNotRegex(text, r'(?m)^\s*#\s*line\b')
            self.assertNotIn(str(ROOT), text)

    def test_includes_nothing_of_the_tree(self):
        quoted = re.findall(r'(?m)^#include "(.*)"',
                            (self.usual / 'duva.c').read_text()
                            + (self.usual / 'duva.h').read_text())
        self.assertEqual(quoted, ['duva.h'])

    def test_a_macro_ends_with_its_source(self):
        code = self.usual / 'duva.c'
        macro = re.compile(r'(?m)^#define (\w+)')
        left = macro.findall(run(COMPILER, '-std=c99', '-E', '-dM', code))
        self.assertIn('DUVA_BUFFER_MIN', left)
        self.assertFalse([name for name in macro.findall(code.read_text())
                          if name in left
                          and not name.lower().startswith('duva_')])

    def test_sends(self):
        names = self.program()
        for name in 'duva_mime_read', 'duva_sasl_scram_init':
            self.assertIn(name, names)

    def test_sends_with_the_small_engine(self):
        self.program('-Os', '-DDUVA_PROFILE=DUVA_CLASSIC')

    def test_sends_with_the_small_composer(self):
        self.program('-DDUVA_MIME_SMALL=1')

    def test_a_part_is_left_out(self):
        names = self.program('-DDUVA_WITH_MIME=0')
        self.assertFalse([it for it in names if 'mime' in it])
        self.assertIn('duva_sasl_scram_init', names)
        names = self.program('-DDUVA_WITH_SASL=0')
        self.assertFalse([it for it in names if 'scram' in it])
        self.assertIn('duva_mime_read', names)

    def test_settings_in_a_file(self):
        (self.folder / 'mine.h').write_text('#define DUVA_WITH_MIME 0\n'
                                            '#define DUVA_WITH_SASL 0\n'
                                            '#define DUVA_TEXT_SIZE 40\n')
        names = self.program('-DDUVA_CONFIG_FILE="mine.h"',
                             f'-I{self.folder}')
        self.assertFalse([it for it in names if re.search('mime|scram', it)])

    def test_from_cpp(self):
        """By each compiler; without sanitizers, whose runtime may lack."""
        found = [pair for pair in (('clang', 'clang++'), ('gcc', 'g++'))
                 if shutil.which(pair[1])]
        self.assertTrue(found, 'no compiler of C++: tools/setup test')
        for c, cpp in found:
            library = self.compile(self.usual, compiler=c)
            link = self.folder / 'link.o'
            run(c, *STRICT, f'-I{self.usual}', '-c', HERE / 'link.c', '-o',
                link)
            program = self.folder / 'program'
            run(cpp, '-std=c++17', *WARNINGS, f'-I{self.usual}',
                HERE / 'main.cpp', link, library, '-o', program)
            run(program)

    def test_is_not_compiled_as_cpp(self):
        with self.assertRaisesRegex(AssertionError, 'duva.c is C'):
            run('clang', '-x', 'c++', '-fsyntax-only', self.usual / 'duva.c')

    def test_other_parts(self):
        for parts in ('posix', 'proxy', 'sockets', 'sasl,mbedcrypto',
                      'mbedtls,mbedcrypto', 'openssl', 'mime,mime_host',
                      'sasl,mime,mime_host,mbedcrypto,mbedtls,openssl,proxy,'
                      'sockets,posix'):
            with self.subTest(parts):
                folder = amalgamate(self.folder / 'other', '--with', parts)
                flags = sum((SETTINGS.get(part, [])
                             for part in parts.split(',')), [])
                self.compile(folder, *flags)
                wanting = run('nm', '-u', folder / 'duva.o')
                self.assertNotRegex(wanting, r'\bduva_')

    @unittest.skipUnless(LWIP.exists(), 'no source of lwIP: tools/setup firmware')
    def test_lwip(self):
        folder = amalgamate(self.folder / 'lwip', '--with', 'lwip')
        self.compile(folder, *SETTINGS['lwip'])

    def test_example_of_posix(self):
        folder = amalgamate(self.folder / 'posix', '--with', 'posix')
        text = (ROOT / 'examples/send.c').read_text()
        example = self.folder / 'send.c'
        example.write_text(text.replace('<duva/posix.h>', '"duva.h"'))
        program = self.folder / 'program'
        run(COMPILER, *FLAGS, *STRICT, f'-I{folder}', example,
            self.compile(folder, *FLAGS), '-pthread', '-o', program)
        done = subprocess.run([program])
        self.assertEqual(done.returncode, 64)

    def test_unknown_part(self):
        with self.assertRaisesRegex(AssertionError, 'there is no part pigeon'):
            amalgamate(self.folder / 'none', '--with', 'pigeon')
        self.assertFalse((self.folder / 'none').exists())

    def test_refuses_what_it_cannot_rename(self):
        tree = self.folder / 'tree'
        for name in 'cmake', 'tools', 'include', 'src', 'client', 'port':
            shutil.copytree(ROOT / name, tree / name)
        for name in 'CMakeLists.txt', 'LICENSE':
            shutil.copy(ROOT / name, tree / name)
        for name, line, why in (
                ('src/text.c', '#define SHOW(x) #x', 'SHOW has #'),
                ('src/text.c', 'int give_up_engine;', 'two things: give_up_'),
                ('src/text.c', '#define _GNU_SOURCE', 'different systems'),
                ('src/text.c', '#define SIZE 1\n#include "state.h"',
                 'SIZE is defined before an include'),
                ('src/text.c', '#include "none.h"', 'none.h", which is not'),
                ('src/state.h', '#define SIZE 1', 'SIZE is no name of ours')):
            text = (ROOT / name).read_text()
            (tree / name).write_text(f'{text}{line}\n')
            with self.subTest(line), self.assertRaisesRegex(AssertionError,
                                                            why):
                run(sys.executable, '-B', tree / 'tools/amalgamate', '--out',
                    tree / 'out', '--with', 'posix')
            (tree / name).write_text(text)

    @unittest.skipUnless(shutil.which('arm-none-eabi-gcc'),
                         'no compiler for Arm: tools/setup size')
    def test_is_not_larger_on_a_device(self):
        includes = [f'-I{it}' for name in ('NETX_INCLUDES',
                                           'NETX_HOST_INCLUDES')
                    for it in source_list(f'DUVA_{name}')]
        parts = [name for part in ('CORE', 'EXTRA', 'CLIENT')
                 for name in source_list(f'DUVA_{part}_SOURCES')]
        for flags in [], ['-DDUVA_PROFILE=DUVA_CLASSIC']:
            objects = []
            for name in ['test/profile/one_send.c', *parts,
                         self.usual / 'duva.c']:
                objects.append(self.folder / f'arm{len(objects)}.o')
                run('arm-none-eabi-gcc', *ARM, *flags, '-Iinclude', *includes,
                    '-c', name, '-o', objects[-1])
            program, *apart, whole = objects
            self.assertLessEqual(self.text([program, whole]),
                                 self.text([program, *apart]))

    def text(self, objects):
        """The octets of code and constants that a linker keeps."""
        linked = self.folder / 'linked.o'
        run('arm-none-eabi-ld', '-r', '--gc-sections', '--undefined=one_send',
            *objects, '-o', linked)
        return int(run('arm-none-eabi-size', linked).split('\n')[1].split()[0])


if __name__ == '__main__':
    main()
