"""Formats that are not read, by their first bytes, and what to do with such a file."""

from __future__ import annotations

import re

from ..errors import RequestError

PANDAS = "save it as CSV or Parquet, for example with pandas"
FOREIGN = (  # regular expressions for the first bytes
    (rb"\x89HDF", "an HDF5 or NetCDF file", PANDAS),
    (rb"CDF[\x01\x02\x05]", "a NetCDF file", PANDAS),
    (rb"\xd0\xcf\x11\xe0", "an old Excel file", "save it as CSV"),
    (rb"SQLite format 3", "an SQLite database", "export a table: sqlite3 -header -csv FILE 'select * from TABLE'"),
    (rb"ORC[^ -~\s]", "an ORC file", "convert it to Parquet, for example with pyarrow"),
    (rb"Obj\x01", "an Avro file", "convert it to Parquet, for example with Polars"),
    (rb"%PDF-", "a PDF", "copy its table into a CSV file"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a", "a picture", "give a table"),
    (rb"(?i:<!doctype html|<html)", "a web page", "download the file and not the page that shows it"),
    (rb"<\?xml", "XML", "convert it to CSV"),
    (rb"7z\xbc\xaf|Rar!", "an archive", "unpack it"),
)


def refuse_foreign(name: str, head: bytes) -> None:
    """Raise a RequestError if the first bytes of a file are those of a format that is not read."""
    for magic, title, advice in FOREIGN:
        if re.match(magic, head):
            raise RequestError(f"{name} is {title}", hint=advice)


def describe_archive(members: list[str]) -> tuple[str, str]:
    """Return what a zip archive without arrays is, and what to do."""
    if any(member.startswith("xl/") for member in members):
        return "an Excel file", "save the sheet as CSV"
    if any(member.startswith("content.xml") for member in members):
        return "a LibreOffice file", "save the sheet as CSV"
    return "a zip archive without arrays of NumPy", "unpack it, or use .gz"
