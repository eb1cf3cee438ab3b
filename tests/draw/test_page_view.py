"""How the page that plays a graph looks and is used: steps, keys, zoom, widths, paper, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest

from adcli.draw.flow import LIGHT
from tests.browser import needs_browser
from tests.draw.conftest import Open, page

pytestmark = needs_browser

SMALL = "sin(x)*y"
LARGE = "u = x*y; v = exp(-u**2/2); where(x > 0, sqrt(x), max(y, v)) + u/(1 + abs(y))"
WIDE = "a*b + " + "sin(" * 24 + "a" + ")" * 24


def test_buttons_and_keys_step_through_both_passes(show: Open) -> None:
    look = """
    return [element("status").textContent, all("g.node.now").map((box) => box.dataset.key).join(),
      all("g.node text.number").filter((text) => text.textContent).length, texts("[aria-current=step]").length];"""
    tab = show(page(SMALL))
    seen = []
    for key in ["Home", *["ArrowRight"] * 7, "ArrowLeft", "End"]:
        tab.press(key)
        seen.append(tab.run(look))
    assert [status for status, *_ in seen] == [
        "start",
        *(f"forward pass, step {i} of 4" for i in (1, 2, 3, 4)),
        *(f"backward pass, step {i} of 3" for i in (1, 2, 3)),
        "backward pass, step 2 of 3",
        "backward pass, step 3 of 3",
    ]
    assert [len(lit) for _, lit, *_ in seen] == [0, *[1] * 9]
    assert [count for *_, count, _ in seen] == [0, 1, 2, 3, 4, 6, 7, 8, 7, 8]
    assert [rows for *_, rows in seen] == [0, *[1] * 9]
    script = """
    const status = () => element("status").textContent, answer = [];
    for (const id of ["first", "next", "back", "last"]) { element(id).click(); answer.push(status()); }
    all("#steps tr")[1].click(); answer.push(status());
    element("play").click(); answer.push(element("play").textContent); element("play").click();
    answer.push(element("play").textContent);
    return answer;"""
    passes = ["start", "forward pass, step 1 of 4", "start", "backward pass, step 3 of 3", "forward pass, step 2 of 4"]
    assert tab.run(script) == [*passes, "pause", "play"]


def test_the_keyboard_reaches_everything_in_order(show: Open) -> None:
    tab = show(page(SMALL))
    reached = []
    for _ in range(22):
        tab.press("Tab")
        reached.append(tab.run("const e = document.activeElement; return e.name || e.id || e.className || e.tagName"))
    buttons = ["first", "back", "play", "next", "last", "partials", "smaller", "larger", "fit", "ask"]
    assert reached[:13] == ["x", "y", *buttons, "picture"]
    spoken = """return all("[tabindex='0'], button, input").every((each) =>
      (each.getAttribute("aria-label") || each.getAttribute("aria-labelledby") || each.closest("label, button")));"""
    assert tab.run(spoken)
    script = """all("g.node")[2].focus(); return [element("detail").textContent, all("g.node").map((box) =>
      [box.getAttribute("role"), box.getAttribute("aria-label"), box.querySelector("title").textContent])];"""
    detail, boxes = tab.run(script)
    assert "value" in detail
    assert ["img", "f = v1·y, value 0.841471, adjoint 1", "f = v1·y"] in boxes


def test_help_lists_the_keys_and_explains_the_terms(show: Open) -> None:
    tab = show(page(SMALL), 390)
    tab.press("?")
    dialog = """const dialog = element("help"), frame = dialog.getBoundingClientRect();
      return { open: dialog.open, text: dialog.textContent, keys: texts("#help kbd").join(" "),
        colours: ["rise", "fall", "undefined"].map((side) => getComputedStyle(all(`.legend .${side}`)[0]).color),
        inside: frame.left >= 0 && frame.right <= innerWidth
          && frame.bottom <= innerHeight && dialog.scrollWidth <= dialog.clientWidth };"""
    help: dict[str, Any] = tab.run(dialog)
    assert help["open"]
    assert help["inside"]
    assert help["colours"] == [f"rgb{tuple(bytes.fromhex(colour[1:]))}" for colour in LIGHT[1:]]
    for word in ("primal", "Adjoint", "Local derivative", "gradient", "pi/4"):
        assert word in help["text"]
    assert help["keys"] == "→ ← Home End Space + − Ctrl 0 Shift L Tab ? Esc"
    tab.press("End")  # goes to the dialog, not to the steps
    tab.press("Escape")
    assert tab.run("return element('help').open") is False


FITS = """
const frame = element("picture").getBoundingClientRect();
return all("g.node").every((box) => { const { left, right, top, bottom } = box.getBoundingClientRect();
  return left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom; });"""


def test_the_picture_is_fitted_and_zoomed(show: Open) -> None:
    tab = show(page(LARGE), 1280, prefers_reduced_motion="reduce")
    width = "return all('#picture svg')[0].getBoundingClientRect().width"
    fitted = tab.run(width)
    assert tab.run(FITS)
    assert tab.run("return element('more').textContent") == ""
    for key, factor in (("+", 1.25), ("+", 1.25), ("-", 1 / 1.25)):
        before = tab.run(width)
        tab.press(key)
        assert tab.run(width) == pytest.approx(before * factor, rel=0.01)
    assert not tab.run(FITS)
    assert "out of sight" in tab.run("return element('more').textContent")
    left = tab.run("element('picture').scrollLeft = 60; return element('picture').scrollLeft")
    tab.press("ArrowRight", shift=True)
    assert tab.run("return element('picture').scrollLeft") > left
    tab.press("0")
    assert tab.run(width) == pytest.approx(fitted)
    tab.resize(700)
    assert tab.run("await new Promise(requestAnimationFrame);" + FITS)
    assert tab.run(width) < fitted


def test_wheel_mouse_and_fingers_zoom_and_move(show: Open) -> None:
    tab = show(page(LARGE), 1280, prefers_reduced_motion="reduce")
    place = """const box = all("g.node")[3].getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2, box.width];"""
    settled = "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));" + place
    for _ in range(3):
        tab.press("+")
    x, y, width = tab.run(place)
    tab.wheel(x, y, -100, control=True)
    near_x, _, zoomed = tab.run(settled)
    assert zoomed > 1.2 * width
    assert near_x == pytest.approx(x, abs=4)  # the place under the mouse stays there
    tab.mouse("mousePressed", x, y, is_held=True)
    tab.mouse("mouseMoved", x - 40, y, is_held=True)
    tab.mouse("mouseReleased", x - 40, y)
    assert tab.run(settled)[0] == pytest.approx(near_x - 40, abs=2)
    x, y, width = tab.run(place)
    tab.touch("touchStart", (x - 20, y), (x + 20, y))
    for reach in (25, 30, 40):
        tab.touch("touchMove", (x - reach, y), (x + reach, y))
    tab.touch("touchEnd")
    near_x, _, zoomed = tab.run(settled)
    assert zoomed == pytest.approx(2 * width, rel=0.1)
    assert near_x == pytest.approx(x, abs=8)


def test_a_picture_too_small_to_read_starts_larger(show: Open) -> None:
    tab = show(page(WIDE), 390, prefers_reduced_motion="reduce")
    script = """
      const [letters, now, frame] = ["g.node text", "g.node.now", "#picture"].map(
        (each) => all(each)[0].getBoundingClientRect());
      return [letters.height, element("more").textContent, now.left >= frame.left && now.right <= frame.right]"""
    letters, more, is_seen = tab.run(script)
    assert letters > 9
    assert "fit" in more
    assert is_seen
    tab.press("0")
    assert tab.run(FITS)


PAGES = {
    "numbers": (LARGE, ""),
    "results": ("[x*y, x - y]", "x=2 y=3"),
    "arrays": ("sum(v**2)", "v=[1e-300,2e-300,1/3]"),
    "undefined": ("sum(log(v))", "v=[-1,2,3,4,5,6]"),
    "names": ("temperature_of_the_outer_atmosphere*very_long_name_of_a_constant_of_nature", ""),
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overlaps_or_is_cut(show: Open, name: str) -> None:
    """Texts stay inside their boxes with the widest numbers, and the page inside its window."""
    script = """
    type(...all("#inputs input").map(() => "-1.2345678901234567e-300"));
    const answer = { outside: [], wide: document.documentElement.scrollWidth - innerWidth };
    for (const box of all("g.node")) {
      const frame = box.querySelector("polygon, path").getBoundingClientRect();
      for (const text of box.querySelectorAll("text:not(.mark)")) {
        const inner = text.getBoundingClientRect();
        if (inner.width && (inner.left < frame.left || inner.right > frame.right || inner.top < frame.top - 1
            || inner.bottom > frame.bottom + 1)) answer.outside.push(text.textContent);
      }
    }
    const panel = all(".scroll")[0];
    const isCut = (each) => each.scrollWidth > each.clientWidth + 1 || each.getBoundingClientRect().right > innerWidth;
    answer.cut = [panel, element("detail"), ...all("#steps td"), ...all("#inputs > *")].filter(isCut);
    answer.cut = answer.cut.map((each) => each.textContent);
    const bars = all("#detail .bar, #steps .bar").flatMap((each) => [...each.getClientRects()]);
    const isNear = (bar, above) => above && bar.top > above.top && bar.top < above.bottom + 2;
    answer.touching = bars.filter((bar, i) => isNear(bar, bars[i - 1])).length;
    return answer;"""
    tab = show(page(*PAGES[name]), 390)
    for width in (390, 820, 1280):
        tab.resize(width)
        assert tab.run(script) == {"outside": [], "wide": 0, "cut": [], "touching": 0}, width


def test_on_paper_the_picture_is_whole_and_there_are_no_controls(show: Open) -> None:
    seen = """
    const picture = all("#picture svg")[0].getBoundingClientRect(), shown = (each) => each.getClientRects().length > 0;
    const isCut = (each) => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1;
    return { controls: all("button, nav, #more, dialog").filter(shown).length,
      fits: picture.left >= 0 && picture.right <= innerWidth, clipped: all(".picture, .scroll").some(isCut),
      inputs: all("#inputs input").filter(shown).map((field) => field.value), steps: all("#steps tr").length,
      ground: getComputedStyle(document.body).backgroundColor };"""
    for text in (LARGE, WIDE):
        tab = show(page(text), 390, prefers_color_scheme="dark")
        assert tab.run(seen)["ground"] == "rgb(22, 24, 29)"
        dark = {"name": "prefers-color-scheme", "value": "dark"}
        tab.call("Emulation.setEmulatedMedia", media="print", features=[dark])
        tab.resize(720)
        paper: dict[str, Any] = tab.run(seen)
        assert (paper["controls"], paper["fits"], paper["clipped"]) == (0, True, False)
        assert paper["inputs"] == ["1", "1"]
        assert paper["ground"] == "rgb(255, 255, 255)"
    tab.call("Emulation.setEmulatedMedia", media="")
    width, height = map(float, re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", tab.paper())[0])
    assert width > height  # a wide picture is printed in landscape


def test_the_head_of_a_wide_arrow_shows_its_direction_and_ends_at_its_box(show: Open) -> None:
    script = """
    const [arrow, box] = [all("g.edge")[0], all("g.node")[1]], zoom = all("#picture svg")[0].getScreenCTM().a;
    const [head, frame] = [arrow.querySelector("polygon"), box.querySelector("polygon")].map(
      (each) => each.getBoundingClientRect());
    return [parseFloat(getComputedStyle(arrow.querySelector("path")).strokeWidth), head.height / zoom,
      (head.right - frame.left) / zoom];"""
    line, head, inside = show(page("1000*x")).run(script)
    assert line == 6
    assert head > 1.5 * line
    assert inside < 1


def test_tooltips_are_formulas_not_keys(show: Open) -> None:
    titles = show(page(SMALL)).run("return texts('svg title')")
    assert sorted(titles) == ["f = v1·y", "v1 = sin(x)", "x", "y"]
