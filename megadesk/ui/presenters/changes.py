"""Changes of the tree that can be taken back and made again: a stack of commands over the core's operations.

No Qt. `do` and `undo` of a change run on a worker, one change at a time and in order; the stack is the GUI thread's.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence

from megadesk.errors import MegaDeskError, PathError
from megadesk.transfer.port import alternative_name
from megadesk.transfer.records import LIVE
from megadesk.tree.names import join_path
from megadesk.tree.rows import NodeRow, Order
from megadesk.types import NodeId, NodeKind, VersionId
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.listing import RowKey, row_key
from megadesk.ui.runner import Runs

MAX_KEPT = 200


def source_of(locker: Locker, row: NodeRow) -> str | NodeId:
    """For worker threads. A conflict copy is known by its name: it shares the id of what it conflicts with."""
    if not row.conflict:
        return row.id
    return join_path(locker.path_of(row.parent), row.display_name)


def titled(rows: Sequence[NodeRow]) -> str:
    """“name” of one, "3 items" of several."""
    return quoted(rows[0].display_name) if len(rows) == 1 else fmt.items(len(rows))


def quoted(name: str) -> str:
    """A name in a sentence, between the quotation marks of the language."""
    return translate("browser", "“%1”").replace("%1", fmt.shown_name(name))


Before = tuple[NodeId, NodeKind, VersionId | None]
"""What bore a name before an upload."""


class Change(ABC):
    """One step of undo. Both methods may block, and raise MegaDeskError; then nothing more of it is done."""

    text: str
    """What was done, for the menu: "Move of 3 items"."""
    touched: Sequence[RowKey] = ()
    """What to select afterwards."""

    @abstractmethod
    def do(self, locker: Locker) -> None:
        """Do it, or do it again after `undo`."""

    @abstractmethod
    def undo(self, locker: Locker) -> None:
        """As it was before."""


class MakeFolder(Change):
    def __init__(self, parent: NodeId, name: str) -> None:
        self.text = translate("changes", "New folder “%1”").replace("%1", fmt.shown_name(name))
        self._parent = parent
        self._name = name
        self._made: NodeId | None = None

    def do(self, locker: Locker) -> None:
        if self._made is None:
            row = locker.make_folder(join_path(locker.path_of(self._parent), self._name))
            self._made = row.id
            self.touched = [row_key(row)]
        else:
            locker.restore([self._made], to=self._parent)

    def undo(self, locker: Locker) -> None:
        if self._made is not None:
            locker.trash_nodes([self._made])


class Rename(Change):
    def __init__(self, row: NodeRow, name: str) -> None:
        self.text = translate("changes", "Rename of “%1”").replace("%1", fmt.shown_name(row.display_name))
        self.touched = [row_key(row)]
        self._row = row
        self._name = name

    def do(self, locker: Locker) -> None:
        locker.move([source_of(locker, self._row)], self._row.parent, new_name=self._name)

    def undo(self, locker: Locker) -> None:
        # A conflict copy has become a file of its own: it is found by its new name.
        moved = join_path(locker.path_of(self._row.parent), self._name) if self._row.conflict else self._row.id
        locker.move([moved], self._row.parent, new_name=self._row.name)


class MoveNodes(Change):
    """Into a folder. ``names``: what some are called there, because their name is taken."""

    def __init__(self, rows: Sequence[NodeRow], dest: NodeId, names: dict[RowKey, str] | None = None) -> None:
        self.text = translate("changes", "Move of %1").replace("%1", titled(rows))
        self.touched = [row_key(row) for row in rows]
        self._rows = rows
        self._dest = dest
        self._names = names or {}

    def do(self, locker: Locker) -> None:
        plain = [row for row in self._rows if row_key(row) not in self._names]
        if plain:
            locker.move([source_of(locker, row) for row in plain], self._dest)
        for row in self._rows:
            if (name := self._names.get(row_key(row))) is not None:
                locker.move([source_of(locker, row)], self._dest, new_name=name)

    def undo(self, locker: Locker) -> None:
        homes: dict[NodeId, list[NodeRow]] = {}
        for row in self._rows:
            homes.setdefault(row.parent, []).append(row)
        for home, rows in homes.items():
            plain = [row for row in rows if row_key(row) not in self._names]
            if plain:
                locker.move([row.id for row in plain], home)
            for row in rows:
                if row_key(row) in self._names:
                    locker.move([row.id], home, new_name=row.name)


class CopyNodes(Change):
    def __init__(self, rows: Sequence[NodeRow], dest: NodeId) -> None:
        self.text = translate("changes", "Copy of %1").replace("%1", titled(rows))
        self._rows = rows
        self._dest = dest
        self._made: list[NodeId] = []

    def do(self, locker: Locker) -> None:
        if self._made:
            locker.restore(self._made, to=self._dest)
            return
        made = locker.copy([source_of(locker, row) for row in self._rows], self._dest)
        self._made = [row.id for row in made]
        self.touched = [row_key(row) for row in made]

    def undo(self, locker: Locker) -> None:
        locker.trash_nodes(self._made)


class TrashNodes(Change):
    def __init__(self, rows: Sequence[NodeRow]) -> None:
        self.text = translate("changes", "Deletion of %1").replace("%1", titled(rows))
        self._rows = rows
        self._ids = list(dict.fromkeys(row.id for row in rows))

    def do(self, locker: Locker) -> None:
        copies = any(row.conflict for row in self._rows)
        before = {item.row.id for item in locker.trash()} if copies else set()
        locker.trash_nodes([source_of(locker, row) for row in self._rows])
        if copies:  # they become files of their own on the way, with ids that only the trash can tell
            plain = {row.id for row in self._rows if not row.conflict}
            self._ids = [item.row.id for item in locker.trash() if item.row.id not in before or item.row.id in plain]

    def undo(self, locker: Locker) -> None:
        locker.restore(self._ids)


class RestoreNodes(Change):
    """Out of the trash."""

    def __init__(self, rows: Sequence[NodeRow]) -> None:
        self.text = translate("changes", "Restoring of %1").replace("%1", titled(rows))
        self._ids = [row.id for row in rows]

    def do(self, locker: Locker) -> None:
        locker.restore(self._ids)

    def undo(self, locker: Locker) -> None:
        locker.trash_nodes(self._ids)


class RestoreVersion(Change):
    def __init__(self, row: NodeRow, version: VersionId) -> None:
        self.text = translate("changes", "Older version of “%1”").replace("%1", fmt.shown_name(row.display_name))
        self._node = row.id
        self._version = version
        self._before: VersionId | None = None

    def do(self, locker: Locker) -> None:
        self._before = locker.node(self._node).head
        locker.restore_version(self._node, self._version)

    def undo(self, locker: Locker) -> None:
        if self._before is not None:
            locker.restore_version(self._node, self._before)


class Several(Change):
    """Steps that are taken back together, the last first."""

    def __init__(self, text: str, steps: Sequence[Change]) -> None:
        self.text = text
        self._steps = steps
        self.touched = [key for step in steps for key in step.touched]

    def do(self, locker: Locker) -> None:
        done: list[Change] = []
        try:
            for step in self._steps:
                step.do(locker)
                done.append(step)
        except MegaDeskError:
            for step in reversed(done):  # half of it would be no step that could be taken back
                with contextlib.suppress(MegaDeskError):
                    step.undo(locker)
            raise
        self.touched = [key for step in self._steps for key in step.touched]

    def undo(self, locker: Locker) -> None:
        for step in reversed(self._steps):
            step.undo(locker)


class Uploaded(Change):
    """What an upload brought into a folder. Folders that were there before it stay as the upload left them."""

    def __init__(
        self, transfer: int, dest: NodeId, before: dict[str, tuple[NodeId, NodeKind, VersionId | None]]
    ) -> None:
        """``before``: what the folder held under the names that were uploaded; names that were free are not in it."""
        self.text = translate("changes", "Upload")
        self._transfer = transfer
        self._dest = dest
        self._before = before
        self._names: Sequence[str] = ()
        self._gone: list[NodeId] = []
        self._older: list[tuple[NodeId, VersionId]] = []

    def named(self, names: Sequence[str]) -> Uploaded:
        """The names in the folder that the upload writes to."""
        self._names = names
        what = quoted(names[0]) if len(names) == 1 else fmt.items(len(names))
        self.text = translate("changes", "Upload of %1").replace("%1", what)
        return self

    def do(self, locker: Locker) -> None:
        """Again: what `undo` took away."""
        if self._gone:
            locker.restore(self._gone, to=self._dest)
        for node, version in self._older:
            locker.restore_version(node, version)
        self._gone, self._older = [], []

    def undo(self, locker: Locker) -> None:
        if any(row.id == self._transfer and row.state in LIVE for row in locker.transfers.rows()):
            locker.transfers.cancel(self._transfer)
        path = locker.path_of(self._dest)
        merged = 0
        for name in self._names:
            try:
                row = locker.node(join_path(path, name))
            except PathError:
                continue
            old = self._before.get(name)
            if old is None:
                self._gone.append(row.id)
            elif old[1] is NodeKind.FOLDER:
                merged += 1
            elif row.head is not None and old[2] is not None and row.head != old[2]:
                self._older.append((row.id, row.head))
                locker.restore_version(row.id, old[2])
        if self._gone:
            locker.trash_nodes(self._gone)
        if merged and not self._gone and not self._older:
            raise PathError(
                translate("changes", "The folder was there before the upload, so it is left as it is."),
                remedy=translate("changes", "Older contents are among the versions of each file."),
            )


def free_names(locker: Locker, dest: NodeId, rows: Sequence[NodeRow]) -> dict[RowKey, str]:
    """Names for ``rows`` in a folder where theirs are taken. For worker threads."""
    taken = {row.display_name for row in locker.list_folder(dest, order=Order.NAME)}
    found: dict[RowKey, str] = {}
    for row in rows:
        name = alternative_name(row.display_name, taken.__contains__)
        taken.add(name)
        found[row_key(row)] = name
    return found


class Changes:
    """Undo and redo of one locker. For the GUI thread."""

    def __init__(
        self, locker: Locker, runs: Runs, failed: Callable[[Exception], None], told: Callable[[], None]
    ) -> None:
        """``told`` is called whenever `undo_text` or `redo_text` may be others."""
        self._locker = locker
        self._runs = runs
        self._failed = failed
        self._told = told
        self._done: deque[Change] = deque(maxlen=MAX_KEPT)
        self._undone: list[Change] = []
        self._waiting: deque[tuple[Callable[[], None], Callable[[], None], Callable[[Exception], None]]] = deque()
        self._busy = False

    @property
    def undo_text(self) -> str:
        """What `undo` would take back; "" for nothing."""
        return self._done[-1].text if self._done else ""

    @property
    def redo_text(self) -> str:
        return self._undone[-1].text if self._undone else ""

    def run(
        self,
        change: Change,
        done: Callable[[], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do it after those before it, and remember how to take it back."""

        def finished() -> None:
            self.remember(change)
            if done is not None:
                done()

        self._enqueue(lambda: change.do(self._locker), finished, failed or self._failed)

    def remember(self, change: Change) -> None:
        """Something that was done already."""
        self._done.append(change)
        self._undone.clear()
        self._told()

    def undo(self, done: Callable[[Change], None] | None = None) -> None:
        """Take the newest back; what cannot be taken back any more is dropped, and said."""
        if not self._done:
            return
        change = self._done.pop()
        self._told()

        def finished() -> None:
            self._undone.append(change)
            self._told()
            if done is not None:
                done(change)

        self._enqueue(lambda: change.undo(self._locker), finished, self._failed)

    def redo(self, done: Callable[[Change], None] | None = None) -> None:
        if not self._undone:
            return
        change = self._undone.pop()
        self._told()

        def finished() -> None:
            self._done.append(change)
            self._told()
            if done is not None:
                done(change)

        self._enqueue(lambda: change.do(self._locker), finished, self._failed)

    def forget(self) -> None:
        """The locker is being locked: names in here must not stay."""
        self._done.clear()
        self._undone.clear()
        self._waiting.clear()

    def _enqueue(self, task: Callable[[], None], done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        self._waiting.append((task, done, failed))
        self._next()

    def _next(self) -> None:
        if self._busy or not self._waiting:
            return
        task, done, failed = self._waiting.popleft()
        self._busy = True

        def finished(_: None) -> None:
            self._busy = False
            done()
            self._next()

        def broken(error: Exception) -> None:
            self._busy = False
            failed(error)
            self._next()

        self._runs.run(task, finished, broken)
