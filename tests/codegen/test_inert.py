"""Hostile names and texts give valid, inert code in every target; deep and wide formulas give code that compiles."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

import adcli
from adcli.cli.suffixes import code_targets, format_by_suffix
from adcli.codegen import load_target, target_names
from adcli.codegen.names import words
from adcli.codegen.request import CodeRequest, derive_request
from adcli.errors import RequestError, UnknownNameError
from adcli.graph.expr import Graph
from tests.cli.conftest import run_command
from tests.codegen.runners import RUNNERS, SQL_RUNNERS, engine, request_of, same_number
from tests.codegen.servers import SERVERS
from tests.sampling import rotate

HOSTILE = [
    "int", "lambda", "select", "SELECT", "__init__", "x'; DROP TABLE points; --", "β", "Λ", "я", "value", "gradient",
    "undefined", "math", "np", "v1", "f", "f_", "__proto__", "constructor", "*/ int main(void) {", "a b", "",
    '""" + 1 + """', "NAN", "nan_", "None", "default", "points", "inputs", "level1", "df_dx", "\\end{align*}", "\u2028",
    "`", "adcli_sin", '"', "1", "e", "double", "rowid", "jvp", "x\ny", "\\", "${1}", "_X", "I", "x", "X",
]  # fmt: skip
# Further words of the languages, and names of functions that their code calls.
WORDS = sorted(
    words("""
    self Self crate fn match mut impl dyn gen box f64 f16 i32 str usize Some Ok end begin function local elseif using
    quote Inf NaN isnan float ans _ __ ___ sin floor fabs pow rem hypot register restrict INFINITY let yield await
""")
)
PROGRAMS = {
    "deep": "".join(["sin("] * 150) + "x" + ")" * 150,
    "wide": " + ".join(f"x*{n}.5" for n in range(400)),
    "powers": "; ".join(["v0 = x", *(f"v{n + 1} = v{n}*0.5 + v{n}*v{n}*0.25" for n in range(40))]) + "; v40",
}  # fmt: skip


def hostile_request(place: int) -> CodeRequest:
    """A sum over all the hostile names and words, with a hostile text and name of its own, and three bindings."""
    graph = Graph()
    total = graph.variable("") * 2.0
    for number, name in enumerate([*HOSTILE, *WORDS]):
        total = total + graph.variable(name) * float(number + 3)
    for number, label in enumerate(["x'; DROP TABLE", "int", "__class__"]):
        square = total * float(number + 2)
        graph.labels.setdefault(square.row, label + "_2")
        total = square + 1.0
    return derive_request(total, '*/ """ \\\n -- */ ${x} \u2028 `x` ??/ \n%', name=f"f{place}")


@pytest.mark.parametrize("target", RUNNERS)
def test_hostile_names_compute_what_other_names_would(target: str, tmp_path: Path) -> None:
    request = hostile_request(0)
    point = [0.5 + 0.25 * place for place in range(len(request.variables))]
    [[got]] = RUNNERS[target]([request], [[point]], tmp_path)
    assert all(map(same_number, got, engine(request, point)))


@pytest.mark.parametrize("database", SQL_RUNNERS)
@pytest.mark.parametrize("name", rotate(HOSTILE, 4))
def test_hostile_columns(database: str, name: str, tmp_path: Path) -> None:
    """One at a time: databases tell columns apart without regard to capitals."""
    if name in ("", "\u2028"):
        pytest.skip("no database has such a column")
    graph = Graph()
    x = graph.variable(name)
    request = derive_request(x * x, f"{name}**2")
    [[[value, slope]]] = SQL_RUNNERS[database]([request], [[[3.0]]], tmp_path)
    assert (value, slope) == (9.0, 6.0)


@pytest.mark.parametrize("database", SERVERS)
def test_hostile_columns_and_deep_formulas_on_servers(database: str, tmp_path: Path) -> None:
    """All of them in one session; Spark would plan the deepest for a minute."""
    names = [name for name in HOSTILE if name not in ("", "\u2028") and not (database == "spark" and "${" in name)]
    programs = [program for key, program in PROGRAMS.items() if database != "spark" or key != "deep"]
    requests = [request_of(program) for program in programs]
    for name in names:
        x = Graph().variable(name)
        requests.append(derive_request(x * x, f"{name}**2"))
    points = [[[0.375]]] * len(programs) + [[[3.0]]] * len(names)
    for request, rows, [got] in zip(requests, points, SERVERS[database](requests, points, tmp_path), strict=True):
        for one, other in zip(got, engine(request, rows[0]), strict=True):
            assert math.isclose(one, other, rel_tol=1e-12), request.expression


