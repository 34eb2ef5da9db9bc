"""test_cli_modules - the command duva: which modules it loads, and when.

SPDX-License-Identifier: MIT
"""
import os
import pathlib
import shutil
import tempfile
import unittest

from command import OK, TestCase, run

MISSING = 72
LETTER = ['send', '--dry-run', '--from', 'ada@example.net', '--text', 'Hi.']
PLAIN = [*LETTER, '--to', 'bob@example.org']
NAMED = [*LETTER, '--to', 'bob@b\N{LATIN SMALL LETTER U WITH DIAERESIS}'
                          'cher.example']


class Modules(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.built = pathlib.Path(os.environ['DUVA']).parent
        self.prefix = pathlib.Path(folder.name)
        (self.prefix / 'bin').mkdir()
        self.alone = shutil.copy2(os.environ['DUVA'], self.prefix / 'bin')
        self.key = self.prefix / 'key'
        self.key.touch(mode=0o600)

    def run_alone(self, arguments):
        return run(*arguments, executable=self.alone)

    def signed(self):
        return [*PLAIN, '--dkim-key', self.key, '--dkim-selector', 's']

    def test_a_short_mail_needs_none(self):
        for arguments in (['--version'], ['send', '--help'], PLAIN):
            self.assert_code(self.run_alone(arguments), OK)

    def test_what_is_missing_is_said(self):
        for arguments, name in ((NAMED, 'duva-names.so'),
                                (self.signed(), 'duva-tls.so')):
            done = self.run_alone(arguments)
            self.assert_code(done, MISSING)
            self.assertIn(name, done.err)
            self.assertIn('check that duva is installed', done.err)
            self.assertEqual(done.out, '')

    def test_another_library_is_not_believed(self):
        shutil.copy2(self.built / 'duva-names.so',
                     self.prefix / 'bin/duva-tls.so')
        done = self.run_alone(self.signed())
        self.assert_code(done, MISSING)
        self.assertIn('duva_module_tls', done.err)

    def test_they_may_lie_beside_it(self):
        shutil.copy2(self.built / 'duva-names.so', self.prefix / 'bin')
        done = self.run_alone(NAMED)
        self.assert_code(done, OK)
        self.assertIn('xn--bcher-kva', done.out)

    def test_the_prefix_may_be_anywhere(self):
        home = self.prefix / 'lib/duva/modules'
        home.mkdir(parents=True)
        for name in 'duva-names.so', 'duva-tls.so':
            shutil.copy2(self.built / name, home)
        self.assert_code(self.run_alone(NAMED), OK)
        done = self.run_alone(self.signed())
        self.assertIn('it is not a private key', done.err)


if __name__ == '__main__':
    unittest.main()
