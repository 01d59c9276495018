"""The storage that the merge and the views need, and the rows in it.

Rows have small integer keys of this machine; ids (16 bytes) are what operations name. Keys 1 to 3 are fixed: the root,
the trash, and the folder of orphans, which collects what was created where nothing can be. A node that some operation
names, but that no Create has made yet, is a *ghost*: a row of kind GHOST that holds facts until the Create comes, so
that the result depends on the set of operations only, never on the order in which they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeAlias

from megadesk.types import ROOT, TRASH, DeviceId, EpochId, LinkId, NodeId, NodeKind, PackId, Stamp, VersionId

Key = int
"""A node's number in this table: never reused, meaningless elsewhere."""

ROOT_KEY = 1
TRASH_KEY = 2
ORPHANS_KEY = 3
FIRST_KEY = 4
"""Keys below are fixed rows that no operation changes."""

ORPHANS = NodeId(bytes(15) + b"\x02")
FIXED: tuple[tuple[Key, NodeId], ...] = ((ROOT_KEY, ROOT), (TRASH_KEY, TRASH), (ORPHANS_KEY, ORPHANS))

FOLDER = int(NodeKind.FOLDER)
FILE = int(NodeKind.FILE)
LINK = int(NodeKind.LINK)
GHOST = -1

NO_DEVICE = DeviceId(b"")
NO_STAMP = Stamp(0, NO_DEVICE, 0)
"""Smaller than every operation's stamp."""
NO_VERSION = VersionId(b"")


class Placement(NamedTuple):
    """Where a node is and which operation put it there; ``origin`` is 0 unless it lies in the trash or with orphans."""

    parent: Key
    name: bytes
    stamp: Stamp
    time_ms: int
    origin: Key = 0
    origin_name: bytes = b""
    trashed_ms: int = 0


@dataclass(slots=True)
class Node:
    """One row. ``head`` is NO_VERSION and ``heads`` 0 for folders and for files all of whose versions were dropped."""

    key: Key
    id: NodeId
    kind: int
    mode: int
    mtime_ns: int
    size: int
    head: VersionId
    heads: int
    purged: int
    """Lamport clock of the Purge that named it; 0: none did."""
    gone: bool
    """Hidden everywhere: a file without versions, a purged folder with nothing visible in it, a ghost."""
    created: Stamp
    created_ms: int
    place: Placement

    def copy(self) -> Node:
        return replace(self)


@dataclass(slots=True)
class Version:
    """What is known of one version. ``kind`` 0: only a Purge named it so far."""

    id: VersionId
    stamp: Stamp
    time_ms: int
    kind: int
    mode: int
    mtime_ns: int
    size: int
    dropped: int
    """Lamport clock of the Purge that dropped it; 0: it is kept."""
    bases: tuple[VersionId, ...]


class NewNode(NamedTuple):
    """A node to insert; its first version bears its id when there is content."""

    id: NodeId
    parent: Key
    name: bytes
    kind: int
    mode: int
    mtime_ns: int
    size: int
    position: int
    """Of its Create in the entry."""
    content: bytes | None
    origin: Key = 0


class Attributes(NamedTuple):
    stamp: Stamp
    mode: int
    mtime_ns: int


@dataclass(slots=True)
class MoveRecord:
    """A Move in the log; ``old`` is the placement it replaced, None when it had no effect."""

    stamp: Stamp
    node: Key
    parent: Key
    name: bytes
    time_ms: int
    old: Placement | None


class LoadedNode(NamedTuple):
    """A row with all its facts, from a checkpoint."""

    node: Node
    versions: list[tuple[Version, bytes | None]]
    attributes: Attributes | None


class LinkFact(NamedTuple):
    """What is known of one link. ``made`` is the encoded MakeLink, None while only a RevokeLink named it."""

    id: LinkId
    stamp: Stamp
    time_ms: int
    made: bytes | None
    revoked: int
    """Smallest Lamport clock of the RevokeLinks that name it; 0: none does."""


class Totals(NamedTuple):
    """Visible contents of a subtree, its top not counted."""

    files: int
    folders: int
    links: int
    size_bytes: int


COUNTERS = ("folders", "files", "links", "bytes", "version_bytes")
"""Visible nodes by kind, bytes of their current contents, bytes of all versions kept."""


Line: TypeAlias = tuple[Key, NodeId, bytes, int, int, int, int, VersionId | None, int, int]
"""A child as a listing needs it: (key, id, name, kind, mode, mtime_ns, size, head, heads, created_ms). A head of None
is no version, an empty one the node's own id."""


