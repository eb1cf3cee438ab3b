"""The AST to the graph: names, constants, arities, conditions, and what stands for what."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings

import adcli
from adcli import parse
from adcli.errors import ParseError, UnknownNameError
from adcli.formula.lowered import Lowered
from adcli.graph.expr import Graph
from adcli.language.lower import constant_value, lower
from adcli.ops import FUNCTIONS
from tests.sampling import examples

from ..cli.conftest import run_command
from .strategies import programs

POINTS = ({"x": 0.5, "y": 2.0, "z": -3.0}, {"x": 0.0, "y": -1.0, "z": 1e-300}, {"x": 7.0, "y": 0.25, "z": 100.0})


def value(text: str, **point: float) -> float:
    return adcli.compile(text).value(point)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2^2", -4.0), ("2^3^2", 512.0), ("2^-1", 0.5), ("-2^-2", -0.25), ("-7%3", 2.0), ("7%-3", -2.0),
        ("7/2", 3.5), ("2pi", 2 * math.pi),
        ("2π", 2 * math.pi), ("τ", 2 * math.pi), ("tau", 2 * math.pi), ("e", math.e), ("inf", math.inf),
        ("1_000", 1000.0),
        ("1 if 1<2<3 else 0", 1.0), ("1 if 1<2>3 else 0", 0.0), ("1 if 3>2>1 else 0", 1.0), ("1 if 1<2<2 else 0", 0.0),
        ("1 if (1<2) == (1<2) else 0", None), ("1 if not 1<2 else 0", 0.0), ("1 if 1<2 or 1/0<0 else 0", 1.0),
        ("1 if 1==1!=2 else 0", 1.0), ("1 if nan==nan else 0", 0.0), ("1 if nan!=nan else 0", 1.0),
        ("u=2;w=u*u;w+u", 6.0),
        ("gamma = 3; gamma(gamma)", 2.0), ("sin = 2; sin*3", 6.0), ("c = 1<2; 5 if c else 6", 5.0), ("log(8,2)", 3.0),
        ("max(1,200)", 200.0),
        ("min(3)", 3.0), ("+2", 2.0), ("--2", 2.0), ("where(1<2, 3, 0/0)", 3.0), ("3(1+1)", 6.0), ("2*3(1+1)", 12.0),
        ("0*-1", -0.0),
    ],
)  # fmt: skip
def test_constants(text, expected):
    if expected is None:
        with pytest.raises(ParseError, match="a condition is not a number"):
            constant_value(text)
        return
    found = constant_value(text)
    assert repr(found) == repr(expected)


def test_chained_comparisons_are_those_of_python():
    for a in (0.0, 1.0, 2.0):
        for b in (0.0, 1.0, 2.0):
            for c in (0.0, 1.0, 2.0):
                assert value("1 if x < y <= z else 0", x=a, y=b, z=c) == float(a < b <= c)
                assert value("1 if x != y == z >= x else 0", x=a, y=b, z=c) == float(a != b == c >= a)
                assert value("1 if not x < y > z else 0", x=a, y=b, z=c) == float(not a < b > c)


def test_every_spelling_of_a_function_is_the_same_function():
    for word, op in FUNCTIONS.items():
        if not op.is_elementwise:
            continue
        arguments = [
            "1" if place in op.integers else "x>0" if place in op.takes_conditions else f"x{place}"
            for place in range(op.arity)
        ]
        graph = Graph()
        first = lower(parse(f"{op.name}({', '.join(arguments)})"), graph)
        again = lower(parse(f"{word}({', '.join(arguments)})"), graph)
        assert first.row == again.row, word


def test_what_is_written_twice_is_one_node():
    graph = Graph()
    lower(parse("u = sin(x); sin(x)*u + where(x>0, 1, 2)*(1 if x>0 else 2)"), graph)
    names = [op.name for op in graph.ops if op is not None]
    assert names.count("sin") == 1
    assert names.count("where") == 1


def test_bindings_are_labels_and_inputs_are_variables():
    graph = Graph()
    lower(parse("a = x; b = 2; u = x*y; w = x*y; u + w + a + b"), graph)
    assert list(graph.variables) == ["x", "y"]
    assert list(graph.labels.values()) == ["b", "u"]


def test_spans_point_at_the_text():
    text = "u = sin(x); (u + 1)*u"
    graph = Graph()
    result = lower(parse(text), graph)
    spans = {text[slice(*span)] for span in graph.spans.values()}
    assert spans == {"x", "sin(x)", "1", "u + 1", text[text.index("(u") :]}
    assert text[slice(*graph.spans[result.row])] == "(u + 1)*u"


@pytest.mark.parametrize(
    ("text", "kind", "column", "message"),
    [
        ("2*sinn(x)", UnknownNameError, 3, "unknown function 'sinn' (column 3): did you mean 'sin'?"),
        ("x + x(y)", UnknownNameError, 5, "write x*(…) for a product"),
        ("zzzzzz(x)", UnknownNameError, 1, "`adcli functions` lists them, or define it first: zzzzzz(t) = …"),
        ("1 + atan2(x)", ParseError, 5, "atan2 takes 2 arguments, not 1"),
        ("log()", ParseError, 1, "log takes 1 or 2 arguments, not 0"),
        ("max()", ParseError, 1, "max takes one or more arguments, not 0"),
        ("x < y", ParseError, 1, "a condition is not a number"),
        ("1 + (x < y)", ParseError, 6, "a condition is not a number"),
        ("1 if x < 2 < (x < 3) else 2", ParseError, 15, "a condition is not a number"),
        ("1 if x else 2", ParseError, 6, "a condition is needed here"),
        ("1 if x<1 and y else 2", ParseError, 14, "a condition is needed here"),
        ("where(1, 2, 3)", ParseError, 7, "a condition is needed here"),
        ("heaviside(x<1)", ParseError, 11, "a condition is not a number"),
        ("u = x<1; u + 1", ParseError, 10, "a condition is not a number"),
        ("y = x; x = 1; y", ParseError, 8, "'x' is used as an input before it is bound"),
        ("a = a + 1; a", ParseError, 1, "'a' is used as an input before it is bound"),
        ("polygamma(x, y)", ParseError, 11, "write a whole number from 0 to 99"),
        ("polygamma(100, y)", ParseError, 11, "write a whole number from 0 to 99"),
    ],
)
def test_refuses(text, kind, column, message):
    with pytest.raises(kind) as caught:
        lower(parse(text), Graph())
    assert caught.value.column == column
    assert message in str(caught.value)


@given(programs())
@settings(max_examples=examples(70))
def test_the_text_of_the_graph_is_the_same_function(text):
    function = adcli.compile(text)
    lowered = Lowered(function.formula)
    printed = str(lowered.result)
    again = adcli.compile(printed)
    assert set(again.variables) <= set(function.variables)
    for point in POINTS:
        given = {name: point[name] for name in function.variables}
        before = function.value(given)
        after = again.value({name: given[name] for name in again.variables})
        assert before == after or (math.isnan(before) and math.isnan(after)), printed


@given(programs())
@settings(max_examples=examples(50))
def test_the_printed_formula_is_the_same_function(text):
    function, again = adcli.compile(text), adcli.compile(str(parse(text)))
    assert function.variables == again.variables
    assert str(Lowered(function.formula).result) == str(Lowered(again.formula).result)


@pytest.mark.parametrize("text", ["x", "1+x", "sin(x)", "u=2; u*x"])
def test_a_value_has_no_variables(text):
    with pytest.raises(UnknownNameError, match="'x' has no value") as caught:
        constant_value(text)
    assert caught.value.column == text.index("x") + 1


def test_a_variable_that_is_older_than_the_formula_has_a_place() -> None:
    graph = Graph()
    rows = [graph.variable(name).row for name in ("y", "x")]
    lower(parse("2*hypot(log1p(x), y)*(y + x)"), graph)
    assert [graph.spans[row] for row in rows] == [(18, 19), (14, 15)]


@pytest.mark.parametrize("method", ["grad", "jac", "hess"])
@pytest.mark.parametrize("sweep", ["x=nan", "x=nan,0,1"])
def test_a_note_has_the_column_of_a_variable(method: str, sweep: str) -> None:
    """A command may add the variables to the graph before it lowers the formula."""
    text = "2*hypot(log1p(x),y)*(y+x)"
    text = f"[{text}, y]" if method == "jac" else text
    outcome = run_command([method, text, sweep, "y=2"])
    assert f"x at column {text.index('x)') + 1}: the value given for it is not a number" in outcome.err
