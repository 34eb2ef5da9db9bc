"""scram - a server with TLS and SCRAM-SHA-256.

SPDX-License-Identifier: MIT
"""
import base64
import hashlib
import hmac

from stalling import Stalling


class Scram(Stalling):
    """It has SCRAM-SHA-256 for one user (RFC 5802)."""

    PASSWORD, SALT, ROUNDS = b'secret', b'some salt', 4096

    def __init__(self, certificate):
        super().__init__(certificate, EHLO=b'250-test.example\r\n'
                         b'250 AUTH SCRAM-SHA-256')

    def _answer(self, connection, verb):
        if verb != 'AUTH':
            return super()._answer(connection, verb)
        first = base64.b64decode(self.lines[-1].split()[2]).decode()
        bare = first.split(',', 2)[2]
        nonce = dict(part.split('=', 1) for part in bare.split(','))['r']
        challenge = (f'r={nonce}server,s='
                     f'{base64.b64encode(self.SALT).decode()},i={self.ROUNDS}')
        final = self._exchange(connection, '334 ', challenge)
        without_proof, proof = final.rsplit(',p=', 1)
        signed = f'{bare},{challenge},{without_proof}'.encode()
        salted = hashlib.pbkdf2_hmac('sha256', self.PASSWORD, self.SALT,
                                     self.ROUNDS)
        key = hmac.digest(salted, b'Client Key', 'sha256')
        signature = hmac.digest(hashlib.sha256(key).digest(), signed, 'sha256')
        if base64.b64decode(proof) != bytes(
                a ^ b for a, b in zip(key, signature)):
            connection.sendall(b'535 5.7.8 Wrong\r\n')
            return b'535'
        mine = hmac.digest(hmac.digest(salted, b'Server Key', 'sha256'),
                           signed, 'sha256')
        self._exchange(connection, '334 ',
                       'v=' + base64.b64encode(mine).decode())
        return super()._answer(connection, 'AUTH')

    def _exchange(self, connection, code, text):
        """The client's response to a challenge, both in clear."""
        connection.sendall(code.encode() + base64.b64encode(text.encode())
                           + b'\r\n')
        line = self._line(self._stream)
        return base64.b64decode(line).decode()

    def _talk(self, tls, stream):
        self._stream = stream
        super()._talk(tls, stream)
