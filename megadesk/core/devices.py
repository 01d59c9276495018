"""The devices of a locker: who they are, and shutting one out."""

from __future__ import annotations

from dataclasses import dataclass

from megadesk.core.history import History
from megadesk.core.revocations import sealed_epoch
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto.keys import EpochSecret
from megadesk.errors import PathError
from megadesk.format.ops import Operation, Rekey
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
    """Begin an epoch that ``device`` gets no key of, and cut its log off (`Revocations.cutoff`).

    Raises PathError for this device itself or one that is revoked already.
    """
    if device == secrets.device:
        raise PathError("This device cannot remove itself.", remedy="Do it from another device of the locker.")
    fresh = EpochSecret.generate()

    def plan() -> list[Operation]:
        devices = history.devices()
        if devices[device].revoked:
            raise PathError(f"The device {devices[device].name} was removed already.")
        number = secrets.epochs()[-1][0] + 1
        slots = sealed_epoch(secrets.locker_id, number, fresh, devices, recovery_public, without=device)
        return [Rekey(number, fresh.id, (history.cutoff(device),), slots)]

    history.append(plan)