@pytest.mark.parametrize("target", target_names())
def test_a_comment_cannot_be_left(target: str) -> None:
    """Whatever stands in the text of the expression stays in a comment."""
    graph = Graph()
    evil = 'x */ evil(); /* \n evil(); \r evil() """ evil() \u2028 evil() \\\n evil() ??/\n evil()'
    writer = load_target(target)
    text = writer.write(derive_request(graph.variable("x") * 2.0, evil))
    opening, closing, _ = writer.comment
    comment = f"{re.escape(opening)}.*?{re.escape(closing)}" if closing else rf"{re.escape(opening)}[^\n]*"
    assert "evil" in text
    assert "evil" not in re.sub(comment, "", text, flags=re.DOTALL)
    assert not set("\r\u2028") & set(text)


@pytest.mark.parametrize("program", rotate(PROGRAMS, 4))
@pytest.mark.parametrize("target", [*RUNNERS, *SQL_RUNNERS])
def test_deep_and_wide_formulas(target: str, program: str, tmp_path: Path) -> None:
    request = request_of(PROGRAMS[program])
    [rows] = (RUNNERS | SQL_RUNNERS)[target]([request], [[[0.375]]], tmp_path)
    for got, expected in zip(rows[0], engine(request, [0.375]), strict=True):
        assert math.isclose(got, expected, rel_tol=1e-12)


def test_a_huge_formula_is_written_without_recursion() -> None:
    text = "x" + "".join(f"*(y + {n})" for n in range(2_500))
    for target in ("c", "javascript", "python"):
        assert adcli.compile(text).code(target, what=["value"]).count("\n") > 300


def test_suffixes_choose_targets_and_clash_with_none() -> None:
    chosen = [(suffix, name) for name in target_names() for suffix in load_target(name).suffixes]
    assert len(chosen) == len(dict(chosen))
    for suffix, name in chosen:
        for path in (f"a.b{suffix}", f"a.b{suffix}.gz"):
            assert format_by_suffix(path, code_targets(), "code") == name


@pytest.mark.parametrize("target", target_names())
def test_the_command_writes_what_the_method_gives(target: str, tmp_path: Path) -> None:
    path = tmp_path / "made"
    words = ["code", "u = x*y; sin(u)*u", "--to", target, "--wrt", "y", "--what", "jvp,value", "--name", "g"]
    assert run_command([*words, "-o", str(path)]) == (0, "", "")
    made = adcli.compile("u = x*y; sin(u)*u").code(target, ["value", "jvp"], ["y"], "g")
    assert path.read_text(encoding="utf-8") == made
    assert run_command(words).out == made


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x"], "--to is missing: the targets are c, "),
        (["x", "-o", "f.txt"], "-o 'f.txt': code does not write .txt files: use .c, .js, "),
        (["x", "-o", "f"], "--to is missing"),
        (["x", "--to", "cc"], "there is no target 'cc': did you mean 'c'?"),
        (["x", "--to", "c", "x=2"], "'x' has a value, but code is for all points"),
        (["x", "--format", "c"], "--to is missing"),
        (["x", "--to", "c", "--wrtt", "x"], "there is no variable 'wrtt': the variables are x; did you mean '--wrt'?"),
        (["x", "--to", "c", "--what", "slope"], "code has no part 'slope': the parts are value, "),
        (["x", "--to", "c", "--wrt", "y"], "--wrt names 'y', which is not a variable"),
        (["2", "--to", "c", "--what", "gradient"], "there is nothing to write"),
        (["2", "--to", "sql"], "SQL needs a variable"),
        (["gamma(x)", "--to", "sql"], "SQL has no gamma"),
        (["x", "--to", "sql", "--table", "a\nb"], "'a b' is not the name of a table"),
        (["x", "--to", "c", "--table", "t"], "c reads no table: leave out --table"),
        (["[x, y]", "--to", "c", "--what", "gradient"], "a gradient is of a number, and the result is a vector"),
    ],
)  # fmt: skip
def test_mistakes(words: list[str], message: str) -> None:
    outcome = run_command(["code", *words])
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.startswith(f"adcli: {message}")


def test_what_spark_cannot_be_told() -> None:
    x = Graph().variable("${x}")
    with pytest.raises(RequestError, match=r"Spark replaces .* a column is called '\$\{x\}'"):
        load_target("spark").write(derive_request(x * x, "x*x"))
    deep = load_target("spark").write(request_of(PROGRAMS["deep"]))
    assert deep.splitlines()[1].startswith("-- SET spark.sql.analyzer.maxIterations = ")
    assert "${" not in load_target("spark").write(derive_request(Graph().variable("x") * 2.0, "${env:HOME}"))


def test_wrt_of_the_method_is_checked() -> None:
    with pytest.raises(UnknownNameError, match="no variable 'z'"):
        adcli.compile("x").code("c", wrt=["z"])


def test_help_lists_the_targets() -> None:
    shown = run_command(["code", "--help"]).out
    assert all(f"\n  {name} " in shown for name in target_names())


def test_nothing_of_the_targets_is_loaded_by_other_commands() -> None:
    code = "import sys; from adcli.cli import main; main(['grad', 'x', 'x=2']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "adcli.codegen" not in done.stdout
