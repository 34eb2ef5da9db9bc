"""test_cli_account - duva account: accounts made, shown and tested.

SPDX-License-Identifier: MIT
"""
import base64
import os
import resource
import signal
import unittest

from command import AUTH, CANTCREAT, CONFIG, OK, SECRET, USAGE, run
from names import Names
from scripted import Scripted, offering
from sendmail import SendmailCase
from terminal import Terminal

ADDRESS = 'ada@example.org'


def answer_first(terminal, name=''):
    """All questions but the last: a server that wants no password."""
    terminal.answer('smtp://HOST:587: ', 'mail.example.org')
    terminal.answer('User name', '-')
    terminal.answer('for the field From: ', '')
    terminal.answer('[example]: ', name)


class AccountCase(SendmailCase):
    def account(self, *arguments, **more):
        return run('account', *arguments, env=self.surroundings(**more))

    def terminal(self, *arguments, **more):
        return Terminal(os.environ['DUVA'], 'account', *arguments,
                        env=self.surroundings(**more))

    @property
    def path(self):
        return self.folder / '.config/duva/config'

    def finish(self, terminal, code=OK):
        self.assertEqual(terminal.end(), code, terminal.seen)


class Add(AccountCase):
    def test_all_questions(self):
        with Scripted(EHLO=offering('PLAIN')) as server, \
                self.terminal('add', '--no-lookup') as t:
            t.answer('Your mail address: ', 'not an address')
            t.answer('Not a valid address', '')
            t.answer('Your mail address: ', ADDRESS)
            t.answer('smtp://HOST:587: ', 'http://x')
            t.answer('Not a valid server', '')
            t.answer('smtp://HOST:587: ', server.url)
            t.answer(f'User name, - for none [{ADDRESS}]: ', '')
            t.answer('for the field From: ', 'Ada "L"')
            t.answer('Name of the account [example]: ', 'two words')
            t.answer('It must be one word', '')
            t.answer('file or ask [command]: ', 'file')
            t.answer('Password: ', SECRET)
            t.answer('Write it to ', '')
            t.answer('Log in now', 'n')
            self.finish(t)
            self.assertNotIn(SECRET, t.seen)
            self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)
            self.assertEqual(self.path.parent.stat().st_mode & 0o777, 0o700)
            text = self.path.read_text()
            self.assertIn('account example\nhost 127.0.0.1\n', text)
            self.assertIn('account default : example\n', text)
            # The server has no TLS, and the account says that it must.
            self.path.write_text(text.replace('tls on', 'tls off'))
            done = run('send', '--to', 'b@example.org', '--subject', 'x',
                       env=self.surroundings())
            self.assert_code(done, OK)
            self.assertEqual(base64.b64decode(server.command('AUTH').split()[
                2]).decode(), f'\0{ADDRESS}\0{SECRET}')

    def test_second_account(self):
        with Scripted() as server:
            self.configure(server)
            before = self.path.read_text()
            with self.terminal('add', ADDRESS, '--no-lookup') as t:
                t.answer('smtp://HOST:587: ', 'smtps://mail.example.org')
                t.answer('User name', 'ada')
                t.answer('for the field From: ', '')
                t.answer('[example]: ', 'default')
                t.answer('An account of that name', 'two')
                t.answer('[command]: ', 'command')
                t.answer('Command that prints the password: ', 'pass show "mail/ada"')
                t.answer('Write it to ', 'y')
                t.answer('Log in now', 'n')
                self.finish(t)
            text = self.path.read_text()
            self.assertTrue(text.startswith(before))
            self.assertNotIn('account default', text[len(before):])
            self.assertEqual(text[len(before):], (
                '\naccount two\nhost mail.example.org\nport 465\ntls on\n'
                'tls_starttls off\nfrom "ada@example.org"\nauth on\n'
                'user "ada"\npasswordeval "pass show "mail/ada""\n'))

    def test_account_named_default(self):
        with self.terminal('add', ADDRESS, '--no-lookup') as t:
            answer_first(t, name='default')
            t.answer('Write it to ', '')
            t.answer('Log in now', 'n')
            self.finish(t)
        self.assert_code(self.account('list'), OK)

    def test_disk_is_full(self):
        with Scripted() as server:
            self.configure(server)
            before = self.path.read_bytes()
            limit = len(before) + 20
            with Terminal(os.environ['DUVA'], 'account', 'add', ADDRESS,
                          '--no-lookup', env=self.surroundings(),
                          preexec_fn=lambda: resource.setrlimit(
                              resource.RLIMIT_FSIZE, (limit, limit))) as t:
                answer_first(t)
                t.answer('Write it to ', '')
                self.finish(t, CANTCREAT)
            self.assertEqual(self.path.read_bytes(), before)

    def test_nothing_is_written(self):
        with self.terminal('add', ADDRESS, '--no-lookup') as t:
            answer_first(t)
            t.answer('Write it to ', 'n')
            t.wait_for('no account was written')
            self.finish(t, USAGE)
        self.assertFalse(self.path.exists())
        with self.terminal('add') as t:
            t.answer('Your mail address: ', '\4')
            self.finish(t, USAGE)
        self.assertFalse(self.path.exists())

    def test_password_beside_a_file_for_all(self):
        with Scripted() as server:
            self.configure(server)
            self.path.chmod(0o644)
            before = self.path.read_text()
            with self.terminal('add', ADDRESS, '--no-lookup') as t:
                t.answer('smtp://HOST:587: ', 'mail.example.org')
                t.answer('User name', '')
                t.answer('for the field From: ', '')
                t.answer('[example]: ', '')
                t.answer('[command]: ', 'file')
                t.answer('Password: ', SECRET)
                t.answer('Write it to ', '')
                t.wait_for("run 'chmod 600'")
                self.finish(t, 73)
            self.assertEqual(self.path.read_text(), before)

    def test_interrupted_at_the_password(self):
        with self.terminal('add', ADDRESS, '--no-lookup') as t:
            t.answer('smtp://HOST:587: ', 'mail.example.org')
            t.answer('User name', '')
            t.answer('for the field From: ', '')
            t.answer('[example]: ', '')
            t.answer('[command]: ', 'file')
            t.wait_for('Password: ')
            t.process.send_signal(signal.SIGINT)
            self.finish(t, -signal.SIGINT)
        self.assertFalse(self.path.exists())

    def test_login_at_the_end(self):
        with Scripted() as server, \
                self.terminal('add', ADDRESS, '--no-lookup') as t:
            t.answer('smtp://HOST:587: ', server.url)
            t.answer('User name', '-')
            t.answer('for the field From: ', '')
            t.answer('[example]: ', '')
            t.answer('Write it to ', '')
            t.answer('Log in now', 'y')
            t.wait_for('127.0.0.1')
            self.assertNotEqual(t.end(), OK)    # there is no TLS

    def test_no_terminal(self):
        self.assert_code(self.account('add'), USAGE, 'not a terminal')


