"""The parser: a loop over lark's LALR tables with an explicit stack, so that depth costs memory, not the call stack.

One action per named rule of `grammar/expression.lark`; `parse` is the only way in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ..errors import ParseError, quoted
from ..graph.gc_pause import gc_paused
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
CLOSING = {")": "(", "]": "["}
OPENING = frozenset(CLOSING.values())
DEEPEST = 2_000_000  # entries of the stack; a level of nesting takes one to five

_tables = load()
_scan = re.compile(_tables["scanner"], re.DOTALL).finditer
KEYWORDS = {text: kind for text, kind in _tables["literals"].items() if text.isalpha()}
_signs = {text: kind for text, kind in _tables["literals"].items() if not text.isalpha()}
_actions, _gotos, _rules = _tables["actions"], _tables["gotos"], _tables["rules"]
# Where a chain of rules that only hand their child on ends: (state below, state, terminal) -> state.
_shortcuts: dict[tuple[int, int, str], int] = {}


@gc_paused
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
    text = text.removeprefix("\ufeff")
    values: list[Any] = []
    starts: list[int] = []
    stops: list[int] = []
    states = [_tables["start"]]
    actions, rules, gotos, shortcuts = _actions, _rules, _gotos, _shortcuts
    kind, value, start, stop = "", "", 0, 0
    brackets: list[int] = []
    tokens = _scan(text)
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
                if value in OPENING:
                    brackets.append(start)
                elif value in CLOSING:
                    if not brackets or text[brackets[-1]] != CLOSING[value]:
                        from .syntax_errors import unmatched

                        raise unmatched(text, start, brackets)
                    brackets.pop()
                elif value == "\n" and brackets:
                    continue
            elif group == 1:
                kind = KEYWORDS.get(value) or "NAME"
            elif group == 2:
                kind = _number_kind(text, start, stop)
            else:
                from .syntax_errors import bad_character

                raise bad_character(text, start)
            break
        else:
            kind, value, start, stop = "$END", "", len(text), len(text)
        if len(states) > DEEPEST:
            from .syntax_errors import too_deep

            raise too_deep(text, start)
        while True:
            action = actions[state].get(kind)
            if action is None:
                if kind == "$END" and state == _tables["end"]:
                    break
                from .syntax_errors import Stack, unexpected

                raise unexpected(kind, start, stop, Stack(text, values, starts, stops, brackets))
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


def parse_equation(text: str) -> Formula:
    """Read a program whose result is an equation: the formula of its left side minus its right side.

    Raises:
        ParseError: there is no equation; or of one of its sides, with the place in the whole text.

    >>> str(parse_equation("x**2 + y**2 = 1"))
    'x**2 + y**2 - 1'
    """
    text = text.removeprefix("\ufeff")
    equals, depth = -1, 0
    for match in _scan(text):
        sign = match[0]
        depth += (sign in ("(", "[")) - (sign in (")", "]"))
        if sign == "=" and depth <= 0 and equals >= 0:
            raise ParseError("an equation has one '='", text=text, span=match.span(), hint="leave the second one out")
        if sign == "=" and depth <= 0:
            equals = match.start()
        elif (
            match.lastindex != 4 and equals >= 0 and depth <= 0 and sign in (";", "\n") and text[match.end() :].strip()
        ):
            equals = -1
    if equals < 0:
        compares = any(match[0] == "==" for match in _scan(text))
        hint = "'==' compares; an equation has one '='" if compares else 'write one such as "x**2 + y**2 = 1"'
        raise ParseError("there is no equation", hint=hint)
    for side, where in ((text[:equals], "before"), (text[equals + 1 :], "after")):
        if not side.strip():
            raise ParseError(f"there is nothing {where} the '='", text=text, span=(equals, equals + 1))
    try:
        left = parse(text[:equals])
        right = parse(" " * (equals + 1) + text[equals + 1 :])
    except ParseError as error:  # its text is a part of the user's
        raise ParseError(error.problem, text=text, span=error.span, hint=error.hint) from None
    difference = Call("-", (left.result, right.result), 0, len(text), (equals, equals + 1))
    return Formula(left.bindings, difference, text)


Values: TypeAlias = list[Any]
Places: TypeAlias = list[int]


def _number(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Number(_float(text, starts[at], stops[at]), starts[at], stops[at])


def _name(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Name(_identifier(text, values[at], starts[at]), starts[at], stops[at])


def _infix(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    sign = values[at + 1]
    if sign == "^":
        sign = "**"
    head = (starts[at + 1], stops[at + 1])
    return Call(sign, (values[at], values[at + 2]), starts[at], stops[at + 2], head)


def _prefix(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Call(values[at], (values[at + 1],), starts[at], stops[at + 1], (starts[at], stops[at]))


def _implicit(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    coefficient = Number(_float(text, starts[at], stops[at]), starts[at], stops[at])
    return Call("*", (coefficient, values[at + 1]), starts[at], stops[at + 1], (starts[at], stops[at]))


def _compare(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    left, sign, right = values[at], values[at + 1], values[at + 2]
    head = (starts[at + 1], stops[at + 1])
    if at == -3 and isinstance(left, _Chain):
        return _Chain(f"{left.function} {sign}", (*left.arguments, right), left.start, stops[at + 2], head)
    return _Chain(sign, (left, right), starts[at], stops[at + 2], head)


class _Chain(Call):
    """A comparison that may still grow to the right; `(a < b) < c` is none, its parentheses close it."""

    __slots__ = ()


def _group(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    node: Node = values[at + 1]
    if isinstance(node, _Chain):
        return Call(node.function, node.arguments, node.start, node.stop, node.head)
    return node


def _choice(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    arguments = (values[at + 2], values[at], values[at + 4])
    return Call("where", arguments, starts[at], stops[at + 4], (starts[at + 1], stops[at + 1]))


def _call(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    arguments: list[Node] = values[at + 2] if at < -3 else []
    name = _identifier(text, values[at], starts[at])
    return Call(name, tuple(arguments), starts[at], stops[-1], (starts[at], stops[at]))


def _vector(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Call("[]", tuple(values[at + 1]), starts[at], stops[-1], (starts[at], starts[at] + 1))


def _index(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Call("x[]", (values[at], *values[at + 2]), starts[at], stops[-1], (starts[at + 1], stops[-1]))


def _postfix(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    return Call(values[at + 1], (values[at],), starts[at], stops[-1], (starts[at + 1], stops[-1]))


def _slice(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    """``a:b``, with a letter of the spelling for each bound that is given."""
    colon = at if values[at].__class__ is str else at + 1
    spelling = ("a:" if colon > at else ":") + ("b" if colon < -1 else "")
    bounds = tuple([value for value in values[at:] if value.__class__ is not str])
    return Call(spelling, bounds, starts[at], stops[-1], (starts[colon], stops[colon]))


def _stepped(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    """``a:b:c``; with nothing behind it the second colon says nothing."""
    bounds: Call = values[at]
    if at == -2:
        return Call(bounds.function, bounds.arguments, bounds.start, stops[-1], bounds.head)
    return Call(f"{bounds.function}:c", (*bounds.arguments, values[-1]), bounds.start, stops[-1], bounds.head)


def _keyword(text: str, values: Values, starts: Places, stops: Places, at: int) -> Node:
    """``axis=0``; Python's words stand for 1, 0 and, with None, for no argument at all."""
    name = _identifier(text, values[at], starts[at])
    value = values[at + 2]
    if isinstance(value, Name) and value.name in ("True", "False"):
        value = Number(float(value.name == "True"), value.start, value.stop)
    given = () if isinstance(value, Name) and value.name == "None" else (value,)
    return Call(f"{name}=", given, starts[at], stops[-1], (starts[at], stops[at]))


