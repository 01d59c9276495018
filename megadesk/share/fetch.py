"""The download pipeline over a link: the same as for a locker (transfer/download.py), from other stores.

What differs: contents bear no keyed digests, so what an interrupted run has written is known by digests kept beside it
(resume.py), and no older versions of a file are known.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NoReturn

from megadesk.crypto import aead
from megadesk.crypto.aead import SLICE_BYTES, SLICE_SEGMENT_PLAIN
from megadesk.format import names
from megadesk.format.envelope import slice_aad
from megadesk.format.ops import FileContent, Operation, SliceRef
from megadesk.share.resume import ResumeFile
from megadesk.stores.api import Store
from megadesk.transfer.control import Control
from megadesk.transfer.download import Download
from megadesk.transfer.download_items import DownloadItem
from megadesk.transfer.port import ConflictResolver, Existing, Journal
from megadesk.transfer.progress import Board
from megadesk.types import LockerId, NodeId, VersionId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from megadesk.transfer.large_file import LargeFile


class LinkPort:
    """What the pipeline needs of a locker, for a link: nothing is ever written through it."""

    digest_key = bytes(32)

    def __init__(self, locker: LockerId, store: Store) -> None:
        self.locker_id = locker
        self._store = store

    @property
    def store(self) -> Store:
        return self._store

    @property
    def journal(self) -> Journal:
        _nothing_is_written()

    def children(self, folder: NodeId) -> dict[bytes, Existing]:
        _nothing_is_written()

    def file_content(self, node: NodeId, version: VersionId | None = None) -> FileContent:
        _nothing_is_written()

    def resolved(self, content: FileContent) -> FileContent:
        return content

    def reusable_slices(self, node: NodeId) -> tuple[SliceRef | None, ...]:
        return ()

    def link_target(self, node: NodeId) -> bytes:
        return b""

    def known_states(self, node: NodeId) -> frozenset[tuple[int, int]]:
        return frozenset()

    def own_folders(self) -> Sequence[str]:
        return ()

    def uploading(self) -> AbstractContextManager[object]:
        _nothing_is_written()

    def commit(self, ops: Sequence[Operation]) -> None:
        _nothing_is_written()

    def pieces(self, content: FileContent, start: int, stop: int) -> Iterator[bytes]:
        """Verified bytes ``start`` to ``stop`` of a file, at most a slice at a time; only what is needed is fetched."""
        while start < stop:
            position, inside = divmod(start, SLICE_BYTES)
            size = min(SLICE_BYTES, content.size - position * SLICE_BYTES)
            end = min(size, inside + stop - start)
            yield self._part(content.slices[position], position, size, inside, end)
            start += end - inside

    def _part(self, ref: SliceRef, position: int, size: int, start: int, stop: int) -> bytes:
        name = names.pack(ref.pack)
        first, last = start // SLICE_SEGMENT_PLAIN, (stop - 1) // SLICE_SEGMENT_PLAIN
        begin, _ = aead.slice_segment_span(first, size)
        at, length = aead.slice_segment_span(last, size)
        end = at + length
        if first == 0:
            # The header is in front of it: one request.
            whole = memoryview(self._store.get(name, offset=ref.offset, length=end))
            header, stored = whole[:begin], whole[begin:]
        else:
            header = memoryview(self._store.get(name, offset=ref.offset, length=aead.SLICE_HEADER_BYTES))
            stored = memoryview(self._store.get(name, offset=ref.offset + begin, length=end - begin))
        opener = aead.SliceOpener(ref.key, slice_aad(self.locker_id, position), header, size, object_name=name)
        plain = bytearray((last - first + 1) * SLICE_SEGMENT_PLAIN)
        done = 0
        for number in range(first, last + 1):
            offset, length = aead.slice_segment_span(number, size)
            piece = stored[offset - begin : offset - begin + length]
            done += opener.open_segment_into(number, piece, memoryview(plain)[done:])
        base = first * SLICE_SEGMENT_PLAIN
        return bytes(memoryview(plain)[start - base : stop - base])


def _nothing_is_written() -> NoReturn:
    raise RuntimeError("a link is only read")


class LinkDownload(Download):
    """A download that remembers by itself which slices it has written."""

    def __init__(
        self,
        port: LinkPort,
        items: Iterable[DownloadItem],
        dest: str,
        resolver: ConflictResolver,
        control: Control,
        board: Board,
        resume: ResumeFile,
    ) -> None:
        super().__init__(port, items, dest, resolver, control, board)
        self._resume = resume

    def _fetch_slice(self, work: LargeFile, position: int, buffers: Any) -> None:
        super()._fetch_slice(work, position, buffers)
        size = min(SLICE_BYTES, work.content.size - position * SLICE_BYTES)
        self._resume.add(work.content.slices[position].key, buffers.plain[:size])

    def _is_there(self, descriptor: int, buffer: memoryview, position: int, ref: SliceRef) -> bool:
        size = os.preadv(descriptor, [buffer], position * SLICE_BYTES)
        return size == len(buffer) and self._resume.holds(ref.key, buffer)
