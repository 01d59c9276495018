"""Tokens: what a client proves its rights with. Kept as objects of the store behind, so that servers share them.

A token is ``md_<id>_<secret>``: 8 random bytes that name its object, 32 that prove it. Only the SHA-256 of the secret
is kept. A slow password hash would add nothing: it makes guessing expensive, and 256 random bits cannot be guessed at
any price, while every request would pay for it.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from megadesk.errors import InputError, ObjectNotFoundError, PathError, StoreProtocolError
from megadesk.server.space import OWN
from megadesk.stores.api import Store, check_prefix

FOLDER: Final = f"{OWN}tokens/"
CACHE_S: Final = 5.0
MAX_NAME: Final = 100
_MAX_RECORD: Final = 4096
_MAX_CACHED: Final = 10_000
_TOKEN: Final = re.compile(r"md_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_ID: Final = re.compile(r"[0-9a-f]{16}")


class Scope(enum.Enum):
    """What a token may be for."""

    READ = "read"
    """Get, look, list, hear of changes."""
    WRITE = "write"
    """Put, replace, delete, grant links."""
    CREATE = "create-only"
    """Put what is not there yet. Nothing can be replaced or deleted with it."""


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As kept."""

    hash: str
    name: str
    scopes: list[Scope]
    created_ms: int
    prefix: str = ""
    quota_bytes: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. ``prefix``: it reaches only names below this folder ("" or "a/b/"), and
    ``quota_bytes`` limits what lies there."""

    id: str
    name: str
    scopes: frozenset[Scope]
    prefix: str
    quota_bytes: int | None
    created_ms: int

    def covers(self, name: str) -> bool:
        """Whether a name, or all names below a prefix, are the token's to use."""
        return name.startswith(self.prefix)


class Tokens:
    """Thread-safe. Methods do input and output, but for `cached`. All raise StoreError."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._cache: dict[str, tuple[float, _Record | None]] = {}

    def add(
        self, name: str, scopes: Iterable[Scope], *, prefix: str = "", quota_bytes: int | None = None
    ) -> tuple[Token, str]:
        """Make a token; the text is given this once. Raises InputError."""
        if not name.isprintable() or not 0 < len(name) <= MAX_NAME:
            raise InputError(f"A token's name has 1 to {MAX_NAME} characters that can be seen.")
        token_id, secret = secrets.token_hex(8), secrets.token_bytes(32)
        text = base64.urlsafe_b64encode(secret).decode().rstrip("=")
        ordered = sorted(set(scopes), key=lambda scope: scope.value)
        if not ordered:
            raise InputError("A token without any right is of no use.")
        now_ms = time.time_ns() // 1_000_000
        record = _Record(_digest(text), name, ordered, now_ms, check_prefix(prefix), quota_bytes)
        self._store.put(FOLDER + token_id, msgspec.json.encode(record), create_only=True)
        self._store.flush()
        return _token(token_id, record), f"md_{token_id}_{text}"

    def list(self) -> list[Token]:
        found = []
        for info in self._store.list(FOLDER):
            token_id = info.name.removeprefix(FOLDER)
            record = self._read(token_id)
            if record is not None:
                found.append(_token(token_id, record))
        return sorted(found, key=lambda token: (token.created_ms, token.id))

    def remove(self, token_id: str) -> Token:
        """By id, or the beginning of one. Raises PathError when that is not exactly one. Servers that run notice within
        `CACHE_S`."""
        chosen = [token for token in self.list() if token_id and token.id.startswith(token_id)]
        if len(chosen) != 1:
            raise PathError(
                f"{len(chosen)} tokens have ids that begin with {token_id!a}.",
                remedy="“megadesk serve token ls” shows them.",
            )
        self._store.delete(FOLDER + chosen[0].id)
        self._store.flush()
        with self._lock:
            self._cache.pop(chosen[0].id, None)
        return chosen[0]

    def is_known(self, text: str) -> bool:
        """Whether `cached` answers without looking into the store."""
        match = _TOKEN.fullmatch(text)
        if match is None:
            return True
        with self._lock:
            entry = self._cache.get(match[1])
        return entry is not None and self._clock() < entry[0]

    def cached(self, text: str) -> Token | None:
        """As `find`, from what was found in the last seconds."""
        match = _TOKEN.fullmatch(text)
        if match is None:
            return None
        with self._lock:
            entry = self._cache.get(match[1])
        return _proven(match[1], match[2], entry[1] if entry is not None else None)

    def find(self, text: str) -> Token | None:
        """The token that ``text`` proves; None for all else."""
        match = _TOKEN.fullmatch(text)
        if match is None:
            return None
        record = self._read(match[1])
        with self._lock:
            while len(self._cache) >= _MAX_CACHED:
                del self._cache[next(iter(self._cache))]
            self._cache[match[1]] = (self._clock() + CACHE_S, record)
        return _proven(match[1], match[2], record)

    def _read(self, token_id: str) -> _Record | None:
        if not _ID.fullmatch(token_id):
            return None
        try:
            content = self._store.get(FOLDER + token_id, max_bytes=_MAX_RECORD)
            return msgspec.json.decode(content, type=_Record)
        except (ObjectNotFoundError, StoreProtocolError, msgspec.MsgspecError):
            return None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _proven(token_id: str, secret: str, record: _Record | None) -> Token | None:
    # Compared also where there is nothing to compare with, so that the time does not tell which ids there are.
    expected = record.hash if record is not None else "0" * 64
    matches = hmac.compare_digest(expected.encode(), _digest(secret).encode())
    return _token(token_id, record) if record is not None and matches else None


def _token(token_id: str, record: _Record) -> Token:
    return Token(token_id, record.name, frozenset(record.scopes), record.prefix, record.quota_bytes, record.created_ms)
