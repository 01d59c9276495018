"""What keeps an open locker sound: verifying it, collecting what nothing refers to, and moving it to other storage."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from megadesk.core.check import Checker, CheckReport, Problem
from megadesk.core.checkpoints import Checkpoints
from megadesk.core.garbage import GcReport, collect
from megadesk.core.history import History
from megadesk.core.move import Copier, CopyReport, require_same
from megadesk.core.port import Port
from megadesk.core.redundancy import Redundancy
from megadesk.core.reencryption import Reencryption
from megadesk.errors import StoreError
from megadesk.state.index.index import Index
from megadesk.state.lock import FileLock
from megadesk.stores.api import Store
from megadesk.transfer.control import Control
from megadesk.types import DeviceId, ProgressCallback

META_CHECKED = "checked_ms"


class Upkeep:
    """Thread-safe. Every method may take long, shows how far it is and can be given up; all of them may be repeated."""

    def __init__(
        self,
        store: Store,
        index: Index,
        history: History,
        port: Port,
        device: DeviceId,
        uploads_lock: FileLock,
        checkpoints: Checkpoints,
        redundancy: Redundancy,
        reencryption: Reencryption,
        changing: Callable[[], AbstractContextManager[None]],
        refresh: Callable[[], object],
    ) -> None:
        """``changing``: around what writes to the storage. ``refresh``: takes in what others wrote."""
        self._store = store
        self._index = index
        self._history = history
        self._port = port
        self._device = device
        self._uploads_lock = uploads_lock
        self._checkpoints = checkpoints
        self._redundancy = redundancy
        self._reencryption = reencryption
        self._changing = changing
        self._refresh = refresh

    def check(
        self,
        *,
        read_data: bool = False,
        repair: bool = False,
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> CheckReport:
        """Verify logs and packs; ``read_data`` opens every slice. Raises StoreUnavailableError, CancelledError.

        In several stores at once, each of them is looked at, and ``repair`` writes what one lacks or has wrong.
        """
        spread = CheckReport()
        self._redundancy.check(spread, repair=repair, read_data=read_data, progress=progress, control=control)
        report = self._reencryption.checked(
            lambda exposure: Checker(self._index, self._history, self._port, progress, control, exposure).run(
                read_data=read_data
            )
        )
        report.problems += spread.problems
        report.repaired, report.repaired_bytes = spread.repaired, spread.repaired_bytes
        report.problems += [Problem(*found) for found in self._checkpoints.problems(read_parts=read_data)]
        with self._index.write() as session:
            session.records.set_meta(META_CHECKED, b"%d" % (time.time_ns() // 1_000_000))
        return report

    def copy_to(
        self, target: Store, *, progress: ProgressCallback | None = None, control: Control | None = None
    ) -> CopyReport:
        """Copy the whole storage, as `Copier` does. Raises LockerExistsError, StoreError, CancelledError."""
        return Copier(self._store, target, progress, control).run()

    def switch_to(self, target: Store, commit: Callable[[], None]) -> None:
        """Call ``commit`` if ``target`` has all that is known here, while nothing on this machine uses the locker.

        Raises RollbackError (something is lacking), NoLockerError, LockerBusyError while uploads run, StoreError.
        """
        with self._uploads_lock.hold(timeout_s=1.0):
            with contextlib.suppress(StoreError):  # perhaps it is left because it is gone
                self._refresh()
            with self._history.locked():
                require_same(target, self._history, self._index, self._port)
                commit()

    def collect_garbage(self, *, progress: ProgressCallback | None = None, control: Control | None = None) -> GcReport:
        """Delete what nothing refers to. Raises LockerBusyError while uploads run, StoreError, IntegrityError."""
        with self._changing():
            return collect(self._index, self._history, self._port, self._uploads_lock, self._device, progress, control)
