"""Values of synchronisation: entries of the three trees, and what a plan is made of. No behaviour, no input or output.

An item has one key in all three trees. The pair's own folder is ROOT_KEY and never an entry. What the locker has bears
the node's id; a losing version that the locker shows as a conflict copy, the node's id and the version's. What exists
only here bears ``own_key``.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TypeAlias

import msgspec

from megadesk.types import NodeKind

Key: TypeAlias = bytes
ROOT_KEY: Key = b""

_LOCKER_LENGTHS = (16, 32)


def own_key(mark: bytes, name: bytes) -> Key:
    """A key for what only this side has; told from the locker's keys by its length."""
    key = mark + name
    return key + b"/" if len(key) in _LOCKER_LENGTHS else key


def is_in_locker(key: Key) -> bool:
    """Whether a key is one of the locker's."""
    return len(key) in _LOCKER_LENGTHS


FOLDER = int(NodeKind.FOLDER)
FILE = int(NodeKind.FILE)
LINK = int(NodeKind.LINK)


class Mode(enum.Enum):
    """Which way a pair works (docs/sync.md)."""

    TWO_WAY = "two-way"
    UP = "up"
    DOWN = "down"
    BACKUP = "backup"


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A file, folder or link in one of the trees. ``ino``, ``ctime_ns`` and ``dev`` are facts of this disk alone."""

    parent: Key
    name: bytes
    kind: int
    content: bytes = b""
    """Equal bytes, equal contents: a version's id, or ``=`` and a link's target; of a file changed here, its state."""
    size: int = 0
    mtime_ns: int = 0
    mode: int = 0
    verified: bool = True
    """False for a local file that only its state says to be changed: its bytes may still be those of a version."""
    ino: int = 0
    ctime_ns: int = 0
    dev: int = 0


class Verb(enum.Enum):
    """What an action does. Values are shown in previews and logs."""

    REKEY = "rekey"
    """``key`` is known as ``new_key`` from now on, here and in the agreed state."""
    ASIDE = "keep both"
    """Rename the local file ``key`` to ``name`` in its folder; it is the new item ``new_key`` from now on."""
    MAKE_FOLDER = "make folder in locker"
    MOVE_LOCKER = "move in locker"
    UPLOAD = "upload"
    """A new file or link, or a new version of one; ``base`` is the version that it replaces."""
    SET_LOCKER = "set attributes in locker"
    TRASH_LOCKER = "trash in locker"
    MAKE_LOCAL = "make folder here"
    MOVE_LOCAL = "move here"
    DOWNLOAD = "download"
    """``base``: the content that is replaced; empty for a new file."""
    SET_LOCAL = "set attributes here"
    TRASH_LOCAL = "trash here"
    COMPARE = "compare"
    """Read the local file, and tell whether it is one of the versions that the trees name."""
    RECORD = "record"
    FORGET = "forget"


class Action(msgspec.Struct, frozen=True, gc=False):
    """One step of a plan. ``parent`` and ``name``: where the item is to be."""

    verb: Verb
    key: Key
    parent: Key = ROOT_KEY
    name: bytes = b""
    new_key: Key = b""
    base: bytes = b""
    mode: int = 0
    mtime_ns: int = 0


class Trouble(msgspec.Struct, frozen=True):
    """An item that the plan leaves alone. ``what``: ``case``, ``name`` or ``taken``."""

    key: Key
    what: str
    name: bytes
    parent: Key
    other: bytes = b""


class Plan(msgspec.Struct, frozen=True):
    """``actions`` in the order in which they are to be done; any beginning of them leaves a state that is safe."""

    actions: list[Action]
    troubles: list[Trouble]


def _fits(_: bytes) -> bool:
    return True


def _same(name: bytes) -> bytes:
    return name


def _free(_: Key, __: bytes) -> bool:
    return False


class Rules(msgspec.Struct, frozen=True):
    """What a plan depends on beside the trees."""

    mode: Mode = Mode.TWO_WAY
    device: str = "this device"
    """Stands in the names of conflict copies."""
    fits: Callable[[bytes], bool] = _fits
    """Whether the local file system takes such a name."""
    fold: Callable[[bytes], bytes] = _same
    """Names that fold to the same are one name to the local file system."""
    taken: Callable[[Key, bytes], bool] = _free
    """Whether a folder has an unchanged item, left out of the trees, whose name folds to the same."""
