#!/usr/bin/python3
"""complete.py - fails when a public function is not walked, or is gone.

SPDX-License-Identifier: MIT

    complete.py TEST_WALK INCLUDE
"""
import pathlib
import re
import subprocess
import sys


def functions(header):
    """The functions that a header declares, each from the start of a line."""
    text = re.sub(r'/\*.*?\*/', '', header.read_text(), flags=re.S)
    text = re.sub(r'^#(?:.*\\\n)*.*$', '', text, flags=re.M)
    return set(re.findall(r'^(?!typedef)[a-z][^;{}=()]*?\b(duva_\w+)\s*\(',
                          text, flags=re.M))


def main():
    walked = subprocess.run([sys.argv[1], '--list'], check=True, text=True,
                            capture_output=True).stdout.split()
    there = set()
    for header in pathlib.Path(sys.argv[2]).glob('*.h'):
        there |= functions(header)
    for name in sorted(there - set(walked)):
        print(f'{name}: not walked: see test/walk/README.md')
    for name in sorted(set(walked) - there):
        print(f'{name}: walked, but no header declares it')
    print(f'walk: {len(there)} functions')
    return there != set(walked) or len(there) < 100


sys.exit(main())
