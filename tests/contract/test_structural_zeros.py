"""What is not selected, does not move or is known to be 0 contributes nothing, whatever stands beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import adcli
from adcli import Dual, Value
from adcli.formula.kinds import Request, build_outputs
from tests.reference.evaluator import PrecisionError, Undefined, gradient
from tests.sampling import ALL, SEED

from .array_programs import NAMES, ArrayProgram, random_program

inf, nan = math.inf, math.nan
COUNT = 400 if ALL else 12
PARTS = {"v": slice(0, 3), "A": slice(3, 7)} | {name: slice(i, i + 1) for i, name in enumerate(NAMES)}
DIRECTION = [0.0, 1.0, -2.0, 0.0, 0.5, 0.0, 3.0]


def flat(derivatives: Mapping[str, Any]) -> Any:
    """Return derivatives by v and A, or by their elements, as one vector of 7."""
    vector = np.zeros(7)
    for name, derivative in derivatives.items():
        vector[PARTS[name]] = np.ravel(derivative)
    return vector


def matrix(hessian: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return second derivatives as one matrix."""
    whole = np.zeros((7, 7))
    for name, row in hessian.items():
        for other, block in row.items():
            part = whole[PARTS[name], PARTS[other]]
            part[...] = np.reshape(block, part.shape)
    return whole


def forward(function: adcli.Function, point: Mapping[str, Any]) -> Any:
    """Return the gradient in forward mode."""
    lowered = function._engine.lowerings.at(point)
    outputs = build_outputs(lowered, "gradient", Request(lowered.variables, forward=True))
    return flat(dict(zip(lowered.variables, outputs.at(point)[0][1:], strict=True)))


def agree(found: Any, wanted: Any, program: ArrayProgram) -> None:
    """The sign of an infinity may be that of a zero, which a matrix product does not keep."""
    found, wanted = [np.where(np.isinf(x), inf, x) for x in (np.asarray(found, float), np.asarray(wanted, float))]
    assert_allclose(found, wanted, rtol=1e-9, atol=1e-12, err_msg=repr(program))


def check(program: ArrayProgram) -> bool:
    """Compare a program with the same in numbers, and return whether it was compared with 50 digits too."""
    arrays, numbers = adcli.compile(program.text), adcli.compile(program.numbers)
    point, at = program.scalars, program.arrays
    if math.isnan(numbers.value(point)):
        return False
    slopes, tangents = flat(numbers.gradient(point)), forward(numbers, point)
    agree(flat(arrays.gradient(at)), slopes, program)
    agree(forward(arrays, at), tangents, program)
    agree(matrix(arrays.hessian(at)), matrix(numbers.hessian(point)), program)
    values, positions = [Value(x) for x in at.values()], range(len(at))
    arrays(*values).backward()
    agree(flat({name: 0.0 if x.grad is None else x.grad for name, x in zip(at, values, strict=True)}), slopes, program)
    blocks = adcli.jacobian(arrays, argnums=positions, mode="forward")(*at.values())
    agree(flat(dict(zip(at, blocks, strict=True))), tangents, program)
    moves = ArrayProgram("", "", DIRECTION)
    along, across = moves.scalars, moves.arrays
    product = numbers.jvp(point, along)
    agree(arrays.jvp(at, across), product, program)
    agree(adcli.jvp(arrays, tuple(at.values()), tuple(across.values()))[1], product, program)
    agree(flat(arrays.hvp(at, across)), flat(numbers.hvp(point, along)), program)
    try:
        _, exact = gradient(program.numbers, point, digits=50)
    except (Undefined, PrecisionError):
        return False
    # sqrt(x - x) is 0, but a computed 0 times an infinite slope is nan.
    agree(slopes, np.where(np.isnan(slopes), nan, flat({name: float(x) for name, x in exact.items()})), program)
    return True


@pytest.mark.filterwarnings("ignore::adcli.eager.tracing.IndependenceWarning")
def test_programs_on_arrays_are_those_written_out_in_numbers() -> None:
    """All kinds, both modes, formulas and library, at points with poles."""
    settled = [check(random_program(seed)) for seed in range(SEED * COUNT, (SEED + 1) * COUNT)]
    assert any(settled)


def test_elements_that_an_index_does_not_select() -> None:
    def slope(text: str, **point: Any) -> list[Any]:
        return [np.asarray(x).tolist() for x in adcli.compile(text).gradient(**point).values()]

    assert slope("[x, sqrt(y)][0]", x=1.0, y=0.0) == [1.0, 0.0]
    assert slope("v = [x, sqrt(y)]; v[0]*2", x=1.0, y=0.0) == [2.0, 0.0]
    assert slope("sqrt(v)[0]", v=[4.0, 0.0]) == [[0.25, 0.0]]
    assert slope("sum(sqrt(v)[:1])", v=[4.0, 0.0]) == [[0.25, 0.0]]
    assert slope("trace(sqrt(A))", A=[[4.0, 0.0], [0.0, 1.0]]) == [[[0.25, 0.0], [0.0, 0.5]]]
    assert slope("sum(diag(sqrt(A)))", A=[[4.0, 0.0], [0.0, 1.0]]) == [[[0.25, 0.0], [0.0, 0.5]]]
    assert slope("(1/A @ x)[0]", A=[[1.0, 2.0], [0.0, 4.0]], x=[1.0, 1.0]) == [[[-1.0, -0.25], [0.0, 0.0]], [1.0, 0.5]]
    hessian = adcli.compile("[x**2, sqrt(y)][0]").hessian(x=1.0, y=0.0)
    assert hessian == {"x": {"x": 2.0, "y": 0.0}, "y": {"x": 0.0, "y": 0.0}}
    x = Value([4.0, 0.0])
    x.sqrt()[np.array([True, False])].sum().backward()
    assert x.grad.tolist() == [0.25, 0.0]  # type: ignore[union-attr]
    recorded = adcli.program("sqrt(v)[0]", v=[4.0, 0.0])
    assert recorded.backward()["v"].tolist() == [0.25, 0.0]  # type: ignore[union-attr]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_zeros_of_a_basis(mode: str) -> None:
    jacobian = adcli.jacobian(adcli.sqrt, mode=mode)(np.array([0.0, 4.0]))
    assert jacobian.tolist() == [[inf, 0.0], [0.0, 0.25]]  # type: ignore[union-attr]
    assert str(adcli.jacobian(lambda x, y: x**y, mode=mode)(-2.0, 3.0)) == "(12.0, nan)"
    pair = adcli.jacobian(lambda x, y: (x * y, adcli.sqrt(y)), mode=mode)(3.0, 0.0)
    assert pair == ((0.0, 3.0), (0.0, inf))


