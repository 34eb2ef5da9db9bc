"""courier - Courier's esmtpd, with a Maildir behind it.

SPDX-License-Identifier: MIT
"""
from installed import Installed

SCRIPT = r"""
useradd --system --user-group --home-dir /var/lib/courier courier
cd /etc/courier
chown -R courier:courier . /var/lib/courier
mkdir -p /run/courier/authdaemon
chown -R courier:courier /run/courier
chmod 4755 /usr/lib/courier/courier/submitmkdir
echo mail.example.org >me
echo example.org >defaultdomain
echo example.org >/etc/mailname
echo example.org >locals
echo example.org >esmtpacceptmailfor
echo postmaster@example.org >dsnfrom
: >aliases/system
echo {mail} >aliasdir/.courier-box-default
chown courier:courier aliasdir/.courier-box-default
for tool in makedat maildirmake lockmail preline deliverquota; do
    ln -sf $tool.courier /usr/bin/$tool
done
rm -r {mail}
maildirmake {mail}
chmod -R 777 {mail}
sed -i 's/^authmodulelist=.*/authmodulelist="authuserdb"/' authdaemonrc
userdb postmaster set uid=1 gid=1 home=/nonexistent
chmod 600 userdb
makeuserdb
sed -i -e 's/^PORT=.*/PORT=127.0.0.1.{port}/' -e 's/^BOFHCHECKDNS=.*/BOFHCHECKDNS=0/' -e 's/^TARPIT=.*/TARPIT=0/' \
    -e 's/^ESMTPAUTH.*//' -e 's/^COURIERTLS.*//' esmtpd
echo '127.0.0	allow,RELAYCLIENT' >smtpaccess/default
makesmtpaccess
makealiases
authdaemond start
courier start
esmtpd start
sleep 100000 &
wait
"""


class Courier(Installed):
    name = 'Courier'
    package = 'courier-mta'
    program = '/usr/sbin/courieresmtpd'
    adds = {b'return-path', b'delivered-to', b'received'}

    def script(self):
        return SCRIPT.format(mail=str(self.mail) + '/', port=self.port)
