"""Small private files of this machine: whole or not at all, never half, never readable by others.

All functions may be called from any thread and process; none of them locks.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from megadesk.errors import LocalFileError, LocalFullError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def local_error(error: OSError, path: Path, doing: str) -> LocalFileError:
    """The typed error for an ``OSError`` met while ``doing`` something to ``path``.

    ``doing``: create, delete, lock, read or write.
    """
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    if error.errno in _FULL:
        return LocalFullError(
            f"{path} could not be written: {reason}.", path=str(path), remedy="Make room on this disk."
        )
    said = {
        "create": f"MegaDesk could not create {path}: {reason}.",
        "delete": f"MegaDesk could not delete {path}: {reason}.",
        "lock": f"MegaDesk could not lock {path}: {reason}.",
        "read": f"MegaDesk could not read {path}: {reason}.",
        "write": f"MegaDesk could not write {path}: {reason}.",
    }
    return LocalFileError(
        said[doing],
        path=str(path),
        remedy="Check that the folder exists and that you may use it.",
    )


def private_folder(path: Path) -> Path:
    """Make ``path`` and what is missing above it, mode 0700, and return it. What exists keeps its mode.

    ``Path.mkdir(parents=True)`` would give the folders above the default mode, hence the loop.
    Raises LocalFileError.
    """
    missing = []
    folder = path
    while not folder.is_dir() and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    try:
        for folder in reversed(missing):
            # Somebody else may be making the same folder: the end counts, not who made it.
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder, 0o700)
            if not folder.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        raise local_error(error, path, "create") from error
    return path


def read_small(path: Path, max_bytes: int) -> bytes:
    """The whole of a regular file of at most ``max_bytes``.

    Raises FileNotFoundError; LocalFileError for anything that is not a regular file (a FIFO must not block
    us), is longer, or cannot be read. Never allocates more than ``max_bytes + 1``.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        fd = os.open(path, flags)
        with open(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise LocalFileError(f"{path} is not a file.", path=str(path))
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise local_error(error, path, "read") from error
    if len(data) > max_bytes:
        raise LocalFileError(f"{path} is larger than the {max_bytes} bytes it may have.", path=str(path))
    return data


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, mode 0600: durable on return; after a crash it is the old or the new, whole.

    Two writers at once: one of them wins, whole. Raises LocalFileError, LocalFullError; then the old file
    stands.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        try:
            with open(os.open(temporary, flags, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise local_error(error, path, "write") from error


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable; nothing where folders cannot be opened (Windows). Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    except OSError as error:
        # Some network and FUSE file systems refuse it; the rename itself is done.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(fd)
