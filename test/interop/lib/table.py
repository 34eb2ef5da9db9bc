"""table - writes what the tests measured as doc/interop.md.

SPDX-License-Identifier: MIT

The page has a section for each TLS library.  A test writes its own section
when DUVA_WRITE is in the environment, as `make interop` does; else it
compares.  A server of another version is no difference, its results are.
"""
import os
import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parents[3] / 'doc/interop.md'
HEAD = """# Real mail servers

`make interop` measures this page again: the tests send with `duva send` and
look at what the server has stored.

**More servers**: without TLS and authentication, at the default settings.

- *MAIL with an end of data*: the reply to a MAIL that was sent with the end of
  data of the mail before (RFC 2920): `taken`, another reply, or `no reply`;
  `-` has no PIPELINING.
- *merge*: each row was accepted and is stored once. *refused rows*: those that
  the server rejected, and no others, were reported as rejected.
- *200 recipients*: 20 were rejected and reported; the others got the message.
  Sendmail was limited to 100 recipients, so it got two transactions.
- The others: the message is stored octet for octet as sent, below the trace
  fields of the server. *5 MB*; *lines* of 998 octets, and of dots; *UTF-8
  text*: with 8BITMIME, else its content; *UTF-8 addresses*: with SMTPUTF8.

**OpenSSL, mbedTLS (2.28), mbedTLS 3.6**: over TLS, with that library. Each `yes`
is two sendings. With the right password, token or certificate the message
arrived octet for octet, in the name of its user. With a wrong one the server
rejected it, the command reported why, and nothing arrived. `-` was not
advertised. After each sending neither the output of the command nor its memory
had any part of the secret.

Postfix asks Dovecot who may log in. Dovecot has its submission service in the
table, with Postfix behind it. TLS is GnuTLS in Exim, OpenSSL in the others.

"""
VERSION = re.compile(r'^(\| [^|]+ \| )[0-9][^|]*( \|.*)$', re.MULTILINE)


def row(cells):
    return '| ' + ' | '.join(cells) + ' |'


def table(head, rows):
    return '\n'.join([row(head), '|' + '---|' * len(head), *map(row, rows)])


def sections(page):
    """The text under each heading, by its name."""
    parts = re.split(r'^## (.*)\n\n', page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (text.rstrip() for text in parts[2::2])))


def without_versions(text):
    return VERSION.sub(r'\1*\2', text)


def publish(name, text):
    """Writes the section, or says what is wrong with the one that is there."""
    known = sections(PAGE.read_text()) if PAGE.exists() else {}
    if 'DUVA_WRITE' in os.environ:
        known[name] = text
        PAGE.write_text(HEAD + '\n\n'.join(
            f'## {title}\n\n{known[title]}' for title in sorted(known))
            + '\n')
        return None
    if without_versions(known.get(name, '')) == without_versions(text):
        return None
    return (f'doc/interop.md is out of date: please run "make interop". '
            f'What was measured now:\n\n## {name}\n\n{text}')


def publish_line(name, head, cells, results):
    """The same for the line of one server, in a table that many tests write.
    Only its last cells, that many, are results; the others may differ."""
    known = sections(PAGE.read_text()).get(name, '')
    lines = {line.split(' | ')[0][2:]: line for line in
             known.splitlines()[2:]}
    if 'DUVA_WRITE' in os.environ:
        lines[cells[0]] = row(cells)
        rows = [lines[server] for server in sorted(lines, key=str.lower)]
        return publish(name, '\n'.join([table(head, []), *rows]))
    if lines.get(cells[0], '').split(' | ')[-results:] == \
            row(cells).split(' | ')[-results:]:
        return None
    return (f'doc/interop.md is out of date: please run "make interop". '
            f'What was measured now:\n\n{row(cells)}')
