"""From what asyncssh raises to the errors of stores."""

from __future__ import annotations

from typing import Final

import asyncssh

from megadesk.errors import (
    StoreAccessError,
    StoreError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

FOREIGN: Final = (asyncssh.Error, OSError)
"""All that asyncssh raises on account of a server or a network."""
NOT_THERE: Final = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPNotADirectory)
LOST: Final = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.DisconnectError, OSError)
_FULL: Final = (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded)
_FULL_WORDS: Final = ("no space", "quota", "disk full", "enospc")
_READ_ONLY: Final = 1  # SSH_FXE_STATVFS_ST_RDONLY


def convert(error: BaseException, name: str, *, writing: bool) -> StoreError:
    """The typed error for what happened to an object (to the store as a whole: ``name`` empty)."""
    what = f"The object {name}" if name else "The storage"
    said = reason(error)
    if isinstance(error, LOST):
        return StoreUnavailableError(
            f"The connection to the storage was lost ({said}).",
            object_name=name,
            remedy="Check the network; it is connected again at the next try.",
        )
    if isinstance(error, _FULL) or (writing and any(word in said.lower() for word in _FULL_WORDS)):
        return StoreFullError(
            f"{what} does not fit: there is no room left ({said}).", object_name=name, remedy="Make room there."
        )
    if isinstance(error, asyncssh.SFTPWriteProtect):
        return StoreReadOnlyError(f"{what} cannot be written: the file system is read-only.", object_name=name)
    if isinstance(error, asyncssh.SFTPPermissionDenied):
        kind = StoreReadOnlyError if writing else StoreAccessError
        refused = f"{what} may not be written ({said})." if writing else f"{what} may not be read ({said})."
        return kind(refused, object_name=name, remedy="Check the folder's rights.")
    if isinstance(error, asyncssh.SFTPBadMessage | asyncssh.SFTPOpUnsupported):
        return StoreProtocolError(f"{what} cannot be handled by this server ({said}).", object_name=name)
    # The SFTP version that all servers speak has one number for everything else: full, quota, input/output error, ...
    return StoreUnavailableError(
        f"{what} cannot be written now: the server only says “{said}”."
        if writing
        else f"{what} cannot be read now: the server only says “{said}”.",
        object_name=name,
        remedy="Check room, quota and rights there." if writing else "",
    )


def explained_by_file_system(vfs: asyncssh.SFTPVFSAttrs, name: str, size_bytes: int) -> StoreError | None:
    """What the state of the server's file system says about a write that failed without a reason; None: nothing."""
    if vfs.flags & _READ_ONLY:
        return StoreReadOnlyError(f"The object {name} cannot be written: the file system is read-only.")
    if vfs.bavail * vfs.frsize < size_bytes or (vfs.files and not vfs.favail):
        return StoreFullError(
            f"The object {name} does not fit: there is no room left.", object_name=name, remedy="Make room there."
        )
    return None


def reason(error: BaseException) -> str:
    """What the server said, in one line."""
    text = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:200]
