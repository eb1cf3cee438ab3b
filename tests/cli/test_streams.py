"""Streams, statuses, files and formats: where everything goes, and what is left behind."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import shutil
import signal
import stat
import subprocess
import threading
from pathlib import Path

import pytest

import adcli
from adcli.cli.command_group import command_names, load_command
from tests.sampling import rotate

from .conftest import ENVIRONMENT, FULL, PYTHON

TEXT = "f      0.7492287917633427\ndf/dx  2.5884091204228885\ndf/dy  0.10679997423758245\n"
SHOWN = ["grad", "sin(x**2)*cos(y)", "--x", "2", "--y", "3"]


def process(
    words: list[str], *, environment: dict[str, str] | None = None, **options
) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("timeout", 600)
    return subprocess.run(
        [*PYTHON, *words], stderr=subprocess.PIPE, env={**ENVIRONMENT, **(environment or {})}, check=False, **options
    )


# ------------------------------------------------------------------ statuses and what goes where


def test_results_go_to_standard_output_and_nothing_else(run):
    done = run(SHOWN)
    assert done == (0, TEXT, "")


def test_notes_go_to_standard_error(run):
    done = run(["grad", "abs(x)", "--x", "0"])
    assert done.status == 0
    assert done.out == "f      0.0\ndf/dx  0.0\n"
    assert done.err.startswith("note: abs(x) at column 1: kink")
    assert done.err.count("\n") == 1


def test_a_result_that_is_nan_prints_everything_and_is_status_1(run):
    done = run(["grad", "2*log(x - 3)", "--x", "2"])
    assert done.status == 1
    assert done.out == "f      nan\ndf/dx  nan\n"
    assert done.err == "adcli: log(x - 3) at column 3: x - 3 = -1 is outside (0, inf)\n"


def test_a_slope_that_is_nan_is_status_1(run):
    done = run(["grad", "x*where(x > 0, 1, 2) + y**z", "x=1", "y=-2", "z=3"])
    assert done.status == 1
    assert done.out.split()[::2] == ["f", "df/dx", "df/dy", "df/dz"]
    assert done.out.split()[1::2] == ["-7.0", "1.0", "12.0", "nan"]
    assert done.err.startswith("adcli: y**z at column 24: ")
    assert "y = -2" in done.err


def test_nan_in_a_value_asked_for_alone(run):
    done = run(["eval", "u = x - 3\nlog(u)", "--x", "2"])
    assert (done.status, done.out) == (1, "f  nan\n")
    assert done.err == "adcli: log(u) at line 2, column 1: x - 3 = -1 is outside (0, inf)\n"


def test_an_infinite_result_is_a_note_and_status_0(run):
    done = run(["grad", "1/x", "--x", "0"])
    assert done.status == 0
    assert done.out == "f      inf\ndf/dx  -inf\n"
    assert done.err.startswith("note: 1/x at column 1: ")
    done = run(["eval", "exp(x)", "--x", "1000"])
    assert (done.status, done.out) == (0, "f  inf\n")
    assert done.err.startswith("note: exp(x) at column 1: ")


def test_in_json_notes_are_inside(run):
    done = run(["grad", "abs(x)", "--x", "0", "--json"])
    assert (done.status, done.err) == (0, "")
    (note,) = json.loads(done.out)["notes"]
    assert (note["kind"], note["where"], note["column"]) == ("kink", "abs(x)", 1)
    done = run(["grad", "log(x)", "--x", "-1", "--json"])
    assert done.status == 1
    assert done.err.startswith("adcli: log(x) at column 1: ")
    assert json.loads(done.out)["value"] == "NaN"


def test_status_2_prints_no_result(run):
    done = run(["grad", "sinn(x)", "--x", "1"])
    assert (done.status, done.out) == (2, "")


def test_the_exit_status_is_that_of_the_process():
    for words, status in ((SHOWN, 0), (["eval", "log(-1)"], 1), (["eval", "("], 2), ([], 0), (["frob"], 2)):
        assert process(words).returncode == status


# ------------------------------------------------------------------ formats


def test_text_has_two_columns(run):
    done = run(["grad", "a_long_name*x + 1/y", "a_long_name=2", "x=3", "y=0"])
    assert [line.split() for line in done.out.splitlines()] == [
        ["f", "inf"], ["df/da_long_name", "3.0"], ["df/dx", "2.0"], ["df/dy", "-inf"],
    ]  # fmt: skip
    assert len({line.index(line.split()[1]) for line in done.out.splitlines()}) == 1


def test_numbers_read_back_to_the_same_float(run):
    for text in ("pi/4", "1/3", "1e-320", "2^0.5*1e300", "-0.0", "123456789.125"):
        value = adcli.compile(text).value()
        for form in ("text", "value", "csv"):
            printed = run(["eval", text, "--format", form]).out.split()[-1]
            assert repr(float(printed)) == repr(value) == printed
        assert repr(json.loads(run(["eval", text, "--json"]).out)["value"]) == repr(value)


def refuse(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


@pytest.mark.parametrize(
    "point", [["x=2", "y=3"], ["x=0", "y=0"], ["x=-1", "y=inf"], ["x=nan", "y=1"], ["x=1e300", "y=1e300"]]
)
def test_json_is_strict_and_reads_back(point, run):
    done = run(["grad", "log(x)*y + x/y", *point, "--json"])
    assert done.out.count("\n") == 1
    record = json.loads(done.out, parse_constant=refuse)
    assert list(record) == ["expression", "at", "value", "gradient", "notes"]
    assert record["expression"] == "log(x)*y + x/y"
    text = run(["grad", "log(x)*y + x/y", *point]).out.split()[1::2]
    names = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
    shown = [record["value"], record["gradient"]["x"], record["gradient"]["y"]]
    assert [names.get(x, repr(x)) if isinstance(x, str) else repr(x) for x in shown] == text
    for note in record["notes"]:
        assert set(note) >= {"kind", "where", "column", "message"}
        assert note["kind"] in ("kink", "jump", "pole", "domain", "overflow", "indeterminate")


def test_json_of_eval_has_no_gradient(run):
    assert list(json.loads(run(["eval", "x", "x=1", "--json"]).out)) == ["expression", "at", "value", "notes"]


def test_json_keeps_names_and_texts(run):
    done = run(["grad", 'u = π*é; u # "why"\\', "é=2", "--json"])
    record = json.loads(done.out)
    assert record["expression"] == 'u = π*é; u # "why"\\'
    assert record["at"] == {"é": 2.0}
    assert list(record["gradient"]) == ["é"]


@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("tsv", "\t")])
def test_tables_read_back(form, separator, run):
    done = run([*SHOWN, "--format", form])
    header, row = csv.reader(io.StringIO(done.out), delimiter=separator)
    assert header == ["x", "y", "f", "df_dx", "df_dy"]
    assert [float(cell) for cell in row] == [2.0, 3.0, 0.7492287917633427, 2.5884091204228885, 0.10679997423758245]
    done = run(["grad", "log(x)/y", "x=-1", "y=0", "--format", form])
    assert done.out.splitlines()[1].split(separator) == ["-1.0", "0.0", "nan", "nan", "nan"]
    done = run(["eval", "x", "x=1", "--format", form])
    assert done.out.splitlines() == [f"x{separator}f", f"1.0{separator}1.0"]


def test_value_prints_bare_numbers(run):
    assert run([*SHOWN, "--format", "value"]).out == "0.7492287917633427\n2.5884091204228885\n0.10679997423758245\n"
    assert run(["eval", "1/4", "--format", "value"]).out == "0.25\n"


def test_digits(run):
    assert run([*SHOWN, "--digits", "3"]).out == "f      0.749\ndf/dx  2.59\ndf/dy  0.107\n"
    assert run([*SHOWN, "--digits", "17", "--format", "value"]).out.split()[0] == "0.74922879176334267"
    assert json.loads(run([*SHOWN, "--digits", "2", "--json"]).out)["gradient"] == {"x": 2.6, "y": 0.11}
    json.loads(run(["grad", "x", "x=1e300", "--digits", "1", "--json"]).out, parse_constant=refuse)


def test_wrt(run):
    assert run([*SHOWN, "--wrt", "y"]).out == "f      0.7492287917633427\ndf/dy  0.10679997423758245\n"
    assert run([*SHOWN, "--wrt", " y , x"]).out.split()[2::2] == ["df/dy", "df/dx"]
    assert list(json.loads(run([*SHOWN, "--wrt=y", "--json"]).out)["gradient"]) == ["y"]
    assert run(["grad", "ｘ*y", "x=2", "y=3", "--wrt", "ｘ"]).out.split()[2] == "df/dx"


def test_wrt_spares_what_is_not_asked_for(run):
    done = run(["grad", "x**y", "x=-2", "y=3", "--wrt", "x"])
    assert done == (0, "f      -8.0\ndf/dx  12.0\n", "")


@pytest.mark.parametrize("text", ["sin(x**2)*cos(y)", "u = x/y; u**x + abs(y)", "where(x > y, x*y, x - y)", "x**y"])
def test_forward_mode_says_the_same(text, run):
    words = ["grad", text, "x=2", "y=3"]
    reverse, forward = (
        run([*words, "--mode", mode, "--format", "value"]).out.split() for mode in ("reverse", "forward")
    )
    assert [float(x) for x in reverse] == pytest.approx([float(x) for x in forward], rel=1e-14)
    assert run(words) == run([*words, "--mode", "reverse"])


# ------------------------------------------------------------------ where expressions come from


def test_a_file_with_byte_order_mark_and_crlf(run, tmp_path):
    (tmp_path / "formula").write_bytes("\ufeff# a formula\r\nu = x**2\r\nπ*u\r\n".encode())
    done = run(["grad", "@formula", "x=2", "--json"])
    record = json.loads(done.out)
    assert record["value"] == 4 * 3.141592653589793
    assert record["expression"] == "# a formula\r\nu = x**2\r\nπ*u\r\n"


def test_standard_input(run):
    assert run(["eval", "-", "x=2"], stdin=b"u = x*x\n\nu + 1\n").out == "f  5.0\n"


def test_a_word_of_several_lines(run):
    assert run(["eval", "u = x*x\nu + max(1,\n 2)", "x=2"]).out == "f  6.0\n"


def test_several_lines_have_their_lines_named(run):
    done = run(["eval", "-", "x=2"], stdin=b"u = x\r\nsinn(u)\r\n")
    assert done.err == "adcli: unknown function 'sinn' (line 2, column 1): did you mean 'sin'?\n  sinn(u)\n  ^^^^\n"


def test_a_fifo_and_a_device_can_be_read(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=("x + 1",))
    writer.start()
    assert run(["eval", "@pipe", "x=2"]).out == "f  3.0\n"
    writer.join()
    assert "empty" in run(["eval", "@/dev/null"]).err


def test_names_with_every_letter(run):
    assert run(["grad", "α*变量", "--α", "2", "--变量", "3"]).out == "f         6.0\ndf/dα     3.0\ndf/d变量  2.0\n"


@pytest.mark.parametrize(
    "environment",
    rotate(
        [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "1"}, {"PYTHONUTF8": "1"}], 2
    ),
    ids=lambda environment: " ".join(environment),
)
def test_unicode_in_any_environment(environment, tmp_path):
    done = process(["grad", "α*x", "--α", "2", "--x=3", "--json"], environment=environment)
    assert done.returncode == 0
    assert json.loads(done.stdout)["gradient"] == {"α": 3.0, "x": 2.0}
    done = process(["grad", "α*sinn(α)", "--α", "2"], environment=environment)
    assert done.returncode == 2
    assert done.stderr.startswith(b"adcli: unknown function 'sinn' (column 3)")
    done = process(["grad", "α", "--α", "2", "-o", "é"], environment=environment, cwd=tmp_path)
    assert (done.returncode, (tmp_path / "é").read_text(encoding="utf-8")) == (0, "f      2.0\ndf/dα  1.0\n")


# ------------------------------------------------------------------ colour


@pytest.mark.parametrize(
    "environment", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}], ids=str
)
def test_no_escapes_when_the_stream_is_no_terminal(environment, run, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for words in (
        SHOWN,
        ["grad", "("],
        ["grad", "abs(x)", "x=0"],
        ["--help"],
        ["grad", "x", "--help"],
        ["grad", "x\x1b[31m"],
    ):
        done = run(words)
        assert "\x1b" not in done.out + done.err


# ------------------------------------------------------------------ -o


def test_output_to_a_file(run, tmp_path):
    done = run([*SHOWN, "-o", "answer.txt"])
    assert done == (0, "", "")
    assert (tmp_path / "answer.txt").read_text() == TEXT
    assert os.listdir(tmp_path) == ["answer.txt"]


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_output_to_standard_output(name, run, tmp_path):
    assert run([*SHOWN, "-o", name]).out == TEXT
    log = tmp_path / "log"
    log.write_text("before\n")
    with log.open("ab") as file:
        assert process([*SHOWN, "-o", name], stdout=file).returncode == 0
    assert log.read_text() == "before\n" + TEXT


def test_an_old_file_keeps_its_mode(run, tmp_path):
    old = tmp_path / "old"
    old.write_text("old")
    old.chmod(0o640)
    run([*SHOWN, "-o", "old"])
    assert old.read_text() == TEXT
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_of_the_umask(run, tmp_path):
    before = os.umask(0o027)
    try:
        run([*SHOWN, "-o", "new"])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_links_are_followed(run, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "real").write_text("old")
    (tmp_path / "link").symlink_to("folder/real")
    (tmp_path / "dangling").symlink_to("folder/new")
    for link, target in (("link", "real"), ("dangling", "new")):
        assert run([*SHOWN, "-o", link]).status == 0
        assert (tmp_path / link).is_symlink()
        assert (tmp_path / "folder" / target).read_text() == TEXT
    assert sorted(os.listdir(tmp_path / "folder")) == ["new", "real"]


def test_a_failure_leaves_the_old_file(run, tmp_path, monkeypatch):
    old = tmp_path / "old"
    old.write_text("old")
    for words in (["grad", "sinn(x)", "x=1"], ["grad", "x"], ["grad", "f", "f=1", "--format", "csv"]):
        assert run([*words, "-o", "old"]).status == 2
        assert old.read_text() == "old"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("replace", "chmod"):
        with monkeypatch.context() as patched:
            patched.setattr(os, step, full)
            done = run([*SHOWN, "-o", "old"])
        assert (done.status, done.err) == (2, "adcli: cannot write 'old': No space left on device\n")
        assert os.listdir(tmp_path) == ["old"]
        assert old.read_text() == "old"


def test_a_file_of_ours_that_is_in_the_way_is_spared(run, tmp_path):
    lost = tmp_path / f".adcli-{os.getpid()}-0"
    lost.write_text("left behind")
    assert run([*SHOWN, "-o", "new"]).status == 0
    assert lost.read_text() == "left behind"
    assert (tmp_path / "new").read_text() == TEXT


def test_fifos_and_devices_are_written_directly(run, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_text()))
    reader.start()
    assert run([*SHOWN, "-o", "fifo"]).status == 0
    reader.join()
    assert read == [TEXT]
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    assert run([*SHOWN, "-o", "/dev/null"]) == (0, "", "")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_what_is_undefined_is_written_too(run, tmp_path):
    done = run(["eval", "log(-1)", "-o", "out"])
    assert done.status == 1
    assert (tmp_path / "out").read_text() == "f  nan\n"


# ------------------------------------------------------------------ streams that are closed, full or gone


@pytest.mark.parametrize(
    "words", [SHOWN, ["--help"], ["grad", "--help"], ["--version"], ["completion", "bash"], ["functions"]]
)
@FULL
def test_a_full_disk_behind_standard_output(words):
    with open("/dev/full", "wb") as full:
        done = process(words, stdout=full)
    assert done.returncode == 2
    assert done.stderr == b"adcli: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize("words", [SHOWN, ["grad", "--help"], ["functions"]])
def test_a_closed_pipe_ends_quietly(words):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = process(words, stdout=writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_has_seen_enough():
    command = [*PYTHON, "functions", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(1)
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


def shell(command: str, **options) -> subprocess.CompletedProcess[bytes]:
    line = " ".join(f"'{word}'" for word in PYTHON)
    return subprocess.run(
        ["sh", "-c", command.replace("adcli", line, 1)], capture_output=True, env=ENVIRONMENT, check=False, **options
    )


def test_closed_streams(tmp_path):
    done = shell("adcli eval 1+1 >&-")
    assert done.returncode == 2
    assert done.stderr == b"adcli: cannot write to standard output: it is closed\n"
    done = shell("adcli eval 1+1 <&-")
    assert (done.returncode, done.stdout) == (0, b"f  2.0\n")
    done = shell("adcli eval - <&-")
    assert done.returncode == 2
    assert done.stderr.startswith(b"adcli: cannot read standard input: ")
    done = shell("adcli eval 1+1 2>&-")
    assert (done.returncode, done.stdout) == (0, b"f  2.0\n")
    done = shell("adcli eval '1+' 2>&-")
    assert (done.returncode, done.stdout) == (2, b"")
    if os.path.exists("/dev/full"):
        done = shell("adcli eval '1+' 2>/dev/full")
        assert (done.returncode, done.stdout) == (2, b"")
    done = shell("adcli eval 1+1 -o out >&-", cwd=tmp_path)
    assert (done.returncode, (tmp_path / "out").read_text()) == (0, "f  2.0\n")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals(number, status, tmp_path):
    (tmp_path / "old").write_text("old")
    command = [*PYTHON, "grad", "-", "x=1", "-o", "old"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, cwd=tmp_path
    ) as running:
        assert running.stdin is not None
        # More bytes than a pipe holds: when they are written, the process is reading.
        running.stdin.write(b"#" * (1 << 20))
        running.stdin.flush()
        running.send_signal(number)
        out, err = running.communicate(timeout=600)
    assert (running.returncode, out, err) == (status, b"", b"")
    assert os.listdir(tmp_path) == ["old"]
    assert (tmp_path / "old").read_text() == "old"


# ------------------------------------------------------------------ help and version


def test_version(run):
    assert run(["--version"]) == (0, f"adcli {adcli.__version__}\n", "")
    assert run(["--version", "grad", "("]) == (0, f"adcli {adcli.__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "suffix", "form"),
    [
        (["grad", "x", "x=1"], "csv", "csv"),
        (["diff", "x**2"], "json", "json"),
        (["diff", "x**2"], "tex", "latex"),
        (["check", "x**2"], "json", "json"),
        (["trace", "x**2", "x=3"], "md", "markdown"),
        (["trace", "x**2", "x=3"], "tex", "latex"),
        (["functions", "sin"], "tsv", "tsv"),
        (["diff", "x**2"], "dat", "text"),
        (["trace", "x**2", "x=3"], "txt", "text"),
    ],
)
def test_the_suffix_of_the_output_chooses_the_format(words, suffix, form, run):
    assert run([*words, "-o", f"out.{suffix}"]) == (0, "", "")
    assert Path(f"out.{suffix}").read_text(encoding="utf-8") == run([*words, "--format", form]).out


def test_help_shows_examples_first(run):
    for words in ([], ["--help"], ["-h"]):
        done = run(words)
        assert (done.status, done.err) == (0, "")
        assert "Examples:" in done.out
        for name in ("eval", "grad", "graph", "functions", "completion"):
            assert f"\n  {name} " in done.out
    for command in ("eval", "grad", "graph", "functions", "completion"):
        for option in ("--help", "-h") if command != "completion" else ("--help",):
            done = run([command, option])
            assert (done.status, done.err) == (0, "")
            assert done.out.startswith(f"Usage: adcli {command} ")
            assert 0 < done.out.index("Examples:") < done.out.index("Options:")


def examples():
    """The command lines that the help texts show, all but those that read a table of the user's."""
    for command in command_names():
        for line in (load_command(command).help or "").splitlines():
            words = shlex.split(line, comments=True) if line.lstrip().startswith("adcli ") else []
            if words and not {"--data", "@formula.txt", ">"} & set(words):
                yield pytest.param(words[1:], id=line.strip())


