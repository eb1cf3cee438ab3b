"""adcli: exact values and all partial derivatives of a quoted expression.

>>> import adcli
>>> f = adcli.compile("sin(x**2)*cos(y)")
>>> f.gradient(x=2.0, y=3.0)
{'x': 2.5884091204228885, 'y': 0.10679997423758245}

The public names load on first use, so that `import adcli` and the command start quickly.
"""

from __future__ import annotations

# typing.TYPE_CHECKING, without the 15 ms in which Ctrl-C would meet nobody.
TYPE_CHECKING = False

__version__ = "0.1.0"

_HOMES = {
    "compile": "function",
    "Function": "function",
    "parse": "language.parser",
    "AdcliError": "errors",
    "ParseError": "errors",
    "UnknownNameError": "errors",
    "ShapeError": "errors",
    "RequestError": "errors",
    "DomainError": "errors",
}

if TYPE_CHECKING:
    from typing import Any

    from .errors import AdcliError as AdcliError
    from .errors import DomainError as DomainError
    from .errors import ParseError as ParseError
    from .errors import RequestError as RequestError
    from .errors import ShapeError as ShapeError
    from .errors import UnknownNameError as UnknownNameError
    from .function import Function as Function
    from .function import compile as compile
    from .language.parser import parse as parse


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'adcli' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
