"""memory - searches what a run of the command leaves behind for secrets.

SPDX-License-Identifier: MIT

In its words always; in its memory where CTest says in DUVA_MEMORY which
library searches it: memory.c does not go together with sanitizers.
"""
import base64
import os
import pathlib
import struct
import tempfile

MASK = 0xA5C33C5A96E1781E
WINDOW = 8


def forms(secret):
    """The secret, and what of its base64 does not depend on what stands
    before and behind it."""
    found = [secret]
    for before in range(3):
        coded = base64.b64encode(bytes(before) + secret)
        begin = (before * 8 + 5) // 6
        found.append(coded[begin:(before + len(secret)) * 8 // 6])
    return found


def windows(secrets):
    return {form[i:i + WINDOW] for secret in secrets for form in forms(secret)
            for i in range(len(form) - WINDOW + 1)}


class Search:
    """For one run of the command: its environment, and what was found."""

    def __init__(self, *secrets):
        self.windows = windows(secrets)
        self.possible = 'DUVA_MEMORY' in os.environ
        self._folder = tempfile.TemporaryDirectory()
        self._found = pathlib.Path(self._folder.name, 'found')

    def environment(self):
        if not self.possible:
            return {}
        covered = (struct.unpack('<Q', window)[0] ^ MASK
                   for window in self.windows)
        return {'LD_PRELOAD': os.environ['DUVA_MEMORY'],
                'DUVA_FOUND': str(self._found),
                'DUVA_NEEDLES': ' '.join(f'{window:016x}'
                                         for window in covered)}

    def in_words(self, words):
        """Whether a part of a secret is among them."""
        return any(window in words for window in self.windows)

    def in_memory(self, at_quit):
        """Where a part of a secret was at the end, and when QUIT was said if
        that is asked for."""
        if not self.possible:
            return []
        moments = ['at the end', *(['at QUIT'] if at_quit else [])]
        lines = self._found.read_text().splitlines()
        for moment in moments:
            if not any(line.startswith(moment + ': searched ')
                       for line in lines):
                raise AssertionError(f'the memory was not searched {moment}')
        return [line for line in lines if line.split(':')[0] in moments
                and ': searched ' not in line]
