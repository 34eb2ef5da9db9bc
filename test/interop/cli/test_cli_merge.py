"""test_cli_merge - duva send --merge: a mail for each row, interrupted.

SPDX-License-Identifier: MIT
"""
import csv
import email
import email.policy
import io
import json
import os
import random
import re
import signal
import threading
import time
import unittest

from command import (DATA, LATER, OK, REFUSED, UNCERTAIN, USAGE, TestCase, end,
                     run, start)
from proxies import Microsocks, Tinyproxy
from scripted import CLOSE, Scripted

TEXT = b'Dear {{name}},\nyour number is {{number}}.\n'
HEADER = ['row', 'to', 'verdict', 'code', 'enhanced', 'text', 'message_id',
          'time', 'not_to']


def rows_of(count):
    """A CSV file: names, addresses, numbers."""
    return b'name,email,number\n' + b''.join(
        b'Ada %d,r%d@example.org,%d\n' % (i, i, i * i)
        for i in range(1, count + 1))


def arrived(server):
    """Its messages, without the lone dots behind a DATA for nobody."""
    return [message for message in server.messages if message]


class Gate:
    """An answer that a test holds back."""

    def __init__(self, answer):
        self.reached, self.release = threading.Event(), threading.Event()
        self._answer = answer

    def __call__(self, line):
        self.reached.set()
        self.release.wait(30)
        return self._answer


class Moody:
    """Answers of a server that refuses, puts off and hangs up by chance."""

    def __init__(self, seed, share):
        self._random = random.Random(seed)
        self._share = share
        self._lock = threading.Lock()

    def __call__(self, good, *bad):
        def answer(_):
            with self._lock:
                if self._random.random() < self._share:
                    return self._random.choice(bad)
            return good
        return answer


class Merge(TestCase):
    def setUp(self):
        super().setUp()
        self.rows = str(self.folder / 'rows.csv')
        self.results_file = self.rows + '.results.csv'
        self.journal = self.rows + '.journal'
        self.text = self.file(TEXT, name='text')

    def write(self, content):
        with open(self.rows, 'wb') as file:
            file.write(content)

    def arguments(self, server, *more):
        return ['send', '--server', server.url, '--merge', self.rows,
                '--from', 'me@example.net', '--to', '{{name}} <{{email}}>',
                '--subject', 'For {{name}}', '--body', self.text,
                '--hello', 'client.example', *more]

    def merge(self, server, *more, **options):
        return run(*self.arguments(server, *more), text=b'', **options)

    def results(self, file=None):
        """The rows of the results, by their numbers."""
        with open(file or self.results_file, newline='') as file:
            table = list(csv.reader(file))
        self.assertEqual(table[0], HEADER)
        found = {}
        for line in table[1:]:
            self.assertEqual(len(line), len(HEADER))
            self.assertNotIn(int(line[0]), found, 'a row has two results')
            found[int(line[0])] = dict(zip(HEADER, line))
        return found

    def verdicts(self):
        return {row: result['verdict']
                for row, result in self.results().items()}


def parsed(message):
    return email.message_from_bytes(message, policy=email.policy.default)


