"""Rows of the index's tables as the tree's values, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import apsw
import msgspec

from megadesk.tree.table import (
    FOLDER,
    NO_DEVICE,
    NO_STAMP,
    NO_VERSION,
    Key,
    MoveRecord,
    NewNode,
    Node,
    Placement,
    Version,
)
from megadesk.types import DeviceId, NodeId, Stamp, VersionId

NODE_COLUMNS = (
    "key, id, parent, name, kind, mode, mtime, size, head, heads, purged, gone, lamport, actor, position, time_ms,"
    " p_lamport, p_actor, p_position, p_time_ms, origin, origin_name, trashed_ms"
)
VERSION_COLUMNS = "id, lamport, actor, position, time_ms, kind, mode, mtime, size, dropped, bases"

_encode = msgspec.msgpack.Encoder().encode
_decode_place = msgspec.msgpack.Decoder(Placement).decode


Run: TypeAlias = Callable[..., Any]
"""A connection's execute; what the columns hold is known by the schema, not by the type checker."""


class Actors:
    """Device ids by their numbers in this index; 0 is no device."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._run: Run = connection.execute
        self._ids: dict[int, DeviceId] = {0: NO_DEVICE}
        self._keys: dict[DeviceId, int] = {NO_DEVICE: 0}

    def id(self, key: int) -> DeviceId:
        found = self._ids.get(key)
        if found is None:
            for number, device in self._run("SELECT key, id FROM actors"):
                self._ids[number] = DeviceId(device)
                self._keys[DeviceId(device)] = number
            found = self._ids[key]
        return found

    def key(self, device: DeviceId) -> int:
        """Its number, given on first use (in a write transaction)."""
        found = self._keys.get(device)
        if found is None:
            self._run("INSERT OR IGNORE INTO actors (id) VALUES (?)", (device,))
            found = int(self._run("SELECT key FROM actors WHERE id = ?", (device,)).fetchall()[0][0])
            self._keys[device] = found
            self._ids[found] = device
        return found


def node(row: Sequence[Any], actors: Actors) -> Node:
    """A row of NODE_COLUMNS."""
    (
        key, id_, parent, name, kind, mode, mtime, size, head, heads, purged, gone, lamport, actor, position, time_ms,
        p_lamport, p_actor, p_position, p_time_ms, origin, origin_name, trashed_ms,
    ) = row  # fmt: skip
    created = Stamp(lamport, actors.id(actor), position)
    if p_lamport is None:
        # A ghost has no place, only the clock of what named it.
        stamp = created if kind >= FOLDER else NO_STAMP
        place = Placement(parent, name, stamp, time_ms, origin or 0, origin_name or b"", trashed_ms or 0)
    else:
        stamp = Stamp(p_lamport, actors.id(p_actor), p_position)
        place = Placement(parent, name, stamp, p_time_ms, origin or 0, origin_name or b"", trashed_ms or 0)
    found_head = NO_VERSION if head is None else VersionId(head or id_)
    return Node(
        key, NodeId(id_), kind, mode, mtime, size, found_head, heads, purged, gone == 1, created, time_ms, place
    )


def stored_id(version: VersionId, own: bytes) -> bytes:
    """A version's id as stored: nothing when it is its node's."""
    return b"" if version == own else version


def node_values(item: Node, actors: Actors) -> tuple[Any, ...]:
    """For NODE_COLUMNS."""
    place = item.place
    created = item.created
    head = None if not item.head else stored_id(item.head, item.id)
    stamp: tuple[Any, ...] = (None, None, None, None)
    if item.kind >= FOLDER and (place.stamp != created or place.time_ms != item.created_ms):
        stamp = (place.stamp.lamport, actors.key(place.stamp.device), place.stamp.position, place.time_ms)
    return (
        item.key, item.id, place.parent, place.name, item.kind, item.mode, item.mtime_ns, item.size, head, item.heads,
        item.purged, int(item.gone), created.lamport, actors.key(created.device), created.position, item.created_ms,
        *stamp, place.origin or None, place.origin_name or None, place.trashed_ms or None,
    )  # fmt: skip


def new_nodes(items: Sequence[NewNode], first: Key) -> Iterator[tuple[Any, ...]]:
    """For SqlTable.add_nodes, keys from ``first``."""
    for key, (id_, parent, name, kind, mode, mtime, size, position, content, origin) in enumerate(items, first):
        if content is not None:
            yield key, id_, parent, name, kind, mode, mtime, size, b"", 1, 0, position, origin or None
        else:
            gone = int(kind != FOLDER)
            yield key, id_, parent, name, kind, mode, mtime, size, None, 0, gone, position, origin or None


def first_versions(items: Sequence[NewNode], first: Key) -> Iterator[tuple[Any, ...]]:
    """For SqlTable.add_nodes: versions of those that have content."""
    for key, (_, _, _, kind, mode, mtime, size, position, content, _) in enumerate(items, first):
        if content is not None:
            yield key, position, kind, mode, mtime, size, content


def version(row: Sequence[Any], id_: VersionId, actors: Actors) -> Version:
    """A row that begins with VERSION_COLUMNS; ``id_``: the whole id."""
    _, lamport, actor, position, time_ms, kind, mode, mtime, size, dropped, bases = row[:11]
    stamp = Stamp(lamport, actors.id(actor), position)
    found = () if bases is None else tuple(VersionId(bases[at : at + 16]) for at in range(0, len(bases), 16))
    return Version(id_, stamp, time_ms, kind, mode, mtime, size, dropped, found)


def version_values(key: Key, id_: bytes, item: Version, actors: Actors, content: bytes | None) -> tuple[Any, ...]:
    """For an insert into versions; ``id_`` as stored."""
    stamp = item.stamp
    return (
        key, id_, stamp.lamport, actors.key(stamp.device), stamp.position, item.time_ms, item.kind, item.mode,
        item.mtime_ns, item.size, item.dropped, b"".join(item.bases) or None, content,
    )  # fmt: skip


def move(row: Sequence[Any]) -> MoveRecord:
    """Columns as in SqlTable.moves_from."""
    lamport, device, position, node_key, parent, name, time_ms, old = row
    place = _decode_place(old) if old is not None else None
    return MoveRecord(Stamp(lamport, DeviceId(device), position), node_key, parent, name, time_ms, place)


def encode_place(place: Placement | None) -> bytes | None:
    """As kept in moves.old."""
    return _encode(place) if place is not None else None
