#!/usr/bin/python3
"""test_conversations - what duva send sends to each row of conversations.txt.

SPDX-License-Identifier: MIT

    test_conversations.py [ROW]...

Run by CTest, which says where the program is: ctest -R field-conversations
"""
import fnmatch
import pathlib
import shlex
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parent / 'interop/lib'))

from command import run                                         # noqa: E402

import table                                                    # noqa: E402
from attacker import Attacker                                   # noqa: E402


def problems(row, password):
    expected = table.Expected(row.get('result'))
    options = shlex.split(row.get('options', ''))
    if '--user' in options:
        options += ['--password-file', password]
    with Attacker(row, None, False, False) as server:
        done = run('send', '--server', f'smtp://127.0.0.1:{server.port}',
                   '--hello', 'client.example', '--from', 'ada@example.org',
                   '--to', 'bob@example.net', '--subject', 'Alarm', '--json',
                   *options)
        server.finish()
    if not done.out:
        return [done.err]
    told, found = done.json, []
    reason = told['reason'] or told['err'] or 'ok'
    if not expected.fits(done.code, told['verdict'], reason):
        found.append(f'{done.code} {told["verdict"]} {reason}, not {expected}')
    wanted = row.get('says').split(' | ')
    if len(wanted) != len(server.commands) or not all(
            map(fnmatch.fnmatchcase, server.commands, wanted)):
        found.append(f'it said {" | ".join(server.commands)}')
    if (told['verdict'] == 'accepted') != (server.promised == 1):
        found.append(f'the server accepted {server.promised} mails')
    return found


def main():
    rows = [row for row in table.read(FOLDER / 'conversations.txt')
            if not sys.argv[1:] or row.name in sys.argv[1:]]
    wrong = 0
    with tempfile.NamedTemporaryFile() as password:
        password.write(b'sesame\n')
        password.flush()
        for row in rows:
            found = problems(row, password.name)
            wrong += bool(found)
            for problem in found:
                print(f'WRONG {row.name}: {problem}', file=sys.stderr)
    print(f'{len(rows)} rows: {wrong} wrong')
    return 1 if wrong or not rows else 0


if __name__ == '__main__':
    sys.exit(main())
