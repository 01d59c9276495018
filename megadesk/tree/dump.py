"""A whole table as typed rows, for checkpoints, and back; in bounded memory both ways.

Rows carry facts only; what follows from them (heads, sizes, what is hidden) is derived anew on loading. Nodes are
numbered by the dumping device's keys, which the loading table, empty but for its fixed rows, takes over.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Annotated, TypeAlias

import msgspec

from megadesk.errors import DecodeError
from megadesk.format.wire import (
    Bytes32,
    DeviceField,
    EpochField,
    LinkField,
    NodeField,
    PackField,
    Unsigned,
    VersionField,
)
from megadesk.tree.heads import current_heads, take_heads
from megadesk.tree.table import (
    COUNTERS,
    FIRST_KEY,
    FOLDER,
    NO_STAMP,
    NO_VERSION,
    Attributes,
    Key,
    LoadedNode,
    MoveRecord,
    Node,
    Placement,
    TreeTable,
    Version,
)
from megadesk.types import DeviceId, Stamp

DUMP_BATCH_ROWS = 2000
DUMP_BATCH_BYTES = 2 << 20
_Time = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_Name = Annotated[bytes, msgspec.Meta(max_length=255)]
_Device = Annotated[bytes, msgspec.Meta(max_length=16)]


class _Row(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    pass


class StampRecord(_Row, frozen=True):
    lamport: Unsigned
    device: _Device
    index: Unsigned


class PlaceRecord(_Row, frozen=True):
    parent: Unsigned
    name: _Name
    stamp: StampRecord
    time_ms: Unsigned
    origin: Unsigned
    origin_name: _Name
    trashed_ms: Unsigned


class AttributesRecord(_Row, frozen=True):
    stamp: StampRecord
    mode: Unsigned
    mtime_ns: _Time


class VersionRecord(_Row, frozen=True):
    id: VersionField
    stamp: StampRecord
    time_ms: Unsigned
    kind: Annotated[int, msgspec.Meta(ge=0, le=2)]
    mode: Unsigned
    mtime_ns: _Time
    size: Unsigned
    dropped: Unsigned
    bases: tuple[VersionField, ...]
    content: bytes | None


class NodeRecord(_Row, frozen=True, tag=1):
    key: Annotated[int, msgspec.Meta(ge=FIRST_KEY, le=2**62)]
    id: NodeField
    kind: Annotated[int, msgspec.Meta(ge=-1, le=2)]
    mode: Unsigned
    mtime_ns: _Time
    purged: Unsigned
    created: StampRecord
    created_ms: Unsigned
    place: PlaceRecord
    attributes: AttributesRecord | None
    versions: tuple[VersionRecord, ...]


class MoveDumpRecord(_Row, frozen=True, tag=2):
    stamp: StampRecord
    node: Unsigned
    parent: Unsigned
    name: _Name
    time_ms: Unsigned
    old: PlaceRecord | None


class CondemnedRecord(_Row, frozen=True, tag=3):
    pack: PackField
    stamp: StampRecord
    seq: Unsigned


class EpochRecord(_Row, frozen=True, tag=4):
    """An epoch's number and id; secrets never leave a device this way."""

    epoch: EpochField
    number: Unsigned
    stamp: StampRecord


class CutoffRecord(_Row, frozen=True, tag=5):
    device: DeviceField
    seq: Unsigned
    hash: Bytes32


class LinkDumpRecord(_Row, frozen=True, tag=6):
    link: LinkField
    stamp: StampRecord
    time_ms: Unsigned
    made: bytes | None
    """The encoded MakeLink."""
    revoked: Unsigned


DumpRow: TypeAlias = NodeRecord | MoveDumpRecord | CondemnedRecord | EpochRecord | CutoffRecord | LinkDumpRecord

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[list[DumpRow]] = msgspec.msgpack.Decoder(list[DumpRow])


def encode_rows(rows: list[DumpRow]) -> bytes:
    """One batch for a checkpoint part."""
    return _encoder.encode(rows)


def decode_rows(data: bytes, where: str) -> list[DumpRow]:
    """Reverse of encode_rows; raises DecodeError naming ``where``."""
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise DecodeError(f"The checkpoint rows in {where} are malformed: {error}.", object_name=where) from None


def dump(table: TreeTable) -> Iterator[list[DumpRow]]:
    """All facts in batches of at most DUMP_BATCH_ROWS rows or about DUMP_BATCH_BYTES; one snapshot is the caller's."""
    batch: list[DumpRow] = []
    size = 0
    for row in _dump_rows(table):
        batch.append(row)
        if isinstance(row, NodeRecord):
            size += sum(len(version.content or b"") for version in row.versions)
        elif isinstance(row, LinkDumpRecord):
            size += len(row.made or b"")
        if len(batch) >= DUMP_BATCH_ROWS or size >= DUMP_BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _dump_rows(table: TreeTable) -> Iterator[DumpRow]:
    nodes = table.nodes()
    while page := list(itertools.islice(nodes, DUMP_BATCH_ROWS)):
        first, last = page[0].key, page[-1].key
        versions = itertools.groupby(table.versions_between(first, last), key=lambda item: item[0])
        attributes = table.attributes_between(first, last)
        group = next(versions, None)
        for node in page:
            found: tuple[VersionRecord, ...] = ()
            if group is not None and group[0] == node.key:
                found = tuple(_version_record(version, content) for _, version, content in group[1])
                group = next(versions, None)
            given = attributes.get(node.key)
            yield NodeRecord(
                node.key,
                node.id,
                node.kind,
                node.mode,
                node.mtime_ns,
                node.purged,
                StampRecord(*node.created),
                node.created_ms,
                _place_record(node.place),
                AttributesRecord(StampRecord(*given.stamp), given.mode, given.mtime_ns) if given else None,
                found,
            )
    for move in table.moves_from(NO_STAMP):
        old = _place_record(move.old) if move.old is not None else None
        yield MoveDumpRecord(StampRecord(*move.stamp), move.node, move.parent, move.name, move.time_ms, old)
    for pack, (stamp, seq) in table.condemned_packs().items():
        yield CondemnedRecord(pack, StampRecord(*stamp), seq)
    for epoch, (number, stamp) in table.epoch_numbers().items():
        yield EpochRecord(epoch, number, StampRecord(*stamp))
    for device, (seq, entry_hash) in table.cutoff_heads().items():
        yield CutoffRecord(device, seq, entry_hash)
    for link in table.links():
        yield LinkDumpRecord(link.id, StampRecord(*link.stamp), link.time_ms, link.made, link.revoked)


