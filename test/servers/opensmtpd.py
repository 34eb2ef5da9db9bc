"""opensmtpd - OpenSMTPD, with a Maildir.

SPDX-License-Identifier: MIT
"""
from installed import Installed

CONFIG = r"""
table boxes {{ "@example.org" = "box" }}
listen on 127.0.0.1 port {port} hostname mail.example.org
smtp max-message-size 40M
action store maildir "{mail}" virtual <boxes>
match from any for rcpt-to regex "^box-" action store
"""

SCRIPT = r"""
useradd --system --user-group --no-create-home --home-dir /var/empty opensmtpd
useradd --system --user-group --no-create-home --home-dir /var/empty opensmtpq
useradd --user-group --no-create-home --home-dir {mail} box
mkdir -p /var/empty /run/opensmtpd /var/spool/smtpd
chmod 711 /var/spool/smtpd
rm -rf {mail}
mkdir {mail}
chown box {mail}
echo example.org >/etc/mailname
cat >/etc/smtpd.conf <<'END'
{config}
END
smtpd -d
"""


class OpenSMTPD(Installed):
    name = 'OpenSMTPD'
    package = 'opensmtpd'
    program = 'usr/sbin/smtpd'
    adds = {'return-path', 'delivered-to', 'received'}

    def script(self):
        return SCRIPT.format(mail=self.mail, config=CONFIG.format(
            mail=self.mail, port=self.port))
