"""The thread that keeps an open locker's pairs in sync: what is due when, and what is looked at.

Local changes come as hints (watchdog) and are looked at after a moment of quiet; what others wrote comes with the
locker's own watch. Everything is looked at when the engine starts, once an hour, and whenever hints may be missing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from megadesk.core.sync import SyncPairs, is_paused
from megadesk.errors import (
    CancelledError,
    IntegrityError,
    LockerBusyError,
    LockerReadOnlyError,
    MegaDeskError,
    StoreError,
)
from megadesk.sync.pairs import PairRecord, ProblemKind
from megadesk.sync.watch import Hints, Watcher

log = logging.getLogger(__name__)

QUIET_S = 0.6
"""After the last hint. What is still being written then waits for itself (sync.quiet)."""
AT_MOST_S = 15.0
"""A folder that never comes to rest is looked at all the same."""
EVERYTHING_S = 3600.0
UNWATCHED_S = 60.0
"""Between looks where the system lets nothing be watched."""
RETRY_S = 30.0
LOOK_S = 1.0


@dataclass
class _Pair:
    """One pair as the engine sees it."""

    record: PairRecord
    hints: Hints
    watcher: Watcher | None
    due_s: float = 0.0
    everything: bool = True
    everything_s: float = 0.0
    hinted_s: float = 0.0
    last_hint_s: float = 0.0
    backoff_s: float = QUIET_S
    folders: set[bytes] = field(default_factory=set)


class SyncEngine:
    """Runs the pairs until it is stopped. ``start`` and ``stop`` from any thread."""

    def __init__(
        self,
        pairs: SyncPairs,
        read_only: Callable[[], bool],
        refresh: Callable[[], object],
        *,
        quiet_s: float = QUIET_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``refresh`` takes in what others wrote; ``read_only``: the history is in doubt, so nothing is done."""
        self._pairs = pairs
        self._read_only = read_only
        self._refresh = refresh
        self._quiet_s = quiet_s
        self._now = monotonic
        self._known: dict[int, _Pair] = {}
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._locker_changed = False
        self._asked = False
        self._thread = threading.Thread(target=self._run, name="sync-engine", daemon=True)
        pairs.wake = self._wake.set

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """What runs stops after the step it is at, and is taken up by the next start."""
        self._stopped.set()
        self._pairs.control.cancel(resumable=True)
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def locker_changed(self) -> None:
        """Entries came, from whomever."""
        self._locker_changed = True
        self._wake.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                pause_s = self._step()
            except MegaDeskError as error:
                log.warning("sync: %s", error)
                pause_s = RETRY_S
            self._wake.wait(pause_s)
            self._wake.clear()
        for pair in self._known.values():
            if pair.watcher is not None:
                pair.watcher.stop()

    def _step(self) -> float:
        """Run what is due; how long to sleep at most."""
        self._take_pairs()
        now_s = self._now()
        due = self._pairs.take_due()
        changed, self._locker_changed = self._locker_changed, False
        for number, pair in self._known.items():
            if number in due:
                pair.due_s, pair.everything, pair.backoff_s = now_s, True, self._quiet_s
            if changed:
                # The locker's side alone: nothing here needs to be listed for it.
                pair.due_s = min(pair.due_s, now_s)
            self._take_hints(pair, now_s)
            if now_s >= pair.everything_s:
                pair.due_s, pair.everything = min(pair.due_s, now_s), True
        for number, pair in list(self._known.items()):
            if self._stopped.is_set():
                break
            if pair.due_s <= self._now():
                self._run_pair(number, pair)
        soonest = min((pair.due_s for pair in self._known.values()), default=self._now() + UNWATCHED_S)
        return max(min(soonest - self._now(), UNWATCHED_S), 0.05)

    def _take_pairs(self) -> None:
        records = self._pairs.table.all()
        for number in [number for number in self._known if number not in records]:
            gone = self._known.pop(number)
            if gone.watcher is not None:
                gone.watcher.stop()
        for number, record in records.items():
            known = self._known.get(number)
            if known is not None:
                known.record = record
                if known.watcher is None and known.everything and known.due_s <= self._now():
                    known.watcher = self._watch(record, known.hints)
                continue
            hints = Hints(self._wake.set)
            self._known[number] = _Pair(record, hints, self._watch(record, hints), due_s=self._now())

    @staticmethod
    def _watch(record: PairRecord, hints: Hints) -> Watcher | None:
        watcher = Watcher(record.root, hints.add)
        try:
            watcher.start()
        except OSError as error:
            log.info("a sync folder cannot be watched, it is looked at now and then: %s", error.strerror or error)
            return None
        return watcher

    def _take_hints(self, pair: _Pair, now_s: float) -> None:
        folders = pair.hints.take()
        if folders is None:
            pair.everything = True
        elif folders:
            pair.folders |= folders
        else:
            return
        if pair.hinted_s == 0.0:
            pair.hinted_s = now_s
        # After the last hint, but not for ever.
        pair.due_s = min(now_s + self._quiet_s, pair.hinted_s + AT_MOST_S)

    def _run_pair(self, number: int, pair: _Pair) -> None:
        if is_paused(pair.record) or self._read_only():
            pair.due_s = self._now() + UNWATCHED_S
            return
        only = None if pair.everything or pair.watcher is None else set(pair.folders)
        started_s = self._now()
        pair.everything, pair.folders, pair.hinted_s = False, set(), 0.0
        try:
            if not self._asked:
                self._refresh()
                self._asked = True
            report = self._pairs.run_once(number, only=only)
        except CancelledError:
            pair.everything, pair.due_s = True, self._now() + self._quiet_s
            return
        except LockerBusyError:
            pair.everything, pair.due_s = True, self._now() + RETRY_S
            return
        except (StoreError, IntegrityError, LockerReadOnlyError) as error:
            log.warning("sync of %s waits: %s", number, error)
            pair.everything, pair.due_s = True, self._now() + RETRY_S
            self._pairs.set_offline(number, True)
            return
        self._pairs.set_offline(number, False)
        now_s = self._now()
        if only is None:
            pair.everything_s = now_s + EVERYTHING_S
        if report.busy or report.pending:
            pair.everything = True
            pair.due_s = now_s + pair.backoff_s
            pair.backoff_s = min(max(pair.backoff_s * 2, self._quiet_s), UNWATCHED_S)
            return
        pair.backoff_s = self._quiet_s
        # What stands still must be seen again to be told again.
        pair.everything = any(problem.kind is not ProblemKind.CONFLICT for problem in report.problems)
        if pair.watcher is None:
            # Looking costs what it costs; a hundredth of the time is enough.
            pair.everything, pair.due_s = True, now_s + max(UNWATCHED_S, 100 * (now_s - started_s))
        else:
            pair.due_s = pair.everything_s
