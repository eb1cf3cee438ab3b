"""Every command that takes a point, at many: rows are its answers at one point, in every format, however given."""

from __future__ import annotations

import io
import json
import math
import select
import subprocess

import numpy as np
import pytest
from click.shell_completion import ShellComplete

from adcli.backends import BACKENDS
from adcli.cli.command_group import adcli as command_line
from adcli.formula.backend_choice import is_installed
from tests.sampling import rotate

from .conftest import ENVIRONMENT, POLARS, PYTHON

POINTS = {"x": [0.5, 1.25, -0.75, 3.0], "y": [2.0, 0.3, 1.5, -1.0]}
MOVED = POINTS | {"dx": [1.0, 0.0, -2.0, 0.125], "dy": [0.5, 1.0, 3.0, -1.0]}
CURVE = {"x": [1.0, 2.0, -3.0, 0.5], "y": [6.0, 3.0, -2.0, 12.0]}
SCALAR, VECTOR = "exp(x)*y**3 + x**2/y", "[x*y, sqrt(x)/y, exp(x)]"  # one element is undefined at x = -0.75
COMMANDS = {
    "eval": (["eval", "log(x)*y"], POINTS),
    "eval of a vector": (["eval", VECTOR], POINTS),
    "grad": (["grad", "log(x)*y"], POINTS),
    "grad of some": (["grad", SCALAR, "--wrt", "y"], POINTS),
    "jac": (["jac", VECTOR], POINTS),
    "jac of many": (["jac", "[x, y, x*y, x/y, exp(x)]", "--wrt", "x"], POINTS),
    "jac of a number": (["jac", SCALAR], POINTS),
    "hess": (["hess", SCALAR], POINTS),
    "hess, undefined": (["hess", "sqrt(x)*y", "--wrt", "y,x"], POINTS),
    "hvp": (["hvp", SCALAR], MOVED),
    "jvp": (["jvp", "log(x)*y"], MOVED),
    "jvp of a vector": (["jvp", VECTOR], MOVED),
    "taylor": (["taylor", "log(x)*y", "--wrt", "x", "--order", "3"], POINTS),
    "implicit": (["implicit", "x*y = 6", "--of", "y"], CURVE),
    "implicit, twice": (["implicit", "exp(x*y) = exp(6)", "--of", "x", "--order", "3"], CURVE),
    "implicit, solved": (["implicit", "x*y = 6", "--of", "y", "--solve"], CURVE | {"y": [4.0, 2.0, -1.0, 9.0]}),
}
EACH = pytest.mark.parametrize("name", COMMANDS)
HERE = [backend for backend in BACKENDS if is_installed(backend)]


def at(points: dict[str, list[float]], row: int) -> list[str]:
    return [f"{name}={column[row]!r}" for name, column in points.items()]


def swept(points: dict[str, list[float]]) -> list[str]:
    return [f"{name}={','.join(map(repr, column))}" for name, column in points.items()] + ["--zip"]


def table(points: dict[str, list[float]]) -> bytes:
    rows = zip(*points.values(), strict=True)
    return "".join(f"{','.join(cells)}\n" for cells in [list(points), *(map(repr, row) for row in rows)]).encode()


def one_by_one(run, words: list[str], points: dict[str, list[float]], form: str) -> list[str]:
    """What the command prints of each point alone."""
    return [run([*words, *at(points, row), "--format", form]).out for row in range(len(points["x"]))]


@EACH
@pytest.mark.parametrize("form", ["csv", "tsv", "json", "value", "text"])
def test_rows_are_the_answers_at_one_point(name, form, run):
    words, points = COMMANDS[name]
    alone = one_by_one(run, words, points, form)
    for given, stdin in ((swept(points), b""), (["--data", "-"], table(points))):
        done = run([*words, *given, "--format", form, "--backend", "python"], stdin)
        assert done.status == 0
        if form in ("csv", "tsv"):
            header = alone[0].splitlines(keepends=True)[0]
            assert done.out == header + "".join(text.removeprefix(header) for text in alone)
        elif form == "json":
            header, *cells = run([*words, *given, "--format", "csv", "--backend", "python"], stdin).out.splitlines()
            expected = [dict(zip(header.split(","), map(float, row.split(",")), strict=True)) for row in cells]
            rows = [json.loads(line) for line in done.out.splitlines()]
            assert repr([{name: float(cell) for name, cell in row.items()} for row in rows]) == repr(expected)
        elif form == "value":
            assert done.out == "".join(alone)
        else:
            header, *rows = [line.split() for line in done.out.splitlines()]
            if name == "eval of a vector":  # which one point prints on one line
                continue
            for row, text in zip(rows, alone, strict=True):
                inputs = len(points) - ("--solve" in words)  # the variable that is computed is a result
                assert list(zip(header, row, strict=True))[inputs:] == [
                    tuple(line.split()) for line in text.splitlines()
                ]


