"""What a program that serves a locker's links must know of them, and where it counts."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from megadesk.crypto.link import LinkSecret
from megadesk.errors import IntegrityError
from megadesk.format import names
from megadesk.format.link import MAX_LINK_BYTES, open_link, open_preamble
from megadesk.format.ops import LINK_LIVE, LinkPlace, MakeLink, decode_make_link
from megadesk.state.index.index import Index
from megadesk.stores.api import Store
from megadesk.types import LinkId, PackId


@dataclass(frozen=True)
class ServedLink:
    """What a program that serves links must know of one. ``gone``: "", "revoked" or "expired"."""

    packs: frozenset[str]
    expires_ms: int | None
    max_downloads: int | None
    gone: str


class LinkLedger:
    """Thread-safe. Shows what this machine knows of the log, at once; counts in the index."""

    def __init__(self, index: Index, store: Store, changed: Callable[[], None]) -> None:
        """``store``: where records and packs are read from. ``changed`` is called when something was counted."""
        self.store = store
        self._index = index
        self._changed = changed
        self._lock = threading.Lock()
        self._live: dict[LinkId, tuple[bytes, tuple[PackId, ...]]] = {}

    def served(self, link: str) -> ServedLink | None:
        """What is to be known of a link to serve it; None for one that the locker lacks, or that lives elsewhere.

        Never older than what this machine knows. Raises StoreError when the record of a live link cannot be had.
        """
        with self._index.read() as session:
            fact = session.table.link(LinkId(bytes.fromhex(link)))
        if fact is None or fact.made is None:
            return None
        op = decode_make_link(fact.made)
        if op.place not in (LinkPlace.SHARE, LinkPlace.SERVER):
            return None
        gone = "revoked" if fact.revoked else "expired" if 0 < op.expires_ms <= _now_ms() else ""
        packs = op.packs
        if op.flags & LINK_LIVE and not gone:
            packs = self._live_packs(op)
        return ServedLink(
            frozenset(pack.hex() for pack in packs), op.expires_ms or None, op.max_downloads or None, gone
        )

    def _live_packs(self, op: MakeLink) -> tuple[PackId, ...]:
        """Those of the record that is there now: it may be another device's work."""
        where = names.link(op.link)
        data = self.store.get(where, max_bytes=MAX_LINK_BYTES)
        tag = hashlib.sha256(data).digest()
        with self._lock:
            cached = self._live.get(op.link)
        if cached is not None and cached[0] == tag:
            return cached[1]
        secret = LinkSecret(op.secret)
        try:
            key = op.password.key if op.password else b""
            packs = open_link(data, secret, open_preamble(data, secret, where), key, where).packs
        except IntegrityError:
            packs = ()
        with self._lock:
            self._live[op.link] = (tag, packs)
        return packs

    def count_download(self, link: str, max_downloads: int | None) -> int | None:
        """Count one; how many are left, None without a limit, -1 when none was left (then nothing is counted)."""
        link_id = LinkId(bytes.fromhex(link))
        with self._index.write() as session:
            session.connection.execute(
                "INSERT OR IGNORE INTO link_records (id, digest, downloads) VALUES (?, x'', 0)", (link_id,)
            )
            row = session.connection.execute("SELECT downloads FROM link_records WHERE id = ?", (link_id,)).fetchone()
            used = int(row[0]) if row else 0
            if max_downloads is not None and used >= max_downloads:
                return -1
            session.connection.execute("UPDATE link_records SET downloads = ? WHERE id = ?", (used + 1, link_id))
        self._changed()
        return None if max_downloads is None else max_downloads - used - 1


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
