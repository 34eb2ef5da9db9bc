#!/usr/bin/python3
"""test_matrix - every real server, every TLS mode, every SASL mechanism.

SPDX-License-Identifier: MIT

Run by CTest, which says where the programs are: ctest -R matrix
Every mail has a text of its own, so that many can be under way at once.
"""
import concurrent.futures
import itertools
import json
import os
import pathlib
import secrets
import smtplib
import ssl
import tempfile
import unittest
from typing import NamedTuple

import duva
import table
from authority import Authority
from common import V4, main
from dovecot import RECEIVED, Dovecot, Tokens
from exim import Exim
from memory import Search
from messages import HEADER, arrives
from processes import NotRoot
from servers import Aiosmtpd, Postfix

HERE = 'IP:127.0.0.1,DNS:localhost'
USER = 'captain.nemo'
# The TLS library of the command, and which versions it speaks.
LIBRARY = {
    'openssl': 'OpenSSL', 'mbedtls': 'mbedTLS', 'mbedtls3_psa': 'mbedTLS 3.6',
}[os.environ.get('DUVA_TLS', 'openssl')]
VERSIONS = {'1.2': ssl.TLSVersion.TLSv1_2}
if LIBRARY != 'mbedTLS':
    VERSIONS['1.3'] = ssl.TLSVersion.TLSv1_3
STARTTLS, IMPLICIT = 'STARTTLS', 'implicit'
CASES = list(itertools.product(VERSIONS, (STARTTLS, IMPLICIT)))
PASSWORDS = 'PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'
TOKENS = 'XOAUTH2', 'OAUTHBEARER'
MECHANISMS = *PASSWORDS, *TOKENS, 'EXTERNAL'
AT_ONCE = 4
OK, LATER, DENIED = 0, 75, 77


class Way(NamedTuple):
    """To one server, over one version of TLS, begun in one way."""
    server: object      # has a name and a version
    version: str
    mode: str
    port: int
    store: object       # where its mail arrives


class Attempt(NamedTuple):
    way: Way
    mechanism: str
    right: bool

    def __str__(self):
        return (f'{self.way.server.name}, TLS {self.way.version} '
                f'{self.way.mode}, {"right" if self.right else "wrong"} '
                f'{self.mechanism}')

    def message(self):
        return HEADER + f'{self}\r\n\r\n.\r\n..two\r\nGr\xfc\xdfe\n.'.encode()


class Account:
    """What one has to show for oneself."""

    def __init__(self, folder, certificate):
        self.password = secrets.token_urlsafe(24)
        self.token = secrets.token_urlsafe(600)
        self.certificate = str(certificate)
        folder.mkdir()
        self._files = {'password': folder / 'password',
                       'token': folder / 'token'}
        for name, file in self._files.items():
            file.write_text(getattr(self, name) + '\n')
            file.chmod(0o600)

    def options(self, mechanism):
        if mechanism in PASSWORDS:
            shown = ['--user', USER, '--password-file',
                     self._files['password']]
        elif mechanism in TOKENS:
            shown = ['--user', USER, '--token-file', self._files['token']]
        else:
            shown = ['--authzid', USER, '--client-cert', self.certificate]
        return ['--auth', mechanism, *shown]

    def secrets(self, mechanism):
        """A key is no secret that could be said to anybody."""
        if mechanism in PASSWORDS:
            return [self.password.encode()]
        return [self.token.encode()] if mechanism in TOKENS else []


