r"""LaTeX: the value and the slopes as formulas for amsmath's align*.

The formulas carry no mask: they say what holds where the expression is defined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isnan

from ..graph.expr import Expr
from ..graph.program import Program
from ..graph.text import number_text
from ..ops import Op
from ..ops.arithmetic import AND, ATOM, COMPARISON, NEGATION, NOT, OR, POWER, PRODUCT, SUM
from .forms import Form, form
from .layout import Layout
from .names import Names, comment_lines, spelled_letter, words
from .request import Request

SUFFIXES = (".tex",)

GREEK = words(
    """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    """
)
_GREEK_LETTERS = frozenset("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ")
_SPECIAL = {"_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "~": r"\sim ",
            "^": r"\wedge ", "\\": r"\backslash ", " ": r"\ "}  # fmt: skip
JUXTAPOSED = PRODUCT + 0.5  # what may stand beside another factor without a sign


def _function(name: str, count: int = 1) -> Form:
    return form(rf"{name}\left({', '.join(f'{{{place}}}' for place in range(count))}\right)", JUXTAPOSED)


_NATIVE = ["sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth", "max", "min", "gcd"]
_NAMED = {
    "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "log": r"\ln", "gamma": r"\Gamma", "digamma": r"\psi",
    "lgamma": r"\ln\left|\Gamma\right|",
} | {name: rf"\{name}" for name in _NATIVE}  # fmt: skip
FORMS: dict[str, Form] = {
    "add": form("{0} + {1}", SUM, (SUM, SUM + 1)),
    "sub": form("{0} - {1}", SUM, (SUM, SUM + 1)),
    "div": form(r"\frac{{0}}{{1}}", JUXTAPOSED),
    "neg": form("-{0}", NEGATION - 1.5, PRODUCT),
    "pow": form("{0}^{{1}}", POWER, (POWER + 1, 0)),
    "square": form("{0}^2", POWER, POWER + 1),
    "mod": form(r"{0} \bmod {1}", PRODUCT, PRODUCT + 1),
    "floordiv": form(r"\left\lfloor \frac{{0}}{{1}} \right\rfloor"),
    "lt": form("{0} < {1}", COMPARISON, SUM),
    "le": form(r"{0} \le {1}", COMPARISON, SUM),
    "gt": form("{0} > {1}", COMPARISON, SUM),
    "ge": form(r"{0} \ge {1}", COMPARISON, SUM),
    "eq": form("{0} = {1}", COMPARISON, SUM),
    "ne": form(r"{0} \ne {1}", COMPARISON, SUM),
    "and": form(r"{0} \land {1}", AND, (AND, AND + 1)),
    "or": form(r"{0} \lor {1}", OR, (OR, OR + 1)),
    "not": form(r"\lnot \left({0}\right)", NOT),
    "where": form(r"\begin{cases} {1} & \text{if } {0} \\ {2} & \text{otherwise} \end{cases}", OR),
    "abs": form(r"\left|{0}\right|"),
    "floor": form(r"\left\lfloor {0} \right\rfloor"),
    "ceil": form(r"\left\lceil {0} \right\rceil"),
    "sqrt": form(r"\sqrt{{0}}"),
    "cbrt": form(r"\sqrt[3]{{0}}"),
    "exp": form("e^{{0}}", POWER),
    "log2": _function(r"\log_2"),
    "log10": _function(r"\log_{10}"),
    "log_base": form(r"\frac{\ln\left({0}\right)}{\ln\left({1}\right)}", JUXTAPOSED),
    "expm1": form(r"e^{{0}} - 1", SUM),
    "log1p": form(r"\ln\left(1 + {0}\right)", JUXTAPOSED, SUM),
    "hypot": form(r"\sqrt{{0}^2 + {1}^2}", JUXTAPOSED, POWER + 1),
    "direction": form(r"\frac{{0}}{\sqrt{{0}^2 + {1}^2}}", JUXTAPOSED, POWER + 1),
    "semicircle": form(r"\sqrt{1 - {0}^2}", JUXTAPOSED, POWER + 1),
    "gaussian": form("e^{-{0}^2}", POWER, POWER + 1),
    "polygamma": form(r"\psi^{\left({0}\right)}\left({1}\right)", JUXTAPOSED),
    "subtraction_error": form("0"),
}  # fmt: skip


def spell(op: Op, constants: Sequence[float | None]) -> Form:
    """The form of an operation; what has no sign of its own is a name in roman letters."""
    count = len(constants)
    if op.name == "mul":
        # A number on the right needs a sign before it: 2 x, but x \cdot 2.
        sign = r" \cdot " if constants[1] is not None else " "
        return form(f"{{0}}{sign}{{1}}", PRODUCT, (PRODUCT, JUXTAPOSED))
    if op.name == "pow" and constants[0] is not None:
        return FORMS["pow"]._replace(binding=PRODUCT)  # a number must not stand beside a factor
    if op.name in FORMS:
        return FORMS[op.name]
    if op.name == "tie_share":  # Iverson's brackets count the arguments that tie
        terms = " + ".join(f"[{{0}} = {{{place}}}]" for place in range(1, count))
        return form(rf"\frac 1 {{{terms}}}", JUXTAPOSED)
    if op.name == "power_derivative" and constants[2:] in ([1.0, 0.0], (1.0, 0.0)):
        return form("{1} {0}^{{1} - 1}", PRODUCT, (POWER + 1, SUM + 1))
    if op.name == "power_derivative" and constants[2:] in ([0.0, 1.0], (0.0, 1.0)):
        return form(r"{0}^{{1}} \ln\left({0}\right)", PRODUCT, (POWER + 1, 0))
    if op.name == "cbrt_derivative" or op.name in ("gaussian_derivative", "sinc_derivative"):
        base = op.name.removesuffix("_derivative")
        return form(rf"\operatorname{{{base}}}^{{\left({{0}}\right)}}\left({{1}}\right)", JUXTAPOSED)
    return _function(_NAMED.get(op.name, rf"\operatorname{{{_escaped(op.name)}}}"), count)


def number(value: float) -> tuple[str, float]:
    """A number as people write it; a power of ten where it has one."""
    if isnan(value):
        return r"\mathrm{nan}", ATOM
    text = number_text(value).replace("inf", r"\infty")
    mantissa, exponential, exponent = text.partition("e")
    if exponential:
        power = rf"10^{{{int(exponent)}}}"
        ten = power if mantissa == "1" else "-" + power if mantissa == "-1" else rf"{mantissa} \cdot {power}"
        return ten, PRODUCT if not mantissa.startswith("-") else SUM
    return text, NEGATION - 1.5 if text.startswith("-") else ATOM


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter if letter.isalnum() or letter in "'" else r"\ ") for letter in text)


def symbol(name: str) -> str:
    """A name as mathematics: Greek letters by their names, digits as an index, long words upright.

    >>> symbol("x"), symbol("x1"), symbol("sigma_max"), symbol("rate")
    ('x', 'x_{1}', '\\\\sigma_{max}', '\\\\mathrm{rate}')
    """
    name = "".join(spelled_letter(letter) if letter in _GREEK_LETTERS else letter for letter in name)
    match = re.fullmatch(r"([^\W\d_]+)_?(\d+)", name) or re.fullmatch(r"([^\W_]+)_([^\W_]+)", name)
    head, index = (match[1], match[2]) if match else (name, "")
    if head in GREEK:
        text = rf"\{head}"
    elif len(head) == 1 and head.isascii() and head.isalpha():
        text = head
    else:
        text = rf"\mathrm{{{_escaped(head)}}}"
    return f"{text}_{{{_escaped(index)}}}" if index else text


class _Symbols(Names):
    """Names for a layout: the user's as symbols, two alike told apart by primes."""

    def __init__(self) -> None:
        super().__init__(())
        self._symbols: set[str] = set()
        self._count = 0

    def take(self, wanted: str) -> str:
        """The symbol of a name."""
        text = symbol(wanted)
        while text in self._symbols:
            text += "'"
        self._symbols.add(text)
        return text

    def fresh(self) -> str:
        """A symbol for what has no name."""
        self._count += 1
        return self.take(f"v_{self._count}")


