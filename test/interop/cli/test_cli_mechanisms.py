"""test_cli_mechanisms - the command duva: each mechanism and its secrets.

SPDX-License-Identifier: MIT
"""
import base64
import hashlib
import pathlib
import ssl
import time
import unittest

from authority import Authority
from command import (AUTH, CONFIG, LATER, NOINPUT, OK, PROTOCOL, REFUSED,
                     SECRET, TEXT, USAGE, TestCase, end, in_memory, run, start)
from mechanisms import CramMd5, OAuth, Scram
from scripted import EHLO, SILENCE, Scripted, offering
from wiretap import Wiretap

TOKEN = 'ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg=='
PASSWORD = SECRET.encode()


class Mechanisms(TestCase):
    def login(self, server, *arguments, **options):
        return self.send(server, *TEXT, '--user', 'ada', '--trace', '--json',
                         *arguments, **options)

    def with_password(self, server, *arguments):
        done = self.login(server, '--password-file', self.file(PASSWORD),
                          *arguments)
        self.assert_hidden(done, PASSWORD)
        return done

    def with_token(self, server, *arguments, token=TOKEN):
        done = self.login(server, '--token-file', self.file(token.encode()),
                          *arguments)
        self.assert_hidden(done, token.encode())
        return done

    def assert_hidden(self, done, secret):
        """Neither it nor its base64, wherever in three octets it begins."""
        forms = [secret]
        for shift in range(3):
            coded = base64.b64encode(b'x' * shift + secret)
            forms.append(coded[4:len(coded) // 4 * 4 - 4])
        for form in forms:
            self.assertNotIn(form, done.raw)

    def assert_used(self, done, mechanism):
        self.assert_code(done, OK, f'authenticated with {mechanism}')
        self.assertEqual(done.json['auth'], {
            'mechanism': mechanism, 'binding': None, 'said': None})

    # ---- the choice ----

    def test_scram(self):
        for name, digest in {'SCRAM-SHA-1': 'sha1', 'SCRAM-SHA-256': 'sha256',
                             'SCRAM-SHA-512': 'sha512'}.items():
            with self.subTest(name), Scripted(
                    EHLO=offering('PLAIN', 'CRAM-MD5', name),
                    AUTH=Scram(digest, PASSWORD)) as server:
                self.assert_used(self.with_password(server), name)

    def test_strongest_first(self):
        with Scripted(EHLO=offering('LOGIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256',
                                    'PLAIN', 'SCRAM-SHA-256-PLUS'),
                      AUTH=Scram('sha256', PASSWORD)) as server:
            self.assert_used(self.with_password(server), 'SCRAM-SHA-256')

    def test_cram_md5(self):
        with Scripted(EHLO=offering('CRAM-MD5'),
                      AUTH=CramMd5(b'ada', PASSWORD)) as server:
            self.assert_used(self.with_password(server), 'CRAM-MD5')

    def test_asked_for(self):
        offer = offering('SCRAM-SHA-256', 'PLAIN', 'CRAM-MD5')
        for words in (['--auth', 'cram-md5'], ['--auth', 'LOGIN,Cram-MD5'],
                      ['--auth', 'LOGIN', '--auth', 'CRAM-MD5,PLAIN']):
            with self.subTest(words), Scripted(
                    EHLO=offer, AUTH=CramMd5(b'ada', PASSWORD)) as server:
                self.assert_used(self.with_password(server, *words),
                                 'CRAM-MD5')

    def test_asked_for_and_missing(self):
        """Never another one, weaker or stronger."""
        for asked in ('SCRAM-SHA-256', 'LOGIN', 'SCRAM-SHA-512,CRAM-MD5',
                      'SCRAM-SHA-1-PLUS'):
            with self.subTest(asked), Scripted(
                    EHLO=offering('PLAIN', 'SCRAM-SHA-1')) as server:
                done = self.with_password(server, '--auth', asked)
                self.assert_code(done, AUTH, 'does not advertise',
                                 *asked.split(','))
                self.assertEqual(done.json['reason'], 'no-auth')
                self.assertIsNone(done.json['auth'])
                self.assertNotIn(b'AUTH', server.heard)
                self.assertNotIn(b'MAIL', server.heard)

    def test_nothing_to_bind_to(self):
        with Scripted(EHLO=offering('SCRAM-SHA-256-PLUS')) as server:
            done = self.with_password(server)
            self.assert_code(done, AUTH, '-PLUS')
            self.assertEqual(done.json['reason'], 'no-binding')
            self.assertNotIn(b'MAIL', server.heard)

    def test_no_auth_at_all(self):
        for offer in (EHLO + b'250 HELP', b'502 What?'):
            with Scripted(EHLO=offer, HELO=b'250 Hi') as server:
                done = self.with_token(server)
                self.assert_code(done, AUTH)
                self.assertEqual(done.json['reason'], 'no-auth')
                self.assertNotIn(b'MAIL', server.heard)

    def test_mistakes(self):
        password = ['--user', 'ada', '--password-file', self.file(b'x')]
        token = ['--token-file', self.file(b'x', name='token')]
        for words, arguments in {
            'known mechanisms are SCRAM-SHA-512': [*password, '--auth', 'SCRAM'],
            'SHA-1, each also with -PLUS': [*password, '--auth', 'PLAIN,'],
            'known mechanisms are': [*password, '--auth', ''],
            'needs --user': ['--auth', 'PLAIN'],
            'needs --user and': ['--user', 'ada', *token, '--auth', 'PLAIN'],
            'needs --oauth, --token-file': [*password, '--auth', 'XOAUTH2'],
            'XOAUTH2 needs --user': [*token, '--auth', 'XOAUTH2'],
            'needs --client-cert': ['--auth', 'EXTERNAL'],
            'cannot be used with --user': ['--user', 'ada', '--auth', 'EXTERNAL',
                                '--client-cert', 'x'],
            'cannot be used with': [*password, '--authzid', 'eve', '--auth', 'LOGIN'],
            '--authzid needs': ['--authzid', 'eve'],
            'cannot be combined': [*password, '--token-command', 'x'],
            '--token-command and --oauth cannot': [*token, '--token-command', 'x'],
            'no mechanism of --auth': [*password, '--auth', 'ANONYMOUS'],
        }.items():
            with self.subTest(words), Scripted() as server:
                self.assert_silent(server, self.send(
                    server, *TEXT, *arguments), USAGE, words)

    # ---- beyond ASCII ----

    def with_odd_password(self, server, password, *arguments):
        done = self.login(server, '--password-file', self.file(password),
                          *arguments)
        self.assert_hidden(done, password)
        return done

    def test_prepared_password(self):
        """RFC 4013: a soft hyphen is nothing, a wide space is a space."""
        typed = 'bl\u00e5\u00ad\u00e4ng\u3000\uff21 och mer'.encode()
        prepared = 'bl\u00e5\u00e4ng A och mer'.encode()
        with Scripted(EHLO=offering('SCRAM-SHA-256'),
                      AUTH=Scram('sha256', prepared)) as server:
            self.assert_used(self.with_odd_password(server, typed),
                             'SCRAM-SHA-256')
        with Scripted(EHLO=offering('PLAIN')) as server:
            self.assert_used(self.with_odd_password(server, typed), 'PLAIN')
            self.assertIn(base64.b64encode(b'\0ada\0' + typed), server.heard)

    def test_password_that_cannot_be_prepared(self):
        """No weaker mechanism takes over, and nothing is said."""
        for password in (b'correct\xffhorse', 'correct\ue000horse'.encode()):
            with Scripted(EHLO=offering('SCRAM-SHA-256', 'PLAIN'),
                          AUTH=Scram('sha256', password)) as server:
                done = self.with_odd_password(server, password)
                self.assert_code(done, CONFIG, 'SCRAM-SHA-256')
                self.assertNotIn(b'AUTH', server.heard)
                self.assertNotIn(b'MAIL', server.heard)

    def test_user_that_does_not_fit(self):
        with Scripted(EHLO=offering('SCRAM-SHA-256', 'PLAIN')) as server:
            done = self.with_password(server, '--user', 'x' * 1000)
            self.assert_code(done, CONFIG, 'too long')
            self.assertNotIn(b'MAIL', server.heard)

    # ---- identities ----

    def test_authzid(self):
        with Scripted(EHLO=offering('LOGIN', 'PLAIN')) as server:
            done = self.with_password(server, '--authzid', 'eve')
            self.assert_used(done, 'PLAIN')
            self.assertIn(base64.b64encode(b'eve\0ada\0' + PASSWORD),
                          server.heard)
        scram = Scram('sha256', PASSWORD)
        with Scripted(EHLO=offering('SCRAM-SHA-256'), AUTH=scram) as server:
            self.assert_used(self.with_password(server, '--authzid', 'eve'),
                             'SCRAM-SHA-256')
            self.assertTrue(scram.first.startswith(b'n,a=eve,n=ada,'))
        with Scripted(EHLO=offering('LOGIN', 'CRAM-MD5')) as server:
            done = self.with_password(server, '--authzid', 'eve')
            self.assert_code(done, AUTH)
            self.assertNotIn(b'AUTH', server.heard)

    def test_anonymous(self):
        with Scripted(EHLO=offering('ANONYMOUS', 'PLAIN')) as server:
            done = self.login(server, '--auth', 'ANONYMOUS')
            self.assert_used(done, 'ANONYMOUS')
            self.assertIn(base64.b64encode(b'ada'), server.heard)

    # ---- hostile servers ----

    def test_scram_servers_that_prove_nothing(self):
        for reason, options in (
            ('nonce', {'nonce': b'mine'}),
            ('iterations', {'iterations': 1}),
            ('iterations', {'iterations': 1000000000}),
            ('unproven', {'signature': b''}),
            ('unproven', {'signature': b'x' * 32}),
        ):
            with self.subTest(reason), Scripted(
                    EHLO=offering('SCRAM-SHA-256'),
                    AUTH=Scram('sha256', PASSWORD, **options)) as server:
                done = self.with_password(server)
                self.assert_code(done, PROTOCOL)
                self.assertEqual(done.json['reason'], reason)
                self.assertNotIn(b'MAIL', server.heard)

    def test_scram_and_a_wrong_password(self):
        with Scripted(EHLO=offering('SCRAM-SHA-256'),
                      AUTH=Scram('sha256', b'other')) as server:
            done = self.with_password(server)
            self.assert_code(done, AUTH, '535 5.7.8 Wrong')
            self.assertEqual(done.json['auth']['mechanism'], 'SCRAM-SHA-256')

    # ---- tokens ----

    def test_tokens(self):
        for mechanism in 'OAUTHBEARER', 'XOAUTH2':
            with self.subTest(mechanism), Scripted(
                    EHLO=offering(mechanism, 'PLAIN', 'SCRAM-SHA-256'),
                    AUTH=OAuth(TOKEN.encode())) as server:
                self.assert_used(self.with_token(server), mechanism)

    def test_bearer_before_xoauth2(self):
        oauth = OAuth(TOKEN.encode())
        with Scripted(EHLO=offering('XOAUTH2', 'OAUTHBEARER'),
                      AUTH=oauth) as server:
            self.assert_used(self.with_token(server), 'OAUTHBEARER')
            self.assertTrue(oauth.heard[0].startswith(b'n,a=ada,'))
            self.assertIn(f'port={server.port}\1'.encode(), oauth.heard[0])

    def test_long_token(self):
        token = 'x' * 9000
        oauth = OAuth(token.encode())
        first = []

        def answer(line):
            if not first:
                first.append(line)
                return b'334 ' if ' ' not in line[5:] else oauth(line)
            return oauth('AUTH X ' + line)

        with Scripted(EHLO=offering('XOAUTH2'), AUTH=answer) as server:
            self.assert_used(self.with_token(server, token=token), 'XOAUTH2')

    def test_refused_token(self):
        """The server's JSON is shown, and harmless."""
        error = b'{"status":"401","scope":"mail\x1b[2J"}'
        for mechanism in 'OAUTHBEARER', 'XOAUTH2':
            with self.subTest(mechanism), Scripted(
                    EHLO=offering(mechanism),
                    AUTH=OAuth(b'another', error)) as server:
                done = self.with_token(server)
                self.assert_code(done, AUTH, '{"status":"401"', '535 5.7.8 No')
                self.assertEqual(done.json['auth']['said'],
                                 error.decode().replace('\x1b', '?'))
                self.assertIn('new token', done.json['summary'])
                self.assertNotIn(b'MAIL', server.heard)

    def test_token_command(self):
        for mechanism in 'OAUTHBEARER', 'XOAUTH2':
            with self.subTest(mechanism), Scripted(
                    EHLO=offering(mechanism),
                    AUTH=OAuth(TOKEN.encode())) as server:
                file = self.file(TOKEN.encode() + b'\r\nmore\n', 0o644)
                done = self.login(server, '--token-command', f"cat '{file}'")
                self.assert_used(done, mechanism)
                self.assert_hidden(done, TOKEN.encode())

    def test_commands_that_fail(self):
        for command, words in {
            f"echo '{TOKEN}'; exit 3": 'the command failed',
            f"echo '{TOKEN}'; kill $$": 'the command failed',
            '/nonexistent/program': 'the command was not found',
            'true': 'empty',
            "echo 'two words'": 'no token',
            'head -c 20000 /dev/zero | tr "\\0" x': 'too long',
            f"echo '{TOKEN}'; exec sleep 60": 'took too long',
        }.items():
            with self.subTest(command), Scripted(
                    EHLO=offering('XOAUTH2')) as server:
                begun = time.monotonic()
                done = self.login(server, '--timeout', '1', '--token-command',
                                  command + ' 2>/dev/null')
                self.assert_silent(server, done, CONFIG, 'no token from',
                                   words)
                self.assert_hidden(done, TOKEN.encode())
                self.assertLess(time.monotonic() - begun, 30)

    def test_files(self):
        for content, mode, words in ((TOKEN.encode(), 0o640, 'chmod 600'),
                                     (b'', 0o600, 'empty'),
                                     (b'a b\n', 0o600, 'no token'),
                                     (b'x' * 16384, 0o600, 'too long')):
            with self.subTest(words), Scripted() as server:
                done = self.login(server, '--token-file',
                                  self.file(content, mode))
                self.assert_silent(server, done, CONFIG, words)
                self.assert_hidden(done, TOKEN.encode())
        with Scripted() as server:
            done = self.login(server, '--token-file', '/nonexistent')
            self.assert_silent(server, done, NOINPUT, 'No such file')

    # ---- where secrets must not be ----

    def check_wiped(self, secret, options, **answers):
        with Scripted(**answers, MAIL=SILENCE) as server:
            process = start('send', '--server', server.url, *TEXT, '--user',
                            'ada', *options)
            process.stdin.close()
            process.stdin = None
            try:
                self.assertTrue(server.reached['MAIL'].wait(20))
                end_of_wait = time.monotonic() + 10
                while (in_memory(process, secret)
                       and time.monotonic() < end_of_wait):
                    time.sleep(0.05)
                self.assertFalse(in_memory(process, secret))
                self.assertTrue(in_memory(process, b'ada@example.org'))
                seen = pathlib.Path(f'/proc/{process.pid}/cmdline')
                self.assertNotIn(secret, seen.read_bytes())
            except PermissionError:
                self.skipTest('only root may look into it: better still')
            finally:
                process.terminate()
                end(process, None)

    def test_secrets_are_wiped(self):
        password = self.file(PASSWORD + b'\n')
        token = self.file(TOKEN.encode() + b'\n', name='token')
        for mechanism, secret, kind, file, answer in (
            ('SCRAM-SHA-256', PASSWORD, 'password', password,
             lambda: Scram('sha256', PASSWORD)),
            ('CRAM-MD5', PASSWORD, 'password', password,
             lambda: CramMd5(b'ada', PASSWORD)),
            ('OAUTHBEARER', TOKEN.encode(), 'token', token,
             lambda: OAuth(TOKEN.encode())),
            ('XOAUTH2', TOKEN.encode(), 'token', token,
             lambda: OAuth(TOKEN.encode())),
        ):
            for options in ([f'--{kind}-file', file],
                            [f'--{kind}-command', f"cat '{file}'"]):
                with self.subTest(mechanism, options=options):
                    self.check_wiped(secret, options, AUTH=answer(),
                                     EHLO=offering(mechanism))


class Secured(TestCase):
    """What depends on the TLS underneath."""

    @classmethod
    def setUpClass(cls):
        cls.authority = cls.enterClassContext(Authority())
        cls.good = cls.authority.certificate('IP:127.0.0.1')

    def login(self, server, *arguments):
        done = run('send', '--server', f'127.0.0.1:{server.port}', *TEXT,
                   '--trace', '--json', *arguments)
        server.finish()
        return done

    def trust(self):
        return ['--ca', str(self.authority.file)]

    def test_offer_of_before_is_forgotten(self):
        """CRAM-MD5 in clear, PLAIN within: only the latter counts."""
        hello = b'250-x\r\n250-STARTTLS\r\n250 AUTH CRAM-MD5'
        with Wiretap(self.good, hello=hello) as server:
            done = self.login(server, *self.trust(), '--user', 'ada',
                              '--password-file', self.file(PASSWORD))
            self.assert_code(done, OK, 'authenticated with PLAIN')
            self.assertEqual(done.json['auth']['mechanism'], 'PLAIN')
        with Wiretap(self.good, hello=hello) as server:
            done = self.login(server, *self.trust(), '--user', 'ada',
                              '--password-file', self.file(PASSWORD),
                              '--auth', 'CRAM-MD5')
            self.assert_code(done, AUTH, 'does not advertise CRAM-MD5')

    def test_plain_before_cram_md5_where_nobody_listens(self):
        with Wiretap(self.good, inside=b'250-x\r\n250 AUTH CRAM-MD5 '
                                       b'PLAIN') as server:
            done = self.login(server, *self.trust(), '--user', 'ada',
                              '--password-file', self.file(PASSWORD))
            self.assert_code(done, OK, 'authenticated with PLAIN')

    def test_cram_md5_where_somebody_may_listen(self):
        for more in [], ['--allow-clear-password']:
            with Wiretap(self.good, inside=b'250-x\r\n250 AUTH PLAIN '
                                           b'CRAM-MD5') as server:
                done = self.login(server, '--dangerously-trust-everyone',
                                  '--user', 'ada', '--password-file',
                                  self.file(PASSWORD), *more)
                self.assert_code(done, OK, 'authenticated with CRAM-MD5')

    def test_no_token_for_strangers(self):
        for mechanism in b'XOAUTH2', b'OAUTHBEARER':
            with Wiretap(self.good, inside=b'250-x\r\n250 AUTH '
                         + mechanism) as server:
                done = self.login(server, '--dangerously-trust-everyone',
                                  '--user', 'ada', '--token-file',
                                  self.file(TOKEN.encode()))
                self.assert_code(done, AUTH, 'others could read the token')
                self.assertNotIn(b'AUTH ', server.secret)

    def test_binding(self):
        """RFC 5929 4 with TLS 1.2, RFC 9266 with TLS 1.3."""
        pem = self.good.read_text()
        certificate = ssl.PEM_cert_to_DER_cert(
            pem[pem.index('-----BEGIN CERTIFICATE'):])
        for version, name, length in (
                (ssl.TLSVersion.TLSv1_2, b'tls-server-end-point', 32),
                (ssl.TLSVersion.TLSv1_3, b'tls-exporter', 32)):
            def prepare(context, version=version):
                context.maximum_version = version

            scram = Scram('sha256', PASSWORD)
            with self.subTest(name), Wiretap(
                    self.good, prepare=prepare, auth=scram,
                    inside=b'250-x\r\n250 AUTH PLAIN SCRAM-SHA-256 '
                           b'SCRAM-SHA-256-PLUS') as server:
                done = self.login(server, *self.trust(), '--user', 'ada',
                                  '--password-file', self.file(PASSWORD))
                self.assert_code(done, OK, 'with SCRAM-SHA-256-PLUS, bound to '
                                           'the TLS by ' + name.decode())
                self.assertEqual(done.json['auth'], {
                    'mechanism': 'SCRAM-SHA-256-PLUS',
                    'binding': name.decode(), 'said': None})
                header = b'p=' + name + b',,'
                self.assertTrue(scram.first.startswith(header))
                bound = base64.b64decode(scram.last.split(b',')[0][2:])
                self.assertTrue(bound.startswith(header))
                self.assertEqual(len(bound), len(header) + length)
                if version == ssl.TLSVersion.TLSv1_2:
                    self.assertEqual(bound[len(header):], hashlib.sha256(
                        certificate).digest())

    def test_binding_taken_away(self):
        """Without -PLUS in the offer we say that we could have bound: 'y'."""
        scram = Scram('sha256', PASSWORD)
        with Wiretap(self.good, auth=scram, inside=b'250-x\r\n250 AUTH '
                     b'SCRAM-SHA-256') as server:
            done = self.login(server, *self.trust(), '--user', 'ada',
                              '--password-file', self.file(PASSWORD))
            self.assert_code(done, OK, 'authenticated with SCRAM-SHA-256')
            self.assertTrue(scram.first.startswith(b'y,,'))

    def test_external(self):
        ours = str(self.authority.certificate('', common='ada'))
        for more, sent in ([], b'='), (['--authzid', 'eve'],
                                       base64.b64encode(b'eve')):
            with Wiretap(self.good, inside=b'250-x\r\n250 AUTH PLAIN '
                                           b'EXTERNAL') as server:
                done = self.login(server, *self.trust(), '--client-cert', ours,
                                  '--auth', 'EXTERNAL', *more)
                self.assert_code(done, OK, 'authenticated with EXTERNAL')
                self.assertIn(b'AUTH EXTERNAL ' + sent + b'\r\n',
                              server.secret)

    def test_certificate_alone_logs_nobody_in(self):
        ours = str(self.authority.certificate('', common='ada'))
        with Wiretap(self.good, inside=b'250-x\r\n250 AUTH EXTERNAL') as server:
            done = self.login(server, *self.trust(), '--client-cert', ours)
            self.assert_code(done, OK)
            self.assertIsNone(done.json['auth'])
            self.assertNotIn(b'AUTH', server.secret)

    def test_require_tls(self):
        with Wiretap(self.good, inside=b'250-x\r\n250 REQUIRETLS') as server:
            done = self.login(server, *self.trust(), '--require-tls')
            self.assert_code(done, OK)
            self.assertIn(b' REQUIRETLS\r\n', server.secret)
        with Wiretap(self.good) as server:
            done = self.login(server, *self.trust(), '--require-tls')
            self.assert_code(done, REFUSED, '--require-tls')
            self.assertEqual(done.json['reason'], 'not-offered')
            self.assertNotIn(b'MAIL', server.secret)
        with Scripted(EHLO=EHLO + b'250 REQUIRETLS') as server:
            done = self.send(server, *TEXT, '--require-tls')
            self.assert_code(done, LATER, 'STARTTLS')
            self.assertNotIn(b'MAIL', server.heard)


if __name__ == '__main__':
    unittest.main()
