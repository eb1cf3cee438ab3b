"""adcli: exact values and all partial derivatives of a quoted expression.

>>> import adcli
>>> f = adcli.compile("sin(x**2)*cos(y)")
>>> f.gradient(x=2.0, y=3.0)
{'x': 2.5884091204228885, 'y': 0.10679997423758245}

The public names load on first use, so that `import adcli` and the command start quickly. Every function of the table
is one of them (`adcli.sin`, `adcli.logdet` …), for floats, arrays, Values, Duals and symbols.
"""

from __future__ import annotations

# typing.TYPE_CHECKING, without the 15 ms in which Ctrl-C would meet nobody.
TYPE_CHECKING = False

__version__ = "0.1.0"

_HOMES = {
    "compile": "formula.function",
    "Function": "formula.function",
    "parse": "language.parser",
    "AdcliError": "errors",
    "ParseError": "errors",
    "UnknownNameError": "errors",
    "ShapeError": "errors",
    "RequestError": "errors",
    "DomainError": "errors",
    "Value": "eager.value",
    "Dual": "eager.dual",
    **dict.fromkeys(("grad", "value_and_grad", "jacobian", "hessian", "hvp", "jvp", "vjp"), "eager.functional"),
    "IndependenceWarning": "eager.functional",
    **dict.fromkeys(("check_grads", "GradientError"), "eager.check_grads"),
    **dict.fromkeys(("program", "Program"), "eager.recorded"),
    "implicit": "formula.implicit",
    "slogdet": "ops.linear",
}

if TYPE_CHECKING:
    from typing import Any

    from ._functions import *  # noqa: F403
    from .eager.check_grads import GradientError as GradientError
    from .eager.check_grads import check_grads as check_grads
    from .eager.dual import Dual as Dual
    from .eager.functional import IndependenceWarning as IndependenceWarning
    from .eager.functional import grad as grad
    from .eager.functional import hessian as hessian
    from .eager.functional import hvp as hvp
    from .eager.functional import jacobian as jacobian
    from .eager.functional import jvp as jvp
    from .eager.functional import value_and_grad as value_and_grad
    from .eager.functional import vjp as vjp
    from .eager.recorded import Program as Program
    from .eager.recorded import program as program
    from .eager.value import Value as Value
    from .errors import AdcliError as AdcliError
    from .errors import DomainError as DomainError
    from .errors import ParseError as ParseError
    from .errors import RequestError as RequestError
    from .errors import ShapeError as ShapeError
    from .errors import UnknownNameError as UnknownNameError
    from .formula.function import Function as Function
    from .formula.function import compile as compile
    from .formula.implicit import implicit as implicit
    from .language.parser import parse as parse
    from .ops.linear import slogdet as slogdet


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is not None:
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{home}"), name)
    else:
        value = None if name.startswith("_") else _public().get(name)
        if value is None:
            raise AttributeError(f"module 'adcli' has no attribute {name!r}")
    globals()[name] = value
    return value


def _public() -> dict[str, Any]:
    """Every word of the table: `adcli.sin`, `adcli.where`, `adcli.solve` …"""
    from .ops import PUBLIC

    return PUBLIC


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_public()})
