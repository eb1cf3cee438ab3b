"""LaTeX is not run but read: groups close, brackets pair, nothing has two superscripts, factors stay apart."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import adcli
from adcli.codegen.targets.latex import Target
from adcli.codegen.typesetting import display, formula, symbol
from adcli.formula.lowered import Lowered
from adcli.graph.expr import Graph
from adcli.language.parser import parse
from adcli.ops import TABLE, Op
from adcli.ops.elementary import direction
from tests.codegen.runners import request_of
from tests.codegen.test_inert import HOSTILE, hostile_request
from tests.codegen.test_targets import random_requests
from tests.contract.test_table import symbols

EXACT = {
    "(x + 1)**2/(2*y)": r"\frac{\left(x + 1\right)^{2}}{2 y}",
    "(x**y)**3": r"\left(x^{y}\right)^{3}",
    "-x**2": "-x^{2}",
    "(-x)**2": "x^{2}",
    "x*-3": r"x \cdot \left(-3\right)",
    "2*10**x": r"2 \cdot 10^{x}",
    "-2*x/y": r"-\frac{2 x}{y}",
    "-(x + y)*z**(n - 1)": r"-\left(x + y\right) z^{n - 1}",
    "sqrt(x)**3": r"\left(\sqrt{x}\right)^{3}",
    "rate*time*(x + 1)": r"\mathrm{rate} \, \mathrm{time} \, \left(x + 1\right)",
    "x - (y - z)": r"x - \left(y - z\right)",
    "x*3": r"x \cdot 3",
    "3x": "3 x",
    "sqrt(x)/exp(-x/2)": r"\frac{\sqrt{x}}{e^{-\frac{x}{2}}}",
    "1e-7*alpha_0 + 2.5e30*β": r"10^{-7} \alpha_{0} + 2.5 \cdot 10^{30} \beta",
    "abs(x) + floor(y)": r"\left|x\right| + \left\lfloor y \right\rfloor",
    "x if x > 0 and y != 1 else 0":
        r"\begin{cases} x & \text{if } x > 0 \land y \ne 1 \\ 0 & \text{otherwise} \end{cases}",
    "sin(x)**2 + acos(y) + log(rate)":
        r"\sin^{2}\left(x\right) + \arccos\left(y\right) + \ln\left(\mathrm{rate}\right)",
}  # fmt: skip

_COMMANDS = """
frac left right ln sin cos tan sec csc cot sinh cosh tanh coth arcsin arccos arctan min max log Gamma psi sqrt cdot
lfloor rfloor lceil rceil begin end text operatorname mathrm le ge ne land lor lnot bmod alpha beta pi tau infty circ
Phi varphi binom
"""
KNOWN = set(_COMMANDS.split())


@pytest.mark.parametrize("text", EXACT)
def test_formulas_read_as_people_write_them(text: str) -> None:
    made = adcli.compile(text).code("latex", what=["value"])
    assert made.splitlines()[-2] == f"f &= {EXACT[text]}"


def read(text: str) -> None:
    """Fail where TeX would."""
    body = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    depth = 0
    for mark in re.findall(r"(?<!\\)[{}]", body):
        depth += 1 if mark == "{" else -1
        assert depth >= 0, text
    assert depth == 0, text
    for one, other in ((r"\left", r"\right"), (r"\begin{cases}", r"\end{cases}")):
        assert len(re.findall(re.escape(one) + r"(?![a-z])", body)) == len(
            re.findall(re.escape(other) + r"(?![a-z])", body)
        ), text
    # Two superscripts on one base; two numbers side by side; two signs in a row.
    assert not re.search(r"\^(\w|\{[^{}]*\})\^", body), text
    assert not re.search(r"\d [\d.]", body), text
    assert not re.search(r"[-+] [-+]|--", body), text


def test_random_expressions_and_their_derivatives() -> None:
    for request in random_requests():
        read(Target.write(request))


SAID = [op for op in TABLE.values() if op.is_elementwise and not op.is_condition and not op.takes_conditions]


@pytest.mark.parametrize("op", SAID)
def test_every_operation_can_be_said(op: Op) -> None:
    if op.sign is None:
        count = 2 if op.variadic else op.arity
        names = ["1" if place in op.integers else "xyz"[place % 3] for place in range(count)]
        read(Target.write(request_of(f"{op.name}({', '.join(names)})" if op.name != "tie_share" else "max(x, y)")))


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.is_elementwise], ids=lambda op: op.name)
def test_every_op_of_a_single_formula(op: Op) -> None:
    """Commands that exist; a helper that says its argument twice names nothing."""
    graph = Graph()
    arguments, _ = symbols(op, graph)
    text = formula(op(*arguments))
    read(text)
    assert set(re.findall(r"\\([A-Za-z]+)", text)) <= KNOWN, text
    assert "v_" not in text


def test_what_a_form_repeats_has_no_name_in_a_single_formula() -> None:
    x = Graph().variable("x")
    assert formula(direction(x + 1.0, 2.0)) == r"\frac{\left(x + 1\right)}{\sqrt{\left(x + 1\right)^2 + 2^2}}"


def test_long_formulas_name_their_parts() -> None:
    function = adcli.compile("; ".join(["v0 = x", *(f"v{n + 1} = v{n}*sin(v{n})" for n in range(30))]) + "; v30")
    lowered = Lowered(function.formula)
    assert display([lowered.result]).count(" &= ") > 5
    assert len(display([lowered.result])) < 3000
    assert display([Lowered(parse("x*y + 1")).result]) == "x y + 1"


def test_symbols() -> None:
    assert symbol("λ") == r"\lambda"
    assert symbol("x_max") == r"x_{\mathrm{max}}"
    assert symbol("a_b_c") == r"\mathrm{a\_b\_c}"
    assert symbol("\\end{x}") == r"\mathrm{\backslash end\{x\}}"


_KATEX = """
const katex = require('katex');
for (const text of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
    try {
        katex.renderToString(text, { displayMode: true, strict: 'ignore' });
    } catch (error) {
        console.log(text + '  ' + error.message);
    }
}
"""


def test_katex_sets_it(tmp_path: Path) -> None:
    """Operations, random expressions with their slopes, hostile names; the package is looked for in NODE_PATH."""
    looked = shutil.which("node") and subprocess.run(
        ["node", "-e", "require('katex')"], capture_output=True, check=False
    )
    if not looked or looked.returncode:
        pytest.skip("KaTeX is not installed")
    texts = [f"{symbol(name)}^{{2}} {symbol(name)}" for name in HOSTILE]
    for request in [*random_requests(), hostile_request(0)]:
        made = [line for line in Target.write(request).splitlines() if not line.startswith("%")]
        texts.append("\n".join(made).replace("align*", "aligned"))
    for op in SAID:
        graph = Graph()
        texts.append(formula(op(*symbols(op, graph)[0])))
    done = subprocess.run(
        ["node", "-e", _KATEX], input=json.dumps(texts), capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert done.stdout == ""
