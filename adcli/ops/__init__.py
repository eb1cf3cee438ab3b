"""The one table of operations: what each computes, how it differentiates, where it is defined, how it is written.

To add a function, add one entry to `arithmetic.py`, `elementary.py` or `special.py`; see `docs/adding.md`.
May import `errors` only.
"""

from __future__ import annotations

from . import arithmetic, elementary, special
from .arithmetic import Carrier, constant
from .op import TABLE, Domain, Kink, Op, spellings

FUNCTIONS = spellings(TABLE.values())  # word -> op
SIGNS = {(op.sign, op.arity): op for op in TABLE.values() if op.sign is not None}  # (sign, arity) -> op

__all__ = [
    "FUNCTIONS",
    "SIGNS",
    "TABLE",
    "Carrier",
    "Domain",
    "Kink",
    "Op",
    "arithmetic",
    "constant",
    "elementary",
    "special",
]
