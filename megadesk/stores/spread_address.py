"""Addresses of spreads: ``spread:?k=2&store=ADDRESS&store=ADDRESS&store=ADDRESS``, each address percent-encoded."""

from __future__ import annotations

import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass

from megadesk.errors import AddressError

MAX_STORES = 16
_MAX_ADDRESS = 16 << 10


@dataclass(frozen=True, slots=True)
class SpreadAddress:
    """Any ``k`` of ``stores`` hold everything."""

    k: int
    stores: Sequence[str]

    @classmethod
    def parse(cls, address: str) -> SpreadAddress:
        """AddressError, which never repeats the address, since people put passwords into those."""
        scheme, _, query = address.partition("?")
        if scheme.lower().rstrip("/") != "spread:" or len(address) > _MAX_ADDRESS:
            raise _wrong("That is not the address of a spread.")
        try:
            given = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict")
        except ValueError:
            raise _wrong("The address of the spread cannot be read.") from None
        stores = [value for name, value in given if name == "store"]
        ks = [value for name, value in given if name == "k"]
        if len(ks) != 1 or len(ks) + len(stores) != len(given):
            raise _wrong("The address of a spread has k once, store several times, and nothing else.")
        if not 2 <= len(stores) <= MAX_STORES or len(set(stores)) != len(stores):
            raise _wrong(f"A spread has 2 to {MAX_STORES} different stores.")
        if any(not store or store.lower().startswith("spread:") for store in stores):
            raise _wrong("A store of a spread is any storage but another spread.")
        if not ks[0].isascii() or not ks[0].isdigit() or not 1 <= int(ks[0][:3]) < len(stores):
            raise _wrong("In the address of a spread, k is how many stores are enough: at least 1, and fewer than all.")
        return cls(int(ks[0]), tuple(stores))

    def __str__(self) -> str:
        stores = "".join(f"&store={urllib.parse.quote(store, safe='')}" for store in self.stores)
        return f"spread:?k={self.k}{stores}"


def _wrong(message: str) -> AddressError:
    return AddressError(
        message, remedy="Write spread:?k=2&store=ADDRESS&store=ADDRESS&store=ADDRESS, each address percent-encoded."
    )
