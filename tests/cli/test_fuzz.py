"""Any command line at all ends with status 0, 1 or 2, says why, and never with a traceback."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import adcli
from tests.sampling import examples

from ..language.strategies import programs
from .conftest import Outcome, run_command

COMMANDS = ["grad", "grad", "grad", "eval", "graph", "functions", "completion", "gradd", ""]
PIECES = [
    "x", "y", "sin", "(", ")", "+", "-", "*", "/", "**", "^", "%", ",", "=", "==", "<", ">=", "if", "else", "and", "or",
    "not", "where(", "max(", "1", "2.5", "1e3", "1_0", "0x1", ".", "[", "]", ";", "\n", "#", " ", "@", "²", "π", "é",
    "\0",
    "\udcff", "\ufeff", "e", "inf", "nan", "log(", "!", "|", "&", "'", '"', "\\", "$", "{", "~", "½", "𝑥", "\u202e",
    "\x1b",
]  # fmt: skip
WORDS = [
    "--x", "--y", "--x=2", "--x=", "x=1", "y=-2", "x=", "x==1", "-p", "-h", "--help", "--json", "--json=1", "--digits",
    "--digits=3", "--digits=0", "--format", "--format=csv", "--format=json", "--format=value", "--format=bmp",
    "--wrt", "--wrt=x",
    "--wrt=x,y", "--mode=forward", "--mode", "-o", "--output=out", "-o-", "--", "-", "---", "-x", "-o*2", "--x-y",
    "2", "pi/4",
    "nan", "inf", "out", "folder", "missing/out", "@file", "@folder", "@missing", "@", "", " ", "x*y", "sin(x)/y",
    "1/x", "log(x)", "--x=0:1:3", "x=1,2", "--y=1,2,a", "--zip", "--strict", "--data=points.csv", "--data", "--data=-",
    "--keep=none", "--rename=y=n", "--rename=a", "--on-error=skip", "--on-error=nan",
    "x^y", "abs(x)", "f", "df_dx", "--version", "bash", "sqrt", "--format=dot", "--é", "é=1", "--\udcff", "x\0",
]  # fmt: skip

raw = st.text(st.characters(codec=None), max_size=12)
jumble = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
word = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), jumble, programs(size=4), raw)


@pytest.fixture(scope="module", autouse=True)
def _folder() -> Iterator[None]:
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("folder")
        with open("file", "w", encoding="utf-8") as file:
            file.write("u = x*y # note\nu + 1\n")
        with open("points.csv", "w", encoding="utf-8") as file:
            file.write('x,n,é\n1,2,"a, b"\n-1.5,nan,\n')
        yield
        os.chdir(before)


def check(words: list[str], outcome: Outcome) -> None:
    assert outcome.status in (0, 1, 2), words
    assert "Traceback" not in outcome.err + outcome.out
    assert "\x1b" not in outcome.err + outcome.out
    messages = [line for line in outcome.err.splitlines() if line.startswith("adcli: ")]
    assert len(messages) == (outcome.status != 0), outcome.err
    assert not [name for name in os.listdir() if name.startswith(".adcli-")]
    if outcome.status == 2:
        assert outcome.out == ""


@given(
    st.sampled_from(COMMANDS),
    st.lists(word, max_size=6),
    st.one_of(st.binary(max_size=12), jumble.map(lambda text: text.encode("utf-8", "surrogatepass"))),
)
@settings(max_examples=examples(120))
@example("grad", ["x", "--help", "--format", "xml"], b"")
@example("grad", ["-", "x=1"], b"\xff")
def test_any_words(command, words, stdin):
    check([command, *words], run_command([command, *words], stdin))


@given(st.lists(word, max_size=4))
@settings(max_examples=examples(60))
def test_any_words_without_a_command(words):
    check(words, run_command(words))


@given(
    programs(),
    st.sampled_from(["2", "0", "-1", "0.5", "1e300", "inf", "nan", "1e-300"]),
    st.sampled_from(["forward", "reverse"]),
)
@settings(max_examples=examples(60))
def test_any_program_at_any_point(text, number, mode):
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} in JSON")

    point = {"x": "2", "y": number, "z": "-0.5"}
    values = [f"{name}={point[name]}" for name in adcli.compile(text).variables]
    words = ["grad", "-", *values, "--json", "--mode", mode]  # not as a word: `--x` would be an option
    outcome = run_command(words, text.encode())
    check(words, outcome)
    assert outcome.status in (0, 1), (words, outcome.err)
    record = json.loads(outcome.out, parse_constant=refuse)
    assert set(record) == {"expression", "at", "value", "gradient", "notes"}
    undefined = "NaN" in [record["value"], *record["gradient"].values()]
    assert outcome.status == undefined, outcome
