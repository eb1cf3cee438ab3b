"""The documentation site: it builds without a warning, loads nothing from another host, and searches, in a browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import adcli
from tests.browser import BROWSER, needs_browser
from tests.sampling import long
from tests.test_pages import PAGES, ROOT


def test_every_public_name_is_in_the_reference_or_a_function() -> None:
    """Names that are not functions of the language are on docs/api.md, once each."""
    from adcli.ops import PUBLIC

    written = re.findall(r"^\.\. auto\w+:: (\w+)$", PAGES["docs/api.md"], re.MULTILINE)
    assert sorted(written) == sorted(set(adcli.__all__) - set(PUBLIC))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    for name in ("sphinx", "myst_parser", "myst_nb", "furo", "sphinx_copybutton"):
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-c", "docs", "-d", str(folder / "doctrees")]
    done = subprocess.run([*command, ".", str(folder / "html")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder / "html"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The address at which a server has the site."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *words: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@long
def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|iframe|source|object)\b[^>]*?\b(?:src|data)=\"([^\"]+)\"", text)
        loaded += re.findall(r"<link\b(?![^>]*rel=\"(?:index|search|next|prev)\")[^>]*?href=\"([^\"]+)\"", text)
        assert [url for url in loaded if re.match(r"\w+:|//", url) and not url.startswith("data:")] == [], path
    for path in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import )[\"']?(https?:|//)", path.read_text(encoding="utf-8")), path


@long
def test_every_page_is_in_the_site(site: Path) -> None:
    pages = {page.removesuffix(".md") + ".html" for page in PAGES if page != "README.md"}
    built = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    assert {page for page in pages if page.startswith(("docs/", "grammar/", "benchmarks/"))} <= built
    for path in ROOT.glob("docs/notebooks/*.ipynb"):
        text = (site / "docs" / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert "<svg" in text or "_images/" in text  # the outputs are shown


@long
@needs_browser
def test_search_finds_a_word_of_a_page(address: str, tmp_path: Path) -> None:
    text = dump(f"{address}/search.html?q=volatility", tmp_path)
    found = re.search(r'<ul[^>]* class="search">(.*?)</ul>', text, re.DOTALL)
    assert found, text[-2000:]
    assert "docs/recipes.html" in found[1]


@long
@needs_browser
def test_a_page_in_a_browser(address: str, site: Path, tmp_path: Path) -> None:
    """Text does not run out of a phone's window, and every resource is the site's own."""
    report = """<script>addEventListener("load", () => {
      const report = document.createElement("pre"); report.id = "report";
      report.textContent = JSON.stringify({ wide: document.documentElement.scrollWidth - innerWidth,
        urls: performance.getEntriesByType("resource").map((entry) => entry.name) });
      document.body.append(report); });</script>"""
    for name in ("docs/index", "docs/tutorial", "docs/commands", "docs/api"):
        page = site / f"{name}.html"
        copy = page.with_name("probe.html")
        copy.write_text(page.read_text(encoding="utf-8").replace("</body>", f"{report}</body>"), encoding="utf-8")
        shown = re.search(r'<pre id="report">(.*?)</pre>', dump(f"{address}/docs/probe.html", tmp_path, 390), re.DOTALL)
        assert shown
        answer = json.loads(unescape(shown[1]))
        assert answer["wide"] <= 0, name
        assert answer["urls"]
        assert [url for url in answer["urls"] if not url.startswith((address, "data:"))] == []


@long
@needs_browser
def test_the_cheat_sheet_is_printed_on_one_page(address: str, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    browse(f"{address}/docs/cheatsheet.html", tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={file}")
    assert re.findall(rb"/Count (\d+)", file.read_bytes()) == [b"1"]


def dump(url: str, folder: Path, width: int = 1200) -> str:
    """Return the document after its scripts have run."""
    return browse(url, folder, f"--window-size={width},900", "--virtual-time-budget=5000", "--dump-dom")


def browse(url: str, folder: Path, *options: str) -> str:
    assert BROWSER is not None
    common = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command = [BROWSER, *common, f"--user-data-dir={folder / 'profile'}", *options, url]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=True).stdout
