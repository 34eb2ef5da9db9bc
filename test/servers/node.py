"""node - a server from an npm package in build/npm.

SPDX-License-Identifier: MIT
"""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

import processes
from processes import Missing
from store import Store

MODULES = pathlib.Path(__file__).resolve().parents[2] / 'build/npm/node_modules'
OLDEST = 20         # the version of Node that both servers ask for


class Node(Store):
    """A class of it has the name of its package, and command(), which is
    what to start, in self.home."""

    package = ''
    lmtp = False

    def __enter__(self):
        self._node = processes.find('node', 'nodejs')
        shown = subprocess.run([self._node, '--version'], check=True,
                               capture_output=True, text=True).stdout
        if int(re.match(r'v(\d+)', shown)[1]) < OLDEST:
            raise Missing(f'{self.name} needs Node {OLDEST}; this is {shown}')
        self.folder = MODULES / self.package
        if not self.folder.exists():
            raise Missing(f'no {self.name}: please run tools/setup test, '
                          f'which puts it into build/npm')
        processes.begin(self._begin, self.__exit__)
        return self

    def _begin(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='duva-server-'))
        self.port = processes.free_port()
        self.mail = self.home / 'mail'
        for folder in 'tmp', 'new':
            (self.mail / folder).mkdir(parents=True)
        with (self.home / 'errors').open('wb') as errors:
            self._process = processes.start(self._node, *self.command(),
                                            output=errors)
        processes.wait_for(self.ready, self._process, self.log)

    def __exit__(self, *_):
        if hasattr(self, '_process'):
            processes.end(self._process)
        shutil.rmtree(self.home)

    def program_version(self):
        return json.loads((self.folder / 'package.json').read_text())['version']
