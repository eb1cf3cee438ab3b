"""Both tables of `grammar/README.md`, row by row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import adcli

TEXT = (Path(__file__).parents[2] / "grammar" / "README.md").read_text(encoding="utf-8")
# A bar of the language is written \| inside a table.
ROWS = [
    [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line[1:-1])]
    for line in TEXT.splitlines()
    if line.startswith("| ")
]
PRECEDENCE = [row for row in ROWS if len(row) == 4 and row[0] != "operators"]
EXAMPLES = [row for row in ROWS if len(row) == 3 and row[0] != "expression"]
POINT = {"x": 2.0, "y": 3.0, "z": 5.0}


def code(cell: str) -> str:
    found = re.fullmatch("`(.*)`", cell)
    assert found is not None, cell
    return found[1].replace("⏎", "\n")


def value(text: str, point: dict[str, float]) -> float:
    function = adcli.compile(text)
    return function.value({name: point[name] for name in function.variables})


@pytest.mark.parametrize("row", PRECEDENCE, ids=lambda row: row[2])
def test_precedence(row):
    written, full = code(row[2]), code(row[3])
    for point in ((2.0, 3.0, 5.0), (0.5, 0.25, 0.75), (3.0, 2.0, 1.0), (0.5, 3.0, 0.5), (3.0, 0.5, 0.5)):
        named = dict(zip("xyz", point, strict=True))
        assert value(written, named) == value(full, named)
    if " and " not in full.partition(" if ")[2] and "=" not in written and "2x" not in written:
        assert adcli.parse(written) == adcli.parse(full)


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row[0])
def test_example(row):
    assert value(code(row[0]), POINT) == pytest.approx(float(row[2]), rel=1e-15)


def test_both_tables_are_read():
    assert len(PRECEDENCE) >= 20
    assert len(EXAMPLES) >= 45
