#!/usr/bin/python3
"""test_guide - the commands of doc/guide.md work as described.

SPDX-License-Identifier: MIT

Run by CTest, which says where the program is: ctest -R guide
"""
import os
import pathlib
import re
import subprocess
import unittest

from command import TestCase, environment
from common import main
from scripted import Scripted

GUIDE = pathlib.Path(__file__).parents[3] / 'doc/guide.md'


def steps():
    """Pairs of a command and what it is said to print."""
    text = GUIDE.read_text()
    for block in re.findall(r'^```sh\n(.*?)^```$', text, re.M | re.S):
        for step in re.split(r'^\$ ', block, flags=re.M)[1:]:
            document = re.match(r'.*<<END\n.*?^END\n', step, re.M | re.S)
            end = document.end() if document else step.index('\n') + 1
            yield step[:end], step[end:].strip()


class GuideTest(TestCase):
    def test_steps(self):
        path = (os.path.dirname(os.environ['DUVA']) + ':'
                + os.environ['PATH'])
        found = list(steps())
        self.assertGreater(len(found), 10)
        with Scripted() as server:
            env = environment(PATH=path, HOME=str(self.folder),
                              DUVA_SERVER=server.url,
                              SERVER_HOST=server.address,
                              SERVER_PORT=str(server.port))
            for command, output in found:
                with self.subTest(command):
                    # The account is what a file says, not this.
                    if 'config' in command:
                        env.pop('DUVA_SERVER', None)
                    else:
                        env['DUVA_SERVER'] = server.url
                    done = subprocess.run(
                        ['bash', '-c', command], cwd=self.folder, env=env,
                        capture_output=True, text=True, timeout=60)
                    shown = done.stdout + done.stderr
                    self.assertEqual(done.returncode, 0, shown)
                    self.assertIn(output, shown)
            server.finish()
            self.assertGreaterEqual(len(server.messages), 6)
        self.assertIn(b'Subject: Level 9 %', b''.join(server.messages))
        self.assertNotIn(b'Bcc', b''.join(server.messages))


if __name__ == '__main__':
    main()
