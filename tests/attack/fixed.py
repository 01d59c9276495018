"""A machine whose randomness and clock can be run again: what changes between two runs then has another cause."""

from __future__ import annotations

import hashlib
import os
import threading
import time

import pytest

from megadesk.crypto import aead, hpke, keys


class Replay:
    """In place of the random generator: the same bytes again after ``rewind``."""

    def __init__(self, seed: bytes = b"") -> None:
        self._seed = seed
        self._count = 0
        self._lock = threading.Lock()

    def rewind(self) -> None:
        with self._lock:
            self._count = 0

    def __call__(self, size: int) -> bytes:
        with self._lock:
            self._count += 1
            count = self._count
        return hashlib.shake_256(self._seed + count.to_bytes(8, "big")).digest(size)


def replay(patch: pytest.MonkeyPatch, source: Replay, *, clock: bool = False) -> None:
    """Draw everything from ``source``; HPKE, which draws inside OpenSSL, becomes a function of what it seals."""
    patch.setattr(os, "urandom", source)
    patch.setattr(aead, "_urandom", source)
    patch.setattr(keys, "_urandom", source)
    if clock:
        patch.setattr(time, "time_ns", lambda: 1_900_000_000_000_000_000)

        def seal(public: bytes, info: bytes, plaintext: bytes, *, object_name: str = "") -> bytes:
            return hashlib.shake_256(public + info + plaintext).digest(len(plaintext) + hpke.OVERHEAD_BYTES)

        patch.setattr(hpke, "seal", seal)
