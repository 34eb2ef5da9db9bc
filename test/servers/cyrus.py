"""cyrus - Cyrus's lmtpd, with the mailboxes that it makes.

SPDX-License-Identifier: MIT
"""
from installed import Installed

CONFIG = r"""
configdirectory: /var/lib/cyrus
proc_path: /run/cyrus/proc
mboxname_lockpath: /run/cyrus/lock
defaultpartition: default
partition-default: {mail}
unixhierarchysep: yes
lmtp_downcase_rcpt: yes
sasl_pwcheck_method: auxprop
autocreate_quota: 0
autocreate_post: yes
autocreate_users: {boxes}
sievedir: /var/spool/sieve
admins: cyrus
virtdomains: off
umask: 022
duplicatesuppression: no
mailbox_legacy_dirs: yes
servername: mail.example.org
"""

SCRIPT = r"""
useradd --system --gid mail --home-dir /var/spool/cyrus cyrus
mkdir -p /run/cyrus/proc /run/cyrus/lock /run/cyrus/socket
chown -R cyrus:mail /run/cyrus /var/lib/cyrus /var/spool/sieve {mail}
cat >/etc/imapd.conf <<'END'
{config}
END
cat >/etc/cyrus.conf <<'END'
START {{
    recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -r"
}}
SERVICES {{
    lmtp cmd="lmtpd -a" listen="127.0.0.1:{port}" prefork=0 maxchild=20
}}
END
/usr/lib/cyrus/bin/master -p /run/cyrus/pid
"""


class Cyrus(Installed):
    name = 'Cyrus lmtpd'
    package = 'cyrus-imapd'
    program = 'usr/lib/cyrus/bin/lmtpd'
    lmtp = True
    files = '**/[0-9]*.'
    adds = {'return-path', 'received', 'x-cyrus-session-id', 'x-sieve'}

    def script(self):
        boxes = ' '.join(f'box-{n}' for n in range(1000))
        return SCRIPT.format(mail=self.mail, port=self.port,
                             config=CONFIG.format(mail=self.mail, boxes=boxes))

    def recipients(self, file, _message):
        return [f'{file.parent.name}@example.org']
