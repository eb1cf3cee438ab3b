"""Which format each suffix of `-o` chooses, command by command, and what is refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from adcli.cli.command_group import command_names, load_command
from adcli.cli.suffixes import Formats, code_targets, suffix_of, table_formats, with_suffixes
from adcli.draw.render import PICTURE_FORMATS

POINT = {
    "check": ["x**2"], "code": ["x**2"], "diff": ["x**2"], "functions": ["sin"], "plot": ["x**2", "--x", "-1:1"],
    "implicit": ["x**2 + y = 1", "--of", "y", "x=1", "y=0"], "hvp": ["x**2", "x=3", "dx=1"],
    "jvp": ["x**2", "x=3", "dx=1"],
}  # fmt: skip
COMMANDS = [name for name in command_names() if any("-o" in param.opts for param in load_command(name).params)]
ALL_FORMATS = {**with_suffixes([*table_formats(), *PICTURE_FORMATS, "html"]), **code_targets()}
KNOWN = sorted({suffix for suffixes in ALL_FORMATS.values() for suffix in suffixes} | {"md", "tex", "npz", "docx"})


def words(command: str) -> list[str]:
    return [command, *POINT.get(command, ["x**2", "x=3"])]


def formats_of(command: str) -> Formats:
    if command == "code":
        return code_targets()
    [option] = [param for param in load_command(command).params if param.name == "output_format"]
    return with_suffixes(option.type.choices)  # type: ignore[attr-defined]


def written(name: str) -> bytes:
    data = Path(name).read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def is_drawn(command: str, form: str) -> bool:
    """Whether a picture needs another process or library, so that it is drawn once only."""
    return command in ("graph", "plot") and form in ("svg", "png", "pdf")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_suffix_chooses_a_format_or_is_refused(command, run, tmp_path):
    option = "--to" if command == "code" else "--format"
    by_suffix = {suffix: form for form, suffixes in formats_of(command).items() for suffix in suffixes}
    plain = {}
    for suffix in KNOWN:
        name = f"out.{suffix}"
        form = by_suffix.get(suffix)
        if form is None:
            done = run([*words(command), "-o", name])
            assert (done.status, done.out) == (2, ""), suffix
            assert done.err.startswith(f"adcli: -o '{name}': {command} does not write .{suffix} files: use .")
            assert all(f".{suffixes[0]}" in done.err for suffixes in formats_of(command).values() if suffixes)
            assert done.err.count("\n") == 1
            assert not Path(name).exists()
            continue
        if is_drawn(command, form) and form != "svg":
            continue
        assert run([*words(command), "-o", name]) == (0, "", "")
        if form not in plain:
            assert run([*words(command), option, form, "-o", "other.xyz"]) == (0, "", "")
            plain[form] = written("other.xyz")
        if not is_drawn(command, form):
            assert written(name) == plain[form]


@pytest.mark.parametrize("command", COMMANDS)
def test_gz_may_follow_every_suffix(command, run, tmp_path):
    for form, suffixes in formats_of(command).items():
        if suffixes and (not is_drawn(command, form) or form == "svg"):
            name = f"out.{suffixes[0]}"
            for path in (name, f"{name}.gz"):
                assert run([*words(command), "-o", path]) == (0, "", "")
            if form not in ("parquet", "arrow", "npy", "svg"):
                assert written(f"{name}.gz") == written(name)
            assert Path(f"{name}.gz").read_bytes()[:2] == b"\x1f\x8b"


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("code", "plot", "graph")])
@pytest.mark.parametrize("name", ["out", "out.txt", "out.dat", ".out", "a.b/out", "out.gz"])
def test_no_suffix_means_text(command, name, run, tmp_path):
    (tmp_path / "a.b").mkdir()
    assert run([*words(command), "-o", name]) == (0, "", "")
    assert written(name).decode() == run(words(command)).out


def test_an_explicit_format_beats_the_suffix(run):
    assert run([*words("grad"), "--format", "csv", "-o", "out.xlsx"]) == (0, "", "")
    assert Path("out.xlsx").read_text(encoding="utf-8") == run([*words("grad"), "--format", "csv"]).out


def test_suffixes_are_read_in_one_way():
    for path in ("a.csv", "a.CSV", "a.csv.gz", "b.c/a.csv", "a.b.csv"):
        assert suffix_of(path) == "csv"


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("form", ["text", "markdown", "latex", "json"])
def test_a_trace_of_arrays_is_plain_numbers(form, mode, run):
    out = run(["trace", "v @ v/w + sum(1/w)", "--v", "[1, 2]", "--w", "0", "--mode", mode, "--format", form]).out
    assert "float64" not in out
    if form == "json":
        record = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
        assert record["forward"][-1]["value"] == "Infinity"


@pytest.mark.parametrize(
    "line",
    [
        ["eval", "abs(x) + 0*y"], ["grad", "abs(x) + 0*y"], ["jac", "[y, abs(x)]"], ["hess", "abs(x) + 0*y"],
        ["hvp", "abs(x) + 0*y", "dx=1"], ["jvp", "abs(x) + 0*y", "dx=1"], ["trace", "abs(x) + 0*y"],
        ["trace", "[y, abs(x)]"], ["grad", "y = 2\n3*abs(x)"], ["trace", "y = 2\n3*abs(x)"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_notes_in_json_say_where(line, run):
    """Every command that prints notes in JSON prints the same fields."""
    values = ["x=0", "y=1"] if "y = 2" not in line[1] else ["x=0"]
    done = run([*line, *values, "--json"])
    assert done.status == 0
    notes = json.loads(done.out)["notes"]
    if line[0] == "eval":
        return
    [note] = notes
    assert (note["kind"], note["where"]) == ("kink", "abs(x)")
    source = line[1].split("\n")[-1]
    assert note["column"] == source.index("abs(x)") + 1
    assert note.get("line", 1) == line[1].count("\n") + 1
    assert list(note)[:4] == ["kind", "where", "column", "message"]