@pytest.mark.parametrize("words", list(examples()))
def test_examples_of_the_help_run(words, run):
    done = run(words)
    wrong = "df/dx = 3*x" in words  # the one claim that is meant to be refuted
    assert (done.status, words[0] == "check" and "wrong" in done.out) == (int(wrong), wrong), done.err


def test_help_lists_the_variables_of_the_expression(run):
    for words in (["grad", "x*y + X", "--help"], ["grad", "-h", "x*y + X"], ["grad", "--x", "2", "x*y + X", "-h"]):
        out = run(words).out
        for name in ("x", "y", "X"):
            assert f"--{name} VALUE" in out
            assert f"Value of {name}." in out
    assert "--x VALUE" not in run(["grad", "--help"]).out


@pytest.mark.parametrize("command", ["diff", "code"])
def test_commands_over_all_points_offer_no_values(command, run, complete):
    before, _, after = run([command, "x*y", "--help"]).out.partition("Examples:")
    assert "NAME=VALUE" not in before + after
    assert "--x " not in after.partition("Options:")[2]
    assert "--x" not in complete("bash", command, "x*y", "--")
    assert "  --x VALUE" not in run(["grad", "x*(", "--help"]).out
    assert run(["grad", "json*help", "--help"]).out.count("--json") == 2


