"""attacker - a server that plays a row, and records what it receives.

SPDX-License-Identifier: MIT

    with Attacker(row, context, implicit, proxied) as server:
        ... server.port ... server.wires, server.inside, server.promised,
        server.commands ...

It helps whoever talks too much: what a row does not mention it answers as an
honest server does, in clear too.
"""
import collections
import re
import socket
import ssl
import struct
import time

from listener import Listener

from table import actions

PATIENCE_S = 20
FLOOD = 1 << 24                         # octets
ACCEPTED = re.compile(rb'(2\d\d)(?:-[^\n]*\r\n\1)*(?: [^\n]*)?\r\n')
CHALLENGES = {b'LOGIN': [b'VXNlcm5hbWU6', b'UGFzc3dvcmQ6'],
              b'CRAM-MD5': [b'PDEuMkBteC5leGFtcGxlPg=='], b'PLAIN': [b'']}


class Ended(Exception):
    """The row says that the connection is over, or the client has left."""


class Wire:
    """A connection, with TLS or without, and notes of all that comes in."""

    def __init__(self, connection, clear, inside):
        self._connection = connection
        self._clear, self._inside = clear, inside
        self._buffer, self._late = b'', b''
        self._incoming = self._outgoing = self._tls = None

    # ---- reading ----

    def _receive(self):
        octets = self._connection.recv(65536)
        if not octets:
            raise Ended
        self._clear += octets
        return octets

    def _fill(self):
        if self._tls is None:
            self._buffer += self._receive()
            return
        try:
            octets = self._tls.read(65536)
            if not octets:
                raise Ended
            self._inside += octets
            self._buffer += octets
        except ssl.SSLWantReadError:
            self._incoming.write(self._receive())

    def take(self, count):
        while len(self._buffer) < count:
            self._fill()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def line(self):
        while b'\n' not in self._buffer:
            self._fill()
        return self.take(self._buffer.index(b'\n') + 1)

    # ---- writing: what is said is sent before anything else is done ----

    def flush(self):
        late, self._late = self._late, b''
        if late:
            self._connection.sendall(late)

    def _sealed(self, octets):
        """A record that holds them."""
        self._tls.write(octets)
        return self._outgoing.read()

    def text(self, octets):
        self._late += octets if self._tls is None else self._sealed(octets)

    def clear(self, octets):
        self._late += octets

    def raw(self, octets):
        self._late += bytes.fromhex(octets.decode())

    def each(self, octets):
        self.flush()
        for octet in octets:
            self.text(bytes([octet]))
            self.flush()

    def flood(self, octets):
        for _ in range(FLOOD // len(octets)):
            self.text(octets)
            self.flush()

    def half(self, octets):
        record = self._sealed(octets)
        self._late += record[:len(record) // 2]

    def flip(self, octets):
        record = self._sealed(octets)
        self._late += record[:-1] + bytes([record[-1] ^ 1])

    def twice(self, octets):
        self._late += 2 * self._sealed(octets)

    def drop(self, octets):
        self._sealed(octets)

    # ---- the beginning and the end of TLS ----

    def prepare(self, context):
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        return context.wrap_bio(self._incoming, self._outgoing,
                                server_side=True)

    def hello(self, _=b''):
        """Waits for whatever comes next, which is ClientHello at first."""
        self.flush()
        if not self._buffer:
            self._buffer += self._receive()

    def shake(self, tls, once=False, flip=False):
        """once: only until the client has to speak again."""
        self.flush()
        while True:
            self._incoming.write(self._buffer)
            self._buffer = b''
            try:
                tls.do_handshake()
                wants = False
            except ssl.SSLWantReadError:
                wants = True
            finally:
                flight = self._outgoing.read()
                if flight and flip:
                    flight = flight[:-1] + bytes([flight[-1] ^ 1])
                self._connection.sendall(flight)
            if not wants:
                self._tls = tls
                return
            if flight and once:
                return
            self._buffer += self._receive()

    def notify(self, _):
        """TLS ends in good order; what follows is in clear."""
        try:
            self._tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self._late += self._outgoing.read()
        self._tls = None

    def pause(self, _):
        self.flush()
        time.sleep(0.1)

    def silent(self, _):
        self.flush()
        while True:
            self._receive()

    def close(self, _):
        self.flush()
        self._connection.shutdown(socket.SHUT_WR)
        self.silent(b'')                # else it would become a reset

    def reset(self, _):
        self.flush()
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                    struct.pack('ii', 1, 0))
        raise Ended


class Attacker(Listener):
    def __init__(self, row, context, implicit, proxied):
        super().__init__()
        self._row, self._context = row, context
        self._implicit, self._proxied = implicit, proxied
        self.wires = []                 # all that came over each of them
        self.inside = bytearray()       # all that was protected there
        self.promised = 0               # mails accepted by a whole reply
        self.commands = []

    def _serve(self, connection):
        connection.settimeout(PATIENCE_S)
        self.wires.append(bytearray())
        wire = Wire(connection, self.wires[-1], self.inside)
        try:
            if self._proxied:
                self._proxy(wire)
            self._converse(wire)
        except (Ended, OSError):
            pass
        finally:
            connection.close()

    @staticmethod
    def _proxy(wire):
        """RFC 1928: any login is fine, and so is any name."""
        wire.take(wire.take(2)[1])
        wire.text(b'\5\0')
        wire.flush()
        wire.take(wire.take(5)[4] + 2)
        wire.text(b'\5\0\0\1\0\0\0\0\0\0')
        wire.flush()

    def _converse(self, wire):
        talk = _Talk(self._row, self._context, wire, self.commands)
        if self._implicit:
            talk.act(self._row.get('handshake'))
        talk.answer('CONNECT')
        while True:
            line = talk.command()
            words = line.upper().split() or [b'']
            verb = words[0].decode('latin-1')
            if talk.asks:
                talk.answer('MORE')
                continue
            if verb == 'BDAT':
                wire.take(int(words[1]))
                if words[-1] == b'LAST':
                    self._end(talk)
                    continue
            if verb == 'AUTH' and self._row.get('AUTH').startswith('235'):
                talk.challenge(words)
            talk.answer(verb)
            if talk.said.startswith(b'354'):
                while wire.line() != b'.\r\n':
                    pass
                self._end(talk)

    def _end(self, talk):
        try:
            talk.answer('END')
        finally:
            self.promised += bool(ACCEPTED.fullmatch(talk.said))


class _Talk:
    """The server's side of a conversation."""

    def __init__(self, row, context, wire, commands):
        self._row, self._context, self._wire = row, context, wire
        self._tls, self._secured = None, False
        self._commands, self._answered = commands, collections.Counter()
        self.said = b''                 # of the last answer, over the wire
        self.asks = False               # it was a challenge of AUTH

    def command(self):
        line = self._wire.line()
        self._commands.append(line.rstrip(b'\r\n').decode('latin-1'))
        return line

    def answer(self, verb):
        self.said = b''
        value = self._secured and self._row.get('tls ' + verb)
        turns = (value or self._row.get(verb, '502 5.5.1 unknown')).split(' | ')
        turn = min(self._answered[verb], len(turns) - 1)
        self._answered[verb] += 1
        self.act(turns[turn])
        self.asks = verb in ('AUTH', 'MORE') and self.said.startswith(b'334')

    def challenge(self, words):
        """Asks for what the client has not said yet."""
        known = CHALLENGES.get(words[1], [])
        for question in known[len(words) - 2:]:
            self._wire.text(b'334 ' + question + b'\r\n')
            self._wire.flush()
            self.command()

    def act(self, value):
        for name, octets in actions(value):
            if name in ('text', 'each'):
                self.said += octets
            own = getattr(self, '_do_' + name, None)
            (own or getattr(self._wire, name))(octets)
        self._wire.flush()

    def _handshake(self):
        if self._tls is None:
            self._tls = self._wire.prepare(self._context)
        return self._tls

    def _do_tls(self, _):
        self.act(self._row.get('handshake'))

    def _do_secure(self, _):
        self._wire.shake(self._handshake())
        self._secured = True

    def _do_flight(self, how):
        self._wire.shake(self._handshake(), once=True, flip=how == b'flip')
