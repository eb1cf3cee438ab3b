"""Many points: the backends agree with the scalar one, and a point's bits depend on nothing but the point."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import adcli
from adcli.backends import BACKENDS, _rows
from adcli.backends._rows import Fill
from adcli.formula.lowered import Lowered
from adcli.graph.evaluate import evaluate
from adcli.graph.tape import Tape
from adcli.language.parser import parse
from adcli.ops import TABLE, Op
from tests.accuracy import measure
from tests.contract.test_agreement import POINTS, TEXTS, inputs_of
from tests.running import runner
from tests.sampling import examples, rotate

inf, nan = math.inf, math.nan
ARRAYS = [name for name in BACKENDS if name != "python"]


def backend(name: str) -> Callable[[Tape], Fill]:
    if name == "llvm" and find_spec("llvmlite") is None:
        pytest.skip("llvmlite, the extra `fast`, is not installed")
    filler: Callable[[Tape], Fill] = import_module(f"adcli.backends.{name}").filler
    return filler


# Zeros, subnormals, the ends of the range, where kernels change their formula, and what overflows in between.
EDGES = [
    0.0, 5e-324, 1e-320, 1e-300, 1e-290, 1e-150, 1e-8, 0.1, 0.34657, 0.5, 0.625, math.pi / 4, 1.0, math.pi / 2, 2.0,
    2.5, 3.0, math.pi, 20.0, 26.0, 27.5, 28.0, 64.0, 699.9, 700.5, 708.5, 709.78, 709.79, 710.5, 745.1, 745.2, 746.5,
    1e8, 99999999.0, 1e22, 5.319372648326541e255, 1e140, 1e150, 1e300, 1.7976931348623157e308, inf,
]  # fmt: skip
EDGES = [*EDGES, *[-x for x in EDGES], nan]
PAIRED = [*EDGES[::2], 0.0, -1.0, 2.0, -3.0, 0.5, inf, -inf, nan]


def as_text(op: Op) -> str:
    """The op over x, y, z, its whole-number arguments 2."""
    count = 2 if op.variadic else op.arity
    if op.sign is not None:
        return f"{op.sign}x" if count == 1 else f"x {op.sign} y"
    names = iter("xyz")
    return f"{op.name}({', '.join('2' if place in op.integers else next(names) for place in range(count))})"


EDGE_BOUNDS = {"root_derivative": 16}  # ulps; by n two terms cancel, and the backends round log(3) differently
VALUED = [op for op in TABLE.values() if op.is_elementwise and not op.is_condition and not op.takes_conditions]


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("op", rotate(VALUED, 5), ids=lambda op: op.name)
def test_edge_values_are_those_of_the_scalar_backend(op: Op, name: str) -> None:
    """Finite, infinite, nan and the signs of zeros exactly; finite values and slopes within a few ulps."""
    backend(name)
    function = adcli.compile(as_text(op))
    several = len(function.variables) > 1
    points = list(product(PAIRED, PAIRED[::2])) if several else [(x, 0.0) for x in EDGES]
    columns = dict(zip("xyz", [*np.array(points).T, np.ones(len(points))], strict=True))
    columns = {variable: columns[variable] for variable in function.variables}
    expected = function.batch(columns, backend="python")
    found = function.batch(columns, backend=name)
    for place, (one, other) in enumerate(
        zip([expected[0], *expected[1].values()], [found[0], *found[1].values()], strict=True)
    ):
        finite = np.isfinite(one)
        where = f"output {place} of {function}"
        np.testing.assert_array_equal(other[~finite], one[~finite], where)
        np.testing.assert_array_equal(np.signbit(other[one == 0]), np.signbit(one[one == 0]), where)
        with np.errstate(over="ignore"):
            errors = np.abs(other[finite] - one[finite]) / np.spacing(np.abs(one[finite]))
        worst = int(np.argmax(errors)) if errors.size else 0
        assert not errors.size or errors[worst] <= EDGE_BOUNDS.get(op.name, 4), (where, np.array(points)[finite][worst])


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("case", rotate(measure.case_names(), 16))
def test_accuracy_is_within_the_bounds_of_the_contract(case: str, name: str) -> None:
    """Against 50-digit references, in the batch as at one point."""
    filler = backend(name)

    def single(program: Tape) -> Callable[[Any], list[float]]:
        run = runner(filler, program)
        return lambda inputs: [float(column[2]) for column in run([np.full(5, x) for x in inputs])]

    scalar = measure.orders(measure.measure(case, False))
    family = 10.0 if case in (*measure.GAMMA_FAMILY, *measure.INCOMPLETE) else 3.0 if case in ("erf", "erfc") else 2.0
    bounds = [family, 8.0, 9.0, 9.0]  # slopes of slopes inherit from either
    for order, error in enumerate(measure.orders(measure.measure(case, False, single))):
        assert error <= max(bounds[order], scalar[order]), (order, error)


@pytest.mark.parametrize("name", ARRAYS)
@settings(max_examples=examples(150))
@given(TEXTS, POINTS)
def test_random_expressions_agree(name: str, text: str, point: tuple[float, float, float]) -> None:
    filler = backend(name)
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    inputs = inputs_of(function, point)
    assume(inputs)
    program = lowered.program()
    one = [float(column) for column in runner(backend("python"), program)(inputs)]
    other = [float(column[3]) for column in runner(filler, program)([np.full(7, x) for x in inputs])]
    graph = lowered.graph
    sizes = [
        abs(x) for x in evaluate(graph, range(len(graph)), dict(zip("xyz", point, strict=True))) if isinstance(x, float)
    ]
    # An ulp near a jump, a pole or an overflow is everything; the edges of single operations are tested above.
    assume(all(size == 0 or 1e-6 < size < 1e6 for size in sizes if math.isfinite(size)))
    assume(not {"floor", "ceil", "round", "mod", "floordiv", "sign", "heaviside"} & {op.name for op in graph.ops if op})
    scale = max((size for size in sizes if math.isfinite(size)), default=1.0)
    for a, b in zip(one, other, strict=True):
        assert math.isfinite(a) == math.isfinite(b), (one, other)
        assert not math.isfinite(a) or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-10 * scale), (one, other)


@pytest.mark.parametrize("name", ARRAYS)
@settings(max_examples=examples(80))
@given(TEXTS, st.lists(POINTS, min_size=2, max_size=19), st.integers(1, 3))
def test_the_bits_of_a_point_depend_on_the_point_alone(
    name: str, text: str, points: list[tuple[float, float, float]], stride: int
) -> None:
    """Alone, among others, at every place of a vector, strided, backwards."""
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    assume(function.variables)
    run = runner(backend(name), lowered.program())
    columns = [np.array(column) for column in zip(*(inputs_of(function, point) for point in points), strict=True)]
    together = run(columns)
    strided = run([np.repeat(column, stride)[::stride] for column in columns])
    backwards = run([column[::-1] for column in columns])
    shifted = run([np.concatenate([[0.5], column]) for column in columns])
    for place in range(len(points)):
        alone = run([column[place : place + 1] for column in columns])
        for results in zip(together, strided, backwards, shifted, alone, strict=True):
            bits = [results[0][place], results[1][place], results[2][-1 - place], results[3][place + 1], results[4][0]]
            # The sign of a nan, which nobody sees, is what the loop of a negation leaves to the processor.
            assert len({"nan" if np.isnan(x) else x.tobytes() for x in bits}) == 1


WIDE = "u = sin(x*y)*exp(-x**2) + log(x*x + 1); tanh(u)*x**3 + where(x > y, hypot(x, y), cos(y)/x)"


@pytest.mark.parametrize("name", ARRAYS)
def test_blocks_and_threads_do_not_show(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backend(name)
    rng = np.random.default_rng(7)
    x, y = rng.normal(0, 3, 70_001), rng.normal(0, 3, 70_001)
    x[::97] *= 1e9
    function = adcli.compile(WIDE)
    whole = function.batch(x=x, y=y, backend=name, threads=1)
    monkeypatch.setattr(_rows, "PIECE", 1536)
    monkeypatch.setattr(_rows, "THREAD_ROWS", 1000)
    for threads in (1, 2, 3):
        cut = function.batch(x=x, y=y, backend=name, threads=threads)
        for one, other in zip([whole[0], *whole[1].values()], [cut[0], *cut[1].values()], strict=True):
            assert one.tobytes() == other.tobytes()
    part = function.batch(x=x[33:40_002], y=y[33:40_002], backend=name)
    assert part[0].tobytes() == whole[0][33:40_002].tobytes()


@pytest.mark.parametrize("first", [0, 1, 5, 8])
def test_results_past_the_cache_are_the_same(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors of a whole line, as AVX-512 has them and others are given in halves; wherever the results begin."""
    filler = backend("llvm")
    llvm = import_module("adcli.backends.llvm.engine")
    program = Lowered(parse(WIDE)).program()
    rng = np.random.default_rng(9)
    columns = [rng.normal(0, 3, 1021), rng.normal(0, 3, 1021)]
    expected = runner(filler, program)(columns)
    machine = llvm.Machine(8)
    monkeypatch.setattr(machine, "stores_lines", True)
    monkeypatch.setattr(llvm, "this_machine", lambda: machine)
    for large in (0, 1 << 40):
        monkeypatch.setattr(llvm, "PAST_CACHE_BYTES", large)
        room = np.full((3, 1100), 7.0)
        start = -room.ctypes.data % 64 // 8 + first
        rows = [row[start : start + 1021] for row in room]
        filler(program)(columns, rows)
        for one, other in zip(expected, rows, strict=True):
            assert one.tobytes() == other.tobytes()
        room[:, start : start + 1021] = 7.0
        assert (room == 7.0).all()
        filler(program)(columns, [*rows[:2], np.full(1030, 0.0)[first + 1 :][:1021]])  # not aligned alike


