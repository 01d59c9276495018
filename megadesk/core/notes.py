"""What this machine remembers about a locker for whoever shows it: views, favourites, thumbnails.

Folder names and small pictures are as secret as the files, so they are in the encrypted index and nowhere else. None
of it is in the storage, and all of it may be lost.
"""

from __future__ import annotations

import time

from megadesk.state.index.index import Index
from megadesk.state.index.rows import Run
from megadesk.types import VersionId

MAX_NOTE_BYTES = 1 << 20
MAX_THUMBNAIL_BYTES = 64 << 10
MAX_THUMBNAILS = 20_000
_TRIM = 500
"""So many at a time, so that most puts delete nothing."""


class Notes:
    """Thread-safe; every method does I/O."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def get(self, name: str) -> bytes | None:
        with self._index.read() as session:
            run: Run = session.connection.execute
            found = run("SELECT value FROM notes WHERE name = ?", (name,)).fetchall()
        return bytes(found[0][0]) if found else None

    def put(self, name: str, value: bytes) -> None:
        """Replace what was noted; what is too large to be a note is left out."""
        if len(value) <= MAX_NOTE_BYTES:
            with self._index.write() as session:
                session.connection.execute("INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", (name, value))

    def thumbnail(self, version: VersionId) -> bytes | None:
        """A small picture of one content, as it was put; b"": there is none to be made."""
        with self._index.read() as session:
            run: Run = session.connection.execute
            found = run("SELECT data FROM thumbnails WHERE version = ?", (version,)).fetchall()
        return bytes(found[0][0]) if found else None

    def put_thumbnail(self, version: VersionId, data: bytes) -> None:
        """Keep it; the oldest go when there are too many."""
        if len(data) > MAX_THUMBNAIL_BYTES:
            return
        with self._index.write() as session:
            run: Run = session.connection.execute
            run(
                "INSERT OR REPLACE INTO thumbnails (version, made_ms, data) VALUES (?, ?, ?)",
                (version, time.time_ns() // 1_000_000, data),
            )
            ((count,),) = run("SELECT count(*) FROM thumbnails").fetchall()
            if count > MAX_THUMBNAILS:
                run(
                    "DELETE FROM thumbnails WHERE version IN (SELECT version FROM thumbnails ORDER BY made_ms LIMIT ?)",
                    (count - MAX_THUMBNAILS + _TRIM,),
                )
