"""The errors of texts whose tokens do not form a program: the place, what was expected, and what was probably meant.

The parser imports this module only for an error.
"""

from __future__ import annotations

import re
from unicodedata import category

from ..errors import ParseError, quoted, short
from ..ops import FUNCTIONS
from .foreign_names import CHOICE
from .foreign_syntax import hint_for_notation
from .parser_stack import SUPERSCRIPTS, Stack
from .token_errors import NO_QUOTES, factor_at, hint_for_power, spell_power
from .tokens import KEYWORDS

OPERAND_TEXT = "a number, a name, '(' or '['"
PRIMES = ("'", "′", "’", "″")
PRIME_HINT = "write f'(x) for a derivative, x.T for a transpose"
VECTOR_HINT = "write a vector in brackets, as in [x, y]"
SLICE_HINT = "write a slice inside an index, as in x[1:3]"
LONGEST_OPERAND = 20  # characters. Only the last character of a longer operand is shown

_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d*)?")
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*['′’]")
_FUNCTION_POWER = re.compile(r"([^\W\d]\w*)\s*(?:\*\*|\^)\s*(-?)\s*$")


def unexpected(kind: str, start: int, stop: int, stack: Stack) -> ParseError:
    """Return the error of a token that cannot stand here. The kind ``$END`` is the end of the text."""
    error = _unexpected(kind, start, stop, stack)
    hint = hint_for_notation(kind, start, stop, stack)
    return error if hint is None else ParseError(error.problem, text=error.text, span=error.span, hint=hint)


def _unexpected(kind: str, start: int, stop: int, stack: Stack) -> ParseError:
    text = stack.text
    after = stack.after_operand
    if kind in ("$END", "SEPARATOR"):
        return _too_early(kind, stack)
    if kind == "COEFFICIENT" and not after:
        return _two_readings(start, stop, stack)
    if kind in ("NUMBER", "COEFFICIENT", "NAME", "LPAR", "NOT", "ROOT") and after:
        return _missing_operator(kind, start, stop, stack)
    if stack.values and stack.values[-1] in PRIMES:
        return _too_early(kind, stack)
    token = text[start:stop]
    hint = _hint_for_token(kind, token, start, stop, stack) or "expected " + _expected(stack, after)
    return ParseError(f"unexpected '{token}'", text=text, span=(start, stop), hint=hint)


def _expected(stack: Stack, after_operand: bool) -> str:
    if not after_operand:
        return OPERAND_TEXT
    tokens = ["an operator"]
    if stack.lacks_else:
        tokens.append("'else'")
    elif stack.brackets:
        closing = {"[": "']'", "|": "'|'"}.get(stack.bracket, "')'")
        tokens += ["','", closing] if stack.takes_comma else [closing]
    else:
        tokens.append("the end")
    return ", ".join(tokens[:-1]) + " or " + tokens[-1]


def _hint_for_token(kind: str, token: str, start: int, stop: int, stack: Stack) -> str | None:
    """Return a hint for a token that cannot stand here, if its meaning can be guessed."""
    text = stack.text
    before, following = text[start - 1 : start], text[stop : stop + 1]
    if kind == "COMMA" and _is_primed(stack):
        return f"write diff({stack.values[-4]}(…), x) for a function of several arguments"
    if kind == "COMMA" and before.isdigit() and following.isdigit():
        first = re.search(r"\d*\.?\d*$", text[max(0, start - 20) : start])
        begin = start - len(first[0]) if first else start
        grouped = _THOUSANDS.match(text, begin)
        if grouped:
            return f"write {short(grouped[0].replace(',', ''))}, without thousands separators"
        return _hint_for_decimals(text[begin:start], re.compile(r"\d+").match(text, stop), bool(stack.brackets))
    if kind == "EQUAL":
        return _hint_for_equals(before, following, text[start - 2 : start] == "!=")
    if kind == "COMPARISON" and before == "=" and token in ("<", ">"):
        return f"write {token}="
    if kind == "COLON":
        if ".." in stack.values or "…" in stack.values or "..." in stack.values:
            return "write the first two numbers for a step, as in [1, 3..9]"
        return SLICE_HINT if stack.brackets else "write a binding as NAME = expression"
    if kind == "IF" and not stack.after_operand:
        return CHOICE
    if kind in ("AND", "OR") and following == "(":
        return f"write a {token} b"
    if kind in ("PRIME", "BANG", "RANGE", "POWER", "SUPERSCRIPT", "MINUS"):
        return _hint_for_sign(kind, stack)
    if token == "/" == before:
        return "write floor(a/b) for a whole quotient"
    if token == ">" and before == "<":
        return "write != for not equal"
    return VECTOR_HINT if kind == "COMMA" else None


def _hint_for_decimals(whole: str, fraction: re.Match[str] | None, is_group: bool) -> str | None:
    """Return a hint for a comma between digits: a decimal comma, or a vector without brackets."""
    if fraction is None or ("." in whole and not re.fullmatch(r"\d{1,3}\.\d{3}", whole)):
        return VECTOR_HINT
    number = f"{short(whole.replace('.', ''))}.{short(fraction[0])}"
    vector = f", or a vector as [{short(whole)}, {short(fraction[0])}]" if is_group and "." not in whole else ""
    return f"write '.' for the decimal point, as in {number}{vector}"


def _is_primed(stack: Stack) -> bool:
    """Return whether the last operand is the first one of ``f'(…``."""
    values = stack.values
    return len(values) > 3 and values[-2] == "(" and isinstance(values[-3], str) and values[-3].startswith(PRIMES)


def _hint_for_equals(before: str, following: str, after_unequal: bool) -> str:
    if after_unequal:
        return "write n! == 5 with a space, or != for not equal"
    if before in ("=", "!"):
        return f"write {before}="
    if following and following in "<>":
        return f"write {following}="
    return "write == for a comparison, or a binding NAME = expression as a separate statement"


def _hint_for_sign(kind: str, stack: Stack) -> str | None:
    """Return a hint for a prime, a factorial, a range or the power of a root where it cannot stand."""
    after = stack.after_operand
    last = stack.values[-1] if stack.values else ""
    if kind == "PRIME":
        return PRIME_HINT if after else NO_QUOTES
    if kind == "BANG":
        return "write (n!)! for the factorial of a factorial" if last == "!" else None if after else "write not"
    if kind == "RANGE":
        return "write 1:4 for a part" if stack.bracket == "[" else "write [1..10] for a vector, i=1..10 for an index"
    if isinstance(last, str) and last and last in "√∛":
        return f"write {last}(-x)"
    if after and len(stack.values) > 1 and stack.values[-2] in ("√", "∛"):
        root = stack.values[-2]
        return f"write {root}(x^2) or ({root}x)^2"
    return None


def _too_early(kind: str, stack: Stack) -> ParseError:
    text = stack.text
    if stack.values and stack.values[-1] in PRIMES:
        span = (stack.starts[-1], stack.stops[-1])
        return ParseError("a prime stands between a function and its argument", text=text, span=span, hint=PRIME_HINT)
    if stack.empty:
        return ParseError("the expression is empty", hint="write one such as 'x**2'")
    if stack.brackets:
        position = stack.brackets[-1]
        hint = f"expected {_expected(stack, stack.after_operand)} at the end"
        if kind == "SEPARATOR" and stack.bracket == "[":
            hint = "write a matrix as [[1, 2], [3, 4]]"
        return ParseError(f"'{text[position]}' is never closed", text=text, span=(position, position + 1), hint=hint)
    end = stack.stops[-1]
    hint = "expected " + ("'else' and a value" if stack.lacks_else and stack.after_operand else OPERAND_TEXT)
    problem = "the expression ends too early"
    if kind == "SEPARATOR" and text[end:].lstrip(" \t\r")[:1] in "\n#":
        problem = "the line ends too early"
        hint += "; put an expression of several lines in brackets"
    return ParseError(problem, text=text, span=(end, end + 1), hint=hint)


def _power_of_function(text: str, start: int, exponent: str, at: int) -> str | None:
    """Return the hint ``write sin(x)^2`` for ``sin^2(x)``: the exponent starts at `start`, the argument at `at`."""
    match = _FUNCTION_POWER.search(text[max(0, start - 40) : start])
    if match is None or match[1] not in FUNCTIONS:
        return None
    return hint_for_power(match[1], match[2] + exponent, factor_at(text, at))


def _two_readings(start: int, stop: int, stack: Stack) -> ParseError:
    """Return the error of ``1/2x`` and ``x^2y``, with both readings."""
    text, values, starts = stack.text, stack.values, stack.starts
    number = text[start:stop]
    hint = _power_of_function(text, start, number, stop)
    if hint is None:
        sign = len(values) - 1
        while values[sign] in ("+", "-") and values[sign - 1] in ("+", "-", "/", "%", "**", "^"):
            sign -= 1
        first = sign - 1
        while first > 1 and values[first - 1] in ("**", "^"):
            first -= 2
        left, factor = text[starts[first] : start], factor_at(text, stop)
        if len(left) > LONGEST_OPERAND:
            left = "…" + text[starts[sign] : start]
        operator = left.rindex(str(values[sign])) + len(str(values[sign]))  # only unary signs may follow it
        whole = f"{left[:operator]}({left[operator:].strip()}{number}*{factor})"
        early = f"({left}{number})*{factor}" if values[sign] in ("/", "%") else f"{left}{number}*{factor}"
        hint = f"write {whole} or {early}"
    message = f"an implicit product after '{values[-1]}' can be read in two ways"
    return ParseError(message, text=text, span=(start, stop), hint=hint)


def _missing_operator(kind: str, start: int, stop: int, stack: Stack) -> ParseError:
    text, values = stack.text, stack.values
    token = text[start:stop]
    before = stack.operand()
    operand = before if len(before) <= LONGEST_OPERAND else "…" + before[-1]
    right = factor_at(text, start) if kind in ("LPAR", "NAME", "ROOT") else token
    minutes = _MINUTES.match(text, start) if before.endswith("°") else None
    if kind == "COEFFICIENT":
        right += f"*{factor_at(text, stop)}"
    hint = f"write {operand}*{right}"
    if minutes:
        hint = f"write ({operand[:-1]} + {minutes[1]}/60)°"
    elif kind == "NOT":
        hint = "write 'and not' or 'or not'"
    elif kind == "NAME" and token.lower() in KEYWORDS:
        hint = f"write '{token.lower()}', in small letters"
    elif kind == "NAME" and token == "mod":
        hint = f"write {operand} % …"
    elif kind == "NAME" and category(token[0]) == "No":
        hint = f"write {operand}{spell_power(token)}"
    elif before.rstrip(SUPERSCRIPTS) in FUNCTIONS and (isinstance(values[-1], str) or before[-1] in SUPERSCRIPTS):
        power = before[len(before.rstrip(SUPERSCRIPTS)) :]
        right = right if right.startswith("(") else f"({right})"
        hint = f"write {before.rstrip(SUPERSCRIPTS)}{right}{power}"
    elif isinstance(values[-1], str) and before.replace(".", "").isdigit():
        hint = _power_of_function(text, stack.starts[-1], before, start) or hint
    message = f"an operator is missing between {quoted(operand)} and {quoted(token)}"
    return ParseError(message, text=text, span=(start, stop), hint=hint)


def too_deep(text: str, position: int) -> ParseError:
    """Return the error of an expression that is nested too deeply for the memory."""
    hint = "use at most a million levels, or bind parts to names, as in u = …; f(u)"
    return ParseError("the expression is nested too deeply", text=text, span=(position, position + 1), hint=hint)
