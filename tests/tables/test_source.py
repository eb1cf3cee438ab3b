"""The bytes of a table, and their copy on disk."""

from __future__ import annotations

import gzip
from contextlib import closing

import pytest

from adcli.errors import RequestError
from adcli.tables.source import Source


def test_without_a_place_for_temporary_files_nothing_is_copied(tmp_path, monkeypatch):
    path = tmp_path / "rows.npz.gz"
    path.write_bytes(gzip.compress(b"PK\x03\x04"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with (
        closing(Source(str(path))) as source,
        pytest.raises(RequestError, match="to disk: No such file"),
    ):
        source.seekable()
