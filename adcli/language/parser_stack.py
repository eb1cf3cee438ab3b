"""The parser's stack at an error, as the modules of errors read it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .tokens import KEYWORDS

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


class Stack:
    """The parser's stack at the error.

    Attributes:
        text: the program.
        values: tokens as text, and the nodes of earlier tokens.
        starts, stops: where each value starts and stops in the text.
        brackets: the places of the open brackets, round and square.
    """

    __slots__ = ("brackets", "starts", "stops", "text", "values")

    def __init__(
        self, text: str, values: Sequence[object], starts: Sequence[int], stops: Sequence[int], brackets: Sequence[int]
    ) -> None:
        self.text = text
        self.values = values
        self.starts = starts
        self.stops = stops
        self.brackets = brackets

    @property
    def after_operand(self) -> bool:
        """Whether an operand has just ended, so that an operator is expected."""
        if not self.values:
            return False
        last = self.values[-1]
        if not isinstance(last, str) or last in (")", "]", ".T", "!", "°"):
            return True
        if last == "|":
            return self.starts[-1] not in self.brackets
        return last not in KEYWORDS and (last[0].isalnum() or last[0] in "_.")

    @property
    def empty(self) -> bool:
        """Whether only separators have been read."""
        return all(isinstance(value, str) and value in ";\n" for value in self.values)

    @property
    def lacks_else(self) -> bool:
        """Whether the current choice has no `else` yet."""
        for value in reversed(self.values):
            if isinstance(value, str) and value in ("if", "else", "(", "[", ";", "\n"):
                return value == "if"
        return False

    @property
    def bracket(self) -> str:
        """The innermost open bracket, or an empty text."""
        return self.text[self.brackets[-1]] if self.brackets else ""

    @property
    def takes_comma(self) -> bool:
        """Whether the innermost open bracket is that of a function, an index or a vector."""
        if self.bracket != "(":
            return self.bracket == "["
        position = self.brackets[-1]
        word = re.search(r"(\w+)\s*$", self.text[max(0, position - 40) : position])
        return word is not None and not word[1][0].isdigit() and word[1] not in KEYWORDS

    def operand(self) -> str:
        """Return the text of the operand that has just ended, with the function's name before a parenthesis."""
        position = len(self.values) - 1
        last = self.values[position]
        if last == "|":
            position -= 2
        elif last in ("]", ".T", "!", "°") or (isinstance(last, str) and last in SUPERSCRIPTS):
            position -= 2 if last == "]" else 1
            position -= position > 0 and not isinstance(self.values[position - 1], str)
        elif last == ")":
            position -= 1 if self.values[position - 1] == "(" else 2
            before = self.values[position - 1] if position else None
            if isinstance(before, str) and before.isidentifier() and before not in KEYWORDS:
                position -= 1
        return self.text[self.starts[position] : self.stops[-1]]
