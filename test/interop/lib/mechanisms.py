"""mechanisms - the server's side of SASL, as replies for scripted.

SPDX-License-Identifier: MIT

    Scripted(EHLO=offering('SCRAM-SHA-256'), AUTH=Scram('sha256', password))
"""
import base64
import hashlib
import hmac


def decode(line):
    return base64.b64decode(line.split(' ')[-1])


def challenge(octets):
    return b'334 ' + base64.b64encode(octets)


class Scram:
    """RFC 5802; what binds it is for others to look at, in first and last."""

    def __init__(self, digest, password, iterations=4096, nonce=None,
                 signature=None):
        self._digest, self._iterations = digest, iterations
        self._password = password
        self._nonce, self._signature = nonce, signature
        self._step = 0
        self.first = self.last = b''

    def _hmac(self, key, text):
        return hmac.digest(key, text, self._digest)

    def __call__(self, line):
        self._step += 1
        if line == '*':
            return b'501 5.7.0 Cancelled'
        return (None, self._begin, self._prove, self._end)[self._step](line)

    def _begin(self, line):
        self.first = decode(line)
        bare = self.first.split(b',', 2)[2]
        client = bare.split(b'r=')[1]
        nonce = self._nonce or client + b'more'
        answer = b'r=%b,s=%b,i=%d' % (nonce, base64.b64encode(b'salt'),
                                      self._iterations)
        self._text = bare + b',' + answer
        return challenge(answer)

    def _prove(self, line):
        self.last = decode(line)
        final, proof = self.last.rsplit(b',p=', 1)
        text = self._text + b',' + final
        salted = hashlib.pbkdf2_hmac(self._digest, self._password, b'salt',
                                     self._iterations)
        key = self._hmac(salted, b'Client Key')
        mask = self._hmac(hashlib.new(self._digest, key).digest(), text)
        expected = bytes(a ^ b for a, b in zip(key, mask))
        if base64.b64decode(proof) != expected:
            return b'535 5.7.8 Wrong'
        if self._signature == b'':
            return b'235 Welcome'
        signature = self._signature or self._hmac(
            self._hmac(salted, b'Server Key'), text)
        return challenge(b'v=' + base64.b64encode(signature))

    def _end(self, _):
        return b'235 2.7.0 Welcome'


class CramMd5:
    TEXT = b'<1896.697170952@postoffice.example>'

    def __init__(self, user, password):
        digest = hmac.new(password, self.TEXT, 'md5').hexdigest()
        self._expected = user + b' ' + digest.encode()

    def __call__(self, line):
        if line.startswith('AUTH'):
            return challenge(self.TEXT)
        return (b'235 2.7.0 Welcome' if decode(line) == self._expected
                else b'535 5.7.8 Wrong')


class OAuth:
    """Takes one token; else says what is wrong in JSON, as RFC 7628 wants."""

    def __init__(self, token, error=b'{"status":"invalid_token"}'):
        self._token, self._error = token, error
        self.heard = []

    def __call__(self, line):
        self.heard.append(decode(line) if ' ' in line or self.heard else b'')
        if len(self.heard) > 1:
            return b'535 5.7.8 No'
        return (b'235 2.7.0 Welcome'
                if b'auth=Bearer ' + self._token + b'\1' in self.heard[0]
                else challenge(self._error))