def write(request: Request) -> str:
    """Formulas in an align* environment: what is named first, then the results.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(write(Request(x / (x + 1.0), "x/(x + 1)", ["value"])), end="")
    % x/(x + 1)
    \\begin{align*}
    f &= \\frac{x}{x + 1}
    \\end{align*}
    """
    named = {request.value: request.name} if "value" in request.parts else {}
    layout = Layout(request.program, spell, number, _Symbols(), named, 40, 3, (r"\left(", r"\right)"))
    equations = [f"{statement.name} &= {statement.text}" for statement in layout.statements]
    name = symbol(request.name)
    for left, value in _results(request, name):
        if layout.text(value) != left:
            equations.append(f"{left} &= {layout.text(value)}")
    comment = [f"% {line}" for line in comment_lines(request.expression)]
    return "\n".join([*comment, r"\begin{align*}", " \\\\\n".join(equations), r"\end{align*}"]) + "\n"


def formula(expr: Expr) -> str:
    """One node of a graph as mathematics, without names for its parts.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(formula(x / (x + 1.0)))
    \\frac{x}{x + 1}
    """
    program = Program(expr.graph, [expr])
    everything = program.size
    layout = Layout(program, spell, number, _Symbols(), None, everything, everything, (r"\left(", r"\right)"))
    return layout.text(program.outputs[0])


def _results(request: Request, name: str) -> list[tuple[str, int]]:
    """The left sides, and the values they are."""
    symbols = [symbol(each) for each in request.wrt]
    left = {
        "value": [name],
        "gradient": [rf"\frac{{\partial {name}}}{{\partial {each}}}" for each in symbols],
        "hessian": [
            rf"\frac{{\partial^2 {name}}}{{\partial {one} \, \partial {other}}}"
            if one != other
            else rf"\frac{{\partial^2 {name}}}{{\partial {one}^2}}"
            for one in symbols
            for other in symbols
        ],
        "jvp": [rf"\mathrm{{d}} {name}"],
    }
    return [pair for part, values in request.parts.items() for pair in zip(left[part], values, strict=True)]
