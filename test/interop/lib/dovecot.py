"""dovecot - a private Dovecot: its users and mechanisms.

SPDX-License-Identifier: MIT

    with Tokens() as tokens, \
            Dovecot(certificate, tokens, {'ada': 'secret'}) as dovecot:
        ... Postfix(certificate, sasl=dovecot.socket) ...

Postfix asks it over its socket, by Dovecot's own protocol.  With a relay, a
port on loopback, it takes mail itself too and hands it on.
"""
import http.server
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.parse

import processes
from processes import LOOPBACK, Missing, free_port

PASSWORD_MECHANISMS = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1',
                       'SCRAM-SHA-256']
TOKEN_MECHANISMS = ['XOAUTH2', 'OAUTHBEARER']

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = {protocols}
listen = 127.0.0.1
hostname = dovecot.example
ssl = required
ssl_cert = <{home}/server.pem
ssl_key = <{home}/server.pem
ssl_dh =
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
import_environment = OPENSSL_CONF={home}/openssl
mail_location = maildir:{home}/mail
passdb {{
    driver = passwd-file
    mechanisms = {passwords}
    args = scheme=PLAIN {home}/users
}}
passdb {{
    driver = oauth2
    mechanisms = {tokens}
    args = {home}/oauth2
}}
userdb {{
    driver = static
    args = uid=nobody gid=nogroup home={home}/mail
}}
service auth {{
    unix_listener {home}/auth {{
        mode = 0666
    }}
}}
service anvil {{
    unix_listener anvil-auth-penalty {{
        mode = 0
    }}
}}
service submission-login {{
    inet_listener submission {{
        port = {port}
    }}
    inet_listener submissions {{
        port = {tls_port}
        ssl = yes
    }}
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
"""

# Dovecot itself has no setting for the highest version.
OPENSSL = """
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = default
[default]
MinProtocol = {protocol}
MaxProtocol = {protocol}
"""

OAUTH2 = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


class Tokens:
    """Says over HTTP to whom a token belongs, as RFC 7662 has it."""

    def __init__(self):
        self.owners = {}        # by token; one that is not here has expired

    def __enter__(self):
        owners = self.owners

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers['Content-Length'])
                form = urllib.parse.parse_qs(self.rfile.read(size).decode())
                owner = owners.get(form.get('token', [''])[0])
                answer = json.dumps({'active': True, 'username': owner}
                                    if owner else {'active': False}).encode()
                self.send_response(200)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self.url = f'http://{LOOPBACK}:{self._server.server_port}/'
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


# What it writes above a message that it hands on.
RECEIVED = re.compile(rb'Received: .*\r\n(?:\t.*\r\n)+')


class Dovecot:
    """protocol: the only version of TLS, as TLSv1.2."""

    name = 'Dovecot'

    def __init__(self, certificate, tokens, users, relay=0,
                 protocol='TLSv1.3'):
        self.certificate = certificate
        self.tokens = tokens
        self.users = users      # passwords by name
        self.relay = relay
        self.protocol = protocol

    def __enter__(self):
        processes.need_root('Dovecot')
        self._program = processes.find('dovecot', 'dovecot-core')
        processes.begin(self._begin, self.__exit__)
        return self

    def _begin(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='duva-dovecot-'))
        self._write_config()
        self._start()

    def __exit__(self, *_):
        if hasattr(self, '_process'):
            processes.end(self._process)
        shutil.rmtree(self.home)

    def _write_config(self):
        self.home.chmod(0o755)
        self.socket = self.home / 'auth'
        self.port, self.tls_port = free_port(), free_port()
        shutil.copy(self.certificate, self.home / 'server.pem')
        (self.home / 'mail').mkdir()
        shutil.chown(self.home / 'mail', 'nobody', 'nogroup')
        users = self.home / 'users'
        users.write_text(''.join(f'{user}:{password}\n'
                                 for user, password in self.users.items()))
        (self.home / 'openssl').write_text(
            OPENSSL.format(protocol=self.protocol))
        (self.home / 'oauth2').write_text(OAUTH2.format(url=self.tokens.url))
        # Dovecot's own processes read these, and nobody else.
        for name in ('users', 'oauth2'):
            (self.home / name).chmod(0o640)
            shutil.chown(self.home / name, 'root', 'dovecot')
        (self.home / 'config').write_text(CONFIG.format(
            home=self.home, port=self.port, tls_port=self.tls_port,
            relay=self.relay or 1,
            protocols='submission' if self.relay else 'none',
            passwords=' '.join(PASSWORD_MECHANISMS).lower(),
            tokens=' '.join(TOKEN_MECHANISMS).lower(),
            mechanisms=' '.join(PASSWORD_MECHANISMS
                                + TOKEN_MECHANISMS).lower()))

    def _start(self):
        self._process = processes.start(self._program, '-F', '-c',
                                        self.home / 'config')
        processes.wait_for(self._is_ready, self._process, self.log)

    def _is_ready(self):
        return self.socket.exists() and (
            not self.relay or processes.greets(LOOPBACK, self.port))

    def logins(self):
        """Who has logged in to send mail."""
        return re.findall('submission-login: Info: Login: user=<(.*?)>',
                          self.log())

    def log(self):
        file = self.home / 'log'
        return file.read_text(errors='replace') if file.exists() else ''

    def program_version(self):
        return subprocess.run([self._program, '--version'], check=True,
                              capture_output=True, text=True).stdout.split()[0]
