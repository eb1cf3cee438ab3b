"""How much of a derivative goes along each arrow, and how that is drawn.

The expected numbers come from mpmath with 50 digits.
"""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import mpmath
import pytest

import adcli
from adcli.draw.build import Detail, picture_of
from adcli.draw.dot import box_lines, edge_text, to_dot
from adcli.draw.flow import DARK, LIGHT, THICKEST, THINNEST, Palette, colour_of, flow_of, largest, width_of
from adcli.draw.legend import legend_rows
from adcli.draw.mermaid import to_mermaid
from adcli.draw.picture import Edge, Flow, Measure, Node, Picture, Style, repeat_leaves
from adcli.draw.render import draw
from adcli.draw.summary import summarize
from adcli.formula.lowered import Lowerings
from adcli.formula.view import view_formula

SVG = "{http://www.w3.org/2000/svg}"


def pictured(text: str, measure: Measure | None = "relative", of: str | None = None, **point: object) -> Picture:
    """Return the picture of a formula at a point."""
    f = adcli.compile(text)
    view = view_formula(Lowerings(f.formula), point or None, f.variables, False)  # type: ignore[arg-type]
    return picture_of(view, Detail(which=view.result_index(of), measure=measure))


FORMULAS = {
    "S*erfc(-log(S/K))/2 - K*exp(-r)": (lambda S, K, r: S * mpmath.erfc(-mpmath.log(S / K)) / 2 - K * mpmath.exp(-r)),
    "sin(x**2)*cos(y) - x/y": lambda x, y: mpmath.sin(x**2) * mpmath.cos(y) - x / y,
    "exp(-E/(8.314*T))*A": lambda E, T, A: mpmath.exp(-E / (mpmath.mpf(8.314) * T)) * A,
}
POINTS = {"S": 100.0, "K": 105.0, "r": 0.25, "x": 1.5, "y": -0.75, "E": 5e4, "T": 320.0, "A": 1e7}


@pytest.mark.parametrize("text", FORMULAS)
def test_the_terms_of_an_input_add_up_to_its_derivative(text: str) -> None:
    names = adcli.compile(text).variables
    point = {name: POINTS[name] for name in names}
    absolute, relative = pictured(text, "absolute", **point), pictured(text, **point)
    with mpmath.workdps(50):
        for position, name in enumerate(names):
            order = tuple(int(i == position) for i in range(len(names)))
            slope = mpmath.diff(FORMULAS[text], tuple(map(mpmath.mpf, point.values())), order)
            [key] = [node.key for node in absolute.nodes if node.title == name]
            for picture, factor in ((absolute, 1.0), (relative, abs(point[name]))):
                flows = [edge.flow.net for edge in picture.edges if edge.source == key and edge.flow]
                expected = float(slope * factor)
                scale = max([abs(flow) for flow in flows])
                assert abs(sum(flows) - expected) <= 32 * math.ulp(scale)


def test_the_width_grows_with_the_flow_and_the_sign_chooses_the_colour() -> None:
    sizes = [0.0, 1e-9, 0.01, 0.5, 1.0, 7.0, 10.0]
    for palette, dark in ((LIGHT, False), (DARK, True)):
        widths = [width_of(Flow(size, size), 10.0) for size in sizes]
        assert widths == sorted(widths)
        assert (widths[0], widths[-1]) == (THINNEST, THICKEST)
        assert colour_of(Flow(10.0, 10.0), 10.0, dark) == palette.rise
        assert colour_of(Flow(10.0, -10.0), 10.0, dark) == palette.fall
        assert colour_of(Flow(10.0, 0.0), 10.0, dark) == colour_of(Flow(0.0, 0.0), 10.0, dark) == palette.neutral


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("palette", "ground"), [(LIGHT, "#ffffff"), (DARK, "#16181d")])
def test_colours_stand_out_from_the_ground_and_differ_in_grey(palette: Palette, ground: str) -> None:
    def contrast(one: str, other: str) -> float:
        dark, light = sorted([luminance(one), luminance(other)])
        return (light + 0.05) / (dark + 0.05)

    assert min(contrast(palette.rise, ground), contrast(palette.fall, ground)) > 2.9
    assert contrast(palette.rise, palette.fall) > 2.0


@pytest.mark.parametrize("value", [0.0, 2.0, math.inf])
@pytest.mark.parametrize("term", [0.0, -1.0, math.inf, -math.inf, math.nan])
def test_every_flow_is_drawn(term: float, value: float) -> None:
    for measure in ("relative", "absolute"):
        flow = flow_of(term, value, measure)
        assert THINNEST <= width_of(flow, 3.0) <= THICKEST
        assert width_of(flow, 0.0) >= THINNEST
        assert re.fullmatch("#[0-9a-f]{6}", colour_of(flow, 3.0, False))
        assert math.isnan(flow.size) == math.isnan(term)
        if math.isinf(term):
            assert width_of(flow, 3.0) == THICKEST
            assert colour_of(flow, 3.0, False) == (LIGHT.rise if term > 0 else LIGHT.fall)


