"""One Chromium for many checks, driven over its debugging pipe: open, run, press keys, touch, print."""

from __future__ import annotations

import json
import os
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")

COLLECT = """
window.problems = [];
window.addEventListener("error", (event) => problems.push(String(event.message)));
console.error = (...words) => problems.push(words.join(" "));
document.addEventListener("securitypolicyviolation", (event) => problems.push(event.violatedDirective));
"""


class Browser:
    """One tab of one browser. Each call of the protocol is a line of JSON that ends with a null byte."""

    def __init__(self, write_to: int, read_from: int) -> None:
        self._out, self._in = os.fdopen(write_to, "wb", buffering=0), os.fdopen(read_from, "rb")
        self._calls, self._session = 0, ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Emulation.setScrollbarsHidden", hidden=True)
        self.call("Page.addScriptToEvaluateOnNewDocument", source=COLLECT)

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Return the answer to a call of the DevTools protocol."""
        self._calls += 1
        message: dict[str, object] = {"id": self._calls, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        return self._wait("id", self._calls)

    def _wait(self, key: str, value: object) -> dict[str, Any]:
        while True:
            text = bytearray()
            while (byte := self._in.read(1)) != b"\0":
                assert byte, "the browser has ended"
                text += byte
            answer = json.loads(text)
            if answer.get(key) == value:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer.get("result", {})
                return result

    def close(self) -> None:
        """End the browser."""
        self._session = ""
        self.call("Browser.close")
        self._out.close()
        self._in.close()

    def open(self, file: Path, width: int = 1200, height: int = 900, media: str = "", **features: str) -> None:
        """Open a file. The features are those of media queries, `prefers_color_scheme="dark"`."""
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", media=media, features=named)
        self.resize(width, height)
        self.call("Page.navigate", url=file.as_uri())
        self._wait("method", "Page.loadEventFired")

    def resize(self, width: int, height: int = 900) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)

    def run(self, script: str) -> Any:
        """Return what the script returns. The page must have had no error and no request before it ends."""
        ended = "{ answer, problems, requests: performance.getEntriesByType('resource').length }"
        text = f"(async () => {{ const answer = await (async () => {{ {script} }})(); return {ended}; }})()"
        done = self.call("Runtime.evaluate", expression=text, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        report = done["result"]["value"]
        assert report["problems"] == []
        assert report["requests"] == 0
        return report.get("answer")

    def press(self, key: str, shift: bool = False) -> None:
        """Press a key of the keyboard, as a user would."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}.get(key, 0)
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 * shift}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Put fingers down (`touchStart`), move them (`touchMove`) or lift them (`touchEnd`)."""
        self.call("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y} for x, y in points])

    def wheel(self, x: float, y: float, delta: float, control: bool = False) -> None:
        place = {"x": x, "y": y, "deltaX": 0, "deltaY": delta, "modifiers": 2 * control}
        self.call("Input.dispatchMouseEvent", type="mouseWheel", **place)

    def mouse(self, kind: str, x: float, y: float, is_held: bool = False) -> None:
        state = {"button": "left", "buttons": int(is_held), "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **state)

    def picture(self) -> bytes:
        """Return a PNG file of the whole page."""
        return b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def paper(self) -> bytes:
        """Return the PDF file that the printer would get."""
        return b64decode(self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start a browser, and end it. It reads the protocol at descriptor 3 and answers at 4."""
    assert BROWSER is not None
    to_read, to_write = os.pipe()
    answers, to_answer = os.pipe()
    command = [
        BROWSER,
        *OPTIONS,
        "--remote-debugging-pipe",
        f"--user-data-dir={folder}",
        "--no-first-run",
        "about:blank",
    ]
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    pipes = [(os.POSIX_SPAWN_DUP2, to_read, 3), (os.POSIX_SPAWN_DUP2, to_answer, 4)]
    process = os.posix_spawn(BROWSER, command, os.environ, file_actions=[*quiet, *pipes])
    os.close(to_read)
    os.close(to_answer)
    tab = Browser(to_write, answers)
    try:
        yield tab
    finally:
        tab.close()
        os.waitpid(process, 0)
