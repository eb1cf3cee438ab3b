"""The types of points, columns and names in the signatures of `Function`, for type checkers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeVar

from numpy.typing import ArrayLike

from ..ops.operands import Array

Numbers: TypeAlias = "float | Mapping[str, float]"
Arrays: TypeAlias = "ArrayLike | Mapping[str, ArrayLike]"
NumberPoint: TypeAlias = "Mapping[str, float] | Sequence[float]"
ArrayPoint: TypeAlias = "Mapping[str, ArrayLike] | Sequence[ArrayLike]"
Names: TypeAlias = "str | Sequence[str] | None"
# A checker tests `wrt` against the values of `**point` as well, so these types allow them.
NamesOrNumber: TypeAlias = "Names | float"
NamesOrArray: TypeAlias = "Names | ArrayLike"
Ranges: TypeAlias = "ArrayLike | Mapping[str, ArrayLike]"  # a tuple of two numbers is the range of a plot
Limits: TypeAlias = "tuple[float | None, float | None]"
ArrowBatch = TypeVar("ArrowBatch")
Out: TypeAlias = "tuple[Array, Mapping[str, Array]] | None"
