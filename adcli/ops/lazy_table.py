"""Tables by name that are completed when a name is missing, or when somebody asks for all entries.

May import nothing of the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_keys, dict_values

Entry = TypeVar("Entry")


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

    def _load_for(self, name: object) -> None:
        if not self.is_complete and not super().__contains__(name):
            self.complete()

    def __missing__(self, name: str) -> Entry:
        self.complete()
        if not self.has_loaded(name):
            raise KeyError(name)
        return self[name]

    def __contains__(self, name: object) -> bool:
        self._load_for(name)
        return super().__contains__(name)

    def get(self, name: str, default: Entry | None = None) -> Entry | None:  # type: ignore[override]
        """Return an entry, or the default."""
        self._load_for(name)
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        self.complete()
        return super().__iter__()

    def __len__(self) -> int:
        self.complete()
        return super().__len__()

    def keys(self) -> dict_keys[str, Entry]:
        """Return all names."""
        self.complete()
        return super().keys()

    def values(self) -> dict_values[str, Entry]:
        """Return all entries."""
        self.complete()
        return super().values()

    def items(self) -> dict_items[str, Entry]:
        """Return all names with their entries."""
        self.complete()
        return super().items()
