"""Functions of the user, derivatives inside formulas, sums with an index, and the signs that people paste."""

from __future__ import annotations

import logging

import lark
import numpy as np
import pytest

import adcli
from adcli.errors import ParseError
from adcli.graph.expr import Graph
from adcli.language.lower import lower
from adcli.language.tables import grammar_path
from adcli.ops import TABLE
from tests.sampling import DEPTH

from ..cli.conftest import run_command

POINTS = ({"x": 0.7, "y": 2.0, "a": 1.5}, {"x": 2.5, "y": 0.25, "a": -3.0})
# A program, and the same written out.
SAME = [
    ("f(t, s) = t^2 + a*s; f(x, y) + f(2x, 1)", "x^2 + a*y + (2*x)^2 + a"),
    ("x2 = x; f(x) = x^2; f(3) + x2", "9 + x"),
    ("f(x) = x^2; f(y)*x", "y^2*x"),
    ("g(t) = sin(t); f(t) = g(t)*g(2t); f(x) + f(y)", "sin(x)*sin(2*x) + sin(y)*sin(2*y)"),
    ("u = x*y; f(t) = u*t; f(a)", "x*y*a"),
    ("f(t) = t > 1; x if f(x) else y", "x if x > 1 else y"),
    ("sin(t) = t^3; sin(x)", "x^3"),
    ("f = 2; f(t) = t*f; f(x)", "x*2"),
    ("diff(x^3*y, x)", "3*x^2*y"),
    ("diff(x^3*y, x, 2)", "6*x*y"),
    ("diff(sin(x)*y^2, x, y)", "cos(x)*2*y"),
    ("diff(x^4*y^2, x, 2, y)", "24*x^2*y"),
    ("u = x^2; diff(u*x, x)", "3*x^2"),
    ("diff(diff(sin(x*y), x), y)", "cos(x*y) - x*y*sin(x*y)"),
    ("diff(y, x) + x", "x"),
    ("f(t) = diff(t^2*x, t); f(x)", "2*x^2"),
    ("f(t) = diff(t^2*x, x); f(x)", "x^2"),
    ("f(t, s) = diff(t^2*s^3, t, s); f(x, x)", "6*x^3"),
    ("f(t) = t^3 + a*t; f'(2x)", "3*(2*x)^2 + a"),
    ("f(t) = t^3; f''(x) + f'(y)*f(x)", "6*x + 3*y^2*x^3"),
    ("f(t) = t^3; g(t) = f'(t)*t; g'(x)", "9*x^2"),
    ("sin'(x) + exp''(y)", "cos(x) + exp(y)"),
    ("f(t) = t^2 - 2; x - f(x)/f'(x)", "x - (x^2 - 2)/(2*x)"),
    ("where(x > 1, diff(x^2, x), y)", "where(x > 1, 2*x, y)"),
    ("sum(i*x^i, i=1..3)", "x + 2*x^2 + 3*x^3"),
    ("sum(i=1..3, i*x^i)", "x + 2*x^2 + 3*x^3"),
    ("prod(x + i, i=1..3)", "(x + 1)*(x + 2)*(x + 3)"),
    ("max(i*x, i=1..3) + min(y^i, i=1..2)", "max(x, 2*x, 3*x) + min(y, y^2)"),
    ("sum(i*j*x, i=1..3, j=1..i)", "x*(1 + 2 + 4 + 3 + 6 + 9)"),
    ("sum(sum(i*j*x, j=1..i), i=1..3)", "x*(1 + 2 + 4 + 3 + 6 + 9)"),
    ("n = 2; x + sum(x, i=1..n) + sum(x, i=3..1) + prod(x, i=3..1)", "3*x + 1"),
    ("f(n) = sum(1/i^2, i=1..n); f(3)*x", "(1 + 1/4 + 1/9)*x"),
    ("sum(diff(x^i, x), i=1..3)", "1 + 2*x + 3*x^2"),
    ("i = y; sum(x^i, i=1..2) + i", "x + x^2 + y"),
    ("x² + (x+1)³ + 2x¹⁰", "x^2 + (x+1)^3 + 2*x^10"),
    ("2^x² - x²", "2^(x^2) - x^2"),
    ("√x + ∛(y+1) + √√x + 2√x", "sqrt(x) + cbrt(y+1) + sqrt(sqrt(x)) + 2*sqrt(x)"),
    ("|x - 1|*|y| + ||x| - |2y|| + 2|-x|", "abs(x-1)*abs(y) + abs(abs(x) - abs(2*y)) + 2*abs(-x)"),
    ("30° + x° + 2x°", "30*(pi/180) + x*(pi/180) + 2*x*(pi/180)"),
    ("x·y × 2 ÷ a − 1e−3 – 1e-3", "x*y*2/a - 0.002"),
    ("(1 if x ≤ 1 else 2) + (3 if x ≥ 1 else 4) + (5 if x ≠ y else 6)",
     "(1 if x <= 1 else 2) + (3 if x >= 1 else 4) + (5 if x != y else 6)"),
    ("1 if x!=3 else 2", "1 if x != 3 else 2"),
    ("x! + 3!^2 - 2x! + √y! + |x - 4|!",
     "factorial(x) + 36 - 2*factorial(x) + sqrt(factorial(y)) + factorial(abs(x-4))"),
    ("sum(x^k/k!, k=0..4)", "1 + x + x^2/2 + x^3/6 + x^4/24"),
    ("f(n) = n!; f'(x)", "diff(factorial(x), x)"),
    ("f(t) = t; f′(x) + f’(y) + f″(x)", "2 + 0*x*y"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written_out"), SAME)
def test_a_program_is_the_same_written_out(text, written_out):
    function, expected = adcli.compile(text), adcli.compile(written_out)
    assert adcli.parse(str(adcli.parse(text))) == adcli.parse(text)
    for point in POINTS:
        names = [name for name in function.variables if name in expected.variables]
        at = {name: point[name] for name in function.variables}
        wanted = {name: point[name] for name in expected.variables}
        value, gradient = function.value_and_gradient(at)
        assert value == pytest.approx(expected.value(wanted), rel=1e-14)
        slopes = expected.gradient(wanted)
        for name in names:
            assert gradient[name] == pytest.approx(slopes[name], rel=1e-13, abs=1e-13)
        if names:
            assert function.hessian(at)[names[0]][names[0]] == pytest.approx(
                expected.hessian(wanted)[names[0]][names[0]], rel=1e-12, abs=1e-12
            )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(x[i]*i, i=0..len(x)-1)", 8.0), ("f(a) = a @ a; f(x) + f(2*x)", 70.0), ("diff(x @ x, x) @ x", 28.0),
        ("g(t) = t^2; sum(g'(x))", 12.0), ("g(t) = 3; sum(g'(x))", 0.0), ("sum([1..3]*x)", 14.0),
        ("len(x) + len([1, 2])", 5.0), ("[3, 2..1] @ x", 10.0), ("f(c) = c*x; sum(f'(2))", 6.0),
    ],
)  # fmt: skip
def test_arrays(text, expected):
    assert adcli.compile(text).value(x=np.array([1.0, 2.0, 3.0])) == expected


