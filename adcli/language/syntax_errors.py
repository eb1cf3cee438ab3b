"""What is wrong with a text that is no program: the place, what was expected there, and what was probably meant.

`parser.py` loads this module when it meets a mistake and never before; every function makes the error it is named for.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any
from unicodedata import category, decomposition, normalize

from ..errors import ParseError, quoted, short
from ..ops import FUNCTIONS
from .parser import CLOSING, KEYWORDS

OPERAND = "a number, a name, '(' or '['"
SIGNS = {"×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "⁄": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">=",
         "≠": "!=", "√": "sqrt(…)", "∞": "inf", "∧": "and", "∨": "or", "¬": "not", "&": "and", "~": "not", "⁻": "^-",
         "{": "(", "}": ")", "?": "a if condition else b", "°": "*pi/180"}  # fmt: skip
LETTERS = "expected letters, digits and _"
QUOTES = "'\"`‘’“”"
SLICE = "a slice is part of an index, as in x[1:3]"
CHOICE = "a choice is where(condition, a, b) or a if condition else b"

_FACTOR = re.compile(r"[ \t]*(\w*)")
_TAIL = re.compile(r"(?:\*\*|\^)[+-]?(?:\w+(?:\.\w*)?)(?![\w(])")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d*)?")
_FUNCTION_POWER = re.compile(r"([^\W\d]\w*)\s*(?:\*\*|\^)\s*(-?)\s*$")


class Stack:
    """The parser's stack as it stood at the mistake.

    Attributes:
        text: the program.
        values: tokens as text, and what became of the earlier ones.
        starts, stops: their places.
        brackets: the places of the open brackets, round and square.
    """

    __slots__ = ("brackets", "starts", "stops", "text", "values")

    def __init__(self, text: str, values: list[Any], starts: list[int], stops: list[int], brackets: list[int]) -> None:
        self.text = text
        self.values = values
        self.starts = starts
        self.stops = stops
        self.brackets = brackets

    @property
    def after_operand(self) -> bool:
        """Whether an operand has just ended, so that an operator would be next."""
        if not self.values:
            return False
        last = self.values[-1]
        if not isinstance(last, str) or last in (")", "]", ".T"):
            return True
        return last not in KEYWORDS and (last[0].isalnum() or last[0] in "_.")

    @property
    def empty(self) -> bool:
        """Whether nothing but separators has been read."""
        return all(isinstance(value, str) and value in ";\n" for value in self.values)

    @property
    def wants_else(self) -> bool:
        """Whether the choice that is being read still has no `else`."""
        for value in reversed(self.values):
            if isinstance(value, str) and value in ("if", "else", "(", "[", ";", "\n"):
                return value == "if"
        return False

    @property
    def bracket(self) -> str:
        """The innermost open bracket, or nothing."""
        return self.text[self.brackets[-1]] if self.brackets else ""

    @property
    def takes_comma(self) -> bool:
        """Whether the innermost open bracket is that of a function, an index or a vector."""
        if self.bracket != "(":
            return self.bracket == "["
        place = self.brackets[-1]
        word = re.search(r"(\w+)\s*$", self.text[max(0, place - 40) : place])
        return word is not None and not word[1][0].isdigit() and word[1] not in KEYWORDS

    def operand(self) -> str:
        """The operand that has just ended, with the function's name before a parenthesis."""
        place = len(self.values) - 1
        if self.values[place] in ("]", ".T"):
            place -= 1 if self.values[place] == ".T" else 2
            place -= place > 0 and not isinstance(self.values[place - 1], str)
        elif self.values[place] == ")":
            place -= 1 if self.values[place - 1] == "(" else 2
            if place and isinstance(self.values[place - 1], str) and self.values[place - 1].isidentifier():
                place -= 1 if self.values[place - 1] not in KEYWORDS else 0
        return self.text[self.starts[place] : self.stops[-1]]


def unexpected(kind: str, start: int, stop: int, stack: Stack) -> ParseError:
    """A token stands where it cannot stand; the kind ``$END`` is the end of the text."""
    text = stack.text
    after = stack.after_operand
    if kind in ("$END", "SEPARATOR"):
        return _too_early(kind, stack)
    if kind == "COEFFICIENT" and not after:
        return _two_readings(start, stop, stack)
    if kind in ("NUMBER", "COEFFICIENT", "NAME", "LPAR", "NOT") and after:
        return _missing_operator(kind, start, stop, stack)
    token = text[start:stop]
    hint = _meant(kind, token, start, stop, stack) or "expected " + _expected(stack, after)
    return ParseError(f"unexpected '{token}'", text=text, span=(start, stop), hint=hint)


def _expected(stack: Stack, after_operand: bool) -> str:
    if not after_operand:
        return OPERAND
    wanted = ["an operator"]
    if stack.wants_else:
        wanted.append("'else'")
    elif stack.brackets:
        closing = "']'" if stack.bracket == "[" else "')'"
        wanted += ["','", closing] if stack.takes_comma else [closing]
    else:
        wanted.append("the end")
    return ", ".join(wanted[:-1]) + " or " + wanted[-1]


