"""Tables by name that are completed when a name is missing, or when somebody asks for all entries.

May import nothing of the package.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, ValuesView
from threading import RLock
from typing import TypeVar

Entry = TypeVar("Entry")
Default = TypeVar("Default")


class LazyTable(dict[str, Entry]):
    """A dictionary that has its further entries loaded before it says that a name is missing.

    All tables of this class are completed together. What `load` imports may add entries, and must not look up names.

    Attributes:
        load: adds the further entries to all tables, or None while it runs and after that.
        is_complete: whether the entries are added.
    """

    load: Callable[[], None] | None = None
    is_complete = False
    _lock = RLock()

    @staticmethod
    def complete() -> None:
        """Add the further entries, if they are not there."""
        if not LazyTable.is_complete:
            with LazyTable._lock:
                load, LazyTable.load = LazyTable.load, None
                if load is not None:
                    load()
                    LazyTable.is_complete = True

    def has_loaded(self, name: str) -> bool:
        """Return whether there is such an entry, without loading further ones."""
        return super().__contains__(name)

    def __missing__(self, name: str) -> Entry:
        self.complete()
        if super().__contains__(name):
            return self[name]
        raise KeyError(name)

    def get(self, name: str, default: Default = None) -> Entry | Default:  # type: ignore[assignment, override]
        """Return an entry, or the default."""
        return self[name] if name in self else default

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name):
            return True
        self.complete()
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self.complete()
        return super().__iter__()

    def __len__(self) -> int:
        self.complete()
        return super().__len__()

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """Return all names."""
        self.complete()
        return super().keys()  # type: ignore[return-value]

    def values(self) -> ValuesView[Entry]:  # type: ignore[override]
        """Return all entries."""
        self.complete()
        return super().values()  # type: ignore[return-value]

    def items(self) -> ItemsView[str, Entry]:  # type: ignore[override]
        """Return all names with their entries."""
        self.complete()
        return super().items()  # type: ignore[return-value]
