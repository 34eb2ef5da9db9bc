"""source - which functions a C file defines, declares and uses.

SPDX-License-Identifier: MIT

Reads the text, so that nothing has to be built.  It relies on the style of
this project: a definition starts in column 0, and the braces of a function
stand there too.
"""
import functools
import re

from tree import ROOT

NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"'
                   r"|'(?:\\.|[^'\\\n])*'", re.S)
ATTRIBUTE = re.compile(r'__attribute__\s*\(\(.*?\)\)', re.S)
DIRECTIVE = re.compile(r'^[ \t]*#(?:.*\\\n)*.*', re.M)
DEFINE = re.compile(r'^[ \t]*#[ \t]*define[ \t]+(\w+)((?:.*\\\n)*.*)', re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
FUNCTION = re.compile(r'^([A-Za-z_][^;{}=]*?)\b(\w+)[ \t]*\(([^;{}]*)\)\s*'
                      r'\{.*?^\}', re.M | re.S)
VARIABLE = re.compile(r'^(?!static\b|typedef\b|extern\b)[A-Za-z_][\w \t*]*?'
                      r'\b(\w+)(?:\[[^]\n]*\])*(?: =|;)', re.M)
PROTOTYPE = re.compile(r'^(?!typedef\b)[A-Za-z_][\w \t*]*?\b(\w+)'
                       r'\([^;{}]*\);', re.M)
EXTERN = re.compile(r'^extern\b([^;{}()]*);', re.M)
# Members and tags are no names of functions.
WORD = re.compile(r'(?<![\w.])(?<!->)(?<!struct )(?<!union )(?<!enum )'
                  r'[A-Za-z_]\w*')


@functools.lru_cache(maxsize=None)
def text(name):
    """The file with each comment and literal replaced by as many lines."""
    return NOISE.sub(lambda found: ' ' + '\n' * found[0].count('\n'),
                     (ROOT / name).read_text())


@functools.lru_cache(maxsize=None)
def code(name):
    """The same without directives of the preprocessor."""
    return ATTRIBUTE.sub('', DIRECTIVE.sub('', text(name)))


def includes(name):
    """Pairs of the opening quote and the header."""
    return INCLUDE.findall((ROOT / name).read_text())


def bodies(name, static=False):
    """The functions that a file defines, each with its text."""
    return {found[2]: found[0] for found in FUNCTION.finditer(code(name))
            if ('static' in found[1].split()) == static}


def functions(name):
    """Names of the functions with linkage that a file defines."""
    return set(bodies(name))


def variables(name):
    """Names of the variables with linkage that a file defines."""
    return set(VARIABLE.findall(code(name)))


@functools.lru_cache(maxsize=None)
def prototypes(name):
    """Names of the functions and variables that a file declares."""
    outside = FUNCTION.sub('', code(name))
    found = set(PROTOTYPE.findall(outside))
    return found.union(*map(WORD.findall, EXTERN.findall(outside)))


@functools.lru_cache(maxsize=None)
def declared(name):
    """Names that a header may declare: all outside of inline functions."""
    return set(WORD.findall(FUNCTION.sub('', text(name))))


def words(name):
    """The identifiers of a file, without members and its own functions."""
    return set(WORD.findall(text(name))) - set(bodies(name, static=True))


@functools.lru_cache(maxsize=None)
def macros(name):
    """What stands for other words in a header: macros, inline functions."""
    found = dict(DEFINE.findall(text(name)))
    found.update(bodies(name, static=True))
    return {name: set(WORD.findall(body)) for name, body in found.items()}
