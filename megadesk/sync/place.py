"""Changes of the local folder such that what somebody writes at that very moment is never lost.

Nothing is overwritten by its name: a new file takes a name only if it is free, and a file is replaced by exchanging the
two, after which the old one is looked at again (transfer/rename.py). Where the system cannot exchange, a hard link
keeps the old file until it was looked at.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

from megadesk.sync.scan import is_same
from megadesk.sync.values import Entry
from megadesk.transfer.rename import exchange, rename_new

_F_SETSIG = 10
_F_SETLEASE = 1024


class ChangedMeanwhile(Exception):
    """The local file is not what the plan was made for. Nothing was changed; the next plan takes it into account."""


def move_new(old: bytes, new: bytes) -> None:
    """Rename to a name that must be free. Raises ChangedMeanwhile when it is taken, OSError."""
    try:
        rename_new(old, new)
    except FileExistsError:
        raise ChangedMeanwhile from None


def replace(fresh: bytes, target: bytes, expected: Entry, kept_as: Callable[[os.stat_result], bytes]) -> bytes | None:
    """Put ``fresh`` in the place of ``target``, which must be as ``expected``.

    What ``target`` was is removed when it still is as expected after the exchange. Otherwise somebody wrote to it in
    the meantime: it then gets the free name that ``kept_as`` gives for it, which is returned.
    Raises ChangedMeanwhile when it was changed before; OSError.
    """
    require(target, expected)
    if is_open_for_writing(target):
        raise ChangedMeanwhile
    if exchange(fresh, target):
        old = fresh
    else:
        old = fresh + b".old"
        os.link(target, old, follow_symlinks=False)
        os.replace(fresh, target)
    status = os.lstat(old)
    if is_same(expected, status) and not is_open_for_writing(old):
        os.unlink(old)
        return None
    name = kept_as(status)
    move_new(old, name)
    return name


def require(path: bytes, expected: Entry) -> os.stat_result:
    """The stat of ``path``, which must be as ``expected``. Raises ChangedMeanwhile, OSError."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        raise ChangedMeanwhile from None
    if not is_same(expected, status):
        raise ChangedMeanwhile
    return status


def is_open_for_writing(path: bytes) -> bool:
    """Whether some program is known to have a file open for writing, or mapped for it."""
    return _writers(path) is True


def is_surely_closed(path: bytes) -> bool:
    """Whether no program has a file open for writing, or mapped for it; False where the system does not tell."""
    return _writers(path) is False


def _writers(path: bytes) -> bool | None:
    """Linux, by asking for a lease; None: it cannot be known."""
    if not sys.platform.startswith("linux"):
        return None
    import fcntl
    import signal

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        # Who opens the file for writing right now waits for us, and we are told so by a signal that nobody minds.
        fcntl.fcntl(descriptor, _F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, _F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, _F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    finally:
        os.close(descriptor)
    return False
