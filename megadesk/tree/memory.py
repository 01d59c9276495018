"""A TreeTable in dictionaries: the model that the encrypted index is tested against, and small enough to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from megadesk.tree.names import fold, to_text
from megadesk.tree.table import (
    COUNTERS,
    FILE,
    FIRST_KEY,
    FIXED,
    FOLDER,
    GHOST,
    LINK,
    NO_STAMP,
    NO_VERSION,
    Attributes,
    Key,
    Line,
    LinkFact,
    LoadedNode,
    MoveRecord,
    NewNode,
    Node,
    Placement,
    Totals,
    Version,
)
from megadesk.types import DeviceId, EpochId, LinkId, NodeId, PackId, Stamp, VersionId


class MemoryTable:
    """See TreeTable. Nothing is undone when an apply fails half way."""

    def __init__(self) -> None:
        self._nodes: dict[Key, Node] = {}
        self._keys: dict[bytes, Key] = {}
        self._children: dict[Key, set[Key]] = {}
        self._versions: dict[Key, dict[bytes, tuple[Version, bytes | None]]] = {}
        self._attributes: dict[Key, Attributes] = {}
        self._moves: dict[Stamp, MoveRecord] = {}
        self._counters = dict.fromkeys(COUNTERS, 0)
        self._next = FIRST_KEY
        self.condemned: dict[PackId, tuple[Stamp, int]] = {}
        self.epochs: dict[EpochId, tuple[int, Stamp]] = {}
        self.cutoffs: dict[DeviceId, tuple[int, bytes]] = {}
        self._links: dict[LinkId, LinkFact] = {}
        for key, node in FIXED:
            self._insert(_bare_node(key, node, FOLDER, NO_STAMP, gone=False))

    def _insert(self, node: Node) -> None:
        self._nodes[node.key] = node
        self._keys[node.id] = node.key
        self._children.setdefault(node.place.parent, set()).add(node.key)

    # nodes

    def key_of(self, node: bytes) -> Key | None:
        return self._keys.get(node)

    def find(self, key: Key) -> Node | None:
        node = self._nodes.get(key)
        return node.copy() if node is not None else None

    def parent_of(self, key: Key) -> Key:
        node = self._nodes.get(key)
        return node.place.parent if node is not None else 0

    def child_keys(self, key: Key) -> list[Key]:
        return sorted(self._children.get(key, ()))

    def has_visible_child(self, key: Key) -> bool:
        return any(not self._nodes[child].gone for child in self._children.get(key, ()))

    def next_key(self) -> Key:
        return self._next

    def add_nodes(self, rows: Sequence[NewNode], lamport: int, device: DeviceId, time_ms: int) -> bool:
        ids = {row.id for row in rows}
        if len(ids) < len(rows) or any(node in self._keys for node in ids):
            return False
        for row in rows:
            stamp = Stamp(lamport, device, row.position)
            place = Placement(row.parent, row.name, stamp, time_ms, row.origin)
            filled = row.content is not None
            head = VersionId(row.id) if filled else NO_VERSION
            gone = row.kind != FOLDER and not filled
            node = Node(
                self._next,
                row.id,
                row.kind,
                row.mode,
                row.mtime_ns,
                row.size,
                head,
                int(filled),
                0,
                gone,
                stamp,
                time_ms,
                place,
            )
            self._next += 1
            self._insert(node)
            if filled:
                version = Version(VersionId(row.id), stamp, time_ms, row.kind, row.mode, row.mtime_ns, row.size, 0, ())
                self._versions.setdefault(node.key, {})[row.id] = (version, row.content)
            if not gone:
                self._counters[COUNTERS[row.kind]] += 1
                self._counters["bytes"] += row.size
                self._counters["version_bytes"] += row.size
        return True

    def add_ghost(self, node: NodeId, lamport: int) -> Key:
        key = self._next
        self._next += 1
        self._insert(_bare_node(key, node, GHOST, Stamp(lamport, DeviceId(b""), 0), gone=True))
        return key

    def save_state(self, node: Node) -> None:
        self._nodes[node.key] = replace(node, place=self._nodes[node.key].place)

    def save_places(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            row = self._nodes[node.key]
            self._children[row.place.parent].discard(node.key)
            row.place = node.place
            self._children.setdefault(node.place.parent, set()).add(node.key)

    def delete_node(self, key: Key) -> None:
        node = self._nodes.pop(key)
        del self._keys[node.id]
        self._children[node.place.parent].discard(key)
        self._versions.pop(key, None)
        self._attributes.pop(key, None)

    def count(self, deltas: Mapping[str, int]) -> None:
        for name, delta in deltas.items():
            self._counters[name] += delta

    def counters(self) -> dict[str, int]:
        return dict(self._counters)

    # versions

    def add_version(self, key: Key, version: Version, content: bytes | None) -> bool:
        known = self._versions.setdefault(key, {})
        if version.id in known:
            return False
        known[version.id] = (replace(version), content)
        return True

    def replace_version(self, key: Key, version: Version, content: bytes | None) -> None:
        self._versions[key][version.id] = (replace(version), content)

    def drop_version(self, key: Key, version: VersionId, lamport: int) -> None:
        known = self._versions[key][version][0]
        self._versions[key][version] = (replace(known, dropped=lamport, size=0), None)

    def save_bases(self, key: Key, version: VersionId, bases: tuple[VersionId, ...]) -> None:
        self._versions[key][version][0].bases = bases

    def delete_version(self, key: Key, version: VersionId) -> None:
        del self._versions[key][version]

    def version(self, key: Key, version: VersionId) -> Version | None:
        found = self._versions.get(key, {}).get(version)
        return replace(found[0]) if found is not None else None

    def versions(self, key: Key) -> list[Version]:
        return [replace(version) for version, _ in self._versions.get(key, {}).values()]

    def content(self, key: Key, version: VersionId) -> bytes | None:
        found = self._versions.get(key, {}).get(version)
        return found[1] if found is not None else None

    def attributes(self, key: Key) -> Attributes | None:
        return self._attributes.get(key)

    def save_attributes(self, key: Key, attributes: Attributes) -> None:
        self._attributes[key] = attributes

    # moves

    def moves_from(self, stamp: Stamp) -> list[MoveRecord]:
        return [replace(self._moves[known]) for known in sorted(self._moves) if known >= stamp]

    def add_moves(self, moves: Sequence[MoveRecord]) -> None:
        for move in moves:
            self._moves[move.stamp] = replace(move)

    def save_move(self, move: MoveRecord) -> None:
        self._moves[move.stamp] = replace(move)

    def delete_moves(self, lamport: int) -> int:
        stable = [stamp for stamp in self._moves if stamp.lamport <= lamport]
        for stamp in stable:
            del self._moves[stamp]
        return len(stable)

    # the locker's other facts

    def add_condemned(self, packs: Sequence[PackId], stamp: Stamp, seq: int) -> None:
        for pack in packs:
            if pack not in self.condemned or stamp < self.condemned[pack][0]:
                self.condemned[pack] = (stamp, seq)

    def add_epoch(self, number: int, epoch: EpochId, stamp: Stamp) -> None:
        if epoch not in self.epochs or stamp < self.epochs[epoch][1]:
            self.epochs[epoch] = (number, stamp)

    def add_cutoff(self, device: DeviceId, seq: int, entry_hash: bytes) -> None:
        if device not in self.cutoffs or (seq, entry_hash) < self.cutoffs[device]:
            self.cutoffs[device] = (seq, entry_hash)

    def add_link(self, link: LinkId, stamp: Stamp, time_ms: int, made: bytes) -> None:
        known = self._links.get(link)
        if known is None or known.made is None or stamp < known.stamp:
            self._links[link] = LinkFact(link, stamp, time_ms, made, known.revoked if known else 0)

    def revoke_link(self, link: LinkId, lamport: int) -> None:
        known = self._links.get(link) or LinkFact(link, NO_STAMP, 0, None, 0)
        if not known.revoked or lamport < known.revoked:
            self._links[link] = known._replace(revoked=lamport)

    def links(self) -> list[LinkFact]:
        return [self._links[link] for link in sorted(self._links)]

    def link(self, link: LinkId) -> LinkFact | None:
        return self._links.get(link)

    # reading

    def folder(self, key: Key) -> Iterator[Node]:
        rows = [self._nodes[child] for child in self._children.get(key, ())]
        rows = [row for row in rows if not row.gone]
        for row in sorted(rows, key=lambda row: (row.place.name, row.key)):
            yield row.copy()

    def lines(self, key: Key) -> Iterator[Sequence[Line]]:
        yield [
            (
                row.key,
                row.id,
                row.place.name,
                row.kind,
                row.mode,
                row.mtime_ns,
                row.size,
                row.head or None,
                row.heads,
                row.created_ms,
            )
            for row in self.folder(key)
        ]

    def named(self, key: Key, name: bytes) -> list[Node]:
        return [row for row in self.folder(key) if row.place.name == name]

    def contested(self, key: Key) -> list[bytes]:
        names: dict[bytes, int] = {}
        for row in self.folder(key):
            names[row.place.name] = names.get(row.place.name, 0) + max(row.heads, 1)
        return sorted(name for name, count in names.items() if count > 1)

    def ghosts(self) -> list[Key]:
        return sorted(key for key, node in self._nodes.items() if node.kind == GHOST)

    def gone_keys(self) -> list[Key]:
        return sorted(key for key, node in self._nodes.items() if node.gone)

    def dropped_versions(self, lamport: int) -> list[Key]:
        return sorted(
            key
            for key, versions in self._versions.items()
            if not self._nodes[key].gone and any(0 < version.dropped <= lamport for version, _ in versions.values())
        )

    def totals(self, key: Key) -> Totals:
        counts = {FOLDER: 0, FILE: 0, LINK: 0}
        size = 0
        stack = [key]
        while stack:
            for row in self.folder(stack.pop()):
                counts[row.kind] += 1
                size += row.size
                if row.kind == FOLDER:
                    stack.append(row.key)
        return Totals(counts[FILE], counts[FOLDER], counts[LINK], size)

    def search(self, needle: str) -> Iterator[Node]:
        for row in self.nodes():
            if not row.gone and needle in fold(to_text(row.place.name)):
                yield row

    def nodes(self) -> Iterator[Node]:
        for key in sorted(self._nodes):
            if key >= FIRST_KEY:
                yield self._nodes[key].copy()

    # checkpoints

    def versions_between(self, first: Key, last: Key) -> Iterator[tuple[Key, Version, bytes | None]]:
        for key in range(first, last + 1):
            for version, content in self._versions.get(key, {}).values():
                yield key, replace(version), content

    def attributes_between(self, first: Key, last: Key) -> dict[Key, Attributes]:
        return {key: value for key, value in self._attributes.items() if first <= key <= last}

    def condemned_packs(self) -> dict[PackId, tuple[Stamp, int]]:
        return dict(self.condemned)

    def epoch_numbers(self) -> dict[EpochId, tuple[int, Stamp]]:
        return dict(self.epochs)

    def cutoff_heads(self) -> dict[DeviceId, tuple[int, bytes]]:
        return dict(self.cutoffs)

    def load_nodes(self, rows: Sequence[LoadedNode]) -> bool:
        for node, versions, attributes in rows:
            known = {version.id: (version, content) for version, content in versions}
            if node.key in self._nodes or node.id in self._keys or len(known) < len(versions):
                return False
            self._insert(node.copy())
            self._versions[node.key] = {key: (replace(version), content) for key, (version, content) in known.items()}
            if attributes is not None:
                self._attributes[node.key] = attributes
            self._next = max(self._next, node.key + 1)
        return True

    def is_forest(self) -> bool:
        reached = 0
        stack = [key for key, node in self._nodes.items() if node.key < FIRST_KEY or node.kind == GHOST]
        while stack:
            reached += 1
            stack.extend(self._children.get(stack.pop(), ()))
        return reached == len(self._nodes)


def _bare_node(key: Key, node: NodeId, kind: int, created: Stamp, *, gone: bool) -> Node:
    place = Placement(0, b"", NO_STAMP, 0)
    return Node(key, node, kind, 0o700, 0, 0, NO_VERSION, 0, 0, gone, created, 0, place)
