"""A locker to another store: copied object by object, verified, and then used from there.

The order is what makes it safe at every moment. The log entries that are there are listed first, and copied after all
else: whatever an entry refers to was in the store before it. The header comes last: until then the new store holds no
locker. What is written to the old store meanwhile is taken along by further rounds, or by the same command again.

Nothing is deleted, neither here nor there, and no object is decrypted: the copy needs no keys.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from megadesk.core.check import Checker
from megadesk.core.history import History
from megadesk.core.port import Port
from megadesk.errors import (
    IntegrityError,
    LockerExistsError,
    NoLockerError,
    ObjectNotFoundError,
    RollbackError,
    StoreProtocolError,
)
from megadesk.format import names
from megadesk.format.entry import entry_hash
from megadesk.format.envelope import MAX_OBJECT_BYTES
from megadesk.format.header import MAX_HEADER_BYTES
from megadesk.state.index.index import Index
from megadesk.stores.api import ObjectInfo, Store
from megadesk.transfer.control import Control
from megadesk.types import DeviceId, Progress, ProgressCallback

_WORKERS: Final = 4
_ROUNDS: Final = 5
_PIECE_BYTES: Final = 4 << 20
_TRIES: Final = 3


@dataclass
class CopyReport:
    """What a copy did. ``kept``: objects that the target had already, the same ones."""

    copied: int = 0
    copied_bytes: int = 0
    kept: int = 0
    verified_bytes: int = 0


class Copier:
    """One copy; ``run`` once. May be stopped at any moment and begun anew: what is there already is not sent again."""

    def __init__(
        self, source: Store, target: Store, progress: ProgressCallback | None, control: Control | None
    ) -> None:
        self._source = source
        self._target = target
        self._progress = progress or (lambda _: None)
        self._control = control or Control()
        self._report = CopyReport()
        self._lock = threading.Lock()
        self._same: set[str] = set()
        self._total = 0
        self._done = 0

    def run(self) -> CopyReport:
        """Raises NoLockerError, LockerExistsError (of another locker), StoreError, CancelledError."""
        header = self._header()
        for _ in range(_ROUNDS):
            entries = list(self._source.list(names.LOG))
            others = [info for info in self._source.list() if not info.name.startswith(names.LOG)]
            others = [info for info in others if info.name != names.HEADER]
            before = len(self._same)
            self._total = sum(info.size_bytes for info in [*others, *entries])
            self._done = 0
            self._copy_all(others)
            self._target.flush()
            self._copy_all(entries)
            self._target.flush()
            if len(self._same) == before:
                break
        self._target.put(names.HEADER, header)
        self._target.flush()
        if self._target.get(names.HEADER, max_bytes=MAX_HEADER_BYTES) != header:
            raise StoreProtocolError("The new storage gave back another header than it was given.")
        return self._report

    def _header(self) -> bytes:
        try:
            header = self._source.get(names.HEADER, max_bytes=MAX_HEADER_BYTES)
        except ObjectNotFoundError:
            raise NoLockerError("The storage to be copied holds no MegaDesk locker.") from None
        try:
            there = self._target.get(names.HEADER, max_bytes=MAX_HEADER_BYTES)
        except ObjectNotFoundError:
            return header
        if there != header:
            raise LockerExistsError(
                "The new storage holds another locker already.", remedy="Choose another folder there."
            )
        return header

    def _copy_all(self, infos: Iterable[ObjectInfo]) -> None:
        """With a few threads. The first error of any is raised."""
        wanted = [info for info in infos if info.name not in self._same]
        there = _listed(self._target, wanted)
        work: queue.SimpleQueue[ObjectInfo | None] = queue.SimpleQueue()
        for info in wanted:
            work.put(info)
        failures: list[BaseException] = []
        control = Control(self._control)

        def run() -> None:
            try:
                while (info := work.get()) is not None:
                    control.step()
                    self._copy(info, there.get(info.name))
            except BaseException as error:  # noqa: BLE001  (raised below)
                failures.append(error)
                control.cancel()

        threads = [threading.Thread(target=run, name="locker-copy", daemon=True) for _ in range(_WORKERS)]
        for _ in threads:
            work.put(None)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def _copy(self, info: ObjectInfo, size_there: int | None) -> None:
        try:
            digest = None
            if size_there == info.size_bytes:
                digest = _digest(self._source, info)
                if _digest(self._target, info) == digest:
                    self._note(info, kept=True)
                    return
            for _ in range(_TRIES):
                digest = self._send(info)
                if _digest(self._target, info) == digest:
                    self._note(info, kept=False)
                    return
        except ObjectNotFoundError as error:
            # Garbage was collected meanwhile, or a checkpoint gave way to a newer one.
            if not self._is_gone(info):
                raise StoreProtocolError(
                    f"The new storage lost the object {info.name} at once.", object_name=info.name
                ) from error
            return
        raise StoreProtocolError(
            f"The new storage gives back another object {info.name} than it was given.", object_name=info.name
        )

    def _is_gone(self, info: ObjectInfo) -> bool:
        try:
            self._source.stat(info.name)
        except ObjectNotFoundError:
            return not info.name.startswith(names.LOG)
        return False

    def _send(self, info: ObjectInfo) -> bytes:
        """The SHA-256 of what was sent."""
        if info.size_bytes <= MAX_OBJECT_BYTES:
            data = self._source.get(info.name, length=info.size_bytes)
            self._target.put(info.name, data)
            return hashlib.sha256(data).digest()
        digest = hashlib.sha256()
        with (
            self._source.open_read(info.name) as reading,
            self._target.open_write(info.name, info.size_bytes) as writing,
        ):
            for start in range(0, info.size_bytes, _PIECE_BYTES):
                self._control.step()
                piece = reading.read(start, min(_PIECE_BYTES, info.size_bytes - start))
                digest.update(piece)
                writing.write(piece)
            writing.commit()
        return digest.digest()

    def _note(self, info: ObjectInfo, *, kept: bool) -> None:
        with self._lock:
            self._same.add(info.name)
            self._report.kept += kept
            self._report.copied += not kept
            self._report.copied_bytes += 0 if kept else info.size_bytes
            self._report.verified_bytes += info.size_bytes
            self._done += info.size_bytes
            self._progress(Progress(self._done, self._total, "copying"))


def _listed(store: Store, wanted: list[ObjectInfo]) -> dict[str, int]:
    """Sizes of those of ``wanted`` that the store has."""
    asked = {info.name for info in wanted}
    return {info.name: info.size_bytes for info in store.list() if info.name in asked}


def _digest(store: Store, info: ObjectInfo) -> bytes:
    if info.size_bytes <= MAX_OBJECT_BYTES:
        return hashlib.sha256(store.get(info.name, length=info.size_bytes)).digest()
    digest = hashlib.sha256()
    for start in range(0, info.size_bytes, _PIECE_BYTES):
        digest.update(store.get(info.name, offset=start, length=min(_PIECE_BYTES, info.size_bytes - start)))
    return digest.digest()


def require_same(target: Store, history: History, index: Index, port: Port) -> None:
    """Raises RollbackError unless ``target`` has all that this machine knows of the locker; StoreError, DamagedError.

    That is the header, every device's enrolment, the newest entry known of every log, entry by entry what leads to it,
    and every pack that a version needs.
    """
    header = history.header_bytes()
    try:
        if target.get(names.HEADER, max_bytes=MAX_HEADER_BYTES) != header:
            raise RollbackError("The new storage holds another locker.", object_name=names.HEADER)
    except ObjectNotFoundError:
        raise NoLockerError(
            "The new storage holds no locker.", remedy="Copy this one there first: megadesk locker copy"
        ) from None
    for device, head in history.heads().items():
        _require_log(target, history, device, head.seq, head.hash)
    there = {info.name for info in target.list(names.DEVICES)}
    for row in history.devices().values():
        if names.device(row.id) not in there:
            raise _lacking(names.device(row.id))
    packs = {info.name for info in target.list(names.PACKS)}
    for use in Checker(index, history, port, None, None).uses():
        if names.pack(use.ref.pack) not in packs:
            raise _lacking(names.pack(use.ref.pack))


def _require_log(target: Store, history: History, device: bytes, seq: int, expected: bytes) -> None:
    folder = names.log_folder(DeviceId(device))
    found = [parsed[1] for info in target.list(folder) if (parsed := names.parse_entry(info.name))]
    missing = set(range(1, seq + 1)) - set(found)
    name = names.entry(DeviceId(device), min(missing, default=seq))
    if missing:
        raise _lacking(name)
    data = target.get(name, max_bytes=MAX_OBJECT_BYTES)
    try:
        _, record = history.logs.open(DeviceId(device), seq, data)
    except IntegrityError:
        record = b""
    if entry_hash(record) != expected:
        raise RollbackError(
            f"The new storage has another entry {name} than the one known here.", object_name=name, remedy=_COPY
        )


_COPY: Final = "Nothing was changed. Copy the locker there again: megadesk locker copy"


def _lacking(name: str) -> RollbackError:
    return RollbackError(f"The new storage lacks the object {name}.", object_name=name, remedy=_COPY)
