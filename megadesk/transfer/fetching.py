"""What the fetchers of a download work on and with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from megadesk.crypto import aead
from megadesk.format.ops import MAX_PACK_BYTES, SliceRef
from megadesk.transfer.download_items import Target
from megadesk.transfer.progress import Travel
from megadesk.types import PackId

_GAP_BYTES: Final = 1 << 20
"""Two ranges of a pack nearer than this are fetched as one."""


class Pack(NamedTuple):
    """Small files of one pack, by ascending offset."""

    pack: PackId
    members: list[tuple[SliceRef, Target]]


class Buffers:
    """What one fetcher reuses from slice to slice."""

    def __init__(self) -> None:
        self.stored = memoryview(bytearray(MAX_PACK_BYTES))
        self.plain = memoryview(bytearray(aead.SLICE_BYTES))
        self.base = 0
        """Of a large file: which byte of the pack the first one of ``stored`` is."""
        self.ahead: set[int] = set()
        """Positions of slices that are in ``stored`` already."""
        self.travel: Travel | None = None
        """What is on its way to ``stored``."""


def requests(members: list[tuple[SliceRef, Target]]) -> Iterator[list[tuple[SliceRef, Target]]]:
    """Members whose slices lie close enough to be fetched in one request."""
    run: list[tuple[SliceRef, Target]] = []
    end = 0
    for ref, target in members:
        if run and ref.offset - end > _GAP_BYTES:
            yield run
            run = []
        run.append((ref, target))
        end = max(end, ref.offset + aead.slice_stored_size(target.item.size))
    if run:
        yield run
