"""Hints for texts in other notations: LaTeX, percent signs, d/dx, methods, definitions of functions.

Only errors import this module. `foreign_names` has single names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import short
from ..ops import PUBLIC
from .foreign_names import (
    DIFFERENTIATE,
    FOREIGN_CONSTANTS,
    NO_INTEGRAL,
    NO_LIMIT,
    TERMS,
    foreign_hint,
    known_function,
    sign_hint,
)

if TYPE_CHECKING:
    from .parser_stack import Stack

LOOK_BACK = 80  # characters before an error in which other notations are recognised
DEFINITION = "define a function as f(x) = x^2, a binding as u = x^2"
PRODUCT_TERMS = "write prod(i^2, i=1..10)"
# Words of programs and of sentences, and what to do with them.
WORDS = {
    "lambda": DEFINITION, "def": DEFINITION, "function": DEFINITION,
    "return": "leave it out", "let": "leave it out", "for": TERMS, "in": TERMS,
    "rad": "leave it out: angles are in radians", "radians": "leave it out: angles are in radians",
}  # fmt: skip
# Words after an operand, and what to write for them after it.
SUFFIXES = {"deg": "*pi/180", "degree": "*pi/180", "degrees": "*pi/180", "squared": "^2", "cubed": "^3", "times": "*…",
            "plus": " + …", "minus": " - …", "over": "/…", "of": "*…", "percent": "/100"}  # fmt: skip
# Commands of LaTeX that are not names of functions.
LATEX = {
    "frac": "write (…)/(…)", "dfrac": "write (…)/(…)", "tfrac": "write (…)/(…)", "cdot": "write *",
    "times": "write *", "div": "write /", "over": "write /", "infty": "write inf", "le": "write <=",
    "leq": "write <=", "ge": "write >=", "geq": "write >=", "ne": "write !=", "neq": "write !=",
    "land": "write and", "lor": "write or", "lnot": "write not", "lvert": "write abs(…)", "vert": "write abs(…)",
    "mid": "write abs(…)", "sum": TERMS, "prod": PRODUCT_TERMS, "int": NO_INTEGRAL, "lim": NO_LIMIT,
    "partial": DIFFERENTIATE, "nabla": DIFFERENTIATE, "mathrm": "write the name alone",
    "operatorname": "write the name alone", "text": "write the name alone", "left": "leave it out",
    "right": "leave it out", "displaystyle": "leave it out", "quad": "leave it out", "top": "write .T",
    "begin": "write a matrix as [[1, 2], [3, 4]]", "pm": "write one formula with + and one with -",
    "bmod": "write %", "circ": "write *pi/180",
}  # fmt: skip
MODULES = frozenset(
    [
        "math",
        "cmath",
        "np",
        "numpy",
        "sp",
        "scipy",
        "sympy",
        "special",
        "jnp",
        "jax",
        "tf",
        "torch",
        "mpmath",
        "mp",
        "Math",
        "linalg",
        "stats",
    ]
)

_FRACTION = re.compile(r"\\[dt]?frac\{([^{}\\]{1,20})\}\{([^{}\\]{1,20})\}")
_LEIBNIZ = re.compile(r"\\[dt]?frac\{\s*(?:\\partial|\\mathrm\{d\}|d\b|d\^)")
_ROOT = re.compile(r"\\sqrt\{([^{}\\]{1,20})\}")
_BASE = re.compile(r"\\log_\{?(\d{1,9})")
_ARGUMENT = re.compile(r"\s*(\(?\w{1,20}\)?)(?![\w({^])")
_SUBSCRIPT = re.compile(r"(\w{1,20})_$")
_BRACED = re.compile(r"\{(\w{1,20})\}")
_DIFFERENTIAL = re.compile(r"(?<!\w)[d∂](?:\s*(?:\^|\*\*)\s*\d)?\s*/\s*[d∂]\w+(?:\s*(?:\^|\*\*)\s*\d)?\s*$")
_PERCENT = re.compile(r"(\d+\.?\d*|\w{1,20})\s*%\s*(?:of)?\s*$")
_DEFINED = re.compile(r"(?:^|[;\n])\s*[^\W\d]\w*\s*[(\[][\w\s,]*[)\]]\s*:?$")
_FUNCTION = re.compile(r"(?:^|[;\n])\s*[\d.]*([^\W\d]\w*)['′’″]*(\([\w\s,]*\))['′’″]*(?:\[[^\]]*\])?\s*$")
_INDEX = re.compile(r"(?<!\w)(sum|prod)\s*\((?:[^()]|\([^()]*\))*\b\w+\s*=\s*[^,=]*$")
_OR = re.compile(r"[<>=][^;|]*\|\|$")  # two open bars after a comparison
_CALLER = re.compile(r"(\w+)\s*$")


def hint_for_notation(kind: str, start: int, stop: int, stack: Stack) -> str | None:
    """Return what to write if a token that cannot stand here is part of another notation."""
    text = stack.text
    before, token = text[max(0, start - LOOK_BACK) : start], text[start:stop]
    hint = _hint_for_brackets(stack)
    if hint:
        return hint
    if stack.after_operand:
        definition = _hint_for_definition(kind, before)
        if definition:
            return definition
        if kind in ("NAME", "LPAR", "NUMBER", "COEFFICIENT") and _DIFFERENTIAL.search(before):
            return DIFFERENTIATE
    if kind == "EQUAL" and stack.empty:
        return "leave the '=' out"
    if token == ">" and before.endswith("-"):
        return "write the formula alone, or define a function as f(x) = x^2"
    if kind == "COLON" or (token.startswith(".") and before.endswith(".")):
        index = _INDEX.search(before)
        if index:
            return TERMS if index[1] == "sum" else PRODUCT_TERMS
    if (stack.values and stack.values[-1] == "%" and kind != "COEFFICIENT") or (
        kind == "NAME" and before.rstrip().endswith(" of")
    ):
        percentage = _PERCENT.search(before)
        if percentage:
            return "write % once" if token == "%" else f"write {percentage[1]}/100 for a percentage"
    if kind in ("NAME", "LPAR", "NUMBER", "COEFFICIENT") and stack.after_operand:
        return _hint_for_words(token, stack)
    return None


def _hint_for_brackets(stack: Stack) -> str | None:
    """Return the hint for an open bracket behind the name of another tool's function, and for ``x > 0 || y > 0``."""
    text = stack.text
    if stack.bracket == "|" and _OR.search(text, 0, stack.brackets[-1] + 1):
        return "write or instead of ||"
    callers = [_CALLER.search(text[max(0, bracket - LOOK_BACK) : bracket]) for bracket in reversed(stack.brackets[-3:])]
    return next(filter(None, [foreign_hint(caller[1]) for caller in callers if caller]), None)


