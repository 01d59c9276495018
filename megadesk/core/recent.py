"""The files that were added or changed last, by anybody."""

from __future__ import annotations

from dataclasses import dataclass

from megadesk.errors import PathError
from megadesk.state.index.index import Index
from megadesk.state.index.rows import Run
from megadesk.tree.rows import NodeRow
from megadesk.types import ROOT, NodeId, NodeKind

_SPARE = 4
"""So many times more are looked at than wanted: some lie in the trash."""


@dataclass(frozen=True)
class RecentRow:
    """A file, and when it got its present content, by the clock of the device that saved it."""

    path: str
    row: NodeRow
    time_ms: int


def recent(index: Index, limit: int) -> list[RecentRow]:
    """Newest first; the trash is left out. One pass over the nodes, and none over the older versions."""
    with index.read() as session:
        run: Run = session.connection.execute
        added = run(
            "SELECT id, time_ms FROM nodes WHERE kind = ? AND gone = 0 ORDER BY time_ms DESC LIMIT ?",
            (int(NodeKind.FILE), limit * _SPARE),
        ).fetchall()
        changed = run(
            "SELECT n.id, v.time_ms FROM versions v JOIN nodes n ON n.key = v.node"
            " WHERE v.id <> x'' AND n.gone = 0 AND v.id NOT IN (SELECT new FROM renewed)"
            " ORDER BY v.time_ms DESC LIMIT ?",
            (limit * _SPARE,),
        ).fetchall()
        # Encrypted anew, which is no change: by when they were saved.
        changed += run("SELECT node, time_ms FROM renewed ORDER BY time_ms DESC LIMIT ?", (limit * _SPARE,)).fetchall()
        newest: dict[bytes, int] = {}
        for node, time_ms in (*added, *changed):
            newest[bytes(node)] = max(newest.get(bytes(node), 0), int(time_ms))
        found: list[RecentRow] = []
        for node, time_ms in sorted(newest.items(), key=lambda item: item[1], reverse=True):
            if len(found) == limit:
                break
            row = session.view.get(NodeId(node))
            try:
                where = session.view.locate(NodeId(node))
            except PathError:
                continue
            if row is not None and where.root == ROOT:
                found.append(RecentRow(where.path, row, time_ms))
    return found
