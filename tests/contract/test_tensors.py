"""Loops over the table, on scalars, arrays and everything between: shapes, adjoints, orders, and every carrier."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from adcli import Dual, Value, check_grads
from adcli.backends._arrays import evaluator
from adcli.errors import ShapeError
from adcli.graph.derive import gradient, tangent
from adcli.graph.expr import Expr, Graph
from adcli.graph.tape import Tape
from adcli.ops import TABLE, Op
from adcli.ops.operands import shape_of
from adcli.ops.support import select, written
from tests.sampling import rotate

from .samplers import Case, cases_of

EVERY = pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
NUMERIC = pytest.mark.parametrize("op", [op for op in TABLE.values() if not op.is_condition], ids=lambda op: op.name)
CLOSE = {"rtol": 1e-11, "atol": 1e-12}
LEAST_ORDERS = 3
SMALL = 6  # numbers in all arguments, up to which the highest order is checked


def like(x: Any, seed: int) -> Any:
    """Random numbers of the shape of x."""
    drawn = np.random.default_rng(seed).standard_normal(np.shape(x))
    return drawn if np.ndim(x) else float(drawn)


def inner(xs: Any, ys: Any) -> float:
    """The inner product of two lists of arrays; what is absent counts as 0."""
    return float(sum(np.sum(np.multiply(x, y)) for x, y in zip(xs, ys, strict=True) if x is not None))


def same(found: Any, wanted: Any) -> None:
    assert np.shape(found) == np.shape(wanted)
    np.testing.assert_allclose(found, wanted, **CLOSE)  # type: ignore[call-overload]


def symbols(case: Case) -> tuple[Graph, list[Expr]]:
    graph = Graph()
    return graph, [graph.variable(f"x{i}", np.shape(x)) for i, x in enumerate(case.point)]


@EVERY
def test_every_operation_has_cases(op: Op) -> None:
    assert len(cases_of(op)) > 0
    assert all(case.point or op.takes_conditions for case in cases_of(op))


@NUMERIC
def test_nothing_arrives_from_where_nothing_is_picked(op: Op) -> None:
    """Where one number of a result is picked, all that has a slope there exists, and where a tangent moves one too."""
    if op.pulls is None:
        return
    for case in cases_of(op):
        node = case.call(op)(*map(Value, case.point))
        arguments = [x.value if isinstance(x, Value) else x for x in node.inputs]
        rules = [node.op.pull(i) for i in range(len(arguments))]
        for place in range(min(node.size, 4)):
            seed = np.zeros(node.shape) if node.shape else 1.0
            if node.shape:
                seed.flat[place] = 1.0
            for rule, argument in zip(rules, arguments, strict=True):
                if rule is not None:
                    pulled = rule(written(seed), node.value, *arguments, **node.op.parameters)
                    same(select(pulled), rule(seed, node.value, *arguments, **node.op.parameters))
                    assert np.broadcast_shapes(shape_of(pulled), np.shape(argument)) == np.shape(argument)


@EVERY
def test_the_shape_rule_is_the_shape(op: Op) -> None:
    for case in cases_of(op):
        out = case.call(op)(*case.point)
        _, variables = symbols(case)
        if variables:
            assert case.call(op)(*variables).shape == np.shape(out), case


@EVERY
def test_every_carrier_computes_the_same(op: Op) -> None:
    """Numbers, Values, Duals and a recorded program; scalars are Python floats, arrays float64, truths bool."""
    for case in cases_of(op):
        call = case.call(op)
        wanted = call(*case.point)
        value = call(*map(Value, case.point))
        kind = bool if op.is_condition else float
        if not case.point:
            continue
        made = [value.value]
        dual = call(*[Dual(x, 0.0 * np.asarray(x)) for x in case.point])
        made.append(dual if op.is_condition else dual.value)
        graph, variables = symbols(case)
        node = call(*variables)
        for each in made:
            assert each.dtype == kind if np.shape(wanted) else type(each) is kind
            np.testing.assert_array_equal(each, wanted)
        np.testing.assert_array_equal(evaluator(Tape(graph, [node]))(case.point)[0], wanted)


@NUMERIC
def test_the_adjoint_identity(op: Op) -> None:
    """<g, push(t)> == <pull(g), t>, and the eager, the symbolic and the forward derivatives are the same numbers."""
    for case in cases_of(op):
        call, point = case.call(op), case.point
        if not point:
            continue
        weights, moves = like(call(*point), 1), [like(x, 2 + i) for i, x in enumerate(point)]
        # eager reverse
        leaves = [Value(x) for x in point]
        root = call(*leaves)
        root.backward(weights)
        eager = [leaf.grad for leaf in leaves]
        # eager forward
        pushed = call(*[Dual(x, t) for x, t in zip(point, moves, strict=True)]).tangent
        assert np.shape(pushed) == np.shape(root.value), case
        # symbolic, both
        graph, variables = symbols(case)
        node = call(*variables)
        pulled = gradient(node, variables, weights)
        along = tangent(node, {variable.row: move for variable, move in zip(variables, moves, strict=True)})
        for variable, slope in zip(variables, pulled, strict=True):
            assert slope is None or slope.shape == variable.shape
        assert along is None or along.shape == node.shape
        slopes = [slope for slope in pulled if slope is not None]
        _, *numbers = evaluator(Tape(graph, [node, *slopes, along]))(point)
        *computed, moved = numbers
        for leaf, slope, found in zip(leaves, pulled, eager, strict=True):
            same(found, computed.pop(0) if slope is not None else np.zeros(leaf.shape))
        same(pushed, moved if along is not None else np.zeros(root.shape))
        one, other = inner([weights], [pushed]), inner(eager, moves)
        assert math.isclose(one, other, rel_tol=1e-10, abs_tol=1e-11), (case, one, other)


@NUMERIC
def test_a_vector_of_tangents_is_each_of_them(op: Op) -> None:
    for case in cases_of(op):
        call, point = case.call(op), case.point
        for moving in range(len(point)):
            moves = [like(point[moving], seed) for seed in range(3)]
            at_once = call(*[Dual(x, np.stack(moves)) if i == moving else x for i, x in enumerate(point)])
            singly = [call(*[Dual(x, t) if i == moving else x for i, x in enumerate(point)]) for t in moves]
            same(np.broadcast_to(at_once.tangent, (3, *at_once.shape)) if not np.any(at_once.tangent)
                 else at_once.tangent, np.stack([each.tangent for each in singly]))  # fmt: skip


@pytest.mark.parametrize("op", rotate(NUMERIC.args[1], 9), ids=lambda op: op.name)
def test_derivatives_agree_with_differences(op: Op) -> None:
    """In both modes: order 1 in every shape, up to order 3 in small ones."""
    if op.name == "subtraction_error":
        return  # rounding itself: differences see it
    highest = 0
    for case in cases_of(op):
        point = case.point
        sizes = [np.max(np.abs(x), initial=0.0) for x in point]
        if not point or max(sizes) > 1e100 or 0 < min(sizes) < 1e-100:
            continue
        numbers = sum(np.size(x) for x in point)
        order = 1 if numbers > SMALL or not numbers else LEAST_ORDERS if highest < LEAST_ORDERS else 2
        highest = max(order, highest)
        assert check_grads(case.call(op), *point, order=order).ok
    assert highest == LEAST_ORDERS or op.arity == len(op.takes_conditions)


_ONES = {shape: np.ones(shape) for shape in [(0,), (2,), (3,), (4,), (2, 0), (2, 2), (2, 3), (3, 3)]}
_SYSTEMS = [(np.eye(2), _ONES[3,]), (_ONES[2, 3], _ONES[2,]), (2.0, _ONES[2,])]
_NOT_SQUARE = [(_ONES[2, 3],), (_ONES[2,],), (2.0,)]
_UNEQUAL = [(_ONES[2, 2], _ONES[3, 3])]
_NOTHING = [(_ONES[0,],), (_ONES[2, 0], 1)]
_NO_AXIS = [(_ONES[2,], 1), (_ONES[2,], (0, -2))]
_MISFITS = {
    "solve matmul": _SYSTEMS,
    "inv det logdet logabsdet sign_det cofactor": _NOT_SQUARE,
    "diagonal trace": [(_ONES[2,],)],
    "diag": [(2.0,)],
    "outer": [(2.0, _ONES[2,])],
    "stack concatenate": _UNEQUAL,
    "amax amin": _NOTHING,
    "sum mean prod norm logsumexp softmax log_softmax unit": _NO_AXIS,
    "exponential_share": [(_ONES[2,], _ONES[3,])],
    "across deviation excess": [(_ONES[2,], _ONES[3,]), (_ONES[2,], _ONES[2,], 1)],
    "reshape": [(_ONES[4,], (3, 2)), (_ONES[4,], (-1, 3))],
    "broadcast_to": [(_ONES[4,], (2, 2)), (_ONES[2, 2], (2,))],
    "transpose": [(_ONES[2, 2], (0, 0)), (_ONES[2, 2], (0,))],
    "swapaxes": [(_ONES[2, 2], 0, 2)],
    "getitem": [(_ONES[2,], 2), (_ONES[2,], (0, 0)), (_ONES[2,], 1.0), (_ONES[2, 2], np.array([True] * 3))],
}
MISFITS: dict[str, Any] = {name: rows for names, rows in _MISFITS.items() for name in names.split()}
HELPERS_OF_RULES = {"count_share", "sum_to", "scatter", "diag_embed"}  # which rules call with shapes that fit


@EVERY
def test_shapes_that_do_not_fit_are_said(op: Op) -> None:
    """By a ShapeError, on numbers, Values and symbols alike; never by NumPy's own words."""
    if op.name in HELPERS_OF_RULES or (op.is_elementwise and op.arity - len(op.integers) < 2):
        return
    misfits = MISFITS.get(op.name, [])
    if op.is_elementwise:
        parts = iter([np.ones(2), np.ones(3), np.ones(3)])
        misfits = [tuple([1 if i in op.integers else next(parts) for i in range(2 if op.variadic else op.arity)])]
    assert misfits
    graph = Graph()

    def symbol(x: Any) -> Expr:
        return graph.variable(f"x{len(graph)}", x.shape)

    for arguments in misfits:
        for convert in (np.asarray, Value, symbol):
            given = [convert(x) if isinstance(x, np.ndarray) and x.dtype == float else x for x in arguments]
            with pytest.raises(ShapeError):
                op(*given)
