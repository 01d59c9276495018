"""A transfer as it is kept, and as it is shown. What survives a restart is here; progress is on the board."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Protocol

import msgspec

from megadesk.transfer.port import Conflict, FileFailure


class Direction(enum.Enum):
    UP = "up"
    DOWN = "down"


class State(enum.Enum):
    """QUEUED also while it waits for storage that cannot be reached; ``TransferRow.error`` then says so."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = frozenset({State.QUEUED, State.RUNNING, State.PAUSED})
"""States that a later run takes up again."""


class TransferRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a transfer.

    ``sources`` are local paths (os.fsencode) going up, node ids coming down; ``dest`` is a node id going up, a local
    path coming down.
    """

    direction: Direction
    sources: tuple[bytes, ...]
    dest: bytes
    dest_text: str
    title: str
    conflict: Conflict
    created_ms: int
    state: State = State.QUEUED
    error: str = ""
    failures: tuple[FileFailure, ...] = ()
    done_files: int = 0
    done_bytes: int = 0
    total_files: int = 0
    total_bytes: int = 0
    unchanged_files: int = 0


class KeptTransfer(msgspec.Struct, frozen=True):
    """A record with its number, place in the queue and the process that works on it."""

    id: int
    position: float
    owner: str
    record: TransferRecord


class TransferTable(Protocol):
    """Durable storage of transfers, shared by all processes on this machine. Thread-safe."""

    def add(self, record: TransferRecord, owner: str) -> int:
        """Append to the queue; the new id."""
        ...

    def save(self, transfer: int, record: TransferRecord) -> None: ...

    def claim(self, transfer: int, old_owner: str, new_owner: str) -> bool:
        """Take over; False when somebody else has."""
        ...

    def set_position(self, transfer: int, position: float) -> None: ...

    def remove(self, transfer: int) -> None: ...

    def load(self, *, not_of: str = "") -> Sequence[KeptTransfer]:
        """All, by position; without those of one owner."""
        ...


class TransferRow(msgspec.Struct, frozen=True, gc=False):
    """A transfer as shown: a snapshot. Byte counts are plaintext bytes."""

    id: int
    direction: Direction
    sources: tuple[str, ...]
    dest: str
    state: State
    title: str
    done_bytes: int
    total_bytes: int
    done_files: int
    total_files: int
    unchanged_files: int
    moved_bytes: int
    """Of done_bytes, those that travelled in this run."""
    scanning: bool
    speed_bps: float
    eta_s: float | None
    error: str
    failures: int
    current: str
    created_ms: int
