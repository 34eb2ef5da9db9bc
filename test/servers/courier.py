"""courier - Courier, with a Maildir.

SPDX-License-Identifier: MIT
"""
from installed import Installed
from processes import LIFETIME

SCRIPT = r"""
useradd --system --user-group --home-dir /var/lib/courier courier
for tool in makedat maildirmake; do
    ln -sf $tool.courier /usr/bin/$tool
done
chmod 4755 /usr/lib/courier/courier/submitmkdir
cd /etc/courier
echo mail.example.org >me
echo example.org | tee defaultdomain locals esmtpacceptmailfor >/etc/mailname
echo postmaster@example.org >dsnfrom
: >aliases/system
rmdir {mail}
maildirmake {mail}
chmod -R 777 {mail}
echo {mail}/ >aliasdir/.courier-box-default
echo '127.0.0	allow' >smtpaccess/default
sed -i 's/^authmodulelist=.*/authmodulelist="authuserdb"/' authdaemonrc
userdb postmaster set uid=1 gid=1 home=/nonexistent
chmod 600 userdb
makeuserdb
# It would look for the domain of the sender, and hold up what it refuses.
cat >>esmtpd <<'END'
PORT=127.0.0.1.{port}
BOFHCHECKDNS=0
TARPIT=0
COURIERTLS=
END
mkdir -p /run/courier/authdaemon
chown -R courier:courier . /var/lib/courier /run/courier
makesmtpaccess
makealiases
authdaemond start
courier start
esmtpd start
sleep {lifetime}
"""


class Courier(Installed):
    name = 'Courier'
    package = 'courier-mta'
    program = 'usr/sbin/courieresmtpd'
    connections = 5     # from one address, as it comes from Debian
    adds = {'return-path', 'delivered-to', 'received'}

    def script(self):
        return SCRIPT.format(mail=self.mail, port=self.port,
                             lifetime=LIFETIME)
