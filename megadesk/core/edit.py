"""Changes of the tree that move no bytes: folders, moves, copies, trash, restore, purge. Each is one log entry or few.

Every change is decided inside the append lock on the newest tree, so two programs on one machine cannot take the
same name at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from megadesk.core.history import History
from megadesk.errors import PathError
from megadesk.format.entry import batches
from megadesk.format.ops import AddVersion, Create, Move, Operation, Purge, decode_content
from megadesk.state.index.index import Index, Session
from megadesk.transfer.port import NodeIds, alternative_name
from megadesk.tree.names import check_name, printable, split_path, to_text
from megadesk.tree.rows import NodeRow
from megadesk.types import ROOT, TRASH, NodeId, NodeKind, VersionId

Where = str | NodeId
_FOLDER_MODE = 0o755


def find_row(session: Session, where: Where) -> NodeRow:
    """The row at a path or of an id. Raises PathError."""
    if isinstance(where, str):
        return session.view.resolve(where)
    if where == ROOT:
        return session.view.resolve("/")
    row = session.view.get(where)
    if row is None:
        raise PathError("That file or folder is no longer in the locker.")
    return row


class Editor:
    """Thread-safe. Every method raises PathError, and what History.append raises; then nothing was changed."""

    def __init__(self, index: Index, history: History) -> None:
        self._index = index
        self._history = history

    def _change(self, plan: Callable[[Session], Iterable[Operation]]) -> None:
        """Write what ``plan`` decides on the newest tree; more operations than an entry holds become several."""
        rest: Iterator[list[Operation]] = iter(())

        def first() -> Sequence[Operation]:
            nonlocal rest
            with self._index.read() as session:
                rest = batches(list(plan(session)))
            return next(rest, [])

        self._history.append(first)
        for batch in rest:
            self._history.append(batch)

    # --- folders

    def make_folder(self, path: str, *, parents: bool = False) -> NodeId:
        """The new folder's id. With ``parents``, missing folders above are made and an existing one is no error."""
        parts = split_path(path)
        if not parts:
            if parents:
                return ROOT
            raise PathError("The locker's own folder is there already.")
        made = ROOT
        ids = NodeIds()

        def plan(session: Session) -> Iterator[Operation]:
            nonlocal made
            made = ROOT
            exists = True
            now = time.time_ns()
            for place, part in enumerate(parts):
                row = session.view.child(made, part) if exists else None
                last = place == len(parts) - 1
                if row is not None and row.kind is not NodeKind.FOLDER:
                    raise PathError(f"“{printable(part)}” is there already, and is not a folder.")
                if row is not None and last and not parents:
                    raise PathError(f"The folder “{printable(path)}” is there already.")
                if row is not None:
                    made = row.id
                    continue
                if not last and not parents:
                    above = "/" + "/".join(parts[: place + 1])
                    raise PathError(f"There is no folder “{printable(above)}”.", remedy="Make it first, or use -p.")
                exists = False
                node = NodeId(ids.new())
                yield Create(node, made, check_name(part), NodeKind.FOLDER, _FOLDER_MODE, now, None)
                made = node

        self._change(plan)
        return made

    # --- moving and copying

    def move(self, sources: Sequence[Where], dest: Where, *, new_name: str | None = None) -> None:
        """Move nodes into the folder ``dest``; ``new_name`` renames a single one on the way."""
        if new_name is not None and len(sources) != 1:
            raise PathError("Only one thing at a time can be given a new name.")
        name = check_name(new_name) if new_name is not None else None

        def plan(session: Session) -> Iterator[Operation]:
            folder = _folder(session, dest)
            taken: set[bytes] = set()
            for source in sources:
                row = _movable(session, source)
                wanted = name or os.fsencode(row.name)
                if (row.parent, os.fsencode(row.name)) == (folder.id, wanted) and not row.conflict:
                    continue
                _refuse_inside(session, row, folder)
                other = session.view.child(folder.id, to_text(wanted))
                if (other is not None and (other.id != row.id or row.conflict)) or wanted in taken:
                    raise PathError(
                        f"“{printable(to_text(wanted))}” is there already.",
                        remedy="Choose another name, or move it away first.",
                    )
                taken.add(wanted)
                yield from _move_ops(session, row, folder.id, wanted)

        self._change(plan)

    def copy(self, sources: Sequence[Where], dest: Where, *, new_name: str | None = None) -> list[NodeId]:
        """Copy nodes with all below them into ``dest``; the copies' ids. They share the stored bytes."""
        if new_name is not None and len(sources) != 1:
            raise PathError("Only one thing at a time can be given a new name.")
        made: list[NodeId] = []
        ids = NodeIds()

        def plan(session: Session) -> Iterator[Operation]:
            folder = _folder(session, dest)
            made.clear()
            taken: set[str] = set()
            for source in sources:
                row = find_row(session, source)
                if row.id == ROOT:
                    raise PathError("The whole locker cannot be copied into itself.")
                _refuse_inside(session, row, folder)
                wanted = to_text(check_name(new_name)) if new_name is not None else row.display_name

                def is_taken(name: str) -> bool:
                    return name in taken or session.view.child(folder.id, name) is not None

                if is_taken(wanted):
                    wanted = alternative_name(wanted, is_taken)
                taken.add(wanted)
                node = NodeId(ids.new())
                made.append(node)
                yield from _copy_ops(session, row, node, folder.id, wanted, ids)

        self._change(plan)
        return made

    # --- trash

    def trash(self, sources: Sequence[Where]) -> int:
        """Put nodes into the trash; how many."""
        count = 0

        def plan(session: Session) -> Iterator[Operation]:
            nonlocal count
            count = 0
            for source in sources:
                row = _movable(session, source)
                count += 1
                yield from _move_ops(session, row, TRASH, os.fsencode(row.name))

        self._change(plan)
        return count

    def restore(self, nodes: Sequence[NodeId], *, to: Where | None = None) -> list[NodeId]:
        """Bring nodes back from the trash: to where they were, to ``to``, or to the top if that is gone."""

        def plan(session: Session) -> Iterator[Operation]:
            tops = {item.row.id: item for item in session.view.trash()}
            taken: set[tuple[NodeId, str]] = set()
            for node in nodes:
                item = tops.get(node)
                if item is None:
                    raise PathError("That is not in the trash.")
                folder = _folder(session, to).id if to is not None else _origin(session, item.original_path)

                def is_taken(name: str, folder: NodeId = folder) -> bool:
                    return (folder, name) in taken or session.view.child(folder, name) is not None

                name = item.row.name
                if is_taken(name):
                    name = alternative_name(name, is_taken)
                taken.add((folder, name))
                yield Move(node, folder, os.fsencode(name))

        self._change(plan)
        return list(nodes)

    def purge(self, nodes: Sequence[NodeId] | None) -> int:
        """Remove nodes that lie in the trash for good (None: all); how many files and folders went."""
        count = 0

        def plan(session: Session) -> Iterator[Operation]:
            nonlocal count
            count = 0
            tops = {item.row.id: item.row for item in session.view.trash()}
            for node in tops if nodes is None else nodes:
                if node not in tops:
                    raise PathError("Only what lies in the trash can be removed for good.")
                for op in _purge_ops(session, tops[node]):
                    count += 1
                    yield op

        self._change(plan)
        return count

    # --- versions

    def restore_version(self, where: Where, version: VersionId) -> None:
        """Make an older version the current one again; the one in between stays among the versions."""
        ids = NodeIds()

        def plan(session: Session) -> Iterator[Operation]:
            row = find_row(session, where)
            chosen = next((item for item in session.view.versions(row.id) if item.id == version), None)
            data = session.view.content(row.id, version)
            if chosen is None or data is None:
                raise PathError(f"“{printable(row.display_name)}” has no such version.")
            heads = tuple(session.view.heads(row.id))
            if heads == (version,):
                return
            yield AddVersion(row.id, VersionId(ids.new()), heads, chosen.mode, chosen.mtime_ns, decode_content(data))

        self._change(plan)


