"""The listings of all stores of a spread as one, in order, with bounded memory, however they fail on the way."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from megadesk.errors import MegaDeskError, StoreUnavailableError
from megadesk.stores.api import ObjectInfo
from megadesk.stores.spread_group import MARKER, SHARES, Group
from megadesk.stores.spread_part import Part

_CHUNK: Final = 256
_AHEAD: Final = 4
_PATIENCE_S: Final = 30.0


@dataclass(slots=True)
class Row:
    """A name and where it is. ``whole`` and ``shares``: size in the store by its index."""

    name: str
    whole: dict[int, int] = field(default_factory=dict)
    shares: dict[int, int] = field(default_factory=dict)
    unheard: int = 0
    """How many stores could not be asked about it."""


class _Listing:
    """One listing of one store, read ahead by a thread."""

    def __init__(self, part: Part, *, shares: bool, prefix: str, start_after: str, stop: threading.Event) -> None:
        self.part = part
        self.shares = shares
        self.failure: BaseException | None = None
        self._stop = stop
        self._chunks: queue.Queue[list[ObjectInfo] | None] = queue.Queue(_AHEAD)
        self._chunk: list[ObjectInfo] = []
        self._at = 0
        self._ended = False
        self._prefix = SHARES + prefix if shares else prefix
        self._start = (SHARES + start_after if start_after else "") if shares else start_after
        threading.Thread(target=self._run, name="spread-list", daemon=True).start()

    def _run(self) -> None:
        try:
            chunk: list[ObjectInfo] = []
            for info in self.part.store.list(self._prefix, self._start):
                chunk.append(info)
                if len(chunk) >= _CHUNK:
                    if not self._give(chunk):
                        return
                    chunk = []
            if chunk and not self._give(chunk):
                return
        except BaseException as error:  # noqa: BLE001  (told to who merges)
            self.failure = error
        self._give(None)

    def _give(self, chunk: list[ObjectInfo] | None) -> bool:
        while not self._stop.is_set():
            try:
                self._chunks.put(chunk, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

    def head(self) -> tuple[str, int] | None:
        """(the object's name, size in the store) of what comes next."""
        while not self._ended:
            if self._at < len(self._chunk):
                info = self._chunk[self._at]
                name = info.name[len(SHARES) :] if self.shares else info.name
                if not self.shares and (name == MARKER or name.startswith(SHARES)):
                    self._at += 1
                    continue
                return name, info.size_bytes
            try:
                chunk = self._chunks.get(timeout=_PATIENCE_S)
            except queue.Empty:
                self.failure = StoreUnavailableError("It stopped listing in the middle.")
                chunk = None
            if chunk is None:
                self._ended = True
            else:
                self._chunk, self._at = chunk, 0
        return None

    def step(self) -> None:
        self._at += 1


def rows(group: Group, prefix: str, start_after: str, parts: list[Part], least: int) -> Iterator[Row]:
    """Every name that any of the stores has, in order. StoreUnavailableError when fewer than ``least`` are left."""
    stop = threading.Event()
    listings = [
        _Listing(part, shares=shares, prefix=prefix, start_after=start_after, stop=stop)
        for part in parts
        for shares in (False, True)
    ]
    lost: set[int] = set()
    try:
        while True:
            heads = [(listing, listing.head()) for listing in listings]
            for listing, _ in heads:
                if listing.failure is not None and listing.part.index not in lost:
                    lost.add(listing.part.index)
                    if isinstance(listing.failure, MegaDeskError):
                        listing.part.reject(listing.failure)
                    else:
                        raise listing.failure
            if len(parts) - len(lost) < least:
                failures = [str(listing.failure) for listing in listings if listing.failure is not None]
                raise StoreUnavailableError(
                    f"Only {len(parts) - len(lost)} of the {group.n} stores could be listed; {least} are needed"
                    f" ({failures[0].rstrip('.')}).",
                    remedy="Nothing is lost; try again when more of them are there.",
                )
            there = [(listing, head) for listing, head in heads if head is not None]
            if not there:
                return
            name = min(head[0] for _, head in there)
            row = Row(name)
            for listing, head in there:
                if head[0] == name:
                    listing.step()
                    (row.shares if listing.shares else row.whole)[listing.part.index] = head[1]
            # What a store said before it failed still holds.
            row.unheard = group.n - len(parts) + len(lost - row.whole.keys() - row.shares.keys())
            yield row
    finally:
        stop.set()


def size_there(group: Group, row: Row) -> int | None:
    """The size of the object, or None when this is not one: left by a delete or a put that did not reach all stores."""
    lengths: dict[int, int] = {}
    for size in row.shares.values():
        length = group.coding.length_of(size)
        if length is not None:
            lengths[length] = lengths.get(length, 0) + 1
    length, count = max(lengths.items(), key=lambda item: item[1], default=(0, 0))
    if row.whole and (count < group.k or len(row.whole) >= count):
        sizes = list(row.whole.values())
        return max(set(sizes), key=sizes.count)
    return length if count and count + row.unheard >= group.k else None
