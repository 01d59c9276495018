"""Whether a local file holds the bytes of a version: by the keyed digests of its slices, without fetching anything."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

from megadesk.crypto import aead
from megadesk.crypto.kdf import digest_once
from megadesk.format.ops import FileContent


def slice_digests(path: bytes, size: int, key: bytes, step: Callable[[], None]) -> list[bytes]:
    """Keyed digests of a file's slices, the locker's way. Raises OSError; fewer slices when the file is shorter now."""
    digests = []
    buffer = memoryview(bytearray(min(aead.SLICE_BYTES, max(size, 1))))
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb", buffering=0) as file:
        for _ in range(-(-size // aead.SLICE_BYTES)):
            step()
            done = 0
            while done < len(buffer) and (count := file.readinto(buffer[done:])):
                done += count
            digests.append(digest_once(key, buffer[:done]))
    return digests


def matches(digests: list[bytes], size: int, content: FileContent | None) -> bool:
    """Whether ``content`` is the one of those digests."""
    return content is not None and content.size == size and [ref.digest for ref in content.slices] == digests


def other(digests: list[bytes]) -> bytes:
    """Entry.content of a file whose bytes are no known version's."""
    return b"!" + hashlib.sha256(b"".join(digests)).digest()[:16]
