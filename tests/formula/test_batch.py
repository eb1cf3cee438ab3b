"""`Function.batch`: what it takes, what it gives, what it says when that does not fit."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import adcli
from adcli.backends import BACKENDS, _result_memory, _rows
from adcli.formula import backend_choice
from adcli.formula import columns as batches
from adcli.formula.backend_choice import BackendChoice, Costs, is_installed
from adcli.formula.lowered import Lowered
from adcli.language.parser import parse

HERE = [name for name in BACKENDS if is_installed(name)]


@pytest.mark.parametrize("backend", ["auto", *HERE])
def test_columns_of_every_kind_give_the_same(backend: str) -> None:
    function = adcli.compile("x*y + sin(x)")
    x = np.arange(1.0, 8.0)
    expected = function.batch(x=x, y=2.0, backend=backend)
    backwards = x[::-1].copy()[::-1]
    read_only = x.copy()
    read_only.flags.writeable = False
    unaligned = np.frombuffer(b"-" + x.tobytes(), dtype=np.uint8)[1:].view(np.float64)
    for column in (x.tolist(), tuple(x), backwards, read_only, unaligned, x.astype(np.float32), x.astype(np.int8)):
        values, slopes = function.batch(x=column, y=np.int64(2), backend=backend)
        assert values.tobytes() == expected[0].tobytes()
        assert slopes["y"].tobytes() == expected[1]["y"].tobytes()


@pytest.mark.parametrize("backend", HERE)
def test_shapes_broadcast(backend: str) -> None:
    function = adcli.compile("x/y")
    values, slopes = function.batch(x=np.ones((3, 1)), y=np.arange(4.0), backend=backend)
    assert values.shape == slopes["x"].shape == (3, 4)
    assert values[2].tolist() == [np.inf, 1.0, 0.5, 1 / 3]
    values, slopes = function.batch(x=1.0, y=2.0, backend=backend)
    assert (values.shape, float(slopes["y"])) == ((), -0.25)
    values, slopes = function.batch(x=[], y=2.0, backend=backend)
    assert values.shape == slopes["x"].shape == (0,)
    assert adcli.compile("2*3").batch(backend=backend)[0].tolist() == 6.0


@pytest.mark.parametrize("backend", HERE)
def test_only_the_slopes_that_are_asked_for(backend: str) -> None:
    function = adcli.compile("x*y*z")
    x = np.arange(5.0)
    assert function.batch(x=x, y=2.0, z=3.0, wrt=(), backend=backend)[1] == {}
    values, slopes = function.batch(x=x, y=2.0, z=3.0, wrt=["z", "x"], backend=backend)
    assert list(slopes) == ["z", "x"]
    assert (values.tolist(), slopes["z"].tolist()) == ((6 * x).tolist(), (2 * x).tolist())


@pytest.mark.parametrize("backend", HERE)
def test_results_go_where_they_are_told(backend: str) -> None:
    function = adcli.compile("exp(x)*y")
    x, y = np.linspace(-1, 1, 37), np.linspace(2, 3, 37)
    expected = function.batch(x=x, y=y, backend=backend)
    table = np.zeros((37, 3))
    out = table[:, 0], {"x": table[:, 1], "y": table[::-1, 2]}
    values, slopes = function.batch(x=x, y=y, out=out, backend=backend)
    assert np.shares_memory(values, table)
    assert np.shares_memory(slopes["x"], table)
    for one, other in zip([values, *slopes.values()], [expected[0], *expected[1].values()], strict=True):
        assert np.ascontiguousarray(one).tobytes() == other.tobytes()


@pytest.mark.parametrize("backend", HERE)
def test_results_may_take_the_place_of_the_columns(backend: str) -> None:
    function = adcli.compile("sin(x)*y")
    x, y = np.linspace(-1, 1, 4099), np.linspace(2, 3, 4099)
    expected = function.batch(x=x, y=y, backend=backend)
    values, slopes = function.batch(x=x, y=y, out=(y, {"x": x, "y": np.empty(4099)}), backend=backend)
    assert values is y
    assert y.tobytes() == expected[0].tobytes()
    assert slopes["x"].tobytes() == x.tobytes() == expected[1]["x"].tobytes()


@pytest.mark.parametrize("backend", HERE)
def test_a_variable_may_be_named_like_an_option(backend: str) -> None:
    function = adcli.compile("threads*out + wrt")
    columns = {"threads": np.arange(3.0), "out": 2.0, "wrt": 1.0}
    assert function.batch(columns, backend=backend, threads=1)[0].tolist() == [1.0, 3.0, 5.0]
    with pytest.raises(adcli.AdcliError, match=r"threads is an option of batch.*one mapping"):
        function.batch(threads=np.arange(3.0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": [1, 2], "y": [1, 2, 3]}, r"do not broadcast: their shapes are x \(2,\), y \(3,\)"),
        ({"x": 1}, "no value for y: the variables are x, y"),
        ({"x": 1, "y": 2, "z": 3}, "no variable 'z'"),
        ({"x": ["a"], "y": 2}, "the column of x is not an array of numbers"),
        ({"x": [2**70, "a"], "y": 2}, "the column of x is not an array of numbers"),
        ({"x": [10**400], "y": 2}, "the column of x is not an array of numbers"),
        (
            {"x": np.ma.array([1.0, 2.0], mask=[False, True]), "y": 2},
            r"the column of x has masked cells: .*filled\(nan\)",
        ),
        ({"x": [1j], "y": 2}, "the column of x is not an array of numbers"),
        ({"x": 1, "y": 2, "wrt": ["q"]}, "no variable 'q'"),
        ({"x": 1, "y": 2, "wrt": 3.0}, "wrt is an option"),
        ({"x": 1, "y": 2, "threads": 0}, "threads is 0"),
        ({"x": 1, "y": 2, "backend": "gpu"}, "no backend 'gpu': choose one of auto, llvm, numpy, python"),
        ({"x": [1], "y": 2, "out": (np.empty(1), {})}, r"out is not a pair .* \(x, y\)"),
        ({"x": [1], "y": 2, "wrt": (), "out": (np.empty(2), {})}, r"float64 array of shape \(1,\)"),
        ({"x": [1], "y": 2, "wrt": (), "out": (np.empty(1, "f4"), {})}, r"float64 array of shape \(1,\)"),
    ],
)
def test_what_does_not_fit_is_told(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(adcli.AdcliError, match=message):
        adcli.compile("x*y").batch(**arguments)


@pytest.mark.parametrize("backend", HERE)
def test_results_that_overlap_are_refused(backend: str) -> None:
    batch = adcli.compile("x*y").batcher(backend=backend)
    columns = {"x": np.arange(40.0), "y": np.arange(40.0)}
    room, table = np.full(100, 7.0), np.full((40, 3), 7.0)
    for x, y in ((room[:40], room[39:79]), (room[:40], room[:40]), (room[10:50], room[49:9:-1])):
        with pytest.raises(adcli.ShapeError, match="out for x and for y overlap"):
            batch(columns, out=(np.empty(40), {"x": x, "y": y}))
    assert (room == 7.0).all()
    batch(columns, out=(table[:, 0], {"x": table[:, 1], "y": table[:, 2]}))
    batch(columns, out=(room[:40], {"x": room[40:80], "y": np.empty(40)}))
    assert table.tolist() == [[x * x, x, x] for x in range(40)]


def test_columns_of_python_integers_are_rounded_to_the_nearest() -> None:
    values, _ = adcli.compile("x + y").batch(x=[2**70, 2**53 + 1], y=0)
    assert values.tolist() == [float(2**70), float(2**53)]
    with pytest.raises(adcli.AdcliError, match="no value for y: the variables are x, y"):
        adcli.compile("x + y").batcher()({"x": [1.0]})


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_choice, "is_installed", lambda name: name != "llvm")
    with pytest.raises(adcli.AdcliError, match=r'pip install "adcli\[fast\]"'):
        adcli.compile("x").batch(x=1.0, backend="llvm")
    assert adcli.compile("sin(x)").batcher(rows=None).backend == "numpy"


@pytest.mark.skipif("llvm" not in HERE, reason="llvmlite, the extra `fast`, is not installed")
def test_auto_compiles_only_where_it_pays() -> None:
    function = adcli.compile("sin(x**2)*cos(y)")
    program = Lowered(function.formula).program()
    choices = [BackendChoice(program).resolve("auto", rows, 1) for rows in (1, 10_000, 10**9, None)]
    assert choices == ["numpy", "numpy", "llvm", "llvm"]
    gamma = BackendChoice(Lowered(parse("gamma(x)")).program())
    assert gamma.resolve("auto", None, 1) == "numpy"  # Python for every lane
    assert "llvmlite.binding" in sys.modules
    made = function.batcher(rows=None)
    assert made.backend == "llvm"
    assert function.batcher(rows=None) is made


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The backends that are prepared. Compiling costs as much as 300 rows lose, and NumPy does llvm's work."""
    prepared: list[str] = []
    fill = batches.filler

    def filler(program: Any, backend: str) -> Any:
        prepared.append(backend)
        return fill(program, "numpy")

    monkeypatch.setattr(batches, "filler", filler)
    monkeypatch.setattr(backend_choice, "is_installed", lambda name: True)
    monkeypatch.setattr(backend_choice, "IMPORT", 0.0)
    monkeypatch.setattr(backend_choice, "_is_fast_compiled", lambda: True)
    monkeypatch.setattr(Costs, "of", lambda program: Costs(300.0, 0.0, 1.0))
    return prepared


