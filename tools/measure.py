"""measure - compiles for small processors, links, and reads what came of it.

SPDX-License-Identifier: MIT

For tools/size.
"""
import collections
import concurrent.futures
import hashlib
import os
import re
import subprocess

from tree import ROOT

# As duva_compile() of cmake/compile.cmake.
WARNINGS = ('-Wall -Wextra -Wpedantic -Wconversion -Wshadow '
            '-Wmissing-declarations -Werror').split()
FLAGS = ['-Os', '-std=c99', '-ffunction-sections', '-fdata-sections']

# Headers of the C library for compilers that come without one.
FREESTANDING = ['-ffreestanding', '-Itest/profile/freestanding']


class Failure(Exception):
    """Something could not be measured."""


def run(*command, cwd=ROOT):
    done = subprocess.run([str(word) for word in command], cwd=cwd,
                          capture_output=True, text=True)
    if done.returncode:
        raise Failure(f'{" ".join(map(str, command))}:\n{done.stderr}')
    return done.stdout


# A part of an object that is in the program: its source, the name of the
# function ('' for what is none), one of KINDS, octets.
Piece = collections.namedtuple('Piece', 'source name kind size')

MAPPED = re.compile(r'^ (\.[\w.$]+|COMMON)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) '
                    r'(\S+)$', re.M)
NAMED = re.compile(r'\.(?:text(?:\.unlikely|\.startup|\.hot)?|literal)\.(.+)')
KINDS = [('text', re.compile(r'\.(text|literal)\b')),
         ('constants', re.compile(r'\.s?rodata\b')),
         ('data', re.compile(r'\.s?data\b')),
         ('bss', re.compile(r'\.s?bss\b|COMMON'))]


class Processor:
    """A compiler and its options.  Objects are compiled once."""

    def __init__(self, name, prefix, options, graph=True, constants='text'):
        self.name = name
        self.prefix = prefix
        self.options = options.split()
        self.graph = graph          # -fcallgraph-info: GCC 10 and later
        self.constants = constants  # 'ram': they are copied there
        self.folder = None          # set by use()
        self.sources = {}           # by object

    def use(self, folder):
        self.folder = folder / re.sub(r'\W+', '', self.name)
        self.folder.mkdir()

    def tool(self, tool, *arguments):
        return run(self.prefix + tool, *arguments)

    def version(self):
        return self.tool('gcc', '--version').splitlines()[0]

    def flags(self):
        if '-ffreestanding' in self.options:
            return [*self.options, *FREESTANDING]
        return self.options

    def object_of(self, source, flags):
        label = hashlib.sha1(' '.join(flags).encode()).hexdigest()[:8]
        file = self.folder / f'{source.replace("/", "_")[:-2]}-{label}.o'
        self.sources[str(file)] = source
        return file

    def compile(self, source, flags=()):
        file = self.object_of(source, flags)
        extra = ['-fcallgraph-info=su'] if self.graph else []
        self.tool('gcc', *self.flags(), *FLAGS, *WARNINGS, *extra, '-Iinclude',
                  *flags, '-c', source, '-o', file)

    def sections(self, file):
        """text, data and bss."""
        return tuple(map(int, self.tool('size', file).splitlines()[1]
                         .split()[:3]))

    def symbols(self, file, kinds):
        names = set()
        for line in self.tool('nm', file).splitlines():
            words = line.split()
            if words[-2] in kinds:
                names.add(words[-1])
        return names

    def evaluate(self, header, expressions, flags=()):
        """The value of each on the target."""
        probe = self.folder / 'probe.c'
        probe.write_text(f'#include "{header}"\n' + ''.join(
            f'char part_{i}[{size}];\n'
            for i, size in enumerate(expressions)))
        target = self.folder / 'probe.o'
        self.tool('gcc', *self.flags(), *flags, '-Iinclude', '-c', probe, '-o',
                  target)
        sizes = {}
        for line in self.tool('nm', '-S', target).splitlines():
            _, size, _, name = line.split()
            sizes[name] = int(size, 16)
        return [sizes[f'part_{i}'] for i in range(len(expressions))]

    def keep(self, roots, objects):
        """What a linker keeps of the objects for these names: a file."""
        linked = self.folder / 'linked.o'
        self.tool('gcc', *self.options, '-r', '-nostdlib', '-Wl,--gc-sections',
                  *(f'-Wl,--undefined={root}' for root in roots), *objects,
                  '-o', linked)
        return linked

    def link(self, entry, objects, allowed):
        """A program, whose first object is its own; what it lacks must match
        allowed.  Returns its sections, pieces, and calls into the rest."""
        missing = self.symbols(self.keep([entry], objects), 'U')
        for name in missing:
            if not allowed.fullmatch(name):
                raise Failure(f'{entry} on {self.name} does not link: there '
                              f'is no {name}')
        program = self.folder / 'program.elf'
        mapped = self.folder / 'program.map'
        self.tool('gcc', *self.options, '-nostdlib', '-Wl,--gc-sections',
                  f'-Wl,-e,{entry}', f'-Wl,-Map={mapped}',
                  *(f'-Wl,--defsym={name}={entry}+0x8000' # within reach
                    for name in missing),
                  *objects, '-lgcc', '-o', program)
        return (self.sections(program), self.pieces(mapped.read_text()),
                self.symbols(objects[0], 'U') - missing)

    def pieces(self, text):
        text = text.split('Linker script and memory map', 1)[1]
        for section, size, file in MAPPED.findall(text):
            kind = next((kind for kind, pattern in KINDS
                         if pattern.match(section)), None)
            if kind is None or int(size, 16) == 0:
                continue
            name = NAMED.match(section)
            yield Piece(self.sources.get(file, 'libgcc'),
                        name[1] if name else '', kind, int(size, 16))