def test_large_and_small_letters_differ(run):
    assert run(["grad", "x - X", "--x", "5", "--X", "3"]).out == "f      2.0\ndf/dx  1.0\ndf/dX  -1.0\n"


@pytest.mark.parametrize(
    "name",
    [
        "json",
        "o",
        "p",
        "h",
        "format",
        "help",
        "digits",
        "wrt",
        "mode",
        "svg",
        "output",
        "lambda",
        "class",
        "f",
        "df_dx",
    ],
)
def test_any_name_can_be_a_variable(name, run):
    for words in (["-p", f"{name}=2"], [f"{name}=2"]):
        done = run(["grad", f"{name}*3", *words])
        assert (done.status, done.err) == (0, "")
        assert done.out.split() == ["f", "6.0", f"df/d{name}", "3.0"]


# ------------------------------------------------------------------ completion


@pytest.fixture
def complete(tmp_path):
    def asked(shell_name: str, *words: str) -> str:
        line = "adcli " + " ".join(f"'{word}'" if word and not word.startswith("-") else word for word in words)
        environment = {
            "_ADCLI_COMPLETE": f"{shell_name}_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": words[-1] if shell_name == "fish" else str(len(words)),
        }
        done = process([], environment=environment, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode()

    return asked


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_completion_offers_the_variables_of_the_expression(shell_name, complete):
    offered = complete(shell_name, "grad", "sin(x*speed) + X", "--")
    for option in ("--x", "--X", "--speed", "--json", "--wrt"):
        assert option in offered.replace(",", " ").replace("\t", " ").split()


def test_completion_offers_commands_and_choices(complete):
    assert complete("bash", "gr").split() == ["plain,grad", "plain,graph"]
    assert "plain,reverse" in complete("bash", "grad", "x", "--mode", "")
    assert complete("bash", "code", "x", "--to", "p").split() == ["plain,postgresql", "plain,python"]


def test_completion_bears_an_unfinished_line(complete):
    for words in (
        ["grad", "sin(x", "--"],
        ["grad", "x", "y", "-p", "--"],
        ["grad", "@missing", "--"],
        ["grad", "-", "--"],
    ):
        assert "--json" in complete("bash", *words)


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_completion_scripts(shell_name, run):
    done = run(["completion", shell_name])
    assert (done.status, done.err) == (0, "")
    assert "_ADCLI_COMPLETE" in done.out
    program = shutil.which(shell_name)
    if program:
        checked = subprocess.run([program, "-n"], input=done.out, capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_completion_in_a_real_bash(run, tmp_path):
    script = tmp_path / "adcli.bash"
    script.write_text(run(["completion", "bash"]).out)
    command = tmp_path / "adcli"
    command.write_text("#!/bin/sh\nexec " + " ".join(f"'{word}'" for word in PYTHON) + ' "$@"\n')
    command.chmod(0o755)
    lines = f"""
        PATH={tmp_path}:$PATH
        source {script}
        COMP_WORDS=(adcli grad '"sin(x*speed)"' --s); COMP_CWORD=3; COMPREPLY=()
        COMP_LINE='adcli grad "sin(x*speed)" --s'; COMP_POINT=${{#COMP_LINE}}
        _adcli_completion adcli --s ''
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == ["--speed", "--svg", "--strict", "--skip"]
