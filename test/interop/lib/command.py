"""command - runs the command duva, and keeps its output.

SPDX-License-Identifier: MIT
"""
import base64
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

OK, USAGE, DATA, NOINPUT, NOHOST, REFUSED = 0, 64, 65, 66, 68, 69
CANTCREAT, LATER, PROTOCOL = 73, 75, 76
AUTH, CONFIG, UNCERTAIN = 77, 78, 79

CONTROLS = [chr(c) for c in (*range(1, 32), 127)]
ENVELOPE = ['--from', 'pump@example.net', '--to', 'ada@example.org']
TEXT = [*ENVELOPE, '--subject', 'Alarm']
SECRET = 'correct horse: battery'


class Done:
    """What a run of the command left behind."""

    def __init__(self, code, out, err):
        self.code = code
        self.raw = out + err
        self.out = out.decode()             # UTF-8, or the test fails
        self.err = err.decode()

    @property
    def json(self):
        def constant(name):
            raise ValueError(f'{name} is not JSON')

        return json.loads(self.out, parse_constant=constant)


def environment(**more):
    """Ours, without what would make the command do something else."""
    ours = {name: value for name, value in os.environ.items()
            if name not in ('DUVA_SERVER', 'NETRC', 'XDG_RUNTIME_DIR',
                            'DBUS_SESSION_BUS_ADDRESS')}
    return {**ours, 'HOME': '/nonexistent', 'XDG_CONFIG_HOME': '/nonexistent',
            **more}


def start(*arguments, **options):
    options = {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE,
               'stderr': subprocess.PIPE, 'env': environment(), **options}
    return subprocess.Popen([os.environ['DUVA'], *arguments], **options)


def end(process, text=b''):
    out, err = process.communicate(text, timeout=30)
    return Done(process.returncode, out or b'', err or b'')


def run(*arguments, text=b'Water!\n', **options):
    return end(start(*arguments, **options), text)


def in_memory(process, secret):
    """Is it in what the process has mapped, as it is or in base64?"""
    forms = (secret, base64.b64encode(secret)[:-4],
             base64.b64encode(b'\0ada\0' + secret)[:-4])
    folder = pathlib.Path(f'/proc/{process.pid}')
    with open(folder / 'mem', 'rb', buffering=0) as memory:
        for line in (folder / 'maps').read_text().splitlines():
            first, last = (int(end, 16) for end in line.split()[0].split('-'))
            if last - first > 1 << 26 or '[v' in line:
                continue            # a sanitizer's, the kernel's
            try:
                memory.seek(first)
                data = memory.read(last - first)
            except OSError:
                continue            # nobody can read it
            if any(form in data for form in forms):
                return True
    return False


class TestCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, content, mode=0o600, name='file'):
        file = self.folder / name
        file.write_bytes(content)
        file.chmod(mode)
        return str(file)

    def assert_code(self, done, code, *words):
        """The exit status, and words that must be in what people see."""
        self.assertEqual(done.code, code, done.out + done.err)
        for word in words:
            self.assertIn(word, done.err)
        self.assertNotRegex(done.err, '[\x00-\x09\x0b-\x1f\x7f-\x9f]')

    def assert_silent(self, server, done, code, *words):
        """It failed before anybody was connected to."""
        self.assert_code(done, code, *words)
        self.assertEqual(server.connections, 0)
        self.assertEqual(server.heard, b'')

    def send(self, server, *arguments, **options):
        return run('send', '--server', server.url, *(arguments or TEXT),
                   **options)