def _meant(kind: str, token: str, start: int, stop: int, stack: Stack) -> str | None:
    """What a token that cannot stand here was probably meant to be."""
    text = stack.text
    before, following = text[start - 1 : start], text[stop : stop + 1]
    if kind == "COMMA" and before.isdigit() and following.isdigit():
        first = re.search(r"\d*\.?\d*$", text[max(0, start - 20) : start])
        begin = start - len(first[0]) if first else start
        grouped = _THOUSANDS.match(text, begin)
        if grouped:
            return f"a number has no thousands separator, write {short(grouped[0].replace(',', ''))}"
        fraction = re.compile(r"\d+").match(text, stop)
        if fraction is None or "." in text[begin:start]:
            return None
        return f"the decimal point is '.', as in {short(text[begin:start])}.{short(fraction[0])}"
    if kind == "EQUAL":
        if before in ("=", "!"):
            return f"write {before}="
        if following and following in "<>":
            return f"write {following}="
        return "a comparison is ==; a binding is NAME = expression in a statement of its own"
    if kind == "COMPARISON" and before == "=" and token in ("<", ">"):
        return f"write {token}="
    if kind == "COLON":
        return SLICE if stack.brackets else "a binding is NAME = expression"
    if kind == "IF" and not stack.after_operand:
        return CHOICE
    if kind in ("AND", "OR") and following == "(":
        return f"write a {token} b"
    if token == "/" == before:
        return "write floor(a/b) for a whole quotient"
    if token == ">" and before == "<":
        return "write != for not equal"
    return None


def _too_early(kind: str, stack: Stack) -> ParseError:
    text = stack.text
    if stack.empty:
        return ParseError("the expression is empty", hint="write one such as 'x**2'")
    if stack.brackets:
        place = stack.brackets[-1]
        hint = f"expected {_expected(stack, stack.after_operand)} at the end"
        return ParseError(f"'{text[place]}' is never closed", text=text, span=(place, place + 1), hint=hint)
    end = stack.stops[-1]
    wanted = "'else' and what holds otherwise" if stack.wants_else and stack.after_operand else OPERAND
    what = "expression"
    if kind == "SEPARATOR" and text[end:].lstrip(" \t\r")[:1] in "\n#":
        what, wanted = "line", wanted + "; only inside brackets does an expression go on in the next line"
    return ParseError(f"the {what} ends too early", text=text, span=(end, end + 1), hint=f"expected {wanted}")


def _factor(text: str, at: int) -> str:
    """The factor that starts here, as far as it is short and plain; else what stands for it."""
    name = _FACTOR.match(text, at)
    assert name is not None
    stop = name.end()
    if text[stop : stop + 1] == "(":
        depth = 0
        for place in range(stop, min(len(text), stop + 40)):
            depth += (text[place] == "(") - (text[place] == ")")
            if depth == 0:
                stop = place + 1
                break
        else:
            return f"{short(name[1])}(…)"
    tail = _TAIL.match(text, stop)
    return short(text[name.start(1) : tail.end() if tail else stop])


def _power_of_function(text: str, start: int, exponent: str, at: int) -> str | None:
    """``sin(x)^2`` for a text that reads ``sin^2(x)``: the exponent starts at `start`, the argument at `at`."""
    match = _FUNCTION_POWER.search(text[max(0, start - 40) : start])
    if match is None or match[1] not in FUNCTIONS:
        return None
    argument = _factor(text, at)
    called = match[1] + (argument if argument.startswith("(") else f"({argument})")
    if match[2] and exponent == "1":
        inverse = "a" + match[1]
        other = f", or {inverse}{called[len(match[1]) :]} for the inverse" if inverse in FUNCTIONS else ""
        return f"write 1/{called}{other}"
    return f"write {called}^{match[2]}{exponent}"


def _two_readings(start: int, stop: int, stack: Stack) -> ParseError:
    """``1/2x`` and ``x^2y``: show both readings whole."""
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
        left, factor = text[starts[first] : start], _factor(text, stop)
        if len(left) > 20:
            left = "…" + text[starts[sign] : start]
        operator = left.rindex(values[sign]) + len(values[sign])  # only unary signs may follow it
        whole = f"{left[:operator]}({left[operator:].strip()}{number}*{factor})"
        early = f"({left}{number})*{factor}" if values[sign] in ("/", "%") else f"{left}{number}*{factor}"
        hint = f"write {whole} or {early}"
    message = f"an implicit product after '{values[-1]}' can be read in two ways"
    return ParseError(message, text=text, span=(start, stop), hint=hint)


