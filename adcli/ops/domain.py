"""Where an operation is defined, and where it has no derivative.

May import `operands` only.
"""

from __future__ import annotations

from collections.abc import Callable

from .operands import Rule


class Domain:
    """Where an operation is defined: a text for people, and a condition on the arguments, made of operations.

    Args:
        text: the set as people write it.
        contains: the condition, a function of the arguments.
        argument: the one that a message names.
        hint: what to write instead, a function of the text of that argument and of the numbers of all arguments.
    """

    __slots__ = ("argument", "contains", "hint", "text")

    def __init__(
        self, text: str, contains: Rule, argument: int = 0, hint: Callable[..., str | None] | None = None
    ) -> None:
        self.text = text
        self.contains = contains
        self.argument = argument
        self.hint = hint


class Kink:
    """Where an operation has no derivative, and what is used there.

    Args:
        kind: ``"kink"`` (one-sided slopes differ), ``"jump"`` (the value jumps), ``"pole"`` (value or slope is
            infinite), ``"domain"`` or ``"indeterminate"`` (there is a value but no slope).
        where: the condition as people write it, printed by `adcli functions`.
        when: the condition as a function of ``(out, *arguments)``, with the parameters of the op as keywords. For an
            elementwise op it is made of operations, as rules are, so that code can be generated from it.
        says: the text of a note on the slopes there, or a function of ``(out, *arguments)`` that returns it.
        arguments: the kink matters if one of these arguments varies. None means any argument.
    """

    __slots__ = ("arguments", "kind", "says", "when", "where")

    def __init__(
        self,
        kind: str,
        where: str,
        when: Rule,
        says: str | Callable[..., str],
        arguments: tuple[int, ...] | None = None,
    ) -> None:
        self.kind = kind
        self.where = where
        self.when = when
        self.says = says
        self.arguments = arguments
