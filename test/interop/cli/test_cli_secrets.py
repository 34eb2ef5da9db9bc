#!/usr/bin/python3
"""test_cli_secrets - secrets from every source, and where they must not be.

SPDX-License-Identifier: MIT

Run by CTest, which says where the program is: ctest -R cli_secrets
"""
import base64
import os
import pathlib
import pty
import select
import shlex
import signal
import termios
import time
import unittest

from authority import Authority
from command import (ENVELOPE, SECRET, TEXT, TestCase, end, environment,
                     in_memory, run, start)
from common import main
from scripted import SILENCE, Scripted, offering

FIRST_LINE = 'duva oauth 1\n'
RSA = ('rsa', '-pkeyopt', 'rsa_keygen_bits:2048')
TOKEN = 'ya29.correct-horse-battery-staple'
FORMS = [form for secret in (SECRET.encode(), TOKEN.encode())
         for form in (secret, *(base64.b64encode(b'x' * shift + secret)[4:-4]
                                for shift in range(3)))]


class Secrets(TestCase):
    """The server has had the secret and says nothing; then it hangs up."""

    def look(self, *options, mechanism='PLAIN', account=None):
        picture = self.folder / 'picture.svg'
        env = environment(HOME=str(self.folder))
        answers = {'EHLO': offering(mechanism), 'AUTH': SILENCE}
        if mechanism == 'LOGIN':
            answers['AUTH'] = [b'334 VXNlcm5hbWU6', b'334 UGFzc3dvcmQ6',
                               SILENCE]
        with Scripted(**answers) as server:
            where = ['--server', server.url, '--user', 'ada']
            if account:
                where = ['--config', self.file(account.format(
                    port=server.port).encode(), name='config')]
            process = start('send', *where, *TEXT, *options, '--trace',
                            '--json', '--timeline', str(picture), env=env)
            process.stdin.close()
            process.stdin = None
            try:
                self.wait_for_secret(server)
                self.look_at_process(process.pid)
            finally:
                process.terminate()
                done = end(process, None)
        for seen in done.raw, picture.read_bytes():
            self.assert_none_in(seen)

    def wait_for_secret(self, server):
        end_of_wait = time.monotonic() + 20
        while not any(form in bytes(server.heard) for form in FORMS):
            self.assertLess(time.monotonic(), end_of_wait, server.heard)
            time.sleep(0.02)

    def look_at_process(self, pid):
        folder = pathlib.Path(f'/proc/{pid}')
        for name in 'cmdline', 'environ':
            try:
                self.assert_none_in((folder / name).read_bytes())
            except PermissionError:
                pass                # nobody but root sees it: better still
        self.assert_no_core(folder)

    def assert_no_core(self, folder):
        limits = (folder / 'limits').read_text()
        self.assertRegex(limits, r'Max core file size +0 +0 ')

    def assert_none_in(self, seen):
        for form in FORMS:
            self.assertNotIn(form, seen)

    def test_password_file(self):
        for mechanism in 'PLAIN', 'LOGIN':
            with self.subTest(mechanism):
                self.look('--password-file', self.file(SECRET.encode()),
                          mechanism=mechanism)

    def test_password_command(self):
        self.look('--password-command',
                  f'cat {self.file(SECRET.encode())}')

    def test_token_file(self):
        for mechanism in 'XOAUTH2', 'OAUTHBEARER':
            with self.subTest(mechanism):
                self.look('--token-file', self.file(TOKEN.encode()),
                          mechanism=mechanism)

    def test_token_command(self):
        self.look('--token-command', f'cat {self.file(TOKEN.encode())}',
                  mechanism='XOAUTH2')

    def test_netrc(self):
        self.file(f'machine 127.0.0.1 login ada password "{SECRET}"'.encode(),
                  name='.netrc')
        self.look()

    def test_account(self):
        about = ('account default\nhost 127.0.0.1\nport {port}\ntls off\n'
                 'from a@b.example\nauth plain\nuser ada\n')
        self.look(account=about + f'password "{SECRET}"\n')
        secret = self.file(SECRET.encode(), name='secret')
        self.look(account=about + f'passwordeval cat {secret}\n')
        self.file(f'password "{SECRET}"'.encode(), name='secret')
        self.look(account=about + f'eval cat {secret}\n')

    def test_other_accounts(self):
        """What is not used, or something goes before, is not kept."""
        other = 'plover, xyzzy'
        about = ('host 127.0.0.1\nport {port}\nfrom a@b.example\nauth plain\n'
                 'user ada\n')
        file = self.file(SECRET.encode(), name='secret')
        for settings, *options in (
                (f'account default\n{about}password "{SECRET}"\n# {other}\n'
                 f'account b : default\npassword "{other}"\n',),
                (f'defaults\npassword "{other}"\naccount default\n{about}'
                 f'password "{SECRET}"\n',),
                (f'account default\n{about}eval echo password {other}\n'
                 f'passwordeval cat {file}\n', '--password-file', file)):
            with self.subTest(settings), Scripted(
                    EHLO=offering('PLAIN'), MAIL=SILENCE) as server:
                config = self.file(settings.format(port=server.port).encode(),
                                   name='config')
                process = start('send', '--config', config, *TEXT, *options)
                try:
                    process.stdin.close()
                    process.stdin = None
                    self.assertTrue(server.reached['MAIL'].wait(20))
                    self.assertFalse(in_memory(process, other.encode()))
                except PermissionError:
                    self.skipTest('only root may look into it: better still')
                finally:
                    process.terminate()
                    end(process, None)

    def test_keys(self):
        """Those of TLS and DKIM are secrets, too."""
        with Authority() as authority:
            key = authority.certificate('', kind=RSA)
            key.chmod(0o600)
            secret = key.read_bytes().splitlines()[1]
            for scheme, *options in (
                    ('smtps', '--client-cert', key),
                    ('smtp', '--dkim-key', key, '--dkim-selector', 's')):
                with self.subTest(options[0]), \
                        Scripted(CONNECT=SILENCE) as server:
                    process = start('send', '--server',
                                    f'{scheme}://127.0.0.1:{server.port}',
                                    *TEXT, '--text', 'x', '--trace', *options)
                    try:
                        self.assertTrue(server.reached['CONNECT'].wait(20))
                        self.assert_no_core(
                            pathlib.Path(f'/proc/{process.pid}'))
                    finally:
                        process.terminate()
                        done = end(process)
                    self.assertNotIn(secret, done.raw)

    def test_journal(self):
        """It holds addresses, and is as private as they are."""
        rows = self.file(b'email\nada@example.org\n', name='rows')
        with Scripted() as server:
            run('send', '--server', server.url, '--merge', rows, '--from',
                'a@b.example', '--to', '{{email}}', '--text', 'x',
                preexec_fn=lambda: os.umask(0))
        journal = pathlib.Path(rows + '.journal')
        self.assertIn('ada@example.org', journal.read_text())
        self.assertEqual(journal.stat().st_mode & 0o777, 0o600)

    def test_long_mail_from_a_pipe(self):
        """Its copy has no name, and is for nobody else."""
        letter = b'Subject: x\n\n' + b'Water!\n' * 300000
        with Scripted(MAIL=SILENCE) as server:
            process = start('send', '--server', server.url, *ENVELOPE,
                            '--raw', '-', preexec_fn=lambda: os.umask(0))
            try:
                process.stdin.write(letter)
                process.stdin.close()
                process.stdin = None
                self.assertTrue(server.reached['MAIL'].wait(20))
                found = [fd.stat() for fd in
                         pathlib.Path(f'/proc/{process.pid}/fd').iterdir()
                         if fd.stat().st_size >= len(letter)]
            finally:
                process.terminate()
                end(process, None)
        self.assertEqual([(about.st_nlink, about.st_mode & 0o777)
                          for about in found], [(0, 0o600)])

    def write_login(self, *more):
        folder = self.folder / '.local/share/duva/oauth'
        folder.mkdir(mode=0o700, parents=True)
        for part in folder.parents:
            if part == self.folder:
                break
            part.chmod(0o700)
        login = folder / 'work'
        login.write_text('\n'.join([FIRST_LINE + 'flow browser',
                                    'client-id x', *more, '']))
        login.chmod(0o600)

    def test_login(self):
        self.write_login('token-url https://x.example/token',
                         f'access-token {TOKEN}', 'expires 4000000000')
        self.look('--oauth', 'work', mechanism='XOAUTH2')

    @unittest.skipUnless('DUVA_OAUTH' in os.environ, 'no duva-oauth')
    def test_renewal(self):
        """The program that renews a token, while it waits for a server."""
        env = environment(HOME=str(self.folder), XDG_DATA_HOME='')
        with Scripted(CONNECT=SILENCE) as server:
            self.write_login(f'token-url https://127.0.0.1:{server.port}/',
                             f'client-secret {SECRET}',
                             f'access-token {TOKEN}',
                             f'refresh-token {TOKEN}', 'expires 1000')
            self.assert_none_in(run('oauth', 'list', env=env).raw)
            process = start('oauth', 'token', 'work', env=env)
            try:
                self.assertTrue(server.reached['CONNECT'].wait(20))
                self.look_at_process(process.pid)
            finally:
                process.terminate()
                done = end(process)
            self.assert_none_in(done.raw)



