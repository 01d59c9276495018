"""What people do to files in the browser: every change can be taken back. No Qt."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Protocol

from megadesk.errors import LockerReadOnlyError, MegaDeskError, PathError
from megadesk.transfer.port import Conflict
from megadesk.tree.names import check_name, join_path
from megadesk.tree.rows import NodeRow, Order
from megadesk.types import NodeId, NodeKind, VersionId
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.changes import (
    Change,
    Changes,
    CopyNodes,
    MakeFolder,
    MoveNodes,
    Rename,
    RestoreNodes,
    RestoreVersion,
    Several,
    TrashNodes,
    Uploaded,
    free_names,
    source_of,
    titled,
)
from megadesk.ui.presenters.collisions import (
    Asking,
    Collision,
    Decision,
    Taken,
    UploadQuestions,
    taken_names,
)
from megadesk.ui.presenters.dragging import DraggedNodes
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.listing import RowKey, row_key
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.runner import Runs

_CHOICES = {
    "ask": Conflict.ASK,
    "replace": Conflict.REPLACE,
    "rename": Conflict.KEEP_BOTH,
    "skip": Conflict.SKIP,
}


class OperationsView(Protocol):
    """Who shows what became of it."""

    def notify(self, notice: Notice, tone: str = "info") -> None: ...
    def problem(self, problem: Problem) -> None: ...
    def ask_collision(self, collision: Collision, answered: Callable[[Conflict | None, bool], None]) -> None:
        """One question; None for giving up."""

    def read_only(self, reason: str) -> None: ...
    def undo_changed(self) -> None: ...
    def wake_transfers(self) -> None: ...


class Operations:
    """Of one open locker. For the GUI thread; nothing blocks."""

    def __init__(
        self,
        view: OperationsView,
        locker: Locker,
        runs: Runs,
        questions: UploadQuestions,
        conflict_choice: Callable[[], str] = lambda: "ask",
    ) -> None:
        """``conflict_choice`` is the setting of that name; a worker asks it."""
        self._view = view
        self._locker = locker
        self._runs = runs
        self._questions = questions
        self._conflict_choice = conflict_choice
        self.changes = Changes(locker, runs, self.failed, view.undo_changed)

    # --- small changes

    def make_folder(
        self, parent: NodeId, name: str, made: Callable[[RowKey], None], refused: Callable[[str], None]
    ) -> None:
        """``refused`` hears what is wrong with the name."""
        try:
            check_name(name)
        except PathError as error:
            refused(problem_of(error).text)
            return
        change = MakeFolder(parent, name)

        def failed(error: Exception) -> None:
            if isinstance(error, PathError):
                refused(problem_of(error).text)
            else:
                self.failed(error)

        self.changes.run(change, lambda: made(change.touched[0]), failed)

    def rename(self, row: NodeRow, name: str, done: Callable[[], None]) -> None:
        if name in (row.display_name, row.name) or not name:
            return
        try:
            check_name(name)
        except PathError as error:
            self.failed(error)
            return
        self.changes.run(Rename(row, name), done)

    def delete(self, rows: Sequence[NodeRow], done: Callable[[], None] | None = None) -> None:
        """To the trash, with a way back."""
        if not rows:
            return

        def trashed() -> None:
            one = translate("browser", "%1 is in the trash.")
            text = one if len(rows) == 1 else translate("browser", "%1 are in the trash.")
            self._view.notify(Notice(text.replace("%1", titled(rows)), translate("browser", "Und&o"), self.undo))
            if done is not None:
                done()

        self.changes.run(TrashNodes(rows), trashed)

    def restore(self, rows: Sequence[NodeRow], done: Callable[[], None] | None = None) -> None:
        """Out of the trash, to where it was."""
        if not rows:
            return

        def restored() -> None:
            one = translate("browser", "%1 is back where it was.")
            text = one if len(rows) == 1 else translate("browser", "%1 are back where they were.")
            self._view.notify(Notice(text.replace("%1", titled(rows)), translate("browser", "Und&o"), self.undo))
            if done is not None:
                done()

        self.changes.run(RestoreNodes(rows), restored)

    def restore_version(self, row: NodeRow, version: VersionId, done: Callable[[], None] | None = None) -> None:
        def restored() -> None:
            text = translate("browser", "%1 has its older content again.").replace("%1", titled([row]))
            self._view.notify(Notice(text, translate("browser", "Und&o"), self.undo))
            if done is not None:
                done()

        self.changes.run(RestoreVersion(row, version), restored)

    def undo(self, done: Callable[[Sequence[RowKey]], None] | None = None) -> None:
        def undone(change: Change) -> None:
            text = translate("browser", "Undone: %1").replace("%1", change.text)
            self._view.notify(Notice(text, translate("browser", "Red&o"), self.redo))
            if done is not None:
                done(change.touched)

        self.changes.undo(undone)

    def redo(self, done: Callable[[Sequence[RowKey]], None] | None = None) -> None:
        def redone(change: Change) -> None:
            text = translate("browser", "Done again: %1").replace("%1", change.text)
            self._view.notify(Notice(text, translate("browser", "Und&o"), self.undo))
            if done is not None:
                done(change.touched)

        self.changes.redo(redone)

    # --- moving and copying inside

    def transfer(
        self,
        nodes: DraggedNodes,
        dest: NodeId,
        *,
        copy: bool,
        done: Callable[[Sequence[RowKey]], None] | None = None,
    ) -> None:
        """Rows that were dragged, cut or copied, into a folder. Names that are taken are asked about first."""
        locker, keys = self._locker, nodes.row_keys()
        if nodes.locker != locker.record.locker_id or not keys:
            return

        def look() -> tuple[list[NodeRow], list[Taken]]:
            rows = rows_of(locker, NodeId(nodes.parent), keys)
            if not copy:
                rows = [row for row in rows if row.parent != dest]
            elif all(row.parent == dest for row in rows):
                return rows, []  # a copy beside the original gets another name without asking
            return rows, taken_names(rows, locker.list_folder(dest, order=Order.NAME))

        def looked(found: tuple[list[NodeRow], list[Taken]]) -> None:
            rows, taken = found
            if not rows:
                return
            if not taken:
                self._carry_out(rows, dest, Decision(frozenset(), (), frozenset()), copy, done)
            else:
                Asking(
                    taken,
                    self._view.ask_collision,
                    lambda decision: self._carry_out(rows, dest, decision, copy, done),
                ).start()

        self._runs.run(look, looked, self.failed)

    def _carry_out(
        self,
        rows: Sequence[NodeRow],
        dest: NodeId,
        decision: Decision,
        copy: bool,
        done: Callable[[Sequence[RowKey]], None] | None,
    ) -> None:
        locker = self._locker
        going = [row for row in rows if row_key(row) not in decision.skip]
        if not going:
            return
        renamed = [row for row in going if row_key(row) in decision.keep_both]

        def names() -> dict[RowKey, str]:
            return free_names(locker, dest, renamed) if renamed and not copy else {}

        def named(found: dict[RowKey, str]) -> None:
            main: Change = CopyNodes(going, dest) if copy else MoveNodes(going, dest, found)
            change = main
            if decision.replace:
                change = Several(main.text, [TrashNodes(decision.replace), main])

            def moved() -> None:
                if done is not None:
                    done(change.touched)

            self.changes.run(change, moved)

        self._runs.run(names, named, self.failed)

    # --- from and to this computer

    def upload(self, paths: Sequence[str], dest: NodeId) -> None:
        """Local files and folders into a folder. Versions keep what is replaced; undo takes it back."""
        if not paths:
            return
        if self._locker.read_only_reason is not None:
            self._view.read_only(self._locker.read_only_reason)
            return
        locker, questions = self._locker, self._questions

        def task() -> Uploaded:
            policy = _CHOICES.get(self._conflict_choice(), Conflict.ASK)
            names = [os.path.basename(os.path.abspath(path)) for path in paths]
            before = standing(locker, dest, names)
            number = locker.upload(list(paths), dest, conflict=policy, ask=questions.ask)
            return Uploaded(number, dest, before).named(names)

        def started(change: Uploaded) -> None:
            self.changes.remember(change)
            self._view.wake_transfers()

        self._runs.run(task, started, self.failed)

    def save_to(self, rows: Sequence[NodeRow], folder: str) -> None:
        """Download into a local folder; what is there already keeps its name and content."""
        if not rows:
            return
        locker = self._locker
        self._runs.run(
            lambda: locker.download([source_of(locker, row) for row in rows], folder),
            lambda _: self._view.wake_transfers(),
            self.failed,
        )

    # --- inside

    def failed(self, error: Exception) -> None:
        reason = self._locker.read_only_reason
        if isinstance(error, LockerReadOnlyError) or (isinstance(error, MegaDeskError) and reason is not None):
            self._view.read_only(reason or str(error))
        else:
            self._view.problem(problem_of(error))

    def stop(self) -> None:
        """The locker is being locked."""
        self._questions.stop()
        self.changes.forget()


def standing(
    locker: Locker, dest: NodeId, names: Sequence[str]
) -> dict[str, tuple[NodeId, NodeKind, VersionId | None]]:
    """What the folder holds under those names. For worker threads; the folder may have 100,000 others."""
    path = locker.path_of(dest)
    found = {}
    for name in names:
        try:
            row = locker.node(join_path(path, name))
        except PathError:
            continue
        if row.parent == dest:
            found[name] = (row.id, row.kind, row.head)
    return found


def rows_of(locker: Locker, parent: NodeId, keys: Sequence[RowKey]) -> list[NodeRow]:
    """Rows by key; what is gone by now is left out. For worker threads."""
    found: list[NodeRow] = []
    listed: dict[RowKey, NodeRow] | None = None
    for node, head in keys:
        try:
            row = locker.node(node)
        except PathError:
            continue
        if head is not None:  # a conflict copy: only its folder's listing knows it
            if listed is None:
                listed = {row_key(each): each for each in locker.list_folder(parent, order=Order.NAME)}
            row = listed.get((node, head), row)
        found.append(row)
    return found


def named_for_drag(rows: Sequence[NodeRow]) -> str:
    """What is beside the pointer while dragging."""
    return fmt.shown_name(rows[0].display_name) if len(rows) == 1 else fmt.items(len(rows))
