"""Copies in clear that the window must make for other programs: "open with", drags, previews. Private, and short-lived.

They lie in memory where the system has such a folder for its user (``XDG_RUNTIME_DIR``, else ``/dev/shm``), and in the
cache folder where it has not or where they are too large for memory; mode 0700 either way. Each process has folders of
its own, held by a lock that the system drops with the process, so that the next start wipes what a crash left behind.
Wiping overwrites once before it deletes: on a flash disk that is no promise, which is why memory comes first.

A file manager may still be copying when the locker is locked. Zeros in the middle of its copy would be a loss
that nobody notices. So the folder first gets a name that nobody knows; what somebody has open by then loses its
name only, is read to its end, and is overwritten when it is closed. What a file manager has not opened yet it finds
missing, and says so itself.

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
import time
from pathlib import Path

from megadesk.errors import MegaDeskError
from megadesk.state.files import private_folder
from megadesk.state.lock import FileLock, HeldLock

log = logging.getLogger(__name__)

NAME = "megadesk-private"
_MEMORY_PART = 4
"""At most a quarter of what is free in memory."""
_BLOCK = bytes(1 << 20)
_LOOK_S = 0.5
"""Between two looks at who still reads."""


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

    def remove(self, folder: Path) -> int:
        """Wipe one folder that `folder` gave. Never raises: what cannot be deleted is logged, and wiped at the end.

        Gives the number of files that somebody still reads: they are wiped as soon as that is done.
        """
        left = _wipe(folder)
        with self._guard:
            self._owners.pop(folder, None)
        return left

    def wipe_of(self, owner: str) -> int:
        """Wipe the folders of one owner. Blocks while it overwrites. Never raises. Gives what `remove` gives."""
        with self._guard:
            gone = [folder for folder, name in self._owners.items() if name == owner]
        return sum([self.remove(folder) for folder in gone])

    def wipe(self) -> int:
        """Wipe all that this process made. Blocks while it overwrites. Never raises. Gives what `remove` gives."""
        left = 0
        with self._guard:
            self._owners.clear()
            for root, held in list(self._held.items()):
                left += _wipe(root / self._own)
                with contextlib.suppress(OSError):
                    os.unlink(root / f"{self._own}.lock")
                held.release()
            self._held.clear()
        return left

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
                _wipe(root / name)
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


def being_read(folder: Path) -> set[str] | None:
    """Files below a folder that programs of this user, this one too, have open now; None where one cannot know."""
    start = f"{folder}/"
    try:
        processes = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return None
    found = set()
    for process in processes:
        try:
            with os.scandir(f"/proc/{process}/fd") as entries:
                for entry in entries:
                    with contextlib.suppress(OSError):
                        target = os.readlink(entry.path)
                        if target.startswith(start):
                            found.add(target)
        except OSError:
            continue
    return found


def _wipe(folder: Path) -> int:
    """The number of files that others still read."""
    hidden = folder.with_name(f"{folder.name}-{secrets.token_hex(8)}")
    try:
        os.rename(folder, hidden)
    except FileNotFoundError:
        return 0
    except OSError:
        hidden = folder  # Windows, while somebody has a file of it open
    read = being_read(hidden)
    # Where nobody can say who reads, a file system that others may write to while it is read (not Windows) decides.
    overwrite = read is not None or sys.platform == "win32"
    left = []
    # Links are deleted, never followed: other programs had this folder in their hands.
    for top, _, names in os.walk(hidden):
        for name in names:
            path = os.path.join(top, name)
            if read and path in read:
                with contextlib.suppress(OSError):
                    left.append(os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC))
            elif overwrite:
                _overwrite(path)
    shutil.rmtree(hidden, ignore_errors=True)
    if os.path.lexists(hidden):
        log.warning("private files could not be deleted: %s", hidden)
    if left:
        log.info("%d private files are still being read; they are wiped afterwards", len(left))
        threading.Thread(target=_wipe_later, args=(left,), name="wipe-later", daemon=True).start()
    return len(left)


def _wipe_later(descriptors: list[int]) -> None:
    """Overwrite files without a name, each as soon as nobody else has it open. When this program ends first, the
    system frees them with their last reader."""
    while descriptors:
        time.sleep(_LOOK_S)
        read = _deleted_but_read({f"/proc/{os.getpid()}/fd/{each}" for each in descriptors})
        for each in list(descriptors):
            found = os.fstat(each)
            if (found.st_dev, found.st_ino) not in read:
                descriptors.remove(each)
                with contextlib.suppress(OSError):
                    if not found.st_nlink:  # a second name may be a file of the user's
                        _zeros(each)
                os.close(each)


def _deleted_but_read(ours: set[str]) -> set[tuple[int, int]]:
    """(device, inode) of what has no name any more and is open, but for those descriptors."""
    found = set()
    for process in os.listdir("/proc"):
        if process.isdigit():
            try:
                for name in os.listdir(f"/proc/{process}/fd"):
                    path = f"/proc/{process}/fd/{name}"
                    if path in ours:
                        continue
                    with contextlib.suppress(OSError):
                        if os.readlink(path).endswith(" (deleted)"):
                            state = os.stat(path)
                            found.add((state.st_dev, state.st_ino))
            except OSError:
                continue
    return found


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
            _zeros(descriptor)
        finally:
            os.close(descriptor)


def _zeros(descriptor: int) -> None:
    left = os.fstat(descriptor).st_size
    while left > 0:
        left -= os.write(descriptor, _BLOCK[: min(left, len(_BLOCK))])
