"""no_names - a DNS server that knows no name.

SPDX-License-Identifier: MIT
"""
import socket
import threading

HEADER = 12         # octets of a DNS message before its question
NO_SUCH_NAME = b'\x81\x83' + b'\0\1' + b'\0\0' * 3


class NoNames:
    """On port 53 of an address of loopback that belongs to this number."""

    def __init__(self, number):
        self.address = f'127.53.{number >> 8}.{number & 255}'

    def __enter__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((self.address, 53))
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._socket.sendto(b'', (self.address, 53))
        self._thread.join()
        self._socket.close()

    def _answer(self):
        while True:
            query, client = self._socket.recvfrom(4096)
            if not query:
                return
            end = query.index(b'\0', HEADER) + 1 + 4
            self._socket.sendto(query[:2] + NO_SUCH_NAME + query[HEADER:end],
                                client)
