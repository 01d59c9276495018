"""What people paste when they open a link: URL, file, or either with ``megadesk:`` in front."""

from __future__ import annotations

import os
import urllib.parse
from dataclasses import dataclass, field

from megadesk.crypto.link import LinkSecret
from megadesk.errors import LinkAddressError, MegaDeskError
from megadesk.stores.http_place import split_url

SCHEME = "megadesk:"
_MAX = 20_000


@dataclass(frozen=True)
class LinkAddress:
    """Where a link is and what opens it. Exactly one of ``url`` (http, https; no fragment) and ``file`` is set."""

    url: str
    file: str
    secret: LinkSecret = field(repr=False)

    @property
    def base(self) -> str:
        """The URL whose routes a server answers: up to the last slash of the path."""
        path = self.url.partition("?")[0]
        return path[: path.rindex("/") + 1] if path.count("/") > 2 else path + "/"


def parse_link(text: str) -> LinkAddress:
    """The parts of a link. Raises LinkAddressError, which never repeats it: it is a secret."""
    text = text.strip().strip("<>\u201c\u201d\"'")
    if text[: len(SCHEME)].lower() == SCHEME:
        text = text[len(SCHEME) :]
        if text.startswith("//"):
            text = "https:" + text
    if not text or len(text) > _MAX or any(c in text for c in "\r\n\0"):
        raise LinkAddressError("That is not a link.", remedy="Copy the whole link and try again.")
    where, hash_sign, token = text.rpartition("#")
    if not hash_sign:
        raise LinkAddressError(
            "The link is not complete: the part behind # is missing.",
            remedy="That part is the key. If it was sent separately, put it behind the link, with # in between.",
        )
    secret = LinkSecret.from_token(token)
    scheme = where.partition(":")[0].lower()
    if scheme in ("http", "https"):
        split_url(where)
        return LinkAddress(where, "", secret)
    if scheme == "file":
        try:
            parts = urllib.parse.urlsplit(where)
            path = os.fsdecode(urllib.parse.unquote_to_bytes(parts.path))
            host = parts.hostname or ""
        except ValueError:
            path, host = "", ""
        if host not in ("", "localhost") or not path.startswith("/"):
            raise LinkAddressError("The link names a file that cannot be one here.")
        return LinkAddress("", path.lstrip("/") if os.name == "nt" else path, secret)
    if "://" in where or not where:
        raise LinkAddressError("The link must begin with https://, http:// or file://, or be a file here.")
    return LinkAddress("", os.path.abspath(os.path.expanduser(where)), secret)


def is_link(text: str) -> bool:
    """Whether ``text`` can be opened as a link; for a window that looks at what was pasted."""
    try:
        parse_link(text)
    except MegaDeskError:
        return False
    return True
