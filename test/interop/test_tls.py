#!/usr/bin/python3
"""test_tls - what is sent without TLS has no secrets.

SPDX-License-Identifier: MIT

Run by CTest, which says where the programs are: ctest -R tls
"""
import base64
import os
import socket
import ssl
import struct
import time
import unittest
import warnings

import duva
from authority import Authority
from command import (AUTH, LATER, OK, PROTOCOL, SECRET, UNCERTAIN, TestCase,
                     environment, run)
from common import Common, V4
from memory import Search
from messages import HEADER, MESSAGES
from servers import Aiosmtpd, Postfix
from wiretap import HELLO, Wiretap

HERE = 'IP:127.0.0.1,DNS:localhost'
TEXT = b'The treasure is under the oak.\n'
USER = 'captain'
# mbedTLS 2.28 has no TLS 1.3
VERSION, CIPHER = {
    'openssl': ('1.3', 'TLS_AES_256_GCM_SHA384'),
    'mbedtls': ('1.2', 'TLS-ECDHE-ECDSA-WITH-AES-256-GCM-SHA384'),
    'mbedtls3_psa': ('1.3', 'TLS1-3-AES-256-GCM-SHA384'),
}[os.environ.get('DUVA_TLS', 'openssl')]
# With TLS 1.3 mbedTLS has the alert alone to tell that a certificate was
# requested, and a reset overtakes it now and then.
CERT_OURS = ('cert-ours', None) if CIPHER.startswith('TLS1-3') else 'cert-ours'
ENVELOPE = ['--from', 'sender@secret.example', '--to', 'reader@secret.example',
            '--subject', 'Treasure', '--user', USER]


def alert(connection):
    connection.recv(4096)
    connection.sendall(b'\x15\x03\x03\x00\x02\x02\x28')


def plain(connection):
    connection.recv(4096)
    connection.sendall(b'500 what?\r\n')


def close(connection):
    connection.recv(4096)
    connection.shutdown(socket.SHUT_WR)


def cut(connection):
    connection.recv(4096)
    connection.sendall(b'\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03')
    connection.shutdown(socket.SHUT_WR)


def reset(connection):
    connection.recv(4096)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack('ii', 1, 0))
    connection.close()


DISTURBED = ((alert, 'tls-cipher'), (plain, 'no-tls'), (close, None),
             (cut, None), (reset, None))


def setUpModule():
    global authority, stranger, good
    authority = unittest.enterModuleContext(Authority())
    stranger = unittest.enterModuleContext(Authority('Stranger'))
    good = authority.certificate(HERE)


