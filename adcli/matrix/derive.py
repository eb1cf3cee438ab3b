"""Derivatives of formulas of arrays, as formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..language.ast import Formula
from .algebra import Algebra
from .differential import Differential
from .extraction import Extraction
from .reader import dimensions, read_graph
from .sizes import Sizes
from .values import RefusedError, Value, number, value_of
from .writer import Writer


class Derivation:
    """A formula of arrays in normal form, and its derivatives.

    Args:
        formula: the AST.
        ranks: of the variables: 0, 1 or 2.

    Raises:
        ShapeError: the ranks do not fit.
        RefusedError: there is no notation for the formula.
    """

    def __init__(self, formula: Formula, ranks: Mapping[str, int]) -> None:
        self.sizes = Sizes(formula, ranks)
        self.algebra = Algebra()
        self.value = read_graph(self.algebra, self.sizes.graph, self.sizes.top, self.sizes)

    def derivative(self, wrt: Sequence[str]) -> Value:
        """Return the derivative by these variables, one after the other."""
        value = self.value
        for name in wrt:
            value = self._by(value, name)
        return value

    def _by(self, value: Value, name: str) -> Value:
        shape = self.sizes.shapes[name]
        rows, columns = dimensions(shape)
        variable = self.algebra.atom("name", (name,), rows, columns)
        if not shape:
            return Differential(self.algebra, variable, number(1)).of(value)
        if value.columns > 1 or (value.rows > 1 and len(shape) > 1):
            results = ["a number", "a vector", "a matrix"][(value.rows > 1) + (value.columns > 1)]
            raise RefusedError(f"the derivative of {results} by a {'matrix' if len(shape) > 1 else 'vector'}")
        change = self.algebra.atom("name", (f"d{name}", "change"), rows, columns)
        differential = Differential(self.algebra, variable, value_of(change)).of(value)
        extraction = Extraction(self.algebra, change)
        return extraction.gradient(differential) if value.is_number else extraction.jacobian(differential)

    def text(self, value: Value) -> str:
        """Return a value in the language."""
        return Writer(self.algebra, self.sizes).formula(value)
