"""Decrypted copies for other programs: dragged out, pasted on the desktop, opened. Gone as soon as can be. No Qt.

A copy is made in a folder of `PrivateFiles`, whole, before anybody hears where it is: a file manager asks for names
while the pointer only hovers, and starts to read at the drop, so half a copy would be taken for a whole one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from megadesk.errors import CancelledError, LocalFileError
from megadesk.transfer.control import Control
from megadesk.transfer.progress import Board, Snapshot
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeId, NodeKind
from megadesk.ui.ports import Clock, Locker
from megadesk.ui.presenters.changes import source_of
from megadesk.ui.presenters.listing import RowKey, row_key
from megadesk.ui.private_files import PrivateFiles, being_read
from megadesk.ui.runner import Runs

SMALL_BYTES = 64 << 20
"""Made while the hand still moves; more is made ready first, and then dragged."""
_LOOK_S = 2.0
_QUIET_S = 30.0
"""After a drop, nobody must have had a file of it open for so long."""
_UNUSED_S = 900.0
"""What was made ready and is not fetched goes by then."""


@dataclass
class Copy:
    """Files in clear in a private folder."""

    keys: tuple[RowKey, ...]
    heads: tuple[object, ...]
    folder: Path
    paths: list[str] = field(default_factory=list)
    """Of the top files and folders."""
    made_s: float = 0.0
    fetched_s: float | None = None
    """When it was dropped or pasted somewhere; None: not yet."""


@dataclass
class Making:
    """A copy that is being made."""

    rows: Sequence[NodeRow]
    size_bytes: int = 0
    control: Control = field(default_factory=Control)
    board: Board = field(default_factory=Board)

    def snapshot(self) -> Snapshot:
        return self.board.snapshot()


def size_of(locker: Locker, rows: Sequence[NodeRow]) -> int:
    """With all that is in folders. For worker threads."""
    total = 0
    for row in rows:
        total += locker.totals(row.id).size_bytes if row.kind is NodeKind.FOLDER else row.size_bytes
    return total


def surely_small(rows: Sequence[NodeRow]) -> bool:
    """Without looking: no folders, and not much."""
    files = all(row.kind is not NodeKind.FOLDER for row in rows)
    return files and len(rows) <= 200 and sum(row.size_bytes for row in rows) <= SMALL_BYTES


class Outbox:
    """Of one open locker. For the GUI thread."""

    def __init__(self, locker: Locker, runs: Runs, private: PrivateFiles, clock: Clock) -> None:
        self._locker = locker
        self._runs = runs
        self._private = private
        self._clock = clock
        self._copies: list[Copy] = []
        self._making: list[Making] = []
        self._looking = False
        self._stopped = False

    def ready(self, rows: Sequence[NodeRow]) -> Copy | None:
        """A copy of exactly these that is still as the locker has them."""
        keys, heads = tuple(map(row_key, rows)), tuple(row.head for row in rows)
        return next(
            (each for each in self._copies if each.keys == keys and each.heads == heads and each.fetched_s is None),
            None,
        )

    def make(
        self,
        rows: Sequence[NodeRow],
        done: Callable[[Copy], None],
        failed: Callable[[Exception], None],
        *,
        largest_bytes: int | None = None,
    ) -> Making:
        """Decrypt into a private folder. More than ``largest_bytes`` is not begun: LocalFileError."""
        making = Making(rows)
        self._making.append(making)
        locker, private = self._locker, self._private
        now = self._clock.now()

        def task() -> Copy:
            making.size_bytes = size_of(locker, rows)
            if largest_bytes is not None and making.size_bytes > largest_bytes:
                raise TooLargeError("It is too large.")
            making.board.add_total(0, making.size_bytes)
            folder = private.folder(making.size_bytes, locker.record.locker_id)
            try:
                problems = locker.save_now(
                    [source_of(locker, row) for row in rows], str(folder), control=making.control, board=making.board
                )
                if problems:
                    raise LocalFileError(problems[0], path=str(folder))
            except BaseException:
                private.remove(folder)
                raise
            copy = Copy(tuple(map(row_key, rows)), tuple(row.head for row in rows), folder, made_s=now)
            copy.paths = sorted(str(folder / name) for name in os.listdir(folder))
            return copy

        def made(copy: Copy) -> None:
            self._ended(making)
            if making.control.cancelled:  # too late for the worker to notice
                self.drop(copy)
                failed(CancelledError("Cancelled."))
                return
            self._copies.append(copy)
            self._look_later()
            done(copy)

        def broken(error: Exception) -> None:
            self._ended(making)
            failed(error)

        self._runs.run(task, made, broken)
        return making

    def cancel(self, making: Making) -> None:
        making.control.cancel()

    def _ended(self, making: Making) -> None:
        if making in self._making:
            self._making.remove(making)

    def fetched(self, copy: Copy) -> None:
        """It was dropped or pasted: whoever has it now reads it, and then it goes."""
        copy.fetched_s = self._clock.now()
        self._look_later()

    def drop(self, copy: Copy) -> None:
        """It is not wanted any more."""
        if copy in self._copies:
            self._copies.remove(copy)
        private, folder = self._private, copy.folder
        self._runs.run(lambda: private.remove(folder))

    def keep(self, copy: Copy) -> None:
        """Somebody works with it: it stays until the lock, or `drop`."""
        if copy in self._copies:
            self._copies.remove(copy)

    def stop(self) -> None:
        """The locker is being locked. The folders are wiped by who closes it."""
        self._stopped = True
        for making in self._making:
            making.control.cancel()
        self._copies.clear()

    def _look_later(self) -> None:
        if not self._looking and self._copies and not self._stopped:
            self._looking = True
            self._clock.later(_LOOK_S, self._look)

    def _look(self) -> None:
        """What was moved away, or read by somebody who is done with it, goes."""
        self._looking = False
        now = self._clock.now()
        copies = list(self._copies)
        private = self._private
        # Nobody fetched it in a quarter of an hour.
        stale = [each for each in copies if each.fetched_s is None and now - each.made_s > _UNUSED_S]
        fetched = [each for each in copies if each.fetched_s is not None]

        def task() -> tuple[list[Copy], list[Copy]]:
            gone, busy = [], []
            for copy in fetched:
                if is_empty(copy.folder):
                    gone.append(copy)
                elif is_open(copy.folder):
                    busy.append(copy)
                elif now - (copy.fetched_s or 0.0) > _QUIET_S:
                    gone.append(copy)
            gone += [copy for copy in stale if not is_open(copy.folder)]
            for copy in gone:
                private.remove(copy.folder)
            return gone, busy

        def looked(found: tuple[list[Copy], list[Copy]]) -> None:
            gone, busy = found
            self._copies = [each for each in self._copies if each not in gone]
            for copy in busy:
                copy.fetched_s = self._clock.now()  # the quiet begins anew
            self._look_later()

        if fetched or stale:
            self._runs.run(task, looked, lambda _: self._look_later(), lane="outbox")
        else:
            self._look_later()


class TooLargeError(CancelledError):
    """More than should be made while the hand waits."""


def is_empty(folder: Path) -> bool:
    """A file manager on the same disk has moved it all away."""
    try:
        return not os.listdir(folder)
    except OSError:
        return True


def is_open(folder: Path) -> bool:
    """Whether some program of this user has a file below it open. Where that cannot be known: no."""
    return bool(being_read(folder))


@dataclass
class Opened:
    """A file that another program works on."""

    row: NodeRow
    parent: NodeId
    copy: Copy
    path: str
    seen: tuple[int, int]
    """(size, mtime_ns) as it was given out, or saved back last."""
    told: tuple[int, int] | None = None


def state_of(path: str) -> tuple[int, int] | None:
    """None: it is gone, or being replaced."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


