"""sendmail - the command under the name of the system's sendmail.

SPDX-License-Identifier: MIT
"""
import os
import subprocess

from command import TestCase, end, environment


class SendmailCase(TestCase):
    """A home with a configuration, and a sendmail in it."""

    def setUp(self):
        super().setUp()
        self.program = self.folder / 'sendmail'
        self.program.symlink_to(os.environ['DUVA'])

    def surroundings(self, **more):
        return environment(HOME=str(self.folder), XDG_CONFIG_HOME='',
                           TZ='UTC', **more)

    def configure(self, server, *lines):
        folder = self.folder / '.config/duva'
        folder.mkdir(parents=True, exist_ok=True)
        text = '\n'.join(['account default', 'host 127.0.0.1',
                          f'port {server.port}', *lines, ''])
        self.file(text.encode(), name='.config/duva/config')

    def sendmail(self, *arguments, text=b'', name=None, **more):
        return end(subprocess.Popen(
            [name or self.program, *arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.surroundings(**more)), text)

    def sender(self, server):
        return server.command('MAIL').split('<')[1].split('>')[0]

    def recipients(self, server):
        return [line[line.index('<') + 1:line.rindex('>')]
                for line in server.lines if line.startswith('RCPT')]
