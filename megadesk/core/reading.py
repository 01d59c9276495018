"""What a pass over the logs has found out so far: values of core.history."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from megadesk.errors import IntegrityError, ObjectNotFoundError
from megadesk.format.entry import Entry, entry_hash
from megadesk.state.index.records import HeadRow
from megadesk.types import DeviceId


@dataclass
class Sent:
    """The entry that one append has begun to send, in its first try or a later one."""

    seq: int = 0
    hash: bytes = b""


class Accepted(NamedTuple):
    """An entry that was verified, and whether its operations count."""

    entry: Entry
    record: bytes
    counts: bool = True


@dataclass
class Reading:
    """One pass over all logs: what is known so far, and what is still to be taken in."""

    heads: dict[DeviceId, HeadRow]
    queues: dict[DeviceId, deque[int]] = field(default_factory=dict)
    opened: dict[DeviceId, tuple[Entry, bytes]] = field(default_factory=dict)
    """The next entry of a log, waiting for what it had seen."""
    accepted: dict[tuple[DeviceId, int], HeadRow] = field(default_factory=dict)
    """Of this pass; the index has those of earlier ones."""
    cutoffs: dict[DeviceId, int] = field(default_factory=dict)
    broken: dict[DeviceId, tuple[int, IntegrityError | ObjectNotFoundError]] = field(default_factory=dict)
    """From which entry on a log cannot be read, and why; which is no matter if it turns out not to count."""
    batch: list[Accepted] = field(default_factory=list)

    def counts(self, device: DeviceId, seq: int) -> bool:
        """Whether an entry's operations do: it is not beyond what its device was shut out from."""
        return seq <= self.cutoffs.get(device, seq)

    def accept(self, entry: Entry, record: bytes) -> None:
        head = head_of(entry, record)
        self.heads[entry.device] = self.accepted[entry.device, entry.seq] = head
        self.queues[entry.device].popleft()
        del self.opened[entry.device]
        self.batch.append(Accepted(entry, record, self.counts(entry.device, entry.seq)))

    def take_batch(self) -> list[Accepted]:
        batch, self.batch = self.batch, []
        return batch


def head_of(entry: Entry, record: bytes) -> HeadRow:
    """An entry as the newest of its log."""
    seen = tuple((head.device, head.seq) for head in entry.seen)
    return HeadRow(entry.device, entry.seq, entry_hash(record), entry.lamport, entry.time_ms, seen)
