"""test_command - the command duva with little memory or few descriptors.

SPDX-License-Identifier: MIT

DUVA_HEAP is what it is started with: see allocator.c.  Whatever runs short, it
ends by itself, and what it says is true: success is a mail that the server
has, and no failure is for good.
"""
import os
import pathlib
import resource
import ssl
import subprocess
import sys
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parent / 'interop/lib'))

from authority import Authority                                 # noqa: E402
from command import ENVELOPE, LATER, OK, end, environment, run  # noqa: E402
from scripted import Scripted                                   # noqa: E402
from sendmail import SendmailCase                               # noqa: E402

OSERR, IOERR, UNCERTAIN = 71, 74, 79
SHORT = {OSERR, IOERR, LATER}
FEW = range(3, 21)                                       # descriptors
RUNS = int(os.environ.get('DUVA_SCARCE_RUNS', '12'))
MOST = 6000                                              # allocations

# The allocator stands before that of a sanitizer.
SANITIZER = 'verify_asan_link_order=0:' + os.environ.get('ASAN_OPTIONS', '')
LEAKS = f'suppressions={FOLDER / "leaks.txt"}:print_suppressions=0'


class Secured(Scripted):
    """TLS from the start."""

    def __init__(self, certificate):
        super().__init__()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)

    @property
    def url(self):
        return f'smtps://{self.address}:{self.port}'

    def _serve(self, connection):
        try:
            secured = self.context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        super()._serve(secured)


def numbers():
    """The first that fail: close at the start, where most are its own."""
    if RUNS == 0:
        return list(range(1, MOST))
    return sorted({1, 2, 3, 5, 8, 13} | {round(20 * (MOST / 20) ** (i / RUNS))
                                         for i in range(RUNS)})


class Scarce(SendmailCase):
    def check(self, server, start, wanted=1):
        """start(environment, options) runs the command once."""
        for name, more, options in self.shortages():
            with self.subTest(name):
                del server.messages[:]
                done = start(more, options)
                server.finish()
                shown = done.raw.decode('utf-8', 'replace')
                if 'loading shared libraries' in shown:
                    continue                 # it was never begun
                self.assertGreaterEqual(done.code, 0, shown)
                self.assertNotRegex(shown, 'Sanitizer|runtime error')
                stored = len(server.messages)
                for message in server.messages:
                    self.assertIn(b'\r\nSubject: Alarm\r\n', message)
                if done.code == OK:
                    self.assertEqual(stored, wanted, shown)
                else:
                    self.assertIn(done.code, {UNCERTAIN} | SHORT, shown)
                # a merge that stops may have sent some of its mails
                if wanted == 1 and stored > 0:
                    self.assertIn(done.code, {OK, UNCERTAIN}, shown)

    @staticmethod
    def shortages():
        for lasting in ({}, {'DUVA_HEAP_LASTING': '1'}):
            for first in numbers():
                yield (f'{first}{" and on" if lasting else ""}',
                       {'LD_PRELOAD': os.environ['DUVA_HEAP'],
                        'DUVA_HEAP_FIRST': str(first),
                        'ASAN_OPTIONS': SANITIZER, 'LSAN_OPTIONS': LEAKS,
                        **lasting}, {})
        for few in FEW:
            def limit(few=few):
                resource.setrlimit(resource.RLIMIT_NOFILE, (few, few))
            # a search for leaks wants descriptors of its own
            yield (f'{few} descriptors', {'ASAN_OPTIONS': 'detect_leaks=0'},
                   {'preexec_fn': limit})

    def test_send(self):
        with Authority() as authority, \
                Secured(authority.certificate('IP:127.0.0.1')) as server:
            attached = self.file(b'one\n', name='one.txt')

            def start(more, options):
                return run('send', '--server', server.url, '--ca',
                           str(authority.file), *ENVELOPE, '--to',
                           'ada@b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher'
                           '.example', '--subject', 'Alarm', '--attach',
                           attached, env=environment(**more), **options)

            self.check(server, start)

    def test_sendmail(self):
        with Scripted() as server:
            aliases = self.file(b'root: ada@example.org\n', name='aliases')
            self.configure(server, 'from pump@example.net',
                           f'aliases {aliases}')

            def start(more, options):
                return self.sendmail_with(options, more)

            self.check(server, start)
            self.assertEqual({line for line in server.lines
                              if line.startswith('RCPT')},
                             {'RCPT TO:<ada@example.org>',
                              'RCPT TO:<bo@xn--bcher-kva.example>'})

    def sendmail_with(self, options, more):
        return end(subprocess.Popen(
            [self.program, '-t'], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.surroundings(**more), **options),
            'To: root, Bö <bo@bücher.example>\nSubject: Alarm\n\nWässer!\n'
            .encode())

    def test_merge(self):
        rows = self.file(b'email\na@example.org\nb@example.org\n',
                         name='rows.csv')
        letter = self.file(b'Hello {{email}}\n', name='letter.txt')
        with Scripted() as server:
            def start(more, options):
                for left in self.folder.glob('rows.csv.*'):
                    left.unlink()
                return run('send', '--server', server.url, '--merge', rows,
                           '--from', 'pump@example.net', '--to', '{{email}}',
                           '--subject', 'Alarm', '--body', letter, text=b'',
                           env=environment(**more), **options)

            self.check(server, start, wanted=2)


if __name__ == '__main__':
    unittest.main()
