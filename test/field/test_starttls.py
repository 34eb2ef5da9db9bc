#!/usr/bin/python3
"""test_starttls - each row of attacks.txt, with each TLS mode.

SPDX-License-Identifier: MIT

    test_starttls.py [-v] [ROW]...

Run by CTest, which says where the programs are: ctest -R field-starttls.  With
-v it tells what came of each attempt.
"""
import base64
import concurrent.futures
import itertools
import os
import pathlib
import queue
import re
import ssl
import subprocess
import sys
import tempfile
import warnings

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parent / 'interop/lib'))

from authority import Authority                                 # noqa: E402
from command import run                                         # noqa: E402

import table                                                    # noqa: E402
from attacker import Attacker                                   # noqa: E402

NAMES = 'IP:127.0.0.1,DNS:mx.example'
USER, PASSWORD = b'captain', b'op3n-sesame-9'
DOMAIN, TEXT = b'secret.example', b'The treasure is under the oak.\n'
# A command behind the first octet of ClientHello
TALK = re.compile(rb'STARTTLS\r\n\x16.*(EHLO|HELO|AUTH|MAIL|RCPT|QUIT)[ \r]',
                  re.DOTALL)
MODES = {'if-offered': 'opportunistic'}
WORKERS = 12


def certificates(trusted, stranger):
    """Files by the names that they have in the table."""
    authority = 'basicConstraints=critical,CA:TRUE'
    good = trusted.certificate(NAMES)
    between = trusted.certificate('', common='between', extension=authority)
    by_server = trusted.certificate(NAMES, common='another', issuer=good)
    by_server.write_text(by_server.read_text() + good.read_text())
    return {
        'good': good, 'by-server': by_server,
        'self-signed': trusted.self_signed(NAMES),
        'stranger': stranger.certificate(NAMES),
        'other-name': trusted.certificate('IP:127.0.0.2,DNS:mail.example'),
        'longer-name': trusted.certificate('DNS:mx.example.evil.example'),
        'wildcard': trusted.certificate('DNS:*.example'),
        'star': trusted.certificate('DNS:*'),
        'common-name': trusted.certificate('', common='mx.example'),
        'expired': trusted.certificate(NAMES, end='20210101000000Z'),
        'not-yet': trusted.certificate(NAMES, start='20980101000000Z'),
        'client': trusted.certificate(
            NAMES, extension='extendedKeyUsage=clientAuth'),
        'gap': trusted.certificate(NAMES, issuer=between),
    }


class Context:
    """TLS of the server's side, made once for each kind."""

    def __init__(self, files):
        self._files, self._made = files, {}

    def of(self, row):
        key = row.get('certificate'), row.get('newest'), row.get('ciphers')
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def _make(self, certificate, newest, ciphers):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')     # that it is an old version
            if newest:
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion[
                    'TLSv' + newest.replace('.', '_')]
        if newest and newest < '1.2':
            ciphers = 'ALL:@SECLEVEL=0'
        if ciphers:
            context.set_ciphers(ciphers)
        context.load_cert_chain(self._files[certificate])
        return context


class Outcome:
    def __init__(self, verdict, err, reason, fell_back, code=None, words=b''):
        self.verdict, self.code, self.words = verdict, code, words
        if reason in (None, 'none'):
            reason = err
        self.reason = reason or 'ok'
        self.fell_back = fell_back

    def __str__(self):
        return ' '.join(map(str, (
            '-' if self.code is None else self.code, self.verdict,
            self.reason, *(['fallback'] if self.fell_back else []))))


class Command:
    """duva send; with a login through a proxy, behind which nothing is taken
    for this same machine."""
    name = 'command'

    def __init__(self, authority, password):
        self._authority, self._password = authority, password

    @staticmethod
    def proxied(login):
        return login

    def attempt(self, server, policy, login, seconds):
        where = ['--server', f'smtp://127.0.0.1:{server.port}']
        if login:
            where = ['--server', 'smtp://mx.example:587', '--proxy',
                     f'socks5://127.0.0.1:{server.port}', '--user',
                     USER.decode(), '--password-file', self._password]
        trust = ['--ca', self._authority] if policy != 'never' else []
        limit = ['--timeout', seconds] if seconds != '0' else []
        mode = ['--tls', MODES.get(policy, policy)]
        if policy == 'required' and login:
            mode = []               # the default for every other machine
        try:
            done = run('send', *where, *trust, *limit, *mode, '--from',
                       'sender@secret.example', '--to',
                       'reader@secret.example', '--subject', 'Treasure',
                       '--json', '--trace', text=TEXT)
        except subprocess.TimeoutExpired:
            return Outcome('none', 'it does not end', None, False)
        if not done.out:
            return Outcome('none', done.err, None, False, done.code)
        told = done.json
        return Outcome(told['verdict'], told['err'], told['reason'],
                       bool(told['tls'] and told['tls']['fell_back']),
                       done.code, done.raw)


