"""Loops over the table of operations: a new entry arrives with these tests."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

import adcli
from adcli.backends.python import interpreter
from adcli.formula.lowered import Lowered
from adcli.graph.derive import gradient, tangent
from adcli.graph.expr import Expr, Graph
from adcli.graph.tape import Tape
from adcli.language.parser import parse
from adcli.ops import FUNCTIONS, SIGNS, TABLE, Op
from adcli.ops.real import Real, number

ELEMENTWISE = [op for op in TABLE.values() if op.is_elementwise]
NUMERIC = [op for op in ELEMENTWISE if not op.is_condition]
EVERY = pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
EACH = pytest.mark.parametrize("op", NUMERIC, ids=lambda op: op.name)
SPECIAL = [0.0, -0.0, 0.5, 1.0, -1.0, 2.0, -2.5, 3.0, 1e-308, 5e-324, 1e22, -1e300, math.inf, -math.inf, math.nan]


def symbols(op: Op, graph: Graph) -> tuple[list[Any], list[Expr]]:
    """Arguments for an op, conditions and orders filled in, and those of them that are variables."""
    arguments: list[Any] = []
    free = []
    for place in range(2 if op.variadic else op.arity):
        if place in op.takes_conditions:
            arguments.append(graph.variable("c") > 0.0)
        elif place in op.integers:
            arguments.append(1.0)
        else:
            free.append(graph.variable("xyzw"[place]))
            arguments.append(free[-1])
    return arguments, free


@EVERY
def test_an_entry_is_complete(op: Op) -> None:
    assert op.doc.endswith("."), "one sentence"
    assert op.sign is None or op.binding > 0
    assert all(FUNCTIONS[word] is op for word in op.aliases)
    assert op.sign is not None or FUNCTIONS[op.name] is op
    assert op.sign is None or SIGNS[op.sign, op.arity] is op


def test_one_word_means_one_thing() -> None:
    words = [word for op in TABLE.values() if op.sign is None for word in (op.name, *op.aliases)]
    assert len(words) == len(set(words))


@EACH
def test_the_table_is_closed_under_differentiation(op: Op) -> None:
    """Three times, by both modes, in every variable; what comes out prints and parses."""
    graph = Graph()
    arguments, free = symbols(op, graph)
    level = [op(*arguments)]
    for _ in range(3):
        derived = []
        for node in level:
            for variable in free:
                reverse = gradient(node, [variable])[0]
                forward = tangent(node, {variable.row: 1.0})
                assert (reverse is None) == (forward is None)
                if reverse is not None:
                    assert str(Lowered(parse(str(reverse))).result) == str(reverse)
                    derived.append(reverse)
        level = derived[:3]


@EACH
def test_both_directions_are_one_rule(op: Op) -> None:
    """<g, push(t)> == <pull(g), t> at random points."""
    graph = Graph()
    arguments, free = symbols(op, graph)
    node = op(*arguments)
    pulled = gradient(node, free)
    pushed = [tangent(node, {variable.row: 1.0}) for variable in free]
    program = Tape(graph, [node, *pulled, *pushed])
    run = interpreter(program)
    random.seed(1)
    for _ in range(50):
        point = [random.uniform(-3, 3) for _ in program.variables]
        value, *slopes = run(point)
        if math.isnan(value):
            continue
        half = len(free)
        for one, other in zip(slopes[:half], slopes[half:], strict=True):
            assert one == pytest.approx(other, rel=1e-13, abs=1e-300, nan_ok=True)


@EVERY
def test_a_kernel_never_raises(op: Op) -> None:
    """Every combination of special values gives a float (or a truth), whatever the C library says."""
    places = 2 if op.variadic else op.arity
    choices = [
        [0.0, 1.0, 2.0] if place in op.integers else [True, False] if place in op.takes_conditions else SPECIAL
        for place in range(places)
    ]
    points: list[tuple[Any, ...]] = [()]
    for choice in choices:
        points = [(*point, x) for point in points for x in choice]
    for point in points:
        result = op.forward(*point)
        assert isinstance(result, bool if op.is_condition else float), (op.name, point)


ORDERED = [op for op in NUMERIC if not op.helper and set(op.integers) - set(op.shape_parameters)]


@pytest.mark.parametrize("op", ORDERED, ids=lambda op: op.name)
@pytest.mark.parametrize("order", [0.5, 1.5, -1.0, math.nan, math.inf, -math.inf])
def test_what_is_no_order_has_no_value(op: Op, order: float) -> None:
    """The language refuses it, and a kernel that is called from Python takes no other order instead."""
    assert op.integers == (0,)
    assert math.isnan(op(order, 2.0))


@EACH
def test_rules_run_on_numbers_too(op: Op) -> None:
    """The same line is a symbolic derivative and a local one on floats; no rule looks at what flows through it."""
    places = 2 if op.variadic else op.arity
    for x in SPECIAL:
        arguments = [
            Real(1.0) if place in op.integers else Real(True) if place in op.takes_conditions else Real(x)
            for place in range(places)
        ]
        out = Real(op.forward(*[number(argument) for argument in arguments]))
        for place in range(places):
            partial = op.partial(place)
            if callable(partial) and place not in op.shape_parameters:
                assert isinstance(number(partial(out, *arguments)), float)


@EACH
def test_fast_spellings_agree_with_the_kernels(op: Op) -> None:
    """Generated code and the interpreter give the same bits, also where the fast spelling raises."""
    graph = Graph()
    arguments, _ = symbols(op, graph)
    text = str(op(*arguments))
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    run = interpreter(lowered.program())
    points = [[x] * len(function.variables) for x in SPECIAL]
    random.seed(2)
    points += [
        [random.choice([1.0, 10.0, 1e3, 1e-3, 1e9, 1e200]) * random.uniform(-2, 2) for _ in function.variables]
        for _ in range(200)
    ]
    for point in points:
        value, *slopes = run(point)
        made_value, made_slopes = function.value_and_gradient(dict(zip(function.variables, point, strict=True)))
        assert repr(made_value) == repr(value), point
        assert [repr(x) for x in made_slopes.values()] == [repr(x) for x in slopes], point


USERS = [op for op in NUMERIC if op.textbook and not op.helper and not op.integers]


@pytest.mark.parametrize("op", USERS, ids=lambda op: op.name)
def test_a_function_is_its_textbook_form(op: Op) -> None:
    """To some digits; tests/simplify/test_tidy.py holds the helpers to theirs."""
    graph = Graph()
    arguments, _ = symbols(op, graph)
    function = adcli.compile(f"{op.name}({', '.join(map(str, arguments))})" if op.sign is None else str(op(*arguments)))
    textbook = adcli.compile(str(op.textbook(*arguments)))
    random.seed(3)
    for _ in range(50):
        point = {name: random.uniform(-0.9, 0.9) for name in function.variables}
        value = textbook.value({name: point[name] for name in textbook.variables})
        assert function.value(point) == pytest.approx(value, rel=1e-12, nan_ok=True)
