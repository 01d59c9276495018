"""One run of a pair: look at both sides, plan, stand guard, do it, and again until nothing is left."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from megadesk.errors import PathError
from megadesk.sync import guards
from megadesk.sync.agreed import Agreed, PairTable
from megadesk.sync.contents import clear_staging
from megadesk.sync.executor import Conflict, Executor, Failure, Hook, Trees
from megadesk.sync.ignore import Ignore, load
from megadesk.sync.localnames import fits, fold_for, printable_path
from megadesk.sync.localtrash import Trash
from megadesk.sync.lockertree import LockerReader, LockerSide
from megadesk.sync.pairs import STAGING, Fix, PairRecord, ProblemKind, SyncProblem
from megadesk.sync.place import is_surely_closed
from megadesk.sync.planner import plan
from megadesk.sync.port import SyncPort
from megadesk.sync.quiet import Quiet
from megadesk.sync.renewed import follow_renewals
from megadesk.sync.scan import Scan, Scanner, Unreadable
from megadesk.sync.values import ROOT_KEY, Action, Entry, Key, Plan, Rules, Trouble, Verb
from megadesk.transfer.control import Control
from megadesk.transfer.progress import Board

log = logging.getLogger(__name__)

_BOOKKEEPING = (Verb.REKEY, Verb.COMPARE, Verb.RECORD, Verb.FORGET)
ROUNDS = 8
"""Plans in one run. What is left then (somebody keeps changing things) waits for the next run."""
PIECE = 10_000
"""New items in one plan. Trees of all that a first run finds would be larger than everything else together."""


def _no_hook(_: str) -> None:
    """For runs that nobody interrupts."""


@dataclass
class Surroundings:
    """What runs of a pair share, and what tests put in the place of the real thing."""

    trash: Trash
    quiet: Quiet = field(default_factory=Quiet)
    hook: Hook = _no_hook
    known: dict[bytes, bytes] = field(default_factory=dict)
    """Contents of local states that were compared."""


@dataclass
class RunReport:
    """What a run found and did."""

    done: int = 0
    planned: list[PlannedAction] = field(default_factory=list)
    """What a dry run would do."""
    problems: list[SyncProblem] = field(default_factory=list)
    pending: bool = False
    """Something is left to do by itself: a file that is still being written, a step that must be planned anew."""
    busy: bool = False
    held: str = ""
    """Names deletions that wait for approval (guards.token)."""
    scanned: int = 0

    @property
    def is_equal(self) -> bool:
        """Whether both sides were found equal, but for problems."""
        return not self.pending and not self.busy and not self.held


class _RootGone(Exception):
    """The root went away, or is another one, while it was looked at."""

    def __init__(self, kind: ProblemKind) -> None:
        super().__init__(kind.value)
        self.kind = kind


class PlannedAction(msgspec.Struct, frozen=True):
    """A step as it is shown in a preview."""

    what: str
    path: str
    to: str = ""


class PairRun:
    """Runs of one pair. For one thread at a time."""

    def __init__(
        self,
        port: SyncPort,
        table: PairTable,
        pair: int,
        record: PairRecord,
        around: Surroundings,
        *,
        control: Control | None = None,
        board: Board | None = None,
    ) -> None:
        self._port = port
        self._table = table
        self._pair = pair
        self._record = record
        self._root = record.root
        self._around = around
        self._control = control or Control()
        self._board = board or Board()
        self._dry = False
        self._report = RunReport()
        self._failures: list[Failure] = []
        self._conflicts: list[Conflict] = []
        self._troubles: list[Unreadable] = []
        self._refused: list[tuple[Trouble, bytes]] = []
        self._more: set[bytes] | None = None
        """Local folders with new items that are still to be looked at; None: all was looked at."""
        self._piece: int | None = PIECE

    def run(self, *, only: Iterable[bytes] | None = None, dry: bool = False) -> RunReport:
        """Bring both sides together. ``only``: see Scanner. ``dry``: plan and show, change nothing.

        Raises StoreError, IntegrityError, CancelledError, LockerReadOnlyError, LockerBusyError; problems of single
        files are in the report, and in the index for whoever asks (but for a dry run).
        """
        self._dry = dry
        trouble = guards.root_trouble(self._root, self._record.marker)
        if trouble is not None:
            return self._stopped(self._root_problem(trouble), dry)
        try:
            ignore = load(self._root, self._record.ignore, self._record.left_out)
        except (PathError, OSError) as error:
            return self._stopped(self._problem(ProblemKind.UNREADABLE, b".megadeskignore", str(error)), dry)
        if not dry:
            clear_staging(self._around.trash, self._root, os.path.join(self._root, STAGING))
        for number in range(ROUNDS):
            again = self._pieces(ignore, set(only) if only is not None and number == 0 else None, dry)
            if self._report.problems or dry or not again:
                break
        else:
            self._report.pending = True
        return self._finish(ignore, dry)

    def _stopped(self, problem: SyncProblem, dry: bool) -> RunReport:
        self._report.problems = [problem]
        self._report.pending = True
        if not dry:
            self._table.set_problems(self._pair, [problem, *self._standing_conflicts()])
        return self._report

    def _pieces(self, ignore: Ignore, only: set[bytes] | None, dry: bool) -> bool:
        """One look at everything. What is new comes piece by piece, as long as each is all done and nothing is missed.

        Whether another look is wanted.
        """
        again = self._round(ignore, only, dry)
        if self._more is None:
            return again
        while self._more is not None:
            before = self._report.done
            self._round(ignore, self._more, dry)
            if self._report.problems or self._failures or self._report.done == before:
                self._piece = None
                break
        return True

    def _round(self, ignore: Ignore, only: set[bytes] | None, dry: bool) -> bool:
        """One plan and what comes of it; whether another one is wanted."""
        self._more = None
        self._failures, self._troubles, self._refused = [], [], []
        self._report.busy, self._report.held, self._report.pending = False, "", False
        self._around.hook("before scan")
        follow_renewals(self._port.index, self._pair)
        agreed = Agreed(self._port.index, self._pair)
        try:
            scan, side = self._both_sides(agreed, ignore, only, None if dry else self._piece)
        except OSError as error:
            self._report.problems = [self._problem(ProblemKind.UNREADABLE, b"", error.strerror or str(error))]
            return False
        except _RootGone as gone:
            self._report.problems = [self._root_problem(gone.kind)]
            return False
        except PathError as error:
            self._report.problems = [self._problem(ProblemKind.FOLDER_GONE, b"", str(error))]
            return False
        if follow_renewals(self._port.index, self._pair):
            return True  # between the two: what was agreed is another now
        self._report.scanned = max(self._report.scanned, scan.files)
        self._troubles = scan.troubles
        self._report.busy = bool(scan.busy)
        self._failures += [
            Failure(path, ProblemKind.BUSY, "It is being written to, or is open in a program.")
            for path in scan.busy
            if guards.is_journal(os.path.join(self._root, path))
            or guards.has_open_journal(os.path.join(self._root, path))
        ]
        for key, mark in scan.prints.items():
            agreed.set_print(key, local=mark)
        for key, mark in side.prints.items():
            agreed.set_print(key, locker=mark)
        trees = assemble(scan, side, agreed)
        made = plan(trees.agreed, trees.local, trees.locker, self._rules(agreed, trees), scan.held)
        self._refused = [
            (trouble, self._shown(trees, agreed, trouble.parent, trouble.name)) for trouble in made.troubles
        ]
        if dry:
            shown = [action for action in made.actions if action.verb not in _BOOKKEEPING]
            self._report.planned = [self._planned(trees, agreed, action) for action in shown]
        if dry:
            return False
        actions = self._guarded(made, trees, agreed)
        del scan, side, made  # of a first run they are as large as everything else together
        if not actions:
            agreed.flush()
            return self._report.pending
        executor = Executor(
            self._port, self._root, self._record.folder, agreed, trees, ignore=ignore, trash=self._around.trash,
            control=self._control, board=self._board, known=self._around.known, pair=self._pair,
            hook=self._around.hook,
        )  # fmt: skip
        outcome = executor.run(actions)
        self._report.done += outcome.done
        self._failures += outcome.failures
        self._conflicts += outcome.conflicts
        self._report.pending = outcome.again
        # A step that failed is not tried again and again.
        return outcome.again and not outcome.failures

    def _both_sides(
        self, agreed: Agreed, ignore: Ignore, only: set[bytes] | None, at_most: int | None
    ) -> tuple[Scan, LockerSide]:
        """What differs here and in the locker. Raises OSError, PathError, _RootGone."""
        scan = self._scan(agreed, ignore, only, at_most)
        entries = self._port.entries()
        side = self._locker_side(agreed, ignore, entries, at_most)
        # What is missed on a side, or new on the other, may be among what was left for later: then all at once.
        if scan.more and (scan.gone or side.more or side.locker or side.gone):
            scan = self._scan(agreed, ignore, only, None)
        if side.more and (side.gone or scan.more or scan.local or scan.gone):
            side = self._locker_side(agreed, ignore, entries, None)
        if scan.more or side.more:
            self._more = scan.more
        return scan, side

    def _scan(self, agreed: Agreed, ignore: Ignore, only: set[bytes] | None, at_most: int | None) -> Scan:
        scan = Scanner(
            self._root, agreed, ignore, quiet=self._quiet, known=self._around.known, step=self._control.step,
            only=only, at_most=at_most,
        ).run()  # fmt: skip
        # A drive that went away in the middle of it shows less and less: what was seen then counts for nothing.
        trouble = guards.root_trouble(self._root, self._record.marker)
        if trouble is not None:
            raise _RootGone(trouble)
        return scan

    def _locker_side(self, agreed: Agreed, ignore: Ignore, entries: int, at_most: int | None) -> LockerSide:
        if entries == self._record.entries and ignore.digest == self._record.rules:
            return LockerSide()  # nobody wrote anything since both sides were equal
        with self._port.index.read() as session:
            reader = LockerReader(
                session, self._record.folder, agreed, ignore, self._control.step, at_most=at_most
            )  # fmt: skip
            return reader.run()

    def _quiet(self, path: bytes, status: os.stat_result, journals: bool) -> bool:
        full = os.path.join(self._root, path)
        if journals and (guards.is_journal(full) or guards.has_open_journal(full)):
            return False
        if self._dry or self._around.quiet(path, status):
            return True
        return self._around.quiet.may_ask(status) and is_surely_closed(full)

    def _rules(self, agreed: Agreed, trees: Trees) -> Rules:
        fold = fold_for(self._root)

        def taken(parent: Key, name: bytes) -> bool:
            folded = fold(name)
            if any(fold(other) == folded for other in agreed.files(parent)):
                return True
            return any(fold(agreed.folders[child].name) == folded for child in agreed.children(parent))

        return Rules(self._record.mode, self._port.device_name, fits, fold, taken)

    # --- the hold on deletions

    def _guarded(self, made: Plan, trees: Trees, agreed: Agreed) -> list[Action]:
        doomed = [action for action in made.actions if action.verb in guards.DELETIONS]
        if not doomed:
            return made.actions
        keys = set()
        for action in doomed:
            keys.add(action.key)
            if action.key in agreed.folders:
                for folder in agreed.below(action.key):
                    keys.add(folder)
                    keys.update(key for key, _ in agreed.files(folder).values())
        token = guards.token(action.key for action in doomed)
        total = agreed.count()
        if not guards.is_mass_deletion(len(keys), total) or token == self._record.approved:
            return made.actions
        if token == self._record.restore:
            self._bring_back(doomed, agreed)
            self._report.pending = True
            return []
        self._report.held = token
        paths = [self._planned(trees, agreed, action).path for action in doomed]
        here = sum(action.verb is guards.DELETIONS[0] for action in doomed)
        gone, all_ = f"{len(keys):,}", f"{total:,}"
        listed = ", ".join(f"“{path}”" for path in paths[:5]) + (" …" if len(paths) > 5 else "")
        self._failures.append(
            Failure(
                b"", ProblemKind.DELETIONS_HELD,
                # Three whole sentences: other languages would not put the place where English does.
                f"{gone} of {all_} files and folders would go into the trash here: {listed}" if here == len(doomed)
                else f"{gone} of {all_} files and folders would go into the trash in the locker: {listed}" if not here
                else f"{gone} of {all_} files and folders would go into the trash on both sides: {listed}",
                "If that is right, let it pass. If not, have them brought back.",
            )
        )  # fmt: skip
        return guards.without_deletions(made.actions)

    def _bring_back(self, doomed: list[Action], agreed: Agreed) -> None:
        """What was deleted on one side is forgotten: it is then new on the other, and comes back."""
        for action in doomed:
            if action.key in agreed.folders:
                agreed.remove_folder(action.key)
                continue
            for folder in list(agreed.folders):
                for name, (key, _) in list(agreed.files(folder).items()):
                    if key == action.key:
                        agreed.remove_file(folder, name, key)

    # --- what is shown

    def _finish(self, ignore: Ignore, dry: bool) -> RunReport:
        report = self._report
        if not report.problems:
            report.problems = self._problems()
        if dry:
            return report
        if report.is_equal and not any(p.kind is not ProblemKind.CONFLICT for p in report.problems):
            now = time.time_ns() // 1_000_000
            changes: dict[str, object] = {"synced_ms": now}
            if report.done == 0:  # what was done by this run is in the log since: looked at once more
                changes |= {"entries": self._port.entries(), "rules": ignore.digest, "approved": "", "restore": ""}
            self._table.change(self._pair, **changes)
        elif self._record.entries != -1:
            self._table.change(self._pair, entries=-1)
        self._table.set_problems(self._pair, report.problems)
        return report

    def _problems(self) -> list[SyncProblem]:
        found = [self._unreadable(trouble) for trouble in self._troubles]
        found += [self._from_failure(failure) for failure in self._failures]
        found += [self._from_trouble(trouble, path) for trouble, path in self._refused]
        found += [
            self._problem(
                ProblemKind.CONFLICT, each.path,
                "It was changed here and elsewhere. Both were kept.",
                other=os.fsdecode(each.copy), fixes=(Fix.KEEP_BOTH, Fix.KEEP_MINE, Fix.KEEP_THEIRS),
            )
            for each in self._conflicts
        ]  # fmt: skip
        known = {problem.id for problem in found}
        found += [problem for problem in self._standing_conflicts() if problem.id not in known]
        return list({problem.id: problem for problem in found}.values())

    def _standing_conflicts(self) -> list[SyncProblem]:
        """Conflicts of earlier runs whose copy is still there."""
        return [
            problem
            for problem in self._table.problems(self._pair)
            if problem.kind is ProblemKind.CONFLICT
            and os.path.lexists(os.path.join(self._root, os.fsencode(problem.other)))
        ]

    def _unreadable(self, trouble: Unreadable) -> SyncProblem:
        kind = ProblemKind(trouble.kind)
        why = trouble.reason
        message, remedy = {
            ProblemKind.UNREADABLE: (
                f"It cannot be read: {why}.", "Check its permissions. Until then it is left as it is."
            ),
            ProblemKind.MOUNT: (f"The folder is not what it was: {why}.", "Connect the disk that belongs there."),
            ProblemKind.SPECIAL: (f"A locker does not hold that kind of file: {why}.", ""),
        }[kind]  # fmt: skip
        return self._problem(kind, trouble.path, message, remedy)

    def _from_failure(self, failure: Failure) -> SyncProblem:
        fixes: tuple[Fix, ...] = (Fix.RETRY,)
        if failure.kind is ProblemKind.DELETIONS_HELD:
            fixes = (Fix.APPROVE, Fix.RESTORE)
        other = self._report.held if failure.kind is ProblemKind.DELETIONS_HELD else ""
        return self._problem(failure.kind, failure.path, failure.message, failure.remedy, fixes=fixes, other=other)

    def _from_trouble(self, trouble: Trouble, path: bytes) -> SyncProblem:
        other = printable_path(trouble.other)
        messages = {
            "case": (ProblemKind.CASE, f"This disk takes it and “{other}” for the same name.", "Rename one of them."),
            "name": (ProblemKind.NAME, "This system does not allow such a name.", "Rename it in the locker."),
            "taken": (ProblemKind.TAKEN, "Something else has that name there.", "Rename one of them."),
        }
        kind, message, remedy = messages[trouble.what]
        return self._problem(kind, path, message, remedy, other=other)

    def _root_problem(self, kind: ProblemKind) -> SyncProblem:
        root = printable_path(self._root)
        if kind is ProblemKind.ROOT_MISSING:
            message = f"The folder {root} is not there. Nothing is deleted anywhere because of it."
            return self._problem(kind, b"", message, "Connect its drive, or remove the pair.")
        message = f"The folder {root} is there, but is not the one that was kept in sync: its marker is missing."
        remedy = "Connect the right drive. If this is the folder, say so: it is then compared with the locker."
        return self._problem(kind, b"", message, remedy, fixes=(Fix.MARK,))

    def _problem(
        self,
        kind: ProblemKind,
        path: bytes,
        message: str,
        remedy: str = "",
        *,
        fixes: tuple[Fix, ...] = (Fix.RETRY,),
        other: str = "",
    ) -> SyncProblem:
        return SyncProblem(
            id=guards.token([b"%d" % self._pair, kind.value.encode(), path])[:8],
            pair=self._pair,
            kind=kind,
            path=os.fsdecode(path),
            message=message,
            remedy=remedy,
            fixes=fixes,
            other=other,
            since_ms=time.time_ns() // 1_000_000,
        )

    def _shown(self, trees: Trees, agreed: Agreed, parent: Key, name: bytes) -> bytes:
        names = [name]
        for _ in range(1000):
            if parent == ROOT_KEY:
                break
            entry = trees.local.get(parent) or trees.locker.get(parent) or trees.agreed.get(parent)
            if entry is None:
                row = agreed.folders.get(parent)
                if row is None:
                    break
                entry = row.entry()
            names.append(entry.name)
            parent = entry.parent
        return b"/".join(reversed(names))

    def _planned(self, trees: Trees, agreed: Agreed, action: Action) -> PlannedAction:
        entry = trees.local.get(action.key) or trees.locker.get(action.key) or trees.agreed.get(action.key)
        path = self._shown(trees, agreed, entry.parent, entry.name) if entry is not None else b""
        to = self._shown(trees, agreed, action.parent, action.name) if action.name else b""
        path = path or to
        return PlannedAction(action.verb.value, printable_path(path), printable_path(to) if to != path else "")


def assemble(scan: Scan, side: LockerSide, agreed: Agreed) -> Trees:
    """The three trees, sparse: what differs somewhere, with the folders above it."""
    trees = Trees({}, {}, {})
    known = {**side.agreed, **scan.agreed}
    for key in {*scan.local, *scan.gone, *side.locker, *side.gone, *scan.held}:
        old = known.get(key)
        mine = scan.local.get(key) or (None if key in scan.gone else old)
        theirs = side.locker.get(key) or (None if key in side.gone else old)
        _add(trees, key, old, mine, theirs)
    for tree in (trees.agreed, trees.local, trees.locker):
        pending = list(tree.values())
        while pending:
            parent = pending.pop().parent
            if parent == ROOT_KEY or any(parent in each for each in (trees.agreed, trees.local, trees.locker)):
                continue
            row = agreed.folders.get(parent)
            if row is not None:
                entry = row.entry()
                _add(trees, parent, entry, entry, entry)
                pending.append(entry)
    return trees


def _add(trees: Trees, key: Key, old: Entry | None, mine: Entry | None, theirs: Entry | None) -> None:
    for tree, entry in ((trees.agreed, old), (trees.local, mine), (trees.locker, theirs)):
        if entry is not None:
            tree[key] = entry
