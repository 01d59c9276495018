"""Slices sealed anew into packs of a locker: for what a link showed and must not open any more, and for what somebody
else's link shows and is to be kept here.

One thread, one pack at a time: it is seldom done, and what it costs is the storage's time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from megadesk.core.port import Port
from megadesk.crypto import aead
from megadesk.crypto.aead import SLICE_BYTES
from megadesk.crypto.kdf import digest_once
from megadesk.crypto.keys import fresh_slice_key
from megadesk.format import names
from megadesk.format.envelope import slice_aad
from megadesk.format.ops import (
    MAX_INLINE_SLICES,
    AddVersion,
    FileContent,
    Operation,
    Purge,
    SliceRef,
    encode_slice_list,
)
from megadesk.transfer.packs import PackBuffer
from megadesk.transfer.port import NodeIds
from megadesk.tree.rows import VersionRow
from megadesk.types import NodeId, VersionId


class Resealer:
    """Fills packs. ``put`` what is left before anything refers to it; hold ``port.uploading()`` meanwhile."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._pack = PackBuffer()
        self._pending = False

    def slice(self, plain: memoryview, position: int) -> SliceRef:
        """One slice, as number ``position`` of its file, under a fresh key. Raises StoreError."""
        stored = aead.slice_stored_size(len(plain))
        offset = self._pack.place(stored)
        if offset is None:
            self.put()
            offset = self._pack.place(stored)
            assert offset is not None
        digest = digest_once(self._port.digest_key, plain)
        key = fresh_slice_key(digest)
        view = self._pack.view[offset : offset + stored]
        aead.seal_slice_into(key, slice_aad(self._port.locker_id, position), plain, view)
        self._pending = True
        return SliceRef(self._pack.id, offset, key, digest)

    def content(self, size: int, slices: Iterable[SliceRef]) -> FileContent:
        """A content of these slices, with a slice list in packs where there are many."""
        refs = tuple(slices)
        if len(refs) <= MAX_INLINE_SLICES:
            return FileContent(size, refs)
        data = memoryview(encode_slice_list(refs))
        listed = tuple(
            self.slice(data[start : start + SLICE_BYTES], position)
            for position, start in enumerate(range(0, len(data), SLICE_BYTES))
        )
        return FileContent(size, listed, indirect=len(data))

    def put(self) -> None:
        """Put the pack that is being filled, if anything is in it. Safe to repeat after an error."""
        if self._pending:
            self._port.store.put(names.pack(self._pack.id), self._pack.finish(), create_only=True)
            self._pending = False
            self._pack.reset()

    def close(self) -> None:
        self._pack.free()


def replacing(
    ids: NodeIds,
    node: NodeId,
    versions: Sequence[VersionRow],
    heads: Sequence[VersionId],
    made: Mapping[VersionId, FileContent],
    shown: tuple[int, int],
) -> list[Operation]:
    """What puts new versions with the contents ``made`` in the place of all kept ones of a file, and purges those.

    ``ids`` names the new ones. ``versions``: newest first; ``heads``: the current ones, the one that is shown first;
    ``shown``: mode and time (ns) of the file, which may have been set apart from its version. Earlier versions come
    first, each upon the one that it stands for and the one before; then the heads, the current one last.
    """
    by_id = {row.id: row for row in versions}
    earlier = [row.id for row in reversed(versions) if row.id not in heads]
    ops: list[Operation] = []
    above: tuple[VersionId, ...] = ()
    for old in (*earlier, *reversed(heads)):
        new = VersionId(ids.new())
        row = by_id[old]
        current = old == heads[0]
        # A conflict copy stays beside the current version; only what came before is below it.
        bases = (old, *above) if old not in heads or current else (old,)
        mode, mtime_ns = shown if current else (row.mode, row.mtime_ns)
        ops.append(AddVersion(node, new, bases, mode, mtime_ns, made[old]))
        if old not in heads:
            above = (new,)
    return [*ops, Purge(node, tuple(by_id))]
