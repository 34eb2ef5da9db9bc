"""test_cli_session - the command duva: trace, time, signals, streams.

SPDX-License-Identifier: MIT
"""
import os
import signal
import socket
import time
import unittest

from command import (ENVELOPE, LATER, OK, TEXT, UNCERTAIN, TestCase, end, run,
                     start)
from scripted import SILENCE, Scripted


class Session(TestCase):
    def test_hello(self):
        with Scripted() as server:
            self.assert_code(self.send(server, *TEXT, '--hello',
                                       'pump.example.net'), OK)
            self.assertEqual(server.lines[0], 'EHLO pump.example.net')
        with Scripted() as server:
            self.assert_code(self.send(server, *TEXT, '--hello',
                                       '[192.0.2.7]'), OK)
            self.assertEqual(server.lines[0], 'EHLO [192.0.2.7]')

    def test_hello_by_itself(self):
        with Scripted() as server:
            self.assert_code(self.send(server), OK)
            self.assertRegex(server.lines[0],
                             r'^EHLO (\[127\.0\.0\.1\]|[\w-]+(\.[\w-]+)+)$')

    def test_trace(self):
        with Scripted(MAIL=b'250 \x1b[31m\xc2\x9b') as server:
            done = self.send(server, *TEXT, '--trace', '--hello', 'me.example')
            self.assert_code(done, OK)
            size = len(server.messages[0])
        lines = done.err.splitlines()
        self.assertRegex(lines[0], r'^  \d\.\d{3} \+\d\.\d{3}    connected to '
                                   rf'127\.0\.0\.1:{server.port} '
                                   r'\(127\.0\.0\.1\)$')
        summary, = [line for line in lines if line.startswith('duva:')]
        at = lines.index(summary)
        self.assertTrue(lines.pop(at).startswith('duva: accepted'))
        self.assertTrue(lines[at].endswith('C: QUIT'), 'it is told before')
        talk = lines[1:]
        for line in talk:
            self.assertRegex(line, r'^  \d\.\d{3} \+\d\.\d{3} [CS]: ')
        times = [float(line[:7]) for line in lines]
        self.assertEqual(times, sorted(times))
        since = [float(line[8:15]) for line in lines]
        for at, before, more in zip(times, [0, *times], since):
            self.assertAlmostEqual(at - before, more)
        talk = [line[15:] for line in talk]
        self.assertEqual([line for line in talk if line[0] == 'C'], [
            'C: EHLO me.example',
            f'C: MAIL FROM:<pump@example.net> SIZE={size}',
            'C: RCPT TO:<ada@example.org>', 'C: DATA',
            f'C: ({size} octets of message)', 'C: .', 'C: QUIT'])
        self.assertIn('S: 250 \\x1B[31m\\xC2\\x9B', talk)
        self.assertIn('S: 250-PIPELINING', talk)
        self.assertNotIn('Water!', done.err)

    def test_trace_of_half_a_message(self):
        """The server stops reading before it has all."""
        text = b'x' * 900 + b'\n'
        with Scripted(EHLO=b'250 test.example', BODY=SILENCE) as server:
            done = self.send(server, *TEXT, '--trace', '--timeout', '1',
                             text=text * 20000)
            self.assert_code(done, LATER, 'time is up', 'at message data')
        self.assertRegex(done.err, r'C: \(a part of \d+ octets of message\)')

    def test_timeout(self):
        for verb, code in {'CONNECT': LATER, 'RCPT': LATER,
                           'END': UNCERTAIN}.items():
            with self.subTest(verb), Scripted(**{verb: SILENCE}) as server:
                before = time.monotonic()
                done = self.send(server, *TEXT, '--timeout', '1', '--json')
                self.assert_code(done, code, 'time is up')
                self.assertEqual(done.json['err'], 'timeout')
                self.assertTrue(0.9 < time.monotonic() - before < 8)

    def test_timeout_of_a_server_that_drips(self):
        with socket.socket() as listener:
            listener.bind(('127.0.0.1', 0))
            listener.listen()
            process = start('send', '--server',
                            f'127.0.0.1:{listener.getsockname()[1]}', *TEXT,
                            '--timeout', '1')
            process.stdin.close()
            process.stdin = None
            connection, _ = listener.accept()
            with connection:
                try:
                    for _ in range(100):
                        connection.sendall(b'220-x\r\n')
                        time.sleep(0.05)
                    self.fail('it did not give up')
                except OSError:
                    pass
            self.assert_code(end(process, None), LATER, 'time is up')

    def interrupt(self, verb, number, *arguments):
        with Scripted(**{verb: SILENCE}) as server:
            process = start('send', '--server', server.url, *TEXT, '--json',
                            *arguments)
            process.stdin.write(b'Water!\n')
            process.stdin.close()
            process.stdin = None
            self.assertTrue(server.reached[verb].wait(10))
            process.send_signal(number)
            return end(process, None)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            done = self.interrupt('RCPT', number)
            self.assert_code(done, -number, 'not sent: cancelled at RCPT TO')
            self.assertEqual(done.json['verdict'], 'retry')
            self.assertEqual(done.json['err'], 'cancelled')
            done = self.interrupt('END', number)
            self.assert_code(done, UNCERTAIN, 'uncertain: cancelled')
            self.assertEqual(done.json['verdict'], 'uncertain')
        self.assert_code(self.interrupt('QUIT', signal.SIGINT), OK, 'accepted')

    def test_closed_streams(self):
        """No socket gets the number of a stream that is closed."""
        raw = b'A: b\r\n\r\n'
        for streams in (2,), (0, 2), (1, 2), (0, 1, 2):
            def close(streams=streams):
                for stream in streams:
                    os.close(stream)

            with self.subTest(streams), Scripted() as server:
                done = run('send', '--server', server.url, *ENVELOPE, '--raw',
                           self.file(raw) if 0 in streams else '-', '--json',
                           '--trace', text=raw, preexec_fn=close)
                self.assertEqual(done.code, OK)
                self.assertEqual(server.messages, [raw])
                server.finish()
                self.assertNotIn(b'{', server.heard)
                self.assertNotIn(b'C:', server.heard)
                self.assertNotIn(b'duva', server.heard)

    def test_port_465_in_clear(self):
        """Both wait for the other one, but not for long."""
        with socket.socket() as listener:
            try:
                listener.bind(('127.0.46.5', 465))
            except PermissionError:
                self.skipTest('port 465 is for root')
            listener.listen()
            begun = time.monotonic()
            done = run('send', '--server', '127.0.46.5:465', *TEXT, '--tls',
                       'required', '--json', text=b'x')
            self.assertLess(time.monotonic() - begun, 20)
        self.assert_code(done, LATER, 'use smtps://')
        self.assertIn('port 465 is for implicit TLS', done.err)
        self.assertEqual(done.json['stage'], 'greeting')

    def test_nobody_reads_the_trace(self):
        reader, writer = os.pipe()
        os.close(reader)
        with Scripted() as server:
            process = start('send', '--server', server.url, *TEXT, '--trace',
                            stderr=writer)
            os.close(writer)
            self.assertEqual(end(process, b'x').code, OK)
            self.assertEqual(len(server.messages), 1)


if __name__ == '__main__':
    unittest.main()
