"""Execute the notebooks of the documentation and store what their cells show: `make notebooks`.

One kernel executes all of them, each with names of its own. An output that shows the same as before is not touched, so
that the layout of a picture, or the order of its boxes, changes no file.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # of an object, in its text


def read_notebooks() -> dict[str, Any]:
    """Return the notebooks by file name."""
    return {path.name: nbformat.read(path, as_version=4) for path in sorted(FOLDER.glob("*.ipynb"))}


def execute(notebooks: Sequence[Any]) -> list[list[Any]]:
    """Return for each notebook the outputs of its cells of code, cleaned.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised an error.
    """
    cells = [[cell.source for cell in notebook.cells if cell.cell_type == "code"] for notebook in notebooks]
    sources = [source for each in cells for source in ["%reset -f", *each]]
    joined = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources], metadata=KERNEL)
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "IPYTHONDIR": folder, "PYTHONPATH": str(ROOT)}
        client = NotebookClient(
            joined, timeout=600, coalesce_streams=True, extra_arguments=["--HistoryManager.enabled=False"]
        )
        client.execute(cwd=folder, env=environment, stderr=subprocess.DEVNULL)
    outputs = [clean(cell.outputs) for cell in joined.cells]
    results = []
    for each in cells:
        results.append(outputs[1 : 1 + len(each)])
        outputs = outputs[1 + len(each) :]
    return results


def clean(outputs: Sequence[Any]) -> list[Any]:
    """Return outputs without what differs from run to run, such as addresses in memory, and without repetition."""
    kept = [output for output in outputs if not output.get("text", "").startswith("Fontconfig ")]
    for output in kept:
        if "execution_count" in output:
            output["execution_count"] = None
        data = output.get("data", {})
        if "text/plain" in data:
            data["text/plain"] = ADDRESS.sub("", data["text/plain"])
        if "<svg" in data.get("text/html", ""):
            data.pop("image/svg+xml", None)  # the same picture again
    return kept


def shown(outputs: Sequence[Any]) -> list[dict[str, object]]:
    """Return what outputs say. Of a picture these are its texts in alphabetical order, of a bitmap nothing."""
    return [
        {kind: _content(kind, text) for kind, text in output["data"].items()}
        if "data" in output
        else {output.get("name", "error"): output.get("text")}
        for output in outputs
    ]


def _content(kind: str, text: Any) -> object:
    if kind.startswith("image/") and kind != "image/svg+xml":
        return None
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    words = [re.sub(r"\s+", " ", each).strip() for each in re.findall(r"<text[^>]*>(.*?)</text>", "".join(pictures))]
    rest = "" if kind == "image/svg+xml" else re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)
    return rest, sorted(words)


def store(name: str, notebook: Any, outputs: Sequence[Any]) -> None:
    """Put outputs into a notebook, and write it without metadata of the machine."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, found in zip(code, outputs, strict=True):
        cell.execution_count = None
        if shown(cell.outputs) != shown(found):
            cell.outputs = found
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{number}", {}
    notebook.metadata = KERNEL
    (FOLDER / name).write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def main() -> None:
    """Execute all notebooks and write them."""
    notebooks = read_notebooks()
    for (name, notebook), outputs in zip(notebooks.items(), execute([*notebooks.values()]), strict=True):
        store(name, notebook, outputs)
        print(name, sum(map(len, outputs)), "outputs", file=sys.stderr)


if __name__ == "__main__":
    main()
