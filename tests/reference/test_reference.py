"""Self-checks of the reference: closed forms known by hand, and the tables against a second computation."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
from mpmath import mp, mpf  # type: ignore[import-untyped]

from tests.sampling import ALL, SEED

from .bessel import BESSEL_FAMILY
from .definitions import DEFINITIONS
from .evaluator import (
    ORDER3,
    SHAPED,
    NotSmooth,
    PrecisionError,
    SyntaxProblem,
    Undefined,
    evaluate,
    evaluate_op,
    gradient,
    parse,
    polygamma,
    settle,
    sinc_derivative,
    spell,
    unary,
)
from .formulas import FORMULAS, row
from .generate import CASES, COLUMNS, HEADERS, INPUTS, TABLE, edge_rows, value_row


def near(found: object, expected: object, digits: int = 45) -> bool:
    """Agreement to a number of digits."""
    with mp.workdps(80):
        return bool(abs(mpf(found) - mpf(expected)) <= abs(mpf(expected)) * mpf(10) ** -digits)


def test_known_constants() -> None:
    """Values that stand in every handbook, typed in by hand."""
    handbook = {
        ("exp", 1.0): "2.7182818284590452353602874713526624977572470936999595749669676",
        ("gamma", 0.5): "1.7724538509055160272981674833411451827975494561223871282138077",
        ("digamma", 1.0): "-0.5772156649015328606065120900824024310421593359399235988057672",
        ("erf", 1.0): "0.8427007929497148693412206350826092592960669979663029",
        ("log", 2.0): "0.6931471805599453094172321214581765680755001343602552541206800",
        ("sin", 1e22): "-0.852200849767188801772705893753029368261762150410",
    }
    for (name, x), text in handbook.items():
        with mp.workdps(70):
            assert near(evaluate_op(name, [x])[(0,)], mpf(text), 45)
    assert spell(evaluate_op("atan2", [1.0, -1.0])[(0, 0)])[:40] == "2.35619449019234492884698253745962716314"


def test_polygamma_closed_forms() -> None:
    """trigamma(1) = pi^2/6, psi2(1) = -2 zeta(3), trigamma(-1/2) = pi^2/2 + 4."""
    with mp.workdps(70):
        assert near(polygamma(1, mpf(1)), mp.pi**2 / 6)
        assert near(polygamma(2, mpf(1)), -2 * mp.zeta(3))
        assert near(polygamma(1, mpf("-0.5")), mp.pi**2 / 2 + 4)


def test_sinc_near_and_at_zero() -> None:
    """The Taylor series 1 - x^2/6 + ... and the closed form on either side of the switch."""
    assert [sinc_derivative(n, mpf(0)) for n in (0, 1, 3)] == [1, 0, 0]
    assert near(evaluate_op("sinc", [0.0])[(2,)], mpf(-1) / 3, 15)
    with mp.workdps(120):
        x = mpf("1.75")
        assert near(sinc_derivative(1, x), mp.cos(x) / x - mp.sin(x) / x**2)


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, kind, _ in TABLE])
def test_partials_agree_with_finite_differences(name: str, kind: str) -> None:
    """Each closed form against differences of the order below, at 200 digits, at one moderate point."""
    points = {"acosh": [1.7], "floordiv": [7.3, 2.1], "mod": [-7.3, 2.1], "fmod": [-7.3, 2.1], "binomial": [4.3, 1.7]}
    point = points.get(name) or [DEFINITIONS[name].at if name in DEFINITIONS else 0.4, 1.7]
    if kind == "ternary":
        return
    with mp.workdps(200):
        h = mpf(10) ** -60
        if kind == "unary":
            x = mpf(point[0])
            up, down, at = unary(name, x + h), unary(name, x - h), unary(name, x)
            for k in range(3):
                assert abs((up[k] - down[k]) / (2 * h) - at[k + 1]) < mpf(10) ** -50
        elif kind in ("shaped", "twice shaped"):
            x, shapes = mpf(point[0]), [mpf(point[1]), mpf("2.6")][: 1 if kind == "shaped" else 2]
            up, down, at = (SHAPED[name](*shapes, each) for each in (x + h, x - h, x))
            for k in range(3):
                assert abs((up[k] - down[k]) / (2 * h) - at[k + 1]) < mpf(10) ** -50
        elif kind == "indexed":
            function = polygamma if name == "polygamma" else sinc_derivative
            for n in range(5):
                x = mpf(point[0])
                assert abs((function(n, x + h) - function(n, x - h)) / (2 * h) - function(n + 1, x)) < mpf(10) ** -50
        else:
            from .evaluator import BINARY

            x, y = mpf(point[0]), mpf(point[1])
            f = BINARY[name]
            at2 = f(x, y)
            in_x, in_y = (f(x + h, y), f(x - h, y)), (f(x, y + h), f(x, y - h))
            for i, j in ORDER3[:6]:
                for (up2, down2), target in ((in_x, (i + 1, j)), (in_y, (i, j + 1))):
                    assert abs((up2[i, j] - down2[i, j]) / (2 * h) - at2[target]) < mpf(10) ** -50


def test_expression_by_hand() -> None:
    """The example of the documentation against its derivative written out."""
    value, slopes = gradient("sin(x**2)*cos(y)", {"x": 2.0, "y": 3.0})
    with mp.workdps(70):
        assert near(value, mp.sin(4) * mp.cos(3))
        assert near(slopes["x"], 4 * mp.cos(4) * mp.cos(3))
        assert near(slopes["y"], -mp.sin(4) * mp.sin(3))


def test_higher_orders_of_an_expression() -> None:
    """All partials of x^2 y + exp(x y) up to order 3."""
    found = evaluate("x^2*y + exp(x*y)", {"x": 0.5, "y": -1.5}, order=3)
    with mp.workdps(70):
        x, y = mpf("0.5"), mpf("-1.5")
        g = mp.exp(x * y)
        assert near(found[2, 0], 2 * y + y**2 * g)
        assert near(found[1, 1], 2 * x + (1 + x * y) * g)
        assert near(found[0, 3], x**3 * g)
        assert near(found[2, 1], 2 + (2 * y + x * y**2) * g)


def test_language() -> None:
    """Precedence, implicit products, bindings, comments, choice, constants."""

    def value(text: str, **point: float) -> float:
        return float(evaluate(text, point, order=0)[tuple([0] * len(parse(text).variables))])

    assert value("-x^2", x=3.0) == -9
    assert value("2^3^2") == 512
    assert value("2^-1") == 0.5
    assert value("2x + 3(x+1)", x=2.0) == 13
    assert value("2x^2", x=3.0) == 18
    assert value("u = x*2 # twice\nu*u", x=3.0) == 36
    assert value("u = x; v = u + 1; u*v", x=3.0) == 12
    assert value("(1 +\n 2)*x", x=3.0) == 9
    assert value("1 if 0 < x < 2 else 5", x=1.0) == 1
    assert value("where(x > 0, sqrt(x), 0)", x=-1.0) == 0
    assert value("gamma*x", gamma=2.0, x=3.0) == 6
    assert value("π") == math.pi
    assert value("-7 % 3") == 2
    assert value("log(8, 2)") == 3
    assert value("2J", J=1.5) == 3
    assert value("lambda + class", **{"lambda": 1.0, "class": 2.0}) == 3
    assert parse("u = b*a; u + c").variables == ["b", "a", "c"]


def test_language_refuses() -> None:
    """Ambiguous or foreign text."""
    for text in (
        "1/2x",
        "x^2y",
        "x.real",
        "[1, 2]",
        "f(x)",
        "1e400",
        "x = 1",
        "pi = 3; pi",
        "",
        "a @ b",
        "(x",
    ):
        with pytest.raises(SyntaxProblem):
            evaluate(text, {"x": 1.0, "y": 1.0, "a": 1.0, "b": 1.0})


def test_literals_and_constants_are_float64() -> None:
    """0.1 is the nearest float64, and so is pi."""
    with mp.workdps(70):
        assert evaluate("x*0.1", {"x": 1.0})[0,] == mpf(0.1)
        assert mpf("1e-17") < evaluate("sin(pi)*x", {"x": 1.0})[0,] < mpf("1e-15")


def test_conventions_at_kinks() -> None:
    """First derivatives by convention; no second ones."""
    assert gradient("abs(x)", {"x": 0.0})[1]["x"] == 0
    assert gradient("max(x, y, 0)", {"x": 0.0, "y": 0.0})[1]["x"] == mpf(1) / 3 or near(
        gradient("max(x, y, 0)", {"x": 0.0, "y": 0.0})[1]["x"], mpf(1) / 3, 15
    )
    assert gradient("relu(x)", {"x": 0.0})[1]["x"] == 0
    assert gradient("clip(x, 0, 1)", {"x": 1.0})[1]["x"] == 0.5
    assert gradient("x**2 + x**0", {"x": 0.0})[1]["x"] == 0
    assert gradient("x % 3", {"x": 6.0})[1]["x"] == 1
    with pytest.raises(NotSmooth):
        evaluate("abs(x)", {"x": 0.0}, order=2)


def test_undefined() -> None:
    """No number is made up where there is none."""
    for text in ("1/x", "log(x)", "sqrt(x)", "x**-1", "x**0.5", "gamma(x)", "x**y"):
        with pytest.raises(Undefined):
            evaluate(text, {"x": 0.0, "y": 0.0})
    with pytest.raises(Undefined):
        evaluate("x**(1/3)", {"x": -8.0})


def test_precision_survives_cancellation() -> None:
    """(1 + x) - 1 and 1 - cos(x) at a tiny x, and a hidden exact zero."""
    assert near(evaluate("1 - cos(x)", {"x": 2.0**-500})[0,], mpf(2) ** -1001, 45)
    assert evaluate("(1 + x) - 1 - x", {"x": 1e-300})[0,] == 0


def test_unsettled_numbers_are_refused() -> None:
    """A computation that depends on its precision is no reference; a fading one is 0."""
    with pytest.raises(PrecisionError):
        settle(lambda: {(0,): mpf(1) / mp.dps})
    assert settle(lambda: {(0,): mpf(10) ** -mp.dps}) == {(0,): 0}
    assert evaluate("sin(x)^2 + cos(x)^2 - 1", {"x": 0.7})[0,] == 0


def test_clamped_spelling() -> None:
    """Numbers far outside float64 are written as clamps, and read back as inf and 0."""
    assert spell(mp.exp(mpf(10) ** 6)) == "1e+20000"
    assert spell(-mp.exp(-(mpf(10) ** 6))) == "-1e-20000"
    assert float("1e+20000") == math.inf
    assert float("1e-20000") == 0.0


FEWER_ROWS = (*BESSEL_FAMILY, "betainc")  # seconds a row


@pytest.mark.parametrize("name", [name for name, _, _ in TABLE])
def test_tables_are_up_to_date(name: str) -> None:
    """The shape of each table, its edge rows, and a sample of its rows computed afresh."""
    kind = next(k for n, k, _ in TABLE if n == name)
    lines = (CASES / f"{name}.tsv").read_text(encoding="ascii").splitlines()
    assert lines[0].split("\t") == HEADERS[kind]
    assert len(lines) > (60 if name in FEWER_ROWS else 200)
    cells = {tuple(line.split("\t")[: INPUTS[kind]]): line.split("\t")[INPUTS[kind] :] for line in lines[1:]}
    assert len(cells) == len(lines) - 1
    edges = edge_rows(name, kind)
    for inputs, expected in edges.items():
        assert cells[inputs] == expected
    ordinary = [inputs for inputs in cells if inputs not in edges]
    count = 6 if ALL or name not in FEWER_ROWS else 0 if name == "y0" else 2  # a row of y0 takes up to 20 seconds
    for inputs in random.Random(f"{name} {SEED}").sample(ordinary, count):
        for fresh, stored in zip(value_row(name, kind, tuple(map(float, inputs))), cells[inputs], strict=True):
            # A tie in the last of the 50 digits is rounded by whatever arithmetic mpmath runs on.
            assert fresh == stored or mp.almosteq(mp.mpf(fresh), mp.mpf(stored), rel_eps=mp.mpf(10) ** -49)
        assert len(cells[inputs]) == len(COLUMNS[kind])


def test_formulas_are_up_to_date() -> None:
    """Every formula parses, and a sample is computed afresh."""
    lines = (Path(CASES).parent / "formulas.tsv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(FORMULAS) + 1
    for formula, line in list(zip(FORMULAS, lines[1:], strict=True))[::5]:
        assert row(formula) == line


@pytest.mark.parametrize("formula", FORMULAS[::7], ids=lambda f: f.name)
def test_formula_gradients_by_differences(formula: object) -> None:
    """Slopes of formulas against central differences of the value alone."""
    from .formulas import Formula, numbers, one_line

    assert isinstance(formula, Formula)
    program, point = one_line(formula.program), numbers(formula.point)
    slopes = gradient(program, point)[1]
    for name in point:
        with mp.workdps(100):
            h = mpf(abs(point[name]) or 1.0) * mpf(10) ** -30
            ends = [{**point, name: mpf(point[name]) + s * h} for s in (1, -1)]
        values = [next(iter(evaluate(program, end, order=0, digits=90).values())) for end in ends]
        with mp.workdps(100):
            slope = (values[0] - values[1]) / (2 * h)
            assert abs(slope - slopes[name]) <= abs(slopes[name]) * mpf(10) ** -30
