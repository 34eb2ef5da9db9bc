"""sendmail_daemon - Sendmail, which hands its mail to a program of ours.

SPDX-License-Identifier: MIT
"""
from installed import Installed

CONFIG = r"""
LOCAL_DOMAIN(`example.org')
OSTYPE(`debian')
FEATURE(`nocanonify')
FEATURE(`accept_unresolvable_domains')
FEATURE(`accept_unqualified_senders')
FEATURE(`no_default_msa')
undefine(`confHOST_STATUS_DIRECTORY')
define(`confDOMAIN_NAME', `mail.example.org')
define(`confTO_IDENT', `0')
define(`confTO_ICONNECT', `1s')
define(`confBAD_RCPT_THROTTLE', `0')
define(`confMAX_DAEMON_CHILDREN', `0')
define(`confREFUSE_LA', `10000')
define(`confQUEUE_LA', `10000')
define(`confDELAY_LA', `0')
define(`confBIND_OPTS', `-DNSRCH -DEFNAMES')
define(`confSERVICE_SWITCH_FILE', `/etc/mail/switch')
define(`confLOG_LEVEL', `9')
define(`LOCAL_MAILER_PATH', `/etc/mail/store')
define(`LOCAL_MAILER_ARGS', `store $u')
define(`LOCAL_MAILER_FLAGS', `Prmn9')
MODIFY_MAILER_FLAGS(`LOCAL', `-w5:|/@AS')
DAEMON_OPTIONS(`Name=MTA, Port={port}, Addr=127.0.0.1')
MAILER(`local')
MAILER(`smtp')
LOCAL_CONFIG
Krefused regex -a<NO> ^<?refuse-
LOCAL_RULESETS
SLocal_check_rcpt
R$*	$: $(refused $1 $)
R$*<NO>	$#error $@ 5.1.1 $: "550 No such mailbox"
"""

SCRIPT = r"""
useradd --system --user-group --home-dir /var/lib/sendmail smmta
useradd --system --user-group --home-dir /var/lib/sendmail smmsp
mkdir -p /var/spool/mqueue /etc/mail {mail}/new {mail}/tmp
chmod -R 777 {mail}
chmod 700 /var/spool/mqueue
cd /etc/mail
echo 'hosts files' >switch
echo 'aliases files' >>switch
:
: >aliases
cat >store <<'END'
#!/bin/sh
umask 022
name=$(date +%s.%N).$$
(for to; do echo "Delivered-To: $to@example.org"; done; cat) >{mail}/tmp/$name
mv {mail}/tmp/$name {mail}/new/$name
END
chmod 755 store
cat >test.mc <<'END'
{config}
END
m4 -D_CF_DIR_=/usr/share/sendmail/cf/ /usr/share/sendmail/cf/m4/cf.m4 test.mc >sendmail.cf
/usr/libexec/sendmail/newaliases || /usr/libexec/sendmail/sendmail -bi || true
/usr/libexec/sendmail/sendmail -bD -q1m -X /dev/null -C /etc/mail/sendmail.cf &
wait
"""


class Sendmail(Installed):
    name = 'Sendmail'
    package = 'sendmail-bin'
    program = '/usr/libexec/sendmail/sendmail'
    adds = {b'return-path', b'delivered-to', b'received'}

    def script(self):
        return SCRIPT.format(mail=self.mail, config=CONFIG.format(
            port=self.port))
