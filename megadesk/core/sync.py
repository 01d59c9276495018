"""Sync pairs of an open locker: what windows and commands may ask and do. Thread-safe; may wait for disks."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from megadesk.core.sync_port import LockerSyncPort
from megadesk.errors import LocalFileError, LockerBusyError, LockerReadOnlyError, PathError
from megadesk.state.index.index import Index
from megadesk.state.lock import FileLock
from megadesk.sync import guards, ignore
from megadesk.sync.agreed import PairTable
from megadesk.sync.localtrash import SystemTrash, Trash
from megadesk.sync.pairs import (
    IGNORE_FILE,
    MARKER,
    STAGING,
    Fix,
    PairRecord,
    PairState,
    ProblemKind,
    SyncProblem,
)
from megadesk.sync.place import move_new
from megadesk.sync.run import PairRun, PlannedAction, RunReport, Surroundings
from megadesk.sync.values import Mode
from megadesk.transfer.control import Control
from megadesk.transfer.progress import Board, Snapshot
from megadesk.types import ROOT, NodeId

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SyncPairRow:
    """A pair as shown."""

    id: int
    root: str
    folder: str
    """Path in the locker; where it was, if it is gone."""
    mode: Mode
    state: PairState
    paused_until_ms: int | None
    synced_ms: int
    """When both sides were last found equal; 0: never."""
    problems: int
    current: str
    """The file that is being sent or fetched."""
    ignore: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass
class _Activity:
    """What this process knows of a pair beside the index."""

    around: Surroundings
    running: bool = False
    offline: bool = False
    board: Board | None = None


class SyncPairs:
    """The pairs of one open locker."""

    def __init__(
        self,
        port: LockerSyncPort,
        index: Index,
        lock: FileLock,
        own_folders: Sequence[str],
        make_folder: Callable[[str], NodeId],
        changed: Callable[[int], None],
        *,
        trash: Trash | None = None,
    ) -> None:
        """``changed`` hears of pairs whose state or problems changed; ``make_folder`` makes one with its parents."""
        self.table = PairTable(index)
        self.wake: Callable[[], None] = lambda: None
        """Set by the engine: look at what is due."""
        self.control = Control()
        self._port = port
        self._index = index
        self._lock = lock
        self._own_folders = own_folders
        self._make_folder = make_folder
        self._changed = changed
        self._trash = trash or SystemTrash()
        self._activity: dict[int, _Activity] = {}
        self._guard = threading.Lock()
        self._due: set[int] = set()

    # --- looking

    def pairs(self) -> list[SyncPairRow]:
        """All, in the order in which they were made."""
        problems = self.table.problems()
        rows = []
        for number, record in self.table.all().items():
            activity = self._activity.get(number)
            count = sum(problem.pair == number for problem in problems)
            serious = any(problem.pair == number and problem.kind is not ProblemKind.CONFLICT for problem in problems)
            rows.append(
                SyncPairRow(
                    number,
                    os.fsdecode(record.root),
                    self._folder_text(record),
                    record.mode,
                    self._state(record, activity, serious),
                    _pause(record),
                    record.synced_ms,
                    count,
                    activity.board.snapshot().current if activity and activity.board and activity.running else "",
                    record.ignore,
                    record.left_out,
                )
            )
        return rows

    def state(self) -> PairState:
        """Of all pairs together, for an icon: the first of syncing, problem, offline, paused that holds; else idle."""
        states = {row.state for row in self.pairs()}
        for state in (PairState.SYNCING, PairState.PROBLEM, PairState.OFFLINE, PairState.PAUSED):
            if state in states:
                return state
        return PairState.IDLE

    def progress(self, pair: int) -> Snapshot | None:
        """Of the run that is at work on a pair; None when none is."""
        activity = self._activity.get(pair)
        return activity.board.snapshot() if activity and activity.running and activity.board else None

    @staticmethod
    def _state(record: PairRecord, activity: _Activity | None, serious: bool) -> PairState:
        if activity is not None and activity.running:
            return PairState.SYNCING
        if _pause(record) is not None:
            return PairState.PAUSED
        if activity is not None and activity.offline:
            return PairState.OFFLINE
        return PairState.PROBLEM if serious else PairState.IDLE

    def _folder_text(self, record: PairRecord) -> str:
        if record.folder == ROOT:
            return "/"
        with self._index.read() as session:
            try:
                return session.view.path_of(record.folder)
            except PathError:
                return record.folder_text

    def problems(self, pair: int | None = None) -> list[SyncProblem]:
        """What stands still and why."""
        return self.table.problems(pair)

    def record(self, pair: int) -> PairRecord:
        """Raises PathError when there is no such pair."""
        record = self.table.get(pair)
        if record is None:
            raise PathError("There is no such sync pair.", remedy="See `megadesk sync ls`.")
        return record

    # --- making and changing

    def add(
        self,
        root: str,
        folder: str,
        *,
        mode: Mode = Mode.TWO_WAY,
        ignored: Sequence[str] = (),
        left_out: Sequence[str] = (),
    ) -> int:
        """Keep a local folder and one of the locker equal; both are made when missing. The pair's number.

        Nothing is moved yet. Raises PathError, LocalFileError, LockerReadOnlyError, StoreError.
        """
        path = os.path.realpath(root)
        self._check_place(path)
        ignore.Ignore(ignored, left_out)
        try:
            os.makedirs(path, exist_ok=True)
        except OSError as error:
            raise LocalFileError(f"The folder {path} cannot be made: {error.strerror}.", path=path) from error
        raw = os.fsencode(path)
        if os.path.lexists(os.path.join(raw, MARKER)):
            raise PathError(
                f"The folder {path} is kept in sync already.",
                remedy=f"If it is not any more, delete the file {MARKER.decode()} in it and try again.",
            )
        node = self._make_folder(folder)
        marker = guards.new_marker()
        try:
            guards.write_marker(raw, marker)
        except OSError as error:
            raise LocalFileError(f"The folder {path} cannot be written: {error.strerror}.", path=path) from error
        record = PairRecord(
            root=raw,
            folder=node,
            folder_text=folder,
            mode=mode,
            marker=marker,
            ignore=tuple(ignored),
            left_out=tuple(left_out),
            created_ms=time.time_ns() // 1_000_000,
        )
        number = self.table.add(record)
        self.run_now(number)
        return number

    def _check_place(self, path: str) -> None:
        if os.path.lexists(path) and not os.path.isdir(path):
            raise PathError(f"{path} is not a folder.")
        for own in self._own_folders:
            real = os.path.realpath(own)
            if _within(path, real) or _within(real, path):
                raise PathError(
                    f"{path} holds the locker's own data, or lies in it, and cannot be synchronised.",
                    remedy="Choose another folder.",
                )
        for number, record in self.table.all().items():
            other = os.fsdecode(record.root)
            if _within(path, other) or _within(other, path):
                raise PathError(
                    f"{path} and {other} (pair {number}) lie within each other.", remedy="Choose another folder."
                )

    def remove(self, pair: int) -> None:
        """Stop keeping the two equal. No file is touched on either side. Raises PathError."""
        record = self.record(pair)
        self.table.remove(pair)
        self._activity.pop(pair, None)
        for name in (MARKER,):
            try:
                os.unlink(os.path.join(record.root, name))
            except OSError as error:
                log.info("the marker of a removed pair stays: %s", error.strerror)
        self._tell(pair)

    def set_rules(self, pair: int, ignored: Sequence[str], left_out: Sequence[str]) -> None:
        """What is left out from now on. What is here or in the locker by now stays. Raises PathError."""
        self.record(pair)
        ignore.Ignore(ignored, left_out)
        self.table.change(pair, ignore=tuple(ignored), left_out=tuple(left_out), entries=-1)
        self.run_now(pair)

    def caught(
        self, pair: int, ignored: Sequence[str] | None = None, left_out: Sequence[str] | None = None, limit: int = 1000
    ) -> list[str]:
        """Paths here that the pair's rules catch, or that others would. Raises PathError."""
        record = self.record(pair)
        rules = ignore.load(
            record.root,
            record.ignore if ignored is None else ignored,
            record.left_out if left_out is None else left_out,
        )
        return [os.fsdecode(path) for path in ignore.preview(record.root, rules, limit)]

    def pause(self, pair: int | None = None, *, until_ms: int = 0) -> None:
        """One pair or all, until a time, or (0) until ``resume``. What runs stops after the file it is at."""
        for number in self._chosen(pair):
            self.table.change(number, paused_until_ms=until_ms)
            self._tell(number)

    def resume(self, pair: int | None = None) -> None:
        for number in self._chosen(pair):
            self.table.change(number, paused_until_ms=None)
            self.run_now(number)

    def _chosen(self, pair: int | None) -> list[int]:
        if pair is None:
            return list(self.table.all())
        self.record(pair)
        return [pair]

    # --- running

    def run_now(self, pair: int | None = None) -> None:
        """Have the engine look at everything of a pair, or of all, as soon as it can."""
        with self._guard:
            self._due.update(self.table.all() if pair is None else [pair])
        if pair is not None:
            self._tell(pair)
        self.wake()

    def take_due(self) -> set[int]:
        """For the engine: whom ``run_now`` named since it was last asked."""
        with self._guard:
            due, self._due = self._due, set()
        return due

    def run_once(
        self, pair: int, *, only: set[bytes] | None = None, dry: bool = False, control: Control | None = None
    ) -> RunReport:
        """Run one pair in the calling thread. ``only``: see sync.scan.Scanner.

        Raises StoreError, IntegrityError, CancelledError, LockerReadOnlyError, and LockerBusyError when another
        program is running pairs of this locker at the moment.
        """
        record = self.record(pair)
        with self._guard:
            activity = self._activity.setdefault(pair, _Activity(Surroundings(self._trash)))
        with self._lock.hold(timeout_s=0.0 if not dry else 5.0):
            activity.board = Board()
            activity.running = not dry
            self._tell(pair)
            try:
                run = PairRun(
                    self._port, self.table, pair, record, activity.around,
                    control=control or Control(self.control), board=activity.board,
                )  # fmt: skip
                return run.run(only=only, dry=dry)
            finally:
                activity.running = False
                self._tell(pair)

    def set_offline(self, pair: int, offline: bool) -> None:
        """For the engine: whether the storage could be reached."""
        with self._guard:
            activity = self._activity.setdefault(pair, _Activity(Surroundings(self._trash)))
        if activity.offline != offline:
            activity.offline = offline
            self._tell(pair)

    def preview(self, pair: int) -> list[PlannedAction]:
        """What a run would do now. Nothing is changed."""
        return self.run_once(pair, dry=True).planned

    def approve(self, pair: int) -> None:
        """Let the deletions pass that are held now; others that come later are held again. Raises PathError."""
        self.table.change(pair, approved=self._held(pair).other)
        self.run_now(pair)

    def _held(self, pair: int) -> SyncProblem:
        self.record(pair)
        for problem in self.table.problems(pair):
            if problem.kind is ProblemKind.DELETIONS_HELD:
                return problem
        raise PathError("No deletions are held in this pair.")

    # --- problems

    def resolve(self, problem: str, fix: Fix) -> None:
        """Do one of ``fixes`` to a problem, by its id. Raises PathError, LocalFileError."""
        found = next((each for each in self.table.problems() if each.id == problem), None)
        if found is None:
            raise PathError("There is no such problem any more.", remedy="See `megadesk sync problems`.")
        if fix not in (*found.fixes, Fix.DISMISS, Fix.LEAVE_OUT, Fix.RETRY):
            raise PathError("That is no way to solve this problem.")
        record = self.record(found.pair)
        try:
            self._resolve(found, record, fix)
        except OSError as error:
            raise LocalFileError(f"{found.path} could not be changed: {error.strerror}.", path=found.path) from error
        self.run_now(found.pair)

    def _resolve(self, problem: SyncProblem, record: PairRecord, fix: Fix) -> None:
        pair = problem.pair
        if fix is Fix.APPROVE:
            self.approve(pair)
        elif fix is Fix.RESTORE:
            self.table.change(pair, restore=self._held(pair).other)
        elif fix is Fix.MARK:
            self._mark(pair, record)
        elif fix is Fix.LEAVE_OUT:
            rule = "/" + ignore.escaped(problem.path)
            self.table.change(pair, ignore=(*record.ignore, rule), entries=-1)
        elif fix in (Fix.KEEP_MINE, Fix.KEEP_THEIRS):
            self._choose(problem, record, mine=fix is Fix.KEEP_MINE)
        if fix in (Fix.KEEP_MINE, Fix.KEEP_THEIRS, Fix.KEEP_BOTH, Fix.DISMISS):
            self.table.set_problems(pair, [each for each in self.table.problems(pair) if each.id != problem.id])
            self._tell(pair)

    def _choose(self, problem: SyncProblem, record: PairRecord, *, mine: bool) -> None:
        """Of the two files of a conflict one goes into the trash here, and with the next run in the locker."""
        path = os.path.join(record.root, os.fsencode(problem.path))
        copy = os.path.join(record.root, os.fsencode(problem.other))
        if not os.path.lexists(copy):
            raise PathError("The conflict copy is not there any more.")
        if not mine:
            self._trash.put(record.root, copy)
            return
        if os.path.lexists(path):
            self._trash.put(record.root, path)
        move_new(copy, path)

    def _mark(self, pair: int, record: PairRecord) -> None:
        """The folder is compared with the locker from scratch: nothing that lacks on one side is taken for deleted."""
        guards.write_marker(record.root, record.marker)
        with self._index.write() as session:
            session.connection.execute("DELETE FROM sync_folders WHERE pair = ?", (pair,))
        self.table.change(pair, entries=-1)

    def _tell(self, pair: int) -> None:
        self._changed(pair)


def _pause(record: PairRecord) -> int | None:
    """Until when a pair is paused by now (0: until told otherwise); None: it is not."""
    until = record.paused_until_ms
    if until is None or (until and until <= time.time_ns() // 1_000_000):
        return None
    return until


def is_paused(record: PairRecord) -> bool:
    return _pause(record) is not None


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


__all__ = ["IGNORE_FILE", "STAGING", "LockerBusyError", "LockerReadOnlyError", "SyncPairRow", "SyncPairs", "is_paused"]
