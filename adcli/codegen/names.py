"""Names for generated code: the user's where they can stand, others where they clash or a language cannot say them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ..errors import printable

PREFIX = "adcli_"  # of the functions that come with the code; no other name begins with it
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Names:
    """The names of one piece of code, each given once.

    Args:
        reserved: words of the language, and what the code uses besides.
        ascii_only: letters of other scripts are spelled out.
        folded: two names may not differ in capitals alone.

    >>> names = Names({"int"}, ascii_only=True)
    >>> [names.take(name) for name in ("x", "int", "β", "__init__", "x'; DROP TABLE", "x")]
    ['x', 'int_', 'beta', 'init__', 'x___DROP_TABLE', 'x_']
    """

    def __init__(self, reserved: Iterable[str], ascii_only: bool = True, folded: bool = False) -> None:
        self._folded = folded
        self._ascii_only = ascii_only
        self._taken = {self._key(word) for word in reserved}
        self._fresh = 0

    def take(self, wanted: str) -> str:
        """The name that is wanted or, where it cannot stand, one as near to it as can be."""
        name = self._spelled(wanted)
        while self._key(name) in self._taken:
            name += "_"
        self._taken.add(self._key(name))
        return name

    def fresh(self) -> str:
        """A name for what has none: ``v1``, ``v2`` …"""
        while True:
            self._fresh += 1
            name = f"v{self._fresh}"
            if self._key(name) not in self._taken:
                self._taken.add(self._key(name))
                return name

    def _key(self, name: str) -> str:
        return name.lower() if self._folded else name

    def _spelled(self, wanted: str) -> str:
        letters = "".join(self._letter(letter) for letter in wanted)
        # Two leading underscores, and one before a capital, belong to the language in C and in Python.
        if letters.startswith("__") or re.match("_[A-Z]", letters):
            letters = letters.lstrip("_")
        if letters.lower().startswith(PREFIX):
            letters = f"x_{letters}"
        return letters if letters and not letters[0].isdigit() else f"x{letters}"

    def _letter(self, letter: str) -> str:
        if _WORD.fullmatch(f"x{letter}"):
            return letter
        if not self._ascii_only and f"x{letter}".isidentifier():
            return letter
        if not letter.isalnum():
            return "_"
        return spelled_letter(letter)


def spelled_letter(letter: str) -> str:
    """A letter of another script in ASCII: a Greek one by its name, others by their number.

    >>> spelled_letter("β"), spelled_letter("Ω"), spelled_letter("я")
    ('beta', 'Omega', 'u44f')
    """
    kind = unicodedata.name(letter, "").split()
    if kind[:1] == ["GREEK"] and kind[2:3] == ["LETTER"] and len(kind) == 4:
        name = {"LAMDA": "lambda"}.get(kind[3], kind[3].lower())
        return name if kind[1] == "SMALL" else name.capitalize()
    return f"u{ord(letter):x}"


def words(text: str) -> frozenset[str]:
    """The words of a text, for lists of reserved ones."""
    return frozenset(text.split())


def comment_lines(text: str, forbidden: Iterable[str] = (), width: int = 100, most: int = 20) -> list[str]:
    """Text for comments of generated code: printable, in lines, cut where it is long.

    Args:
        text: any text.
        forbidden: marks that would end the comment; a space is put inside each.
        width: of a line.
        most: lines; what is longer ends in ``…``.

    >>> comment_lines("a */ b", ["*/"])
    ['a * / b']
    """
    lines: list[str] = []
    for line in text[: width * (most + 1)].replace("\\", "/").splitlines() or [""]:
        clean = "".join(letter if letter.isprintable() else " " for letter in printable(line))
        for mark in forbidden:
            while mark in clean:
                clean = clean.replace(mark, " ".join(mark))
        while len(clean) > width:
            space = clean.rfind(" ", width // 2, width)
            cut = space if space > 0 else width
            lines.append(clean[:cut].rstrip())
            clean = clean[cut:].lstrip()
        lines.append(clean)
    return [*lines[:most], "…"] if len(lines) > most else lines
