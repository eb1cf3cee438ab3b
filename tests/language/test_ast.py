"""Text from the AST: it parses to an equal AST, and says the same in fewer parentheses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from adcli import parse
from tests.sampling import examples

from .strategies import expressions, programs


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2x", "2*x"), ("x^2", "x**2"), ("(x)", "x"), ("((x+y))*z", "(x + y)*z"), ("x-(y-z)", "x - (y - z)"),
        ("x-y-z", "x - y - z"),
        ("x/(y*z)", "x/(y*z)"), ("x/y*z", "x/y*z"), ("x*(y/z)", "x*(y/z)"), ("(x^y)^z", "(x**y)**z"),
        ("x^y^z", "x**y**z"),
        ("(-x)^2", "(-x)**2"), ("-x^2", "-x**2"), ("x^-y", "x**-y"), ("-(x*y)", "-(x*y)"), ("(-x)*y", "-x*y"),
        ("x--y", "x - -y"),
        ("+x", "+x"), ("1_000.50", "1000.5"), ("1e300", "1e+300"), ("1 if x<1 else 2", "where(x < 1, 1, 2)"),
        ("where(x<y<z, 1, 2)", "where(x < y < z, 1, 2)"), ("where((x<1)<y, 1, 2)", "where((x < 1) < y, 1, 2)"),
        ("where(not(x<1 and y<1), 1, 2)", "where(not (x < 1 and y < 1), 1, 2)"),
        ("where(not x<1 and (y<1 or z<1), 1, 2)", "where(not x < 1 and (y < 1 or z < 1), 1, 2)"),
        ("max(x, y,)", "max(x, y)"), ("u=x;u", "u = x; u"), ("u = x # note\n\nu", "u = x; u"), ("ｘ", "x"), ("π", "π"),
        ("f()", "f()"),
        ("x % -y", "x%-y"), ("-2^2", "-2**2"),
    ],
)  # fmt: skip
def test_prints(text, printed):
    assert str(parse(text)) == printed
    assert repr(parse(text)) == f"parse({printed!r})"


@given(programs())
@settings(max_examples=examples(80))
def test_prints_what_parses_to_the_same(text):
    formula = parse(text)
    printed = str(formula)
    assert parse(printed) == formula
    assert str(parse(printed)) == printed
    assert hash(parse(printed)) == hash(formula)


@given(expressions(), expressions())
@settings(max_examples=examples(40))
def test_equal_formulas_print_alike(left, right):
    assert (parse(left) == parse(right)) == (str(parse(left)) == str(parse(right)))


def test_other_things_are_not_equal():
    assert parse("x") != "x"
    assert parse("x") != parse("y")
    assert parse("u=x;u") != parse("w=x;w")
    assert parse("u=x;u") != parse("x")
    assert parse("1") != parse("2")
    assert parse("sin(x)") != parse("cos(x)")
    assert parse("max(x)") != parse("max(x,x)")
    assert parse("1") != parse("x")
