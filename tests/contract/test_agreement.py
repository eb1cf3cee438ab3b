"""Random expressions: the modes agree, the backends agree, and a point's bits depend on nothing but the point."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import adcli
from adcli.backends.numpy import filler
from adcli.backends.python import interpreter
from adcli.formula.lowered import Lowered
from adcli.graph.evaluate import evaluate
from adcli.graph.tape import Tape
from tests.running import runner
from tests.sampling import examples
from tests.strategies import expressions, programs

COORDINATES = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, 1e-9, 1e3, -1e3, math.inf, math.nan]),
    st.floats(-4.0, 4.0, allow_nan=False),
)
POINTS = st.tuples(COORDINATES, COORDINATES, COORDINATES)
TEXTS = st.one_of(expressions, programs)
often = settings(max_examples=examples(400))


def inputs_of(function: adcli.Function, point: tuple[float, float, float]) -> list[float]:
    return [point["xyz".index(name)] for name in function.variables]


@often
@given(TEXTS, POINTS)
@example("where(x > 0, sqrt(x), -sqrt(-x))*max(x, y)", (0.0, 0.0, 1.0))
def test_generated_code_and_interpreter_give_the_same_bits(text: str, point: tuple[float, float, float]) -> None:
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    inputs = inputs_of(function, point)
    value, *slopes = interpreter(lowered.program())(inputs)
    made, gradient = function.value_and_gradient(dict(zip(function.variables, inputs, strict=True)))
    assert repr(made) == repr(value)
    assert list(map(repr, gradient.values())) == list(map(repr, slopes))
    assert repr(function.value(dict(zip(function.variables, inputs, strict=True)))) == repr(value)


@often
@given(TEXTS, POINTS)
def test_reverse_and_forward_agree(text: str, point: tuple[float, float, float]) -> None:
    """Within rounding wherever no partial product leaves the range of float64."""
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    reverse, forward = lowered.slopes(), lowered.slopes(forward=True)
    assert [slope is None for slope in reverse] == [slope is None for slope in forward]
    graph = lowered.graph
    everything = [row for row in graph.live([s.row for s in [*reverse, *forward] if s is not None]) if graph.ops[row]]
    program = Tape(graph, [lowered.result, *reverse, *forward])
    _, *slopes = interpreter(program)(inputs_of(function, point))
    values = evaluate(graph, everything, dict(zip("xyz", point, strict=True))) if everything else []
    sizes = [abs(x) for x in values if isinstance(x, float)]
    assume(all(size == 0 or 1e-150 < size < 1e150 for size in sizes))
    scale = max(sizes, default=1.0)
    half = len(reverse)
    for one, other in zip(slopes[:half], slopes[half:], strict=True):
        assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-11 * scale) or (math.isnan(one) and math.isnan(other))


@often
@given(TEXTS, POINTS)
def test_python_and_numpy_agree(text: str, point: tuple[float, float, float]) -> None:
    """On which results are finite, and on their digits as far as the expression keeps them."""
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    inputs = inputs_of(function, point)
    program = Tape(lowered.graph, [lowered.result, *lowered.slopes()])
    by_python = interpreter(program)(inputs)
    by_numpy = (
        [float(column[3]) for column in runner(filler, program)([np.full(7, x) for x in inputs])] if inputs else None
    )
    if by_numpy is None:
        return
    graph = lowered.graph
    values = evaluate(graph, range(len(graph)), dict(zip("xyz", point, strict=True)))
    sizes = [abs(x) for x in values if isinstance(x, float)]
    # tanh, hypot and direction may differ in the last bit: near a jump, a pole or an overflow that is everything.
    assume(not {"tanh", "hypot", "direction"} & {op.name for op in graph.ops if op is not None} or max(sizes) < 1e9)
    scale = max((size for size in sizes if math.isfinite(size)), default=1.0)
    for one, other in zip(by_python, by_numpy, strict=True):
        assert math.isfinite(one) == math.isfinite(other), (by_python, by_numpy)
        if math.isfinite(one):
            assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12 * scale)
