"""stalling - a server with TLS that stalls, resets or hangs up at a command.

SPDX-License-Identifier: MIT

    with Stalling(certificate, RCPT=SILENCE) as server: ...

Answers are those of Scripted, within TLS, and RESET: the connection is reset.
CLEAR_EHLO, STARTTLS and HANDSHAKE are what comes before.
"""
import socket
import ssl
import struct

from scripted import SILENCE, Scripted

RESET = object()
CLEAR = {'CLEAR_EHLO': b'250-test.example\r\n250 STARTTLS',
         'STARTTLS': b'220 2.0.0 Go'}


class Stalling(Scripted):
    def __init__(self, certificate, **answers):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._handshake = answers.pop('HANDSHAKE', None)
        super().__init__(**{**CLEAR, **answers})

    def _answer(self, connection, verb):
        if self._answers.get(verb) is not RESET:
            return super()._answer(connection, verb)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack('ii', 1, 0))
        return None

    def _line_in_clear(self, connection):
        line = b''
        while not line.endswith(b'\n'):
            octet = connection.recv(1)
            if not octet:
                raise OSError('the client hung up')
            line += octet
        self.lines.append(line.rstrip(b'\r\n').decode('latin-1'))

    def _serve(self, connection):
        try:
            with connection:
                self._begin(connection)
        except OSError:
            pass                    # the client hung up

    def _begin(self, connection):
        if self._answer(connection, 'CONNECT') is None:
            return
        for verb in CLEAR:
            self._line_in_clear(connection)
            if self._answer(connection, verb) is None:
                return
        if self._handshake is SILENCE:
            self._ended.wait(60)
            return
        with self._context.wrap_socket(connection, server_side=True) as tls:
            self._talk(tls, tls.makefile('rb'))

    def _talk(self, tls, stream):
        answer = b'220'
        while answer is not None:
            line = self._line(stream)
            if not line:
                return
            self.lines.append(line.rstrip(b'\r\n').decode('latin-1'))
            verb = self.lines[-1].split(' ')[0].upper()
            answer = self._answer(tls, verb)
            if answer is None or verb == 'QUIT':
                return
            if answer.startswith(b'354'):
                answer = self._take_message(tls, stream)

    def _take_message(self, tls, stream):
        if 'BODY' in self._answers:
            self._answer(tls, 'BODY')
            return None
        message = self._message(stream)
        if message is None:
            return None
        self.messages.append(message)
        return self._answer(tls, 'END')
