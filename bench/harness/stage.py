"""stage - what a measurement needs: messages, certificate, sink and line.

SPDX-License-Identifier: MIT
"""
import json
import os
import random
import subprocess
import zlib

HEADER = """\
From: Bench <bench@client.example>\r
To: Sink <r0@sink.example>\r
Date: Mon, 23 Nov 2026 00:00:00 +0000\r
Message-ID: <1@client.example>\r
Subject: benchmark\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
\r
""".encode()
LINE = b'he pigeon flies over hill and town and is home again before night. ' * 2


class Failure(Exception):
    """A measurement cannot be made, or is not valid."""


class Body:
    """A message in files: with CRLF, or with LF, or with LF but for the last
    line, which some clients end themselves."""

    def __init__(self, folder, name, size, dots):
        line = ((b'.' if dots else b'T') + LINE)[:76] + b'\r\n'
        text = HEADER + line * ((size - len(HEADER)) // len(line) + 1)
        text = text[:size - 2].rstrip(b'\r\n') + b'\r\n'
        self.octets = len(text)
        self.sum = zlib.crc32(text)
        self.crlf = _file(folder, name + '.crlf', text)
        text = text.replace(b'\r\n', b'\n')
        self.lf = _file(folder, name + '.lf', text)
        self.open = _file(folder, name + '.open', text[:-1])

    @property
    def megabytes(self):
        return self.octets / 1e6


def _file(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return str(path)


def attachment(folder, size):
    return _file(folder, 'attachment.bin', random.Random(1).randbytes(size))


def certificate(folder):
    """A certificate for 127.0.0.1 that is its own authority: its paths."""
    cert, key = str(folder / 'cert.pem'), str(folder / 'key.pem')
    done = subprocess.run(
        ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
         'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
         '/CN=sink.example', '-addext', 'subjectAltName=IP:127.0.0.1',
         '-keyout', key, '-out', cert], capture_output=True, text=True)
    if done.returncode:
        raise Failure(f'openssl: {done.stderr}')
    return cert, key


class _Program:
    """A helper that says one line of JSON, and goes when its input ends."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = self.listen(command[0])

    def listen(self, name):
        line = self.process.stdout.readline()
        if not line:
            self.close()
            raise Failure(f'{name} ended')
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Sink(_Program):
    """The server; ports by what they offer."""

    def __init__(self, programs, address='127.0.0.1', inside=(), tls=None):
        command = [*inside, str(programs / 'sink'), f'address={address}']
        if tls:
            command += [f'cert={tls[0]}', f'key={tls[1]}']
        super().__init__(command)
        self.address = address
        self.ports = self.facts

    def report(self):
        """What arrived since the last report."""
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        return self.listen('sink')


class Line(_Program):
    """Two namespaces, a line between them, microseconds long each way."""

    def __init__(self, programs, microseconds):
        super().__init__([str(programs / 'relay'), str(microseconds)])

    def address(self, end):
        return self.facts[end]['address']

    def inside(self, end):
        """What to put before a command that is to run at that end."""
        return ['nsenter', f"--net={self.facts[end]['net']}"]


def why_no_line():
    """Why there can be no Line here; None when there can."""
    if os.geteuid() != 0:
        return 'the line of 50 ms needs root'
    if not os.path.exists('/dev/net/tun'):
        return 'the line of 50 ms needs /dev/net/tun'
    done = subprocess.run(['unshare', '-n', 'true'], capture_output=True)
    return None if done.returncode == 0 else \
        'the line of 50 ms needs network namespaces'
