"""nameserver - answers of the DNS for a few names, on a port of loopback.

SPDX-License-Identifier: MIT
"""
import ipaddress
import socket
import struct
import threading

A, AAAA = 1, 28


class NameServer:
    """addresses: a list of texts by name."""

    def __init__(self, addresses):
        self.addresses = addresses
        self._sockets = []

    def __enter__(self):
        for family, address in ((socket.AF_INET, '127.0.0.1'),
                                (socket.AF_INET6, '::1')):
            end = socket.socket(family, socket.SOCK_DGRAM)
            end.bind((address, getattr(self, 'port', 0)))
            self.port = end.getsockname()[1]
            end.settimeout(0.2)
            self._sockets.append(end)
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._serve, args=(end,))
                         for end in self._sockets]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        for thread in self._threads:
            thread.join()
        for end in self._sockets:
            end.close()

    def _serve(self, end):
        while not self._ended.is_set():
            try:
                query, client = end.recvfrom(512)
            except socket.timeout:
                continue
            end.sendto(self.answer(query), client)

    def answer(self, query):
        """RFC 1035 4.1: the header, the question as it was, the answers."""
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        kind = struct.unpack('>H', query[at + 1:at + 3])[0]
        question = query[12:at + 5]
        texts = self.addresses.get('.'.join(labels))
        found = [address.packed
                 for address in map(ipaddress.ip_address, texts or [])
                 if kind == (A if address.version == 4 else AAAA)]
        return (query[:2] + struct.pack('>HHHHH', 0x8580 | (texts is None) * 3,
                                        1, len(found), 0, 0) + question
                + b''.join(struct.pack('>HHHIH', 0xC00C, kind, 1, 60,
                                       len(data)) + data for data in found))
