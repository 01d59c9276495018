"""What synchronisation needs of an open locker. core provides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from megadesk.format.ops import FileContent, LinkContent, Operation
from megadesk.state.index.index import Index
from megadesk.sync.values import Key
from megadesk.transfer.port import LockerPort
from megadesk.types import NodeId


class Wish(NamedTuple):
    """An operation, and what must be so in the locker for it to be done. Checked inside the append lock.

    Whoever writes on the strength of what it read a moment ago would undo what others wrote since.
    """

    op: Operation | None
    """None: only ``settle``."""
    parent: NodeId | None = None
    """The node lies in this folder, under ``name`` as it is shown."""
    name: bytes = b""
    content: bytes | None = None
    """The node's content is this (values.Entry.content)."""
    known: Mapping[Key, bytes] | None = None
    """All that lies below the node is among these, with these contents."""
    settle: Key = b""
    """A conflict copy that is settled by it: its version is superseded by the one that is shown first."""


class SyncPort(Protocol):
    """An open locker as pairs see it. Thread-safe; every call may block on I/O."""

    @property
    def transfers(self) -> LockerPort: ...

    @property
    def index(self) -> Index: ...

    @property
    def device_name(self) -> str:
        """How this computer is called in the locker."""
        ...

    def entries(self) -> int:
        """Log entries applied here."""
        ...

    def commit(self, wishes: Sequence[Wish]) -> list[bool]:
        """Do those whose conditions hold, in this order, as one entry; which were done. Durable when it returns."""
        ...

    def content(self, key: Key, version: bytes = b"") -> FileContent | LinkContent | None:
        """Content of an item, or of a version of it, slice lists resolved. None: there is none any more."""
        ...

    def contents(self, wanted: Sequence[tuple[Key, bytes]]) -> list[FileContent | LinkContent | None]:
        """As ``content`` of many, but for slice lists, which are not resolved."""
        ...