def _hint_for_definition(kind: str, before: str) -> str | None:
    """Return the hint for a definition of a function in another notation."""
    if kind in ("EQUAL", "COLON") and _DEFINED.search(before):
        return DEFINITION
    defined = _FUNCTION.search(before) if kind == "EQUAL" else None
    return f"define the function itself: {short(defined[1] + defined[2])} = …" if defined else None


def _hint_for_words(token: str, stack: Stack) -> str | None:
    """Return the hint for two operands side by side, one of which is a word."""
    operand = stack.operand()
    if token in WORDS or operand in WORDS:
        return WORDS.get(operand) or WORDS[token]
    if token == "div":
        return f"write floor({short(operand)}/…)"
    if operand == "T" and len(stack.values) > 2 and stack.values[-2] in ("^", "**"):
        return "write A.T for the transpose of A"
    if stack.bracket == "[" and (operand[-1:] + token[:1]).isdigit():
        return f"write [{short(operand)}, {short(token)}] for a vector, [[1, 2], [3, 4]] for a matrix"
    if token in SUFFIXES:
        return f"write {short(operand)}{SUFFIXES[token]}"
    if operand == "arc" and f"a{token}" in PUBLIC:
        return f"write a{token}(…)"
    if isinstance(stack.values[-1], str):
        hint = foreign_hint(operand)
        known = known_function(operand)
        if hint is None and known and known != operand:
            hint = f"write {known}(…)"
        return hint
    return None


