"""Redraw every picture of the documentation with the commands shown beside them: `make pictures`.

A command is a shell block of a page in `docs/` that writes to `pictures/`, or a line of the README or the tutorial that
writes a picture.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from shlex import split

DOCS = Path(__file__).resolve().parents[1]


def commands() -> list[list[str]]:
    """Return the words of each command without `adcli`. The last word is the file, relative to `docs/`."""
    drawing = []
    for page in sorted(DOCS.glob("*.md")):
        blocks = re.findall(r"^```sh\n(adcli .*?)```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        drawing += [
            words for block in blocks if (words := split(block.replace("\\\n", ""))[1:])[-1].startswith("pictures/")
        ]
    for page in (DOCS.parent / "README.md", DOCS / "tutorial.md"):
        for line, name in re.findall(r"^\$ adcli (.*) -o (\w+\.svg)$", page.read_text(encoding="utf-8"), re.MULTILINE):
            drawing.append([*split(line), "-o", f"pictures/{name}"])
    return drawing


def main() -> None:
    """Draw all pictures."""
    for words in commands():
        subprocess.run([sys.executable, "-m", "adcli", *words], cwd=DOCS, check=True)
        print(f"docs/{words[-1]}")


if __name__ == "__main__":
    main()