def load(table: TreeTable, batches: Iterable[list[DumpRow]]) -> None:
    """Fill an empty table. Raises DecodeError when the rows contradict each other; then the table is to be thrown away.

    The caller holds one transaction around it.
    """
    counts = dict.fromkeys(COUNTERS, 0)
    purged: set[Key] = set()
    for batch in batches:
        nodes: list[LoadedNode] = []
        moves: list[MoveRecord] = []
        for row in batch:
            if isinstance(row, NodeRecord):
                loaded = _loaded(row)
                nodes.append(loaded)
                _count(counts, loaded)
                if row.kind == FOLDER and row.purged:
                    purged.add(row.key)
            elif isinstance(row, MoveDumpRecord):
                old = _place(row.old) if row.old is not None else None
                moves.append(MoveRecord(_stamp(row.stamp), row.node, row.parent, row.name, row.time_ms, old))
            elif isinstance(row, CondemnedRecord):
                table.add_condemned([row.pack], _stamp(row.stamp), row.seq)
            elif isinstance(row, EpochRecord):
                table.add_epoch(row.number, row.epoch, _stamp(row.stamp))
            elif isinstance(row, LinkDumpRecord):
                if row.made is not None:
                    table.add_link(row.link, _stamp(row.stamp), row.time_ms, row.made)
                if row.revoked:
                    table.revoke_link(row.link, row.revoked)
            else:
                table.add_cutoff(row.device, row.seq, row.hash)
        if nodes and not table.load_nodes(nodes):
            raise DecodeError("The checkpoint holds a node twice.")
        if moves:
            table.add_moves(moves)
    if not table.is_forest():
        raise DecodeError("The checkpoint's folders do not form a tree.")
    table.count(counts)
    hide_purged(table, purged)


def hide_purged(table: TreeTable, folders: set[Key]) -> None:
    """Hide those purged folders, all shown so far, in which nothing is visible."""
    hidden = 0
    pending = folders
    while pending:
        parents: set[Key] = set()
        for key in pending:
            node = table.find(key)
            if node is not None and not node.gone and not table.has_visible_child(key):
                node.gone = True
                table.save_state(node)
                hidden += 1
                if node.place.parent in folders:
                    parents.add(node.place.parent)
        pending = parents
    table.count({"folders": -hidden})


def _loaded(row: NodeRecord) -> LoadedNode:
    versions = [
        (
            Version(
                item.id,
                _stamp(item.stamp),
                item.time_ms,
                item.kind,
                item.mode,
                item.mtime_ns,
                item.size,
                item.dropped,
                item.bases,
            ),
            item.content,
        )
        for item in row.versions
    ]
    attributes = None
    if row.attributes is not None:
        attributes = Attributes(_stamp(row.attributes.stamp), row.attributes.mode, row.attributes.mtime_ns)
    node = Node(
        row.key,
        row.id,
        row.kind,
        row.mode,
        row.mtime_ns,
        0,
        NO_VERSION,
        0,
        row.purged,
        row.kind != FOLDER,
        _stamp(row.created),
        row.created_ms,
        _place(row.place),
    )
    if row.kind > FOLDER:
        if len(versions) == 1 and versions[0][0].kind == row.kind and not versions[0][0].dropped:
            heads = [versions[0][0]]
        else:
            heads = current_heads([version for version, _ in versions], row.kind)
        take_heads(node, heads, attributes)
    return LoadedNode(node, versions, attributes)


def _count(counts: dict[str, int], loaded: LoadedNode) -> None:
    node = loaded.node
    if not node.gone:
        counts[COUNTERS[node.kind]] += 1
        counts["bytes"] += node.size
    counts["version_bytes"] += sum(version.size for version, _ in loaded.versions)


def _version_record(version: Version, content: bytes | None) -> VersionRecord:
    return VersionRecord(
        version.id,
        StampRecord(*version.stamp),
        version.time_ms,
        version.kind,
        version.mode,
        version.mtime_ns,
        version.size,
        version.dropped,
        version.bases,
        content,
    )


def _place_record(place: Placement) -> PlaceRecord:
    return PlaceRecord(
        place.parent,
        place.name,
        StampRecord(*place.stamp),
        place.time_ms,
        place.origin,
        place.origin_name,
        place.trashed_ms,
    )


def _place(row: PlaceRecord) -> Placement:
    return Placement(row.parent, row.name, _stamp(row.stamp), row.time_ms, row.origin, row.origin_name, row.trashed_ms)


def _stamp(row: StampRecord) -> Stamp:
    return Stamp(row.lamport, DeviceId(row.device), row.index)
