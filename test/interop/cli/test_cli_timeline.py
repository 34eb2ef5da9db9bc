"""test_cli_timeline - the chart of a session's timings.

SPDX-License-Identifier: MIT
"""
import time
import unittest
import xml.etree.ElementTree as xml

from authority import Authority
from command import LATER, OK, SECRET, TEXT, TestCase, run
from scripted import EHLO, SILENCE, Scripted, offering
from wiretap import Wiretap

SVG = '{http://www.w3.org/2000/svg}'
DELAY = 0.12
SLACK = 10      # milliseconds: the two clocks begin when each has the processor


def setUpModule():
    global authority, certificate
    authority = unittest.enterModuleContext(Authority())
    certificate = authority.certificate('IP:127.0.0.1')


def later(answer):
    """The same, after a while."""
    def say(line):
        time.sleep(DELAY)
        return answer
    return say


class Timeline(TestCase):
    def read(self, file):
        """The steps as (name, milliseconds, code), looked at from all sides."""
        svg = xml.parse(file).getroot()
        self.assertEqual(svg.tag, SVG + 'svg')
        parts = svg.get('aria-labelledby').split()
        self.assertEqual([svg.find(f".//*[@id='{part}']").tag
                          for part in parts], [SVG + 'title', SVG + 'desc'])
        self.assertIn('prefers-color-scheme: dark', svg.find(
            SVG + 'style').text)
        whole = int(svg.get('data-us'))
        spans, at, edge = [], 0, 150.0
        for group in svg.findall(SVG + 'g'):
            label, value = group.findall(SVG + 'text')
            bar = group.find(SVG + 'rect')
            us = int(group.get('data-us'))
            self.assertEqual(int(group.get('data-from')), at)
            self.assertGreaterEqual(us, 0)
            self.assertTrue(label.text.startswith(group.get('data-step')))
            self.assertTrue(value.text.startswith(f'{us / 1000:.3f} ms'))
            self.assertAlmostEqual(float(bar.get('x')), edge, delta=0.05)
            self.assertAlmostEqual(float(bar.get('width')),
                                   max(1, us * 500 / whole), delta=0.05)
            at += us
            edge = 150 + at * 500 / whole
            spans.append((group.get('data-step'), us / 1000,
                          group.get('data-code')))
        self.assertEqual(at, whole)
        return spans

    def draw(self, server, *options, code=OK, command='send', text=TEXT):
        file = self.folder / 'time.svg'
        done = run(command, '--server', f'127.0.0.1:{server.port}',
                   *text, '--timeline', str(file), *options)
        self.assert_code(done, code)
        return self.read(file)

    def test_steps(self):
        """Each slow step stands out, and no other does."""
        slow = {'EHLO': EHLO + b'250 8BITMIME', 'MAIL': b'250 Ok',
                'RCPT': b'250 Ok', 'DATA': b'354 Go', 'END': b'250 Ok'}
        names = {'END': 'end of message'}
        for verb, answer in slow.items():
            with self.subTest(verb), \
                    Scripted(**{verb: later(answer)}) as server:
                spans = self.draw(server)
                self.assertEqual([name for name, *_ in spans], [
                    'DNS', 'connect', 'getting ready', 'greeting', 'EHLO',
                    'MAIL', 'RCPT', 'DATA', 'message', 'end of message',
                    'QUIT'])
                times = {name: ms for name, ms, _ in spans}
                name = names.get(verb, verb)
                self.assertGreaterEqual(times[name], DELAY * 1000 - SLACK)
                self.assertEqual(max(times, key=times.get), name)
                codes = {name: code for name, _, code in spans}
                self.assertEqual(codes['DATA'], '354')
                self.assertEqual(codes['QUIT'], '221')
                self.assertIsNone(codes['connect'])

    def test_recipients_are_one_step(self):
        with Scripted() as server:
            file = self.folder / 'time.svg'
            done = run('send', '--server', server.url, *TEXT, '--timeline',
                       str(file), 'bob@example.org', 'eve@example.org')
            self.assert_code(done, OK)
            self.assertIn('>RCPT \N{MULTIPLICATION SIGN}3<',
                          file.read_text('utf-8'))
            self.read(file)

    def test_tls_and_login(self):
        def shake(context):
            def slowly(*_):
                time.sleep(DELAY)
            context.sni_callback = slowly

        def welcome(line):
            time.sleep(2 * DELAY)
            return b'235 2.7.0 Welcome'

        with Wiretap(certificate, prepare=shake, auth=welcome) as server:
            spans = self.draw(server, '--ca', str(authority.file), '--user',
                              'ada', '--password-file',
                              self.file(SECRET.encode()))
        self.assertEqual([name for name, *_ in spans][3:9], [
            'greeting', 'EHLO', 'STARTTLS', 'TLS', 'EHLO', 'AUTH'])
        times = {name: ms for name, ms, _ in spans}
        self.assertGreaterEqual(times['AUTH'], 2 * DELAY * 1000 - SLACK)
        picture = (self.folder / 'time.svg').read_bytes()
        for secret in (SECRET.encode(), b'ada', b'pump', b'Water'):
            self.assertNotIn(secret, picture)

    def test_tls_from_the_start(self):
        with Wiretap(certificate, implicit=True) as server:
            spans = self.draw(server, '--ca', str(authority.file), '--tls',
                              'implicit')
        self.assertEqual([name for name, *_ in spans][3:6],
                         ['TLS', 'greeting', 'EHLO'])

    def test_many_challenges_are_one_step(self):
        answers = [b'334 VXNlcm5hbWU6', b'334 UGFzc3dvcmQ6', b'235 Ok']
        with Scripted(EHLO=offering('LOGIN'), AUTH=answers) as server:
            spans = self.draw(server, '--user', 'ada', '--password-file',
                              self.file(SECRET.encode()))
        self.assertEqual([name for name, *_ in spans].count('AUTH'), 1)

    def test_what_never_ends(self):
        with Scripted(RCPT=SILENCE) as server:
            spans = self.draw(server, '--timeout', '1', code=LATER)
        name, ms, code = spans[-1]
        self.assertEqual((name, code), ('RCPT', None))
        self.assertGreater(ms, 500)

    def merge(self, server, rows, *options, code=OK):
        table = self.file(b'email\n' + b'ada@example.org\n' * rows,
                          name='rows.csv')
        file = self.folder / 'time.svg'
        done = run('send', '--server', server.url, '--merge', table, '--from',
                   'pump@example.net', '--to', '{{email}}', '--timeline',
                   str(file), *options, text=b'')
        self.assert_code(done, code)
        svg = xml.parse(file).getroot()
        visit, *rows = svg.findall(SVG + 'g')
        self.assertIsNotNone(visit.get('data-visit'))
        for name in b'ada', b'pump', b'Water':
            self.assertNotIn(name, file.read_bytes())
        return svg, rows

    def test_merge(self):
        """Each slow mail, and what the server thinks of it, is seen."""
        answers = [b'250 Ok', later(b'250 Ok'), b'550 No'] * 3
        with Scripted(RCPT=answers) as server:
            svg, rows = self.merge(server, 9, '--connections', '1', code=69)
        self.assertEqual(len(rows), server.connections - 1)
        marks = [(bar.get('class'), float(bar.get('width')))
                 for row in rows for bar in row.findall(SVG + 'rect')
                 if bar.get('class') in ('message', 'trouble')]
        self.assertEqual([kind for kind, _ in marks],
                         ['message', 'message', 'trouble'] * 3)
        us = int(svg.get('data-us'))
        for _, width in marks[1::3]:
            self.assertGreaterEqual(width * us / 500 / 1000,
                                    DELAY * 1000 - SLACK)
        self.assertEqual(sum(int(row.get('data-mails')) for row in rows), 9)
        self.assertNotIn('not drawn', xml.tostring(svg, 'unicode'))

    def test_merge_that_never_begins(self):
        with Scripted(EHLO=SILENCE) as server:
            svg, rows = self.merge(server, 2, '--timeout', '1', code=LATER)
        self.assertEqual(rows, [])
        self.assertLess(int(svg.get('data-us')), 30000000)
        self.assertGreater(int(svg.find(SVG + 'g').get('data-visit')), 500000)

    def test_merge_that_has_no_room(self):
        with Scripted(EHLO=later(EHLO + b'250 8BITMIME')) as server:
            svg, rows = self.merge(server, 60, '--connections', '40')
        self.assertEqual(len(rows), 32)
        drawn = sum(int(row.get('data-mails')) for row in rows)
        more = server.connections - 1 - 32
        self.assertGreater(more, 0)
        self.assertIn(f'not drawn: {more} further connection',
                      xml.tostring(svg, 'unicode'))
        self.assertIn(f'{60 - drawn} further mail',
                      xml.tostring(svg, 'unicode'))

    def test_probe(self):
        with Scripted(EHLO=later(b'250 test.example')) as server:
            spans = self.draw(server, command='probe', text=[])
        self.assertEqual([name for name, *_ in spans][2:],
                         ['getting ready', 'greeting', 'EHLO', 'QUIT'])
        self.assertGreaterEqual(dict(
            (name, ms) for name, ms, _ in spans)['EHLO'], DELAY * 1000 - SLACK)

    def test_resolver_fails(self):
        file = self.folder / 'time.svg'
        run('send', '--server', 'nobody.invalid', *TEXT, '--timeline',
            str(file))
        self.assertEqual([name for name, *_ in self.read(file)], ['DNS'])

    def test_nowhere_to_draw(self):
        """That is told before anybody is connected to."""
        for command in ('send', 'probe'):
            with Scripted() as server:
                done = run(command, '--server', server.url,
                           *(TEXT if command == 'send' else []),
                           '--timeline', str(self.folder / 'no/file'))
                self.assertEqual(done.code, 73)
                self.assertIn('No such file', done.err + done.out)
                self.assertEqual(server.connections, 0)


if __name__ == '__main__':
    unittest.main()
