"""rows - what is to be measured, as rows.toml says.

SPDX-License-Identifier: MIT
"""
import tomllib
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / 'rows.toml'

# Figures: what it is called, its unit, whether more is better.
FIGURES = {
    'rate': ('mails/s', True),
    'cpu_us': ('CPU µs/mail', False),
    'cpu_ms_mb': ('CPU ms/MB', False),
    'cpu_s': ('CPU s', False),
    'wall_s': ('seconds', False),
    'rss_mb': ('peak RSS MB', False),
}
PRODUCTS_NOT = {'floor'}          # what no aim is compared to

DEFAULTS = {'mails': 1, 'rcpts': 1, 'sessions': 1, 'connection': 'reused',
            'source': 'memory', 'tls': 'none', 'line': False, 'attach': False,
            'quick': 0, 'aims': [], 'lacks': ''}
REQUIRED = {'id', 'group', 'title', 'server', 'body', 'peers', 'duva', 'shows'}


class Mistake(Exception):
    """rows.toml says something that cannot be."""


class Row:
    def __init__(self, table, bodies):
        unknown = set(table) - REQUIRED - set(DEFAULTS)
        missing = REQUIRED - set(table)
        name = table.get('id', '?')
        if unknown or missing:
            raise Mistake(f'row {name}: unknown {sorted(unknown)}, '
                          f'missing {sorted(missing)}')
        self.__dict__.update(DEFAULTS)
        self.__dict__.update(table)
        if self.body not in bodies:
            raise Mistake(f'row {name}: no body {self.body}')
        if not self.duva and not self.lacks:
            raise Mistake(f'row {name}: no driver, and lacks is not said')
        for figure in [*self.shows, *(aim['figure'] for aim in self.aims)]:
            if figure not in FIGURES:
                raise Mistake(f'row {name}: no figure {figure}')


def read(file=FILE):
    """settings, bodies by name, rows in order."""
    data = tomllib.loads(Path(file).read_text())
    rows = [Row(table, data['body']) for table in data['row']]
    names = [row.id for row in rows]
    if len(set(names)) != len(names):
        raise Mistake('two rows have the same id')
    return data['settings'], data['body'], rows


def judge(aim, own, peers):
    """(text, what Duva has, is met) of an aim.  own: Duva's figures; peers:
    theirs by name.  is met is None when there is nothing to compare."""
    figure = aim['figure']
    unit, more = FIGURES[figure]
    if 'most' in aim:
        text = f'at most {aim["most"]:g} {unit}'
        if own is None:
            return text, '', None
        value = own[figure]
        return text, f'{value:.3g}' if value < 1000 else f'{value:.0f}', \
            value <= aim['most']
    rivals = {name: figures for name, figures in peers.items()
              if name not in PRODUCTS_NOT and aim.get('of', name) == name}
    best = (max if more else min)(
        rivals, key=lambda name: rivals[name][figure], default=None)
    text = f'{aim["times"]:g}× the {unit} of ' + (
        best or aim.get('of', 'the best peer'))
    if own is None or best is None:
        return text, '', None
    ratio = own[figure] / rivals[best][figure]
    return text, f'{ratio:.2f}×', ratio >= aim['times']
