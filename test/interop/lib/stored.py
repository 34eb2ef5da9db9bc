"""stored - what a server has stored, octet by octet.

SPDX-License-Identifier: MIT
"""
import time
from typing import NamedTuple


class Delivery(NamedTuple):
    """A message as it was stored, and the envelope that it came with."""
    sender: str
    recipients: list
    message: bytes      # with CRLF line ends
    login: str          # who was authenticated, or ''
    options: list       # of MAIL, such as BODY=8BITMIME


class Maildir:
    """A folder that a server delivers into.  added is what it writes above
    a message, with groups named sender, recipient and perhaps login."""

    def __init__(self, folder, added, log):
        self.folder = folder
        self.added = added
        self.log = log

    def wait(self, count):
        """The files of the messages since the last time, as soon as there
        are this many."""
        end = time.monotonic() + 60
        while True:
            files = sorted((self.folder / 'new').glob('*'),
                           key=lambda file: file.stat().st_mtime_ns)
            if len(files) >= count or time.monotonic() > end:
                break
            time.sleep(0.02)
        if len(files) != count:
            raise AssertionError(f'{len(files)} messages were delivered, '
                                 f'not {count}\n{self.log()}')
        return files

    def take(self, count):
        """The same as deliveries, without the header fields that the server
        adds; the files are removed."""
        files = self.wait(count)
        taken = [self._parse(file.read_bytes()) for file in files]
        for file in files:
            file.unlink()
        return taken

    def _parse(self, stored):
        added = self.added.match(stored)
        if not added:
            raise AssertionError(f'not as this server writes: {stored[:500]}')
        message = stored[added.end():].replace(b'\n', b'\r\n')
        return Delivery(added['sender'].decode(),
                        [added['recipient'].decode()], message,
                        (added.groupdict().get('login') or b'').decode(), [])