def test_auto_compiles_when_calls_have_lost_what_it_costs(compiled: list[str]) -> None:
    function = adcli.compile("x*y")
    x = np.ones(100)
    seen = [(function.batch(x=x, y=2.0), len(compiled))[1] for _ in range(5)]
    assert seen == [1, 1, 2, 2, 2]
    assert compiled == ["numpy", "llvm"]
    assert function.batcher(rows=1).backend == "llvm"
    function.batch(x=x, y=2.0, wrt="y")  # other outputs, so another program
    assert compiled == ["numpy", "llvm", "numpy"]
    adcli.compile("x*y").batch(x=np.ones(300), y=2.0)  # one call that loses as much
    assert compiled[3:] == ["llvm"]


def test_columns_of_every_kind_compile_after_the_same_loss(compiled: list[str]) -> None:
    function = adcli.compile("x*y")
    for _ in range(4):
        function.columns("hessian", x=np.ones(100), y=2.0)
    assert compiled == ["numpy", "llvm"]


def test_a_backend_that_is_asked_for_loses_nothing(compiled: list[str]) -> None:
    function = adcli.compile("x*y")
    for _ in range(4):
        function.batch(x=np.ones(100), y=2.0, backend="numpy")
    function.batch(x=1.0, y=2.0)
    assert compiled == ["numpy"]
    function.batch(x=1.0, y=2.0, backend="llvm")
    assert function.batcher(rows=1).backend == "llvm"  # it is compiled already


def test_loss_is_shared_by_threads_and_by_blocks(monkeypatch: pytest.MonkeyPatch, compiled: list[str]) -> None:
    monkeypatch.setattr(Costs, "of", lambda program: Costs(4.0 * _rows.THREAD_ROWS, 0.0, 1.0))
    program = Lowered(parse("x*y")).program()
    for threads, calls in ((1, 2), (2, 4), (9, 4)):  # a thread has at least THREAD_ROWS
        choice = BackendChoice(program)
        choices = [choice.resolve("auto", 2 * _rows.THREAD_ROWS, threads) for _ in range(calls)]
        assert choices == ["numpy"] * (calls - 1) + ["llvm"]
    assert Costs(0.0, 2.0, 3.0).loss(1) == 2.0 * backend_choice.BLOCK_ROWS + 3.0


def test_memory_of_results_is_used_again_when_nothing_refers_to_it() -> None:
    function = adcli.compile("x*y")
    rows = _result_memory.LEAST_BYTES // 8
    x = np.ones(rows)

    def address(result: Any) -> int:
        start: int = result.ctypes.data
        return start

    values, slopes = function.batch(x=x, y=2.0, backend="numpy")
    part = values[5:]  # keeps the memory of the values
    first = {address(values), *map(address, slopes.values())}
    del values, slopes
    again, slopes = function.batch(x=x, y=3.0, backend="numpy")
    second = {address(again), *map(address, slopes.values())}
    assert len(first & second) == 2
    assert not np.shares_memory(part, again)
    assert (part == 2.0).all()
    assert (again == 3.0).all()
    assert again.flags.writeable
    assert all(start % _result_memory.LINE_BYTES == 0 for start in second)


