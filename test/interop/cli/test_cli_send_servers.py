"""test_cli_send_servers - what real servers receive of composed mails.

SPDX-License-Identifier: MIT
"""
import email
import email.policy
import random
import re
import time

import dkim

from command import OK, TestCase, run
from common import main
from servers import Aiosmtpd, Postfix
from signing import key_pair

DOMAIN, SELECTOR = 'example.net', 'duva'
LARGE = random.Random(7).randbytes(300_000)
TEXT = 'Vattnet stiger: 3 µm/s\n.\n..\n' + 'x' * 1200 + '\n'


def parse(message):
    return email.message_from_bytes(message, policy=email.policy.default)


class Servers:
    def command(self, *arguments, text=TEXT.encode()):
        done = run('send', '--server', f'localhost:{self.server.port}',
                   '--from', f'Pump 3 <pump@{DOMAIN}>', *arguments, text=text)
        self.assert_code(done, OK)
        return done

    def test_everything(self):
        logo = self.file(LARGE[:500], name='logo.png')
        html = self.file('<b>Größe</b> <img src="cid:l@x">'.encode(),
                         name='a.html')
        data = self.file(LARGE, name='Größe; a="b".bin')
        for chunking in 'auto', 'never':
            with self.subTest(chunking):
                done = self.command(
                    '--to', 'Ada Lovelace <ada@example.org>', '--subject',
                    'Größe ' * 20, '--html', html, '--body', '-', '--inline',
                    f'l@x={logo}', '--attach', data, '--priority', 'high',
                    '--header', 'X-Tank: 3', '--chunking', chunking, '--trace')
                self.assertEqual('C: BDAT' in done.err,
                                 chunking == 'auto' and self.chunks)
                message = parse(self.server.take(1)[0].message)
                self.assertEqual(message['Subject'], ('Größe ' * 20))
                self.assertEqual(message['To'].addresses[0].display_name,
                                 'Ada Lovelace')
                self.assertEqual(message['X-Tank'], '3')
                self.assertEqual(message['Importance'], 'High')
                text, page, image, file = [p for p in message.walk()
                                           if not p.is_multipart()]
                self.assertEqual(text.get_content().replace('\r', ''), TEXT)
                self.assertIn('Größe', page.get_content())
                self.assertEqual(image['Content-ID'], '<l@x>')
                self.assertEqual(image.get_content(), LARGE[:500])
                self.assertEqual(file.get_filename(), 'Größe; a="b".bin')
                self.assertEqual(file.get_content(), LARGE)

    def test_envelope(self):
        roll = self.file(b'# two\nbob@example.org\nEve <eve@example.org>\n')
        self.command('--to', 'ada@example.org', '--bcc', 'dan@example.org',
                     '--recipients', roll, '--envelope-from',
                     'bounces@example.net')
        everybody = ['ada@example.org', 'bob@example.org', 'dan@example.org',
                     'eve@example.org']
        got = self.take_for(4)
        self.assertEqual(sorted(r for d in got for r in d.recipients),
                         everybody)
        for delivery in got:
            self.assertEqual(delivery.sender, 'bounces@example.net')
            self.assertEqual(parse(delivery.message)['To'], everybody[0])
            self.assertNotIn(b'dan@', delivery.message)

    def test_signed(self):
        for kind in 'ed25519', 'rsa':
            with self.subTest(kind):
                key = self.file(b'', name='key')
                record = key_pair(key, kind)
                done = self.command('--to', 'ada@example.org', '--subject',
                                    'Signed', '--dkim-key', key,
                                    '--dkim-selector', SELECTOR, '--trace',
                                    '--date', '2030-01-01T00:00:00Z')
                self.assertEqual('C: BDAT' in done.err, self.chunks)
                self.assertRegex(done.err, r'MAIL FROM:.* SIZE=[1-9]')
                asked = []

                def look_up(name, timeout=5):
                    asked.append(name)
                    return record

                message = self.server.take(1)[0].message
                self.assertTrue(dkim.verify(message, dnsfunc=look_up))
                self.assertIn(b'Date: Tue, 01 Jan 2030', message)
                signed = re.search(rb'DKIM-Signature:.*?\bt=(\d+)', message,
                                   re.S)
                self.assertLess(abs(int(signed[1]) - time.time()), 600)
                self.assertEqual(asked, [f'{SELECTOR}._domainkey.{DOMAIN}.'
                                         .encode()])
                self.assertFalse(dkim.verify(
                    message.replace(b'Signed', b'signed'), dnsfunc=look_up))


class AiosmtpdTest(Servers, TestCase):
    chunks = False

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Aiosmtpd())

    def take_for(self, _recipients):
        return self.server.take(1)


class PostfixTest(Servers, TestCase):
    chunks = True

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Postfix())

    def take_for(self, recipients):
        return self.server.take(recipients)

    def test_dsn(self):
        self.command('--to', 'ada@example.org', '--notify', 'failure,delay',
                     '--dsn-ret', 'headers', '--envid', 'mail+1', '--orcpt',
                     'first@example.org')
        self.server.take(1)


if __name__ == '__main__':
    main()
