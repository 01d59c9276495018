"""Names that are taken: what to do about each, asked once for many. No Qt.

Uploads ask from their own thread, in the middle of their work, and wait for the answer; moves and copies inside the
locker ask before they begin. Both sides are shown with size and time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from megadesk.errors import CancelledError
from megadesk.transfer.port import Conflict, ConflictAnswer, ConflictQuestion
from megadesk.tree.rows import NodeRow
from megadesk.ui.presenters.listing import RowKey, row_key


@dataclass(frozen=True)
class Side:
    """One of the two, for people."""

    size_bytes: int | None
    """None: a folder."""
    mtime_ns: int


@dataclass(frozen=True)
class Collision:
    """A name that is taken."""

    name: str
    existing: Side
    new: Side
    more: int = 0
    """So many others wait behind it, as far as is known."""
    upload: bool = False


Answered = Callable[[Conflict, bool], None]
"""(choice, for all that follow). CANCELLED: see `Collisions`."""


@dataclass
class Waiting:
    """A question of an upload's thread."""

    question: ConflictQuestion
    answered: threading.Event = field(default_factory=threading.Event)
    answer: ConflictAnswer | None = None


@dataclass(frozen=True)
class Asked:
    """An upload waits for an answer. Travels to the window like the core's events."""

    locker: str
    waiting: Waiting = field(repr=False)


class UploadQuestions:
    """The `Asker` of a locker's uploads: any thread may ask, the GUI thread answers."""

    def __init__(self, locker: str, post: Callable[[object], None]) -> None:
        self._locker = locker
        self._post = post
        self._lock = threading.Lock()
        self._open: list[Waiting] = []
        self._stopped = False

    def ask(self, question: ConflictQuestion) -> ConflictAnswer:
        """Blocks until somebody answered. Raises CancelledError when the locker is being locked."""
        waiting = Waiting(question)
        with self._lock:
            if self._stopped:
                raise CancelledError("Cancelled.")
            self._open.append(waiting)
        self._post(Asked(self._locker, waiting))
        waiting.answered.wait()
        with self._lock:
            if waiting in self._open:
                self._open.remove(waiting)
        if waiting.answer is None:
            raise CancelledError("Cancelled.")
        return waiting.answer

    @staticmethod
    def answer(waiting: Waiting, choice: Conflict | None, *, for_all: bool) -> None:
        """None: the upload is given up."""
        waiting.answer = ConflictAnswer(choice, for_all) if choice is not None else None
        waiting.answered.set()

    def stop(self) -> None:
        """Nobody will answer any more; what waits is given up, and asks again at the next run."""
        with self._lock:
            self._stopped = True
            waiting, self._open = self._open, []
        for each in waiting:
            each.answered.set()


@dataclass(frozen=True)
class Taken:
    """A row whose name is taken where it is to go."""

    row: NodeRow
    by: NodeRow


@dataclass(frozen=True)
class Decision:
    """What becomes of rows that collide."""

    keep_both: frozenset[RowKey]
    replace: tuple[NodeRow, ...]
    """Rows of the destination that make room, by way of the trash."""
    skip: frozenset[RowKey]


def taken_names(rows: Sequence[NodeRow], there: Sequence[NodeRow]) -> list[Taken]:
    """Of ``rows`` those whose names ``there`` holds already."""
    names = {row.display_name: row for row in there}
    ids = {row.id for row in rows}
    found = []
    for row in rows:
        other = names.get(row.display_name)
        if other is not None and other.id not in ids:
            found.append(Taken(row, other))
    return found


def side_of(row: NodeRow) -> Side:
    from megadesk.types import NodeKind

    return Side(None if row.kind is NodeKind.FOLDER else row.size_bytes, row.mtime_ns)


class Asking:
    """Goes through collisions one by one, until one answer is for all the rest. For the GUI thread."""

    def __init__(
        self,
        taken: Sequence[Taken],
        show: Callable[[Collision, Callable[[Conflict | None, bool], None]], None],
        done: Callable[[Decision], None],
    ) -> None:
        """``show`` puts one question to the user; ``done`` is not called when the whole is given up."""
        self._taken = list(taken)
        self._show = show
        self._done = done
        self._answers: list[tuple[Taken, Conflict]] = []

    def start(self) -> None:
        self._next()

    def _next(self) -> None:
        if not self._taken:
            self._finish()
            return
        first = self._taken[0]
        collision = Collision(first.row.display_name, side_of(first.by), side_of(first.row), len(self._taken) - 1)
        self._show(collision, self._answered)

    def _answered(self, choice: Conflict | None, for_all: bool) -> None:
        if choice is None:
            return
        for taken in self._taken if for_all else self._taken[:1]:
            self._answers.append((taken, choice))
        self._taken = [] if for_all else self._taken[1:]
        self._next()

    def _finish(self) -> None:
        keep: set[RowKey] = set()
        skip: set[RowKey] = set()
        replace: list[NodeRow] = []
        for taken, choice in self._answers:
            key = row_key(taken.row)
            newer = taken.row.mtime_ns > taken.by.mtime_ns
            if choice is Conflict.KEEP_BOTH:
                keep.add(key)
            elif choice is Conflict.REPLACE or (choice is Conflict.NEWER and newer):
                replace.append(taken.by)
            else:
                skip.add(key)
        self._done(Decision(frozenset(keep), tuple(replace), frozenset(skip)))
