"""Names in generated code: the user's where the language allows them, otherwise names close to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

PREFIX = "adcli_"  # of the helper functions in generated code: no other name begins with it
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Names:
    """The names of one piece of code, each used once.

    Args:
        reserved: words of the language, and other words that the code uses.
        ascii_only: spell out letters of other scripts.
        folded: treat names that differ only in case as equal.

    >>> names = Names({"int"}, ascii_only=True)
    >>> [names.take(name) for name in ("x", "int", "β", "__init__", "x'; DROP TABLE", "x")]
    ['x', 'int_', 'beta', 'init__', 'x___DROP_TABLE', 'x_']
    """

    def __init__(self, reserved: Iterable[str], ascii_only: bool = True, folded: bool = False) -> None:
        self._folded = folded
        self._ascii_only = ascii_only
        self._taken = {self._key(word) for word in reserved}
        self._count = 0

    def take(self, original: str) -> str:
        """Return a free name, equal to the wanted one where the language allows that, and mark it as used."""
        name = self._spell(original)
        while self._key(name) in self._taken:
            name += "_"
        self._taken.add(self._key(name))
        return name

    def take_new(self) -> str:
        """Return a free name for a value that has none: ``v1``, ``v2`` …"""
        while True:
            self._count += 1
            name = f"v{self._count}"
            if self._key(name) not in self._taken:
                self._taken.add(self._key(name))
                return name

    def _key(self, name: str) -> str:
        return name.lower() if self._folded else name

    def _spell(self, original: str) -> str:
        letters = "".join(self._spell_letter(letter) for letter in original)
        # C and Python reserve names with two leading underscores. C also reserves an underscore before a capital.
        if letters.startswith("__") or re.match("_[A-Z]", letters):
            letters = letters.lstrip("_")
        # Rust and Julia read no value from a name of underscores alone.
        if letters.lower().startswith(PREFIX) or not letters.strip("_"):
            letters = f"x_{letters}"
        return f"x{letters}" if letters[0].isdigit() else letters

    def _spell_letter(self, letter: str) -> str:
        if _WORD.fullmatch(f"x{letter}"):
            return letter
        if not self._ascii_only and f"x{letter}".isidentifier():
            return letter
        if not letter.isalnum():
            return "_"
        return letter_in_ascii(letter)


def letter_in_ascii(letter: str) -> str:
    """Return the name of a Greek letter, or the code point of any other letter.

    >>> letter_in_ascii("β"), letter_in_ascii("Ω"), letter_in_ascii("я")
    ('beta', 'Omega', 'u44f')
    """
    kind = unicodedata.name(letter, "").split()
    if kind[:1] == ["GREEK"] and kind[2:3] == ["LETTER"] and len(kind) == 4:
        name = {"LAMDA": "lambda"}.get(kind[3], kind[3].lower())
        return name if kind[1] == "SMALL" else name.capitalize()
    return f"u{ord(letter):x}"


def words(text: str) -> frozenset[str]:
    """Return the set of words in a text, for lists of reserved words."""
    return frozenset(text.split())
