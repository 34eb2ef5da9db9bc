"""plot - bars as SVG, readable on light and on dark ground.

SPDX-License-Identifier: MIT
"""
from html import escape

WIDTH, LEFT, RIGHT = 720, 130, 150
BAR, GAP, HEAD, FOOT = 16, 6, 40, 14
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.unit, .spread { fill: #57606a }
.duva { fill: #0969da } .peer { fill: #afb8c1 } .floor { fill: none;
stroke: #8c959f; stroke-dasharray: 3 3 } .range { stroke: #24292f }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .unit, .spread { fill: #9da7b1 }
.duva { fill: #4493f8 } .peer { fill: #57606a } .range { stroke: #e6edf3 } }"""


def _kind(name):
    if name.startswith('duva'):
        return 'duva'
    return 'floor' if name == 'floor' else 'peer'


def _value(number):
    if number >= 100:
        return f'{number:,.0f}'.replace(',', ' ')
    return f'{number:.3g}'


def _bar(name, figure, scale, y):
    width = figure['median'] * scale
    low, high = (LEFT + figure[end] * scale for end in ('min', 'max'))
    middle = y + BAR / 2
    return [
        f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">'
        f'{escape(name)}</text>',
        f'<rect class="{_kind(name)}" x="{LEFT}" y="{y}" '
        f'width="{max(width, 1):.1f}" height="{BAR}"/>',
        f'<line class="range" x1="{low:.1f}" x2="{high:.1f}" '
        f'y1="{middle}" y2="{middle}"/>',
        f'<text class="spread" x="{max(high, LEFT + width) + 6:.1f}" '
        f'y="{y + 13}">{_value(figure["median"])}</text>']


def bars(title, panels):
    """An SVG.  panels: (title, unit, [(name, {median, min, max})])."""
    parts, y = [], 0
    for heading, unit, found in panels:
        parts.append(
            f'<text x="0" y="{y + 24}"><tspan class="title">'
            f'{escape(heading)}</tspan><tspan class="unit" dx="8">'
            f'{escape(unit)}</tspan></text>')
        y += HEAD
        most = max(figure['max'] for _, figure in found) or 1
        scale = (WIDTH - LEFT - RIGHT) / most
        for name, figure in found:
            parts += _bar(name, figure, scale, y)
            y += BAR + GAP
        y += FOOT
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
            f'height="{y}" viewBox="0 0 {WIDTH} {y}" role="img">\n'
            f'<title>{escape(title)}</title>\n<style>{STYLE}</style>\n'
            + '\n'.join(parts) + '\n</svg>\n')