@pytest.mark.parametrize("text", ["f(t) = t @ t; f'(x)", "diff(x*x, x)", "f(t) = sum(t)*t; f'(x)"])
def test_a_derivative_of_an_array_by_an_array_is_refused(text):
    with pytest.raises(ParseError, match="use the command jac"):
        adcli.compile(text).jacobian(x=np.array([1.0, 2.0]))


def test_a_range_counts_in_decimal_digits():
    done = run_command(["eval", "[0, 0.1..1]", "--format", "value"])
    assert done.out.split() == ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0"]


@pytest.mark.parametrize("text", ["diff(log(x), x)", "f(t) = log(t); f'(x)", "log''(x)", "diff(x*log(x), x)"])
def test_the_derivative_of_what_is_undefined_is_undefined(text):
    assert np.isnan(adcli.compile(text).value(x=-1.0))


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("f(t) = t^2/3 - sin(t); x - f'(x)", 0), ("diff(exp(x)*y^3 % 2, y)", 0), ("log'(x)", 1), ("diff(x/y, x)", 1),
        ("diff(x^-1, x)", 1), ("diff(sqrt(x) + y, y)", 1), ("diff(where(x > 0, x, nan), x)", 1),
    ],
)  # fmt: skip
def test_a_mask_stands_only_where_the_function_can_be_undefined(text, masks):
    assert ("nan" in str(lower(adcli.parse(text), Graph()))) == bool(masks)


def test_the_note_on_a_mask_names_the_function():
    assert run_command(["grad", "y*diff(log(x), x)", "x=-1", "y=1"]).err == (
        "adcli: log(x) at column 8: x = -1 is outside (0, inf)\n"
    )
    assert run_command(["grad", "diff(log(det(A)), A)[0, 0]", "A=[[1, 2], [3, 4]]"]).err == (
        "adcli: log(det(A)) at column 6: det(A) = -2 is outside (0, inf)\n"
    )


