"""Every script of examples/ is run and compared with its page; what the pages quote is in the scripts."""

from __future__ import annotations

import doctest
import os
import re
import runpy
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.sampling import rotate

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
PATHS = [
    ROOT / "docs" / "library.md",
    ROOT / "docs" / "coming-from.md",
    *sorted((ROOT / "docs" / "examples").glob("*.md")),
]
PAGES = {path: path.read_text(encoding="utf-8") for path in PATHS}
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
RUNS = {
    match[1]: match[2]
    for text in PAGES.values()
    for kind, _, body in BLOCK.findall(text)
    if kind == "console" and (match := re.fullmatch(r"\$ python examples/(\w+\.py)\n(.*)", body, re.DOTALL))
}
PYTHON = [
    (path, info.strip(), body)
    for path, text in PAGES.items()
    for kind, info, body in BLOCK.findall(text)
    if kind == "python"
]
THEIRS = [(info.removeprefix("theirs="), body) for _, info, body in PYTHON if info]


@pytest.mark.parametrize("script", rotate(SCRIPTS, 6), ids=lambda path: path.stem)
def test_a_page_shows_what_the_script_prints(script: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], capture_output=True, text=True, timeout=600, env=environment
    )
    assert done.stderr == ""
    assert done.stdout == RUNS[script.name]


def test_every_run_that_a_page_shows_is_of_a_script() -> None:
    assert set(RUNS) == {script.name for script in SCRIPTS}


@pytest.mark.parametrize("path", [path for path in PAGES if ">>> " in PAGES[path]], ids=lambda path: path.stem)
def test_the_sessions_of_a_page(path: Path) -> None:
    bodies = [body for page, _, body in PYTHON if page == path and ">>> " in body]
    flags = doctest.IGNORE_EXCEPTION_DETAIL | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest("\n".join(bodies), {}, path.name, str(path), 0)
    assert doctest.DocTestRunner(optionflags=flags).run(test).failed == 0
    assert test.examples


def test_what_a_page_quotes_is_in_a_script() -> None:
    scripts = [script.read_text(encoding="utf-8") for script in SCRIPTS]
    quotes = [body for _, info, body in PYTHON if not info and ">>> " not in body]
    assert quotes
    for body in quotes:
        quoted = [part.strip("\n") for part in re.split(r"^\.\.\.$", body, flags=re.MULTILINE)]
        assert any(all(part in script for part in quoted) for script in scripts), body


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(("engine", "body"), THEIRS, ids=[engine for engine, _ in THEIRS])
def test_another_engine_says_the_same(engine: str, body: str) -> None:
    """Their block of docs/coming-from.md against our script: every number that both name."""
    if find_spec(engine) is None:
        pytest.skip(f"{engine} is not installed")
    [script] = [path for path in SCRIPTS if path.stem == f"from_{engine.replace('torch', 'pytorch')}"]
    theirs: dict[str, Any] = {}
    exec(body, theirs)
    ours = runpy.run_path(str(script))
    compared = 0
    for name in sorted(set(theirs) & set(ours)):
        one, other = as_numbers(theirs[name]), as_numbers(ours[name])
        if one is not None and other is not None:
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12, err_msg=name)
            compared += 1
    assert compared >= 3


def as_numbers(x: Any) -> Any:
    """A float array, or None of what is none."""
    try:
        return np.asarray(x, dtype=float)
    except (TypeError, ValueError, RuntimeError, NotImplementedError):
        return None
