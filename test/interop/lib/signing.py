"""signing - a DKIM key, and its DNS record.

SPDX-License-Identifier: MIT
"""
import base64
import subprocess


def _openssl(*words):
    return subprocess.run(['openssl', *map(str, words)], check=True,
                          capture_output=True).stdout


def key_pair(file, kind):
    """Puts a new key into the file; returns the DNS record (RFC 6376 3.6.1)
    that goes with it."""
    _openssl('genpkey', '-algorithm', kind, '-out', file)
    public = _openssl('pkey', '-in', file, '-pubout', '-outform', 'DER')
    if kind == 'ed25519':
        public = public[-32:]
    return (f'v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}'
            .encode())
