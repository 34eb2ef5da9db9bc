"""names - a DNS server on loopback with a few SRV records.

SPDX-License-Identifier: MIT
"""
import socket
import struct
import threading


def encoded(name):
    return b''.join(bytes([len(part)]) + part.encode()
                    for part in name.split('.') if part) + b'\0'


class Names:
    """records: {'_submission._tcp.example.org': [(priority, weight, port,
    host), ...]}; of other names it says that they do not exist."""

    def __init__(self, records):
        self._records = records
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(('127.0.0.1', 0))
        self.address = '127.0.0.1:%d' % self._socket.getsockname()[1]
        self.asked = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b'', self._socket.getsockname())
        self._thread.join(10)
        self._socket.close()

    def _serve(self):
        while True:
            question, client = self._socket.recvfrom(4096)
            if not question:
                return
            self._socket.sendto(self._answer(question), client)

    def _answer(self, question):
        at, parts = 12, []
        while question[at]:
            parts.append(question[at + 1:at + 1 + question[at]].decode())
            at += question[at] + 1
        name = '.'.join(parts)
        self.asked.append(name)
        records = self._records.get(name.lower(), [])
        head = question[:2] + struct.pack('>HHHHH', 0x8180 if records
                                          else 0x8183, 1, len(records), 0, 0)
        answers = b''
        for priority, weight, port, host in records:
            data = struct.pack('>HHH', priority, weight, port) + encoded(host)
            answers += struct.pack('>HHHIH', 0xC00C, 33, 1, 60,
                                   len(data)) + data
        return head + question[12:at + 5] + answers
