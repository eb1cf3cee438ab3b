"""Run a `Tape`: one file or package per backend, with ``filler(program)`` for many points (see `_rows.py`).

`python` computes one point without NumPy, `numpy` whole arrays in blocks, `llvm` vector code. `_rows.py` and
`_arrays.py` are shared. May import `errors`, `ops` and `graph`.
"""

from __future__ import annotations

from os import listdir
from os.path import dirname

# The files and packages of this folder whose names do not begin with an underscore.
BACKENDS = tuple(sorted(name.removesuffix(".py") for name in listdir(dirname(__file__)) if name[0] not in "_."))
