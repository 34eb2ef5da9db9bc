"""sendmail_daemon - Sendmail, with a folder of messages.

SPDX-License-Identifier: MIT
"""
from installed import Installed

# However busy the machine is: what is accepted is delivered at once.  A mail
# may have 100 recipients.
CONFIG = r"""
OSTYPE(`debian')
FEATURE(`nocanonify')
FEATURE(`accept_unresolvable_domains')
FEATURE(`no_default_msa')
LOCAL_DOMAIN(`example.org')
define(`confDOMAIN_NAME', `mail.example.org')
define(`confTO_IDENT', `0')
define(`confMAX_RCPTS_PER_MESSAGE', `100')
define(`confREFUSE_LA', `10000')
define(`confQUEUE_LA', `10000')
define(`confSERVICE_SWITCH_FILE', `/etc/mail/switch')
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
for user in smmta smmsp; do
    useradd --system --user-group --home-dir /var/lib/sendmail $user
done
mkdir -m 700 -p /var/spool/mqueue
mkdir -p /var/lib/sendmail/host_status
mkdir {mail}/new {mail}/tmp
chmod -R 777 {mail}
cd /etc/mail
printf '%s\n' 'hosts files' 'aliases files' >switch
: >aliases
: >local-host-names
cat >store <<'END'
#!/bin/sh
umask 022
name=$(date +%s.%N).$$
(for to; do echo "Delivered-To: $to@example.org"; done; cat) >{mail}/tmp/$name
mv {mail}/tmp/$name {mail}/new/$name
END
chmod 755 store
m4 -D_CF_DIR_=/usr/share/sendmail/cf/ /usr/share/sendmail/cf/m4/cf.m4 - \
    >sendmail.cf <<'END'
{config}
END
/usr/libexec/sendmail/sendmail -bi
/usr/libexec/sendmail/sendmail -bD -q1m
"""


class Sendmail(Installed):
    name = 'Sendmail'
    package = 'sendmail-bin'
    program = 'usr/libexec/sendmail/sendmail'
    adds = {'return-path', 'delivered-to', 'received'}

    def script(self):
        return SCRIPT.format(mail=self.mail, config=CONFIG.format(
            port=self.port))
