"""test_cli_merge_servers - merges with TLS, a login, signatures and files.

SPDX-License-Identifier: MIT
"""
import random
import re

import dkim

from authority import Authority
from command import AUTH, OK, REFUSED
from common import main
from servers import Aiosmtpd
from signing import key_pair
from test_cli_merge import Merge, parsed, rows_of

USER, PASSWORD = 'ada', 'correct horse: battery'


class Picky(Aiosmtpd):
    """Does not take all messages."""

    async def handle_DATA(self, server, session, envelope):
        if b'SPAM' in envelope.original_content:
            return '554 5.7.1 No such words, please'
        if b'LATER' in envelope.original_content:
            return '451 4.7.1 Not before noon'
        return await super().handle_DATA(server, session, envelope)


class Servers(Merge):
    @classmethod
    def setUpClass(cls):
        cls.authority = cls.enterClassContext(Authority())
        cls.server = cls.enterClassContext(Picky(
            USER, PASSWORD,
            certificate=cls.authority.certificate('DNS:localhost')))
        cls.server.url = f'smtp://localhost:{cls.server.port}'

    def secure(self, *more, password=PASSWORD, trusted=None):
        """A merge as users of a provider make it."""
        secret = self.file(password.encode(), name='password')
        return self.merge(self.server, '--tls', 'required', '--ca',
                          str(trusted or self.authority.file), '--user', USER,
                          '--password-file', secret, *more)

    def messages(self, count):
        """What arrived, by the row."""
        found = {}
        for delivery in self.server.take(count):
            self.assertEqual(delivery.login, USER)
            row = int(re.match(r'r(\d+)@', delivery.recipients[0])[1])
            self.assertNotIn(row, found)
            found[row] = delivery.message
        return found

    def test_all_at_once(self):
        """Each row is signed by itself, and has its own file."""
        rows, chance = 30, random.Random(1)
        self.write(rows_of(rows))
        files = {row: chance.randbytes(chance.randrange(1, 90000))
                 for row in range(1, rows + 1)}
        for row, content in files.items():
            self.file(content, name=f'{row * row}.bin')
        for kind in 'ed25519', 'rsa':
            with self.subTest(kind):
                key = self.file(b'', name='key')
                record = key_pair(key, kind)
                self.assert_code(self.secure(
                    '--dkim-key', key, '--dkim-domain', 'example.net',
                    '--dkim-selector', 'duva', '--attach',
                    str(self.folder / '{{number}}.bin'), '--journal',
                    str(self.folder / kind)), OK, f'{rows} accepted')
                found = self.messages(rows)
                self.assertEqual(set(found), set(files))
                for row, message in found.items():
                    self.assertTrue(dkim.verify(
                        message, dnsfunc=lambda *_, **__: record))
                    self.assertFalse(dkim.verify(
                        message.replace(b'Ada', b'Bob'),
                        dnsfunc=lambda *_, **__: record))
                    content, = parsed(message).iter_attachments()
                    self.assertEqual(content.get_content(), files[row])

    def test_no_trust(self):
        """Nothing is said to a server that is not the right one; with the
        right one the same merge goes on."""
        self.write(rows_of(3))
        with Authority('Another') as other:
            done = self.secure(trusted=other.file)
            self.assertNotEqual(done.code, OK)
            self.assertIn('certificate', done.err)
        self.server.take(0)
        self.assert_code(self.secure(password='wrong'), AUTH)
        self.server.take(0)
        self.assert_code(self.secure(), OK, '3 accepted')
        self.messages(3)

    def test_rows_that_fail(self):
        """At each step one row; the others arrive."""
        self.write(b'name,email,number\n'
                   b'Ada,r1@example.org,1\n'
                   b',r2@example.org,2\n'              # of the template
                   b'Cid,r3@@example.org,3\n'          # an address
                   b'Dan,r4@example.org,4\n'           # no such file
                   b'Eve,later@example.org,5\n'
                   b'Fay,refuse@example.org,6\n'
                   b'SPAM,r7@example.org,7\n'
                   b'LATER,r8@example.org,8\n'
                   b'Ian,r9@example.org,9\n')
        for number in (1, 2, 3, 5, 6, 7, 8, 9):
            self.file(b'%d' % number, name=f'{number}.txt')
        done = self.secure('--attach', str(self.folder / '{{number}}.txt'))
        self.assert_code(done, REFUSED, '2 accepted, 2 deferred, 2 rejected, '
                         '3 failed before sending',
                         'row 5 to later@example.org deferred: 450 4.2.1 M',
                         'row 6 to refuse@example.org rejected: 550 5.1.1 N')
        self.assertEqual(set(self.messages(2)), {1, 9})
        found = {row: (each['verdict'], each['code'], each['enhanced'])
                 for row, each in self.results().items()}
        self.assertEqual(found, {
            1: ('accepted', '250', '2.0.0'), 2: ('failed', '', ''),
            3: ('failed', '', ''), 4: ('failed', '', ''),
            5: ('retry', '450', '4.2.1'), 6: ('refused', '550', '5.1.1'),
            7: ('refused', '554', '5.7.1'), 8: ('retry', '451', '4.7.1'),
            9: ('accepted', '250', '2.0.0')})
        for row, words in {2: '{{name}} is empty', 3: "'r3@@example.org'",
                           4: '4.txt: No such file', 5: 'Mailbox is busy',
                           6: 'No such mailbox', 7: 'No such words, please',
                           8: 'Not before noon'}.items():
            self.assertIn(words, self.results()[row]['text'])


if __name__ == '__main__':
    main()
