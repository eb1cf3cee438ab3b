"""`adcli plot` on the command line: the axis, the points of a table, notes."""

from __future__ import annotations

import pytest

from .conftest import assert_refused

pytest.importorskip("uniplot")

DROPS = "t,speed,note\n0,0.3,a\n1,10.2,b\n2,,c\n4,41,d\n"
TEXT = ["--format", "text", "--size", "60x16", "--order", "0"]


@pytest.fixture
def drops(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drops.csv").write_text(DROPS)
    (tmp_path / "two.csv").write_text("t,y\n1,5\n3,7\n")
    return tmp_path


def test_points_of_a_table_give_the_axis_its_range(drops, run):
    done = run(["plot", "v0 + g*t", "v0=0", "g=9.81", "--data", "drops.csv", "--rename", "f=speed", *TEXT])
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:3] == ["v0 + g*t", "with v0 = 0, g = 9.81", "f"]
    assert lines[-2:] == ["horizontal: t", "points: ● drops.csv"]
    ranged = run(["plot", "g*t", "g=1,9.81", "t=0:9", "--data", "two.csv", "--name", "f=y", *TEXT])
    assert ranged.status == 0
    assert ranged.out.endswith("horizontal: t\npoints: ● two.csv\n")
    assert run(["plot", "9.81*t", "--data", "two.csv", *TEXT]).status == 0  # its only other column


def test_tables_are_read_as_by_other_commands(drops, run):
    (drops / "german.csv").write_text("# drops\nt;f;run\n0;0,5;1\n-;1;1\n2;9,0;2\n3;28,5;1\nx;1;1\n")
    dialect = ["--delimiter", ";", "--decimal", ",", "--comment", "#", "--na", "-", "--on-error", "skip"]
    words = ["plot", "3*t", "t=0:4", "--data", "german.csv", *TEXT, *dialect]
    done = run(words)
    assert done.status == 0
    assert "│ 25" in done.out  # the axis reaches the point at 28.5
    assert done.err == "note: 1 bad row left out; the first: 'german.csv', line 7, column t: 'x' is not a number\n"
    done = run([*words, "--where", "run == 2"])
    assert done.status == 0
    assert "│ 10" in done.out
    done = run([*words, "--data", "two.csv", "--union"])
    assert done.status == 0
    assert_refused(run([*words, "--where", "runs == 2"]), "--where: 'german.csv' has no column 'runs'", "'run'")
    assert_refused(run(["plot", "x", "x=0:1", "--where", "x > 0", *TEXT]), "--where is for rows of a table")


def test_an_axis_over_points_leaves_out_cells_without_a_position(drops, run):
    (drops / "holes.csv").write_text("f,y\n1,2\n,3\n3,6\ninf,7\n")
    done = run(["plot", "2*f", "--data", "holes.csv", *TEXT])  # the variable is called like the result
    assert (done.status, done.err) == (0, "")
    assert done.out.endswith("points: ● holes.csv\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--data", "drops.csv"], "'drops.csv' has no column 'f': its columns are t, speed, note; --rename f=COLUMN"),
        (["--data", "drops.csv", "--rename", "f=sped"], "--rename: 'drops.csv' has no column 'sped': did you mean"),
        (["--data", "drops.csv", "--rename", "f=note"], "'drops.csv', line 2, column note: 'a' is not a number"),
        (["--data", "drops.csv", "--rename", "f"], "--rename takes NEW=OLD, not 'f'"),
        (
            ["--data", "drops.csv", "--rename", "x=t"],
            "'drops.csv' has no column 't': its columns are speed, note, x; --rename t=COLUMN chooses one, or",
        ),
        (["--data", "none.csv"], "cannot read 'none.csv'"),
    ],
)
def test_a_table_without_the_points_is_refused(words, message, drops, run):
    done = run(["plot", "9.81*t", *words, *TEXT])
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"adcli: {message}")


def test_what_a_plot_leaves_out_is_a_note(run):
    done = run(["plot", "x - 1", "x=0:2", "--log", "y", *TEXT])
    assert done.status == 0
    assert done.err == "note: f is not positive for some x from 0 to 1, which the plot leaves out\n"


def test_two_results_with_one_name_are_refused(run):
    done = run(["plot", "[x, x^2]", "x=0:2", "--name", "f1=f2", *TEXT])
    assert (done.status, done.out) == (2, "")
    assert done.err == "adcli: --name: two results have the name 'f2': give each one its own name\n"


def test_texts_and_sizes_are_those_of_the_options(run):
    options = ["--title", "decay", "--xlabel", "time (s)", "--ylabel", "N", "--ylim", "0.1:", "--log", "xy"]
    out = run(["plot", "exp(-t)", "t=0.1:3", *TEXT, *options]).out
    assert out.startswith("decay\nN, logarithmic\n")
    assert out.endswith("horizontal: t, time (s), logarithmic\n")
    assert max(map(len, out.splitlines())) <= 60
    assert len(out.splitlines()) <= 16
