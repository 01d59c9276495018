"""Synchronised folders in the window: what each does, what stands still and why, in words. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from megadesk.core.sync import SyncPairRow
from megadesk.sync.pairs import Fix, PairState, ProblemKind, SyncProblem
from megadesk.sync.values import Mode
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.errors import Problem, problem_of, words
from megadesk.ui.runner import Runs

HOUR_S = 3600


@dataclass(frozen=True)
class PairCard:
    """A pair as the page shows it."""

    row: SyncPairRow
    title: str
    """Name of the folder here."""
    here: str
    there: str
    mode: str
    state: str
    tone: str
    """good, warn, danger or "", with an icon of its own: never by colour alone."""
    icon: str


_STATES: dict[PairState, tuple[Callable[[], str], str, str]] = {
    PairState.IDLE: (lambda: translate("sync", "Up to date"), "good", "check"),
    PairState.SYNCING: (lambda: translate("sync", "Syncing…"), "", "sync"),
    PairState.PAUSED: (lambda: translate("sync", "Paused"), "", "pause"),
    PairState.OFFLINE: (lambda: translate("sync", "Waiting for the storage"), "warn", "cloud"),
    PairState.PROBLEM: (lambda: translate("sync", "Needs you"), "danger", "warning"),
}
_MODES: dict[Mode, tuple[Callable[[], str], Callable[[], str]]] = {
    Mode.TWO_WAY: (
        lambda: translate("sync", "Both ways"),
        lambda: translate("sync", "What changes on either side changes on the other."),
    ),
    Mode.UP: (
        lambda: translate("sync", "To the locker only"),
        lambda: translate("sync", "The locker follows this folder; nothing changes here."),
    ),
    Mode.DOWN: (
        lambda: translate("sync", "From the locker only"),
        lambda: translate("sync", "This folder follows the locker; nothing changes there."),
    ),
    Mode.BACKUP: (
        lambda: translate("sync", "Backup"),
        lambda: translate("sync", "Everything goes to the locker, and what you delete here stays there."),
    ),
}
_FIXES: dict[Fix, Callable[[], str]] = {
    Fix.RETRY: lambda: translate("sync", "&Try again"),
    Fix.APPROVE: lambda: translate("sync", "&Delete them in the locker too"),
    Fix.RESTORE: lambda: translate("sync", "Bring &them back here"),
    Fix.MARK: lambda: translate("sync", "&This is the right folder"),
    Fix.KEEP_MINE: lambda: translate("sync", "Keep &mine"),
    Fix.KEEP_THEIRS: lambda: translate("sync", "Keep t&heirs"),
    Fix.KEEP_BOTH: lambda: translate("sync", "Keep &both"),
    Fix.LEAVE_OUT: lambda: translate("sync", "&Leave it out"),
    Fix.DISMISS: lambda: translate("sync", "Di&smiss"),
}


def mode_text(mode: Mode) -> str:
    return _MODES[mode][0]()


def mode_hint(mode: Mode) -> str:
    return _MODES[mode][1]()


def fix_text(fix: Fix) -> str:
    return _FIXES[fix]()


def state_text(row: SyncPairRow, now_ms: int) -> str:
    text = _STATES[row.state][0]()
    if row.state is PairState.SYNCING and row.current:
        return translate("sync", "Syncing %1").replace("%1", fmt.shown_name(row.current.rpartition("/")[2]))
    if row.state is PairState.PAUSED and row.paused_until_ms:
        left = fmt.duration((row.paused_until_ms - now_ms) / 1000)
        return translate("sync", "Paused for %1").replace("%1", left)
    if row.state is PairState.IDLE:
        if not row.synced_ms:
            return translate("sync", "Not compared yet")
        return f"{text} · {fmt.when(row.synced_ms * 1_000_000)}"
    return text


def pair_card(row: SyncPairRow, now_ms: int) -> PairCard:
    _, tone, icon = _STATES[row.state]
    here = fmt.shown_name(row.root)
    return PairCard(
        row=row,
        title=here.rstrip("/").rpartition("/")[2] or here,
        here=here,
        there=fmt.shown_name(row.folder),
        mode=mode_text(row.mode),
        state=state_text(row, now_ms),
        tone="" if row.state is PairState.IDLE and not row.synced_ms else tone,
        icon=icon,
    )


@dataclass(frozen=True)
class ProblemCard:
    """Something that stands still."""

    problem: SyncProblem
    title: str
    text: str
    fixes: tuple[Fix, ...]


def problem_card(problem: SyncProblem) -> ProblemCard:
    titles = {
        ProblemKind.CONFLICT: translate("sync", "Changed on both sides"),
        ProblemKind.DELETIONS_HELD: translate("sync", "Many files were deleted here"),
        ProblemKind.ROOT_MISSING: translate("sync", "The folder is not there"),
        ProblemKind.ROOT_UNMARKED: translate("sync", "Is this the right folder?"),
        ProblemKind.FOLDER_GONE: translate("sync", "The folder is gone from the locker"),
        ProblemKind.DISK_FULL: translate("sync", "The disk is full"),
        ProblemKind.READ_ONLY: translate("sync", "The locker is read-only"),
        ProblemKind.STORE: translate("sync", "The storage cannot be used"),
        ProblemKind.CASE: translate("sync", "Two names that this disk takes for one"),
        ProblemKind.NAME: translate("sync", "A name that this system forbids"),
    }
    name = fmt.shown_name(problem.path)
    title = titles.get(problem.kind, translate("sync", "Not synchronised"))
    text = f"{words(problem.message)}\n{words(problem.remedy)}".strip()
    if name:
        title = translate("sync", "%1: %2").replace("%1", title).replace("%2", name)
    return ProblemCard(problem, title, text, problem.fixes)


class SyncView(Protocol):
    def show_pairs(self, cards: Sequence[PairCard]) -> None: ...
    def show_problems(self, cards: Sequence[ProblemCard]) -> None: ...
    def show_problem(self, problem: Problem) -> None: ...


class SyncPresenter:
    """The page of synchronised folders. For the GUI thread."""

    def __init__(self, view: SyncView, locker: Locker, runs: Runs) -> None:
        self._view = view
        self._locker = locker
        self._runs = runs

    def read(self) -> None:
        sync = self._locker.sync
        self._runs.run(lambda: (sync.pairs(), sync.problems()), self._came, self._failed, lane="sync")

    def _came(self, found: tuple[Sequence[SyncPairRow], Sequence[SyncProblem]]) -> None:
        now_ms = time.time_ns() // 1_000_000
        pairs, problems = found
        self._view.show_pairs([pair_card(row, now_ms) for row in pairs])
        self._view.show_problems([problem_card(problem) for problem in problems])

    def add(
        self, here: str, there: str, mode: Mode, done: Callable[[], None], refused: Callable[[Problem], None]
    ) -> None:
        """``there``: path in the locker; made where it is missing."""
        sync = self._locker.sync
        path = there if there.startswith("/") else f"/{there}"

        def added(_: int) -> None:
            done()
            self.read()

        self._runs.run(
            lambda: sync.add(here, path, mode=mode), added, lambda error: refused(problem_of(error)), lane="sync-add"
        )

    def remove(self, pair: int) -> None:
        self._do(lambda: self._locker.sync.remove(pair))

    def run_now(self, pair: int | None = None) -> None:
        self._do(lambda: self._locker.sync.run_now(pair))

    def pause(self, pair: int | None, seconds: float = 0) -> None:
        """For so long; 0: until told otherwise."""
        until_ms = int((time.time() + seconds) * 1000) if seconds else 0
        self._do(lambda: self._locker.sync.pause(pair, until_ms=until_ms))

    def resume(self, pair: int | None = None) -> None:
        self._do(lambda: self._locker.sync.resume(pair))

    def resolve(self, problem: SyncProblem, fix: Fix) -> None:
        self._do(lambda: self._locker.sync.resolve(problem.id, fix))

    def _do(self, task: Callable[[], object]) -> None:
        self._runs.run(task, lambda _: self.read(), self._failed)

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(problem_of(error))
