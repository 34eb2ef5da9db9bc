"""scripted - a server on loopback that follows a script.

SPDX-License-Identifier: MIT

    with Scripted(RCPT=b'550 5.1.1 Unknown', END=CLOSE) as server:
        ... server.port ... server.heard, server.messages ...

The answers are given by verb: CONNECT, EHLO, AUTH, MAIL, RCPT, DATA, END (to
the final dot), QUIT.  An answer is bytes without the last line end, a list of
them to be used up one by one, a function of the client's line, or CLOSE (hang
up) or SILENCE (say nothing, read nothing).  BODY=SILENCE leaves the message unread.
"""
import threading

from listener import Listener

CLOSE, SILENCE = object(), object()

EHLO = b'250-test.example\r\n250-PIPELINING\r\n250-SIZE 5000000\r\n'
ANSWERS = {
    'CONNECT': b'220 test.example ready',
    'EHLO': EHLO + b'250 8BITMIME',
    'AUTH': b'235 2.7.0 Welcome',
    'MAIL': b'250 2.1.0 Ok',
    'RCPT': b'250 2.1.5 Ok',
    'DATA': b'354 Go on',
    'END': b'250 2.0.0 Ok: queued as 1',
    'QUIT': b'221 2.0.0 Bye',
    'RSET': b'250 2.0.0 Ok',
}


def offering(*mechanisms):
    """An answer to EHLO."""
    return EHLO + b'250 AUTH ' + ' '.join(mechanisms).encode()


class Scripted(Listener):
    def __init__(self, address='127.0.0.1', **answers):
        self._answers = {**ANSWERS, **answers}
        super().__init__(address)
        self.heard = bytearray()    # all that clients said
        self.lines = []             # their commands
        self.messages = []          # their messages, without dot-stuffing
        self.reached = {verb: threading.Event() for verb in ANSWERS}

    @property
    def url(self):
        host = f'[{self.address}]' if ':' in self.address else self.address
        return f'smtp://{host}:{self.port}'

    def command(self, verb):
        """The first line that begins so."""
        return next(line for line in self.lines if line.startswith(verb))

    def _answer(self, connection, verb):
        """Returns the answer, or None when there is nothing more to say."""
        answer = self._answers.get(verb, b'502 5.5.1 Unknown command')
        if isinstance(answer, list):
            answer = answer.pop(0)
        if callable(answer):
            answer = answer(self.lines[-1])
        if verb in self.reached:
            self.reached[verb].set()
        if answer is CLOSE:
            return None
        if answer is SILENCE:
            self._ended.wait(60)
            return None
        connection.sendall(answer + b'\r\n')
        return answer

    def _line(self, stream):
        line = stream.readline()
        self.heard += line
        return line

    def _message(self, stream):
        message = []
        while True:
            line = self._line(stream)
            if line == b'.\r\n':
                return b''.join(message)
            if not line:
                return None
            message.append(line[1:] if line.startswith(b'.') else line)

    def _serve(self, connection):
        try:
            with connection, connection.makefile('rb') as stream:
                self._converse(connection, stream)
        except OSError:
            pass                    # the client hung up

    def _converse(self, connection, stream):
        answer = self._answer(connection, 'CONNECT')
        while answer is not None:
            line = self._line(stream)
            if not line:
                return
            self.lines.append(line.rstrip(b'\r\n').decode('latin-1'))
            verb = 'AUTH'
            if not answer.startswith(b'334'):
                verb = self.lines[-1].split(' ')[0].upper()
            answer = self._answer(connection, verb)
            if verb == 'QUIT':
                return
            if answer is not None and answer.startswith(b'354'):
                if 'BODY' in self._answers:
                    self._answer(connection, 'BODY')
                    return
                message = self._message(stream)
                if message is None:
                    return
                self.messages.append(message)
                answer = self._answer(connection, 'END')
