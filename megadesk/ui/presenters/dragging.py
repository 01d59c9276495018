"""What of a locker's is dragged or lies on the clipboard, as it travels between parts of the window. No names in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from megadesk.types import NodeId, VersionId
from megadesk.ui.presenters.listing import RowKey

NODES_TYPE = "application/x-megadesk-nodes"


class DraggedNodes(msgspec.Struct, frozen=True):
    """Rows of one locker, by id."""

    locker: str
    """The locker's id, in hex."""
    parent: bytes
    keys: tuple[tuple[bytes, bytes | None], ...]
    cut: bool = False
    """From the clipboard: to be moved when pasted."""

    def row_keys(self) -> list[RowKey]:
        return [(NodeId(node), VersionId(head) if head is not None else None) for node, head in self.keys]


class MimeData(Protocol):
    """QMimeData, as far as it is asked here."""

    def hasFormat(self, mimetype: str, /) -> bool: ...  # noqa: N802
    def data(self, mimetype: str, /) -> object: ...


def nodes_of(data: MimeData) -> DraggedNodes | None:
    """What is dragged, if it is of a locker; None for anything else, and for what cannot be read."""
    if not data.hasFormat(NODES_TYPE):
        return None
    raw = data.data(NODES_TYPE)
    try:
        return msgspec.msgpack.decode(bytes(getattr(raw, "data", lambda: b"")()), type=DraggedNodes)
    except (msgspec.DecodeError, ValueError, TypeError):
        return None


def encode_nodes(nodes: DraggedNodes) -> bytes:
    return msgspec.msgpack.encode(nodes)


def dragged(locker: str, parent: NodeId, keys: Sequence[RowKey], *, cut: bool = False) -> DraggedNodes:
    return DraggedNodes(locker, parent, tuple((node, head) for node, head in keys), cut)
