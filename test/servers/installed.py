"""installed - a view of this machine in which a package is installed.

SPDX-License-Identifier: MIT

Debian's mail servers exclude each other as packages, and look for their files
in fixed places.  tools/setup unpacks each into a folder; here an overlay lays
that folder over the root of the file system, in namespaces of mounts and of
processes that end with the server.  Nothing of it is seen outside, and what
the server writes is in memory, but for what it writes into its own home.
"""
import gzip
import pathlib
import re
import shutil
import subprocess
import tempfile

import processes
from no_names import NoNames
from processes import LIFETIME, Missing
from store import Store

CACHE = pathlib.Path('/var/cache/duva')

# $1 is the home of the server, $2 the folder of its package.
MOUNT = r"""
set -e
top=$1/view
mount -t tmpfs -o mode=755 tmpfs "$top"
mkdir "$top/upper" "$top/work" "$top/root"
cp -a "$2/." "$top/upper"
mount -t overlay overlay "$top/root" \
    -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work"
mount --rbind /dev "$top/root/dev"
mount -t proc proc "$top/root/proc"
mount -t tmpfs -o mode=755 tmpfs "$top/root/run"
mount --bind "$1" "$top/root$1"
exec chroot "$top/root" /bin/sh "$1/begin"
"""

# The first process of a namespace is not ended by a signal that it does not
# expect, and all others end with it.
BEGIN = r"""
set -e
trap 'exit 0' TERM
PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
cd /
echo 'hosts: files' >/etc/nsswitch.conf
echo 'nameserver {names}' >/etc/resolv.conf
echo '127.0.0.1 localhost mail.example.org' >/etc/hosts
{script}
echo $? >{home}/ended
"""


class Installed(Store):
    """A server out of a Debian package; a class of it has the name of its
    package and script(), which starts the server last."""

    package = ''
    program = ''        # a file of the package
    lmtp = False

    def __enter__(self):
        processes.need_root(self.name)
        self.folder = CACHE / self.package
        if not (self.folder / self.program.lstrip('/')).exists():
            raise Missing(f'no {self.name}: please run tools/setup test, '
                          f'which unpacks {self.package}')
        processes.begin(self._begin, self.__exit__)
        return self

    def _begin(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='duva-server-'))
        self.home.chmod(0o755)
        self.port = processes.free_port()
        self._names = NoNames(self.port)
        self._names.__enter__()
        (self.home / 'view').mkdir()
        self.mail = self.home / 'mail'
        self.mail.mkdir()
        self.mail.chmod(0o777)
        (self.home / 'begin').write_text(BEGIN.format(
            home=self.home, names=self._names.address, script=self.script()))
        with (self.home / 'errors').open('wb') as errors:
            self._process = subprocess.Popen(
                ['timeout', '--kill-after=5', str(LIFETIME), 'unshare',
                 '--mount', '--pid', '--fork', '--kill-child',
                 '--propagation', 'private', '/bin/sh', '-c', MOUNT, 'sh',
                 str(self.home), str(self.folder)],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        processes.wait_for(self.ready, self._process, self.log)

    def __exit__(self, *_):
        if hasattr(self, '_process'):
            processes.end(self._process)
        self._names.__exit__()
        shutil.rmtree(self.home)

    def program_version(self):
        log = self.folder / f'usr/share/doc/{self.package}/changelog.Debian.gz'
        with gzip.open(log, 'rt') as lines:
            return re.search(r'\((?:\d+:)?([^-)]+)', next(lines))[1]
