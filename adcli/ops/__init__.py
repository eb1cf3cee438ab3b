"""The one table of operations: what each computes, how it differentiates, where it is defined, how it is written.

`docs/adding.md` shows how to add a function or a tensor operation. May import `errors` only.
"""

from __future__ import annotations

from . import (
    arithmetic,
    bessel,
    beta,
    degrees,
    elementary,
    incomplete,
    lambert,
    linear,
    normal,
    reductions,
    root,
    rules,
    signature,
    special,
    structure,
)
from .carrier import UFUNCS, Carrier, all_of, any_of, none_of, one_of
from .domain import Domain, Kink
from .numpy_protocol import enter_protocol
from .op import TABLE, Op, spellings
from .operands import constant, shape_of

FUNCTIONS = spellings(TABLE.values())  # word -> op: what the language reads as a function
PUBLIC = {word: op for word, op in FUNCTIONS.items() if not op.helper}  # the functions that users call: `adcli.sin`
SIGNS = {(op.sign, op.arity): op for op in TABLE.values() if op.sign is not None}  # (sign, arity) -> op

_NUMPY = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div", "power": "pow", "float_power": "pow",
    "remainder": "mod", "floor_divide": "floordiv", "negative": "neg", "less": "lt", "less_equal": "le",
    "greater": "gt", "greater_equal": "ge", "equal": "eq", "not_equal": "ne", "logical_and": "and",
    "logical_or": "or", "logical_not": "not", "rint": "round", "absolute": "abs", "maximum": "max", "minimum": "min",
}  # fmt: skip
UFUNCS.update(TABLE)
UFUNCS.update(FUNCTIONS)
UFUNCS.update({name: TABLE[op] for name, op in _NUMPY.items()})
UFUNCS.update(bitwise_and=all_of, bitwise_or=any_of, bitwise_xor=one_of, logical_xor=one_of, invert=none_of)

enter_protocol()
for _word, _op in FUNCTIONS.items():
    # A method takes the carrier as its first argument, which must not be a condition or the order of a derivative.
    if _word.isidentifier() and not _op.takes_conditions and 0 not in _op.integers and not hasattr(Carrier, _word):
        setattr(Carrier, _word, _op)

Op.backward = rules.backward  # type: ignore[method-assign, assignment]
Op.__signature__ = property(signature.call_signature)  # type: ignore[assignment]

__all__ = [
    "FUNCTIONS",
    "PUBLIC",
    "SIGNS",
    "TABLE",
    "Carrier",
    "Domain",
    "Kink",
    "Op",
    "arithmetic",
    "bessel",
    "beta",
    "constant",
    "degrees",
    "elementary",
    "incomplete",
    "lambert",
    "linear",
    "normal",
    "reductions",
    "root",
    "rules",
    "shape_of",
    "special",
    "structure",
]
