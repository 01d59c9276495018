"""The queue added up: what the tabs count and what is still to come, kept up to date by what changed. Pure.

A queue may have 50,000 transfers. Looking at each costs a tenth of a second, so only those are looked at that are other
objects than last time; the rest is a few loops in C.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from megadesk.transfer.records import LIVE, Direction, State, TransferRow


class Tab(enum.Enum):
    """Parts of the queue, as the page shows them."""

    ALL = "all"
    UP = "up"
    DOWN = "down"
    DONE = "done"
    FAILED = "failed"

    def holds(self, row: TransferRow) -> bool:
        if self is Tab.ALL:
            return True
        if self is Tab.DONE:
            return row.state in (State.DONE, State.CANCELLED) and not row.failures
        if self is Tab.FAILED:
            return row.state is State.FAILED or bool(row.failures and row.state not in LIVE)
        return row.state in LIVE and (row.direction is Direction.UP) == (self is Tab.UP)


@dataclass(frozen=True)
class QueueTotals:
    """All that has not ended, added up: never more than is known."""

    transfers: int = 0
    done_bytes: int = 0
    total_bytes: int = 0
    done_files: int = 0
    total_files: int = 0
    uncounted: int = 0
    """Transfers whose total is not known yet: the real total is larger."""
    speed_bps: float = 0.0
    paused: int = 0

    @property
    def eta_s(self) -> float | None:
        if self.uncounted or self.speed_bps < 1:
            return None
        return (self.total_bytes - self.done_bytes) / self.speed_bps


_URGENCY = {State.RUNNING: 0, State.QUEUED: 1, State.PAUSED: 2, State.FAILED: 3, State.DONE: 4, State.CANCELLED: 5}


@dataclass
class Sums:
    """Of some transfers."""

    live: int = 0
    done_bytes: int = 0
    total_bytes: int = 0
    done_files: int = 0
    total_files: int = 0
    uncounted: int = 0
    paused: int = 0
    waiting: int = 0
    """Queued, and not for something that is wrong."""
    speed_bps: float = 0.0

    def add(self, row: TransferRow, sign: int = 1) -> None:
        """``sign`` -1 takes it back."""
        state = row.state
        if state in LIVE:
            self.live += sign
            self.done_bytes += sign * row.done_bytes
            self.total_bytes += sign * row.total_bytes
            self.done_files += sign * row.done_files
            self.total_files += sign * row.total_files
            self.uncounted += sign * (not row.total_files or row.scanning)
            self.paused += sign * (state is State.PAUSED)
            self.waiting += sign * (state is State.QUEUED and not row.error)
            self.speed_bps += sign * row.speed_bps


@dataclass(frozen=True)
class Queue:
    """The transfers at one moment."""

    rows: Sequence[TransferRow] = ()
    places: dict[int, int] = field(default_factory=dict)
    """By id."""
    resting: Sums = field(default_factory=Sums)
    """Of those that are live and not at work."""
    counts: dict[Tab, int] = field(default_factory=lambda: dict.fromkeys(Tab, 0))
    at_work: frozenset[int] = frozenset()

    def after(self, rows: Sequence[TransferRow]) -> Queue:
        """The queue that has these rows now. For worker threads, too: this one stays as it is."""
        places, old = self.places, self.rows
        resting, counts, at_work = replace(self.resting), dict(self.counts), set(self.at_work)

        def count(row: TransferRow, sign: int) -> None:
            if row.state is State.RUNNING:
                (at_work.add if sign > 0 else at_work.discard)(row.id)
            else:
                resting.add(row, sign)
            counts[Tab.ALL] += sign
            for tab in (Tab.UP, Tab.DOWN, Tab.DONE, Tab.FAILED):
                if tab.holds(row):
                    counts[tab] += sign
                    break

        known = {row.id: row for row in old}
        changed = [row for row in rows if known.get(row.id) is not row]
        moved = len(rows) != len(old)
        for row in changed:
            was = known.get(row.id)
            if was is not None:
                count(was, -1)
            else:
                moved = True
            count(row, 1)
        if not moved:
            moved = any(rows[places[row.id]] is not row for row in changed)
        if moved:
            places = {row.id: at for at, row in enumerate(rows)}
            if len(places) != len(known.keys() | places.keys()):
                for number, row in known.items():
                    if number not in places:
                        count(row, -1)
        return Queue(rows, places, resting, counts, frozenset(at_work))

    def first(self) -> TransferRow | None:
        """The one that the strip is about: at work, else the next, else what ended last."""
        best, urgency = None, (9, 0)
        for row in self.rows:
            rank = _URGENCY[row.state]
            if rank <= urgency[0]:
                mine = (rank, 0 if rank <= 2 else -row.id)
                if mine < urgency:
                    best, urgency = row, mine
                    if rank == 0:
                        break
        return best
