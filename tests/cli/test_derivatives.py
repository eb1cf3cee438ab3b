"""`jac`, `hess`, `jvp`, `hvp`, `taylor`, `check`, `implicit`: what they print in each format, and what they refuse."""

from __future__ import annotations

import json
from math import factorial

import pytest

PRINTED = [
    (["jac", "[x*y, x + y]", "x=2", "y=3"], "f1 6.0 f2 5.0 df1/dx 3.0 df1/dy 2.0 df2/dx 1.0 df2/dy 1.0"),
    (["jac", "[x*y, x + y]", "x=2", "y=3", "--wrt", "y"], "f1 6.0 f2 5.0 df1/dy 2.0 df2/dy 1.0"),
    (["jac", "x*y", "x=2", "y=3"], "f 6.0 df/dx 3.0 df/dy 2.0"),
    (["jac", "u = x**2\n[u,\n u*x]", "x=2"], "u 4.0 f2 8.0 du/dx 4.0 df2/dx 12.0"),
    (["hess", "x**2*y", "x=2", "y=3"], "f 12.0 df/dx 12.0 df/dy 4.0 d2f/dx2 6.0 d2f/dxdy 4.0 d2f/dy2 0.0"),
    (["hess", "x**2*y", "x=2", "y=3", "--wrt", "y,x"],
     "f 12.0 df/dy 4.0 df/dx 12.0 d2f/dy2 0.0 d2f/dydx 4.0 d2f/dx2 6.0"),
    (["hvp", "x**2*y", "--x", "2", "--y", "3", "--dx", "1", "--dy", "0"], "f 12.0 hvp_x 6.0 hvp_y 4.0"),
    (["jvp", "x*y**2", "--x", "2", "--y", "3", "dx=1", "--dy=1/2"], "f 18.0 jvp 15.0"),
    (["jvp", "[x, x*y]", "x=2", "y=3", "dy=1"], "f1 2.0 f2 6.0 jvp1 0.0 jvp2 2.0"),
    (["taylor", "exp(x)", "--x", "0", "--order", "3"], "c0 1.0 c1 1.0 c2 0.5 c3 0.16666666666666666"),
    (["taylor", "a*t**2", "--wrt", "t", "a=3", "t=1", "--order", "2"], "c0 3.0 c1 6.0 c2 3.0"),
    (["taylor", "x", "x=1", "--order", "0"], "c0 1.0"),
    (["implicit", "x**2 + y**2 = 25", "--of", "y", "--wrt", "x", "--x", "3", "--y", "4"], "dy/dx -0.75"),
    (["implicit", "p*V = n*T", "--of", "V", "p=2", "V=3", "n=2", "T=3"], "dV/dp -1.5 dV/dn 1.5 dV/dT 1.0"),
    (["implicit", "y = x**2", "--of", "y", "x=2", "y=4"], "dy/dx 4.0"),
    (["implicit", "--of=y", "y=x**2", "x=2", "y=4"], "dy/dx 4.0"),
    (["implicit", "u = x*y; u + x = 3;", "--of", "y", "x=1", "y=2"], "dy/dx -3.0"),
    (["implicit", "x**2 + y**2 = 25", "--of", "y", "--solve", "x=3", "y=1"], "y 4.0 dy/dx -0.75"),
    (["implicit", "x**2 + y**2 = 25", "--of", "y", "--solve", "x=3", "y=-9:0"], "y -4.0 dy/dx 0.75"),
    (["implicit", "x**2 + y**2 = 25", "--of", "y", "--solve", "--order", "2", "x=3", "y=0"],
     "y 4.0 dy/dx -0.75 d2y/dx2 -0.390625"),
    (["implicit", "y**2 = 9", "--of", "y", "--solve", "y=1"], "y 3.0"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "printed"), PRINTED, ids=lambda item: " ".join(item) if isinstance(item, list) else ""
)
def test_text(run, words, printed) -> None:
    done = run(words)
    assert (done.status, done.out.split(), done.err) == (0, printed.split(), "")


