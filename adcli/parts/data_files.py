"""The files of a data set: what the words after ``--data`` mean.

A word is a file, ``-`` for standard input, a directory, a quoted pattern such as ``in/*.csv``, or ``@list.txt``, a file
that names one file per line. Files, directories and patterns may be URLs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..compression import without_suffix
from ..errors import RequestError, quoted_path
from ..files import os_errors_as
from ..records import NamedTuple
from ..store import store_of
from ..store.entry import Entry, Status, is_web_url, join_path, local_path, scheme_of, split_path
from ..tables.formats import BY_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATTERN = re.compile(r"[*?\[]")
_WEB_PATTERN = re.compile(r"https?://[^/]*/[^?#]*[*\[]", re.IGNORECASE)
MARKER = "_SUCCESS"  # is written into a directory when all of its parts are there
PROGRESS = "_parts"  # a directory beside the parts, until then
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"  # what Hive, Spark and Polars write for a missing value
STANDARD_INPUT = "-"


class DataFile(NamedTuple):
    """A file of a data set.

    Attributes:
        path: its name or URL, ``-`` for standard input.
        partition: the columns that its directories name, such as ``{"year": "2024"}`` for ``in/year=2024/a.csv``.
        status: when it was listed, None if it can be read only once, such as standard input.
    """

    path: str
    partition: Mapping[str, str]
    status: Status | None = None

    @property
    def size(self) -> int:
        """Its bytes, 0 if they are unknown."""
        return 0 if self.status is None else self.status.size or 0


def list_files(words: Sequence[str], output: str | None = None) -> list[DataFile]:
    """Return the files that words mean, in the order of the words and, for each word, of their names.

    Args:
        words: that stand after ``--data``.
        output: a directory whose files must not be among them.

    Raises:
        RequestError: a word means no file.
    """
    entries = [entry for word in words for entry in _expand(local_path(word))]
    if output is not None:
        _refuse_inside(words, entries, output)
        _require_files(entries)
    return [DataFile(entry.path, read_partition(entry.path), entry.status) for entry in entries]


def _expand(word: str) -> list[Entry]:
    if word == STANDARD_INPUT:
        return [Entry(word, None)]
    store = store_of(word)
    problem = f"cannot read {quoted_path(word)}"
    with os_errors_as(problem):
        if scheme_of(word):  # each question takes a request
            return _expand_url(word)
        if store.is_folder(word):
            return _list_directory(word)
        if store.exists(word):
            return [Entry(word, store.status(word))]
    if word.startswith("@"):
        return _read_list(word)
    if _PATTERN.search(word):
        return _match(word)
    with os_errors_as(problem):
        return [Entry(word, store.status(word))]


def _expand_url(word: str) -> list[Entry]:
    is_web = is_web_url(word)
    store = store_of(word)
    is_pattern = (_WEB_PATTERN.match(word) if is_web else _PATTERN.search(word)) is not None
    if is_pattern and (is_web or not store.exists(word)):
        return _match(word)
    if word.endswith("/") and not is_web:
        return _list_directory(word)
    try:
        return [Entry(word, store.status(word))]
    except IsADirectoryError:
        return _list_directory(word)


def _match(pattern: str) -> list[Entry]:
    """Return the files that a pattern matches. Directories that it matches stand for their files."""
    entries: list[Entry] = []
    named = {*split_path(pattern), os.curdir, os.pardir}
    shows_hidden = _is_hidden(split_path(pattern)[-1])
    with os_errors_as(f"cannot read {quoted_path(pattern)}"):
        matches = store_of(pattern).match(pattern)
    for entry in sorted(matches, key=_sort_key):
        if not shows_hidden and any(_is_hidden(name) and name not in named for name in split_path(entry.path)):
            continue
        if not entry.is_folder:
            entries.append(entry)
        elif not pattern.endswith(("**", "**/")):  # these match each file below the directory as well
            entries += _list_directory(entry.path)
    if not entries:
        raise RequestError(f"no file matches {quoted_path(pattern)}", hint="check the pattern and the directory")
    return entries


def _list_directory(folder: str) -> list[Entry]:
    """Return the files in a directory and in those below it.

    Names that begin with ``_`` or ``.`` are left out. They are markers and metadata, such as ``_SUCCESS``.
    """
    store = store_of(folder)
    depth = len(split_path(join_path(folder, "")))  # of names in the folder
    with os_errors_as(f"cannot read {quoted_path(folder)}"):
        if store.exists(join_path(folder, PROGRESS)) and not store.exists(join_path(folder, MARKER)):
            pattern = quoted_path(join_path(folder, "*"))
            hint = f"run its command again, or choose files by a pattern: --data {pattern}"
            raise RequestError(
                f"the directory {quoted_path(folder)} lacks parts, because its run did not end", hint=hint
            )
        entries = [
            entry for entry in store.walk(folder) if not any(map(_is_hidden, split_path(entry.path)[depth - 1 :]))
        ]
    entries.sort(key=_sort_key)
    if not entries:
        raise RequestError(f"there are no files in the directory {quoted_path(folder)}", hint="name another one")
    for path, *_ in entries:
        suffix = _suffix(path)
        if suffix and not (suffix in BY_SUFFIX and BY_SUFFIX[suffix].reads):
            pattern = quoted_path(join_path(folder, "*.csv"))
            hint = f"choose files by a pattern, as in --data {pattern}"
            raise RequestError(f"{quoted_path(path)} does not have the suffix of a table", hint=hint)
    return entries


def _suffix(path: str) -> str:
    """Return the suffix of a file's name in small letters, before that of a compression."""
    name = without_suffix(split_path(path)[-1].lower())
    return name.rpartition(".")[2] if "." in name else ""


