"""What an operation is: one record that holds every fact about it, the table of these records, and their dispatch.

May import `errors` only. The entries stand in `arithmetic.py`, `elementary.py` and `special.py`; `graph/derive.py`
reads how they differentiate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

Rule: TypeAlias = Callable[..., Any]
Partial: TypeAlias = "Rule | float | None"


class Domain:
    """Where an operation is defined: a text for people, and a test of the arguments.

    >>> interval("(0, inf)").contains(0.0)
    False
    """

    __slots__ = ("argument", "contains", "text")

    def __init__(self, text: str, contains: Callable[..., bool], argument: int = 0) -> None:
        self.text = text
        self.contains = contains
        self.argument = argument  # the one a message names


def interval(text: str) -> Domain:
    """A Domain of the first argument from its usual notation, such as ``"[-1, 1]"`` or ``"(0, inf)"``."""
    low, high = (float(end) for end in text[1:-1].split(","))
    from_low, to_high = text[0] == "[", text[-1] == "]"

    def contains(x: float, *_: float) -> bool:
        return (low < x or (from_low and x == low)) and (x < high or (to_high and x == high))

    return Domain(text, contains)


class Kink:
    """Where an operation has no derivative, and what is used there.

    Args:
        kind: ``"kink"`` (one-sided slopes differ), ``"jump"`` (the value jumps), ``"pole"`` (value or slope is
            infinite), ``"domain"`` or ``"indeterminate"`` (there is no slope, though there is a value).
        where: a condition as people write it, shown by `adcli functions`.
        when: that condition as a function of ``(out, *arguments)``.
        says: what a note tells of the slopes there; a text, or a function of ``(out, *arguments)``.
        arguments: which arguments must vary for it to matter; None is any.
    """

    __slots__ = ("arguments", "kind", "says", "when", "where")

    def __init__(
        self,
        kind: str,
        where: str,
        when: Callable[..., bool],
        says: str | Callable[..., str],
        arguments: tuple[int, ...] | None = None,
    ) -> None:
        self.kind = kind
        self.where = where
        self.when = when
        self.says = says
        self.arguments = arguments


class Op:
    """An operation: what it computes, how it differentiates, where it is defined, how it is spelled.

    Called with numbers it computes; with a carrier (a symbol, a dual number …) it asks the carrier to apply it, so one
    rule serves every mode. See `docs/adding.md` for how to add one.

    Args:
        name: the spelling that is printed; a helper that users seldom write has a full English name.
        forward: the scalar function on floats, with IEEE 754 results; never raises.
        partials: one entry per argument, the local derivative: a function of ``(out, *arguments)`` written with ops
            and operators, a constant, or None where there is none. One entry with `variadic` stands for all.
        fast: a quicker spelling of `forward` for generated Python, a function of `math` or a template of ``{0}``,
            ``{1}``; it may raise ValueError, OverflowError or ZeroDivisionError where `forward` gives inf or nan.
        fast_within: the size of argument from which on `forward` is needed for its digits.
        picks: for an op that picks among its arguments: per argument a function of ``(out, *arguments)`` that says
            when it is picked (or a function from the argument's number to that); what is not picked contributes
            nothing, neither value nor slope.
        push: the tangent, where it is shorter than the sum over `partials`: ``(tangents, out, *arguments)``.
        sign: the infix or prefix sign, with its `binding` strength; None is written as a function.
        aliases: other spellings the language reads.
        overloads: what the name means with another number of arguments.
        variadic: takes one or more arguments.
        integers: arguments that must be literal whole numbers (orders of derivatives).
        domain: where it is defined; a value is nan outside.
        kinks: where it has no derivative, and the convention there.
        helper: closes the table under differentiation; listed after the rest.
        formula: what a helper is in school functions, for people to read.
        doc: one sentence.
    """

    __slots__ = (
        "aliases", "arity", "array", "binding", "doc", "domain", "fast", "fast_within", "formula", "forward", "helper",
        "integers", "is_condition", "kinks", "name", "overloads", "partials", "picks", "push", "sign",
        "takes_conditions", "variadic",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        partials: Sequence[Partial],
        *,
        doc: str,
        fast: str | None = None,
        fast_within: float | None = None,
        picks: Sequence[Rule | None] | Callable[[int], Rule | None] | None = None,
        push: Rule | None = None,
        sign: str | None = None,
        binding: int = 0,
        aliases: tuple[str, ...] = (),
        overloads: dict[int, Rule] | None = None,
        variadic: bool = False,
        integers: tuple[int, ...] = (),
        domain: Domain | None = None,
        kinks: tuple[Kink, ...] = (),
        is_condition: bool = False,
        takes_conditions: tuple[int, ...] = (),
        helper: bool = False,
        formula: str | None = None,
    ) -> None:
        self.name = name
        self.forward = forward
        self.partials = tuple(partials)
        self.fast = fast
        self.fast_within = fast_within
        self.picks = picks
        self.push = push
        self.sign = sign
        self.binding = binding
        self.aliases = aliases
        self.overloads = overloads or {}
        self.variadic = variadic
        self.arity = len(self.partials)
        self.integers = integers
        self.domain = domain
        self.kinks = kinks
        self.is_condition = is_condition
        self.takes_conditions = takes_conditions
        self.helper = helper
        self.formula = formula
        self.doc = doc
        # The array kernel has the scalar kernel's name (backends/numpy.py looks it up in ops/kernels/arrays.py).
        self.array = forward.__name__.lstrip("_")
        if name in TABLE:
            raise ValueError(f"two operations are named {name!r}")
        TABLE[name] = self

    def __call__(self, *arguments: Any) -> Any:
        """Compute on numbers, or have the first carrier among the arguments apply it."""
        for argument in arguments:
            apply = getattr(argument, "apply_op", None)
            if apply is not None:
                return apply(self, arguments)
        return self.forward(*arguments)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def partial(self, argument: int) -> Partial:
        """The local derivative with respect to one argument."""
        return self.partials[0 if self.variadic else argument]

    def pick(self, argument: int) -> Rule | None:
        """When this argument is picked; None for always."""
        if self.picks is None:
            return None
        return self.picks(argument) if callable(self.picks) else self.picks[argument]


TABLE: dict[str, Op] = {}


def spellings(ops: Iterable[Op]) -> dict[str, Op]:
    """Every word the language reads as a function, with its op; signs are not words."""
    return {word: op for op in ops if op.sign is None for word in (op.name, *op.aliases)}
