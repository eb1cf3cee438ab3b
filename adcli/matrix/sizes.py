"""Sizes of axes from the ranks of variables. Each size is a prime number that stands for any size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, count
from math import isqrt

from ..errors import ShapeError
from ..graph.expr import Unfolded
from ..language.ast import Formula
from ..language.lower import lower
from ..ops import Op
from ..ops.operands import Shape

FIRST_SIZE = 1009  # small enough for arrays of such sizes
SQUARE = ("trace", "diag")  # operations that take other matrices too, whose matrices are read as square ones


class _EqualSizesError(Exception):
    """Two sizes must be equal. The argument says which one to replace by which."""

    def __init__(self, replaced: Mapping[int, int]) -> None:
        self.replaced = replaced


class _SizedGraph(Unfolded):
    """A graph for reading formulas of arrays: sizes that do not fit are found equal, and they are not computed with.

    Attributes:
        lengths: row -> size, of the numbers that are sizes. They are constants too, so that they can be shapes.
    """

    __slots__ = ("lengths",)

    def __init__(self) -> None:
        super().__init__()
        self.lengths: dict[int, int] = {}

    def length(self, size: int) -> int:
        """Return the row of a size."""
        row = self.rows.get(("length", size))
        if row is None:
            row = self.rows["length", size] = self._append(None, ())
            self.lengths[row] = size
            self.constants[row] = float(size)
        return row

    def apply(self, op: Op, inputs: tuple[int, ...]) -> int:
        """Return the row of `op` applied to rows.

        Raises:
            _EqualSizesError: the shapes fit if some sizes are equal.
            ShapeError: they do not fit.
        """
        shapes = [self.shapes.get(row, ()) for row in inputs]
        if op.shape is None and not any(shapes) and self.lengths.keys().isdisjoint(inputs):
            return super().apply(op, inputs)
        if op.name in SQUARE and len(shapes[0]) == 2 and shapes[0][0] != shapes[0][1]:
            raise _EqualSizesError({max(shapes[0]): min(shapes[0])})
        key = (op, inputs)
        row = self.rows.get(key)
        if row is None:
            shape = _result_shape(op, shapes)
            row = self.rows[key] = self._append(op, inputs)
            if shape:
                self.shapes[row] = shape
        return row


def _result_shape(op: Op, shapes: Sequence[Shape]) -> Shape:
    try:
        return op.shape_of_result(shapes)
    except ShapeError:
        known = sorted({size for shape in shapes for size in shape if size > 1})
        pairs = list(combinations(known, 2))
        for merges in (1, 2):
            for merged in combinations(pairs, merges):
                replaced = {larger: smaller for smaller, larger in merged}
                try:
                    op.shape_of_result([_replace(shape, replaced) for shape in shapes])
                except ShapeError:
                    continue
                raise _EqualSizesError(replaced) from None
        raise


def _replace(shape: Shape, replaced: Mapping[int, int]) -> Shape:
    sizes = shape
    for _ in replaced:
        sizes = tuple([replaced.get(size, size) for size in sizes])
    return sizes


def _primes(text: str) -> Iterator[int]:
    """Return the primes from `FIRST_SIZE` on that are not in a text."""
    primes = (n for n in count(FIRST_SIZE, 2) if all(n % divisor for divisor in range(3, isqrt(n) + 1, 2)))
    return (n for n in primes if str(n) not in text)


def _is_doubtful(op: Op, shapes: Sequence[Shape]) -> bool:
    if "axis" in op.parameters:
        return not shapes[0]
    return op.name in ("mul", "div") and {len(shape) for shape in shapes} == {1, 2}


class Sizes:
    """A formula at shapes that fit its ranks.

    Args:
        formula: the AST.
        ranks: of the variables: 0, 1 or 2.
        square: the names of variables that are square matrices.

    Attributes:
        graph: the formula. Its shapes are made of primes.
        top: the row of the result.
        shapes: of the variables.
        shape: of the result.
        is_doubtful: whether a number is reduced like a vector (``sum(2)``), or the columns of a matrix are scaled by
            a vector (``t*A``), so that other ranks are likelier.

    Raises:
        ShapeError: no shapes of these ranks fit.
    """

    def __init__(self, formula: Formula, ranks: Mapping[str, int], square: Iterable[str] = ()) -> None:
        free = _primes(formula.text)
        self.shapes: dict[str, Shape] = {name: tuple([next(free) for _ in range(r)]) for name, r in ranks.items()}
        for name in square:
            self.shapes[name] = self.shapes[name][:1] * 2
        while True:
            graph = _SizedGraph()
            for name, shape in self.shapes.items():
                graph.variable(name, shape)
            try:
                result = lower(formula, graph, self.shapes)
                break
            except _EqualSizesError as error:
                self.shapes = {name: _replace(shape, error.replaced) for name, shape in self.shapes.items()}
        self.graph = graph
        self.top = result.row
        self.shape: Shape = result.shape
        self.is_doubtful = any(
            op is not None and _is_doubtful(op, [graph.shapes.get(row, ()) for row in inputs])
            for op, inputs in zip(graph.ops, graph.inputs, strict=True)
        )

    def has(self, number: float) -> bool:
        """Return whether a number is one of the sizes."""
        return any(number in shape for shape in self.shapes.values())

    def text(self, size: int) -> str:
        """Return a size in the language: the length of a vector, or the rows or columns of a matrix."""
        for name, shape in sorted(self.shapes.items()):
            if shape == (size,):
                return f"len({name})"
        for name, shape in sorted(self.shapes.items()):
            if shape[:1] == (size,):
                return f"len({name})"
        for name, shape in sorted(self.shapes.items()):
            if shape[1:] == (size,):
                return f"len({name}.T)"
        return str(size)