class OpenFiles:
    """Files given to other programs, watched for changes. For the GUI thread."""

    def __init__(self, runs: Runs, clock: Clock, changed: Callable[[Opened], None]) -> None:
        """``changed`` hears once of each change, when the file has been quiet for a moment."""
        self._runs = runs
        self._clock = clock
        self._changed = changed
        self._files: list[Opened] = []
        self._due = False

    def add(self, opened: Opened) -> None:
        self._files = [each for each in self._files if each.path != opened.path]
        self._files.append(opened)
        self._later()

    def saved(self, opened: Opened, state: tuple[int, int]) -> None:
        opened.seen = state
        opened.told = None

    def unsaved(self) -> list[Opened]:
        """Changed, and not saved back."""
        return [each for each in self._files if each.told is not None]

    def stop(self) -> None:
        self._files = []

    def _later(self) -> None:
        if self._files and not self._due:
            self._due = True
            self._clock.later(_LOOK_S, self._look)

    def _look(self) -> None:
        self._due = False
        files = list(self._files)

        def looked(found: list[tuple[int, int] | None]) -> None:
            for opened, state in zip(files, found, strict=True):
                quiet = state is not None and time.time_ns() - state[1] > 1_000_000_000
                if state is not None and quiet and state not in (opened.seen, opened.told) and opened in self._files:
                    opened.told = state
                    self._changed(opened)
            self._later()

        if files:
            self._runs.run(lambda: [state_of(each.path) for each in files], looked, lane="opened")
