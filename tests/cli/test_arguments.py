"""The table of `arguments.tsv`: which words of a command line are options, values and the expression.

`words` are split as a shell would, `\\n` is a line break; an expression of `None` means that there is none and `!`
that sorting the words is itself the error. The outcome is what `adcli grad` does with them: the value it prints, `json`
and the value, `file` and the value in the file `out`, `table` and its cells, `help`, or the error. The file `formula`
holds ``x**2``, `a file` ``x**2 + 1``, `points.csv` two rows of columns x and n, standard input ``x*y``.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click
import pytest

from adcli.cli.command_group import load_command
from adcli.cli.declarations import ExpressionCommand
from adcli.cli.words import parse_words
from adcli.errors import RequestError

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("arguments.tsv").read_text(encoding="utf-8").splitlines()[1:]
    if not line.startswith("#")
]


def options_of_grad() -> dict[str, bool]:
    seen: dict[str, bool] = {}

    class Spy(ExpressionCommand):
        def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
            for param in self.get_params(ctx):
                assert isinstance(param, click.Option)
                seen.update(dict.fromkeys(param.opts, not param.is_flag))
            return []

    grad = load_command("grad")
    Spy("grad", params=grad.params, context_settings=grad.context_settings).make_context("grad", [])
    return seen


@pytest.mark.parametrize(("line", "expression", "values", "options", "outcome"), ROWS, ids=[row[0] for row in ROWS])
def test_row(line, expression, values, options, outcome, run, tmp_path):
    words = shlex.split(line.replace("\\n", "\n"))
    if expression == "!":
        with pytest.raises(RequestError) as caught:
            parse_words(words, options_of_grad())
        assert str(caught.value).startswith(outcome.removeprefix("error: "))
    else:
        found = parse_words(words, options_of_grad())
        assert found.expression == (None if expression == "None" else expression.replace("\\n", "\n"))
        assert [f"{name}={text}" for name, text in found.values] == (values.split(" | ") if values else [])
        assert found.options == (options.split(" | ") if options else [])

    (tmp_path / "formula").write_text("x**2")
    (tmp_path / "a file").write_text("x**2 + 1")
    (tmp_path / "points.csv").write_text("x,n\n1,a\n2,b\n")
    done = run(["grad", *words], stdin=b"x*y")
    kind, _, rest = outcome.partition(" ")
    if kind == "error:":
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith(f"adcli: {rest}")
        return
    assert done.status == 0
    if kind == "help":
        assert done.out.startswith("Usage: adcli grad")
    elif kind == "json":
        assert json.loads(done.out)["value"] == float(rest)
    elif kind == "table":
        assert done.out.split() == rest.split()
    elif kind == "file":
        assert done.out == ""
        assert (tmp_path / "out").read_text().split()[:2] == ["f", rest]
    else:
        assert done.out.split()[:2] == ["f", outcome]


def test_the_table_is_large():
    assert len(ROWS) >= 70


def test_lenient_sorting_leaves_out_what_is_wrong():
    found = parse_words(["x*y", "z", "-p", "bad", "--x"], {"--json": False}, lenient=True)
    assert (found.expression, found.values, found.options) == ("x*y", [], [])


def test_every_command_over_an_expression_sorts_alike(run):
    for command in ("eval", "grad"):
        assert run([command, "-o*2", "--o", "3", "--format", "value"]).out.splitlines()[0] == "-6.0"
    assert run(["graph", "-o*2", "--o", "3", "--format", "dot"]).out.startswith("digraph")
