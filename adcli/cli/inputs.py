"""The expression and the values of its variables from the words of the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from ..errors import (
    MAX_NAMES,
    AdcliError,
    RequestError,
    UnknownNameError,
    closest,
    join_names,
    quoted,
    quoted_path,
    short,
)
from .options import TABLE_WORDS, table_word_hint

if TYPE_CHECKING:
    from ..formula.function import Function
    from ..formula.lowered import Lowerings
    from ..language import ast
    from ..ops.operands import Numeric
    from .words import ParsedWords


class Formula(Protocol):
    """A formula with the names in it, which messages about values need."""

    variables: tuple[str, ...]
    bindings: tuple[str, ...]


def read_expression(word: str) -> str:
    """Return the text of the expression: the word itself, a file for ``@FILE``, or standard input for ``-``."""
    if word == "-":
        from ..files import decode_text, os_errors_as

        if sys.stdin is None:
            raise RequestError("cannot read standard input", hint="it is closed")
        with os_errors_as("cannot read standard input"):
            data = sys.stdin.buffer.read()
        return decode_text(data, "standard input")
    if word.startswith("@"):
        from ..files import decode_text, read_mentioned

        path = word[1:]
        return decode_text(read_mentioned(path, "@formula.txt"), quoted_path(path))
    try:
        word.encode("utf-8")
    except UnicodeEncodeError as error:
        from ..language.token_errors import bad_character

        raise bad_character(word, error.start) from None
    return word


def read_ast(words: ParsedWords) -> ast.Formula:
    """Parse the expression of the command line."""
    from ..language.parser import parse, parse_equation

    if words.expression is None:
        from .missing_expression import no_expression

        raise no_expression(words)
    return (parse_equation if words.equation else parse)(read_expression(words.expression))


def read_function(words: ParsedWords) -> Function:
    """Return the expression of the command line as a public Function."""
    from ..formula.function import Function

    return Function(read_ast(words))


def read_formula(words: ParsedWords) -> Lowerings:
    """Return the expression of the command line, ready to be lowered at any shapes."""
    from ..formula.lowered import Lowerings

    return Lowerings(read_ast(words))


def read_numeric(words: ParsedWords) -> Lowerings:
    """Return the expression of a command that takes formulas of one number only.

    Raises:
        ShapeError: it is a vector, or has operations on arrays.
    """
    from ..formula.kinds import require_numbers
    from ..language.lower import refuse_vector

    formula = read_formula(words)
    refuse_vector(formula.formula)
    require_numbers(formula)
    return formula


def read_texts(words: ParsedWords, formula: Formula) -> dict[str, str]:
    """Return the texts of the values of variables, in order.

    Raises:
        AdcliError: a name is not a variable, or has two values.
    """
    from ..language.parser import variable_name

    texts: dict[str, str] = {}
    known = set(formula.variables)
    for word, text in words.values:
        name = variable_name(word)
        if name not in known:
            raise _no_variable(name, words, formula)
        if name in texts:
            problem = f"{quoted(name)} is given twice, as {short(texts[name])} and as {short(text)}"
            raise RequestError(problem, hint=f"leave one out; {_variables(formula)}")
        texts[name] = text
    return texts


def read_point(words: ParsedWords, formula: Formula) -> dict[str, Numeric]:
    """Return the value of each variable."""
    texts = read_texts(words, formula)
    missing = [name for name in formula.variables if name not in texts]
    if missing:
        raise no_value(missing, formula)
    return {name: read_value(name, texts[name], formula) for name in formula.variables}


def read_numbers(words: ParsedWords, formula: Formula, partly: bool = False) -> dict[str, float]:
    """Return the value of each variable as a number. With `partly` there may be variables without a value."""
    texts = read_texts(words, formula)
    missing = [name for name in formula.variables if name not in texts]
    if missing and not partly:
        raise no_value(missing, formula)
    return {name: read_number(name, texts[name], formula) for name in formula.variables if name in texts}


def _no_variable(name: str, words: ParsedWords, formula: Formula) -> UnknownNameError:
    from ..language.tokens import CONSTANTS

    hint = _variables(formula)
    if name in CONSTANTS:
        hint = f"give the variable another name in the formula, such as {name}1; {hint}"
        return UnknownNameError(f"{quoted(name)} is a constant and takes no value", hint=hint)
    if name in formula.bindings:
        return UnknownNameError(f"{quoted(name)} is bound in the expression and takes no value", hint=hint)
    if name in TABLE_WORDS:
        hint = f"{table_word_hint(name)}; {hint}"
        return UnknownNameError(f"there is no variable {quoted(name)}", hint=hint)
    meant = closest(name, formula.variables)
    if meant is None and len(name) > 1:
        meant = closest(name, [option[2:] for option in words.known if option.startswith("--")])
        meant = f"--{meant}" if meant else None
    hint += f"; did you mean {quoted(meant)}?" if meant else _function_hint(formula.variables)
    return UnknownNameError(f"there is no variable {quoted(name)}", hint=hint)


def no_value(missing: list[str], formula: Formula) -> RequestError:
    """Return the error for variables without a value."""
    hint = (
        "add "
        + " ".join(f"--{short(name)} …" for name in missing[:MAX_NAMES])
        + (" …" if len(missing) > MAX_NAMES else "")
    )
    if len(missing) < len(formula.variables):
        hint += f"; {_variables(formula)}"
    return RequestError(f"no value for {join_names(missing)}", hint=hint + _function_hint(missing))


def _variables(formula: Formula) -> str:
    if not formula.variables:
        return "the expression has no variables"
    return f"the variables are {join_names(formula.variables)}"


def _function_hint(names: Sequence[str]) -> str:
    """Return the hint for missing variables of which one was meant to be a function or a constant."""
    from ..language.foreign_syntax import name_hint

    hint = next(filter(None, map(name_hint, names[:MAX_NAMES])), None)
    return f"; {hint}" if hint else ""


def read_number(name: str, text: str, formula: Formula) -> float:
    """Return the value of a constant expression that is one number."""
    value = read_value(name, text, formula)
    if not isinstance(value, float):
        from ..formula.kinds import array_commands

        problem = f"the value of {short(name)}, {quoted(text)}, is an array where a number is needed"
        raise RequestError(problem, hint=f"arrays are for one point of {array_commands('or')}")
    return value


def read_value(name: str, text: str, formula: Formula) -> Numeric:
    """Return the value of a constant expression, or of the file after an @."""
    from ..language.lower import constant_value

    if not text.strip():
        raise RequestError(f"the value of {short(name)} is empty", hint=f"as in --{short(name)} 2")
    if text.lstrip().startswith("@"):
        return _read_mentioned(text.strip()[1:])
    if "," in text or ":" in text:
        from .ranges import is_sweep

        if is_sweep(text):
            hint = "this command takes one point"
            raise RequestError(f"the value of {short(name)}, {quoted(text)}, is several", hint=hint)
    try:
        value: Numeric = constant_value(text)
        return value
    except AdcliError as error:
        problem = f"the value of {short(name)}, {quoted(text)}, is not a number"
        if error.span == (0, len(text)) and isinstance(error, UnknownNameError):
            hint = f"values are numbers, arrays or constant expressions such as pi/4; {_variables(formula)}"
            raise RequestError(problem, hint=hint) from None
        hint = ", ".join(filter(None, [error.problem, error.command_hint or error.hint]))
        raise type(error)(problem, text=error.text, span=error.span, hint=hint) from None


def _read_mentioned(path: str) -> Numeric:
    """Return the array in a file, or one column of a table for ``FILE:COLUMN``."""
    import os

    from .array_files import read_array, read_column

    if path == "-":
        hint = "--data - reads a table from it; add --no-header for numbers without names"
        raise RequestError("'@-' does not read standard input", hint=hint)
    file, colon, column = path.rpartition(":")
    if colon and not os.path.exists(path):
        if not column.strip() or not file:
            raise RequestError(f"{quoted_path(path)} has no {'column' if file else 'file'}", hint="as in @m.csv:T")
        return read_column(file, column)
    return read_array(path)


def read_wrt(wrt: str | None, formula: Formula, repeats: bool = False, option: str = "--wrt") -> list[str]:
    """Return the variables to differentiate by.

    Args:
        wrt: the text of the option, as in ``x,y``; None for all variables.
        formula: the expression.
        repeats: whether a variable may occur twice, as in ``x,x,y``.
        option: the name of the option, for messages.
    """
    from ..language.parser import variable_name

    if wrt is None:
        return list(formula.variables)
    names = [variable_name(name.strip()) for name in wrt.split(",")]
    known = set(formula.variables)
    for number, name in enumerate(names):
        if name not in known:
            problem = (
                f"{option} names {quoted(name)}, which is not a variable" if name else f"{option} has an empty name"
            )
            raise UnknownNameError(problem, hint=_variables(formula))
        if name in names[:number] and not repeats:
            raise RequestError(f"{option} names {quoted(name)} twice", hint="leave one out")
    return names


def read_shapes(words: Sequence[str], formula: Formula) -> dict[str, tuple[int, ...]]:
    """Return the shapes of variables from words such as ``A=2x3,x=3``."""
    from ..language.parser import variable_name

    shapes: dict[str, tuple[int, ...]] = {}
    for pair in ",".join(words).split(",") if words else ():
        word, _, sizes = pair.partition("=")
        parts = sizes.strip().split("x")
        if not all(part.isascii() and part.isdigit() and int(part) for part in parts):
            hint = "sizes are whole numbers of at least 1, as in A=2x3,x=3"
            raise RequestError(f"--shape takes NAME=SIZES, not {quoted(pair)}", hint=hint)
        name = variable_name(word.strip())
        if name not in formula.variables:
            problem = f"--shape names {quoted(name)}, which is not a variable"
            raise UnknownNameError(problem, hint=_variables(formula))
        if name in shapes:
            raise RequestError(f"--shape names {quoted(name)} twice", hint="leave one out")
        shapes[name] = tuple(map(int, parts))
    return shapes
