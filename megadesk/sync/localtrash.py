"""Where files go that are deleted here because the locker has deleted them.

The system's trash, where it can be used; else a folder of the pair's own, on the same disk, in which nothing is ever
removed by MegaDesk. A file is never simply unlinked.
"""

from __future__ import annotations

import os
import time
from typing import Protocol

from megadesk.sync.pairs import OWN_TRASH
from megadesk.sync.place import ChangedMeanwhile, move_new


class Trash(Protocol):
    """Takes files and folders away such that they can be had again."""

    def put(self, root: bytes, path: bytes) -> None:
        """``path``: absolute, inside ``root``. Raises OSError when it cannot be moved there."""
        ...


class FolderTrash:
    """``.megadesk-trash`` in the root: a folder a day, the old path below it."""

    def put(self, root: bytes, path: bytes) -> None:
        relative = os.path.relpath(path, root)
        day = time.strftime("%Y-%m-%d").encode()
        for number in range(1, 1_000_000):
            # A second one of that path, or a file where a folder was, goes into the day's next folder.
            today = day if number == 1 else day + b" %d" % number
            target = os.path.join(root, OWN_TRASH, today, relative)
            try:
                os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
                move_new(path, target)
            except (FileExistsError, NotADirectoryError, ChangedMeanwhile):
                continue
            return


class SystemTrash:
    """The desktop's trash; FolderTrash where there is none, or it refuses."""

    def __init__(self) -> None:
        self._own = FolderTrash()

    def put(self, root: bytes, path: bytes) -> None:
        from send2trash import send2trash

        try:
            send2trash(os.fsdecode(path))
        except OSError:
            if os.path.lexists(path):
                self._own.put(root, path)