def test_the_library_has_the_second_derivatives_of_a_formula() -> None:
    for text, point in [
        ("x**y", (-2.0, 3.0)),
        ("sqrt(x)*y + y**2", (0.0, 3.0)),
        ("log(x) + y*y", (-1.0, 2.0)),
        ("hypot(x, y)", (0.0, 0.0)),
        ("sqrt(x + y)", (0.0, 0.0)),
        ("where(x > 0, sqrt(x), y**3)", (0.0, 2.0)),
        ("exp(where(x > 0, y, x)**5)", (9.0, 30.0)),
    ]:
        function = adcli.compile(text)
        wanted = [list(row.values()) for row in function.hessian(*point).values()]
        assert_allclose(adcli.hessian(function)(*point), wanted, err_msg=text)
        wanted = list(function.gradient(*point).values())
        assert_allclose(adcli.jacobian(function, mode="forward")(*point), wanted, err_msg=text)
        for direction in ([1.0, 0.0], [0.0, 1.0]):
            wanted = list(function.hvp(point, direction).values())
            assert_allclose(adcli.hvp(function, point, tuple(direction)), wanted, err_msg=text)


def test_a_zero_that_is_given_does_not_move() -> None:
    function = adcli.compile("sqrt(x)*y")
    assert function.jvp({"x": 0.0, "y": 1.0}, {"x": 0.0, "y": 1.0}) == 0.0
    assert adcli.jvp(lambda x, y: adcli.sqrt(x) + y, (0.0, 1.0), (0.0, 1.0)) == (1.0, 1.0)
    assert (Dual(0.0, 0.0).sqrt() + Dual(1.0, 1.0)).tangent == 1.0
    assert str(Dual(-2.0, [1.0, 0.0]) ** Dual(3.0, [0.0, 1.0])) == "Dual(-8.0, array([12., nan]))"
    _, pull = adcli.vjp(lambda x: (adcli.sqrt(x), x * 3.0), 0.0)
    assert pull((0.0, 1.0)) == (3.0,)
    _, pull = adcli.vjp(adcli.sqrt, np.array([0.0, 4.0]))
    assert pull(np.array([0.0, 1.0]))[0].tolist() == [0.0, 0.25]
    assert math.isnan(adcli.compile("sqrt(x)**2").gradient(x=0.0)["x"])  # a computed 0 is another thing


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_many_directions_are_those_of_one_point(backend: str) -> None:
    function = adcli.compile("sqrt(x)*y + x**y")
    x, y, dx, dy = np.array([(x, y, dx, dy) for x in (0.0, -2.0, 4.0) for y in (0.0, 3.0) for dx in (0.0, 1.0)
                             for dy in (0.0, 1.0)]).T  # fmt: skip
    jvp = function.columns("jvp", x=x, y=y, dx=dx, dy=dy, backend=backend)["jvp"]
    hvp = function.columns("hvp", x=x, y=y, dx=dx, dy=dy, backend=backend)["hvp_x"]
    for row, (a, b, da, db) in enumerate(zip(x, y, dx, dy, strict=True)):
        assert_allclose(jvp[row], function.jvp((a, b), (da, db)), rtol=1e-15)
        assert_allclose(hvp[row], function.hvp((a, b), (da, db))["x"], rtol=1e-15)
        if da == 0.0 and not math.isnan(function.value(a, b)):
            assert_allclose(jvp[row], function.jvp({"x": a, "y": b}, {"y": db}))


def test_derivatives_of_what_is_undefined() -> None:
    point = np.array([1.0, -1.0])
    assert_allclose(adcli.jacobian(adcli.log)(point), [[1.0, 0.0], [nan, nan]])
    assert_allclose(adcli.compile("log(v)").jacobian(v=point)["v"], [[1.0, 0.0], [nan, nan]])
    assert_allclose(adcli.hessian(lambda v: adcli.sum(adcli.log(v)))(point), np.full((2, 2), nan))
    assert_allclose(adcli.hvp(lambda x, y: adcli.log(x) + y, (-1.0, 2.0), (0.0, 1.0)), [nan, nan])
    assert math.isnan(adcli.jvp(lambda x, y: adcli.log(x) + y, (-1.0, 2.0), (0.0, 1.0))[1])
