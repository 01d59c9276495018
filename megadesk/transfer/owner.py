"""Which process a transfer belongs to."""

from __future__ import annotations

import secrets
from pathlib import Path

from megadesk.state.lock import FileLock


class Owner:
    """This process as an owner of transfers: a lock file that the system lets go of when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.token = secrets.token_hex(8)
        self._held = FileLock(self._file(self.token), what="The transfer queue").hold()

    def _file(self, token: str) -> Path:
        return self._folder / f"owner-{token}.lock"

    def is_gone(self, token: str) -> bool:
        """Whether the process with that token has ended."""
        if token == self.token:
            return False
        path = self._file(token)
        if not path.exists():
            return True
        held = FileLock(path).try_hold()
        if held is None:
            return False
        held.release()
        path.unlink(missing_ok=True)
        return True

    def close(self) -> None:
        self._file(self.token).unlink(missing_ok=True)
        self._held.release()
