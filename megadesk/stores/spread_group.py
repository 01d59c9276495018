"""The stores of one spread: which of them belong to it, and what asking several at once takes.

Each store has an object ``spread`` that names the spread and says which share the store holds:

    "MDSP" || version 0x01 || k || n || index || spread id 16 || u32 CRC-32 of all before it

So the order of an address does not matter, a store of another spread is refused, and one that has become blank is
noticed and not taken for a store without objects.
"""

from __future__ import annotations

import collections
import concurrent.futures
import secrets
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from megadesk.errors import (
    AddressError,
    ObjectNotFoundError,
    StoreError,
    StoreFault,
    StoreProtocolError,
    StoreUnavailableError,
)
from megadesk.stores.api import PartStatus, Store
from megadesk.stores.open import describe
from megadesk.stores.spread_address import SpreadAddress
from megadesk.stores.spread_part import Part, gravest
from megadesk.stores.spread_share import Coding

MARKER: Final = "spread"
SHARES: Final = "shares/"
OPEN_S: Final = 25.0
"""How long opening waits for a store while enough others are there already a tenth of it has passed."""

_MARK: Final = struct.Struct(">4sBBBB16sI")
_MAGIC: Final = b"MDSP"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class _Mark:
    k: int
    n: int
    index: int
    spread_id: bytes


_DAMAGED: Final = _Mark(0, 0, 0, b"")