class Servers:
    """Each of them once; they stop when the module is left."""

    def __init__(self, authority, account):
        enter = unittest.enterModuleContext
        certificate = authority.certificate(HERE)
        users = {USER: account.password}
        tokens = enter(Tokens())
        tokens.owners[account.token] = USER
        self.ways = []
        for version, mode in CASES:
            server = enter(Aiosmtpd(
                USER, account.password, certificate=certificate,
                implicit=mode == IMPLICIT,
                protocol=VERSIONS[version]))
            self._add(server, version, mode, server.port)
        sasl = enter(Dovecot(certificate, tokens, users))
        postfix = enter(Postfix(certificate, sasl.socket, [
            *(self._postfix(version, mode) for version, mode in CASES),
            ['smtpd_tls_security_level=encrypt', 'smtpd_tls_req_ccert=yes',
             f'smtpd_tls_CAfile={authority.file}'],
            ['smtpd_sasl_auth_enable=no',
             'smtpd_relay_restrictions=permit_mynetworks,reject']]))
        *ports, strict, relay = postfix.other_ports
        self.strict = Way(postfix, '', STARTTLS, strict, postfix)
        for (version, mode), port in zip(CASES, ports):
            self._add(postfix, version, mode, port)
        exim = enter(Exim(certificate, authority.file, USER,
                          account.password))
        for version, mode in CASES:
            self._add(exim, version, mode, exim.ports[version, mode])
        self.submission = [enter(Dovecot(certificate, tokens, users, relay,
                                         'TLSv' + version))
                           for version in VERSIONS]
        for version, server in zip(VERSIONS, self.submission):
            self._add(server, version, STARTTLS, server.port, postfix)
            self._add(server, version, IMPLICIT, server.tls_port, postfix)

    def _add(self, server, version, mode, port, store=None):
        self.ways.append(Way(server, version, mode, port, store or server))

    @staticmethod
    def _postfix(version, mode):
        return ['smtpd_tls_security_level=encrypt',
                f'smtpd_tls_mandatory_protocols=TLSv{version}',
                'smtpd_tls_wrappermode='
                + ('yes' if mode == IMPLICIT else 'no')]


def setUpModule():
    global authority, right, wrong, servers, folder
    folder = pathlib.Path(unittest.enterModuleContext(
        tempfile.TemporaryDirectory()))
    authority = unittest.enterModuleContext(Authority())
    right = Account(folder / 'right', authority.certificate('', common=USER))
    wrong = Account(folder / 'wrong',
                    authority.certificate('', common='stranger'))
    try:
        servers = Servers(authority, right)
    except NotRoot as problem:
        raise unittest.SkipTest(str(problem)) from problem


