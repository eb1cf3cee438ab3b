"""The signature of a compiled formula, for `inspect`, `help` and `adcli.program`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from inspect import Signature


class HasVariables(Protocol):
    """A compiled formula."""

    variables: tuple[str, ...]


class CallSignature:
    """The signature of an instance of `Function`, whose parameters are its variables. The class has its own.

    >>> import adcli, inspect
    >>> inspect.signature(adcli.compile("x*y"))
    <Signature (x, y)>
    """

    def __get__(self, function: HasVariables | None, owner: type) -> Signature:
        if function is None:
            raise AttributeError
        from inspect import Parameter, Signature
        from keyword import iskeyword

        # A parameter that is a keyword of Python, such as `lambda`, must be positional.
        is_any_keyword = any(map(iskeyword, function.variables))
        kind = Parameter.POSITIONAL_ONLY if is_any_keyword else Parameter.POSITIONAL_OR_KEYWORD
        return Signature([Parameter(name, kind) for name in function.variables])