class Group:
    """Thread-safe."""

    def __init__(
        self, address: SpreadAddress, opener: Callable[[str, bool], Store], *, create: bool, open_s: float = OPEN_S
    ) -> None:
        """``opener(address, create)`` opens one store. Opens all at once; with ``create`` all must be there, else k.

        Raises StoreUnavailableError, AddressError, and what ``opener`` raises; ``store_address`` says of which store.
        """
        self.address = address
        self.k, self.n = address.k, len(address.stores)
        self.quorum = max(self.k, self.n - self.k + 1)
        """So many stores must take a put or a delete: any k that are read later are then among them."""
        self.coding = Coding(self.k, self.n)
        self._opener = opener
        self._create = create
        self._adopting = False
        self._lock = threading.Lock()
        self._id: bytes | None = None
        self._seen: dict[int, tuple[Store, _Mark | None]] = {}
        self.parts = [Part(store, partial(self._open_part, i)) for i, store in enumerate(address.stores)]
        try:
            self._open(open_s)
        except BaseException:
            self.close()
            raise
        self._create = False

    def close(self) -> None:
        for part in self.parts:
            part.close()

    # --- opening

    def _open(self, open_s: float) -> None:
        futures = {part.submit(lambda store: store.properties): part for part in self.parts}
        began = time.monotonic()
        pending = set(futures)
        while pending:
            _, pending = concurrent.futures.wait(pending, 0.05, concurrent.futures.FIRST_COMPLETED)
            waited_s = time.monotonic() - began
            with self._lock:
                seen = len(self._seen)
            if waited_s > open_s or (seen >= self.k and not self._create and waited_s > open_s / 10):
                break
        with self._lock:
            marks = [mark.spread_id for _, mark in self._seen.values() if mark is not None and mark.spread_id]
            if not marks and not self._create and self._seen:
                raise AddressError(
                    "These stores hold no spread.", remedy="Check the address, or make a locker there first."
                )
            common = collections.Counter(marks).most_common(1)
            self._id = common[0][0] if common else secrets.token_bytes(16)
            seen_now = dict(self._seen)
        # Those that do not know which they are get what the others leave.
        for position, (store, mark) in sorted(
            seen_now.items(), key=lambda item: (item[1][1] in (None, _DAMAGED), item[0])
        ):
            part = self.parts[position]
            try:
                self._admit(part, position, store, mark)
            except StoreError as error:
                error.store_address = part.address
                if self._create:
                    raise
                part.lazy.reopen()
                part.reject(error)
        errors: list[BaseException] = []
        for future, part in futures.items():
            if future.done() and (failure := future.exception()) is not None:
                if isinstance(failure, StoreError):
                    failure.store_address = part.address
                errors.append(failure)
        there = sum(part.index >= 0 for part in self.parts)
        if there < (self.n if self._create else self.k):
            raise gravest(errors, f"Only {there} of the {self.n} stores are there")

    def _open_part(self, position: int) -> Store:
        part = self.parts[position]
        store = self._opener(part.address, self._create or self._adopting)
        try:
            if store.properties.kind == "s3":
                part.kept_address = store.properties.address
            mark = _read_mark(store)
            with self._lock:
                if self._id is None:
                    self._seen[position] = (store, mark)
                    return store
            self._admit(part, position, store, mark)
        except BaseException:
            store.close()
            raise
        return store

    def _admit(self, part: Part, position: int, store: Store, mark: _Mark | None) -> None:
        where = describe(part.address)
        assert self._id is not None
        writing = self._create or self._adopting
        if mark is _DAMAGED and not writing:
            # Its shares say themselves which they are.
            part.mark_is_damaged = True
            index = self._free_index(part, position)
        elif mark is None or mark is _DAMAGED:
            if not writing:
                raise StoreUnavailableError(
                    f"The store {where} is empty, or no longer the one that it was.",
                    remedy="If it is lost for good, “megadesk check --repair” fills it anew.",
                    fault=StoreFault.NO_PLACE,
                )
            index = self._free_index(part, position)
            store.put(MARKER, _mark_bytes(_Mark(self.k, self.n, index, self._id)))
            store.flush()
            part.mark_is_damaged = False
        elif (mark.k, mark.n, mark.spread_id) != (self.k, self.n, self._id):
            raise StoreUnavailableError(
                f"The store {where} belongs to another spread, or to one with another k.",
                remedy="Check the address: it must have the same stores and the same k as when the locker was made.",
            )
        else:
            index = mark.index
        with self._lock:
            if any(other.index == index for other in self.parts if other is not part):
                raise StoreUnavailableError(f"The store {where} is one that the spread has already.")
            part.index = index

    def _free_index(self, part: Part, position: int) -> int:
        with self._lock:
            if part.index >= 0:
                return part.index
            taken = {other.index for other in self.parts if other is not part}
        return position if position not in taken else next(i for i in range(self.n) if i not in taken)

    def adopt(self) -> None:
        """Take stores in that have become blank or are gone, and ask those again that were away."""
        self._adopting = True
        try:
            for part in self.parts:
                part.lazy.reopen()
                part.try_again()
            futures = [part.submit(lambda store: store.properties) for part in self.parts]
            concurrent.futures.wait(futures, OPEN_S)
        finally:
            self._adopting = False

    # --- asking

    def ready(self) -> list[Part]:
        """The stores to ask now. Those that may be back are woken, and are here the next time."""
        found = []
        for part in self.parts:
            if part.index < 0:
                if part.is_up:
                    part.submit(lambda store: store.properties)
            elif part.is_up:
                found.append(part)
        return found

    def require(self, parts: Iterable[Part], count: int, doing: str, name: str = "") -> None:
        """Raises StoreUnavailableError when fewer than ``count`` stores can be asked."""
        there = len(list(parts))
        if there < count:
            troubles = [
                f"{describe(status.address)}: {status.trouble.rstrip('.')}"
                for status in self.statuses()
                if status.trouble
            ]
            raise StoreUnavailableError(
                f"Only {there} of the {self.n} stores can be reached; {count} are needed to {doing}"
                f"{' (' + '; '.join(troubles) + ')' if troubles else ''}.",
                object_name=name,
                remedy="Nothing is lost; try again when more of them are there.",
            )

    def statuses(self) -> list[PartStatus]:
        return [part.status() for part in self.parts]

    def by_index(self) -> dict[int, Part]:
        return {part.index: part for part in self.parts if part.index >= 0}


def _read_mark(store: Store) -> _Mark | None:
    try:
        data = store.get(MARKER, max_bytes=_MARK.size)
    except ObjectNotFoundError:
        return None
    except StoreProtocolError:
        return _DAMAGED  # too long
    if len(data) == _MARK.size:
        magic, version, k, n, index, spread_id, check = _MARK.unpack(data)
        if (magic, version, check) == (_MAGIC, _VERSION, zlib.crc32(data[:-4])) and index < n:
            return _Mark(k, n, index, spread_id)
    return _DAMAGED


def _mark_bytes(mark: _Mark) -> bytes:
    head = _MARK.pack(_MAGIC, _VERSION, mark.k, mark.n, mark.index, mark.spread_id, 0)[:-4]
    return head + zlib.crc32(head).to_bytes(4, "big")
