"""test_cli_merge_farm - a merge to a name whose servers do not all advertise
the same.

SPDX-License-Identifier: MIT
"""
import itertools

from command import OK
from common import main
from listener import Listener
from test_cli_merge import Merge

ROWS = 60
MOST = 5                       # mails on a connection


class Farm(Listener):
    """Every second connection is to a server with 8BITMIME."""

    def __init__(self, first):
        super().__init__()
        self.first = first     # 1: the first connection is
        self.messages = []
        self._numbers = itertools.count(1)
        self.url = f'smtp://{self.address}:{self.port}'

    def _serve(self, connection):
        eight = next(self._numbers) % 2 == self.first
        lines = connection.makefile('rb')
        mails = 0

        def say(*words):
            connection.sendall(b''.join(line + b'\r\n' for line in words))

        say(b'220 farm.example ESMTP')
        for line in lines:
            if line.startswith(b'EHLO'):
                say(b'250-farm.example', b'250-PIPELINING',
                    b'250 8BITMIME' if eight else b'250 HELP')
            elif line.startswith(b'DATA'):
                say(b'354 go on')
                message = b''.join(iter(lines.readline, b'.\r\n'))
                self.messages.append((eight, message))
                say(b'250 2.0.0 stored')
                mails += 1
                if mails == MOST:
                    break
            elif line.startswith(b'QUIT'):
                say(b'221 bye')
                break
            else:
                say(b'250 ok')
        lines.close()
        connection.close()


class Servers(Merge):
    def test_eight_bits(self):
        """RFC 6152 3: each connection gets what its server takes."""
        self.write('name,email\n'.encode() + b''.join(
            f'Jörg {row},r{row}@example.org\n'.encode()
            for row in range(ROWS)))
        self.text = self.file('Grüße {{name}}\n'.encode(), name='text')
        for first in 0, 1:
            with self.subTest(first), Farm(first) as farm:
                self.assert_code(self.merge(
                    farm, '--journal', str(self.folder / f'{first}')), OK,
                    f'{ROWS} accepted')
                farm.finish()
                self.assertEqual(len(farm.messages), ROWS)
                for eight, message in farm.messages:
                    self.assertTrue(eight or message.isascii())
                self.assertEqual({eight for eight, _ in farm.messages},
                                 {False, True})


if __name__ == '__main__':
    main()
