"""When the lockers lock by themselves."""

from __future__ import annotations

from typing import Any

from megadesk.state.settings import Settings
from megadesk.ui.presenters.locking import AutoLock, Cause


class Desk:
    def __init__(self, **settings: Any) -> None:
        self.busy = False
        self.locked = 0
        self.rules = AutoLock(Settings(**settings), lambda: self.busy, self.lock)
        self.rules.opened(0)

    def lock(self) -> None:
        self.locked += 1


def test_after_idle_minutes_and_not_before() -> None:
    desk = Desk(lock_after_idle_min=5)
    desk.rules.tick(299)
    desk.rules.used(299)
    desk.rules.tick(598)
    assert desk.locked == 0
    desk.rules.tick(599)
    assert desk.locked == 1


def test_never_means_never() -> None:
    desk = Desk(lock_after_idle_min=0, lock_on_sleep=False, lock_on_screen_lock=False)
    desk.rules.tick(1e9)
    for cause in (Cause.SCREEN, Cause.SLEEP):
        desk.rules.happened(cause)
    assert desk.locked == 0


def test_a_locked_screen_waits_for_transfers_and_sleep_does_not() -> None:
    desk = Desk()
    desk.busy = True
    desk.rules.happened(Cause.SCREEN)
    desk.rules.tick(10)
    assert desk.locked == 0
    desk.busy = False
    desk.rules.tick(20)
    assert desk.locked == 1
    desk.rules.tick(30)
    assert desk.locked == 1
    desk.busy = True
    desk.rules.happened(Cause.SLEEP)
    assert desk.locked == 2


def test_who_comes_back_before_the_transfers_end_finds_it_open() -> None:
    desk = Desk(lock_after_idle_min=1)
    desk.busy = True
    desk.rules.tick(60)
    desk.rules.used(61)
    desk.busy = False
    desk.rules.tick(62)
    assert desk.locked == 0


def test_transfers_do_not_matter_when_told_so() -> None:
    desk = Desk(lock_waits_for_transfers=False)
    desk.busy = True
    desk.rules.happened(Cause.SCREEN)
    assert desk.locked == 1
