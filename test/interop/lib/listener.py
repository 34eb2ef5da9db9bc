"""listener - accepts connections on loopback, a thread for each.

SPDX-License-Identifier: MIT
"""
import socket
import threading


class Listener:
    """A server whose _serve(connection) is the conversation."""

    def __init__(self, address='127.0.0.1'):
        family = socket.AF_INET6 if ':' in address else socket.AF_INET
        self._socket = socket.socket(family)
        self._socket.bind((address, 0))
        self._socket.listen()
        self.address = address
        self.port = self._socket.getsockname()[1]
        self.connections = 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._open = []

    def __enter__(self):
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        for end in (self._socket, *self._open):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass                # the other side was first
            end.close()
        for thread in self._threads:
            thread.join(10)

    def refuse(self):
        """Takes no more connections."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def finish(self):
        """Waits until all that clients said is noted."""
        for thread in self._threads[1:]:
            thread.join(10)

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            # Each reply is a write of its own, and none waits for the last.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            thread.start()
            self._threads.append(thread)
