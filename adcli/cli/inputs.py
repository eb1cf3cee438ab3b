"""An expression and a point from the words of the command line, and the answer there: value, slopes, notes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import MOST, AdcliError, RequestError, UnknownNameError, closest, listed, quoted, quoted_path, short
from .words import POINT_FORMATS, TABLE_WORDS

if TYPE_CHECKING:
    from ..explain.notes import Note, Point
    from ..formula.function import Function
    from ..formula.shaped import Shaped
    from .words import TableOptions, Words


Fields = dict[str, Any]  # of JSON: floats and arrays, and lists and mappings of them by name


class Results:
    """What is printed of one point: floats and float64 arrays with their labels, and the same as fields of JSON.

    Attributes:
        function: the formula, at the shapes of the inputs.
        inputs: one value per variable.
        rows: the results in order, each under the name that text prints, such as ``df/dx``; a table has it with `_`
            for `/`.
        fields: the results as JSON prints them.
        notes: what is to be said of them.
    """

    __slots__ = ("fields", "function", "inputs", "notes", "rows")

    def __init__(
        self,
        function: Function | Shaped,
        inputs: dict[str, Any],
        rows: dict[str, Any],
        fields: Fields,
        notes: list[Note],
    ) -> None:
        self.function = function
        self.inputs = inputs
        self.rows = rows
        self.fields = fields
        self.notes = notes


class Answer(Results):
    """The value at a point, the slopes that were asked for (None under `eval`), and a look at every node there."""

    __slots__ = ("look", "slopes", "value")

    def __init__(
        self,
        function: Function | Shaped,
        inputs: dict[str, Any],
        value: Any,
        slopes: dict[str, Any] | None,
        look: Point,
    ) -> None:
        from ..formula.derivatives import derivative_label

        rows = {"f": value} | {derivative_label([name]): slope for name, slope in (slopes or {}).items()}
        fields: Fields = {"value": value} | ({} if slopes is None else {"gradient": slopes})
        super().__init__(function, inputs, rows, fields, look.notes(slopes))
        self.value = value
        self.slopes = slopes
        self.look = look


def file_bytes(path: str, example: str) -> bytes:
    """What is in the file that stood after an @; `example` is what such a word looks like."""
    if not path:
        raise RequestError("'@' needs the name of a file after it", hint=f"as in {example}")
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise RequestError(f"cannot read {quoted_path(path)}", hint=error.strerror or str(error)) from None
    except ValueError:
        raise RequestError(f"cannot read {quoted_path(path)}", hint="the name holds a null byte") from None


def read_expression(word: str) -> str:
    """The program: the word itself, a file for ``@FILE``, standard input for ``-``."""
    if word == "-":
        if sys.stdin is None:
            raise RequestError("cannot read standard input", hint="it is closed")
        try:
            return decode(sys.stdin.buffer.read(), "standard input")
        except OSError as error:
            raise RequestError("cannot read standard input", hint=error.strerror or str(error)) from None
    if word.startswith("@"):
        path = word[1:]
        return decode(file_bytes(path, "@formula.txt"), quoted_path(path))
    try:
        word.encode("utf-8")
    except UnicodeEncodeError as error:
        from ..language.token_errors import bad_character

        raise bad_character(word, error.start) from None
    return word


def decode(data: bytes, source: str) -> str:
    """UTF-8 text from what a file or a stream holds."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        hint = f"byte {error.start + 1} is 0x{data[error.start]:02x}"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            hint = "it looks like UTF-16; save it as UTF-8"
        raise RequestError(f"{source} is not UTF-8 text", hint=hint) from None


def read_function(words: Words, command: str) -> Function:
    """The expression of the command line, parsed and lowered."""
    from ..formula.function import Function
    from ..language.parser import parse, parse_equation

    if words.expression is None:
        hint = f'as in adcli {command} "x**2" --x 3'
        if words.equation:
            raise RequestError("there is no equation", hint=f'as in adcli {command} "x**2 + y**2 = 1"')
        if words.values:
            name, value = words.values[0]
            hint = f"{quoted(f'{name}={value.strip()}')} gives {short(name)} a value; {hint}"
        raise RequestError("there is no expression", hint=hint)
    return Function((parse_equation if words.equation else parse)(read_expression(words.expression)))


def read_numeric(words: Words, command: str) -> Function:
    """The expression of a command that is over formulas of numbers alone.

    Raises:
        ShapeError: it is something else.
    """
    from ..language.lower import refuse_vector

    function = read_function(words, command)
    refuse_vector(function.formula)
    function.results  # noqa: B018 - they are found here, or operations on arrays refused
    return function


