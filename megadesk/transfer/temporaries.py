"""Hidden temporary files beside what a download writes: their names, and what killed runs left of them."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import re
import time
from typing import Final

PREFIX: Final = ".megadesk-"
_STALE_S: Final = 86400.0
_NAME: Final = re.compile(re.escape(PREFIX) + r"[0-9a-f]{16}(-[0-9a-f]+)*")
"""Not the ``.part`` files of large files, which a later run goes on with."""


class Temporaries:
    """The small temporary files of one run. Thread-safe."""

    def __init__(self, origin: str = "") -> None:
        """``origin`` tells the transfer that this run works on, which nobody else does; empty: none."""
        token = hashlib.sha256(os.fsencode(origin)).hexdigest()[:16]
        self._transfer = f"{PREFIX}{token}-" if origin else ""
        self._run = f"{self._transfer or PREFIX}{os.urandom(8).hex()}-"
        self._numbers = itertools.count()

    def name(self, path: str) -> str:
        """A new name beside ``path``: the run's part of it is random, so that no other run has it."""
        return f"{path[: path.rindex(os.sep) + 1]}{self._run}{next(self._numbers):x}"

    def sweep(self, folder: str) -> None:
        """Remove what a killed run of this transfer left in ``folder``, and what any left more than a day ago."""
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if self._is_left(entry) and not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)

    def _is_left(self, entry: os.DirEntry[str]) -> bool:
        name = entry.name
        if not name.startswith(PREFIX) or name.startswith(self._run) or not _NAME.fullmatch(name):
            return False
        if self._transfer and name.startswith(self._transfer):
            return True
        # Not the time of modification: that is the file's own, in the locker.
        return entry.stat(follow_symlinks=False).st_ctime < time.time() - _STALE_S