@pytest.mark.parametrize(
    ("words", "printed"), PRINTED, ids=lambda item: " ".join(item) if isinstance(item, list) else ""
)
def test_tables_and_bare_numbers_hold_the_same(run, words, printed) -> None:
    pairs = list(zip(printed.split()[::2], printed.split()[1::2], strict=True))
    assert run([*words, "--format", "value"]).out.split() == [number for _, number in pairs]
    header, row = (line.split(",") for line in run([*words, "--format", "csv"]).out.splitlines())
    assert header[-len(pairs) :] == [label.replace("/", "_") for label, _ in pairs]
    assert row[-len(pairs) :] == [number for _, number in pairs]


AT = {"x": 2.0, "y": 3.0, "dx": 5.0}


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        (["jac", "[x*y, x]", "x=2", "y=3"], {"value": [6.0, 2.0],
                                             "jacobian": [{"x": 3.0, "y": 2.0}, {"x": 1.0, "y": 0.0}]}),
        (["hess", "x*y", "x=2", "y=3"], {"value": 6.0, "gradient": {"x": 3.0, "y": 2.0},
                                         "hessian": {"x": {"x": 0.0, "y": 1.0}, "y": {"x": 1.0, "y": 0.0}}}),
        (["hvp", "x*y", "x=2", "y=3", "dx=5"], {"at": AT, "value": 6.0, "hvp": {"x": 0.0, "y": 5.0}}),
        (["jvp", "x*y", "x=2", "y=3", "dx=5"], {"at": AT, "value": 6.0, "jvp": 15.0}),
        (["jvp", "[x*y]", "x=2", "y=3", "dx=5"], {"at": AT, "value": [6.0], "jvp": [15.0]}),
        (["taylor", "x**2", "x=3", "--order", "2"], {"wrt": "x", "order": 2, "taylor": [9.0, 6.0, 1.0]}),
        (["implicit", "x*y = 6", "--of", "y", "x=2", "y=3"], {"of": "y", "derivative": {"x": -1.5}}),
    ],
    ids=lambda item: item[0] if isinstance(item, list) else "",
)  # fmt: skip
def test_json(run, words, fields) -> None:
    answer = json.loads(run([*words, "--json"]).out)
    assert {name: answer[name] for name in fields} == fields
    assert answer["expression"] == words[1]
    assert answer["notes"] == []


NAMED = {
    "eval": ("price 6.0 delta 3.0 f3 4.0", []),
    "jac": (
        "price 6.0 delta 3.0 f3 4.0 dprice/dS 3.0 dprice/dk 2.0 ddelta/dS 0.0 ddelta/dk 1.0 df3/dS 2.0 df3/dk 0.0",
        [],
    ),
    "jvp": ("price 6.0 delta 3.0 f3 4.0 jvp_price 3.0 jvp_delta 0.0 jvp3 2.0", ["dS=1"]),
}
ONE_NAME = {
    "eval": ("price 6.0", []),
    "grad": ("price 6.0 dprice/dS 3.0 dprice/dk 2.0", []),
    "jac": ("price 6.0 dprice/dS 3.0 dprice/dk 2.0", []),
    "hess": ("price 6.0 dprice/dS 3.0 dprice/dk 2.0 d2price/dS2 0.0 d2price/dSdk 1.0 d2price/dk2 0.0", []),
    "hvp": ("price 6.0 hvp_S 0.0 hvp_k 1.0", ["dS=1"]),
    "jvp": ("price 6.0 jvp 3.0", ["dS=1"]),
}


@pytest.mark.parametrize(
    ("command", "text", "answer", "further"),
    [(command, "price = S*k; delta = k; [price, delta, 2*S]", *rest) for command, rest in NAMED.items()]
    + [(command, "price = S*k; price", *rest) for command, rest in ONE_NAME.items()],
)  # fmt: skip
def test_a_binding_names_its_result(command, text, answer, further, run) -> None:
    """Alike as text, as columns at one point and at many; the keys of JSON stay."""
    words = [command, text, "k=3", *further]
    expected = dict(zip(answer.split()[::2], answer.split()[1::2], strict=True))
    assert dict(line.split() for line in run([*words, "S=2"]).out.splitlines()) == expected
    columns = {label.replace("/", "_"): float(number) for label, number in expected.items()}
    for point in ("S=2", "S=2,3"):
        header, row, *_ = [line.split(",") for line in run([*words, point, "--format", "csv"]).out.splitlines()]
        cells = dict(zip(header, map(float, row), strict=True))
        assert {name: cells[name] for name in columns} == columns
    assert "value" in json.loads(run([*words, "S=2", "--json"]).out)


