"""The grammar of the command line: which words are options, which are values, and which one is the expression.

`docs/arguments.md` describes it, and `tests/cli/arguments.tsv` is its table of examples. Words are sorted before click
gets them, because click itself takes ``-x**2`` for an option.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence

from ..errors import RequestError, closest, quoted, short
from .options import TABLE_WORDS, table_word_hint

_NAME = r"[^\W\d][\w\u0300-\u036f]*"
_OPTION = rf"(?s:--{_NAME}(?:=.*)?)"
_LIST_ITEM = rf"[\[(]*(?:{_NAME}|[-+]?[\d.][\w.+-]*)[\])]*"
_VALUE = rf"\s*({_NAME})\s*=(?!=)([^;\n]*)"


class ParsedWords:
    """The words of a command line, sorted.

    Attributes:
        expression: the word that is the expression, or None.
        values: ``(name, text)`` in order.
        options: the words for click: the options of the command, each as ``--name``, ``--name=value`` or ``-o value``.
        known: the names of the command's options, for messages.
        equation: whether the expression is an equation.
    """

    __slots__ = ("equation", "expression", "known", "options", "values")

    def __init__(self, known: Sequence[str] = (), equation: bool = False) -> None:
        self.known = known
        self.equation = equation
        self.expression: str | None = None
        self.values: list[tuple[str, str]] = []
        self.options: list[str] = []


def parse_words(
    words: Sequence[str], takes_value: Mapping[str, bool], lenient: bool = False, equation: bool = False
) -> ParsedWords:
    """Sort words into options, values and the expression.

    Args:
        words: the command line after the command's name.
        takes_value: the command's options, as ``--name`` or ``-n``, and whether each takes a value.
        lenient: leave out what is wrong, as completion needs it while the last word is missing.
        equation: take the first word that is no option as the expression, even if it looks like a value.

    >>> parsed = parse_words(["-x**2", "--x", "-2"], {"--json": False})
    >>> parsed.expression, parsed.values
    ('-x**2', [('x', '-2')])
    """
    parsed = ParsedWords(list(takes_value), equation)
    rest = iter(words)
    for word in rest:
        if word == "--":
            for last in rest:
                _add_plain(last, parsed)
            break
        try:
            _add(word, rest, takes_value, parsed)
        except RequestError:
            if not lenient:
                raise
    return parsed


def _add(word: str, rest: Iterator[str], takes_value: Mapping[str, bool], parsed: ParsedWords) -> None:
    """Add a word, and the next one if it is the word's value."""
    if word == "-p":
        assignment = _next(rest, word, "a value such as x=2", takes_value)
        match = _match_value(assignment)
        if match is None:
            raise RequestError(f"-p takes NAME=VALUE, not {quoted(assignment)}", hint="as in -p x=2")
        parsed.values.append((match[1], match[2]))
    elif word in ("-h", "-o") and word in takes_value:
        parsed.options.append(word)
        if takes_value[word]:
            parsed.options.append(_next(rest, word, "a file", takes_value))
    elif _is_option(word, takes_value):
        name, equals, value = word.partition("=")
        if name in takes_value:
            if equals or not takes_value[name]:
                parsed.options.append(word)
            else:
                parsed.options.append(f"{name}={_next(rest, name, 'a value', takes_value)}")
        else:
            parsed.values.append((name[2:], value if equals else _next(rest, name, "a value", takes_value)))
    else:
        _add_plain(word, parsed)


def _match_value(word: str) -> re.Match[str] | None:
    return re.fullmatch(_VALUE, word) if "=" in word else None  # most words need no expression to be compiled


def _add_plain(word: str, parsed: ParsedWords) -> None:
    """Add a word that is not an option: a value or the expression."""
    match = _match_value(word)
    if match and not (parsed.equation and parsed.expression is None):
        parsed.values.append((match[1], match[2]))
    elif parsed.expression is None:
        parsed.expression = word
    else:
        hint = "quote the expression as one word; values are x=2 or --x 2"
        if re.fullmatch(_LIST_ITEM, word):  # PowerShell makes several words of --x 1,2
            hint = f'{hint}; a list is one word: --x "1,2"'
        elif parsed.expression.startswith("'"):
            hint = "cmd.exe needs double quotes around the expression"
        files = [each for each in (parsed.expression, word) if "--data" in parsed.known and _is_file(each)]
        if files and any(option.startswith("--data=") for option in parsed.options):
            hint = f"quote a pattern, or the shell puts files in its place: --data {quoted(_pattern(files[0]))}"
        elif word in files:
            hint = f"points in a file are --data {word}"
        elif "--claim" in parsed.known:
            hint = f"a claim on its derivative is --claim {quoted(word)}"
        raise RequestError(f"a second expression {quoted(word)} beside {quoted(parsed.expression)}", hint=hint)


def _is_file(word: str) -> bool:
    """Return whether a word is a file or a URL. No expression has ``://``."""
    return "://" in word or os.path.isfile(word)


def _pattern(path: str) -> str:
    """Return the pattern of the files beside a file that have its suffix."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f"*{os.path.splitext(name)[1]}")


def _is_option(word: str, takes_value: Mapping[str, bool]) -> bool:
    if not word.startswith("--"):
        return False
    name = word.partition("=")[0]
    is_simple = name in takes_value or (name.isascii() and name[2:].isidentifier())
    return is_simple or re.fullmatch(_OPTION, word) is not None


def _next(rest: Iterator[str], option: str, what: str, takes_value: Mapping[str, bool]) -> str:
    """Return the word after an option. It must not be an option itself."""
    word = next(rest, None)
    if word is None or word in takes_value or _is_option(word, takes_value):
        meant = None if option in takes_value else closest(option, takes_value)
        hint = f"did you mean {meant}?" if meant else None
        if word is not None:
            hint = f"{quoted(word)} is an option itself"
        if option not in takes_value and option[2:] in TABLE_WORDS:
            hint = table_word_hint(option[2:])
        raise RequestError(f"{short(option)} needs {what} after it", hint=hint)
    return word
