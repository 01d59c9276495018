"""What stands between a plan and a loss: the root's marker, a hold on mass deletions, room on the disk, databases."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterable, Sequence

from megadesk.sync.pairs import MARKER, ProblemKind
from megadesk.sync.values import Action, Key, Verb

HELD_FROM = 25
"""So many deletions in one plan are held, if they are more than a quarter of what is agreed."""
HELD_SHARE = 0.25
ALWAYS_HELD_FROM = 1000
SPARE_BYTES = 256 << 20
"""Left free on the disk here."""
DELETIONS = (Verb.TRASH_LOCAL, Verb.TRASH_LOCKER)
_JOURNALS = (b"-journal", b"-wal")
_SHARED = b"-shm"


def new_marker() -> str:
    return secrets.token_hex(16)


def write_marker(root: bytes, marker: str) -> None:
    """Raises OSError."""
    path = os.path.join(root, MARKER)
    text = f"{marker}\nMegaDesk keeps this folder in sync. Without this file it takes it for one that is away.\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def root_trouble(root: bytes, marker: str) -> ProblemKind | None:
    """Why nothing may be concluded from what the root shows; None when it is the right folder."""
    try:
        if not stat.S_ISDIR(os.stat(root).st_mode):
            return ProblemKind.ROOT_MISSING
        with open(os.path.join(root, MARKER), "rb") as file:
            found = file.read(64).split(b"\n", 1)[0]
    except FileNotFoundError:
        return ProblemKind.ROOT_UNMARKED if os.path.isdir(root) else ProblemKind.ROOT_MISSING
    except OSError:
        return ProblemKind.ROOT_MISSING
    return None if found == marker.encode() else ProblemKind.ROOT_UNMARKED


def is_mass_deletion(deleted: int, agreed: int) -> bool:
    """``deleted`` counts files, folders and links, with all that is in them."""
    if deleted >= ALWAYS_HELD_FROM or (deleted >= agreed > 3):
        return True
    return deleted >= HELD_FROM and deleted > HELD_SHARE * agreed


def token(keys: Iterable[Key]) -> str:
    """Names a set of deletions: what is approved is these, and no others that come later."""
    return hashlib.sha256(b"".join(sorted(keys))).hexdigest()[:16]


def without_deletions(actions: Sequence[Action]) -> list[Action]:
    return [action for action in actions if action.verb not in DELETIONS]


def free_bytes(root: bytes) -> int | None:
    """What may still be written on the root's disk; None when the system does not say."""
    try:
        space = os.statvfs(root)
    except (OSError, AttributeError):
        return None
    return max(space.f_bavail * space.f_frsize - SPARE_BYTES, 0)


def has_open_journal(path: bytes) -> bool:
    """Whether a database's journal lies beside it: it is in use, or was left half way."""
    for suffix in _JOURNALS:
        try:
            if os.lstat(path + suffix).st_size:
                return True
        except OSError:
            continue
    return False


def is_journal(path: bytes) -> bool:
    """Whether a file is the journal of a database that lies beside it: it is nothing without it."""
    if not looks_like_journal(path):
        return False
    suffix = next(suffix for suffix in (*_JOURNALS, _SHARED) if path.endswith(suffix))
    return len(os.path.basename(path)) > len(suffix) and os.path.lexists(path[: -len(suffix)])


def looks_like_journal(name: bytes) -> bool:
    """Whether a name says so. A folder without any such name has no database in use."""
    return name.endswith((*_JOURNALS, _SHARED))
