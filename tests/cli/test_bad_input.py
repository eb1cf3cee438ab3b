"""Malformed requests: each ends with status 2, one message that names the place and the mend, and nothing else.

`bad_input.tsv` holds command lines, split as a shell would, with `\\n`, `\\t`, `\\0` and `\\uXXXX` read as in Python,
and the texts that the message must hold; `HUGE` and `STREAMS` what no line of a file can.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from tests.sampling import long, rotate

ESCAPES = {"n": "\n", "t": "\t", "0": "\0"}


def words_of(line: str) -> list[str]:
    spelled = re.sub(r"\\u([0-9a-f]{4})", lambda found: f"\x01{found[1]}", line)
    spelled = re.sub(r"\\([nt0])", lambda found: f"\x02{found[1]}", spelled)
    words = shlex.split(spelled)
    words = [re.sub("\x01(.{4})", lambda found: chr(int(found[1], 16)), word) for word in words]
    return [re.sub("\x02(.)", lambda found: ESCAPES[found[1]], word) for word in words]


ROWS = [
    (cells[0], cells[1:])
    for cells in (
        line.split("\t")
        for line in Path(__file__).with_name("bad_input.tsv").read_text(encoding="utf-8").splitlines()[1:]
        if not line.startswith("#")
    )
]
MILLION = 10**6
DEEP = 10**5
HUGE = {
    "10 MB of -": (["grad", "-" * 10 * MILLION + "x", "x=1"], ["nested too deeply"]),
    "10 MB of )": (["grad", ")" * 10 * MILLION], ["column 1)", "')' has no matching '('"]),
    "10 MB of digits": (["grad", "1" * 10 * MILLION], ["column 1)", "beyond the largest float64"]),
    "10 MB of hexadecimal digits": (["grad", "0x" + "f" * 10 * MILLION], ["column 1)", "decimal"]),
    "10 MB of blanks": (["grad", " " * 10 * MILLION], ["the expression is empty"]),
    "10 MB of a comment": (["grad", "#" * 10 * MILLION], ["the expression is empty"]),
    "a name of 1 MB": (["grad", "a" * MILLION], ["no value for aaaaaaaaaa"]),
    "a function's name of 1 MB": (["grad", "a" * MILLION + "(x)", "x=1"], ["unknown function 'aaaaaaaaaa"]),
    "a name of 1 MB bound twice": (["grad", f"{'a' * MILLION}=1; {'a' * MILLION}=2; 3"], ["aa…' is bound twice"]),
    "a value of 1 MB": (["grad", "x", "--x", "a" * MILLION], ["the value of x, 'aaaaa", "is not a number"]),
    "an unknown variable of 1 MB": (["grad", "x", "a" * MILLION + "=1"], ["there is no variable 'aaaaa"]),
    "a second expression of 1 MB": (["grad", "x", "a" * MILLION], ["a second expression 'aaaaa"]),
    "a file's name of 1 MB": (["grad", "@" + "a" * MILLION], ["cannot read '…aaaaa", "File name too long"]),
    "an output of 1 MB": (["grad", "x", "x=1", "-o", "a" * MILLION], ["cannot write '…aaaaa", "File name too long"]),
    "a format of 1 MB": (["grad", "x", "x=1", "--format", "a" * MILLION], ["invalid value for '--format'"]),
    "a command of 1 MB": (["a" * MILLION], ["there is no command 'aaaaa"]),
    "--wrt of 1 MB": (["grad", "x", "x=1", "--wrt", "a" * MILLION], ["--wrt names 'aaaaa"]),
    "a deep expression with @ at its end": (
        ["grad", "(" * DEEP + "x" + ")" * DEEP + "@", "x=1"],
        [f"column {2 * DEEP + 3})", "ends too early"],
    ),
    "deep calls around an unknown function": (
        ["grad", "sin(" * DEEP + "sinn(x)" + ")" * DEEP, "x=1"],
        [f"column {4 * DEEP + 1})", "did you mean 'sin'?"],
    ),
    "deep calls, one bracket short": (["grad", "sin(" * DEEP + "x" + ")" * (DEEP - 1)], ["column 4)", "never closed"]),
    "deep minus without an operand": (["grad", "-" * DEEP], [f"column {DEEP + 1})", "ends too early"]),
    "deep powers without an operand": (["grad", "x^" * DEEP, "x=1"], [f"column {2 * DEEP + 1})", "ends too early"]),
    "deep choices without an else": (
        ["grad", "1 if x>0 else " * DEEP + "1 if x>0", "x=1"],
        [f"column {14 * DEEP + 9})", "'else'"],
    ),
    "deep conditions that are numbers": (["grad", "not " * DEEP + "x", "x=1"], ["a condition is needed here"]),
    "a thousand variables": (
        ["grad", "+".join(f"x{i}" for i in range(1000))],
        ["no value for x0, x1, x2, x3, x4, x5, x6, x7 and 992 more"],
    ),
}
STREAMS = {
    "nothing": (b"", ["the expression is empty"]),
    "a line break": (b"\r\n", ["the expression is empty"]),
    "a byte order mark": (b"\xef\xbb\xbf", ["the expression is empty"]),
    "Latin-1": ("x*é".encode("latin-1"), ["standard input is not UTF-8 text", "byte 3 is 0xe9"]),
    "UTF-16": ("x*y".encode("utf-16"), ["standard input is not UTF-8 text", "UTF-16"]),
    "a cut-off character": ("x*é".encode()[:-1], ["standard input is not UTF-8 text", "byte 3 is 0xc3"]),
    "random bytes": (bytes(range(128, 256)) * 40, ["standard input is not UTF-8 text", "byte 1 is 0x80"]),
    "an encoded surrogate": (b"x*\xed\xa0\x80", ["standard input is not UTF-8 text"]),
    "zeros": (b"\0" * 1000, ["column 1)", "U+0000"]),
    "two results": (b"x\nx\n", ["line 1, column 1)", "only the last statement can be a result"]),
    "an error in the last line": (b"u = x\n\nu*sinn(u)\n", ["line 3, column 3)", "did you mean 'sin'?"]),
    "a carriage return inside": (b"x\ry", ["column 3)", "missing between"]),
}


def check(outcome, texts: list[str]) -> None:
    assert outcome.status == 2, outcome
    assert outcome.out == ""
    first, *rest = outcome.err.rstrip("\n").split("\n")
    assert first.startswith("adcli: ")
    assert len(first) < 1000
    assert len(rest) in (0, 2)
    assert all(line.startswith("  ") for line in rest)
    assert "Traceback" not in outcome.err
    for text in texts:
        assert text in first, first
    if rest:
        assert set(rest[1].strip("… ")) == {"^"}
        assert len(rest[1]) < 200


def set_up(folder: Path) -> None:
    (folder / "folder").mkdir()
    (folder / "text").write_text("x")
    (folder / "binary").write_bytes(b"\x7f\xff\x00\x01ELF")
    (folder / "latin1").write_bytes("x*é".encode("latin-1"))
    (folder / "utf16").write_bytes("x*2".encode("utf-16"))
    (folder / "empty").write_bytes(b"")
    (folder / "blank").write_bytes(b"\xef\xbb\xbf \r\n\t# nothing\r\n")
    (folder / "zeros").write_bytes(b"\0" * 100)
    (folder / "wrong").write_text("# a formula\nu = x**2\n2 + sinn(u)\n")
    (folder / "crlf").write_bytes(b"u = x\r\nu+\r\n")
    (folder / "loop").symlink_to("loop")
    (folder / "header.csv").write_text("a, b\n1, 2\n")
    (folder / "ragged.csv").write_text("1 2\n\n3\n")
    (folder / "comma.csv").write_text("1,5; 2,5\n")
    (folder / "gap.csv").write_text("1,2,3\n4,,6\n")
    (folder / "fake.npy").write_text("1, 2\n")
    np.save(folder / "objects.npy", np.array([{}]), allow_pickle=True)
    np.save(folder / "complex.npy", np.array([1j]))
    np.save(folder / "empty.npy", np.zeros(0))
    (folder / "cut.npy").write_bytes((folder / "complex.npy").read_bytes()[:-9])
    np.savez(folder / "arrays.npz", np.ones(2))


def tree(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize(("line", "texts"), ROWS, ids=[f"{place}: {line}" for place, (line, _) in enumerate(ROWS)])
def test_row(line, texts, run, tmp_path):
    set_up(tmp_path)
    before = tree(tmp_path)
    check(run(words_of(line)), texts)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("row", rotate(range(len(ROWS)), 40))
def test_a_message_is_short_if_every_name_is_long(row, run, tmp_path):
    set_up(tmp_path)
    words = [re.sub(r"(?<![\w@-])[A-Za-z](?!\w)", lambda name: name[0] * DEEP, word) for word in words_of(ROWS[row][0])]
    outcome = run(words)
    assert len(outcome.err) < 1500
    assert "Traceback" not in outcome.err


@long
@pytest.mark.parametrize("name", HUGE)
def test_huge(name, run, tmp_path):
    words, texts = HUGE[name]
    check(run(words), texts)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", STREAMS)
def test_standard_input(name, run):
    stdin, texts = STREAMS[name]
    check(run(["grad", "-", "x=1"], stdin), texts)


@long
def test_ten_megabytes_of_brackets_on_standard_input(run):
    check(run(["grad", "-"], b"(" * 10 * MILLION), ["nested too deeply"])


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read and write everything")
def test_permissions(run, tmp_path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0)
    check(run(["grad", "@secret", "x=1"]), ["cannot read 'secret'", "Permission denied"])
    check(run(["grad", "x", "x=1", "-o", "secret"]), ["cannot write 'secret'", "Permission denied"])
    (tmp_path / "closed").mkdir(mode=0o500)
    check(run(["grad", "x", "x=1", "-o", "closed/out"]), ["cannot write 'closed/out'", "Permission denied"])


@pytest.mark.skipif(not os.path.exists("/proc/version"), reason="there is no /proc here")
def test_a_file_system_that_is_read_only(run):
    check(run(["grad", "x", "x=1", "-o", "/proc/version"]), ["cannot write '/proc/version'"])
    check(run(["grad", "x", "x=1", "-o", "/proc/new"]), ["cannot write '/proc/new'"])


def test_the_table_is_large():
    assert len(ROWS) + len(HUGE) + len(STREAMS) >= 220
