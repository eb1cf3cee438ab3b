"""Draw every picture of the documentation anew, by the commands that stand beside them: `make pictures`.

A command is a shell block of a page in `docs/` that writes to `pictures/`; the README has one more.
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
    """The words of each command, without `adcli`; the file it writes, relative to `docs/`, is the last one."""
    found = []
    for page in sorted(DOCS.glob("*.md")):
        blocks = re.findall(r"^```sh\n(adcli .*?)```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        found += [
            words for block in blocks if (words := split(block.replace("\\\n", ""))[1:])[-1].startswith("pictures/")
        ]
    drawn = re.search(r"^\$ (adcli grad .*) --svg graph\.svg", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert drawn, "the README draws a graph"
    return [*found, [*split(drawn[1])[1:], "-o", "/dev/null", "--svg", "graph.svg"]]


def main() -> None:
    """Draw them all."""
    for words in commands():
        subprocess.run([sys.executable, "-m", "adcli", *words], cwd=DOCS, check=True)
        print(f"docs/{words[-1]}")


if __name__ == "__main__":
    main()
