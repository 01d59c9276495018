"""The part of the tree's tables that is not nodes: the log of moves, condemned packs, epochs, cut-offs, links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import apsw

from megadesk.state.index import rows
from megadesk.tree.table import LinkFact, MoveRecord
from megadesk.types import DeviceId, EpochId, LinkId, PackId, Stamp

_SELECT_LINK = "SELECT id, lamport, device, position, time_ms, made, revoked FROM links"


def _link(row: tuple[Any, ...]) -> LinkFact:
    return LinkFact(LinkId(row[0]), Stamp(row[1], DeviceId(row[2]), row[3]), row[4], row[5], row[6])


class FactsTable:
    """These methods of TreeTable; SqlTable adds the others."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._run: rows.Run = connection.execute

    # moves

    def moves_from(self, stamp: Stamp) -> list[MoveRecord]:
        found = self._run(
            "SELECT lamport, device, position, node, parent, name, time_ms, old FROM moves"
            " WHERE (lamport, device, position) >= (?,?,?) ORDER BY lamport, device, position",
            tuple(stamp),
        )
        return [rows.move(row) for row in found]

    def add_moves(self, moves: Sequence[MoveRecord]) -> None:
        self._connection.executemany(
            "INSERT INTO moves (lamport, device, position, node, parent, name, time_ms, old) VALUES (?,?,?,?,?,?,?,?)",
            (
                (*move.stamp, move.node, move.parent, move.name, move.time_ms, rows.encode_place(move.old))
                for move in moves
            ),
        )

    def save_move(self, move: MoveRecord) -> None:
        self._run(
            "UPDATE moves SET old=? WHERE lamport=? AND device=? AND position=?",
            (rows.encode_place(move.old), *move.stamp),
        )

    def delete_moves(self, lamport: int) -> int:
        self._run("DELETE FROM moves WHERE lamport <= ?", (lamport,))
        return self._connection.changes()

    # the locker's other facts

    def add_condemned(self, packs: Sequence[PackId], stamp: Stamp, seq: int) -> None:
        self._connection.executemany(
            "INSERT INTO condemned (pack, lamport, device, position, seq) VALUES (?,?,?,?,?)"
            " ON CONFLICT (pack) DO UPDATE SET lamport=excluded.lamport, device=excluded.device,"
            " position=excluded.position, seq=excluded.seq"
            " WHERE (excluded.lamport, excluded.device, excluded.position) < (lamport, device, position)",
            [(pack, *stamp, seq) for pack in packs],
        )

    def add_epoch(self, number: int, epoch: EpochId, stamp: Stamp) -> None:
        self._run(
            "INSERT INTO epochs (id, number, lamport, device, position) VALUES (?,?,?,?,?) ON CONFLICT (id) DO UPDATE"
            " SET number=excluded.number, lamport=excluded.lamport, device=excluded.device, position=excluded.position"
            " WHERE lamport IS NULL"
            " OR (excluded.lamport, excluded.device, excluded.position) < (lamport, device, position)",
            (epoch, number, *stamp),
        )

    def add_cutoff(self, device: DeviceId, seq: int, entry_hash: bytes) -> None:
        self._run(
            "INSERT INTO cutoffs (device, seq, hash) VALUES (?,?,?) ON CONFLICT (device) DO UPDATE"
            " SET seq=excluded.seq, hash=excluded.hash WHERE (excluded.seq, excluded.hash) < (seq, hash)",
            (device, seq, entry_hash),
        )

    def add_link(self, link: LinkId, stamp: Stamp, time_ms: int, made: bytes) -> None:
        self._run(
            "INSERT INTO links (id, lamport, device, position, time_ms, made, revoked) VALUES (?,?,?,?,?,?,0)"
            " ON CONFLICT (id) DO UPDATE SET lamport=excluded.lamport, device=excluded.device,"
            " position=excluded.position, time_ms=excluded.time_ms, made=excluded.made"
            " WHERE made IS NULL"
            " OR (excluded.lamport, excluded.device, excluded.position) < (lamport, device, position)",
            (link, *stamp, time_ms, made),
        )

    def revoke_link(self, link: LinkId, lamport: int) -> None:
        self._run(
            "INSERT INTO links (id, lamport, device, position, time_ms, made, revoked) VALUES (?,0,x'',0,0,NULL,?)"
            " ON CONFLICT (id) DO UPDATE SET revoked=excluded.revoked"
            " WHERE revoked = 0 OR excluded.revoked < revoked",
            (link, lamport),
        )

    def links(self) -> list[LinkFact]:
        return [_link(row) for row in self._run(f"{_SELECT_LINK} ORDER BY id")]

    def link(self, link: LinkId) -> LinkFact | None:
        row = self._run(f"{_SELECT_LINK} WHERE id = ?", (link,)).fetchone()
        return _link(row) if row is not None else None

    def condemned_packs(self) -> dict[PackId, tuple[Stamp, int]]:
        found = self._run("SELECT pack, lamport, device, position, seq FROM condemned ORDER BY pack")
        return {PackId(row[0]): (Stamp(row[1], DeviceId(row[2]), row[3]), row[4]) for row in found}

    def epoch_numbers(self) -> dict[EpochId, tuple[int, Stamp]]:
        found = self._run(
            "SELECT id, number, lamport, device, position FROM epochs WHERE lamport IS NOT NULL ORDER BY id"
        )
        return {EpochId(row[0]): (row[1], Stamp(row[2], DeviceId(row[3]), row[4])) for row in found}

    def cutoff_heads(self) -> dict[DeviceId, tuple[int, bytes]]:
        found = self._run("SELECT device, seq, hash FROM cutoffs ORDER BY device")
        return {DeviceId(row[0]): (row[1], row[2]) for row in found}