class TreeTable(Protocol):
    """Storage of one merged tree. Not thread-safe; the caller holds a transaction around each Merger.apply."""

    # nodes
    def key_of(self, node: bytes) -> Key | None:
        """Key of an id, ghosts included."""
        ...

    def find(self, key: Key) -> Node | None:
        """A private copy of the row."""
        ...

    def parent_of(self, key: Key) -> Key:
        """Parent's key; 0 for ghosts, fixed rows and unknown keys."""
        ...

    def child_keys(self, key: Key) -> list[Key]:
        """All children, hidden ones included."""
        ...

    def has_visible_child(self, key: Key) -> bool: ...

    def next_key(self) -> Key:
        """Key that the next inserted node gets; the ones after it follow without gaps."""
        ...

    def add_nodes(self, rows: Sequence[NewNode], lamport: int, device: DeviceId, time_ms: int) -> bool:
        """Insert all with consecutive keys, or none and return False when an id is taken. Counts them."""
        ...

    def add_ghost(self, node: NodeId, lamport: int) -> Key: ...

    def save_state(self, node: Node) -> None:
        """Write kind, attributes, head, purged, gone, created."""
        ...

    def save_places(self, nodes: Iterable[Node]) -> None:
        """Write the placements."""
        ...

    def delete_node(self, key: Key) -> None:
        """Remove a row, its versions and attributes."""
        ...

    def count(self, deltas: Mapping[str, int]) -> None:
        """Add to COUNTERS."""
        ...

    def counters(self) -> dict[str, int]: ...

    # versions
    def add_version(self, key: Key, version: Version, content: bytes | None) -> bool:
        """Insert; False and no change when the node has a version of that id."""
        ...

    def replace_version(self, key: Key, version: Version, content: bytes | None) -> None: ...

    def drop_version(self, key: Key, version: VersionId, lamport: int) -> None:
        """Mark dropped and forget the content."""
        ...

    def save_bases(self, key: Key, version: VersionId, bases: tuple[VersionId, ...]) -> None: ...

    def delete_version(self, key: Key, version: VersionId) -> None: ...

    def version(self, key: Key, version: VersionId) -> Version | None: ...

    def versions(self, key: Key) -> list[Version]: ...

    def content(self, key: Key, version: VersionId) -> bytes | None:
        """Encoded content (format.ops.encode_content), None when dropped or unknown."""
        ...

    def attributes(self, key: Key) -> Attributes | None: ...

    def save_attributes(self, key: Key, attributes: Attributes) -> None: ...

    # moves
    def moves_from(self, stamp: Stamp) -> list[MoveRecord]:
        """Those at or after ``stamp``, oldest first."""
        ...

    def add_moves(self, moves: Sequence[MoveRecord]) -> None: ...

    def save_move(self, move: MoveRecord) -> None:
        """Write ``old`` of a known move."""
        ...

    def delete_moves(self, lamport: int) -> int:
        """Forget those whose Lamport clock is at most ``lamport``; their number."""
        ...

    # the locker's other facts
    def add_condemned(self, packs: Sequence[PackId], stamp: Stamp, seq: int) -> None:
        """Keep the smallest stamp of each pack."""
        ...

    def add_epoch(self, number: int, epoch: EpochId, stamp: Stamp) -> None: ...

    def add_cutoff(self, device: DeviceId, seq: int, entry_hash: bytes) -> None:
        """Keep the smallest number of each device."""
        ...

    def add_link(self, link: LinkId, stamp: Stamp, time_ms: int, made: bytes) -> None:
        """Keep the one of the smallest stamp."""
        ...

    def revoke_link(self, link: LinkId, lamport: int) -> None:
        """Keep the smallest clock; also of a link that is not known yet."""
        ...

    def links(self) -> list[LinkFact]:
        """All, by id."""
        ...

    def link(self, link: LinkId) -> LinkFact | None: ...

    # reading
    def folder(self, key: Key) -> Iterator[Node]:
        """Visible children by name (bytes), then key. The table may change meanwhile; no snapshot is promised."""
        ...

    def lines(self, key: Key) -> Iterator[Sequence[Line]]:
        """What `folder` gives, in batches of plain lines: for folders of 100,000."""
        ...

    def named(self, key: Key, name: bytes) -> list[Node]:
        """Visible children of that very name."""
        ...

    def contested(self, key: Key) -> list[bytes]:
        """Names in a folder that several nodes bear or whose node has several heads."""
        ...

    def ghosts(self) -> list[Key]: ...

    def gone_keys(self) -> list[Key]:
        """Hidden rows, ghosts included."""
        ...

    def dropped_versions(self, lamport: int) -> list[Key]:
        """Visible nodes with versions dropped at or before that clock."""
        ...

    def totals(self, key: Key) -> Totals: ...

    def search(self, needle: str) -> Iterator[Node]:
        """Lazily, visible nodes whose folded name holds ``needle`` (already folded, see names.fold)."""
        ...

    def nodes(self) -> Iterator[Node]:
        """All rows from FIRST_KEY by key, ghosts and hidden ones included."""
        ...

    # checkpoints

    def versions_between(self, first: Key, last: Key) -> Iterator[tuple[Key, Version, bytes | None]]:
        """All versions of the nodes in that range of keys, by key, with contents; streamed."""
        ...

    def attributes_between(self, first: Key, last: Key) -> dict[Key, Attributes]: ...

    def condemned_packs(self) -> dict[PackId, tuple[Stamp, int]]: ...

    def epoch_numbers(self) -> dict[EpochId, tuple[int, Stamp]]: ...

    def cutoff_heads(self) -> dict[DeviceId, tuple[int, bytes]]: ...

    def load_nodes(self, rows: Sequence[LoadedNode]) -> bool:
        """Insert under the given keys, without counting; False when a key, id or version is there twice."""
        ...

    def is_forest(self) -> bool:
        """Whether every row is reached once from the fixed rows and the ghosts: no cycle, no missing parent."""
        ...
