"""lmtp - a private Dovecot with LMTP.

SPDX-License-Identifier: MIT

    with DovecotLmtp() as server:
        ... server.port ... server.socket ... server.messages('ada') ...

It listens on a port of loopback and on a Unix socket.  The mailbox of "lost"
cannot be written to; others than "ada", "bob" and "lost" it does not know.
Needs Debian's dovecot-lmtpd, and root.
"""
import os
import pathlib
import shutil
import tempfile

import processes
from processes import Missing, free_port

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = lmtp
listen = 127.0.0.1
hostname = dovecot.example
ssl = no
mail_location = maildir:~/mail
auth_username_format = %n
userdb {{
    driver = passwd-file
    args = {home}/users
}}
passdb {{
    driver = passwd-file
    args = scheme=PLAIN {home}/users
}}
service lmtp {{
    inet_listener lmtp {{
        port = {port}
    }}
    unix_listener {home}/lmtp {{
        mode = 0666
    }}
}}
"""


class DovecotLmtp:
    def __enter__(self):
        processes.need_root('Dovecot')
        self._program = processes.find('dovecot', 'dovecot-core')
        if not os.path.exists('/usr/lib/dovecot/lmtp'):
            raise Missing('please install dovecot-lmtpd')
        processes.begin(self._begin, self.__exit__)
        return self

    def __exit__(self, *_):
        if hasattr(self, '_process'):
            processes.end(self._process)
        shutil.rmtree(self.home)

    def _begin(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='duva-lmtp-'))
        self.home.chmod(0o755)
        self.port = free_port()
        self.socket = self.home / 'lmtp'
        (self.home / 'boxes').mkdir()
        shutil.chown(self.home / 'boxes', 'nobody', 'nogroup')
        homes = {'ada': self.home / 'boxes/ada',
                 'bob': self.home / 'boxes/bob',
                 'lost': self.home / 'config/lost'}
        (self.home / 'users').write_text(''.join(
            f'{user}:secret:65534:65534::{home}::\n'
            for user, home in homes.items()))
        (self.home / 'config').write_text(CONFIG.format(
            home=self.home, port=self.port))
        self._process = processes.start(self._program, '-F', '-c',
                                        self.home / 'config')
        processes.wait_for(self.socket.exists, self._process, self.log)

    def messages(self, user):
        """What is in the mailbox, as it was stored."""
        return [file.read_bytes() for file in
                sorted((self.home / 'boxes' / user).glob('mail/new/*'))]

    def log(self):
        file = self.home / 'log'
        return file.read_text(errors='replace') if file.exists() else ''