class Tap(TestCase):
    """What a listener gets."""

    def command(self, server, *options, scheme='smtp', host='127.0.0.1',
                text=TEXT):
        search = Search(SECRET.encode())
        done = run('send', '--server', f'{scheme}://{host}:{server.port}',
                   *ENVELOPE, '--password-file', self.file(SECRET.encode()),
                   '--trace', '--json', *options, text=text,
                   env=environment(**search.environment()))
        server.finish()
        self.check_silence(done.raw, SECRET.encode())
        self.assertFalse(search.in_words(done.raw))
        self.assertEqual(search.in_memory(at_quit=False), [])
        return done

    def check_silence(self, octets, *secrets):
        for secret in secrets:
            for prefix in (b'', b'\0', USER.encode() + b'\0',
                           b'\0' + USER.encode() + b'\0'):
                self.assertNotIn(prefix + secret, octets)
                self.assertNotIn(base64.b64encode(prefix + secret), octets)

    def assert_nothing_shown(self, server):
        """EHLO and STARTTLS are all that went out in clear."""
        self.check_silence(bytes(server.clear), SECRET.encode(),
                           USER.encode(), b'secret.example', b'treasure',
                           b'Treasure')
        for verb in (b'AUTH', b'MAIL', b'RCPT', b'DATA'):
            self.assertNotIn(verb, server.clear)
        self.assertEqual(server.messages, [])

    def assert_refused(self, code, reason, *options, ca=True, scheme='smtp',
                       host='127.0.0.1', certificate=None, **behaviour):
        trust = ['--ca', str(authority.file)] if ca else []
        with Wiretap(certificate or good, implicit=scheme == 'smtps',
                     **behaviour) as server:
            done = self.command(server, *trust, *options, scheme=scheme,
                                host=host)
            self.assertIn(done.code,
                          code if isinstance(code, tuple) else (code,),
                          done.err)
            self.assertIn(done.json['reason'],
                          reason if isinstance(reason, tuple) else (reason,),
                          done.err)
            self.assertNotEqual(done.json['verdict'], 'accepted')
            self.assert_nothing_shown(server)
            self.assertEqual(server.secret, b'')
            self.assertEqual(server.connections, 1)
        return done

    # ---- what should work ----

    def assert_sent(self, *options, scheme='smtp', certificate=None,
                    host='127.0.0.1', **behaviour):
        with Wiretap(certificate or good, implicit=scheme == 'smtps',
                     **behaviour) as server:
            done = self.command(server, '--ca', str(authority.file), *options,
                                scheme=scheme, host=host)
            self.assert_code(done, OK)
            self.assertEqual(len(server.messages), 1)
            self.assertIn(TEXT.strip(), server.messages[0])
            self.assertIn(b'AUTH PLAIN', server.secret)
            server.messages.clear()
            self.assert_nothing_shown(server)
        return done

    def test_starttls(self):
        done = self.assert_sent()
        self.assertEqual(done.json['tls'], {
            'protocol': f'TLSv{VERSION}', 'cipher': CIPHER,
            'verified': True, 'resumed': False, 'fell_back': None})
        self.assertIn(f'TLS {VERSION}, {CIPHER}, certificate verified',
                      done.err)

    def test_implicit(self):
        self.assert_sent(scheme='smtps')

    def test_opportunistic(self):
        self.assert_sent('--tls', 'opportunistic')

    def test_host_name(self):
        self.assert_sent(host='localhost')

    def test_tls_1_2(self):
        def prepare(context):
            context.maximum_version = ssl.TLSVersion.TLSv1_2

        done = self.assert_sent(prepare=prepare)
        self.assertEqual(done.json['tls']['protocol'], 'TLSv1.2')

    def test_pins(self):
        other = authority.pin(stranger.certificate(HERE))
        self.assert_sent('--pin', other, '--pin', authority.pin(good))
        done = self.assert_refused(LATER, 'cert-pin', '--pin', other)
        self.assertIn('no pinned key', done.err)

    def test_starttls_inside_tls_is_ignored(self):
        self.assert_sent(inside=HELLO)

    def test_client_certificate(self):
        def prepare(context):
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(authority.file)

        ours = str(authority.certificate('', common='captain'))
        self.assert_sent('--client-cert', ours, prepare=prepare)
        self.assert_refused(LATER, CERT_OURS, prepare=prepare)
        self.assert_refused(LATER, CERT_OURS, scheme='smtps', prepare=prepare)

        def prepare_older(context):
            prepare(context)
            context.maximum_version = ssl.TLSVersion.TLSv1_2

        self.assert_refused(LATER, 'cert-ours', prepare=prepare_older)

    # ---- STARTTLS ----

    def test_starttls_refused(self):
        for answer in (b'454 4.7.0 no', b'500 what', b'501 no', b'502 no',
                       b'504 no', b'530 5.7.0 no', b'554 no'):
            for mode in ('required', 'opportunistic'):
                with self.subTest(answer=answer, mode=mode):
                    self.assert_refused(LATER, None, '--tls', mode,
                                        starttls=answer)

    def test_starttls_answered_oddly(self):
        for answer, code in ((b'221 bye', PROTOCOL), (b'354 go', PROTOCOL),
                             (b'250 ok', PROTOCOL), (b'421 bye', LATER)):
            with self.subTest(answer), Wiretap(good,
                                               starttls=answer) as server:
                done = self.command(server, '--tls', 'required')
                self.assert_code(done, code)
                self.assert_nothing_shown(server)

    def test_starttls_stripped(self):
        self.assert_refused(LATER, 'no-starttls',
                            hello=b'250-tap.example\r\n250 AUTH PLAIN LOGIN')
        self.assert_refused(LATER, 'no-starttls', hello=b'502 what')

    def test_injection(self):
        more = b'\r\n250-tap.example\r\n250 AUTH PLAIN LOGIN'
        self.assert_refused(PROTOCOL, 'injection',
                            starttls=b'220 go' + more)
        self.assert_refused(PROTOCOL, 'injection', starttls=b'220 go\r\n2')
        self.assert_refused(PROTOCOL, 'injection', '--tls', 'opportunistic',
                            starttls=b'220 go' + more)

    def test_injection_in_a_later_read(self):
        """By then the handshake has begun, and this is no part of one."""
        self.assert_refused(LATER, 'no-tls', later=b'250 AUTH PLAIN\r\n')

    def test_injection_octet_by_octet(self):
        """Wherever the switch falls, nothing of it is taken for an answer."""
        for more in (b'\r\n250-tap.example\r\n250 AUTH PLAIN LOGIN', b'\r\n2'):
            self.assert_refused((LATER, PROTOCOL), ('no-tls', 'injection'),
                                starttls=b'220 go' + more, dribble=True)

    # ---- after the switch ----

    def test_what_was_offered_in_clear_is_forgotten(self):
        inside = b'250-tap.example\r\n250 8BITMIME'
        with Wiretap(good, inside=inside) as server:
            done = self.command(server, '--ca', str(authority.file))
            self.assert_code(done, AUTH)
            self.assertNotIn(b'AUTH', server.secret)
            self.assertNotIn(b'MAIL', server.secret)
            self.assert_nothing_shown(server)
        self.assert_sent(hello=HELLO.replace(b'250 ', b'250-')
                         + b'\r\n250 SIZE 5')

    def test_octet_by_octet(self):
        for scheme in ('smtp', 'smtps'):
            self.assert_sent(scheme=scheme, dribble=True)

    def test_connection_cut(self):
        """Who cuts the wire can delay a mail, and make nobody believe that
        it arrived."""
        long = TEXT * 700_000       # more than is ever under way
        for where, text, code, verdict in (
                ('body', long, LATER, 'retry'),
                ('reply', TEXT, UNCERTAIN, 'uncertain'),
                ('end', TEXT, OK, 'accepted')):
            with self.subTest(where), Wiretap(good, cut=where) as server:
                done = self.command(server, '--ca', str(authority.file),
                                    text=text)
                self.assert_code(done, code)
                self.assertEqual(done.json['verdict'], verdict)
                server.messages.clear()
                self.assert_nothing_shown(server)

    # ---- certificates ----

    def test_certificates(self):
        for reason, certificate in authority.unbelievable(
                HERE, stranger).items():
            for options in ([], ['--tls', 'opportunistic']):
                with self.subTest(reason, options=options):
                    self.assert_refused(LATER, reason, *options,
                                        certificate=certificate)
            with self.subTest(reason, scheme='smtps'):
                self.assert_refused(LATER, reason, scheme='smtps',
                                    certificate=certificate)

    def test_names(self):
        for names in ('', 'DNS:127.0.0.1', 'DNS:loc*', 'DNS:*'):
            with self.subTest(names):
                certificate = authority.certificate(names, common='127.0.0.1')
                done = self.assert_refused(
                    LATER, 'cert-name' if names else 'cert-no-name',
                    certificate=certificate)
                self.assertEqual(done.json['certificate_names'],
                                 [names[4:]] if names else None)
                self.assertIn(f'(it is for: {names[4:]})' if names
                              else 'no subjectAltName', done.err)
        certificate = authority.certificate('DNS:*', common='localhost')
        self.assert_refused(LATER, 'cert-name', host='localhost',
                            certificate=certificate)

    def test_the_system_does_not_know_it(self):
        self.assert_refused(LATER, 'cert-untrusted', '--tls', 'required',
                            ca=False)

    def test_trusting_everyone(self):
        """The mail goes, the password does not."""
        with Wiretap(stranger.certificate('DNS:x.example')) as server:
            done = self.command(server, '--dangerously-trust-everyone')
            self.assertEqual(done.json['reason'], 'clear-link')
            self.assertIs(done.json['tls']['verified'], False)
            self.assertIn('NOT VERIFIED', done.err)
            self.assert_nothing_shown(server)
            self.assertNotIn(b'AUTH PLAIN ', server.secret)
        with Wiretap(stranger.certificate('DNS:x.example')) as server:
            done = run('send', '--server', f'127.0.0.1:{server.port}', '--from',
                       'a@b.example', '--to', 'c@d.example', '--json',
                       '--dangerously-trust-everyone', text=TEXT)
            self.assert_code(done, OK)
            self.assertIs(done.json['tls']['verified'], False)

    def test_old_versions(self):
        def prepare(context):
            context.set_ciphers('ALL:@SECLEVEL=0')
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1

        self.assert_refused(LATER, 'tls-version', prepare=prepare)

    # ---- handshakes ----

    def test_handshake_disturbed(self):
        for handshake, reason in DISTURBED:
            for scheme, mode in (('smtp', 'required'), ('smtps', 'implicit')):
                with self.subTest(handshake.__name__, mode=mode):
                    self.assert_refused(LATER, reason, '--tls', mode,
                                        scheme=scheme, handshake=handshake)

    def test_going_on_in_clear(self):
        """On a new connection, said aloud, and only where it was allowed."""
        for handshake, reason in DISTURBED:
            with self.subTest(handshake.__name__), \
                    Wiretap(good, handshake=handshake) as server:
                done = run('send', '--server', f'127.0.0.1:{server.port}',
                           *ENVELOPE[:-2], '--tls', 'opportunistic', '--json',
                           '--trace', '--quiet', text=TEXT)
                server.finish()
                self.assert_code(done, OK, 'trying again in clear')
                self.assertEqual(server.connections, 2)
                self.assertEqual(len(server.messages), 1)
                self.assertIn('in clear', done.json['summary'])
                self.assertEqual(done.json['tls'], {
                    'protocol': None, 'cipher': None, 'verified': False,
                    'resumed': False, 'fell_back': reason or 'closed'})

    def test_no_password_in_clear(self):
        """Not even on this machine, where it would be allowed without TLS."""
        for handshake, reason in DISTURBED:
            with self.subTest(handshake.__name__), \
                    Wiretap(good, handshake=handshake) as server:
                done = self.command(server, '--tls', 'opportunistic')
                self.assert_code(done, AUTH, 'others could read the password')
                self.assertEqual(done.json['reason'], 'clear-link')
                self.assertEqual(done.json['tls']['fell_back'],
                                 reason or 'closed')
                self.assert_nothing_shown(server)
                self.assertEqual(server.connections, 2)

    def test_silence_in_the_handshake(self):
        begun = time.monotonic()
        self.assert_refused(LATER, None, '--timeout', '1',
                            handshake=lambda connection: time.sleep(2))
        self.assertLess(time.monotonic() - begun, 10)

    def test_wrong_ports(self):
        """TLS from the start, where the server begins without, and the other
        way round."""
        with Wiretap(good) as server:
            done = self.command(server, scheme='smtps')
            self.assert_code(done, LATER, 'smtp://')
            self.assertEqual(done.json['reason'], 'no-tls')
            self.assert_nothing_shown(server)
        with Wiretap(good, implicit=True) as server:
            done = self.command(server, '--timeout', '1', '--tls', 'required')
            self.assert_code(done, LATER, 'smtps://')
            self.assertEqual(server.clear + server.secret, b'')


