"""The links of one locker: made, shown, taken back. Links are in the log, so every device has them all.

Making one: it is written into the log first (from then on its packs are kept, and every device can take it back), then
put where it lives, then opened once as its receiver will. Taking one back: the log, then the place. What a place could
not be told is told again by `tidy`, which needs no memory of its own.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
import urllib.parse
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, cast

from megadesk.core.edit import Where, find_row
from megadesk.core.history import History
from megadesk.core.link_ledger import LinkLedger
from megadesk.core.link_places import ABILITIES, PlaceAbilities
from megadesk.core.link_publisher import Publisher
from megadesk.core.link_upkeep import Upkeep
from megadesk.core.port import Port
from megadesk.core.rekey import Rekey
from megadesk.crypto.link import DEFAULT_COST, LinkSecret
from megadesk.errors import (
    InputError,
    LinkNotFoundError,
    LinkPlaceError,
    MegaDeskError,
    PathError,
)
from megadesk.format import names
from megadesk.format.ops import (
    LINK_FOLDER,
    LINK_LIVE,
    MAX_LINK_NOTE,
    LinkPassword,
    LinkPlace,
    MakeLink,
    Operation,
    RevokeLink,
    decode_make_link,
)
from megadesk.share.html_file import check_writable, lay_out, write_html
from megadesk.share.page import own_page
from megadesk.share.record import Gathered
from megadesk.state.beacon import Beacon
from megadesk.state.index.index import Index, Session
from megadesk.stores.http_place import split_url
from megadesk.transfer.control import Control
from megadesk.tree.table import LinkFact
from megadesk.types import ROOT, TRASH, DeviceId, LinkId, NodeId, NodeKind, ProgressCallback

if TYPE_CHECKING:
    from megadesk.share.opening import OpenedLink

log = logging.getLogger(__name__)

_META_BASE = "link_base_url"
_META_PUBLIC = "link_public_url"
_HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True)
class LinkOptions:
    """What may be said about a new link. ``expires_ms`` None: never (or as long as the place lets it)."""

    expires_ms: int | None = None
    password: str | None = field(default=None, repr=False)
    max_downloads: int | None = None
    live: bool = False
    note: str = ""
    html: str | None = None
    """Path of the HTML file to write; then nothing is put anywhere else."""
    base_url: str | None = None
    """In front of the fragment, in place of what the locker's settings say."""
    place: LinkPlace | None = None
    """None: the best that the locker's storage has."""
    check: bool = True
    """Open it once before it is said to be made."""


@dataclass(frozen=True)
class LinkRow:
    """A link as lists show it. ``url`` is a secret; empty while nobody serves the link."""

    id: str
    path: str
    """Of what is shared, as of now; empty when it is gone."""
    node: NodeId
    is_folder: bool
    live: bool
    state: str
    """``active``, ``expired``, ``revoked``, or ``missing``: what it shows is in the trash or gone."""
    created_ms: int
    expires_ms: int | None
    max_downloads: int | None
    downloads: int | None
    """None where nobody counts, or the count could not be had."""
    has_password: bool
    note: str
    place: LinkPlace
    device: str
    """Name of the device that made it."""
    url: str = field(repr=False)

    @property
    def abilities(self) -> PlaceAbilities:
        return ABILITIES[self.place]


@dataclass(frozen=True)
class LinkSettings:
    """Of this locker on this computer. ``base_url``: one's own domain, under which its server of links is reached.
    ``public_url``: where anyone can read the locker's storage, if so."""

    base_url: str = ""
    public_url: str = ""


