"""Many points through LLVM (the extra `fast`): explicit vector code for this processor."""

from .engine import filler as filler
