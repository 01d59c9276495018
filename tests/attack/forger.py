"""An adversary that also knows secrets: all epoch secrets of the locker, as a device that was shut out does.

It can seal objects that decrypt. What it lacks are the signing keys of the locker's root and of its devices.
"""

from __future__ import annotations

from collections.abc import Sequence

from megadesk.core.secrets import LockerSecrets
from megadesk.crypto.keys import DeviceKeys, LockerKey
from megadesk.crypto.signing import SigningKey
from megadesk.format import names
from megadesk.format.device import make_enrolment
from megadesk.format.entry import Entry, Head, seal_entry
from megadesk.format.envelope import ObjectType, open_object, seal_object
from megadesk.format.ops import Operation
from megadesk.types import DeviceId
from tests.attack.world import Objects, World


class Forger:
    def __init__(self, world: World) -> None:
        secrets = LockerSecrets.from_bytes(world.secrets["alpha"])
        self.locker_id = secrets.locker_id
        self.epoch = secrets.first_epoch
        self.alpha = secrets.device
        self.beta = LockerSecrets.from_bytes(world.secrets["beta"]).device
        self.keys = DeviceKeys.generate()
        self.root = LockerKey.generate().root_keys().signing

    def seal(self, kind: ObjectType, name: str, body: bytes) -> bytes:
        return seal_object(kind, self.locker_id, name, self.epoch, body)

    def open(self, kind: ObjectType, name: str, data: bytes) -> bytes:
        return open_object(kind, self.locker_id, name, {self.epoch.id: self.epoch}, data)

    def enrolment(
        self, signer: SigningKey | None = None, enroller: DeviceId | None = None
    ) -> tuple[DeviceId, str, bytes]:
        """A new device of the adversary's: its id, object and bytes."""
        device, record = make_enrolment(self.keys, "alpha", 1, self.locker_id, enroller, signer or self.root)
        name = names.device(DeviceId(device))
        return DeviceId(device), name, self.seal(ObjectType.DEVICE, name, record)

    def entry(
        self,
        device: DeviceId,
        seq: int,
        ops: Sequence[Operation],
        *,
        key: SigningKey | None = None,
        prev: bytes | None = None,
        seen: Sequence[Head] = (),
        lamport: int = 1000,
    ) -> tuple[str, bytes]:
        """A log entry of any device's, signed by the adversary's own key unless another is given."""
        entry = Entry(1, device, seq, lamport, prev or self.locker_id, tuple(seen), 1, tuple(ops))
        name = names.entry(device, seq)
        record = seal_entry(entry, self.locker_id, key or self.keys.signing)
        return name, self.seal(ObjectType.ENTRY, name, record)


def next_seq(objects: Objects, device: DeviceId) -> int:
    found = [parsed[1] for name in objects if (parsed := names.parse_entry(name)) and parsed[0] == device]
    return max(found, default=0) + 1
