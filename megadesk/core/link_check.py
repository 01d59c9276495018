"""Opening a link once, as its receiver will, before it is said to be made."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from megadesk.errors import DamagedError, LinkPlaceError, MegaDeskError
from megadesk.format import names
from megadesk.format.link import MAX_LINK_BYTES
from megadesk.format.ops import LinkPlace
from megadesk.share.address import parse_link
from megadesk.share.record import Gathered
from megadesk.stores.api import Store
from megadesk.stores.retry import RetryPolicy
from megadesk.transfer.control import Control

if TYPE_CHECKING:
    from megadesk.core.links import LinkRow
    from megadesk.share.opening import OpenedLink

CHECKED_PACKS: Final = 16
"""Of how many packs something is fetched and opened."""
_IN_A_HURRY: Final = RetryPolicy(tries=3, total_s=5.0)


def check_link(
    row: LinkRow, password: str | None, gathered: Gathered, store: Store, control: Control | None = None
) -> None:
    """Raise what keeps the link from showing what it should. Counts as a download where downloads are counted.

    One that this computer serves itself is opened from the storage, and over HTTP too where that counts nothing.
    """
    from megadesk.share.opening import OpenedLink, open_address, open_record  # here: it loads the HTTP client

    secret = parse_link(row.url).secret
    ask = (lambda: password) if password is not None else None
    if row.place is LinkPlace.SHARE:
        data = store.get(names.link(secret.id), max_bytes=MAX_LINK_BYTES)
        _compare(OpenedLink(open_record(data, secret, ask), secret, store), gathered)
        if row.max_downloads is not None:
            return
    try:
        link = open_address(row.url, ask, control=control, policy=_IN_A_HURRY)
    except MegaDeskError as error:
        raise LinkPlaceError(
            f"The link was made, but does not open where it should live, so it was taken back: {error}",
            remedy=error.remedy or "Is the address right, and can this computer reach it?",
        ) from error
    with contextlib.closing(link):
        _compare(link, gathered)


def _compare(link: OpenedLink, gathered: Gathered) -> None:
    shown = [(node.parent, node.name, node.kind, node.size) for node in link.record.nodes]
    if shown != [(node.parent, node.name, node.kind, node.size) for node in gathered.nodes]:
        raise DamagedError("What is at the link's place is not what was put there.")
    link.check(packs=CHECKED_PACKS)