def test_an_array_has_the_sum_of_its_elements() -> None:
    np = pytest.importorskip("numpy")
    flow = flow_of(np.array([1.0, -2.0, 0.0]), np.array([3.0, -1.0, np.inf]), "relative")
    assert flow == Flow(5.0, 1.0)
    assert flow_of(np.array([1.0, -2.0]), np.array([0.0, 0.0]), "absolute") == Flow(3.0, -1.0)


def test_nothing_flows_where_the_result_needs_nothing() -> None:
    picture = pictured("[x*y, x + y, x/y]", of="f2", x=2.0, y=3.0)
    flows = {(edge.source, picture.results.index(edge.target)): edge.flow for edge in picture.edges}
    assert [flow.size > 0 for (_, result), flow in flows.items() if flow] == [result == 1 for _, result in flows]
    assert all(edge.flow is None for edge in pictured("[x*y, x + y]", x=2.0, y=3.0).edges)
    assert all(edge.flow is None for edge in pictured("x*y").edges)
    assert all(edge.flow is None for edge in pictured("x*y", None, x=2.0, y=3.0).edges)


def test_values_show_the_flow_of_their_own_adjoints() -> None:
    x, y = adcli.Value(3.0, label="x"), adcli.Value(-2.0, label="y")
    z = x * y + x
    assert all(edge.flow is None for edge in z.picture().edges)
    z.backward()
    assert [edge.flow for edge in z.picture().edges] == [
        Flow(6.0, -6.0),
        Flow(6.0, 6.0),
        Flow(6.0, 6.0),
        Flow(3.0, 3.0),
    ]


def test_a_shared_value_shows_what_each_use_adds() -> None:
    picture = pictured("x*y + sin(x)", x=2.0, y=-3.0)
    shown = [edge_text(edge, edge.source in picture.shared) for edge in picture.edges]
    assert shown == ["-3", "", "-0.416147", "", ""]
    used_often = repeat_leaves(pictured("x + 2*x + x^2 + sin(x) + (5 if x > 1 else 6)", x=2.0))
    copies = [node for node in used_often.nodes if node.kind == "input"]
    assert sorted(node.share or "" for node in copies) == ["-0.416147", "0", "1", "2", "4"]
    assert "this use adds 4" in [line for node in copies for line in box_lines(node, 40)]
    assert all(edge.term is None for edge in used_often.edges if edge.source in {node.key for node in copies})


def test_a_summary_adds_the_flows_up() -> None:
    nodes = [Node(0, "input", "x"), Node(1, "operation", "sin"), Node(2, "operation", "cos"), Node(3, "result", "+")]
    flows = [Flow(2.0, 2.0), Flow(3.0, -3.0), Flow(1.0, 1.0), Flow(1.0, 1.0)]
    edges = [Edge(0, 1, flow=flows[0]), Edge(0, 2, flow=flows[1]), Edge(1, 3, flow=flows[2]), Edge(2, 3, flow=flows[3])]
    [edge] = summarize(Picture(nodes, edges, "", "relative"), 2).edges
    assert edge.flow == Flow(5.0, -1.0)


def test_files_have_the_widths_and_colours() -> None:
    picture = pictured("a*1000 - b", a=1.0, b=1.0)
    [wide] = [edge for edge in picture.edges if edge.flow == Flow(largest(picture.edges), 1000.0)][:1]
    assert f'n{wide.source} -> n{wide.target} [color="{LIGHT.rise}" penwidth=6]' in to_dot(picture)
    assert f'color="{DARK.rise}" penwidth=6]' in to_dot(picture, Style(dark=True))
    assert f"linkStyle 0 stroke:{LIGHT.rise},stroke-width:6px" in to_mermaid(picture)
    assert "penwidth=6" not in to_dot(pictured("a*1000 - b", None, a=1.0, b=1.0))


def test_the_legend_says_what_is_there_and_is_drawn_as_text() -> None:
    picture = pictured("v = x*w; where(v > 0, v, x)", x=2.0, w=3.0)
    rows = "\n".join(text for _, text in legend_rows(picture))
    for words in (
        "value",
        "adjoint: the derivative of f",
        "f rises",
        "f falls",
        "by 1 %",
        "the widest: 0.06",
        "dashed",
    ):
        assert words in rows
    assert "kink" not in rows
    assert "thick outline: kink" in "\n".join(text for _, text in legend_rows(pictured("abs(x)", x=0.0)))
    assert "the derivative of v2 by" in legend_rows(pictured("x*x*f", x=1.0, f=2.0))[0][1]
    assert "the widest: 0.01 or inf" in "\n".join(
        text for _, text in legend_rows(pictured("sqrt(y) + x", x=1.0, y=0.0))
    )
    assert "from the same box" in "\n".join(text for _, text in legend_rows(pictured("x*2", "absolute", x=2.0)))
    long = pictured(f"{'n' * 300} = x*2; {'n' * 300}", x=1.0)
    assert "of nnn" in (shown := to_dot(long._replace(title=""), Style(legend=True)))
    assert "n" * 33 not in shown[: shown.index("tooltip")]
    hostile = picture._replace(title='<B>&lt;"x"</B> < 1', of="<f>")
    root = ElementTree.fromstring(draw(hostile, "svg", style=Style(legend=True)))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert hostile.title in texts
    assert any("<f> rises" in (text or "") for text in texts)
