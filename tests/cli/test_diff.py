"""`adcli diff`: formulas in every format, and what it refuses."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["sin(x**2)*cos(y)", "--wrt", "x"], "2*x*cos(x**2)*cos(y)\n"),
        (["x**5", "--order", "3"], "60*x**2\n"),
        (["x**3*y**2", "--wrt", "x,x,y"], "12*x*y\n"),
        (["x**3*y", "--order", "2"], "d2f/dx2  6*x*y\nd2f/dy2  0\n"),
        (["x*y**2"], "df/dx  y**2\ndf/dy  2*x*y\n"),
        (["x*y**2", "--format", "value"], "y**2\n2*x*y\n"),
        (["x/y", "--wrt", "y", "--format", "latex"], "-\\frac{x}{y^{2}}\n"),
        (["u = x**2; sin(u)"], "2*x*cos(x**2)\n"),
        (["x**2", "--wrt", "x", "--order", "3"], "0\n"),
        (["[x*y, x/y]"], "df/dx  [y, 1/y]\ndf/dy  [x, -x/y**2]\n"),
        (["[x*y, x/y]", "--wrt", "y", "--order", "2"], "[0, 2*x/y**3]\n"),
        (["[x, x/y]", "--wrt", "y", "--format", "latex"], "\\begin{pmatrix} 0 \\\\ -\\frac{x}{y^{2}} \\end{pmatrix}\n"),
        (["log(det(A))", "--wrt", "A"], "inv(A).T\n"),
        (["x @ A @ x", "--wrt", "x"], "(A + A.T) @ x\n"),
        (["x @ A @ x"], "df/dx  (A + A.T) @ x\ndf/dA  outer(x, x)\n"),
        (["norm(A@x - b)^2", "--wrt", "x", "--order", "2"], "2*A.T @ A\n"),
        (["A @ x", "--wrt", "x"], "A\n"),
        (["sum((X@w + b - y)^2)", "--wrt", "b", "--number", "b"], "2*sum(X @ w + b - y)\n"),
        (["log(det(S))", "--symmetric", "S"], "inv(S)\n"),
        (["x*exp(-x)", "--vector", "x"], "diag(exp(-x)*(1 - x))\n"),
        (["f(v) = v @ A @ v; f(B @ x)", "--wrt", "x"], "B.T @ (A + A.T) @ B @ x\n"),
    ],
)
def test_what_it_prints(run, words, printed) -> None:
    done = run(["diff", *words])
    assert (done.status, done.out, done.err) == (0, printed, "")


def test_json(run) -> None:
    answer = json.loads(run(["diff", "x**2*y", "--wrt", "x,y", "--json"]).out)
    assert answer == {
        "expression": "x**2*y",
        "derivatives": [{"wrt": ["x", "y"], "derivative": "2*x", "latex": "2 x"}],
    }


def test_json_of_arrays(run) -> None:
    answer = json.loads(run(["diff", "x @ A @ x", "--wrt", "x", "--json"]).out)
    assert answer == {
        "expression": "x @ A @ x",
        "variables": {"x": "vector", "A": "matrix"},
        "derivatives": [
            {"wrt": ["x"], "derivative": "(A + A.T) @ x", "latex": r"\left(A + A^{\top}\right) x"},
        ],
    }


def test_a_note_says_which_ranks_matter(run) -> None:
    done = run(["diff", "sum((X@w + b - y)^2)", "--wrt", "b"])
    assert done.out == "2*(X @ w + b - y)\n"
    assert done.err == "note: read X as matrix, w, b, y as vectors; with --number b the result is another\n"


def test_it_reads_back(run) -> None:
    text = run(["diff", "x*sin(x)"]).out
    value = run(["eval", "-", "--x", "2", "--format", "value"], stdin=text.encode()).out
    slope = run(["grad", "x*sin(x)", "--x", "2", "--format", "value"]).out.splitlines()[1]
    assert float(value) == pytest.approx(float(slope))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x*y", "x=2"], "diff takes no value of 'x'"),
        (["x*y", "--ordr", "2"], "there is no variable 'ordr': the variables are x, y; did you mean '--order'?"),
        (["3"], "there is nothing to differentiate by"),
        (["x*y", "--wrt", "x,y", "--order", "2"], "--order goes with one variable"),
        (["x*y", "--wrt", "z"], "--wrt names 'z'"),
        (["x*y", "--order", "0"], "invalid value for '--order'"),
    ],
)
def test_what_it_refuses(run, words, message) -> None:
    done = run(["diff", *words])
    assert (done.status, done.out) == (2, "")
    assert message in done.err
