"""The errors of single tokens: a wrong character, bracket, name or number.

The parser imports this module only for an error. Each function returns the error that it is named after.
"""

from __future__ import annotations

import re
from itertools import takewhile
from unicodedata import category, decomposition, normalize

from ..errors import ParseError, quoted, short
from ..ops import FUNCTIONS
from .foreign_names import DIFFERENTIATE, NO_INTEGRAL, NO_RANGE, TERMS
from .foreign_syntax import PRODUCT_TERMS, hint_for_brace, hint_for_dot, hint_for_latex
from .tokens import CLOSING, KEYWORDS

LETTERS = "use letters, digits and _"
QUOTES = "'\"`‘’“”"
NO_QUOTES = "write names and numbers without quotes; around the expression cmd.exe needs double ones"
LOOKALIKES = {'"': "write ''", "`": "write '", "´": "write '", "‴": "write '''"}  # for primes, as in `f"(x)`
# Characters of other notations, and their spelling in the language.
REPLACEMENTS = {"⁄": "/", "∞": "inf", "∧": "and", "∨": "or", "¬": "not", "&": "and", "~": "not", "⁻": "^-",
                "{": "(", "}": ")", "?": "a if condition else b"}  # fmt: skip

HINTS = {"±": "write one formula with + and one with -", "∓": "write one formula with - and one with +",
         "∑": TERMS, "∏": PRODUCT_TERMS, "∫": NO_INTEGRAL, "∂": DIFFERENTIATE, "∇": DIFFERENTIATE,
         "$": "leave it out", "•": "write *", "∙": "write *", "‖": "write norm(…)", "⌊": "write floor(…)",
         "⌈": "write ceil(…)", "≈": "write abs(x - y) < 1e-9 in a condition"}  # fmt: skip

_FACTOR = re.compile(r"[ \t]*(\w*)")
_BARS = re.compile(r"\|[^|]{1,40}\|\s*$")
_FUNCTION = re.compile(r"[^\W\d]\w*$")
_RAISED = re.compile(r"⁻([⁰¹²³⁴-⁹]+)")
_TAIL = re.compile(r"(?:\*\*|\^)[+-]?(?:\w+(?:\.\w*)?)(?![\w(])")


def factor_at(text: str, at: int) -> str:
    """Return the factor that starts here if it is short and plain, otherwise an abbreviation of it."""
    first = text[at : at + 1]
    if first and first in "√∛":
        return first + factor_at(text, at + 1)
    if first == "|":
        closing = text.find("|", at + 1, at + 40)
        return text[at : closing + 1] if closing > at + 1 else "|…|"
    name = _FACTOR.match(text, at)
    assert name is not None
    stop = name.end()
    if text[stop : stop + 1] == "(":
        depth = 0
        for position in range(stop, min(len(text), stop + 40)):
            depth += (text[position] == "(") - (text[position] == ")")
            if depth == 0:
                stop = position + 1
                break
        else:
            return f"{short(name[1])}(…)"
    tail = _TAIL.match(text, stop)
    return short(text[name.start(1) : tail.end() if tail else stop])


def hint_for_power(function: str, power: str, argument: str) -> str:
    """Return the hint for a power between a function and its argument, such as ``sin^2(x)`` and ``tan^-1(x)``."""
    argument = argument if argument.startswith("(") else f"({argument or '…'})"
    if power != "-1":
        return f"write {function}{argument}^{power}"
    reciprocal = f"1/{function}{argument}"
    inverse = f"a{function}"
    if inverse in FUNCTIONS:
        return f"write {inverse}{argument} for the inverse, {reciprocal} for the reciprocal"
    return f"write {reciprocal}"


def unmatched(text: str, start: int, brackets: list[int]) -> ParseError:
    """Return the error of a closing bracket that does not match the last open one."""
    closing = text[start]
    if not brackets:
        problem = f"'{closing}' has no matching '{CLOSING[closing]}'"
        return ParseError(problem, text=text, span=(start, start + 1), hint="leave it out")
    opening = text[brackets[-1]]
    expected = next((sign for sign, opens in CLOSING.items() if opens == opening), opening)
    problem = f"'{closing}' does not close '{opening}'"
    return ParseError(problem, text=text, span=(start, start + 1), hint=f"write '{expected}' first")


def stray_bar(text: str, start: int, brackets: list[int]) -> ParseError:
    """Return the error of a bar after an operand where no bar is open, such as in ``x | y``."""
    before, following = text[start - 1 : start], text[start + 1 : start + 2]
    compares = "|" in (before, following) or any(sign in text for sign in ("<", ">", "==", "!="))
    hint = "write or" if compares else "write |x| or abs(x) for an absolute value"
    closed = _BARS.search(text, 0, start)
    if closed and not brackets:
        hint = f"write {short(closed[0].strip())}*{factor_at(text, start)} for a product"
    if brackets and "|" not in (before, following):
        hint = f"close the '{text[brackets[-1]]}' first"
    return ParseError("a '|' closes no other", text=text, span=(start, start + 1), hint=hint)


def bad_character(text: str, start: int) -> ParseError:
    """Return the error of a character that begins no token."""
    character = text[start]
    span = (start, start + 1)
    if "\ud800" <= character <= "\udfff":
        hint = "write the expression as UTF-8 text"
        return ParseError("the text is not valid UTF-8", text=text, span=span, hint=hint)
    spelling = f"'{character}'" if character.isprintable() else f"U+{ord(character):04X}"
    return ParseError(f"unexpected character {spelling}", text=text, span=span, hint=_hint_for_character(text, start))


