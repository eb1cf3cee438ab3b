"""What runs a Program: one file each. `python` for one point, without NumPy; `numpy` for whole arrays.

May import `errors`, `ops` and `graph`.
"""

from __future__ import annotations

from os import listdir
from os.path import dirname

# The files of this folder; those with an underscore are shared by them.
BACKENDS = tuple(sorted(name[:-3] for name in listdir(dirname(__file__)) if name.endswith(".py") and name[0] != "_"))
