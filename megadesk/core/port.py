"""An open locker as the transfer pipelines see it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager

from megadesk.core.history import History
from megadesk.core.rebase import Rebase
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import aead
from megadesk.errors import (
    DecodeError,
    IntegrityError,
    LocalFileError,
    ObjectNotFoundError,
    PathError,
    StoreUnavailableError,
)
from megadesk.format import names
from megadesk.format.entry import slices_problem
from megadesk.format.envelope import slice_aad
from megadesk.format.ops import (
    AddVersion,
    Content,
    Create,
    FileContent,
    LinkContent,
    Operation,
    SliceRef,
    decode_content,
    decode_slice_list,
)
from megadesk.state.index.index import Index, Session
from megadesk.state.lock import FileLock
from megadesk.stores.api import Store
from megadesk.stores.verified import verified
from megadesk.transfer.control import Control
from megadesk.transfer.download import Download
from megadesk.transfer.download_items import DownloadItem
from megadesk.transfer.port import Conflict, ConflictResolver, Existing, alternative_name
from megadesk.transfer.progress import Board
from megadesk.transfer.tables import SqlJournal
from megadesk.transfer.upload import slice_size
from megadesk.tree.rows import NodeRow
from megadesk.types import ROOT, LockerId, NodeId, NodeKind, VersionId

_EMPTY = FileContent(0, ())
_ID_BYTES = 16
_KINDS = tuple(NodeKind)


class Port:
    """transfer.port.LockerPort over the history and the index. Thread-safe."""

    def __init__(
        self,
        store: Store,
        index: Index,
        history: History,
        secrets: LockerSecrets,
        uploads_lock: FileLock,
        own_folders: Sequence[str],
    ) -> None:
        self.locker_id: LockerId = secrets.locker_id
        self.digest_key = secrets.digest_key()
        self.journal = SqlJournal(index)
        self._store = store
        self._index = index
        self._history = history
        self._uploads_lock = uploads_lock
        self._own_folders = own_folders
        self._rebase = Rebase()

    @property
    def store(self) -> Store:
        return self._store

    def own_folders(self) -> Sequence[str]:
        return self._own_folders

    def uploading(self) -> AbstractContextManager[object]:
        return self._uploads_lock.hold(shared=True)

    def children(self, folder: NodeId) -> dict[bytes, Existing]:
        found: dict[bytes, Existing] = {}
        with self._index.read() as session:
            key = session.table.key_of(folder)
            if key is None:
                raise PathError("The destination folder is no longer in the locker.")
            rows = session.table.listing(key)
            rows.reverse()
            while rows:  # 100,000 that die all at once hold the interpreter for 20 ms
                _, node, name, kind, mode, mtime_ns, size, head, _ = rows.pop()
                # Of duplicates the first placed bears the bare name; rows come by name, then age.
                if name not in found:
                    version = None if head is None else VersionId(head or node)
                    found[name] = Existing(NodeId(node), _KINDS[kind], size, mtime_ns, mode, version)
        return found

    def file_content(self, node: NodeId, version: VersionId | None = None) -> FileContent:
        with self._index.read() as session:
            content = self._content(session, node, version)
        if content is None:
            return _EMPTY
        if not isinstance(content, FileContent):
            raise PathError("That is not a file.")
        return self.resolved(content)

    def reusable_slices(self, node: NodeId) -> tuple[SliceRef | None, ...]:
        try:
            slices = self.file_content(node).slices
        except (IntegrityError, ObjectNotFoundError, PathError):
            return ()  # the slice list is damaged, or the node is gone: everything is sent anew
        with self._index.read() as session:
            condemned = {row.pack for row in session.records.condemned()}
        return tuple(None if ref.pack in condemned else ref for ref in slices)

    def link_target(self, node: NodeId) -> bytes:
        with self._index.read() as session:
            content = self._content(session, node, None)
        return content.target if isinstance(content, LinkContent) else b""

    def known_states(self, node: NodeId) -> frozenset[tuple[int, int]]:
        with self._index.read() as session:
            return frozenset((row.size_bytes, row.mtime_ns) for row in session.view.versions(node))

    @staticmethod
    def _content(session: Session, node: NodeId, version: VersionId | None) -> FileContent | LinkContent | None:
        if version is None:
            heads = session.view.heads(node)
            if not heads:
                return None
            version = heads[0]
        data = session.view.content(node, version)
        return decode_content(data) if data is not None else None

    def resolved(self, content: FileContent) -> FileContent:
        """With its real slices, when they are in packs of their own. Raises IntegrityError, StoreError."""
        if not content.indirect:
            return content
        data = b"".join(
            self._read_slice(ref, position, slice_size(content.indirect, position))
            for position, ref in enumerate(content.slices)
        )
        name = names.pack(content.slices[0].pack)
        whole = FileContent(content.size, decode_slice_list(data, name))
        if problem := slices_problem(whole):
            raise DecodeError(f"The slice list in {name} is of {problem}.", object_name=name)
        return whole

    def _read_slice(self, ref: SliceRef, position: int, size: int) -> bytes:
        name = names.pack(ref.pack)

        def read() -> bytes:
            stored = self._store.get(name, offset=ref.offset, length=aead.slice_stored_size(size))
            return aead.open_slice(ref.key, slice_aad(self.locker_id, position), stored, size, object_name=name)

        return verified(self._store, name, read)

    def read(self, node: NodeId, version: VersionId | None, max_bytes: int) -> bytes:
        """The beginning of a file, in memory and verified. Raises PathError, IntegrityError, StoreError."""
        content = self.file_content(node, version)
        parts: list[bytes] = []
        left = min(content.size, max_bytes)
        for position, ref in enumerate(content.slices):
            if left <= 0:
                break
            part = self._read_slice(ref, position, slice_size(content.size, position))
            parts.append(part[:left])
            left -= len(part)
        return b"".join(parts)

    def commit(self, ops: Sequence[Operation]) -> None:
        self._history.append(lambda: self._fitted(ops), applied=self._rebase.committed)

    def _fitted(self, ops: Sequence[Operation]) -> Sequence[Operation]:
        """Asked inside the append lock. Refuses to refer to a pack that a device has condemned: it may be deleted."""
        with self._index.read() as session:
            self.refuse_condemned(session, ops)
            return self._rebase.fitted(session, ops)

    @staticmethod
    def refuse_condemned(session: Session, ops: Sequence[Operation]) -> None:
        """Raises StoreUnavailableError when ``ops`` refer to a pack that a device has condemned. In the append lock."""
        condemned = {row.pack for row in session.records.condemned()}
        if condemned and not condemned.isdisjoint(packs_of(ops)):
            raise StoreUnavailableError(
                "Parts of this upload were cleaned up by another device while it was interrupted.",
                remedy="They are sent again at the next try.",
            )

    def write_version(self, node: NodeId, version: VersionId, folder: str) -> str:
        """One version of a file as a new file in ``folder``; its path. Raises PathError, LocalFileError."""
        item = next(self.items([node], version))
        name = item.path
        if os.path.lexists(os.path.join(folder, name)):
            name = alternative_name(name, lambda n: os.path.lexists(os.path.join(folder, n)))
        resolver = ConflictResolver(Conflict.KEEP_BOTH, None)
        report = Download(self, [item._replace(path=name)], folder, resolver, Control(), Board()).run()
        if report.failures:
            raise LocalFileError(report.failures[0].message, path=os.path.join(folder, name))
        return os.path.join(folder, name)

    # --- what a download fetches

    def items(self, sources: Sequence[bytes], version: VersionId | None = None) -> Iterator[DownloadItem]:
        """What `download_source` named, with all that is below, folders before their contents."""
        for source in sources:
            node, copy = NodeId(source[:_ID_BYTES]), VersionId(source[_ID_BYTES:])
            with self._index.read() as session:
                row = session.view.get(node)
                if row is not None and copy:
                    row = next(
                        (r for r in session.view.iter_folder(row.parent) if (r.id, r.head) == (node, copy)), None
                    )
                if row is None and node != ROOT:
                    raise PathError("That file or folder is no longer in the locker.")
                first = self._item(session, row, row.display_name, version) if row else None
            if first is not None:
                yield first
            if row is None or row.kind is NodeKind.FOLDER:
                yield from self._below(node, first.path if first else "")

    def _below(self, folder: NodeId, path: str) -> Iterator[DownloadItem]:
        pending = [(folder, path)]
        while pending:
            node, prefix = pending.pop()
            with self._index.read() as session:
                rows = list(session.view.iter_folder(node))
                key = session.table.key_of(node)
                # One question for the folder instead of several for each of its files.
                contents = session.table.current_contents(key) if key is not None else {}
                start = f"{prefix}/" if prefix else ""
                items = [
                    self._item(session, row, start + row.display_name, row.head, contents.get(row.id)) for row in rows
                ]
            below = []
            for row, item in zip(rows, items, strict=True):
                yield item
                if row.kind is NodeKind.FOLDER:
                    below.append((row.id, item.path))
            pending.extend(reversed(below))

    def _item(
        self, session: Session, row: NodeRow, path: str, version: VersionId | None, current: bytes | None = None
    ) -> DownloadItem:
        """``current``: the encoded content of the node's current version, if it was asked for already."""
        content: FileContent | None = None
        target = b""
        size, mode, mtime_ns = row.size_bytes, row.mode, row.mtime_ns
        if row.kind is not NodeKind.FOLDER:
            found: Content | None
            if current is not None and not row.conflict:
                found = decode_content(current)
            else:
                found = self._content(session, row.id, version or row.head)
            if isinstance(found, LinkContent):
                target = found.target
            elif found is not None:
                content = found
                size = content.size
                if version is not None and version != row.head:
                    chosen = next(v for v in session.view.versions(row.id) if v.id == version)
                    mode, mtime_ns = chosen.mode, chosen.mtime_ns
        return DownloadItem(path, row.kind, size, mode, mtime_ns, content, target, row.id)


def download_source(row: NodeRow) -> bytes:
    """What a download keeps of a row: the node's id, and of a conflict copy, which has the same, the version's too."""
    return row.id + row.head if row.conflict and row.head else row.id


def packs_of(ops: Iterable[Operation]) -> Iterator[bytes]:
    """Packs that the contents in ``ops`` refer to."""
    for op in ops:
        if isinstance(op, Create | AddVersion) and isinstance(op.content, FileContent):
            for ref in op.content.slices:
                yield ref.pack
