"""The pages of the manual that `adcli help` prints."""

from __future__ import annotations

import os

TOPICS = {  # the pages, which stand beside the package in a checkout and inside it in a wheel
    "tutorial": "docs/tutorial.md",
    "language": "grammar/README.md",
    "arguments": "docs/arguments.md",
    "numbers": "docs/numbers.md",
    "arrays": "docs/arrays.md",
    "derivatives": "docs/derivatives.md",
    "tables": "docs/tables.md",
    "cluster": "docs/cluster.md",
    "pictures": "docs/pictures.md",
    "targets": "docs/targets.md",
    "recipes": "docs/recipes.md",
    "library": "docs/library.md",
    "cheatsheet": "docs/cheatsheet.md",
}


def read_page(path: str) -> str:
    """Return a page as text: links without their targets, no pictures, and no marks of generated tables."""
    import re

    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, path)
    place = inside if os.path.exists(inside) else os.path.join(os.path.dirname(package), path)
    with open(place, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"<!--.*?-->\n+", "", text, flags=re.DOTALL)
    text = re.sub(r"^!\[.*\n\n?", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\|.*", lambda row: row[0].replace("\\|", "|"), text, flags=re.MULTILINE)
    return re.sub(r"(?<!!)\[([^\]\[]+)\]\([^()\s]*\)", r"\1", text)
