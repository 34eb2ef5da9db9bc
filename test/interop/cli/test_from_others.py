#!/usr/bin/python3
"""test_from_others - the commands of doc/from-others.md work as described.

SPDX-License-Identifier: MIT

Run by CTest, which says where the program is: ctest -R from_others
"""
import os
import pathlib
import re
import subprocess

from command import OK, TestCase, environment, run
from common import main
from scripted import EHLO, Scripted

PAGE = pathlib.Path(__file__).parents[3] / 'doc/from-others.md'
PEOPLE = '--from ada@example.net --to bob@example.org'
# What talks to a server that only its reader has.
ELSEWHERE = re.compile('//host|///run|required|--ca |--pin |--client-cert'
                       '|account add|--token-file|cram-md5')
FILES = {
    'message.eml': 'From: ada@example.net\nTo: bob@example.org\n'
                   'Subject: Test\n\nHi.\n',
    'text.txt': 'Hi.\n', 'page.html': '<p>Hi.</p>\n', 'log.csv': 'a,b\n',
    'password': 'secret\n',
    '.netrc': 'machine 127.0.0.1 login ada password secret\n'}


def commands():
    for line in PAGE.read_text().splitlines():
        found = re.search(r'`(duva [^`]*)` \|$', line)
        if found:
            yield found[1]


class FromOthers(TestCase):
    def test_options_are_known(self):
        texts = {}
        for command in commands():
            name = command.split()[1]
            if name not in texts:
                texts[name] = run(name, '--help', 'all').out
            for option in re.findall(r' (--[a-z][a-z-]*)', command):
                with self.subTest(command):
                    self.assertRegex(texts[name], f'{option}\\b')

    def test_commands(self):
        for name, text in FILES.items():
            self.file(text.encode(), 0o600, name)
        path = f"{os.path.dirname(os.environ['DUVA'])}:{os.environ['PATH']}"
        found = list(commands())
        self.assertGreater(len(found), 40)
        with Scripted(EHLO=EHLO + b'250 AUTH PLAIN') as server:
            account = (f'host 127.0.0.1\nport {server.port}\ntls off\n'
                       'from ada@example.net\n')
            self.file(f'account default\n{account}account work\n{account}'
                      .encode(), 0o600, 'config')
            for command in found:
                if ELSEWHERE.search(command):
                    continue
                env = environment(PATH=path, HOME=str(self.folder))
                if 'config' not in command:
                    env['DUVA_SERVER'] = server.url
                with self.subTest(command):
                    done = subprocess.run(
                        ['bash', '-c', command.replace('...', PEOPLE)],
                        cwd=self.folder, env=env, capture_output=True,
                        text=True, timeout=60, stdin=subprocess.DEVNULL)
                    self.assertEqual(done.returncode, OK,
                                     done.stdout + done.stderr)


if __name__ == '__main__':
    main()