def _hint_for_character(text: str, start: int) -> str:
    character, before, following = text[start], text[start - 1 : start], text[start + 1 : start + 2]
    plain = normalize("NFKC", character)
    is_prime = following == "(" and before.isidentifier()
    hint = HINTS.get(character) or (LOOKALIKES.get(character) if is_prime else None)
    if character == "." and following in ("*", "/", "^"):
        return f"write {following}, which works element by element"
    if character == "." and following in ("t", "'"):
        return "write x.T for the transpose"
    if character == "." and before.isidentifier():
        hint = hint_for_dot(text, start)
    elif character == ".":
        hint = NO_RANGE if before == "." else f"write {following}" if following in ("*", "/", "^", "+", "-") else None
    elif character == "\\":
        hint = hint_for_latex(text, start)
    elif character == "{":
        hint = hint_for_brace(text, start)
        if hint is None and not before.isalnum():
            hint = "write ( for a group, [ for a vector"
    if hint:
        return hint
    raised = _RAISED.match(text, start)
    if raised:
        return _hint_for_raised(text, raised)
    if character in REPLACEMENTS:
        return f"write {REPLACEMENTS[character]}"
    if character in QUOTES:
        return NO_QUOTES
    if plain.isascii() and plain.isprintable() and plain != character:
        return f"write {plain}"
    return "expected a number, a name" + (", an operator or a parenthesis" if text[:start].strip() else ", '(' or '['")


def _hint_for_raised(text: str, raised: re.Match[str]) -> str:
    power = f"-{normalize('NFKC', raised[1])}"
    name = _FUNCTION.search(text[max(0, raised.start() - 40) : raised.start()])
    if name is None or name[0] not in FUNCTIONS:
        return f"write ^{power}"
    return hint_for_power(name[0], power, factor_at(text, raised.end()))


def is_raised_or_small(character: str) -> bool:
    """Return whether NFKC changes the meaning of a character of a name: ``²``, ``ⁿ``, ``₁``, ``½``, ``º``."""
    return category(character) == "No" or decomposition(character).startswith("<super>")


def spell_power(power: str) -> str:
    """Return raised digits in plain ones, such as ``^2*y`` for ``²y``."""
    digits = "".join(takewhile(lambda c: category(c) == "No", power))
    rest = power[len(digits) :]
    if not normalize("NFKC", digits).isdigit():
        return f"*({normalize('NFKC', digits).replace('⁄', '/')})"
    return f"^{normalize('NFKC', digits)}" + (f"*{rest}" if rest else "")


def bad_name(text: str, name: str, start: int) -> ParseError:
    """Return the error of a word with a character that a name cannot have, such as ``x²``."""
    for offset, character in enumerate(name):
        if not is_raised_or_small(character):
            continue
        plain = normalize("NFKC", character)
        raised = plain.isdigit() and "<super>" in decomposition(character)
        hint = "write ° for degrees" if character == "º" else None
        if category(character) != "No" and hint is None:
            hint = f"write {short(name[:offset])}^{plain}" if offset else f"write {plain}"
        elif not offset and "⁄" in plain:
            hint = f"write ({plain.replace('⁄', '/')})"
        elif raised and offset:
            power = spell_power(name[offset:])
            is_call = text[start + len(name) : start + len(name) + 1] == "(" and name[:offset] in FUNCTIONS
            argument = factor_at(text, start + len(name)) if is_call else ""
            hint = f"write {short(name[:offset])}{argument}{power}"
        elif offset and plain.isdigit():
            hint = f"write {short(normalize('NFKC', name))}"
        span = (start + offset, start + offset + 1)
        problem = f"'{character}' cannot be part of a name"
        return ParseError(problem, text=text, span=span, hint=hint or LETTERS)
    span = (start, start + len(name))
    normal = normalize("NFKC", name)
    if normal in KEYWORDS:
        problem = f"{quoted(name)} reads as the reserved word '{normal}'"
        return ParseError(problem, text=text, span=span, hint="write it in plain letters")
    return ParseError(f"{quoted(name)} is not a name", text=text, span=span, hint=LETTERS)


def leading_zeros(text: str, start: int, stop: int) -> ParseError:
    """Return the error of ``007``, and of ``000`` in ``1,000``."""
    hint = "leave them out"
    if text[start - 1 : start] == ",":
        hint = "if this is a thousands separator, leave it out"
    return ParseError("a number has superfluous leading zeros", text=text, span=(start, stop), hint=hint)


def cut_off_exponent(text: str, start: int, stop: int) -> ParseError:
    """Return the error of ``1.23e`` and ``3e-.5``, which are more often cut off than products with e."""
    number, e = short(text[start:stop]), text[stop]
    hint = f"write {number}*{e} for a product"
    if "e" not in text[start:stop].lower():
        hint = f"write the digits of the exponent, as in {number}{e}3, or {number}*{e} for a product"
    return ParseError(f"{quoted(text[start : stop + 1])} has no exponent", text=text, span=(start, stop + 1), hint=hint)


def not_decimal(text: str, start: int, stop: int) -> ParseError:
    """Return the error of ``0x10`` and other notations of whole numbers."""
    whole = text[start:stop]
    hint = f"write {int(whole, 0)}" if len(whole) <= 40 else "write it in decimal digits"
    return ParseError(f"{quoted(whole)} is not a decimal number", text=text, span=(start, stop), hint=hint)


def loose_underscore(text: str, position: int) -> ParseError:
    """Return the error of ``1_`` and ``1__0``."""
    problem = "'_' may stand only between the digits of a number"
    return ParseError(problem, text=text, span=(position, position + 1), hint="leave it out")


def too_large(text: str, start: int, stop: int) -> ParseError:
    """Return the error of ``1e400``."""
    problem = "this number is beyond the largest float64, 1.8e308"
    return ParseError(problem, text=text, span=(start, stop), hint="write inf for infinity")
