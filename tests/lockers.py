"""Lockers without key files: devices on a store of the test's choice, made in milliseconds, killed at any step."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from megadesk.core.events import no_sink
from megadesk.core.locker import Locker
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto.keys import DeviceKeys, EpochSecret, LockerKey
from megadesk.errors import IntegrityError, StoreError
from megadesk.format import names
from megadesk.format.device import make_enrolment
from megadesk.format.envelope import ObjectType, seal_object
from megadesk.format.header import make_header
from megadesk.state.index.index import Session
from megadesk.state.registry import LockerRecord
from megadesk.stores.api import Store
from megadesk.stores.fault import FaultStore
from megadesk.stores.memory import MemoryStore
from megadesk.stores.retry import RetryPolicy, RetryStore
from megadesk.transfer.port import Asker, Conflict
from megadesk.transfer.records import TransferRow
from megadesk.transfer.upload import UploadOptions
from megadesk.types import DeviceId, LockerId


class Killed(BaseException):
    """Stands for the end of the process; nothing in the program catches it for good."""


class LockerRig:
    """A locker's secrets and its store. ``folder``: homes of the devices."""

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self.folder = folder
        self.store = store or MemoryStore()
        self.key, self.epoch = LockerKey.generate(), EpochSecret.generate()
        self.header, data = make_header(self.key, self.epoch)
        self.locker_id = LockerId(self.header.locker_id)
        self.store.put(names.HEADER, data)
        self.devices: list[Device] = []

    def enrol(self, name: str = "", *, options: UploadOptions | None = None, time_ms: int | None = None) -> Device:
        """A new device, as ``init`` and ``join`` make one. ``time_ms``: when; after those before, unless said."""
        name = name or f"device{len(self.devices)}"
        keys = DeviceKeys.generate()
        device, record = make_enrolment(
            keys, name, time_ms or len(self.devices) + 1, self.locker_id, None, self.key.root_keys().signing
        )
        at = names.device(DeviceId(device))
        self.store.put(at, seal_object(ObjectType.DEVICE, self.locker_id, at, self.epoch, record), create_only=True)
        secrets = LockerSecrets.fresh(self.locker_id, self.header.genesis.root_key, DeviceId(device), keys, self.epoch)
        made = Device(self, name, DeviceId(device), secrets.to_bytes(), options)
        self.devices.append(made)
        return made

    def close(self) -> None:
        for device in self.devices:
            device.close()


class Device:
    """One computer. ``open`` gives its locker; ``kill_at`` lets the process die at a later step."""

    def __init__(
        self, rig: LockerRig, name: str, device: DeviceId, secrets: bytes, options: UploadOptions | None
    ) -> None:
        self.rig = rig
        self.name = name
        self.id = device
        folder = rig.folder / name
        folder.mkdir(parents=True)
        self.record = LockerRecord(name, "memory:", rig.locker_id.hex(), 1, folder)
        self.faults: FaultStore | None = None
        self.dead = False
        self._secrets = secrets
        self._options = options
        self._locker: Locker | None = None
        self._countdown = 0
        self._only = ""

    @property
    def locker(self) -> Locker:
        """The open locker; opened when it is not, or when its process has died."""
        if self.dead:
            self.bury()
        return self._locker or self.open()

    def open(self, *, fresh: bool = False, refresh: bool = True) -> Locker:
        """Open, with the index that is there; ``fresh``: the first opening after a join."""
        assert self._locker is None
        self.dead = False
        self._countdown = 0
        self.faults = FaultStore(self.rig.store, before=self._step_before, after=self._step_after, wait=lambda _: None)
        policy = RetryPolicy(tries=4, first_s=0.0, ceiling_s=0.0)
        locker = Locker(
            self.record,
            LockerSecrets.from_bytes(self._secrets),
            RetryStore(self.faults, policy, wait=lambda _: None),
            no_sink,
            recovery=self.rig.key.root_keys().recovery if fresh else None,
            options=self._options or UploadOptions(sealers=1, putters=1, packs=3),
            probe=lambda faults=self.faults: faults.stat(names.HEADER),
        )
        self._locker = locker
        self._watch_index(locker)
        if fresh:
            locker.load_checkpoint()
        if refresh:
            # As App.unlock does it: what can be read is shown, and locker.trouble says the rest.
            with contextlib.suppress(StoreError, IntegrityError):
                locker.refresh()
        return locker

    # --- death

    def kill_at(self, step: int, only: str = "") -> None:
        """Let ``Killed`` be raised at the ``step``-th step from now: before or after an operation of the store
        (``only``: whose "operation name" begins so), before, in or after a transaction of the index."""
        self._countdown, self._only = step, only

    def _step(self, what: str) -> None:
        if self.dead:
            raise Killed
        if self._countdown and what.startswith(self._only):
            self._countdown -= 1
            if not self._countdown:
                self.dead = True
                raise Killed(what)

    def _step_before(self, operation: str, name: str) -> None:
        self._step(f"{operation} {name}")

    def _step_after(self, operation: str, name: str) -> None:
        self._step(f"{operation} {name}")

    def _watch_index(self, locker: Locker) -> None:
        write = locker._index.write

        @contextmanager
        def watched() -> Iterator[Session]:
            self._step("index before")
            with write() as session:
                yield session
                self._step("index within")
            self._step("index after")

        locker._index.write = watched  # type: ignore[method-assign]

    def bury(self) -> None:
        """What the system does when a process has died: locks are dropped, files closed, nothing is written."""
        locker, self._locker = self._locker, None
        if locker is not None:
            self.dead = True
            locker.transfers._owner._held.release()
            locker._index.close()

    def close(self) -> None:
        locker, self._locker = self._locker, None
        if locker is not None:
            self._countdown = 0
            with contextlib.suppress(Killed):
                locker.close()

    # --- what a person does

    def put(
        self,
        *sources: str | Path,
        to: Any = "/",
        conflict: Conflict = Conflict.REPLACE,
        ask: Asker | None = None,
    ) -> TransferRow:
        """``megadesk put``: raises what the transfer raises."""
        number = self.locker.upload([str(source) for source in sources], to, conflict=conflict, ask=ask)
        return self.locker.transfers.run_now(number)

    def get(
        self,
        *sources: Any,
        to: str | Path,
        conflict: Conflict = Conflict.KEEP_BOTH,
        ask: Asker | None = None,
    ) -> TransferRow:
        """``megadesk get``."""
        number = self.locker.download(list(sources), str(to), conflict=conflict, ask=ask)
        return self.locker.transfers.run_now(number)

    def digest(self) -> bytes:
        with self.locker._index.read() as session:
            return session.digest()

    def packs(self) -> dict[str, int]:
        """Packs in the store, by name, with their sizes."""
        return {info.name: info.size_bytes for info in self.rig.store.list(names.PACKS)}


def write(path: Path, content: bytes, *, mtime_ns: int | None = None, mode: int | None = None) -> Path:
    """A local file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if mode is not None:
        path.chmod(mode)
    if mtime_ns is not None:
        os.utime(path, ns=(mtime_ns, mtime_ns))
    return path


def until(condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
    """Wait for something that threads will bring about."""
    import time

    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)
