"""A locker in several stores at once: whether each has its part, and giving it back what it lacks."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from typing import Final

from megadesk.core.check import CheckReport, Problem
from megadesk.errors import StoreError
from megadesk.stores.api import MendReport, PartStatus, Store
from megadesk.stores.open import describe
from megadesk.transfer.control import Control
from megadesk.types import Progress, ProgressCallback

SURVEY_S: Final = 5.0
WHOLE_EVERY_S: Final = 6 * 3600.0


@dataclass(frozen=True)
class PartState:
    """One of the stores, for people."""

    address: str
    is_up: bool
    behind: int
    """Objects that it lacks, as far as is known."""
    damaged: int
    trouble: str


class _EnoughError(Exception):
    """The time for looking is over."""


class Redundancy:
    """Thread-safe; one per open locker."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._whole_at: float | None = None

    def states(self, *, survey: bool = False) -> list[PartState]:
        """Of a spread's stores; none for other storage. ``survey`` compares their listings first, for five seconds.

        Raises StoreError when the storage cannot be opened.
        """
        if survey and self._store.properties.kind == "spread":
            until = time.monotonic() + SURVEY_S

            def step(name: str) -> None:
                if time.monotonic() > until:
                    raise _EnoughError

            # What was found until then is in the states.
            with contextlib.suppress(_EnoughError, StoreError):
                self._store.mend(repair=False, read_data=False, step=step)
        return [_state(part) for part in self._store.parts()]

    def check(
        self,
        report: CheckReport,
        *,
        repair: bool,
        read_data: bool,
        progress: ProgressCallback | None,
        control: Control | None,
    ) -> None:
        """Compare the stores, and put what is wrong into ``report``. Raises StoreUnavailableError, CancelledError."""
        found = self._mend(repair=repair, read_data=read_data, create=repair, progress=progress, control=control)
        if found is None:
            return
        report.repaired = found.repaired
        report.repaired_bytes = found.repaired_bytes
        troubles = {part.address: part.trouble for part in self._store.parts()}
        for address in found.away:
            report.problems.append(
                Problem(describe(address), f"This store could not be looked at. {troubles.get(address, '')}".strip())
            )
        report.problems += [Problem(name, what) for name, what in found.problems]
        if found.unrepaired > len(found.problems):
            more = found.unrepaired - len(found.problems)
            report.problems.append(Problem("spread", f"{more} more objects are not whole in every store."))

    def look_after(self) -> int:
        """What an idle moment is good for: writing what stores that are back lack. How many objects were written.

        Now and then all of it is compared, since another device may have written while a store was away.
        """
        if not self._store.parts():
            return 0
        done = self._store.mend_known()
        with self._lock:
            now = time.monotonic()
            due = self._whole_at is None or now - self._whole_at > WHOLE_EVERY_S
            if due:
                self._whole_at = now
        if due:
            found = self._mend(repair=True, read_data=False, create=False, progress=None, control=None)
            done += found.repaired if found else 0
        return done

    def _mend(
        self,
        *,
        repair: bool,
        read_data: bool,
        create: bool,
        progress: ProgressCallback | None,
        control: Control | None,
    ) -> MendReport | None:
        number = 0

        def step(name: str) -> None:
            nonlocal number
            number += 1
            if control is not None:
                control.step()
            if progress is not None:
                progress(Progress(number, 0, "stores"))

        return self._store.mend(repair=repair, read_data=read_data, step=step, create=create)


def _state(part: PartStatus) -> PartState:
    return PartState(describe(part.address), part.is_up, part.behind, part.damaged, part.trouble)
