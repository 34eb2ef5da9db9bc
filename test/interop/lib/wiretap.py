"""wiretap - a TLS mail server that records what was sent without TLS.

SPDX-License-Identifier: MIT

    with Wiretap(certificate, starttls=b'454 no') as server:
        ... server.port ... server.clear, server.secret ...

What the options change: implicit (TLS from the start), hello (the answer to
EHLO in clear), starttls (the answer to STARTTLS), later (octets a while after
it), handshake (a function of the socket, in place of a handshake), inside (the
answer to EHLO within TLS), prepare (a function of the SSLContext), auth (a
function of a line of the exchange within TLS, in place of a welcome), dribble
(it sends every octet alone, within TLS each in a record of its own), cut (where
the connection ends without a word: "body", "reply" or "end", which is after
it).
"""
import socket
import ssl
import time

from listener import Listener

HELLO = b'250-tap.example\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN'


class Wiretap(Listener):
    def __init__(self, certificate, implicit=False, hello=HELLO,
                 starttls=b'220 2.0.0 go', later=b'', handshake=None,
                 inside=b'250-tap.example\r\n250 AUTH PLAIN LOGIN',
                 prepare=None, auth=None, dribble=False, cut=None):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if prepare:
            prepare(self._context)
        self._context.load_cert_chain(certificate)
        self._implicit = implicit
        self._hello, self._inside = hello, inside
        self._starttls, self._later = starttls, later
        self._auth = auth
        self._handshake = handshake
        self._dribble, self._cut = dribble, cut
        self.at_end = lambda server: None   # of each connection
        super().__init__()
        self.clear = bytearray()    # all that was said before a handshake
        self.secret = bytearray()   # and after it
        self.messages = []

    def show(self, certificate):
        """From the next connection on."""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)

    def strip(self):
        """No STARTTLS any more."""
        self._hello = self._inside

    def _serve(self, connection):
        connection.settimeout(20)
        try:
            if self._implicit or self._talk(connection, self.clear,
                                            self._hello):
                self._secure(connection)
        except OSError:
            pass                    # the client hung up
        finally:
            self.at_end(self)
            connection.close()

    def _secure(self, connection):
        if self._handshake:
            self._handshake(connection)
            self._drain(connection)
            return
        with self._context.wrap_socket(connection, server_side=True) as tls:
            self._talk(tls, self.secret, self._inside, not self._implicit)

    def _drain(self, connection):
        """What still comes was not protected by anything."""
        try:
            while octets := connection.recv(4096):
                self.clear += octets
        except OSError:
            pass

    def _say(self, connection, octets):
        if not self._dribble:
            connection.sendall(octets)
            return
        for octet in octets:
            connection.sendall(bytes([octet]))

    def _talk(self, connection, heard, hello, greeted=False):
        """True when the client is to begin a handshake."""
        answers = {b'EHLO': hello, b'AUTH': b'235 2.7.0 Welcome',
                   b'DATA': b'354 Go on', b'QUIT': b'221 2.0.0 Bye'}
        stream = connection.makefile('rb')
        if not greeted:
            self._say(connection, b'220 tap.example ESMTP\r\n')
        challenged = False
        while line := stream.readline():
            heard += line
            verb = line.split()[0].upper() if line.split() else b''
            if self._auth and (challenged or verb == b'AUTH'):
                answer = self._auth(line.decode('latin-1').strip())
                challenged = answer.startswith(b'334')
                self._say(connection, answer + b'\r\n')
                continue
            if verb == b'STARTTLS':
                self._say(connection, self._starttls + b'\r\n')
                if self._later:
                    time.sleep(0.2)
                    connection.sendall(self._later)
                if self._starttls.startswith(b'220 '):
                    return True
                continue
            self._say(connection,
                      answers.get(verb, b'250 2.0.0 Ok') + b'\r\n')
            if verb == b'DATA' and not self._message(connection, stream,
                                                     heard):
                return False
            if verb == b'QUIT':
                return False
        return False

    def _message(self, connection, stream, heard):
        """True when the connection goes on."""
        lines = []
        while (line := stream.readline()) not in (b'.\r\n', b''):
            heard += line
            lines.append(line)
            if self._cut == 'body':
                return self._hang_up(connection, b'')
        self.messages.append(b''.join(lines))
        if self._cut == 'reply':
            return self._hang_up(connection, b'250 2.0')
        if self._cut == 'end':
            return self._hang_up(connection, b'250 2.0.0 Ok: queued\r\n')
        self._say(connection, b'250 2.0.0 Ok: queued\r\n')
        return True

    @staticmethod
    def _hang_up(connection, last):
        """Without the alert that TLS has for it."""
        connection.sendall(last)
        connection.shutdown(socket.SHUT_RDWR)
        return False