class Lookup(AccountCase):
    def walk(self, t, proposal):
        t.answer(f'smtp://HOST:587 [{proposal}]: ', '')
        t.answer('User name', '-')
        t.answer('for the field From: ', '')
        t.answer('Name of the account', '')
        t.answer('Write it to ', '')
        t.answer('Log in now', 'n')
        self.finish(t)
        return self.path.read_text()

    def test_presets(self):
        with self.terminal('add', 'ada@gmail.com') as t:
            t.wait_for('Gmail sends mail through smtps://smtp.gmail.com:465')
            t.wait_for('app password')
            text = self.walk(t, 'smtps://smtp.gmail.com:465')
        self.assertIn('host smtp.gmail.com\nport 465\ntls on\n'
                      'tls_starttls off\n', text)

    def test_srv(self):
        with Names({'_submissions._tcp.example.org':
                    [(20, 0, 465, 'far.example.org'),
                     (10, 1, 4651, 'light.example.org'),
                     (10, 9, 4650, 'mail.example.org')]}) as names, \
                self.terminal('add', ADDRESS, '--nameserver',
                              names.address) as t:
            self.walk(t, 'smtps://mail.example.org:4650')
            self.assertEqual(names.asked, ['_submissions._tcp.example.org'])

    def test_srv_without_implicit_tls(self):
        with Names({'_submissions._tcp.example.org': [(0, 0, 0, '.')],
                    '_submission._tcp.example.org':
                    [(0, 0, 587, 'example.org')]}) as names, \
                self.terminal('add', ADDRESS, '--nameserver',
                              names.address) as t:
            text = self.walk(t, 'smtp://example.org:587')
            self.assertIn('tls on\ntls_starttls on\n', text)

    def test_srv_of_another_domain(self):
        records = {'_submissions._tcp.example.org':
                   [(0, 0, 465, 'mail.badexample.org')]}
        with Names(records) as names, \
                self.terminal('add', ADDRESS, '--nameserver',
                              names.address) as t:
            t.wait_for('a server of another domain: mail.badexample.org')
            t.answer('[y/N]: ', '')
            t.answer('smtp://HOST:587: ', 'mail.example.org')
            t.wait_for('User name')
        with Names(records) as names, \
                self.terminal('add', ADDRESS, '--nameserver',
                              names.address) as t:
            t.answer('[y/N]: ', 'y')
            self.walk(t, 'smtps://mail.badexample.org:465')

    def test_no_srv(self):
        with Names({}) as names, \
                self.terminal('add', ADDRESS, '--nameserver',
                              names.address) as t:
            t.wait_for('smtp://HOST:587: ')
            self.assertEqual(names.asked, ['_submissions._tcp.example.org',
                                           '_submission._tcp.example.org'])