def _missing_operator(kind: str, start: int, stop: int, stack: Stack) -> ParseError:
    text, values = stack.text, stack.values
    token = text[start:stop]
    before = stack.operand()
    shown = before if len(before) <= 20 else "…" + before[-1]
    right = _factor(text, start) if kind in ("LPAR", "NAME") else token
    if kind == "COEFFICIENT":
        right += f"*{_factor(text, stop)}"
    hint = f"write {shown}*{right}"
    if kind == "NOT":
        hint = "write 'and not' or 'or not'"
    elif kind == "NAME" and token.lower() in KEYWORDS:
        hint = f"write '{token.lower()}', in small letters"
    elif kind == "NAME" and token == "mod":
        hint = f"write {shown} % …"
    elif kind == "NAME" and category(token[0]) == "No":
        hint = f"write {shown}{_spelled(token)}"
    elif isinstance(values[-1], str) and before in FUNCTIONS:
        hint = f"write {before}({right})"
    elif isinstance(values[-1], str) and before.replace(".", "").isdigit():
        hint = _power_of_function(text, stack.starts[-1], before, start) or hint
    message = f"an operator is missing between {quoted(shown)} and {quoted(token)}"
    return ParseError(message, text=text, span=(start, stop), hint=hint)


def unmatched(text: str, start: int, brackets: list[int]) -> ParseError:
    """A closing bracket without its opening one."""
    closing = text[start]
    if not brackets:
        problem = f"'{closing}' without '{CLOSING[closing]}'"
        return ParseError(problem, text=text, span=(start, start + 1), hint="leave it out")
    opening = text[brackets[-1]]
    wanted = next(sign for sign, opens in CLOSING.items() if opens == opening)
    problem = f"'{closing}' closes no '{opening}'"
    return ParseError(problem, text=text, span=(start, start + 1), hint=f"expected '{wanted}' first")


def bad_character(text: str, start: int) -> ParseError:
    """A character that begins nothing in the language."""
    character = text[start]
    span = (start, start + 1)
    if "\ud800" <= character <= "\udfff":
        hint = "expected an expression as UTF-8 text"
        return ParseError("the text is not valid UTF-8", text=text, span=span, hint=hint)
    shown = f"'{character}'" if character.isprintable() else f"U+{ord(character):04X}"
    return ParseError(f"unexpected character {shown}", text=text, span=span, hint=_character_meant(text, start))


def _character_meant(text: str, start: int) -> str:
    character, before, following = text[start], text[start - 1 : start], text[start + 1 : start + 2]
    plain = normalize("NFKC", character)
    if character == "." and following in ("t", "'"):
        return "the transpose is x.T"
    if character == "!":
        return "write gamma(x + 1) for a factorial" if before.isalnum() or before == ")" else "write not"
    if character == "|":
        return "write or" if "|" in (before, following) else "write abs(…)"
    if character in SIGNS:
        return f"write {SIGNS[character]}"
    if character in QUOTES:
        return "names and numbers stand without quotes"
    if character in "$\\" or (character == "." and before.isidentifier()):
        return "write the name alone"
    if plain.isascii() and plain.isprintable() and plain != character:
        return f"write {plain}"
    return "expected a number, a name" + (", an operator or a parenthesis" if text[:start].strip() else ", '(' or '['")


def _spelled(power: str) -> str:
    """``^2*y`` for ``²y``."""
    digits = "".join(takewhile(lambda c: category(c) == "No", power))
    rest = power[len(digits) :]
    if not normalize("NFKC", digits).isdigit():
        return f"*({normalize('NFKC', digits).replace('⁄', '/')})"
    return f"^{normalize('NFKC', digits)}" + (f"*{rest}" if rest else "")


def bad_name(text: str, name: str, start: int) -> ParseError:
    """A word with a character that no name can have, such as ``x²``."""
    for offset, character in enumerate(name):
        if category(character) != "No":
            continue
        plain = normalize("NFKC", character)
        raised = plain.isdigit() and "<super>" in decomposition(character)
        hint = None
        if raised and offset:
            power = _spelled(name[offset:])
            called = text[start + len(name) : start + len(name) + 1] == "(" and name[:offset] in FUNCTIONS
            argument = _factor(text, start + len(name)) if called else ""
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
    """``007``, and ``000`` where a thousands separator made it one."""
    hint = "leave them out"
    if text[start - 1 : start] == ",":
        hint = "if this is a thousands separator, leave it out"
    return ParseError("a number with superfluous leading zeros", text=text, span=(start, stop), hint=hint)


def not_decimal(text: str, start: int, stop: int) -> ParseError:
    """``0x10``: other notations of whole numbers."""
    whole = text[start:stop]
    hint = f"write {int(whole, 0)}" if len(whole) <= 40 else "write it in decimal digits"
    return ParseError(f"{quoted(whole)} is not a decimal number", text=text, span=(start, stop), hint=hint)


def loose_underscore(text: str, place: int) -> ParseError:
    """``1_`` and ``1__0``."""
    problem = "'_' stands only between the digits of a number"
    return ParseError(problem, text=text, span=(place, place + 1), hint="leave it out")


def too_large(text: str, start: int, stop: int) -> ParseError:
    """``1e400``."""
    problem = "this number is beyond the largest float64, 1.8e308"
    return ParseError(problem, text=text, span=(start, stop), hint="write inf for infinity")


def too_deep(text: str, place: int) -> ParseError:
    """Nesting that no one writes: the parser stops before it has eaten the memory."""
    hint = "expected at most a million levels; bind parts of it to names, as in u = …; f(u)"
    return ParseError("the expression is nested too deeply", text=text, span=(place, place + 1), hint=hint)
