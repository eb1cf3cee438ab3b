"""Generated C: its operations beside those of CasADi's and SymPy's code, its time beside straight-line C by hand.

Operations of value and gradient of published formulas (tests/cases/formulas.tsv), each arithmetic operation and each
call counted once: ours as they stand in the generated C, CasADi's as the instructions of its Function with common
sub-expressions merged (what its C generator prints), SymPy's after `cse` of value and `diff`. Time: both functions
compiled by the same gcc with the same flags, called in turns over the same points.
"""

from __future__ import annotations

import csv
import ctypes
import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import Table, installed, options, peer, skip, timed

import adcli
from adcli.codegen.request import derive_request
from adcli.graph.expr import Graph
from adcli.language.ast import Call, Formula, Name, Node, Number
from adcli.language.lower import lower
from adcli.language.parser import parse

FORMULAS = Path(__file__).parent.parent / "tests" / "cases" / "formulas.tsv"
# Ten of robots, chemistry and astronomy; the last line of the table counts all that the peers can say.
NAMED = (
    "two_link_arm_reach", "magic_formula_tyre", "lennard_jones", "peng_robinson_pressure", "wagner_vapour_pressure",
    "davies_activity", "kepler_residual", "orbit_radius_from_mean_anomaly", "angular_separation",
    "planck_spectral_radiance",
)  # fmt: skip

# name, the expression, and its value and gradient as one would write them by hand
BY_HAND = (
    (
        "README's", "sin(x**2)*cos(y)",
        "double u = x*x, s = sin(u), c = cos(y);"
        " g[0] = 2.0*x*cos(u)*c; g[1] = -s*sin(y); return s*c;",
    ),
    (
        "arm", "l*cos(x) + m*cos(x + y)",
        "double s = x + y, p = m*sin(s), a = cos(x), b = cos(s);"
        " g[0] = a; g[1] = -l*sin(x) - p; g[2] = b; g[3] = -p; return l*a + m*b;",
    ),
    (
        "Morse", "D*(1 - exp(-a*(r - r0)))**2",
        "double d = r - r0, e = exp(-a*d), w = 1.0 - e, k = 2.0*D*w*e;"
        " g[0] = w*w; g[1] = k*d; g[2] = k*a; g[3] = -k*a; return D*w*w;",
    ),
)  # fmt: skip
POINTS = 200_000


def written(formula: Formula, functions: Any, symbol: Callable[[str], Any]) -> tuple[Any, list[Any]]:
    """The formula in a peer's symbols, and its variables."""
    scope: dict[str, Any] = {"pi": math.pi, "e": math.e, "tau": math.tau}
    variables: list[Any] = []

    def visit(node: Node) -> Any:
        if isinstance(node, Number):
            return int(node.value) if node.value.is_integer() else node.value
        if isinstance(node, Name):
            if node.name not in scope:
                scope[node.name] = symbol(node.name)
                variables.append(scope[node.name])
            return scope[node.name]
        assert isinstance(node, Call)
        values = [visit(argument) for argument in node.arguments]
        if len(values) == 1:
            return {"-": lambda x: -x, "+": lambda x: x}.get(node.function, functions_of(functions, node))(values[0])
        x, y = values
        signs: dict[str, Callable[[], Any]] = {
            "+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y, "**": lambda: x**y,
            "^": lambda: x**y, "atan2": lambda: functions.atan2(x, y), "hypot": lambda: functions.sqrt(x**2 + y**2),
        }  # fmt: skip
        return signs[node.function]()

    for binding in formula.bindings:
        scope[binding.name] = visit(binding.node)
    return visit(formula.result), variables


def functions_of(functions: Any, node: Call) -> Callable[[Any], Any]:
    """A peer's function of one argument; a name that it does not know is an error when it is called."""
    name = {"ln": "log", "arctan": "atan", "arcsin": "asin"}.get(node.function, node.function)

    def call(x: Any) -> Any:
        if not hasattr(functions, name):  # SymPy has the bare forms only
            return {"expm1": lambda: functions.exp(x) - 1, "log1p": lambda: functions.log(1 + x)}[name]()
        return getattr(functions, name)(x)

    return call


