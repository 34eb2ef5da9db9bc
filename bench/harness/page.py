"""page - turns results into doc/benchmarks.md, and into a line each.

SPDX-License-Identifier: MIT
"""
import textwrap

from . import plot
from .rows import FIGURES, judge

INTRO = """\
# Benchmarks

Written by `make bench`.

{facts}

| term | meaning |
|---|---|
| figure | median of {repetitions} runs; minimum and maximum behind it. Duva and the others ran in turns on the same machine. Compare only figures of one table |
| server | `bench/sink.c`, a process of its own. It counts mails, recipients and octets and computes a checksum of each message: a run counts only when everything arrived |
| *floor* | the minimum that protocol and kernel need, without any checks; not a product |
| CPU | of the client only |
| peak RSS | of its largest process |
| `config.window` | 64 in Duva's drivers, except the pool's and the command: with CHUNKING up to 64 messages are sent before the first is answered, and as many are uncertain if the connection is lost. QUIT is sent after the last reply |
"""


def _number(value):
    if value >= 1000:
        return f'{value:,.0f}'.replace(',', ' ')
    if value >= 100:
        return f'{value:.0f}'
    if value >= 10:
        return f'{value:.1f}'
    return f'{value:.2f}'


def _label(name):
    return f'**{name}**' if name.startswith('duva') else name


def _cell(figure):
    return (f'{_number(figure["median"])} <sub>{_number(figure["min"])}–'
            f'{_number(figure["max"])}</sub>')


def _medians(result):
    return {name: {figure: value['median'] for figure, value
                   in found['summary'].items()}
            for name, found in result['contenders'].items()}


def _own(row):
    return f'duva {row.duva}'


def verdicts(row, result):
    """(text of an aim, Duva's figure, whether it is met) of a row."""
    medians = _medians(result)
    own = medians.get(_own(row))
    peers = {name: figures for name, figures in medians.items()
             if name != _own(row)}
    return [judge(aim, own, peers) for aim in row.aims]


def _why_nothing(row, result):
    if 'skipped' in result:
        return result['skipped']
    if not row.duva:
        return f'Duva lacks {row.lacks}'
    return result['reasons'].get(_own(row), '')


def brief(row, result):
    """One line for the terminal."""
    if 'skipped' in result:
        return f'{row.id}: not measured: {result["skipped"]}'
    figure = row.shows[0]
    cells = [f'{name} {_number(found["summary"][figure]["median"])}'
             for name, found in result['contenders'].items()]
    if not row.duva:
        cells.insert(0, f'duva not measured: lacks {row.lacks}')
    aims = [_sentence(*verdict) for verdict in verdicts(row, result)]
    return f'{row.id} [{FIGURES[figure][0]}]: ' + ', '.join(cells) \
        + ''.join(f'\n    aim: {aim}' for aim in aims)


def _word(met):
    return {None: 'not measured', True: 'met', False: 'missed'}[met]


def _sentence(text, figure, met):
    return f'{text}: {_word(met)}' + (f', {figure}' if figure else '')


def _table(row, result):
    heads = [FIGURES[figure][0] for figure in row.shows]
    turns = row.line or row.connection == 'reused' and row.sessions == 1
    lines = [f'| {row.title} | ' + ' | '.join(heads)
             + (' | turns/mail' if turns else '') + ' |',
             '|---' + '|--:' * (len(heads) + turns) + '|']
    for name, found in result['contenders'].items():
        cells = [_cell(found['summary'][figure]) for figure in row.shows]
        if turns:
            cells.append(_number(found['summary']['turns']['median']))
        lines.append(f'| {_label(name)} | ' + ' | '.join(cells) + ' |')
    if _own(row) not in result['contenders']:
        lines.insert(2, '| **duva** | not measured: '
                     + _why_nothing(row, result) + ' |'
                     + ' |' * (len(heads) + turns - 1))
    for name, reason in result['reasons'].items():
        if name != _own(row):
            lines.append(f'| {name} | not measured: {reason} |'
                         + ' |' * (len(heads) + turns - 1))
    return lines


def _section(row, result):
    if 'skipped' in result:
        return [f'*{row.title}*: not measured: {result["skipped"]}.', '']
    lines = [*_table(row, result), '']
    for verdict in verdicts(row, result):
        lines.append(f'- aim: {_sentence(*verdict)}')
    return [*lines, ''] if row.aims else lines


def _panel(row, result):
    return row.title, FIGURES[row.shows[0]][0], [
        (name, found['summary'][row.shows[0]])
        for name, found in result['contenders'].items()]


def _summary(rows, found):
    lines = ['| work | aim | Duva | |', '|---|---|--:|---|']
    for row in rows:
        for text, figure, met in verdicts(row, found[row.id]):
            lines.append(f'| {row.title}{" (50 ms)" if row.line else ""} '
                         f'| {text} | {figure} | {_word(met)} |')
    return lines


def write(folder, all_rows, results):
    """doc/benchmarks.md and doc/benchmarks/*.svg of rows that were run."""
    found = {result['id']: result for result in results['rows']}
    rows = [row for row in all_rows if row.id in found]
    versions = ', '.join(f'{name} {version}' for name, version
                         in results['versions'].items() if version)
    machine = results['machine']
    facts = ('{cpu}, {cores} cores, {kernel}, {compiler}, {openssl}; loopback. '
             .format(**machine) + versions + '.')
    lines = [INTRO.format(facts=textwrap.fill(facts, 79),
                          repetitions=results['repetitions']), *_summary(rows, found), '']
    plots = folder / 'benchmarks'
    plots.mkdir(exist_ok=True)
    for number, group in enumerate(dict.fromkeys(r.group for r in rows), 1):
        mine = [row for row in rows if row.group == group]
        panels = [_panel(row, found[row.id]) for row in mine
                  if found[row.id]['contenders']]
        lines += [f'## {group}', '']
        if panels:
            name = f'{number}.svg'
            (plots / name).write_text(plot.bars(group, panels))
            lines += [f'![{group}](benchmarks/{name})', '']
        for row in mine:
            lines += _section(row, found[row.id])
    (folder / 'benchmarks.md').write_text('\n'.join(lines).rstrip() + '\n')
