"""Every block of the README and of three pages is run: consoles in a shell, Python as a doctest; the set-up by the
packaging tests.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import run_command

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = "".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in ("arrays.md", "pictures.md"))
DERIVATIVES = (ROOT / "docs" / "derivatives.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT + PAGE, re.DOTALL | re.MULTILINE)
CONSOLES = [body for kind, body in BLOCKS if kind == "console"] + re.findall(
    r"^```console\n(.*?)^```", DERIVATIVES, re.DOTALL | re.MULTILINE
)
SHELL = [body.strip() for body in re.findall(r"^```sh\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)]


def sessions(body: str) -> list[tuple[str, str]]:
    """(command, what it prints) of a console block."""
    return [tuple(part.split("\n", 1)) for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]]  # type: ignore[misc]


@pytest.fixture(scope="module")
def shell_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to run in, with an `adcli` on the path that is this checkout's."""
    folder = tmp_path_factory.mktemp("readme")
    script = folder / "bin" / "adcli"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m adcli "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.mark.parametrize("body", CONSOLES, ids=lambda body: body.split("\n")[0][:40])
def test_console_blocks(body: str, shell_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{shell_folder / 'bin'}:{os.environ['PATH']}")
    monkeypatch.chdir(shell_folder)
    for command, expected in sessions(body):
        assert printed(command) == expected.rstrip("\n") + ("\n" if expected.strip() else ""), command


def printed(command: str) -> str:
    """Return what a command line prints: in this process where it is `adcli` and words, else in a shell."""
    words = list(shlex.shlex(command, posix=True, punctuation_chars=True))
    if words[0] == "adcli" and not any(set(word) <= set("();<>|&") for word in words) and "$" not in command:
        outcome = run_command(shlex.split(command)[1:])
        return outcome.out + outcome.err
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(["sh", "-c", command], text=True, timeout=600, **streams).stdout


def test_python_blocks() -> None:
    body = "\n".join(
        [body for kind, body in BLOCKS if kind == "python"]
        + re.findall(r"^```python\n(.*?)^```", DERIVATIVES, re.DOTALL | re.MULTILINE)
    )
    test = doctest.DocTestParser().get_doctest(body, {}, "README", "README.md", 0)
    assert doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(test).failed == 0


def test_the_completion_block(shell_folder: Path) -> None:
    environment = {**os.environ, "PATH": f"{shell_folder / 'bin'}:{os.environ['PATH']}"}
    command = SHELL[2] + "\ncomplete -p adcli"
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0
    assert "adcli" in done.stdout


def test_ci_runs_the_readmes_test_command() -> None:
    install, test, _ = SHELL
    assert install.startswith("python3 -m venv")
    assert test in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_link_leads_somewhere() -> None:
    for page in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("docs/**/*.md"),
        ROOT / "grammar" / "README.md",
    ]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
