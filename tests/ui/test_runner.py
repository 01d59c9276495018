"""Threads in, results out."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from megadesk.ui.runner import Completed, Runner


class Desk:
    def __init__(self) -> None:
        self.arrived: queue.Queue[object] = queue.Queue()
        self.unhandled: list[Exception] = []
        self.runner = Runner(self.arrived.put, self.unhandled.append)

    def pump(self) -> None:
        message = self.arrived.get(timeout=10)
        assert isinstance(message, Completed)
        self.runner.finish(message)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    assert desk.runner.stop()


def raising() -> None:
    raise ValueError("no")


def test_results_come_back_on_the_thread_that_pumps(desk: Desk) -> None:
    got: list[Any] = []
    main = threading.get_ident()
    desk.runner.scope().run(threading.get_ident, lambda ident: got.append((ident, threading.get_ident())))
    desk.pump()
    assert got[0][0] != main
    assert got[0][1] == main


def test_errors_go_to_who_asked_or_to_the_net(desk: Desk) -> None:
    scope = desk.runner.scope()
    got: list[Exception] = []
    scope.run(raising, None, got.append)
    desk.pump()
    scope.run(raising)
    desk.pump()
    assert isinstance(got[0], ValueError)
    assert isinstance(desk.unhandled[0], ValueError)


def test_a_later_task_of_a_lane_makes_the_earlier_stale(desk: Desk) -> None:
    scope = desk.runner.scope()
    got: list[str] = []
    begun, go = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        go.wait(10)
        return "old"

    scope.run(slow, got.append, lane="list")
    assert begun.wait(10)
    scope.run(lambda: "new", got.append, lane="list")
    desk.pump()
    go.set()
    desk.pump()
    assert got == ["new"]


def test_a_closed_scope_hears_nothing(desk: Desk) -> None:
    scope, other = desk.runner.scope(), desk.runner.scope()
    got: list[str] = []
    begun, go = threading.Event(), threading.Event()

    def task() -> str:
        begun.set()
        go.wait(10)
        return "late"

    scope.run(task, got.append)
    assert begun.wait(10)
    other.run(lambda: "other", got.append)
    desk.pump()
    scope.close()
    scope.run(lambda: "never", got.append)
    go.set()
    desk.pump()
    assert got == ["other"]


def test_nothing_of_a_task_is_kept_after_it(desk: Desk) -> None:
    import gc
    import weakref

    class Secret:
        pass

    def start() -> weakref.ref[Secret]:
        secret = Secret()
        use: Callable[[], int] = lambda: id(secret)  # noqa: E731
        desk.runner.scope().run(use)
        return weakref.ref(secret)

    kept = start()
    desk.pump()
    # The idle worker has gone back to its queue by the time another task went through each thread.
    for _ in range(8):
        desk.runner.scope().run(lambda: None)
        desk.pump()
    gc.collect()
    assert kept() is None


def test_values_stay_out_of_representations() -> None:
    assert "passphrase" not in repr(Completed(1, value="passphrase", error=ValueError("passphrase")))