def read_texts(words: Words, function: Function) -> dict[str, str]:
    """The values that were given, as text and in order: each for a variable, and each once."""
    from ..language.parser import variable_name

    texts: dict[str, str] = {}
    known = set(function.variables)
    for given, text in words.values:
        name = variable_name(given)
        if name not in known:
            raise _no_variable(name, words, function)
        if name in texts:
            problem = f"{quoted(name)} is given twice, as {short(texts[name])} and as {short(text)}"
            raise RequestError(problem, hint=f"leave one out; {_variables(function)}")
        texts[name] = text
    return texts


def read_point(words: Words, function: Function) -> dict[str, Any]:
    """The values of the variables: each exactly once, each a constant expression or @FILE; floats or arrays."""
    texts = read_texts(words, function)
    missing = [name for name in function.variables if name not in texts]
    if missing:
        raise no_value(missing, function)
    return {name: read_value(name, texts[name], function) for name in function.variables}


def read_numbers(words: Words, function: Function, partly: bool = False) -> dict[str, float]:
    """The values of the variables, which are numbers: each exactly once (or, `partly`, at most)."""
    texts = read_texts(words, function)
    missing = [name for name in function.variables if name not in texts]
    if missing and not partly:
        raise no_value(missing, function)
    return {name: read_number(name, texts[name], function) for name in function.variables if name in texts}


def _no_variable(name: str, words: Words, function: Function) -> UnknownNameError:
    from ..language.tokens import CONSTANTS

    hint = _variables(function)
    if name in CONSTANTS:
        return UnknownNameError(f"{quoted(name)} is a constant and takes no value", hint=hint)
    if name in function.bindings:
        return UnknownNameError(f"{quoted(name)} is bound in the expression and takes no value", hint=hint)
    if name in TABLE_WORDS:
        hint = f"--{name} is an option of grad and others that take many points; {hint}"
        return UnknownNameError(f"there is no variable {quoted(name)}", hint=hint)
    meant = closest(name, list(function.variables))
    if meant is None and len(name) > 1:
        meant = closest(name, [option[2:] for option in words.known if option.startswith("--")])
        meant = f"--{meant}" if meant else None
    hint += f"; did you mean {quoted(meant)}?" if meant else _called(function.variables)
    return UnknownNameError(f"there is no variable {quoted(name)}", hint=hint)


def no_value(missing: list[str], function: Function) -> RequestError:
    """Return the error for variables without a value."""
    hint = "add " + " ".join(f"--{short(name)} …" for name in missing[:MOST]) + (" …" if len(missing) > MOST else "")
    if len(missing) < len(function.variables):
        hint += f"; {_variables(function)}"
    return RequestError(f"no value for {listed(missing)}", hint=hint + _called(missing))


def _variables(function: Function) -> str:
    if not function.variables:
        return "the expression has no variables"
    return f"the variables are {listed(function.variables)}"


def _called(names: Sequence[str]) -> str:
    """What to say of variables that were perhaps meant to be functions."""
    from ..ops import FUNCTIONS

    called = next((name for name in names if name in FUNCTIONS), None)
    return f"; the function is written {called}(…)" if called else ""


def read_number(name: str, text: str, function: Function) -> float:
    """The value of a constant expression that is one number."""
    value = read_value(name, text, function)
    if not isinstance(value, float):
        problem = f"the value of {short(name)}, {quoted(text)}, is an array where a number is needed"
        raise RequestError(problem, hint="arrays are for one point of eval, grad, jac, hess, hvp or jvp")
    return value


def read_value(name: str, text: str, function: Function) -> Any:
    """The value of a constant expression, or of the file after an @: a float or an array."""
    from ..language.lower import constant_value

    if not text.strip():
        raise RequestError(f"the value of {short(name)} is empty", hint=f"as in --{short(name)} 2")
    if text.lstrip().startswith("@"):
        from .values import read_array

        return read_array(text.strip()[1:])
    if "," in text or ":" in text:
        from .sweeps import is_sweep

        if is_sweep(text):
            hint = "this command takes one point"
            raise RequestError(f"the value of {short(name)}, {quoted(text)}, is several", hint=hint)
    try:
        return constant_value(text)
    except AdcliError as error:
        problem = f"the value of {short(name)}, {quoted(text)}, is not a number"
        if error.span == (0, len(text)) and isinstance(error, UnknownNameError):
            hint = f"values are numbers, arrays or constant expressions such as pi/4; {_variables(function)}"
            raise RequestError(problem, hint=hint) from None
        hint = f"{error.problem}, {error.hint}" if error.hint else error.problem
        raise type(error)(problem, text=error.text, span=error.span, hint=hint) from None


def read_wrt(wrt: str | None, function: Function, repeats: bool = False, option: str = "--wrt") -> list[str]:
    """The variables to differentiate by: all of them, or those of ``--wrt x,y``; with `repeats` also ``x,x,y``."""
    from ..language.parser import variable_name

    if wrt is None:
        return list(function.variables)
    names = [variable_name(name.strip()) for name in wrt.split(",")]
    known, seen = set(function.variables), set()
    for name in names:
        if name not in known:
            problem = f"{option} names {quoted(name)}, which is no variable" if name else f"{option} has an empty name"
            raise UnknownNameError(problem, hint=_variables(function))
        if name in seen and not repeats:
            raise RequestError(f"{option} names {quoted(name)} twice", hint="leave one out")
        seen.add(name)
    return names


