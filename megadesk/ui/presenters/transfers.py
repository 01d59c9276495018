"""The transfer strip and the list of transfers."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from megadesk.transfer.port import FileFailure
from megadesk.transfer.records import LIVE, Direction, State, TransferRow
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Transfers
from megadesk.ui.runner import Runs


class Tone(enum.Enum):
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Line:
    """A transfer in words."""

    id: int
    up: bool
    tone: Tone
    headline: str
    current: str
    """The file it is at, "" when that says nothing."""
    detail: str
    permille: int | None
    """0..1000; None: not known yet."""
    can_pause: bool = False
    can_resume: bool = False
    can_cancel: bool = False
    can_retry: bool = False
    failures: int = 0


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


@dataclass(frozen=True)
class Board:
    """What strip and page show at one moment."""

    strip: Line | None
    waiting: int
    """Transfers in the queue besides the one on the strip."""
    rows: Sequence[TransferRow] = ()
    """In the order of the queue. Those that did not change are the same objects as before."""
    counts: Mapping[Tab, int] = field(default_factory=dict)
    totals: QueueTotals = QueueTotals()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of them in words."""
        return tuple(describe(row) for row in self.rows)


def permille(row: TransferRow) -> int | None:
    """Bytes decide; files where there are no bytes. Full only when it is done."""
    if row.state is State.DONE:
        return 1000
    done, total = (row.done_bytes, row.total_bytes) if row.total_bytes else (row.done_files, row.total_files)
    if not total or row.scanning:
        return None
    return max(0, min(999, done * 1000 // total))


def describe(row: TransferRow) -> Line:
    """Words for one transfer."""
    up = row.direction is Direction.UP
    title = fmt.shown_name(row.title)
    part = permille(row)
    ended = row.state not in LIVE
    tone = {
        State.RUNNING: Tone.WORKING,
        State.QUEUED: Tone.WAITING,
        State.PAUSED: Tone.WAITING,
        State.DONE: Tone.DONE,
        State.CANCELLED: Tone.DONE,
        State.FAILED: Tone.TROUBLE,
    }[row.state]
    if row.failures and ended:
        tone = Tone.TROUBLE
    return Line(
        id=row.id,
        up=up,
        tone=tone,
        headline=_headline(row, up).replace("%1", title),
        current=_current(row),
        detail=_detail(row, up, part),
        permille=part if not ended or row.state is State.DONE else (part or 0),
        can_pause=row.state in (State.RUNNING, State.QUEUED),
        can_resume=row.state is State.PAUSED,
        can_cancel=row.state in LIVE,
        can_retry=row.state in (State.FAILED, State.CANCELLED)
        or bool(row.failures and ended)
        or bool(row.error and row.state is State.QUEUED),
        failures=row.failures,
    )


def _current(row: TransferRow) -> str:
    """The file it is at, below the title: "2024/IMG_1.jpg" while "Photos" goes up."""
    if row.state is not State.RUNNING or not row.current:
        return ""
    parts = [part for part in row.current.replace("\\", "/").split("/") if part]
    if row.title in parts[:-1]:
        parts = parts[parts.index(row.title) + 1 :]
    return fmt.shown_name("/".join(parts[-3:])) if parts and parts != [row.title] else ""


def _headline(row: TransferRow, up: bool) -> str:
    texts = {
        (State.RUNNING, True): translate("transfers", "Uploading %1"),
        (State.RUNNING, False): translate("transfers", "Saving %1"),
        (State.QUEUED, True): translate("transfers", "Waiting to upload %1"),
        (State.QUEUED, False): translate("transfers", "Waiting to save %1"),
        (State.PAUSED, True): translate("transfers", "Paused: upload of %1"),
        (State.PAUSED, False): translate("transfers", "Paused: saving %1"),
        (State.DONE, True): translate("transfers", "Uploaded %1"),
        (State.DONE, False): translate("transfers", "Saved %1"),
        (State.FAILED, True): translate("transfers", "Could not upload %1"),
        (State.FAILED, False): translate("transfers", "Could not save %1"),
        (State.CANCELLED, True): translate("transfers", "Cancelled: upload of %1"),
        (State.CANCELLED, False): translate("transfers", "Cancelled: saving %1"),
    }
    return texts[(row.state, up)]


def _detail(row: TransferRow, up: bool, part: int | None) -> str:
    if row.state is State.RUNNING:
        return _running_detail(row, up, part)
    if row.error:
        return row.error
    if row.state is State.QUEUED and not row.total_files:
        return translate("transfers", "Waiting for its turn")
    parts = []
    if row.state is State.DONE:
        parts.append(fmt.files(row.done_files))
        if row.unchanged_files and row.unchanged_files == row.done_files and up:
            parts.append(translate("transfers", "already in the locker"))
        else:
            parts.append(fmt.size(row.done_bytes))
    elif row.total_files:
        parts.append(_of(row))
    if row.failures:
        parts.append(
            translate("transfers", "1 file left out")
            if row.failures == 1
            else translate("transfers", "%1 files left out").replace("%1", fmt.number(row.failures))
        )
    return " · ".join(parts)


def _running_detail(row: TransferRow, up: bool, part: int | None) -> str:
    if row.scanning or part is None:
        parts = [translate("transfers", "Counting: %1 so far").replace("%1", fmt.files(row.total_files))]
        if row.done_bytes:
            parts.append(fmt.size(row.done_bytes))
    elif row.done_files >= row.total_files and row.done_bytes >= row.total_bytes:
        # Nothing hides behind a full bar: the storage has yet to confirm that all of it is kept.
        return (
            translate("transfers", "Waiting for the storage to confirm %1")
            if up
            else translate("transfers", "Putting %1 into place")
        ).replace("%1", fmt.files(row.total_files))
    else:
        parts = [f"{part // 10} %", _of(row)]
    if row.speed_bps >= 1:
        parts.append(fmt.speed(row.speed_bps))
    if row.eta_s is not None and part is not None:
        parts.append(fmt.time_left(row.eta_s))
    return " · ".join(parts)


def _of(row: TransferRow) -> str:
    if row.total_files > 1:
        return (
            translate("transfers", "%1 of %2, %3 of %4")
            .replace("%1", fmt.number(row.done_files))
            .replace("%2", fmt.files(row.total_files))
            .replace("%3", fmt.size(row.done_bytes, exact=False))
            .replace("%4", fmt.size(row.total_bytes))
        )
    return (
        translate("transfers", "%1 of %2")
        .replace("%1", fmt.size(row.done_bytes, exact=False))
        .replace("%2", fmt.size(row.total_bytes))
    )


_URGENCY = {State.RUNNING: 0, State.QUEUED: 1, State.PAUSED: 2, State.FAILED: 3, State.DONE: 4, State.CANCELLED: 5}


def total_words(totals: QueueTotals) -> str:
    """The line above the queue."""
    if not totals.transfers:
        return ""
    if totals.total_files:
        parts = [
            translate("transfers", "%1 of %2, %3 of %4")
            .replace("%1", fmt.number(totals.done_files))
            .replace("%2", fmt.files(totals.total_files))
            .replace("%3", fmt.size(totals.done_bytes, exact=False))
            .replace("%4", fmt.size(totals.total_bytes))
        ]
        if totals.uncounted:
            parts[0] = translate("transfers", "at least %1").replace("%1", parts[0])
    else:
        parts = [translate("transfers", "not counted yet")]
    if totals.speed_bps >= 1:
        parts.append(fmt.speed(totals.speed_bps))
    if totals.eta_s is not None:
        parts.append(fmt.time_left(totals.eta_s))
    return " · ".join(parts)


class _Sum:
    """Adds up a queue of any length in one pass."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(Tab, 0)
        self.live = 0
        self.done_bytes = self.total_bytes = self.done_files = self.total_files = 0
        self.uncounted = self.paused = 0
        self.speed_bps = 0.0
        self.first: TransferRow | None = None
        self._urgency: tuple[int, int] | None = None

    def add(self, row: TransferRow, *, counted: bool = True, sign: int = 1) -> None:
        """``sign`` -1 takes the figures back, not the counts."""
        state = row.state
        if counted and sign > 0:
            self.counts[Tab.ALL] += 1
            for tab in (Tab.UP, Tab.DOWN, Tab.DONE, Tab.FAILED):
                if tab.holds(row):
                    self.counts[tab] += 1
                    break
            urgency = (_URGENCY[state], -row.id if state not in LIVE else 0)
            if self._urgency is None or urgency < self._urgency:
                self._urgency, self.first = urgency, row
        if state in LIVE:
            self.live += sign
            self.done_bytes += sign * row.done_bytes
            self.total_bytes += sign * row.total_bytes
            self.done_files += sign * row.done_files
            self.total_files += sign * row.total_files
            self.uncounted += sign * (not row.total_files or row.scanning)
            self.paused += sign * (state is State.PAUSED)
            self.speed_bps += sign * row.speed_bps


class TransfersView(Protocol):
    """The strip, or the page."""

    def show_board(self, board: Board) -> None: ...
    def show_failures(self, transfer: int, failures: Sequence[FileFailure]) -> None: ...


class TransfersPresenter:
    """Turns the board into words, and clicks into requests. What did not change is neither asked for nor told again."""

    def __init__(self, view: TransfersView, transfers: Transfers, runs: Runs, wake: Callable[[], None]) -> None:
        """``wake`` starts reading the board again."""
        self._views = [view]
        self._transfers = transfers
        self._runs = runs
        self._wake = wake
        self._dismissed: set[int] = set()
        self._shown: Board | None = None
        self._revision: int | None = None
        self._rows: list[TransferRow] = []
        self._places: dict[int, int] = {}
        self._resting = _Sum()
        self._at_work: list[int] = []
        self._resting_moves = False

    def add_view(self, view: TransfersView) -> None:
        """Also tell this one, from now on and at once."""
        self._views.append(view)
        if self._shown is not None:
            view.show_board(self._shown)

    def read(self) -> bool:
        """Show the board; whether it may look different in a moment. The bridge's timer calls it."""
        revision = self._transfers.revision()
        running = self._transfers.running()
        if revision != self._revision:
            self._revision = revision
            self._read_all()
        rows = self._rows
        if running:
            rows = list(rows)
            for row in running:
                at = self._places.get(row.id)
                if at is not None:
                    rows[at] = row
            self._rows = rows
        totals, strip = self._totals([row for row in running if row.id in self._places])
        board = Board(
            strip=describe(strip) if strip is not None else None,
            waiting=totals.transfers - (1 if strip is not None and strip.state in LIVE else 0),
            rows=rows,
            counts=self._resting.counts,
            totals=totals,
        )
        if board != self._shown:
            self._shown = board
            for view in self._views:
                view.show_board(board)
        return any(row.state is State.RUNNING for row in running) or self._resting_moves

    def _read_all(self) -> None:
        rows = self._transfers.rows()
        if self._dismissed:
            # A retried transfer is news again.
            self._dismissed = {row.id for row in rows if row.id in self._dismissed and row.state not in LIVE}
            rows = [row for row in rows if row.id not in self._dismissed]
        self._rows = list(rows)
        self._places = {row.id: at for at, row in enumerate(self._rows)}
        self._resting = _Sum()
        self._at_work = [row.id for row in self._rows if row.state is State.RUNNING]
        self._resting_moves = any(row.state is State.QUEUED and not row.error for row in self._rows)
        for row in self._rows:
            self._resting.add(row)
            if row.state is State.RUNNING:
                self._resting.add(row, sign=-1)

    def _totals(self, running: Sequence[TransferRow]) -> tuple[QueueTotals, TransferRow | None]:
        """Of all that is live, with the figures of those at work as they are now."""
        resting, now = self._resting, _Sum()
        for number in self._at_work:
            now.add(self._rows[self._places[number]], counted=False)
        totals = QueueTotals(
            resting.live + now.live,
            resting.done_bytes + now.done_bytes,
            resting.total_bytes + now.total_bytes,
            resting.done_files + now.done_files,
            resting.total_files + now.total_files,
            resting.uncounted + now.uncounted,
            now.speed_bps,
            resting.paused + now.paused,
        )
        busy = [row for row in running if row.state is State.RUNNING]
        first = busy[0] if busy else resting.first
        return totals, self._rows[self._places[first.id]] if first is not None else None

    def live_count(self) -> int:
        """Transfers that are not finished."""
        if self._transfers.revision() != self._revision:
            return sum(row.state in LIVE for row in self._transfers.rows())
        return self._resting.live + len(self._at_work)

    # --- requests

    def pause_or_resume(self, transfer: int) -> None:
        paused = any(row.id == transfer and row.state is State.PAUSED for row in self._transfers.rows())
        self._do(self._transfers.resume if paused else self._transfers.pause, transfer)

    def cancel(self, transfer: int) -> None:
        self._do(self._transfers.cancel, transfer)

    def retry(self, transfer: int) -> None:
        self._do(self._transfers.retry, transfer)

    def each(self, what: str, transfers: Sequence[int]) -> None:
        """``what``: pause, resume, cancel or retry; for many at once, in one task."""
        act: Callable[[int], None] = getattr(self._transfers, what)

        def task() -> None:
            for transfer in transfers:
                act(transfer)

        self._runs.run(task, lambda _: self._wake())

    def all_at_once(self, what: str) -> None:
        """``what``: pause_all, resume_all, retry_all or remove_ended."""
        act: Callable[[], None] = getattr(self._transfers, what)
        self._runs.run(act, lambda _: self._wake())

    def move(self, transfers: Sequence[int], before: int | None) -> None:
        """Put them, in their order, before another one of the queue; None: behind all."""
        chosen = set(transfers)
        others = [row.id for row in self._rows if row.id not in chosen]
        at = others.index(before) if before in others else len(others)
        moving = self._transfers

        def task() -> None:
            for place, transfer in enumerate(transfers):
                moving.move_to(transfer, at + place)

        self._runs.run(task, lambda _: self._wake())

    def dismiss(self, transfer: int | None = None) -> None:
        """Take a finished transfer, or all of them, off the list, and forget it."""
        for row in self._transfers.rows():
            if row.state not in LIVE and transfer in (None, row.id) and row.id not in self._dismissed:
                self._dismissed.add(row.id)
                self._do(self._transfers.remove, row.id)
        self._revision = None
        self.read()

    def load_failures(self, transfer: int) -> None:
        transfers = self._transfers

        def loaded(found: Sequence[FileFailure]) -> None:
            for view in self._views:
                view.show_failures(transfer, found)

        self._runs.run(lambda: transfers.failures(transfer), loaded, lane="failures")

    def _do(self, action: Callable[[int], None], transfer: int) -> None:
        self._runs.run(lambda: action(transfer), lambda _: self._wake())