class Rows(Merge):
    def test_every_place(self):
        self.write('name;email;note\r\n'
                   '"Lovelace, Ada ""A""";ada@example.org;"x < y\r\n& z"\r\n'
                   'Grüße; bob@example.org ;\r\n'.encode())
        text = self.file(b'{{name}}: {{note|none}}')
        html = self.file(b'<p>{{name}}: {{note|none}} {{{note|-}}}</p>',
                         name='html')
        with Scripted() as server:
            done = run('send', '--server', server.url, '--merge', self.rows,
                       '--delimiter', ';', '--from', 'me@example.net',
                       '--to', '{{name}} <{{email}}>',
                       '--subject', '{{name}}: {{{email}}}', '--body', text,
                       '--html', html, '--cc', 'c+{{email}}', '--header',
                       'X-To: <{{email}}>')
            self.assert_code(done, OK, '2 accepted')
            first, second = sorted(
                (parsed(m) for m in arrived(server)),
                key=lambda m: m['To'].addresses[0].addr_spec)
        to = first['To'].addresses
        self.assertEqual([(a.display_name, a.addr_spec) for a in to],
                         [('Lovelace, Ada "A"', 'ada@example.org')])
        self.assertEqual(first['Subject'],
                         'Lovelace, Ada "A": ada@example.org')
        self.assertEqual(first['Cc'], 'c+ada@example.org')
        self.assertEqual(first['X-To'], '<ada@example.org>')

        def body(message, kind):
            content = message.get_body((kind,)).get_content()
            return content.replace('\r\n', '\n').strip()
        self.assertEqual(body(first, 'plain'),
                         'Lovelace, Ada "A": x < y\n& z')
        self.assertEqual(
            body(first, 'html'), '<p>Lovelace, Ada &quot;A&quot;: x &lt; y\n'
            '&amp; z x < y\n& z</p>')
        self.assertEqual(second['To'].addresses[0].display_name, 'Grüße')
        self.assertEqual(body(second, 'html'), '<p>Grüße: none -</p>')
        self.assertEqual(self.verdicts(), {1: 'accepted', 2: 'accepted'})
        self.assertEqual(
            {r['message_id'] for r in self.results().values()},
            {first['Message-ID'], second['Message-ID']})

    def test_files_of_rows(self):
        """Each row has a file of its own, and all have one."""
        self.write(b'name,email,number\na,a@example.org,1\n'
                   b'b,b@example.org,2\nc,c@example.org,3\n')
        for number in (1, 2):
            self.file(b'%d' % number * 100000, name=f'bill {number}.pdf')
        common = self.file(b'All the same', name='terms.txt')
        with Scripted() as server:
            done = self.merge(server, '--attach',
                              str(self.folder / 'bill {{number}}.pdf'),
                              '--attach', common)
            self.assert_code(done, DATA, 'row 3 failed: --attach: ',
                             'bill 3.pdf: No such file')
            messages = sorted((parsed(m) for m in server.messages),
                              key=lambda m: m['Subject'])
        for number, message in zip('12', messages):
            bill, terms = message.iter_attachments()
            self.assertEqual(bill.get_filename(), f'bill {number}.pdf')
            self.assertEqual(bill.get_content_type(), 'application/pdf')
            self.assertEqual(bill.get_content(), number.encode() * 100000)
            self.assertEqual(terms.get_content().strip(), 'All the same')

    def test_rows_that_fail(self):
        self.write(b'name,email\n'
                   b'a,a@example.org\n'
                   b',b@example.org\n'
                   b'"c\r\nBcc: spy@example.org",c@example.org\n'
                   b'd,not an address\n'
                   b'e,"e@example.org, spy@example.org"\n'
                   b'f,f@example.org,one too many\n'
                   b'g,g@@example.org\n'
                   b'h,h@example.org\n')
        text = self.file(b'Hello {{name}}\n')

        def rcpt(line):
            return (b'550 5.1.1 Nobody,\r\n of "that" name'.replace(b'\r\n ',
                                                                    b' ')
                    if 'h@' in line else b'250 Ok')
        with Scripted(RCPT=rcpt) as server:
            done = self.merge(server, '--body', text, '--json')
            self.assert_code(
                done, REFUSED, 'row 2 failed: --subject: {{name}} is empty',
                'row 3 failed: --subject: {{name}} contains a line end',
                'row 4 failed: --to: {{email}} is not one address',
                'row 5 failed: --to: {{email}} is not one address',
                'row 6 failed: line 8 has 3 fields, but there are 2 columns',
                "row 7 to g@@example.org failed: --to 'g@@example.org': ",
                'row 8 to h@example.org rejected: 550 5.1.1 Nobody',
                'duva: 1 accepted, 1 rejected, 6 failed before sending;')
            self.assertEqual(len(arrived(server)), 1)
            self.assertEqual(done.json, {
                'rows': 8, 'accepted': 1, 'retry': 0, 'refused': 1,
                'failed': 6, 'uncertain': 0, 'left': 0, 'exit': REFUSED,
                'results': self.results_file, 'journal': self.journal})
        found = self.results()[8]
        self.assertEqual((found['code'], found['enhanced'], found['text']),
                         ('550', '5.1.1', 'Nobody, of "that" name'))
        self.assertEqual(found['to'], 'h@example.org')
        self.assertRegex(found['time'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$')

    def test_several_recipients(self):
        self.write(rows_of(1))

        def rcpt(line):
            return b'550 No' if 'cc@' in line else b'250 Ok'
        with Scripted(RCPT=rcpt) as server:
            done = self.merge(server, '--to', 'cc@example.org')
            self.assert_code(done, REFUSED, 'row 1 to r1@example.org '
                             'cc@example.org accepted for 1 of 2 recipients; '
                             'cc@example.org rejected: 550 No')
        self.assertEqual(self.results()[1]['not_to'],
                         'cc@example.org refused 550')
        self.assertEqual(self.results()[1]['to'],
                         'r1@example.org cc@example.org')

    def check_mistake(self, code, *words, rows=None, arguments=(), text=None):
        self.write(rows_of(1) if rows is None else rows)
        if text is not None:
            self.file(text, name='text')
        with Scripted() as server:
            done = self.merge(server, *arguments)
            self.assert_silent(server, done, code, *words)
        self.assertFalse(os.path.exists(self.journal))

    def test_mistakes(self):
        self.check_mistake(USAGE, 'the text: {{nmae}}: no such column; '
                           'the columns are name, email, number',
                           text=b'Dear {{nmae}}')
        self.check_mistake(USAGE, '--subject: {{x}: the braces are not '
                           'closed', arguments=['--subject', '{{x}'], text=b'')
        self.check_mistake(DATA, 'rows.csv: line 3: a quote is not closed',
                           rows=b'name,email,number\na,b,c\n"a')
        self.check_mistake(DATA, 'rows.csv: line 2: it is not UTF-8',
                           rows=b'name,email,number\n\xFC,b,c\n')
        self.check_mistake(DATA, 'rows.csv: it is empty', rows=b'')
        self.check_mistake(DATA, 'rows.csv: there is no row',
                           rows=b'name,email,number\n')
        self.check_mistake(DATA, 'two columns have the same name',
                           rows=b'a,a\n1,2\n')
        self.check_mistake(USAGE, '--rows', arguments=['--rows', '5-3'])
        self.check_mistake(USAGE, '--rows', arguments=['--rows', '0'])
        self.check_mistake(USAGE, '--rate', arguments=['--rate', '0'])
        self.check_mistake(USAGE, '--delimiter',
                           arguments=['--delimiter', '::'])
        self.check_mistake(USAGE, '--envid: it must be printable ASCII',
                           arguments=['--envid', 'x' * 101])
        self.check_mistake(USAGE, 'must be different files',
                           arguments=['--results', self.rows])
        done = run('send', '--from', 'a@b', '--to', 'c@d', '--raw', self.text,
                   '--merge', self.rows)
        self.assert_code(done, USAGE, '--raw cannot be combined with --merge')
        done = run('send', '--from', 'a@b', '--to', 'c@d', '--rows', '1')
        self.assert_code(done, USAGE, 'needs --merge')

    def test_dry_run(self):
        self.write(rows_of(5))
        with Scripted() as server:
            done = self.merge(server, '--dry-run', '--rows', '2-3')
            self.assert_silent(server, done, OK, 'duva: row 2\nduva: row 3\n')
            self.assertNotIn('row 1', done.err)
            done_all = self.merge(server, '--dry-run')
        self.assertEqual(re.findall('^To: .*', done.out, re.M),
                         ['To: Ada 2 <r2@example.org>\r',
                          'To: Ada 3 <r3@example.org>\r'])
        self.assertIn('your number is 9.\r\n', done.out)
        self.assertEqual(done_all.out.count('your number is'), 5)
        self.assertFalse(os.path.exists(self.journal))
        self.assertFalse(os.path.exists(self.results_file))

    def test_selected_rows(self):
        self.write(rows_of(9))
        with Scripted() as server:
            self.assert_code(self.merge(server, '--rows', '3-4'), OK,
                             '2 accepted')
            self.assertEqual(set(self.verdicts()), {3, 4})
            self.assert_code(self.merge(server, '--rows', '8-'), OK)
            self.assert_code(self.merge(server), OK, '5 accepted')
            self.assertEqual(set(self.verdicts()), set(range(1, 10)))
            self.assertEqual(len(arrived(server)), 9)

    def test_rate(self):
        self.write(rows_of(11))
        with Scripted() as server:
            begun = time.monotonic()
            self.assert_code(self.merge(server, '--rate', '10'), OK)
            self.assertGreater(time.monotonic() - begun, 0.9)

    def test_named_files(self):
        self.write(rows_of(2))
        journal = str(self.folder / 'j')
        with Scripted() as server:
            done = self.merge(server, '--results', '-', '--journal', journal)
            self.assert_code(done, OK)
        self.assertTrue(os.path.exists(journal))
        self.assertFalse(os.path.exists(self.results_file))
        self.assertEqual(len(list(csv.reader(io.StringIO(done.out)))), 3)


class Memory(Merge):
    @unittest.skipIf('DUVA_MEMORY' not in os.environ,
                     'a sanitizer keeps what was freed')
    def test_it_does_not_grow(self):
        """With the rows: not by 16 octets for each, which is less than the
        smallest block of memory."""
        few, many = 1000, 20000
        self.assertLess(self.peak(many) - self.peak(few), 16 * (many - few))

    def peak(self, rows):
        """The most memory that was resident until the last row's answer."""
        self.write(rows_of(rows))
        last = Gate(b'250 Ok')
        lock, left = threading.Lock(), [rows]

        def answer(line):
            with lock:
                left[0] -= 1
                is_last = left[0] == 0
            return last(line) if is_last else b'250 Ok'
        with Scripted(END=answer) as server:
            process = start(*self.arguments(server))
            self.assertTrue(last.reached.wait(120))
            with open(f'/proc/{process.pid}/status') as status:
                peak = int(re.search(r'VmHWM:\s+(\d+) kB', status.read())[1])
            last.release.set()
            self.assert_code(end(process), OK, f'{rows} accepted')
        os.unlink(self.journal)
        return peak * 1024


class Resumed(Merge):
    def test_done_is_done(self):
        self.write(rows_of(3))
        with Scripted() as server:
            self.assert_code(self.merge(server), OK, '3 accepted')
            before = self.results()
            connections = server.connections
            self.assert_code(self.merge(server), OK, 'all rows were decided '
                             'in earlier runs', 'to send all rows again')
            self.assertEqual(server.connections, connections)
            self.assertEqual(self.results(), before)

    def test_put_off_is_sent_again(self):
        self.write(rows_of(3))
        mood = {'bad': True}

        def rcpt(line):
            return b'450 Later' if mood['bad'] and 'r2@' in line else b'250 Ok'
        with Scripted(RCPT=rcpt) as server:
            self.assert_code(self.merge(server), LATER, '2 accepted, 1 '
                             'deferred', 'run the same command again')
            self.assertEqual(self.verdicts()[2], 'retry')
            mood['bad'] = False
            self.assert_code(self.merge(server), OK, '1 accepted')
            self.assertEqual(len(arrived(server)), 3)
        self.assertEqual(self.verdicts(), dict.fromkeys((1, 2, 3), 'accepted'))

    def test_when_it_is_sent_again(self):
        """What the server puts off for itself is asked once in a run; what it
        has no time for is tried again."""
        self.write(rows_of(4))

        def rcpt(line):
            return b'450 4.2.0 Greylisted' if 'r2@' in line else b'250 Ok'
        end = [b'451 4.7.1 Not yet', *[b'250 Ok'] * 9]
        mail = [b'250 Ok', b'250 Ok', b'451 4.3.2 Busy', *[b'250 Ok'] * 9]
        with Scripted(RCPT=rcpt, END=end, MAIL=mail) as server:
            done = self.merge(server, '--connections', '1')
            self.assert_code(done, LATER, '2 accepted, 2 deferred',
                             'in about 30 minutes')
            verbs = [line.split(' ')[0] for line in server.lines]
        self.assertEqual(verbs.count('MAIL'), 5)
        self.assertEqual(sum('r2@' in line for line in server.lines), 1)
        found = self.results()
        self.assertEqual((found[1]['verdict'], found[1]['code'],
                          found[1]['enhanced']), ('retry', '451', '4.7.1'))
        self.assertEqual((found[2]['verdict'], found[2]['code'],
                          found[2]['text']), ('retry', '450', 'Greylisted'))

    def test_changed_input(self):
        self.write(rows_of(3))
        with Scripted(RCPT=b'450 Later') as server:
            self.assert_code(self.merge(server), LATER)
            connections = server.connections
            self.write(rows_of(4))
            self.assert_code(self.merge(server), DATA, 'rows.csv.journal: '
                             'the rows have changed')
            self.write(rows_of(3))
            self.assert_code(self.merge(server, '--subject', 'Another'), DATA,
                             'the message has changed')
            self.file(b'Another {{name}}', name='text')
            self.assert_code(self.merge(server), DATA,
                             'the message has changed')
            self.assertEqual(server.connections, connections)

    def test_two_at_a_time(self):
        self.write(rows_of(1))
        gate = Gate(b'250 Ok')
        with Scripted(MAIL=gate) as server:
            first = start(*self.arguments(server))
            gate.reached.wait(30)
            self.assert_code(self.merge(server), LATER,
                             'another merge is using it')
            gate.release.set()
            self.assert_code(end(first), OK)

    def test_no_server(self):
        self.write(rows_of(3))
        with Scripted(EHLO=b'554 No', HELO=b'554 No') as server:
            self.assertNotEqual(self.merge(server).code, OK)
        self.assertFalse(os.path.exists(self.results_file))
        with Scripted() as server:
            self.assert_code(self.merge(server), OK, '3 accepted')

    def test_server_that_goes_away(self):
        """The rows that are left are sent later."""
        self.write(rows_of(40))
        count = {'mails': 0}

        def mail(_):
            count['mails'] += 1
            return CLOSE if count['mails'] > 10 else b'250 Ok'

        def greet(_=None):
            return b'421 Full' if count['mails'] > 10 else b'220 ready'
        server = Scripted(MAIL=mail)
        with server:
            server._answers['CONNECT'] = lambda _: greet()
            server.lines.append('')
            done = self.merge(server, '--connections', '1')
            self.assertNotEqual(done.code, OK)
            self.assertIn('not sent', done.err)
            self.assertLessEqual(len(arrived(server)), 10)
            sent = {m for m in arrived(server)}
        with Scripted() as server:
            self.assert_code(self.merge(server), OK)
            self.assertEqual(len(sent) + len(arrived(server)), 40)
        self.assertEqual(set(self.verdicts().values()), {'accepted'})


class ThroughProxies(Merge):
    def through(self, proxy, server, *more, user=None):
        return self.merge(server, '--tls', 'never', '--proxy',
                          proxy.url(user), *more)

    def test_every_connection(self):
        password = self.file(b'open-sesame\n', name='password')
        for kind in Microsocks, Tinyproxy:
            for user in None, 'ada':
                login = ['--proxy-password-file', password] if user else []
                self.write(rows_of(20))
                with self.subTest(kind.scheme, user=user), \
                        kind(user, user and 'open-sesame') as proxy, \
                        Scripted() as server:
                    done = self.through(proxy, server, '--connections', '2',
                                        '--journal', f'{self.journal}{user}'
                                        f'{kind.scheme}', *login, user=user)
                    self.assert_code(done, OK, '20 accepted')
                    self.assertEqual(len(arrived(server)), 20)
                    self.assertGreaterEqual(server.connections, 2)
                    self.assertEqual(proxy.opened(), server.connections)

    def test_proxy_that_goes_away(self):
        """Nobody goes another way; the rows that are left are sent later."""
        self.write(rows_of(5))
        for kind in Microsocks, Tinyproxy:
            with kind() as proxy:
                def bye(_):
                    proxy.stop()
                    return b'221 bye'
                with Scripted(QUIT=bye) as server:
                    done = self.through(proxy, server)
                    self.assert_code(
                        done, LATER, f'the proxy 127.0.0.1:{proxy.port} '
                        'cannot be reached to connect to '
                        f'127.0.0.1:{server.port}: Connection refused',
                        '5 not sent')
                    self.assertEqual(server.connections, 1)
                    self.assertEqual(arrived(server), [])

    def test_server_that_goes_away_behind_it(self):
        self.write(rows_of(5))
        for kind, words in ((Microsocks, 'connection refused'),
                            (Tinyproxy, '500 ')):
            with kind() as proxy:
                def bye(_):
                    server.refuse()
                    return b'221 bye'
                with Scripted(QUIT=bye) as server:
                    self.assert_code(
                        self.through(proxy, server), LATER, 'does not connect '
                        f'to 127.0.0.1:{server.port}: {words}',
                        'check the server')


class Stopped(Merge):
    """Killed at random, rows are sent once or are uncertain."""

    def numbers(self, server):
        """How often each row arrived."""
        count = {}
        for message in arrived(server):
            row = int(re.search(rb'^Subject: For Ada (\d+)', message, re.M)[1])
            count[row] = count.get(row, 0) + 1
        return count

    def ids(self, server):
        """Message-IDs of each row."""
        found = {}
        for message in arrived(server):
            row = int(re.search(rb'^Subject: For Ada (\d+)', message, re.M)[1])
            ident = re.search(rb'^Message-ID: (\S+)', message, re.M)[1]
            found.setdefault(row, set()).add(ident)
        return found

    def run_until_done(self, server, rows, kills, seed, *more):
        """Runs it again and again, and kills it at first."""
        chance = random.Random(seed)
        for left in range(kills + 20, 0, -1):
            process = start(*self.arguments(server, *more))
            if left > 20:
                # After so many mails, not after a time: a slow machine is as
                # good as a fast one.
                target = len(arrived(server)) + chance.randrange(rows // 8)
                while process.poll() is None \
                        and len(arrived(server)) < target:
                    time.sleep(0.0005)
                process.kill()
            done = end(process)
            if done.code in (OK, UNCERTAIN, REFUSED):
                found = self.verdicts()
                if len(found) == rows and 'retry' not in found.values():
                    return done
        self.fail('it does not come to an end: ' + done.err)

    def check(self, server, rows):
        """Each row once; or not at all or once, and uncertain."""
        server.finish()
        found = self.numbers(server)
        verdicts = self.verdicts()
        self.assertEqual(set(verdicts), set(range(1, rows + 1)))
        for row, verdict in verdicts.items():
            if verdict == 'accepted':
                self.assertEqual(found.get(row, 0), 1, f'row {row}')
            elif verdict == 'uncertain':
                self.assertLessEqual(found.get(row, 0), 1, f'row {row}')
            else:
                self.assertEqual(verdict, 'refused')
                self.assertEqual(found.get(row, 0), 0, f'row {row}')
        return [row for row in verdicts if verdicts[row] == 'uncertain']

    def test_killed(self):
        for seed in range(8):
            with self.subTest(seed=seed), Scripted() as server:
                rows = 200
                self.write(rows_of(rows))
                self.run_until_done(server, rows, 10, seed, '--connections',
                                    str(1 + seed % 4))
                uncertain = self.check(server, rows)
                # A window of 1: two for each connection and kill.
                self.assertLessEqual(len(uncertain), 10 * 2 * (1 + seed % 4))
                os.unlink(self.journal)

    def test_killed_in_bad_company(self):
        for seed in range(4):
            mood = Moody(seed, 0.03)
            with self.subTest(seed=seed), Scripted(
                    MAIL=mood(b'250 Ok', b'451 Later', CLOSE, b'421 Bye',
                              b'550 No'),
                    RCPT=mood(b'250 Ok', b'450 Later', b'550 No', CLOSE),
                    DATA=mood(b'354 Go', b'451 Later', CLOSE)) as server:
                rows = 80
                self.write(rows_of(rows))
                self.run_until_done(server, rows, 4, seed)
                self.check(server, rows)
                os.unlink(self.journal)

    def test_resend_uncertain(self):
        """The answer to a message never comes, and it is killed: uncertain.
        Sent again it has the same Message-ID."""
        self.write(rows_of(3))
        gate = Gate(CLOSE)
        with Scripted(END=gate) as server:
            process = start(*self.arguments(server))
            gate.reached.wait(30)
            process.kill()
            end(process)
            gate.release.set()
            server.finish()
            first = self.ids(server)
        self.assertGreater(len(first), 0)
        with Scripted() as server:
            done = self.merge(server)
            self.assert_code(done, UNCERTAIN, 'uncertain', 'the merge was '
                             'stopped while it was sent',
                             'before you use --resend-uncertain')
            for row in first:
                self.assertEqual(self.verdicts()[row], 'uncertain')
            self.assertEqual(set(self.numbers(server)) & set(first), set())
            self.assert_code(self.merge(server), UNCERTAIN)
            self.assert_code(self.merge(server, '--resend-uncertain'), OK)
            server.finish()
            second = self.ids(server)
        for row in first:
            self.assertEqual(second[row], first[row])
        self.assertEqual(set(second), {1, 2, 3})
        self.assertEqual(set(self.verdicts().values()), {'accepted'})

    def test_asked_to_stop(self):
        """What is under way comes to its end."""
        for number in (signal.SIGINT, signal.SIGTERM):
            gate = Gate(b'250 Ok')
            self.write(rows_of(500))
            with self.subTest(number), Scripted(END=gate) as server:
                process = start(*self.arguments(server, '--connections', '2'))
                gate.reached.wait(30)
                process.send_signal(number)
                self.assertIn(b'stopping', process.stderr.readline())
                gate.release.set()
                done = end(process)
                self.assertEqual(done.code, -number)
                self.assertIn('not sent', done.err)
                self.assertLess(len(arrived(server)), 100)
                self.assert_code(self.merge(server), OK)
                self.assertEqual(self.check(server, 500), [])
                os.unlink(self.journal)

    def test_asked_twice(self):
        self.write(rows_of(50))
        gate = Gate(CLOSE)
        with Scripted(END=gate) as server:
            process = start(*self.arguments(server, '--connections', '1'))
            gate.reached.wait(30)
            process.send_signal(signal.SIGINT)
            self.assertIn(b'stopping', process.stderr.readline())
            process.send_signal(signal.SIGINT)
            done = end(process)
            self.assertIn('uncertain', done.err)
            gate.release.set()
            server.finish()
            found = self.numbers(server)
        self.assertEqual(set(self.verdicts().values()), {'uncertain'})
        self.assertEqual(set(self.verdicts()), set(found))
        with Scripted() as server:
            self.assert_code(self.merge(server), UNCERTAIN)
            self.assertEqual(set(self.numbers(server)) & set(found), set())
            self.assertEqual(len(arrived(server)), 50 - len(found))

    def test_full_disk(self):
        if not os.path.exists('/dev/full'):
            self.skipTest('there is no /dev/full')
        self.write(rows_of(3))
        with Scripted() as server:
            done = self.merge(server, '--journal', '/dev/full')
            self.assertNotEqual(done.code, OK)
            self.assertIn('/dev/full: No space left', done.err)
            self.assertEqual(arrived(server), [])


if __name__ == '__main__':
    unittest.main()
