#!/usr/bin/python3
"""switches - each switch of duva/profile.h alone, off from full, on from classic.

SPDX-License-Identifier: MIT

    switches.py COMPILER

Everything that a switch may be in compiles without warnings, and nothing calls
a function that is not there.  A switch whose needs are not met is an error.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools'))
from measure import WARNINGS                                    # noqa: E402
from tree import source_list                                    # noqa: E402

LISTS = ['DUVA_CORE_SOURCES', 'DUVA_EXTRA_SOURCES', 'DUVA_SASL_SOURCES',
         'DUVA_CLIENT_SOURCES', 'DUVA_NETX_SOURCES']
SOURCES = [source for name in LISTS for source in source_list(name)]
INCLUDES = ['-Iinclude', *(f'-I{folder}' for name in (
    'DUVA_NETX_INCLUDES', 'DUVA_NETX_HOST_INCLUDES')
    for folder in source_list(name))]

# What a switch needs, as the end of profile.h says.
NEEDS = {'DUVA_WITH_CHUNKING': ['DUVA_WITH_SIZE'],
         'DUVA_WITH_BURL': ['DUVA_WITH_CHUNKING', 'DUVA_WITH_SIZE'],
         'DUVA_WITH_PIPELINING': ['DUVA_WITH_MAILS'],
         'DUVA_WITH_LMTP': ['DUVA_WITH_RECIPIENTS'],
         'DUVA_NETX_MORE': [f'DUVA_WITH_{name}' for name in (
             'ENHANCED', 'SIZE', 'MAILS', 'RECIPIENTS', 'INITIAL')]}
TEXT = '-DDUVA_TEXT_SIZE=80'        # ENHANCED needs some


def switches():
    text = (ROOT / 'include/duva/profile.h').read_text()
    found = re.findall(r'#ifndef (DUVA_WITH_\w+|DUVA_TRACE|DUVA_NETX_MORE)\b',
                       text)
    if len(found) < 20 or not set(NEEDS) <= set(found):
        raise SystemExit('switches: duva/profile.h has other switches')
    return found


def off(switch):
    """Full without it, and without what needs it."""
    names = [switch, *(name for name, needs in NEEDS.items()
                       if switch in needs)]
    return [f'-D{name}=0' for name in names]


def on(switch):
    """Classic with it, and with what it needs."""
    names = [switch, *NEEDS.get(switch, ())]
    return ['-DDUVA_PROFILE=DUVA_CLASSIC', TEXT,
            *(f'-D{name}=1' for name in names)]


def builds():
    for switch in switches():
        yield f'full without {switch}', off(switch)
        yield f'classic with {switch}', on(switch)
    for profile in ('CLASSIC', 'SECURE', 'FULL'):
        flag = f'-DDUVA_PROFILE=DUVA_{profile}'
        yield profile.lower(), [flag]
        yield f'{profile.lower()} with NX Secure', [flag,
                                                    '-DNX_SECURE_ENABLE']


def contradictions():
    for switch, needs in NEEDS.items():
        for need in needs:
            yield [TEXT, f'-D{switch}=1', f'-D{need}=0']
    yield ['-DDUVA_WITH_TLS=2']
    yield ['-DDUVA_PROFILE=DUVA_SECURE', '-DDUVA_TEXT_SIZE=1']


class Compiler:
    """Compiles a source once for each text that the preprocessor makes."""

    def __init__(self, name, folder):
        self.command = [name, '-std=c99', '-O1', *WARNINGS, *INCLUDES]
        self.folder = folder
        self.workers = concurrent.futures.ThreadPoolExecutor(os.cpu_count())

    def run(self, *arguments):
        return subprocess.run([*self.command, *map(str, arguments)], cwd=ROOT,
                              capture_output=True)

    def digests(self, flags):
        """Of what the preprocessor makes of each source."""
        text = self.run(*flags, '-E', *SOURCES).stdout.decode()
        parts = re.split(r'^# [01] "([^"<]+\.c)"$', text, flags=re.M)[1:]
        texts = dict.fromkeys(SOURCES, '')
        for source, part in zip(parts[::2], parts[1::2]):
            texts[source] += part
        if '' in texts.values():
            raise SystemExit('switches: the preprocessor lost a source')
        return {source: hashlib.sha256((source + part).encode()).hexdigest()
                for source, part in texts.items()}

    def compile(self, source, flags, digest):
        """What is wrong with it."""
        return self.run(*flags, '-c', source, '-o', self.folder
                        / (digest + '.o')).stderr.decode()

    def symbols(self):
        """By the digest of an object: those it calls, those it defines."""
        found = {}
        for line in subprocess.run(
                ['nm', '-A', *self.folder.glob('*.o')], capture_output=True,
                text=True, check=True).stdout.splitlines():
            file, rest = line.split(':', 1)
            *_, kind, symbol = rest.split()
            found.setdefault(pathlib.Path(file).stem, (set(), set()))[
                kind != 'U'].add(symbol)
        return found

    def all(self, named):
        """What is wrong with the builds."""
        builds = list(self.workers.map(self.digests,
                                       (flags for _, flags in named)))
        first = {}
        for (_, flags), build in zip(named, builds):
            for source, digest in build.items():
                first.setdefault(digest, (source, flags))
        wrong = dict(zip(first, self.workers.map(
            lambda digest: self.compile(*first[digest], digest), first)))
        symbols = self.symbols()
        for (name, _), build in zip(named, builds):
            yield from problems(name, build, wrong, symbols)


def problems(name, build, wrong, symbols):
    for source, digest in build.items():
        if wrong[digest]:
            yield f'{name}: {source}:\n{wrong[digest]}'
            return
    called, defined = (set().union(*(symbols[digest][i]
                                     for digest in build.values()
                                     if digest in symbols)) for i in (0, 1))
    for symbol in sorted(called - defined):
        if re.match('_?duva_(?!nx_in_)', symbol):
            yield f'{name}: there is no {symbol}()'


def main():
    named = list(builds())
    with tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(sys.argv[1], pathlib.Path(folder))
        found = list(compiler.all(named))
        for flags in contradictions():
            if compiler.run('-fsyntax-only', *flags,
                            'src/engine.c').returncode == 0:
                found.append(f'{" ".join(flags)} compiles')
    for problem in found:
        print(f'switches: {problem}', file=sys.stderr)
    print(f'switches: {len(named)} builds, {len(found)} problems')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