@pytest.mark.parametrize("text", ["sum(where(tanh(x) > 0.2, x, 0))", "sum(fmod(sin(3*x), 0.1))", "sum(mod(sin(x), x))"])
def test_the_steps_of_an_array_are_checked(text, run) -> None:
    assert "forward mode" in run(["check", text, "x=[1, 2, -3]"]).out


@pytest.mark.parametrize(
    ("text", "names"),
    [("u = x; [u, u]", "f1 f2"), ("f1 = x; [2*x, f1]", "f1 f2"), ("[x, x*x]", "f1 f2"), ("u = x; [2*u, u]", "f1 u"),
     ("f3 = x; f1 = 2*x; [3*x, f1, f3]", "f1 f2 f3"), ("u = x*x; w = u; [w, u]", "w u")],
)  # fmt: skip
def test_no_two_results_have_one_name(text, names, run) -> None:
    assert [line.split()[0] for line in run(["eval", text, "x=2"]).out.splitlines()] == names.split()


REFUSED = [
    (["hess", "[x, y]", "x=1", "y=2"], "this takes one scalar expression (column 1)"),
    (["hvp", "[x]", "x=1", "dx=1"], "this takes one scalar expression"),
    (["taylor", "[x]", "x=1"], "this takes one scalar expression"),
    (["hvp", "x*y", "x=1", "y=1"], "there is no direction: add --dx … --dy …"),
    (["jvp", "x*y", "x=1", "y=1", "dx=1", "--dx", "2"], "'dx' is given twice"),
    (["jvp", "x*y", "x=1", "y=1", "dz=1", "dx=1"], "there is no variable 'dz'"),
    (["jvp", "x*y", "x=1", "dx=1"], "no value for y"),
    (["jvp", "x", "x=1", "dx=one"], "the value of dx, 'one', is not a number"),
    (["taylor", "x*y", "x=1", "y=1"], "a Taylor expansion is in one variable: add --wrt with one of x, y"),
    (["taylor", "x*y", "x=1", "y=1", "--wrt", "x,y"], "a Taylor expansion is in one variable"),
    (["taylor", "3"], "a Taylor expansion is in one variable: the expression has no variables"),
    (["taylor", "x", "x=1", "--order", "-1"], "invalid value for '--order'"),
    (["implicit", "--of", "y"], "there is no equation: as in adcli implicit"),
    (["implicit", "x + y", "--of", "y", "x=1", "y=1"], "there is no equation"),
    (["implicit", "x == y", "--of", "y", "x=1", "y=1"], "there is no equation"),
    (["implicit", "x = 1; x + y", "--of", "y", "x=1", "y=1"], "there is no equation"),
    (["implicit", "x = y = 1", "--of", "y", "x=1", "y=1"], "an equation has only one '=' (column 7)"),
    (["implicit", "x + = 1", "--of", "x", "x=1"], "the expression ends too early (column 4)"),
    (["implicit", "x = 1 + *", "--of", "x", "x=1"], "unexpected '*' (column 9)"),
    (
        ["implicit", "x = [1]", "--of", "x", "x=1"],
        "an operation on arrays (column 5)",
    ),
    (["implicit", "x + y = 1", "--of", "z", "x=1", "y=0"], "--of names 'z', which is not a variable"),
    (["implicit", "x + y = 1", "--of", "x,y", "x=1", "y=0"], "--of names one variable"),
    (["implicit", "x + y = 1", "--of", "x", "--wrt", "x", "x=1", "y=0"], "--of and --wrt both name x"),
    (
        ["implicit", "y = 3", "--of", "y", "y=3"],
        "the equation has no variable beside y",
    ),
    (
        ["implicit", "x + y == 1", "--of", "y", "x=1", "y=0"],
        "there is no equation: write '=' instead of '=='",
    ),
    (["implicit", "= 1", "--of", "y", "y=1"], "there is nothing before the '='"),
    (["implicit", "y =", "--of", "y", "y=1"], "there is nothing after the '='"),
    (["implicit", "x + y = 1", "x=1", "y=0"], "missing option '--of'"),
    (["check", "x*y", "--claim", "2*x"], "'2*x' is not a claim on a derivative: write it as in \"df/dx = …\""),
    (["check", "x*y", "--claim", "dg/dx = 2"], "'dg/dx = 2' is not a claim on a derivative"),
    (["check", "x*y", "--claim", "d2f/dx = 2"], "'d2f/dx' is not a derivative of order 2"),
    (["check", "x*y", "--claim", "d2f/dxdz = 2"], "'d2f/dxdz' is not a derivative of order 2"),
    (
        ["check", "x*y", "--claim", "df/dx = [y, y]"],
        "the claim 'df/dx = [y, y]' has the shape (2,), and df/dx is a num",
    ),
    (["check", "x @ x", "--claim", "df/dx = 2", "x=[1,2]"], "'df/dx = 2' is a number, and df/dx has the shape (2,)"),
    (["check", "x @ A @ x", "--claim", "df/dx = 2*A@x", "x=[1,2]"], "no value for A"),
    (["check", "x*y", "x=[1,2]"], "no value for y"),
    (["check", "x**2", "--claim", "df/dx = 2*y"], "there is no variable 'y' (column 11)"),
    (["check", "x**2", "--claim", "df/dx = 2*+"], "ends too early (column 12)"),
    (["hvp", "x*y", "x=1", "y=1", "dx=1", "--wrt", "x"], "there is no variable 'wrt': the variables are x, y, dx\n"),
    (["jvp", "x*dx", "x=1", "dx=1"], "there is no direction: add --ddx …; for one in x rename dx in the expression"),
    (["hvp", "x @ x", "x=[1,2]", "dx=1"], "the direction in x is a number, and x has the shape (2,)"),
    (["check", "x**2", "--claim", "df/dx ="], "there is nothing after the '='"),
    (["implicit", "x*y = 1", "--of", "y", "--solve", "x=2"], "--solve needs a start or a bracket for y: as in y=1, or"),
    (
        ["implicit", "x*y = 1", "--of", "y", "--solve", "x=2", "y=0:inf"],
        "the bracket '0:inf' of y needs two finite ends",
    ),
    (["implicit", "x*y = 1", "--of", "y", "--solve", "x=2", "y=1:1"], "the bracket '1:1' of y needs two finite ends"),
    (["implicit", "x*y = 1", "--of", "y", "x=2", "y=0:1"], "y=0:1: a range is START:STOP:COUNT"),
    (["check", "x**2", "--rtol", "-1"], "--rtol is a relative error, at least 0 and below 1"),
    (["check", "x**2", "--rtol", "nan"], "--rtol is a relative error"),
    (["check", "3"], "there is nothing to differentiate by"),
    (["check", "x**2", "y=1"], "there is no variable 'y'"),
    (["check", "x**2", "--points", "0"], "invalid value for '--points'"),
]


