"""building - compiles many files with few words.

SPDX-License-Identifier: MIT
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
sys.path[1:1] = [str(ROOT / part) for part in
                 ('test/interop/lib', 'test/firmware', 'tools')]

CHECKED = ['-g', '-O1', '-fsanitize=address,undefined',
           '-fno-sanitize-recover=all']
WARNINGS = ['-Wall', '-Wextra', '-Wshadow', '-Werror']


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True,
                          text=True, **options)
    if done.returncode:
        raise AssertionError(f'{" ".join(map(str, words[:3]))}: exit status '
                             f'{done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout


def compile_all(folder, files, flags, flags_of=None, prefix=''):
    """The objects, in a new folder; flags_of has those of a suffix, and
    prefix is that of the compilers."""
    folder.mkdir(parents=True)

    def one(file):
        path = pathlib.Path(file)
        target = folder / (str(path).strip('/').replace('/', '_') + '.o')
        compiler = prefix + ('gcc' if path.suffix == '.c' else 'g++')
        run(compiler, *flags, *(flags_of or {}).get(path.suffix, []), '-c',
            path, '-o', target)
        return target

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        return list(workers.map(one, files))