def test_nested_and_many():
    """Work that is nested counts once, and the parameters of a function are replaced in one pass."""
    n = 2000
    assert adcli.compile("diff(" * n + "x^3" + ", x)" * n).value(x=1.0) == 0.0
    assert adcli.compile("sum(" * n + "x" + ", i=1..1)" * n).value(x=2.0) == 2.0
    names = [f"t{k}" for k in range(n)]
    call = f"f({', '.join([f'{k}*x' for k in range(n)])})"
    program = f"f({', '.join(names)}) = diff({' + '.join([f'{name}^2' for name in names])}, t5); {call}"
    assert adcli.compile(program).value(x=1.0) == 10.0


def test_diff_prints_no_mask():
    assert run_command(["diff", "log'(x)"]).out == "-1/x**2\n"
    assert run_command(["diff", "f(t) = t^3; f(2x) + f''(x)"]).out == "24*x**2 + 6\n"


@pytest.mark.parametrize(
    "words",
    [
        ["implicit", "f(t) = t^2; f(x) + f(y) = 25", "--of", "y", "x=3", "y=4"],
        ["check", "f(t) = t^2; f(x)*3", "--claim", "df/dx = f'(x)*3", "x=3"],
        ["taylor", "f(t) = exp(t); f'(x)", "x=0", "--order", "3"],
        ["trace", "f(t) = t^2; f'(x)*f(y)", "x=2", "y=3"],
        ["hess", "f(t) = t^3; f'(x)*f(y)", "x=2", "y=3"],
        ["jac", "f(t) = t^3; [f(x), f'(x)]", "x=2"],
        *(["code", "f(t) = log(t); f'(x) + sum(x^i, i=1..3)", "--to", target] for target in ("c", "python", "sql")),
    ],
)
def test_commands_take_functions(words):
    done = run_command(words)
    assert (done.status, done.err) == (0, "")


def test_work_is_linear():
    """The rows of the graph grow in proportion to the text, and equal calls share theirs."""
    programs = [
        lambda n: "f(t) = t*sin(t) + a; " + " + ".join(f"f({k}*x)" for k in range(n)),
        lambda n: "f(t) = t*sin(t) + a; " + " + ".join(f"f'({k}*x)" for k in range(n)),
        lambda n: " + ".join(f"diff(sin({k}*x), x)" for k in range(n)),
        lambda n: "u = " + " + ".join(f"sin({k}*x)" for k in range(n)) + "; " + "+".join(["diff(u, x)"] * n),
        lambda n: f"sum(sin(i*x), i=1..{n})",
        lambda n: "f(t) = sin(t) + 1; " + "f(" * n + "x" + ")" * n,
        lambda n: "f0(t) = sin(t);" + ";".join(f"f{k}(t) = f{k - 1}(t) + 1" for k in range(1, n)) + f"; f{n - 1}(x)",
    ]
    for program in programs:
        rows = []
        for n in (200, 400):
            graph = Graph()
            lower(adcli.parse(program(n)), graph)
            rows.append(len(graph))
        assert rows[1] <= 2.1 * rows[0]
    graph = Graph()
    doubling = ";".join(f"f{k}(t) = f{k - 1}(t)*f{k - 1}(t)" for k in range(1, 26))
    lower(adcli.parse(f"f0(t) = sin(t); {doubling}; f25(x)"), graph)
    assert len(graph) < 60


def test_many_arguments_of_max_share_one_derivative(monkeypatch):
    calls = []
    rule = TABLE["max"].partials[0]

    def count(out, *arguments):
        calls.append(out)
        return rule(out, *arguments)

    monkeypatch.setattr(TABLE["max"], "partials", (count,))
    assert adcli.compile("max(x^i, i=1..20)").gradient(x=2.0) == {"x": 20 * 2.0**19}
    assert adcli.compile("diff(max(x^i, i=1..20), x)").value(x=2.0) == 20 * 2.0**19
    assert len(calls) == 2


def test_nothing_recurses():
    n = DEPTH
    chain = ";".join(f"f{k}(t) = f{k - 1}(t) + 1" for k in range(1, n))
    assert adcli.compile(f"f0(t) = t; {chain}; f{n - 1}(x)").value(x=1.0) == float(n)


def test_the_grammar_has_no_conflict(caplog):
    lark.logger.propagate = True
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name), open(grammar_path(), encoding="utf-8") as file:
        lark.Lark(file.read(), parser="lalr", lexer="basic", maybe_placeholders=False, debug=True)
    assert "onflict" not in caplog.text