class Library:
    """attacked.c, with a process for each that works here."""
    name = 'library'

    def __init__(self, authority):
        self._free = queue.Queue()
        self._all = [subprocess.Popen(
            [os.environ['DUVA_ATTACKED'], authority], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for _ in range(WORKERS)]
        for process in self._all:
            self._free.put(process)

    @staticmethod
    def proxied(login):
        return False

    def attempt(self, server, policy, login, seconds):
        process, answer = self._free.get(), []
        try:
            process.stdin.write(
                f'{policy} {int(login)} {server.port} {seconds}\n')
            answer = process.stdout.readline().split()
        except OSError:
            pass                    # it is no more
        self._free.put(process)
        if len(answer) != 4:
            return Outcome('crashed', 'none', 'none', False)
        verdict, err, reason, fell_back = answer
        return Outcome(verdict, err, reason, fell_back == '1')

    def end(self):
        """The exit status of each process."""
        for process in self._all:
            try:
                process.stdin.close()
            except OSError:
                pass                # it is no more
        return [process.wait(30) for process in self._all]


def shown(secret, octets):
    """As it is, or in base64, as PLAIN and LOGIN have it."""
    forms = {secret}
    for prefix in (b'', b'\0' + USER + b'\0', b'\0', USER + b'\0'):
        coded = base64.b64encode(prefix + secret).rstrip(b'=')
        forms.add(coded[:-1])           # its last digit may hold more
    return any(form in octets for form in forms)


def leaks(expected, server, trusted, words):
    """Whatever others can read that they must not."""
    seen = b''.join(server.wires) + (b'' if trusted else bytes(server.inside))
    if shown(PASSWORD, seen) or PASSWORD in words:
        yield 'the password is shown'
    if shown(USER, seen) and 'user' not in expected.flags:
        yield 'the user is shown'
    if b'\nAUTH ' in seen and 'user' not in expected.flags:
        yield 'AUTH in clear'
    if any(map(TALK.search, server.wires)):
        yield 'words in clear after a handshake began'
    clear = 'clear' in expected.flags
    if clear != (DOMAIN in seen) and '?' not in ''.join(expected.flags):
        yield f'the addresses are {"not " if clear else ""}in clear'
    if TEXT.strip() in seen and not clear:
        yield 'the message is in clear'


def problems(expected, outcome, server, trusted):
    if not expected.fits(outcome.code, outcome.verdict, outcome.reason):
        yield f'{outcome}, not {expected}'
    yield from leaks(expected, server, trusted, outcome.words)
    if outcome.verdict == 'accepted' and server.promised != 1:
        yield f'accepted, but the server said so {server.promised} times'
    if 'fallback?' not in expected.flags:
        if outcome.fell_back != ('fallback' in expected.flags):
            yield 'a second connection in clear, or none'
    # Programs that look for a free port may come by, and say nothing.
    spoken = sum(map(bool, server.wires))
    if spoken > 1 + outcome.fell_back:
        yield f'{spoken} connections'


def attempt(row, policy, login, program, context):
    """What went wrong, with what it was about in front."""
    implicit = policy == 'implicit' and not row.clear
    expected = row.expected(policy, login)
    with Attacker(row, context, implicit, program.proxied(login)) as server:
        outcome = program.attempt(server, policy, login,
                                  row.get('timeout', '0'))
        server.finish()
    trusted = row.get('certificate') == 'good' or 'ok' == expected.reason
    where = (f'{row.name}: {policy}{" with a login" if login else ""}, '
             f'{program.name}')
    return where, str(outcome), list(problems(expected, outcome, server,
                                              trusted))


def play(rows, programs, contexts, verbose):
    """How many attempts were made, and how many went wrong."""
    wrong = count = 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
        attempts = [workers.submit(attempt, *what, contexts.of(what[0]))
                    for what in itertools.product(
                        rows, table.POLICIES, (False, True), programs)
                    if what[0].meets(what[1])]
        for done in attempts:
            where, outcome, found = done.result()
            count += 1
            wrong += bool(found)
            if verbose:
                print(f'{where}: {outcome}')
            for problem in found:
                print(f'WRONG {where}: {problem}', file=sys.stderr)
    return count, wrong


def main():
    words = sys.argv[1:]
    verbose = '-v' in words
    names = [word for word in words if word != '-v']
    rows = [row for row in table.read(FOLDER / 'attacks.txt')
            if not names or row.name in names]
    with Authority() as trusted, Authority('Stranger') as stranger, \
            tempfile.NamedTemporaryFile() as password:
        password.write(PASSWORD + b'\n')
        password.flush()
        contexts = Context(certificates(trusted, stranger))
        library = Library(str(trusted.file))
        count, wrong = play(rows, [Command(str(trusted.file), password.name),
                                   library], contexts, verbose)
        crashed = sum(map(bool, library.end()))
    print(f'{len(rows)} rows, {count} attempts: {wrong} wrong'
          + (f', {crashed} programs crashed' if crashed else ''))
    return 1 if wrong or crashed or not rows else 0


if __name__ == '__main__':
    sys.exit(main())
