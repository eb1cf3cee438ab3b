"""A node of a graph as LaTeX: the same walk as `text.py`, another spelling of each op.

Code generation's LaTeX target can stand on `expression_latex`, or replace it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..ops import Op
from ..ops.arithmetic import ATOM, NEGATION, POWER, PRODUCT, div, mul, neg, power, square, where
from ..ops.elementary import cbrt, exp, expm1, log1p, log_base, sqrt
from ..ops.special import polygamma
from .expr import Expr, Graph
from .text import Piece, bound_texts, number_binding, number_text

_LETTERS = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
"""
GREEK = frozenset(_LETTERS.split())
COMMANDS = {
    **{name: rf"\{name}" for name in ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth")},
    **{f"a{name}": rf"\arc{name}" for name in ("sin", "cos", "tan")},
    "min": r"\min", "max": r"\max", "log": r"\ln", "log2": r"\log_{2}", "log10": r"\log_{10}",
    "gamma": r"\Gamma", "digamma": r"\psi", "sign": r"\operatorname{sgn}",
}  # fmt: skip
SIGNS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne", "==": "=", "and": r"\wedge", "or": r"\vee", "%": r"\bmod"}
FENCES = {
    "abs": (r"\left|", r"\right|"), "floor": (r"\left\lfloor ", r"\right\rfloor"),
    "ceil": (r"\left\lceil ", r"\right\rceil"),
    "sqrt": (r"\sqrt{", "}"), "cbrt": (r"\sqrt[3]{", "}"), "lgamma": (r"\ln\left|\Gamma\left(", r"\right)\right|"),
}  # fmt: skip
OPEN, CLOSE = r"\left(", r"\right)"


def expression_latex(expr: Expr, longest: int = 0) -> str:
    r"""The node in LaTeX's mathematical mode; bindings come first, one a line, and are made as in `program_text`.

    >>> x = Graph().variable("x")
    >>> print(expression_latex(x / (x + 1.0)))
    \frac{x}{x + 1}
    """
    graph = expr.graph
    *bindings, (_, result) = bound_texts(
        graph, expr.row, _leaf(graph), lambda row: _call(graph, row), longest, (OPEN, CLOSE)
    )
    return r" \\ ".join([*(f"{name_latex(name)} = {text}" for name, text in bindings), result])


def name_latex(name: str) -> str:
    r"""A name as people set it: one letter or a Greek one in italics, digits below it, words upright.

    >>> print(name_latex("x1"), name_latex("alpha_max"), name_latex("rate"))
    x_{1} \alpha_{\mathrm{max}} \mathrm{rate}
    """
    head, _, below = name.partition("_")
    letters = head.rstrip("0123456789")
    if letters and letters != head and not below:
        head, below = letters, head[len(letters) :]
    if not head or "_" in below:
        return rf"\mathrm{{{_escaped(name)}}}"
    text = rf"\{head}" if head in GREEK else head if len(head) == 1 else rf"\mathrm{{{_escaped(head)}}}"
    if not below:
        return text
    if len(below) > 1 and not below.isdigit():
        below = rf"\mathrm{{{_escaped(below)}}}"
    return f"{text}_{{{below}}}"


def _escaped(name: str) -> str:
    return name.replace("_", r"\_")


def _leaf(graph: Graph) -> Callable[[int], tuple[Sequence[Piece], int]]:
    names = {row: name for name, row in graph.variables.items()}

    def leaf(row: int) -> tuple[Sequence[Piece], int]:
        if row in names:
            return [{"π": r"\pi", "τ": r"\tau"}.get(names[row]) or name_latex(names[row])], ATOM
        value = graph.constants[row]
        mantissa, _, exponent = number_text(value).partition("e")
        if exponent:
            return [rf"{mantissa} \cdot 10^{{{int(exponent)}}}"], PRODUCT
        return [mantissa.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")], number_binding(value)

    return leaf


def _call(graph: Graph, row: int) -> tuple[list[Piece], int]:
    op, children = graph.ops[row], graph.inputs[row]
    assert op is not None
    first, last = children[0], children[-1]
    if op is div:
        return _fraction(graph, first, last)
    if op is mul:
        return [(first, PRODUCT), _times(graph, last), (last, PRODUCT + 1)], PRODUCT
    if op is neg:
        return ["-", (first, NEGATION)], NEGATION
    if op in (power, square):
        return _power(graph, first, [(last, 0)] if op is power else ["2"])
    if op is exp:
        return ["e^{", (first, 0), "}"], POWER
    if op is expm1:
        return ["e^{", (first, 0), "} - 1"], 0
    if op is log1p:
        return [rf"\ln{OPEN}1 + ", (first, 0), CLOSE], ATOM
    if op is log_base:
        return [r"\log_{", (last, 0), f"}}{OPEN}", (first, 0), CLOSE], ATOM
    if op is polygamma:
        return [r"\psi^{(", (first, 0), f")}}{OPEN}", (last, 0), CLOSE], ATOM
    if op is where:
        condition, chosen, otherwise = children
        cases: list[Piece] = [r"\begin{cases} ", (chosen, 0), r" & \text{if } ", (condition, 0), r" \\ "]
        return [*cases, (otherwise, 0), r" & \text{otherwise} \end{cases}"], ATOM
    if op.name in FENCES:
        before, after = FENCES[op.name]
        return [before, (first, 0), after], ATOM
    if op.sign is not None:
        sign = SIGNS.get(op.sign, op.sign)
        if len(children) == 1:
            return [r"\neg ", (first, op.binding)], op.binding
        return [(first, op.binding + op.is_condition), f" {sign} ", (last, op.binding + 1)], op.binding
    return [_command(op), OPEN, *_arguments(children), CLOSE], ATOM


def _times(graph: Graph, right: int) -> str:
    return r" \cdot " if right in graph.constants else r" \, "


def _fraction(graph: Graph, above: int, below: int) -> tuple[list[Piece], int]:
    """A fraction, with the sign of its numerator before it."""
    factors = [above]
    while graph.ops[factors[0]] is mul:
        factors[:1] = graph.inputs[factors[0]]
    if graph.ops[factors[0]] is not neg:
        return [r"\frac{", (above, 0), "}{", (below, 0), "}"], NEGATION
    pieces: list[Piece] = [(graph.inputs[factors[0]][0], PRODUCT if len(factors) > 1 else 0)]
    for factor in factors[1:]:
        pieces += [_times(graph, factor), (factor, PRODUCT + 1)]
    return [r"-\frac{", *pieces, "}{", (below, 0), "}"], NEGATION


def _power(graph: Graph, base: int, exponent: list[Piece]) -> tuple[list[Piece], int]:
    r"""``\sin^{2}\left(x\right)`` for a function that has a command, the base and its exponent otherwise."""
    op = graph.ops[base]
    if op is not None and op.name in COMMANDS and "_" not in COMMANDS[op.name]:
        return [_command(op), "^{", *exponent, "}", OPEN, *_arguments(graph.inputs[base]), CLOSE], POWER
    least = ATOM + 1 if op in (sqrt, cbrt) else POWER + 1
    return [(base, least), "^{", *exponent, "}"], POWER


def _command(op: Op) -> str:
    return COMMANDS.get(op.name) or rf"\operatorname{{{_escaped(op.name)}}}"


def _arguments(children: Sequence[int]) -> list[Piece]:
    pieces: list[Piece] = []
    for child in children:
        pieces += [", ", (child, 0)] if pieces else [(child, 0)]
    return pieces
