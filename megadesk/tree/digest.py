"""One hash of the whole visible state, equal on devices that merged the same entries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from megadesk.tree.heads import current_heads
from megadesk.tree.table import FIXED, GHOST, Key, Node, TreeTable

_encode = msgspec.msgpack.Encoder().encode


def digest(table: TreeTable) -> bytes:
    """32 bytes over everything a user can see or restore: visible nodes, placements, attributes, kept versions, heads.

    Tombstones and the operations behind the state do not count, so pruning leaves it as it is. The order of nodes does
    not count either: rows are hashed one by one and added up modulo 2**256, so memory stays bounded.
    """
    total = 0
    for row in _rows(table):
        total += int.from_bytes(hashlib.sha256(_encode(row)).digest(), "big")
    return (total % (1 << 256)).to_bytes(32, "big")


def _rows(table: TreeTable) -> Iterator[tuple[object, ...]]:
    ids: dict[Key, bytes] = dict(FIXED)

    def id_of(key: Key) -> bytes:
        known = ids.get(key)
        if known is None:
            if len(ids) > 65536:
                ids.clear()
                ids.update(FIXED)
            row = table.find(key)
            known = ids[key] = row.id if row is not None else b""
        return known

    for link in table.links():
        made = hashlib.sha256(link.made).digest() if link.made is not None else b""
        yield (link.id, link.stamp, link.time_ms, made, link.revoked)
    for node in table.nodes():
        if not node.gone and node.kind != GHOST:
            yield _node_row(table, node, id_of(node.place.parent))


def _node_row(table: TreeTable, node: Node, parent: bytes) -> tuple[object, ...]:
    place = node.place
    versions = []
    if node.heads:
        known = table.versions(node.key)
        heads = {version.id for version in current_heads(known, node.kind)}
        versions = [
            (
                version.id,
                version.stamp,
                version.mode,
                version.mtime_ns,
                version.size,
                version.id in heads,
                hashlib.sha256(table.content(node.key, version.id) or b"").digest(),
            )
            for version in sorted(known, key=lambda version: version.id)
            if version.kind == node.kind and not version.dropped
        ]
    return (
        node.id,
        parent,
        place.name,
        node.kind,
        node.mode,
        node.mtime_ns,
        node.size,
        node.head,
        node.heads,
        node.created,
        node.created_ms,
        place.stamp,
        place.time_ms,
        place.origin_name,
        place.trashed_ms,
        versions,
    )
