"""qpsmtpd - qpsmtpd's forkserver, with a Maildir behind it.

SPDX-License-Identifier: MIT
"""
from installed import Installed

SCRIPT = r"""
useradd --system --user-group --home-dir /var/spool/qpsmtpd qpsmtpd
mkdir -p /var/spool/qpsmtpd
chown qpsmtpd /var/spool/qpsmtpd
chmod 700 /var/spool/qpsmtpd
cd /etc/qpsmtpd
echo mail.example.org >me
echo example.org >rcpthosts
echo '/^refuse-/ DENY No such mailbox' >rcpt_regexp
echo 'queue/maildir {mail} %u 777' >plugins
sed -i '1i rcpt_regexp\nrcpt_ok' plugins
: >logging
echo 40000000 >databytes
QPSMTPD_CONFIG=/etc/qpsmtpd qpsmtpd-forkserver --listen-address 127.0.0.1 \
    --port {port} --user qpsmtpd --no-rdns --limit-connections 40 &
wait
"""


class Qpsmtpd(Installed):
    name = 'qpsmtpd'
    package = 'qpsmtpd'
    program = '/usr/bin/qpsmtpd-forkserver'
    adds = {b'return-path', b'delivered-to', b'received',
            b'authentication-results'}

    def script(self):
        return SCRIPT.format(mail=self.mail, port=self.port)
