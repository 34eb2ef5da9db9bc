"""servers - real mail servers on loopback, for tests and for the demo.

SPDX-License-Identifier: MIT

Each server is a context manager that is ready when entered, listens on a
port of its own on 127.0.0.1 and ::1, and is gone when left:

    with Postfix() as server:
        ... server.port ... server.take(1) ...

Needs Debian's python3-aiosmtpd and postfix: tools/setup installs them.
Postfix must be started by root; without that, sudo is used.
"""
import asyncio
import importlib.metadata
import logging
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import warnings

import processes
from processes import LIFETIME, Missing, free_port, loopback_addresses
from stored import Delivery, Maildir


class Aiosmtpd:
    """aiosmtpd with AUTH PLAIN and LOGIN.  Refuses recipients whose address
    begins with "refuse", and puts off those that begin with "later".  With a
    certificate it offers STARTTLS, and takes mail only after it; implicit
    is TLS from the start, and protocol the only version, as ssl names it."""

    name = 'aiosmtpd'

    def __init__(self, user='', password='', mechanisms=('PLAIN', 'LOGIN'),
                 certificate=None, implicit=False, protocol=None):
        self.tls = None
        self.implicit = implicit
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate)
        if protocol:
            self.tls.minimum_version = protocol
            self.tls.maximum_version = protocol
        self.user = user
        self.password = password
        self.mechanisms = mechanisms
        self.addresses = loopback_addresses()
        self.port = 0
        self._deliveries = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self):
        try:
            import aiosmtpd.smtp as smtp
        except ImportError as error:
            raise Missing('please install python3-aiosmtpd') from error
        # Passwords in the clear are what is tested; loopback is where.
        warnings.filterwarnings('ignore', module='aiosmtpd')
        logging.getLogger('mail.log').setLevel(logging.CRITICAL)
        self._smtp = smtp
        self.port = free_port(self.addresses)
        self._thread.start()
        opening = self._loop.create_server(self._session, self.addresses,
                                           self.port,
                                           ssl=self.tls if self.implicit
                                           else None)
        self._server = asyncio.run_coroutine_threadsafe(
            opening, self._loop).result(10)
        return self

    def __exit__(self, *_):
        async def close():
            self._server.close()
            sessions = [task for task in asyncio.all_tasks()
                        if task is not asyncio.current_task()]
            for session in sessions:
                session.cancel()
            await asyncio.gather(*sessions, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _session(self):
        class Session(self._smtp.SMTP):
            # All octets but CRLF, dot-stuffing and the dot that it adds.
            line_length_limit = 998 + 1 + 2

        others = {'PLAIN', 'LOGIN'} - set(self.mechanisms)
        starttls = self.tls if not self.implicit else None
        return Session(self, hostname='aiosmtpd.example', loop=self._loop,
                       decode_data=False, auth_require_tls=bool(starttls),
                       tls_context=starttls, require_starttls=bool(starttls),
                       auth_required=bool(self.user),
                       auth_exclude_mechanism=others,
                       authenticator=self._authenticate)

    def _authenticate(self, _server, _session, _envelope, mechanism, data):
        self.last_mechanism = mechanism
        given = (data.login.decode(), data.password.decode())
        return self._smtp.AuthResult(
            success=given == (self.user, self.password), handled=False,
            auth_data=data.login.decode())

    @staticmethod
    def program_version():
        return importlib.metadata.version('aiosmtpd')

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith('refuse'):
            return '550 5.1.1 No such mailbox'
        if address.startswith('later'):
            return '450 4.2.1 Mailbox is busy'
        envelope.rcpt_tos.append(address)
        return '250 2.1.5 Recipient ok'

    async def handle_DATA(self, _server, session, envelope):
        self._deliveries.append(Delivery(
            envelope.mail_from, list(envelope.rcpt_tos),
            envelope.original_content, session.auth_data or '',
            list(envelope.mail_options)))
        return '250 2.0.0 Message stored'

    def take(self, count):
        """The messages since the last time, which must be this many."""
        taken, self._deliveries = self._deliveries, []
        if len(taken) != count:
            raise AssertionError(f'{len(taken)} messages arrived, not {count}')
        return taken


MAIN_CF = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log/mail.log
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = {addresses}
mynetworks = 127.0.0.0/8 [::1]/128
smtpd_peername_lookup = no
smtpd_recipient_restrictions = reject_unauth_destination
message_size_limit = 20000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
local_header_rewrite_clients =
default_transport = error:no mail leaves this machine
virtual_mailbox_domains = example.org
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
"""

SASL_CF = """
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {socket}
smtpd_sasl_authenticated_header = yes
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_error_sleep_time = 0
"""

MASTER_CF = """
cleanup   unix       n - n -    0 cleanup
qmgr      unix       n - n 300  1 qmgr
rewrite   unix       - - n -    - trivial-rewrite
bounce    unix       - - n -    0 bounce
defer     unix       - - n -    0 bounce
trace     unix       - - n -    0 bounce
error     unix       - - n -    - error
retry     unix       - - n -    - error
proxymap  unix       - - n -    - proxymap
anvil     unix       - - n -    1 anvil
virtual   unix       - n n -    - virtual
postlog   unix-dgram n - n -    1 postlogd
"""

# What Postfix writes above a message that it delivers.
ADDED = re.compile(rb'Return-Path: <(?P<sender>.*)>\n'
                   rb'X-Original-To: (?P<recipient>.*)\n'
                   rb'Delivered-To: .*\n'
                   rb'Received: .*\n(?:\t\(Authenticated sender: '
                   rb'(?P<login>.*)\)\n|\t.*\n)+')


class Postfix:
    """A private instance of Postfix.  It takes mail for example.org and
    stores it in one Maildir; it sends nothing anywhere.  With a certificate
    it offers STARTTLS, and TLS from the start on tls_port.  With the socket
    of a Dovecot it takes mail only from who has logged in.  Each of others
    is a list of settings, for a port of its own in other_ports."""

    name = 'Postfix'

    def __init__(self, certificate=None, sasl=None, others=()):
        self.certificate = certificate
        self.sasl = sasl
        self.others = others
        self.tls_port = 0
        self.other_ports = []
        self.addresses = loopback_addresses()
        self.port = 0
        self._sudo = [] if os.geteuid() == 0 else ['sudo', '-n']

    def __enter__(self):
        self._postfix = processes.find('postfix', 'postfix')
        self._postconf = processes.find('postconf', 'postfix')
        self._check_rights()
        processes.begin(self._begin, self.__exit__)
        return self

    def _begin(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='duva-postfix-'))
        self.home.chmod(0o755)
        self._mail = Maildir(self.home / 'mail/box', ADDED, self._log)
        self.wait, self.take = self._mail.wait, self._mail.take
        self._write_config()
        self._start()

    def __exit__(self, *_):
        if hasattr(self, '_master') and self._master.poll() is None:
            self._stop()
        subprocess.run([*self._sudo, 'rm', '-rf', str(self.home)], check=True)

    def _check_rights(self):
        if not self._sudo:
            return
        if not shutil.which('sudo'):
            raise Missing('Postfix must be started by root or with sudo')
        if subprocess.run([*self._sudo, 'true'],
                          stderr=subprocess.DEVNULL).returncode:
            raise Missing('Postfix must be started by root: '
                          'please say "sudo -v" first')

    def _write_config(self):
        self.port = free_port(self.addresses)
        for folder in ('etc', 'queue', 'data', 'log', 'mail'):
            (self.home / folder).mkdir()
        subprocess.run([*self._sudo, 'chown', 'postfix',
                        str(self.home / 'data')], check=True)
        # Mail must be readable by us, and is never stored as root.
        uid, gid = os.getuid() or 65534, os.getgid() or 65534
        if os.getuid() == 0:
            os.chown(self.home / 'mail', uid, gid)
        (self.home / 'etc/main.cf').write_text(MAIN_CF.format(
            home=self.home, uid=uid, gid=gid,
            addresses=' '.join(self.addresses)) + self._tls() + self._login())
        (self.home / 'etc/master.cf').write_text(MASTER_CF + ''.join(
            f'[{address}]:{self.port} inet n - n - - smtpd\n'
            for address in self.addresses) + self._wrapper()
            + self._other_services())
        subprocess.run([*self._sudo, 'chown', '-R', 'root',
                        str(self.home / 'etc'), str(self.home / 'queue')],
                       check=True)

    def _tls(self):
        if not self.certificate:
            return ''
        shutil.copy(self.certificate, self.home / 'etc/server.pem')
        return ('smtpd_tls_security_level = may\n'
                'smtpd_tls_session_cache_database = '
                'btree:${data_directory}/sessions\n'
                f'smtpd_tls_chain_files = {self.home}/etc/server.pem\n')

    def _login(self):
        return SASL_CF.format(socket=self.sasl) if self.sasl else ''

    def _wrapper(self):
        if not self.certificate:
            return ''
        self.tls_port = free_port(self.addresses)
        return ('tlsmgr unix - - n 1000? 1 tlsmgr\n' + ''.join(
            f'[{address}]:{self.tls_port} inet n - n - - smtpd '
            '-o smtpd_tls_wrappermode=yes\n' for address in self.addresses))

    def _other_services(self):
        self.other_ports = [free_port() for _ in self.others]
        return ''.join(
            f'127.0.0.1:{port} inet n - n - - smtpd '
            + ' '.join(f'-o {setting}' for setting in settings) + '\n'
            for port, settings in zip(self.other_ports, self.others))

    def _control(self, verb):
        run = subprocess.run(
            [*self._sudo, self._postfix, '-c', str(self.home / 'etc'), verb],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode:
            raise RuntimeError(f'postfix {verb}: {run.stdout}\n{self._log()}')

    def _stop(self):
        if self._sudo:
            self._control('stop')
            self._master.wait(30)
        else:
            processes.end(self._master)     # which ends what it has started

    def _start(self):
        # The daemon itself, in the foreground, so that it is our child; it
        # ends after its lifetime even when nobody is left to stop it.
        where = subprocess.run(
            [self._postconf, '-c', str(self.home / 'etc'), '-h',
             'daemon_directory'], check=True, capture_output=True, text=True)
        self._control('check')
        self._master = subprocess.Popen(
            [*self._sudo, where.stdout.strip() + '/master', '-c',
             str(self.home / 'etc'), '-e', str(LIFETIME)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        processes.wait_for(
            lambda: all(processes.greets(address, self.port)
                        for address in self.addresses),
            self._master, self._log)

    def _log(self):
        log = self.home / 'log/mail.log'
        return log.read_text(errors='replace') if log.exists() else ''

    def program_version(self):
        return subprocess.run([self._postconf, '-c', str(self.home / 'etc'),
                               '-h', 'mail_version'], check=True,
                              capture_output=True, text=True).stdout.strip()
