"""The language, row by row of its table: what is read, as what, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from adcli import parse
from adcli.errors import ParseError, RequestError
from adcli.language.ast import Call, Name, Node, Number, same
from tests.sampling import examples

from .strategies import expressions, programs


def shape(text: str) -> str:
    """The tree as nested prefix calls."""

    def show(node: Node) -> str:
        if isinstance(node, Number):
            return repr(node.value).removesuffix(".0")
        if isinstance(node, Name):
            return node.name
        return f"{node.function}({', '.join(map(show, node.arguments))})"

    return show(parse(text).result)


def nodes(root: Node) -> list[Node]:
    found = [root]
    for node in found:
        if isinstance(node, Call):
            found.extend(node.arguments)
    return found


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        # numbers
        ("2", "2"), (".5", "0.5"), ("1.", "1"), ("1e-3", "0.001"), ("2E3", "2000"), ("5e+30", "5e+30"),
        ("1_000", "1000"), ("1_0.2_5e1_0", "102500000000"), ("0", "0"), ("0.0", "0"), ("1e05", "100000"),
        ("1e-400", "0"), ("0.1", "0.1"), ("179769313486231570000" + "0" * 288, "1.7976931348623157e+308"),
        # powers
        ("x^2", "**(x, 2)"), ("x**2", "**(x, 2)"), ("-x^2", "-(**(x, 2))"), ("2^3^2", "**(2, **(3, 2))"),
        ("2**3^2", "**(2, **(3, 2))"), ("2^-1", "**(2, -(1))"), ("-2^-2", "-(**(2, -(2)))"), ("(-2)^2", "**(-(2), 2)"),
        ("2^-x^2", "**(2, -(**(x, 2)))"), ("2^--1", "**(2, -(-(1)))"), ("2^+1", "**(2, +(1))"),
        # products
        ("x*y/z%w", "%(/(*(x, y), z), w)"), ("x/y/z", "/(/(x, y), z)"), ("x*-y", "*(x, -(y))"), ("x/-y", "/(x, -(y))"),
        ("-x*y", "*(-(x), y)"), ("-x%y", "%(-(x), y)"), ("x--y", "-(x, -(y))"), ("x+-+y", "+(x, -(+(y)))"),
        # implicit products
        ("2x", "*(2, x)"), ("3(x+1)", "*(3, +(x, 1))"), ("2x^2", "*(2, **(x, 2))"), ("-2x", "-(*(2, x))"),
        ("2sin(x)", "*(2, sin(x))"), ("2x*3y", "*(*(2, x), *(3, y))"), ("2x/3", "/(*(2, x), 3)"), ("2ℯ", "*(2, e)"),
        ("2.x", "*(2, x)"), ("1e3x", "*(1000, x)"), ("2pi", "*(2, pi)"), ("2π", "*(2, π)"),
        ("3(x)^2", "*(3, **(x, 2))"),
        ("x*2(y)", "*(x, *(2, y))"), ("2ifx", "*(2, ifx)"), ("2eV", "*(2, eV)"),
        # names are never split
        ("xy", "xy"), ("x2", "x2"), ("x_1", "x_1"), ("_", "_"), ("sin", "sin"), ("gamma*x", "*(gamma, x)"),
        ("lambda", "lambda"), ("nota", "nota"), ("iffy", "iffy"), ("or_", "or_"), ("True", "True"),
        # comparisons, conditions, choices
        ("1 if x<y else 0", "where(<(x, y), 1, 0)"), ("1 if x<y<=z else 0", "where(< <=(x, y, z), 1, 0)"),
        ("1 if (x<y)<z else 0", "where(<(<(x, y), z), 1, 0)"), ("1 if x==y!=z else 0", "where(== !=(x, y, z), 1, 0)"),
        ("where(x>0, x, -x)", "where(>(x, 0), x, -(x))"),
        ("1 if not x<1 and y<1 or z<1 else 2", "where(or(and(not(<(x, 1)), <(y, 1)), <(z, 1)), 1, 2)"),
        ("1 if not not x<1 else 2", "where(not(not(<(x, 1))), 1, 2)"),
        ("1 if x<1 else 2 if x<2 else 3", "where(<(x, 1), 1, where(<(x, 2), 2, 3))"),
        ("(1 if x<1 else 2)+3", "+(where(<(x, 1), 1, 2), 3)"), ("2if x<1 else 3", "where(<(x, 1), 2, 3)"),
        ("2 if x<1else 3", "where(<(x, 1), 2, 3)"), ("x + 1 if x<1 else 3", "where(<(x, 1), +(x, 1), 3)"),
        # calls
        ("sin(x)", "sin(x)"), ("sin (x)", "sin(x)"), ("max(1,200)", "max(1, 200)"), ("max(x, y,)", "max(x, y)"),
        ("f()", "f()"), ("max(1 if x<1 else 2, 3)", "max(where(<(x, 1), 1, 2), 3)"), ("arctan2(y,x)", "arctan2(y, x)"),
        # arrays
        ("[1, x]", "[](1, x)"), ("[[1,2],[3,4],]", "[]([](1, 2), [](3, 4))"), ("[x\n,\ny]", "[](x, y)"),
        ("A@x*2", "*(@(A, x), 2)"), ("A@2x", "@(A, *(2, x))"), ("-A@x", "@(-(A), x)"), ("A.T@A", "@(.T(A), A)"),
        ("-A.T**2", "-(**(.T(A), 2))"), ("2x[0]", "*(2, x[](x, 0))"), ("x[-1]", "x[](x, -(1))"),
        ("A[0, 1:]", "x[](A, 0, a:(1))"), ("A[:, 0]", "x[](A, :(), 0)"), ("x[::2]", "x[](x, ::c(2))"),
        ("x[1:2:3]", "x[](x, a:b:c(1, 2, 3))"), ("x[:3]", "x[](x, :b(3))"), ("x[:3:]", "x[](x, :b(3))"),
        ("x[1:][0].T", ".T(x[](x[](x, a:(1)), 0))"), ("sum(A, axis=0)", "sum(A, axis=(0))"),
        ("x [ 0 ] .T", ".T(x[](x, 0))"),
        ("f(1:, :)", "f(a:(1), :())"),
        # names: NFKC, letters of any script
        ("α", "α"), ("ｘ", "x"), ("ﬁ", "fi"), ("x\u0301", "x\u0301"), ("e\u0301", "é"), ("变量", "变量"), ("一", "一"),
        ("µ", "μ"), ("ℯ", "e"), ("Ω", "Ω"), ("ａｂｓ(x)", "abs(x)"), ("x٣", "x٣"),
        # white space
        (" x\t+\u00a0y ", "+(x, y)"), ("x\r", "x"), ("\ufeffx", "x"), ("sin(x,\n y)", "sin(x, y)"),
        ("(x\n\n+\r\ny)", "+(x, y)"),
        ("(x # one\n + y) # two", "+(x, y)"), ("x # (", "x"), ("x#", "x"),
    ],
)  # fmt: skip
def test_reads(text, tree):
    assert shape(text) == tree


@pytest.mark.parametrize(
    ("text", "names", "result"),
    [
        ("u = x; u*u", ["u"], "*(u, u)"),
        ("u=x;w=u;w", ["u", "w"], "w"),
        ("u = x\nu*u", ["u"], "*(u, u)"),
        ("u = x\r\nu*u\r\n", ["u"], "*(u, u)"),
        ("\ufeff# title\r\n\r\nu = x # why\r\n\r\n;;\r\nu*u;\r\n # end", ["u"], "*(u, u)"),
        (";\n; x ;\n;", [], "x"),
        ("u = max(1,\n2)\nu", ["u"], "u"),
        ("ｕ = 1; u", ["u"], "u"),
        ("v1 = x*w; v2 = sin(v1); v2**2 + w", ["v1", "v2"], "+(**(v2, 2), w)"),
    ],
)
def test_reads_programs(text, names, result):
    formula = parse(text)
    assert [binding.name for binding in formula.bindings] == names
    assert shape(text) == result


@pytest.mark.parametrize(
    "text",
    [
        "1/2x", "x^2y", "x**2y", "x%2y", "x^-2y", "x/-2y", "1/2(x)", "2pi r", "x y", "(x)(y)", "x(y)z", "1,000", "0x10",
        "1e400", "00", "01", "0_1", "1_", "1__0", "_1.5", "1.2.3", "x..y", "5 5", "sin x", "x₁", "½", "２", "٣",
        "ｉｆ", "x, y", "(x, y)", "max(,x)", "max(x,,y)", "max(,)", "()", "", " ", ";", "\n", "#", "x+", "+", "x**",
        "x//y",
        "x***y", "x<>y", "x=<y", "x=>y", "!x", "|x", "|x||y|", "n!!", "x²y",
            "√x^2", "x&y", "x|y", "~x", "x?y:z", "x:=1", "x=1=2; x", "2x=1; x",
        "x==", "x if y", "x if y<1", "x if y<1 else", "if x: y", "x else y", "and", "not", "not = 1; 2", "pi = 1; 2",
        "e=1;e", "u=1;u=2;u", "u=1", "u=1;", "x;y", "x\ny", "x +\ny", "u =\nx; u", "(x;y)", "(x", "x)", "((x)",
        "[x", "x]", "[x)", "(x]", "[]", "x[]", "x[,]", "[,]", "[1:2]", "(1:2)", "x.t", "x.T.t", "x[1:2:3:4]", "@x",
        "x@", "x@@y", "[a=1]", "x[a=1]", "x[0", "x[0 1]", "[1 2]", "x.T y", "x[0] y",
        "'x'", '"x"', "$x", "`x`", "\\x", "{x}", "x\0", "\ud800", "x\u200by", "x\u202ey", "x += 1",
        "lambda x: x",
        "f(x==)", "x - -", "1 <", "< 1", "x < < y", "x not y", "x in y" , "x is y", "x.y", "x.5", "1.x.y", "2 (x) 3",
    ],
)  # fmt: skip
def test_refuses(text):
    with pytest.raises(ParseError) as caught:
        parse(text)
    error = caught.value
    message = str(error)
    assert message[0] in "'_" or message[0].islower()
    if error.span is not None:
        assert 0 <= error.span[0] <= len(text)
        assert error.column is not None
        assert "column" in message
        assert message.splitlines()[2].strip(" …").strip("^") == ""
    else:
        assert "empty" in message
    assert ": " in message.splitlines()[0], "no word on how to mend it"


def test_the_readings_of_an_implicit_product_are_shown_whole():
    for text, readings in {
        "1/2x": "1/(2*x) or (1/2)*x",
        "x^2y": "x^(2*y) or x^2*y",
        "a*b / 3(c+1)": "a*b /(3*(c+1)) or (a*b / 3)*(c+1)",
        "x**-2y": "x**(-2*y) or x**-2*y",
    }.items():
        with pytest.raises(ParseError) as caught:
            parse(text)
        assert readings in str(caught.value)
        for reading in readings.split(" or "):
            parse(reading)


@given(programs())
@settings(max_examples=examples(80))
def test_every_span_is_the_text_of_its_node(text):
    formula = parse(text)
    for root in [binding.node for binding in formula.bindings] + [formula.result]:
        for node in nodes(root):
            piece = formula.text[node.start : node.stop]
            assert piece == piece.strip()
            again = parse(piece if "\n" not in piece else f"({piece})").result
            assert same(again, node) or (isinstance(node, Call) and " " in node.function), piece
            if isinstance(node, Call):
                assert node.start <= node.head[0] < node.head[1] <= node.stop


@given(expressions())
@settings(max_examples=examples(80))
def test_names_keep_their_places(text):
    for node in nodes(parse(text).result):
        if isinstance(node, Name):
            assert text[node.start : node.stop] == node.name


def test_deeper_than_anyone_writes(monkeypatch):
    monkeypatch.setattr("adcli.language.parser.MAX_STACK", 1000)
    assert parse("(" * 900 + "x" + ")" * 900) == parse("x")
    for text in ("(" * 2000 + "x" + ")" * 2000, "-" * 2000 + "x", "sin(" * 1000):
        with pytest.raises(ParseError, match="nested too deeply"):
            parse(text)


def test_a_byte_order_mark_moves_no_column():
    with pytest.raises(ParseError) as caught:
        parse("\ufeffx+")
    assert caught.value.column == 3


@pytest.mark.parametrize("value", [None, 3, b"x", ["x"]])
def test_anything_but_a_text_is_refused(value):
    with pytest.raises(RequestError, match=f"the expression has the type {type(value).__name__}: give a str"):
        parse(value)