class PostfixTest(unittest.TestCase):
    """The whole way to a real server."""

    assert_exit = Common.assert_exit
    assert_message = Common.assert_message
    check_messages = Common.check_messages

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Postfix(good))

    def test_messages_with_starttls(self):
        self.check_messages(lambda message: duva.send(
            V4, self.server.port, message, '--ca', authority.file))

    def test_messages_with_tls_from_the_start(self):
        self.check_messages(lambda message: duva.send(
            V4, self.server.tls_port, message, '--ca', authority.file,
            '--tls', 'implicit'))

    def test_wrong_authority(self):
        for port, mode in ((self.server.port, 'required'),
                           (self.server.tls_port, 'implicit')):
            done = duva.send(V4, port, MESSAGES['plain'], '--tls', mode,
                             '--ca', stranger.file)
            self.assert_exit(done, LATER)
            self.assertIn('no chain to a trusted authority',
                          done.stderr.decode())
        marker = HEADER + b'marker\r\n\r\nNothing before this.\r\n'
        self.assert_exit(duva.send(V4, self.server.port, marker), OK)
        self.assert_message(self.server.take(1)[0], marker)


class AiosmtpdTest(TestCase):
    assert_message = Common.assert_message

    def test_login_over_starttls(self):
        password = self.file(SECRET.encode())
        with Aiosmtpd(USER, SECRET, certificate=good) as server:
            for name, message in MESSAGES.items():
                with self.subTest(name):
                    done = duva.send(V4, server.port, message, '--user', USER,
                                     '--password-file', password, '--ca',
                                     authority.file)
                    self.assertEqual(done.returncode, OK, done.stderr)
                    delivery, = server.take(1)
                    self.assertEqual(delivery.login, USER)
                    self.assert_message(delivery, message)


if __name__ == '__main__':
    unittest.main()
