"""table - what the tests measured, as doc/interop.md.

SPDX-License-Identifier: MIT

The page has a section for each TLS library.  A test writes its own section
when DUVA_WRITE is in the environment, as `make interop` does; else it
compares.  A server of another version is no difference, its results are.
"""
import os
import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parents[2] / 'doc/interop.md'
HEAD = """# Real mail servers

What `duva send` and these servers said to each other over TLS, written by the
tests: `make interop` measures it again. Each `yes` is two sendings: with the
right password, token or certificate the mail arrived octet for octet, in the
name of its user; with a wrong one the server refused, the command said why,
and nothing arrived. `-` was not offered. After each sending neither what the
command wrote nor its memory held any part of the secret.

Postfix asks Dovecot who may log in; Dovecot has its submission service in the
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
