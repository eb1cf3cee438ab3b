"""The documentation site: `make docs`.

The folder of the sources is the root of the project, so that the links between pages are the same here and in a
viewer of Markdown. Nothing of the site is loaded from another host.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

project = "adcli"
author = "The adcli authors"
release = import_module("adcli").__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
root_doc = "docs/index"
include_patterns = ["docs/**.md", "grammar/README.md", "benchmarks/README.md", "CONTRIBUTING.md", "CHANGELOG.md"]

myst_heading_anchors = 4
myst_fence_as_directive: list[str] = []

default_role = "code"
autodoc_member_order = "bysource"
napoleon_custom_sections = [("Errors of every method", "Raises")]

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = f"adcli {release}"
html_extra_path = ["site"]
html_static_path = ["static"]
html_css_files = ["adcli.css"]
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
