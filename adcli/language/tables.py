"""Load the LALR tables that lark compiles from `grammar/expression.lark`. `marshal` reads them in about 1 ms.

A wheel and an editable install contain the tables (`hatch_build.py`). In a plain checkout, or after a change of the
grammar, lark builds them when they are loaded. There is one grammar and one parser (docs/decisions/002-parser.md).
"""

from __future__ import annotations

import marshal
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypedDict

    from lark.lexer import Pattern

    class Tables(TypedDict):
        """The data of the parser.

        Attributes:
            grammar: the text that the tables were built from.
            actions: `actions[state][terminal]` is the next state for a shift, and `~rule` for a reduction.
            gotos: `gotos[state][origin]` is the state after a reduction.
            rules: `(origin, length, name)`. The name is empty if the result is the only child.
            start: the first state.
            end: the last state.
            scanner: the regular expression of a token.
            literals: the terminal of each sign and reserved word.
        """

        grammar: str
        actions: list[dict[str, int]]
        gotos: list[dict[str, int]]
        rules: list[tuple[str, int, str]]
        start: int
        end: int
        scanner: str
        literals: dict[str, str]


FOLDER = os.path.dirname(os.path.abspath(__file__))
STORED = os.path.join(FOLDER, "expression.tables")


def grammar_path() -> str:
    """Return the path of the grammar: inside the package in a wheel, beside it in a checkout."""
    package = os.path.dirname(FOLDER)
    inside = os.path.join(package, "grammar", "expression.lark")
    return inside if os.path.exists(inside) else os.path.join(os.path.dirname(package), "grammar", "expression.lark")


def load() -> Tables:
    """Return the stored tables if they fit the grammar, otherwise new ones."""
    with open(grammar_path(), encoding="utf-8") as file:
        grammar = file.read()
    try:
        with open(STORED, "rb") as stored:
            tables: Tables = marshal.loads(stored.read())  # `marshal.load` reads piece by piece, ten times as long
        if tables["grammar"] == grammar:
            return tables
    except (OSError, EOFError, ValueError, TypeError, KeyError):
        pass
    return build(grammar)


def store() -> str:
    """Build the tables and write them beside this module. Return the path."""
    with open(grammar_path(), encoding="utf-8") as file:
        tables = build(file.read())
    with open(STORED, "wb") as stored:
        marshal.dump(dict(tables), stored)
    return STORED


def build(grammar: str) -> Tables:
    """Compile the grammar with lark and return what the parser needs.

    >>> with open(grammar_path(), encoding="utf-8") as file:
    ...     tables = build(file.read())
    >>> tables["literals"]["**"]
    'POWER'
    """
    import lark
    from lark.parsers.lalr_analysis import Shift

    compiled = lark.Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False)
    table = compiled.parser.parser._parse_table
    numbers = {rule: number for number, rule in enumerate(compiled.rules)}
    terminals = {str(terminal.name): terminal.pattern.to_regexp() for terminal in compiled.terminals}
    actions: list[dict[str, int]] = [{} for _ in table.states]
    gotos: list[dict[str, int]] = [{} for _ in table.states]
    order = {state: number for number, state in enumerate(sorted(table.states))}
    for state, row in table.states.items():
        for symbol, (action, target) in row.items():
            if action is not Shift:
                actions[order[state]][str(symbol)] = ~numbers[target]
            elif symbol in terminals:
                actions[order[state]][str(symbol)] = order[target]
            else:
                gotos[order[state]][str(symbol)] = order[target]
    literals = {text: str(terminal.name) for terminal in compiled.terminals for text in _spellings(terminal.pattern)}
    signs = sorted((text for text in literals if not text.isalpha()), key=len, reverse=True)
    long = "|".join(re.escape(text) for text in signs if len(text) > 1)
    short = "".join(re.escape(text) for text in signs if len(text) == 1)
    spaces = "|".join(terminals[token] for token in compiled.ignore_tokens)
    return {
        "grammar": grammar,
        "actions": actions,
        "gotos": gotos,
        "rules": [(str(rule.origin.name), len(rule.expansion), str(rule.alias or "")) for rule in compiled.rules],
        "start": order[table.start_states["start"]],
        "end": order[table.end_states["start"]],
        "scanner": f"({terminals['NAME']})|({terminals['NUMBER']})|({long}|[{short}])|({spaces})|(.)",
        "literals": literals,
    }


def _spellings(pattern: Pattern) -> list[str]:
    """Return the texts of a terminal that is a word, a sign or a choice of signs, none for any other pattern."""
    if pattern.type == "str":
        return [pattern.value]
    choices = pattern.to_regexp().removeprefix("(?:").removesuffix(")")
    texts = [re.sub(r"\\(.)", r"\1", choice, flags=re.DOTALL) for choice in choices.split("|")]
    fixed = all(
        text.isalpha() or len(text) == 1 or not (set(text) & set("[]?{}") or any(map(str.isalnum, text)))
        for text in texts
    )
    return texts if fixed else []
