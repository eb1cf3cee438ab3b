"""What a plot shows: its curves, axes, labels, points and notes, and that texts are drawn as they are."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import mpmath
import numpy as np
import pytest

import adcli
from adcli.draw.axis import Axis
from adcli.draw.chart import Chart
from adcli.draw.chart_builder import DISTINCT
from adcli.draw.chart_figure import draw_chart
from adcli.draw.chart_text import chart_text
from adcli.draw.limits import find_limits
from adcli.draw.line_breaks import wrap_formula
from adcli.errors import RequestError
from adcli.formula.lowered import Lowerings
from adcli.formula.plotting import Measured, plot_formula

AXIS = Axis("x", 0.0, 3.0, points=61)


def chart_of(text, axis=AXIS, fixed=None, families=None, **options) -> Chart:
    return plot_formula(Lowerings(adcli.parse(text)), axis, fixed or {}, families or {}, **options)


def labels(chart: Chart) -> list[str]:
    return [look.label for look in chart.looks]


def test_each_result_and_each_member_of_a_family_is_a_curve():
    chart = chart_of("s = a*sin(x); [s, cos(x) + y, x^2]", fixed={"y": 3.0}, families={"a": [1.0, 2.5]})
    assert labels(chart) == ["s, a = 1", "s, a = 2.5", "f2 = cos(x) + y", "f3 = x^2"]
    assert [panel.label for panel in chart.panels] == ["s, f2, f3", "ds/dx, df2/dx, df3/dx"]
    assert chart.fixed == ["y = 3"]
    looks = [(look.colour, look.dash) for look in chart.looks]
    assert len(set(looks)) == 4
    alone = chart_of("a*x", families={"a": [2.0]})
    assert (labels(alone), alone.fixed) == ([], ["a = 2"])


def test_numbers_of_captions_and_families_are_short():
    family = [3000 + 3000 * number / 11 for number in range(12)]
    chart = chart_of("A*exp(-k*x/T)", fixed={"A": 5.5e15, "k": 1e-7}, families={"T": family})
    assert chart.fixed == ["A = 5.5e15", "k = 1e-7"]
    assert labels(chart)[:3] == ["T = 3000", "T = 3273", "T = 3545"]
    near = chart_of("a*x", families={"a": [1 / 3, 1 / 3 + 1e-9]})
    assert labels(near) == ["a = 0.33333333333", "a = 0.33333333433"]
    assert labels(chart_of("a*x", families={"a": [0.125, 1 / 3]})) == ["a = 0.125", "a = 0.333"]


@pytest.mark.parametrize(("results", "members"), [(24, 1), (12, 2), (8, 3), (3, 7), (3, 8), (1, 7), (1, 24)])
def test_no_two_curves_look_the_same(results, members):
    text = f"[{', '.join(f'{number}*a*x' for number in range(1, results + 1))}]"
    chart = chart_of(text, Axis("x", 0.0, 3.0, points=10), families={"a": [float(a) for a in range(members)]}, order=0)
    looks = {(look.colour % DISTINCT, look.dash % DISTINCT, look.part) for look in chart.looks}
    assert len(looks) == max(results * members, 1)


def test_elements_of_an_array_are_curves():
    chart = chart_of("A @ [x, x^2]", fixed={"A": np.array([[1.0, 2.0], [3.0, 4.0]])}, order=2)
    assert labels(chart) == ["f[0]", "f[1]"]
    assert chart.fixed == ["A = [[1, 2], [3, 4]]"]
    x = chart.panels[0].lines[0].x
    for panel, expected in zip(chart.panels, ([3 * x + 4 * x**2], [3 + 8 * x], [8 + 0 * x]), strict=True):
        np.testing.assert_allclose(panel.lines[1].y, expected[0], rtol=4e-16)


def test_a_matrix_that_is_singular_at_one_point_has_a_pole_there():
    chart = chart_of("inv([[x - 1, 0], [0, 1]])[0, 0]")
    assert chart.panels[0].lines[0].breaks == pytest.approx([1.0])
    with pytest.raises(RequestError, match="no finite value"):
        chart_of("inv([[0*x, 0], [0, 1]])", Axis("x", 0.0, 3.0, points=10))


def test_values_and_derivatives_over_a_logarithmic_axis():
    chart = chart_of("exp(-x)*x^3", Axis("x", 1e-3, 1e2, log=True, points=41), order=2)
    with mpmath.workdps(50):
        for order, panel in enumerate(chart.panels):
            line = panel.lines[0]
            exact = [mpmath.diff(lambda t: mpmath.exp(-t) * t**3, mpmath.mpf(float(x)), order) for x in line.x]
            size = max(abs(float(y)) for y in exact)
            np.testing.assert_allclose(line.y, [float(y) for y in exact], rtol=1e-13, atol=1e-16 * size)
    ratio = chart.panels[0].lines[0].x[1:] / chart.panels[0].lines[0].x[:-1]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)


@pytest.mark.parametrize("log", [False, True])
def test_poles_and_kinks_are_found_on_both_scales(log):
    axis = Axis("x", 0.01, 100.0, log=log, points=301)
    chart = chart_of("1/(x - 3.21) + abs(log(x/40))", axis)
    [line] = chart.panels[0].lines
    assert line.breaks == pytest.approx([3.21])
    assert [x for x, _ in line.kinks] == pytest.approx([40.0])
    joined = np.isfinite(line.y[:-1]) & np.isfinite(line.y[1:])
    assert not (joined & (line.x[:-1] < 3.21) & (line.x[1:] > 3.21)).any()


def test_a_curve_reaches_the_end_of_its_domain_and_a_constant_piece_has_no_jump():
    [line] = chart_of("sqrt(x^2 - 2)").panels[0].lines
    first = int(np.flatnonzero(np.isfinite(line.y))[0])
    assert line.x[first] == pytest.approx(2**0.5, rel=1e-15)
    assert line.y[first] < 1e-7
    chart = chart_of("max(x - 1, 0)", order=2)
    assert [(line.breaks, line.kinks) for line in chart.panels[0].lines] == [([], [(1.0, 0.0)])]
    [line] = chart_of("(x - 1)*abs(x - 1)", order=2).panels[1].lines
    assert [x for x, _ in line.kinks] == pytest.approx([1.0])
    [line] = chart_of("exp(x)/exp(x) + sqrt((x - 1.5)^2)", order=2).panels[0].lines
    assert line.kinks == [(1.5, 1.0)]  # the derivative is nan there, and its rounding is no kink


def test_a_logarithmic_axis_leaves_out_what_is_not_positive_with_a_note():
    chart = chart_of("x - 1", log_y=True)
    assert chart.notes == ["f is not positive for some x from 0 to 1, which the plot leaves out"]
    assert np.nanmin(chart.panels[0].lines[0].y) > 0
    assert chart_of("x", log_y=True).notes == ["f is not positive at x = 0, which the plot leaves out"]
    family = chart_of("x - a", families={"a": [-1.0, 1.0, 2.0]}, log_y=True)
    assert family.notes == ["2 of 3 curves are not positive for some x from 0 to 2, which the plot leaves out"]
    falling = chart_of("exp(-x)", log_y=True, order=2)
    assert [(panel.label, panel.log) for panel in falling.panels] == [("f", True), ("-df/dx", True), ("d2f/dx2", True)]
    assert [panel.log for panel in chart_of("2 + sin(3*x)", log_y=True).panels] == [True, False]
    with pytest.raises(RequestError, match="no value is positive"):
        chart_of("-exp(x)", log_y=True)


def test_measured_points_belong_to_results():
    x = np.array([-1.0, 1.0, 2.0])
    chart = chart_of("[x, 2*x]", measured=Measured("m.csv", x, {"f2": np.array([9.0, 2.1, np.nan])}))
    [points] = chart.panels[0].points
    assert (points.label, points.colour) == ("m.csv", 1)
    np.testing.assert_array_equal(points.y, [np.nan, 2.1, np.nan])  # the first is beside the axis
    assert chart.panels[1].points == []
    with pytest.raises(RequestError, match="no result 'g'"):
        chart_of("x", measured=Measured("m.csv", x, {"g": x}))


@pytest.mark.parametrize(
    ("text", "axis", "families", "message"),
    [
        ("a*x", Axis("x", 0.0, 1.0), {"a": [float(a) for a in range(25)]}, "25 curves, more than the 24"),
        ("broadcast_to(x, 30)", Axis("x", 0.0, 1.0), {}, "30 elements"),
        ("log(x)", Axis("x", -2.0, -1.0), {}, "no finite value for x from -2 to -1"),
        ("x", Axis("x", 1.0, 1.0), {}, "from 1 to 1: the start must be below the stop"),
        ("x", Axis("x", 0.0, 1.0, log=True), {}, "above 0"),
        ("x", Axis("x", -1e200, 1e200), {}, "too wide"),
        ("x", Axis("x", 1.0, 1.0 + 2**-50), {}, "too narrow"),
        ("1e200 + x", Axis("x", 0.0, 1.0), {}, "beyond 1e"),
    ],
)
def test_what_a_plot_cannot_show_is_refused(text, axis, families, message):
    with pytest.raises(adcli.AdcliError, match=message):
        chart_of(text, axis, {}, families)


def test_limits():
    y = np.array([0.0, 1.0, 2.0])
    assert find_limits([y], False) == pytest.approx((-0.1, 2.1))
    assert find_limits([y], False, given=(None, 9.0)) == pytest.approx((-0.1, 9.0))
    assert find_limits([y], False, given=(5.0, None)) == (5.0, 10.0)
    low, high = find_limits([np.append(np.linspace(0, 1, 99), 1e9)], True)
    assert high < 3
    for constant in (0.0, 3.0, -1e20):
        low, high = find_limits([np.full(3, constant)], False)
        assert low < constant < high
    for end, log in ((1e160, False), (1e300, True), (1e-310, True)):
        with pytest.raises(RequestError, match="cannot end at"):
            find_limits([y], False, log, (None, end))
    low, high = find_limits([np.full(3, 1e-280)], False, log=True)
    assert 0 < low < high


def test_titles_are_broken_at_operators():
    text = "amplitude*exp(-damping*t)*sin(omega*t + phase) + 1.5e-3*offset**2"
    for width in (20, 30, 45):
        lines = wrap_formula(text, width)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert max(map(len, lines)) <= width
        words = {"amplitude", "damping", "omega", "phase", "offset", "1.5e-3", "**2"}
        assert all(any(word in line for line in lines) for word in words)
    assert len(wrap_formula("x + " * 900 + "x", 20)) == 12
    assert wrap_formula("v" * 50, 20) == ["v" * 20, "v" * 20, "v" * 10]


HOSTILE = r"$\frac{1}{0}$ _a^b_ <script>&amp; ]]> --> ‮"


def test_texts_are_drawn_as_they_are():
    pytest.importorskip("matplotlib")
    chart = chart_of("_a*x", families={"_a": [1.0, 2.0]}, title=HOSTILE, x_label="$x_1$", y_label="$$")
    picture = draw_chart(chart, "svg")
    assert draw_chart(chart, "svg") == picture
    root = ElementTree.fromstring(picture)
    tags = [each.tag.rpartition("}")[2] for each in root.iter()]
    assert tags[:3] == ["svg", "title", "desc"]
    assert "script" not in tags
    assert b"http" not in picture.replace(b"http://www.w3.org/", b"")
    drawn = {"".join(each.itertext()) for each in root.iter() if each.tag.endswith("text")}
    assert {"$x_1$", "$$", "_a = 1", "_a = 2"} <= drawn
    assert any(r"$\frac{1}{0}$ _a^b_ <script>&amp; ]]> -->" in text for text in drawn)


def test_the_legend_of_many_points_is_not_wider_than_the_plot():
    pytest.importorskip("matplotlib")
    x = np.array([1.0, 2.0])
    text = f"[{', '.join(f'{number}*x' for number in range(1, 11))}]"
    chart = chart_of(text, order=0, measured=Measured("m.csv", x, {f"f{number}": x for number in range(1, 11)}))
    root = ElementTree.fromstring(draw_chart(chart, "svg"))
    names = [each for each in root.iter() if each.tag.endswith("text") and "".join(each.itertext()).startswith("m.csv")]
    places = [float(each.get("x")) for each in names]
    assert len(places) == 10
    assert 0 < min(places) < max(places) < float(root.get("viewBox").split()[2]) - 50


def test_long_names_stand_below_the_plot_and_long_labels_are_broken():
    pytest.importorskip("matplotlib")
    name = "temperature_of_the_surface"
    label = "Concentration of the dissolved substance in the tank (mol per cubic metre)"
    chart = chart_of(f"{name}*x", families={name: [300.0, 310.0, 320.0]}, y_label=label)
    root = ElementTree.fromstring(draw_chart(chart, "svg"))
    texts = ["".join(each.itertext()) for each in root.iter() if each.tag.endswith("text")]
    assert label not in texts
    assert "Concentration of the" in texts
    names = [each for each in root.iter() if each.tag.endswith("text") and "".join(each.itertext()).startswith(name)]
    height = float(root.get("viewBox").split()[3])
    assert all(float(each.get("y") or 0) > 0.8 * height for each in names if "= 3" in "".join(each.itertext()))


def test_numbers_of_a_small_plot_do_not_touch():
    pytest.importorskip("matplotlib")
    chart = chart_of("1e4*x", Axis("x", 0.0, 5e4), order=2)
    root = ElementTree.fromstring(draw_chart(chart, "svg", size=(3, 2)))
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", ElementTree.tostring(root, "unicode"))}
    assert max(sizes) <= 6
    numbers = [each for each in root.iter() if each.tag.endswith("text") and re.fullmatch(r"\d+", each.text or "")]
    across = sorted(float(each.get("x")) for each in numbers if "middle" in each.get("style"))
    assert len(across) >= 2
    assert min(np.diff(across)) > 0.64 * 6 * 5


def test_hundreds_of_decades_can_be_drawn():
    pytest.importorskip("matplotlib")
    chart = chart_of("x", Axis("x", 1e-240, 1e240, log=True), log_y=True)
    assert draw_chart(chart, "png", size=(2, 2)).startswith(b"\x89PNG")


def test_the_text_of_a_terminal_names_all_that_the_picture_names():
    pytest.importorskip("uniplot")
    measured = Measured("m.csv", np.array([1.0]), {"f": np.array([1.0])})
    chart = chart_of("a*x + y", fixed={"y": 3.0}, families={"a": [1.0, 2.0]}, measured=measured, x_label="time (s)")
    text = chart_text(chart, width=60, height=24)
    assert text.startswith("a*x + y\nwith y = 3\nf\n┌")
    assert "aa a = 1   bb a = 2" in text
    assert text.endswith("horizontal: x, time (s)\npoints: ● m.csv\n")
    assert 23 <= len(text.splitlines()) <= 24
    assert max(map(len, text.splitlines())) <= 60
    assert "\x1b[31m" in chart_text(chart, colour=True)


def test_the_signs_of_points_in_a_terminal_stand_over_the_lines():
    pytest.importorskip("uniplot")
    axis = Axis("x", 1.0, 1000.0, log=True)
    measured = Measured("m.csv", np.array([1.0, 31.7, 1000.0, 2e3]), {"f1": np.array([1.0, 99.0, 500.0, 7.0])})
    chart = chart_of("[0*x + 1, 999 + x]", axis, measured=measured, log_y=True, limits=(0.5, 2e3), order=0)
    for options in ({}, {"colour": True}):
        text = chart_text(chart, width=52, height=16, **options)
        rows = re.sub(r"\x1b\[[\d;]*m", "", text).split("\n")
        assert rows[-2] == "points: ● m.csv"
        places = [(number, match.start()) for number, row in enumerate(rows[:-2]) for match in re.finditer("●", row)]
        assert [column for _, column in sorted(places, reverse=True)] == [1, 21, 40]
    assert "points: # m.csv" in chart_text(chart, width=52, ascii_only=True)


def test_the_axes_of_a_terminal_have_short_numbers():
    pytest.importorskip("uniplot")
    text = chart_text(chart_of("k*x", Axis("x", 0.0, 2e-9), {"k": 1.38e-14}, order=0), width=60, height=14)
    assert "\nf, in units of 1e-24\n" in text
    assert "│ 20" in text
    assert text.endswith("1.5\nhorizontal: x, in units of 1e-9\n")
    text = chart_text(chart_of("k*(x^2 + 1)", fixed={"k": 1e20}, log_y=True, order=0), width=60)
    assert "\nf, logarithmic\n" in text
    assert "in units" not in text
    text = chart_text(chart_of("1e20*x"), width=60)
    assert "df/dx, in units of 1e18\n" in text
    assert max(map(len, text.splitlines())) <= 60


def test_the_numbers_of_a_logarithmic_axis_of_a_terminal_are_powers():
    pytest.importorskip("uniplot")
    text = chart_text(chart_of("5e-7*x", Axis("x", 1.0, 1e20, log=True), order=0), width=60, height=12)
    assert "\n 1          1e5        1e10        1e15\n" in text
    text = chart_text(chart_of("5e-7*x", Axis("x", 1.0, 2.0), log_y=True, order=0), width=60, height=12)
    assert [line.rpartition("│ ")[2] for line in text.splitlines() if "│ " in line[-12:]] == ["1e-6", "5.62e-7"]
    text = chart_text(chart_of("5.5*exp(-x/1e8)", order=0), width=60, height=12)
    numbers = [line.rpartition("│ ")[2] for line in text.splitlines() if "│ " in line[-14:]]
    assert len(numbers) == len(set(numbers)) > 1


@pytest.mark.parametrize(("start", "stop"), [(1 / 3, 2**0.5), (0.0, 9.9), (-2e-3, 1e-3)])
def test_the_numbers_of_a_terminal_stand_at_their_places(start, stop):
    pytest.importorskip("uniplot")
    axis = Axis("x", start, stop)
    lines = chart_text(chart_of("x", axis, order=0), width=50, height=12).splitlines()
    numbers = lines[-2]
    for match in re.finditer(r"\S+", numbers):
        column = match.start() + (match.end() - match.start()) // 2 - 0.5
        assert float(match[0]) == pytest.approx(start + (stop - start) * column / 38, abs=(stop - start) / 38)


def test_the_names_of_many_curves_fit_beside_the_plot():
    pytest.importorskip("matplotlib")
    chart = chart_of("a*x", families={"a": [float(a) for a in range(1, 25)]}, order=0)
    root = ElementTree.fromstring(draw_chart(chart, "svg"))
    names = [each for each in root.iter() if each.tag.endswith("text") and "".join(each.itertext()).startswith("a = ")]
    places = [float(each.get("y")) for each in names]
    assert len(places) == 24
    assert min(places) > 5
    assert max(places) < float(root.get("viewBox").split()[3])
