"""Whether a host serves the very page of links that this program brings (its hash is published with each release)."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass

from megadesk.errors import DecodeError, LinkAddressError
from megadesk.share.page import ConfigWatch, own_page, page_hash
from megadesk.stores.http_net import Timeouts
from megadesk.stores.http_place import split_url
from megadesk.stores.link_web import ENOUGH, Web, fetch_page


@dataclass(frozen=True)
class PageVerdict:
    """``sha256`` of the page as published, in hexadecimal; empty when what is served is no such page."""

    sha256: str
    expected: str

    @property
    def right(self) -> bool:
        return self.sha256 == self.expected


def verify_page(url: str, *, timeouts: Timeouts | None = None) -> PageVerdict:
    """Fetch the page at ``url`` (a link, or one without its fragment, which is never sent) and compare.

    A host may still serve others another page: this tells about what it serves here and now. Raises LinkAddressError,
    LinkError, StoreError, LinkPlaceError where this program has no page to compare with.
    """
    expected = hashlib.sha256(own_page()).hexdigest()
    where = url.strip().partition("#")[0]
    if where.lower().startswith("megadesk:"):
        where = where[len("megadesk:") :]
    if not where.lower().startswith(("http://", "https://")):
        raise LinkAddressError("That is not the address of a web page.")
    split_url(where)
    content = bytearray()
    watch = ConfigWatch()

    def take(chunk: bytes) -> str:
        """Packs behind the page are not fetched."""
        content.extend(chunk)
        watch.add(chunk)
        return ENOUGH if watch.config is not None and 0 < watch.config.attached_at <= len(content) else ""

    try:
        with contextlib.closing(Web(timeouts)) as web:
            fetch_page(web, where, take)
        return PageVerdict(page_hash(bytes(content)), expected)
    except DecodeError:
        return PageVerdict("", expected)
