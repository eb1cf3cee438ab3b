"""An expression and a point from the words of the command line, and the answer there: value, slopes, notes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING

from ..errors import AdcliError, ParseError, RequestError, UnknownNameError, closest

if TYPE_CHECKING:
    from ..function import Function
    from ..graph.explain import Note, Point
    from ._arguments import Words


class Answer:
    """The value at a point, the slopes that were asked for (None under `eval`), and what is to be said of them."""

    __slots__ = ("function", "inputs", "look", "notes", "slopes", "value")

    def __init__(
        self,
        function: Function,
        inputs: dict[str, float],
        value: float,
        slopes: dict[str, float] | None,
        notes: list[Note],
        look: Point,
    ) -> None:
        self.function = function
        self.inputs = inputs
        self.value = value
        self.slopes = slopes
        self.notes = notes
        self.look = look


def read_expression(word: str) -> str:
    """The program: the word itself, a file for ``@FILE``, standard input for ``-``."""
    if word == "-":
        if sys.stdin is None:
            raise RequestError("cannot read standard input", hint="it is closed")
        return _decode(sys.stdin.buffer.read(), "standard input")
    if word.startswith("@"):
        path = word[1:]
        if not path:
            raise RequestError("'@' needs the name of a file after it", hint="as in @formula.txt")
        try:
            with open(path, "rb") as file:
                return _decode(file.read(), f"'{path}'")
        except OSError as error:
            raise RequestError(f"cannot read '{path}'", hint=error.strerror or str(error)) from None
        except ValueError as error:  # a NUL in the name
            raise RequestError(f"cannot read '{path}'", hint=str(error)) from None
    return word


def _decode(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"{source} is not UTF-8 text", hint=f"byte {error.start + 1} is 0x{data[error.start]:02x}") from None


def read_function(words: Words, command: str) -> Function:
    """The expression of the command line, parsed and lowered."""
    from ..function import Function
    from ..language.parser import parse

    if words.expression is None:
        hint = f'as in adcli {command} "x**2" --x 3'
        if words.values:
            name, value = words.values[0]
            hint = f"'{name}={value}' was taken for a value; " + hint
        raise RequestError("there is no expression", hint=hint)
    return Function(parse(read_expression(words.expression)))


def read_point(words: Words, function: Function) -> dict[str, float]:
    """The values of the variables: each exactly once, each a constant expression."""
    from ..language.lower import constant_value
    from ..language.parser import variable_name

    texts: dict[str, str] = {}
    known = f"the variables are {', '.join(function.variables)}" if function.variables else "the expression has no variables"
    for given, text in words.values:
        name = variable_name(given)
        if name not in function.variables:
            meant = closest(name, list(function.variables))
            hint = f"did you mean '{meant}'?" if meant else known
            raise UnknownNameError(f"there is no variable '{name}'", hint=hint)
        if name in texts:
            raise RequestError(f"'{name}' is given twice, as {texts[name]} and as {text}", hint="leave one out")
        texts[name] = text
    missing = [name for name in function.variables if name not in texts]
    if missing:
        shown = " ".join(f"--{name} …" for name in missing[:8]) + (" …" if len(missing) > 8 else "")
        listed = ", ".join(missing[:8]) + (f" and {len(missing) - 8} more" if len(missing) > 8 else "")
        hint = f"add {shown}" + ("" if len(missing) == len(function.variables) else f"; {known}")
        raise RequestError(f"no value for {listed}", hint=hint)
    values = {}
    for name in function.variables:
        try:
            values[name] = constant_value(texts[name])
        except AdcliError as error:
            problem = f"the value of {name} is not a number: {error.problem}"
            if isinstance(error, ParseError) and not texts[name].strip():
                raise RequestError(f"the value of {name} is empty", hint=f"as in --{name} 2") from None
            raise type(error)(problem, text=error.text, span=error.span, hint=error.hint) from None
    return values


def read_wrt(wrt: str | None, function: Function) -> list[str]:
    """The variables to differentiate by: all of them, or those of ``--wrt x,y``."""
    from ..language.parser import variable_name

    if wrt is None:
        return list(function.variables)
    names = [variable_name(name.strip()) for name in wrt.split(",")]
    for place, name in enumerate(names):
        if name not in function.variables:
            known = ", ".join(function.variables) or "none"
            problem = f"--wrt names '{name}', which is no variable" if name else "--wrt has an empty name"
            raise UnknownNameError(problem, hint=f"the variables are {known}")
        if name in names[:place]:
            raise RequestError(f"--wrt names '{name}' twice", hint="leave one out")
    return names


def answer(function: Function, inputs: dict[str, float], wrt: Sequence[str] | None, forward: bool = False) -> Answer:
    """Value, slopes and notes at one point.

    Args:
        function: of the expression.
        inputs: one value per variable.
        wrt: the variables to differentiate by, in the order of the answer; None for the value alone.
        forward: one tangent per variable instead of one backward sweep.
    """
    from ..graph.explain import Point, evaluate

    slopes = [] if wrt is None else function.slopes(wrt, forward)
    graph, result = function.graph, function.result
    values = evaluate(graph, [result.row, *[slope.row for slope in slopes if slope is not None]], inputs)
    value = values[result.row]
    numbers = None
    if wrt is not None:
        nan = isnan(value)
        numbers = {
            name: value if nan else 0.0 if slope is None else values[slope.row]
            for name, slope in zip(wrt, slopes, strict=True)
        }
    at = Point(function.formula.text, result, values, wrt or ())
    return Answer(function, inputs, value, numbers, at.notes(numbers), at)


def tell(notes: Sequence[Note], notes_inside: bool) -> int:
    """The notes on standard error, where the format does not carry them, and the exit status they ask for."""
    from ._output import note, say

    status = 0
    for remark in notes:
        if remark.fatal:
            say(str(remark))
            status = 1
        elif not notes_inside:
            note(str(remark))
    return status
