"""What runs a Tape: one file each. `python` for one point, without NumPy; `numpy` for whole arrays.

May import `errors`, `ops` and `graph`.
"""

from __future__ import annotations

from os import listdir
from os.path import dirname

# The files and packages of this folder. Names that begin with an underscore are shared by them.
BACKENDS = tuple(sorted(name.removesuffix(".py") for name in listdir(dirname(__file__)) if name[0] not in "_."))
