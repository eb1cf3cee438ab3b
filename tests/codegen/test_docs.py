"""docs/targets.md lists every target, as its file describes it."""

from __future__ import annotations

from pathlib import Path

from adcli.codegen import load_target, target_summaries

PAGE = Path(__file__).parent.parent.parent / "docs" / "targets.md"


def test_the_page_has_a_row_for_every_target() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = []
    for name, summary in target_summaries():
        suffixes = ", ".join(f"`{suffix}`" for suffix in load_target(name).suffixes)
        rows.append(f"| `{name}` | {suffixes} | {summary} |")
    assert "\n".join(["|---|---|---|", *rows]) in text
