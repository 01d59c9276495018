"""Putting links where they live, and removing them there. What a link shows is what the tree shows at that moment."""

from __future__ import annotations

import time
from collections.abc import Iterator

from megadesk.core.port import Port
from megadesk.crypto.link import LinkSecret, PasswordCost
from megadesk.errors import IntegrityError, LinkPlaceError, ObjectNotFoundError
from megadesk.format import names
from megadesk.format.link import MAX_LINK_BYTES, LinkRecord, make_record, open_link, open_preamble, seal_link
from megadesk.format.ops import LINK_LIVE, LinkPlace, MakeLink
from megadesk.share.page import config_of, fill
from megadesk.share.record import Gathered, gather
from megadesk.share.viewer import viewer_for
from megadesk.state.index.index import Index
from megadesk.transfer.download_items import DownloadItem
from megadesk.types import ROOT, LinkId, NodeId, NodeKind, PackId


class Publisher:
    """Thread-safe. Methods raise StoreError, IntegrityError for a damaged slice list, PathError."""

    def __init__(self, index: Index, port: Port, locker_name: str) -> None:
        """``locker_name``: how a link to all of the locker calls it."""
        self._index = index
        self._port = port
        self._store = port.store
        self._name = locker_name

    def gathered(self, node: NodeId) -> Gathered:
        return gather(self._items(node), self._port.resolved)

    def _items(self, node: NodeId) -> Iterator[DownloadItem]:
        if node != ROOT:
            yield from self._port.items([node])
            return
        top = self._name.replace("/", "_") or "Locker"
        yield DownloadItem(top, NodeKind.FOLDER, 0, 0o755, time.time_ns(), None, b"", ROOT)
        for item in self._port.items([ROOT]):
            yield item._replace(path=f"{top}/{item.path}")

    def sealed(self, op: MakeLink, record: LinkRecord) -> bytes:
        cost = PasswordCost(op.password.memory_kib, op.password.passes) if op.password else None
        key = op.password.key if op.password else b""
        return seal_link(record, LinkSecret(op.secret), cost=cost, password_key=key)

    def publish(
        self, op: MakeLink, gathered: Gathered, created_ms: int, page: bytes, max_downloads: int | None = None
    ) -> None:
        """Put the link where it lives, in place of what is there of it. ``max_downloads``: for a server that counts."""
        store = self._store
        urls: list[str] | None = None
        if op.place == LinkPlace.SIGNED:
            lasts_s = max(1, (op.expires_ms - _now_ms()) // 1000)
            urls = [store.signed_url(names.pack(pack), lasts_s=lasts_s) or "" for pack in gathered.packs]
        elif op.place == LinkPlace.PUBLIC:
            urls = ["../" + names.pack(pack) for pack in gathered.packs]
        record = make_record(
            self._port.locker_id,
            gathered.nodes,
            gathered.packs,
            created_ms=created_ms,
            expires_ms=op.expires_ms,
            live=bool(op.flags & LINK_LIVE),
            note=op.note,
            urls=urls,
        )
        data = self.sealed(op, record)
        if urls is None:
            store.put(names.link(op.link), data)
        else:
            store.put(names.link_page(op.link), fill(page, data, viewer=viewer_for(gathered.nodes)))
        store.flush()
        if op.place == LinkPlace.SERVER:
            self.grant(op, gathered, max_downloads)
        self.remember(op.link, gathered.digest())

    def grant(self, op: MakeLink, gathered: Gathered, max_downloads: int | None) -> None:
        host = self._store.link_host()
        if host is None:
            raise LinkPlaceError("The server of this locker's storage does not serve links any more.")
        host.grant(op.link.hex(), [pack.hex() for pack in gathered.packs], op.expires_ms or None, max_downloads)

    def packs_of(self, op: MakeLink) -> set[PackId]:
        """Packs that the link needs: as the log says, or the record that is there now; empty when none can be read."""
        if op.packs or op.place == LinkPlace.FILE:
            return set(op.packs)
        secret = LinkSecret(op.secret)
        where = names.link(op.link)
        try:
            if op.place in (LinkPlace.SIGNED, LinkPlace.PUBLIC):
                where = names.link_page(op.link)
                page = self._store.get(where, max_bytes=2 * MAX_LINK_BYTES)
                data = config_of(page).record or b""
            else:
                data = self._store.get(where, max_bytes=MAX_LINK_BYTES)
            key = op.password.key if op.password else b""
            record = open_link(data, secret, open_preamble(data, secret, where), key, where)
        except (IntegrityError, ObjectNotFoundError):
            return set()
        return set(record.packs)

    def unpublish(self, link: LinkId) -> None:
        """Delete what there is of it where it lives, as far as that can be done."""
        store = self._store
        host = store.link_host()
        if host is not None:
            host.revoke(link.hex())
        store.delete(names.link(link))
        store.delete(names.link_page(link))
        store.flush()

    def remember(self, link: LinkId, digest: bytes) -> None:
        with self._index.write() as session:
            session.connection.execute(
                "INSERT INTO link_records (id, digest, downloads) VALUES (?, ?, 0)"
                " ON CONFLICT (id) DO UPDATE SET digest = excluded.digest",
                (link, digest),
            )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
