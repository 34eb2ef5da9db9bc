"""store - what a server has stored, in files.

SPDX-License-Identifier: MIT
"""
import re
import time
from typing import NamedTuple

import processes

PATIENCE = 60       # seconds for a server to store what it has accepted
AFTERWARDS = 0.3    # seconds in which a second copy would come


class Stored(NamedTuple):
    recipients: list
    message: bytes      # with CRLF line ends, and what the server adds above


class Store:
    """A server with files below self.mail, each a message for a recipient or
    for some, named in fields Delivered-To."""

    files = '**/new/*'
    adds = frozenset()      # names of the fields that it writes above

    def recipients(self, _file, message):
        return [address.decode() for address in re.findall(
            rb'(?im)^Delivered-To: (\S+?)\r?$',
            message.partition(b'\r\n\r\n')[0])]

    def _new(self):
        seen = self.__dict__.setdefault('_seen', set())
        return [file for file in self.mail.glob(self.files)
                if file not in seen]

    def take(self, copies):
        """What was stored since the last time, for this many recipients."""
        end = time.monotonic() + PATIENCE
        taken, wanted = {}, copies
        while True:
            for file in self._new():
                message = file.read_bytes()
                if b'\r\n' not in message:
                    message = message.replace(b'\n', b'\r\n')
                taken[file] = Stored(self.recipients(file, message), message)
                self._seen.add(file)
                wanted -= len(taken[file].recipients)
            if wanted < 0 or time.monotonic() > end:
                break
            if wanted:
                time.sleep(0.05)
            elif end > time.monotonic() + AFTERWARDS:
                end = time.monotonic() + AFTERWARDS
        if wanted:
            raise AssertionError(f'{copies - wanted} copies were stored, not '
                                 f'{copies}\n{self.log()[-2000:]}')
        return list(taken.values())

    def ready(self):
        return processes.greets(processes.LOOPBACK, self.port)

    def log(self):
        return (self.home / 'errors').read_text(errors='replace')