def _argument(text: str, values: Values, starts: Places, stops: Places, at: int) -> list[Node]:
    if at == -1:
        return [values[at]]
    arguments: list[Node] = values[at]
    arguments.append(values[at + 2])
    return arguments


def _binding(text: str, values: Values, starts: Places, stops: Places, at: int) -> Binding:
    span = (starts[at], stops[at])
    name = _identifier(text, values[at], starts[at])
    if name in CONSTANTS:
        problem = f"'{name}' is a constant and cannot be bound"
        raise ParseError(problem, text=text, span=span, hint="choose another name")
    return Binding(name, values[at + 2], span)


def _result(text: str, values: Values, starts: Places, stops: Places, at: int) -> Binding:
    return Binding("", values[at], (starts[at], stops[at]))


def _first(text: str, values: Values, starts: Places, stops: Places, at: int) -> list[Binding]:
    return [values[at]]


def _next(text: str, values: Values, starts: Places, stops: Places, at: int) -> list[Binding]:
    statements: list[Binding] = values[at]
    statements.append(values[at + 2])
    return statements


def _blank(text: str, values: Values, starts: Places, stops: Places, at: int) -> Any:
    return values[at]


def _leading(text: str, values: Values, starts: Places, stops: Places, at: int) -> Any:
    return values[at + 1]


