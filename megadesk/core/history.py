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

from megadesk.core.enrolments import open_enrolment, read_enrolments
from megadesk.core.logs import FORKED, Logs
from megadesk.core.reading import Accepted, Reading, Sent, head_of
from megadesk.core.renewals import note_renewals
from megadesk.core.revocations import Revocations, epoch_info
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
    StoreFullError,
    StoreReadOnlyError,
    WithheldError,
)
from megadesk.format import names
from megadesk.format.entry import ENTRY_VERSION, Entry, Head, entry_hash, seal_entry
from megadesk.format.envelope import MAX_OBJECT_BYTES, ObjectType, seal_object
from megadesk.format.header import MAX_HEADER_BYTES, Header, open_header
from megadesk.format.ops import Cutoff, Operation, Rekey
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


@dataclass
class RefreshResult:
    """What a refresh brought. ``refused`` are objects that the storage holds but nobody of this locker wrote."""

    entries: int = 0
    changes: Changes = field(default_factory=Changes)
    refused: list[str] = field(default_factory=list)


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
        on_rebuilt: Callable[[Session], None] = lambda _: None,
    ) -> None:
        """``recovery``: the recovery key's half that opens epochs, while a device joins by it.

        ``on_rebuilt``: called in the transaction in which the tree was made anew without what does not count.
        """
        self._store = store
        self._index = index
        self._secrets = secrets
        self._lock = append_lock
        self._floor = floor
        self._on_change = on_change
        self._recovery = recovery
        self.logs = Logs(store, index, secrets)
        self._revocations = Revocations(index, secrets, self.logs.read, on_rebuilt)
        self._revocations.catch_up()

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
            self._revocations.catch_up()
            missing = self._read_logs(result)
            if missing is None:
                break
            # Another device may have written between our listing of one log and of the next: look again, then judge.
            if attempt == _RELISTS - 1:
                raise missing
        self._check_floor()
        rebuilt = self._revocations.settle()
        if rebuilt:
            result.changes.folders.clear()  # any of them
        if result.entries or rebuilt:
            self._on_change(result.changes)
        return result

    def read_devices(self) -> None:
        """Take in the devices only, for a device that has no history yet."""
        self._locked(lambda: read_enrolments(self._store, self._index, self._secrets))

    def _read_logs(self, result: RefreshResult) -> IntegrityError | None:
        """Apply all that can be. Gives the error to be raised if what stays behind does not resolve itself.

        Entries are opened one by one in causal order: a later one may be under a key, or cut off, by an earlier one.
        """
        reading = Reading(self.heads())
        if not reading.heads:
            self._revocations.begin()
        for row in self.devices().values():
            reading.queues[row.id] = deque(self._new_seqs(row, reading.heads.get(row.id), reading))
        while self._read_round(reading, result) or self._find_keys(reading):
            continue
        for device, (seq, error) in sorted(reading.broken.items()):
            if reading.counts(device, seq):
                if isinstance(error, WithheldError):
                    return error
                raise error
        self._apply(reading.take_batch(), result)
        for device, queue in sorted(reading.queues.items()):
            if queue and reading.counts(device, queue[0]):
                return self._stuck(device, queue[0], reading)
            result.refused += [names.entry(device, seq) for seq in queue]
        return None

    def _read_round(self, reading: Reading, result: RefreshResult) -> bool:
        """Accept what can be accepted of every log; whether anything was."""
        progress = False
        reading.cutoffs = {row.id: row.cutoff_seq for row in self.devices().values() if row.cutoff_seq is not None}
        for device, queue in sorted(reading.queues.items()):
            while queue and reading.broken.get(device, (0, None))[0] != queue[0]:
                try:
                    opened = self._next_of(device, queue[0], reading)
                except (IntegrityError, ObjectNotFoundError) as error:
                    reading.broken[device] = queue[0], error
                    break
                if opened is None:
                    break
                entry, record = opened
                if not reading.counts(device, entry.seq):
                    result.refused.append(names.entry(device, entry.seq))
                reading.accept(entry, record)
                progress = True
                if any(isinstance(op, Rekey) for op in entry.ops):
                    self._apply(reading.take_batch(), result)
                    return True
                if len(reading.batch) >= _BATCH:
                    self._apply(reading.take_batch(), result)
        return progress

    def _find_keys(self, reading: Reading) -> bool:
        """Where nothing can be opened any more, later entries may bring the keys of earlier ones; whether one did.

        That is so after two devices shut each other out: what others wrote until they knew is under the key of one.
        """
        found = False
        for device, queue in reading.queues.items():
            # Whoever gives a key, and whether or not its entries count: a key proves itself by its epoch's id.
            for seq in list(queue)[1:]:
                try:
                    opened = self.logs.open_next(device, seq)
                except (IntegrityError, ObjectNotFoundError):
                    break
                for op in opened[0].ops if opened is not None else ():
                    if isinstance(op, Rekey) and op.epoch not in self._secrets.by_id():
                        with self._index.write() as session:
                            self._take_epoch(op, session.records)
                        found |= op.epoch in self._secrets.by_id()
        return found

    def _next_of(self, device: DeviceId, seq: int, reading: Reading) -> tuple[Entry, bytes] | None:
        """An entry, verified; None while something that it needs is not known yet. Raises what is wrong with it."""
        opened = reading.opened.get(device) or self.logs.open_next(device, seq)
        if opened is None:
            return None
        reading.opened[device] = opened
        self._check_chain(opened[0], reading)
        return opened if self._first_missing(opened[0], reading) is None else None

    def _check_chain(self, entry: Entry, reading: Reading) -> None:
        head = reading.heads.get(entry.device)
        if entry.prev != (head.hash if head else self._secrets.locker_id):
            raise self.logs.forked(entry.device, entry.seq)

    def _stuck(self, device: DeviceId, seq: int, reading: Reading) -> IntegrityError:
        """Why an entry cannot be applied."""
        opened = reading.opened.get(device)
        missing = self._first_missing(opened[0], reading) if opened else None
        if opened is not None and missing is not None:
            return self.logs.withheld(opened[0], missing)
        name = names.entry(device, seq)
        return DamagedError(
            f"The entry {name} is under a key that this device was not given: it may have been removed.",
            object_name=name,
        )

    def _new_seqs(self, row: DeviceRow, head: HeadRow | None, reading: Reading) -> list[int]:
        """Numbers of the device's entries after ``head``, up to a gap, if the head itself is there."""
        device = row.id
        last = head.seq if head else 0
        counted = last if row.cutoff_seq is None else min(last, row.cutoff_seq)
        after = names.entry(device, counted - 1) if counted else ""
        listed = self._store.list(names.log_folder(device), after)
        found = [parsed[1] for info in listed if (parsed := names.parse_entry(info.name))]
        if counted:
            if not found or found[0] != counted:
                reading.broken[device] = counted, self.logs.rolled_back(device, counted)
                return []
            found = found[1:]
        for expected, seq in enumerate(found, counted + 1):
            if seq != expected:
                reading.broken[device] = expected, self.logs.gap(device, expected)
                return [each for each in found if last < each < expected]
        return [seq for seq in found if seq > last]

    def _first_missing(self, entry: Entry, reading: Reading) -> Head | None:
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
                if not reading.counts(seen.device, seen.seq):
                    all_known = False  # it does not count, and need not be there any more
                    continue
                return seen
            known = reading.accepted.get((seen.device, seen.seq))
            expected, lamport = (known.hash, known.lamport) if known else self.logs.applied(seen.device, seen.seq)
            if expected is None:
                all_known = False  # a checkpoint stood for it
            elif expected != seen.hash and not reading.counts(seen.device, seen.seq):
                all_known = False
            elif expected != seen.hash:
                raise self.logs.seen_otherwise(entry, seen)
            clocks.append(lamport)
        latest = max(clocks)
        if entry.lamport <= latest or (all_known and entry.lamport != latest + 1):
            name = names.entry(entry.device, entry.seq)
            raise DecodeError(f"{name} has a clock that does not follow from what it has seen.", object_name=name)
        return None

    def _apply(self, batch: Sequence[Accepted], result: RefreshResult) -> None:
        """Apply entries in this order, in one transaction with their heads."""
        if not batch:
            return
        with self._index.write() as session:
            self._apply_within(session, batch, result)

    def _apply_within(self, session: Session, batch: Sequence[Accepted], result: RefreshResult) -> None:
        records = session.records
        rekeyed = False
        for entry, record, counts in batch:
            if counts:
                records.unmute(entry.device)
                note_renewals(session, entry)
                result.changes.add(session.apply(entry))
            else:
                records.mute(entry.device, entry.seq)
            records.set_head(head_of(entry, record))
            for op in entry.ops:
                if isinstance(op, Rekey):
                    # Also of one that does not count: others may have written under it before they knew.
                    self._take_epoch(op, records)
            rekeyed |= self._revocations.note(session, entry)
        if rekeyed:
            self._revocations.decide(session)
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
            raise self.logs.rolled_back(self._secrets.device, floor)

    # --- what is known here

    def devices(self) -> dict[DeviceId, DeviceRow]:
        with self._index.read() as session:
            return session.records.devices()

    def cutoff(self, device: DeviceId) -> Cutoff:
        """See `Revocations.cutoff`."""
        return self._revocations.cutoff(device)

    def entries(self) -> int:
        """How many entries of all devices are applied here, by whichever program on this machine."""
        return sum(head.seq for head in self.heads().values())

    def heads(self) -> dict[DeviceId, HeadRow]:
        with self._index.read() as session:
            return session.records.heads()

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
        sent = Sent()

        def attempt() -> Changes:
            self._store.flush()
            result = self._refresh(to_write=True)
            if not self._has_arrived(sent):
                chosen = ops() if callable(ops) else ops
                if chosen:
                    self._append(chosen, result, sent)
                    self._share_keys(result)
                    self._on_change(result.changes)
            if applied is not None:
                applied(self.entries())
            return result.changes

        return self._locked(attempt)

    def _has_arrived(self, sent: Sent) -> bool:
        """Whether an earlier try's entry was completed since, by the refresh just now or by another process."""
        return bool(sent.seq) and self.logs.applied(self._secrets.device, sent.seq)[0] == sent.hash

    @property
    def wants_epoch(self) -> bool:
        """Whether a device that is shut out has every epoch there is: the next entry begins another."""
        return self._revocations.wants_epoch

    @property
    def owes_keys(self) -> bool:
        """Whether the next entry gives others keys that they need: see `Revocations.shares`."""
        return self._revocations.owes_keys

    def acknowledge(self) -> None:
        """Write an empty entry: it tells the other devices what this one has seen."""
        sent = Sent()

        def attempt() -> None:
            result = self._refresh(to_write=True)
            if not self._has_arrived(sent):
                self._append((), result, sent)
                self._share_keys(result)

        self._locked(attempt)

    def _share_keys(self, result: RefreshResult) -> None:
        """Give secrets to the devices that need them, in an entry that they can open."""
        if shares := self._revocations.shares():
            self._append(shares, result, Sent(), self._secrets.first_epoch)

    def _append(
        self, ops: Sequence[Operation], result: RefreshResult, sent: Sent, secret: EpochSecret | None = None
    ) -> None:
        """``secret``: of the epoch to write under, if not the current one."""
        secrets = self._secrets
        if self.devices()[secrets.device].revoked:
            raise LockerReadOnlyError("This device was removed from the locker by another one.")
        own = self.heads().get(secrets.device)
        seen, latest = self._revocations.seen()
        if self._revocations.wants_epoch and secret is None and not any(isinstance(op, Rekey) for op in ops):
            ops = (self._revocations.fresh_epoch(self.header().genesis.recovery_key), *ops)
        entry = Entry(
            version=ENTRY_VERSION,
            device=secrets.device,
            seq=own.seq + 1 if own else 1,
            lamport=max(latest, own.lamport if own else 0) + 1,
            prev=own.hash if own else secrets.locker_id,
            seen=seen,
            time_ms=time.time_ns() // 1_000_000,
            ops=tuple(ops),
        )
        record = seal_entry(entry, secrets.locker_id, secrets.device_keys.signing)
        name = names.entry(secrets.device, entry.seq)
        data = seal_object(ObjectType.ENTRY, secrets.locker_id, name, secret or secrets.current_epoch(), record)
        # Kept before it is sent: after a crash the very same bytes are sent again, never another entry of this number.
        with self._index.write() as session:
            session.records.set_pending(entry.seq, data)
        sent.seq, sent.hash = entry.seq, entry_hash(record)
        self._send_pending(entry.seq, data)
        self._floor.write(entry.seq)
        with self._index.write() as session:
            self._apply_within(session, [Accepted(entry, record)], result)
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
        entry, record = self.logs.open(self._secrets.device, seq, data)
        head = self.heads().get(self._secrets.device)
        with self._index.write() as session:
            if seq == (head.seq if head else 0) + 1:
                self._apply_within(session, [Accepted(entry, record)], result)
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
                remedy=FORKED,
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
