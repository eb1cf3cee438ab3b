"""The blocks of docs/batch.md are run; those that need a library that is not there are skipped by its name."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import pytest

TEXT = (Path(__file__).parent.parent / "docs" / "batch.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
LIBRARIES = ("polars", "duckdb", "pyarrow")


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_page_on_many_points(number: int) -> None:
    names: dict[str, Any] = {}
    for body in (BLOCKS[0], BLOCKS[number]):
        for library in LIBRARIES:
            if re.search(rf"import .*\b{library}\b", body):
                pytest.importorskip(library)
        test = doctest.DocTestParser().get_doctest(body, names, "batch", "docs/batch.md", 0)
        assert doctest.DocTestRunner().run(test, clear_globs=False).failed == 0
        names = test.globs
