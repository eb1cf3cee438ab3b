"""Start-up: the whole process of one gradient from the shell, beside `import click`, a bare interpreter and the peers.

The package is measured as users have it: a wheel is built of a copy of the sources and installed in a fresh virtual
environment, whose interpreter runs everything. That environment sees the dependencies and the Python peers among the
packages of the interpreter that runs this script.

Targets, in processor time: the gradient takes at most 1.15 times `import click`, a sweep of three points at most 1.5
times, `adcli --help` at most 1.3 times. The README's graph as SVG takes at most 2 times `import graphviz, pygraphviz`.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from common import Table, installed, options, skip

ROOT = Path(__file__).resolve().parent.parent
EXPRESSION = "sin(x**2)*cos(y)"
LIBRARIES = 'python -c "import graphviz, pygraphviz"'
DRAWN = "u = sin(x**2); u*cos(y) + u"
GRADIENT = ("grad", EXPRESSION, "--x", "2", "--y", "3")
SWEEP = ("grad", EXPRESSION, "--x", "1,2,5", "--y", "3")
ARRAY = ("grad", "sum(x**2)", "--x", "[1,2,3]")
TARGETS = {"adcli grad … --x 2 --y 3": "<= 1.15", "adcli grad … --x 1,2,5": "<= 1.5", "adcli --help": "<= 1.3"}

# The same job, value and both partial derivatives at x = 2, y = 3, as a user of each would write it for a shell.
PYTHON_PEERS = {
    "casadi": "from casadi import *; x, y = SX.sym('x'), SX.sym('y'); f = sin(x**2)*cos(y); "
    "print(Function('f', [x, y], [f, gradient(f, vertcat(x, y))])(2, 3))",
    "symengine": "from symengine import *; x, y = symbols('x y'); f = sympify('sin(x**2)*cos(y)'); "
    "print([e.subs({x: 2, y: 3}).n(53) for e in (f, f.diff(x), f.diff(y))])",
    "autograd": "import autograd.numpy as np; from autograd import value_and_grad; "
    "print(value_and_grad(lambda v: np.sin(v[0]**2)*np.cos(v[1]))(np.array([2.0, 3.0])))",
    "sympy": "from sympy import *; x, y = symbols('x y'); f = sympify('sin(x**2)*cos(y)'); "
    "print([e.evalf(subs={x: 2, y: 3}) for e in (f, diff(f, x), diff(f, y))])",
    "jax": "import jax, jax.numpy as np; "
    "print(jax.value_and_grad(lambda x, y: np.sin(x**2)*np.cos(y), argnums=(0, 1))(2.0, 3.0))",
}
COMMAND_PEERS = {
    "giac": ["giac", "f:=sin(x^2)*cos(y); evalf(subst([f,diff(f,x),diff(f,y)],[x,y],[2,3]))"],
    "qalc": ["qalc", "-t", "-set", "angle radians",
             "[sin(2^2)*cos(3), diff(sin(x^2)*cos(3), x, 1, 2), diff(sin(2^2)*cos(y), y, 1, 3)]"],
}  # fmt: skip


def build(folder: Path) -> Path:
    """Make a wheel of a copy of the sources, so that the checkout is left as it is."""
    copy = folder / "sources"
    copy.mkdir()
    for name in ("adcli", "grammar"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.tables"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    if find_spec("build"):
        command = ["-m", "build", "--wheel", "--outdir", str(folder)]
    else:
        command = ["-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(folder)]
    here = find_spec("hatchling") and find_spec("lark")  # what a wheel is built with; otherwise it is fetched
    isolation = ("--no-isolation" if find_spec("build") else "--no-build-isolation") if here else None
    run([sys.executable, *command, *([isolation] if isolation else []), str(copy)])
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    """Install the wheel in a fresh environment that also sees our packages; returns the folder of its commands."""
    with_pip = find_spec("pip") is None
    venv.create(folder, with_pip=with_pip)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    own = [sys.executable, "-m", "pip", "--python", str(folder)]
    pip = [str(commands / "python"), "-m", "pip"] if with_pip else own
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)])
    paths = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    packages = next(folder.glob("**/site-packages"))
    (packages / "beside.pth").write_text("".join(f"{path}\n" for path in paths))
    return commands


def run(command: list[str]) -> None:
    """Run a step of the preparation; shows what it wrote only when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{' '.join(command)} failed")


