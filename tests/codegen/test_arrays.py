"""Formulas of arrays in C, NumPy and JAX: every operation of the table, and all parts of some formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import adcli
from adcli.codegen import load_target, target_names
from adcli.codegen.negations import fold_negations
from adcli.codegen.request import CodeRequest
from adcli.codegen.unrolling import unroll
from adcli.errors import AdcliError
from adcli.formula.array_code import array_request
from adcli.graph.derive import gradient
from adcli.graph.evaluate import evaluate
from adcli.graph.expr import Expr, Graph
from adcli.graph.tape import Tape
from adcli.ops import TABLE, Op
from adcli.ops.reductions import sum_
from tests.codegen.runners import flat, imported, run_c, run_jax, same_number
from tests.contract.array_programs import random_program
from tests.contract.samplers import TENSORS, Case, cases_of, varies
from tests.sampling import examples, rotate

TARGETS = ("c", "numpy", "jax")
ULPS = 100.0  # of the greatest number of a part: the matrices of `solve` and `inv` are far from singular
VALUE_AND_SLOPES = ("value", "gradient", "hessian", "jvp")
PARTS_OF_ARRAYS = ("value", "jacobian", "jvp")


class Work(NamedTuple):
    """A request, the arguments of its function, and the engine's numbers for each part, in two orders."""

    request: CodeRequest
    arguments: list[Any]
    blocks: list[list[float]]
    rows: list[list[float]]

    @property
    def name(self) -> str:
        return self.request.expression


def work_of(op: Op, case: Case) -> Work | None:
    """The results of an operation weighted to a number, and its slopes. None for what C has no arguments for."""
    graph = Graph()
    arguments = [graph.variable(f"x{i}", np.shape(x)) if varies(x) else x for i, x in enumerate(case.arguments)]
    result = op(*arguments, **case.parameters)
    if not isinstance(result, Expr) or not all(np.size(x) for x in case.point):
        return None
    value = sum_(result * np.random.default_rng(1).normal(size=result.shape)) if result.shape else result
    variables = [Expr(graph, row) for row in graph.variables.values()]
    slopes = [
        Expr(graph, graph.array(np.zeros(variable.shape))) if slope is None else slope
        for slope, variable in zip(gradient(value, variables), variables, strict=True)
    ]
    derived = Tape(graph, [value, *slopes])
    program = fold_negations(derived)
    first, *rest = program.outputs
    names = tuple(graph.variables)
    parts = {"value": first, "gradient": tuple(rest)}
    request = CodeRequest(op.name, "f", derived, program, parts, first, names, (), ("f",))
    numbers = evaluate(graph, [value.row, *(slope.row for slope in slopes)], dict(zip(names, case.point, strict=True)))
    expected = [flat(numbers[value.row]), [x for slope in slopes for x in flat(numbers[slope.row])]]
    return Work(request, case.point, expected, expected)


@cache
def operations() -> list[Work]:
    """Some calls of each operation on arrays, other ones with each seed."""
    works: list[Work] = []
    for name in TENSORS:
        some = [work for case in cases_of(TABLE[name]) if (work := work_of(TABLE[name], case)) is not None]
        works += rotate(some, 4) or some[:1]
    return works


FORMULAS = {
    "norm(A@x - b)^2": {"A": (2, 3), "x": (3,), "b": (2,)},
    "b@solve(S, b) + log(det(S))": {"S": (3, 3), "b": (3,)},
    "trace(inv(S)@S.T) + logdet(S)": {"S": (2, 2)},
    "logsumexp(A@x)*sum(softmax(x)*log_softmax(x))": {"A": (3, 2), "x": (2,)},
    "max(A)*min(x) + prod(x) + sum(norm(A, axis=1)^3)": {"A": (2, 2), "x": (3,)},
    "mean(A, axis=0)@x + sum(A[1:, ::-1]) + sqrt(x)[0]": {"A": (3, 2), "x": (2,)},
    "sum(where(x > 0, sqrt(abs(x)), x^2)*relu(x - t))": {"x": (4,), "t": ()},
    "t*x@y/norm(x) + sum(outer(x, y)*diag(x))": {"t": (), "x": (3,), "y": (3,)},
    "g(u) = sum(u*[u@u, t, 2]); g(x)^2": {"t": (), "x": (3,)},
    "lambda = sum(x); diff(norm(x)^3, x)@x*lambda": {"x": (2,)},
}
ARRAYS = {
    "A@x": {"A": (2, 3), "x": (3,)},
    "softmax(x)*np": {"x": (3,), "np": (3,)},
    "solve(S, b)": {"S": (3, 3), "b": (3,)},
    "[x@x, t*x[0]]": {"x": (2,), "t": ()},
    "A.T": {"A": (2, 3)},
    "x": {"x": (3,)},
    "gradient/norm(gradient)": {"gradient": (3,)},
    "S@S": {"S": (2, 2)},
}


