"""Bind calls of NumPy's functions by NumPy's own signatures, and refuse by name what has no translation.

A *translation* is a function of the table's operations. Its parameters have the names of NumPy's. A parameter of NumPy
that a translation does not have may be given its default, or a value of `HARMLESS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from inspect import Parameter, signature
from typing import NamedTuple, NoReturn

import numpy as np

from ..carrier import Carrier
from ..op import join_carriers
from ..operands import NUMBERS, Operand, Rule, holds_carriers

# The positional parameters of functions written in C, for which older versions of NumPy state no signature.
DECLARED: dict[str, tuple[str, ...]] = {
    "concatenate": ("arrays", "axis", "out", "dtype", "casting"),
    "dot": ("a", "b", "out"),
    "empty_like": ("prototype", "dtype", "order", "subok", "shape"),
    "inner": ("a", "b"),
    "vdot": ("a", "b"),
    "where": ("condition", "x", "y"),
}
TRANSLATIONS: dict[str, Rule] = {}  # "sum", "linalg.norm" … -> the translation
NO_VALUE = np._NoValue  # what NumPy's own functions hand on for a parameter that is left out
ABSENT = object()  # the default of a parameter that has none


def translates(*names: str) -> Callable[[Rule], Rule]:
    """Enter a translation for the functions of NumPy of these names."""

    def enter(translation: Rule) -> Rule:
        TRANSLATIONS.update(dict.fromkeys(names, translation))
        return translation

    return enter


def _is_float64(dtype: Operand) -> bool:
    return dtype is None or np.dtype(dtype) == np.float64


# Values of untranslated parameters that change nothing, because a carrier has float64 numbers and no memory layout.
HARMLESS: dict[str, Callable[[Operand], bool]] = {
    "dtype": _is_float64,
    "order": lambda order: order in ("C", "K", "A"),
    "subok": lambda subok: True,
    "device": lambda device: device in (None, "cpu"),
}
REASONS = {
    "dtype": "its numbers are float64",
    "out": "a new one is returned, so that no gradient is lost",
}


class Form(NamedTuple):
    """How a function of NumPy may be called, and its translation."""

    name: str
    positional: tuple[str, ...]
    defaults: Mapping[str, Operand]  # of every parameter of NumPy. ABSENT where there is none
    takes_all: bool  # it has *args
    translation: Rule
    accepted: frozenset[str]  # the parameters of the translation


@cache
def forms() -> dict[Rule, Form]:
    """Return every function of this NumPy that is translated, with its form."""
    table = {}
    for name, translation in TRANSLATIONS.items():
        function: Operand = np
        for part in name.split("."):
            function = getattr(function, part, None)
        if function is not None:
            table[function] = _form(name, function, translation)
    return table


def _form(name: str, function: Rule, translation: Rule) -> Form:
    try:
        parameters = list(signature(function).parameters.values())
    except ValueError:
        parameters = [Parameter(each, Parameter.POSITIONAL_OR_KEYWORD) for each in DECLARED[name]]
    places = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    code = translation.__code__
    return Form(
        name=name,
        positional=tuple(each.name for each in parameters if each.kind in places),
        defaults={each.name: ABSENT if each.default is Parameter.empty else each.default for each in parameters},
        takes_all=any(each.kind is Parameter.VAR_POSITIONAL for each in parameters),
        translation=translation,
        accepted=frozenset(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]),
    )


def call(form: Form, arguments: Sequence[Operand], options: Mapping[str, Operand]) -> Operand:
    """Call the translation with arguments bound by NumPy's signature.

    Raises:
        TypeError: a parameter has no translation. The message names it.
    """
    positional = form.positional
    extra = arguments[len(positional) :]
    if extra and not form.takes_all:
        raise TypeError(f"np.{form.name} takes at most {len(positional)} arguments, not {len(arguments)}")
    bound = {**dict(zip(positional, arguments, strict=False)), **options}
    accepted = form.accepted
    translated = {}
    for name, value in bound.items():
        if name in accepted:
            if value is not NO_VALUE:
                translated[name] = value
        elif not _is_harmless(name, value, form.defaults.get(name, ABSENT)):
            refuse(form.name, name, value)
    if form.takes_all:
        return form.translation(*[translated.pop(name) for name in positional], *extra, **translated)
    return form.translation(**translated)


def _is_harmless(name: str, value: Operand, default: Operand) -> bool:
    if value is default or value is NO_VALUE or (name in HARMLESS and HARMLESS[name](value)):
        return True
    return isinstance(value, (str, int)) and type(value) is type(default) and value == default


def refuse(function: str, parameter: str, value: Operand) -> NoReturn:
    """Raise the TypeError for a parameter that is not translated."""
    kind = f"a {value.noun}" if isinstance(value, Carrier) else repr(value)
    kind = "an array" if isinstance(value, np.ndarray) else kind
    reason = REASONS.get(parameter, "adcli has no translation of it, leave it out")
    raise TypeError(f"np.{function} of Values, Duals and symbols takes no {parameter}={kind}: {reason}")


def operand(x: Operand) -> Operand:
    """Return a carrier or a number as it is, a list with carriers as one carrier, and other lists as arrays."""
    if x.__class__ in NUMBERS or isinstance(x, Carrier):
        return x
    return join_carriers(x) if holds_carriers(x) else np.asarray(x)
