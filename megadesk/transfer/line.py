"""The transfers of one process by their place in the queue, and which of them is next."""

from __future__ import annotations

import heapq
import math
import os
import threading
from bisect import insort

from megadesk.transfer.control import Control
from megadesk.transfer.port import Asker
from megadesk.transfer.progress import Board
from megadesk.transfer.records import LIVE, Direction, KeptTransfer, State, TransferRow


class Live:
    """A transfer that this process owns."""

    def __init__(self, kept: KeptTransfer) -> None:
        self.id = kept.id
        self.position = kept.position
        self.record = kept.record
        self.control = Control()
        self.board = Board()
        self.ask: Asker | None = None
        self.not_before_s = 0.0
        self.hurried_s = -math.inf
        """When it was last begun anew because the storage had come back."""
        self.running = False
        self.shown: TransferRow | None = None
        """The row as it was made last, while nothing about it changes: of 50,000 few do."""
        self.ended = threading.Event()

    def row(self, away: str) -> TransferRow:
        """As shown. ``away``: why nothing is begun, while the storage cannot be reached."""
        record, now = self.record, self.board.snapshot()
        live = record.state in LIVE
        made = TransferRow(
            id=self.id,
            direction=record.direction,
            sources=tuple(os.fsdecode(s) for s in record.sources) if record.direction is Direction.UP else (),
            dest=record.dest_text,
            state=record.state,
            title=record.title,
            done_bytes=now.done_bytes if live else record.done_bytes,
            total_bytes=now.total_bytes if live else record.total_bytes,
            done_files=now.done_files if live else record.done_files,
            total_files=now.total_files if live else record.total_files,
            unchanged_files=now.unchanged_files if live else record.unchanged_files,
            moved_bytes=now.moved_bytes,
            scanning=now.scanning,
            speed_bps=now.speed_bps if record.state is State.RUNNING else 0.0,
            eta_s=now.eta_s if record.state is State.RUNNING else None,
            error=record.error or (away if record.state is State.QUEUED else ""),
            failures=max(now.failures, len(record.failures)),
            current=now.current,
            created_ms=record.created_ms,
        )
        if not self.running and self.record is record and not away:
            self.shown = made
        return made


class Line:
    """Not thread-safe: its owner's lock guards all of it, but for ``revision``, ``unfinished`` and ``len``."""

    def __init__(self) -> None:
        self.revision = 0
        """Another number whenever a transfer came, went, or changed its state or place."""
        self.unfinished = 0
        self._by_id: dict[int, Live] = {}
        self._running: dict[int, Live] = {}
        self._ordered: list[Live] = []
        """Kept so, as sorting 50,000 anew would stop all threads for a while."""
        self._ready: dict[Direction, list[tuple[float, int]]] = {direction: [] for direction in Direction}
        """Heaps of (place, id) of those that wait. May hold what waits no more: who takes from it looks."""

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, transfer: int) -> bool:
        return transfer in self._by_id

    def __getitem__(self, transfer: int) -> Live:
        return self._by_id[transfer]

    def ordered(self) -> list[Live]:
        return list(self._ordered)

    def running(self) -> list[Live]:
        return sorted(self._running.values(), key=_place)

    def begin(self, live: Live) -> None:
        """It is worked on from now on."""
        live.running = True
        self._running[live.id] = live

    def leave(self, live: Live) -> None:
        """It is not worked on any more, for whatever reason."""
        live.running = False
        self._running.pop(live.id, None)

    def add(self, live: Live) -> None:
        self._by_id[live.id] = live
        insort(self._ordered, live, key=_place)
        self.unfinished += live.record.state in LIVE
        self.touched(live)

    def touched(self, live: Live) -> None:
        """To be said after each change of a transfer's state or place."""
        live.shown = None
        self.revision += 1
        if live.record.state is State.QUEUED and not live.running:
            heapq.heappush(self._ready[live.record.direction], (live.position, live.id))

    def show_anew(self) -> None:
        """What is said of those that wait has changed."""
        self.revision += 1
        for live in self._by_id.values():
            if live.record.state is State.QUEUED:
                live.shown = None

    def remove(self, live: Live) -> None:
        """Of one that has ended."""
        del self._by_id[live.id]
        self._ordered.remove(live)
        self.revision += 1

    def move(self, live: Live, index: int) -> None:
        """Make it the ``index``-th."""
        queue = self._ordered
        if len(queue) == 1:
            return
        queue.remove(live)
        below = queue[index - 1].position if 0 < index <= len(queue) else queue[0].position - 2
        above = queue[index].position if 0 <= index < len(queue) else queue[-1].position + 2
        live.position = (below + above) / 2
        insort(queue, live, key=_place)
        self.touched(live)

    def take(self, direction: Direction, now_s: float) -> tuple[Live | None, float | None]:
        """The next one, which is running from now on; else in how many seconds one may be, None for unknown."""
        later: list[Live] = []
        heap = self._ready[direction]
        chosen: Live | None = None
        while heap and chosen is None:
            position, transfer = heapq.heappop(heap)
            live = self._by_id.get(transfer)
            if live is None or live.running or live.position != position or live.record.state is not State.QUEUED:
                continue
            if live.not_before_s > now_s:
                later.append(live)
            else:
                chosen = live
                self.begin(live)
        for live in later:
            heapq.heappush(heap, (live.position, live.id))
        return chosen, min((live.not_before_s - now_s for live in later), default=None)


def _place(live: Live) -> tuple[float, int]:
    return live.position, live.id
