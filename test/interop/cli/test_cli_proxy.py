"""test_cli_proxy - the command duva through proxies, real and faulty.

SPDX-License-Identifier: MIT
"""
import email
import random
import signal
import socket
import unittest

from authority import Authority
from command import (AUTH, CONFIG, LATER, NOHOST, OK, PROTOCOL, SECRET, TEXT,
                     UNCERTAIN, USAGE, TestCase, end, environment, run, start)
from memory import Search
from processes import LOOPBACK, loopback_addresses
from proxies import Microsocks, Speaker, Tinyproxy
from scripted import Scripted
from wiretap import Wiretap

USER, PASSWORD = 'ada', 'open-sesame'
CLEAR = ['--tls', 'never']
SOCKS_OK = b'\5\0\0\1\0\0\0\0\0\0'
HTTP_OK = b'HTTP/1.1 200 Connected\r\nVia: x\r\n\r\n'


def setUpModule():
    global authority, certificate, socks, http
    enter = unittest.enterModuleContext
    authority = enter(Authority())
    certificate = authority.certificate('IP:127.0.0.1,DNS:localhost')
    socks, http = enter(Microsocks()), enter(Tinyproxy())


def closed_port():
    with socket.create_server((LOOPBACK, 0)) as free:
        return free.getsockname()[1]


