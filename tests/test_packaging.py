"""The grammar is found, and the command runs, from a wheel, an sdist, an editable install and a plain checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.sampling import long

ROOT = Path(__file__).parent.parent
GRAD = ["grad", "sin(x**2)*cos(y)", "--x", "2", "--y", "3"]
ANSWER = "f      0.7492287917633427\ndf/dx  2.5884091204228885\ndf/dy  0.10679997423758245\n"
ELSEWHERE = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


def run(command: list[str], cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, env=ELSEWHERE, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's files without what a build has left in them."""
    copy = tmp_path_factory.mktemp("checkout") / "adcli"
    unwanted = shutil.ignore_patterns(
        ".git", ".venv", "__pycache__", "*.tables", ".*_cache", ".hypothesis", "dist", "cases"
    )
    shutil.copytree(ROOT, copy, ignore=unwanted)
    return copy


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment that sees the dependencies installed here, and not this checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    executable = folder / "bin" / "python"
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    packages = Path(run([str(executable), "-c", code], folder).strip())
    here = Path(sysconfig.get_paths()["purelib"])
    for entry in here.iterdir():
        if not entry.name.startswith(("adcli", "_adcli", "__editable__")) and not entry.name.endswith(".pth"):
            (packages / entry.name).symlink_to(entry)
    return executable


def build(kind: str, source: Path, out: Path) -> Path:
    run([sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", str(out), str(source)], out)
    [made] = out.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


def install(python: Path, *what: str) -> None:
    run(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "--force-reinstall",
            *what,
        ],
        python.parent,
    )


def test_plain_checkout(checkout: Path, tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(checkout)!r}); from adcli.cli import main; sys.exit(main())"
    assert run([sys.executable, "-c", code, *GRAD], tmp_path) == ANSWER
    assert not (checkout / "adcli" / "language" / "expression.tables").exists()


def test_wheel(checkout: Path, python: Path, tmp_path: Path) -> None:
    wheel = build("wheel", checkout, tmp_path)
    listed = run([sys.executable, "-m", "zipfile", "-l", str(wheel)], tmp_path)
    assert "adcli/grammar/expression.lark" in listed
    assert "adcli/language/expression.tables" in listed
    assert "adcli/py.typed" in listed
    assert "tests/" not in listed
    install(python, str(wheel))
    assert run([str(python.parent / "adcli"), *GRAD], tmp_path) == ANSWER
    code = "import adcli.language.parser, sys; print('lark' in sys.modules)"
    assert run([str(python), "-c", code], tmp_path) == "False\n"  # the tables were ready made


@long
def test_sdist(checkout: Path, python: Path, tmp_path: Path) -> None:
    sdist = build("sdist", checkout, tmp_path)
    install(python, str(sdist))
    assert run([str(python.parent / "adcli"), *GRAD], tmp_path) == ANSWER
    assert run([str(python), "-c", "import adcli; print(adcli.parse('2x'))"], tmp_path) == "2*x\n"


@long
def test_editable(checkout: Path, python: Path, tmp_path: Path) -> None:
    install(python, "--editable", str(checkout))
    assert run([str(python.parent / "adcli"), *GRAD], tmp_path) == ANSWER
    # A grammar edited since is compiled anew: there is one grammar and one parser.
    grammar = checkout / "grammar" / "expression.lark"
    grammar.write_text(grammar.read_text(encoding="utf-8").replace('"else"', '"otherwise"'), encoding="utf-8")
    assert (
        run([str(python.parent / "adcli"), "eval", "x if x > 0 otherwise 0", "x=9", "--format", "value"], tmp_path)
        == "9.0\n"
    )


def test_only_the_promised_dependencies() -> None:
    import re
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in project["dependencies"]}  # type: ignore[index]
    assert names == {"lark", "click", "graphviz", "pygraphviz", "numpy"}


@long
def test_arrays_on_the_oldest_supported_numpy(tmp_path: Path) -> None:
    oldest = next(line for line in (ROOT / "pyproject.toml").read_text().splitlines() if "numpy>=" in line)
    version = oldest.split(">=")[1].strip('", ')
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
    installed = subprocess.run([*pip, "--target", str(tmp_path), f"numpy=={version}.*"], capture_output=True, text=True)
    if installed.returncode:
        pytest.skip(f"numpy {version} cannot be installed here: {installed.stderr.strip().splitlines()[-1]}")
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider"]
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    tests = ["tests/eager", "tests/language/test_arrays.py", "tests/contract/test_tensors.py"]
    done = subprocess.run(
        [*command, *tests], cwd=ROOT, env={**ELSEWHERE, "PYTHONPATH": paths}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr
