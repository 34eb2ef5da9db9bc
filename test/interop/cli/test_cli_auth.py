"""test_cli_auth - the command duva: passwords, and where they must not appear.

SPDX-License-Identifier: MIT
"""
import base64
import os
import pathlib
import pty
import select
import signal
import subprocess
import sys
import termios
import time
import unittest

import servers
from command import (AUTH, CONFIG, ENVELOPE, LATER, NOINPUT, OK, REFUSED,
                     SECRET, TEXT, TestCase, end, in_memory, run, start)
from scripted import EHLO, SILENCE, Scripted, offering


class Authentication(TestCase):
    def login(self, server, *arguments, **options):
        return self.send(server, *TEXT, '--user', 'ada', '--trace', '--json',
                         *arguments, **options)

    def assert_secret(self, done, secret=SECRET):
        """No trace of it, in whatever clothes."""
        plain = secret.encode()
        for form in (plain, base64.b64encode(plain),
                     base64.b64encode(b'\0ada\0' + plain),
                     base64.b64encode(b'ada')):
            self.assertNotIn(form, done.raw)

    def test_plain(self):
        file = self.file(SECRET.encode() + b'\nand more\n')
        for offer in (['PLAIN'], ['LOGIN', 'PLAIN', 'CRAM-MD5']):
            with Scripted(EHLO=offering(*offer)) as server:
                done = self.login(server, '--password-file', file)
                self.assert_code(done, OK, 'C: AUTH PLAIN ***')
                self.assert_secret(done)
                self.assertEqual(server.command('AUTH'), 'AUTH PLAIN ' +
                                 base64.b64encode(f'\0ada\0{SECRET}'.encode())
                                 .decode())

    def test_login(self):
        file = self.file(SECRET.encode() + b'\r\n')
        with Scripted(EHLO=offering('LOGIN', 'CRAM-MD5'), AUTH=[
                b'334 VXNlcm5hbWU6', b'334 UGFzc3dvcmQ6',
                b'235 Welcome']) as server:
            done = self.login(server, '--password-file', file)
            self.assert_code(done, OK, 'C: AUTH LOGIN', 'C: ***')
            self.assert_secret(done)
            self.assertEqual(server.lines[1:4], [
                'AUTH LOGIN', base64.b64encode(b'ada').decode(),
                base64.b64encode(SECRET.encode()).decode()])

    def test_refused(self):
        file = self.file(SECRET.encode())
        for answer, code in {b'535 5.7.8 Wrong': AUTH,
                             b'454 4.7.0 Later': LATER}.items():
            with Scripted(EHLO=offering('PLAIN'), AUTH=answer) as server:
                done = self.login(server, '--password-file', file)
                self.assert_code(done, code, 'authentication',
                                 answer.decode())
                self.assert_secret(done)
                self.assertNotIn(b'MAIL', server.heard)
                self.assertEqual(done.json['stage'], 'auth')
                self.assertEqual(done.json['recipients'][0]['verdict'],
                                 done.json['verdict'])

    def test_not_offered(self):
        """Never silently without."""
        file = self.file(SECRET.encode())
        for offer in (EHLO + b'250 HELP', offering('GSSAPI', 'XPLAIN')):
            with Scripted(EHLO=offer) as server:
                done = self.login(server, '--password-file', file)
                self.assert_code(done, AUTH, 'no authentication mechanism in common')
                self.assert_secret(done)
                self.assertNotIn(b'MAIL', server.heard)
                self.assertNotIn(b'AUTH', server.heard)

    def test_offered_but_not_asked_for(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            self.assert_code(self.send(server), OK)
            self.assertNotIn(b'AUTH', server.heard)

    def test_rights_of_the_file(self):
        for mode in (0o640, 0o604, 0o620, 0o644, 0o601):
            file = self.file(SECRET.encode(), mode)
            with Scripted(EHLO=offering('PLAIN')) as server:
                done = self.login(server, '--password-file', file)
                self.assert_silent(server, done, CONFIG, file, 'chmod 600')
                self.assert_secret(done)
        with Scripted(EHLO=offering('PLAIN')) as server:
            file = self.file(SECRET.encode(), 0o400, 'other')
            self.assert_code(self.login(server, '--password-file', file), OK)

    def test_files_without_a_password(self):
        for content, words in {b'': 'empty', b'\n' + SECRET.encode(): 'empty',
                               b'a\0b\n': 'NUL', b'x' * 1024: 'too long',
                               b'x' * 5000: 'too long'}.items():
            with Scripted(EHLO=offering('PLAIN')) as server:
                done = self.login(server, '--password-file',
                                  self.file(content))
                self.assert_silent(server, done, CONFIG, words)
                self.assert_secret(done)
        with Scripted(EHLO=offering('PLAIN')) as server:
            done = self.login(server, '--password-file',
                              str(self.folder / 'none'))
            self.assert_silent(server, done, NOINPUT, 'No such file')

    def test_longest_password(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            done = self.login(server, '--password-file',
                              self.file(b'x' * 1000 + b'\n'),
                              text=b'hello\n')
            # RFC 4954: no initial response where the line would be too long.
            self.assertIn('AUTH PLAIN', server.lines)
            self.assert_secret(done, 'x' * 1000)

    def test_password_through_a_pipe(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            done = self.login(server, '--password-file', '-', '--body',
                              self.file(b'text'), text=SECRET.encode())
            self.assert_code(done, OK)
        reader, writer = os.pipe()
        os.write(writer, SECRET.encode() + b'\n')
        os.close(writer)
        with Scripted(EHLO=offering('PLAIN')) as server:
            done = self.login(server, '--password-file', f'/dev/fd/{reader}',
                              pass_fds=[reader])
            os.close(reader)
            self.assert_code(done, OK)
            self.assertIn(base64.b64encode(f'\0ada\0{SECRET}'.encode()),
                          server.heard)

    def test_command(self):
        """It may say more than a line, and more than a pipe holds."""
        file = self.file(SECRET.encode() + b'\n' + b'more\n' * 40000, 0o644)
        with Scripted(EHLO=offering('PLAIN')) as server:
            done = self.login(server, '--password-command', f"cat '{file}'")
            self.assert_code(done, OK)
            self.assert_secret(done)
            self.assertIn(base64.b64encode(f'\0ada\0{SECRET}'.encode()),
                          server.heard)

    def test_commands_that_fail(self):
        for command, words in {
            f"echo '{SECRET}'; exit 3": 'the command failed',
            f"echo '{SECRET}'; kill $$": 'the command failed',
            '/nonexistent/program': 'the command was not found',
            'true': 'empty',
        }.items():
            with Scripted(EHLO=offering('PLAIN')) as server:
                done = self.login(server, '--password-command',
                                  command + ' 2>/dev/null')
                self.assert_silent(server, done, CONFIG, words)
                self.assert_secret(done)

    def test_password_is_nowhere_to_be_seen(self):
        """Not in the command line, not in the environment of a command."""
        with Scripted(EHLO=offering('PLAIN'), AUTH=SILENCE) as server:
            process = start('send', '--server', server.url, *TEXT, '--user',
                            'ada', '--password-command',
                            f"env > '{self.folder}/env'; cat '" +
                            self.file(SECRET.encode()) + "'")
            process.stdin.close()
            process.stdin = None
            self.assertTrue(server.reached['AUTH'].wait(10))
            process_files = pathlib.Path(f'/proc/{process.pid}')
            seen = (self.folder / 'env').read_bytes()
            for name in 'cmdline', 'environ':
                try:
                    seen += (process_files / name).read_bytes()
                except PermissionError:
                    pass            # nobody but root sees it: better still
            process.terminate()
            end(process, None)
            self.assertNotIn(SECRET.encode(), seen)

    def test_password_is_wiped(self):
        file = self.file(SECRET.encode() + b'\n')
        for mechanism, answers in {
            'PLAIN': [b'235 Welcome'],
            'LOGIN': [b'334 VXNlcm5hbWU6', b'334 UGFzc3dvcmQ6', b'235 Ok'],
        }.items():
            for option in (['--password-file', file],
                           ['--password-command', f"cat '{file}'"]):
                for verb in 'AUTH', 'MAIL':
                    with self.subTest(mechanism, option=option, verb=verb):
                        self.check_wiped(verb, option, EHLO=offering(
                            mechanism), **{'AUTH': list(answers), verb:
                                           SILENCE})

    def check_wiped(self, verb, option, **answers):
        with Scripted(**answers) as server:
            process = start('send', '--server', server.url, *ENVELOPE, '--raw',
                            self.file(b'A: b\n\n', name='raw'), '--user', 'ada',
                            *option)
            try:
                self.assertTrue(server.reached[verb].wait(10))
                # The server may have heard of it before we have gone on.
                end_of_wait = time.monotonic() + 5
                wanted, secret = verb == 'AUTH', SECRET.encode()
                while (in_memory(process, secret) != wanted
                       and time.monotonic() < end_of_wait):
                    time.sleep(0.05)
                self.assertEqual(in_memory(process, secret), wanted)
            except PermissionError:
                self.skipTest('only root may look into it: better still')
            finally:
                process.terminate()
                end(process, None)

    def test_no_terminal(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            self.assert_silent(server, self.login(server), CONFIG,
                               '--password-file')

    def prompt(self, server):
        """Starts the command on a terminal and waits until it asks."""
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        self.addCleanup(os.close, slave)
        process = start('send', '--server', server.url, *TEXT, '--user', 'ada',
                        '--body', self.file(b'text'), '--trace', stdin=slave)
        seen = b''
        while b'Password of ada: ' not in seen:
            self.assertTrue(select.select([process.stderr], [], [], 10)[0])
            seen += os.read(process.stderr.fileno(), 100)
        deadline = time.monotonic() + 10
        while self.echoes(slave) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(self.echoes(slave))
        return process, master, slave

    @staticmethod
    def echoes(terminal):
        return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)

    def test_terminal(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            process, master, slave = self.prompt(server)
            os.write(master, SECRET.encode() + b'\n')
            done = end(process, None)
            self.assert_code(done, OK)
            self.assert_secret(done)
            self.assertTrue(self.echoes(slave))
            self.assertIn(base64.b64encode(f'\0ada\0{SECRET}'.encode()),
                          server.heard)
            shown = os.read(master, 1000) if select.select(
                [master], [], [], 0)[0] else b''
            self.assertNotIn(SECRET.encode(), shown)

    def test_signal_at_the_prompt(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            process, _, slave = self.prompt(server)
            process.send_signal(signal.SIGINT)
            self.assertEqual(end(process, None).code, -signal.SIGINT)
            self.assertTrue(self.echoes(slave))
            self.assertEqual(server.connections, 0)


class ClearPassword(TestCase):
    """Run again by test_far_server where 192.0.2.1 is an address of ours."""

    def test_far_server(self):
        if os.environ.get('DUVA_TEST_FAR'):
            self.check_far_server()
            return
        space = ['unshare', '--user', '--map-root-user', '--net']
        try:
            possible = subprocess.run([*space, 'ip', 'link'],
                                      capture_output=True).returncode == 0
        except FileNotFoundError:
            possible = False
        if not possible:
            self.skipTest('this machine has no network namespaces for us')
        inner = subprocess.run(
            [*space, 'sh', '-c', 'ip link set lo up && '
             'ip address add 192.0.2.1/32 dev lo && exec "$@"', 'sh',
             sys.executable, '-B', __file__, 'ClearPassword.test_far_server'],
            env={**os.environ, 'DUVA_TEST_FAR': '1'}, capture_output=True,
            text=True, timeout=60)
        self.assertEqual(inner.returncode, 0, inner.stdout + inner.stderr)

    def check_far_server(self):
        arguments = [*TEXT, '--user', 'ada', '--password-file',
                     self.file(SECRET.encode())]
        with Scripted('192.0.2.1', EHLO=offering('PLAIN', 'LOGIN')) as server:
            done = self.send(server, *arguments)
            self.assert_code(done, LATER, 'STARTTLS is required but not advertised',
                             '--tls never')
            server.finish()
            self.assertNotIn(b'AUTH', server.heard)
            self.assertNotIn(b'MAIL', server.heard)
        with Scripted('192.0.2.1', EHLO=offering('PLAIN', 'LOGIN')) as server:
            done = self.send(server, *arguments, '--tls', 'never')
            self.assert_code(done, AUTH, 'no verified TLS',
                             '--allow-clear-password')
            server.finish()
            self.assertNotIn(b'AUTH', server.heard)
            self.assertNotIn(b'MAIL', server.heard)
        with Scripted('192.0.2.1', EHLO=offering('PLAIN', 'LOGIN')) as server:
            done = self.send(server, *arguments, '--tls', 'never',
                             '--allow-clear-password')
            self.assert_code(done, OK)
            self.assertIn(b'AUTH PLAIN', server.heard)


class Aiosmtpd(TestCase):
    """A server that is not ours."""

    def test_login_and_recipients(self):
        file = self.file(SECRET.encode())
        with servers.Aiosmtpd('ada', SECRET) as server:
            to = ['--server', f'127.0.0.1:{server.port}']
            arguments = [*to, *TEXT, 'refuse@example.org', '--json']
            done = run('send', *arguments, '--user', 'ada', '--password-file',
                       file, text='Blåst\n.\n'.encode())
            self.assert_code(done, REFUSED, 'refuse@example.org rejected: '
                                            '550 5.1.1 No such mailbox')
            delivery, = server.take(1)
            self.assertEqual(delivery.recipients, ['ada@example.org'])
            self.assertEqual(delivery.login, 'ada')
            self.assertTrue(delivery.message.endswith(
                'Blåst\r\n.\r\n'.encode()))
            self.assertEqual(done.json['bytes'], len(delivery.message))
            done = run('send', *to, *TEXT)
            self.assert_code(done, REFUSED, '530')
            done = run('send', *to, *TEXT, '--user', 'eve', '--password-file',
                       file)
            self.assert_code(done, AUTH, 'authentication rejected')
            server.take(0)


if __name__ == '__main__':
    unittest.main()
