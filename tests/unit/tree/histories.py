"""Random histories of several devices, honest and hostile, and what must hold of any tree made from them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import apsw

from megadesk.crypto.link import LinkSecret
from megadesk.format.entry import Entry, Head
from megadesk.format.ops import (
    AddVersion,
    Condemn,
    Create,
    Cutoff,
    FileContent,
    LinkContent,
    MakeLink,
    Move,
    Operation,
    Purge,
    Rekey,
    RevokeLink,
    SetAttributes,
    SliceRef,
)
from megadesk.state.index.migrations import migrate
from megadesk.state.index.tree import SqlTable
from megadesk.tree.heads import current_heads
from megadesk.tree.memory import MemoryTable
from megadesk.tree.merge import Merger
from megadesk.tree.prune import prune_moves, prune_tombstones
from megadesk.tree.rows import NodeRow, Order
from megadesk.tree.stability import Acknowledged, stable_lamport
from megadesk.tree.table import FILE, FOLDER, LINK, TreeTable
from megadesk.tree.views import TreeView
from megadesk.types import ROOT, TRASH, DeviceId, EpochId, NodeId, NodeKind, PackId, VersionId

NAMES = (b"a", b"b.txt", b"caf\xc3\xa9", b"\xff\xfe", b"a (conflict, 01010101, 2023-11-14)")


def new_memory_table() -> MemoryTable:
    return MemoryTable()


def new_sql_table() -> SqlTable:
    connection = apsw.Connection(":memory:")
    migrate(connection, ":memory:")
    return SqlTable(connection)


TABLES: dict[str, Callable[[], TreeTable]] = {"memory": new_memory_table, "sql": new_sql_table}


def device_id(number: int) -> DeviceId:
    return DeviceId(bytes([number + 1]) * 16)


def some_id(number: int) -> NodeId:
    return NodeId(b"\xaa" * 15 + bytes([number]))


def content(number: int) -> FileContent:
    ref = SliceRef(PackId(bytes([number % 256]) * 16), number, bytes(32), bytes([number % 256]) * 32)
    return FileContent(number, (ref,))


def link_secret(number: int) -> LinkSecret:
    return LinkSecret(bytes([number + 1]) * 32)


def make_link(number: int, node: NodeId, note: str = "") -> MakeLink:
    secret = link_secret(number)
    return MakeLink(secret.id, secret.to_bytes(), node, 0, 0, 0, None, note, 1, "", (PackId(node),))


def entry(device: int, seq: int, lamport: int, ops: Sequence[Operation], seen: Sequence[Head] = ()) -> Entry:
    return Entry(1, device_id(device), seq, lamport, bytes(32), tuple(seen), 1_700_000_000_000 + lamport, tuple(ops))


def replay(table: TreeTable, entries: Iterable[Entry]) -> TreeTable:
    merger = Merger(table)
    for item in entries:
        merger.apply(item)
    return table


def hostile_entries(rng: random.Random, devices: int, count: int) -> list[Entry]:
    """Entries that name few ids at random: duplicates, unknown parents, cycles, wrong kinds, fixed rows."""
    clocks = [0] * devices
    made = []
    for _ in range(count):
        device = rng.randrange(devices)
        clocks[device] += rng.randint(1, 3)
        ops = [_hostile_op(rng) for _ in range(rng.randint(1, 4))]
        seq = sum(item.device == device_id(device) for item in made) + 1
        made.append(entry(device, seq, clocks[device], ops))
    return made


def _hostile_op(rng: random.Random) -> Operation:
    pool = [some_id(number) for number in range(7)]
    node = rng.choice([*pool, *pool, ROOT, TRASH])
    parent = rng.choice([*pool, ROOT, TRASH])
    versions = tuple(VersionId(rng.choice(pool)) for _ in range(rng.randint(0, 3)))
    mode, mtime, name = rng.randrange(0o7777), rng.randrange(1000), rng.choice(NAMES)
    payload = rng.choice([content(rng.randrange(50)), LinkContent(b"to/%d" % rng.randrange(50))])
    roll = rng.random()
    if roll < 0.4:
        kind = rng.choice([FOLDER, FOLDER, FILE, LINK])
        inside = None if kind == FOLDER else payload if rng.random() < 0.2 else content(9)
        return Create(node, parent, name, kind, mode, mtime, inside)
    if roll < 0.65:
        return Move(node, parent, name)
    if roll < 0.8:
        return AddVersion(node, VersionId(rng.choice(pool)), versions, mode, mtime, payload)
    if roll < 0.86:
        return SetAttributes(node, mode, mtime)
    if roll < 0.96:
        return Purge(node, versions)
    if roll < 0.97:
        return Condemn((PackId(node), PackId(parent)))
    if roll < 0.98:
        return RevokeLink(link_secret(rng.randrange(4)).id)
    if roll < 0.99:
        return make_link(rng.randrange(4), node, note=str(rng.randrange(9)))
    cutoff = Cutoff(device_id(rng.randrange(3)), rng.randrange(5), bytes([rng.randrange(3)]) * 32)
    return Rekey(rng.randrange(3), EpochId(node[-8:]), (cutoff,), ())


@dataclass
class Device:
    """An honest device: it acts on what it sees, and applies entries causally."""

    number: int
    table: TreeTable = field(default_factory=MemoryTable)
    applied: dict[int, int] = field(default_factory=dict)
    lamport: int = 0
    heads: dict[DeviceId, Acknowledged] = field(default_factory=dict)

    def view(self) -> TreeView:
        return TreeView(self.table)


class World:
    """Honest devices and all their logs."""

    def __init__(self, rng: random.Random, devices: int) -> None:
        self.rng = rng
        self.devices = [Device(number) for number in range(devices)]
        self.logs: list[list[Entry]] = [[] for _ in range(devices)]
        self.order: list[Entry] = []
        self._next = 0

    def fresh(self) -> NodeId:
        self._next += 1
        return NodeId(b"\xbb" * 12 + self._next.to_bytes(4, "big"))

    def commit(self, device: Device, ops: Sequence[Operation]) -> None:
        seq = len(self.logs[device.number]) + 1
        seen = [
            Head(device_id(other), count, bytes(32))
            for other, count in sorted(device.applied.items())
            if other != device.number
        ]
        device.lamport += 1
        made = entry(device.number, seq, device.lamport, ops, seen)
        self.logs[device.number].append(made)
        self.order.append(made)
        self._apply(device, device.number, made)

    def _apply(self, device: Device, author: int, made: Entry) -> None:
        Merger(device.table).apply(made)
        device.applied[author] = made.seq
        seen = {head.device: head.seq for head in made.seen}
        device.heads[made.device] = Acknowledged(made.seq, made.lamport, seen)
        device.lamport = max(device.lamport, made.lamport)

    def pull(self, device: Device, author: int, most: int = 1 << 30) -> None:
        """Apply the next entries of an author, as far as causality lets it and ``most`` says."""
        for made in self.logs[author][device.applied.get(author, 0) :][:most]:
            for head in made.seen:
                other = head.device[0] - 1
                if device.applied.get(other, 0) < head.seq:
                    self.pull(device, other, head.seq - device.applied.get(other, 0))
            self._apply(device, author, made)

    def pull_all(self) -> None:
        for device in self.devices:
            for author in range(len(self.devices)):
                self.pull(device, author)

    def prune(self, device: Device) -> None:
        stable = stable_lamport(
            device.heads,
            [device_id(number) for number in range(len(self.devices))],
            lambda author, seq: self.logs[author[0] - 1][seq].lamport - 1,
        )
        prune_moves(device.table, stable)
        prune_tombstones(device.table, stable)

    def act(self, device: Device) -> None:
        """One thing that a user does."""
        rng, view = self.rng, device.view()
        rows = [row for _, row in view.walk(ROOT)]
        trash = [item.row for item in view.trash()]
        below_trash = [row for item in trash if item.kind == FOLDER for _, row in view.walk(item.id)]
        folders = [ROOT, *(row.id for row in rows if row.kind == FOLDER)]
        files = [row for row in rows if row.kind == FILE]
        mode, now, name = rng.randrange(0o7777), rng.randrange(1 << 40), rng.choice(NAMES)
        roll = rng.random()
        if roll < 0.3 or not rows:
            kind = rng.choice([FOLDER, FILE])
            inside = content(rng.randrange(99)) if kind == FILE else None
            self.commit(device, [Create(self.fresh(), rng.choice(folders), name, kind, mode, now, inside)])
        elif roll < 0.5:
            self.commit(device, [Move(rng.choice(rows).id, rng.choice(folders), name)])
        elif roll < 0.62 and files:
            row = rng.choice(files)
            bases = tuple(view.heads(row.id))
            version = VersionId(self.fresh())
            self.commit(device, [AddVersion(row.id, version, bases, mode, now, content(rng.randrange(99)))])
        elif roll < 0.68:
            self.commit(device, [SetAttributes(rng.choice(rows).id, mode, now)])
        elif roll < 0.82:
            row = rng.choice(rows)
            self.commit(device, [Move(row.id, TRASH, b"x")])
        elif roll < 0.88 and trash:
            self.commit(device, [Move(rng.choice(trash).id, rng.choice(folders), name)])
        elif roll < 0.92 and files:
            row = rng.choice(files)
            kept = view.versions(row.id)
            self.commit(device, [Purge(row.id, (rng.choice(kept).id,))])
        elif trash:
            doomed = {row.id for row in [*trash, *below_trash]}
            self.commit(
                device, [Purge(node, tuple(item.id for item in view.versions(node))) for node in sorted(doomed)]
            )


def honest_world(rng: random.Random, devices: int, steps: int, *, prune: bool = False) -> World:
    world = World(rng, devices)
    for _ in range(steps):
        device = rng.choice(world.devices)
        if rng.random() < 0.3:
            world.pull(device, rng.randrange(devices), rng.randint(1, 5))
        elif prune and rng.random() < 0.15:
            world.prune(device)
        else:
            world.act(device)
    world.pull_all()
    return world


def causal_order(rng: random.Random, world: World) -> list[Entry]:
    """All entries in a random order that respects ``seen``."""
    applied = [0] * len(world.logs)
    order: list[Entry] = []
    while len(order) < len(world.order):
        ready = [
            author
            for author, log in enumerate(world.logs)
            if applied[author] < len(log)
            and all(applied[head.device[0] - 1] >= head.seq for head in log[applied[author]].seen)
        ]
        author = rng.choice(ready)
        order.append(world.logs[author][applied[author]])
        applied[author] += 1
    return order


def check_invariants(table: TreeTable) -> None:
    """No cycle; everything kept is to be found in the tree, the trash, or as a conflict; counters and paths agree."""
    assert table.is_forest()
    view = TreeView(table)
    shown: dict[bytes, set[bytes | None]] = {}
    counts = {FOLDER: 0, FILE: 0, LINK: 0}
    size = 0

    def note(row_id: bytes, head: bytes | None) -> None:
        shown.setdefault(row_id, set()).add(head)

    whole: dict[str, list[NodeRow]] = {}
    for path, row in view.walk(ROOT):
        whole.setdefault(path.rpartition("/")[0], []).append(row)
    assert view.list_folder(ROOT, order=Order.NAME) == whole.get("", [])
    for path, row in view.walk(ROOT):
        note(row.id, row.head)
        assert view.resolve("/" + path) == row
        if row.kind is NodeKind.FOLDER:
            children = view.list_folder(row.id, order=Order.NAME)
            assert children == list(view.iter_folder(row.id)) == whole.get(path, [])
    for item in view.trash():
        note(item.row.id, item.row.head)
        if item.row.kind == FOLDER:
            for _, row in view.walk(item.row.id):
                note(row.id, row.head)
    kept_bytes = 0
    for node in table.nodes():
        usable = [version for version in table.versions(node.key) if version.kind == node.kind]
        kept_bytes += sum(version.size for version in table.versions(node.key))
        kept = [version for version in usable if not version.dropped]
        if node.kind in (FILE, LINK):
            assert bool(kept) == (node.id in shown) == (not node.gone)
            heads = {version.id for version in current_heads(usable, node.kind)}
            assert shown.get(node.id, set()) == heads
            assert {row.id for row in view.versions(node.id)} == {version.id for version in kept}
            for version in kept:
                assert table.content(node.key, version.id) is not None
        elif node.kind == FOLDER:
            assert (node.id in shown) == (not node.gone)
            assert node.purged or not node.gone
            assert not node.gone or not table.has_visible_child(node.key)
            assert not node.purged or node.gone or table.has_visible_child(node.key)
        if not node.gone:
            counts[node.kind] += 1
            size += node.size
    counters = table.counters()
    assert counters == {
        "folders": counts[FOLDER],
        "files": counts[FILE],
        "links": counts[LINK],
        "bytes": size,
        "version_bytes": kept_bytes,
    }
