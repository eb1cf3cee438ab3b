"""A directory of parts: each file of a data set gives one part, which is whole or absent.

The name of a part has a hash of everything that its bits depend on. A part that has its name is therefore done, and
the same run computes only those that are missing. ``_SUCCESS`` appears last. It is JSON and lists the parts.
Until then ``_parts`` holds what was counted in each part.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from ..errors import RequestError, UnwritableError, quoted_path
from ..files import os_errors_as
from ..store import store_of
from ..store.entry import join_path
from .data_files import MARKER, PROGRESS

Facts: TypeAlias = dict[str, Any]  # as JSON holds them

RUN = "run.json"  # in `PROGRESS`: what all parts have in common
PARTS = "parts.json"  # in `PROGRESS`: the parts of earlier starts
DIGITS = 12  # of the hash in a name: 48 bits
WIDTH = 5  # digits of the number of a part, more if there are at least 100 000 parts


def digest(facts: object) -> str:
    """Return a hash of facts that JSON can hold. It is the same in every process and on every machine."""
    from hashlib import sha256

    text = json.dumps(facts, sort_keys=True, ensure_ascii=True, default=str)
    return sha256(text.encode()).hexdigest()[:DIGITS]


def part_name(number: int, total: int, facts: object, suffix: str) -> str:
    """Return the name of a part. Parts in the order of their names have the order of the data.

    Args:
        number: of the part, from 0.
        total: how many parts there are.
        facts: what the bits of the part depend on.
        suffix: of the file, with the dot.

    >>> part_name(7, 64, [], ".csv"), part_name(7, 1_000_000, [], ".csv")
    ('part-00007-4f53cda18c2b.csv', 'part-000007-4f53cda18c2b.csv')
    """
    width = max(WIDTH, len(str(total - 1)))
    return f"part-{number:0{width}}-{digest(facts)}{suffix}"


def _dumps(facts: Facts, parts: Iterable[Facts]) -> bytes:
    """Return facts as JSON with each part on a line of its own."""
    lines = b",\n".join([json.dumps(part).encode() for part in parts])
    rest = json.dumps(facts).encode()
    return b'%b, "parts": [\n%b\n]}\n' % (rest[:-1], lines) if lines else b"%b\n" % rest


class CountedParts:
    """What was counted in each part of a run, None for those that are missing. As JSON it takes a fifth of the memory.

    >>> counted = CountedParts([None, {"rows": 3}])
    >>> counted[1] = {"rows": 4}
    >>> list(counted)
    [None, {'rows': 4}]
    """

    def __init__(self, parts: Iterable[Facts | None]) -> None:
        self._texts = [None if part is None else json.dumps(part).encode() for part in parts]

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, number: int) -> Facts | None:
        text = self._texts[number]
        return None if text is None else json.loads(text)

    def __setitem__(self, number: int, part: Facts) -> None:
        self._texts[number] = json.dumps(part).encode()

    def present(self) -> Iterator[Facts]:
        """Return what was counted in the parts that are not missing."""
        return (json.loads(text) for text in self._texts if text is not None)


class PartRecords:
    """What the directory of a run records beside its parts. A worker of a cluster needs no more of it.

    Args:
        path: of the directory, or its URL. It is made when the first file is written.
        run: the hash of what all parts have in common, except the backend.
    """

    def __init__(self, path: str, run: str) -> None:
        self.path = path
        self._store = store_of(path)
        self._run = run

    def _own(self, record: Facts | None) -> Facts | None:
        """Return a record if it is of this run."""
        return record if record is not None and record.get("run") == self._run else None

    def _read(self, *names: str) -> Facts | None:
        """Return the contents of a file of this module, None if there is none."""
        path = join_path(self.path, *names)
        with os_errors_as(f"cannot read {quoted_path(path)}"):
            data = self._store.read(path)
        try:
            facts = json.loads(data or b"")
        except ValueError:
            return None
        return facts if isinstance(facts, dict) else None

    def _write(self, facts: Facts, *names: str, parts: Iterable[Facts] = ()) -> None:
        path = join_path(self.path, *names)
        with os_errors_as(f"cannot write {quoted_path(path)}", UnwritableError):
            self._store.write(path, _dumps(facts, parts))

    def read_run(self) -> Facts | None:
        """Return what was recorded of the run before its first part, None if it has not begun or is of another run."""
        return self._own(self._read(PROGRESS, RUN))

    def find(self, name: str) -> Facts | None:
        """Return what was counted in a part if it is there by now."""
        path = join_path(self.path, name)
        with os_errors_as(f"cannot read {quoted_path(path)}"):
            return self._read_part(name) if self._store.exists(path) else None

    def _read_part(self, name: str) -> Facts | None:
        return self._read(PROGRESS, f"{name}.json")

    def add(self, name: str, facts: Facts) -> None:
        """Record what was counted in a part, before the part appears."""
        self._write(facts, PROGRESS, f"{name}.json")


class PartDirectory(PartRecords):
    """The directory of one run, with its parts.

    Args:
        path, run: see `PartRecords`.

    Attributes:
        backend: that an earlier start of this run has recorded, None if there was none.
    """

    def __init__(self, path: str, run: str) -> None:
        super().__init__(path, run)
        self._marker = self._own(self._read(MARKER))
        record = self._marker or self.read_run() or {}
        self.backend: str | None = record.get("backend")
        listed = self._marker or self._own(self._read(PROGRESS, PARTS)) or {}
        self._facts = {str(part.get("name")): part for part in listed.get("parts", [])}
        self._sizes: dict[str, int] = {}  # of the files that are there
        self.refresh()

    def refresh(self) -> None:
        """List the directory again, because parts were added."""
        with os_errors_as(f"cannot read {quoted_path(self.path)}"):
            self._sizes = self._store.sizes(self.path)

    def refuse_others(self, names: Iterable[str]) -> None:
        """Check that the directory has no files of other runs or programs. Hidden ones are ignored.

        Args:
            names: of the parts.

        Raises:
            RequestError: it has one.
        """
        known = {*names, PROGRESS}
        if self._marker is not None:
            known.add(MARKER)
        other = next((name for name in sorted(self._sizes) if name not in known and not name.startswith(".")), None)
        if other is not None:
            problem = f"-o {quoted_path(self.path)}: {quoted_path(join_path(self.path, other))} is not of this run"
            raise RequestError(problem, hint="remove it, or write to another directory")

    def read_facts(self, names: Sequence[str]) -> CountedParts:
        """Return what was counted in each part that is whole, None for those that must be computed."""
        unread = [name for name in names if name in self._sizes and name not in self._facts]
        for name, facts in zip(unread, self._store.each(self._read_part, unread), strict=True):
            if facts is not None:
                self._facts[name] = facts
        return CountedParts(self._facts.get(name) if name in self._sizes else None for name in names)

    def count(self, names: Iterable[str]) -> int:
        """Return how many of these parts are there now."""
        self.refresh()
        return sum(name in self._sizes for name in names)

    def is_complete(self, names: Sequence[str]) -> bool:
        """Return whether ``_SUCCESS`` lists exactly these parts and all of them are there."""
        listed = [part["name"] for part in (self._marker or {}).get("parts", [])]
        return self._marker is not None and listed == list(names) and self._sizes.keys() >= set(names)

    def begin(self, record: Facts) -> None:
        """Record the run before its first part. From now on the directory is incomplete.

        Args:
            record: with ``backend``.
        """
        if self._facts:
            self._write({"run": self._run}, PROGRESS, PARTS, parts=self._facts.values())
        self._write({**record, "run": self._run}, PROGRESS, RUN)
        if MARKER in self._sizes:
            with os_errors_as(f"cannot write {quoted_path(self.path)}", UnwritableError):
                self._store.remove(self.path, [MARKER])

    def finish(self, record: Facts, parts: CountedParts) -> None:
        """Write ``_SUCCESS`` and remove what is needed to go on."""
        self.refresh()
        lost = next((part["name"] for part in parts.present() if part["name"] not in self._sizes), None)
        if lost is not None:
            problem = f"-o {quoted_path(self.path)}: the part {lost} has vanished"
            raise UnwritableError(problem, hint="run the command again")
        listed = ({**part, "bytes": self._sizes[part["name"]]} for part in parts.present())
        self._write({**record, "run": self._run}, MARKER, parts=listed)
        self.tidy()

    def tidy(self) -> None:
        """Remove what is needed to go on, when the directory is complete."""
        folder = join_path(self.path, PROGRESS)
        if PROGRESS in self._sizes:
            with suppress(OSError):
                names = [name for name in self._store.sizes(folder) if name.endswith(".json")]
                self._store.remove(folder, names)
