"""The solution of an equation with its derivatives. It is given only where the equation determines it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isinf
from typing import TYPE_CHECKING

from ..errors import DomainError
from ..graph.text import number_text
from ..ops.operands import Numeric, Operand
from .equations import VAGUE, Implicit
from .lowered import Lowered
from .numerical import MARGIN, value_and_bound
from .outputs import Compute, Outputs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from ..ops.operands import Array
    from .roots import Rows

CLEAR = 1e-6  # where the variable has this part in how the sides change, rounding does not hide its solution


class Solved(Implicit):
    """A variable that an equation defines, computed from a start or in a bracket, and its derivatives.

    The start is the value of the variable. Results do not depend on it except for the choice among several solutions.

    Args:
        lowered, of, wrt, order: see `Implicit`.
        bracket: two numbers or columns between which the sides change their order; None for a start.
    """

    far = 1e-3  # where no solution is found; so rows without one need no bound of rounding

    def __init__(
        self,
        lowered: Lowered,
        of: str,
        wrt: Sequence[str],
        order: int = 1,
        bracket: tuple[Operand, Operand] | None = None,
    ) -> None:
        super().__init__(lowered, of, wrt, order, with_value=True)
        self.unknown = of
        self.bracket = bracket
        self._equation = Outputs(lowered, [self.outputs[0], self.outputs[1 + self.variables.index(of)]], {})

    def at(self, inputs: Mapping[str, Numeric]) -> tuple[list[float], list[Operand]]:
        """Solve the equation and compute all outputs at its solution. See `Outputs.at`.

        Raises:
            DomainError: no solution is found.
        """
        of, start = self._dependent, inputs[self._dependent]
        root, is_flat = (float(each.reshape(())) for each in self._solver("python")(inputs))
        if is_flat:
            raise DomainError(f"left - right is 0 all around {of} = {number_text(root)}", hint=VAGUE)
        if isinf(root):
            raise DomainError(f"the start {of} = {number_text(float(start))} is not finite", hint=f"as in {of}=1")
        return super().at({**inputs, of: root})

    def _may_be_vague(self, residual: Array, changes: Sequence[Array]) -> NDArray[np.bool_] | bool:
        """Return where the variable has no clear part in how the sides change."""
        from .roots import NEARBY

        change = changes[self.variables.index(self._dependent)]
        is_clear = (change > CLEAR * sum(changes)) & (NEARBY * change > MARGIN * abs(residual))
        return is_clear ^ True

    def _is_vague(self, point: Mapping[str, float]) -> bool:
        """Return whether the sides differ by no more than rounding beside the solution."""
        for near in self._beside(point):
            value, bound = value_and_bound(self.lowered.scalar, near)
            if abs(value) <= bound < inf:
                return True
        return False

    def columns(self, backend: str = "auto", rows: int | None = None, threads: int | None = None) -> Compute:
        """Return what computes solutions and derivatives at many points, nan if there is none."""
        import numpy as np

        compute, solve = super().columns(backend, rows, threads), self._solver(backend, rows, threads)

        def solutions(columns: Mapping[str, ArrayLike]) -> list[Operand]:
            roots, is_flat = solve(columns)
            roots[is_flat | np.isinf(roots)] = np.nan
            return compute({**columns, self._dependent: roots})

        return solutions

    def _solver(
        self, backend: str, rows: int | None = None, threads: int | None = None
    ) -> Callable[[Mapping[str, ArrayLike]], tuple[Array, NDArray[np.bool_]]]:
        """Return the function from columns to where the sides differ least, and whether it is flat there."""
        import numpy as np

        from .roots import are_flat, roots_from_starts, roots_in_brackets, with_zeros

        compute, of = self._equation.all_columns(backend, rows, threads), self._dependent

        def solve(columns: Mapping[str, ArrayLike]) -> tuple[Array, NDArray[np.bool_]]:
            arrays = {name: np.asarray(columns[name], float) for name in self.variables}
            ends = [np.asarray(end, float) for end in self.bracket or ()]
            shape = np.broadcast_shapes(*[array.shape for array in [*arrays.values(), *ends]])
            start, *ends = (np.broadcast_to(array, shape).ravel() for array in (arrays.pop(of), *ends))
            given = {name: x if x.size == 1 else np.broadcast_to(x, shape).ravel() for name, x in arrays.items()}

            def sides(some: Rows, y: Array) -> tuple[Array, Array]:
                difference, slope = compute(
                    {of: y} | {name: x if x.size == 1 else x[some] for name, x in given.items()}
                )
                return difference, slope

            roots = with_zeros(sides, roots_in_brackets(sides, *ends)[0] if ends else roots_from_starts(sides, start))
            return roots.reshape(shape), are_flat(sides, roots).reshape(shape)

        return solve

    def _off_the_curve(self, point: Mapping[str, float], residual: float) -> DomainError:
        """Return the error of an equation for which no solution was found."""
        of, best = self._dependent, number_text(point[self._dependent])
        if self.bracket is None:
            problem = f"no solution was found from the start (left - right is still {residual:.3g} at {of} = {best})"
            return DomainError(problem, hint=f"give another start, or a bracket such as {of}=0:1")
        low, high = (float(end) for end in self.bracket)
        below, above = (self._sides({**point, of: end})[0] for end in (low, high))
        between = f"{of} = {number_text(low)} and {of} = {number_text(high)}"
        problem = f"no solution was found between {between} (left - right is {below:.3g} and {above:.3g} there)"
        jumps = min(below, above) < 0.0 < max(below, above)
        hint = "there is a pole or a jump between them" if jumps else "widen or split the bracket, or give a start"
        return DomainError(problem, hint=hint)
