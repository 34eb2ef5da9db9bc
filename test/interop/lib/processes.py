"""processes - what every server needs: a program, a port, start and stop.

SPDX-License-Identifier: MIT
"""
import os
import shutil
import socket
import subprocess
import time

LOOPBACK = '127.0.0.1'
LIFETIME = 600      # seconds; then a server ends even if its test was killed


class Missing(Exception):
    """A server is not installed, or may not be started."""


class NotRoot(Missing):
    """Only root may start it."""


def loopback_addresses():
    """The addresses to listen on: ::1 only where there is IPv6."""
    found = []
    for family, address in ((socket.AF_INET, LOOPBACK),
                            (socket.AF_INET6, '::1')):
        try:
            with socket.socket(family) as probe:
                probe.bind((address, 0))
            found.append(address)
        except OSError:
            pass
    return found


_given = set()


def free_port(addresses=(LOOPBACK,)):
    """A port that nobody uses on any of the addresses."""
    for _ in range(100):
        with socket.socket() as first:
            first.bind((LOOPBACK, 0))
            port = first.getsockname()[1]
        # A server may not listen yet on what it was given before.
        if port in _given:
            continue
        try:
            for address in addresses:
                family = socket.AF_INET6 if ':' in address else socket.AF_INET
                with socket.socket(family) as probe:
                    probe.bind((address, port))
            _given.add(port)
            return port
        except OSError:
            continue
    raise RuntimeError('no free port on loopback')


def find(program, package):
    found = shutil.which(program, path=os.environ['PATH'] + ':/usr/sbin')
    if not found:
        raise Missing(f'please install {package}')
    return found


def need_root(name):
    if os.geteuid() != 0:
        raise NotRoot(f'{name} must be started by root')


class Unready(Exception):
    """A server ended before it had begun."""


def begin(start, give_up):
    """Another program may be faster at a port: then with other ports."""
    for tries_left in (2, 1, 0):
        try:
            return start()
        except BaseException as problem:
            give_up()
            if not tries_left or not isinstance(problem, Unready):
                raise


def wait_for(ready, process, log):
    """Until the server says so.  When it ends instead, log() tells why."""
    end = time.monotonic() + 60
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise Unready(f'{process.args} did not start\n{log()}')
        time.sleep(0.02)


def start(*words, output=subprocess.DEVNULL):
    """A server that stays in the foreground."""
    return subprocess.Popen(['timeout', str(LIFETIME), *words], stdout=output,
                            stdin=subprocess.DEVNULL, stderr=output)


def greets(address, port):
    """Whether a mail server says its first word there."""
    try:
        with socket.create_connection((address, port), 10) as connection:
            return connection.recv(4) == b'220 '
    except OSError:
        return False


def end(process):
    """Ends one that we started, gently if it is able to."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
