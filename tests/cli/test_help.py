"""The help of the command and of each of its commands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from adcli.cli.command_group import command_names, load_command
from adcli.cli.declarations import GROUPS
from adcli.cli.manual import TOPICS, read_page
from adcli.cli.options import OUTPUT, OWN, POINTS, TABLE_WORDS

SECTIONS = ["Options", "Variables", POINTS, OUTPUT, "Targets", "More"]


def test_commands_are_listed_in_groups_with_whole_summaries(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    out = run(["--help"]).out
    assert max(map(len, out.splitlines())) <= 80
    assert "..." not in out.partition(f"{GROUPS[0]}:")[2]
    starts = [out.index(f"\n{group}:\n") for group in GROUPS]
    assert starts == sorted(starts)
    listed = re.findall(r"^  ([a-z]+) +(.+)$", out[starts[0] :], re.MULTILINE)
    assert sorted(name for name, _ in listed) == command_names()
    for name, summary in listed:
        command = load_command(name)
        assert command.group in GROUPS
        assert summary == (command.help or "").partition("\n")[0]
        assert command.name == name


@pytest.mark.parametrize("name", command_names())
def test_own_options_come_before_shared_ones(name, run):
    out = run([name, "x*y", "--help"]).out
    headings = [line[:-1] for line in out.splitlines() if line.endswith(":") and line[:-1] in SECTIONS]
    assert headings == [section for section in SECTIONS if section in headings]
    command = load_command(name)
    own = [param for param in command.params if isinstance(param, click.Option) and not hasattr(param, "section")]
    for param in own:
        assert f"  {param.opts[0]}" in out.partition("Options:")[2].partition("\n\n")[0]


@pytest.mark.parametrize("name", command_names())
def test_every_row_of_the_options_is_an_option_with_a_text(name, run):
    out = run([name, "--help"]).out
    rows = [line for line in out.partition("\nOptions:\n")[2].partition("\n\n")[0].splitlines() if line[2] != " "]
    assert rows
    for row in rows:
        assert re.match(r"  -.* ", row), row


@pytest.mark.parametrize("name", command_names())
def test_help_texts_have_one_style(name):
    for param in load_command(name).params:
        if isinstance(param, click.Option):
            text = param.help or ""
            assert re.fullmatch(r"[A-Z].*\.", text), text
            assert not re.search(r"\b(not|no|never|without it)\b", text), text


def test_help_of_a_command_is_its_help_page(run):
    assert run(["help", "grad"]) == run(["grad", "--help"])
    assert run(["help"]) == run(["--help"])
    assert run(["-V"]) == run(["--version"])
    assert "did you mean 'graph'?" in run(["help", "grapf"]).err


@pytest.mark.parametrize(("topic", "text"), [("language", "## Precedence"), ("numbers", "# The numbers")])
def test_topics_are_pages(topic, text, run):
    done = run(["help", topic])
    assert (done.status, done.err) == (0, "")
    assert text in done.out
    assert f"adcli help {topic}" in run(["grad", "--help"]).out


def test_every_page_is_in_the_wheel():
    root = Path(__file__).parents[2]
    included = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    paths = included["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    for path in TOPICS.values():
        assert path in paths or path.partition("/")[0] in paths
        page = read_page(path)
        assert page.startswith("# ")
        assert "](" not in page
        assert "<!--" not in page


def test_one_option_has_one_declaration():
    """Options of one name and one metavar in several commands share their help, but for their defaults."""
    helps: dict[str, set[str]] = {}
    for name in command_names():
        for param in load_command(name).params:
            if getattr(param, "section", OWN) != OWN:
                text = re.sub(r"\[default: .*\]", "", param.help or "")
                helps.setdefault(param.opts[-1], set()).add(text)
    assert {name: len(texts) for name, texts in helps.items()} == dict.fromkeys(helps, 1)
    assert len(helps) >= 13
    shared = {param.opts[-1] for param in load_command("eval").params if getattr(param, "section", "") == POINTS}
    assert shared == {f"--{word}" for word in TABLE_WORDS} | {"--on-error", "--no-header", "-p"}


def test_a_command_is_one_file_of_twenty_lines(tmp_path, monkeypatch, run):
    """A file in `commands` is a command: its name, group, help, shared options and completion follow."""
    import adcli.cli.commands

    text = '''"""`adcli double`: twice an expression."""

import click

from adcli.cli.declarations import DERIVATIVES, expression_command
from adcli.cli.options import output_options, value_option


@expression_command(DERIVATIVES)
@value_option
@output_options(lambda: ("text", "json"))
def command(ctx: click.Context, output_format: str, output: str | None) -> int:
    """Print an expression twice."""
    from adcli.cli.output import write

    write(f"{ctx.obj.expression} {ctx.obj.values} {output_format}\\n", output)
    return 0
'''
    (tmp_path / "double.py").write_text(text)
    monkeypatch.setattr(adcli.cli.commands, "__path__", [*adcli.cli.commands.__path__, str(tmp_path)])
    assert run(["double", "x", "x=2"]).out == "x [('x', '2')] text\n"
    assert run(["double", "x", "x=2", "-o", "a.json.gz"]) == (0, "", "")
    assert "double does not write .csv files" in run(["double", "x", "-o", "a.csv"]).err
    assert "  --x VALUE" in run(["double", "x", "-h"]).out