@EACH
@pytest.mark.parametrize("form", ["npy", pytest.param("parquet", marks=POLARS)])
def test_binary_tables_hold_the_same(name, form, run, tmp_path):
    words, points = COMMANDS[name]
    expected = run([*words, *swept(points), "--format", "csv", "--backend", "python"]).out.splitlines()
    done = run([*words, "--data", "-", "-o", f"out.{form}", "--backend", "python"], table(points))
    assert done.status == 0
    if form == "npy":
        found = np.load(tmp_path / "out.npy", allow_pickle=False)
        names, rows = found.dtype.names, found.tolist()
    else:
        import polars as pl

        frame = pl.read_parquet(tmp_path / "out.parquet")
        names, rows = frame.columns, frame.rows()
    assert ",".join(names) == expected[0]
    assert [",".join(map(repr, row)) for row in rows] == expected[1:]


@EACH
@pytest.mark.parametrize("backend", [backend for backend in HERE if backend != "python"])
def test_backends_agree(name, backend, run):
    words, points = COMMANDS[name]
    given = [*words, *swept(points), "--format", "value"]
    done = run([*given, "--backend", backend, "--threads", "2"])
    exact = list(map(float, run([*given, "--backend", "python"]).out.split()))
    found = list(map(float, done.out.split()))
    assert len(found) == len(exact)
    for mine, truth in zip(found, exact, strict=True):
        assert mine == truth or (math.isnan(mine) and math.isnan(truth)) or abs(mine - truth) <= 2 * math.ulp(truth)


@EACH
def test_undefined_rows_are_counted_and_strict(name, run):
    words, points = COMMANDS[name]
    alone = [run([*words, *at(points, row)]) for row in range(4)]
    undefined = [row for row, done in enumerate(alone) if done.status == 1]
    done = run([*words, *swept(points)])
    strict = run([*words, *swept(points), "--strict"])
    assert strict.out == done.out
    if not undefined:
        assert (done.status, done.err, strict.status) == (0, "", 0)
        return
    said = f"{len(undefined)} of 4 rows is undefined; the first: point {undefined[0] + 1}, "
    reason = alone[undefined[0]].err.removeprefix("adcli: ").splitlines()[0]
    assert (done.status, done.err) == (0, f"note: {said}{reason}\n")
    assert (strict.status, strict.err) == (1, f"adcli: {said}{reason}\n")


@EACH
def test_bad_rows(name, run):
    words, points = COMMANDS[name]
    good = table(points).splitlines(keepends=True)
    bad = b"".join([*good[:3], b"oops" + good[3][good[3].index(b",") :], *good[4:]])
    given = [*words, "--data", "-", "--format", "csv"]
    expected = run(given, b"".join(good)).out.splitlines()
    done = run(given, bad)
    assert (done.status, done.out.splitlines()) == (2, expected[:3])
    assert "standard input, line 4, column x: 'oops' is not a number" in done.err
    assert done.err.endswith("2 rows were written before\n")
    done = run([*given, "--on-error", "skip"], bad)
    assert (done.status, done.out.splitlines()) == (0, [*expected[:3], *expected[4:]])
    done = run([*given, "--on-error", "nan"], bad)
    row = done.out.splitlines()[3].split(",")
    assert (done.status, row[0], row[-1]) == (0, "oops", "nan")


