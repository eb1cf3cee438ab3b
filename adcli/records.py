"""Named tuples that are declared as with `typing.NamedTuple`, which takes three times as long to make a class.

It compiles every annotation. A command at one point makes ten such classes.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class _RecordType(type):
        """Makes a class of `collections.namedtuple` from a class body with annotations."""

        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            annotations = namespace.pop("__annotations__", {})
            defaults = [namespace.pop(field) for field in annotations if field in namespace]
            record = namedtuple(name, annotations, defaults=defaults, module=namespace.pop("__module__"))
            record.__annotations__ = annotations
            for key, value in namespace.items():
                setattr(record, key, value)
            return record

    class NamedTuple(metaclass=_RecordType):
        """The base that makes a class one of named tuples."""
