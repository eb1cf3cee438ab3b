"""What a notebook shows of the objects of the library: formulas, pictures and tables, safe to put in a page."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import adcli
from adcli import Value
from adcli.draw import show
from adcli.errors import RequestError, ShapeError, UnknownNameError


def parse_page(html: str) -> ElementTree.Element:
    """Return the elements of a part of a page, which must be well-formed."""
    return ElementTree.fromstring(f"<div>{html}</div>")


def cells(table: ElementTree.Element) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


# ---------------------------------------------------------------- formulas


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("x**2/sqrt(alpha)", r"\frac{x^{2}}{\sqrt{\alpha}}"),
        ("u = x**2; sin(u)*y", r"\begin{aligned} u &= x^{2} \\ & \sin\left(u\right) y \end{aligned}"),
        ("area = a*b; area", r"\mathrm{area} = a b"),
        ("p = a*b; q = p^2; q", r"\begin{aligned} p &= a b \\ q &= p^{2} \end{aligned}"),
        (
            "u = x*y; [u, u + 1]",
            r"\begin{aligned} u &= x y \\ & \begin{pmatrix} u \\ u + 1 \end{pmatrix} \end{aligned}",
        ),
        ("pi*r_max^2", r"\pi r_{\mathrm{max}}^{2}"),
        ("(A + A.T) @ x", r"\left(A + A^{\top}\right) x"),
    ],
)
def test_formulas(text: str, latex: str) -> None:
    f = adcli.compile(text)
    assert f.latex() == latex
    assert f._repr_latex_() == rf"$\displaystyle {latex}$"


def test_a_formula_and_its_derivative_are_those_of_the_commands() -> None:
    from tests.cli.conftest import run_command

    text = "exp(-x**2/2)/sqrt(tau)"
    printed = run_command(["diff", text, "--format", "latex"]).out
    assert adcli.compile(text).diff("x").latex() == printed.rstrip("\n")


def test_ranks_of_variables() -> None:
    assert adcli.compile("a @ b").latex(ranks={"a": 2, "b": 1}) == "a b"
    f = adcli.compile("a*b")
    assert f.latex(ranks={"a": 1, "b": 0}) == "b a"
    for ranks, problem in (({"a": 3}, "a has no rank '3'"), ({"a": "vector"}, "rank 'vector'"), ({"c": 1}, "'c'")):
        with pytest.raises((RequestError, UnknownNameError), match=problem):
            f.latex(ranks=ranks)  # type: ignore[arg-type]
        with pytest.raises((RequestError, UnknownNameError), match=problem):
            f.diff("a", ranks=ranks)  # type: ignore[arg-type]


def test_formulas_without_notation_are_shown_as_text() -> None:
    f = adcli.compile("x[0]*y")
    assert f._repr_latex_() is None
    with pytest.raises(RequestError, match="no matrix notation"):
        f.latex()
    assert adcli.compile("+".join(["x*y"] * 1000))._repr_latex_() is None  # nothing long is typeset unasked
    assert adcli.compile("sum(sin(x*i), i=1..500)")._repr_latex_() is None


# ---------------------------------------------------------------- traces


def test_a_trace_prints_what_the_command_prints() -> None:
    from tests.cli.conftest import run_command

    f = adcli.compile("u = x**2; [sin(u)*y, u*y]")
    for options, words in (
        ({}, []),
        ({"mode": "forward", "digits": 4}, ["--mode", "forward", "--digits", "4"]),
        ({"of": "f2", "wrt": "x"}, ["--of", "f2", "--wrt", "x"]),
    ):
        expected = run_command(["trace", str(f), "x=2", "y=3", *words]).out
        assert f"{f.trace(2.0, 3.0, **options)!r}\n" == expected
        assert f.trace({"x": 2.0, "y": 3.0}, **options).text() == expected


def test_a_trace_as_a_page() -> None:
    page = parse_page(adcli.compile("where(x < 3, x*y, 0)").trace(x=2.0, y=3.0)._repr_html_())
    tables = list(page.iter("table"))
    assert ["".join(table[0].itertext()) for table in tables] == ["forward pass", "backward pass", "gradient"]
    assert ["v1", "x < 3", "true"] in cells(tables[0])
    assert cells(tables[2])[1:] == [["∂f/∂x", "3.0"], ["∂f/∂y", "2.0"]]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"mode": "back"}, "there is no mode 'back'"),
        ({"mode": None}, "there is no mode 'None'"),
        ({"digits": 0}, "digits=0: give 1 to 17"),
        ({"digits": True}, "digits is an option of trace and is given a bool"),
        ({"of": "f2"}, "of names 'f2'"),
        ({"of": "f", "mode": "forward"}, "of is for the backward pass"),
        ({"wrt": 1.0}, "wrt is an option of trace"),
        ({"wrt": "z"}, "there is no variable 'z'"),
    ],
)
def test_wrong_options_of_a_trace(options: dict[str, object], problem: str) -> None:
    with pytest.raises((RequestError, UnknownNameError), match=problem):
        adcli.compile("x*y").trace(2.0, 3.0, **options)  # type: ignore[call-overload, arg-type]


def test_a_trace_starts_from_numbers() -> None:
    with pytest.raises(ShapeError, match="goes back from a number"):
        adcli.compile("2*x").trace(x=[1.0, 2.0])


# ---------------------------------------------------------------- Values and programs


def test_a_value_is_shown_as_its_graph() -> None:
    x, y = Value(2.0, label="x<y&z"), Value([1.0, 3.0], label="y")
    loss = adcli.sum(x * y)
    loss.backward()
    drawn = loss._repr_svg_()
    assert drawn is not None
    texts = {text for text in ElementTree.fromstring(drawn.encode()).itertext() if text.strip()}
    assert {"x<y&z", "y"} <= {text.strip() for text in texts}
    assert x._repr_svg_() is None  # a leaf is shown as text


def test_what_is_too_large_is_shown_as_text() -> None:
    x = Value(0.5)
    y = x
    for _ in range(show.MAX_SHOWN_BOXES):
        y = y.sin()
    assert y._repr_svg_() is None
    page = adcli.program(y)._repr_html_()
    assert "<svg" not in page
    assert len(cells(parse_page(page))) < 50


def test_without_graphviz_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adcli.draw.render.layout_commands", lambda *_: iter(()))
    assert (Value(2.0) * 3.0)._repr_svg_() is None
    assert "<svg" not in adcli.program("x*y", x=2.0, y=3.0)._repr_html_()


def test_a_program_is_shown_as_its_statements_and_its_graph() -> None:
    program = adcli.program("u = x*w; exp(u) + sin(u)", x=1.0, w=0.0)
    program.forward(w=2.0)
    page = parse_page(program._repr_html_())
    assert cells(page)[1:] == [
        ["x", "", "1"], ["w", "", "2"], ["u", "x*w", "2"], ["v1", "exp(u)", "7.38906"], ["v2", "sin(u)", "0.909297"],
        ["f", "v1 + v2", "8.29835"],
    ]  # fmt: skip
    assert page[0][0].tag == "table"
    assert any(each.tag.endswith("svg") for each in page.iter())
    arrays = adcli.program(lambda A, x: x @ A @ x, np.eye(2), np.arange(2.0))
    assert ["A", "", "[[1, 0], [0, 1]]"] in cells(parse_page(arrays._repr_html_()))
    escaped = adcli.program(Value(1.0, label="<b>&") * 2.0)._repr_html_()
    assert "<b>" not in escaped
    assert ["<b>&", "", "1"] in cells(parse_page(escaped))


def test_infinite_derivatives_are_shown_without_a_warning() -> None:
    x = Value([0.0, 1.0], label="x")
    logs = x.log().sum()
    logs.backward()
    assert logs._repr_svg_() is not None
    assert "-inf" in adcli.program(lambda x: adcli.sum(adcli.log(x)), np.zeros(3))._repr_html_()


def test_a_program_without_a_value_is_shown_as_text() -> None:
    program = adcli.program(lambda A: adcli.logdet(A), np.eye(2))
    program.inputs["A"] = np.zeros((2, 2))
    assert program._repr_html_() is None


# ---------------------------------------------------------------- columns


def test_columns_are_a_dict_that_is_shown_as_a_table() -> None:
    columns = adcli.compile("x**2*y").columns("hessian", x=np.arange(100.0), y=-0.0)
    assert isinstance(columns, dict)
    table = cells(parse_page(columns._repr_html_()))  # type: ignore[attr-defined]
    assert table[0] == ["", "f", "df_dx", "df_dy", "d2f_dx2", "d2f_dxdy", "d2f_dy2"]
    assert [row[0] for row in table[1:]] == ["0", "1", "2", "3", "4", "…", "95", "96", "97", "98", "99"]
    assert table[-1][3] == "9801"
    assert "-0" not in table[1]
    assert "100 rows × 6 columns" in columns._repr_html_()  # type: ignore[attr-defined]


def test_columns_of_other_shapes() -> None:
    f = adcli.compile("x*y")
    grid = f.columns("value", x=np.arange(2.0)[:, None], y=np.arange(3.0))
    assert cells(parse_page(grid._repr_html_()))[-1] == ["1, 2", "2"]  # type: ignore[attr-defined]
    for x, rows in (([], 1), (2.0, 2)):
        point = f.columns("value", x=x, y=3.0)
        assert len(cells(parse_page(point._repr_html_()))) == rows  # type: ignore[attr-defined]


def test_columns_that_a_user_adds() -> None:
    columns = adcli.compile("x*y").columns("value", x=[1.0, 2.0], y=3.0)
    columns["name"], columns["count"] = np.array(["a<b", "c"]), [3, 4]  # type: ignore[assignment]
    assert cells(parse_page(columns._repr_html_()))[1:] == [["0", "3", "a<b", "3"], ["1", "6", "c", "4"]]  # type: ignore[attr-defined]
    columns["mean"] = 4.5  # type: ignore[assignment]
    assert columns._repr_html_() is None  # type: ignore[attr-defined]


# ---------------------------------------------------------------- plots

DECAY = adcli.compile("A*exp(-k*t)")


def test_a_plot_is_shown_and_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot = DECAY.plot(t=(0, 8), A=2, k=[0.5, 1.0], data=([0, 1, 2], [2.0, 1.3, 0.7]), order=0, ylim=(0, None))
    words = {text.strip() for text in ElementTree.fromstring(plot._repr_svg_().encode()).itertext()}
    assert {"k = 0.5", "k = 1", "data", "with A = 2"} <= words
    assert repr(plot).startswith("<Plot of t from 0 to 8; f from ")
    path = DECAY.plot(str(tmp_path / "decay"), {"t": (0.1, 8.0), "A": 2.0, "k": 1.0}, log="xy", size=(4, 3), dark=True)
    assert path == tmp_path / "decay.svg"
    assert path.read_bytes().startswith(b"<?xml")


def test_a_plot_of_arrays() -> None:
    plot = adcli.compile("sum(a*x)").plot(x=(0, 1), a=[1.0, 2.0])
    assert "f from 0 to 3" in repr(plot)
    with pytest.warns(UserWarning, match="f is not positive for some x"):
        adcli.compile("x - 1").plot(x=(0, 3), log="y")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"t": 1.0}, "no variable has a range: give one variable the tuple"),
        ({"A": (0, 1)}, "t, A have ranges"),
        ({"t": (1, 0)}, "the start must be below the stop"),
        ({"t": (0, float("inf"))}, "both finite"),
        ({"k": None}, "no value for k"),
        ({"A": [[1.0]]}, "A has the shape"),
        ({"A": range(99)}, "there are 99 curves"),
        ({"order": 3}, "order=3"),
        ({"order": 1.0}, "order is an option of plot"),
        ({"log": "z"}, "there are no axes 'z'"),
        ({"log": "x"}, "a logarithmic axis needs a range above 0"),
        ({"ylim": (1, 0)}, "ylim=.1, 0.: the first end"),
        ({"ylim": (1,)}, "give two ends"),
        ({"log": "y", "ylim": (-1, 2)}, "needs ends above 0"),
        ({"size": (0, 3)}, "size=.0, 3.: give a width"),
        ({"data": ([1.0], [1.0, 2.0])}, "the points have the shapes"),
        ({"data": ("a", "b")}, "not a pair of arrays"),
    ],
)
def test_wrong_arguments_of_a_plot(arguments: dict[str, object], problem: str) -> None:
    with pytest.raises(adcli.AdcliError, match=problem):
        DECAY.plot(**{"t": (0, 1), "A": 1.0, "k": 1.0, **arguments})  # type: ignore[arg-type]


def test_a_plot_has_no_other_formats() -> None:
    with pytest.raises(RequestError, match="no plot format 'gif'"):
        DECAY.plot("decay.gif", t=(0, 1), A=1.0, k=1.0)


# ---------------------------------------------------------------- micrograd's draw_dot


def test_a_copy_of_draw_dot() -> None:
    """The function is that of micrograd's notebook, unchanged."""
    from graphviz import Digraph

    def trace(root):  # type: ignore[no-untyped-def]
        nodes, edges = set(), set()

        def build(v):  # type: ignore[no-untyped-def]
            if v not in nodes:
                nodes.add(v)
                for child in v._prev:
                    edges.add((child, v))
                    build(child)

        build(root)
        return nodes, edges

    def draw_dot(root, format="svg", rankdir="LR"):  # type: ignore[no-untyped-def]
        assert rankdir in ["LR", "TB"]
        nodes, edges = trace(root)
        dot = Digraph(format=format, graph_attr={"rankdir": rankdir})

        for n in nodes:
            dot.node(name=str(id(n)), label="{ data %.4f | grad %.4f }" % (n.data, n.grad), shape="record")  # noqa: UP031
            if n._op:
                dot.node(name=str(id(n)) + n._op, label=n._op)
                dot.edge(str(id(n)) + n._op, str(id(n)))

        for n1, n2 in edges:
            dot.edge(str(id(n1)), str(id(n2)) + n2._op)

        return dot

    x = Value(1.0, label="x")
    y = (x * 2 + 1).relu() + adcli.where(x > 0, x, 0.0)
    y.backward()
    source = draw_dot(y).source
    assert source.count("data") == 6
    assert '"{ data 1.0000 | grad 3.0000 }"' in source
    assert {'[label="+"]', '[label="*"]', "[label=relu]", "[label=where]"} <= set(source.split())
