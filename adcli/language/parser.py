"""The parser: a loop over lark's LALR tables with an explicit stack, so that depth costs memory and never the call stack.

One action per named rule of `grammar/expression.lark`; `parse` is the only way in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from ..errors import ParseError
from .ast import Binding, Call, Formula, Name, Node, Number
from .tables import load

CONSTANTS = {
    "pi": 3.141592653589793,
    "π": 3.141592653589793,
    "tau": 6.283185307179586,
    "τ": 6.283185307179586,
    "e": 2.718281828459045,
    "inf": float("inf"),
    "nan": float("nan"),
}
HEXADECIMAL = re.compile(r"[xX][0-9a-fA-F]+|[bB][01]+|[oO][0-7]+")
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
MEANT = {"×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">=", "≠": "!=",
         "√": "sqrt(…)", "∞": "inf", "!": "!= or not", "&": "and", "|": "or, or abs(…)", "~": "not"}  # fmt: skip

_tables = load()
_scan = re.compile(_tables["scanner"], re.DOTALL).finditer
_keywords = {text: kind for text, kind in _tables["literals"].items() if text.isalpha()}
_signs = {text: kind for text, kind in _tables["literals"].items() if not text.isalpha()}
_actions, _gotos, _rules = _tables["actions"], _tables["gotos"], _tables["rules"]
# Where a chain of rules that only hand their child on ends: (state below, state, terminal) -> state.
_shortcuts: dict[tuple[int, int, str], int] = {}


def parse(text: str) -> Formula:
    """Read a program of the language.

    Args:
        text: bindings and one result, e.g. ``"u = x**2; sin(u)*cos(y)"``.

    Returns:
        The AST; every node knows its `start` and `stop` in `text`.

    Raises:
        ParseError: with the place, what was expected there and, where it can be guessed, what was meant.

    >>> parse("-2**2").result
    Call('-', 1 arguments)
    """
    values: list[Any] = []
    starts: list[int] = []
    stops: list[int] = []
    states = [_tables["start"]]
    actions, rules, gotos, shortcuts = _actions, _rules, _gotos, _shortcuts
    kind, value, start, stop = "", "", 0, 0
    brackets: list[int] = []
    tokens = _scan(text, 1 if text.startswith("\ufeff") else 0)
    state = states[0]
    while kind != "$END":
        for match in tokens:
            group = match.lastindex
            if group == 4:
                continue
            value = match[0]
            start, stop = match.span()
            if group == 3:
                kind = _signs[value]
                if kind == "LPAR":
                    brackets.append(start)
                elif kind == "RPAR":
                    if not brackets:
                        raise ParseError("')' without '('", text=text, span=(start, stop))
                    brackets.pop()
                elif value == "\n" and brackets:
                    continue
            elif group == 1:
                kind = _keywords.get(value) or "NAME"
            elif group == 2:
                kind = _number_kind(text, start, stop)
            else:
                _bad_character(text, start)
            break
        else:
            kind, value, start, stop = "$END", "", len(text), len(text)
        while True:
            action = actions[state].get(kind)
            if action is None:
                if kind == "$END" and state == _tables["end"]:
                    break
                _unexpected(text, state, kind, start, stop, values, starts, stops, brackets)
            if action >= 0:
                states.append(action)
                state = action
                values.append(value)
                starts.append(start)
                stops.append(stop)
                break
            origin, length, name = rules[~action]
            if not name:
                key = (states[-2], state, kind)
                below = states[-2]
                end = shortcuts.get(key)
                if end is None:
                    end = state
                    while action is not None and action < 0 and not rules[~action][2]:
                        end = gotos[below][rules[~action][0]]
                        action = actions[end].get(kind)
                    shortcuts[key] = end
                states[-1] = state = end
                if end == _tables["end"] and kind == "$END":
                    break
                continue
            if length == 1:
                values[-1] = _ACTIONS[name](text, values, starts, stops, -1)
                del states[-1]
            else:
                values[-length] = _ACTIONS[name](text, values, starts, stops, -length)
                stops[-length] = stops[-1]
                del values[1 - length :], starts[1 - length :], stops[1 - length :], states[-length:]
            state = gotos[states[-1]][origin]
            states.append(state)
    return _formula(text, values[0])


Stack = list[Any]
Places = list[int]


def _number(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    return Number(_float(text, starts[at], stops[at]), starts[at], stops[at])


def _name(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    return Name(_identifier(text, values[at], starts[at]), starts[at], stops[at])


def _infix(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    sign = values[at + 1]
    if sign == "^":
        sign = "**"
    head = (starts[at + 1], stops[at + 1])
    return Call(sign, (values[at], values[at + 2]), starts[at], stops[at + 2], head)


def _prefix(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    return Call(values[at], (values[at + 1],), starts[at], stops[at + 1], (starts[at], stops[at]))


def _implicit(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    coefficient = Number(_float(text, starts[at], stops[at]), starts[at], stops[at])
    return Call("*", (coefficient, values[at + 1]), starts[at], stops[at + 1], (starts[at], stops[at]))


def _compare(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    left, sign, right = values[at], values[at + 1], values[at + 2]
    head = (starts[at + 1], stops[at + 1])
    if at == -3 and isinstance(left, _Chain):
        return _Chain(f"{left.function} {sign}", (*left.arguments, right), left.start, stops[at + 2], head)
    return _Chain(sign, (left, right), starts[at], stops[at + 2], head)


class _Chain(Call):
    """A comparison that may still grow to the right; `(a < b) < c` is none, its parentheses close it."""

    __slots__ = ()


def _group(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    node: Node = values[at + 1]
    if isinstance(node, _Chain):
        return Call(node.function, node.arguments, node.start, node.stop, node.head)
    return node


def _choice(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    arguments = (values[at + 2], values[at], values[at + 4])
    return Call("where", arguments, starts[at], stops[at + 4], (starts[at + 1], stops[at + 1]))


def _call(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Node:
    arguments: list[Node] = values[at + 2] if at == -4 else []
    name = _identifier(text, values[at], starts[at])
    return Call(name, tuple(arguments), starts[at], stops[-1], (starts[at], stops[at]))


def _argument(text: str, values: Stack, starts: Places, stops: Places, at: int) -> list[Node]:
    if at == -1:
        return [values[at]]
    arguments: list[Node] = values[at]
    arguments.append(values[at + 2])
    return arguments


def _trailing(text: str, values: Stack, starts: Places, stops: Places, at: int) -> list[Node]:
    arguments: list[Node] = values[at]
    return arguments


def _binding(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Binding:
    span = (starts[at], stops[at])
    name = _identifier(text, values[at], starts[at])
    if name in CONSTANTS:
        raise ParseError(f"'{name}' is a constant and cannot be bound", text=text, span=span, hint="choose another name")
    return Binding(name, values[at + 2], span)


def _result(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Binding:
    return Binding("", values[at], (starts[at], stops[at]))


def _first(text: str, values: Stack, starts: Places, stops: Places, at: int) -> list[Binding]:
    return [values[at]]


def _next(text: str, values: Stack, starts: Places, stops: Places, at: int) -> list[Binding]:
    statements: list[Binding] = values[at]
    statements.append(values[at + 2])
    return statements


def _blank(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Any:
    return values[at]


def _leading(text: str, values: Stack, starts: Places, stops: Places, at: int) -> Any:
    return values[at + 1]


_ACTIONS: dict[str, Callable[[str, Stack, Places, Places, int], Any]] = {
    "number": _number, "name": _name, "infix": _infix, "prefix": _prefix, "implicit": _implicit, "compare": _compare,
    "group": _group, "choice": _choice, "call": _call, "argument": _argument, "trailing": _trailing,
    "binding": _binding, "result": _result, "first": _first, "next": _next, "blank": _blank, "leading": _leading,
}  # fmt: skip


def _formula(text: str, statements: list[Binding]) -> Formula:
    """Statements to a Formula: every one but the last is a binding of a new name, the last is the result."""
    seen: set[str] = set()
    for name, _, span in statements[:-1]:
        if not name:
            raise ParseError(
                "only the last statement can be a result", text=text, span=span, hint="bind this one: v1 = …"
            )
        if name in seen:
            raise ParseError(f"'{name}' is bound twice", text=text, span=span, hint="give the second one its own name")
        seen.add(name)
    last = statements[-1]
    if last.name:
        raise ParseError(
            f"the program ends with the binding of '{last.name}' and has no result",
            text=text,
            span=last.span,
            hint=f"add '; {last.name}'",
        )
    return Formula(tuple(statements[:-1]), last.node, text)


def _float(text: str, start: int, stop: int) -> float:
    value = float(text[start:stop])
    if value == float("inf"):
        raise ParseError("this number is beyond the largest float64, 1.8e308", text=text, span=(start, stop))
    return value


def _number_kind(text: str, start: int, stop: int) -> str:
    """NUMBER, or COEFFICIENT directly before a name or a parenthesis; refuses what other notations would mean."""
    following = text[stop : stop + 1]
    if text[start] == "0" and text[start + 1 : start + 2].isdigit():
        hint = "if this is a thousands separator, leave it out" if text[start - 1 : start] == "," else "write it without"
        raise ParseError("a number with superfluous leading zeros", text=text, span=(start, stop), hint=hint)
    if following == "(":
        return "COEFFICIENT"
    if following == "_":
        raise ParseError("'_' stands only between the digits of a number", text=text, span=(stop, stop + 1))
    if not following.isalpha():
        return "NUMBER"
    prefixed = HEXADECIMAL.match(text, stop) if text[start:stop] == "0" else None
    if prefixed:
        whole = text[start : prefixed.end()]
        hint = f"write {int(whole, 0)}"
        raise ParseError(f"'{whole}' is not a decimal number", text=text, span=(start, prefixed.end()), hint=hint)
    word = re.match(r"\w+", text[stop : stop + 8])
    return "NUMBER" if word and word[0] in _keywords else "COEFFICIENT"


def variable_name(name: str) -> str:
    """The name as the language knows it: NFKC-normalised."""
    return _identifier(name, name, 0)


def _identifier(text: str, name: str, start: int) -> str:
    if name.isascii():
        return name
    from unicodedata import normalize

    for offset, character in enumerate(name):
        if character.isnumeric() and not character.isdecimal():
            power = f"{name[:offset]}^{SUPERSCRIPTS.index(character)}" if character in SUPERSCRIPTS else None
            hint = f"write {power}" if power and offset else None
            place = (start + offset, start + offset + 1)
            raise ParseError(f"'{character}' cannot be part of a name", text=text, span=place, hint=hint)
    normal = normalize("NFKC", name)
    if not normal.isidentifier():
        raise ParseError(f"'{name}' is not a name", text=text, span=(start, start + len(name)))
    return normal


def _bad_character(text: str, start: int) -> NoReturn:
    character = text[start]
    hint = f"write {MEANT[character]}" if character in MEANT else None
    if character in "[]":
        hint = "this takes one scalar expression; a vector [f, g] has a Jacobian (jac), not a gradient"
    elif "\ud800" <= character <= "\udfff":
        raise ParseError("the text is not valid UTF-8", text=text, span=(start, start + 1))
    shown = f"'{character}'" if character.isprintable() else f"U+{ord(character):04X}"
    raise ParseError(f"unexpected character {shown}", text=text, span=(start, start + 1), hint=hint)


_WORDS = {"NUMBER": "a number", "NAME": "a name", "COEFFICIENT": "", "LPAR": "'('", "RPAR": "')'", "COMMA": "','",
          "$END": "the end", "SEPARATOR": "", "EQUAL": "", "MINUS": "", "PLUS": "", "NOT": "'not'", "COMPARISON": "",
          "IF": "", "OR": "", "AND": ""}  # fmt: skip


def _unexpected(
    text: str, state: int, kind: str, start: int, stop: int, values: Stack, starts: Places, stops: Places,
    brackets: list[int],
) -> NoReturn:  # fmt: skip
    """Say what stands where it cannot stand, what was expected, and what was probably meant."""
    expected = _actions[state]
    span = (start, stop)
    token = "the end of the line" if text[start:stop] == "\n" else f"'{text[start:stop]}'"
    before = text[starts[-1] : stops[-1]] if values else ""
    operand_before = bool(values) and ("STAR" in expected or "RPAR" in expected and "NUMBER" not in expected)
    if kind == "$END" or kind == "SEPARATOR":
        if not values:
            raise ParseError("the expression is empty", text=text, span=(start, start), hint="write one such as 'x**2'")
        if brackets:
            raise ParseError("'(' is never closed", text=text, span=(brackets[-1], brackets[-1] + 1))
        wanted = "'else' and what holds otherwise" if set(expected) >= {"ELSE"} else "a number, a name or '('"
        end = len(text.rstrip()) if kind == "$END" else start
        raise ParseError("the expression ends too early", text=text, span=(end, end + 1), hint=f"expected {wanted}")
    if kind == "COEFFICIENT" and "NUMBER" in expected:
        number = text[start:stop]
        factor = re.match(r"\w+|\([^()]{0,12}\)|", text[stop : stop + 40])
        whole = f"({number}*{factor[0] if factor else '…'})" if factor and factor[0] else f"({number}*…)"
        if before in ("**", "^") and values[-2:-1] and isinstance(values[-2], Name) and _is_function(values[-2].name):
            hint = f"write {values[-2].name}{text[stop : stop + 1]}…)^{number} for a power of the function's value"
        else:
            hint = f"write {before}{whole}, or {before}{number}*{whole.split('*')[1].rstrip(')')}" + (
                ")" if factor and factor[0].startswith("(") else ""
            )
        message = f"an implicit product after '{before}' can be read in two ways"
        raise ParseError(message, text=text, span=(start, stop), hint=hint)
    if kind in ("NUMBER", "COEFFICIENT", "NAME", "LPAR", "NOT") and operand_before:
        left = before if len(before) <= 20 else before[-1]
        if values and isinstance(values[-1], Name) and _is_function(values[-1].name):
            hint = f"write {left}({text[start:stop]})"
        else:
            hint = "write *" if kind != "NAME" else f"write {left}*{text[start:stop]}"
        raise ParseError(f"an operator is missing between '{left}' and {token}", text=text, span=span, hint=hint)
    if kind == "COMMA" and before.isdigit() and re.match(r"\d{3}(?!\d)", text[stop : stop + 4]):
        hint = f"write {before}{text[stop : stop + 3]}"
        raise ParseError("a number has no thousands separator", text=text, span=span, hint=hint)
    if kind == "EQUAL":
        hint = "a comparison is ==; a binding is NAME = expression in a statement of its own"
        raise ParseError("unexpected '='", text=text, span=span, hint=hint)
    wanted_words = [_WORDS.get(name, "") for name in ("NUMBER", "NAME", "LPAR", "RPAR", "COMMA") if name in expected]
    if "STAR" in expected:
        wanted_words.insert(0, "an operator")
    if "ELSE" in expected:
        wanted_words.append("'else'")
    if "$END" in expected and not brackets:
        wanted_words.append("the end")
    hint = "expected " + " or ".join(filter(None, [", ".join(wanted_words[:-1]), *wanted_words[-1:]]))
    raise ParseError(f"unexpected {token}", text=text, span=span, hint=hint if wanted_words else None)


def _is_function(name: str) -> bool:
    from ..ops import FUNCTIONS

    return name in FUNCTIONS
