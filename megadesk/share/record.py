"""From what a locker shows of a file or folder to what a link's record says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from megadesk.format.link import LinkNode, LinkSlice
from megadesk.format.ops import MAX_NAME_BYTES, FileContent
from megadesk.format.wire import encode
from megadesk.transfer.download_items import DownloadItem
from megadesk.tree.names import to_bytes
from megadesk.types import NodeKind, PackId


class Gathered(NamedTuple):
    """The nodes of a record, the thing itself first, and the packs that they need, in the order of the table."""

    nodes: tuple[LinkNode, ...]
    packs: tuple[PackId, ...]

    def digest(self) -> bytes:
        """32 bytes that change when anything that the link shows does."""
        return hashlib.sha256(encode([self.packs, self.nodes])).digest()


def gather(items: Iterable[DownloadItem], resolved: Callable[[FileContent], FileContent]) -> Gathered:
    """``items`` as a download lists them: the thing itself, then what is in it, folders before their contents.

    ``resolved`` gives a content its real slices; what it raises passes through.
    """
    nodes: list[LinkNode] = []
    folders: dict[str, int] = {}
    packs: dict[PackId, int] = {}
    for item in items:
        above, _, name = item.path.rpartition("/")
        content: tuple[LinkSlice, ...] | bytes | None = None
        if item.kind is NodeKind.FOLDER:
            folders[item.path] = len(nodes)
        elif item.kind is NodeKind.LINK:
            content = item.target
        elif item.content is None:
            content = ()
        else:
            content = tuple(
                LinkSlice(packs.setdefault(ref.pack, len(packs)), ref.offset, ref.key)
                for ref in resolved(item.content).slices
            )
        size = item.size if item.kind is NodeKind.FILE else 0
        parent = folders[above] if nodes else -1
        nodes.append(LinkNode(parent, _fit(to_bytes(name)), item.kind, item.mode, item.mtime_ns, size, content))
    return Gathered(tuple(nodes), tuple(packs))


def _fit(name: bytes) -> bytes:
    """Conflict copies may be shown under names that are longer than names may be."""
    if len(name) <= MAX_NAME_BYTES:
        return name
    tail = b"~" + hashlib.sha256(name).hexdigest()[:8].encode()
    return name[: MAX_NAME_BYTES - len(tail)].decode("utf-8", "ignore").encode() + tail
