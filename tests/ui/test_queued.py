"""The queue added up by what changed is the queue added up anew."""

from __future__ import annotations

import random
import time

import pytest
from examples import transfer
from fakes import FakeTransfers
from hypothesis import given
from hypothesis import strategies as st
from manual import ManualRuns

from megadesk.transfer.records import LIVE, Direction, State, TransferRow
from megadesk.ui.presenters.queued import Queue, Tab
from megadesk.ui.presenters.transfers import Board, TransfersPresenter


def made(number: int, chance: random.Random) -> TransferRow:
    return transfer(
        number,
        chance.choice(list(State)),
        direction=chance.choice(list(Direction)),
        done_bytes=chance.randrange(100),
        total_bytes=chance.randrange(100, 200),
        total_files=chance.randrange(3),
        failures=chance.choice([0, 0, 2]),
        error=chance.choice(["", "", "The storage is away."]),
    )


@given(seed=st.integers(0, 2**32))
def test_by_what_changed_or_anew(seed: int) -> None:
    chance = random.Random(seed)
    rows: list[TransferRow] = []
    queue = Queue()
    for step in range(12):
        for _ in range(chance.randrange(4)):
            what = chance.randrange(5)
            if what <= 1 or not rows:
                rows.append(made(step * 10 + len(rows) + 1000 * chance.randrange(1000), chance))
            elif what == 2:
                at = chance.randrange(len(rows))
                rows[at] = made(rows[at].id, chance)
            elif what == 3:
                rows.pop(chance.randrange(len(rows)))
            else:
                # As the queue gives it: what was moved is another object.
                row = rows.pop(chance.randrange(len(rows)))
                rows.insert(chance.randrange(len(rows) + 1), made(row.id, chance))
        rows = list({row.id: row for row in rows}.values())
        before, was = queue, (dict(queue.places), dict(queue.counts), queue.resting.live)
        queue = queue.after(list(rows))
        anew = Queue().after(list(rows))
        assert queue == anew
        assert queue.first() == anew.first()
        assert queue.resting.live + len(queue.at_work) == sum(row.state in LIVE for row in rows)
        assert queue.counts[Tab.ALL] == len(rows)
        assert (before.places, before.counts, before.resting.live) == was  # the old one is still what it was


class View:
    def __init__(self) -> None:
        self.board: Board | None = None

    def show_board(self, board: Board) -> None:
        self.board = board

    def show_failures(self, transfer: int, failures: object) -> None: ...


def test_a_long_queue_is_looked_at_by_a_worker() -> None:
    transfers, view, runs = FakeTransfers(), View(), ManualRuns()
    woken: list[int] = []
    presenter = TransfersPresenter(view, transfers, runs, lambda: woken.append(1))
    transfers.shown = [transfer(number, State.QUEUED) for number in range(1, 5001)]
    assert presenter.read()
    assert view.board is not None
    assert view.board.rows == ()  # not yet
    assert presenter.live_count() == 5000
    runs.all()
    assert woken
    assert presenter.read()
    assert len(view.board.rows) == 5000
    assert view.board.totals.transfers == 5000
    # Something is taken off the list while a worker looks: it does not come back.
    transfers.shown[7] = transfer(8, State.DONE)
    presenter._revision = None
    presenter.read()
    presenter.dismiss(8)
    transfers.calls.clear()
    runs.all()
    presenter.read()
    runs.all()
    presenter.read()
    assert len(view.board.rows) == 4999


def test_a_long_queue_that_keeps_changing_is_not_looked_at_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    transfers, view, runs = FakeTransfers(), View(), ManualRuns()
    presenter = TransfersPresenter(view, transfers, runs, lambda: None)
    transfers.shown = [transfer(number, State.PAUSED) for number in range(1, 5001)]
    presenter.read()
    look, done = runs.tasks[0][:2]
    runs.tasks.clear()
    found = look()
    done((*found[:4], 0.1))  # it took so long
    transfers.shown.append(transfer(5001, State.PAUSED))
    presenter._revision = -1
    assert presenter.read()  # the timer is to go on, as there is news
    assert not runs.tasks
    now_s += 0.5
    assert presenter.read()
    runs.all()
    assert not presenter.read()
    assert view.board is not None
    assert len(view.board.rows) == 5001