@pytest.mark.parametrize(
    ("words", "message"), REFUSED, ids=lambda item: " ".join(item) if isinstance(item, list) else ""
)
def test_what_is_refused(run, words, message) -> None:
    done = run(words)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"adcli: {message}") or message in done.err.splitlines()[0]


FAILED = [
    (["jac", "[x, log(x)]", "x=-1"], "log(x) at column 5: x = -1 is outside (0, inf)"),
    (["hess", "log(x)", "x=-1"], "log(x) at column 1: x = -1 is outside (0, inf)"),
    (["hvp", "log(x)", "x=-1", "dx=1"], "x = -1 is outside (0, inf)"),
    (["jvp", "log(x)", "x=-1", "dx=1"], "x = -1 is outside (0, inf)"),
    (["taylor", "log(x)", "x=-1"], "x = -1 is outside (0, inf)"),
    (["taylor", "sqrt(x)", "x=0"], "c2 is nan"),
    (["taylor", "1 + x**2.5", "x=0"], "x**2.5 at column 5: c4 is nan: there is no such expansion at x = 0"),
    (["taylor", "2*(x*x**2.5)", "x=0"], "x*x**2.5 at column 4: c3 is nan: an infinite coefficient of x**2.5 meets 0"),
    (["taylor", "acos(x)^2", "x=1", "--order", "1"], "acos(x) at column 1: its slope -inf meets 0 at x = 1"),
    (["taylor", "x**1.5 - x**1.5", "x=0"], "c2 is nan: an infinite coefficient of x**1.5 meets one of the opposite"),
    (["implicit", "x**2 + y**2 = 1", "--of", "y", "x=0.5", "y=0.8"], "left - right = -0.11): y = 0.866"),
    (["implicit", "x**2 + y**2 = 0", "--of", "y", "x=0", "y=0"],
     "dy/dx is nan: the derivatives of left - right by y and by x are 0, as where a curve crosses itself"),
    (["implicit", "y**2 = x", "--of", "y", "--solve", "x=-1", "y=1"], "no solution was found from the start (left"),
    (["implicit", "y**2 = x", "--of", "y", "--solve", "x=9", "y=0:2"],
     "no solution was found between y = 0 and y = 2 (left - right is -9 and -5 there): widen or split the bracket"),
    (["implicit", "1/(y - 1) = 0", "--of", "y", "--solve", "y=0:3"], "there is a pole or a jump between them"),
    (["implicit", "floor(y) = 1/2", "--of", "y", "--solve", "y=0:3"], "there is a pole or a jump between them"),
    (["implicit", "exp(-y) = 0", "--of", "y", "--solve", "y=700"], "left - right is 0 all around y = 746"),
    (["implicit", "y + 1e13 - 1e13 = 1.0007", "--of", "y", "--solve", "y=1"], "left - right is 0, but for rounding, "),
    (["implicit", "sqrt(y) = 2", "--of", "y", "--solve", "y=-1"], "sqrt(y) at column 1: y = -1 is outside [0, inf)"),
    (["implicit", "y = x", "--of", "y", "--solve", "x=1", "y=inf"], "the start y = inf is not finite"),
    (["check", "abs(x)", "x=0"], "the expression has no derivative at x = 0: abs(x) at column 1: kink at x = 0"),
    (["check", "log(-1 - x**2)"], "no point was found"),
    (["check", "log(x)", "x=-1"], "no finite value at x = -1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"), FAILED, ids=lambda item: " ".join(item) if isinstance(item, list) else ""
)
def test_where_the_mathematics_fails(run, words, message) -> None:
    done = run(words)
    assert done.status == 1
    assert message in done.err


