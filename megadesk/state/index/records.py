"""The small tables beside the tree: heads, devices, epochs, pending entry, condemned packs, cut-offs, meta."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import apsw
import msgspec

from megadesk.state.index.rows import Run
from megadesk.tree.stability import Acknowledged, stable_lamport
from megadesk.types import DeviceId, EpochId, PackId, Stamp

_SELECT_HEAD = "SELECT device, seq, hash, lamport, time_ms, seen FROM heads "
_encode_seen = msgspec.msgpack.Encoder().encode
_decode_seen = msgspec.msgpack.Decoder(tuple[tuple[bytes, int], ...]).decode


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The last entry of a device that was verified and applied here."""

    device: DeviceId
    seq: int
    hash: bytes
    lamport: int
    time_ms: int
    seen: tuple[tuple[DeviceId, int], ...] = ()
    """(device, seq) of the other devices' entries that it had applied by then: the entry's ``seen``."""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    id: DeviceId
    sign_pk: bytes
    kem_pk: bytes
    name: str
    enrolled_ms: int
    enroller: bytes
    """b"": the recovery key."""
    cutoff_seq: int | None = None
    """Revoked: its entries after this one do not count."""
    cutoff_hash: bytes | None = None

    @property
    def revoked(self) -> bool:
        return self.cutoff_seq is not None


@dataclass(frozen=True, slots=True)
class EpochRow:
    id: EpochId
    number: int | None
    """None: only the secret is known so far."""
    stamp: Stamp | None
    secret: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CondemnedRow:
    pack: PackId
    stamp: Stamp
    seq: int
    """Number of the entry, of ``stamp.device``, that condemned it: the others must have seen that one."""


def _head(row: tuple[Any, ...]) -> HeadRow:
    seen = tuple((DeviceId(device), seq) for device, seq in _decode_seen(row[5]))
    return HeadRow(DeviceId(row[0]), row[1], row[2], row[3], row[4], seen)


