"""The former place of what inspects arrays."""

from .notes import Inspection as ArrayPoint

__all__ = ["ArrayPoint"]
