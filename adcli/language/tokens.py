"""The tokens of the language: the scanner, the reserved words, the brackets and the named constants."""

from __future__ import annotations

import re

from .tables import load

CONSTANTS = {
    "pi": 3.141592653589793,
    "π": 3.141592653589793,
    "tau": 6.283185307179586,
    "τ": 6.283185307179586,
    "e": 2.718281828459045,
    "inf": float("inf"),
    "nan": float("nan"),
}
# Signs of print and the spellings by which the nodes are named.
SPELLINGS = {"^": "**", "·": "*", "×": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-",
             "≤": "<=", "≥": ">=", "≠": "!="}  # fmt: skip
CLOSING = {")": "(", "]": "["}
OPENING = frozenset(CLOSING.values())

TABLES = load()
# The groups of a match: a name, a number, a sign, spaces or a comment, any other character.
scan = re.compile(TABLES["scanner"], re.DOTALL).finditer
NAME, NUMBER, SIGN, SPACE = 1, 2, 3, 4
KEYWORDS = {text: kind for text, kind in TABLES["literals"].items() if text.isalpha()}
SIGN_KINDS = {text: kind for text, kind in TABLES["literals"].items() if not text.isalpha()}
