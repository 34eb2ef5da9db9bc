"""terminal - a program at a pseudo-terminal, and a user who answers it.

SPDX-License-Identifier: MIT
"""
import os
import pty
import select
import subprocess
import time


class Terminal:
    def __init__(self, *words, **options):
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(words, stdin=theirs, stdout=theirs,
                                        stderr=theirs, start_new_session=True,
                                        **options)
        os.close(theirs)
        self.seen = ''              # all of it
        self._read = 0              # up to here it was waited for

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def _more(self, end):
        ready, _, _ = select.select([self._ours], [], [],
                                    max(0, end - time.monotonic()))
        if not ready:
            raise AssertionError(f'nothing more after: {self.seen!r}')
        try:
            piece = os.read(self._ours, 65536)
        except OSError:             # the other side is closed
            piece = b''
        self.seen += piece.decode(errors='replace')
        return piece

    def wait_for(self, text):
        end = time.monotonic() + 30
        while text not in self.seen[self._read:]:
            if not self._more(end):
                raise AssertionError(f'{text!r} is not in {self.seen!r}')
        self._read = self.seen.index(text, self._read) + len(text)

    def answer(self, question, text):
        self.wait_for(question)
        os.write(self._ours, text.encode() + b'\n')

    def end(self):
        """Waits for the end; returns the exit status."""
        end = time.monotonic() + 30
        while self._more(end):
            pass
        return self.process.wait(30)
