"""Workers and a clock that go on when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class ManualRuns:
    """`runner.Runs` that keeps tasks until `step`."""

    def __init__(self) -> None:
        self.tasks: list[tuple[Callable[[], Any], Any, Any, str]] = []
        self.unhandled: list[Exception] = []

    def run(self, task: Callable[[], Any], on_done: Any = None, on_error: Any = None, *, lane: str = "") -> None:
        if lane:
            self.tasks = [kept for kept in self.tasks if kept[3] != lane]
        self.tasks.append((task, on_done, on_error, lane))

    def step(self) -> bool:
        if not self.tasks:
            return False
        task, on_done, on_error, _ = self.tasks.pop(0)
        try:
            value = task()
        except Exception as error:  # noqa: BLE001
            (on_error or self.unhandled.append)(error)
        else:
            if on_done is not None:
                on_done(value)
        return True

    def all(self) -> None:
        while self.step():
            continue


class FakeClock:
    """Time moves when the test says so."""

    def __init__(self) -> None:
        self.time_s = 100.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return self.time_s

    def later(self, delay_s: float, call: Callable[[], None], /) -> None:
        self.waiting.append((self.time_s + delay_s, call))

    def pass_(self, seconds: float) -> None:
        self.time_s += seconds
        due = [entry for entry in self.waiting if entry[0] <= self.time_s]
        self.waiting = [entry for entry in self.waiting if entry[0] > self.time_s]
        for _, call in due:
            call()
