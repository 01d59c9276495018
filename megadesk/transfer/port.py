"""What the pipelines need of an open locker, and the values they exchange. core.Locker provides it."""

from __future__ import annotations

import enum
import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

from megadesk.format.ops import FileContent, Operation, SliceRef
from megadesk.stores.api import Store
from megadesk.types import LockerId, NodeId, NodeKind, PackId, VersionId


class Conflict(enum.Enum):
    """What to do when the name is taken by other content."""

    REPLACE = "replace"
    KEEP_BOTH = "keep-both"
    SKIP = "skip"
    NEWER = "newer"
    ASK = "ask"


@dataclass(frozen=True)
class ConflictQuestion:
    """The name is taken: both sides' sizes and times."""

    path: str
    existing_size: int
    existing_mtime_ns: int
    new_size: int
    new_mtime_ns: int


@dataclass(frozen=True)
class ConflictAnswer:
    choice: Conflict
    apply_to_all: bool = False


Asker = Callable[[ConflictQuestion], ConflictAnswer]


class ConflictResolver:
    """Turns a policy, and the user's answers under ASK, into one choice a file. Used by one thread."""

    def __init__(self, policy: Conflict, ask: Asker | None) -> None:
        self._policy = policy if policy is not Conflict.ASK or ask is not None else Conflict.KEEP_BOTH
        self._ask = ask

    def choose(self, question: ConflictQuestion) -> Conflict:
        """REPLACE, KEEP_BOTH or SKIP."""
        choice = self._policy
        if choice is Conflict.ASK and self._ask is not None:
            answer = self._ask(question)
            choice = answer.choice
            if answer.apply_to_all:
                self._policy = choice
        if choice is Conflict.NEWER:
            newer = question.new_mtime_ns > question.existing_mtime_ns
            return Conflict.REPLACE if newer else Conflict.SKIP
        return choice


@dataclass(frozen=True)
class FileFailure:
    """A file that could not be transferred, for people: what happened and what to do."""

    path: str
    title: str
    message: str
    remedy: str = ""


class Existing(NamedTuple):
    """A node that a folder of the locker already holds."""

    node: NodeId
    kind: NodeKind
    size: int
    mtime_ns: int
    mode: int
    head: VersionId | None
    """The current version; None for folders."""


class StoredSlice(NamedTuple):
    """A slice that an interrupted upload has already put into the store."""

    size: int
    mtime_ns: int
    inode: int
    position: int
    ref: SliceRef


JournalMember: TypeAlias = tuple[bytes, int, int, int, int, SliceRef]
"""Local path, as os.fsencode gives it, then the fields of StoredSlice. A plain tuple: every small file makes one."""


class Journal(Protocol):
    """Packs that are stored but not yet in the tree. Durable against a killed process; thread-safe."""

    def load(self) -> Mapping[bytes, Sequence[StoredSlice]]:
        """Slices by local path, as os.fsencode gives it."""

    def begin(self, transfer: int, pack: PackId) -> None:
        """``pack`` is about to be put."""

    def done(self, transfer: int, pack: PackId, members: Sequence[JournalMember]) -> None:
        """``pack`` is in the store, with these slices."""

    def clear(self, transfer: int) -> None:
        """Everything of this transfer is in the tree, or given up."""


class LockerPort(Protocol):
    """An open locker, seen from the pipelines. Thread-safe; every call may block on I/O."""

    locker_id: LockerId
    digest_key: bytes

    @property
    def journal(self) -> Journal: ...

    @property
    def store(self) -> Store: ...

    def children(self, folder: NodeId) -> dict[bytes, Existing]:
        """What ``folder`` holds, by exact name."""

    def file_content(self, node: NodeId, version: VersionId | None = None) -> FileContent:
        """A file's content (None: its current version), with indirect slice lists resolved."""

    def resolved(self, content: FileContent) -> FileContent:
        """With its real slices, when they are in packs of their own. Raises IntegrityError, StoreError."""

    def reusable_slices(self, node: NodeId) -> tuple[SliceRef | None, ...]:
        """Slices of a file's current version; None where a new version must not refer to the stored one."""

    def link_target(self, node: NodeId) -> bytes: ...

    def known_states(self, node: NodeId) -> frozenset[tuple[int, int]]:
        """(size, mtime_ns) of the node's versions: a local file like one of these is an older copy of it."""

    def own_folders(self) -> Sequence[str]:
        """Local folders of the locker itself (its storage, its keys), which an upload leaves out."""

    def uploading(self) -> AbstractContextManager[object]:
        """Held while packs are put that the tree does not refer to yet, so that they are not collected."""

    def commit(self, ops: Sequence[Operation]) -> None:
        """Append ``ops`` to the device's log. The packs they refer to were put before, and are made durable first."""


class NodeIds:
    """New node and version ids: 12 random bytes a batch and a counter, so that index inserts stay local."""

    def __init__(self) -> None:
        # The time goes in because a machine cloned with its generator draws the same: of two nodes of one id the tree
        # keeps one.
        seed = os.urandom(32) + time.time_ns().to_bytes(16, "big")
        self._prefix = hashlib.sha256(seed).digest()[:12]
        self._next = 0

    def new(self) -> bytes:
        """16 bytes. Not thread-safe."""
        if self._next >> 32:
            self.__init__()  # type: ignore[misc]
        self._next += 1
        return self._prefix + self._next.to_bytes(4, "big")


def alternative_name(name: str, taken: Callable[[str], bool]) -> str:
    """``report.txt`` -> ``report (2).txt``, the first that is free."""
    stem, suffix = os.path.splitext(name)
    if not stem:
        stem, suffix = name, ""
    number = 2
    while True:
        tail = f" ({number}){suffix}"
        candidate = stem + tail
        while len(os.fsencode(candidate)) > 255:
            stem = stem[:-1]
            candidate = stem + tail
        if not taken(candidate):
            return candidate
        number += 1
