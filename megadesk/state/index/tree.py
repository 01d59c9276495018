"""The merged tree in SQLite: TreeTable on one connection, inside the caller's transaction (schema: migrations.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import apsw

from megadesk.state.index import rows
from megadesk.state.index.facts import FactsTable
from megadesk.state.index.rows import NODE_COLUMNS, VERSION_COLUMNS
from megadesk.state.index.search import candidates
from megadesk.tree.table import (
    COUNTERS,
    FIRST_KEY,
    FOLDER,
    GHOST,
    Attributes,
    Key,
    Line,
    LoadedNode,
    NewNode,
    Node,
    Totals,
    Version,
)
from megadesk.types import DeviceId, NodeId, Stamp, VersionId

_PAGE_ROWS = 1000
_MODULUS = 1 << 64
# All parts of statements put together here are constants or integers of ours.
_SELECT_NODE = f"SELECT {NODE_COLUMNS} FROM nodes "  # noqa: S608
_SELECT_VERSION = f"SELECT {VERSION_COLUMNS} FROM versions "  # noqa: S608
_INSERT_VERSION = (
    "INSERT INTO versions (node, id, lamport, actor, position, time_ms, kind, mode, mtime, size, dropped, bases,"
    " content) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
)


class SqlTable(FactsTable):
    """See TreeTable. One per transaction: it caches the next key and the device numbers."""

    def __init__(self, connection: apsw.Connection) -> None:
        super().__init__(connection)
        self._actors = rows.Actors(connection)
        self._next: Key | None = None
        self._watermark: int | None = None

    # nodes

    def key_of(self, node: bytes) -> Key | None:
        row = self._run("SELECT key FROM nodes WHERE id = ?", (node,)).fetchone()
        return row[0] if row else None

    def find(self, key: Key) -> Node | None:
        row = self._run(_SELECT_NODE + "WHERE key = ?", (key,)).fetchone()
        return rows.node(row, self._actors) if row else None

    def parent_of(self, key: Key) -> Key:
        row = self._run("SELECT parent FROM nodes WHERE key = ?", (key,)).fetchone()
        return row[0] if row else 0

    def child_keys(self, key: Key) -> list[Key]:
        return [row[0] for row in self._run("SELECT key FROM nodes WHERE parent = ? ORDER BY key", (key,))]

    def has_visible_child(self, key: Key) -> bool:
        return self._run("SELECT 1 FROM nodes WHERE parent = ? AND gone = 0 LIMIT 1", (key,)).fetchone() is not None

    def next_key(self) -> Key:
        if self._next is None:
            row = self._run("SELECT value FROM counters WHERE name = 'next_key'").fetchone()
            self._next = row[0] if row else FIRST_KEY
        return self._next

    def _take_keys(self, count: int) -> Key:
        first = self.next_key()
        self._next = first + count
        # Within the transaction, so a rollback forgets it. Keys of removed rows stay unused: the search relies on it.
        self._run("INSERT OR REPLACE INTO counters (name, value) VALUES ('next_key', ?)", (self._next,))
        return first

    def add_nodes(self, items: Sequence[NewNode], lamport: int, device: DeviceId, time_ms: int) -> bool:
        first = self._take_keys(len(items))
        actor = self._actors.key(device)
        run_many = self._connection.executemany
        try:
            run_many(
                "INSERT INTO nodes (key, id, parent, name, kind, mode, mtime, size, head, heads, gone, lamport, actor,"  # noqa: S608
                f" position, time_ms, origin) VALUES (?,?,?,?,?,?,?,?,?,?,?,{lamport},{actor},?,{time_ms},?)",
                rows.new_nodes(items, first),
            )
        except apsw.ConstraintError:
            self._run("DELETE FROM nodes WHERE key >= ?", (first,))
            return False
        run_many(
            "INSERT INTO versions (node, id, lamport, actor, position, time_ms, kind, mode, mtime, size, dropped,"  # noqa: S608
            f" bases, content) VALUES (?,x'',{lamport},{actor},?,{time_ms},?,?,?,?,0,NULL,?)",
            rows.first_versions(items, first),
        )
        counts = dict.fromkeys(COUNTERS, 0)
        size = 0
        for row in items:
            if row[3] == FOLDER or row[8] is not None:
                counts[COUNTERS[row[3]]] += 1
                size += row[6]
        counts["bytes"] = counts["version_bytes"] = size
        self.count(counts)
        return True

    def add_ghost(self, node: NodeId, lamport: int) -> Key:
        key = self._take_keys(1)
        self._run(
            "INSERT INTO nodes (key, id, parent, name, kind, mode, mtime, size, heads, gone, lamport, actor, position,"
            " time_ms) VALUES (?,?,0,x'',?,448,0,0,0,1,?,0,0,0)",
            (key, node, GHOST, lamport),
        )
        return key

    def save_state(self, node: Node) -> None:
        # `gone` is part of an index: written only where it changes.
        created = node.created
        head = None if not node.head else rows.stored_id(node.head, node.id)
        # Stamps of creation and placement share columns while equal, so a new creation keeps the old placement's.
        values = (node.kind, node.mode, node.mtime_ns, node.size, head, node.heads, node.purged)
        self._run(
            "UPDATE nodes SET kind=?, mode=?, mtime=?, size=?, head=?, heads=?, purged=? WHERE key=?",
            (*values, node.key),
        )
        self._run("UPDATE nodes SET gone=?1 WHERE key=?2 AND gone<>?1", (int(node.gone), node.key))
        actor = self._actors.key(created.device)
        self._run(
            "UPDATE nodes SET p_lamport=coalesce(p_lamport, lamport), p_actor=coalesce(p_actor, actor),"
            " p_position=coalesce(p_position, position), p_time_ms=coalesce(p_time_ms, time_ms),"
            " lamport=?1, actor=?2, position=?3, time_ms=?4"
            " WHERE key=?5 AND (lamport<>?1 OR actor<>?2 OR position<>?3)",
            (created.lamport, actor, created.position, node.created_ms, node.key),
        )

    def save_places(self, nodes: Iterable[Node]) -> None:
        values = []
        moved = []
        watermark = self._search_watermark()
        for node in nodes:
            place = node.place
            stamp: tuple[Any, ...] = (None, None, None, None)
            if place.stamp != node.created or place.time_ms != node.created_ms:
                actor = self._actors.key(place.stamp.device)
                stamp = (place.stamp.lamport, actor, place.stamp.position, place.time_ms)
            origin = (place.origin or None, place.origin_name or None, place.trashed_ms or None)
            values.append((place.parent, place.name, *stamp, *origin, node.key))
            if node.key <= watermark:
                moved.append((node.key, place.name))
        # Moves that keep the name leave the search as it is.
        self._connection.executemany(
            "INSERT OR IGNORE INTO search_stale SELECT key FROM nodes WHERE key = ? AND name <> ?", moved
        )
        self._connection.executemany(
            "UPDATE nodes SET parent=?, name=?, p_lamport=?, p_actor=?, p_position=?, p_time_ms=?, origin=?,"
            " origin_name=?, trashed_ms=? WHERE key=?",
            values,
        )

    def _search_watermark(self) -> int:
        if self._watermark is None:
            row = self._run("SELECT value FROM counters WHERE name = 'search_watermark'").fetchone()
            self._watermark = row[0] if row else 0
        return self._watermark

    def delete_node(self, key: Key) -> None:
        if key <= self._search_watermark():
            self._run("INSERT OR IGNORE INTO search_stale (node) VALUES (?)", (key,))
        self._run("DELETE FROM versions WHERE node = ?", (key,))
        self._run("DELETE FROM attributes WHERE node = ?", (key,))
        self._run("DELETE FROM nodes WHERE key = ?", (key,))

    def count(self, deltas: Mapping[str, int]) -> None:
        changed = [(name, delta) for name, delta in deltas.items() if delta]
        if not changed:
            return
        known: dict[str, int] = dict(self._run("SELECT name, value FROM counters").fetchall())
        # Modulo 2**64: whatever sizes a device may claim, adding never fails and taking away undoes it.
        self._connection.executemany(
            "INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)",
            [(name, _as_signed(known.get(name, 0) + delta)) for name, delta in changed],
        )

    def counters(self) -> dict[str, int]:
        found: dict[str, int] = dict(self._run("SELECT name, value FROM counters").fetchall())
        return {name: found.get(name, 0) % _MODULUS for name in COUNTERS}

    # versions

    def _version_key(self, key: Key, version: bytes) -> bytes:
        """The id as stored: the node's own is written as nothing."""
        row = self._run("SELECT 1 FROM nodes WHERE key = ? AND id = ?", (key, version)).fetchone()
        return b"" if row else version

    def add_version(self, key: Key, version: Version, content: bytes | None) -> bool:
        values = rows.version_values(key, self._version_key(key, version.id), version, self._actors, content)
        try:
            self._run(_INSERT_VERSION, values)
        except apsw.ConstraintError:
            return False
        return True

    def replace_version(self, key: Key, version: Version, content: bytes | None) -> None:
        values = rows.version_values(key, self._version_key(key, version.id), version, self._actors, content)
        self._run(_INSERT_VERSION.replace("INSERT", "INSERT OR REPLACE"), values)

    def drop_version(self, key: Key, version: VersionId, lamport: int) -> None:
        self._run(
            "UPDATE versions SET dropped=?, size=0, content=NULL WHERE node=? AND id=?",
            (lamport, key, self._version_key(key, version)),
        )

    def save_bases(self, key: Key, version: VersionId, bases: tuple[VersionId, ...]) -> None:
        self._run(
            "UPDATE versions SET bases=? WHERE node=? AND id=?",
            (b"".join(bases) or None, key, self._version_key(key, version)),
        )

    def delete_version(self, key: Key, version: VersionId) -> None:
        self._run("DELETE FROM versions WHERE node=? AND id=?", (key, self._version_key(key, version)))

    def version(self, key: Key, version: VersionId) -> Version | None:
        row = self._run(_SELECT_VERSION + "WHERE node=? AND id=?", (key, self._version_key(key, version))).fetchone()
        return rows.version(row, version, self._actors) if row else None

    def versions(self, key: Key) -> list[Version]:
        found = self._run(_SELECT_VERSION + "WHERE node=?", (key,)).fetchall()
        if not found:
            return []
        own = self._node_id(key)
        return [rows.version(row, VersionId(row[0] or own), self._actors) for row in found]

    def _node_id(self, key: Key) -> bytes:
        row = self._run("SELECT id FROM nodes WHERE key = ?", (key,)).fetchone()
        return row[0] if row else b""

    def content(self, key: Key, version: VersionId) -> bytes | None:
        row = self._run(
            "SELECT content FROM versions WHERE node=? AND id=?", (key, self._version_key(key, version))
        ).fetchone()
        return row[0] if row else None

    def current_contents(self, folder: Key) -> dict[bytes, bytes]:
        """Encoded contents of the current versions of what is visible in a folder, by node id."""
        found = self._run(
            "SELECT n.id, v.content FROM nodes n CROSS JOIN versions v ON v.node = n.key AND v.id = n.head"
            " WHERE n.parent = ? AND n.gone = 0 AND v.content IS NOT NULL",
            (folder,),
        )
        return dict(found.fetchall())

    def attributes(self, key: Key) -> Attributes | None:
        row = self._run("SELECT lamport, device, position, mode, mtime FROM attributes WHERE node=?", (key,)).fetchone()
        return Attributes(Stamp(row[0], DeviceId(row[1]), row[2]), row[3], row[4]) if row else None

    def save_attributes(self, key: Key, attributes: Attributes) -> None:
        stamp = attributes.stamp
        self._run(
            "INSERT OR REPLACE INTO attributes (node, lamport, device, position, mode, mtime) VALUES (?,?,?,?,?,?)",
            (key, stamp.lamport, stamp.device, stamp.position, attributes.mode, attributes.mtime_ns),
        )

    # reading

    def folder(self, key: Key) -> Iterator[Node]:
        # Page by page, so that a slow consumer holds no cursor open.
        name, last = b"", 0
        while True:
            page = self._run(
                _SELECT_NODE + "WHERE parent=? AND gone=0 AND (name, key) > (?,?) ORDER BY name, key LIMIT ?",
                (key, name, last, _PAGE_ROWS),
            ).fetchall()
            for row in page:
                yield rows.node(row, self._actors)
            if len(page) < _PAGE_ROWS:
                return
            last, name = page[-1][0], page[-1][3]

    def lines(self, key: Key) -> Iterator[Sequence[Line]]:
        name, last = b"", 0
        while True:
            page: list[Any] = self._run(
                "SELECT key, id, name, kind, mode, mtime, size, head, heads, time_ms FROM nodes"
                " WHERE parent=? AND gone=0 AND (name, key) > (?,?) ORDER BY name, key LIMIT ?",
                (key, name, last, _PAGE_ROWS),
            ).fetchall()
            yield page
            if len(page) < _PAGE_ROWS:
                return
            last, name = page[-1][0], page[-1][2]

    def listing(self, key: Key) -> list[tuple[Any, ...]]:
        """Visible children as plain rows, by name and key, for whoever compares whole trees and needs no objects.

        (key, id, name, kind, mode, mtime_ns, size, head, heads); head None: none, empty: the node's own id.
        """
        found: list[Any] = self._run(
            "SELECT key, id, name, kind, mode, mtime, size, head, heads FROM nodes"
            " WHERE parent=? AND gone=0 ORDER BY name, key",
            (key,),
        ).fetchall()
        return found

    def named(self, key: Key, name: bytes) -> list[Node]:
        found = self._run(_SELECT_NODE + "WHERE parent=? AND gone=0 AND name=? ORDER BY key", (key, name))
        return [rows.node(row, self._actors) for row in found]

    def contested(self, key: Key) -> list[bytes]:
        found = self._run(
            "SELECT name FROM nodes WHERE parent=?1 AND gone=0 GROUP BY name HAVING count(*) > 1"
            " UNION SELECT name FROM nodes INDEXED BY nodes_conflicts WHERE parent=?1 AND heads > 1 AND gone=0",
            (key,),
        )
        return sorted(row[0] for row in found)

    def ghosts(self) -> list[Key]:
        return [row[0] for row in self._run("SELECT key FROM nodes WHERE kind = -1 ORDER BY key")]

    def gone_keys(self) -> list[Key]:
        return [row[0] for row in self._run("SELECT key FROM nodes WHERE gone = 1 ORDER BY key")]

    def dropped_versions(self, lamport: int) -> list[Key]:
        found = self._run(
            "SELECT DISTINCT v.node FROM versions v JOIN nodes n ON n.key = v.node"
            " WHERE v.dropped > 0 AND v.dropped <= ? AND n.gone = 0 ORDER BY v.node",
            (lamport,),
        )
        return [row[0] for row in found]

    def totals(self, key: Key) -> Totals:
        (row,) = self._run(
            "WITH RECURSIVE below (key) AS (VALUES (?) UNION ALL"
            "  SELECT n.key FROM below b CROSS JOIN nodes n ON n.parent = b.key WHERE n.gone = 0 AND n.kind = 0)"
            " SELECT coalesce(sum(n.kind = 1), 0), coalesce(sum(n.kind = 0), 0), coalesce(sum(n.kind = 2), 0),"
            " coalesce(sum(n.size >> 32), 0), coalesce(sum(n.size & 0xffffffff), 0)"
            " FROM below b CROSS JOIN nodes n ON n.parent = b.key WHERE n.gone = 0",
            (key,),
        ).fetchall()
        # Two sums, as one of all sizes that can be claimed would be more than SQLite adds up.
        files, folders, links, high, low = row
        return Totals(files, folders, links, (high << 32) + low)

    def search(self, needle: str) -> Iterator[Node]:
        for key, _ in candidates(self._connection, needle):
            node = self.find(key)
            if node is not None:
                yield node

    def nodes(self) -> Iterator[Node]:
        last = FIRST_KEY - 1
        while True:
            page = self._run(_SELECT_NODE + "WHERE key > ? ORDER BY key LIMIT ?", (last, _PAGE_ROWS)).fetchall()
            for row in page:
                yield rows.node(row, self._actors)
            if len(page) < _PAGE_ROWS:
                return
            last = page[-1][0]

    # checkpoints

    def versions_between(self, first: Key, last: Key) -> Iterator[tuple[Key, Version, bytes | None]]:
        columns = ", ".join("v." + name for name in VERSION_COLUMNS.split(", "))
        for row in self._run(
            f"SELECT {columns}, v.content, v.node, n.id FROM versions v CROSS JOIN nodes n ON n.key = v.node"  # noqa: S608
            " WHERE v.node BETWEEN ? AND ? ORDER BY v.node, v.id",
            (first, last),
        ):
            yield row[-2], rows.version(row, VersionId(row[0] or row[-1]), self._actors), row[-3]

    def attributes_between(self, first: Key, last: Key) -> dict[Key, Attributes]:
        found = self._run(
            "SELECT node, lamport, device, position, mode, mtime FROM attributes WHERE node BETWEEN ? AND ?",
            (first, last),
        )
        return {row[0]: Attributes(Stamp(row[1], DeviceId(row[2]), row[3]), row[4], row[5]) for row in found}

    def load_nodes(self, loaded: Sequence[LoadedNode]) -> bool:
        run_many = self._connection.executemany
        try:
            run_many(
                f"INSERT INTO nodes ({NODE_COLUMNS}) VALUES ({','.join('?' * len(NODE_COLUMNS.split(', ')))})",  # noqa: S608
                (rows.node_values(item.node, self._actors) for item in loaded),
            )
            run_many(
                _INSERT_VERSION,
                (
                    rows.version_values(node.key, rows.stored_id(version.id, node.id), version, self._actors, content)
                    for node, versions, _ in loaded
                    for version, content in versions
                ),
            )
        except apsw.ConstraintError:
            return False
        for node, _, attributes in loaded:
            if attributes is not None:
                self.save_attributes(node.key, attributes)
        highest = max(item.node.key for item in loaded)
        if highest >= self.next_key():
            self._take_keys(highest + 1 - self.next_key())
        return True

    def is_forest(self) -> bool:
        (row,) = self._run(
            "WITH RECURSIVE reached (key) AS (SELECT key FROM nodes WHERE key < ? OR kind = -1 UNION ALL"
            "  SELECT n.key FROM reached r CROSS JOIN nodes n ON n.parent = r.key WHERE n.kind >= 0 AND n.key >= ?)"
            " SELECT (SELECT count(*) FROM reached), (SELECT count(*) FROM nodes)",
            (FIRST_KEY, FIRST_KEY),
        ).fetchall()
        return bool(row[0] == row[1])


def _as_signed(number: int) -> int:
    """What SQLite keeps of it: the number modulo 2**64, between -2**63 and 2**63 - 1."""
    return (number + (_MODULUS >> 1)) % _MODULUS - (_MODULUS >> 1)
