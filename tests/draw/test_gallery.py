"""The pictures of the documentation: their commands run, and what they draw is what stands in the folder."""

from __future__ import annotations

import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import run_command

DOCS = Path(__file__).resolve().parents[2] / "docs"
DRAW = runpy.run_path(str(DOCS / "pictures" / "draw.py"))
COMMANDS = DRAW["commands"]()

pytest.importorskip("pygraphviz")


def texts(file: Path) -> list[str]:
    """Every text of an SVG file, and the titles of its boxes and arrows."""
    root = ElementTree.parse(file).getroot()
    return sorted(each.text or "" for each in root.iter() if each.tag.rpartition("}")[2] in ("text", "title", "desc"))


def test_there_are_ten_of_some_size() -> None:
    counts = [
        sum(text.startswith("n") and text[1:].isdigit() for text in texts(DOCS / words[-1])) for words in COMMANDS
    ]
    assert sum(20 <= count <= 300 for count in counts) >= 10
    assert any(100 <= count <= 300 for count in counts)


@pytest.mark.parametrize("words", COMMANDS, ids=[Path(words[-1]).stem for words in COMMANDS])
def test_a_picture_is_what_its_command_draws(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if words[0] == "plot":
        pytest.importorskip("matplotlib")
    (tmp_path / "pictures").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run_command(words).status == 0
    drawn, kept = texts(tmp_path / words[-1]), texts(DOCS / words[-1])
    assert drawn == kept or words[0] == "plot"  # how a plot writes its letters is matplotlib's
    assert drawn
