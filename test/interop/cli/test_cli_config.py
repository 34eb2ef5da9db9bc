"""test_cli_config - the command duva: accounts from configuration files.

SPDX-License-Identifier: MIT
"""
import base64
import hashlib
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import unittest

from authority import Authority
from command import (AUTH, CONFIG, LATER, OK, REFUSED, SECRET, TEXT, USAGE,
                     TestCase, environment, run)
from scripted import EHLO, SILENCE, Scripted, offering
from wiretap import Wiretap

TO = ['--to', 'ada@example.org', '--subject', 'Alarm']


class Files(TestCase):
    def surroundings(self, **more):
        return environment(HOME=str(self.folder), XDG_CONFIG_HOME='',
                           **more)

    def configure(self, text, mode=0o600, name='.config/duva/config'):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        return self.file(text.encode(), mode, name)

    def assert_sender(self, server, address):
        self.assertEqual(server.command('MAIL').split(' SIZE')[0],
                         f'MAIL FROM:<{address}>')

    def send(self, *arguments, **options):
        return run('send', *(arguments or TEXT),
                   env=self.surroundings(), **options)


class Accounts(Files):
    def test_default_account(self):
        with Scripted() as server:
            self.configure(f'account default\nhost 127.0.0.1\n'
                           f'port {server.port}\nfrom pump@example.net\n'
                           'domain pump.example.net\n')
            self.assert_code(self.send(*TO), OK)
            self.assert_sender(server, 'pump@example.net')
            self.assertEqual(server.command('EHLO'), 'EHLO pump.example.net')
            # Without our own words: those of the account.
            self.assert_code(self.send('--hello', 'other.example', '--from',
                                       'x@y.example', *TO), OK)
            self.assertIn('EHLO other.example', server.lines)
            self.assertTrue(any(line.startswith('MAIL FROM:<x@y.example>')
                                for line in server.lines))
            done = run('probe', env=self.surroundings())
            self.assert_code(done, OK)
            self.assertIn(f'127.0.0.1:{server.port}', done.out)

    def test_which_account(self):
        with Scripted() as one, Scripted() as two, Scripted() as three:
            self.configure(
                'defaults\nhost 127.0.0.1\n'
                f'account one\nport {one.port}\nfrom one@example.org\n'
                f'account two\nport {two.port}\nfrom *@two.example\n'
                f'account default : one\nport {three.port}\nfrom three@x\n')
            for arguments, server in (
                    (['--account', 'two', '--from', 'a@b'], two),
                    (['--from', 'ONE@example.org'], one),
                    (['--from', 'one+x@example.org'], one),
                    (['--from', 'any@two.example'], two),
                    (['--from', 'nobody@example.com'], three),
                    ([], three)):
                before = len(server.messages)
                self.assert_code(self.send(*arguments, *TO), OK)
                self.assertEqual(len(server.messages), before + 1, arguments)
            done = self.send('--account', 'four', *TO)
            self.assert_code(done, USAGE, "no account 'four' in ",
                             '.config/duva/config')

    def test_config_and_msmtp(self):
        with Scripted() as server:
            text = (f'account x\nhost 127.0.0.1\nport {server.port}\n'
                    'tls off\nfrom a@b.example\naccount default : x\n')
            other = self.configure(text, name='other')
            self.assert_code(self.send('--config', other, *TO), OK)
            self.configure(text, name='.msmtprc')
            self.assert_code(self.send('--msmtp', *TO), OK)
            os.rename(self.folder / '.msmtprc', self.folder / 'x')
            self.configure(text, name='.config/msmtp/config')
            self.assert_code(self.send('--msmtp', *TO), OK)
            self.assertEqual(len(server.messages), 3)
            for arguments, words in {
                ('--msmtp', '--config', other): '--config cannot be '
                'combined with --msmtp',
                ('--config', other, '--server', 'x'): '--server cannot be',
                ('--account', 'x', '--server', 'x'): '--server cannot be',
            }.items():
                self.assert_code(self.send(*arguments, *TEXT), USAGE, words)
            self.assert_code(self.send('--config', '/nonexistent', *TO),
                             CONFIG, '/nonexistent: No such file')

    def test_reports_of_delivery(self):
        with Scripted(EHLO=EHLO + b'250 DSN') as server:
            self.configure(
                f'account default\nhost 127.0.0.1\nport {server.port}\n'
                'tls off\nfrom a@b.example\ndsn_notify failure,delay\n'
                'dsn_return headers\n')
            for arguments, ret, notify in (
                    ([], 'RET=HDRS', 'NOTIFY=FAILURE,DELAY'),
                    (['--notify', 'never'], 'RET=HDRS', 'NOTIFY=NEVER'),
                    (['--dsn-ret', 'full'], 'RET=FULL',
                     'NOTIFY=FAILURE,DELAY')):
                del server.lines[:]
                self.assert_code(self.send(*TO, *arguments), OK)
                self.assertIn(ret, server.command('MAIL'))
                self.assertIn(notify, server.command('RCPT'))

    def test_from_is_an_address(self):
        with Scripted() as server:
            self.configure(
                f'account default\nhost 127.0.0.1\nport {server.port}\n'
                'tls off\nfrom Ada <ada@example.net>\n')
            self.assert_silent(server, self.send(*TO), CONFIG, ':5: from: ',
                               "'from_full_name'")

    def test_proxy(self):
        """Nobody is there, and the server is not asked in its place."""
        with socket.create_server(('127.0.0.1', 0)) as closed:
            port = closed.getsockname()[1]
        with Scripted() as server:
            self.configure(
                f'account default\nhost 127.0.0.1\nport {server.port}\n'
                f'tls off\nfrom a@b.example\nproxy_host 127.0.0.1\n'
                f'proxy_port {port}\n')
            self.assert_code(self.send(*TO), LATER, 'the proxy', str(port))
            self.assertEqual(server.connections, 0)

    def test_server_needs_no_file(self):
        self.configure('this is not a configuration\n')
        with Scripted() as server:
            self.assert_code(self.send('--server', server.url, *TEXT), OK)
            surroundings = self.surroundings(DUVA_SERVER=server.url)
            self.assert_code(run('send', *TEXT, env=surroundings), OK)
        self.assert_code(self.send(*TEXT), CONFIG,
                         '.config/duva/config:1: unknown command \'this\'')

    def test_file_that_everybody_may_write(self):
        mark = self.folder / 'mark'
        self.configure(f'account default\neval touch {mark}\n', 0o646)
        self.assert_code(self.send(*TEXT), CONFIG, 'anybody may write',
                         'chmod o-w')
        self.assertFalse(mark.exists())

    def test_eval(self):
        with Scripted() as server:
            self.configure('account default\neval echo host 127.0.0.1\n'
                           f'eval printf "port %s\\n" {server.port}\n')
            self.assert_code(self.send(*TEXT), OK)
        self.configure('account default\neval false\n')
        self.assert_code(self.send(*TEXT), CONFIG,
                         'config:2: eval: the command failed')

    def test_patterns(self):
        with Scripted() as server:
            self.configure(f'account default\nhost 127.0.0.1\n'
                           f'port {server.port}\nfrom %U@%H\ndomain %H\n')
            done = run('send', *TO, env=self.surroundings(
                USER='pump', HOSTNAME='well.example'))
            self.assert_code(done, OK)
            self.assert_sender(server, 'pump@well.example')
            self.assertEqual(server.command('EHLO'), 'EHLO well.example')

    def test_sender_may_be_fixed(self):
        with Scripted() as server:
            self.configure(f'account default\nhost 127.0.0.1\n'
                           f'port {server.port}\nfrom a@b.example\n'
                           'allow_from_override off\n')
            self.assert_code(self.send(*TEXT), OK)
            self.assert_sender(server, 'a@b.example')

    def test_timeout(self):
        with Scripted(RCPT=SILENCE) as server:
            self.configure(f'account default\nhost 127.0.0.1\n'
                           f'port {server.port}\ntimeout 1\n')
            self.assert_code(self.send(*TEXT), 75)

    def test_reports(self):
        """For "duva send" too; its options go before."""
        def ends(*options, code=OK):
            server.lines.clear()
            done = self.send(*TEXT, *options)
            self.assert_code(done, code)
            if code != OK:
                return done.err
            return [[word for word in server.command(verb).split()[2:]
                     if not word.startswith('SIZE=')]
                    for verb in ('MAIL', 'RCPT')]

        with Scripted(EHLO=EHLO + b'250 DSN') as server:
            self.configure(f'account default\nhost 127.0.0.1\n'
                           f'port {server.port}\ndsn_notify failure,delay\n'
                           'dsn_return headers\n')
            self.assertEqual(ends(), [['RET=HDRS'], ['NOTIFY=FAILURE,DELAY']])
            self.assertEqual(ends('--notify', 'never', '--dsn-ret', 'full'),
                             [['RET=FULL'], ['NOTIFY=NEVER']])
            self.assertEqual(ends('--notify', 'off', '--dsn-ret', 'off'),
                             [[], []])
        with Scripted() as server:
            self.configure(f'account default\nhost 127.0.0.1\n'
                           f'port {server.port}\ndsn_notify never\n')
            self.assertIn('does not advertise DSN', ends(code=REFUSED))
            self.assertIn('--notify off', ends(code=REFUSED))
            self.assertEqual(ends('--notify', 'off')[1], [])

    def test_problems(self):
        for text, words in {
            'account default\nuser u\nhost h\n':
                "config:2: user: 'auth on' is missing",
            'account default\nport 25\n': "account default: 'host' is missing",
            'account default\nhost a@b\n': 'config:2: host: the host has an invalid',
            'account default\nhost h\nauth on\n': "'user' is missing",
            'account default\nhost h\ntls_key_file k\n': 'tls_cert_file',
            'account default\nhost h\ntls_fingerprint '
            + ':'.join(['00'] * 20) + '\n': 'use the SHA-256',
            'account default\nhost h\nallow_from_override off\n':
                'config:3: allow_from_override',
            'account default\nhost h\nfrom *@x\nallow_from_override off\n':
                'that is one address',
        }.items():
            self.configure(text)
            self.assert_code(self.send(*TEXT), CONFIG, words)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which('unshare'),
                         'only root can give himself another /etc')
    def test_file_of_the_system(self):
        with Scripted() as server:
            text = f'account default\nhost 127.0.0.1\nport {server.port}\n'
            file = self.configure(text, name='system')
            script = ('mount -t tmpfs none /etc && mkdir /etc/duva && '
                      f'cp {file} /etc/duva/config && exec "$@"')
            arguments = ['unshare', '-m', 'sh', '-c', script, 'sh',
                         os.environ['DUVA'], 'send', *TEXT]
            done = subprocess.run(arguments, input=b'x\n', timeout=60,
                                  env=self.surroundings(),
                                  capture_output=True)
            if b'mount' in done.stderr:
                self.skipTest('no mounts here')
            self.assertEqual(done.returncode, OK, done.stderr)
            self.assertEqual(len(server.messages), 1)
            # The user's account of the same name hides it.
            self.configure('account default\nhost 127.0.0.1\nport 1\n')
            done = subprocess.run(arguments, input=b'x\n', timeout=60,
                                  env=self.surroundings(),
                                  capture_output=True)
            self.assertNotEqual(done.returncode, OK)