class Records:
    """Typed access over one connection, inside the caller's transaction."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._run: Run = connection.execute

    # heads

    def heads(self) -> dict[DeviceId, HeadRow]:
        rows = self._run(_SELECT_HEAD + "ORDER BY device")
        return {DeviceId(row[0]): _head(row) for row in rows}

    def head(self, device: DeviceId) -> HeadRow | None:
        row = self._run(_SELECT_HEAD + "WHERE device = ?", (device,)).fetchone()
        return _head(row) if row else None

    def set_head(self, head: HeadRow) -> None:
        """Call it for every entry, in the transaction that applies it."""
        self._run(
            "INSERT OR REPLACE INTO heads (device, seq, hash, lamport, time_ms, seen) VALUES (?,?,?,?,?,?)",
            (head.device, head.seq, head.hash, head.lamport, head.time_ms, _encode_seen(head.seen)),
        )
        self._run(
            "INSERT OR REPLACE INTO clocks (device, seq, lamport, hash) VALUES (?,?,?,?)",
            (head.device, head.seq, head.lamport, head.hash),
        )

    def applied(self, device: DeviceId, seq: int) -> tuple[bytes | None, int]:
        """(hash, clock) of an applied entry; (None, 0) of one not applied here by itself: a checkpoint stood for it."""
        row = self._run("SELECT hash, lamport FROM clocks WHERE device = ? AND seq = ?", (device, seq)).fetchone()
        return (bytes(row[0]), int(row[1])) if row else (None, 0)

    def last_drop(self) -> int:
        """Clock of the last purge of any version that is still remembered; 0 when there is none."""
        return int(self._run("SELECT coalesce(max(dropped), 0) FROM versions WHERE dropped > 0").fetchall()[0][0])

    def lamport(self) -> int:
        """The largest clock applied; 0 at first."""
        return int(self._run("SELECT coalesce(max(lamport), 0) FROM heads").fetchall()[0][0])

    def stable_lamport(self) -> int:
        """Clock for Session.prune: up to it every live device has seen everything.

        A device that was enrolled and never wrote holds it at 0, for nobody knows what it has seen.
        """
        heads = {device: Acknowledged(head.seq, head.lamport, dict(head.seen)) for device, head in self.heads().items()}
        devices = self.devices()
        # A device without enrolment row counts as live: better to keep too much.
        live = {device for device in heads if device not in devices}
        for device, row in devices.items():
            head = heads.get(device)
            if row.cutoff_seq is None or (head.seq if head else 0) < row.cutoff_seq:
                live.add(device)
        return stable_lamport(heads, live, self._floor)

    def _floor(self, device: DeviceId, seq: int) -> int:
        row = self._run("SELECT lamport - 1 FROM clocks WHERE device = ? AND seq = ?", (device, seq + 1)).fetchone()
        if row is None:  # before the checkpoint that this index came from
            row = self._run(
                "SELECT lamport FROM clocks WHERE device = ? AND seq <= ? ORDER BY seq DESC LIMIT 1", (device, seq)
            ).fetchone()
        return int(row[0]) if row is not None else 0

    # devices

    def devices(self) -> dict[DeviceId, DeviceRow]:
        rows = self._run(
            "SELECT d.id, d.sign_pk, d.kem_pk, d.name, d.enrolled_ms, d.enroller, c.seq, c.hash"
            " FROM devices d LEFT JOIN cutoffs c ON c.device = d.id ORDER BY d.enrolled_ms, d.id"
        )
        return {DeviceId(row[0]): DeviceRow(*row) for row in rows}

    def add_device(self, device: DeviceRow) -> None:
        """Known ids stay as they are: an enrolment is immutable."""
        self._run(
            "INSERT OR IGNORE INTO devices (id, sign_pk, kem_pk, name, enrolled_ms, enroller) VALUES (?,?,?,?,?,?)",
            (device.id, device.sign_pk, device.kem_pk, device.name, device.enrolled_ms, device.enroller),
        )

    def device_name(self, device: DeviceId) -> str:
        row = self._run("SELECT name FROM devices WHERE id = ?", (device,)).fetchone()
        return str(row[0]) if row else device.hex()[:8]

    # who is shut out

    def add_rekey(self, device: DeviceId, seq: int, position: int, record: bytes) -> None:
        """Keep a Rekey, whether or not it counts."""
        self._run("INSERT OR IGNORE INTO rekeys VALUES (?,?,?,?)", (device, seq, position, record))

    def rekeys(self) -> list[tuple[DeviceId, int, int, bytes]]:
        """(device, seq, position, encoded Rekey) of all that were read."""
        rows = self._run("SELECT device, seq, position, record FROM rekeys ORDER BY device, seq, position")
        return [(DeviceId(row[0]), int(row[1]), int(row[2]), bytes(row[3])) for row in rows]

    def set_cutoffs(self, cutoffs: dict[DeviceId, tuple[int, bytes]]) -> None:
        """These are shut out, and no others."""
        self._run("DELETE FROM cutoffs")
        for device, (seq, entry_hash) in cutoffs.items():
            self._run("INSERT INTO cutoffs (device, seq, hash) VALUES (?,?,?)", (device, seq, entry_hash))

    def mute(self, device: DeviceId, seq: int) -> None:
        """An entry was taken without its operations, as are all after it."""
        self._run("INSERT OR IGNORE INTO muted (device, seq) VALUES (?,?)", (device, seq))

    def unmute(self, device: DeviceId) -> None:
        """An entry is applied; if one before it was not, the tree is by now what no cut-off makes of this log."""
        self._run("UPDATE muted SET seq = 0 WHERE device = ?", (device,))

    def muted(self) -> dict[DeviceId, int]:
        """Of each device of which any was: the first entry that was taken without its operations.

        0: after one that was, others were applied.
        """
        return {DeviceId(row[0]): int(row[1]) for row in self._run("SELECT device, seq FROM muted")}

    # epochs

    def epochs(self) -> dict[EpochId, EpochRow]:
        rows = self._run("SELECT id, number, lamport, device, position, secret FROM epochs ORDER BY number, id")
        found = {}
        for epoch, number, lamport, device, position, secret in rows:
            stamp = Stamp(lamport, DeviceId(device), position) if lamport is not None else None
            found[EpochId(epoch)] = EpochRow(EpochId(epoch), number, stamp, secret)
        return found

    def set_epoch_secret(self, epoch: EpochId, secret: bytes, number: int | None = None) -> None:
        """Keep a secret; ``number`` when no Rekey says it (epoch 0, or a secret that came by enrolment)."""
        self._run(
            "INSERT INTO epochs (id, number, secret) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (id) DO UPDATE SET secret = ?3, number = coalesce(number, ?2)",
            (epoch, number, secret),
        )

    # the entry being put

    def pending(self) -> tuple[int, bytes] | None:
        """(seq, record) of an entry that may or may not be in the store."""
        row = self._run("SELECT seq, record FROM pending ORDER BY seq LIMIT 1").fetchone()
        return (int(row[0]), bytes(row[1])) if row else None

    def set_pending(self, seq: int, record: bytes) -> None:
        self._run("INSERT OR REPLACE INTO pending (seq, record) VALUES (?, ?)", (seq, record))

    def clear_pending(self) -> None:
        self._run("DELETE FROM pending")

    # packs

    def condemned(self) -> list[CondemnedRow]:
        rows = self._run("SELECT pack, lamport, device, position, seq FROM condemned ORDER BY pack")
        return [CondemnedRow(PackId(row[0]), Stamp(row[1], DeviceId(row[2]), row[3]), row[4]) for row in rows]

    def forget_condemned(self, packs: list[PackId]) -> None:
        """They are deleted from the store, or in use again."""
        for pack in packs:
            self._run("DELETE FROM condemned WHERE pack = ?", (pack,))

    # meta

    def meta(self, name: str) -> bytes | None:
        row = self._run("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else None

    def set_meta(self, name: str, value: bytes | None) -> None:
        """None removes it."""
        if value is None:
            self._run("DELETE FROM meta WHERE name = ?", (name,))
        else:
            self._run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))
