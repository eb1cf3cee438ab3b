"""LaTeX of the values of a program. The target `latex` uses it, and the commands that print formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import copysign

from ..graph.expr import Expr
from ..graph.tape import Tape
from ..graph.text import Piece, number_text, parameter_texts
from ..ops import Op
from ..ops.arithmetic import AND, ATOM, COMPARISON, NOT, OR, POWER, PRODUCT, SUM, div, mul, neg, power, square
from ..ops.operands import Operand, shape_of
from .forms import Form, form, slots
from .layout import Constants, Layout
from .names import Names, letter_in_ascii, words

GREEK = words(
    """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    """
)
_GREEK_LETTERS = frozenset("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ")
_SPECIAL = {"_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "~": r"\sim ",
            "^": r"\wedge ", "\\": r"\backslash ", " ": r"\ "}  # fmt: skip
JUXTAPOSED = PRODUCT + 0.5  # of a factor that needs no sign beside another
MINUS = SUM + 0.5  # of a negative, which may begin a sum but not follow a sign
PARENTHESES = (r"\left(", r"\right)")
MAX_FORMULA_OPERATIONS = 40  # in a formula: parts of a longer one get names
MIN_NAMED_OPERATIONS = 3  # in a part that gets a name because it is read more than once


def _function(name: str, count: int = 1) -> Form:
    return form(rf"{name}\left({slots(count)}\right)", JUXTAPOSED)


_NAMED = {name: rf"\{name}" for name in ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "coth")} | {
    "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "log": r"\ln", "gamma": r"\Gamma", "digamma": r"\psi",
    "sign": r"\operatorname{sgn}", "acot": r"\operatorname{arccot}", "asec": r"\operatorname{arcsec}",
    "acsc": r"\operatorname{arccsc}", "normcdf": r"\Phi", "normpdf": r"\varphi", "norminv": r"\Phi^{-1}",
    "lambertw": "W_0", "expint": "E_1", "erfinv": r"\operatorname{erf}^{-1}", "erfcinv": r"\operatorname{erfc}^{-1}",
}  # fmt: skip
FORMS: dict[str, Form] = {
    "add": form("{0} + {1}", SUM, (SUM, SUM + 1)),
    "sub": form("{0} - {1}", SUM, (SUM, SUM + 1)),
    "div": form(r"\frac{{0}}{{1}}", JUXTAPOSED),
    "neg": form("-{0}", MINUS, PRODUCT),
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
    "sqrt": form(r"\sqrt{{0}}", JUXTAPOSED),
    "cbrt": form(r"\sqrt[3]{{0}}", JUXTAPOSED),
    "exp": form("e^{{0}}", POWER),
    "log2": _function(r"\log_2"),
    "log10": _function(r"\log_{10}"),
    "log_base": form(r"\log_{{1}}\left({0}\right)", JUXTAPOSED),
    "lgamma": form(r"\ln\left|\Gamma\left({0}\right)\right|", JUXTAPOSED),
    "expm1": form(r"e^{{0}} - 1", SUM),
    "log1p": form(r"\ln\left(1 + {0}\right)", JUXTAPOSED, SUM),
    "hypot": form(r"\sqrt{{0}^2 + {1}^2}", JUXTAPOSED, POWER + 1),
    "direction": form(r"\frac{{0}}{\sqrt{{0}^2 + {1}^2}}", JUXTAPOSED, POWER + 1),
    "semicircle": form(r"\sqrt{1 - {0}^2}", JUXTAPOSED, POWER + 1),
    "gaussian": form("e^{-{0}^2}", POWER, POWER + 1),
    "exp2": form("2^{{0}}", POWER),
    "exp10": form("10^{{0}}", POWER),
    "factorial": form("{0}!", JUXTAPOSED, ATOM),
    "deg2rad": form(r"\frac{\pi}{180} {0}", PRODUCT, PRODUCT + 1),
    "rad2deg": form(r"\frac{180}{\pi} {0}", PRODUCT, PRODUCT + 1),
    **{f"{name}d": form(rf"\{name}\left({{0}}^\circ\right)", JUXTAPOSED, ATOM) for name in ("sin", "cos", "tan")},
    "gammainc": form(r"P\left({0}, {1}\right)", JUXTAPOSED),
    "gammaincc": form(r"Q\left({0}, {1}\right)", JUXTAPOSED),
    "gammainc_derivative": form(r"P^{\left({0}\right)}\left({1}, {2}\right)", JUXTAPOSED),
    "betainc": form(r"I_{{2}}\left({0}, {1}\right)", JUXTAPOSED),
    "betainc_derivative": form(r"I_{{3}}^{\left({0}\right)}\left({1}, {2}\right)", JUXTAPOSED),
    "root": form(r"\sqrt[{1}]{{0}}", JUXTAPOSED),
    "binomial": form(r"\binom{{0}}{{1}}", JUXTAPOSED),
    "lbeta": form(r"\ln \mathrm{B}\left({0}, {1}\right)", JUXTAPOSED),
    "beta": form(r"\mathrm{B}\left({0}, {1}\right)", JUXTAPOSED),
    **{f"{name}{n}": form(rf"{name.upper()}_{n}\left({{0}}\right)", JUXTAPOSED) for name in "jyi" for n in (0, 1)},
    **{f"bessel{letter}": form(rf"{letter.upper()}_{{{{0}}}}\left({{1}}\right)", JUXTAPOSED) for letter in "jyik"},
    **{
        f"bessel{letter}_derivative": form(
            rf"{letter.upper()}_{{{{1}}}}^{{\left({{0}}\right)}}\left({{2}}\right)", JUXTAPOSED
        )
        for letter in "jyik"
    },
    "polygamma_difference": form(
        r"\psi^{\left({0}\right)}\left({1}\right) - \psi^{\left({0}\right)}\left({1} + {2}\right)",
        SUM,
        (0, SUM, SUM + 1),
    ),
    "polygamma_above": form(r"\psi^{\left({0}\right)}\left({1} + 1\right)", JUXTAPOSED, (0, SUM)),
    "polygamma": form(r"\psi^{\left({0}\right)}\left({1}\right)", JUXTAPOSED),
    "difference": form("{0} - {1}", SUM, (SUM, SUM + 1)),
    "subtraction_error": form("0"),
}  # fmt: skip


def spell(op: Op, constants: Constants) -> Form:
    """Return the form of an operation. One without a sign of its own is its name in roman letters."""
    count = len(constants)
    if op.name in FORMS:
        return FORMS[op.name]
    if op.name in ("max", "min"):
        return _function(rf"\{op.name}", count)
    if op.name == "tie_share":  # Iverson brackets count the arguments that tie
        terms = " + ".join(rf"\left[{{0}} = {{{position}}}\right]" for position in range(1, count))
        return form(rf"\frac 1 {{{terms}}}", JUXTAPOSED)
    if op.name == "power_derivative" and tuple(constants[2:]) == (1.0, 0.0):
        return form("{1} {0}^{{1} - 1}", PRODUCT, (POWER + 1, SUM + 1))
    if op.name == "power_derivative" and tuple(constants[2:]) == (0.0, 1.0):
        return form(r"{0}^{{1}} \ln\left({0}\right)", PRODUCT, (POWER + 1, 0))
    if op.name == "polygamma_above" and constants[0] == 0.0:
        return form(r"\psi\left({1} + 1\right)", JUXTAPOSED, SUM)
    if op.parameters:
        return _array_form(op, count)
    base = op.name.removesuffix("_derivative")
    if base != op.name and base in ("cbrt", "gaussian", "sinc", "normpdf", "lambertw"):
        name = _NAMED.get(base, rf"\operatorname{{{base}}}")
        return form(rf"{name}^{{\left({{0}}\right)}}\left({{1}}\right)", JUXTAPOSED)
    return _function(_NAMED.get(op.name, rf"\operatorname{{{_escape(op.name)}}}"), count)


def _array_form(op: Op, count: int) -> Form:
    """Return the form of an operation on arrays: a transpose, an index, a list, or a call that ends with parameters."""
    texts = [re.sub(r"[A-Za-z]\w*", r"\\mathrm{\g<0>}", text) for text in parameter_texts(op)]
    if op.name == "transpose" and op.parameters["axes"] is None:
        return form(r"{0}^{\top}", POWER, POWER + 1)
    if op.name == "getitem":
        return form(rf"{{0}}\left[{', '.join(texts)}\right]", ATOM, ATOM)
    if op.name == "stack" and not op.parameters["axis"]:
        return form(rf"\left[{slots(count)}\right]")
    return form(rf"\operatorname{{{_escape(op.name)}}}\left({', '.join([slots(count), *texts])}\right)", JUXTAPOSED)


def spell_number(value: Operand) -> tuple[str, float]:
    """Return a number as people write it, with a power of ten if it has an exponent, or an array in brackets."""
    if not isinstance(value, float):
        elements = [spell_number(element if shape_of(element) else float(element))[0] for element in value]
        return rf"\left[{', '.join(elements)}\right]", ATOM
    return typeset_number(number_text(value))


def typeset_number(text: str) -> tuple[str, float]:
    """Return the text of a float as people write it.

    >>> print(typeset_number("-2.5e+30")[0], typeset_number("inf")[0])
    -2.5 \\cdot 10^{30} \\infty
    """
    if text == "nan":
        return r"\mathrm{nan}", ATOM
    text = text.replace("inf", r"\infty")
    mantissa, exponential, exponent = text.partition("e")
    if exponential:
        power = rf"10^{{{int(exponent)}}}"
        ten = power if mantissa == "1" else "-" + power if mantissa == "-1" else rf"{mantissa} \cdot {power}"
        return ten, MINUS if mantissa.startswith("-") else PRODUCT
    return text, MINUS if text.startswith("-") else ATOM


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter if letter.isalnum() or letter in "'" else r"\ ") for letter in text)


def symbol(name: str) -> str:
    """Return a name as mathematics: Greek letters by their names, digits as an index, long words upright.

    >>> print(symbol("x"), symbol("x1"), symbol("sigma_max"), symbol("rate"))
    x x_{1} \\sigma_{\\mathrm{max}} \\mathrm{rate}
    """
    name = "".join(letter_in_ascii(letter) if letter in _GREEK_LETTERS else letter for letter in name)
    match = re.fullmatch(r"([^\W\d_]+)_?(\d+)", name) or re.fullmatch(r"([^\W_]+)_([^\W_]+)", name)
    head, index = (match[1], match[2]) if match else (name, "")
    if head in GREEK:
        text = rf"\{head}"
    elif len(head) == 1 and head.isascii() and head.isalpha():
        text = head
    else:
        text = rf"\mathrm{{{_escape(head)}}}"
    if not index:
        return text
    below = index if index.isdigit() or len(index) == 1 else rf"\mathrm{{{_escape(index)}}}"
    return f"{text}_{{{below}}}"


class _Symbols(Names):
    """The names of a layout as symbols. Equal symbols of different names are distinguished by primes."""

    def __init__(self) -> None:
        super().__init__(())
        self._symbols: set[str] = set()

    def take(self, original: str) -> str:
        """Return the symbol of a name."""
        text = symbol(original)
        while text in self._symbols:
            text += "'"
        self._symbols.add(text)
        return text

    def take_new(self) -> str:
        """Return a symbol for a value that has no name."""
        self._count += 1
        return self.take(f"v_{self._count}")


def _spell_without_names(op: Op, constants: Constants) -> Form:
    """Return the form of an operation where no value gets a name, even if the form repeats it."""
    return spell(op, constants)._replace(repeated=frozenset())


class Formulas(Layout):
    """Formulas. Signs before fractions, powers of functions and spaces depend on more than one operation.

    Args:
        program: the program to write.
        labels: names for values that must have one.
        has_names: give names to the parts of long formulas.
        tested: how many of the first outputs are there even if they are not requested.
    """

    def __init__(self, program: Tape, labels: Mapping[int, str], has_names: bool = True, tested: int = 1) -> None:
        largest, smallest = (
            (MAX_FORMULA_OPERATIONS, MIN_NAMED_OPERATIONS) if has_names else (program.size, program.size)
        )
        speller = spell if has_names else _spell_without_names
        super().__init__(program, speller, spell_number, _Symbols(), labels, tested, largest, smallest, PARENTHESES)

    def _expand(self, value: int) -> tuple[Sequence[Piece], float]:
        op, inputs = self._node(value)
        if op is mul:
            sign, pieces = self._split_sign(value)
            return [sign, *pieces], MINUS if sign else PRODUCT
        if op is div:
            sign, above = self._split_sign(inputs[0])
            return [rf"{sign}\frac{{", *above, "}{", (inputs[1], 0), "}"], MINUS if sign else JUXTAPOSED
        if op is power or op is square:
            exponent: Piece = (inputs[1], 0) if op is power else "2"
            function, arguments = self._node(inputs[0])
            if function is not None and function.name in _NAMED and not self._is_negative(inputs[-1]):
                return [_NAMED[function.name], "^{", exponent, r"}\left(", (arguments[0], 0), r"\right)"], JUXTAPOSED
            return [(inputs[0], POWER + 1), "^{", exponent, "}"], POWER
        return super()._expand(value)

    def _node(self, value: int) -> tuple[Op | None, tuple[int, ...]]:
        """Return the operation that is written where a value is read, and its arguments. A name or number has none."""
        if value < self._first or value in self.names:
            return None, ()
        op, _, inputs = self._program.instructions[value - self._first]
        return op, inputs

    def _number_at(self, value: int) -> float | None:
        position = value - len(self._program.variables)
        constant = self._program.constants[position] if 0 <= position < len(self._program.constants) else None
        return constant if isinstance(constant, float) else None

    def _is_negative(self, value: int) -> bool:
        constant = self._number_at(value)
        return constant is not None and copysign(1.0, constant) < 0

    def _split_sign(self, value: int) -> tuple[str, list[Piece]]:
        """Return a product, or any other value, as a sign and the rest."""
        factors = [value]
        op, inputs = self._node(value)
        while op is mul:
            factors[:1] = inputs
            op, inputs = self._node(factors[0])
        least = PRODUCT if len(factors) > 1 else 0
        sign, pieces = "", list[Piece]([(factors[0], least)])
        if op is neg:
            sign, pieces = "-", [(inputs[0], least)]
        elif (constant := self._number_at(factors[0])) is not None and copysign(1.0, constant) < 0:
            sign, pieces = "-", [spell_number(-constant)[0]]
        for left, right in pairwise(factors):
            wide = self._is_word(left) or self._is_word(right)
            pieces.append(r" \cdot " if self._begins_with_a_digit(right) else r" \, " if wide else " ")
            pieces.append((right, JUXTAPOSED if self._number_at(right) is None else PRODUCT))
        return sign, pieces

    def _begins_with_a_digit(self, value: int) -> bool:
        op, inputs = self._node(value)
        is_power_of_number = op is not None and op.name in ("exp2", "exp10")
        return is_power_of_number or self._number_at(inputs[0] if op is power else value) is not None

    def _is_word(self, value: int) -> bool:
        """Return whether a factor ends in an upright word, which a letter beside it would seem to continue."""
        op, inputs = self._node(value)
        while op is mul:
            value = inputs[1]
            op, inputs = self._node(value)
        return self.names.get(value, "").startswith(r"\mathrm")


def formula(expr: Expr) -> str:
    r"""Return one node of a graph as mathematics, without names for its parts.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(formula(x / (x + 1.0)))
    \frac{x}{x + 1}
    """
    program = Tape(expr.graph, [expr])
    return Formulas(program, {}, has_names=False).text(program.outputs[0])


def display(results: Sequence[Expr]) -> str:
    r"""Return one node of a graph, or a vector of several, as a formula for display mode.

    Parts that the user named, and parts of a long formula, stand above the result, a line each.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(display([x * x / 2.0]))
    \frac{x x}{2}
    >>> print(display([x, x + 1.0]))
    \begin{pmatrix} x \\ x + 1 \end{pmatrix}
    """
    program = Tape(results[0].graph, list(results))
    layout = Formulas(program, {}, tested=len(results))
    elements = [layout.text(value) for value in program.outputs]
    result = elements[0] if len(elements) == 1 else column(elements)
    parts = [(statement.name, statement.text) for statement in layout.statements]
    if not parts:
        return result
    if result == parts[-1][0]:  # the result has a name, whose formula is the last line
        return " = ".join(parts[0]) if len(parts) == 1 else aligned([f"{name} &= {text}" for name, text in parts])
    return aligned([*[f"{name} &= {text}" for name, text in parts], f"& {result}"])


def column(elements: Sequence[str]) -> str:
    """Return formulas as a column vector."""
    return r"\begin{pmatrix} " + r" \\ ".join(elements) + r" \end{pmatrix}"


def aligned(lines: Sequence[str]) -> str:
    """Return lines as one formula that MathJax and KaTeX break at the ends of the lines."""
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"
