"""What devices that were shut out can still read: the packs named by entries under an epoch that they have.

An entry under such an epoch gives them the keys of the slices it names, for as long as those lie in the store. Which
entries those are is told by the logs alone; a later version under a newer epoch may use slices of an earlier one, so it
is packs that count and not versions. Each entry is read once; what was found is kept in the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from megadesk.core.history import History
from megadesk.core.port import Port
from megadesk.core.secrets import LockerSecrets
from megadesk.errors import IntegrityError, ObjectNotFoundError
from megadesk.format.entry import Entry
from megadesk.format.ops import AddVersion, Create, FileContent
from megadesk.state.index.index import Index
from megadesk.transfer.control import Control
from megadesk.types import DeviceId, EpochId, NodeId, PackId, Progress, ProgressCallback

_META = "exposure"
_SAVE_EVERY = 500
"""Entries; a run that is stopped reads no more than so many again."""


@dataclass
class Left:
    """What is still under keys that a removed device has. Sizes are those of the contents."""

    files: int = 0
    bytes: int = 0
    conflicts: int = 0
    """Files among them that wait until their conflict is settled."""
    linked_packs: int = 0
    """Packs that links keep, which were made before: they go when those are taken back."""


class _Memo(msgspec.Struct):
    """``epoch``: the one that all others are measured against. ``read``: entries of each device."""

    epoch: bytes
    read: dict[bytes, int] = {}
    packs: set[bytes] = set()
    doubtful: set[bytes] = set()


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(_Memo)


class Exposure:
    """For one thread at a time."""

    def __init__(self, index: Index, history: History, port: Port, secrets: LockerSecrets) -> None:
        self._index = index
        self._history = history
        self._port = port
        self._secrets = secrets
        self._memo = _Memo(b"")

    def possible(self) -> bool:
        """Whether any device was ever shut out."""
        return any(row.revoked for row in self._history.devices().values())

    @property
    def packs(self) -> set[bytes]:
        """As of the last ``update``."""
        return self._memo.packs

    @property
    def doubtful(self) -> set[bytes]:
        """Files of whose earlier versions it cannot be told any more which packs they had."""
        return self._memo.doubtful

    def update(self, progress: ProgressCallback | None = None, control: Control | None = None) -> None:
        """Read the entries that are new. Raises IntegrityError, StoreError, CancelledError."""
        self._memo = self._load()
        if not self.possible():
            return
        todo = list(self._unread())
        for number, (device, seq) in enumerate(todo):
            if control is not None:
                control.step()
            if progress is not None:
                progress(Progress(number, len(todo), "log"))
            self.note(*self._history.logs.verify_entry(device, seq))
            if number % _SAVE_EVERY == _SAVE_EVERY - 1:
                self._save()
        if todo:
            self._save()

    def begin(self) -> None:
        """As if nothing had been read, for one who reads all entries anyway: then ``note``, and ``end``."""
        self._memo = _Memo(self._current())

    def end(self) -> None:
        """All entries were taken in."""
        if self.possible():
            self._save()

    def note(self, epoch: EpochId, entry: Entry) -> None:
        """Take an entry in, in the order of its log."""
        memo = self._memo
        memo.read[entry.device] = entry.seq
        if epoch == memo.epoch:
            return
        for op in entry.ops:
            if isinstance(op, Create | AddVersion) and isinstance(op.content, FileContent):
                memo.packs.update(ref.pack for ref in op.content.slices)
                if op.content.indirect:
                    self._note_listed(op.node, op.content)

    def _note_listed(self, node: bytes, content: FileContent) -> None:
        try:
            self._memo.packs.update(ref.pack for ref in self._port.resolved(content).slices)
        except (ObjectNotFoundError, IntegrityError):
            # Its list was deleted with it. What it had in common with later versions cannot be told: all of those.
            self._memo.doubtful.add(node)

    def settled(self, node: NodeId) -> None:
        """All that is kept of a file is under new keys."""
        if node in self._memo.doubtful:
            self._memo.doubtful.discard(node)
            self._save()

    def keep_only(self, packs: set[PackId]) -> None:
        """Forget those that nothing uses any more: nothing ever will again."""
        if not self._memo.packs <= packs:
            self._memo.packs &= packs
            self._save()

    def _current(self) -> bytes:
        return b"" if self._history.wants_epoch else bytes(self._secrets.current_epoch().id)

    def _load(self) -> _Memo:
        current = self._current()
        with self._index.read() as session:
            data = session.records.meta(_META)
        memo = _decoder.decode(data) if data else _Memo(current)
        # Another device was shut out since: it has what was new then.
        return memo if memo.epoch == current else _Memo(current)

    def _save(self) -> None:
        with self._index.write() as session:
            session.records.set_meta(_META, _encode(self._memo))

    def _unread(self) -> Iterator[tuple[DeviceId, int]]:
        for row in self._history.devices().values():
            head = self._history.heads().get(row.id)
            last = head.seq if head else 0
            if row.cutoff_seq is not None:
                last = min(last, row.cutoff_seq)  # what does not count names nothing that is kept
            for seq in range(self._memo.read.get(row.id, 0) + 1, last + 1):
                yield row.id, seq
