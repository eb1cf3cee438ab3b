"""Arrays on the command line: values from words and files, every format, notes, pictures."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from adcli.ops import FUNCTIONS

S = [[2.0, 0.5], [0.5, 1.0]]


@pytest.fixture
def files(tmp_path):
    np.save(tmp_path / "S.npy", np.array(S))
    np.save(tmp_path / "whole.npy", np.array([1, 2], dtype=np.int32))
    np.save(tmp_path / "number.npy", np.array(2.5))
    (tmp_path / "S.csv").write_text("2, 0.5\n.5, 1e0 # the last row\n\n")
    (tmp_path / "S.tsv").write_bytes(b"\xef\xbb\xbf2\t0.5\r\n0.5\t1\r\n")
    (tmp_path / "S.txt").write_text("  2 0.5\n 0.5   1\n")
    (tmp_path / "S;").write_text("2;0.5;\n0.5;1;\n")
    (tmp_path / "row").write_text("1, nan, -inf\n")
    (tmp_path / "column").write_text("1\n2\n3\n")
    (tmp_path / "one").write_text("4\n")
    return tmp_path


def answer(outcome):
    assert outcome.status == 0, outcome.err
    return json.loads(outcome.out)


@pytest.mark.parametrize(
    "word", ["@S.npy", "@S.csv", "@S.tsv", "@S.txt", "@S;", "[[2, .5], [1/2, 1]]", "inv(inv([[2, .5],\n[.5, 1]]))"]
)
def test_a_matrix_from_everywhere(word, run, files):
    given = answer(run(["grad", "logdet(S) + x @ solve(S, x)", "--S", word, "--x", "[1, 2]", "--json"]))
    inverse = np.linalg.inv(S)
    x = np.array([1.0, 2.0])
    assert np.allclose(given["at"]["S"], S, rtol=1e-15)
    assert math.isclose(given["value"], np.linalg.slogdet(S)[1] + x @ inverse @ x)
    assert np.allclose(given["gradient"]["S"], inverse - np.outer(inverse @ x, inverse @ x))
    assert np.allclose(given["gradient"]["x"], 2 * inverse @ x)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("@whole.npy", [1.0, 2.0]), ("@number.npy", 2.5), ("@row", [1.0, "NaN", "-Infinity"]),
        ("@column", [1.0, 2.0, 3.0]), ("@one", 4.0), (" @one ", 4.0), ("[1]", [1.0]), ("[[1]]", [[1.0]]),
        ("[1, 2][1]", 2.0), ("[1, 2]*pi/pi", [1.0, 2.0]), ("[inf]", ["Infinity"]),
    ],
)  # fmt: skip
def test_values(word, value, run, files):
    done = run(["eval", "x", "--x", word, "--json"])
    assert json.loads(done.out)["at"]["x"] == value
    assert json.loads(done.out)["value"] == value
    assert run(["eval", "x", "x=" + word, "--json"]).out == done.out


def test_text(run, files):
    done = run(["grad", "sum(A**2)*y + x @ x", "--A", "[[1, -20], [3, 4]]", "--x", "[1, 2]", "--y", "0.5"])
    assert done.out.splitlines() == [
        "f         218.0", "df/dA[0]  [1.0, -20.0]", "df/dA[1]  [3.0,   4.0]", "df/dy     426.0",
        "df/dx     [2.0, 4.0]",
    ]  # fmt: skip
    assert run(["eval", "T", "--T", "[[[1, 2]], [[3, 4]]]"]).out == "f[0,0]  [1.0, 2.0]\nf[1,0]  [3.0, 4.0]\n"
    assert run(["eval", "x/3", "--x", "[1, 2]", "--digits", "3"]).out == "f  [0.333, 0.667]\n"
    np.save(files / "none.npy", np.zeros((0, 2)))
    assert run(["grad", "sum(x)", "--x", "@none.npy"]).out == "f      0.0\ndf/dx  []\n"


def test_what_is_printed_can_be_given(run):
    row = run(["eval", "softmax(x)", "--x", "[1, 2, 3]"]).out.split(maxsplit=1)[1]
    assert run(["eval", "x", "--x", row]).out == f"f  {row}"


def test_numbers_alone(run):
    done = run(["grad", "sum(A @ x)", "--A", "[[1, 2], [3, 4]]", "--x", "[1, 2]", "--format", "value"])
    assert done.out.split() == ["16.0", "1.0", "2.0", "1.0", "2.0", "4.0", "6.0"]


@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("tsv", "\t")])
def test_tables_have_a_column_for_each_element(form, separator, run):
    done = run(["grad", "sum(A @ x)*y", "--A", "[[1, 2]]", "--x", "[3, 4]", "--y", "2", "--format", form])
    header, row = [line.split(separator) for line in done.out.splitlines()]
    assert header == ["A_0_0", "A_0_1", "x_0", "x_1", "y", "f", "df_dA_0_0", "df_dA_0_1", "df_dx_0", "df_dx_1", "df_dy"]
    assert list(map(float, row)) == [1, 2, 3, 4, 2, 22, 6, 8, 2, 4, 11]
    assert run(["eval", "x", "--x", "[3, 4]", "--format", form]).out.splitlines()[0].split(separator)[2:] == [
        "f_0",
        "f_1",
    ]


def test_columns_of_one_name(run):
    done = run(["grad", "x_0 + sum(x)", "--x", "[1]", "--x_0", "2", "--format", "csv"])
    assert (done.status, done.out) == (2, "")
    assert "the input column 'x_0' has the name of another" in done.err


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_some_slopes_in_either_mode(mode, run):
    done = run(["grad", "x @ A @ x", "--A", "[[1, 2], [3, 4]]", "--x", "[1, 1]", "--wrt", "x", "--mode", mode])
    assert done.out == "f      10.0\ndf/dx  [7.0, 13.0]\n"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["sum(abs(x))", "--x", "[1, 0, 0]"], 0, "note: abs(x) at column 5: kink at x[1] = 0: slopes -1 (left) and 1"),
        (["sum(abs(x))", "--x", "[1, 0, 0]"], 0, "(and so at 1 more of its elements)"),
        (["sum(abs(A + x))", "--A", "[[1, 2], [3, 4]]", "--x", "[-1, 0]"], 0, "kink at (A + x)[0, 0] = 0"),
        (["max(x)", "--x", "[3, 3]"], 0, "note: max(x) at column 1: kink at x = [3, 3]"),
        (["sum(max(A, axis=1))", "--A", "[[3, 3], [1, 2]]"], 0, "kink at A = [[3, 3], [1, 2]]"),
        (["norm(x)", "--x", "[0, 0]"], 0, "kink at x = [0, 0]"),
        (["sum(1/x)", "--x", "[1, 0]"], 0, "the divisor is 0 (x[1] = 0); the value is inf"),
        (["sum(sqrt(x))", "--x", "[1, 0]"], 0, "sqrt(x) at column 5: infinite slope at x[1] = 0"),
        (["x @ x", "--x", "[1e200, 1]"], 0, "beyond the largest float64 (x = [1e+200, 1]"),
        (["y*sum(log(x - 3))", "--x", "[4, 2]", "--y", "1"], 1, "at column 7: (x - 3)[1] = -1 is outside (0, inf)"),
        (["log(x)[0] + sum(where(x > 0, log(x), 0))", "--x", "[1, -2]"], 0, ""),
        (["sum(sqrt(x)**2)", "--x", "[4, 0]"], 1, "sqrt(x) at column 5: its slope inf meets 0 at x[1] = 0"),
        (["x @ y", "--x", "[1, nan]", "--y", "[1, 2]"], 1, "x at column 1: x[1] is not a number"),
        (["x @ y", "--x", "[1, inf]", "--y", "[1, 0]"], 1, "column 1: it has no value at x = [1, inf], y = [1, 0]"),
        (["logdet(A)", "--A", "[[1, 1], [1, 1]]"], 1, "adcli: logdet: the matrix is singular (column 1)"),
        (["2*logdet(A)", "--A", "[[0, 1], [1, 0]]"], 1, "the determinant is negative (column 3)"),
    ],
)  # fmt: skip
def test_notes(words, status, said, run):
    done = run(["grad", *words])
    assert done.status == status
    assert said in done.err
    assert "Traceback" not in done.err
    if not said:
        assert done.err == ""


def test_a_vector_with_a_nan_is_a_failure(run):
    done = run(["eval", "sqrt(x)", "--x", "[4, -1]"])
    assert (done.status, done.out) == (1, "f  [2.0, nan]\n")
    assert "sqrt(x) at column 1: x[1] = -1 is outside [0, inf)" in done.err


def test_pictures(run):
    words = ["graph", "u = A @ x; sum(u**2) + max(x)", "--x", "[1, 2]", "--format", "dot"]
    done = run([*words, "--A", "[[1, 2], [3, 4]]"])
    for text in (r"x\nshape (2,)\nvalue [1, 2]\nadjoint [76, 109]",
                 r"u = A @ x\nshape (2,)\nvalue [5, 11]\nadjoint [10, 22]",
                 r"v3 = amax(x)\nvalue 2\nadjoint 1"):  # fmt: skip
        assert text in done.out
    done = run([*words, "--A", "[[1, 2], [3, 4], [5, 6], [7, 8]]"])
    assert r"A\nshape (4, 2)" in done.out
    assert r"A\nshape (4, 2)\nvalue" not in done.out
    assert (
        r"f = A @ x\nshape (2,)\nvalue [5, 11]"
        in run(["graph", "A @ x", "--A", "[[1, 2], [3, 4]]", "--x", "[1, 2]", "--format", "dot"]).out
    )
    assert "no value for A, x" in run(["graph", "A @ x"]).err


def test_the_list_of_functions_has_the_tensor_functions(run):
    listed = {entry["name"]: entry for entry in map(json.loads, run(["functions", "--json"]).out.splitlines())}
    assert listed["solve"]["written"] == "solve(A, b)"
    assert listed["logdet"]["domain"] == "square matrices"
    assert listed["sum"]["written"] == "sum(x, axis=None, keepdims=False)"
    assert listed["matmul"]["aliases"] == ["matmul", "dot"]
    assert "kink at x = 0" in listed["norm"]["convention"][0]


def test_help_and_completion_know_the_variables(run):
    assert "--A VALUE" in run(["grad", "A @ x", "--help"]).out


KINKED = sorted({op.name for op in FUNCTIONS.values() if op.is_elementwise and op.kinks and not op.is_condition})
ALONG = {"grad": [], "jac": [], "hess": [], "hvp": ["--da", "1"], "jvp": ["--da", "1"]}


@pytest.mark.parametrize("name", KINKED)
def test_every_operation_with_kinks_on_arrays_that_do_not_move(name, run):
    """Literals, inputs left out by --wrt and inputs without a direction, at values where there are kinks."""
    op = FUNCTIONS[name]
    count = 2 if op.variadic else op.arity
    literal = ", ".join(["1" if place in op.integers else "[0, 1, -1]" for place in range(count - 1)] + ["[0, 1, 2]"])
    named = ", ".join(["1" if place in op.integers else "x" for place in range(count)])
    for command, directions in ALONG.items():
        by = [] if directions else ["--wrt", "a"]
        for words in (
            [f"sum({name}({literal}))*a", *directions],
            [f"sum({name}({literal})*a)", *directions],
            [f"sum({name}({named}))*a", "--x", "[0, 1, -1]", *directions, *by],
            [f"sum({name}({named})*a)", "--x", "[inf, 0, 1]", *directions, *by],
        ):
            done = run([command, *words, "--a", "2"])
            assert done.status in (0, 1), (command, words, done.err)
            assert done.out, (command, words, done.err)


@pytest.mark.parametrize("command", ["eval", "grad", "jac", "hess"])
def test_an_infinite_result_beside_array_variables(command, run):
    done = run([command, "sum(2*x) + sum(0*y)", "--x", "[inf, 0]", "--y", "[1, 2]"])
    assert done.status == 0, done.err
    assert "f is infinite because x is" in done.err
