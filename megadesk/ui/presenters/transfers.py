"""The transfer strip and the list of transfers."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from megadesk.transfer.port import FileFailure
from megadesk.transfer.records import LIVE, Direction, State, TransferRow
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Transfers
from megadesk.ui.presenters.errors import words
from megadesk.ui.presenters.queued import Queue, QueueTotals, Sums, Tab
from megadesk.ui.runner import Runs


class Tone(enum.Enum):
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    TROUBLE = "trouble"
    STOPPED = "stopped"


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


@dataclass(frozen=True)
class Board:
    """What strip and page show at one moment."""

    strip: Line | None
    waiting: int
    """Transfers in the queue besides the one on the strip."""
    rows: Sequence[TransferRow] = ()
    """In the order of the queue. Those that did not change are the same objects as before."""
    counts: Mapping[Tab, int] = field(default_factory=dict)
    totals: QueueTotals = field(default_factory=QueueTotals)

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
        State.CANCELLED: Tone.STOPPED,
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
        return words(row.error)
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
        parts = [fmt.percent(part), _of(row)]
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


def total_words(totals: QueueTotals) -> list[str]:
    """The line above the queue, and shorter ones with what matters most where there is less room."""
    if not totals.transfers:
        return [""]
    short = ""
    if totals.total_files:
        done, whole = fmt.size(totals.done_bytes, exact=False), fmt.size(totals.total_bytes)
        short = translate("transfers", "%1 of %2").replace("%1", done).replace("%2", whole)
        parts = [
            translate("transfers", "%1 of %2, %3 of %4")
            .replace("%1", fmt.number(totals.done_files))
            .replace("%2", fmt.files(totals.total_files))
            .replace("%3", done)
            .replace("%4", whole)
        ]
        if totals.uncounted:
            parts[0], short = (translate("transfers", "at least %1").replace("%1", text) for text in (parts[0], short))
    else:
        parts = [translate("transfers", "not counted yet")]
    if totals.speed_bps >= 1:
        parts.append(fmt.speed(totals.speed_bps))
    if totals.eta_s is not None:
        parts.append(fmt.time_left(totals.eta_s))
    ways = [" · ".join(parts)]
    if short:
        ways += [" · ".join([short, *parts[1:]]), short]
    return ways


class TransfersView(Protocol):
    """The strip, or the page."""

    def show_board(self, board: Board) -> None: ...
    def show_failures(self, transfer: int, failures: Sequence[FileFailure]) -> None: ...


_Looked = tuple[int, Queue, TransferRow | None, set[int], float]
"""(revision, queue, what the strip is about, dismissed transfers that are still there, seconds it took)"""
_FEW = 1000
"""Transfers that are looked at at once: two milliseconds."""
_LONG_S = 0.02
_PAUSE_FACTOR = 4.0
"""While a long queue changes all the time, going through it takes at most a fifth of the time: the window needs the
interpreter, too."""


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
        self._queue = Queue()
        self._first: TransferRow | None = None
        self._rows: Sequence[TransferRow] = ()
        """Of the queue, with those at work as they are now."""
        self._looking = False
        self._look_again_s = 0.0
        """On the monotonic clock: not before that."""

    def add_view(self, view: TransfersView) -> None:
        """Also tell this one, from now on and at once."""
        self._views.append(view)
        if self._shown is not None:
            view.show_board(self._shown)

    def read(self) -> bool:
        """Show the board; whether it may look different in a moment. The bridge's timer calls it."""
        running = self._transfers.running()
        is_news = self._transfers.revision() != self._revision
        asked_for = self._revision is None
        if is_news and not self._looking and (asked_for or time.monotonic() >= self._look_again_s):
            if max(len(self._queue.rows), self._transfers.count()) < _FEW:
                self._take(*self._look(self._queue, set(self._dismissed))()[:4])
                is_news = False
            else:
                # Going through all of them would stop the window. What is shown is a moment old meanwhile.
                self._looking = True
                look = self._look(self._queue, set(self._dismissed))
                self._runs.run(look, self._looked, self._not_looked, lane="queue")
        queue, places = self._queue, self._queue.places
        rows = queue.rows
        shown = [row for row in running if row.id in places]
        if shown:
            rows = list(rows)
            for row in shown:
                rows[places[row.id]] = row
        self._rows = rows
        totals, strip = self._totals(shown)
        board = Board(
            strip=describe(strip) if strip is not None else None,
            waiting=totals.transfers - (1 if strip is not None and strip.state in LIVE else 0),
            rows=rows,
            counts=queue.counts,
            totals=totals,
        )
        if board != self._shown:
            self._shown = board
            for view in self._views:
                view.show_board(board)
        return (
            self._looking or is_news or any(row.state is State.RUNNING for row in running) or queue.resting.waiting > 0
        )

    def _look(self, queue: Queue, dismissed: set[int]) -> Callable[[], _Looked]:
        """A task that asks for all of them and adds them up."""
        transfers = self._transfers

        def look() -> _Looked:
            began = time.monotonic()
            revision = transfers.revision()
            rows = transfers.rows()
            left = dismissed
            if dismissed:
                # A retried transfer is news again.
                left = {row.id for row in rows if row.id in dismissed and row.state not in LIVE}
                rows = [row for row in rows if row.id not in left]
            now = queue.after(rows)
            return revision, now, now.first(), left, time.monotonic() - began

        return look

    def _take(self, revision: int, queue: Queue, first: TransferRow | None, dismissed: set[int]) -> None:
        self._revision, self._queue, self._first = revision, queue, first
        self._dismissed = dismissed

    def _looked(self, found: _Looked) -> None:
        self._looking = False
        revision, queue, first, dismissed, took_s = found
        self._look_again_s = time.monotonic() + (took_s * _PAUSE_FACTOR if took_s > _LONG_S else 0)
        if self._dismissed - dismissed and self._revision is None:
            revision = -1  # something was dismissed meanwhile: look again, and at once
            self._look_again_s = 0.0
            dismissed |= self._dismissed
        self._take(revision, queue, first, dismissed)
        self._wake()

    def _not_looked(self, error: Exception) -> None:
        self._looking = False
        raise error

    def _totals(self, running: Sequence[TransferRow]) -> tuple[QueueTotals, TransferRow | None]:
        """Of all that is live, with the figures of those at work as they are now."""
        queue = self._queue
        resting, now = queue.resting, Sums()
        for number in queue.at_work:
            now.add(self._rows[queue.places[number]])
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
        first = busy[0] if busy else self._first
        return totals, self._rows[queue.places[first.id]] if first is not None else None

    def live_count(self) -> int:
        """Transfers that are not finished."""
        return self._transfers.live_count()

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
