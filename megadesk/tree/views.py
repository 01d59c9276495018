"""The merged tree as people and programs see it: typed rows, paths, listings, trash, totals.

A TreeView reads from any TreeTable and keeps no state, so it is as thread-safe as its table. Nothing here loads more
than one folder, and only ``list_folder`` in another order than by name loads that.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import msgspec

from megadesk.errors import PathError
from megadesk.tree.heads import current_heads
from megadesk.tree.names import (
    CONFLICT_MARK,
    conflict_name,
    fold,
    join_path,
    printable,
    split_path,
    to_bytes,
    to_text,
)
from megadesk.tree.rows import Location, NodeRow, Order, TrashRow, VersionRow, sort_rows
from megadesk.tree.table import (
    FIRST_KEY,
    FOLDER,
    GHOST,
    ORPHANS_KEY,
    ROOT_KEY,
    TRASH_KEY,
    Key,
    Line,
    Node,
    Totals,
    TreeTable,
)
from megadesk.types import ROOT, TRASH, DeviceId, NodeId, NodeKind, VersionId

_LOOSE = (TRASH_KEY, ORPHANS_KEY)
"""Where the same name twice is no conflict: thousands of "index.html" may lie in the trash."""


def _short(device: DeviceId) -> str:
    return device.hex()[:8]


class TreeView:
    """Reads of one table. ``device_name`` gives the name shown in conflict copies."""

    def __init__(self, table: TreeTable, device_name: Callable[[DeviceId], str] | None = None) -> None:
        self._table = table
        self._device_name = device_name or _short

    # single nodes

    def get(self, node: NodeId) -> NodeRow | None:
        """The visible node's row, None when there is none of that id."""
        row = self._find(node)
        return self._main_row(row) if row is not None else None

    def resolve(self, path: str) -> NodeRow:
        """The node or conflict copy at a path below the root. Raises PathError when there is none."""
        parts = split_path(path)
        if not parts:
            return self._root_row()
        key = ROOT_KEY
        parent = ROOT
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            node, row = self._child(key, parent, part)
            if node is None or row is None:
                raise PathError(f"There is no “{printable(part)}” in “{printable(_upto(parts, place))}”.")
            if last:
                return row
            if node.kind != FOLDER:
                raise PathError(f"“{printable(_upto(parts, place + 1))}” is not a folder.")
            key, parent = node.key, node.id
        raise AssertionError("unreachable")

    def exists(self, path: str) -> bool:
        try:
            self.resolve(path)
        except PathError:
            return False
        return True

    def child(self, folder: NodeId, display_name: str) -> NodeRow | None:
        """The row of that display name in a folder."""
        key = self._table.key_of(folder)
        return self._child(key, folder, display_name)[1] if key is not None else None

    def locate(self, node: NodeId) -> Location:
        """Where a visible node is. Raises PathError when there is none."""
        row = self._find(node)
        if row is None:
            if node in (ROOT, TRASH):
                return Location(node, "/")
            raise PathError("That file or folder is no longer in the locker.")
        return self._locate(row)

    def path_of(self, node: NodeId) -> str:
        """Path from the root, or from the trash, of a visible node, in display names."""
        return self.locate(node).path

    def is_trashed(self, node: NodeId) -> bool:
        return self.locate(node).root == TRASH

    def versions(self, node: NodeId) -> list[VersionRow]:
        """Kept versions, newest first."""
        row = self._find(node)
        if row is None:
            return []
        known = self._table.versions(row.key)
        heads = {version.id for version in current_heads(known, row.kind)}
        kept = [version for version in known if version.kind == row.kind and not version.dropped]
        kept.sort(key=lambda version: version.stamp, reverse=True)
        return [
            VersionRow(
                version.id,
                version.size,
                version.mtime_ns,
                version.mode,
                version.time_ms,
                version.stamp.device,
                version.id in heads,
            )
            for version in kept
        ]

    def heads(self, node: NodeId) -> list[VersionId]:
        """Current versions, the one shown first: what a new version names as its bases."""
        row = self._find(node)
        if row is None or not row.heads:
            return []
        if row.heads == 1:
            return [row.head]
        return [version.id for version in current_heads(self._table.versions(row.key), row.kind)]

    def content(self, node: NodeId, version: VersionId) -> bytes | None:
        """Encoded content of a kept version (format.ops.decode_content)."""
        key = self._table.key_of(node)
        return self._table.content(key, version) if key is not None else None

    # many nodes

    def list_folder(
        self,
        folder: NodeId,
        *,
        order: Order = Order.NATURAL,
        descending: bool = False,
        folders_first: bool = False,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[NodeRow]:
        """Rows of a folder, conflict copies among them. Raises PathError when ``folder`` is none."""
        key = self._folder_key(folder)
        stop = None if limit is None else offset + limit
        rows = self._quick_rows(key, folder)
        if order is Order.NAME and not descending and not folders_first:
            return list(itertools.islice(rows, offset, stop))
        listed = sort_rows(rows, order, descending=descending, folders_first=folders_first)
        return listed[offset:stop]

    def iter_folder(self, folder: NodeId) -> Iterator[NodeRow]:
        """Rows by name (bytes), streamed: for folders of any size. Raises PathError when ``folder`` is none."""
        return self._quick_rows(self._folder_key(folder), folder)

    def walk(self, folder: NodeId, prefix: str = "") -> Iterator[tuple[str, NodeRow]]:
        """(path below ``folder``, row) of everything in it, every folder before its contents. Streams."""
        stack: list[tuple[Key, NodeId, str]] = [(self._folder_key(folder), folder, prefix)]
        while stack:
            key, parent, path = stack.pop()
            below = []
            for node, row in self._rows(key, parent):
                row_path = f"{path}/{row.display_name}" if path else row.display_name
                yield row_path, row
                if node.kind == FOLDER:
                    below.append((node.key, node.id, row_path))
            stack.extend(reversed(below))

    def totals(self, folder: NodeId) -> Totals:
        """Visible contents of a folder, with all below. Raises PathError when ``folder`` is none."""
        return self._table.totals(self._folder_key(folder))

    def counters(self) -> dict[str, int]:
        """See table.COUNTERS; the trash is included."""
        return self._table.counters()

    def trash(self) -> list[TrashRow]:
        """Tops of what lies in the trash, newest first, then what was recovered from folders that do not exist."""
        paths: dict[Key, str | None] = {0: None, ROOT_KEY: "/"}
        listed = [self._trash_row(node, row, paths) for node, row in self._rows(TRASH_KEY, TRASH)]
        listed.sort(key=lambda item: item.row.trashed_ms or 0, reverse=True)
        for key in (ORPHANS_KEY, *self._table.ghosts()):
            listed += [TrashRow(row, None, True) for _, row in self._rows(key, TRASH)]
        return listed

    def search(self, text: str, limit: int = 1000, *, trashed: bool = False) -> list[tuple[str, NodeRow]]:
        """(path, row) of nodes whose name holds ``text``; case and accents do not count. In no particular order.

        The trash is left out unless ``trashed``.
        """
        needle = fold(text)
        if not needle or limit <= 0:
            return []
        found: list[tuple[str, NodeRow]] = []
        for node in self._table.search(needle):
            location = self._locate(node)
            if trashed or location.root == ROOT:
                found.append((location.path, self._main_row(node)))
                if len(found) == limit:
                    break
        return found

    # inside

    def _find(self, node: NodeId) -> Node | None:
        key = self._table.key_of(node)
        row = self._table.find(key) if key is not None and key >= FIRST_KEY else None
        return row if row is not None and not row.gone else None

    def _folder_key(self, folder: NodeId) -> Key:
        key = self._table.key_of(folder)
        row = self._table.find(key) if key is not None else None
        if row is None or row.gone:
            raise PathError("That folder is no longer in the locker.")
        if row.kind != FOLDER:
            raise PathError(f"“{printable(to_text(row.place.name))}” is not a folder.")
        return row.key

    def _quick_rows(self, key: Key, parent: NodeId) -> Iterator[NodeRow]:
        """As `_rows`, without an object for each node: in nearly every folder no name is there twice."""
        if key in _LOOSE:
            yield from (row for _, row in self._rows(key, parent))
            return
        held: Line | None = None
        crowded: bytes | None = None
        """A name that several rows bear; they have been given."""
        for lines in self._table.lines(key):
            for line in lines:
                name = line[2]
                if name == crowded:
                    continue
                shared = held is not None and held[2] == name
                if held is not None and not shared:
                    yield _quick_row(held, parent)
                held = None
                if shared or line[8] > 1:
                    crowded = name
                    yield from (row for _, row in self._group(self._table.named(key, name), parent))
                else:
                    held = line
        if held is not None:
            yield _quick_row(held, parent)

    def _rows(self, key: Key, parent: NodeId) -> Iterator[tuple[Node, NodeRow]]:
        """Rows of a folder by stored name, display names resolved."""
        group: list[Node] = []
        for node in self._table.folder(key):
            if group and (key in _LOOSE or group[0].place.name != node.place.name):
                yield from self._group(group, parent)
                group = []
            group.append(node)
        yield from self._group(group, parent)

    def _group(self, group: list[Node], parent: NodeId) -> Iterator[tuple[Node, NodeRow]]:
        """Rows of the nodes that bear one name in a folder, conflict copies of their contents included."""
        if len(group) == 1 and group[0].heads <= 1:
            node = group[0]
            yield node, _row(node, parent, to_text(node.place.name))
            return
        group = sorted(group, key=lambda node: (node.place.stamp, node.id))
        taken: dict[str, int] = {}
        for number, node in enumerate(group):
            name = to_text(node.place.name)
            shown = name
            if number:
                place = node.place
                shown = self._free_name(node, name, place.stamp.device, place.time_ms, taken)
            yield node, _row(node, parent, shown, conflict=number > 0)
            if node.heads > 1:
                for version in current_heads(self._table.versions(node.key), node.kind)[1:]:
                    copy = self._free_name(node, name, version.stamp.device, version.time_ms, taken)
                    yield (
                        node,
                        msgspec.structs.replace(
                            _row(node, parent, copy, conflict=True),
                            size_bytes=version.size,
                            mtime_ns=version.mtime_ns,
                            mode=version.mode,
                            head=version.id,
                        ),
                    )

    def _free_name(self, node: Node, name: str, device: DeviceId, time_ms: int, taken: dict[str, int]) -> str:
        """The next conflict name that nothing in the folder bears; ``taken``: numbers used, by device and day."""
        label = self._device_name(device) or _short(device)
        key = conflict_name("", label, time_ms)
        for number in itertools.count(taken.get(key, 0) + 1):
            shown = conflict_name(name, label, time_ms, number)
            if node.place.parent in _LOOSE or not self._table.named(node.place.parent, to_bytes(shown)):
                taken[key] = number
                return shown
        raise AssertionError("unreachable")

    def _child(self, key: Key, parent: NodeId, shown: str) -> tuple[Node | None, NodeRow | None]:
        data = to_bytes(shown)
        group = self._table.named(key, data)
        for node, row in self._group(group, parent) if group else ():
            if row.display_name == shown:
                return node, row
        if CONFLICT_MARK in shown:
            for name in self._table.contested(key):
                for node, row in self._group(self._table.named(key, name), parent):
                    if row.display_name == shown:
                        return node, row
        return None, None

    def _main_row(self, node: Node) -> NodeRow:
        parent = self._table.find(node.place.parent)
        parent_id = parent.id if parent is not None and parent.kind == FOLDER else TRASH
        if node.place.parent in _LOOSE:
            return _row(node, parent_id, to_text(node.place.name))
        for other, row in self._group(self._table.named(node.place.parent, node.place.name), parent_id):
            if other.key == node.key:
                return row
        return _row(node, parent_id, to_text(node.place.name))

    def _locate(self, node: Node) -> Location:
        names = []
        while True:
            names.append(self._shown(node))
            parent = self._table.find(node.place.parent)
            if parent is None or parent.key < FIRST_KEY or parent.kind == GHOST:
                root = ROOT if node.place.parent == ROOT_KEY else TRASH
                return Location(root, "/" + "/".join(reversed(names)))
            node = parent

    def _shown(self, node: Node) -> str:
        group = [] if node.place.parent in _LOOSE else self._table.named(node.place.parent, node.place.name)
        if len(group) > 1:
            for other, row in self._group(group, TRASH):
                if other.key == node.key:
                    return row.display_name
        return to_text(node.place.name)

    def _trash_row(self, node: Node, row: NodeRow, paths: dict[Key, str | None]) -> TrashRow:
        """``paths``: of the folders looked up so far."""
        origin = node.place.origin
        if origin not in paths:
            parent = self._table.find(origin)
            known = parent is not None and parent.key >= FIRST_KEY and parent.kind == FOLDER
            paths[origin] = self._locate(parent).path if parent is not None and known else None
        path = paths[origin]
        name = to_text(node.place.origin_name)
        return TrashRow(row, join_path(path, name) if path is not None else None, False)

    def _root_row(self) -> NodeRow:
        return NodeRow(ROOT, ROOT, "", "/", NodeKind.FOLDER, 0, 0, 0o700, None, False, 0, None)


_KINDS = (NodeKind.FOLDER, NodeKind.FILE, NodeKind.LINK)


def _quick_row(line: Line, parent: NodeId) -> NodeRow:
    _, node, stored, kind, mode, mtime_ns, size, head, _, created_ms = line
    name = stored.decode("utf-8", "surrogateescape")
    if head is not None and not head:
        head = VersionId(node)
    return NodeRow(node, parent, name, name, _KINDS[kind], size, mtime_ns, mode, head, False, created_ms, None)


def _row(node: Node, parent: NodeId, shown: str, *, conflict: bool = False) -> NodeRow:
    place = node.place
    return NodeRow(
        node.id,
        parent,
        to_text(place.name),
        shown,
        NodeKind(node.kind),
        node.size,
        node.mtime_ns,
        node.mode,
        node.head or None,
        conflict,
        node.created_ms,
        place.trashed_ms if place.parent == TRASH_KEY else None,
    )


def _upto(parts: tuple[str, ...], count: int) -> str:
    return "/" + "/".join(parts[:count])
