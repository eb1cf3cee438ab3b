"""Kernels in float64 arithmetic and loops alone, for languages without Python's long integers and exceptions.

Each replaces the kernel of the same name in `ops/kernels/` when `translate.py` writes another language. The tests hold
both to the same references. They are written in the part of Python that `translate.py` reads, and run as Python. Pairs
of floats, a head and its rounding error, do the work of the long integers.
"""

from . import arithmetic, derivatives, error_function, gamma

UNTRANSLATED = ("bessel", "betainc")  # modules of kernels that need long integers and have no counterpart here
MODULES = (arithmetic, derivatives, error_function, gamma)
