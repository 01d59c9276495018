"""Keeping in the locker what somebody else's link shows: fetched, verified, sealed anew under the locker's own keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from megadesk.core.edit import Where, find_row
from megadesk.core.history import History
from megadesk.core.port import Port, packs_of
from megadesk.core.reseal import Resealer
from megadesk.errors import PathError, StoreUnavailableError
from megadesk.format.entry import batches
from megadesk.format.ops import Create, FileContent, LinkContent, Operation
from megadesk.share.opening import OpenedLink
from megadesk.share.safe import target_is_inside
from megadesk.state.index.index import Index
from megadesk.transfer.control import Control
from megadesk.transfer.port import NodeIds, alternative_name
from megadesk.types import NodeId, NodeKind, Progress, ProgressCallback

_MODE = {NodeKind.FOLDER: 0o755, NodeKind.FILE: 0o644}


class LinkKeeper:
    """One run. Nothing is in the tree before all of it is in the storage."""

    def __init__(
        self,
        index: Index,
        history: History,
        port: Port,
        changing: Callable[[], AbstractContextManager[None]],
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> None:
        """``changing``: around what is written to this locker; that the link is damaged is none of its business."""
        self._index = index
        self._history = history
        self._port = port
        self._changing = changing
        self._progress = progress or (lambda _: None)
        self._control = control or Control()

    def run(self, link: OpenedLink, dest: Where) -> NodeId:
        """Put what ``link`` shows into the folder ``dest``, under a name that is free; the new node's id.

        Names are made harmless as for a download, and symbolic links that lead out of it are left out. Raises
        PathError, LinkError, IntegrityError, StoreError, CancelledError.
        """
        with self._port.uploading():
            with self._changing():
                self._folder(dest)
            resealer = Resealer(self._port)
            try:
                ops = list(self._ops(link, resealer))
                resealer.put()
            finally:
                resealer.close()
            with self._changing():
                return self._commit(ops, dest)

    def _folder(self, dest: Where) -> NodeId:
        with self._index.read() as session:
            row = find_row(session, dest)
        if row.kind is not NodeKind.FOLDER:
            raise PathError(f"“{row.display_name}” is not a folder.")
        return row.id

    def _ops(self, link: OpenedLink, resealer: Resealer) -> Iterator[Create]:
        """Creates of everything; the first one's parent and name are decided when they are written."""
        ids = NodeIds()
        nodes: dict[int, NodeId] = {}
        total, done = link.record.size_bytes, 0
        for entry in link.entries():
            node = link.record.nodes[entry.index]
            nodes[entry.index] = NodeId(ids.new())
            content: FileContent | LinkContent | None = None
            mode = _MODE.get(entry.kind, 0o777) | (0o111 if node.mode & 0o100 else 0)
            if entry.kind is NodeKind.LINK:
                assert isinstance(node.content, bytes)
                if not target_is_inside(entry.path, node.content):
                    continue
                content = LinkContent(node.content)
            elif entry.kind is NodeKind.FILE:
                refs = []
                for position, plain in enumerate(link.slices(entry.index)):
                    self._control.step()
                    refs.append(resealer.slice(memoryview(plain), position))
                    done += len(plain)
                    self._progress(Progress(done, total, entry.path))
                content = resealer.content(node.size, refs)
            parent = nodes[node.parent] if entry.index else nodes[0]
            name = os.fsencode(entry.path.rpartition("/")[2])
            yield Create(nodes[entry.index], parent, name, node.kind, mode, node.mtime_ns, content)

    def _commit(self, ops: list[Create], dest: Where) -> NodeId:
        if not ops:
            raise PathError("The link shows a symbolic link to something outside of it, and nothing else.")
        rest: Iterator[list[Operation]] = iter(())
        needed = set(packs_of(ops))

        def first() -> list[Operation]:
            nonlocal rest
            folder = self._folder(dest)
            with self._index.read() as session:
                if not needed.isdisjoint(row.pack for row in session.records.condemned()):
                    raise StoreUnavailableError("Another device cleaned up meanwhile.", remedy="Do it once more.")
                name = os.fsdecode(ops[0].name)
                if session.view.child(folder, name) is not None:
                    name = alternative_name(name, lambda other: session.view.child(folder, other) is not None)
            top = ops[0]
            placed = Create(top.node, folder, os.fsencode(name), top.kind, top.mode, top.mtime_ns, top.content)
            rest = iter(list(batches([placed, *ops[1:]])))
            return next(rest)

        self._history.append(first)
        for batch in rest:
            self._history.append(batch)
        return ops[0].node