def test_kinks_are_noted(run) -> None:
    assert "note: abs(x) at column 2: kink" in run(["jac", "[abs(x), x]", "x=0"]).err
    assert "note: abs(x) at column 1: kink" in run(["hess", "abs(x)", "x=0"]).err
    assert "note: abs(x) at column 1: kink" in run(["hvp", "abs(x)", "x=0", "dx=1"]).err
    assert "note: abs(x) at column 1: kink" in run(["jvp", "abs(x)*y", "x=0", "y=2", "dx=1"]).err
    assert run(["jvp", "abs(x)*y", "x=0", "y=2", "dy=1"]).err == ""
    vertical = run(["implicit", "x**2 + y**2 = 1", "--of", "y", "x=1", "y=0"]).err
    assert "dy/dx is infinite: the derivative of left - right by y is 0" in vertical


def test_check_says_right_or_wrong(run) -> None:
    right = run(["check", "sin(x**2)*cos(y)", "--claim", "df/dx = 2*x*cos(x**2)*cos(y)"])
    assert right.status == 0
    assert right.out.splitlines()[1].startswith("  right at 20 points, to ")
    wrong = run(["check", "x**3", "--claim", "df/dx = 3*x", "--x", "2"])
    assert wrong.status == 1
    assert wrong.out.splitlines()[:4] == [
        "df/dx = 3*x",
        "  wrong: refuted at x = 2.0",
        "  claim         6.0",
        "  reverse mode  12.0",
    ]
    both = json.loads(run(["check", "x*y", "--claim", "df/dx = y", "--claim", "df/dy = y", "--y", "3", "--json"]).out)
    assert [check["verdict"] for check in both["checks"]] == ["right", "wrong"]
    assert both["checks"][0]["at"]["y"] == 3.0
    assert run(["check", "x*abs(y)"]).out.count("right at 20 points") == 2