class MatrixTest(unittest.TestCase):
    maxDiff = None

    # ---- what the servers offer ----

    def context(self):
        context = ssl.create_default_context(cafile=authority.file)
        context.load_cert_chain(right.certificate)
        return context

    def offered(self, way):
        """What a client that is not Duva is told, after the handshake."""
        if way.mode == IMPLICIT:
            client = smtplib.SMTP_SSL(V4, way.port, 'test.example',
                                      context=self.context(), timeout=60)
        else:
            client = smtplib.SMTP(V4, way.port, 'test.example', timeout=60)
        with client:
            if way.mode == STARTTLS:
                client.starttls(context=self.context())
            client.ehlo()
            self.assertEqual(client.sock.version(), 'TLSv' + way.version)
            words = client.esmtp_features['auth'].split()
        return [name for name in MECHANISMS if name in words]

    # ---- one sending ----

    def try_once(self, attempt):
        way, account = attempt.way, right if attempt.right else wrong
        search = Search(*account.secrets(attempt.mechanism))
        done = duva.send(
            V4, way.port, attempt.message(), '--json', '--trace', '--tls',
            'implicit' if way.mode == IMPLICIT else 'required', '--ca',
            authority.file, *account.options(attempt.mechanism),
            environment=search.environment())
        return attempt, done, search

    def check(self, attempt, done, search):
        words = done.stdout + done.stderr
        self.assertFalse(search.in_words(words), 'a secret was shown')
        self.assertEqual(done.returncode, OK if attempt.right else DENIED,
                         words.decode())
        result = json.loads(done.stdout)
        self.assertEqual(result['tls']['protocol'],
                         'TLSv' + attempt.way.version)
        self.assertIs(result['tls']['verified'], True)
        if not attempt.right:
            self.assertEqual(result['reply']['code'], 535)
            self.assertIn(b': 535 ', done.stderr)
            if attempt.mechanism in TOKENS:
                said = result['auth']['said']
                self.assertIn('status', json.loads(said))
                self.assertIn(said, done.stderr.decode())
        self.assertEqual(search.in_memory(at_quit=attempt.right), [])

    def run_all(self, attempts):
        """Those that went as they should."""
        passed = set()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for attempt, done, search in pool.map(self.try_once, attempts):
                with self.subTest(str(attempt)):
                    self.check(attempt, done, search)
                    passed.add(attempt)
        return passed

    # ---- all of them ----

    def check_arrived(self, attempts):
        """Each of them in its store, and nothing else anywhere."""
        for store in {attempt.way.store for attempt in attempts}:
            sent = [attempt for attempt in attempts
                    if attempt.way.store is store]
            found = {}
            for delivery in store.take(len(sent)):
                message = RECEIVED.sub(b'', delivery.message, 1)
                found[message] = delivery.login
            for attempt in sent:
                with self.subTest(str(attempt)):
                    login = found.pop(arrives(attempt.message()), 'nothing')
                    if attempt.way.server is store:
                        self.assertEqual(login, USER)
                    self.assertNotEqual(login, 'nothing')
            self.assertEqual(found, {})
        sent = [attempt for attempt in attempts
                if attempt.way.server in servers.submission]
        logins = [name for server in servers.submission
                  for name in server.logins()]
        self.assertEqual(logins, [USER] * len(sent))

    def test_all(self):
        offers = {way: self.offered(way) for way in servers.ways}
        cells = [(way, name) for way, names in offers.items()
                 for name in names]
        attempts = [[Attempt(way, name, is_right) for way, name in cells]
                    for is_right in (False, True)]
        passed = set().union(*map(self.run_all, attempts))
        self.check_arrived(attempts[True])

        def cell(way, name):
            if name not in offers[way]:
                return '-'
            both = {Attempt(way, name, is_right) for is_right in (0, 1)}
            return 'yes' if both <= passed else 'NO'

        self.compare(offers, cell)

    def compare(self, offers, cell):
        versions = dict(sorted((way.server.name, way.server.program_version())
                               for way in servers.ways))
        text = '\n\n'.join([
            table.table(['server', 'version'], versions.items()),
            table.table(['server', 'TLS', 'begins with', *MECHANISMS], [
                [way.server.name, way.version, way.mode,
                 *(cell(way, name) for name in MECHANISMS)]
                for way in offers])])
        problem = table.publish(LIBRARY, text)
        if problem:
            self.fail(problem)


class CertificateTest(unittest.TestCase):
    """Postfix has no EXTERNAL, but can demand a certificate before all."""

    def send(self, *options):
        message = HEADER + b'certificate\r\n\r\nShown.\r\n'
        done = duva.send(V4, servers.strict.port, message, '--ca',
                         authority.file, *right.options('PLAIN'), *options)
        return done, message

    def test_demanded(self):
        done, message = self.send('--client-cert', right.certificate)
        self.assertEqual(done.returncode, OK, done.stderr)
        delivery, = servers.strict.store.take(1)
        self.assertEqual((delivery.message, delivery.login), (message, USER))
        done, _ = self.send()
        self.assertEqual(done.returncode, LATER, done.stderr)
        servers.strict.store.take(0)


class MemoryTest(unittest.TestCase):
    """The search finds what is there."""

    def test_search(self):
        way = servers.ways[0]
        search = Search(USER.encode())
        done = duva.send(
            V4, way.port, HEADER + b'x\r\n\r\nx', '--trace', '--ca',
            authority.file, *right.options('PLAIN'),
            environment=search.environment())
        self.assertEqual(done.returncode, OK, done.stderr)
        way.store.take(1)
        if search.possible:
            found = search.in_memory(at_quit=True)
            self.assertTrue(found)


if __name__ == '__main__':
    main()
