"""Redraw every picture of the documentation with the commands shown beside them: `make pictures`.

A command is a shell block of a page in `docs/` that writes to `pictures/`. The README has one more.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from shlex import split

DOCS = Path(__file__).resolve().parents[1]
README = DOCS.parent / "README.md"


def commands() -> list[list[str]]:
    """Return the words of each command without `adcli`. The last word is the file, relative to `docs/`."""
    drawing = []
    for page in sorted(DOCS.glob("*.md")):
        blocks = re.findall(r"^```sh\n(adcli .*?)```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        drawing += [
            words for block in blocks if (words := split(block.replace("\\\n", ""))[1:])[-1].startswith("pictures/")
        ]
    match = re.search(r"^\$ (adcli grad .*) --svg graph\.svg", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert match, "the README draws a graph"
    return [*drawing, [*split(match[1])[1:], "-o", "/dev/null", "--svg", "graph.svg"]]


def main() -> None:
    """Draw all pictures."""
    for words in commands():
        subprocess.run([sys.executable, "-m", "adcli", *words], cwd=DOCS, check=True)
        print(f"docs/{words[-1]}")


if __name__ == "__main__":
    main()
