"""proxies - real proxies on loopback, and one that follows a script.

SPDX-License-Identifier: MIT

    with Microsocks() as proxy: ... proxy.url() ...
    with Tinyproxy(USER, PASSWORD, ports=[server.port]) as proxy: ...
    with Speaker(b'\\5\\0', ...) as proxy: ... proxy.heard ...
"""
import pathlib
import socket
import tempfile
import threading

import processes
from processes import LOOPBACK, free_port

TINYPROXY = """
Port {port}
Listen {address}
Timeout 60
MaxClients 20
LogFile "{folder}/log"
LogLevel Info
"""


class _Proxy:
    def __init__(self, user=None, password=None):
        self.user, self.password = user, password

    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix='duva-proxy-')
        self.folder = pathlib.Path(self._temporary.name)
        processes.begin(self._begin, self._end)
        return self

    def __exit__(self, *_):
        self._end()
        self._temporary.cleanup()

    def _begin(self):
        self.port = free_port()
        with open(self.folder / 'output', 'wb') as output:
            self._process = processes.start(*self._command(), output=output)
        processes.wait_for(self._listens, self._process,
                           (self.folder / 'output').read_text)

    def _end(self):
        if hasattr(self, '_process') and self._process.poll() is None:
            processes.end(self._process)

    def stop(self):
        self._end()

    def opened(self):
        """How many connections it has made."""
        return (self.folder / self._log).read_text().count(self._opened)

    def _listens(self):
        try:
            socket.create_connection((LOOPBACK, self.port), 10).close()
            return True
        except OSError:
            return False

    def url(self, user=None):
        login = f'{user}@' if user else ''
        return f'{self.scheme}://{login}{LOOPBACK}:{self.port}'


class Microsocks(_Proxy):
    scheme = 'socks5'
    _log, _opened = 'output', ' connected to '

    def _command(self):
        login = ['-u', self.user, '-P', self.password] if self.user else []
        return [processes.find('microsocks', 'microsocks'), '-i', LOOPBACK,
                '-p', str(self.port), *login]


class Tinyproxy(_Proxy):
    """It connects to no other ports, if any are given."""

    scheme = 'http'
    _log, _opened = 'log', 'Established connection to '

    def __init__(self, user=None, password=None, ports=()):
        super().__init__(user, password)
        self.ports = ports

    def _command(self):
        file = self.folder / 'conf'
        file.write_text(
            TINYPROXY.format(port=self.port, address=LOOPBACK,
                             folder=self.folder)
            + ''.join(f'ConnectPort {port}\n' for port in self.ports)
            + (f'BasicAuth {self.user} {self.password}\n' if self.user
               else ''))
        return [processes.find('tinyproxy', 'tinyproxy'), '-d', '-c',
                str(file)]


class Speaker:
    """Says each answer when it has heard something, then hangs up; with
    patience it waits instead until the other side has gone."""

    def __init__(self, scheme, *answers, patient=False):
        self.scheme = scheme
        self._answers, self._patient = answers, patient
        self._socket = socket.create_server((LOOPBACK, 0))
        self.port = self._socket.getsockname()[1]
        self.heard = bytearray()
        self.asked = threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass                    # it has closed already
        self._socket.close()
        self._thread.join(10)

    url = _Proxy.url

    def _serve(self):
        try:
            connection, _ = self._socket.accept()
            with connection:
                connection.settimeout(20)
                self._converse(connection)
        except OSError:
            pass                    # nobody came, or the other side was first

    def _converse(self, connection):
        for answer in self._answers:
            self.heard += connection.recv(4096)
            self.asked.set()
            connection.sendall(answer)
        while self._patient and (octets := connection.recv(4096)):
            self.heard += octets
            self.asked.set()
