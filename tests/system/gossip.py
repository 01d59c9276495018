"""Devices whose storages exchange objects by and by, so that each sees what the others wrote in an order of its own."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

from megadesk.errors import LockerReadOnlyError, MegaDeskError
from megadesk.format import names
from megadesk.stores.memory import MemoryStore
from megadesk.tree.rows import NodeRow
from tests.lockers import Device, LockerRig


class Place(LockerRig):
    """One device's storage of a locker that ``rig`` has made."""

    def __init__(self, rig: LockerRig, folder: Path) -> None:
        self.folder = folder
        self.store = MemoryStore()
        self.key, self.epoch, self.header, self.locker_id = rig.key, rig.epoch, rig.header, rig.locker_id
        self.devices = []


class Gossip:
    """A locker of several devices, none of which knows of the others' entries before it is told."""

    def __init__(self, folder: Path, count: int) -> None:
        self.rig = LockerRig(folder / "rig")
        made = [self.rig.enrol(f"d{number}") for number in range(count)]
        self._joined = 0
        self.devices: list[Device] = []
        for device in made:
            place = Place(self.rig, folder / device.name)
            for name in self._names(self.rig.store):
                place.store.put(name, self.rig.store.get(name))
            self.devices.append(Device(place, "x", device.id, device._secrets, None))

    @staticmethod
    def _names(store: object, prefix: str = "") -> list[str]:
        return [info.name for info in store.list(prefix)]  # type: ignore[attr-defined]

    def tell(self, source: Device, target: Device, log: Device | None = None, up_to: int | None = None) -> None:
        """Copy what one storage has to another: everything, or one device's log up to a number, and packs."""
        for name in self._names(source.rig.store):
            entry = names.parse_entry(name)
            if entry is not None and log is not None and (entry[0] != log.id or (up_to and entry[1] > up_to)):
                continue
            with contextlib.suppress(MegaDeskError):
                target.rig.store.stat(name)
                continue
            target.rig.store.put(name, source.rig.store.get(name))

    def refresh(self, device: Device) -> None:
        """What is withheld so far comes later."""
        with contextlib.suppress(MegaDeskError):
            device.locker.refresh()

    def write(self, device: Device, name: str) -> None:
        """A folder; nothing, by one that knows that it is shut out, or that lacks something."""
        with contextlib.suppress(MegaDeskError):
            device.locker.make_folder(f"/{name}")

    def revoke(self, device: Device, victim: Device) -> None:
        with contextlib.suppress(MegaDeskError, LockerReadOnlyError):
            device.locker.revoke_device(victim.id.hex())

    def tell_all(self) -> list[Device]:
        """Everybody hears of everything; those who are not shut out, who must be able to read it."""
        for round_ in range(4):
            for source in self.devices:
                for target in self.devices:
                    if source is not target:
                        self.tell(source, target)
            for device in self.devices:
                self.refresh(device)
                if round_ < 2:  # whoever was not given a key gets it with an entry
                    with contextlib.suppress(MegaDeskError):
                        device.locker._history.acknowledge()
        # Devices that shut each other out do not have each other's keys. One that joins has all, and gives them.
        new = self.joined()
        for device in self.devices[1:]:
            self.tell(new, device)
        for _ in range(2):
            for device in self.devices:
                self.refresh(device)
                self.tell(device, new)
            for device in self.devices[1:]:
                self.tell(self.devices[0], device)
        outside = shut_out(new)
        inside = [device for device in self.devices if device.id not in outside]
        for device in inside:
            device.locker.refresh()
        return inside

    def joined(self, *, checkpoint: bool = False) -> Device:
        """A device that joins now, by the recovery key, from the first one's storage."""
        place = self.devices[0].rig
        if checkpoint:
            outside = shut_out(self.joined())
            writer = next((device for device in self.devices if device.id not in outside), None)
            if writer is None:
                return self.joined()
            place = writer.rig
            writer.locker.write_checkpoint()
        self._joined += 1
        new = place.enrol(f"new{self._joined}", time_ms=1000 + self._joined)
        new.open(fresh=True)
        return new

    def close(self) -> None:
        self.rig.close()
        for device in self.devices:
            device.close()
            device.rig.close()


def shown(device: Device) -> dict[str, NodeRow]:
    return dict(device.locker.walk("/"))


def shut_out(device: Device) -> dict[bytes, tuple[int | None, bytes | None]]:
    return {
        row.id: (row.cutoff_seq, row.cutoff_hash)
        for row in device.locker._history.devices().values()
        if row.cutoff_seq is not None
    }


def play(rng: random.Random, gossip: Gossip, steps: int) -> None:
    """Everybody writes, shuts others out, and hears of some of what the others did."""
    devices = gossip.devices
    for step in range(steps):
        device = rng.choice(devices)
        what = rng.random()
        if what < 0.4:
            gossip.write(device, f"{device.name}{step}")
        elif what < 0.55:
            gossip.revoke(device, rng.choice([each for each in devices if each is not device]))
        else:
            source = rng.choice([each for each in devices if each is not device])
            log = rng.choice([None, *devices])
            gossip.tell(source, device, log, rng.choice([None, 1, 2, 3]))
            gossip.refresh(device)
