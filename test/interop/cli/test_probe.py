"""test_probe - the command duva probe: its report, and what it keeps secret.

SPDX-License-Identifier: MIT
"""
import datetime
import os
import pty
import socket
import ssl
import unittest

from authority import Authority
from command import (AUTH, CONFIG, LATER, NOINPUT, OK, PROTOCOL, REFUSED,
                     SECRET, USAGE, TestCase, end, environment, run, start)
from scripted import CLOSE, EHLO, SILENCE, Scripted, offering
from wiretap import Wiretap

HERE = 'IP:127.0.0.1,DNS:localhost'
MEMBERS = {'exit', 'summary', 'host', 'port', 'address', 'greeting', 'clear',
           'secured', 'tls', 'chain', 'second_connection', 'choice', 'err',
           'reason', 'stage', 'problems', 'milliseconds'}


def setUpModule():
    global authority, stranger, good
    authority = unittest.enterModuleContext(Authority())
    stranger = unittest.enterModuleContext(Authority('Stranger'))
    good = authority.certificate(HERE)


class Probe(TestCase):
    def probe(self, server, *arguments, scheme='smtp', host='127.0.0.1'):
        done = run('probe', *arguments, f'{scheme}://{host}:{server.port}')
        server.finish()
        for heard in ('heard', 'clear', 'secret'):
            for word in (b'AUTH', b'MAIL', b'RCPT', b'DATA'):
                self.assertNotIn(word, getattr(server, heard, b''))
        self.assertNotRegex(done.out, '[\x00-\x09\x0b-\x1f\x7f-\x9f]')
        return done

    def json(self, server, code, *arguments, **options):
        done = self.probe(server, '--json', *arguments, **options)
        self.assert_code(done, code)
        result = done.json
        self.assertEqual(set(result), MEMBERS)
        self.assertEqual(result['exit'], code)
        return result

    def tls(self, code, *arguments, certificate=None, scheme='smtp',
            **behaviour):
        with Wiretap(certificate or good, implicit=scheme == 'smtps',
                     **behaviour) as server:
            result = self.json(server, code, '--ca', str(authority.file),
                               *arguments, scheme=scheme)
            result['connections'] = server.connections
        return result

    # ---- what is offered ----

    def test_everything_that_is_offered(self):
        with Scripted(CONNECT=b'220-hi\r\n220 there', EHLO=EHLO +
                      b'250-AUTH PLAIN XWEIRD scram-sha-256\r\n250-LIMITS '
                      b'RCPTMAX=100 MAILMAX=2\r\n250-X-OWN  a  b\r\n'
                      b'250 8bitmime') as server:
            result = self.json(server, OK, '--user', 'ada')
        self.assertEqual(result['greeting'],
                         {'code': 220, 'text': 'hi\nthere'})
        clear = result['clear']
        self.assertEqual(clear['text'], 'test.example')
        self.assertEqual({word['keyword']: word['parameters']
                          for word in clear['keywords']}, {
            'PIPELINING': [], 'SIZE': ['5000000'], '8bitmime': [],
            'AUTH': ['PLAIN', 'XWEIRD', 'scram-sha-256'],
            'LIMITS': ['RCPTMAX=100', 'MAILMAX=2'], 'X-OWN': ['a', 'b']})
        self.assertEqual(clear['mechanisms'],
                         ['PLAIN', 'XWEIRD', 'scram-sha-256'])
        self.assertEqual(clear['size'], ['5000000'])
        self.assertEqual(clear['limits'], ['RCPTMAX=100', 'MAILMAX=2'])
        self.assertIsNone(result['secured'])
        self.assertIsNone(result['tls'])
        self.assertEqual(result['choice'],
                         {'tls': 'none', 'auth': 'SCRAM-SHA-256'})
        self.assertEqual(result['address'], f'127.0.0.1:{server.port}')
        self.assertEqual(server.lines[-1], 'QUIT')

    def test_helo(self):
        with Scripted(EHLO=b'502 No', HELO=b'250 old.example') as server:
            result = self.json(server, OK)
            self.assertEqual(result['clear'], {
                'code': 250, 'text': 'old.example', 'keywords': [],
                'mechanisms': [], 'size': [], 'limits': []})
            self.assertIn('no EHLO', ' '.join(result['problems']))

    def test_before_and_inside_tls(self):
        for scheme, word in (('smtp', 'starttls'), ('smtps', 'implicit')):
            result = self.tls(OK, '--user', 'ada', scheme=scheme)
            self.assertEqual(result['tls'], {
                'protocol': 'TLSv1.3', 'cipher': 'TLS_AES_256_GCM_SHA384',
                'verified': True, 'resumed': False, 'fell_back': None})
            self.assertEqual(result['secured']['mechanisms'],
                             ['PLAIN', 'LOGIN'])
            self.assertEqual(result['clear'] is None, scheme == 'smtps')
            self.assertEqual(result['greeting']['text'], 'tap.example ESMTP')
            self.assertEqual(result['choice'], {'tls': word, 'auth': 'PLAIN'})
            self.assertEqual(result['connections'], 1)
            self.assertFalse(result['second_connection'])

    def test_text_for_people(self):
        with Wiretap(good) as server:
            done = self.probe(server, '--ca', str(authority.file), '--user',
                              'ada')
            self.assert_code(done, OK)
            for words in ('220 tap.example ESMTP', 'STARTTLS', 'TLSv1.3',
                          'verified', 'CN=server', 'IP:127.0.0.1',
                          'CN=Authority', 'days left', 'EC, 256 bits',
                          authority.pin(good), 'STARTTLS, PLAIN',
                          'A mail could be sent.'):
                self.assertIn(words, done.out)
            self.assertEqual(done.err, '')

    def test_trace(self):
        with Wiretap(good) as server:
            done = self.probe(server, '--ca', str(authority.file), '--trace')
            self.assert_code(done, OK, 'C: STARTTLS', 'TLS 1.3', 'C: QUIT')

    # ---- certificates ----

    def test_chain(self):
        result = self.tls(OK)
        certificate, = result['chain']
        self.assertEqual(certificate['subject'], 'CN=server')
        self.assertEqual(certificate['issuer'], 'CN=Authority')
        self.assertEqual(certificate['names'],
                         ['IP:127.0.0.1', 'DNS:localhost'])
        self.assertEqual(certificate['from'], '2020-01-01T00:00:00Z')
        self.assertEqual(certificate['to'], '2099-12-31T23:59:59Z')
        self.assertGreater(certificate['days_left'], 10000)
        self.assertEqual((certificate['key'], certificate['bits']),
                         ('EC', 256))
        self.assertEqual(certificate['pin'], authority.pin(good))

    def test_longer_chain(self):
        both = self.file(good.read_bytes() + authority.file.read_bytes())
        result = self.tls(OK, certificate=both)
        self.assertEqual([one['subject'] for one in result['chain']],
                         ['CN=server', 'CN=Authority'])

    def test_chain_that_is_not_believed(self):
        """Looked at on a second connection, to which nothing is told."""
        for reason, certificate in authority.unbelievable(
                HERE, stranger).items():
            with self.subTest(reason):
                result = self.tls(LATER, '--user', 'ada',
                                  certificate=certificate)
                self.assertEqual(result['reason'], reason)
                self.assertEqual(result['stage'], 'tls')
                self.assertTrue(result['second_connection'])
                self.assertEqual(result['connections'], 2)
                self.assertIs(result['tls']['verified'], False)
                self.assertEqual(result['chain'][0]['subject'], 'CN=server')
                self.assertEqual(result['secured']['mechanisms'],
                                 ['PLAIN', 'LOGIN'])
                self.assertIsNone(result['choice'])
                self.assertEqual(result['problems'][0], result['summary'])
                self.assertEqual(result['chain'][0]['days_left'] < 0,
                                 reason == 'cert-expired')

    def test_our_certificate_is_for_those_who_are_believed(self):
        shown = []

        def prepare(context):
            context.verify_mode = ssl.CERT_OPTIONAL
            context.load_verify_locations(authority.file)

        class Noting(Wiretap):
            def _talk(self, connection, *rest):
                if isinstance(connection, ssl.SSLSocket):
                    shown.append(bool(connection.getpeercert()))
                return super()._talk(connection, *rest)

        ours = str(authority.certificate('', common='captain'))
        for certificate, code, expected in (
                (good, OK, True), (stranger.certificate(HERE), LATER, False)):
            with Noting(certificate, prepare=prepare) as server:
                self.json(server, code, '--ca', str(authority.file),
                          '--client-cert', ours)
            self.assertEqual(shown.pop(), expected)
            self.assertEqual(shown, [])

    def test_pin(self):
        other = authority.pin(stranger.certificate(HERE))
        result = self.tls(LATER, '--pin', other)
        self.assertEqual(result['reason'], 'cert-pin')
        self.assertEqual(result['chain'][0]['pin'], authority.pin(good))

    def test_text_about_what_is_not_believed(self):
        with Wiretap(stranger.certificate(HERE)) as server:
            done = self.probe(server, '--ca', str(authority.file))
            self.assert_code(done, LATER)
            for words in ('NOT VERIFIED', 'second connection', '--ca',
                          'A mail could NOT be sent.'):
                self.assertIn(words, done.out)

    def test_certificate_that_ends_soon(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        for days, soon in (5, True), (20, False):
            end = now + datetime.timedelta(days=days, hours=1)
            result = self.tls(OK, certificate=authority.certificate(
                HERE, end=end.strftime('%Y%m%d%H%M%SZ')))
            self.assertEqual(result['chain'][0]['days_left'], days)
            self.assertEqual('renew it now' in ' '.join(result['problems']),
                             soon)

    def test_hostile_certificate(self):
        nasty = authority.certificate(HERE + ',DNS:a\x1b[2Jb.example',
                                      common='ev\x1b[31mil')
        result = self.tls(OK, certificate=nasty)
        text = result['chain'][0]['subject'] + ' '.join(
            result['chain'][0]['names'])
        self.assertNotIn('\x1b', text)
        self.assertIn('il', result['chain'][0]['subject'])
        with Wiretap(nasty) as server:
            self.assert_code(self.probe(server, '--ca', str(authority.file)),
                             OK)

    # ---- what is wrong ----

    def test_passwords_before_tls(self):
        result = self.tls(OK)
        self.assertIn('only behind STARTTLS', ' '.join(result['problems']))
        result = self.tls(OK, hello=b'250-x\r\n250-STARTTLS\r\n250 AUTH '
                                    b'CRAM-MD5')
        self.assertEqual(result['problems'], [])

    def test_starttls_missing(self):
        result = self.tls(LATER, hello=b'250-x\r\n250 AUTH PLAIN')
        self.assertEqual(result['reason'], 'no-starttls')
        self.assertEqual(result['clear']['mechanisms'], ['PLAIN'])

    def test_starttls_not_used(self):
        with Wiretap(good) as server:
            result = self.json(server, OK)
            self.assertIn('try --tls required', ' '.join(result['problems']))

    def test_falling_back(self):
        def alert(connection):
            connection.recv(4096)
            connection.sendall(b'\x15\x03\x03\x00\x02\x02\x28')

        result = self.tls(OK, '--tls', 'opportunistic', handshake=alert)
        self.assertEqual(result['tls']['fell_back'], 'tls-cipher')
        self.assertEqual(result['choice']['tls'], 'none')
        self.assertIn('goes in clear', result['problems'][0])
        result = self.tls(AUTH, '--tls', 'opportunistic', '--user', 'ada',
                          handshake=alert)
        self.assertEqual(result['reason'], 'clear-link')

    def test_authentication(self):
        for offer, arguments, reason, code in (
                (offering('GSSAPI'), [], 'no-auth', AUTH),
                (EHLO + b'250 HELP', [], 'no-auth', AUTH),
                (offering('PLAIN'), ['--auth', 'LOGIN'], 'no-auth', AUTH),
                (offering('SCRAM-SHA-1-PLUS'), [], 'no-binding', AUTH)):
            with Scripted(EHLO=offer) as server:
                result = self.json(server, code, '--user', 'ada', *arguments)
                self.assertEqual(result['reason'], reason)
                self.assertIsNone(result['choice'])

    def test_require_tls(self):
        result = self.tls(REFUSED, '--require-tls')
        self.assertEqual(result['reason'], 'not-offered')
        self.tls(OK, '--require-tls', inside=b'250-x\r\n250 REQUIRETLS')

    def test_servers_that_fail(self):
        for answers, code, reached in (
                ({'CONNECT': b'554 No'}, REFUSED, 'greeting'),
                ({'CONNECT': b'421 Later'}, LATER, 'greeting'),
                ({'CONNECT': CLOSE}, LATER, 'greeting'),
                ({'CONNECT': b'SSH-2.0-x'}, PROTOCOL, 'greeting'),
                ({'EHLO': b'550 Not you'}, REFUSED, 'ehlo'),
                ({'EHLO': CLOSE}, LATER, 'ehlo'),
                ({'EHLO': b'250-a\r\n251 b'}, PROTOCOL, 'ehlo')):
            with self.subTest(answers), Scripted(**answers) as server:
                result = self.json(server, code)
                self.assertEqual(result['stage'], reached)
                self.assertTrue(result['problems'])
        with Scripted(CONNECT=SILENCE) as server:
            done = run('probe', '--timeout', '1', '--json', server.url)
            self.assert_code(done, LATER)
            self.assertEqual(done.json['err'], 'timeout')

    def test_nobody_there(self):
        with socket.create_server(('127.0.0.1', 0)) as free:
            port = free.getsockname()[1]
        done = run('probe', f'127.0.0.1:{port}', '--json')
        self.assert_code(done, LATER)
        self.assertEqual(done.json['err'], 'connect')
        self.assertIsNone(done.json['address'])

    def test_what_matters_comes_first(self):
        with Scripted() as server:
            done = run('probe', '--tls', 'required', server.url)
        lines = done.out.splitlines()
        self.assertEqual(lines[2], 'A mail could NOT be sent.')
        self.assertTrue(lines[3].startswith('- ') and 'STARTTLS' in lines[3])
        self.assertTrue(lines[4].startswith('  -> ') and 'smtps://' in
                        lines[4])

    def test_names_of_the_certificate(self):
        result = self.tls(LATER, certificate=authority.certificate(
            'DNS:mail.example,DNS:*.example'))
        self.assertIn('(it is for: mail.example, *.example); use a host name '
                      'that the certificate has', result['problems'][0])

    def test_wrong_port(self):
        for greeting, words in ((b'* OK IMAP4rev1', '(IMAP)'),
                                (b'+OK ready', '(POP3)'),
                                (b'HTTP/1.1 400 Bad', 'web server'),
                                (b'\x15\x03\x01', 'smtps://')):
            with Scripted(CONNECT=greeting) as server:
                result = self.json(server, PROTOCOL)
                self.assertIn(words, result['problems'][0])

    def test_colours(self):
        """On a terminal, and where nobody says that he wants none."""
        for term, no, seen in (('xterm', '', True), ('xterm', '1', False),
                               ('dumb', '', False)):
            ours, theirs = pty.openpty()
            with Scripted() as server, open(ours, 'rb', 0) as terminal:
                process = start('probe', server.url, stdout=theirs,
                                env=environment(TERM=term, NO_COLOR=no))
                os.close(theirs)
                shown = b''
                try:
                    while octets := terminal.read(4096):
                        shown += octets
                except OSError:
                    pass            # the last of them has closed it
                self.assertEqual(end(process).code, OK)
            self.assertIn(b'A mail could be sent.', shown)
            self.assertEqual(b'\x1b[1;32mA mail' in shown, seen)
            self.assertEqual(b'\x1b' in shown, seen)

    def test_hostile_words(self):
        nasty = b'\x1b[2J\x9b1m\xe2\x80\xae\xff'
        with Scripted(CONNECT=b'220 ' + nasty, EHLO=b'250-' + nasty +
                      b'\r\n250-SIZE ' + nasty + b'\r\n250 AUTH ' +
                      nasty) as server:
            done = self.probe(server)
            self.assertIn('\\x1B[2J', done.out)
            self.assertNotIn('\u202e', done.out)
            self.json(server, OK)
            self.assertNotIn('\u202e', self.probe(server, '--json').out)

    def test_more_than_fits(self):
        lines = b''.join(b'250-X%d %s\r\n' % (n, b'y' * 400)
                         for n in range(30))
        with Scripted(EHLO=lines + b'250 HELP') as server:
            result = self.json(server, OK)
            self.assertIn('more to EHLO', ' '.join(result['problems']))
            self.assertEqual(len(result['clear']['keywords'][0]['parameters']),
                             1)

    def test_weak_key(self):
        result = self.tls(
            LATER, certificate=authority.certificate(HERE, kind=('rsa:1024',)),
            prepare=lambda context: context.set_ciphers('ALL:@SECLEVEL=0'))
        self.assertEqual(result['reason'], 'cert-key')
        self.assertEqual((result['chain'][0]['key'],
                          result['chain'][0]['bits']), ('RSA', 1024))
        self.assertIn('has 1024 bits', ' '.join(result['problems']))

    # ---- what is not said ----

    def test_no_secret_is_read(self):
        """Neither the file nor the command is touched."""
        mark = self.folder / 'ran'
        with Scripted(EHLO=offering('PLAIN')) as server:
            result = self.json(server, OK, '--user', 'ada',
                               '--password-command',
                               f"touch '{mark}'; echo {SECRET}")
            self.assertEqual(result['choice']['auth'], 'PLAIN')
            result = self.json(server, OK, '--user', 'ada', '--password-file',
                               '/nonexistent')
        self.assertFalse(mark.exists())

    def test_usage(self):
        for arguments, words in ((['--frob'], 'unknown option'),
                                 (['smtp://a:b'], 'the port'),
                                 (['--from', 'x'], 'unknown option'),
                                 (['--tls', 'never', '--ca', 'x'], 'never')):
            self.assert_code(run('probe', *arguments), USAGE, words)
        self.assert_code(run('probe', '--hello', 'a b', '127.0.0.1:1'), USAGE)
        self.assert_code(run('probe', '--ca', '/nonexistent', '127.0.0.1:1'),
                         NOINPUT)
        self.assert_code(run('probe', '--ca', self.file(b'x'), '127.0.0.1:1'),
                         CONFIG)


if __name__ == '__main__':
    unittest.main()
