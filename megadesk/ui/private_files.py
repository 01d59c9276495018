"""Copies in clear that the window must make for other programs: "open with", drags, previews. Private, and short-lived.

They lie in memory where the system has such a folder for its user (``XDG_RUNTIME_DIR``, else ``/dev/shm``), and in the
cache folder where it has not or where they are too large for memory; mode 0700 either way. Each process has folders of
its own, held by a lock that the system drops with the process, so that the next start wipes what a crash left behind.
Wiping overwrites once before it deletes: on a flash disk that is no promise, which is why memory comes first.

No Qt. Any thread.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import stat
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from megadesk.errors import MegaDeskError
from megadesk.state.files import private_folder
from megadesk.state.lock import FileLock, HeldLock

log = logging.getLogger(__name__)

NAME = "megadesk-private"
_MEMORY_PART = 4
"""At most a quarter of what is free in memory."""
_BLOCK = bytes(1 << 20)


class PrivateFiles:
    """One for a process. `wipe` at lock and exit, `sweep` at the start."""

    def __init__(self, cache_dir: Path, *, memory: Path | None = None) -> None:
        """``cache_dir``: as `Paths.cache_dir`. ``memory`` overrides where memory is looked for."""
        found = memory if memory is not None else _memory_folder()
        self._roots = [found, cache_dir / NAME] if found is not None else [cache_dir / NAME]
        self._own = f"p{os.getpid()}-{secrets.token_hex(8)}"
        self._guard = threading.Lock()
        self._held: dict[Path, HeldLock] = {}
        self._owners: dict[Path, str] = {}

    def folder(self, size_bytes: int = 0, owner: str = "") -> Path:
        """A new empty folder, mode 0700, for files of that size altogether. Raises LocalFileError.

        Its name says nothing. It is gone at the next `wipe` (of that ``owner``: a locker's id), or by `remove`.
        """
        root = self._root_for(size_bytes)
        with self._guard:
            if root not in self._held:
                private_folder(root)
                self._held[root] = FileLock(root / f"{self._own}.lock", what="The private folder").hold(timeout_s=5)
            made = private_folder(root / self._own / secrets.token_hex(8))
            self._owners[made] = owner
            return made

    def remove(self, folder: Path) -> None:
        """Wipe one folder that `folder` gave. Never raises: what cannot be deleted is logged, and wiped at the end."""
        _wipe([folder])
        with self._guard:
            self._owners.pop(folder, None)

    def wipe_of(self, owner: str) -> None:
        """Wipe the folders of one owner. Blocks while it overwrites. Never raises."""
        with self._guard:
            gone = [folder for folder, name in self._owners.items() if name == owner]
        for folder in gone:
            self.remove(folder)

    def wipe(self) -> None:
        """Wipe all that this process made. Blocks while it overwrites. Never raises."""
        with self._guard:
            self._owners.clear()
            for root, held in list(self._held.items()):
                _wipe([root / self._own])
                with contextlib.suppress(OSError):
                    os.unlink(root / f"{self._own}.lock")
                held.release()
            self._held.clear()

    def sweep(self) -> None:
        """Wipe what processes left that are no more. Never raises."""
        for root in self._roots:
            try:
                names = os.listdir(root)
            except OSError:
                continue
            for name in {name.removesuffix(".lock") for name in names if name.startswith("p") and name != self._own}:
                self._sweep(root, name)

    def _sweep(self, root: Path, name: str) -> None:
        lock = root / f"{name}.lock"
        try:
            held = FileLock(lock).try_hold()
        except MegaDeskError as error:
            log.warning("old private files in %s could not be looked at: %s", root, error)
            return
        if held is not None:
            with held:
                _wipe([root / name])
                with contextlib.suppress(OSError):
                    os.unlink(lock)

    def _root_for(self, size_bytes: int) -> Path:
        memory = self._roots[0]
        if len(self._roots) > 1:
            try:
                private_folder(memory)
                if shutil.disk_usage(memory).free // _MEMORY_PART >= size_bytes:
                    return memory
            except (OSError, MegaDeskError):
                log.info("no private folder in memory; the cache folder is used")
        return self._roots[-1]


def _memory_folder() -> Path | None:
    """A folder in memory that belongs to this user alone; None where there is none."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and _is_private(Path(runtime)):
        return Path(runtime) / NAME
    if sys.platform.startswith("linux") and os.path.isdir("/dev/shm"):  # noqa: S108 - a folder of mode 0700 in it
        folder = Path(f"/dev/shm/{NAME}-{os.getuid()}")  # noqa: S108
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            pass
        except OSError:
            return None
        return folder if _is_private(folder) else None
    return None


def _is_private(folder: Path) -> bool:
    """A real folder of ours that nobody else may enter: in a shared place somebody may have made it before us."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _wipe(folders: Iterable[Path]) -> None:
    for folder in folders:
        # Links are deleted, never followed: other programs had this folder in their hands.
        for top, _, names in os.walk(folder):
            for name in names:
                _overwrite(os.path.join(top, name))
        shutil.rmtree(folder, ignore_errors=True)
        if os.path.lexists(folder):
            log.warning("private files could not be deleted: %s", folder)


def _overwrite(path: str) -> None:
    """Once, with zeros; links and files that have a second name are left alone. Never raises."""
    flags = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with contextlib.suppress(OSError):
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            return  # a second name may be a file of the user's
        if not found.st_mode & stat.S_IWUSR:
            os.chmod(path, 0o600)
        descriptor = os.open(path, flags)
        try:
            left = os.fstat(descriptor).st_size
            while left > 0:
                left -= os.write(descriptor, _BLOCK[: min(left, len(_BLOCK))])
        finally:
            os.close(descriptor)