@EACH
def test_a_column_may_not_have_the_name_of_a_result(name, run):
    words, points = COMMANDS[name]
    header = run([*words, *swept(points), "--format", "csv"]).out.splitlines()[0].split(",")
    inputs = [name for name in points if name != "y" or "--solve" not in words]  # a variable that is computed is none
    for result in header[len(points) :]:
        data = table(points | {result: [0.0] * 4})
        done = run([*words, "--data", "-", "--format", "csv"], data)
        assert (done.status, done.out) == (2, "")
        assert f"the input column '{result}' has the name of a result: rename it" in done.err
        renamed = run([*words, "--data", "-", "--format", "csv", "--rename", f"old={result}"], data)
        assert renamed.out.splitlines()[0].split(",") == [*inputs, "old", *header[len(inputs) :]]


@EACH
def test_digits_columns_that_are_kept_and_the_name_of_the_output(name, run, tmp_path):
    words, points = COMMANDS[name]
    data = b"id," + b"\n007,".join(table(points).splitlines()) + b"\n"
    done = run([*words, "--data", "-", "--digits", "3", "-o", "out.csv"], data)
    assert done.status == 0
    rows = [line.split(",") for line in (tmp_path / "out.csv").read_text().splitlines()]
    assert [row[0] for row in rows] == ["id", *["007"] * 4]
    assert all(len(cell.lstrip("-").replace(".", "").lstrip("0").partition("e")[0]) <= 3
               for row in rows[1:] for cell in row[1 + len(points) :] if cell != "nan")  # fmt: skip
    assert json.loads(run([*words, "--data", "-", "--json"], data).out.splitlines()[0])["id"] == "007"
    assert "id" not in run([*words, "--data", "-", "--keep", "none"], data).out


