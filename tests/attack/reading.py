"""How an open locker reads one object, without the way around it, so that tens of thousands of changes can be tried.

These go through the locker's own parts; tests that use them also try a sample through the whole program.
"""

from __future__ import annotations

from collections.abc import Iterator

from megadesk.core.locker import Locker
from megadesk.errors import DamagedError, IntegrityError, StoreError
from megadesk.format import names
from megadesk.format.device import open_enrolment
from megadesk.format.envelope import ObjectType, open_object
from megadesk.format.header import open_header
from megadesk.types import DeviceId
from tests.attack.world import HostileStore, Objects


def metadata(objects: Objects) -> list[str]:
    """Names of all objects but packs."""
    return [name for name in objects if not name.startswith(names.PACKS)]


def packs(objects: Objects) -> list[str]:
    return [name for name in objects if name.startswith(names.PACKS)]


def read(locker: Locker, name: str, data: bytes) -> object:
    """What the locker would take from ``data`` served as the object ``name``. Raises its typed errors."""
    if name == names.HEADER:
        header = open_header(data)
        if header.locker_id != locker.locker_id:
            raise DamagedError("the header of another locker", object_name=name)
        return header
    if (device := names.parse_device(name)) is not None:
        secrets = locker._secrets
        first = {secrets.first_epoch.id: secrets.first_epoch}
        record = open_object(ObjectType.DEVICE, locker.locker_id, name, first, data)
        return open_enrolment(record, locker.locker_id, device, secrets.root_key, lambda enroller: None, name)
    if (entry := names.parse_entry(name)) is not None:
        return locker._history.logs.open(*entry, data)
    part = names.parse_checkpoint_part(name)
    assert part is not None, name
    return _read_checkpoint(locker, name, part, data)


def _read_checkpoint(locker: Locker, name: str, part: tuple[bytes, int], data: bytes) -> object:
    store = locker._checkpoints._store
    before = store.get(name)
    store.put(name, data)
    try:
        found = [each for each in locker._checkpoints._list() if each.id == part[0]]
        if not found:
            raise DamagedError("refused", object_name=name)
        if part[1]:
            return list(locker._checkpoints._parts(found[0], None))
        return found[0].head
    finally:
        store.put(name, before)


def refusal(locker: Locker, name: str, data: bytes) -> IntegrityError | StoreError | None:
    """The typed error, or None when the object was taken."""
    try:
        read(locker, name, data)
    except (IntegrityError, StoreError) as error:
        return error
    return None


def own_next_entry(locker: Locker, device: DeviceId) -> str:
    """The name that a device's next entry will have."""
    head = locker._history.heads().get(device)
    return names.entry(device, head.seq + 1 if head else 1)


def flips(
    data: bytes, *, positions: Iterator[int] | range | None = None, mask: int = 0x01
) -> Iterator[tuple[int, bytes]]:
    """``data`` with one byte changed, at each position."""
    changed = bytearray(data)
    for position in range(len(data)) if positions is None else positions:
        changed[position] ^= mask
        yield position, bytes(changed)
        changed[position] ^= mask


def notable(data: bytes) -> list[int]:
    """A few positions in each part of an object: magic, version, type, epoch, parameters, IV, tags, text, end."""
    last = len(data) - 1
    wanted = {0, 2, 3, 4, 11, 12, 13, 14, 18, 21, 22, 40, 53, 54, 85, 86, 90, 102, 110, last // 2, last - 16, last}
    return sorted(position for position in wanted if 0 <= position <= last)


def with_object(store: HostileStore, name: str, data: bytes | None) -> HostileStore:
    """Another store with one object changed, or gone."""
    changed = HostileStore(store.objects)
    if data is None:
        changed.objects.pop(name, None)
    else:
        changed.objects[name] = data
    return changed