class Stopped(TestCase):
    """Ctrl-Z at the question for a password, and fg, in a shell."""

    def wait_for(self, text):
        end_of_wait = time.monotonic() + 20
        while text not in self.seen[self.read:]:
            self.assertLess(time.monotonic(), end_of_wait, self.seen)
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.seen += os.read(self.terminal, 4096)
        self.read = self.seen.index(text, self.read) + len(text)

    def wait_for_echo(self, wanted):
        end_of_wait = time.monotonic() + 20
        while bool(termios.tcgetattr(self.terminal)[3]
                   & termios.ECHO) != wanted:
            self.assertLess(time.monotonic(), end_of_wait, self.seen)
            time.sleep(0.02)

    def in_shell(self, server, *shell):
        child, self.terminal = pty.fork()
        if child == 0:
            os.execvpe(shell[0], shell, environment(PS1='shell> '))
        self.seen, self.read = b'', 0
        try:
            self.wait_for(b'shell> ')
            os.write(self.terminal, shlex.join(
                [os.environ['DUVA'], 'send', '--server', server.url, *TEXT,
                 '--text', 'x', '--user', 'ada']).encode() + b'\n')
            for again in b'fg\n', b'fg\n', SECRET.encode() + b'\n':
                self.wait_for(b'Password of ada: ')
                self.wait_for_echo(False)
                if again == b'fg\n':
                    os.write(self.terminal, b'\x1a')
                    self.wait_for(b'shell> ')
                    if shell[0] == 'dash':  # bash has an echo of its own
                        self.wait_for_echo(True)
                os.write(self.terminal, again)
            self.wait_for(b'accepted by')
            self.wait_for(b'shell> ')
            self.assertNotIn(SECRET.encode(), self.seen)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(self.terminal)

    def test_shells(self):
        for shell in ('dash', '-i'), ('bash', '--norc', '-i'):
            with self.subTest(shell), Scripted(
                    EHLO=offering('PLAIN')) as server:
                self.in_shell(server, *shell)
                self.assertIn(base64.b64encode(f'\0ada\0{SECRET}'.encode()),
                              server.heard)


if __name__ == '__main__':
    main()
