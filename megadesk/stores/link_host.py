"""What a store that also serves links is told about them: which packs a link needs, for how long, how often.

Only a MegaDesk server's store has one (`Store.link_host`). It enforces what it is told: a revoked, expired or used-up
link is refused from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class HostedLink(NamedTuple):
    """A link as its server has it. ``link``: the id, 32 hexadecimal digits."""

    link: str
    downloads: int
    expires_ms: int | None
    max_downloads: int | None


class LinkHost(Protocol):
    """Thread-safe. Every method may be repeated, and raises StoreError."""

    @property
    def base_url(self) -> str:
        """Where it serves links to others: ends in '/'; what its owner set, or else how it is reached from here."""
        ...

    def grant(self, link: str, packs: Sequence[str], expires_ms: int | None, max_downloads: int | None) -> None:
        """Let whoever knows the id read ``links/<id>`` and these packs (32 hexadecimal digits each) of this store.

        A grant that is there already is replaced; downloads that were counted stay counted.
        """
        ...

    def revoke(self, link: str) -> None:
        """Refuse the link from now on. One that is not known is no error."""
        ...

    def hosted(self) -> list[HostedLink]:
        """All that are granted and not revoked."""
        ...