def test_check_takes_sweeps_and_tables(run) -> None:
    wrong = run(["check", "x**3", "--claim", "df/dx = 3*x", "--x", "0:1:2"])
    assert wrong.status == 0  # they agree at 0 and at 1
    wrong = run(["check", "x**3", "--claim", "df/dx = 3*x", "--x", "0:1:3"])
    assert (wrong.status, wrong.out.splitlines()[1]) == (1, "  wrong: refuted at x = 0.5")
    grid = run(["check", "x*y", "--x", "1,2", "--y", "1:2:5", "--json"])
    assert [check["points"] for check in json.loads(grid.out)["checks"]] == [10, 10]
    pairs = run(["check", "x*y", "--x", "1,2", "--y", "3,4", "--zip", "--json"])
    assert json.loads(pairs.out)["checks"][0]["points"] == 2
    words = ["check", "x*y", "--claim", "df/dy = t", "--data", "-"]
    table = b"t,y\n1,2\noops,3\n4,5\n"
    done = run([*words, "--rename", "x=t", "--claim", "df/dx = y"], table)
    assert done.status == 2
    done = run(["check", "x*y", "--claim", "df/dx = y", "--data", "-", "--rename", "x=t", "--on-error", "skip"], table)
    assert (done.status, done.out.splitlines()[1][:24]) == (0, "  right at 2 points, to ")
    assert "1 bad row left out" in done.err
    done = run(["check", "x*y", "--data", "-", "--rename", "x=t"], b"t,y\n")
    assert (done.status, done.err) == (2, "adcli: there are no points: every row of the table is bad, or it has none\n")
    assert run(["check", "x*y", "--x", "1,2"]).err.startswith("adcli: no value for y")
    assert run(["check", "x*y", "--x", "1", "--rename", "x=t"]).err.startswith("adcli: --rename needs a table")


@pytest.mark.parametrize("claim", [
    "d2f/dxdy = 2*x", "d^2f/dx^2 = 2*y", "d2f/dy/dx = 2x", "∂²f/∂x∂y = 2x", "d**2 f/(dx*dy) = 2*x", "df/dx = 2*x*y",
    "d3f/dx2dy = 2", "d2f/dy2 = 0",
])  # fmt: skip
def test_claims_on_higher_derivatives(run, claim) -> None:
    assert run(["check", "x**2*y", "--claim", claim]).status == 0
    assert run(["check", "x**2*y", "--claim", f"{claim} + x/1000"]).status == 1


def test_claims_in_one_variable_on_vectors_and_on_arrays(run) -> None:
    for claim in ("3*x**2", "f' = 3*x**2", "f''(x) = 6*x", "dy/dx = 3*x^2", "u = x*x; 3*u"):
        assert run(["check", "x**3", "--claim", claim]).status == 0, claim
    words = ["check", "p = x*y; [p, sin(x)]"]
    for claim, status in [("dp/dx = y", 0), ("df2/dx = cos(x)", 0), ("df2/dx = sin(x)", 1), ("df/dx = [y, cos(x)]", 0),
                          ("df/dx = [y, 2*cos(x)]", 1), ("d2f/dx2 = [0, -sin(x)]", 0)]:  # fmt: skip
        assert run([*words, "--claim", claim]).status == status, claim
    words = ["check", "x @ A @ x", "x=[1,2]", "A=[[2, 1], [0, 4]]"]
    for claim in ("df/dx = (A + A.T)@x", "d2f/dx2 = A + A.T", "df/dA = reshape(x, [2, 1])@reshape(x, [1, 2])"):
        assert run([*words, "--claim", claim]).out.splitlines()[1].startswith("  right at 1 point"), claim
    wrong = run([*words, "--claim", "df/dx = 2*A@x"])
    assert (wrong.status, wrong.out.splitlines()[1][:41]) == (1, "  wrong: refuted in element [0] at x = [1")
    assert json.loads(run([*words, "--claim", "df/dx = 2*A@x", "--json"]).out)["checks"][0]["element"] == [0]


@pytest.mark.parametrize("y", ["1e-304", "5e-324", "-1e-310", "0", "1e300", "1.7e308"])
def test_check_at_tiny_and_huge_values(run, y) -> None:
    done = run(["check", "y/2", "--claim", "df/dy = 1/2", "--claim", "d2f/dy2 = 0", "--y", y])
    assert (done.status, done.err) == (0, "")
    for value in ("inf", "nan"):
        assert "no finite value" in run(["check", "y/2", "--y", value]).err


