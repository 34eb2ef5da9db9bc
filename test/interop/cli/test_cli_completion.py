#!/usr/bin/python3
"""test_cli_completion - bash, zsh and fish complete the words of the command.

SPDX-License-Identifier: MIT

Run by CTest, which says where the program is: ctest -R cli_completion
"""
import os
import pathlib
import pty
import select
import shutil
import subprocess
import time
import unittest

from command import TestCase, environment
from common import main

FILES = pathlib.Path(__file__).parents[3] / 'cli/completions'
PATH = os.path.dirname(os.environ['DUVA']) + ':' + os.environ['PATH']

BASH = '''
source "$1/duva.bash"
compopt() { :; }
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_duva
printf '%s\\n' "${COMPREPLY[@]}"
'''

ZSH = '''fpath=("$1" $fpath); autoload -Uz compinit; compinit -D -u
print loa""ded
'''


class CompletionTest(TestCase):
    def environment(self, **more):
        """Shells keep things where they are at home."""
        home = str(self.folder / 'home')
        return environment(PATH=PATH, HOME=home, XDG_CONFIG_HOME=home, **more)

    def words(self, *command):
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=60, cwd=self.folder,
                              env=self.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def bash(self, *words):
        return self.words('bash', '-c', BASH, 'bash', FILES, *words)

    def fish(self, line):
        """What fish would offer, without the descriptions."""
        script = f'source {FILES}/duva.fish; complete -C "{line}"'
        return [word.split('\t')[0]
                for word in self.words('fish', '-c', script)]

    def test_bash(self):
        self.file(b'', name='report.txt')
        self.assertIn('send', self.bash('duva', ''))
        self.assertEqual(self.bash('duva', 'pro'), ['probe'])
        self.assertEqual(self.bash('duva', 'send', '--subj'), ['--subject'])
        self.assertIn('--trace', self.bash('duva', 'probe', '--'))
        self.assertNotIn('--subject', self.bash('duva', 'probe', '--'))
        for words in (('--body', 'rep'), ('--body', '=', 'rep')):
            self.assertEqual(self.bash('duva', 'send', *words),
                             ['report.txt'])

    @unittest.skipUnless(shutil.which('fish'), 'please install fish')
    def test_fish(self):
        self.file(b'', name='report.txt')
        self.assertIn('send', self.fish('duva '))
        self.assertEqual(self.fish('duva pro'), ['probe'])
        self.assertEqual(self.fish('duva send --subj'), ['--subject'])
        self.assertNotIn('--subject', self.fish('duva probe --'))
        self.assertEqual(self.fish('duva send --body rep'), ['report.txt'])

    @unittest.skipUnless(shutil.which('zsh'), 'please install zsh')
    def test_zsh(self):
        self.file(b'', name='report.txt')
        for typed, wanted in (('duva pro', 'duva probe '),
                              ('duva send --subj', 'duva send --subject '),
                              ('duva send --body rep',
                               'duva send --body report.txt ')):
            with self.subTest(typed):
                self.zsh(typed, wanted)

    def zsh(self, typed, wanted):
        """Is that on the screen after the tabulator?"""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execvpe('zsh', ['zsh', '-f', '-o', 'nopromptsp'],
                       self.environment(TERM='dumb', PS1='ready> '))
        try:
            self.until(terminal, 'ready> ')
            os.write(terminal, ZSH.replace('$1', str(FILES)).encode())
            self.until(terminal, 'loaded\n')
            os.write(terminal, typed.encode() + b'\t')
            self.until(terminal, wanted)
        finally:
            os.close(terminal)
            os.waitpid(child, 0)

    def until(self, terminal, wanted):
        shown = ''
        end = time.monotonic() + 60
        while wanted not in shown:
            left = max(0, end - time.monotonic())
            self.assertTrue(select.select([terminal], [], [], left)[0], shown)
            shown += os.read(terminal, 4096).decode().replace('\r', '')


if __name__ == '__main__':
    main()
