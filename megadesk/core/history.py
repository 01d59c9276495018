"""The locker's history on this machine: reading other devices' logs, writing this device's own.

What is read is applied only after everything that proves it: the device is enrolled, the entry is signed and chained to
the one before, and all that its device had seen is applied too. What this machine has once applied it remembers
(heads and entry hashes, in the index, before anything is shown), so that a store that later shows less, or something
else, is found out and named: RollbackError, WithheldError, ForkError.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TypeVar

from megadesk.core.enrolments import RESTORED, open_enrolment, read_enrolments
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto.hpke import HpkeKey
from megadesk.crypto.keys import EpochSecret
from megadesk.errors import (
    DamagedError,
    DecodeError,
    ForkError,
    IntegrityError,
    LockerReadOnlyError,
    ObjectExistsError,
    ObjectNotFoundError,
    RollbackError,
    StoreFullError,
    StoreReadOnlyError,
    WithheldError,
)
from megadesk.format import names
from megadesk.format.entry import ENTRY_VERSION, Entry, Head, entry_hash, open_entry, seal_entry
from megadesk.format.envelope import MAX_OBJECT_BYTES, ObjectType, epoch_of, open_object, seal_object
from megadesk.format.header import MAX_HEADER_BYTES, Header, open_header
from megadesk.format.ops import Operation, Rekey
from megadesk.state.floor import SeqFloor
from megadesk.state.index.index import Index, Session
from megadesk.state.index.records import DeviceRow, HeadRow, Records
from megadesk.state.lock import FileLock
from megadesk.stores.api import Store
from megadesk.stores.verified import verified
from megadesk.tree.merge import Changes
from megadesk.types import DeviceId

log = logging.getLogger(__name__)

_T = TypeVar("_T")

_RELISTS = 3
_BATCH = 64
_FORKED = "Nothing was changed here. Somebody shows different histories to different devices."
_HELD_BACK = "Nothing was changed here. Check the storage, or restore what is missing from a backup."


@dataclass
class RefreshResult:
    """What a refresh brought. ``refused`` are objects that the storage holds but nobody of this locker wrote."""

    entries: int = 0
    changes: Changes = field(default_factory=Changes)
    refused: list[str] = field(default_factory=list)


@dataclass
class _Sent:
    """The entry that one append has begun to send, in its first try or a later one."""

    seq: int = 0
    hash: bytes = b""


@dataclass
class _Reading:
    """One pass over all logs: what is known so far, and what is still to be taken in."""

    heads: dict[DeviceId, HeadRow]
    queues: dict[DeviceId, deque[int]] = field(default_factory=dict)
    opened: dict[DeviceId, tuple[Entry, bytes]] = field(default_factory=dict)
    """The next entry of a log, waiting for what it had seen."""
    accepted: dict[tuple[DeviceId, int], HeadRow] = field(default_factory=dict)
    """Of this pass; the index has those of earlier ones."""
    batch: list[tuple[Entry, bytes]] = field(default_factory=list)

    def accept(self, entry: Entry, record: bytes) -> None:
        head = _head_of(entry, record)
        self.heads[entry.device] = self.accepted[entry.device, entry.seq] = head
        self.queues[entry.device].popleft()
        del self.opened[entry.device]
        self.batch.append((entry, record))

    def take_batch(self) -> list[tuple[Entry, bytes]]:
        batch, self.batch = self.batch, []
        return batch


class History:
    """One locker's logs, seen from one device. Thread-safe; ``append`` is serialised over all processes."""

    def __init__(
        self,
        store: Store,
        index: Index,
        secrets: LockerSecrets,
        append_lock: FileLock,
        floor: SeqFloor,
        on_change: Callable[[Changes], None],
        *,
        recovery: HpkeKey | None = None,
    ) -> None:
        """``recovery``: the recovery key's half that opens epochs, while a device joins by it."""
        self._store = store
        self._index = index
        self._secrets = secrets
        self._lock = append_lock
        self._floor = floor
        self._on_change = on_change
        self._recovery = recovery

    # --- reading

    def refresh(self) -> RefreshResult:
        """Fetch and apply what other devices have written since, and this device's own if it knows more than we do.

        Raises RollbackError, WithheldError, ForkError, DamagedError, DecodeError (nothing wrong is applied; what was
        applied before the discovery stays), StoreError. Safe to repeat.
        """
        return self._locked(self._refresh)

    def _locked(self, action: Callable[[], _T]) -> _T:
        """``action`` under the append lock, which is given back while the store waits before another try."""

        def held() -> _T:
            with self._lock.hold():
                return action()

        return self._store.together(held)

    def _refresh(self, *, to_write: bool = False) -> RefreshResult:
        result = RefreshResult()
        try:
            self._finish_pending(result)
        except (StoreReadOnlyError, StoreFullError):
            # Others can be read all the same; what this device began is completed when it can be.
            if to_write:
                raise
        missing: IntegrityError | None = None
        for attempt in range(_RELISTS):
            result.refused += read_enrolments(self._store, self._index, self._secrets)
            try:
                missing = self._read_logs(result)
            except WithheldError as error:  # a gap in the listing of a log
                missing = error
            if missing is None:
                break
            # Another device may have written between our listing of one log and of the next: look again, then judge.
            if attempt == _RELISTS - 1:
                raise missing
        self._check_floor()
        if result.entries:
            self._on_change(result.changes)
        return result

    def read_devices(self) -> None:
        """Take in the devices only, for a device that has no history yet."""
        self._locked(lambda: read_enrolments(self._store, self._index, self._secrets))

    def _read_logs(self, result: RefreshResult) -> IntegrityError | None:
        """Apply all that can be. Gives the error to be raised if what stays behind does not resolve itself.

        Entries are opened one by one in causal order: a later one may be under a key, or cut off, by an earlier one.
        """
        reading = _Reading(self.heads())
        for row in self.devices().values():
            reading.queues[row.id] = deque(self._new_seqs(row, reading.heads.get(row.id)))
        while self._read_round(reading, result):
            continue
        self._apply(reading.take_batch(), result)
        for device, queue in sorted(reading.queues.items()):
            if queue:
                return self._stuck(device, queue[0], reading)
        return None

    def _read_round(self, reading: _Reading, result: RefreshResult) -> bool:
        """Accept what can be accepted of every log; whether anything was."""
        progress = False
        cutoffs = {row.id: row.cutoff_seq for row in self.devices().values() if row.cutoff_seq is not None}
        for device, queue in sorted(reading.queues.items()):
            while queue:
                if queue[0] > cutoffs.get(device, queue[0]):
                    result.refused += [names.entry(device, seq) for seq in queue]
                    queue.clear()
                    break
                opened = reading.opened.get(device) or self._open_next(device, queue[0])
                if opened is None:
                    break
                reading.opened[device] = opened
                entry, record = opened
                self._check_chain(entry, reading)
                if self._first_missing(entry, reading) is not None:
                    break
                reading.accept(entry, record)
                progress = True
                if any(isinstance(op, Rekey) for op in entry.ops) or len(reading.batch) >= _BATCH:
                    self._apply(reading.take_batch(), result)
                    if entry.ops and any(isinstance(op, Rekey) for op in entry.ops):
                        return True
        return progress

    def _open_next(self, device: DeviceId, seq: int) -> tuple[Entry, bytes] | None:
        """The entry, or None while this device has no key for it: an entry still to be applied may bring it."""
        name = names.entry(device, seq)

        def read() -> tuple[Entry, bytes] | None:
            data = self._store.get(name, max_bytes=MAX_OBJECT_BYTES)
            if epoch_of(data, ObjectType.ENTRY, name) not in self._secrets.by_id():
                return None
            return self.open(device, seq, data)

        return verified(self._store, name, read)

    def _check_chain(self, entry: Entry, reading: _Reading) -> None:
        head = reading.heads.get(entry.device)
        if entry.prev != (head.hash if head else self._secrets.locker_id):
            raise ForkError(
                f"The log of the device {self._name(entry.device)} does not continue the history known here.",
                object_name=names.entry(entry.device, entry.seq),
                remedy=_FORKED,
            )

    def _stuck(self, device: DeviceId, seq: int, reading: _Reading) -> IntegrityError:
        """Why an entry cannot be applied."""
        opened = reading.opened.get(device)
        missing = self._first_missing(opened[0], reading) if opened else None
        if opened is not None and missing is not None:
            return self._withheld(opened[0], missing)
        name = names.entry(device, seq)
        return DamagedError(
            f"The entry {name} is under a key that this device was not given: it may have been removed.",
            object_name=name,
        )

    def _new_seqs(self, row: DeviceRow, head: HeadRow | None) -> list[int]:
        """Numbers of the device's entries after ``head``, without a gap, the head itself being there."""
        device = row.id
        last = head.seq if head else 0
        after = names.entry(device, last - 1) if last else ""
        listed = self._store.list(names.log_folder(device), after)
        found = [parsed[1] for info in listed if (parsed := names.parse_entry(info.name))]
        if last:
            if not found or found[0] != last:
                raise self._rolled_back(device, last)
            found = found[1:]
        for expected, seq in enumerate(found, last + 1):
            if seq != expected:
                raise WithheldError(
                    f"The storage holds back entry {expected} of the device {row.name}, but shows later ones.",
                    object_name=names.entry(device, expected),
                    remedy=_HELD_BACK,
                )
        return found

    def _fetch(self, device: DeviceId, seq: int) -> tuple[Entry, bytes]:
        name = names.entry(device, seq)
        return verified(
            self._store, name, lambda: self.open(device, seq, self._store.get(name, max_bytes=MAX_OBJECT_BYTES))
        )

    def open(self, device: DeviceId, seq: int, data: bytes) -> tuple[Entry, bytes]:
        """An entry's object decrypted and its signature verified. Raises DamagedError or DecodeError."""
        name = names.entry(device, seq)
        record = open_object(ObjectType.ENTRY, self._secrets.locker_id, name, self._secrets.by_id(), data)
        row = self.devices().get(device)
        if row is None:
            raise DamagedError(f"{name} is of a device that nobody of this locker has let in.", object_name=name)
        return open_entry(record, self._secrets.locker_id, device, seq, row.sign_pk, name), record

    def _first_missing(self, entry: Entry, reading: _Reading) -> Head | None:
        """The first of what its device had seen that is not applied here.

        Raises ForkError when it has seen another history, DecodeError when its clock is not one more than the latest
        of what it follows: the order of all operations rests on that.
        """
        own = reading.heads.get(entry.device)
        clocks = [own.lamport if own else 0]
        all_known = own is None or own.seq == entry.seq - 1
        for seen in entry.seen:
            head = reading.heads.get(seen.device)
            if head is None or head.seq < seen.seq:
                return seen
            known = reading.accepted.get((seen.device, seen.seq))
            expected, lamport = (known.hash, known.lamport) if known else self._applied(seen.device, seen.seq)
            if expected is None:
                all_known = False  # a checkpoint stood for it
            elif expected != seen.hash:
                raise ForkError(
                    f"The device {self._name(entry.device)} has seen another history of the device "
                    f"{self._name(seen.device)} than this one.",
                    object_name=names.entry(seen.device, seen.seq),
                    remedy=_FORKED,
                )
            clocks.append(lamport)
        latest = max(clocks)
        if entry.lamport <= latest or (all_known and entry.lamport != latest + 1):
            name = names.entry(entry.device, entry.seq)
            raise DecodeError(f"{name} has a clock that does not follow from what it has seen.", object_name=name)
        return None

    def _applied(self, device: DeviceId, seq: int) -> tuple[bytes | None, int]:
        """(hash, clock) of an entry applied here; (None, 0) of one that a checkpoint stood for."""
        with self._index.read() as session:
            return session.records.applied(device, seq)

    def _apply(self, batch: Sequence[tuple[Entry, bytes]], result: RefreshResult) -> None:
        """Apply entries in this order, in one transaction with their heads."""
        if not batch:
            return
        with self._index.write() as session:
            self._apply_within(session, batch, result)

    def _apply_within(self, session: Session, batch: Sequence[tuple[Entry, bytes]], result: RefreshResult) -> None:
        records = session.records
        for entry, record in batch:
            changes = session.apply(entry)
            records.set_head(_head_of(entry, record))
            for _, rekey in changes.rekeys:
                self._take_epoch(rekey, records)
            result.changes.add(changes)
        result.entries += len(batch)

    def _take_epoch(self, rekey: Rekey, records: Records) -> None:
        """Open the slot of a new epoch that is meant for this device; without one, it was revoked."""
        secrets = self._secrets
        for slot in rekey.slots:
            key = secrets.device_keys.hpke if slot.recipient == secrets.device else None
            if not slot.recipient:
                key = self._recovery
            if key is not None:
                info = epoch_info(secrets.locker_id, rekey.number)
                try:
                    secret = EpochSecret(key.open(slot.sealed, info))
                except DamagedError:
                    log.warning("a new epoch's key is not sealed for this device")
                    continue
                if secret.id == rekey.epoch:
                    secrets.add_epoch(rekey.number, secret)
                    records.set_epoch_secret(secret.id, secret.to_bytes(), rekey.number)

    def _check_floor(self) -> None:
        """A device whose index was lost must not go on from an older state than it had written itself."""
        floor = self._floor.read()
        own = self.heads().get(self._secrets.device)
        if floor > (own.seq if own else 0):
            raise self._rolled_back(self._secrets.device, floor)

    # --- what is known here

    def devices(self) -> dict[DeviceId, DeviceRow]:
        with self._index.read() as session:
            return session.records.devices()

    def entries(self) -> int:
        """How many entries of all devices are applied here, by whichever program on this machine."""
        return sum(head.seq for head in self.heads().values())

    def heads(self) -> dict[DeviceId, HeadRow]:
        with self._index.read() as session:
            return session.records.heads()

    def _withheld(self, entry: Entry, head: Head) -> WithheldError:
        return WithheldError(
            f"The device {self._name(entry.device)} has seen {head.seq} entries of the device "
            f"{self._name(head.device)}; the storage shows fewer.",
            object_name=names.entry(head.device, head.seq),
            remedy=_HELD_BACK,
        )

    def _rolled_back(self, device: DeviceId, seq: int) -> RollbackError:
        return RollbackError(
            f"The storage shows an older state: entry {seq} of the device {self._name(device)}, known here, is gone.",
            object_name=names.entry(device, seq),
            remedy=RESTORED,
        )

    def _name(self, device: DeviceId) -> str:
        with self._index.read() as session:
            return session.records.device_name(device)

    # --- writing

    def append(
        self,
        ops: Sequence[Operation] | Callable[[], Sequence[Operation]],
        *,
        applied: Callable[[int], None] | None = None,
    ) -> Changes:
        """Write one entry with ``ops`` and apply it. A callable is asked inside the lock, on the newest tree.

        ``applied`` hears, still inside the lock, how many entries of all devices are applied then.

        Everything put before is made durable first. A crash in the middle is completed by the next refresh. Raises
        what ``refresh`` raises, LockerReadOnlyError for a revoked device, LockerBusyError.
        """
        sent = _Sent()

        def attempt() -> Changes:
            self._store.flush()
            result = self._refresh(to_write=True)
            if not self._has_arrived(sent):
                chosen = ops() if callable(ops) else ops
                if chosen:
                    self._append(chosen, result, sent)
                    self._on_change(result.changes)
            if applied is not None:
                applied(self.entries())
            return result.changes

        return self._locked(attempt)

    def _has_arrived(self, sent: _Sent) -> bool:
        """Whether an earlier try's entry was completed since, by the refresh just now or by another process."""
        return bool(sent.seq) and self._applied(self._secrets.device, sent.seq)[0] == sent.hash

    def acknowledge(self) -> None:
        """Write an empty entry: it tells the other devices what this one has seen."""
        sent = _Sent()

        def attempt() -> None:
            result = self._refresh(to_write=True)
            if not self._has_arrived(sent):
                self._append((), result, sent)

        self._locked(attempt)

    def _append(self, ops: Sequence[Operation], result: RefreshResult, sent: _Sent) -> None:
        secrets = self._secrets
        if self.devices()[secrets.device].revoked:
            raise LockerReadOnlyError("This device was removed from the locker by another one.")
        heads = self.heads()
        own = heads.get(secrets.device)
        entry = Entry(
            version=ENTRY_VERSION,
            device=secrets.device,
            seq=own.seq + 1 if own else 1,
            lamport=max((head.lamport for head in heads.values()), default=0) + 1,
            prev=own.hash if own else secrets.locker_id,
            seen=tuple(
                Head(head.device, head.seq, head.hash)
                for _, head in sorted(heads.items())
                if head.device != secrets.device
            ),
            time_ms=time.time_ns() // 1_000_000,
            ops=tuple(ops),
        )
        record = seal_entry(entry, secrets.locker_id, secrets.device_keys.signing)
        name = names.entry(secrets.device, entry.seq)
        data = seal_object(ObjectType.ENTRY, secrets.locker_id, name, secrets.current_epoch(), record)
        # Kept before it is sent: after a crash the very same bytes are sent again, never another entry of this number.
        with self._index.write() as session:
            session.records.set_pending(entry.seq, data)
        sent.seq, sent.hash = entry.seq, entry_hash(record)
        self._send_pending(entry.seq, data)
        self._floor.write(entry.seq)
        with self._index.write() as session:
            self._apply_within(session, [(entry, record)], result)
            session.records.clear_pending()

    def _send_pending(self, seq: int, data: bytes) -> None:
        name = names.entry(self._secrets.device, seq)
        try:
            self._store.put(name, data, create_only=True)
        except ObjectExistsError:
            if self._store.get(name, max_bytes=MAX_OBJECT_BYTES) != data:
                raise ForkError(
                    "Another copy of this device writes to the locker: its data folder was copied or restored.",
                    object_name=name,
                    remedy="Use one of the copies only; join the locker anew from the other.",
                ) from None
        self._store.flush()

    def _finish_pending(self, result: RefreshResult) -> None:
        """Complete an append that a crash interrupted."""
        with self._index.read() as session:
            pending = session.records.pending()
        if pending is None:
            return
        seq, data = pending
        # Nothing is written into what only lies in the storage's place, such as an empty mount point.
        read_enrolments(self._store, self._index, self._secrets)
        self._send_pending(seq, data)
        entry, record = self.open(self._secrets.device, seq, data)
        head = self.heads().get(self._secrets.device)
        with self._index.write() as session:
            if seq == (head.seq if head else 0) + 1:
                self._apply_within(session, [(entry, record)], result)
            session.records.clear_pending()

    # --- checking

    def header(self) -> Header:
        """The locker's header. Raises DecodeError, DamagedError for any but this locker's own, StoreError.

        Whoever seals something to the recovery key in it must take it from here: the storage could put another
        locker's header there, with a recovery key of its own.
        """
        return verified(self._store, names.HEADER, self._read_header)

    def locked(self) -> AbstractContextManager[object]:
        """While it is held, nobody on this machine reads or writes logs."""
        return self._lock.hold()

    def header_bytes(self) -> bytes:
        """The header's object, as `header` verifies it."""
        self.header()
        return self._store.get(names.HEADER, max_bytes=MAX_HEADER_BYTES)

    def _read_header(self) -> Header:
        header = open_header(self._store.get(names.HEADER, max_bytes=MAX_HEADER_BYTES))
        if header.locker_id != self._secrets.locker_id:
            raise DamagedError(
                "The storage shows the header of another locker in this one's place.",
                object_name=names.HEADER,
                remedy=_FORKED,
            )
        return header

    def verify_enrolment(self, row: DeviceRow) -> None:
        """Read a known device's enrolment again: new devices will need it. Raises IntegrityError, StoreError."""
        verified(self._store, names.device(row.id), lambda: self._read_enrolment(row))

    def _read_enrolment(self, row: DeviceRow) -> None:
        name = names.device(row.id)
        data = self._store.get(name, max_bytes=MAX_OBJECT_BYTES)
        found = open_enrolment(self._secrets, row.id, data, self.devices())
        if found is None or found.sign_pk != row.sign_pk:
            raise DamagedError(
                f"{name} has been altered: it no longer lets the device {row.name} in.", object_name=name
            )

    def verify_entry(self, device: DeviceId, seq: int) -> None:
        """Read an applied entry again and compare it with what was applied. Raises IntegrityError, StoreError."""
        name = names.entry(device, seq)

        def read() -> None:
            try:
                _, record = self._fetch(device, seq)
            except ObjectNotFoundError:
                raise self._rolled_back(device, seq) from None
            known, _ = self._applied(device, seq)
            if known is not None and entry_hash(record) != known:
                raise ForkError(f"{name} is another entry than the one that was applied here.", object_name=name)

        verified(self._store, name, read)

    def verify_head(self, device: DeviceId, seq: int, expected: bytes) -> None:
        """Raises IntegrityError or StoreError unless the storage has that entry, of that hash."""
        _, record = self._fetch(device, seq)
        if entry_hash(record) != expected:
            raise ForkError("A checkpoint stands for another history.", object_name=names.entry(device, seq))


def _head_of(entry: Entry, record: bytes) -> HeadRow:
    seen = tuple((head.device, head.seq) for head in entry.seen)
    return HeadRow(entry.device, entry.seq, entry_hash(record), entry.lamport, entry.time_ms, seen)


def epoch_info(locker_id: bytes, number: int) -> bytes:
    """What an epoch secret sealed in a Rekey is bound to."""
    return b"megadesk/1 rekey" + locker_id + number.to_bytes(8, "big")
