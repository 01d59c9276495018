"""Work off the GUI thread: plain threads take tasks, results come back through one ``deliver`` function.

No Qt here. `Bridge` gives ``deliver`` and calls `Runner.finish` on the GUI thread for each `Completed`.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

log = logging.getLogger(__name__)
_T = TypeVar("_T")
THREADS = 4


@dataclass(frozen=True)
class Completed:
    """A task's end on its way to the GUI thread. The value stays out of repr: it may hold names or keys."""

    ticket: int
    value: object = field(default=None, repr=False)
    error: BaseException | None = field(default=None, repr=False)
    spent: list[Callable[[], object]] = field(default_factory=list, repr=False)
    """The task itself. What it held may be widgets, which must not die on a worker: `Runner.finish` takes it out."""


@dataclass(frozen=True)
class ThreadFailed:
    """A thread of ours died of an error that nobody expected."""

    error: BaseException = field(repr=False)


class Runs(Protocol):
    """What presenters start tasks with: a `Scope`, or something synchronous in tests."""

    def run(
        self,
        task: Callable[[], _T],
        on_done: Callable[[_T], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
        *,
        lane: str = "",
    ) -> None:
        """Call ``task`` on another thread, then one of the two on this one.

        A later task in the same ``lane`` makes the earlier ones stale: they may still run, but nobody hears of it.
        """


@dataclass
class _Waiting:
    scope: Scope
    on_done: Callable[[Any], object] | None
    on_error: Callable[[Exception], object] | None


class Runner:
    """A few worker threads. `scope`, `finish` and `stop` are for the GUI thread."""

    def __init__(
        self, deliver: Callable[[object], None], unhandled: Callable[[Exception], None], threads: int = THREADS
    ) -> None:
        """``unhandled`` gets, on the GUI thread, the errors of tasks that were started without ``on_error``."""
        self._deliver = deliver
        self._unhandled = unhandled
        self._tickets = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._tasks: queue.SimpleQueue[tuple[int, Callable[[], Any]] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"ui-worker-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def scope(self) -> Scope:
        """A set of tasks that can be disowned together."""
        return Scope(self)

    def finish(self, completed: Completed) -> None:
        """Hand a result to whoever waits for it, if anybody still does."""
        completed.spent.clear()
        waiting = self._waiting.pop(completed.ticket, None)
        if waiting is None or not waiting.scope._settle(completed.ticket):
            return
        if completed.error is None:
            if waiting.on_done is not None:
                waiting.on_done(completed.value)
        elif not isinstance(completed.error, Exception):
            raise completed.error
        elif waiting.on_error is not None:
            waiting.on_error(completed.error)
        else:
            self._unhandled(completed.error)

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Take no more results, let running tasks end. False when one did not in time; its thread is a daemon."""
        self._waiting.clear()
        for _ in self._threads:
            self._tasks.put(None)
        until = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _start(self, waiting: _Waiting, task: Callable[[], Any]) -> int:
        ticket = next(self._tickets)
        self._waiting[ticket] = waiting
        self._tasks.put((ticket, task))
        return ticket

    def _drop(self, ticket: int) -> None:
        self._waiting.pop(ticket, None)

    def _work(self) -> None:
        while (item := self._tasks.get()) is not None:
            ticket, task = item
            if ticket not in self._waiting:  # stale before it began
                completed = Completed(ticket, spent=[task])
            else:
                try:
                    completed = Completed(ticket, value=task(), spent=[task])
                except BaseException as error:  # noqa: BLE001 - every error goes back to who asked
                    completed = Completed(ticket, error=error, spent=[task])
            del item, task  # else the idle thread keeps what the task held: a locker, a passphrase
            self._deliver(completed)
            del completed


class Scope:
    """Tasks of one owner, such as a session. For the GUI thread."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._tickets: dict[int, str] = {}
        self._lanes: dict[str, int] = {}
        self._closed = False

    def run(
        self,
        task: Callable[[], _T],
        on_done: Callable[[_T], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
        *,
        lane: str = "",
    ) -> None:
        """See `Runs.run`. Without effect once the scope is closed."""
        if self._closed:
            return
        if lane and (old := self._lanes.get(lane)) is not None:
            self._tickets.pop(old, None)
            self._runner._drop(old)
        ticket = self._runner._start(_Waiting(self, on_done, on_error), task)
        self._tickets[ticket] = lane
        if lane:
            self._lanes[lane] = ticket

    def close(self) -> None:
        """Nothing that was started here calls back any more."""
        self._closed = True
        for ticket in self._tickets:
            self._runner._drop(ticket)
        self._tickets.clear()
        self._lanes.clear()

    def _settle(self, ticket: int) -> bool:
        lane = self._tickets.pop(ticket, None)
        if lane is None:
            return False
        if lane and self._lanes.get(lane) == ticket:
            del self._lanes[lane]
        return True
