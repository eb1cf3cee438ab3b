"""adcli: exact values and all partial derivatives of a quoted expression.

>>> import adcli
>>> f = adcli.compile("sin(x**2)*cos(y)")
>>> f.gradient(x=2.0, y=3.0)
{'x': 2.5884091204228885, 'y': 0.10679997423758245}

Each public name is imported on first use, which keeps `import adcli` and the command fast. Every function of the
language is one of them (`adcli.sin`, `adcli.logdet` …). It takes floats, arrays, Values, Duals and symbols.
"""

from __future__ import annotations

from ._version import __version__ as __version__

# Importing typing would take 15 ms. Type checkers read the names from the block below, tests compare it with _LAZY.
TYPE_CHECKING = False

_LAZY = {
    "formula.function": ("compile", "Function"),
    "formula.implicit": ("implicit",),
    "language.parser": ("parse",),
    "errors": ("AdcliError", "DomainError", "ParseError", "RequestError", "ShapeError", "UnknownNameError"),
    "eager.value": ("Value",),
    "eager.dual": ("Dual",),
    "eager.functional": ("grad", "value_and_grad", "jacobian", "hessian", "hvp", "jvp", "vjp"),
    "eager.tracing": ("IndependenceWarning",),
    "eager.check_grads": ("check_grads", "GradientError"),
    "eager.recorded": ("Program",),
    "eager.program_sources": ("program",),
    "ops.linear": ("slogdet",),
}

if TYPE_CHECKING:
    from ._functions import *  # noqa: F403
    from .eager.check_grads import GradientError as GradientError
    from .eager.check_grads import check_grads as check_grads
    from .eager.dual import Dual as Dual
    from .eager.functional import grad as grad
    from .eager.functional import hessian as hessian
    from .eager.functional import hvp as hvp
    from .eager.functional import jacobian as jacobian
    from .eager.functional import jvp as jvp
    from .eager.functional import value_and_grad as value_and_grad
    from .eager.functional import vjp as vjp
    from .eager.program_sources import program as program
    from .eager.recorded import Program as Program
    from .eager.tracing import IndependenceWarning as IndependenceWarning
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


def __getattr__(name: str) -> object:
    """Import a public name on first use and store it. `__all__` is computed in the same way."""
    value: object
    home = next((home for home, names in _LAZY.items() if name in names), None)
    if home is not None:
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{home}"), name)
    elif name == "__all__":
        value = _names()
    else:
        from .ops import PUBLIC

        value = None if name.startswith("_") else PUBLIC.get(name)
        if value is None:
            raise AttributeError(f"module 'adcli' has no attribute {name!r}")
    globals()[name] = value
    return value


def _names() -> list[str]:
    """Return every public name: those of _LAZY and the functions of the language."""
    from .ops import PUBLIC

    return sorted([*(name for names in _LAZY.values() for name in names), *PUBLIC])


def __dir__() -> list[str]:
    return sorted([*_names(), *(name for name in globals() if name.startswith("__"))])
