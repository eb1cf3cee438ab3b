"""Differentiate Python code: `Value` (reverse mode), `Dual` (forward mode), `grad` and its kin, recorded programs.

May import `errors`, `ops` and `graph`, and inside functions also `draw`, `language` and `backends`.
"""

from ..ops import LazyTable

LazyTable.complete()  # `dir(Value)` lists every function
