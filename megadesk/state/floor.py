"""How far this device's own log had come, kept apart from the index.

The index remembers it too, but an index may be lost and rebuilt from the storage; if the storage was rolled back as
well, the device would write a second, different history under its name.
"""

from __future__ import annotations

from pathlib import Path

from megadesk.errors import KeyFileError
from megadesk.state.files import read_small, replace_file

_MAX_BYTES = 32


class SeqFloor:
    """A small file with one number. Written inside the append lock."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> int:
        """0 when nothing was written yet. Raises KeyFileError for a damaged file, LocalFileError."""
        if not self._path.exists():
            return 0
        text = read_small(self._path, _MAX_BYTES)
        if not text.strip().isdigit():
            raise KeyFileError(f"{self._path} is damaged.", remedy="Open the locker anew with its recovery key.")
        return int(text)

    def write(self, seq: int) -> None:
        """Atomic and durable. Raises LocalFileError."""
        replace_file(self._path, b"%d\n" % seq)
