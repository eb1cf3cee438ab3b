"""The set-up commands of the README and the installation page, and the links of all pages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sampling import long
from tests.test_pages import PAGES, ROOT, blocks, command_folder  # noqa: F401 - a fixture


def shell_blocks(page: str) -> list[str]:
    return [block.body.strip() for block in blocks(page) if block.kind == "sh"]


def test_the_completion_block(command_folder: Path) -> None:  # noqa: F811
    environment = {**os.environ, "PATH": f"{command_folder}:{os.environ['PATH']}"}
    command = shell_blocks("docs/install.md")[1] + "\ncomplete -p adcli"
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0
    assert "adcli" in done.stdout


@long
def test_the_installation_block(tmp_path: Path) -> None:
    copy = tmp_path / "adcli"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "build", "dist", "tests", ".*_cache"))
    install, _ = shell_blocks("docs/install.md")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(["sh", "-ec", install], cwd=copy, env=environment, capture_output=True, text=True)
    if "pip install" in done.stderr or "No matching distribution" in done.stderr:
        pytest.skip(f"pip cannot install here: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    assert "df/dx  2.5884091204228885" in done.stdout


def test_ci_runs_the_readmes_test_command() -> None:
    install, test = shell_blocks("README.md")
    assert install.startswith("python3 -m venv")
    assert test in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", PAGES[page])
    assert [target for target in targets if not (ROOT / page).parent.joinpath(target).exists()] == []