@unittest.skipUnless(os.geteuid() == 0 and shutil.which('unshare'),
                     'only root can give himself another /etc/hosts')
class Names(Files):
    def test_this_machine_stays_this_machine(self):
        """Where no TLS was needed at first, nobody else comes later."""
        hosts = pathlib.Path(self.file(b'127.0.0.1 here.example\n',
                                       name='hosts'))
        rows = self.file(b'email\nada@example.org\n', name='rows')

        def move(line):
            hosts.write_text('127.0.0.2 here.example\n')
            return EHLO + b'250 HELP'

        with Scripted(EHLO=move) as server:
            done = subprocess.run(
                ['unshare', '-m', 'sh', '-c',
                 f'mount --bind {hosts} /etc/hosts && exec "$@"', 'sh',
                 os.environ['DUVA'], 'send', '--server',
                 f'here.example:{server.port}', '--merge', rows, '--from',
                 'a@b.example', '--to', '{{email}}', '--text', 'x',
                 '--timeout', '20'], env=self.surroundings(), timeout=60,
                capture_output=True)
            if b'mount' in done.stderr:
                self.skipTest('no mounts here')
            self.assertEqual(done.returncode, OK, done.stderr)
            self.assertEqual(len(server.messages), 1)


class Secrets(Files):
    def account(self, server, more):
        return (f'account default\nhost 127.0.0.1\nport {server.port}\n'
                f'auth on\nuser ada\n{more}')

    def login(self, server):
        word = base64.b64decode(server.command('AUTH').split()[2])
        return word.decode().split('\0')[1:]

    def test_password_in_the_file(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            self.configure(self.account(server, f'password {SECRET}\n'))
            done = self.send('--trace', *TEXT)
            self.assert_code(done, OK)
            self.assertEqual(self.login(server), ['ada', SECRET])
            self.assertNotIn(SECRET.encode(), done.raw)

    def test_password_in_a_file_for_all(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            for mode in 0o640, 0o604, 0o620:
                self.configure(self.account(server, f'password {SECRET}\n'),
                               mode)
                done = self.send(*TEXT)
                self.assert_silent(server, done, CONFIG, 'it holds a password',
                                   'chmod 600')
                self.assertNotIn(SECRET.encode(), done.raw)
            # One without may be read by all.
            self.configure(self.account(server,
                                        f'passwordeval echo {SECRET}\n'),
                           0o644)
            self.assert_code(self.send(*TEXT), OK)
            self.assertEqual(self.login(server), ['ada', SECRET])

    def test_options_win(self):
        file = self.file(b'other\n', name='secret')
        with Scripted(EHLO=offering('PLAIN', 'LOGIN')) as server:
            self.configure(self.account(server, f'password {SECRET}\n'))
            self.assert_code(self.send('--user', 'bob', '--password-file',
                                       file, *TEXT), OK)
            self.assertEqual(self.login(server), ['bob', 'other'])

    def test_token(self):
        for more in 'password tok\n', 'passwordeval echo tok\n':
            with Scripted(EHLO=offering('XOAUTH2')) as server:
                self.configure(self.account(server, f'auth xoauth2\n{more}'))
                self.assert_code(self.send(*TEXT), OK)
                self.assertIn(b'auth=Bearer tok', base64.b64decode(
                    server.command('AUTH').split()[2]))

    def test_auth_off(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            self.configure(self.account(server, 'auth off\n'))
            self.assert_code(self.send(*TEXT), OK)
            self.assertFalse(any('AUTH' in line for line in server.lines))

    def test_method(self):
        with Scripted(EHLO=offering('PLAIN', 'LOGIN')) as server:
            self.configure(self.account(server,
                                        'auth cram-md5\npassword x\n'))
            self.assert_code(self.send(*TEXT), AUTH, 'CRAM-MD5')

    def test_long_password(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            self.configure(self.account(server, f'password {"x" * 1024}\n'))
            self.assert_silent(server, self.send(*TEXT), CONFIG,
                               'the line is too long')


class Tls(Files):
    @classmethod
    def setUpClass(cls):
        cls.authority = cls.enterClassContext(Authority())
        cls.good = cls.authority.certificate('DNS:localhost')

    def account(self, server, *lines, host='localhost'):
        self.configure('\n'.join(['account default', f'host {host}',
                                  f'port {server.port}', *lines, '']))

    def trust(self):
        return f'tls_trust_file {self.authority.file}'

    def test_trust(self):
        with Wiretap(self.good) as server:
            self.account(server, 'tls on', self.trust())
            self.assert_code(self.send(*TEXT), OK)
            self.assertNotIn(b'MAIL', server.clear)
            self.account(server, 'tls on', 'tls_trust_file system')
            self.assertNotEqual(self.send(*TEXT).code, OK)
            self.account(server, 'tls on', 'tls_certcheck off')
            self.assert_code(self.send(*TEXT), OK)
            self.assertNotIn(b'MAIL', server.clear)
            self.account(server, 'tls off', 'tls_trust_file /nonexistent')
            self.assert_code(self.send(*TEXT), OK)
            self.assertIn(b'MAIL', server.clear)

    def test_starttls_off(self):
        with Wiretap(self.good, implicit=True) as server:
            self.account(server, 'tls on', 'tls_starttls off', self.trust())
            self.assert_code(self.send(*TEXT), OK)

    def test_host_override(self):
        with Wiretap(self.good) as server:
            self.account(server, 'tls on', self.trust(), host='127.0.0.1')
            self.assertNotEqual(self.send(*TEXT).code, OK)
            self.account(server, 'tls on', self.trust(),
                         'tls_host_override localhost', host='127.0.0.1')
            self.assert_code(self.send(*TEXT), OK)

    def fingerprint(self):
        text = pathlib.Path(self.good).read_text()
        pem = re.search('-----BEGIN CERT.*?END CERTIFICATE-----', text, re.S)
        der = ssl.PEM_cert_to_DER_cert(pem[0])
        return hashlib.sha256(der).hexdigest().upper()

    def test_fingerprint(self):
        digits = self.fingerprint()
        words = ':'.join(digits[i:i + 2] for i in range(0, 64, 2))
        login = 'auth plain', 'user ada', f'password {SECRET}'
        with Wiretap(self.good) as server:
            self.account(server, 'tls on', f'tls_fingerprint {words}', *login)
            self.assert_code(self.send(*TEXT), OK)
            self.assertIn(b'AUTH PLAIN', server.secret)
        with Wiretap(self.good) as server:
            other = words[:-1] + ('0' if words[-1] != '0' else '1')
            self.account(server, 'tls on', f'tls_fingerprint {other}', *login)
            done = self.send(*TEXT)
            self.assertNotEqual(done.code, OK)
            self.assertIn('no secure connection', done.err)
            self.assertNotIn(b'AUTH PLAIN', server.secret)

    def merge(self):
        rows = self.file(b'email\na@x.example\nb@x.example\nc@x.example\n',
                         name='rows.csv')
        for kind in '.journal', '.results.csv':
            pathlib.Path(rows + kind).unlink(missing_ok=True)
        return self.send('--merge', rows, '--from', 'a@b.example', '--to',
                         '{{email}}', '--subject', 's', '--connections', '1')

    def test_merge(self):
        """What holds for a mail holds for each connection of a merge."""
        digits = self.fingerprint()
        login = 'auth plain', 'user ada', f'password {SECRET}'
        with Wiretap(self.good) as server:
            self.account(server, 'tls on', self.trust(),
                         'tls_host_override localhost', host='127.0.0.1')
            self.assert_code(self.merge(), OK, '3 accepted')
            self.account(server, 'tls on', f'tls_fingerprint {digits}', *login)
            self.assert_code(self.merge(), OK, '3 accepted')
            self.assertEqual(server.connections, 4)
            self.assertEqual(server.secret.count(b'AUTH PLAIN'), 2)

    def test_merge_that_meets_somebody_else(self):
        """He has a good certificate, but not the one that the account names;
        or he has none."""
        other = self.authority.certificate('DNS:localhost')
        login = 'auth plain', 'user ada', f'password {SECRET}'
        for change in lambda tap: tap.show(other), Wiretap.strip:
            with Wiretap(self.good) as server:
                self.account(server, 'tls on',
                             f'tls_fingerprint {self.fingerprint()}', *login)
                server.at_end = change
                done = self.merge()
                self.assertNotEqual(done.code, OK)
                self.assertIn('3 not sent', done.err)
                self.assertEqual(server.messages, [])
                self.assertEqual(server.secret.count(b'AUTH PLAIN'), 1)
                self.assertNotIn(b'AUTH', server.clear)

    def test_fingerprint_when_sessions_are_resumed(self):
        rows = self.file(b'email\nada@example.org\nbob@example.org\n',
                         name='rows')
        with Wiretap(self.good, cut='end') as server:
            self.account(server, 'tls on',
                         f'tls_fingerprint {self.fingerprint()}')
            self.assert_code(self.send(
                '--merge', rows, '--connections', '1', '--from', 'a@b.example',
                '--to', '{{email}}', '--text', 'x'), OK)
            self.assertEqual(server.connections, 3)

    def test_client_certificate(self):
        ours = self.authority.certificate('DNS:pump.example')
        with Wiretap(self.good) as server:
            self.account(server, 'tls on', self.trust(),
                         f'tls_cert_file {ours}', f'tls_key_file {ours}')
            self.assert_code(self.send(*TEXT), OK)


if __name__ == '__main__':
    unittest.main()
