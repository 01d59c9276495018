"""The transfer strip and the list of transfers."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Board:
    """What strip and list show at one moment."""

    strip: Line | None
    waiting: int
    """Transfers in the queue besides the one on the strip."""
    lines: tuple[Line, ...]


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


class TransfersView(Protocol):
    """The strip and its panel."""

    def show_board(self, board: Board) -> None: ...
    def show_failures(self, transfer: int, failures: Sequence[FileFailure]) -> None: ...


class TransfersPresenter:
    """Turns the board into words, and clicks into requests."""

    def __init__(self, view: TransfersView, transfers: Transfers, runs: Runs, wake: Callable[[], None]) -> None:
        """``wake`` starts reading the board again."""
        self._view = view
        self._transfers = transfers
        self._runs = runs
        self._wake = wake
        self._dismissed: set[int] = set()
        self._shown: Board | None = None

    def read(self) -> bool:
        """Show the board; whether it may look different in a moment. The bridge's timer calls it."""
        rows = self._transfers.rows()
        live = [row for row in rows if row.state in LIVE]
        listed = [row for row in rows if row.state in LIVE or row.id not in self._dismissed]
        # A retried transfer is news again.
        self._dismissed -= {row.id for row in live}
        first = min(
            listed, key=lambda row: (_URGENCY[row.state], -row.id if row.state not in LIVE else 0), default=None
        )
        board = Board(
            strip=describe(first) if first is not None else None,
            waiting=len([row for row in live if row is not first]),
            lines=tuple(describe(row) for row in listed),
        )
        if board != self._shown:
            self._shown = board
            self._view.show_board(board)
        return any(row.state is State.RUNNING or (row.state is State.QUEUED and not row.error) for row in live)

    def live_count(self) -> int:
        """Transfers that are not finished."""
        return sum(row.state in LIVE for row in self._transfers.rows())

    def pause_or_resume(self, transfer: int) -> None:
        paused = any(row.id == transfer and row.state is State.PAUSED for row in self._transfers.rows())
        self._do(self._transfers.resume if paused else self._transfers.pause, transfer)

    def cancel(self, transfer: int) -> None:
        self._do(self._transfers.cancel, transfer)

    def retry(self, transfer: int) -> None:
        self._do(self._transfers.retry, transfer)

    def dismiss(self, transfer: int | None = None) -> None:
        """Take a finished transfer, or all of them, off the list, and forget it."""
        for row in self._transfers.rows():
            if row.state not in LIVE and transfer in (None, row.id) and row.id not in self._dismissed:
                self._dismissed.add(row.id)
                self._do(self._transfers.remove, row.id)
        self.read()

    def load_failures(self, transfer: int) -> None:
        transfers = self._transfers

        def loaded(found: Sequence[FileFailure]) -> None:
            self._view.show_failures(transfer, found)

        self._runs.run(lambda: transfers.failures(transfer), loaded, lane="failures")

    def _do(self, action: Callable[[int], None], transfer: int) -> None:
        self._runs.run(lambda: action(transfer), lambda _: self._wake())