def point_of(shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    random = np.random.default_rng(4)
    point = {name: random.uniform(0.3, 1.7, size=shape) for name, shape in shapes.items()}
    return {name: x + 3.0 * np.eye(len(x)) if name == "S" else x if x.shape else float(x) for name, x in point.items()}


def work_of_formula(text: str, shapes: dict[str, tuple[int, ...]], what: Sequence[str]) -> Work:
    f = adcli.compile(text)
    names = f.variables
    shapes = {name: shapes[name] for name in names}
    point, value = point_of(shapes), f.value(point_of(shapes))
    direction = {name: 0.5 * np.cos(x) for name, x in point.items()}
    firsts = f.jacobian(point)
    blocks, rows = {"value": flat(value)}, {"value": flat(value)}
    count, sizes = np.size(value), {name: np.size(x) for name, x in point.items()}
    blocks["gradient"] = blocks["jacobian"] = [x for name in names for x in flat(firsts[name])]
    side_by_side = np.concatenate([np.reshape(firsts[name], (count, -1)) for name in names], axis=1)
    rows["gradient"] = rows["jacobian"] = flat(side_by_side)
    blocks["jvp"] = rows["jvp"] = flat(f.jvp(point, direction))
    if "hessian" in what:
        second = f.hessian(point)
        blocks["hessian"] = [x for one in names for other in names for x in flat(second[one][other])]
        lines = [[np.reshape(second[one][other], (sizes[one], -1)) for other in names] for one in names]
        rows["hessian"] = flat(np.block(lines))
    request = array_request(adcli.parse(text), shapes, what, names, "f")
    arguments = [*(point[name] for name in names), *(direction[name] for name in names)]
    return Work(request, arguments, [blocks[part] for part in what], [rows[part] for part in what])


@cache
def formulas() -> list[Work]:
    works = [work_of_formula(text, shapes, VALUE_AND_SLOPES) for text, shapes in FORMULAS.items()]
    return works + [work_of_formula(text, shapes, PARTS_OF_ARRAYS) for text, shapes in ARRAYS.items()]


def run(target: str, works: Sequence[Work], folder: Path) -> list[list[float]]:
    """The numbers of each function, flat."""
    requests = [replace(work.request, name=f"f{place}") for place, work in enumerate(works)]
    if target == "c":
        unrolled = [unroll(request) for request in requests]
        return [rows[0] for rows in run_c(unrolled, [[work.arguments] for work in works], folder)]
    if target == "jax":
        run_jax([], [], folder)  # skips, or sets float64
    results = []
    for request, work in zip(requests, works, strict=True):
        results.append(flat(imported(load_target(target).write(request), request.name, folder)(*work.arguments)))
    return results


def assert_close(name: str, found: Sequence[float], parts: Sequence[Sequence[float]]) -> None:
    numbers = iter(found)
    for part in parts:
        scale = np.spacing(max([abs(x) for x in part], default=0.0))
        for expected in part:
            assert abs(next(numbers) - expected) <= ULPS * scale, (name, found, parts)
    assert not list(numbers), (name, found, parts)


@pytest.mark.parametrize("target", TARGETS)
def test_operations_agree_with_the_engine(target: str, tmp_path: Path) -> None:
    works = operations()
    assert {work.name for work in works} == TENSORS.keys()
    for work, found in zip(works, run(target, works, tmp_path), strict=True):
        assert_close(work.name, found, work.rows if target == "c" else work.blocks)


@pytest.mark.parametrize("target", TARGETS)
def test_formulas_agree_with_the_engine(target: str, tmp_path: Path) -> None:
    works = formulas()
    for work, found in zip(works, run(target, works, tmp_path), strict=True):
        assert_close(work.name, found, work.rows if target == "c" else work.blocks)


@pytest.mark.parametrize("target", ["c", "numpy"])
def test_random_programs_agree_with_the_engine(target: str, tmp_path: Path) -> None:
    """At zeros, poles and ties. Where a derivative is not finite the engine computes it again, NumPy does not."""
    works = []
    for seed in range(examples(120)):
        program = random_program(seed)
        f = adcli.compile(program.text)
        shapes = {name: program.arrays[name].shape for name in f.variables}
        firsts = f.gradient(program.arrays)
        expected = [flat(f.value(program.arrays)), [x for name in f.variables for x in flat(firsts[name])]]
        request = array_request(adcli.parse(program.text), shapes, None, f.variables, "f")
        works.append(Work(request, [program.arrays[name] for name in f.variables], expected, expected))
    compared = 0
    for work, found in zip(works, run(target, works, tmp_path), strict=True):
        expected = [x for part in work.rows for x in part]
        if target == "numpy" and not np.isfinite(expected).all():
            continue
        for one, other in zip(found, expected, strict=True):
            close = np.isclose(one, other, rtol=1e-11, atol=1e-13) if np.isfinite(other) else same_number(one, other)
            assert close or not np.isfinite(expected).all(), (work.name, work.arguments, found, expected)
        compared += 1
    assert compared > len(works) // 3


def test_numbers_with_arrays_inside_are_unrolled_for_every_target() -> None:
    for target in target_names():
        assert adcli.compile("norm([x, y])*det([[x, 1], [2, y]])").code(target)
    scope: dict[str, Any] = {}
    exec(adcli.compile("norm([x, y])*det([[x, 1], [2, y]])").code("python"), scope)  # our own text
    assert scope["f"](3.0, 4.0) == (50.0, (26.0, 23.0))


@pytest.mark.parametrize("target", ["jax", "numpy"])
def test_functions_of_matrices_of_numbers_are_not_unrolled(target: str, tmp_path: Path) -> None:
    run(target, [], tmp_path)  # skips
    f = adcli.compile("solve([[x, 1], [2, y]], [1, 2])[0]")
    assert flat(imported(f.code(target), "f", tmp_path)(3.0, 4.0)) == pytest.approx([0.2, -0.08, 0.04])


def test_operations_of_more_than_nine_arguments_are_written_whole(tmp_path: Path) -> None:
    text = f"max({', '.join(f'x{i}' for i in range(12))})"
    for target in target_names():
        assert not re.search("(?<!_){#?1[01]}", adcli.compile(text).code(target))
    assert adcli.compile("log10(x)").code("latex", ["value"]).count(r"\log_{10}") == 1
    request = array_request(adcli.parse(text), dict.fromkeys(adcli.compile(text).variables, ()), None, ["x11"], "f")
    assert run("c", [Work(request, [float(i) for i in range(12)], [], [])], tmp_path) == [[11.0, 1.0]]


def test_a_singular_matrix_has_no_numbers(tmp_path: Path) -> None:
    f = adcli.compile("sum(solve(A, b))")
    request = array_request(adcli.parse("sum(solve(A, b))"), {"A": (2, 2), "b": (2,)}, None, f.variables, "f")
    work = Work(request, [np.ones((2, 2)), np.ones(2)], [], [])
    assert np.isnan(run("c", [work], tmp_path)[0]).all()
    with pytest.raises(np.linalg.LinAlgError):
        run("numpy", [work], tmp_path)


def test_shapes_are_checked() -> None:
    scope: dict[str, Any] = {}
    exec(adcli.compile("sum(x)").code("numpy", shapes={"x": 3}), scope)  # our own text
    with pytest.raises(ValueError, match=r"x must have the shape \(3,\)"):
        scope["f"]([1.0, 2.0])
    exec(adcli.compile("sum(x)*t").code("numpy", shapes={"x": 3}), scope)  # our own text
    with pytest.raises(ValueError, match="t must be a number"):
        scope["f"]([1.0, 2.0, 3.0], [4.0])


@pytest.mark.parametrize(
    ("text", "target", "options", "message"),
    [
        ("x @ y", "c", {}, "give the shapes of the variables that are arrays, as in shapes={'A': (2, 3), 'x': 3}"),
        ("x @ y", "c", {"shapes": {"x": 3, "y": 2}}, "@ of the shapes (3,) and (2,)"),
        ("x @ y", "sql", {"shapes": {"x": 3, "y": 3}}, "sql takes no arrays: c, jax and numpy do"),
        ("sum(x)", "c", {"shapes": {"y": 3}}, "there is no variable 'y'"),
        ("sum(x)", "c", {"shapes": {"x": 0}}, "x has no shape '0': sizes are whole numbers of at least 1"),
        ("A @ x", "c", {"shapes": {"A": (2, 2), "x": 2}, "what": "hessian"}, "a Hessian is of a number"),
        ("A @ x", "c", {"shapes": {"A": (2, 2), "x": 2}, "what": "gradient"}, "a gradient is of a number"),
        ("norm(A @ x)", "c", {"shapes": {"A": (200, 200), "x": 200}}, "more than 20000 operations on numbers"),
        ("A @ A", "jax", {"shapes": {"A": (90, 90)}}, "at these shapes the Jacobian is too long to write"),
        ("solve([[x, 1], [2, y]], [1, 2])", "python", {}, "python has no solve of matrices: c, numpy and jax do"),
    ],
)
def test_what_is_not_written_is_refused(text: str, target: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(AdcliError) as caught:
        adcli.compile(text).code(target, **options)
    assert message in str(caught.value)
