"""exim - a private Exim that requires TLS and a login.

SPDX-License-Identifier: MIT

    with Exim(certificate, authority, user, password, tokens) as server:
        ... server.ports['1.3', 'STARTTLS'] ... server.take(1) ...

Debian's mail servers exclude each other as packages, so that tools/setup only
unpacks this one.
"""
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import processes
from processes import LOOPBACK, Missing, free_port
from stored import Maildir

PROGRAM = '/var/cache/duva/exim4-daemon-light/usr/sbin/exim4'
PROTOCOLS = {'1.2': 'NORMAL:-VERS-ALL:+VERS-TLS1.2',
             '1.3': 'NORMAL:-VERS-ALL:+VERS-TLS1.3'}
MODES = 'STARTTLS', 'implicit'

CONFIG = r"""
primary_hostname = exim.example
exim_path = {program}
spool_directory = {home}/spool
log_file_path = {home}/log/%s
pid_file_path = {home}/pid
exim_user = {owner}
exim_group = {group}
never_users =
keep_environment =
local_interfaces = {address}
daemon_smtp_ports = {ports}
tls_on_connect_ports = {implicit}
tls_advertise_hosts = *
tls_certificate = {home}/server.pem
tls_privatekey = {home}/server.pem
tls_verify_certificates = {home}/ca.pem
tls_try_verify_hosts = *
tls_require_ciphers = ${{if inlist{{$received_port}}{{{old}}}\
    {{{old_priority}}}{{{new_priority}}}}}
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = accept
accept_8bitmime = true
chunking_advertise_hosts = *
smtp_accept_max = 0
smtp_enforce_sync = true
queue_only = false
timezone = UTC
qualify_domain = example.org
received_header_text = Received: by exim.example; login ${{authenticated_id}}

begin acl

acl_rcpt:
    accept authenticated = *
    deny message = log in first

begin routers

all:
    driver = accept
    transport = box

begin transports

box:
    driver = appendfile
    maildir_format
    directory = {home}/mail/box
    user = {owner}
    group = {group}
    return_path_add
    envelope_to_add

begin authenticators

plain:
    driver = plaintext
    public_name = PLAIN
    server_prompts = :
    server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}\
        {{eq{{$auth3}}{{{password}}}}}}}}}
    server_set_id = $auth2

login:
    driver = plaintext
    public_name = LOGIN
    server_prompts = Username:: : Password::
    server_condition = ${{if and{{{{eq{{$auth1}}{{{user}}}}}\
        {{eq{{$auth2}}{{{password}}}}}}}}}
    server_set_id = $auth1

cram:
    driver = cram_md5
    public_name = CRAM-MD5
    server_secret = ${{if eq{{$auth1}}{{{user}}}{{{password}}}fail}}
    server_set_id = $auth1

external:
    driver = external
    public_name = EXTERNAL
    server_advertise_condition = $tls_in_certificate_verified
    server_param2 = ${{certextract{{subject,CN}}{{$tls_in_peercert}}}}
    server_condition = ${{if eq{{$auth2}}{{$auth1}}}}
    server_set_id = $auth2
"""

# What Exim writes above a message that it delivers.
ADDED = re.compile(rb'Return-path: <(?P<sender>.*)>\n'
                   rb'Envelope-to: (?P<recipient>.*)\n'
                   rb'Received: by exim.example; login (?P<login>[^;]*).*\n'
                   rb'(?:\t.*\n)*')


class Exim:
    name = 'Exim'

    def __init__(self, certificate, authority, user, password):
        self.certificate = certificate
        self.authority = authority      # of clients that have certificates
        self.user = user
        self.password = password
        self.ports = {}                 # by protocol and mode

    def __enter__(self):
        processes.need_root('Exim')
        if not os.access(PROGRAM, os.X_OK):
            raise Missing('please run tools/setup test, which unpacks Exim')
        processes.begin(self._begin, self.__exit__)
        return self

    def _begin(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='duva-exim-'))
        mail = Maildir(self.home / 'mail/box', ADDED, self.log)
        self.wait, self.take = mail.wait, mail.take
        self._write_config()
        self._start()

    def __exit__(self, *_):
        if hasattr(self, '_process'):
            processes.end(self._process)
        shutil.rmtree(self.home)

    def _write_config(self):
        self.home.chmod(0o755)
        for folder in 'spool', 'log', 'mail':
            (self.home / folder).mkdir()
            shutil.chown(self.home / folder, 'nobody', 'nogroup')
        for name, file in (('server.pem', self.certificate),
                           ('ca.pem', self.authority)):
            shutil.copy(file, self.home / name)
            (self.home / name).chmod(0o640)
            shutil.chown(self.home / name, 'root', 'nogroup')
        for case in itertools.product(PROTOCOLS, MODES):
            self.ports[case] = free_port()

        def chosen(word):
            return ' : '.join(str(port) for case, port in self.ports.items()
                              if word in case)

        (self.home / 'config').write_text(CONFIG.format(
            home=self.home, program=PROGRAM, address=LOOPBACK,
            owner='nobody', group='nogroup',
            ports=' : '.join(map(str, self.ports.values())),
            implicit=chosen('implicit'), old=chosen('1.2'),
            old_priority=PROTOCOLS['1.2'],
            new_priority=PROTOCOLS['1.3'],
            user=self.user, password=self.password))

    def _start(self):
        with (self.home / 'errors').open('wb') as errors:
            self._process = processes.start(
                PROGRAM, '-C', self.home / 'config', '-bdf', output=errors)
        plain = [port for (_, mode), port in self.ports.items()
                 if mode == 'STARTTLS']
        processes.wait_for(
            lambda: all(processes.greets(LOOPBACK, port) for port in plain),
            self._process, self.log)

    def log(self):
        files = [self.home / 'errors', *(self.home / 'log').glob('*')]
        return '\n'.join(file.read_text(errors='replace') for file in files
                         if file.exists())

    @staticmethod
    def program_version():
        shown = subprocess.run([PROGRAM, '-C', '/dev/null', '-bV'],
                               capture_output=True, text=True).stdout
        return re.search(r'Exim version (\S+)', shown).group(1)
