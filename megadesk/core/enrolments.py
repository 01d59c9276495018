"""Which devices belong to the locker: their enrolments in the storage, verified back to the root key."""

from __future__ import annotations

import logging

from megadesk.core.secrets import LockerSecrets
from megadesk.crypto.keys import EpochSecret
from megadesk.errors import DamagedError, DecodeError, ObjectNotFoundError, RollbackError, StoreUnavailableError
from megadesk.format import device, names
from megadesk.format.envelope import MAX_OBJECT_BYTES, ObjectType, open_object
from megadesk.state.index.index import Index
from megadesk.state.index.records import DeviceRow
from megadesk.stores.api import Store
from megadesk.types import DeviceId, LockerId

log = logging.getLogger(__name__)

RESTORED = "Nothing was changed here. Was the storage restored from an old backup? Put back what is missing."


def read_enrolments(store: Store, index: Index, secrets: LockerSecrets) -> list[str]:
    """Take new devices into the index; the names of objects that nobody of this locker signed, which are left out.

    Called inside the append lock. Raises RollbackError when a known device's enrolment is gone, StoreError.
    """
    with index.read() as session:
        known = session.records.devices()
    waiting: dict[DeviceId, bytes] = {}
    gone = set(known)
    for info in store.list(names.DEVICES):
        found = names.parse_device(info.name)
        if found is None:
            continue
        gone.discard(found)
        if found not in known:
            waiting[found] = store.get(info.name, max_bytes=MAX_OBJECT_BYTES)
    if gone:
        raise RollbackError(
            f"The storage no longer has the enrolment of the device {known[min(gone)].name}.",
            object_name=names.device(min(gone)),
            remedy=RESTORED,
        )
    accepted: list[DeviceRow] = []
    progress = True
    # A device may have been let in by one that is new itself.
    while waiting and progress:
        progress = False
        for new, data in list(waiting.items()):
            row = open_enrolment(secrets, new, data, known)
            if row is None and store.doubt(names.device(new)):
                waiting[new] = store.get(names.device(new), max_bytes=MAX_OBJECT_BYTES)
                progress = True
            if row is not None:
                known[new] = row
                accepted.append(row)
                del waiting[new]
                progress = True
    if accepted:
        with index.write() as session:
            for row in accepted:
                session.records.add_device(row)
    for refused in waiting:
        log.warning("refused a device that nobody of this locker has let in: %s", names.device(refused))
    return [names.device(refused) for refused in waiting]


def latest_enrolment_ms(store: Store, locker_id: LockerId, root_key: bytes, first: EpochSecret) -> int:
    """When the last device was let in by the recovery key, by that device's clock; 0: none. Raises StoreError."""
    latest = 0
    for info in store.list(names.DEVICES):
        found = names.parse_device(info.name)
        if found is None:
            continue
        try:
            data = store.get(info.name, max_bytes=MAX_OBJECT_BYTES)
            record = open_object(ObjectType.DEVICE, locker_id, info.name, {first.id: first}, data)
            enrolment = device.open_enrolment(record, locker_id, found, root_key, lambda _: None, info.name)
        except (DamagedError, DecodeError, ObjectNotFoundError):
            continue
        latest = max(latest, enrolment.time_ms)
    return latest


def require_locker(store: Store) -> None:
    """Raises StoreUnavailableError for a storage without any locker: an empty mount point is no history to judge."""
    try:
        store.stat(names.HEADER)
    except ObjectNotFoundError:
        raise StoreUnavailableError(
            f"There is no locker in the storage {store.properties.address} now.",
            remedy="Connect the drive that it is on, or put back what is missing.",
        ) from None


def open_enrolment(
    secrets: LockerSecrets, expected: DeviceId, data: bytes, known: dict[DeviceId, DeviceRow]
) -> DeviceRow | None:
    """The device that an object enrols, or None when it does not hold.

    Whom a removed device let in is known too, since others may have seen its log; none of that counts
    (tree.revoking).
    """
    name = names.device(expected)
    first = {secrets.first_epoch.id: secrets.first_epoch}

    def key_of(enroller: DeviceId) -> bytes | None:
        row = known.get(enroller)
        return row.sign_pk if row else None

    try:
        record = open_object(ObjectType.DEVICE, secrets.locker_id, name, first, data)
        enrolment = device.open_enrolment(record, secrets.locker_id, expected, secrets.root_key, key_of, name)
    except (DamagedError, DecodeError):
        return None
    return DeviceRow(
        expected, enrolment.sign_key, enrolment.kem_key, enrolment.name, enrolment.time_ms, enrolment.enroller
    )
