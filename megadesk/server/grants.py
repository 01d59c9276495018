"""Grants of links, kept as objects of the store behind, so that several servers over it agree without any other state.

``grants/<link>``                 what a client put
``uses/<link>/<number>``          one object a download, where their number is limited: created only where there is
                                  none, so that no two servers give the last one (as far as the store is atomic in it)
``counts/<link>/<server>``        where it is not: what each server counted
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from megadesk.errors import ObjectExistsError, ObjectNotFoundError, StoreProtocolError
from megadesk.server.links import Grant, UsedUpError
from megadesk.server.sessions import KEY_BYTES
from megadesk.server.space import OWN
from megadesk.stores.api import Store

CACHE_S: Final = 5.0
MAX_DOWNLOADS: Final = 100_000
_FOLDER: Final = f"{OWN}grants/"
_USES: Final = f"{OWN}uses/"
_COUNTS: Final = f"{OWN}counts/"
_SESSION_KEY: Final = f"{OWN}session-key"
_MAX_BYTES: Final = 8 << 20
_MAX_CACHED: Final = 256


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As kept."""

    packs: list[str]
    expires_ms: int | None
    max_downloads: int | None
    folder: str
    revoked: bool
    version: int = 1


class Granted(NamedTuple):
    """A grant, and how often it was used."""

    grant: Grant
    downloads: int


class StoreGrants:
    """`Grants` over a store. Thread-safe. Methods raise StoreError."""

    def __init__(self, store: Store, *, server: str, clock: Callable[[], float] = time.monotonic) -> None:
        """``server``: [0-9a-f]+, names this server among those over the same store, the same at its next start."""
        self._store = store
        self._server = server
        self._clock = clock
        self._lock = threading.Lock()
        self._count_lock = threading.Lock()
        self._cache: dict[str, tuple[float, Grant | None]] = {}

    def find(self, link_id: str) -> Grant | None:
        """As of the last `CACHE_S` where another server changed it."""
        with self._lock:
            entry = self._cache.get(link_id)
        if entry is not None and self._clock() < entry[0]:
            return entry[1]
        grant = self._read(link_id)
        with self._lock:
            while len(self._cache) >= _MAX_CACHED:
                del self._cache[next(iter(self._cache))]
            self._cache[link_id] = (self._clock() + CACHE_S, grant)
        return grant

    def put(self, grant: Grant) -> None:
        """Replaces an earlier one of this id; what was counted stays."""
        record = _Record(sorted(grant.packs), grant.expires_ms, grant.max_downloads, grant.folder, grant.revoked)
        self._store.put(_FOLDER + grant.link_id, msgspec.json.encode(record))
        self._store.flush()
        with self._lock:
            self._cache.pop(grant.link_id, None)

    def revoke(self, grant: Grant) -> None:
        """For good: who asks is told so. Its packs need not be remembered."""
        self.put(Grant(grant.link_id, frozenset(), grant.expires_ms, grant.max_downloads, grant.folder, revoked=True))

    def list(self, folder: str) -> list[Granted]:
        """Those of lockers below ``folder`` that were not revoked."""
        found = []
        for info in self._store.list(_FOLDER):
            grant = self._read(info.name.removeprefix(_FOLDER))
            if grant is not None and not grant.revoked and grant.folder.startswith(folder):
                found.append(Granted(grant, self._used(grant)))
        return found

    def count(self, grant: Grant) -> int | None:
        with self._count_lock:
            if grant.max_downloads is None:
                self._count_up(grant.link_id)
                return None
            used = self._slots(grant.link_id)
            while used < grant.max_downloads:
                used += 1
                # Never empty or alike: a repeated put that finds its own content takes the slot for its own.
                with contextlib.suppress(ObjectExistsError):
                    self._store.put(f"{_USES}{grant.link_id}/{used:08d}", secrets.token_bytes(16), create_only=True)
                    self._store.flush()
                    return grant.max_downloads - used
        raise UsedUpError

    def session_key(self) -> bytes:
        """The key of `Sessions`, the same for all servers over this store."""
        with contextlib.suppress(ObjectExistsError):
            try:
                return self._store.get(_SESSION_KEY, length=KEY_BYTES)
            except ObjectNotFoundError:
                self._store.put(_SESSION_KEY, secrets.token_bytes(KEY_BYTES), create_only=True)
                self._store.flush()
        return self._store.get(_SESSION_KEY, length=KEY_BYTES)

    def _used(self, grant: Grant) -> int:
        counted = sum(self._counted(info.name) for info in self._store.list(f"{_COUNTS}{grant.link_id}/"))
        return counted + self._slots(grant.link_id)

    def _slots(self, link_id: str) -> int:
        return sum(1 for _ in self._store.list(f"{_USES}{link_id}/"))

    def _count_up(self, link_id: str) -> None:
        name = f"{_COUNTS}{link_id}/{self._server}"
        self._store.put(name, b"%d" % (self._counted(name) + 1))

    def _counted(self, name: str) -> int:
        try:
            return int(self._store.get(name, max_bytes=20))
        except (ObjectNotFoundError, StoreProtocolError, ValueError):
            return 0

    def _read(self, link_id: str) -> Grant | None:
        try:
            content = self._store.get(_FOLDER + link_id, max_bytes=_MAX_BYTES)
            record = msgspec.json.decode(content, type=_Record)
        except (ObjectNotFoundError, msgspec.MsgspecError):
            return None
        return Grant(
            link_id,
            frozenset(record.packs),
            record.expires_ms,
            record.max_downloads,
            record.folder,
            record.revoked,
        )
