"""Applying log entries to the tree, so that the same set of entries gives the same tree in whatever order they come.

Every fact is chosen by a rule over stamps (docs/format.md, "Merge"):

- of several Creates of one id, or several versions of one id in a node, the smallest stamp counts;
- a Create holds its place when its parent is a folder created before it (by stamp), else it is an orphan;
- Moves take effect in the order of stamps (see placement.py);
- heads follow from all versions known of a node (see heads.py);
- attributes are those of the largest stamp among the current version and SetAttributes;
- of several MakeLinks of one id the smallest stamp counts; a RevokeLink counts for good, also before its MakeLink.

Honest devices create fresh ids under folders that exist, which is the fast path: one bulk insert. Anything else may
come from a hostile but enrolled device; it costs time, never an exception or a different tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from megadesk.format.entry import Entry
from megadesk.format.ops import (
    AddVersion,
    Condemn,
    Content,
    Create,
    FileContent,
    MakeLink,
    Move,
    Operation,
    Purge,
    Rekey,
    RevokeLink,
    SetAttributes,
    encode_content,
)
from megadesk.format.wire import encode
from megadesk.tree.heads import current_heads, take_heads
from megadesk.tree.placement import Mover
from megadesk.tree.table import (
    FILE,
    FIRST_KEY,
    FOLDER,
    GHOST,
    LINK,
    NO_STAMP,
    NO_VERSION,
    ORPHANS_KEY,
    Attributes,
    Key,
    MoveRecord,
    NewNode,
    Node,
    TreeTable,
    Version,
)
from megadesk.types import DeviceId, NodeId, Stamp, VersionId

_COUNTER_OF_KIND = {FOLDER: "folders", FILE: "files", LINK: "links"}


@dataclass(slots=True)
class Changes:
    """What one or several entries changed. ``folders`` are those whose listing, or an item in it, changed.

    Folders that the same entry created are not among them: the listing of their parent changed.
    """

    folders: set[NodeId] = field(default_factory=set)
    created: int = 0
    versions: int = 0
    moved: int = 0
    purged_versions: int = 0
    condemned: int = 0
    links: int = 0
    rekeys: list[tuple[Stamp, Rekey]] = field(default_factory=list)
    """For the caller, who opens the slot meant for this device and compares the cut-offs with the heads."""

    def add(self, other: Changes) -> None:
        self.folders |= other.folders
        self.created += other.created
        self.versions += other.versions
        self.moved += other.moved
        self.purged_versions += other.purged_versions
        self.condemned += other.condemned
        self.links += other.links
        self.rekeys += other.rekeys


class Merger:
    """Applies entries to a table, each causally after those it names; applying one twice changes nothing.

    Not thread-safe. The caller wraps ``apply`` in one transaction with the head that it moves, so it is all or nothing.
    The caller has checked the entry's signature, chain and causality (Lamport clock above all it names).
    """

    def __init__(self, table: TreeTable) -> None:
        self._table = table
        self._changes = Changes()
        self._touched: set[Key] = set()
        self._delta: dict[str, int] = {}
        self._lamport = 0
        self._device = DeviceId(b"")
        self._time_ms = 0

    def apply(self, entry: Entry) -> Changes:
        """Merge one entry; what changed."""
        changes = self._changes = Changes()
        self._touched = set()
        self._delta = {}
        self._lamport, self._device, self._time_ms = entry.lamport, entry.device, entry.time_ms
        # Creates first and Moves last: by the rules above their order within an entry is the stamps' alone.
        creates: list[tuple[int, Create]] = []
        others: list[tuple[int, Operation]] = []
        for index, op in enumerate(entry.ops):
            if isinstance(op, Create):
                creates.append((index, op))
            else:
                others.append((index, op))
        moves: list[MoveRecord] = []
        if creates:
            self._create_all(creates)
        for index, op in others:
            stamp = Stamp(entry.lamport, entry.device, index)
            if isinstance(op, Move):
                node, parent = self._key(op.node), self._key(op.parent)
                moves.append(MoveRecord(stamp, node, parent, op.name, entry.time_ms, None))
            elif isinstance(op, AddVersion):
                self._add_version(op, stamp)
            elif isinstance(op, SetAttributes):
                self._set_attributes(op, stamp)
            elif isinstance(op, Purge):
                self._purge(op)
            elif isinstance(op, Condemn):
                self._table.add_condemned(op.packs, stamp, entry.seq)
                changes.condemned += len(op.packs)
            elif isinstance(op, Rekey):
                self._table.add_epoch(op.number, op.epoch, stamp)
                for cutoff in op.revoked:
                    self._table.add_cutoff(cutoff.device, cutoff.seq, cutoff.hash)
                changes.rekeys.append((stamp, op))
            elif isinstance(op, MakeLink):
                self._table.add_link(op.link, stamp, entry.time_ms, encode(op))
                changes.links += 1
            elif isinstance(op, RevokeLink):
                self._table.revoke_link(op.link, entry.lamport)
                changes.links += 1
        if moves:
            changes.moved += Mover(self._table, self._touched).apply(moves)
        self._settle()
        self._table.count(self._delta)
        for key in self._touched:
            folder = self._table.find(key)
            if folder is not None:
                changes.folders.add(folder.id)
        return changes

    # Create

    def _create_all(self, creates: Sequence[tuple[int, Create]]) -> None:
        """One bulk insert for the fresh nodes under known folders, then the odd ones if any."""
        parents: dict[bytes, Key | None] = {}
        made: set[Key] = set()
        rows: list[NewNode] = []
        plain: list[tuple[int, Create]] = []
        odd: list[tuple[int, Create]] = []
        key = self._table.next_key()
        new_tuple = tuple.__new__
        for item in creates:
            index, op = item
            try:
                parent = parents[op.parent]
            except KeyError:
                parent = parents[op.parent] = self._folder(op.parent, Stamp(self._lamport, self._device, index))
            if parent is None:
                odd.append(item)
                continue
            if (kind := op.kind) == FOLDER:
                rows.append(NewNode(op.node, parent, op.name, kind, op.mode, op.mtime_ns, 0, index, None))
                parents[op.node] = key
                made.add(key)
            else:
                size, encoded = _content_facts(op.content, kind)
                # tuple.__new__ skips the argument handling of NewNode(...): a third of this loop's time.
                row = (op.node, parent, op.name, kind, op.mode, op.mtime_ns, size, index, encoded, 0)
                rows.append(new_tuple(NewNode, row))
            plain.append(item)
            key += 1
        if rows and not self._table.add_nodes(rows, self._lamport, self._device, self._time_ms):
            odd = list(creates)
        else:
            self._changes.created += len(rows)
            self._touched.update(parent for parent in parents.values() if parent is not None and parent not in made)
        if odd:
            # Rare and hostile: facts below the moves change, so the moves are undone around it.
            Mover(self._table, self._touched).apply((), lambda: self._create_odd(odd))

    def _folder(self, node: NodeId, stamp: Stamp) -> Key | None:
        key = self._table.key_of(node)
        row = self._table.find(key) if key is not None else None
        return row.key if row is not None and row.kind == FOLDER and row.created < stamp else None

    def _base_parent(self, op: Create, stamp: Stamp) -> tuple[Key, Key]:
        """(parent, origin) of a Create by the rule; an unknown parent becomes a ghost until it is created."""
        if op.parent == op.node:
            return ORPHANS_KEY, 0
        key = self._key(op.parent)
        row = self._table.find(key)
        if row is None or row.kind == GHOST or (row.kind == FOLDER and row.created < stamp):
            return key, 0
        return ORPHANS_KEY, key

    def _create_odd(self, creates: Sequence[tuple[int, Create]]) -> None:
        """Creates one by one, all moves undone: ghosts come to life, duplicates are decided, children are re-placed."""
        table = self._table
        for index, op in creates:
            stamp = Stamp(self._lamport, self._device, index)
            parent, origin = self._base_parent(op, stamp)
            key = table.key_of(op.node)
            node = table.find(key) if key is not None else None
            size, encoded = _content_facts(op.content, op.kind)
            if node is None:
                row = NewNode(op.node, parent, op.name, op.kind, op.mode, op.mtime_ns, size, index, encoded, origin)
                table.add_nodes([row], self._lamport, self._device, self._time_ms)
                self._changes.created += 1
                self._touched.add(parent)
                continue
            if node.key < FIRST_KEY:
                continue
            if encoded is not None:
                version = Version(VersionId(op.node), stamp, self._time_ms, op.kind, op.mode, op.mtime_ns, size, 0, ())
                self._put_version(node.key, version, encoded)
            if node.kind == GHOST or stamp < node.created:
                before = node.copy()
                was_made = node.kind != GHOST
                node.kind, node.created, node.created_ms = op.kind, stamp, self._time_ms
                node.mode, node.mtime_ns = op.mode, op.mtime_ns
                self._touched.update((node.place.parent, parent))
                if not was_made or node.place.stamp == before.created:
                    node.place = node.place._replace(
                        parent=parent, name=op.name, stamp=stamp, time_ms=self._time_ms, origin=origin
                    )
                self._changes.created += not was_made
                self._refresh(node, before)
                table.save_places([node])
                self._replace_children(node)
            elif encoded is not None:
                self._refresh(node, node.copy())

    def _replace_children(self, folder: Node) -> None:
        """Decide anew whether what was created in ``folder`` may lie there. All moves are undone."""
        table = self._table
        candidates = [*table.child_keys(folder.key), *table.child_keys(ORPHANS_KEY)]
        moved = []
        for key in candidates:
            child = table.find(key)
            if child is None or child.place.stamp != child.created:
                continue
            place = child.place
            if place.parent != folder.key and place.origin != folder.key:
                continue
            fits = folder.kind == FOLDER and folder.created < child.created
            parent, origin = (folder.key, 0) if fits else (ORPHANS_KEY, folder.key)
            if parent != place.parent:
                child.place = place._replace(parent=parent, origin=origin)
                self._touched.update((place.parent, parent))
                moved.append(child)
        table.save_places(moved)

    # versions and attributes

    def _add_version(self, op: AddVersion, stamp: Stamp) -> None:
        table = self._table
        key = self._key(op.node)
        node = table.find(key)
        if node is None or key < FIRST_KEY:
            return
        kind = FILE if isinstance(op.content, FileContent) else LINK
        size, encoded = _content_facts(op.content, kind)
        version = Version(
            op.version, stamp, self._time_ms, kind, op.mode, op.mtime_ns, size, 0, tuple(dict.fromkeys(op.bases))
        )
        fresh = table.add_version(key, version, encoded)
        if fresh:
            self._add_to("version_bytes", size)
        elif not self._put_version(key, version, encoded):
            return
        self._changes.versions += 1
        if fresh and node.kind != kind:
            return
        self._touched.add(node.place.parent)
        before = node.copy()
        if fresh and node.heads <= 1 and op.version != node.head:
            head = table.version(key, node.head) if node.heads else None
            if head is None or (head.id in op.bases and head.stamp < stamp):
                # Nothing kept is newer than the only head, so nothing can supersede this one: no need to look at all.
                take_heads(node, [version], table.attributes(key))
                self._save(node, before)
                return
        self._refresh(node, before)

    def _put_version(self, key: Key, version: Version, content: bytes | None) -> bool:
        """Insert, or decide against the version of the same id; whether anything changed."""
        table = self._table
        known = table.version(key, version.id)
        if known is None:
            table.add_version(key, version, content)
            self._add_to("version_bytes", version.size)
            return True
        if known.kind and known.stamp <= version.stamp:
            return False
        self._add_to("version_bytes", -known.size)
        if known.dropped:
            version.dropped, version.size, content = known.dropped, 0, None
        self._add_to("version_bytes", version.size)
        table.replace_version(key, version, content)
        return True

    def _set_attributes(self, op: SetAttributes, stamp: Stamp) -> None:
        key = self._key(op.node)
        node = self._table.find(key)
        known = self._table.attributes(key)
        if node is None or key < FIRST_KEY or (known is not None and known.stamp >= stamp):
            return
        self._table.save_attributes(key, Attributes(stamp, op.mode, op.mtime_ns))
        self._refresh(node, node.copy())

    def _purge(self, op: Purge) -> None:
        table = self._table
        key = self._key(op.node)
        node = table.find(key)
        if node is None or key < FIRST_KEY:
            return
        before = node.copy()
        node.purged = max(node.purged, self._lamport)
        for version_id in op.versions:
            known = table.version(key, version_id)
            if known is None:
                # Named before it came: remembered, so that it arrives dropped.
                table.add_version(key, Version(version_id, NO_STAMP, 0, 0, 0, 0, 0, self._lamport, ()), None)
            elif not known.dropped:
                self._changes.purged_versions += 1
                self._add_to("version_bytes", -known.size)
                table.drop_version(key, version_id, self._lamport)
            elif known.dropped < self._lamport:
                table.drop_version(key, version_id, self._lamport)
        self._refresh(node, before)

    # a node's derived state

    def _refresh(self, node: Node, before: Node) -> None:
        """Derive heads and attributes from the facts and save the row. ``before``: the row as counted so far."""
        if node.kind in (FILE, LINK):
            heads = current_heads(self._table.versions(node.key), node.kind)
            take_heads(node, heads, self._table.attributes(node.key))
        elif node.kind == FOLDER:
            attributes = self._table.attributes(node.key)
            if attributes is not None and attributes.stamp > node.created:
                node.mode, node.mtime_ns = attributes.mode, attributes.mtime_ns
            node.head, node.heads, node.size = NO_VERSION, 0, 0
            if before.kind != FOLDER:
                node.gone = False
        self._touched.add(node.place.parent)
        if node.kind == FOLDER and node.purged:
            self._touched.add(node.key)
        self._save(node, before)

    def _save(self, node: Node, before: Node) -> None:
        if node == before:
            return
        self._table.save_state(node)
        for row, sign in ((before, -1), (node, 1)):
            if not row.gone and row.kind != GHOST:
                self._add_to(_COUNTER_OF_KIND[row.kind], sign)
                self._add_to("bytes", sign * row.size)

    def _settle(self) -> None:
        """Hide purged folders that show nothing any more, and show them again when they do; then their parents."""
        pending = set(self._touched)
        while pending:
            parents: set[Key] = set()
            for key in pending:
                node = self._table.find(key)
                if node is None or node.kind != FOLDER or not node.purged or key < FIRST_KEY:
                    continue
                gone = not self._table.has_visible_child(key)
                if gone != node.gone:
                    before = node.copy()
                    node.gone = gone
                    self._save(node, before)
                    parents.add(node.place.parent)
            self._touched |= parents
            pending = parents

    # small things

    def _key(self, node: NodeId) -> Key:
        key = self._table.key_of(node)
        return key if key is not None else self._table.add_ghost(node, self._lamport)

    def _add_to(self, counter: str, amount: int) -> None:
        if amount:
            self._delta[counter] = self._delta.get(counter, 0) + amount


def _content_facts(content: Content | None, kind: int) -> tuple[int, bytes | None]:
    """(size in bytes, encoded). A content that does not fit the kind counts as none."""
    if content is None or kind == FOLDER:
        return 0, None
    if isinstance(content, FileContent):
        return (content.size, encode_content(content)) if kind == FILE else (0, None)
    return (len(content.target), encode_content(content)) if kind == LINK else (0, None)
