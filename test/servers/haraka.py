"""haraka - Haraka, with a plugin that stores messages.

SPDX-License-Identifier: MIT
"""
import pathlib
import re
import shutil

from node import Node

CONFIG = {
    'me': 'mail.example.org\n',
    'host_list': 'example.org\n',
    'plugins': 'store\n',
    'smtp.ini': 'listen=127.0.0.1:{port}\n',
    'log.ini': '[main]\nlevel=warn\nformat=default\n',
    'store': '{home}/mail\n',
}


class Haraka(Node):
    name = 'Haraka'
    package = 'Haraka'
    adds = {'delivered-to', 'received'}

    def command(self):
        for name, text in CONFIG.items():
            file = self.home / 'config' / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text.format(port=self.port, home=self.home))
        # The shortest that takes a line of RFC 5322 without breaking it.
        limits = (self.folder / 'config/connection.ini').read_text()
        (self.home / 'config/connection.ini').write_text(re.sub(
            '^data_line_length=.*', 'data_line_length=1002', limits,
            flags=re.MULTILINE))
        (self.home / 'plugins').mkdir()
        shutil.copy(pathlib.Path(__file__).with_name('haraka_store.js'),
                    self.home / 'plugins/store.js')
        return self.folder / 'bin/haraka', '-c', self.home
