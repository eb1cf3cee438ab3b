"""Write tables as HTML for notebooks. They have no colours of their own, so that they fit light and dark themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TypeVar

from adcli.ops.operands import Array, Operand, shape_of
from adcli.ops.shapes import shape_text

MAX_ROWS = 11  # Of a longer table the first and the last five are shown
MAX_COLUMNS = 21
MAX_STATEMENTS = 41  # of a program
MAX_ELEMENTS = 6  # of an array in a cell
DIGITS = 6  # significant digits of a number among many
GAP = "…"

Item = TypeVar("Item")


def html_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], title: str = "", align: str = "left", note: str = ""
) -> str:
    """Return a table. Every text is escaped.

    Args:
        head: the heads of the columns.
        rows: the texts of the cells.
        title: above the table.
        align: ``left`` or ``right``. A notebook would align all cells to the right.
        note: below the table.

    >>> html_table(["x"], [["a < b"]]).splitlines()[-4]
    '<tr><td style="text-align:left;white-space:nowrap">a &lt; b</td></tr>'
    """
    style = f' style="text-align:{align};white-space:nowrap"'
    caption = [f'<caption style="text-align:left">{escape(title)}</caption>'] if title else []
    cells = "".join(f'<th scope="col"{style}>{escape(each)}</th>' for each in head)
    lines = ["".join(f"<td{style}>{escape(cell)}</td>" for cell in row) for row in rows]
    below = [f"<p>{escape(note)}</p>"] if note else []
    top = ['<div style="overflow-x:auto">', "<table>", *caption, f"<thead><tr>{cells}</tr></thead>", "<tbody>"]
    return "\n".join([*top, *[f"<tr>{line}</tr>" for line in lines], "</tbody>", "</table>", *below, "</div>"])


def cell_text(value: Operand) -> str:
    """Return a number, a truth value or an array as the text of a cell. Of a large array it is the shape.

    >>> import numpy as np
    >>> cell_text(1 / 3), cell_text(True), cell_text(np.eye(2)), cell_text(np.ones((3, 4)))
    ('0.333333', 'true', '[[1, 0], [0, 1]]', 'array of shape (3, 4)')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(cell_text, value))}]"
    if shape := shape_of(value):
        return cell_text(value.tolist()) if value.size <= MAX_ELEMENTS else f"array of shape {shape_text(shape)}"
    return number_text(value)


def number_text(value: float) -> str:
    """Return a number among many."""
    return f"{value + 0.0:.{DIGITS}g}"  # -0 + 0 is 0


def _element_text(element: object) -> str:
    return number_text(element) if isinstance(element, float) else str(element)


def columns_table(columns: Mapping[str, Array]) -> str:
    """Return columns of one shape as a table of their rows, of which a long one shows the first and the last.

    >>> import numpy as np
    >>> columns_table({"f": np.arange(100.0)}).count("<tr><td")
    11
    """
    import numpy as np

    shape = next(iter(columns.values())).shape
    count = int(np.prod(shape, dtype=int))
    names, shown = shorten([*columns], MAX_COLUMNS), shorten(range(count), MAX_ROWS)

    def cells(row: int) -> list[str]:
        index = np.unravel_index(row, shape)
        texts = [GAP if name is None else _element_text(columns[name][index]) for name in names]
        return [", ".join([str(int(i)) for i in index]), *texts]

    rows = [[GAP] * (len(names) + 1) if row is None else cells(row) for row in shown]
    size = f"{count} rows × {len(columns)} columns" if None in (*shown, *names) else ""
    return html_table(["", *[name or GAP for name in names]], rows, align="right", note=size)


def shorten(items: Sequence[Item], most: int) -> list[Item | None]:
    """Return the items or, if there are more than `most`, the first and the last ones with None between them.

    >>> shorten(range(100), 5)
    [0, 1, None, 98, 99]
    """
    if len(items) <= most:
        return [*items]
    end = (most - 1) // 2
    return [*items[:end], None, *items[-end:]]
