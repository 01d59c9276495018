"""What an open locker tells whoever shows it. Frozen values, sent from worker threads into one sink."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from megadesk.types import NodeId


@dataclass(frozen=True)
class FoldersChanged:
    """Listings to be read again; ``folders`` None: any."""

    locker: str
    folders: frozenset[NodeId] | None


@dataclass(frozen=True)
class TransferChanged:
    """A transfer began, ended, failed or was moved in the queue. Progress itself is on the board, not here."""

    locker: str
    transfer: int


@dataclass(frozen=True)
class LockerStateChanged:
    """``read_only_reason`` None: the locker can be written, and its storage answers (again)."""

    locker: str
    read_only_reason: str | None


@dataclass(frozen=True)
class StoreTrouble:
    """The storage cannot be used right now; work waits."""

    locker: str
    message: str
    remedy: str


@dataclass(frozen=True)
class LinksChanged:
    """A link was made, changed, used or taken back, here or elsewhere: the list is to be read again."""

    locker: str


@dataclass(frozen=True)
class SyncChanged:
    """A sync pair does something else now, or its problems changed."""

    locker: str
    pair: int


@dataclass(frozen=True)
class ReencryptionChanged:
    """The encryption of what removed devices can read began, ended or met with trouble."""

    locker: str


Event: TypeAlias = (
    FoldersChanged
    | TransferChanged
    | LockerStateChanged
    | StoreTrouble
    | LinksChanged
    | SyncChanged
    | ReencryptionChanged
)
EventSink: TypeAlias = Callable[[Event], None]


def no_sink(event: Event) -> None:
    """For programs that show nothing."""
