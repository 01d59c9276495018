"""Versions that took the place of others with the same bytes, when they were encrypted anew (docs/adr/0033).

To the format they are new versions. Here it is remembered, as they are applied, which version each stands for: sync
then neither fetches nor sends the file again, and lists go on showing when and where it was saved. A device that began
from a checkpoint lacks what came before, and shows the date of the encryption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from megadesk.format.entry import Entry
from megadesk.format.ops import AddVersion, FileContent, Purge, decode_content
from megadesk.state.index.index import Index, Session
from megadesk.tree.rows import VersionRow
from megadesk.types import DeviceId, NodeId, VersionId


def note_renewals(session: Session, entry: Entry) -> None:
    """Called in the transaction that applies ``entry``, before it does: the contents to compare are forgotten by it."""
    purged = {(op.node, version) for op in entry.ops if isinstance(op, Purge) for version in op.versions}
    if not purged:
        return
    for op in entry.ops:
        if isinstance(op, AddVersion) and op.bases and (op.node, op.bases[0]) in purged:
            _note(session, op)


def _note(session: Session, op: AddVersion) -> None:
    node, old = NodeId(op.node), VersionId(op.bases[0])
    data = session.view.content(node, old)
    if data is None or not _same_bytes(decode_content(data), op.content):
        return
    row = next((each for each in session.view.versions(node) if each.id == old), None)
    if row is None:
        return
    run = session.connection.execute
    before = run("SELECT time_ms, device FROM renewed WHERE new = ?", (old,)).fetchall()
    time_ms, device = before[0] if before else (row.time_ms, row.device)
    run(
        "INSERT OR IGNORE INTO renewed (node, old, new, time_ms, device) VALUES (?, ?, ?, ?, ?)",
        (node, old, op.version, time_ms, device),
    )


def _same_bytes(old: object, new: object) -> bool:
    """By the digests of the slices. A list of slices has other bytes each time: then by the sizes."""
    if not isinstance(old, FileContent) or not isinstance(new, FileContent) or old.size != new.size:
        return False
    if old.indirect or new.indirect:
        return old.indirect == new.indirect
    return [ref.digest for ref in old.slices] == [ref.digest for ref in new.slices]


def as_saved(index: Index, rows: Sequence[VersionRow]) -> list[VersionRow]:
    """``rows`` with time and device of the versions that they stand for."""
    with index.read() as session:
        run = session.connection.execute
        found = []
        for row in rows:
            known: list[Any] = run("SELECT time_ms, device FROM renewed WHERE new = ?", (row.id,)).fetchall()
            found.append(replace(row, time_ms=known[0][0], device=DeviceId(known[0][1])) if known else row)
    return found
