"""What commands write to a terminal: plots as text, and no formats for programs."""

from __future__ import annotations

import builtins

import pytest

from adcli.cli import output


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(output, "is_terminal", lambda path: path in (None, *output.STANDARD_OUTPUT))


@pytest.mark.parametrize(
    ("words", "format"),
    [
        (["graph", "x^2"], "svg"),
        (["graph", "x^2", "-o", "-"], "svg"),
        (["graph", "x^2", "--format", "html"], "html"),
        (["plot", "x^2", "--x", "-1:1", "--format", "png"], "png"),
        (["grad", "x^2", "--x", "0:1:3", "--format", "npy"], "npy"),
        (["grad", "x^2", "x=3", "--svg", "-", "-o", "f.txt"], "svg"),
    ],
)
def test_formats_for_programs_are_refused(words, format, terminal, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(words) == (2, "", f"adcli: {format} is not for a terminal: -o FILE.{format}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["dot", "mermaid", "json"])
def test_text_for_programs_is_shown(format, terminal, run):
    done = run(["graph", "x^2", "--format", format])
    assert (done.status, done.err) == (0, "")
    assert done.out


def test_a_plot_is_drawn_in_the_terminal(terminal, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    done = run(["plot", "tan(x)", "--x", "-4:4"])
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert (lines[0], lines[-1]) == ("tan(x)", "poles and jumps: x = -1.5708, 1.5708")
    assert "\x1b[" in done.out
    monkeypatch.setenv("NO_COLOR", "1")
    out = run(["plot", "abs(x - 1)", "--x", "-4:4"]).out
    assert "\x1b[" not in out
    assert max(map(len, out.splitlines())) <= 60
    assert "\nf\n┌" in out
    assert "\ndf/dx\n┌" in out
    assert out.endswith("kinks: x = 1\n")


def test_a_terminal_without_other_signs_gets_ascii(terminal, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("adcli.cli.commands.plot._has_only_ascii", lambda: True)
    for text in ("tan(20*x) + abs(x) + 0*(x + x + x + x + x)", "x"):
        done = run(["plot", text, "--x", "-2:2"])
        assert (done.status, done.err) == (0, "")
        assert done.out.isascii()


def test_a_plot_goes_to_a_pipe_as_svg_and_to_a_text_file_as_text(run, tmp_path):
    assert run(["plot", "x^2", "--x", "-1:1"]).out.startswith("<?xml")
    assert run(["plot", "x^2", "--x", "-1:1", "-o", str(tmp_path / "p.txt")]) == (0, "", "")
    assert (tmp_path / "p.txt").read_text(encoding="utf-8").startswith("x^2\nf\n┌")


def test_a_plot_without_its_library_names_the_extra(terminal, run, monkeypatch):
    importing = builtins.__import__

    def fail(name, *rest):
        if name == "uniplot":
            raise ImportError(name)
        return importing(name, *rest)

    monkeypatch.setattr(builtins, "__import__", fail)
    expected = 'adcli: a plot in a terminal needs uniplot: install it with pip install "adcli[plot]"\n'
    assert run(["plot", "x^2", "--x", "-1:1"]) == (2, "", expected)
