"""tree - the project's own files, and its limits, for the tools beside it.

SPDX-License-Identifier: MIT
"""
import fnmatch
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def files(*patterns):
    """Paths relative to ROOT of the project's files that match."""
    try:
        listed = subprocess.run(
            ['git', 'ls-files', '--cached', '--others', '--exclude-standard'],
            cwd=ROOT, capture_output=True, text=True, check=True)
        names = listed.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        names = [str(file.relative_to(ROOT)) for file in ROOT.rglob('*')
                 if not file.is_relative_to(ROOT / 'build')]
    found = sorted(name for name in names if (ROOT / name).is_file()
                   and any(fnmatch.fnmatch(name, p) for p in patterns))
    if not found:
        raise SystemExit(f'no files match {" ".join(patterns)}')
    return found


def version():
    """PROJECT_VERSION of CMakeLists.txt."""
    text = (ROOT / 'CMakeLists.txt').read_text()
    return re.search(r'^project\(duva VERSION (\S+)', text, re.M)[1]


def limits():
    """The numbers of limits.txt by name.  A value must stay under them."""
    lines = (ROOT / 'tools/limits.txt').read_text().splitlines()
    words = [line.split('#')[0].split() for line in lines]
    return {word[0]: int(word[1]) for word in words if word}


def source_lists():
    """The lists of cmake/sources.cmake by name, each as it stands there."""
    text = (ROOT / 'cmake/sources.cmake').read_text()
    text = re.sub(r'#.*', '', text)
    return {name: words.split()
            for name, words in re.findall(r'set\((\w+)\s+([^)]*)\)', text)}


def source_list(name):
    """The files of one of them, with those of the lists that it contains."""
    found = []
    for word in source_lists()[name]:
        inner = re.fullmatch(r'\$\{(\w+)\}', word)
        found += source_list(inner[1]) if inner else [word]
    return found
