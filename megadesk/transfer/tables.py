"""The queue and the journal in the locker's encrypted index, shared by all processes on this machine."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec

from megadesk.format.ops import SliceRef
from megadesk.format.wire import Record
from megadesk.state.index.index import Index
from megadesk.transfer.port import JournalMember, StoredSlice
from megadesk.transfer.records import KeptTransfer, TransferRecord
from megadesk.types import PackId

log = logging.getLogger(__name__)

_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_encode = msgspec.msgpack.Encoder().encode
_records = msgspec.msgpack.Decoder(TransferRecord)


class _Member(Record, frozen=True):
    path: bytes
    size: int
    mtime_ns: int
    inode: int
    position: int
    ref: SliceRef


_members = msgspec.msgpack.Decoder(tuple[_Member, ...])


class SqlJournal:
    """transfer.port.Journal. A row is written before a pack is put, and filled when it is in the store.

    Rows survive a killed process. Loss of power may take the last ones: those packs are then sent again.
    """

    def __init__(self, index: Index) -> None:
        self._index = index

    def load(self) -> Mapping[bytes, Sequence[StoredSlice]]:
        found: dict[bytes, list[StoredSlice]] = {}
        with self._index.read() as session:
            # Another device takes packs for unused that are not in the tree yet, and may be about to delete them.
            blobs = session.connection.execute(
                "SELECT members FROM journal WHERE members IS NOT NULL AND pack NOT IN (SELECT pack FROM condemned)"
            ).fetchall()
        for (blob,) in blobs:
            try:
                members = _members.decode(cast(bytes, blob))
            except _MALFORMED as error:
                log.warning("a pack's entry in the journal is left out: %s", error)  # it is sent again
                continue
            for member in members:
                stored = StoredSlice(member.size, member.mtime_ns, member.inode, member.position, member.ref)
                found.setdefault(member.path, []).append(stored)
        return found

    def begin(self, transfer: int, pack: PackId) -> None:
        with self._index.write() as session:
            session.connection.execute("INSERT INTO journal (pack, transfer) VALUES (?, ?)", (pack, transfer))

    def done(self, transfer: int, pack: PackId, members: Sequence[JournalMember]) -> None:
        blob = _encode(members)
        with self._index.write() as session:
            session.connection.execute(
                "INSERT OR REPLACE INTO journal (pack, transfer, members) VALUES (?, ?, ?)", (pack, transfer, blob)
            )

    def clear(self, transfer: int) -> None:
        with self._index.write() as session:
            session.connection.execute("DELETE FROM journal WHERE transfer = ?", (transfer,))

    def packs(self) -> set[PackId]:
        """Packs that some transfer may still refer to."""
        with self._index.read() as session:
            return {PackId(row[0]) for row in session.connection.execute("SELECT pack FROM journal")}

    def forget_dead(self, live: set[int]) -> None:
        """Drop what belongs to transfers that are not in the queue any more."""
        with self._index.write() as session:
            run = session.connection.execute
            for (transfer,) in run("SELECT DISTINCT transfer FROM journal").fetchall():
                if transfer not in live:
                    run("DELETE FROM journal WHERE transfer = ?", (transfer,))


class SqlTransfers:
    """transfer.records.TransferTable."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def add(self, record: TransferRecord, owner: str) -> int:
        with self._index.write() as session:
            run = session.connection.execute
            run("INSERT INTO transfers (position, owner, record) VALUES (0, ?, ?)", (owner, _encode(record)))
            number = session.connection.last_insert_rowid()
            run("UPDATE transfers SET position = id WHERE id = ?", (number,))
            return number

    def save(self, transfer: int, record: TransferRecord) -> None:
        with self._index.write() as session:
            session.connection.execute("UPDATE transfers SET record = ? WHERE id = ?", (_encode(record), transfer))

    def claim(self, transfer: int, old_owner: str, new_owner: str) -> bool:
        with self._index.write() as session:
            session.connection.execute(
                "UPDATE transfers SET owner = ? WHERE id = ? AND owner = ?", (new_owner, transfer, old_owner)
            )
            return session.connection.changes() == 1

    def set_position(self, transfer: int, position: float) -> None:
        with self._index.write() as session:
            session.connection.execute("UPDATE transfers SET position = ? WHERE id = ?", (position, transfer))

    def remove(self, transfer: int) -> None:
        with self._index.write() as session:
            session.connection.execute("DELETE FROM transfers WHERE id = ?", (transfer,))

    def load(self, *, not_of: str = "") -> Sequence[KeptTransfer]:
        with self._index.read() as session:
            rows: list[Any] = session.connection.execute(
                "SELECT id, position, owner, record FROM transfers"
                " WHERE owner < ?1 OR owner > ?1 ORDER BY position, id",
                (not_of,),
            ).fetchall()
        kept = []
        for number, position, owner, record in rows:
            try:
                kept.append(KeptTransfer(number, position, owner, _records.decode(record)))
            except _MALFORMED as error:
                # Of another version of the program. It must not keep the locker from opening.
                log.warning("transfer %d is left out: %s", number, error)
        return kept
