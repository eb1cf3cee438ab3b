"""A copy of the project in which a test may add files and lines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parent.parent.parent


class Copy:
    """A copy whose unchanged files are links.

    Args:
        folder: where to put it.
        changed: the folders, relative to the root, of which files will change; all their parents are copied too.

    Attributes:
        root: the folder of the copy.
    """

    def __init__(self, folder: Path, *changed: str) -> None:
        self.root = folder
        real = {Path(".")}
        for path in map(Path, changed):
            real |= {path, *path.parents}
        for path in sorted(real):
            (folder / path).mkdir(exist_ok=True)
            for entry in (ROOT / path).iterdir():
                if path / entry.name in real or entry.name == "__pycache__" or entry.name.startswith("."):
                    continue
                if entry.is_file() and path != Path("."):
                    shutil.copy2(entry, folder / path / entry.name)
                else:
                    (folder / path / entry.name).symlink_to(entry)

    def append(self, path: str, text: str) -> None:
        """Append lines to a file."""
        with open(self.root / path, "a", encoding="utf-8") as file:
            file.write(text)

    def insert(self, path: str, before: str, text: str) -> None:
        """Insert lines before a text that occurs once."""
        head, tail = (self.root / path).read_text(encoding="utf-8").split(before)
        self.write(path, f"{head}{text}{before}{tail}")

    def write(self, path: str, text: str) -> None:
        """Write a new file."""
        (self.root / path).write_text(text, encoding="utf-8")

    def run(self, program: str) -> str:
        """Run a Python program in the copy; return what it prints."""
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=self.root, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def read_recipe(heading: str) -> list[str]:
    """Return the blocks of code of one recipe of docs/adding.md."""
    page = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
    section = page.split(f"## … {heading}\n")[1].split("\n## ")[0]
    return [
        dedent(block) for block in re.findall(r"(?:^ {4}.*\n|^\n(?=\n* {4}))+", section, re.MULTILINE) if block.strip()
    ]
