"""A directory of parts: each file of a data set gives one part, which is whole or absent.

The name of a part has a hash of everything that its bits depend on. A part that has its name is therefore done, and
the same run computes only those that are missing. ``_SUCCESS`` appears last. It is JSON and lists the parts.
Until then ``_parts`` holds what was counted in each part.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeAlias

from ..errors import RequestError, UnwritableError, quoted_path
from ..files import os_errors_as, write_file
from .data_files import MARKER, PROGRESS

Facts: TypeAlias = dict[str, Any]  # as JSON holds them

RUN = "run.json"  # in `PROGRESS`
DIGITS = 12  # of the hash in a name: 48 bits
WIDTH = 5  # digits of the number of a part, more if there are at least 100 000 parts


def digest(facts: object) -> str:
    """Return a hash of facts that JSON can hold. It is the same in every process and on every machine."""
    from hashlib import sha256

    text = json.dumps(facts, sort_keys=True, ensure_ascii=True, default=str)
    return sha256(text.encode()).hexdigest()[:DIGITS]


class PartNames(NamedTuple):
    """The names of the parts of a run. Parts in the order of their names have the order of the data.

    Attributes:
        facts: what the bits of all parts depend on.
        suffix: of the files, with the dot.
        total: how many parts there are.
    """

    facts: Sequence[object]
    suffix: str
    total: int

    def name(self, number: int, facts: object) -> str:
        """Return the name of a part.

        Args:
            number: of the part, from 0.
            facts: what the bits of this part depend on.
        """
        return self.with_digest(number, digest([*self.facts, facts]))

    def with_digest(self, number: int, hashed: str) -> str:
        """Return the name of a part with this hash.

        >>> PartNames([], ".csv", 64).with_digest(7, "26593e26dbf5")
        'part-00007-26593e26dbf5.csv'
        >>> PartNames([], ".csv", 1_000_000).with_digest(7, "26593e26dbf5")
        'part-000007-26593e26dbf5.csv'
        """
        width = max(WIDTH, len(str(self.total - 1)))
        return f"part-{number:0{width}}-{hashed}{self.suffix}"


def _dumps(facts: Facts) -> str:
    """Return facts as JSON with each part on a line of its own."""
    lines = ",\n".join(json.dumps(part) for part in facts.get("parts", []))
    rest = json.dumps({name: value for name, value in facts.items() if name != "parts"})
    return f'{rest[:-1]}, "parts": [\n{lines}\n]}}\n' if lines else f"{rest}\n"


class PartDirectory:
    """The directory of one run.

    Args:
        path: of the directory. It is made when the first file is written.
        run: the hash of what all parts have in common, except the backend.

    Attributes:
        backend: that an earlier start of this run has recorded, None if there was none.
    """

    def __init__(self, path: str, run: str) -> None:
        self.path = path
        self._run = run
        self._marker = self._own(self._read(MARKER))
        record = self._marker or self._own(self._read(PROGRESS, RUN)) or {}
        self.backend: str | None = record.get("backend")
        self._facts = {str(part.get("name")): part for part in (self._marker or {}).get("parts", [])}

    def _own(self, record: Facts | None) -> Facts | None:
        """Return a record if it is of this run."""
        return record if record is not None and record.get("run") == self._run else None

    def _read(self, *names: str) -> Facts | None:
        """Return the contents of a file of this module, None if there is none."""
        try:
            with open(os.path.join(self.path, *names), "rb") as file:
                facts = json.loads(file.read())
        except (OSError, ValueError):
            return None
        return facts if isinstance(facts, dict) else None

    def _write(self, facts: Facts, *names: str) -> None:
        path = os.path.join(self.path, *names)
        with os_errors_as(f"cannot write {quoted_path(path)}", UnwritableError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_file(path, _dumps(facts).encode())

    def refuse_others(self, names: Iterable[str]) -> None:
        """Check that the directory has no files of other runs or programs. Hidden ones are ignored.

        Args:
            names: of the parts.

        Raises:
            RequestError: it has one, or it cannot be read.
        """
        known = {*names, PROGRESS}
        if self._marker is not None:
            known.add(MARKER)
        with os_errors_as(f"cannot read {quoted_path(self.path)}"):
            try:
                present = sorted(os.listdir(self.path))
            except FileNotFoundError:
                return
        other = next((name for name in present if name not in known and not name.startswith(".")), None)
        if other is not None:
            problem = f"-o {quoted_path(self.path)}: {quoted_path(os.path.join(self.path, other))} is not of this run"
            raise RequestError(problem, hint="remove it, or write to another directory")

    def facts(self, name: str) -> Facts | None:
        """Return what was counted in a part that is whole, None if it must be computed."""
        if not os.path.isfile(os.path.join(self.path, name)):
            return None
        facts = self._facts.get(name)
        return facts if facts is not None else self._read(PROGRESS, f"{name}.json")

    def is_complete(self, names: Sequence[str]) -> bool:
        """Return whether ``_SUCCESS`` lists exactly these parts and all of them are there."""
        return list(self._facts) == list(names) and all(self.facts(name) is not None for name in names)

    def begin(self, record: Facts) -> None:
        """Record the run before its first part. From now on the directory is incomplete.

        Args:
            record: with ``backend``.
        """
        for name, facts in self._facts.items():
            self.add(name, facts)
        self._write({**record, "run": self._run}, PROGRESS, RUN)
        with os_errors_as(f"cannot write {quoted_path(self.path)}", UnwritableError), suppress(FileNotFoundError):
            os.unlink(os.path.join(self.path, MARKER))

    def add(self, name: str, facts: Facts) -> None:
        """Record what was counted in a part, before the part appears."""
        self._write(facts, PROGRESS, f"{name}.json")

    def finish(self, record: Facts, parts: Sequence[Facts]) -> None:
        """Write ``_SUCCESS`` and remove what is needed to go on."""
        with os_errors_as(f"cannot read {quoted_path(self.path)}"):
            sizes = [os.path.getsize(os.path.join(self.path, part["name"])) for part in parts]
        listed = [{**part, "bytes": size} for part, size in zip(parts, sizes, strict=True)]
        self._write({**record, "run": self._run, "parts": listed}, MARKER)
        self.tidy()

    def tidy(self) -> None:
        """Remove what is needed to go on, when the directory is complete."""
        folder = os.path.join(self.path, PROGRESS)
        with suppress(OSError):
            for name in os.listdir(folder):
                if name.endswith(".json"):
                    os.unlink(os.path.join(folder, name))
            os.rmdir(folder)
