"""Compressed data come out whole, whatever the sizes of the pieces, and in pieces of bounded size."""

from __future__ import annotations

import sys

import pytest

from adcli.compression import COMPRESSIONS, Decompressor, by_magic, may_be_magic
from adcli.errors import RequestError

MODULES = {"gzip": "gzip", "bz2": "bz2", "xz": "lzma", "zstd": "backports.zstd"}
DATA = bytes(range(256)) * 20 + bytes(30_000)


def library(compression):
    name = MODULES[compression.name]
    return pytest.importorskip("compression.zstd" if "zstd" in name and sys.version_info >= (3, 14) else name)


def decompress(compression, data: bytes, step: int, most: int) -> bytes:
    stream = Decompressor(compression, "t")
    pieces = []
    for start in range(0, len(data), step):
        stream.feed(data[start : start + step])
        while piece := stream.read(most):
            assert len(piece) <= most
            pieces.append(piece)
        assert stream.needs_input
    stream.finish()
    return b"".join(pieces)


@pytest.mark.parametrize("compression", COMPRESSIONS, ids=lambda each: each.name)
def test_pieces_of_any_size(compression):
    compress = library(compression).compress
    data = compress(DATA) + compress(b"") + compress(DATA)
    assert by_magic(data) is compression
    for step, most in ((1, 1000), (7, 1 << 18), (len(data), 257)):
        assert decompress(compression, data, step, most) == DATA * 2
    for damaged in (data[:-3], data[:40] + bytes(reversed(data[40:60])) * 50):
        with pytest.raises(RequestError, match=r"^t is (cut off|damaged)"):
            decompress(compression, damaged, 10, 1000)


def test_a_skippable_frame_of_zstd_holds_nothing():
    zstd = next(each for each in COMPRESSIONS if each.name == "zstd")
    skipped = b"\x50*M\x18\x03\0\0\0abc"
    data = skipped + library(zstd).compress(DATA) + skipped
    assert by_magic(data) is zstd
    assert decompress(zstd, data, 5, 1000) == DATA


def test_what_begins_like_compressed_data_is_read_on():
    assert may_be_magic(b"BZ")
    assert not may_be_magic(b"BZhang,x")
    assert by_magic(b"BZh9,x\n1,2\n") is None
