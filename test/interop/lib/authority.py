"""authority - certificates of every kind, made by the command openssl.

SPDX-License-Identifier: MIT

    with Authority() as authority:
        authority.file ... authority.certificate('IP:127.0.0.1') ...

A certificate is a file with its key in front.
"""
import base64
import hashlib
import pathlib
import subprocess
import tempfile

CONFIG = """
[req]
distinguished_name = dn
[dn]
[ca]
default_ca = default
[default]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


P256 = ('ec', '-pkeyopt', 'ec_paramgen_curve:P-256')


def _openssl(*words):
    return subprocess.run(['openssl', *map(str, words)], check=True,
                          capture_output=True).stdout


class Authority:
    def __init__(self, name='Authority'):
        self.name = name
        self._count = 0

    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix='duva-ca-')
        self.folder = pathlib.Path(self._temporary.name)
        self.file = self.folder / 'ca.pem'
        (self.folder / 'index').touch()
        (self.folder / 'serial').write_text('01\n')
        self._config = self.folder / 'config'
        self._config.write_text(CONFIG.format(folder=self.folder))
        self._self_signed(self.folder / 'ca.key', self.file, self.name,
                          'basicConstraints=critical,CA:TRUE')
        return self

    def __exit__(self, *_):
        self._temporary.cleanup()

    def _self_signed(self, key, file, name, extension):
        _openssl('req', '-x509', '-config', self._config, '-newkey', 'ec',
                 '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout',
                 key, '-out', file, '-days', 30, '-subj', f'/CN={name}',
                 '-addext', extension)

    def _files(self):
        self._count += 1
        return [self.folder / f'{self._count}.{kind}'
                for kind in ('key', 'crt', 'csr', 'ext', 'pem')]

    def certificate(self, names, start='20200101000000Z',
                    end='20991231235959Z', common='server', kind=P256,
                    extension='basicConstraints=CA:FALSE', issuer=None):
        """names: a subjectAltName, or '' for none; kind: of the key; issuer:
        a certificate made here, in place of the authority's."""
        key, crt, csr, ext, both = self._files()
        _openssl('req', '-new', '-config', self._config, '-newkey', *kind,
                 '-nodes', '-keyout', key, '-out', csr, '-subj',
                 f'/CN={common}')
        ext.write_text(extension + '\n'
                       + (f'subjectAltName={names}\n' if names else ''))
        _openssl('ca', '-batch', '-notext', '-config', self._config, '-cert',
                 issuer or self.file, '-keyfile',
                 issuer or self.folder / 'ca.key', '-in', csr,
                 '-out', crt, '-extfile', ext, '-startdate', start,
                 '-enddate', end)
        both.write_text(key.read_text() + crt.read_text())
        return both

    def self_signed(self, names):
        key, crt, _, _, both = self._files()
        self._self_signed(key, crt, 'server', f'subjectAltName={names}')
        both.write_text(key.read_text() + crt.read_text())
        return both

    def unbelievable(self, names, stranger):
        """Certificates for these names that nobody may believe, by reason;
        stranger is an authority that is not trusted."""
        return {
            'cert-self-signed': self.self_signed(names),
            'cert-untrusted': stranger.certificate(names),
            'cert-name': self.certificate('DNS:mail.example,IP:127.0.0.2'),
            'cert-expired': self.certificate(names, end='20210101000000Z'),
            'cert-not-yet': self.certificate(names, start='20980101000000Z'),
        }

    @staticmethod
    def pin(certificate):
        """As --pin wants it."""
        key = _openssl('pkey', '-in', certificate, '-pubout', '-outform',
                       'DER')
        return 'sha256/' + base64.b64encode(
            hashlib.sha256(key).digest()).decode()