class Links:
    """Thread-safe. Methods do I/O, so not for a window's thread.

    Those that change something raise LockerReadOnlyError as the locker does, LinkPlaceError where there is no place,
    InputError for what cannot be had there, PathError, StoreError, IntegrityError.
    """

    def __init__(
        self,
        index: Index,
        history: History,
        port: Port,
        device: DeviceId,
        locker_name: str,
        beacon: Beacon,
        changing: Callable[[], AbstractContextManager[None]],
        changed: Callable[[], None],
    ) -> None:
        """``changed`` is called after something changed that is not in the log."""
        self._index = index
        self._history = history
        self._port = port
        self._publisher = Publisher(index, port, locker_name)
        self.upkeep = Upkeep(self, self._publisher, index, history, port.store, device, changing)
        self._changing = changing
        self._changed = changed
        self._beacon = beacon

    def close(self) -> None:
        """Nobody is told of a server here any more."""
        with contextlib.suppress(MegaDeskError):
            self._beacon.announce("")

    def ledger(self) -> LinkLedger:
        """What a program needs that serves the locker's links."""
        return LinkLedger(self._index, self._port.store, self._changed)

    # --- settings and places

    def settings(self) -> LinkSettings:
        with self._index.read() as session:
            base, public = session.records.meta(_META_BASE), session.records.meta(_META_PUBLIC)
        return LinkSettings((base or b"").decode(), (public or b"").decode())

    def set_settings(self, settings: LinkSettings) -> None:
        """Raises LinkAddressError for what is no http(s) URL."""
        given = replace(settings, base_url=_base(settings.base_url), public_url=_base(settings.public_url))
        with self._index.write() as session:
            session.records.set_meta(_META_BASE, given.base_url.encode() or None)
            session.records.set_meta(_META_PUBLIC, given.public_url.encode() or None)
        self._changed()

    def announce(self, base_url: str) -> None:
        """This program serves the locker's links at ``base_url`` from now on; "": no longer. Others on this machine
        see it. Raises LockerBusyError while another program does."""
        self._beacon.announce(base_url)
        self._changed()

    def served_at(self) -> str:
        """The base URL at which a program on this machine serves the locker's links now; "" when none does."""
        return self._beacon.url()

    def places(self) -> list[PlaceAbilities]:
        """Where links of this locker can live, the one that is taken first."""
        found = [self._best_place()]
        if found[0] is not LinkPlace.SHARE and self._port.store.link_host() is None:
            found.append(LinkPlace.SHARE)
        return [ABILITIES[place] for place in (*found, LinkPlace.FILE)]

    def _best_place(self) -> LinkPlace:
        store = self._port.store
        if store.link_host() is not None:
            return LinkPlace.SERVER
        if self.settings().public_url:
            return LinkPlace.PUBLIC
        signs = store.signed_url(names.HEADER, lasts_s=60) is not None
        return LinkPlace.SIGNED if signs else LinkPlace.SHARE

    # --- looking

    def list(self, *, counts: bool = True) -> list[LinkRow]:
        """All, newest first. ``counts``: ask the server, if any, how often each was used; its absence is no error."""
        counted = self._counted() if counts else {}
        with self._index.read() as session:
            facts = [fact for fact in session.table.links() if fact.made is not None]
            facts.sort(key=lambda fact: fact.stamp, reverse=True)
            return [self._row(session, fact, counted) for fact in facts]

    def get(self, link: str) -> LinkRow:
        """The link of this id, or of a beginning of one that is unique, or of the path of what is shared where there is
        but one that is active. Raises PathError."""
        rows = self.list()
        found = [row for row in rows if link and row.id.startswith(link.lower())]
        if len(found) != 1 and link.startswith("/"):
            found = [row for row in rows if row.path == link and row.state == "active"]
        if len(found) != 1:
            raise PathError(f"{len(found)} links match “{link}”.", remedy="See “megadesk link ls” for their ids.")
        return found[0]

    def url(self, link: str) -> str:
        """The whole link, to be copied: a secret. Raises LinkPlaceError while nobody serves it, PathError."""
        row = self.get(link)
        if not row.url:
            raise LinkPlaceError(
                "Nobody serves this link now.", remedy="Start sharing on this computer (“megadesk link serve”)."
            )
        return row.url

    def _row(self, session: Session, fact: LinkFact, counted: dict[str, int]) -> LinkRow:
        assert fact.made is not None
        op = decode_make_link(fact.made)
        link = fact.id.hex()
        path = ""
        where = session.view.get(op.node) if op.node != ROOT else None
        missing = op.node != ROOT and where is None
        if not missing:
            with contextlib.suppress(PathError):
                location = session.view.locate(op.node) if op.node != ROOT else None
                path = location.path if location is not None else "/"
                missing = location is not None and location.root == TRASH
        place = LinkPlace(op.place)
        return LinkRow(
            id=link,
            path=path,
            node=op.node,
            is_folder=bool(op.flags & LINK_FOLDER),
            live=bool(op.flags & LINK_LIVE),
            state=_state(fact, op, missing),
            created_ms=fact.time_ms,
            expires_ms=op.expires_ms or None,
            max_downloads=op.max_downloads or None,
            downloads=counted.get(link, 0) if ABILITIES[place].downloads else None,
            has_password=op.password is not None,
            note=op.note,
            place=place,
            device=session.records.device_name(fact.stamp.device),
            url=self._url(session, op),
        )

    def _url(self, session: Session, op: MakeLink) -> str:
        base = op.base
        if op.place in (LinkPlace.SERVER, LinkPlace.SHARE):
            own = (session.records.meta(_META_BASE) or b"").decode()
            serving = self.served_at() if op.place == LinkPlace.SHARE else ""
            base = own or serving or base
        return f"{base}#{LinkSecret(op.secret).token()}" if base else ""

    def _counted(self) -> dict[str, int]:
        with self._index.read() as session:
            rows = session.connection.execute("SELECT id, downloads FROM link_records").fetchall()
        counted = {cast("bytes", row[0]).hex(): cast("int", row[1]) for row in rows}
        host = self._port.store.link_host()
        if host is not None:
            try:
                counted |= {hosted.link: hosted.downloads for hosted in host.hosted()}
            except MegaDeskError as error:
                log.info("the server did not say how often links were used: %s", type(error).__name__)
        return counted

    # --- making

    def make(
        self,
        where: Where,
        options: LinkOptions | None = None,
        *,
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> LinkRow:
        """Make a link to a file or folder; when this returns, it was opened as its receiver will open it.

        Where something fails on the way, it is taken back.
        """
        options = options or LinkOptions()
        now_ms = _now_ms()
        place = self._place(options)
        expires_ms = _expiry(place, options, now_ms)
        secret = LinkSecret.generate()
        password = None
        if options.password is not None:
            if not options.password:
                raise InputError("The password is empty.")
            key = secret.password_key(options.password, DEFAULT_COST)
            password = LinkPassword(DEFAULT_COST.memory_kib, DEFAULT_COST.passes, key)
        base = self._base(place, options, secret.id, expires_ms, now_ms)
        page = own_page() if place in (LinkPlace.SIGNED, LinkPlace.PUBLIC, LinkPlace.FILE) else b""
        draft = MakeLink(
            secret.id,
            secret.to_bytes(),
            ROOT,
            LINK_LIVE if options.live else 0,
            expires_ms,
            options.max_downloads or 0,
            password,
            options.note,
            place,
            base,
            (),
        )
        # Only what is written counts as a change: a damaged file is no reason to doubt the history.
        with self._changing():
            op, gathered = self._log(where, draft)
        try:
            if place is LinkPlace.FILE:
                assert options.html is not None
                self._write_file(options.html, page, op, gathered, now_ms, progress, control)
            else:
                self._publisher.publish(op, gathered, now_ms, page)
            row = self.get(secret.id.hex())
            if options.check:
                # Here: the HTTP library takes its time, and few commands make links.
                from megadesk.core.link_check import check_link

                check_link(row, options.password, gathered, self._port.store, control)
            if place is LinkPlace.SERVER and op.max_downloads:
                self._publisher.grant(op, gathered, op.max_downloads)
        except BaseException:
            log.info("the link %s is taken back, as it does not work", secret.id.hex()[:8])
            with contextlib.suppress(MegaDeskError):
                self._take_back(op)
            raise
        return self.get(secret.id.hex())

    def _place(self, options: LinkOptions) -> LinkPlace:
        if len(options.note) > MAX_LINK_NOTE:
            raise InputError(f"The note is longer than {MAX_LINK_NOTE} characters.")
        if options.max_downloads is not None and not 0 < options.max_downloads < 2**53:
            raise InputError("The number of downloads must be 1 or more.")
        place = LinkPlace.FILE if options.html is not None else options.place
        if place is None:
            place = self._best_place()
        if place is LinkPlace.FILE:
            if options.html is None:
                raise InputError("The HTML file needs a name.")
            if options.live:
                raise InputError("A link in a file cannot be kept up to date.")
            check_writable(options.html)
        if options.max_downloads is not None and not ABILITIES[place].downloads:
            raise InputError(
                "Nobody counts downloads there.", remedy=f"{ABILITIES[place].text} Leave the number of downloads out."
            )
        return place

    def _base(self, place: LinkPlace, options: LinkOptions, link: LinkId, expires_ms: int, now_ms: int) -> str:
        """The URL in front of the fragment, as far as it is known when the link is made."""
        given = _base(options.base_url or "")
        if place is LinkPlace.FILE:
            return "file://" + urllib.parse.quote(os.fsencode(os.path.abspath(options.html or "")))
        if place is LinkPlace.PUBLIC:
            public = given or self.settings().public_url
            if not public:
                raise LinkPlaceError("Where the storage is public is not known.", remedy="Give its URL.")
            return public + names.link_page(link)
        if place is LinkPlace.SIGNED:
            lasts_s = max(1, (expires_ms - now_ms) // 1000)
            url = self._port.store.signed_url(names.link_page(link), lasts_s=lasts_s, content_type=_HTML)
            if url is None:
                raise LinkPlaceError("This storage cannot sign addresses.")
            return url
        host = self._port.store.link_host()
        if place is LinkPlace.SERVER:
            if host is None:
                raise LinkPlaceError("This storage does not serve links.")
            return given or self.settings().base_url or host.base_url
        base = given or self.settings().base_url or self.served_at()
        if not base:
            raise LinkPlaceError(
                "This locker's storage cannot serve links by itself, and this computer does not at the moment.",
                remedy="Start “megadesk link serve” in another terminal, or write the link to a file with --html.",
            )
        # What is not fixed follows the program that serves.
        return given or base

    def _log(self, where: Where, draft: MakeLink) -> tuple[MakeLink, Gathered]:
        """Write the link into the log, on the newest tree, with the packs that must be kept for it."""
        made: list[tuple[MakeLink, Gathered]] = []

        def ops() -> list[Operation]:
            with self._index.read() as session:
                row = find_row(session, where)
            gathered = self._publisher.gathered(row.id)
            flags = draft.flags | (LINK_FOLDER if row.kind is NodeKind.FOLDER else 0)
            keeps = not draft.flags & LINK_LIVE and draft.place != LinkPlace.FILE
            op = MakeLink(
                draft.link,
                draft.secret,
                row.id,
                flags,
                draft.expires_ms,
                draft.max_downloads,
                draft.password,
                draft.note,
                draft.place,
                draft.base,
                gathered.packs if keeps else (),
            )
            made[:] = [(op, gathered)]
            return [op]

        self._history.append(ops)
        return made[0]

    def _write_file(
        self,
        path: str,
        page: bytes,
        op: MakeLink,
        gathered: Gathered,
        created_ms: int,
        progress: ProgressCallback | None,
        control: Control | None,
    ) -> None:
        write_html(
            path,
            page,
            lay_out(gathered),
            self._port.locker_id,
            self._port.store,
            lambda record: self._publisher.sealed(op, record),
            created_ms=created_ms,
            expires_ms=op.expires_ms,
            note=op.note,
            progress=progress,
            control=control,
        )

    # --- taking back

    def revoke(
        self,
        link: str,
        *,
        rekey: bool = False,
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> LinkRow:
        """Take a link back, as `get` finds it. One that was taken back already is taken back again.

        ``rekey``: also encrypt anew what it showed, so that keys its receivers may have kept open nothing stored any
        more once garbage was collected (but for what other links still need). May take as long as an upload.
        """
        row = self.get(link)
        op = self.op(row.id)
        known = self._publisher.packs_of(op) if rekey else set()
        with self._changing():
            self._take_back(op)
        if rekey:
            Rekey(self._index, self._history, self._port, progress, control).run(known, op.node, self._port.uploading())
        return self.get(row.id)

    def keep(
        self,
        link: OpenedLink,
        dest: Where,
        *,
        progress: ProgressCallback | None = None,
        control: Control | None = None,
    ) -> NodeId:
        """Put what somebody's link shows into a folder of this locker; the new node's id. See LinkKeeper."""
        from megadesk.core.link_keep import LinkKeeper  # here: it loads the HTTP library

        return LinkKeeper(self._index, self._history, self._port, self._changing, progress, control).run(link, dest)

    def op(self, link: str) -> MakeLink:
        """What the log says of a link, by its whole id. Raises LinkNotFoundError."""
        with self._index.read() as session:
            for fact in session.table.links():
                if fact.id.hex() == link and fact.made is not None:
                    return decode_make_link(fact.made)
        raise LinkNotFoundError("There is no such link.")

    def _take_back(self, op: MakeLink) -> None:
        self._history.append([RevokeLink(op.link)])
        self._publisher.unpublish(op.link)


def _state(fact: LinkFact, op: MakeLink, missing: bool) -> str:
    if fact.revoked:
        return "revoked"
    if op.expires_ms and op.expires_ms <= _now_ms():
        return "expired"
    return "missing" if missing and op.flags & LINK_LIVE else "active"


def _expiry(place: LinkPlace, options: LinkOptions, now_ms: int) -> int:
    if options.expires_ms is not None and options.expires_ms <= now_ms:
        raise InputError("The link would have expired already.")
    most = ABILITIES[place].max_days
    if most is None:
        return options.expires_ms or 0
    from megadesk.stores.s3_sign import MAX_PRESIGNED_S  # here: few lockers are in a bucket

    longest_ms = now_ms + MAX_PRESIGNED_S * 1000
    if options.expires_ms is not None and options.expires_ms > longest_ms:
        raise InputError(f"A link in this storage lasts for {most} days at most.", remedy=ABILITIES[place].text)
    return options.expires_ms or longest_ms


def _base(url: str) -> str:
    """With a slash at the end. Raises LinkAddressError."""
    if not url:
        return ""
    split_url(url)
    return url if url.endswith("/") or "?" in url else url + "/"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
