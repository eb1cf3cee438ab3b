"""The documentation site: `make docs`.

The folder of the sources is the root of the project, so that the links between pages are the same here and in a
viewer of Markdown. Nothing of the site is loaded from another host.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

project = "adcli"
author = "The adcli authors"
release = import_module("adcli").__version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "docs/notebooks/*.ipynb",
    "grammar/README.md",
    "benchmarks/README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
]

myst_heading_anchors = 4
myst_enable_extensions = ["dollarmath"]
nb_execution_mode = "off"  # docs/notebooks/execute.py stores the outputs
html_math_renderer = "mathml"
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


def setup(app: Sphinx) -> None:
    """Write formulas as MathML, which browsers show without a script, and make each image a link to its file."""
    app.add_html_math_renderer("mathml", (_visit_inline_math, None), (_visit_math_block, None))
    app.connect("doctree-read", _link_images)


def _link_images(_: Sphinx, document: nodes.document) -> None:
    """Give each image a width, because Sphinx links those that have one to their files.

    The style sheet undoes the width.
    """
    for image in document.findall(nodes.image):
        image.setdefault("width", "100%")


def _visit_inline_math(writer: HTML5Translator, node: nodes.math) -> None:
    writer.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def _visit_math_block(writer: HTML5Translator, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="math">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode
