"""Fitting an upload's operations to a tree that somebody else changed since the upload looked at it.

Two programs that put the same folder at once must not make two folders of one name. Inside the append lock every new
node is compared with what its folder holds by then, unless it lies in a folder that only this upload has written to.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from megadesk.format.ops import AddVersion, Create, Operation, SetAttributes
from megadesk.state.index.index import Session
from megadesk.types import NodeId, NodeKind, VersionId


class Rebase:
    """State over the commits of one open locker. Used inside the append lock only."""

    def __init__(self) -> None:
        self._own: set[NodeId] = set()
        """Folders made here, into which nobody else has written yet."""
        self._replaced: dict[NodeId, NodeId] = {}
        """Folders that were to be made here, and whose they became."""
        self._entries = -1
        """Entries applied after the last commit here: another number means that somebody else wrote."""

    def committed(self, entries: int) -> None:
        self._entries = entries

    def fitted(self, session: Session, ops: Sequence[Operation]) -> Sequence[Operation]:
        """``ops``, with those replaced that would take a name that is taken by now."""
        if sum(head.seq for head in session.records.heads().values()) != self._entries:
            self._own.clear()
        fitted: list[Operation] = []
        for op in ops:
            if isinstance(op, Create):
                new = self._create(session, op)
                if new is not None:
                    fitted.append(new)
            elif isinstance(op, AddVersion):
                heads = session.view.heads(op.node)
                stale = bool(heads) and heads[0] not in op.bases
                fitted.append(msgspec.structs.replace(op, bases=(heads[0],)) if stale else op)
            else:
                fitted.append(op)
        return fitted

    def _create(self, session: Session, op: Create) -> Operation | None:
        parent = self._replaced.get(op.parent)
        if parent is not None:
            op = msgspec.structs.replace(op, parent=parent)
        if op.parent not in self._own:
            key = session.table.key_of(op.parent)
            for node in session.table.named(key, op.name) if key is not None else ():
                if node.kind != op.kind:
                    continue
                if op.kind == NodeKind.FOLDER:
                    self._replaced[op.node] = node.id
                    return SetAttributes(node.id, op.mode, op.mtime_ns)
                if (node.size, node.mtime_ns) == (getattr(op.content, "size", node.size), op.mtime_ns):
                    return None
                assert op.content is not None
                return AddVersion(node.id, VersionId(op.node), (node.head,), op.mode, op.mtime_ns, op.content)
        if op.kind == NodeKind.FOLDER:
            self._own.add(op.node)
        return op
