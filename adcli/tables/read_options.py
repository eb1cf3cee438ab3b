"""How a table is read: its delimiter, decimal sign, comments, first lines, encoding and missing cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from ..errors import RequestError, quoted
from ..records import NamedTuple
from .column import parse_number, parse_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .column import Array

    Mask: TypeAlias = NDArray[np.bool_]

DELIMITERS = {"tab": "\t", "\\t": "\t"}  # names of characters that are hard to type


class ReadOptions(NamedTuple):
    """How a table is read, as far as it is not detected.

    Attributes:
        delimiter: between cells, empty to detect it.
        decimal: the decimal sign.
        comment: the beginning of lines to leave out, empty for none.
        skip: lines before the header.
        header: whether the first row names the columns.
        encoding: of the text, empty for UTF-8.
        na: texts of missing cells. An empty cell is one too.
    """

    delimiter: str = ""
    decimal: str = "."
    comment: str = ""
    skip: int = 0
    header: bool = True
    encoding: str = ""
    na: tuple[str, ...] = ()

    def changed(self) -> list[str]:
        """Return the attributes that are not the default."""
        pairs = zip(self._fields, self, DEFAULTS, strict=True)
        return [name for name, value, default in pairs if value != default]

    def is_missing(self, text: str) -> bool:
        """Return whether a text is that of a missing cell."""
        text = text.strip()
        return not text or text in self.na

    def parse(self, texts: Sequence[str]) -> tuple[Array, list[int], Mask | None]:
        """Return a column of texts as float64, the rows of those that are not numbers, and which are missing.

        >>> ReadOptions(decimal=",", na=("-",)).parse(["1,5", "-", "1.5"])
        (array([1.5, nan, nan]), [2], array([False,  True, False]))
        """
        plain = texts
        if self.decimal != ".":
            # A point is not a sign of thousands: such a cell becomes text that is not a number.
            plain = [text.replace(".", "?").replace(self.decimal, ".") for text in texts]
        numbers, bad = parse_numbers(plain)
        missing = None
        if bad:
            empty = [row for row in bad if self.is_missing(texts[row])]
            if empty:
                missing = _mask(empty, len(texts))
                bad = [row for row in bad if not missing[row]]
        numbers, missing = self.mark(numbers, missing)
        return numbers, bad, missing

    def mark(self, numbers: Array, missing: Mask | None = None) -> tuple[Array, Mask | None]:
        """Return numbers with nan for those that equal one of `na`, and which are missing, None if no one is.

        >>> import numpy as np
        >>> ReadOptions(na=("-999", "NA")).mark(np.array([1.5, -999.0]))
        (array([1.5, nan]), array([False,  True]))
        """
        import numpy as np

        if values := _values(self.na):
            found = np.isin(numbers, values)
            if any(value != value for value in values):
                found |= np.isnan(numbers)
            if found.any():
                missing = found if missing is None else missing | found
                numbers = np.where(found, np.nan, numbers)
        return numbers, missing


DEFAULTS = ReadOptions()


def flag(attribute: str) -> str:
    """Return the option of the command line for an attribute of `ReadOptions`."""
    return "--no-header" if attribute == "header" else f"--{attribute}"


def _mask(rows: Sequence[int], count: int) -> Mask:
    import numpy as np

    mask = np.zeros(count, dtype=bool)
    mask[rows] = True
    return mask


def _values(texts: Sequence[str]) -> list[float]:
    """Return those of the texts that are numbers."""
    values = []
    for text in texts:
        try:
            values.append(parse_number(text))
        except ValueError:
            continue
    return values


def read_options(
    delimiter: str | None,
    decimal: str | None,
    comment: str | None,
    skip: int | None,
    no_header: bool,
    encoding: str | None,
    na: str | None,
) -> ReadOptions:
    """Return the options that the command line gives.

    Raises:
        RequestError: one cannot be used.
    """
    character = DELIMITERS.get(delimiter or "", delimiter or "")
    if delimiter is not None and (len(character) != 1 or character in '"\r\n'):
        raise RequestError(f"--delimiter takes one character, not {quoted(delimiter)}", hint="as in --delimiter ';'")
    if comment is not None and (not comment.strip() or "\n" in comment):
        raise RequestError("--comment takes the text that begins a comment", hint="as in --comment '#'")
    if encoding is not None:
        encoding = _check_encoding(encoding)
    texts = tuple(text.strip() for text in na.split(",")) if na is not None else ()
    return ReadOptions(character, decimal or ".", comment or "", skip or 0, not no_header, encoding or "", texts)


def _check_encoding(name: str) -> str:
    """Return the normal name of an encoding, an empty text for UTF-8."""
    import codecs

    try:
        known = codecs.lookup(name).name
        "1,x\n".encode(known, "surrogateescape")
    except (LookupError, ValueError, TypeError):  # unknown, not an encoding of text, or one that encodes nothing
        problem = f"--encoding: {quoted(name)} is not an encoding of text"
        raise RequestError(problem, hint="as in --encoding latin-1, cp1252 or utf-16") from None
    return "" if known in ("utf-8", "utf-8-sig", "ascii") else known
