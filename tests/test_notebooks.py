"""The notebooks of the documentation show what their cells compute, in one kernel, and name nothing of a machine."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from tests.sampling import rotate

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))


@pytest.fixture(scope="module")
def tool() -> Any:
    """The module docs/notebooks/execute.py."""
    for name in ("nbclient", "nbformat", "ipykernel", "pygraphviz", "matplotlib"):
        pytest.importorskip(name)
    spec = spec_from_file_location("execute", FOLDER / "execute.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_outputs_are_those_of_the_cells(tool: Any) -> None:
    notebooks = {name: each for name, each in tool.read_notebooks().items() if name in rotate(NAMES, 4)}
    for (name, notebook), outputs in zip(notebooks.items(), tool.execute([*notebooks.values()]), strict=True):
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for cell, found in zip(code, outputs, strict=True):
            assert tool.shown(cell.outputs) == tool.shown(found), (name, cell.source, "run `make notebooks`")


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_notebook_has_no_trace_of_a_machine(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|tmp|Users|work)/|[A-Z]:\\\\|0x[0-9a-f]{6}|\d{4}-\d\d-\d\dT|Traceback", text)
    assert len(text) < 100_000
