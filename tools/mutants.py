"""mutants - the single changes to a C file that a test ought to notice.

SPDX-License-Identifier: MIT
"""
import dataclasses
import re

TOKEN = re.compile(r'''
    (?P<skip>\s+|/\*.*?\*/|//[^\n]*|^[ ]*\#(?:[^\n]*\\\n)*[^\n]*)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>0[xX][0-9a-fA-F]+[uUlL]*|[0-9]+[uUlL]*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<sign><<=|>>=|->|\+\+|--|<<|>>|[-+*/%&|^<>=!]=|&&|\|\||.)
''', re.X | re.S | re.M)

SWAPS = {'<': ['<='], '<=': ['<'], '>': ['>='], '>=': ['>'], '==': ['!='],
         '!=': ['=='], '&&': ['||'], '||': ['&&'], '+': ['-'], '-': ['+'],
         '+=': ['-='], '-=': ['+='], '++': ['--'], '--': ['++']}
ASSIGNS = {'=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=',
           '++', '--'}
WORDS = {'return', 'break', 'continue', 'goto', 'if', 'for', 'while', 'do',
         'switch', 'case', 'default', 'else', 'sizeof'}


@dataclasses.dataclass(frozen=True)
class Mutant:
    file: str
    function: str
    start: int                  # what is replaced, in octets of the file
    end: int
    new: str
    line: int
    text: str                   # its line of C, with {old => new}

    @property
    def key(self):
        """The same when its lines move."""
        return f'{self.file}:{self.function}: {self.text}'


@dataclasses.dataclass
class Token:
    kind: str
    text: str
    start: int
    end: int


def tokens_of(source):
    return [Token(m.lastgroup, m.group(), m.start(), m.end())
            for m in TOKEN.finditer(source) if m.lastgroup != 'skip']


def functions_of(source):
    """(name, start, end) of each function's body, as clang-format lays it."""
    for body in re.finditer(r'^\{\n.*?^\}', source, re.S | re.M):
        head = re.search(r'(?:^[^\s#}/*][^;{}]*)\Z', source[:body.start()],
                         re.M)
        names = re.findall(r'(\w+)\(', head.group() if head else '')
        names = [n for n in names if n not in ('__attribute__', 'target')]
        if names:
            yield names[0], body.start(), body.end()


def matching(tokens, at):
    """The index of the parenthesis that closes the one at `at`."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += (tokens[i].text == '(') - (tokens[i].text == ')')
        if depth == 0:
            return i
    raise ValueError('unbalanced')


class Finder:
    def __init__(self, file, source):
        self.file, self.source = file, source
        self.tokens = tokens_of(source)
        self.functions = list(functions_of(source))
        self.found = []

    def add(self, start, end, new):
        function = next((name for name, first, last in self.functions
                         if first <= start < last), '-')
        left = self.source.rfind('\n', 0, start) + 1
        right = self.source.find('\n', end)
        text = (self.source[left:start] + '{' + self.source[start:end] + ' => '
                + new + '}' + self.source[end:right])
        # As many lines as before, so that nothing else of the object changes.
        new += '\n' * self.source.count('\n', start, end)
        self.found.append(Mutant(
            self.file, function, start, end, new,
            self.source.count('\n', 0, start) + 1, ' '.join(text.split())))

    def inside(self, token):
        return any(first <= token.start < last
                   for _, first, last in self.functions)

    def operators(self):
        for before, token in zip(self.tokens, self.tokens[1:]):
            if token.kind == 'number':
                self.number(token)
            if token.kind != 'sign' or not self.inside(token):
                continue
            binary = (before.kind in ('name', 'number', 'string')
                      or before.text in (')', ']')) \
                and before.text not in WORDS
            if token.text in ('+', '-') and not binary:
                continue
            for new in SWAPS.get(token.text, ()):
                self.add(token.start, token.end, new)

    def number(self, token):
        text = token.text.rstrip('uUlL')
        ending = token.text[len(text):]
        value = int(text, 16 if text[:2].lower() == '0x' else 10)
        for new in (value + 1, value - 1):
            if new >= 0:
                self.add(token.start, token.end, f'{new}{ending}')

    def conditions(self):
        for i, token in enumerate(self.tokens[:-1]):
            if token.text not in ('if', 'while', 'for'):
                continue
            last = matching(self.tokens, i + 1)
            start, end = self.tokens[i + 1].end, self.tokens[last].start
            if token.text == 'for':
                parts = [t for t in self.tokens[i + 1:last] if t.text == ';']
                start, end = parts[0].end, parts[1].start
                start += len(self.source[start:end]) \
                    - len(self.source[start:end].lstrip())
            signs = [t.text for t in self.tokens if start <= t.start < end
                     and t.text in ('==', '!=', '&&', '||')]
            if start < end and signs not in (['=='], ['!=']):
                self.add(start, end, f'!({self.source[start:end]})')

    def statements(self):
        """Each token at which a statement may begin, within functions."""
        depth = 0
        for i, token in enumerate(self.tokens):
            depth += (token.text == '(') - (token.text == ')')
            if depth or not self.inside(token) or i + 1 >= len(self.tokens):
                continue
            if token.text in ('{', '}', ';', 'else', 'do'):
                yield i + 1
            elif token.text == ')' and self.heads(i):
                yield i + 1
            elif token.text == ':' and self.tokens[i - 2].text == 'case' \
                    or token.text == ':' \
                    and self.tokens[i - 1].text == 'default':
                yield i + 1

    def heads(self, close):
        """Does the parenthesis end an if, a while or a for?"""
        depth = 0
        for i in range(close, 0, -1):
            text = self.tokens[i].text
            depth += (text == ')') - (text == '(')
            if depth == 0:
                return self.tokens[i - 1].text in ('if', 'while', 'for')
        return False

    def deletions(self):
        for i in self.statements():
            first = self.tokens[i]
            if not self.inside(first):
                continue
            end = i
            depth = 0
            while self.tokens[end].text != ';' or depth:
                depth += (self.tokens[end].text in '({') \
                    - (self.tokens[end].text in ')}')
                if depth < 0:
                    break
                end += 1
            statement = self.tokens[i:end]
            if depth < 0 or not statement:
                continue
            stop = self.tokens[end].start
            if first.text == 'return':
                self.returned(statement, stop)
            elif first.text in ('break', 'continue'):
                self.add(first.start, stop, '')
            elif first.text not in WORDS and self.acts(statement):
                self.add(first.start, stop, '')

    @staticmethod
    def acts(statement):
        """Is it an assignment or a call, not a declaration?"""
        texts = [token.text for token in statement]
        if statement[0].kind == 'name' and len(statement) > 1 and (
                statement[1].kind == 'name'
                or (texts[1] == '*' and '=' not in texts[:2])):
            return False
        return '{' not in texts and (bool(ASSIGNS & set(texts))
                                     or '(' in texts) and texts[:2] != [
                                         '(', 'void']

    def returned(self, statement, stop):
        if len(statement) == 1:
            self.add(statement[0].start, stop, '')
            return
        start = statement[1].start
        old = self.source[start:stop]
        self.add(start, stop, '1' if old in ('0', 'DUVA_OK') else '0')


def find(file, source):
    """All mutants of the source of a file, in the order of its lines."""
    finder = Finder(file, source)
    finder.operators()
    finder.conditions()
    finder.deletions()
    unique = {(m.start, m.end, m.new): m for m in finder.found}
    return sorted(unique.values(), key=lambda m: (m.start, m.end, m.new))
