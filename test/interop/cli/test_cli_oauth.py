"""test_cli_oauth - duva oauth: logins with a provider, and their tokens.

SPDX-License-Identifier: MIT
"""
import base64
import hashlib
import os
import re
import stat
import sys
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from authority import Authority
from command import (AUTH, CONFIG, LATER, OK, PROTOCOL, TEXT, USAGE, TestCase,
                     end, environment, run, start)
from provider import HANG_UP, Provider, answer, device, error, grant
from scripted import SILENCE, Scripted, offering

HERE = 'IP:127.0.0.1'


def setUpModule():
    global authority, stranger, good
    if 'DUVA_OAUTH' not in os.environ:
        print('skipped: a build without libcurl', file=sys.stderr)
        sys.exit(77)
    authority = unittest.enterModuleContext(Authority())
    stranger = unittest.enterModuleContext(Authority('Stranger'))
    good = authority.certificate(HERE)


class OAuth(TestCase):
    def setUp(self):
        super().setUp()
        self.env = environment(HOME=str(self.folder), XDG_DATA_HOME='')
        self.store = self.folder / '.local/share/duva/oauth'

    def oauth(self, *words):
        return run('oauth', *words, env=self.env, text=b'')

    def options(self, provider, *more):
        return ['login', 'work', '--token-url', provider.url + '/token',
                '--device-url', provider.url + '/device', '--client-id', 'me',
                '--scope', 'mail.send offline', '--ca', str(authority.file),
                *more]

    def login(self, provider, *more):
        return self.oauth(*self.options(provider, *more))

    def age(self):
        """What was granted is over by now."""
        file = self.store / 'work'
        file.write_text(re.sub('expires .*', 'expires 1000',
                               file.read_text()))

    def assert_secret(self, done):
        for word in b'access-', b'refresh-', b'dev-code':
            self.assertNotIn(word, done.raw)

    def test_device_flow(self):
        with Provider(good, TOKEN=[error('authorization_pending'),
                                   grant()]) as provider:
            done = self.login(provider)
            self.assert_code(done, OK, 'https://example.org/device',
                             'ABCD-EFGH', "logged in as 'work'")
            self.assert_secret(done)
            self.assertEqual(provider.asked[0], ('/device', {
                'client_id': 'me', 'scope': 'mail.send offline'}))
            self.assertEqual(provider.asked[2], ('/token', {
                'client_id': 'me', 'device_code': 'dev-code', 'grant_type':
                'urn:ietf:params:oauth:grant-type:device_code'}))
        file = self.store / 'work'
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.store.stat().st_mode), 0o700)
        self.assertEqual([f.name for f in self.store.iterdir()], ['work'])
        self.assertEqual(self.oauth('token', 'work').out, 'access-1\n')
        listed = self.oauth('list')
        self.assertIn('work: ', listed.out)
        self.assert_secret(listed)
        self.assert_code(self.oauth('logout', 'work'), OK)
        self.assert_code(self.oauth('token', 'work'), CONFIG, 'no such login')

    def test_slow_down_and_lost_answers(self):
        with Provider(good, TOKEN=[error('slow_down'), grant()]) as provider:
            begin = time.monotonic()
            self.assert_code(self.login(provider), OK)
            self.assertGreater(time.monotonic() - begin, 6.9)
        with Provider(good, TOKEN=[HANG_UP, (503, b'<html>'),
                                   grant()]) as provider:
            self.assert_code(self.login(provider), OK)
            self.assertEqual(len(provider.forms('/token')), 3)

    def test_logins_that_fail(self):
        for reply, code, words in (
                (error('access_denied', error_description='No\x1b[31m'), AUTH,
                 'access_denied: No\\x1B[31m'),
                (error('expired_token'), AUTH, 'in time'),
                (error('invalid_client'), AUTH, 'invalid_client'),
                ((200, b'<html>Hello'), PROTOCOL, 'no JSON'),
                ((400, b'{}'), PROTOCOL, 'answered 400'),
                ((200, b'[]'), PROTOCOL, 'no JSON'),
                ((200, b'['*60000), PROTOCOL, 'no JSON'),
                ((200, b'{"access_token":"a","access_token":"b"}'), PROTOCOL,
                 'no JSON'),
                ((302, b'{}'), PROTOCOL, 'answered 302'),
                ((200, b'{"access_token": "' + b'x' * 100000 + b'"}'),
                 PROTOCOL, 'too long'),
                ((200, b'{"access_token": "' + b'x' * 20000 + b'"}'),
                 PROTOCOL, 'no access token'),
                (grant(access_token='a b'), PROTOCOL, 'no access token'),
                (grant(access_token='a\nb'), PROTOCOL, 'no access token'),
                (grant(refresh_token='a\nb'), PROTOCOL, 'refresh token'),
                (grant(token_type='mac'), PROTOCOL, 'Bearer')):
            with self.subTest(words), Provider(good, TOKEN=reply) as provider:
                done = self.login(provider)
                self.assert_code(done, code, words)
                self.assert_secret(done)
                self.assertFalse((self.store / 'work').exists())

    def test_no_code(self):
        for reply, code, words in (
                (error('invalid_scope'), AUTH, 'invalid_scope'),
                ((500, b'oops'), LATER, 'no JSON'),
                (answer(device_code='x'), PROTOCOL, 'no code'),
                (device(user_code='A\nB'), PROTOCOL, 'no code')):
            with self.subTest(words), Provider(good, DEVICE=reply) as provider:
                self.assert_code(self.login(provider), code, words)
                self.assertEqual(provider.forms('/token'), [])

    def test_nobody_enters_the_code(self):
        with Provider(good, DEVICE=device(expires_in=2),
                      TOKEN=error('authorization_pending')) as provider:
            self.assert_code(self.login(provider), AUTH, 'in time')

    def test_wrong_certificates(self):
        for certificate in (stranger.certificate(HERE),
                            authority.certificate('DNS:example.org'),
                            authority.certificate(HERE,
                                                  end='20200102000000Z')):
            with Provider(certificate) as provider:
                done = self.login(provider)
                self.assert_code(done, LATER, 'certificate')
                self.assertEqual(provider.asked, [])

    def test_usage(self):
        for words, part in (
                (['login', 'work'], '--provider'),
                (['login', 'work', '--provider', 'x'], 'google and microsoft'),
                (['login', 'work', '--provider', 'google'], 'Desktop app'),
                (['login', 'work', '--provider', 'google', '--client-id', 'x',
                  '--flow', 'device'], '--flow browser'),
                (['login', 'work', '--provider', 'microsoft', '--tenant',
                  'a/b'], '--tenant'),
                (['login', 'work', '--token-url', 'http://example.org'],
                 'https://'),
                (['login', '../work'], 'letters'), (['login'], 'name'),
                (['login', '.work'], 'letters'), (['dance'], 'unknown'),
                ([], 'no command'), (['list', 'x'], 'not allowed'),
                (['login', 'a', 'b'], 'more than one name'),
                (['--frob'], '--frob'),
                (['login', 'a', '--ca'], 'value')):
            with self.subTest(words):
                self.assert_code(self.oauth(*words), USAGE, part)

    def test_rights_of_the_store(self):
        with Provider(good) as provider:
            self.assert_code(self.login(provider), OK)
            for mode in 0o640, 0o604, 0o622:
                (self.store / 'work').chmod(mode)
                self.assert_code(self.oauth('token', 'work'), CONFIG,
                                 'chmod 600')
                self.assert_code(self.login(provider), CONFIG, 'chmod 600')

    def test_refresh(self):
        with Provider(good, TOKEN=[
                grant(), HANG_UP, grant(access_token='access-2'),
                grant(access_token='access-3',
                      refresh_token='refresh-3')]) as provider:
            secret = self.file(b'client-secret\n', name='secret')
            self.assert_code(self.login(provider, '--client-secret-file',
                                        secret), OK)
            self.assertEqual(self.oauth('token', 'work').out, 'access-1\n')
            self.age()
            self.assertEqual(self.oauth('token', 'work').out, 'access-2\n')
            self.assertEqual(provider.forms('/token')[-1], {
                'grant_type': 'refresh_token', 'refresh_token': 'refresh-1',
                'client_id': 'me', 'client_secret': 'client-secret'})
            self.assert_code(self.oauth('refresh', 'work'), OK)
            self.assertEqual(self.oauth('token', 'work').out, 'access-3\n')
            self.assertIn('refresh-token refresh-3\n',
                          (self.store / 'work').read_text())

    def test_refreshers_take_turns(self):
        with Provider(good, TOKEN=[grant(),
                                   grant(access_token='access-2'),
                                   error('invalid_grant')]) as provider:
            self.assert_code(self.login(provider), OK)
            self.age()
            many = [start('oauth', 'token', 'work', env=self.env)
                    for _ in range(4)]
            for process in many:
                self.assertEqual(end(process).out, 'access-2\n')

    def test_silent_server_holds_up_nobody_else(self):
        with Provider(good) as provider, Scripted(CONNECT=SILENCE) as silent:
            self.assert_code(self.login(provider), OK)
            other = self.store / 'other'
            other.write_text((self.store / 'work').read_text().replace(
                provider.url, f'https://127.0.0.1:{silent.port}'))
            other.chmod(0o600)
            process = start('oauth', 'refresh', 'other', env=self.env)
            try:
                self.assertTrue(silent.reached['CONNECT'].wait(20))
                self.assertEqual(self.oauth('token', 'work').out, 'access-1\n')
                self.assertIsNone(process.poll())
                self.assert_code(self.login(provider), OK)
            finally:
                process.terminate()
                end(process)

    def test_refresh_refused(self):
        with Provider(good, TOKEN=[grant(),
                                   error('invalid_grant')]) as provider:
            self.assert_code(self.login(provider), OK)
            self.age()
            done = self.oauth('token', 'work')
            self.assert_code(done, AUTH, "run 'duva oauth login work'")
            self.assertEqual(done.out, '')
            self.assert_secret(done)

    def test_browser_flow(self):
        with Provider(good) as provider:
            process = start('oauth', *self.options(
                provider, '--flow', 'browser', '--authorize-url',
                'https://example.org/auth?a=b'), env=self.env)
            line = b''
            while not line.startswith(b'https'):
                line = process.stderr.readline()
            url = urllib.parse.urlparse(line.decode().strip())
            asked = dict(urllib.parse.parse_qsl(url.query))
            self.assertEqual(asked['code_challenge_method'], 'S256')
            self.assertEqual(asked['a'], 'b')
            back = asked['redirect_uri']
            for path in ('favicon.ico', '?code=evil&state=wrong', '?x'):
                with self.assertRaises(urllib.error.HTTPError):
                    urllib.request.urlopen(back + path, timeout=10)
            urllib.request.urlopen(back + '?' + urllib.parse.urlencode(
                {'code': '4/the code', 'state': asked['state']}), timeout=10)
            self.assert_code(end(process), OK, 'logged in')
            form = provider.forms('/token')[0]
            self.assertEqual(form['code'], '4/the code')
            self.assertEqual(form['redirect_uri'], back)
            self.assertEqual(base64.urlsafe_b64encode(hashlib.sha256(
                form['code_verifier'].encode()).digest()).decode().rstrip('='),
                asked['code_challenge'])

    def send(self, server, *arguments):
        return run('send', '--server', server.url, *TEXT, '--user', 'ada',
                   '--oauth', 'work', '--trace', *arguments, env=self.env)

    def test_send(self):
        with Provider(good, TOKEN=[grant(), grant(access_token='access-2'),
                                   error('invalid_grant')]) as provider:
            self.assert_code(self.login(provider), OK)
            for mechanism, token in (('OAUTHBEARER', b'access-1'),
                                     ('XOAUTH2', b'access-2')):
                with Scripted(EHLO=offering(mechanism)) as server:
                    done = self.send(server)
                    self.assert_code(done, OK)
                    self.assert_secret(done)
                    said = server.command('AUTH').split(' ')
                    self.assertEqual(said[1], mechanism)
                    self.assertIn(b'Bearer ' + token,
                                  base64.b64decode(said[2]))
                self.age()
            with Scripted(EHLO=offering('XOAUTH2')) as server:
                self.assert_silent(server, self.send(server), AUTH,
                                   "'duva oauth login")

    def test_send_refused_and_unreachable(self):
        with Provider(good) as provider:
            self.assert_code(self.login(provider), OK)
        with Scripted(EHLO=offering('XOAUTH2'), AUTH=[
                b'334 ' + base64.b64encode(b'{"status":"401"}'),
                b'535 5.7.8 No']) as server:
            done = self.send(server)
            self.assert_code(done, AUTH, "'duva oauth login'",
                             "'duva oauth refresh'")
            self.assert_secret(done)
        self.age()
        with Scripted(EHLO=offering('XOAUTH2')) as server:
            self.assert_silent(server, self.send(server), LATER)
            done = run('send', '--server', server.url, *TEXT, '--user', 'ada',
                       '--oauth', 'none', env=self.env)
            self.assert_silent(server, done, CONFIG, 'no such login')


if __name__ == '__main__':
    unittest.main()
