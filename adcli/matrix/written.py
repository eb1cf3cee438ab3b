"""Texts that are parts of formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..ops.arithmetic import POSTFIX, POWER, PRODUCT


class Written(NamedTuple):
    """A text and how tightly it binds."""

    text: str
    binding: float

    def within(self, least: float) -> str:
        """Return the text, in parentheses if it binds less than this."""
        return f"({self.text})" if self.binding < least else self.text


def multiply_texts(factors: Sequence[Written]) -> str:
    """Return factors with ``*`` between them."""
    return "*".join([each.within(PRODUCT + 1) for each in factors])


def divide_texts(above: str, below: Sequence[Written]) -> Written:
    """Return a product over a product."""
    if not below:
        return Written(above, PRODUCT)
    divisor = below[0].within(POWER) if len(below) == 1 else f"({multiply_texts(below)})"
    return Written(f"{above}/{divisor}", PRODUCT)


def call_text(name: str, *arguments: str) -> Written:
    """Return a call."""
    return Written(f"{name}({', '.join(arguments)})", POSTFIX)


def cost(text: str) -> int:
    """Return how long a text seems to a reader."""
    return len(text) + 3 * text.count("@")
