"""The encryption of what removed devices can still read, as work in the background that outlives the program.

That it was asked for, and whether it is paused, is kept in the index; everything else follows from the locker. It runs
on one thread, and lets transfers go first.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from megadesk.core.check import CheckReport
from megadesk.core.exposure import Exposure, Left
from megadesk.core.garbage import GcReport
from megadesk.core.history import History
from megadesk.core.port import Port
from megadesk.core.reencrypt import Reencrypt, ReencryptReport, left
from megadesk.core.resealed import Resealed
from megadesk.core.secrets import LockerSecrets
from megadesk.errors import CancelledError, LockerBusyError, MegaDeskError, StoreError
from megadesk.state.index.index import Index
from megadesk.state.lock import FileLock
from megadesk.transfer.control import Control
from megadesk.types import Progress, ProgressCallback

log = logging.getLogger(__name__)

_META: Final = "reencrypt"
_WANTED, _PAUSED = b"wanted", b"paused"
_LOOK_EVERY_S = 20.0
"""Another program of this machine may have been asked."""
_AGAIN_AFTER_S = 60.0
_YIELD_S = 0.25


@dataclass(frozen=True)
class ReencryptStatus:
    """``wanted``: it was asked for and is not done; ``running``: in this program, now. ``done`` and ``total`` are bytes
    of this run. ``trouble``: why it waits, as a sentence."""

    possible: bool = False
    """Whether any device was ever removed."""
    wanted: bool = False
    paused: bool = False
    running: bool = False
    done: int = 0
    total: int = 0
    trouble: str = ""
    left: Left = field(default_factory=Left)


class _Last(Control):
    """Lets others go first: before each step it waits while they work."""

    def __init__(self, busy: Callable[[], bool], parent: Control | None = None) -> None:
        super().__init__(parent)
        self._busy = busy

    def step(self) -> None:
        super().step()
        while self._busy():
            self.wait(_YIELD_S)
            super().step()


class Reencryption:
    """Thread-safe. Part of Locker."""

    def __init__(
        self,
        index: Index,
        history: History,
        port: Port,
        secrets: LockerSecrets,
        lock: FileLock,
        changing: Callable[[], AbstractContextManager[None]],
        busy: Callable[[], bool],
        tidy: Callable[[], GcReport],
        told: Callable[[], None],
    ) -> None:
        """``busy``: whether transfers run. ``tidy`` brings links up to date and deletes what nothing refers to any
        more. ``told``: called when what `status` says has changed."""
        self._index = index
        self._history = history
        self._port = port
        self._secrets = secrets
        self._lock = lock
        self._changing = changing
        self._busy = busy
        self._tidy = tidy
        self._told = told
        self._control: Control | None = None
        self._progress = Progress(0, 0, "")
        self._trouble = ""
        self._stopped = False
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    # --- what there is to do

    def survey(self, progress: ProgressCallback | None = None, control: Control | None = None) -> Left:
        """How much is still under keys of removed devices, by the newest logs. Raises IntegrityError, StoreError."""
        exposure = Exposure(self._index, self._history, self._port, self._secrets)
        exposure.update(progress, control)
        return left(self._index, self._history, self._port, exposure)

    def checked(self, check: Callable[[Exposure], CheckReport]) -> CheckReport:
        """What ``check`` says, and what removed devices can still read, by the entries that it looks at anyway."""
        exposure = Exposure(self._index, self._history, self._port, self._secrets)
        exposure.begin()
        report = check(exposure)
        if exposure.possible() and not report.problems:
            exposure.end()
            report.exposed = left(self._index, self._history, self._port, exposure)
        return report

    def status(self, *, survey: bool = False) -> ReencryptStatus:
        """``survey``: also what is left, for which the storage is asked. Raises as ``survey`` does, only then."""
        running = self._control is not None
        exposure = Exposure(self._index, self._history, self._port, self._secrets)
        return ReencryptStatus(
            exposure.possible(),
            self._kept() != b"",
            self._kept() == _PAUSED,
            running,
            self._progress.done if running else 0,
            self._progress.total if running else 0,
            self._trouble,
            self.survey() if survey else Left(),
        )

    # --- steering

    def ask(self) -> None:
        """Do it in the background, in this program or the next one that stays open; goes on after a pause, too."""
        self._keep(_WANTED)
        if self._control is not None:
            self._control.resume()
        self._wake.set()

    def pause(self) -> None:
        """Until it is asked for again. What is done stays done."""
        if self._kept():
            self._keep(_PAUSED)
        if self._control is not None:
            self._control.cancel(resumable=True)

    def give_up(self) -> None:
        """Leave the rest as it is."""
        self._keep(b"")
        if self._control is not None:
            self._control.cancel()
        else:
            Resealed(self._index, self._port.store).clear()

    def run(self, progress: ProgressCallback | None = None, control: Control | None = None) -> ReencryptReport:
        """Now, on this thread. Raises LockerBusyError when another program is at it, and as `Reencrypt.run` does."""
        with self._lock.hold(timeout_s=1.0):
            self._keep(_WANTED)
            exposure = Exposure(self._index, self._history, self._port, self._secrets)
            with self._changing():
                report = Reencrypt(
                    self._index, self._history, self._port, exposure, self._secrets.device, progress, control
                ).run()
            self._keep(b"")
        with contextlib.suppress(LockerBusyError):  # uploads run: the next `gc` does it
            self._tidy()
        return report

    # --- in the background

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="reencrypt", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """It goes on at the next start."""
        self._stopped = True
        if self._control is not None:
            self._control.cancel(resumable=True)
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _work(self) -> None:
        pause_s = 0.0
        while not self._stopped:
            self._wake.wait(pause_s)
            self._wake.clear()
            pause_s = _LOOK_EVERY_S
            try:
                if self._stopped or self._kept() != _WANTED:
                    continue
                self._once()
            except CancelledError:
                log.info("the encryption was stopped: it goes on later")
            except (LockerBusyError, StoreError) as error:
                self._trouble, pause_s = error.explanation, _AGAIN_AFTER_S
            except MegaDeskError as error:
                # Read-only, or removed itself: somebody has to look at it first.
                log.warning("the encryption was stopped: %s", type(error).__name__)
                self._trouble, pause_s = error.explanation, _AGAIN_AFTER_S
            finally:
                self._control = None
            if not self._stopped:
                self._told()

    def _once(self) -> None:
        self._progress, self._trouble = Progress(0, 0, ""), ""
        control = self._control = _Last(self._busy)
        if self._stopped:
            return
        self._told()
        self.run(self._advance, control)

    def _advance(self, progress: Progress) -> None:
        self._progress = progress

    # --- kept

    def _kept(self) -> bytes:
        with self._index.read() as session:
            return bytes(session.records.meta(_META) or b"")

    def _keep(self, state: bytes) -> None:
        if self._kept() != state:
            with self._index.write() as session:
                session.records.set_meta(_META, state or None)