def completion(adcli: str, words: str, number: int) -> list[str]:
    """Return the command that bash runs for a press of Tab at the end of these words, of which the last is typed."""
    settings = {"_ADCLI_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)}
    return ["env", *(f"{name}={value}" for name, value in settings.items()), adcli]


def processes(commands: dict[str, list[str]], runs: int, folder: Path) -> dict[str, tuple[float, float]]:
    """Median wall and processor seconds of each command, run in turns; those that fail are left out by name."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(-1, runs):  # turn -1 writes the byte code and warms the disk
        for name in list(seconds):
            before = _processor()
            start = time.perf_counter()
            done = subprocess.run(
                commands[name], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd=folder, env=environment,
            )  # fmt: skip
            wall = time.perf_counter() - start
            if done.returncode:
                print(f"({name} failed with status {done.returncode}: left out)", file=sys.stderr)
                del seconds[name]
            elif turn >= 0:
                seconds[name].append((wall, _processor() - before))
    return {name: (median(w for w, _ in times), median(p for _, p in times)) for name, times in seconds.items()}


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Build, install, measure, print."""
    given = options(__doc__, runs=21, quick_runs=5)
    with tempfile.TemporaryDirectory(prefix="adcli-startup-") as name:
        folder = Path(name)
        commands = install(build(folder), folder / "environment")
        python, adcli = str(commands / "python"), str(commands / "adcli")
        cases = {
            "python -c pass": [python, "-c", "pass"],
            'python -c "import click"': [python, "-c", "import click"],
            "adcli --help": [adcli, "--help"],
            "adcli --version": [adcli, "--version"],
            "Tab after adcli gr": completion(adcli, "adcli gr", 1),
            "Tab after adcli grad … --": completion(adcli, f"adcli grad {EXPRESSION} --", 3),
            "adcli grad … --x 2 --y 3": [adcli, *GRADIENT],
            f'adcli eval "{EXPRESSION}" --x 2 --y 3': [adcli, "eval", *GRADIENT[1:]],
            'adcli grad … --x 1,2,5': [adcli, *SWEEP],
            'adcli grad "sum(x**2)" --x [1,2,3]': [adcli, *ARRAY],
            f'adcli diff "{EXPRESSION}"': [adcli, "diff", EXPRESSION],
            "adcli grad --help": [adcli, "grad", "--help"],
            LIBRARIES: [python, "-c", "import graphviz, pygraphviz"],
            f'adcli graph "{DRAWN}" --x 2 --y 3 -o graph.svg': [
                adcli, "graph", DRAWN, "--x", "2", "--y", "3", "-o", str(folder / "graph.svg"),
            ],
        }  # fmt: skip
        for peer, command in COMMAND_PEERS.items():
            if shutil.which(peer):
                cases[peer] = command
            else:
                skip(peer)
        for peer, code in PYTHON_PEERS.items():
            if installed(peer):
                cases[peer] = [python, "-c", code]
        measured = processes(cases, given.runs, folder)
    bare, click = measured["python -c pass"], measured['python -c "import click"']
    table = Table(
        f"Start-up: whole process, from an installed wheel; medians of {given.runs} interleaved runs",
        "command", "wall ms", "x import click", "x bare", "CPU ms", "x import click", "x bare", "target",
    )  # fmt: skip
    for case, (wall, processor) in measured.items():
        target = TARGETS.get(case, "")
        ratios = 1e3 * processor, processor / click[1], processor / bare[1]
        table.add(case, 1e3 * wall, wall / click[0], wall / bare[0], *ratios, target)
    table.print()
    if LIBRARIES in measured:
        wall, processor = measured[LIBRARIES]
        pictures = Table("A picture, from the same runs", "command", "wall ms", "x the libraries", "CPU", "target")
        for case, (seconds, cpu) in measured.items():
            if case == LIBRARIES or case.startswith("adcli graph"):
                target = "<= 2" if case != LIBRARIES else ""
                pictures.add(case, 1e3 * seconds, seconds / wall, cpu / processor, target)
        pictures.print()


if __name__ == "__main__":
    main()