def test_memory_that_waits_for_use_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_result_memory, "KEPT_BYTES", 2 * _result_memory.LEAST_BYTES)
    _result_memory._free_memory.cache_clear()
    for factor, count in ((1, 2), (2, 1), (3, 0)):
        size = _result_memory.LEAST_BYTES // 8 * factor
        _result_memory.new_results(5, (size,))
        assert len(_result_memory._free_memory(size)) == count
    assert _result_memory._free_memory.cache_info().currsize == _result_memory.SIZES
    _result_memory._free_memory.cache_clear()


def test_threads_default_to_the_cores_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(batches, "run_rows", lambda fill, inputs, results, threads: seen.append(threads))
    adcli.compile("x").batch(x=np.ones(3), backend="numpy")
    adcli.compile("x").batch(x=np.ones(3), backend="numpy", threads=5)
    assert seen == [_rows.count_cores(), 5]


@pytest.mark.parametrize("backend", HERE)
@pytest.mark.parametrize(
    "text", ["x*tanh(x)", "tanh(x)", "sech(x)", "sin(x)*cos(x)", "tan(x)", "where(x > 0, sin(x), cosh(x))"]
)
def test_a_neighbour_beyond_a_formula_changes_no_bits(text: str, backend: str) -> None:
    """Each kernel looks at all of a block to see whether all of it may go the quick way."""
    function = adcli.compile(text)
    x = np.random.default_rng(7).normal(0, 1, 40)
    expected = function.batch(x=x, backend=backend)
    for odd in (1e-320, 0.6, 30.0, 400.0, 1e9, 1e300, np.inf, np.nan):
        values, slopes = function.batch(x=np.append(x, odd), backend=backend)
        assert values[:-1].tobytes() == expected[0].tobytes()
        assert slopes["x"][:-1].tobytes() == expected[1]["x"].tobytes()


def test_slots_are_not_shared_by_threads() -> None:
    """Rows beyond a piece and a block, on several threads again and again: the same bits as on one."""
    batch = adcli.compile("x*tanh(x*y) + sin(y)").batcher(backend="numpy")
    x, y = np.random.default_rng(8).normal(0, 1, (2, 300_001))
    expected = batch({"x": x, "y": y}, threads=1)
    for threads in (2, 3, 4):
        values, slopes = batch({"x": x, "y": y}, threads=threads)
        assert values.tobytes() == expected[0].tobytes()
        assert slopes["y"].tobytes() == expected[1]["y"].tobytes()


@pytest.mark.parametrize("place", [0, 1, 3])
def test_an_error_of_any_thread_is_told(place: int) -> None:
    rows = 8 * _rows.PIECE
    seen: list[int] = []

    def fill(inputs: Any, results: Any) -> None:
        seen.append(int(inputs[0][0]) // _rows.PIECE)
        if seen[-1] == place:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        _rows.run_rows(fill, [np.arange(float(rows))], [np.empty(rows)], 4)
    assert place in seen
    assert len(seen) <= 8
