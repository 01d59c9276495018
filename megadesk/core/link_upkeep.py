"""What links need now and then: those that follow their folder put anew, expired ones taken back, remains removed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from megadesk.core.history import History
from megadesk.core.link_publisher import Publisher
from megadesk.errors import LinkPlaceError, PathError, StoreError
from megadesk.format import names
from megadesk.format.ops import LinkPlace, RevokeLink, decode_make_link
from megadesk.share.page import own_page
from megadesk.state.index.index import Index
from megadesk.stores.api import Store
from megadesk.types import DeviceId, LinkId

if TYPE_CHECKING:
    from megadesk.core.links import Links

log = logging.getLogger(__name__)

_OTHERS_CLEAN_UP_MS: Final = 7 * 24 * 3600 * 1000
"""How long an expired link is left to its maker before any other device takes it back."""


class Upkeep:
    """Thread-safe, but of use to one thread at a time."""

    def __init__(
        self,
        links: Links,
        publisher: Publisher,
        index: Index,
        history: History,
        store: Store,
        device: DeviceId,
        changing: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._links = links
        self._publisher = publisher
        self._index = index
        self._history = history
        self._store = store
        self._device = device
        self._changing = changing
        self._looked_at = -1

    def refresh_live(self) -> int:
        """Put every link anew that is kept up to date and shows something else by now; how many there were.

        One whose thing is in the trash or gone shows nothing until it is back.
        """
        changed = 0
        for row in self._links.list(counts=False):
            if not row.live or row.state not in ("active", "missing"):
                continue
            op = self._links.op(row.id)
            with self._index.read() as session:
                found = session.connection.execute(
                    "SELECT digest FROM link_records WHERE id = ?", (op.link,)
                ).fetchone()
            known = bytes(found[0]) if found else None
            if row.state == "missing":
                if known != b"":
                    self._store.delete(names.link(op.link))
                    self._store.delete(names.link_page(op.link))
                    self._publisher.remember(op.link, b"")
                    changed += 1
                continue
            gathered = self._publisher.gathered(op.node)
            if gathered.digest() != known:
                page = own_page() if op.place in (LinkPlace.SIGNED, LinkPlace.PUBLIC) else b""
                self._publisher.publish(op, gathered, _now_ms(), page, op.max_downloads or None)
                changed += 1
        return changed

    def tidy(self) -> int:
        """Take back what has expired, and remove what is left of links that were taken back; how many expired.

        A device takes back its own; others' after a week. Deletes nothing that the log does not know.
        """
        now_ms = _now_ms()
        with self._index.read() as session:
            facts = session.table.links()
        expired = []
        for fact in facts:
            if fact.made is None or fact.revoked:
                continue
            ends_ms = decode_make_link(fact.made).expires_ms
            grace_ms = 0 if fact.stamp.device == self._device else _OTHERS_CLEAN_UP_MS
            if ends_ms and ends_ms + grace_ms < now_ms:
                expired.append(fact.id)
        with self._changing():
            if expired:
                self._history.append([RevokeLink(link) for link in expired])
            gone = {fact.id for fact in facts if fact.revoked} | set(expired)
            if gone:
                for info in list(self._store.list(names.LINKS)):
                    link = names.parse_link(info.name)
                    if link in gone:
                        self._store.delete(info.name)
                host = self._store.link_host()
                if host is not None:
                    for hosted in host.hosted():
                        if LinkId(bytes.fromhex(hosted.link)) in gone:
                            host.revoke(hosted.link)
        return len(expired)

    def keep_up(self) -> None:
        """What is due now and then, for a program that stays open. What fails is tried again the next time."""
        entries = self._history.entries()
        try:
            if entries != self._looked_at:
                self.refresh_live()
                self._looked_at = entries
            if any(
                row.state == "expired" and row.place is not LinkPlace.FILE for row in self._links.list(counts=False)
            ):
                self.tidy()
        except (StoreError, LinkPlaceError, PathError) as error:
            log.info("links could not be kept up: %s", type(error).__name__)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
