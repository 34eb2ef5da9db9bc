"""footprint - what a board's memory holds, as a section of doc/memory.md.

SPDX-License-Identifier: MIT
"""
import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / 'doc/memory.md'
TITLE = '\n## On a board\n'

# An input section of a map file: name, address, size, file.
INPUT = re.compile(r'^ \.(text|rodata|data|bss)\S*\s+0x[0-9a-f]+\s+'
                   r'0x([0-9a-f]+) (\S+)', re.M)
PARTS = [('Duva: engine', r'/src/'), ('Duva: client', r'/client/'),
         ('Duva: composer', r'/mime/'), ('Duva: link on lwIP', r'/port/lwip/'),
         ('Duva: link on mbedTLS, digests', r'/port/mbedtls/'),
         ('lwIP', r'liblwip'), ('mbedTLS', r'libmbedtls'),
         ('program, board and C library', '')]

SECTION = """
`firmware/` on QEMU's mps2-an386, read from its run by `make firmware-test`:
an alarm with an attachment and 50 reports over one connection, STARTTLS with
ECDHE and P-256, SCRAM-SHA-256, lwIP {lwip} over IPv4. All of Duva is there,
compiled with `-Os`; lwIP and mbedTLS are not tuned for size.

| octets of flash | |
|---|--:|
{flash}

| octets of RAM | |
|---|--:|
{ram}

Stack is the most that was used, by everything: painted before `main()`,
interrupts included (under {board_stack}). The heap is `malloc()`'s, of which
mbedTLS takes all: a record buffer of 16 KB for what comes in, one of 2 KB for
what goes out, keys and certificates (under {board_heap}).
"""


def octets(number):
    return f'{number:,}'.replace(',', ' ')


def sizes(map_file, kinds):
    """Octets of each part of the program, in sections of these kinds."""
    text = map_file.read_text().split('Linker script and memory map', 1)[1]
    text = re.sub(r'^( \.\S+)\n\s+', r'\1 ', text, flags=re.M)
    found = collections.Counter()
    for kind, size, name in INPUT.findall(text):
        if kind in kinds:
            found[next(part for part, pattern in PARTS
                       if re.search(pattern, name))] += int(size, 16)
    return found


def rows(pairs):
    return '\n'.join(f'| {name} | {octets(value)} |' for name, value in pairs)


def publish(memory, image, limits):
    """memory: that of board.Run."""
    map_file = pathlib.Path(image).with_suffix('.map')
    flash = sizes(map_file, ('text', 'rodata', 'data'))
    static = sizes(map_file, ('data', 'bss'))
    ram = [('stack', memory['stack']),
           ('heap of mbedTLS', memory['heap of TLS']),
           ('lwIP: its heap of 16 KB, pools, tables', static['lwIP']),
           ('static variables of Duva itself',
            sum(size for part, size in static.items()
                if part.startswith('Duva'))),
           ('`duva_client`, with the engine', memory['client']),
           ('its output buffer', memory['buffer']),
           ('`duva_lwip`', memory['link']), ('`duva_mbedtls`', memory['TLS']),
           ('`duva_sasl_scram`', memory['mechanism']),
           ('the message and its composer', memory['message'])]
    section = SECTION.format(
        lwip=lwip_version(), flash=rows(
            (part, flash[part]) for part, _ in PARTS),
        ram=rows(ram), board_stack=octets(limits['board_stack']),
        board_heap=octets(limits['board_heap']))
    page = PAGE.read_text().split(TITLE, 1)[0]
    PAGE.write_text(page + TITLE + section)


def lwip_version():
    text = (ROOT / 'build/sources/lwip/src/include/lwip/init.h').read_text()
    return '.'.join(re.search(rf'LWIP_VERSION_{part}\s+(\d+)', text)[1]
                    for part in ('MAJOR', 'MINOR', 'REVISION'))
