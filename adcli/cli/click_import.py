"""Import click without what it imports for prompts, UUIDs and source code, which is a third of its time."""

from __future__ import annotations

import sys
from types import ModuleType

DEFERRED = ("inspect", "uuid")


class _Deferred(ModuleType):
    """A module that is imported when one of its attributes is read."""

    def __getattr__(self, name: str) -> object:
        from importlib import import_module

        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def import_click() -> None:
    """Import click. Its modules import `DEFERRED` on first use, all other modules as ever."""
    deferred = {name: _Deferred(name) for name in DEFERRED if name not in sys.modules}
    sys.modules.update(deferred)
    try:
        import click  # noqa: F401
    finally:
        for name, module in deferred.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
