"""Slices of a large file: which of them are fetched together, and how they are written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from megadesk.crypto import aead
from megadesk.format.ops import FileContent, SliceRef
from megadesk.transfer.large_file import LargeFile, write_fully
from megadesk.types import PackId

SLICE = aead.SLICE_BYTES
STORED = aead.slice_stored_size(SLICE)


def large(tmp_path: Path, *places: tuple[int, int], last: int = SLICE) -> LargeFile:
    """Of slices in these packs, at these offsets."""
    refs = [
        SliceRef(key=bytes(32), pack=PackId(bytes([pack]) * 16), offset=offset, digest=bytes(32))
        for pack, offset in places
    ]
    content = FileContent((len(refs) - 1) * SLICE + last, tuple(refs))
    return LargeFile(str(tmp_path / "file"), content, 0o600, 0, lambda _: None)


@pytest.mark.parametrize(
    ("places", "last", "runs"),
    [
        ([(1, 0), (1, STORED)], SLICE, [range(2)]),
        ([(1, STORED), (1, 0)], SLICE, [range(2)]),
        ([(1, 900), (1, 900 + STORED)], 5, [range(2)]),
        ([(1, aead.slice_stored_size(5)), (1, 0)], 5, [range(2)]),
        ([(1, 0), (2, STORED)], SLICE, [range(1), range(1, 2)]),
        ([(1, 0), (1, STORED + 1)], 5, [range(1), range(1, 2)]),
        ([(1, 0), (2, 0), (1, STORED)], 5, [range(1), range(1, 2), range(2, 3)]),
    ],
    ids=["in turn", "other way", "short one behind", "short one before", "two packs", "gap", "another between"],
)
def test_what_is_fetched_together(tmp_path: Path, places: list[tuple[int, int]], last: int, runs: list[range]) -> None:
    file = large(tmp_path, *places, last=last)
    assert list(iter(file.claim, None)) == runs
    for run in runs:
        start, end = file.stretch(run)
        assert start == min(places[position][1] for position in run)
        assert end - start == sum(aead.slice_stored_size(SLICE if i < len(places) - 1 else last) for i in run)


def test_writing_is_in_pieces_and_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large ones cost several times the time where the kernel's memory has lain idle."""
    sizes: list[int] = []
    pwrite = os.pwrite

    def short(descriptor: int, data: memoryview, offset: int) -> int:
        sizes.append(len(data))
        return pwrite(descriptor, data[: len(data) // 2 + 1], offset)

    monkeypatch.setattr(os, "pwrite", short)
    data = os.urandom(700_001)
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    try:
        write_fully(descriptor, memoryview(data), 3)
    finally:
        os.close(descriptor)
    assert (tmp_path / "file").read_bytes() == bytes(3) + data
    assert max(sizes) <= 128 << 10
