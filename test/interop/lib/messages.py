"""messages - the messages that are sent, and what must arrive.

SPDX-License-Identifier: MIT
"""
HEADER = b'From: alarm@pump.example\r\nTo: ada@example.org\r\nSubject: '


def arrives(sent):
    """The message as SMTP carries it: each line ends with CRLF."""
    lines = sent.replace(b'\r\n', b'\n').split(b'\n')
    if lines[-1] == b'':
        lines.pop()
    return b''.join(line + b'\r\n' for line in lines)


def numbered_lines(octets):
    """Text of that size, no line like another, so that nothing can be lost,
    doubled or swapped unseen."""
    text = b''.join(b'%07d %s\n' % (i, b'.' * (i % 60))
                    for i in range(octets // 38 + 1))
    return text[:octets - 1] + b'\n'


# By name; those with a header are messages that Postfix stores as they are.
MESSAGES = {
    'plain': HEADER + b'plain\r\n\r\nGood morning.\r\n',
    'lone-lf': HEADER.replace(b'\r', b'') + b'lone LF\n\none\ntwo\n\nfour\n',
    'mixed-ends': HEADER + b'both\n\r\none\r\ntwo\nthree\r\n',
    'dots': HEADER + b'dots\r\n\r\n.\r\n..\r\n...\r\n.one\r\nt.o\r\n.\n.\r\n',
    'dot-at-end': HEADER + b'dot at the end\r\n\r\nEnd:\r\n.\r\n',
    'dot-unfinished': HEADER + b'dot without a line end\r\n\r\n.',
    'quit': HEADER + b'commands\r\n\r\n.\r\nQUIT\r\nDATA\r\n',
    'no-final-newline': HEADER + b'unfinished\r\n\r\nno line end here',
    'empty-body': HEADER + b'empty body\r\n\r\n',
    'blank-lines': HEADER + b'blank\r\n\r\n\r\n\r\n\n\n\r\n',
    'long-lines': HEADER + b'long lines\r\n\r\n' + b'x' * 998 + b'\r\n'
                  + b'y' * 998 + b'\n' + b'.' * 997 + b'\n' + b'z' * 998,
    'long-line-dot': HEADER + b'long line, dot\r\n\r\n.' + b'x' * 997 + b'\n',
    'spaces': HEADER + b'spaces\r\n\r\n \r\n\t\r\ntrailing \t \r\n .\r\n',
    'eight-bit': HEADER + b'octets\r\n\r\n' + bytes(
        octet for octet in range(1, 256) if octet not in b'\r\n') + b'\r\n',
    'megabyte': HEADER + b'1 MB\r\n\r\n' + numbered_lines(1_000_000),
    'megabyte-of-dots': HEADER + b'dots\r\n\r\n' + b'.\n' * 500_000,
}

# Without a header: a server that looks inside would complete them.
BARE = {
    'nothing': b'',
    'one-octet': b'x',
    'only-a-dot': b'.',
    'only-a-line-end': b'\n',
}

# What must not be sent; nothing may arrive.
UNFIT = {
    'long-line': HEADER + b'too long\r\n\r\n' + b'x' * 999 + b'\r\n',
    'lone-cr': HEADER + b'lone CR\r\n\r\nHere:\rsmuggled\r\n',
    'nul': HEADER + b'NUL\r\n\r\nHere:\0\r\n',
}