class Proxy(TestCase):
    def through(self, proxy, port, *options, host=LOOPBACK, user=None,
                tls=CLEAR):
        return run('send', '--server', f'{host}:{port}', *TEXT, *tls,
                   '--proxy', proxy.url(user), *options)

    def login(self, password=PASSWORD):
        return ['--proxy-password-file', self.file(password.encode() + b'\n')]

    # ---- real ones ----

    def test_mail(self):
        for proxy in socks, http:
            for host in LOOPBACK, 'localhost':
                with self.subTest(proxy.scheme, host=host), \
                        Scripted() as server:
                    done = self.through(proxy, server.port, '--trace',
                                        host=host)
                    self.assert_code(done, OK, 'accepted by',
                                     f'connected through {LOOPBACK}:'
                                     f'{proxy.port} (to {host})')
                    self.assertEqual(len(server.messages), 1)

    @unittest.skipUnless('::1' in loopback_addresses(), 'no IPv6 here')
    def test_ipv6(self):
        for proxy in socks, http:
            with self.subTest(proxy.scheme), Scripted('::1') as server:
                done = self.through(proxy, server.port, host='[::1]')
                self.assert_code(done, OK)
                self.assertEqual(len(server.messages), 1)

    def test_tls(self):
        for proxy in socks, http:
            for implicit in False, True:
                with self.subTest(proxy.scheme, implicit=implicit), \
                        Wiretap(certificate, implicit=implicit) as server:
                    done = self.through(
                        proxy, server.port, host='localhost',
                        tls=['--tls', 'implicit' if implicit else 'required',
                             '--ca', str(authority.file)])
                    self.assert_code(done, OK)
                    self.assertEqual(len(server.messages), 1)
                    self.assertNotIn(b'MAIL', server.clear)

    def test_behind_a_proxy_nothing_is_private(self):
        """Not even when both are on this machine."""
        with Scripted() as server:
            for proxy in socks, http:
                done = self.through(proxy, server.port, tls=[])
                self.assert_code(done, LATER, 'STARTTLS is required but not advertised')
            self.assertEqual(server.messages, [])
            password = self.file(SECRET.encode(), name='password')
            done = self.through(socks, server.port, '--user', 'bob',
                                '--password-file', password)
            self.assertNotIn(b'AUTH', server.heard)

    def test_login(self):
        for kind in Microsocks, Tinyproxy:
            with kind(USER, PASSWORD) as proxy, Scripted() as server:
                done = self.through(proxy, server.port, *self.login(),
                                    '--trace', '--timeline',
                                    str(self.folder / 'svg'), user=USER)
                self.assert_code(done, OK)
                self.assertNotIn(PASSWORD.encode(), done.raw)
                self.assertNotIn(PASSWORD,
                                 (self.folder / 'svg').read_text())
                done = self.through(proxy, server.port, user=USER, *[
                    '--proxy-password-command', f'echo {PASSWORD}'])
                self.assert_code(done, OK)
                done = self.through(proxy, server.port,
                                    *self.login('wrong'), user=USER)
                self.assert_code(done, AUTH, 'does not connect',
                                 'check the user and the password of the '
                                 'proxy')
                done = self.through(proxy, server.port)
                self.assert_code(done, AUTH, 'name a user')
                self.assertEqual(len(server.messages), 2)

    def test_port_that_is_forbidden(self):
        with Tinyproxy(ports=[25]) as proxy, Scripted() as server:
            done = self.through(proxy, server.port, '--json')
            self.assert_code(done, LATER, ': 403 ', 'its operator must permit')
            self.assertEqual(done.json['hop'], 'proxy')
            self.assertEqual(done.json['reason'], 'proxy-forbidden')
            self.assertEqual(server.connections, 0)

    def test_nobody_behind_it(self):
        port = closed_port()
        done = self.through(socks, port)
        self.assert_code(done, LATER, 'connection refused', 'check the server')
        done = self.through(http, port)
        self.assert_code(done, LATER, ': 500 ', 'check the server')

    def test_name_that_it_does_not_find(self):
        done = self.through(socks, 25, host='nobody.invalid')
        self.assert_code(done, LATER, 'does not connect to '
                                      'nobody.invalid:25')

    def test_probe(self):
        for proxy in socks, http:
            with Scripted() as server:
                done = run('probe', '--proxy', proxy.url(), *CLEAR,
                           server.url)
                self.assert_code(done, OK)
                self.assertIn('220 test.example ready', done.out)

    def test_large_mail(self):
        """Every octet of it arrives, by DATA."""
        content = random.Random(5).randbytes(3000000)
        big = self.file(content, name='big')
        for proxy in socks, http:
            with self.subTest(proxy.scheme), Scripted() as server:
                done = self.through(proxy, server.port, '--attach', big)
                self.assert_code(done, OK)
                parts = email.message_from_bytes(server.messages[0]).walk()
                self.assertIn(content, [part.get_payload(decode=True)
                                        for part in parts])

    # ---- what goes wrong before it ----

    def test_nobody_at_the_proxy(self):
        port = closed_port()
        for scheme in 'socks5', 'http':
            done = run('send', '--server', 'mx.example', *TEXT, '--json',
                       '--proxy', f'{scheme}://127.0.0.1:{port}')
            self.assert_code(done, LATER, f'the proxy 127.0.0.1:{port} cannot '
                             'be reached to connect to mx.example:25: '
                             'Connection refused')
            self.assertEqual(done.json['hop'], 'proxy')
            self.assertEqual(done.json['err'], 'connect')

    def test_proxy_that_has_no_address(self):
        done = run('send', '--server', 'mx.example', *TEXT, '--proxy',
                   'socks5://nobody.invalid')
        self.assertIn(done.code, (NOHOST, LATER))
        self.assertIn('the proxy nobody.invalid:1080', done.err)

    def test_mail_server_in_its_place(self):
        for scheme in 'socks5', 'http':
            with Scripted() as server:
                done = run('send', '--server', 'mx.example', *TEXT, '--proxy',
                           f'{scheme}://127.0.0.1:{server.port}')
                self.assert_code(done, PROTOCOL, 'does not answer like such a '
                                                 'proxy')

    def test_proxy_of_another_kind(self):
        for other in Other(socks, 'http'), Other(http, 'socks5'):
            done = self.through(other, 25, '--timeout', '1')
            self.assertIn(done.code, (LATER, PROTOCOL))
            self.assertRegex(done.err, 'a proxy of that kind|if it is an? ')
        with Speaker('socks5', b'HTTP/1.1 400 Bad Request\r\n\r\n') as proxy:
            self.assert_code(self.through(proxy, 25), PROTOCOL,
                             'if it is an HTTP proxy, use http://')
        with Speaker('http', b'\5\xff') as proxy:
            self.assert_code(self.through(proxy, 25), PROTOCOL,
                             'if it is a SOCKS proxy, use socks5://')

    def test_silence(self):
        for scheme in 'socks5', 'http':
            with Speaker(scheme, patient=True) as proxy:
                done = self.through(proxy, 25, '--timeout', '1')
                self.assert_code(done, LATER, 'time is up', 'the proxy')

    def test_silence_in_the_middle(self):
        for scheme, *answers in (('socks5', b'\5\0'),
                                 ('socks5', b'\5\0', SOCKS_OK[:-1]),
                                 ('http', HTTP_OK[:-1])):
            with self.subTest(answers), \
                    Speaker(scheme, *answers, patient=True) as proxy:
                done = self.through(proxy, 25, '--timeout', '1', '--json')
                self.assert_code(done, LATER, 'time is up', 'the proxy')
                self.assertEqual(done.json['hop'], 'proxy')

    def test_silence_behind_it(self):
        """The way is open, and nobody says a word: that is the server."""
        for scheme, *answers in (('socks5', b'\5\0', SOCKS_OK),
                                 ('http', HTTP_OK)):
            for tls, stage in ('never', 'greeting'), ('implicit', 'tls'):
                with self.subTest(scheme, tls=tls), \
                        Speaker(scheme, *answers, patient=True) as proxy:
                    done = self.through(proxy, 25, '--timeout', '1', '--json',
                                        tls=['--tls', tls])
                    self.assert_code(done, LATER, 'time is up',
                                     f'{LOOPBACK}:25')
                    self.assertEqual(done.json['err'], 'timeout')
                    self.assertEqual(done.json['stage'], stage)
                    self.assertIsNone(done.json['hop'])

    def test_silence_behind_a_message(self):
        """Megabytes have gone into the proxy, and nothing comes back."""
        smtp = [b'220 x\r\n', b'250 x\r\n', b'250 x\r\n', b'250 x\r\n',
                b'354 x\r\n']
        big = self.file(bytes(8000000), name='big')
        for scheme, *answers in (('socks5', b'\5\0', SOCKS_OK + smtp[0]),
                                 ('http', HTTP_OK + smtp[0])):
            with self.subTest(scheme), Speaker(scheme, *answers, *smtp[1:],
                                               patient=True) as proxy:
                done = self.through(proxy, 25, '--timeout', '3', '--attach',
                                    big)
                self.assert_code(done, UNCERTAIN, 'time is up')
                self.assertGreater(len(proxy.heard), 8000000)

    def test_hang_up(self):
        for scheme, answers in (('socks5', [b'']), ('socks5', [b'\5\0', b'']),
                                ('socks5', [b'\5\0', SOCKS_OK[:-1]]),
                                ('http', [b'']), ('http', [HTTP_OK[:-1]])):
            with self.subTest(answers), Speaker(scheme, *answers) as proxy:
                done = self.through(proxy, 25)
                self.assert_code(done, LATER, 'the proxy',
                                 'closed the connection')

    def test_its_words_are_harmless(self):
        with Speaker('http', b'HTTP/1.1 403 \x1b[31mNo\x9b\r\n') as proxy:
            done = self.through(proxy, 25)
            self.assert_code(done, LATER, '403 ?[31mNo?')

    # ---- what it is told, and what comes with its answer ----

    def test_host_that_speaks_in_the_same_breath(self):
        greeting = b'421 come later\r\n'
        for scheme, answers in (('socks5', [b'\5\0', SOCKS_OK + greeting]),
                                ('http', [HTTP_OK + greeting])):
            with Speaker(scheme, *answers, patient=True) as proxy:
                done = self.through(proxy, 25)
                self.assert_code(done, LATER, '421 come later')

    def test_names_are_left_to_it(self):
        with Speaker('socks5', b'\5\0', b'\5\4') as proxy:
            done = self.through(proxy, 587, host='mx.nowhere.invalid')
            self.assert_code(done, LATER, 'host unreachable')
            self.assertEqual(bytes(proxy.heard), b'\5\1\0\5\1\0\3\x12'
                             b'mx.nowhere.invalid\2\x4b')
        with Speaker('http', b'HTTP/1.1 502 x\r\n') as proxy:
            self.through(proxy, 587, host='[2001:db8::1]')
            self.assertTrue(proxy.heard.startswith(
                b'CONNECT [2001:db8::1]:587 HTTP/1.1\r\n'))

    def test_user_in_percents(self):
        with Speaker('socks5', b'\5\2', b'\1\1') as proxy:
            done = self.through(proxy, 25, *self.login('x'), user='a%40b%c3a')
            self.assert_code(done, AUTH)
            self.assertEqual(bytes(proxy.heard),
                             b'\5\2\0\2\1\5a@b\xc3a\1x')

    def test_interrupted(self):
        with Speaker('socks5', patient=True) as proxy:
            process = start('send', '--server', 'mx.example:25', *TEXT,
                            '--proxy', proxy.url())
            process.stdin.close()
            process.stdin = None
            self.assertTrue(proxy.asked.wait(30))
            process.send_signal(signal.SIGINT)
            done = end(process, None)
            self.assertEqual(done.code, -signal.SIGINT)

    # ---- options ----

    def test_usage(self):
        for url, words in (
                ('socks4://x:1', 'must begin with socks5://'),
                ('https://x:1', 'must begin with socks5://'),
                ('x:1', 'must begin with socks5://'),
                ('socks5://', 'the host is missing'),
                ('http://x', 'the port is missing'),
                ('socks5://x:0', 'the port must be'),
                ('socks5://x:1/path', 'a path is not'),
                ('socks5://@x:1', 'the user is missing'),
                ('socks5://a%0ab@x:1', 'a control character'),
                ('socks5://a%4@x:1', 'two hexadecimal digits'),
                ('socks5://http://x:1', 'two schemes'),
                ('socks5://ada@x:1', 'needs --proxy-password-file'),
                (f'socks5://ada:{PASSWORD}@x:1', '--proxy-password-file')):
            done = run('send', *TEXT, '--proxy', url)
            self.assert_code(done, USAGE, words)
            self.assertNotIn(PASSWORD, done.err)
        self.assert_code(run('send', *TEXT, '--proxy', 'socks5://x:1',
                             '--proxy-password-command', 'true'), USAGE,
                         'needs a user')
        self.assert_code(run('send', *TEXT, '--proxy', 'socks5://a@x:1',
                             '--proxy-password-command', 'true',
                             '--proxy-password-file', 'x'), USAGE,
                         'cannot be combined')

    def test_password_leaves_nothing_behind(self):
        search = Search(PASSWORD.encode())
        for kind in Microsocks, Tinyproxy:
            with kind(USER, PASSWORD) as proxy, Scripted() as server:
                done = run('send', '--server', server.url, *TEXT, *CLEAR,
                           '--proxy', proxy.url(USER), *self.login(),
                           '--trace',
                           env=environment(**search.environment()))
                self.assert_code(done, OK)
                self.assertFalse(search.in_words(done.raw))
                self.assertEqual(search.in_memory(at_quit=False), [])

    def test_password_that_is_not_there(self):
        for options, words in (
                (['--proxy-password-command', 'false'], 'command failed'),
                (['--proxy-password-command', 'true'], 'is empty'),
                (['--proxy-password-command', f'echo {"x" * 300}'],
                 'the password of a proxy has 255 octets at most'),
                (['--proxy-password-file', self.file(b'x', mode=0o644)],
                 'chmod 600')):
            done = run('send', *TEXT, '--proxy', 'socks5://ada@x:1', *options)
            self.assert_code(done, CONFIG, words)

    def test_the_environment_says_nothing(self):
        """$ALL_PROXY is for what browses the web."""
        with Scripted() as server:
            done = run('send', '--server', server.url, *TEXT,
                       env=environment(ALL_PROXY='socks5://127.0.0.1:1',
                                       all_proxy='socks5://127.0.0.1:1'))
            self.assert_code(done, OK)


class Other:
    """The same proxy, taken for another kind."""

    def __init__(self, proxy, scheme):
        self._proxy, self._scheme = proxy, scheme

    def url(self, user=None):
        return f'{self._scheme}://127.0.0.1:{self._proxy.port}'


if __name__ == '__main__':
    unittest.main()