def _folder(session: Session, where: Where) -> NodeRow:
    row = find_row(session, where)
    if row.kind is not NodeKind.FOLDER:
        raise PathError(f"“{printable(row.display_name)}” is not a folder.")
    return row


def _movable(session: Session, where: Where) -> NodeRow:
    row = find_row(session, where)
    if row.id == ROOT:
        raise PathError("The locker's own folder cannot be moved or removed.")
    return row


def _refuse_inside(session: Session, row: NodeRow, folder: NodeRow) -> None:
    """A folder cannot go into itself."""
    at: NodeRow | None = folder
    while at is not None and at.id != ROOT:
        if at.id == row.id:
            raise PathError(f"“{printable(row.display_name)}” cannot be put into itself.")
        at = session.view.get(at.parent) if at.parent not in (ROOT, TRASH) else None


def _move_ops(session: Session, row: NodeRow, parent: NodeId, name: bytes) -> Iterator[Operation]:
    """Move a row. A losing version that is shown as a copy becomes a file of its own, and its conflict is settled."""
    heads = session.view.heads(row.id)
    if not row.conflict or row.head is None or not heads or row.head == heads[0]:
        yield Move(row.id, parent, name)
        return
    ids = NodeIds()
    yield from _settle(session, row, heads, ids)
    copy = NodeId(ids.new())
    data = session.view.content(row.id, row.head)
    assert data is not None
    home = parent if parent != TRASH else row.parent
    yield Create(copy, home, name, row.kind, row.mode, row.mtime_ns, decode_content(data))
    if parent == TRASH:
        yield Move(copy, TRASH, name)