def hint_for_latex(text: str, start: int) -> str:
    """Return what to write for the command of LaTeX that starts at a backslash.

    >>> hint_for_latex(r"\\frac{a}{b}", 0), hint_for_latex(r"\\sin x", 0), hint_for_latex(r"\\alpha", 0)
    ('write (a)/(b)', 'write sin(x)', 'write alpha')
    """
    word = re.compile(r"[A-Za-z]{1,20}").match(text, start + 1)
    if word is None:
        return "leave it out"
    name = word[0]
    fraction, root, base = _FRACTION.match(text, start), _ROOT.match(text, start), _BASE.match(text, start)
    if len(name) == 1 and (text[start - 1 : start].isalnum() or text[start - 1 : start] in ("'", ")")):
        return "write solve(A, b) for a linear system"
    if _LEIBNIZ.match(text, start):
        return DIFFERENTIATE
    if base:
        return log_of_base(base[1])
    if fraction:
        return f"write ({fraction[1]})/({fraction[2]})"
    if root:
        return f"write sqrt({root[1]})"
    if name in LATEX:
        return LATEX[name]
    if name in PUBLIC:
        argument = _ARGUMENT.match(text, word.end())
        return f"write {name}({argument[1].strip('()')})" if argument else f"write {name}(…)"
    return foreign_hint(name) or f"write {name}"


def log_of_base(base: str) -> str:
    """Return how to write the logarithm to a base."""
    return f"write log{base}(…)" if f"log{base}" in PUBLIC else f"write log(…, {base})"


def hint_for_brace(text: str, start: int) -> str | None:
    """Return what to write for a subscript such as ``x_{1}``, or an exponent such as ``x^{2}``."""
    braced = _BRACED.match(text, start)
    subscript = _SUBSCRIPT.search(text[max(0, start - LOOK_BACK) : start])
    if braced and subscript:
        return f"write {subscript[1]}_{braced[1]}"
    if text[start - 1 : start] == "^":
        return f"write ^{braced[1]}" if braced else "write ^(…)"
    return None


def hint_for_dot(text: str, start: int) -> str:
    """Return what to write for a name of a module or a method, such as ``np.sin(x)`` and ``x.sum()``."""
    before = re.search(r"(\w+(?:\.\w+){0,3})$", text[max(0, start - LOOK_BACK) : start])
    after = re.compile(r"\.((?:\w{1,40}\.){0,3})(\w{1,40})(\s*\()?").match(text, start)
    if before is None or after is None:
        return "write the name alone"
    owner, name = before[1], after[2]
    hint = sign_hint(name) or foreign_hint(name)
    if hint:
        return hint
    if name in FOREIGN_CONSTANTS:
        return f"write {FOREIGN_CONSTANTS[name]}"
    if owner in MODULES:
        known = known_function(name) or name
        return f"write {known}(…)" if after[3] else f"write {known}"
    return f"write {name}({owner})" if after[3] and name in PUBLIC else "write the name alone"


def name_hint(name: str) -> str | None:
    """Return what a variable without a value was perhaps meant to be: a function, or a constant of another tool.

    >>> name_hint("Sin"), name_hint("PI"), name_hint("speed")
    ('the function is written sin(…)', 'or write pi', None)
    """
    if name in FOREIGN_CONSTANTS:
        return f"or write {FOREIGN_CONSTANTS[name]}"
    hint = foreign_hint(name) if len(name) > 1 and name[0].isupper() else None
    known = known_function(name)
    if known and not hint:
        return f"the function is written {known}(…)"
    return f"or {hint}" if hint else None
