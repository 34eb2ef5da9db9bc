"""test_cli_progress - the progress bar, on a terminal only.

SPDX-License-Identifier: MIT
"""
import fcntl
import os
import pty
import re
import struct
import termios
import time
import unittest

from command import OK, TEXT, TestCase, environment, run, start
from proxies import Microsocks
from scripted import Scripted


def resize(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))


class Progress(TestCase):
    def on_terminal(self, *arguments, columns=60, resized=0, **more):
        """What it writes to a terminal, as pieces between carriage returns;
        its width is changed after the first bar if resized is not 0."""
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        resize(slave, columns)
        process = start(*arguments, stderr=slave,
                        env=environment(**{'TERM': 'xterm', **more}))
        os.close(slave)
        process.stdin.close()
        written = b''
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break               # the other end is closed
            written += piece
            if resized and b'%' in written:
                resize(master, resized)
        process.stdin = None
        process.stdout.close()
        self.assertEqual(process.wait(30), OK, written)
        return written.decode().split('\r')

    def merge_arguments(self, server, rows, *more):
        file = self.file(b'email\n' + b'a@example.org\n' * rows,
                         name='rows.csv')
        for end in ('.journal', '.results.csv'):
            if os.path.exists(file + end):
                os.unlink(file + end)
        return ['send', '--server', server.url, '--merge', file, '--from',
                'me@example.net', '--to', '{{email}}', '--body',
                self.file(b'Hello\n', name='text'), *more]

    def bars(self, pieces):
        return [piece for piece in pieces if re.match(r' *\d+%', piece)]

    def test_merge(self):
        with Scripted() as server:
            begun = time.monotonic()
            pieces = self.on_terminal(
                *self.merge_arguments(server, 30, '--rate', '15'))
            took = time.monotonic() - begun
        bars = self.bars(pieces)
        self.assertGreater(len(bars), 5)
        # Ten a second, and one more at each end.
        self.assertLessEqual(len(bars), took * 10 + 2)
        for bar in bars:
            self.assertRegex(bar, r'^ *\d+% (\[=*>? *\] )?\d+ of 30 mails'
                             r'(  [\d.]+/s, \d+:\d\d left)?\x1b\[K$')
            self.assertLess(len(bar[:-3]), 60)
        self.assertTrue(any('left' in bar for bar in bars))
        shares = [int(bar.split('%')[0]) for bar in bars]
        self.assertEqual(shares, sorted(shares))
        # The bar is taken away before the last words.
        self.assertTrue(pieces[-2].startswith('\x1b[Kduva: 30 accepted'),
                        pieces[-3:])

    def test_narrow_and_wide(self):
        with Scripted() as server:
            bars = self.bars(self.on_terminal(
                *self.merge_arguments(server, 20, '--rate', '10'),
                columns=30, resized=100))
        self.assertLess(len(bars[0][:-3]), 30)
        self.assertGreater(len(bars[-1][:-3]), 60)
        self.assertLess(len(bars[-1][:-3]), 100)

    def test_no_bar(self):
        with Scripted() as server:
            for name, arguments, more in (
                    ('dumb', [], {'TERM': 'dumb'}),
                    ('quiet', ['--quiet'], {})):
                with self.subTest(name):
                    pieces = self.on_terminal(
                        *self.merge_arguments(server, 3, *arguments), **more)
                    self.assertNotIn('%', ''.join(pieces))
            done = run(*self.merge_arguments(server, 3), text=b'')
        self.assert_code(done, OK)      # which knows no control characters
        self.assertNotIn('%', done.err)

    def test_no_colour(self):
        with Scripted() as server:
            pieces = self.on_terminal(*self.merge_arguments(server, 3),
                                      NO_COLOR='1')
        self.assertNotRegex(''.join(pieces), '\x1b\\[[0-9;]*m')

    def test_big_mail(self):
        big = self.file(b'0123456789\n' * 400000, name='big')
        small = self.file(b'0123456789\n')
        with Scripted() as server:
            address = ['send', '--server', server.url, *TEXT, '--body']
            bars = self.bars(self.on_terminal(*address, big))
            self.assertRegex(bars[0],
                             r'% \[.*\] [\d.]+ [kM]?B of 4.8 MB\x1b\[K')
            self.assertEqual(self.bars(self.on_terminal(*address, small)), [])
            self.assertEqual(len(server.messages), 2)
            with Microsocks() as proxy:
                bars = self.bars(self.on_terminal(
                    *address, big, '--tls', 'never', '--proxy', proxy.url()))
            self.assertRegex(bars[0], r'% \[.*\] [\d.]+ [kM]?B of 4.8 MB')
            self.assertEqual(len(server.messages), 3)


if __name__ == '__main__':
    unittest.main()