def _settle(session: Session, row: NodeRow, heads: Sequence[VersionId], ids: NodeIds) -> Iterator[Operation]:
    """A version that replaces the winner and the given loser, with the winner's content."""
    main = session.view.get(row.id)
    data = session.view.content(row.id, heads[0])
    assert main is not None
    assert data is not None
    assert row.head is not None
    bases = (heads[0], row.head)
    yield AddVersion(row.id, VersionId(ids.new()), bases, main.mode, main.mtime_ns, decode_content(data))


def _copy_ops(
    session: Session, row: NodeRow, node: NodeId, parent: NodeId, name: str, ids: NodeIds
) -> Iterator[Operation]:
    content = None
    if row.kind is not NodeKind.FOLDER:
        data = session.view.content(row.id, row.head) if row.head is not None else None
        if data is None:
            return
        content = decode_content(data)
    yield Create(node, parent, os.fsencode(name), row.kind, row.mode, row.mtime_ns, content)
    if row.kind is NodeKind.FOLDER:
        for child in session.view.iter_folder(row.id):
            yield from _copy_ops(session, child, NodeId(ids.new()), node, child.display_name, ids)


def _purge_ops(session: Session, row: NodeRow) -> Iterator[Operation]:
    """Children before their folder."""
    if row.kind is NodeKind.FOLDER:
        for child in session.view.iter_folder(row.id):
            if not child.conflict or child.head is None or child.head in session.view.heads(child.id)[:1]:
                yield from _purge_ops(session, child)
        yield Purge(row.id, ())
    else:
        yield Purge(row.id, tuple(version.id for version in session.view.versions(row.id)))


def _origin(session: Session, path: str | None) -> NodeId:
    """The folder that something in the trash came from, or the root when that is gone."""
    above = split_path(path)[:-1] if path else ()
    if not above:
        return ROOT
    try:
        row = session.view.resolve("/" + "/".join(above))
    except PathError:
        return ROOT
    return row.id if row.kind is NodeKind.FOLDER else ROOT