def read_directions(
    words: Words, function: Function, directed: bool, columns: Sequence[str] = ()
) -> tuple[Function, dict[str, str]]:
    """The function with the directions ``--dx 1 --dy 0`` that are given as variables after its own.

    Args:
        words: of the command line.
        function: of the expression.
        directed: whether the command takes directions; without it nothing is changed.
        columns: the variables that the columns of a table mean; some of them may be directions.

    Returns:
        That function, and per variable that moves the name of its direction.
    """
    if not directed:
        return function, {}
    from ..formula.quantities import directions_among, moving
    from ..language.parser import variable_name

    found = directions_among(function, [*[variable_name(name) for name, _ in words.values], *columns])
    return moving(function, found), found


def notes_of(point: Point, text: str, slopes: dict[str, Any], further: dict[str, Any]) -> list[Note]:
    """What to say of a value and its slopes, and of the further derivatives that have no number there.

    Args:
        point: a look at every node of the value.
        text: of the formula.
        slopes: by variable; numbers or arrays.
        further: by label.
    """
    from ..explain.notes import Note

    notes = point.notes(slopes)
    if not any(note.fatal for note in notes):
        where = " ".join(text.split())
        where = where if len(where) <= MOST * 8 else f"{where[: MOST * 4]}…"
        numbers = {label: [x] if isinstance(x, float) else x.ravel().tolist() for label, x in further.items()}
        for label, found in numbers.items():
            if any(x != x for x in found):
                notes.insert(0, Note("indeterminate", where, text, 0, f"{label} is nan", fatal=True))
                break
        infinite = next((label for label, found in numbers.items() if any(abs(x) == float("inf") for x in found)), None)
        if infinite and not any(note.kind in ("pole", "overflow") for note in notes):
            notes.append(Note("pole", where, text, 0, f"{infinite} is infinite"))
    return notes


def answer(function: Function, inputs: dict[str, Any], wrt: Sequence[str] | None, forward: bool = False) -> Answer:
    """Value, slopes and notes at one point.

    Args:
        function: of the expression.
        inputs: one value per variable, floats or float64 arrays.
        wrt: the variables to differentiate by, in the order of the answer; None for the value alone.
        forward: one tangent per variable instead of one backward sweep.
    """
    from ..explain.notes import Point
    from ..graph.evaluate import evaluate
    from ..graph.tape import guard
    from ..ops.rules import zeros_like

    made, text = function.shaped(inputs), function.formula.text
    names = wrt or ()
    slopes = [] if wrt is None else made.slopes(names, forward)
    graph, result = made.graph, made.result
    values = evaluate(graph, [result.row, *[slope.row for slope in slopes if slope is not None]], inputs, text)
    pairs = zip(names, slopes, strict=True)
    found = [zeros_like(inputs[name]) if slope is None else values[slope.row] for name, slope in pairs]
    value, *masked = guard([values[result.row], *found])
    numbers = None if wrt is None else dict(zip(names, masked, strict=True))
    if made is function:
        at = Point(text, result, values, names)
    else:
        from ..explain.array_notes import ArrayPoint

        at = ArrayPoint(text, result, values, names)
    return Answer(made, inputs, value, numbers, at)


def tell(notes: Sequence[Note], notes_inside: bool) -> int:
    """The notes on standard error, where the format does not carry them, and the exit status they ask for."""
    from .output import note, say

    status = 0
    for remark in notes:
        if remark.fatal:
            say(str(remark))
            status = 1
        elif not notes_inside:
            note(str(remark))
    return status


def is_table(words: Words, table: TableOptions) -> bool:
    """Whether many points are meant: a table to read, a value that is several, a format that is for tables alone.

    Raises:
        RequestError: an option asks for what needs a table or many points, and there is none.
    """
    if table.data:
        return True
    for option, given in (("--rename", table.rename), ("--keep", table.keep), ("--on-error", table.on_error)):
        if given is not None and given != ():
            raise RequestError(f"{option} needs a table", hint="--data FILE names it")
    if table.form not in POINT_FORMATS:
        return True
    many = [text for _, text in words.values if "," in text or ":" in text]
    if many:
        from .sweeps import is_sweep

        if any(map(is_sweep, many)):
            return True
    for option, wanted in (("--backend", table.backend), ("--threads", table.threads)):
        if wanted:
            hint = "sweep a variable, as in --x 0:1:11, or give --data"
            raise RequestError(f"{option} is for many points", hint=hint)
    if table.zipped:
        raise RequestError("--zip needs several swept variables", hint="as in --x 0:1:11 --y 0:2:11 --zip")
    return False
