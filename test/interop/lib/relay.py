"""relay - records a conversation between client and server.

SPDX-License-Identifier: MIT

    with Relay(server.port) as relay:
        ... a program talks to relay.port ...
        lines, messages = relay.conversation()

It stands between a program and a server, over IPv4 and IPv6, and knows what
was really sent, whatever program that was.
"""
import selectors
import socket
import threading

from processes import free_port, loopback_addresses


class Relay:
    def __init__(self, server_port):
        self.addresses = loopback_addresses()
        self.port = 0
        self._server_port = server_port
        self._heard = []        # ('C' or 'S', octets)

    def __enter__(self):
        self.port = free_port(self.addresses)
        self._listening = selectors.DefaultSelector()
        for address in self.addresses:
            family = socket.AF_INET6 if ':' in address else socket.AF_INET
            listener = socket.create_server((address, self.port),
                                            family=family)
            self._listening.register(listener, selectors.EVENT_READ)
        self._leave, wake = socket.socketpair()
        self._listening.register(wake, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve, args=(wake,))
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._leave.close()
        self._thread.join()
        for key in list(self._listening.get_map().values()):
            key.fileobj.close()
        self._listening.close()

    def _serve(self, wake):
        while True:
            for key, _ in self._listening.select():
                if key.fileobj is wake:
                    return
                client, _ = key.fileobj.accept()
                where = client.getsockname()[0], self._server_port
                with client, socket.create_connection(where) as server:
                    self._pump(client, server)

    def _pump(self, client, server):
        others = {client: (server, 'C'), server: (client, 'S')}
        with selectors.DefaultSelector() as both:
            for side in others:
                both.register(side, selectors.EVENT_READ)
            while both.get_map():
                ready = both.select(60)
                if not ready:
                    return
                for key, _ in ready:
                    other, who = others[key.fileobj]
                    try:
                        octets = key.fileobj.recv(65536)
                    except ConnectionError:
                        return
                    if octets:
                        self._heard.append((who, octets))
                        other.sendall(octets)
                    else:
                        other.shutdown(socket.SHUT_WR)
                        both.unregister(key.fileobj)

    def conversation(self):
        """The lines that were said, as (who, line) with secrets blanked and
        without the messages; and the messages, as they were before SMTP
        doubled their dots."""
        lines, messages = [], []
        message, challenged = None, False
        for who, line in self._lines():
            if who == 'C' and message is not None:
                if line != b'.':
                    message += line.removeprefix(b'.') + b'\r\n'
                    continue
                lines.append(('C', f'({len(message)} octets of message)'))
                messages.append(message)
                message = None
            elif who == 'C' and challenged:
                line = b'***'
            elif who == 'C' and line[:5].upper() == b'AUTH ':
                line = b' '.join(line.split(b' ')[:2] + [b'***'])
            challenged = who == 'S' and line[:3] == b'334'
            if who == 'S' and line[:4] == b'354 ':
                message = b''
            lines.append((who, line.decode(errors='replace')))
        return lines, messages

    def _lines(self):
        """Lines without their ends, whatever pieces they came in."""
        rest = {'C': b'', 'S': b''}
        for who, octets in self._heard:
            *whole, rest[who] = (rest[who] + octets).split(b'\r\n')
            for line in whole:
                yield who, line