class ListAndTest(AccountCase):
    def test_list(self):
        with Scripted() as server:
            self.configure(server, 'tls off', 'from a@b.example', 'auth on',
                           'user ada', f'password {SECRET}',
                           'account two', 'host mail.example.org',
                           'tls_starttls off', 'from \x1b[31m@x')
            done = self.account('list')
            self.assert_code(done, OK)
            self.assertNotIn(SECRET, done.out)
            self.assertNotIn('\x1b', done.out)
            for words in ('default\n', f'smtp://127.0.0.1:{server.port}, no '
                          'TLS', 'a@b.example', 'ada; the password is in the',
                          'smtps://mail.example.org:465', 'no login',
                          str(self.path)):
                self.assertIn(words, done.out)
        self.path.unlink()
        self.assert_code(self.account('list'), OK, 'there is no account in')
        self.path.write_text('frob\n')
        self.assert_code(self.account('list'), CONFIG, 'unknown command')

    def test_test(self):
        with Scripted(EHLO=offering('PLAIN')) as server:
            self.configure(server, 'auth on', 'user ada',
                           f'passwordeval echo {SECRET}')
            done = self.account('test')
            self.assert_code(done, OK, 'logged in with PLAIN')
            self.assertNotIn('MAIL', ' '.join(server.lines))
            self.assert_code(self.account('test', 'default'), OK)
        with Scripted(EHLO=offering('PLAIN'), AUTH=b'535 5.7.8 No') as server:
            self.configure(server, 'auth on', 'user ada', 'from a@gmail.com',
                           f'passwordeval echo {SECRET}')
            done = self.account('test')
            self.assert_code(done, AUTH, '5.7.8', 'Gmail: use an app password')
        self.assert_code(self.account('test'), 75, 'no connection')
        self.assert_code(self.account('test', 'nobody'), USAGE,
                         "no account 'nobody'")

    def test_mistakes(self):
        for arguments, words in {(): 'must be add, list or test',
                                 ('x',): 'must be add, list or test',
                                 ('list', 'a', 'b'): "'b': there is one too many",
                                 ('--frob',): 'unknown option'}.items():
            self.assert_code(self.account(*arguments), USAGE, words)
        self.assertIn('usage: duva account', self.account('--help').out)


if __name__ == '__main__':
    unittest.main()
