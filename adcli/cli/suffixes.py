"""The suffixes of files: which format each one means, and which ones a command writes.

A format is a format of results, tables or pictures, or a target of `adcli code`. The suffix of a compression
(``.gz``, ``.zst``, ``.bz2``, ``.xz``) may follow every one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from ..compression import without_suffix
from ..errors import RequestError, quoted_path

_SUFFIXES = {  # of formats that tables do not have and whose suffixes are not their names
    "latex": ("tex",), "markdown": ("md",),
    "dot": ("dot", "gv"), "mermaid": ("mmd", "mermaid"), "html": ("html", "htm"),
}  # fmt: skip
_PICTURES = ("svg", "png", "pdf", "html")  # formats of pictures that nobody reads as text
Formats = Mapping[str, Sequence[str]]  # from each format to its suffixes, without dots


def table_formats() -> list[str]:
    """Return the formats of results at many points."""
    from ..tables.formats import FORMATS

    return [row.name for row in FORMATS if row.writes]


def code_targets() -> Formats:
    """Return the targets of `adcli code` with their suffixes."""
    from ..codegen import load_target, target_names

    return {name: [suffix.removeprefix(".") for suffix in load_target(name).suffixes] for name in target_names()}


def with_suffixes(formats: Iterable[str]) -> Formats:
    """Return formats with the suffixes that mean them.

    >>> with_suffixes(["text", "tsv", "svg"])
    {'text': ('txt', 'dat'), 'tsv': ('tsv', 'tab'), 'svg': ('svg',)}
    """
    from ..tables.formats import BY_NAME

    tables = {name: row.suffixes for name, row in BY_NAME.items()}
    return {name: tables.get(name, _SUFFIXES.get(name, (name,))) for name in formats}


def is_for_files(name: str) -> bool:
    """Return whether a format is for programs alone, so that a terminal must not get it.

    >>> is_for_files("png"), is_for_files("parquet"), is_for_files("mermaid"), is_for_files("csv")
    (True, True, False, False)
    """
    from ..tables.formats import BY_NAME

    return name in _PICTURES or (name in BY_NAME and BY_NAME[name].binary)


def suffix_of(path: str) -> str:
    """Return the suffix of a file's name in small letters, without that of a compression, or an empty text.

    >>> suffix_of("a.b/Rows.CSV.gz"), suffix_of("rows.csv.zst"), suffix_of("a.b/rows"), suffix_of(".hidden")
    ('csv', 'csv', '', '')
    >>> suffix_of("https://host/a.csv?token=1f")
    'csv'
    """
    from ..store.entry import without_query

    name = without_suffix(os.path.basename(without_query(path)).lower())
    return os.path.splitext(name)[1].removeprefix(".")


def format_by_suffix(path: str, formats: Formats, command: str, option: str = "--format") -> str | None:
    """Return the format that a file's suffix means, or None without a suffix.

    Args:
        path: where the command writes.
        formats: what it writes.
        command: its name, for the message.
        option: the option that chooses a format for any name.

    Raises:
        RequestError: the command does not write files of this suffix.

    >>> format_by_suffix("rows.tab", with_suffixes(["text", "tsv"]), "grad")
    'tsv'
    """
    suffix = suffix_of(path)
    name = next((name for name, suffixes in formats.items() if suffix in suffixes), None)
    if name is None and suffix:
        known = [f".{suffixes[0]}" for suffixes in formats.values() if suffixes]
        hint = f"use {', '.join(known)}, or choose with {option}"
        raise RequestError(f"-o {quoted_path(path)}: {command} does not write .{suffix} files", hint=hint)
    return name
