"""Notes on standard error, and the exit status that they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .output import note, say

if TYPE_CHECKING:
    from ..explain.notes import Note


def tell(notes: Sequence[Note], notes_inside: bool) -> int:
    """Print the notes on standard error and return the exit status.

    Args:
        notes: fatal ones are errors, with status 1.
        notes_inside: whether the printed format has the other notes itself.
    """
    status = 0
    for remark in notes:
        if remark.fatal:
            say(str(remark))
            status = 1
        elif not notes_inside:
            note(str(remark))
    return status
