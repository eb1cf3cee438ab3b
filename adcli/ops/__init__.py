"""The one table of operations: what each computes, how it differentiates, where it is defined, how it is written.

`docs/adding.md` shows how to add a function or a tensor operation. May import `errors` only.
"""

from __future__ import annotations

from importlib import import_module

from . import arithmetic, elementary, linear, reductions, rules, signature, structure
from .carrier import UFUNCS, Carrier, all_of, any_of, none_of, one_of
from .domain import Domain, Kink
from .lazy_table import LazyTable
from .numpy_protocol import enter_protocol
from .op import TABLE, Op, spellings
from .operands import constant, shape_of

# The modules that are imported when a name is not in the table, or when all of it is listed. Together with their
# kernels they take longer to import than one gradient takes to compute.
SPECIAL = ("special", "beta", "incomplete", "lambert", "degrees", "normal", "root", "bessel")

FUNCTIONS: LazyTable[Op] = LazyTable()  # word -> op: what the language reads as a function
PUBLIC: LazyTable[Op] = LazyTable()  # the functions that users call: `adcli.sin`
SIGNS = {(op.sign, op.arity): op for op in dict.values(TABLE) if op.sign is not None}  # (sign, arity) -> op

_NUMPY = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div", "power": "pow", "float_power": "pow",
    "remainder": "mod", "floor_divide": "floordiv", "negative": "neg", "less": "lt", "less_equal": "le",
    "greater": "gt", "greater_equal": "ge", "equal": "eq", "not_equal": "ne", "logical_and": "and",
    "logical_or": "or", "logical_not": "not", "rint": "round", "absolute": "abs", "maximum": "max", "minimum": "min",
}  # fmt: skip


def _enter_words() -> None:
    """Enter the operations that are loaded as words of the language, names of NumPy and methods of carriers."""
    for word, op in spellings(dict.values(TABLE)).items():
        if FUNCTIONS.has_loaded(word):
            continue
        FUNCTIONS[word] = UFUNCS[op.name] = UFUNCS[word] = op
        if not op.helper:
            PUBLIC[word] = op
        # A method takes the carrier as its first argument, which must not be a condition or the order of a derivative.
        takes_carrier = not op.takes_conditions and 0 not in op.integers
        is_offered = not op.helper or word == "square"  # a method of PyTorch's tensors
        if word.isidentifier() and takes_carrier and is_offered and not hasattr(Carrier, word):
            setattr(Carrier, word, op)


def _load_special() -> None:
    for name in SPECIAL:
        import_module(f"{__name__}.{name}")
    _enter_words()
    del Carrier.__getattr__


def _load_method(carrier: Carrier, name: str) -> object:
    """Return an attribute of a carrier that is missing while the special functions are not loaded."""
    if not name.startswith("__"):
        LazyTable.complete()
    return object.__getattribute__(carrier, name)


UFUNCS.update({op.name: op for op in dict.values(TABLE)})
UFUNCS.update({name: TABLE[op] for name, op in _NUMPY.items()})
UFUNCS.update(bitwise_and=all_of, bitwise_or=any_of, bitwise_xor=one_of, logical_xor=one_of, invert=none_of)
enter_protocol()
_enter_words()
Carrier.__getattr__ = _load_method  # type: ignore[method-assign, assignment]
LazyTable.load = _load_special

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
    "LazyTable",
    "Op",
    "arithmetic",
    "constant",
    "elementary",
    "linear",
    "reductions",
    "rules",
    "shape_of",
    "structure",
]
