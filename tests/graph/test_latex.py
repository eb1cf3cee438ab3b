"""LaTeX of every op: commands that exist, braces that match, names that cannot break out."""

from __future__ import annotations

import re

import pytest

import adcli
from adcli.graph.expr import Graph
from adcli.graph.latex import expression_latex, name_latex
from adcli.ops import TABLE
from tests.contract.test_table import symbols

_COMMANDS = """
frac left right ln sin cos tan sec csc cot sinh cosh tanh coth arcsin arccos arctan min max log Gamma psi sqrt cdot
lfloor rfloor lceil rceil begin end text operatorname mathrm le ge ne wedge vee neg bmod alpha beta pi tau infty
"""
KNOWN = set(_COMMANDS.split())


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.is_elementwise], ids=lambda op: op.name)
def test_every_op_is_written(op) -> None:
    graph = Graph()
    arguments, _ = symbols(op, graph)
    text = expression_latex(op(*arguments))
    assert text.count("{") == text.count("}")
    assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
    assert set(re.findall(r"\\([A-Za-z]+)", text)) <= KNOWN, text


@pytest.mark.parametrize(
    ("program", "latex"),
    [
        ("x/(x + 1)", r"\frac{x}{x + 1}"),
        ("-(x + y)*z**(n - 1)", r"-\left(x + y\right) \, z^{n - 1}"),
        ("sin(x)**2*alpha_1", r"\sin^{2}\left(x\right) \, \alpha_{1}"),
        ("(x + y)**2/sqrt(x)", r"\frac{\left(x + y\right)^{2}}{\sqrt{x}}"),
        ("1e-7*exp(-x)", r"1 \cdot 10^{-7} \, e^{-x}"),
        ("where(x <= 1, abs(x), 2)",
         r"\begin{cases} \left|x\right| & \text{if } x \le 1 \\ 2 & \text{otherwise} \end{cases}"),
        ("-x*exp(-x**2/2)/y", r"-\frac{x \, e^{-\frac{x^{2}}{2}}}{y}"),
        ("sqrt(x)**3", r"\left(\sqrt{x}\right)^{3}"),
    ],
)  # fmt: skip
def test_as_people_set_it(program: str, latex: str) -> None:
    assert expression_latex(adcli.compile(program).result) == latex


def test_names() -> None:
    assert name_latex("_") == r"\mathrm{\_}"
    assert name_latex("a_b_c") == r"\mathrm{a\_b\_c}"
    assert name_latex("x_max") == r"x_{\mathrm{max}}"
    assert name_latex("β") == "β"
