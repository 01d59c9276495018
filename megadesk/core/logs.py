"""The devices' logs as the storage shows them, each entry verified by its device's key and against what was applied."""

from __future__ import annotations

from collections.abc import Iterator

from megadesk.core.enrolments import RESTORED
from megadesk.core.secrets import LockerSecrets
from megadesk.errors import DamagedError, ForkError, ObjectNotFoundError, RollbackError, WithheldError
from megadesk.format import names
from megadesk.format.entry import Entry, Head, entry_hash, open_entry
from megadesk.format.envelope import MAX_OBJECT_BYTES, ObjectType, epoch_of, open_object
from megadesk.state.index.index import Index
from megadesk.state.index.records import HeadRow
from megadesk.stores.api import Store
from megadesk.stores.verified import verified
from megadesk.types import DeviceId, EpochId

FORKED = "Nothing was changed here. Somebody shows different histories to different devices."
_HELD_BACK = "Nothing was changed here. Check the storage, or restore what is missing from a backup."


class Logs:
    """Reads entries, changes nothing. Thread-safe; everything may be repeated."""

    def __init__(self, store: Store, index: Index, secrets: LockerSecrets) -> None:
        self._store = store
        self._index = index
        self._secrets = secrets

    def open(self, device: DeviceId, seq: int, data: bytes) -> tuple[Entry, bytes]:
        """An entry's object decrypted and its signature verified. Raises DamagedError or DecodeError."""
        name = names.entry(device, seq)
        record = open_object(ObjectType.ENTRY, self._secrets.locker_id, name, self._secrets.by_id(), data)
        with self._index.read() as session:
            row = session.records.devices().get(device)
        if row is None:
            raise DamagedError(f"{name} is of a device that nobody of this locker has let in.", object_name=name)
        return open_entry(record, self._secrets.locker_id, device, seq, row.sign_pk, name), record

    def fetch(self, device: DeviceId, seq: int) -> tuple[Entry, bytes]:
        name = names.entry(device, seq)
        return verified(
            self._store, name, lambda: self.open(device, seq, self._store.get(name, max_bytes=MAX_OBJECT_BYTES))
        )

    def open_next(self, device: DeviceId, seq: int) -> tuple[Entry, bytes] | None:
        """The entry, or None while this device has no key for it: an entry still to be applied may bring it."""
        name = names.entry(device, seq)

        def read() -> tuple[Entry, bytes] | None:
            data = self._store.get(name, max_bytes=MAX_OBJECT_BYTES)
            if epoch_of(data, ObjectType.ENTRY, name) not in self._secrets.by_id():
                return None
            return self.open(device, seq, data)

        return verified(self._store, name, read)

    def read(self, head: HeadRow, last: int) -> Iterator[Entry]:
        """A log from its beginning to entry ``last``, each entry verified, and compared with what was applied."""
        device = head.device
        before: bytes = self._secrets.locker_id
        for seq in range(1, last + 1):
            try:
                entry, record = self.fetch(device, seq)
            except ObjectNotFoundError:
                raise self.rolled_back(device, seq) from None
            known, _ = self.applied(device, seq)
            found = entry_hash(record)
            if entry.prev != before or (known is not None and known != found):
                raise self.forked(device, seq)
            before = found
            yield entry

    def applied(self, device: DeviceId, seq: int) -> tuple[bytes | None, int]:
        """(hash, clock) of an entry applied here; (None, 0) of one that a checkpoint stood for."""
        with self._index.read() as session:
            return session.records.applied(device, seq)

    def verify_entry(self, device: DeviceId, seq: int) -> tuple[EpochId, Entry]:
        """Read an applied entry again and compare it with what was applied; it, and the epoch that it is under.

        Raises IntegrityError, StoreError.
        """
        name = names.entry(device, seq)

        def read() -> tuple[EpochId, Entry]:
            try:
                data = self._store.get(name, max_bytes=MAX_OBJECT_BYTES)
            except ObjectNotFoundError:
                raise self.rolled_back(device, seq) from None
            entry, record = self.open(device, seq, data)
            known, _ = self.applied(device, seq)
            if known is not None and entry_hash(record) != known:
                raise ForkError(f"{name} is another entry than the one that was applied here.", object_name=name)
            return epoch_of(data, ObjectType.ENTRY, name), entry

        return verified(self._store, name, read)

    def verify_head(self, device: DeviceId, seq: int, expected: bytes) -> None:
        """Raises IntegrityError or StoreError unless the storage has that entry, of that hash."""
        _, record = self.fetch(device, seq)
        if entry_hash(record) != expected:
            raise ForkError("A checkpoint stands for another history.", object_name=names.entry(device, seq))

    # --- what is wrong with a log

    def forked(self, device: DeviceId, seq: int) -> ForkError:
        return ForkError(
            f"The log of the device {self.device_name(device)} does not continue the history known here.",
            object_name=names.entry(device, seq),
            remedy=FORKED,
        )

    def seen_otherwise(self, entry: Entry, head: Head) -> ForkError:
        return ForkError(
            f"The device {self.device_name(entry.device)} has seen another history of the device "
            f"{self.device_name(head.device)} than this one.",
            object_name=names.entry(head.device, head.seq),
            remedy=FORKED,
        )

    def gap(self, device: DeviceId, seq: int) -> WithheldError:
        return WithheldError(
            f"The storage holds back entry {seq} of the device {self.device_name(device)}, but shows later ones.",
            object_name=names.entry(device, seq),
            remedy=_HELD_BACK,
        )

    def rolled_back(self, device: DeviceId, seq: int) -> RollbackError:
        return RollbackError(
            f"The storage shows an older state: entry {seq} of the device {self.device_name(device)}, known here, "
            "is gone.",
            object_name=names.entry(device, seq),
            remedy=RESTORED,
        )

    def withheld(self, entry: Entry, head: Head) -> WithheldError:
        return WithheldError(
            f"The device {self.device_name(entry.device)} has seen {head.seq} entries of the device "
            f"{self.device_name(head.device)}; the storage shows fewer.",
            object_name=names.entry(head.device, head.seq),
            remedy=_HELD_BACK,
        )

    def device_name(self, device: DeviceId) -> str:
        with self._index.read() as session:
            return session.records.device_name(device)