@pytest.mark.parametrize("name", rotate(COMMANDS, 4))
def test_the_first_rows_leave_at_once(name):
    words, points = COMMANDS[name]
    header, *rows = table(points).splitlines(keepends=True)
    command = [*PYTHON, *words, "--data", "-", "--format", "csv"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT, bufsize=0
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for number, row in enumerate(rows):
            running.stdin.write(header + row if not number else row)
            for _ in range(1 if number else 2):
                assert select.select([running.stdout], [], [], 600)[0]
                line = running.stdout.readline()
            kept = row.split(b",")[0] if name == "implicit, solved" else row.rstrip(b"\n")  # a start is not kept
            assert line.startswith(kept + b",")
        running.stdin.close()
    assert running.returncode == 0


@EACH
def test_a_grid_over_several_blocks_keeps_its_order(name, run, monkeypatch):
    words, points = COMMANDS[name]
    given = [*words, "--x", "0.5:2:5", "--y", "1,2,3,4", "--format", "csv", *(f"{n}=1" for n in points if n[0] == "d")]
    whole = run(given)
    monkeypatch.setattr("adcli.tables.sweep.BLOCK_ROWS", 3)
    parts = run(given)
    assert (parts.status, parts.out, parts.err) == (0, whole.out, whole.err)
    assert parts.out.count("\n") == 21


# ------------------------------------------------------------------ directions


def test_directions_may_be_columns_values_or_sweeps(run):
    data = b"x,y,dx,n\n2,3,1,a\n4,5,0.5,b\n"
    given = ["jvp", "x*y", "--data", "-", "--format", "csv"]
    assert run(given, data).out == "x,y,dx,n,f,jvp\n2,3,1,a,6.0,3.0\n4,5,0.5,b,20.0,2.5\n"
    assert run([*given, "dy=1"], data).out == "x,y,dx,n,dy,f,jvp\n2,3,1,a,1.0,6.0,5.0\n4,5,0.5,b,1.0,20.0,6.5\n"
    renamed = run([*given, "--dy", "1", "--rename", "speed=dx"], data)
    assert renamed.out == "x,y,speed,n,dy,f,jvp\n2,3,1,a,1.0,6.0,2.0\n4,5,0.5,b,1.0,20.0,4.0\n"
    grid = run(["hvp", "x**2*y", "x=1", "y=2", "--dx", "0,1", "--dy", "0,1", "--format", "csv"])
    assert grid.out.splitlines()[1:] == ["1.0,2.0,0.0,0.0,2.0,0.0,0.0", "1.0,2.0,0.0,1.0,2.0,2.0,0.0",
                                         "1.0,2.0,1.0,0.0,2.0,4.0,2.0", "1.0,2.0,1.0,1.0,2.0,6.0,2.0"]  # fmt: skip
    twice = run([*given, "dx=1"], data)
    assert twice.status == 2
    assert "'dx' has a value and is a column of standard input" in twice.err
    none = run([*given, "--rename", "speed=dx"], data)
    assert (none.status, none.out) == (2, "")
    assert "there is no direction: add --dx … --dy …" in none.err


def test_help_and_completion_know_directions_and_options(run):
    told = run(["jvp", "x*dx*y", "--help"]).out
    for option in ("--x ", "--dx ", "--dy ", "--ddx ", "--data ", "--backend "):
        assert option in told
    complete = ShellComplete(command_line, {}, "adcli", "_ADCLI_COMPLETE")
    for name in ("jac", "hess", "hvp", "jvp", "taylor", "implicit"):
        words = [name, "x*y = 1" if name == "implicit" else "x*y"]
        found = {item.value for item in complete.get_completions(words, "--")}
        assert found >= {"--x", "--y", "--data", "--rename", "--keep", "--on-error", "--strict", "--threads", "--zip"}
        assert ("--dx" in found) == (name in ("hvp", "jvp"))


def test_results_of_one_name_are_refused(run):
    words = ["hess", "x*y2*xdy", "--x", "1,2", "y2=1", "xdy=1"]
    done = run([*words, "--format", "csv"])
    assert (done.status, done.out) == (2, "")
    assert "two results have the name 'd2f_dxdy2'" in done.err
    assert run([*words, "--json"]) == done


def test_a_table_from_a_pipe_of_arrays(run):
    stream = io.BytesIO()
    np.save(stream, np.array([[1.0, 2.0], [3.0, 4.0]]))
    done = run(["hess", "x*y", "--data", "-", "--keep", "none", "--wrt", "x", "--format", "csv"], stream.getvalue())
    assert done.out == "x,y,f,df_dx,d2f_dx2\n1.0,2.0,2.0,2.0,0.0\n3.0,4.0,12.0,4.0,0.0\n"


SWEEPS = ["1,2,5", "0:1:11", "-1e308:1e308:7", "1:2:3,7,-0.0:0:2", "0.1:1e-320:5", "2:2:4", "-0.0:5e-324:4"]


@pytest.mark.parametrize("format", ["csv", "tsv", "value", "text"])
def test_a_few_points_have_the_bits_of_one_point_in_every_format(run, format):
    for sweep in SWEEPS:
        words = ["grad", "sin(x)*y + sinc(y)", f"x={sweep}", "y=3,-2"]
        rows = [json.loads(line) for line in run([*words, "--format", "json"]).out.splitlines()]
        shown = run([*words, "--format", format]).out.replace(",", " ").splitlines()
        numbers = [float(word) for line in shown if line[0] not in "xf" for word in line.split()]
        expected = [row[name] for row in rows for name in row if format != "value" or name[0] not in "xy"]
        assert list(map(repr, numbers)) == list(map(repr, map(float, expected)))
    point = json.loads(run(["grad", words[1], f"x={rows[0]['x']!r}", "y=3", "--json"]).out)
    assert [rows[0]["f"], rows[0]["df_dx"], rows[0]["df_dy"]] == [point["value"], *point["gradient"].values()]


def test_a_few_points_of_a_long_expression_are_left_to_the_backends(run, monkeypatch):
    words = ["eval", "sum(sin(x*i), i=1..6)", "x=0:1:100", "--format", "csv"]  # 16 operations
    few = run(words)
    monkeypatch.setattr("adcli.formula.outputs.Outputs.run", None)
    monkeypatch.setattr("adcli.cli.swept_points.FEW_OPERATIONS", 1599)
    assert run(words) == few
    monkeypatch.setattr("adcli.cli.swept_points.FEW_OPERATIONS", 1600)
    with pytest.raises(TypeError):
        run(words)


def test_a_few_points_that_are_not_finite_are_described(run):
    done = run(["eval", "1/log(x)", "x=-1:1:3", "--format", "csv"])
    assert done.out.splitlines()[1:] == ["-1.0,nan", "0.0,-0.0", "1.0,inf"]
    assert "1 of 3 rows is undefined; the first: point 1" in done.err
