"""What an interrupted fetch leaves beside its files, so that the next one goes on: a session, and digests of slices.

The file says nothing about what is fetched: digests are keyed by a key that only the link's secret gives, so whoever
can write here but does not have the link cannot pass bytes of theirs off as verified. Damaged lines are ignored.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading

from megadesk.crypto.kdf import derive, digest_once
from megadesk.crypto.link import LinkSecret

_TAG_BYTES = 16
_DIGEST_BYTES = 32
_LINE = 1 + _TAG_BYTES + _DIGEST_BYTES
_SLICE, _SESSION = b"S", b"O"
_MAX_SESSION = 200
_MAX_BYTES = 64 << 20


class ResumeFile:
    """Thread-safe. Nothing is written before the first call that has something to keep."""

    def __init__(self, folder: str, secret: LinkSecret) -> None:
        self.path = os.path.join(folder, f".megadesk-{secret.id.hex()}.resume")
        self._key = derive(secret.to_bytes(), "link resume")
        self._lock = threading.Lock()
        self._descriptor = -1
        self._known: dict[bytes, bytes] = {}
        self.session = ""
        with contextlib.suppress(OSError):
            self._load()

    def _load(self) -> None:
        descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return
            data = file.read(_MAX_BYTES)
        at = 0
        while at < len(data):
            if data[at : at + 1] == _SLICE and at + _LINE <= len(data):
                self._known[data[at + 1 : at + 1 + _TAG_BYTES]] = data[at + 1 + _TAG_BYTES : at + _LINE]
                at += _LINE
            elif data[at : at + 1] == _SESSION and at + 2 <= len(data):
                length = data[at + 1]
                text = data[at + 2 : at + 2 + length]
                if len(text) == length and text.isascii():
                    self.session = text.decode()
                at += 2 + length
            else:
                return

    def holds(self, key: bytes, content: memoryview) -> bool:
        """Whether ``content`` is what was verified as the slice of this key."""
        with self._lock:
            known = self._known.get(self._tag(key))
        return known is not None and known == digest_once(self._key, content)

    def add(self, key: bytes, content: memoryview) -> None:
        """``content`` was verified as the slice of this key, and written."""
        tag = self._tag(key)
        digest = digest_once(self._key, content)
        with self._lock:
            if self._known.get(tag) != digest:
                self._known[tag] = digest
                self._append(_SLICE + tag + digest)

    def keep_session(self, session: str) -> None:
        """So that going on does not count as another download."""
        if session != self.session and len(session) <= _MAX_SESSION:
            with self._lock:
                self.session = session
                self._append(_SESSION + bytes([len(session)]) + session.encode())

    def _tag(self, key: bytes) -> bytes:
        return digest_once(self._key, b"slice" + key)[:_TAG_BYTES]

    def _append(self, data: bytes) -> None:
        """Going on is a convenience: where nothing can be kept, it begins anew."""
        with contextlib.suppress(OSError):
            if self._descriptor < 0:
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
                self._descriptor = os.open(self.path, flags | getattr(os, "O_CLOEXEC", 0), 0o600)
            os.write(self._descriptor, data)

    def close(self, *, done: bool) -> None:
        """``done``: there is nothing left to go on with."""
        with self._lock:
            descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
        if done:
            with contextlib.suppress(OSError):
                os.unlink(self.path)
