"""What is kept of a sync pair, its problems and its held deletions. Values only."""

from __future__ import annotations

import enum

import msgspec

from megadesk.sync.values import Mode
from megadesk.types import NodeId

MARKER = b".megadesk-root"
"""In the root of every pair: a drive that is not there is not an empty folder."""
STAGING = b".megadesk-sync"
"""In the root: what is being downloaded, and what was taken out of the way."""
OWN_TRASH = b".megadesk-trash"
"""In the root: where deleted files go when the system has no trash for this disk."""
IGNORE_FILE = b".megadeskignore"
OWN_PREFIX = b".megadesk-"
"""Names in a pair's folder that are never synchronised."""


class PairState(enum.Enum):
    """What a pair is doing, for the tray."""

    IDLE = "idle"
    SYNCING = "syncing"
    PAUSED = "paused"
    OFFLINE = "offline"
    PROBLEM = "problem"


class PairRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A pair as it is kept in the index."""

    root: bytes
    """Absolute local path, as os.fsencode gives it."""
    folder: NodeId
    folder_text: str
    """Where the folder was in the locker when the pair was made."""
    mode: Mode
    marker: str
    """Random text; the root's marker file holds it."""
    ignore: tuple[str, ...] = ()
    """Lines in gitignore syntax, before those of the root's own file."""
    left_out: tuple[str, ...] = ()
    """Folders, by path below the pair, that are not synchronised here."""
    paused_until_ms: int | None = None
    """None: not paused; 0: until told otherwise."""
    created_ms: int = 0
    synced_ms: int = 0
    """When everything was last found equal; 0: never."""
    entries: int = -1
    """Log entries that were applied when both sides were last found equal; -1: the locker's side must be read."""
    rules: bytes = b""
    """Digest of the rules of what is left out, at that time."""
    approved: str = ""
    """Held deletions that the user has let pass (guards.token)."""
    restore: str = ""
    """Held deletions that the user wants undone."""


class ProblemKind(enum.Enum):
    """Why something is not synchronised (docs/sync.md, "Problems")."""

    ROOT_MISSING = "root-missing"
    ROOT_UNMARKED = "root-unmarked"
    FOLDER_GONE = "folder-gone"
    DELETIONS_HELD = "deletions-held"
    UNREADABLE = "unreadable"
    MOUNT = "mount"
    BUSY = "busy"
    SPECIAL = "special"
    CASE = "case"
    NAME = "name"
    TAKEN = "taken"
    DISK_FULL = "disk-full"
    TRANSFER = "transfer"
    LOCAL = "local"
    CONFLICT = "conflict"
    READ_ONLY = "read-only"
    STORE = "store"


class Fix(enum.Enum):
    """What the user may choose."""

    RETRY = "retry"
    APPROVE = "approve"
    RESTORE = "restore"
    """Bring back what was deleted here, from the locker."""
    MARK = "mark"
    """This folder is the right one: write its marker again."""
    KEEP_MINE = "keep-mine"
    KEEP_THEIRS = "keep-theirs"
    KEEP_BOTH = "keep-both"
    LEAVE_OUT = "leave-out"
    DISMISS = "dismiss"


class SyncProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that stands still: which, why, and what can be done."""

    id: str
    """Stays the same while the problem does."""
    pair: int
    kind: ProblemKind
    path: str
    """Below the pair's folder; empty for the pair itself."""
    message: str
    remedy: str = ""
    fixes: tuple[Fix, ...] = ()
    other: str = ""
    """The other file of a conflict, or of a clash of names; of held deletions, what names them."""
    since_ms: int = 0
