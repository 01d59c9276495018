"""Values that every layer shares: identifiers, kinds, stamps. No behaviour, no imports of ours."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import NamedTuple, NewType, TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview

LockerId = NewType("LockerId", bytes)
"""32 bytes: SHA-256 of the genesis record, so the storage cannot give a locker other founding keys."""
DeviceId = NewType("DeviceId", bytes)
"""16 bytes: the first half of SHA-256 over the device's public keys and a nonce."""
NodeId = NewType("NodeId", bytes)
"""16 bytes, random. ROOT and TRASH are fixed."""
VersionId = NewType("VersionId", bytes)
"""16 bytes; a file's first version bears its node's id."""
PackId = NewType("PackId", bytes)
"""16 random bytes."""
EpochId = NewType("EpochId", bytes)
"""8 bytes derived from the epoch's secret."""
LinkId = NewType("LinkId", bytes)
"""16 bytes derived from the link's secret; public."""

ROOT = NodeId(bytes(16))
TRASH = NodeId(bytes(15) + b"\x01")


class NodeKind(enum.IntEnum):
    FOLDER = 0
    FILE = 1
    LINK = 2
    """A symbolic link; its target is kept, never followed."""


class Stamp(NamedTuple):
    """Total order of operations over all devices: Lamport clock, then device id, then position in the entry."""

    lamport: int
    device: DeviceId
    position: int


class Progress(NamedTuple):
    """How far a long piece of work is. ``total`` is 0 while unknown."""

    done: int
    total: int
    what: str = ""


ProgressCallback: TypeAlias = Callable[[Progress], None]