@pytest.mark.parametrize("name", ARRAYS)
def test_an_error_in_a_thread_is_raised(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    function = adcli.compile("x*y")
    backend(name)
    monkeypatch.setattr(_rows, "THREAD_ROWS", 1)

    def fail(*_: Any) -> None:
        raise MemoryError("none left")

    batch = function.batcher(backend=name)
    monkeypatch.setattr(batch, "_fill", fail)
    with pytest.raises(MemoryError):
        batch({"x": np.ones(5000), "y": 2.0}, threads=3)


def test_a_program_in_pieces_gives_the_bits_of_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    filler = backend("llvm")
    llvm = import_module("adcli.backends.llvm.engine")
    function = adcli.compile(
        "a = x*y; c = sin(a); where(a > 1 and x < c, c*log(x*x), exp(a)/x) + (max(x, y) if a < c else 2)"
    )
    lowered = Lowered(function.formula)
    program = lowered.program()
    rng = np.random.default_rng(3)
    columns = [rng.normal(0, 2, 1003), rng.normal(0, 2, 1003)]
    for inputs in (columns, [columns[0], 1.5], [columns[0][:3], columns[1][:3]], [columns[0][::2], columns[1][::2]]):
        whole = runner(filler, program)(inputs)
        for longest in (1, 20, 100) if inputs is columns else (20,):
            monkeypatch.setattr(llvm, "MAX_LINES", longest)
            assert len(llvm.pieces(program, longest)) > 1
            for one, other in zip(whole, runner(filler, program)(inputs), strict=True):
                assert one.tobytes() == other.tobytes()
        monkeypatch.setattr(llvm, "MAX_LINES", 25_000)
