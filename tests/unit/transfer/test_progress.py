"""The board: what counts as done while bytes are on the line, and after the line broke."""

from __future__ import annotations

import pytest

from megadesk.stores import meter
from megadesk.transfer.progress import Board


def test_what_is_on_its_way_counts_while_it_travels() -> None:
    board = Board()
    board.add_total(1, 1000)
    with board.travelling(1000) as travel:
        meter.travelled(300)
        assert board.snapshot().done_bytes == 300
        assert board.moved_bytes == 0
        meter.travelled(900)  # heads, and the tags of encryption
        assert board.snapshot().done_bytes == 1000
        assert board.snapshot().done_files == 0
        board.add_done(1, 1000, travel=travel)
        assert (board.snapshot().done_bytes, board.moved_bytes) == (1000, 1000)
    assert board.snapshot().done_bytes == 1000


def test_what_broke_off_does_not() -> None:
    board = Board()
    board.add_total(2, 1000)

    def call() -> None:
        with board.travelling(500):
            meter.travelled(400)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        call()
    assert board.snapshot().done_bytes == 0


def test_a_second_try_starts_from_nothing() -> None:
    board = Board()
    with board.travelling(500):
        meter.travelled(400)
        meter.again()
        meter.travelled(100)
        assert board.snapshot().done_bytes == 100


def test_parts_land_one_by_one() -> None:
    board = Board()
    with board.travelling(1000) as travel:
        meter.travelled(1000)
        for done in (100, 200, 300):
            board.add_done(1, 100, travel=travel)
            assert board.moved_bytes == done
            assert board.snapshot().done_bytes == 1000
    assert board.snapshot().done_bytes == 300


def test_others_calls_are_none_of_its_own() -> None:
    board, other = Board(), Board()
    with board.travelling(100):
        with other.travelling(100):
            meter.travelled(50)
        meter.travelled(7)
        assert (board.snapshot().done_bytes, other.snapshot().done_bytes) == (7, 0)
    meter.travelled(50)
    assert board.snapshot().done_bytes == 0