def test_check_leaves_out_points_without_a_derivative(run) -> None:
    done = run(["check", "abs(x)", "--claim", "df/dx = x/abs(x)", "--x", "-2:2:5"])
    assert (done.status, done.out.splitlines()[1][:19]) == (0, "  right at 4 points")
    assert done.out.splitlines()[2].startswith("  1 more left out: the expression has no derivative at x = 0")
    done = run(["check", "1/x", "--claim", "df/dx = -1/x^2", "--x", "-2:2:5"])
    assert (done.status, done.out.splitlines()[1][:19]) == (0, "  right at 4 points")
    done = run(["check", "exp(-x**2)", "--claim", "df/dx = 0", "--x", "40"])
    assert (done.status, done.out.splitlines()[1][:22]) == (1, "  undecided at 1 point")
    done = run(["check", "x**2", "--claim", "df/dx = 2*x**2/x", "--x", "-2:2:5"])
    assert done.out.splitlines()[1] == "  undecided at 5 points: the claim has no finite value at x = 0.0"


def test_solutions_over_a_table(run) -> None:
    table = b"id,y,x\na,1,4\nb,2,-1\nc,-3,16\n"
    words = ["implicit", "y^2 = x", "--of", "y", "--solve", "--data", "-"]
    done = run([*words, "--format", "csv"], table)
    assert (done.status, done.out) == (0, "id,x,y,dy_dx\na,4,2.0,0.25\nb,-1,nan,nan\nc,16,-4.0,-0.125\n")
    assert "1 of 3 rows is undefined; the first: line 3, no solution was found from the start" in done.err
    assert run([*words, "--strict"], table).status == 1
    done = run([*words, "--format", "csv", "--rename", "y0=y", "y=0:5"], table)
    assert done.out == "id,y0,x,y,dy_dx\na,1,4,2.0,0.25\nb,2,-1,nan,nan\nc,-3,16,4.0,0.125\n"
    row = json.loads(run([*words, "--format", "json"], table).out.splitlines()[0])
    assert row == {"id": "a", "x": 4.0, "y": 2.0, "dy_dx": 0.25}
    swept = run([*words[:-2], "--y", "-1,1", "--x", "4,9", "--format", "csv"])
    assert (
        swept.out
        == "x,y,dy_dx\n4.0,-2.0,-0.25\n9.0,-3.0,-0.16666666666666666\n4.0,2.0,0.25\n9.0,3.0,0.16666666666666666\n"
    )


def test_an_equation_is_the_first_word(run) -> None:
    assert run(["implicit", "--of", "y", "y = 2*x", "y=4", "x=2"]).out == "dy/dx  2.0\n"
    assert run(["implicit", "-", "--of", "y", "y=4", "x=2"], stdin=b"y = 2*x\n").out == "dy/dx  2.0\n"
    assert "--x" in run(["implicit", "y = 2*x", "--help"]).out


def test_taylor_is_the_derivatives(run) -> None:
    """The 6th coefficient and six times diff."""
    coefficient = float(run(["taylor", "exp(sin(x))", "x=0.7", "--order", "6", "--format", "value"]).out.split()[-1])
    formula = run(["diff", "exp(sin(x))", "--order", "6"]).out
    value = float(run(["eval", "-", "x=0.7", "--format", "value"], stdin=formula.encode()).out)
    assert coefficient * factorial(6) == pytest.approx(value, rel=1e-9)


# ------------------------------------------------------------------ formulas of arrays