_ACTIONS: dict[str, Callable[[str, Values, Places, Places, int], Any]] = {
    "number": _number, "name": _name, "infix": _infix, "prefix": _prefix, "implicit": _implicit, "compare": _compare,
    "group": _group, "choice": _choice, "call": _call, "argument": _argument, "vector": _vector, "index": _index,
    "postfix": _postfix, "slice": _slice, "stepped": _stepped, "keyword": _keyword,
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
            problem = f"{quoted(name)} is bound twice"
            raise ParseError(problem, text=text, span=span, hint="give the second one its own name")
        seen.add(name)
    last = statements[-1]
    if last.name:
        raise ParseError(
            f"the program ends with the binding of {quoted(last.name)} and has no result",
            text=text,
            span=last.span,
            hint=f"add {quoted('; ' + last.name)}",
        )
    return Formula(tuple(statements[:-1]), last.node, text)


def _float(text: str, start: int, stop: int) -> float:
    value = float(text[start:stop])
    if value == float("inf"):
        from .syntax_errors import too_large

        raise too_large(text, start, stop)
    return value


def _number_kind(text: str, start: int, stop: int) -> str:
    """NUMBER, or COEFFICIENT directly before a name or a parenthesis; refuses what other notations would mean."""
    following = text[stop : stop + 1]
    if text[start] == "0" and stop > start + 1 and text[start + 1] in "0123456789_":
        from .syntax_errors import leading_zeros

        raise leading_zeros(text, start, stop)
    if following == "(":
        return "COEFFICIENT"
    if following == "_":
        from .syntax_errors import loose_underscore

        raise loose_underscore(text, stop)
    if not following.isalpha():
        return "NUMBER"
    prefixed = HEXADECIMAL.match(text, stop) if text[start:stop] == "0" else None
    if prefixed:
        from .syntax_errors import not_decimal

        raise not_decimal(text, start, prefixed.end())
    word = re.match(r"\w+", text[stop : stop + 8])
    return "NUMBER" if word and word[0] in KEYWORDS else "COEFFICIENT"


def variable_name(name: str) -> str:
    """The name as the language knows it: NFKC-normalised."""
    return _identifier(name, name, 0)


def _identifier(text: str, name: str, start: int) -> str:
    if name.isascii():
        return name
    from unicodedata import category, normalize

    normal = normalize("NFKC", name)
    # NFKC makes x2 of x², which means x^2; and of a word in wide letters it can make a reserved one.
    if not normal.isidentifier() or normal in KEYWORDS or any(category(c) == "No" for c in name):
        from .syntax_errors import bad_name

        raise bad_name(text, name, start)
    return normal
