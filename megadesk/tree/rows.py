"""What views give out: frozen rows, and their order."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from megadesk.tree.names import natural_key, to_bytes
from megadesk.types import DeviceId, NodeId, NodeKind, VersionId


class Order(enum.Enum):
    """How a listing is sorted; ties by name. NAME is by bytes and streams, the others load the folder."""

    NAME = "name"
    NATURAL = "natural"
    SIZE = "size"
    MODIFIED = "modified"
    KIND = "kind"


class NodeRow(msgspec.Struct, frozen=True, gc=False):
    """A file, folder or link; with ``conflict`` a conflict copy: a name's duplicate, or a losing version of ``id``.

    A folder may have 100,000: a struct is made five times as fast as a dataclass, and Python's collector of cycles,
    which would stop the window while it walks through them, does not look at it.
    """

    id: NodeId
    parent: NodeId
    name: str
    """As stored (surrogateescape)."""
    display_name: str
    """As shown and as found in paths: unique in its folder, but for the tops of the trash."""
    kind: NodeKind
    size_bytes: int
    mtime_ns: int
    mode: int
    head: VersionId | None
    """The version this row stands for; None for folders."""
    conflict: bool
    created_ms: int
    trashed_ms: int | None
    """When it was put into the trash, for the tops of what lies there."""


@dataclass(frozen=True, slots=True)
class TrashRow:
    row: NodeRow
    original_path: str | None
    """Where it was; None when unknown."""
    recovered: bool
    """Not put here by anyone: its folder does not exist."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    id: VersionId
    size_bytes: int
    mtime_ns: int
    mode: int
    time_ms: int
    """When it was saved, by the saving device's clock."""
    device: DeviceId
    current: bool
    """A head: the content shown, or a conflict copy of it."""


@dataclass(frozen=True, slots=True)
class Location:
    root: NodeId
    """ROOT, TRASH (also for recovered orphans)."""
    path: str
    """From that root, beginning with "/"."""


def sort_rows(rows: Iterable[NodeRow], order: Order, *, descending: bool, folders_first: bool) -> list[NodeRow]:
    """All rows in that order."""
    listed = sorted(rows, key=lambda row: (natural_key(row.display_name), row.display_name), reverse=descending)
    if order is Order.NAME:
        listed.sort(key=lambda row: to_bytes(row.display_name), reverse=descending)
    elif order is Order.SIZE:
        listed.sort(key=lambda row: row.size_bytes, reverse=descending)
    elif order is Order.MODIFIED:
        listed.sort(key=lambda row: row.mtime_ns, reverse=descending)
    elif order is Order.KIND:
        listed.sort(key=lambda row: (int(row.kind), _extension(row.display_name)), reverse=descending)
    if folders_first:
        listed.sort(key=lambda row: row.kind != NodeKind.FOLDER)
    return listed


def _extension(name: str) -> str:
    return name.rpartition(".")[2].casefold() if "." in name else ""
