"""Adding a function: an entry, a kernel and a reference definition, three files. Everything else follows."""

from __future__ import annotations

from pathlib import Path

from .copies import Copy, read_recipe

KERNELS = '''

def versin(x: float) -> float:
    """1 - cos(x), exact near 0."""
    s = sin(0.5 * x)
    return 2.0 * (s * s)


def gd(x: float) -> float:
    """The Gudermannian function."""
    return 2.0 * atan(tanh(0.5 * x))
'''
ENTRIES = """
versin: Op = Op(
    "versin", kernels.versin, [lambda out, x: sin(x)], textbook=lambda x: 1.0 - cos(x), domain=_whole_line,
    doc="Versine, 1 - cos(x), exact near 0.",
)  # fmt: skip
gd: Op = Op("gd", kernels.gd, [lambda out, x: sech(x)], doc="Gudermannian function, 2*atan(tanh(x/2)).")
"""
DEFINITIONS = """
DEFINITIONS["versin"] = Definition(lambda x: 1 - mp.cos(x), points="trigonometric")
DEFINITIONS["gd"] = Definition(lambda x: 2 * mp.atan(mp.tanh(x / 2)))
"""
PROGRAM = """
import contextlib
import io

import numpy as np

import adcli
from adcli.cli import main
from adcli.errors import RequestError
from tests.contract.samplers import cases_of
from tests.contract.stubs import text
from tests.reference.evaluator import evaluate_op


def close(one, other):
    assert np.allclose(one, other, rtol=1e-13, atol=0.0), (one, other)


xs = np.linspace(-2.0, 2.1, 9)
for name in ("versin", "gd"):
    f, function = adcli.compile(f"{name}(x)*y"), getattr(adcli, name)
    at = {"x": 0.75, "y": 1.0}
    truth = [float(number) for number in evaluate_op(name, (0.75,)).values()]  # the reference definition
    close(function(0.75), truth[0])
    close(f.value(at), truth[0])
    close(f.gradient(at)["x"], truth[1])
    close(f.hessian(at)["x"]["x"], truth[2])
    close(f.taylor(3, wrt="x", **at), [truth[0], truth[1], truth[2] / 2, truth[3] / 6])
    for backend in ("python", "numpy", "llvm"):
        values, slopes = f.batch(x=xs, y=1.0, backend=backend)
        close(values, [function(float(x)) for x in xs])
    v = adcli.Value(xs)
    function(v).sum().backward()
    close(v.grad, slopes["x"])
    assert cases_of(function)
    assert f"def {name}(x: float) -> float: ..." in text()
    for target in ("python", "numpy", "c", "javascript", "latex", "jax", "sql", "postgresql", "spark"):
        try:
            code = f.code(target)
        except RequestError as error:  # without a textbook form these targets lack it
            assert name == "gd" and target in ("jax", "sql", "postgresql", "spark"), error
            assert "gd" in str(error)
            continue
        if target in ("python", "numpy"):
            space = {}
            exec(code, space)
            value, (slope, _) = space["f"](0.75, 1.0)
            close([value, slope], truth[:2])
        print(target, code)
    for words in (["eval", f"{name}(x)", "--x", "2"], ["diff", f"{name}(x)"], ["trace", f"{name}(x)", "--x", "2"],
                  ["graph", f"{name}(x)", "--x", "2", "--format", "dot"], ["functions", name]):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            assert main(words) == 0, words
        print(*words, printed.getvalue())
"""
SHOWN = (
    "eval versin(x) --x 2 f  1.4161468365471424",
    "diff versin(x) sin(x)",
    "diff gd(x) sech(x)",
    "functions versin versin(x)",
    "functions gd gd(x)",
    "static double adcli_versin(double x) {",
    r"\operatorname{versin}\left(x\right)",
    "1.0 - jnp.cos(x)",
)


def test_a_function_is_an_entry_a_kernel_and_a_reference(tmp_path: Path) -> None:
    copy = Copy(tmp_path, "adcli/ops/kernels", "tests/reference")
    copy.append("adcli/ops/kernels/elementary.py", KERNELS)
    copy.append("adcli/ops/elementary.py", ENTRIES)
    copy.append("tests/reference/definitions.py", DEFINITIONS)
    printed = copy.run(PROGRAM)
    for text in SHOWN:
        assert text in printed, printed


def test_the_page_has_the_same_recipe() -> None:
    for block, text in zip(read_recipe("a function"), (KERNELS, ENTRIES, DEFINITIONS), strict=True):
        assert block.strip() in text