def compile_all(wanted):
    """Compiles (processor, source, flags), each once, on all cores."""
    wanted = dict.fromkeys((processor, source, tuple(flags))
                           for processor, source, flags in wanted)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        list(workers.map(lambda one: one[0].compile(*one[1:]), wanted))


# Calls through a pointer in functions of the first pattern end in one of the
# second; all others may end anywhere.
NARROW = {r'port/netx/duva_netx\.c:': r'port/netx/duva_netx\.c:tcp_',
          r'port/nxsecure/duva_nxsecure\.c:':
          r'port/netx/duva_netx\.c:tcp_|compat/netxduo/nxd_smtp_secure\.c:',
          r'compat/netxduo/nxd_smtp_session\.c:answer_plain':
          r'src/sasl/password\.c:',
          r'compat/netxduo/nxd_smtp_message\.c:|duva__nx_message_':
          r'compat/netxduo/nxd_smtp_content\.c:',
          # What the caller supplies is not counted.
          r'compat/netxduo/nxd_smtp_content\.c:|duva__nx_source_read'
          r'|mime/compose/content\.c:|duva__content_|duva__trace'
          r'|compat/netxduo/nxd_smtp_secure\.c:set_up': r'$',
          r'mime/|duva__words': r'mime/'}


class Calls:
    """Who calls whom, and what stack each function takes, as GCC saw it.  With
    kept, the (source, name) of a program, only what is in it counts."""

    def __init__(self, objects, kept=None):
        self.stack = {}
        self.callees = {}
        for file in objects:
            self._read(file.with_suffix('.ci').read_text(), kept)
        for source, name in kept or ():
            if not {name, f'{source}:{name}'} & self.stack.keys():
                raise Failure(f'{source}: the call graph has no {name}')
        # A call through a pointer may end in any function of these files
        # that is hidden and that nobody calls by name.
        called = set().union(*self.callees.values())
        self.pointed = [name for name in self.stack
                        if re.search(':|^duva__', name)
                        and name not in called]

    def _read(self, text, kept):
        for name, label in re.findall(
                r'node: \{ title: "([^"]*)" label: "([^"]*)"', text):
            frame = re.search(r'(\d+) bytes \((static|dynamic[^)]*)\)', label)
            if not frame:
                continue
            if frame.group(2) == 'dynamic':
                raise Failure(f'{name}: its stack has no bound')
            source = label.split('\\n')[1].split(':')[0]
            if kept is None or (source, name.split(':')[-1]) in kept:
                self.stack[name] = int(frame.group(1))
        for caller, callee in re.findall(
                r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', text):
            if caller in self.stack:
                self.callees.setdefault(caller, set()).add(callee)

    def _pointed_from(self, caller):
        for callers, callees in NARROW.items():
            if re.match(callers, caller):
                return [name for name in self.pointed
                        if re.match(callees, name)]
        return self.pointed

    def deepest(self, name, above=()):
        if name in above:
            raise Failure(f'{name} calls itself: its stack has no bound')
        if name == '__indirect_call':
            return max((self.deepest(it, above)
                        for it in self._pointed_from(above[-1])), default=0)
        if name not in self.stack:
            return 0                # memcpy and its like
        return self.stack[name] + max(
            (self.deepest(callee, (*above, name))
             for callee in self.callees.get(name, ())), default=0)

    def path(self, name, above=()):
        """The functions of the deepest path."""
        if name == '__indirect_call':
            below = self._pointed_from(above[-1])
        elif name not in self.stack:
            return []
        else:
            below = self.callees.get(name, ())
            above = (*above, name)
        next_one = max(below, key=lambda it: self.deepest(it, above),
                       default=None)
        rest = self.path(next_one, above) if next_one else []
        return rest if name == '__indirect_call' else [name, *rest]
