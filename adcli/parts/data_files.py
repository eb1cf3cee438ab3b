"""The files of a data set: what the words after ``--data`` mean.

A word is a file, ``-`` for standard input, a directory, a quoted pattern such as ``in/*.csv``, or ``@list.txt``, a file
that names one file per line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..compression import without_suffix
from ..errors import RequestError, quoted_path
from ..files import os_errors_as
from ..records import NamedTuple
from ..tables.formats import BY_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATTERN = re.compile(r"[*?\[]")
MARKER = "_SUCCESS"  # is written into a directory when all of its parts are there
PROGRESS = "_parts"  # a directory beside the parts, until then
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"  # what Hive, Spark and Polars write for a missing value
STANDARD_INPUT = "-"


class DataFile(NamedTuple):
    """A file of a data set.

    Attributes:
        path: as messages call it, ``-`` for standard input.
        partition: the columns that its directories name, such as ``{"year": "2024"}`` for ``in/year=2024/a.csv``.
    """

    path: str
    partition: Mapping[str, str]


def list_files(words: Sequence[str], output: str | None = None) -> list[DataFile]:
    """Return the files that words mean, in the order of the words and, for each word, of their names.

    Args:
        words: that stand after ``--data``.
        output: a directory whose files must not be among them.

    Raises:
        RequestError: a word means no file.
    """
    paths = [path for word in words for path in _expand(word)]
    if output is not None:
        _refuse_inside(words, paths, output)
        _require_files(paths)
    return [DataFile(path, read_partition(path)) for path in paths]


def _expand(word: str) -> list[str]:
    if word == STANDARD_INPUT:
        return [word]
    if os.path.isdir(word):
        return _list_directory(word)
    if os.path.exists(word):
        return [word]
    if word.startswith("@"):
        return _read_list(word)
    if _PATTERN.search(word):
        return _match(word)
    with os_errors_as(f"cannot read {quoted_path(word)}"):
        os.stat(word)
    return [word]


def _match(pattern: str) -> list[str]:
    """Return the files that a pattern matches. Directories that it matches stand for their files."""
    from glob import iglob

    paths: list[str] = []
    named = {*pattern.split(os.sep), os.curdir, os.pardir}
    shows_hidden = _is_hidden(os.path.basename(pattern))
    for path in sorted(iglob(pattern, recursive=True), key=_sort_key):
        if not shows_hidden and any(_is_hidden(name) and name not in named for name in path.split(os.sep)):
            continue
        if not os.path.isdir(path):
            paths.append(path)
        elif not pattern.endswith(("**", "**/")):  # these match each file below the directory as well
            paths += _list_directory(path)
    if not paths:
        raise RequestError(f"no file matches {quoted_path(pattern)}", hint="check the pattern and the directory")
    return paths


def _list_directory(folder: str) -> list[str]:
    """Return the files in a directory and in those below it.

    Names that begin with ``_`` or ``.`` are left out. They are markers and metadata, such as ``_SUCCESS``.
    """
    if os.path.exists(os.path.join(folder, PROGRESS)) and not os.path.exists(os.path.join(folder, MARKER)):
        hint = f"run its command again, or choose files by a pattern: --data {quoted_path(os.path.join(folder, '*'))}"
        raise RequestError(f"the directory {quoted_path(folder)} lacks parts, because its run did not end", hint=hint)
    paths = sorted(_walk(folder), key=_sort_key)
    if not paths:
        raise RequestError(f"there are no files in the directory {quoted_path(folder)}", hint="name another one")
    for path in paths:
        suffix = _suffix(path)
        if suffix and not (suffix in BY_SUFFIX and BY_SUFFIX[suffix].reads):
            pattern = quoted_path(os.path.join(folder, "*.csv"))
            hint = f"choose files by a pattern, as in --data {pattern}"
            raise RequestError(f"{quoted_path(path)} does not have the suffix of a table", hint=hint)
    return paths


def _walk(folder: str) -> Iterator[str]:
    def fail(error: OSError) -> None:
        raise RequestError(f"cannot read {quoted_path(folder)}", hint=error.strerror or str(error))

    for place, folders, names in os.walk(folder, onerror=fail, followlinks=True):
        folders[:] = [name for name in folders if not _is_hidden(name)]
        yield from (os.path.join(place, name) for name in names if not _is_hidden(name))


def _suffix(path: str) -> str:
    """Return the suffix of a file's name in small letters, before that of a compression."""
    name = without_suffix(os.path.basename(path).lower())
    return name.rpartition(".")[2] if "." in name else ""


def _is_hidden(name: str) -> bool:
    return name.startswith(("_", "."))


def _sort_key(path: str) -> list[str]:
    return path.split(os.sep)


def _read_list(word: str) -> list[str]:
    """Return the files that a list names, one per line."""
    from ..files import decode_text, read_mentioned

    name = quoted_path(word[1:])
    lines = decode_text(read_mentioned(word[1:], "--data @files.txt"), name).splitlines()
    paths = [line for line in lines if line.strip()]
    if not paths:
        raise RequestError(f"{name} names no files", hint="write one file per line")
    for path in paths:
        with os_errors_as(f"{name}: cannot read {quoted_path(path)}"):
            if os.path.isdir(path):
                raise IsADirectoryError(21, "Is a directory")
            os.stat(path)
    return paths


def _refuse_inside(words: Sequence[str], paths: Sequence[str], output: str) -> None:
    """Raise a RequestError if results would be input of the next run."""
    folder = _folder(output)
    inside = next((path for path in paths if os.path.realpath(path).startswith(folder)), None)
    around = next((word for word in words if os.path.isdir(word) and folder.startswith(_folder(word))), None)
    if inside is not None or around is not None:
        problem = f"-o {quoted_path(output)}: the directory has the input {quoted_path(inside or '')}"
        if inside is None:
            problem = f"-o {quoted_path(output)}: the directory belongs to the input {quoted_path(around or '')}"
        raise RequestError(problem, hint="write to a directory outside of the data")


def _require_files(paths: Sequence[str]) -> None:
    """Check that each path is a file, whose name, size and time say whether its part is done."""
    stream = next((path for path in paths if not os.path.isfile(path)), None)
    if stream is not None:
        name = "standard input" if stream == STANDARD_INPUT else quoted_path(stream)
        raise RequestError(f"{name} cannot be a part, because it can be read only once", hint="write -o FILE")


def _folder(path: str) -> str:
    """Return a directory without links, with a separator at its end."""
    return os.path.join(os.path.realpath(path), "")


def read_partition(path: str) -> dict[str, str]:
    """Return the columns that the directories of a path name.

    >>> read_partition("in/year=2024/city=New%20York/a.csv")
    {'year': '2024', 'city': 'New York'}
    """
    if "=" not in path:
        return {}
    from urllib.parse import unquote

    partition: dict[str, str] = {}
    for folder in path.split(os.sep)[:-1]:
        name, equals, value = folder.partition("=")
        if equals and name:
            partition[unquote(name)] = "" if value == NO_VALUE else unquote(value)
    return partition
