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
APART = ['unshare', '--mount', '--pid', '--fork', '--kill-child',
         '--propagation', 'private', '/bin/sh', '-ec']

# $1 is an empty folder, $2 that of the package.
VIEW = r"""
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
cp -a "$2/." "$1/upper"
mount -t overlay overlay "$1/root" \
    -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work"
"""
# $3 is the home of the server.
ENTER = VIEW + r"""
mount --rbind /dev "$1/root/dev"
mount -t proc proc "$1/root/proc"
mount -t tmpfs -o mode=755 tmpfs "$1/root/run"
mount --bind "$3" "$1/root$3"
exec chroot "$1/root" /bin/sh -e "$3/begin"
"""

# The first process of a namespace is ended by no signal that it does not
# expect, and all others end with it.
BEGIN = r"""
trap 'exit 0' TERM
PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
cd /
echo 'hosts: files dns' >/etc/nsswitch.conf
echo 'nameserver {names}' >/etc/resolv.conf
echo '127.0.0.1 localhost mail.example.org' >/etc/hosts
{script} &
wait
"""


class Installed(Store):
    """A server out of a Debian package; a class of it has the name of its
    package, and script(), whose last command runs until the server ends."""

    package = ''
    program = ''        # a file of the package
    lmtp = False

    def __enter__(self):
        processes.need_root(self.name)
        self.folder = CACHE / self.package
        if not (self.folder / self.program).exists():
            raise Missing(f'no {self.name}: please run tools/setup test, '
                          f'which unpacks {self.package}')
        self._need_views()
        processes.begin(self._begin, self.__exit__)
        return self

    def _need_views(self):
        with tempfile.TemporaryDirectory() as view, \
                tempfile.TemporaryDirectory() as nothing:
            tried = subprocess.run([*APART, VIEW, 'sh', view, nothing],
                                   capture_output=True, text=True)
        if tried.returncode:
            raise Missing(f'{self.name} needs an overlay, which cannot be '
                          f'mounted here: {tried.stderr.strip()}')

    def _begin(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='duva-server-'))
        self.home.chmod(0o755)
        self.port = processes.free_port()
        self.mail = self.home / 'mail'
        for folder in 'view', 'mail':
            (self.home / folder).mkdir()
        self._names = NoNames(self.port)
        self._names.__enter__()
        (self.home / 'begin').write_text(BEGIN.format(
            names=self._names.address, script=self.script().strip()))
        with (self.home / 'errors').open('wb') as errors:
            self._process = processes.start(
                *APART, ENTER, 'sh', self.home / 'view', self.folder,
                self.home, output=errors)
        processes.wait_for(self.ready, self._process, self.log)

    def __exit__(self, *_):
        if hasattr(self, '_process'):
            processes.end(self._process)
        if hasattr(self, '_names'):
            self._names.__exit__()
        shutil.rmtree(self.home)

    def program_version(self):
        log = self.folder / f'usr/share/doc/{self.package}/changelog.Debian.gz'
        with gzip.open(log, 'rt') as lines:
            return re.search(r'\((?:\d+:)?([^-)]+)', next(lines))[1]
