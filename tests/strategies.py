"""Random expressions of the language for hypothesis: well-formed texts over x, y and z, every function of the table."""

from __future__ import annotations

from hypothesis import strategies as st

from adcli.ops import FUNCTIONS, SIGNS, Op

VARIABLES = ("x", "y", "z")
NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", "1.", ".25", "1e-3", "2e3", "1_000", "pi", "e", "tau"])
CONDITIONS = {sign for sign, arity in SIGNS if arity == 2 and SIGNS[sign, 2].is_condition}
INFIX = sorted({sign for sign, arity in SIGNS if arity == 2 and SIGNS[sign, 2].is_elementwise} - CONDITIONS)
COMPARISONS = sorted(sign for sign in CONDITIONS if not sign.isalpha())
WORDS = sorted(word for word, op in FUNCTIONS.items() if op.is_elementwise and not op.takes_conditions)


def call(word: str, operand: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The function of this word over operands."""
    op: Op = FUNCTIONS[word]
    count = 2 if op.variadic else op.arity
    arguments = [st.sampled_from("0123") if place in op.integers else operand for place in range(count)]
    return st.tuples(*arguments).map(lambda texts: f"{word}({', '.join(texts)})")


def conditions(operand: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Comparisons, chained ones among them, and what `and`, `or`, `not` make of them."""
    single = st.tuples(operand, st.sampled_from(COMPARISONS), operand).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})")
    chained = st.tuples(operand, operand, operand).map(lambda t: f"({t[0]}) < ({t[1]}) <= ({t[2]})")
    simple = st.one_of(single, chained)
    joined = st.tuples(simple, st.sampled_from(["and", "or"]), simple).map(lambda t: f"{t[0]} {t[1]} {t[2]}")
    return st.one_of(simple, joined, simple.map(lambda text: f"not {text}"))


def larger(operand: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One operation over operands."""
    infix = st.tuples(operand, st.sampled_from(INFIX), operand).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})")
    whole_power = st.tuples(operand, st.sampled_from(["2", "3", "-1", "-2", "0"])).map(lambda t: f"({t[0]})**{t[1]}")
    choice = st.tuples(operand, conditions(operand), operand).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})")
    where = st.tuples(conditions(operand), operand, operand).map(lambda t: f"where({t[0]}, {t[1]}, {t[2]})")
    negative = operand.map(lambda text: f"-({text})")
    implicit = operand.map(lambda text: f"2({text})")
    functions = st.sampled_from(WORDS).flatmap(lambda word: call(word, operand))
    return st.one_of(functions, functions, infix, infix, whole_power, choice, where, negative, implicit)


expressions = st.recursive(st.one_of(st.sampled_from(VARIABLES), NUMBERS), larger, max_leaves=12)
"""One expression as text."""

programs = st.tuples(expressions, expressions).map(lambda t: f"u = {t[0]}; u*({t[1]}) + u")
"""A binding that is used twice, and a result."""
