"""The devices of a locker: who they are, and shutting one out."""

from __future__ import annotations

from dataclasses import dataclass

from megadesk.core.history import History, epoch_info
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import hpke
from megadesk.crypto.keys import EpochSecret
from megadesk.errors import PathError
from megadesk.format.ops import Cutoff, EpochSlot, Operation, Rekey
from megadesk.state.index.index import Index
from megadesk.types import DeviceId


@dataclass(frozen=True)
class DeviceRow:
    """A device as shown."""

    id: DeviceId
    name: str
    this: bool
    enrolled_ms: int
    last_seen_ms: int | None
    entries: int
    revoked: bool


def device_rows(index: Index, history: History, this: DeviceId) -> list[DeviceRow]:
    """All devices, in the order in which they came."""
    heads = history.heads()
    return [
        DeviceRow(
            row.id,
            row.name,
            row.id == this,
            row.enrolled_ms,
            heads[row.id].time_ms if row.id in heads else None,
            heads[row.id].seq if row.id in heads else 0,
            row.revoked,
        )
        for row in history.devices().values()
    ]


def revoke(history: History, secrets: LockerSecrets, recovery_public: bytes, device: DeviceId) -> None:
    """Begin an epoch that ``device`` gets no key of, and cut its log off at what is known of it now.

    Raises PathError for this device itself or one that is revoked already.
    """
    if device == secrets.device:
        raise PathError("This device cannot remove itself.", remedy="Do it from another device of the locker.")
    fresh = EpochSecret.generate()

    def plan() -> list[Operation]:
        devices, heads = history.devices(), history.heads()
        if devices[device].revoked:
            raise PathError(f"The device {devices[device].name} was removed already.")
        number = secrets.epochs()[-1][0] + 1
        info = epoch_info(secrets.locker_id, number)
        remaining = [row for row in devices.values() if not row.revoked and row.id != device]
        slots = [EpochSlot(row.id, hpke.seal(row.kem_pk, info, fresh.to_bytes())) for row in remaining]
        slots.append(EpochSlot(b"", hpke.seal(recovery_public, info, fresh.to_bytes())))
        head = heads.get(device)
        cutoff = Cutoff(device, head.seq if head else 0, head.hash if head else bytes(32))
        return [Rekey(number, fresh.id, (cutoff,), tuple(slots))]

    history.append(plan)
