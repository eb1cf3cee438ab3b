"""How an operation is called: the names of its arguments, its parameters and their defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .op import Op
from .operands import Parameters

if TYPE_CHECKING:
    from inspect import Signature

VARIABLE_ARGUMENTS = 0x04  # the flag of a code object with *args


def parameters_of(op: Op) -> tuple[tuple[str, ...], str | None]:
    """Return the names of an operation's parameters, and the one that takes all further arguments, or None.

    >>> from adcli.ops import TABLE
    >>> parameters_of(TABLE["sum"]), parameters_of(TABLE["reshape"]), parameters_of(TABLE["sin"])
    ((('axis', 'keepdims'), None), (('shape',), 'shape'), ((), None))
    """
    if op.signature is None:
        return (), None
    code = op.signature.__code__
    named = code.co_argcount + code.co_kwonlyargcount
    names = list(code.co_varnames[: named + bool(code.co_flags & VARIABLE_ARGUMENTS)])
    rest = names.pop() if len(names) > named else None
    if op.variadic:
        return tuple(names), None
    return (*names[op.arity :], *([rest] if rest else [])), rest


def defaults_of(op: Op) -> Parameters:
    """Return the parameters that may be left out, with their defaults.

    >>> from adcli.ops import TABLE
    >>> defaults_of(TABLE["softmax"])
    {'axis': -1}
    """
    if op.signature is None:
        return {}
    names = op.signature.__code__.co_varnames[: op.signature.__code__.co_argcount]
    defaults = op.signature.__defaults__ or ()
    found = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    return found | (op.signature.__kwdefaults__ or {})


def argument_names(op: Op) -> list[str]:
    """Return the names that the rules of an elementwise operation use for its arguments.

    >>> from adcli.ops import TABLE
    >>> argument_names(TABLE["atan2"]), argument_names(TABLE["clip"]), argument_names(TABLE["hypot"])
    (['y', 'x'], ['x', 'lo', 'hi'], ['x', 'y'])
    """
    picks = () if op.picks is None or callable(op.picks) else op.picks
    for rule in (*(partial for partial in op.partials if callable(partial)), *picks, op.forward):
        code = getattr(rule, "__code__", None)
        if code is None:
            continue
        first = 0 if rule is op.forward else 1  # a rule begins with the result
        names = list(code.co_varnames[first : code.co_argcount])
        if len(names) == op.arity:
            return names
    return ["x", "y", "z"][: op.arity]


def call_signature(op: Op) -> Signature:
    """Return the signature that `help` and editors show.

    >>> from adcli.ops import TABLE
    >>> from adcli.ops.signature import call_signature
    >>> [str(call_signature(TABLE[name])) for name in ("sin", "max", "log", "sum")]
    ['(x)', '(*xs)', '(x, base=None)', '(x, axis=None, keepdims=False)']
    """
    from inspect import Parameter, Signature, signature

    if op.signature is not None:
        parameters = signature(op.signature).parameters.values()
        return Signature([parameter.replace(annotation=Parameter.empty) for parameter in parameters])
    if op.variadic:
        return Signature([Parameter("xs", Parameter.VAR_POSITIONAL)])
    names = argument_names(op)
    needed = min([len(names), *op.overloads])
    for count, overload in op.overloads.items():
        if count > len(names):
            names = list(overload.__code__.co_varnames[:count])
    return Signature(
        [
            Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=Parameter.empty if i < needed else None)
            for i, name in enumerate(names)
        ]
    )
