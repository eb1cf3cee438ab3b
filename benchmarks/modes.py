"""Modes: time of a gradient and of a Jacobian by dual numbers over reverse mode, and where the two cross.

The evidence for "which is cheaper" in docs/examples/dual_numbers.md. Ratios below 1: forward mode is ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from common import Table, options, timed_calls

import adcli
from adcli import Dual

INPUTS = (1, 2, 3, 4, 6, 8, 16, 64, 256)
OUTPUTS = (1, 2, 3, 4, 6, 8, 16, 64)
SHAPES = ((1, 256), (4, 64), (8, 32), (16, 16), (32, 8), (40, 8), (48, 8), (64, 4), (256, 1))
HIDDEN = 100


def chain(xs: Sequence[Any]) -> Any:
    """A scalar function of some numbers, a dozen operations for each."""
    total = 0.0
    for x in xs:
        total = total + adcli.sin(x) * adcli.exp(-x * x) / (1.0 + x * x) + x * adcli.tanh(total - x)
    return total


def by_passes(xs: Sequence[float]) -> list[float]:
    """The gradient by one pass of dual numbers for each input."""
    return [chain([Dual(x, 1.0, 1) if i == place else x for i, x in enumerate(xs)]).tangent for place in range(len(xs))]


def by_vector(xs: Sequence[float]) -> Any:
    """The gradient by one pass of dual numbers with as many tangents as there are inputs."""
    seeds = np.eye(len(xs))
    return chain([Dual(x, seed, 1) for x, seed in zip(xs, seeds, strict=True)]).tangent


def gradients(given: Any) -> None:
    """Scalars: the gradient of a function of n inputs."""
    table = Table(
        "Gradient of a scalar function of n numbers, times over one reverse pass",
        "n", "n passes of duals", "one pass, n tangents", "reverse, us",
    )  # fmt: skip
    reverse = adcli.grad(chain)
    for count in INPUTS[:5] if given.quick else INPUTS:
        xs = [0.3 + 0.7 * i / count for i in range(count)]
        assert np.allclose(by_passes(xs), reverse(xs))
        assert np.allclose(by_vector(xs), reverse(xs))
        seconds = timed_calls(
            {"passes": lambda xs=xs: by_passes(xs), "vector": lambda xs=xs: by_vector(xs),  # type: ignore[misc]
             "reverse": lambda xs=xs: reverse(xs)},  # type: ignore[misc]
            given.runs,
        )  # fmt: skip
        base = seconds["reverse"]
        table.add(str(count), seconds["passes"] / base, seconds["vector"] / base, base * 1e6)
    table.print()


def grid(given: Any) -> None:
    """Scalars: the Jacobian of m outputs, which share their work, by n inputs."""
    outputs = OUTPUTS[:4] if given.quick else OUTPUTS
    table = Table("Jacobian of m numbers by n numbers, forward over reverse", "n", *[f"m = {m}" for m in outputs])
    for count in INPUTS[1:4] if given.quick else (1, 4, 16, 64):
        xs = [0.3 + 0.7 * i / count for i in range(count)]
        cells = []
        for m in outputs:

            def several(xs: Any, m: int = m) -> Any:
                shared = chain(xs)
                return [shared * float(i) for i in range(m)]

            modes = {mode: adcli.jacobian(several, mode=mode) for mode in ("forward", "reverse")}
            seconds = timed_calls(
                {mode: lambda f=f, xs=xs: f(xs) for mode, f in modes.items()},  # type: ignore[misc]
                given.runs,
            )
            cells.append(seconds["forward"] / seconds["reverse"])
        table.add(str(count), *cells)
    table.print()


def jacobians(given: Any) -> None:
    """Arrays: the Jacobian of a layered function from n inputs to m outputs."""
    table = Table(
        f"Jacobian of tanh layers n -> {HIDDEN} -> {HIDDEN} -> m, forward over reverse",
        "n", "m", "forward / reverse", "reverse, us",
    )  # fmt: skip
    random = np.random.default_rng(0)
    for count, outputs in SHAPES[2:5] if given.quick else SHAPES:
        first = random.normal(size=(HIDDEN, count)) / 10
        second = random.normal(size=(HIDDEN, HIDDEN)) / 10
        last = random.normal(size=(outputs, HIDDEN)) / 10

        def layers(x: Any, first: Any = first, second: Any = second, last: Any = last) -> Any:
            return adcli.tanh(last @ adcli.tanh(second @ adcli.tanh(first @ x)))

        modes = {mode: adcli.jacobian(layers, argnums=0, mode=mode) for mode in ("forward", "reverse")}
        x = random.normal(size=count)
        assert np.allclose(modes["forward"](x), modes["reverse"](x))
        seconds = timed_calls(
            {mode: lambda f=f, x=x: f(x) for mode, f in modes.items()},  # type: ignore[misc]
            given.runs,
        )
        base = seconds["reverse"]
        table.add(str(count), str(outputs), seconds["forward"] / base, base * 1e6)
    table.print()


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    gradients(chosen)
    grid(chosen)
    jacobians(chosen)
