"""Every operation against the 50-digit data: value and first three derivatives, both modes, both backends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import mpmath
import numpy as np
import pytest

from adcli.backends.numpy import filler
from adcli.cli.commands.functions import read_accuracy
from adcli.graph.tape import Tape
from adcli.ops import TABLE
from tests.sampling import rotate

from ..running import runner
from .measure import GAMMA_FAMILY, INCOMPLETE, NORMAL_FAMILY, case_names, columns, measure, orders

DERIVATIVE_BOUND = 8.0


def value_bound(name: str) -> float:
    """The contract: elementary functions 2 ulp, the error function 3, the gamma family 10."""
    return 10.0 if name in (*GAMMA_FAMILY, *INCOMPLETE) else 3.0 if name in NORMAL_FAMILY else 2.0


def by_numpy(program: Tape) -> Callable[[Sequence[float]], list[float]]:
    """One point through the array backend, in the middle of an array so that its vector loops run."""
    run = runner(filler, program)

    def at_one(inputs: Sequence[float]) -> list[float]:
        return [float(column[5]) for column in run([np.full(11, x) for x in inputs])]

    return at_one


@pytest.mark.parametrize("forward", [False, True], ids=["reverse", "forward"])
@pytest.mark.parametrize("name", rotate(case_names(), 7))
def test_within_the_bounds_of_the_contract(name: str, forward: bool) -> None:
    worst = measure(name, forward)
    assert set(worst) == set(columns(name)[1])
    for column, entry in worst.items():
        bound = value_bound(name) if column == "f" else DERIVATIVE_BOUND
        assert entry.error <= bound, f"{name} {column} at {entry.inputs}: {entry.got!r}, not {entry.expected[:25]}"


@pytest.mark.parametrize("name", rotate(case_names(), 9))
def test_arrays_are_within_the_same_bounds(name: str) -> None:
    for column, entry in measure(name, False, by_numpy).items():
        bound = value_bound(name) if column == "f" else DERIVATIVE_BOUND
        assert entry.error <= bound, f"{name} {column} at {entry.inputs}: {entry.got!r}, not {entry.expected[:25]}"


def test_every_operation_has_data() -> None:
    structural = {op.name for op in TABLE.values() if op.is_condition or not op.is_elementwise}
    untested = set(TABLE) - structural - set(case_names())
    # `where`, `tie_share` and `difference` are exact. The others are derivatives of
    # operations that have data of all orders.
    assert untested == {
        "where",
        "tie_share",
        "difference",
        "subtraction_error",
        "power_derivative",
        "gaussian_derivative",
        "cbrt_derivative",
        "polygamma_above",
        "polygamma_difference",
        "root_derivative",
        "normpdf_derivative",
        "norminv_slope",
        "erfinv_slope",
        "erfcinv_slope",
        "besselj_derivative",
        "bessely_derivative",
        "besseli_derivative",
        "besselk_derivative",
        "lambertw_derivative",
        "gammainc_derivative",
        "betainc_derivative",
    }


@pytest.mark.parametrize("name", rotate(sorted(set(case_names()) & set(TABLE)), 9))
def test_the_stored_figures_are_the_measured_ones(name: str) -> None:
    """Another C library may round differently: by no more than an ulp in the value, two in a derivative."""
    stored = read_accuracy()[name]
    for order, (figure, measured) in enumerate(zip(stored.values(), orders(measure(name, False)), strict=False)):
        assert abs(figure - measured) <= (1.0 if order == 0 else 2.0), f"run python -m tests.accuracy.measure ({name})"


@pytest.mark.parametrize("name", ["sind", "cosd", "tand"])
def test_multiples_of_15_degrees_are_rounded_correctly(name: str) -> None:
    for angle in range(-360, 361, 15):
        expected = getattr(mpmath, name[:3])(mpmath.mpf(angle) * mpmath.pi / 180)
        if abs(expected) < 1e20:  # not a pole
            assert TABLE[name](float(angle)) == float(mpmath.chop(expected, 1e-50)), angle
