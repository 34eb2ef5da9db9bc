"""table - reads tables of server behaviour: see FORMAT.md.

SPDX-License-Identifier: MIT
"""
import re

POLICIES = ('required', 'if-offered', 'implicit', 'never')
VERBS = ('CONNECT', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA',
         'BDAT', 'END', 'RSET', 'QUIT', 'MORE')
OTHERS = ('source', 'handshake', 'certificate', 'newest', 'ciphers', 'timeout',
          'clear-server', 'options', 'says', 'result')
ESCAPES = {'n': '\r\n', 'l': '\n', 'r': '\r', '0': '\0', '\\': '\\'}


def octets(text):
    """With \\n for CRLF, \\l for LF, \\r for CR and \\0 for NUL."""
    return re.sub(r'\\(.)', lambda found: ESCAPES[found[1]], text).encode()


def actions(value):
    """[(name, octets)]: text is an action like another.  A line end is added
    where the value ends in text."""
    found = []
    for text, name, argument in re.findall(r'([^{]+)|\{(\w+) ?([^}]*)\}',
                                           value):
        if text:
            found.append(('text', octets(text)))
        else:
            found.append((name, octets(argument)))
    if found[-1][0] == 'text':
        found[-1] = ('text', found[-1][1] + b'\r\n')
    return found


class Expected:
    """EXIT VERDICT REASON [FLAG]...: each a word, several with commas between,
    or * for any."""

    def __init__(self, words):
        self.exit, self.verdict, self.reason, *self.flags = words.split()
        unknown = set(self.flags) - {'clear', 'user', 'fallback', 'fallback?'}
        if unknown:
            raise ValueError(f'unknown flags {unknown}')

    # A handshake that did not come to a certificate: what is wrong with the
    # octets each library tells in its own way.
    HANDSHAKE = {'handshake', 'no-tls', 'tls-version', 'tls-cipher',
                 'renegotiation'}

    @classmethod
    def agree(cls, wanted, got):
        words = set(wanted.split(','))
        if 'handshake' in words:
            words |= cls.HANDSHAKE
        return wanted == '*' or str(got) in words

    def fits(self, exit_code, verdict, reason):
        """exit_code: None when there is none."""
        return (self.agree(self.verdict, verdict)
                and self.agree(self.reason, reason)
                and (exit_code is None or self.agree(self.exit, exit_code)))

    def __str__(self):
        return f'{self.exit} {self.verdict} {self.reason}'


class Row:
    def __init__(self, name, fields, usual):
        self.name = name
        self._own = fields
        self._all = {**usual, **fields}
        self._verbs = {key for key in fields if key in VERBS}
        #: whether something differs before TLS
        self.clear = bool(self._verbs)

    def get(self, key, default=None):
        return self._all.get(key, default)

    def meets(self, policy):
        """Whether a client of this policy comes across what differs."""
        if policy == 'never':
            return bool(self._verbs - {'STARTTLS'})
        return (policy != 'implicit' or not self.clear
                or 'CONNECT' in self._verbs)

    def expected(self, policy, login):
        """What a row does not say of if-offered and implicit is what it says
        of required, and of a login what it says without one."""
        if policy == 'implicit' and self.clear:
            return Expected(self._all['clear-server'])
        order = [policy] if policy == 'never' else [policy, 'required']
        for name in order:
            for key in ([name + '+login'] if login else []) + [name]:
                if key in self._own:
                    return Expected(self._own[key])
        for key in (policy + '+login' if login else policy, policy):
            if key in self._all:
                return Expected(self._all[key])
        raise ValueError(f'{self.name}: nothing is expected of {policy}')


def _known(key):
    word = key.removesuffix('+login')
    return (key in OTHERS or word in POLICIES
            or key.removeprefix('tls ') in VERBS)


def _field(line):
    key, value = re.match(r' +((?:tls )?\S+) +(.+)', line).groups()
    if not _known(key):
        raise ValueError(f'unknown key {key}')
    return key, value


def read(file):
    """The rows of a file, in its order."""
    usual, rows, fields = {}, [], None
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if not line or line.startswith('#'):
            continue
        try:
            if line == 'usual':
                fields = usual
            elif line.startswith(('attack ', 'conversation ')):
                fields = {}
                rows.append((line.split()[1], fields))
            else:
                key, value = _field(line)
                if key in fields:
                    raise ValueError(f'{key} twice')
                fields[key] = value
        except (ValueError, AttributeError, TypeError) as problem:
            raise SystemExit(f'{file}:{number}: {problem}') from None
    return [Row(name, fields, usual) for name, fields in rows]
