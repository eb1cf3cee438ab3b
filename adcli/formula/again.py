"""Compute derivatives of arrays that are not finite again, on carriers, with a look at what is structurally 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..ops.operands import Numeric
from .lowered import Lowered
from .outputs import ComputeBlocks


def gradients_again(lowered: Lowered, wrt: Sequence[str], mode: str = "reverse") -> ComputeBlocks | None:
    """Return what computes the derivatives of every result again. None for a formula of numbers, right at once."""

    def compute(inputs: Mapping[str, Numeric]) -> list[Numeric]:
        from .arrays import jacobian_rows

        return jacobian_rows(lowered, inputs, wrt, mode)

    return None if lowered.is_numeric else compute


def products_again(
    lowered: Lowered, directions: Mapping[str, str], wrt: Sequence[str] | None = None
) -> ComputeBlocks | None:
    """Return what computes the derivatives in a direction again, or with `wrt` those of the gradient."""

    def compute(inputs: Mapping[str, Numeric]) -> list[Numeric]:
        from .arrays import products

        return products(lowered, inputs, directions, wrt)

    return None if lowered.is_numeric else compute
