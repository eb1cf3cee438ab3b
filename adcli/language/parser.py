"""The parser: a loop over lark's LALR tables with an explicit stack, so that depth costs memory, not the call stack.

`tokens` has the scanner and `builders` the function of each rule. The modules of errors are imported only for an
error, because that saves start-up time.
"""

from __future__ import annotations

from ..errors import ParseError, RequestError, short
from ..graph.gc_pause import gc_paused
from .ast import Call, Formula, Number
from .literals import number_kind, read_name
from .rule_builders import BUILDERS, Values, formula_of
from .tokens import CLOSING, KEYWORDS, NAME, NUMBER, OPENING, SIGN, SIGN_KINDS, SPACE, TABLES, scan

MAX_STACK = 2_000_000  # entries of the stack. A level of nesting takes one to five
_START, _END = TABLES["start"], TABLES["end"]
_ACTIONS, _GOTOS, _RULES = TABLES["actions"], TABLES["gotos"], TABLES["rules"]
# (state below, state, terminal) -> the state after a chain of rules that return their only child.
_SHORTCUTS: dict[tuple[int, int, str], int] = {}


@gc_paused()
def parse(text: str) -> Formula:  # noqa: C901, PLR0912 - one loop, which reads better whole
    """Return the formula of a text.

    Args:
        text: bindings and one result, e.g. ``"u = x**2; sin(u)*cos(y)"``.

    Returns:
        The AST. Every node has its `start` and `stop` in `text`.

    Raises:
        ParseError: the text is not a program. The message has the position, what is expected there and often a guess.
        RequestError: it is not a text.

    >>> parse("-2**2").result
    Call('-', 1 arguments)
    """
    if not isinstance(text, str):
        raise RequestError(f"the expression has the type {type(text).__name__}", hint="give a str such as 'x**2'")
    text = text.removeprefix("\ufeff")
    values: Values = []
    starts: list[int] = []
    stops: list[int] = []
    states = [_START]
    actions, rules, gotos, shortcuts, builders = _ACTIONS, _RULES, _GOTOS, _SHORTCUTS, BUILDERS
    kind, value, start, stop = "", "", 0, 0
    brackets: list[int] = []
    tokens = scan(text)
    state = states[0]
    while kind != "$END":
        for match in tokens:
            group = match.lastindex
            if group == SPACE:
                continue
            value = match[0]
            start, stop = match.span()
            if group == SIGN:
                kind = SIGN_KINDS[value]
                if value in OPENING:
                    brackets.append(start)
                elif value in CLOSING:
                    if not brackets or text[brackets[-1]] != CLOSING[value]:
                        from .token_errors import unmatched

                        raise unmatched(text, start, brackets)
                    brackets.pop()
                elif value == "\n" and brackets:
                    continue
                elif value == "|":
                    if "NUMBER" in actions[state]:
                        brackets.append(start)
                    elif brackets and text[brackets[-1]] == "|":
                        brackets.pop()
                    else:
                        from .token_errors import stray_bar

                        raise stray_bar(text, start, brackets)
            elif group == NAME:
                kind = KEYWORDS.get(value) or "NAME"
            elif group == NUMBER:
                kind = number_kind(text, start, stop, bool(brackets) and text[brackets[-1]] == "|")
            else:
                from .token_errors import bad_character

                raise bad_character(text, start)
            break
        else:
            kind, value, start, stop = "$END", "", len(text), len(text)
        if len(states) > MAX_STACK:
            from .syntax_errors import too_deep

            raise too_deep(text, start)
        while True:
            action = actions[state].get(kind)
            if action is None:
                if kind == "$END" and state == _END:
                    break
                from .parser_stack import Stack
                from .syntax_errors import unexpected

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
                if end == _END and kind == "$END":
                    break
                continue
            if length == 1:
                values[-1] = builders[name](text, values, starts, stops, -1)
                del states[-1]
            else:
                values[-length] = builders[name](text, values, starts, stops, -length)
                stops[-length] = stops[-1]
                del values[1 - length :], starts[1 - length :], stops[1 - length :], states[-length:]
            state = gotos[states[-1]][origin]
            states.append(state)
    return formula_of(text, values[0])


def parse_equation(text: str) -> Formula:
    """Return the formula ``left - right`` of a program whose result is an equation ``left = right``.

    Raises:
        ParseError: there is no equation, or one of its sides is wrong. The position is that in the whole text.

    >>> str(parse_equation("x**2 + y**2 = 1"))
    'x**2 + y**2 - 1'
    """
    text = text.removeprefix("\ufeff")
    equals = _find_equals(text)
    if equals < 0:
        compares = any(match[0] == "==" for match in scan(text))
        hint = "write '=' instead of '==' (a comparison)" if compares else 'write one such as "x**2 + y**2 = 1"'
        bang = text.find("!=")
        if bang > 0:
            hint = f"write {short(text[:bang].strip())}! = {short(text[bang + 2 :].strip())} with a space before the ="
        raise ParseError("there is no equation", hint=hint)
    for side, where in ((text[:equals], "before"), (text[equals + 1 :], "after")):
        if not side.strip():
            raise ParseError(f"there is nothing {where} the '='", text=text, span=(equals, equals + 1))
    try:
        left = parse(text[:equals])
        right = parse(" " * (equals + 1) + text[equals + 1 :])
    except ParseError as error:  # the text of this error is only one side
        if error.span is not None and text[slice(*error.span)] == "=":
            hint = "leave one out, or solve it for a variable, as in y = 3 - x; x - y = 1"
            raise ParseError("this takes one equation", text=text, span=error.span, hint=hint) from None
        raise error.at(text, error.span) from None
    difference = Call("-", (left.result, right.result), 0, len(text), (equals, equals + 1))
    return Formula(left.statements, difference, text)


def parse_condition(text: str) -> Formula:
    """Return the formula that is 1 where a condition holds and otherwise 0.

    Raises:
        ParseError: it is not a condition. The position is that in the text.

    >>> str(parse_condition("0 < x <= 2 and y != 3"))
    'where(0 < x <= 2 and y != 3, 1, 0)'
    """
    equals = _find_equals(text)
    if equals >= 0:
        raise ParseError("there is no condition", text=text, span=(equals, equals + 1), hint="write == to compare")
    condition = parse(text)
    chosen = Call("where", (condition.result, Number(1.0), Number(0.0)), 0, len(text))
    return Formula(condition.statements, chosen, condition.text)


def _find_equals(text: str) -> int:
    """Return where the '=' of the last statement stands, or -1. Raise a ParseError for a second one."""
    equals, depth = -1, 0
    for match in scan(text):
        sign = match[0]
        depth += (sign in ("(", "[")) - (sign in (")", "]"))
        if depth > 0:
            continue
        if sign == "=":
            if equals >= 0:
                problem = "an equation has only one '='"
                raise ParseError(problem, text=text, span=match.span(), hint="leave the second one out")
            equals = match.start()
        elif match.lastindex != SPACE and sign in (";", "\n") and text[match.end() :].strip():
            equals = -1  # that was a binding
    return equals


def variable_name(name: str) -> str:
    """Return a name in NFKC normal form, as the parser does. Raise a ParseError if that is not a name."""
    return read_name(name, name, 0)
