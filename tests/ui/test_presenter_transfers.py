"""What the transfer strip says, without Qt."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from examples import transfer
from fakes import FakeTransfers
from manual import ManualRuns

from megadesk.transfer.port import FileFailure
from megadesk.transfer.records import Direction, State
from megadesk.ui.presenters.transfers import Board, Tone, TransfersPresenter, describe, permille


class View:
    def __init__(self) -> None:
        self.boards: list[Board] = []
        self.failures: list[tuple[int, Sequence[FileFailure]]] = []

    def show_board(self, board: Board) -> None:
        self.boards.append(board)

    def show_failures(self, transfer: int, failures: Sequence[FileFailure]) -> None:
        self.failures.append((transfer, failures))


GB = 10**9


def test_running_names_part_speed_and_time_left() -> None:
    line = describe(
        transfer(
            done_bytes=3 * GB,
            total_bytes=6 * GB,
            done_files=3,
            total_files=2000,
            speed_bps=85e6,
            eta_s=35.2,
            current="/home/me/Photos/2024/IMG_1.jpg",
        )
    )
    assert line.headline == "Uploading Photos"
    assert line.current == "2024/IMG_1.jpg"
    assert line.detail == "50% · 3 of 2,000 files, 3.00 GB of 6 GB · 85.0 MB/s · 40 s left"
    assert line.permille == 500
    assert line.can_pause
    assert line.can_cancel


def test_more_than_four_gibibytes_do_not_overflow() -> None:
    assert permille(transfer(done_bytes=5 * 2**40, total_bytes=10 * 2**40)) == 500


def test_a_full_bar_hides_no_work() -> None:
    line = describe(transfer(done_bytes=GB, total_bytes=GB, done_files=5, total_files=5))
    assert "confirm" in line.detail
    assert line.permille == 999


def test_counting_has_no_percentage() -> None:
    line = describe(transfer(scanning=True, total_files=1204, total_bytes=GB, done_bytes=GB // 2))
    assert line.permille is None
    assert "1,204 files" in line.detail


def test_empty_files_count_by_number() -> None:
    assert permille(transfer(done_files=1, total_files=4)) == 250


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        (State.DONE, Tone.DONE),
        (State.FAILED, Tone.TROUBLE),
        (State.PAUSED, Tone.WAITING),
        (State.QUEUED, Tone.WAITING),
        (State.CANCELLED, Tone.STOPPED),
    ],
)
def test_tones(state: State, tone: Tone) -> None:
    assert describe(transfer(state=state)).tone is tone


def test_done_with_files_left_out_is_trouble() -> None:
    line = describe(transfer(state=State.DONE, done_files=3, total_files=5, failures=2))
    assert line.tone is Tone.TROUBLE
    assert "2 files left out" in line.detail
    assert line.can_retry


def test_names_cannot_break_the_line() -> None:
    assert "\n" not in describe(transfer(title="a\nb\udcff")).headline


def test_the_running_one_is_on_the_strip_and_the_rest_counted() -> None:
    transfers, view, runs = FakeTransfers(), View(), ManualRuns()
    presenter = TransfersPresenter(view, transfers, runs, lambda: None)
    transfers.shown = [
        transfer(1, State.DONE),
        transfer(2, State.RUNNING),
        transfer(3, State.QUEUED),
        transfer(4, State.QUEUED, direction=Direction.DOWN),
    ]
    assert presenter.read()
    board = view.boards[-1]
    assert board.strip is not None
    assert (board.strip.id, board.waiting, len(board.lines)) == (2, 2, 4)
    assert presenter.read()
    assert len(view.boards) == 1  # nothing moved: nothing is painted


def test_it_sleeps_when_nothing_moves() -> None:
    transfers, view, runs = FakeTransfers(), View(), ManualRuns()
    presenter = TransfersPresenter(view, transfers, runs, lambda: None)
    transfers.shown = [transfer(1, State.PAUSED), transfer(2, State.QUEUED, error="The folder is not there.")]
    assert not presenter.read()
    assert presenter.live_count() == 2


def test_buttons_ask_the_queue() -> None:
    transfers, view, runs = FakeTransfers(), View(), ManualRuns()
    woken: list[int] = []
    presenter = TransfersPresenter(view, transfers, runs, lambda: woken.append(1))
    transfers.shown = [transfer(1, State.RUNNING), transfer(2, State.PAUSED), transfer(3, State.DONE)]
    presenter.pause_or_resume(1)
    presenter.pause_or_resume(2)
    presenter.cancel(1)
    presenter.retry(3)
    presenter.dismiss()
    runs.all()
    assert transfers.calls == [("pause", 1), ("resume", 2), ("cancel", 1), ("retry", 3), ("remove", 3)]
    assert len(woken) == 5


def test_failures_are_loaded() -> None:
    transfers, view, runs = FakeTransfers(), View(), ManualRuns()
    transfers.left_out = [FileFailure("/a", "A file here cannot be used", "No right to read it.")]
    TransfersPresenter(view, transfers, runs, lambda: None).load_failures(7)
    runs.all()
    assert view.failures == [(7, transfers.left_out)]
