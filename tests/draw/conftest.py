"""Pages that the tests of `adcli graph -o page.html` open, all in one browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import adcli
from adcli.cli.page import page_of
from adcli.draw.build import Detail
from adcli.draw.picture import Measure, Style
from adcli.formula.arguments import as_numeric
from adcli.formula.lowered import Lowerings
from adcli.formula.view import view_formula
from tests.browser import Browser, browser

Open = Callable[..., Browser]


@cache
def page(text: str, point: str = "", partials: bool = False, measure: Measure | None = "relative") -> str:
    """The page of an expression at a point such as ``x=1 S=[[2,0],[0,4]]``."""
    f = Lowerings(adcli.parse(text))
    words = dict(word.split("=") for word in point.split())
    inputs = {name: as_numeric(name, adcli.compile(value).value()) for name, value in words.items()} or None
    view = view_formula(f, inputs, f.variables, False)
    return page_of(view, f.variables, Detail(partials=partials, measure=measure), Style(), 1000).decode()


@pytest.fixture(scope="session")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as tab:
        yield tab


@pytest.fixture
def show(tab: Browser, tmp_path: Path) -> Open:
    """Open a page in the browser, after its functions for tests: `all`, `texts`, `type` and `element`."""

    def opened(html: str, width: int = 1200, height: int = 900, media: str = "", **features: str) -> Browser:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        tab.open(file, width, height, media, **features)
        tab.run(HELPERS)
        return tab

    return opened


HELPERS = """
window.all = (selector) => [...document.querySelectorAll(selector)];
window.texts = (selector) => all(selector).map((each) => each.textContent.trim());
window.element = (id) => document.getElementById(id);
window.type = (...words) => all("#inputs input").slice(0, words.length).forEach((field, i) => {
  field.value = words[i]; field.dispatchEvent(new Event("input")); });
window.boxes = () => Object.fromEntries(all("g.node").map((box) => [box.dataset.key,
  [...box.querySelectorAll("text:not(.mark)")].map((each) => each.textContent)]));
"""
