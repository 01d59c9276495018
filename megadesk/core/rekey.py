"""Encrypting anew what a link showed, so that keys which its receivers have kept open nothing that is stored any more.

Packs are deleted as a whole, so everything goes that lies in a pack with one of those slices: every kept version that
uses such a pack, wherever it is in the locker, is replaced by a version of the same content under fresh keys, and
purged; the packs then go as all unused ones do (core/garbage.py). What is replaced keeps its order and its place as
current version, but gets the time of the replacement.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple

from megadesk.core.check import Checker
from megadesk.core.history import History
from megadesk.core.port import Port, packs_of
from megadesk.core.reseal import Resealer, replacing
from megadesk.crypto import aead
from megadesk.errors import StoreUnavailableError
from megadesk.format import names
from megadesk.format.entry import batches
from megadesk.format.envelope import slice_aad
from megadesk.format.ops import FileContent, Operation, SliceRef, decode_content
from megadesk.state.index.index import Index, Session
from megadesk.transfer.control import Control
from megadesk.transfer.port import NodeIds
from megadesk.transfer.upload import slice_size
from megadesk.tree.rows import VersionRow
from megadesk.types import ROOT, NodeId, NodeKind, PackId, Progress, ProgressCallback, VersionId

_TRIES = 5


@dataclass
class RekeyReport:
    """``files`` have new versions; ``bytes`` were encrypted anew."""

    files: int = 0
    versions: int = 0
    bytes: int = 0


class _State(NamedTuple):
    """Kept versions of a file, newest first, and which of them are current, the one shown first."""

    versions: list[VersionRow]
    heads: list[VersionId]


class Rekey:
    """One run. Raises StoreError, IntegrityError for a damaged slice, CancelledError; what is done stays done."""

    def __init__(
        self,
        index: Index,
        history: History,
        port: Port,
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> None:
        self._index = index
        self._history = history
        self._port = port
        self._progress = progress or (lambda _: None)
        self._control = control or Control()
        self._report = RekeyReport()
        self._ids = NodeIds()
        self._done: dict[tuple[PackId, int, int], SliceRef] = {}

    def run(self, known: set[PackId], node: NodeId, uploading: AbstractContextManager[object]) -> RekeyReport:
        """Empty the packs ``known`` and all that versions of ``node``, or below it, use."""
        with uploading:
            self._history.refresh()
            wanted = known | self._packs_below(node)
            nodes = self._users(wanted)
            resealer = Resealer(self._port)
            try:
                for number, each in enumerate(sorted(nodes)):
                    self._control.step()
                    self._progress(Progress(number, len(nodes), "files"))
                    self._replace(each, wanted, resealer)
            finally:
                resealer.close()
        return self._report

    def _packs_below(self, node: NodeId) -> set[PackId]:
        with self._index.read() as session:
            row = session.view.get(node)
            chosen = {node}
            if node == ROOT or (row is not None and row.kind is NodeKind.FOLDER):
                chosen |= {below.id for _, below in session.view.walk(node)}
        uses = Checker(self._index, self._history, self._port, None, None).uses()
        return {use.ref.pack for use in uses if use.node in chosen}

    def _users(self, wanted: set[PackId]) -> set[NodeId]:
        uses = Checker(self._index, self._history, self._port, None, None).uses()
        return {use.node for use in uses if use.ref.pack in wanted}

    def _replace(self, node: NodeId, wanted: set[PackId], resealer: Resealer) -> None:
        """All kept versions of one file, unless somebody changes it meanwhile: then once more."""
        for _ in range(_TRIES):
            with self._index.read() as session:
                state = self._state(session, node)
                contents = {row.id: session.view.content(node, row.id) for row in state.versions}
                shown = session.view.get(node)
            if shown is None or not state.versions:
                return
            made: dict[VersionId, FileContent] = {}
            for version, data in contents.items():
                content = decode_content(data or b"")
                assert isinstance(content, FileContent)
                made[version] = self._sealed(content, wanted, resealer)
            resealer.put()
            now = shown.mode, shown.mtime_ns
            if self._commit(node, state, replacing(self._ids, node, state.versions, state.heads, made, now)):
                self._report.files += 1
                self._report.versions += len(made)
                return
        raise StoreUnavailableError("A file kept changing while it was encrypted anew.", remedy="Do it once more.")

    def _commit(self, node: NodeId, state: _State, ops: list[Operation]) -> bool:
        """Whether the file was still as it was planned for; nothing is written otherwise."""
        rest = iter(list(batches(ops)))
        fits = False

        def first() -> list[Operation]:
            nonlocal fits
            with self._index.read() as session:
                fits = self._state(session, node) == state
                condemned = {row.pack for row in session.records.condemned()}
            if fits and not condemned.isdisjoint(packs_of(ops)):
                raise StoreUnavailableError("Another device cleaned up meanwhile.", remedy="Do it once more.")
            return next(rest) if fits else []

        self._history.append(first)
        if fits:
            for batch in rest:
                self._history.append(batch)
        return fits

    @staticmethod
    def _state(session: Session, node: NodeId) -> _State:
        return _State(session.view.versions(node), session.view.heads(node))

    def _sealed(self, content: FileContent, wanted: set[PackId], resealer: Resealer) -> FileContent:
        """The same content, its slices in those packs under fresh keys."""
        whole = self._port.resolved(content)
        refs = [
            self._slice(ref, position, slice_size(whole.size, position), resealer) if ref.pack in wanted else ref
            for position, ref in enumerate(whole.slices)
        ]
        return resealer.content(whole.size, refs)

    def _slice(self, ref: SliceRef, position: int, size: int, resealer: Resealer) -> SliceRef:
        place = (ref.pack, ref.offset, position)
        known = self._done.get(place)
        if known is not None:
            return known  # versions and copies share slices, before as after
        self._control.step()
        name = names.pack(ref.pack)
        stored = self._port.store.get(name, offset=ref.offset, length=aead.slice_stored_size(size))
        plain = aead.open_slice(ref.key, slice_aad(self._port.locker_id, position), stored, size, object_name=name)
        self._report.bytes += size
        made = self._done[place] = resealer.slice(memoryview(plain), position)
        return made