A, X = "--A=[[1, 2], [3, 4]]", "--x=[1, 2]"
OF_ARRAYS = [
    (["jac", "A @ x", A, X, "--wrt", "x"],
     ["f         [5.0, 11.0]", "df/dx[0]  [1.0, 2.0]", "df/dx[1]  [3.0, 4.0]"],
     {"value": [5.0, 11.0], "jacobian": {"x": [[1.0, 2.0], [3.0, 4.0]]}}),
    (["jac", "x*y", X, "--y", "3"],
     ["f         [3.0, 6.0]", "df/dx[0]  [3.0, 0.0]", "df/dx[1]  [0.0, 3.0]", "df/dy     [1.0, 2.0]"],
     {"value": [3.0, 6.0], "jacobian": {"x": [[3.0, 0.0], [0.0, 3.0]], "y": [1.0, 2.0]}}),
    (["jac", "x @ x", X], ["f      5.0", "df/dx  [2.0, 4.0]"], {"value": 5.0, "jacobian": {"x": [2.0, 4.0]}}),
    (["jac", "sum([x, x*y])", "--x", "2", "--y", "3"], ["f      8.0", "df/dx  4.0", "df/dy  2.0"],
     {"value": 8.0, "jacobian": {"x": 4.0, "y": 2.0}}),
    (["hess", "x @ A @ x*y", A, X, "--y", "2", "--wrt", "x,y"],
     ["f           54.0", "df/dx       [24.0, 42.0]", "df/dy       27.0", "d2f/dx2[0]  [ 4.0, 10.0]",
      "d2f/dx2[1]  [10.0, 16.0]", "d2f/dxdy    [12.0, 21.0]", "d2f/dy2     0.0"],
     {"value": 54.0, "gradient": {"x": [24.0, 42.0], "y": 27.0},
      "hessian": {"x": {"x": [[4.0, 10.0], [10.0, 16.0]], "y": [12.0, 21.0]}, "y": {"x": [12.0, 21.0], "y": 0.0}}}),
    (["hvp", "sum(x**3)*y", X, "--y", "2", "--dx", "[0, 1]"],
     ["f      18.0", "hvp_x  [0.0, 24.0]", "hvp_y  12.0"], {"value": 18.0, "hvp": {"x": [0.0, 24.0], "y": 12.0}}),
    (["jvp", "A @ x", A, X, "--dx", "[1, 0]", "--dA", "[[0, 1], [0, 0]]"],
     ["f    [5.0, 11.0]", "jvp  [3.0, 3.0]"], {"value": [5.0, 11.0], "jvp": [3.0, 3.0]}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "lines", "fields"), OF_ARRAYS, ids=[" ".join(case[0]) for case in OF_ARRAYS])
def test_formulas_of_arrays(run, words, lines, fields) -> None:
    done = run(words)
    assert (done.status, done.out.splitlines(), done.err) == (0, lines, "")
    answer = json.loads(run([*words, "--json"]).out)
    assert {name: answer[name] for name in fields} == fields
    numbers = run([*words, "--format", "value"]).out.split()
    row = run([*words, "--format", "csv"]).out.splitlines()[1].split(",")
    assert row[-len(numbers) :] == numbers


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["jac", "log(x)", "--x", "[1, -2]"], 1, "log(x) at column 1: x[1] = -2 is outside (0, inf)"),
        (["jac", "sqrt(x)", "--x", "[1, 0]"], 0, "note: sqrt(x) at column 1: infinite slope at x[1] = 0"),
        (["jac", "abs(x)", "--x", "[1, 0]"], 0, "note: abs(x) at column 1: kink at x[1] = 0"),
        (["jvp", "abs(x)", "--x", "[1, 0]", "--dx", "[1, 1]"], 0, "note: abs(x) at column 1: kink at x[1] = 0"),
        (["jac", "inv(A)", "--A", "[[1, 1], [1, 1]]"], 1, "inv: the matrix is singular (column 1)"),
        (["hess", "x", "--x", "[1, 2]"], 2, "the result has the shape (2,), where a number is needed"),
        (["hvp", "x", "--x", "[1, 2]", "--dx", "[1, 2]"], 2, "the result has the shape (2,)"),
        (["jvp", "x", "--x", "[1, 2]", "--dx", "1"], 2, "the direction in x is a number, and x has the shape (2,)"),
        (
            ["jac", "A @ x", "--A", "2", "--x", "0:1:3"],
            2,
            "here is an operation on arrays (column 1)",
        ),
        (
            ["jac", "x*y", "--x", "[1, 2]", "--y", "0:1:3"],
            2,
            "is an array where a number is needed: arrays are for",
        ),
        (["taylor", "x", "--x", "[1, 2]"], 2, "the value of x, '[1, 2]', is an array where a number is needed"),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, list) else "",
)
def test_formulas_of_arrays_that_fail(run, words, status, message) -> None:
    done = run(words)
    assert done.status == status
    assert message in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["jac", "[2*hypot(log1p(x), y)*(y + x), y]"],
        ["hess", "2*hypot(log1p(x), y)*(y + x)"],
        ["hvp", "2*hypot(log1p(x), y)*(y + x)", "dx=1"],
        ["jvp", "2*hypot(log1p(x), y)*(y + x)", "dx=1"],
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_note_on_a_variable_has_its_column(words, run):
    """Also where the variable was registered before the formula was lowered."""
    done = run([*words, "--x", "nan", "--y", "2"])
    assert done.status == 1
    assert f"x at column {words[1].index('x') + 1}" in done.err