def _is_hidden(name: str) -> bool:
    return name.startswith(("_", "."))


def _sort_key(entry: Entry) -> list[str]:
    return split_path(entry.path)


def _read_list(word: str) -> list[Entry]:
    """Return the files that a list names, one per line."""
    from ..files import decode_text, read_mentioned

    place = local_path(word[1:])
    name = quoted_path(place)
    if scheme_of(place):
        with os_errors_as(f"cannot read {name}"):
            data = store_of(place).read(place)
            if data is None:
                raise FileNotFoundError(2, "No such file")
    else:
        data = read_mentioned(place, "--data @files.txt")
    paths = [local_path(line) for line in decode_text(data, name).splitlines() if line.strip()]
    if not paths:
        raise RequestError(f"{name} names no files", hint="write one file per line")
    statuses: dict[str, Status | None] = {}
    for scheme in dict.fromkeys(map(scheme_of, paths)):
        same = [path for path in paths if scheme_of(path) == scheme]
        statuses |= zip(same, _statuses(same, name), strict=True)
    return [Entry(path, statuses[path]) for path in paths]


def _statuses(paths: Sequence[str], name: str) -> list[Status | None]:
    """Return the statuses of files of one store. `name`: of the list that names them."""
    store = store_of(paths[0])

    def status(path: str) -> Status | None:
        with os_errors_as(f"{name}: cannot read {quoted_path(path)}"):
            return store.status(path)

    return store.each(status, paths)


def _refuse_inside(words: Sequence[str], entries: Sequence[Entry], output: str) -> None:
    """Raise a RequestError if results would be input of the next run."""
    folder = _folder(output)
    inside = next((path for path, *_ in entries if _folder(path).startswith(folder)), None)
    around = next((word for word in words if _is_around(local_path(word), folder)), None)
    if inside is not None or around is not None:
        problem = f"-o {quoted_path(output)}: the directory has the input {quoted_path(inside or '')}"
        if inside is None:
            problem = f"-o {quoted_path(output)}: the directory belongs to the input {quoted_path(around or '')}"
        raise RequestError(problem, hint="write to a directory outside of the data")


def _is_around(word: str, folder: str) -> bool:
    """Return whether a word is a directory that has a folder."""
    return folder.startswith(_folder(word)) and (bool(scheme_of(word)) or os.path.isdir(word))


def _require_files(entries: Sequence[Entry]) -> None:
    """Check that each entry is a file, whose name, size and time say whether its part is done."""
    stream = next((path for path, status, _ in entries if status is None), None)
    if stream is not None:
        name = "standard input" if stream == STANDARD_INPUT else quoted_path(stream)
        if stream != STANDARD_INPUT:
            with os_errors_as(f"cannot read {name}"):
                os.stat(stream)
        raise RequestError(f"{name} cannot be a part, because it can be read only once", hint="write -o FILE")


def _folder(path: str) -> str:
    """Return a directory without links, with a separator at its end."""
    scheme = scheme_of(path)
    if not scheme:
        return os.path.join(os.path.realpath(path), "")
    rest = path.partition("://")[2].rstrip("/")
    return f"{'s3' if scheme == 's3a' else scheme}://{rest}/"


def read_partition(path: str) -> dict[str, str]:
    """Return the columns that the directories of a path name.

    >>> read_partition("in/year=2024/city=New%20York/a.csv"), read_partition("https://host/k%3D1/a.csv?key=2/")
    ({'year': '2024', 'city': 'New York'}, {'k': '1'})
    """
    is_web = is_web_url(path)
    if "=" not in path and not is_web:
        return {}
    from urllib.parse import unquote

    partition: dict[str, str] = {}
    folders = split_path(path)[:-1]
    for folder in map(unquote, folders) if is_web else folders:
        name, equals, value = folder.partition("=")
        if equals and name:
            partition[unquote(name)] = "" if value == NO_VALUE else unquote(value)
    return partition