def operations_of_casadi(formula: Formula) -> int:
    """Instructions of a Function of value and gradient that are operations."""
    casadi = peer("casadi")
    value, variables = written(formula, casadi, casadi.SX.sym)
    slopes = casadi.gradient(value, casadi.vertcat(*variables))
    made = casadi.Function("f", variables, [value, slopes], {"cse": True})
    others = {casadi.OP_INPUT, casadi.OP_OUTPUT, casadi.OP_CONST}
    return sum(made.instruction_id(place) not in others for place in range(made.n_instructions()))


def operations_of_sympy(formula: Formula) -> int:
    """Operations after `cse`."""
    sympy = peer("sympy")
    value, variables = written(formula, sympy, sympy.Symbol)
    named, results = sympy.cse([value, *(sympy.diff(value, variable) for variable in variables)])
    return int(sum(sympy.count_ops(each) for each in [*(text for _, text in named), *results]))


def operations(formula: Formula) -> int:
    """Operations of the generated code."""
    return len(derive_request(lower(formula, Graph()), str(formula)).program.instructions)


def counts() -> None:
    """Print the table of operations."""
    if not (installed("casadi") and installed("sympy")):
        return
    with FORMULAS.open(encoding="utf-8", newline="") as file:
        rows = {row["name"]: parse(row["program"]) for row in csv.DictReader(file, delimiter="\t")}
    table = Table("Operations of value and gradient", "formula", "adcli", "CasADi", "SymPy", "target: at most both")
    measured = {}
    for name, formula in rows.items():
        try:
            measured[name] = (operations(formula), operations_of_casadi(formula), operations_of_sympy(formula))
        except (AttributeError, KeyError, TypeError, ValueError):
            continue  # the peers have no such function
    for name in NAMED:
        ours, casadi, sympy = measured[name]
        table.add(name, str(ours), str(casadi), str(sympy), "yes" if ours <= min(casadi, sympy) else "no")
    kept = sum(ours <= min(casadi, sympy) for ours, casadi, sympy in measured.values())
    totals = [str(sum(column)) for column in zip(*measured.values(), strict=True)]
    table.add(f"all {len(measured)}", *totals, f"{kept} of {len(measured)}")
    table.print()


def loops(name: str, arguments: int, slopes: int) -> str:
    """A C function that calls another for many points."""
    given = ", ".join(f"p[i + {place}]" for place in range(arguments))
    return (
        f"double loop_{name}(const double *p, long n) {{ double t = 0.0, g[{slopes}];"
        f" for (long i = 0; i < n; i++) {{ t += {name}({given}, g);"
        f" for (int j = 0; j < {slopes}; j++) t += g[j]; }} return t; }}\n"
    )


def times(runs: int) -> None:
    """Print the table of times."""
    if shutil.which("gcc") is None:
        skip("gcc")
        return
    table = Table("Time of value and gradient in C", "formula", "generated ns", "by hand ns", "ratio", "target")
    for name, text, body in BY_HAND:
        function = adcli.compile(text)
        count = len(function.variables)
        parameters = ", ".join(f"double {variable}" for variable in function.variables)
        source = function.code("c", name="made")
        source += f"double hand({parameters}, double g[{count}]) {{ {body} }}\n"
        source += loops("made", count, count) + loops("hand", count, count)
        with tempfile.TemporaryDirectory() as folder:
            path, library = Path(folder, "code.c"), Path(folder, "code.so")
            path.write_text(source, encoding="utf-8")
            subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, path, "-lm"], check=True)
            loaded = ctypes.CDLL(str(library))
        points = (ctypes.c_double * (POINTS + count))(*[0.5 + place % 1000 / 1000 for place in range(POINTS + count)])
        tasks = {}
        for which in ("made", "hand"):
            loop = getattr(loaded, f"loop_{which}")
            loop.restype = ctypes.c_double
            tasks[which] = lambda loop=loop, points=points: loop(points, ctypes.c_long(POINTS))
        seconds = timed(tasks, runs)
        made, hand = (1e9 * seconds[which] / POINTS for which in ("made", "hand"))
        table.add(name, made, hand, made / hand, "<= 1.1")
    table.print()


def main() -> None:
    """Both tables."""
    given = options(__doc__, runs=21, quick_runs=5)
    counts()
    times(given.runs)


if __name__ == "__main__":
    main()
