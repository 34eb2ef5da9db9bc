"""qpsmtpd - qpsmtpd's forkserver, with a Maildir.

SPDX-License-Identifier: MIT
"""
from installed import Installed

SCRIPT = r"""
useradd --system --user-group --home-dir /var/spool/qpsmtpd qpsmtpd
install -d -o qpsmtpd -m 700 /var/spool/qpsmtpd
chown qpsmtpd {mail}
cd /etc/qpsmtpd
echo mail.example.org >me
echo example.org >rcpthosts
echo '/^refuse-/ DENY No such mailbox' >rcpt_regexp
printf '%s\n' rcpt_regexp rcpt_ok 'queue/maildir {mail} %u 777' >plugins
: >logging
echo 40000000 >databytes
QPSMTPD_CONFIG=/etc/qpsmtpd qpsmtpd-forkserver --listen-address 127.0.0.1 \
    --port {port} --user qpsmtpd --no-rdns --limit-connections 40
"""


class Qpsmtpd(Installed):
    name = 'qpsmtpd'
    package = 'qpsmtpd'
    program = 'usr/bin/qpsmtpd-forkserver'
    adds = {'return-path', 'delivered-to', 'received',
            'authentication-results'}

    def script(self):
        return SCRIPT.format(mail=self.mail, port=self.port)
