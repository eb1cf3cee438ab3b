"""Many points through LLVM (the extra `fast`): explicit vector code for this processor.

`engine` needs llvmlite. The other modules do not, so that `weight` works without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...graph.tape import Tape
    from .._rows import Fill


def filler(program: Tape) -> Fill:
    """Return a filler of the program's outputs (see `_rows`)."""
    from .engine import Filler

    return Filler(program)
