"""Hints for names and texts of other tools: never another function, never too long."""

from __future__ import annotations

import re

import pytest

import adcli
from adcli.errors import AdcliError
from adcli.language.foreign_names import FOREIGN_CONSTANTS, FOREIGN_FUNCTIONS, function_hint, is_slip
from adcli.language.tokens import CONSTANTS
from adcli.ops import FUNCTIONS, PUBLIC, TABLE

# Functions of other tools that have no short spelling here. None of them is a slip of the keyboard.
ELSEWHERE = """
    sind cosd tand asind acosd atand acot asec acsc acoth asech acsch arccot arcsec arccsc arccoth arcsech arccsch
    normcdf normpdf norminv erfinv erfcinv erfi expint beta lbeta betaln betainc gammainc gammaincc zeta
    j0 j1 y0 y1 i0 i1 besselj bessely besseli besselk airy lambertw exp2 exp10 deg2rad rad2deg root binomial fmod trunc
    factorial diff sinint cosint fresnels ellipk legendre hermite sort length count
""".split()  # noqa: SIM905 - a list of words


def test_no_entry_is_a_name_of_the_language() -> None:
    assert len(FOREIGN_FUNCTIONS) >= 100
    assert not FOREIGN_FUNCTIONS.keys() & (FUNCTIONS.keys() | TABLE.keys())
    assert not FOREIGN_CONSTANTS.keys() & CONSTANTS.keys()


def test_what_an_entry_says_can_be_written() -> None:
    """Every formula after "write" parses, and uses functions that exist."""
    for name, hint in FOREIGN_FUNCTIONS.items():
        if name == "xor":
            continue  # of conditions
        assert re.match("write |leave it out", hint), name
        formula = re.match(r"write ([^ ]*[(^/*@%!].*)", hint)
        if formula and ", " not in re.sub(r"\([^()]*\)|\[.*\]", "", formula[1]) and " for " not in formula[1]:
            text = formula[1].split(", which")[0].split(": ")[0]
            adcli.compile(f"where({text}, 1, 2)" if re.search("<|==|!=", text) else text)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_no_other_function_is_offered(name: str) -> None:
    if name not in FUNCTIONS:
        assert function_hint(name, "nothing") == "nothing"


def test_a_shape_that_varies_is_refused() -> None:
    with pytest.raises(AdcliError, match="gammainc has no derivative by argument 1"):
        adcli.compile("gammainc(a, x)")
    with pytest.raises(AdcliError, match=r"gammaincc\(a, x\) has no derivative by a"):
        adcli.grad(lambda a: adcli.gammaincc(a, 2.0))(1.5)
    with pytest.raises(AdcliError, match="betainc has no derivative by argument 2"):
        adcli.compile("betainc(2, b, x)")
    with pytest.raises(AdcliError, match=r"betainc\(a, b, x\) has no derivative by a or b"):
        adcli.grad(lambda b: adcli.betainc(2.0, b, 0.5))(1.5)
    assert adcli.compile("k = 3/2; gammainc(k + 1, x)").gradient(x=2.0)["x"] == adcli.grad(adcli.gammainc, 1)(2.5, 2.0)


def test_helpers_are_not_offered() -> None:
    for op in TABLE.values():
        if op.helper and op.name not in PUBLIC:
            assert function_hint(op.name + op.name[-1], "nothing") == "nothing"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("sinn", "sin"), ("sni", "sin"), ("SIN", "sin"), ("Sin", "sin"), ("ArcTan", "arctan"), ("log_10", "log10"),
     ("gamna", "gamma"), ("sigmod", "sigmoid"), ("flor", "floor"), ("cbtr", "cbrt"), ("logsumxep", "logsumexp")],
)  # fmt: skip
def test_slips(name: str, meant: str) -> None:
    assert function_hint(name, "nothing") == f"did you mean '{meant}'?"


ESTABLISHED = {("erfinv", "erfcinv"), ("expit", "expint"), ("gammainc", "gammaincc"), ("gammaincc", "gammainc")}


def test_two_functions_are_never_one_slip_of_each_other() -> None:
    """A slip between existing names shows a rule that is too wide. Other tools have the same names for
    functions and their complements, and for expit and expint.
    """
    names = sorted(PUBLIC)
    slips = {(a, b) for a in names for b in names if a != b and PUBLIC[a] is not PUBLIC[b] and is_slip(a, b)}
    assert not slips - ESTABLISHED


HUGE = 10**5
TEXTS = {
    "an operand": "[x, 2]" + "9" * HUGE, "a digit in a name": "k1²" + "x" * HUGE, "a power": "x" * HUGE + "²",
    "a name": "a" * HUGE + "(x)", "a name and an operand": "a" * HUGE + " b", "two names": "a " + "b" * HUGE,
    "a factor": "1/2" + "x" * HUGE, "a power of a function": "sin^2" + "x" * HUGE, "a method": "x." + "m" * HUGE + "()",
    "a module": "m" * HUGE + ".sin(x)", "LaTeX": "\\" + "f" * HUGE, "a fraction": "\\frac{" + "a" * HUGE + "}{b}",
    "a subscript": "x_{" + "1" * HUGE + "}", "a percentage": "1" * HUGE + "%", "degrees": "a" * HUGE + " deg",
    "an exponent": "1" * HUGE + "e", "a definition": "f(" + "x" * HUGE + ") = 2",
    "a keyword": "sum(x, " + "k" * HUGE + "=0)",
    "thousands": "1" + ",234" * HUGE, "a decimal comma": "1," + "2" * HUGE, "zeros": "0" * HUGE,
    "hexadecimal": "0x" + "f" * HUGE, "a binding": "u=1;" + "u" * HUGE + "=2", "twice": ("u" * HUGE + "=1;") * 2 + "2",
    "many arguments": "sin(" + "x," * 2000 + "x)", "a long axis": "sum(x, axis=" + "1" * 300 + ")",
    "blanks": "x" + " y" * HUGE, "a wide word": "１" * HUGE, "after a bracket": "(x)" + "y" * HUGE,
    "a comparison": "x" * HUGE + " > 0",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_message_is_short(name: str) -> None:
    with pytest.raises(AdcliError) as caught:
        adcli.compile(TEXTS[name]).value({})
    assert len(str(caught.value)) < 1200
    assert len(caught.value.problem) <= 450


@pytest.mark.parametrize(("shape", "inside"), [(1e10, True), (2e10, False)])
def test_a_shape_beyond_the_domain_is_outside(shape: float, inside: bool) -> None:
    assert TABLE["betainc"].domain.contains(shape, 1.0, 0.5) is inside
