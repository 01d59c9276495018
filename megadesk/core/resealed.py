"""Slices that were encrypted anew and are in the store, but in no version yet: what a run that was killed goes on from.

Their packs count as used on this machine; another device may take them for unused, condemn and delete them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from megadesk.format import names
from megadesk.format.ops import SliceRef
from megadesk.state.index.index import Index
from megadesk.stores.api import Store
from megadesk.types import PackId

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(SliceRef)


class SlicePlace(NamedTuple):
    """A slice as stored, and which of its file it is: all that its key and its sealing depend on."""

    pack: bytes
    offset: int
    position: int


def resealed_packs(index: Index) -> set[PackId]:
    """Packs with such slices."""
    with index.read() as session:
        return {PackId(row[0]) for row in session.connection.execute("SELECT DISTINCT made FROM resealed")}


class Resealed:
    """The table of them. Thread-safe."""

    def __init__(self, index: Index, store: Store) -> None:
        self._index = index
        self._store = store

    def load(self) -> dict[SlicePlace, SliceRef]:
        """Those that are still in the store, and that nobody is about to delete; the others are forgotten."""
        with self._index.read() as session:
            rows: list[Any] = session.connection.execute("SELECT pack, offset, position, ref FROM resealed").fetchall()
            condemned = {row.pack for row in session.records.condemned()}
        if not rows:
            return {}
        # Loss of power can take what was put and not flushed.
        there = {names.parse_pack(info.name) for info in self._store.list(names.PACKS)} - condemned
        found: dict[SlicePlace, SliceRef] = {}
        lost: list[bytes] = []
        for pack, offset, position, data in rows:
            ref = _decoder.decode(data)
            if ref.pack in there:
                found[SlicePlace(pack, offset, position)] = ref
            else:
                lost.append(ref.pack)
        self.remove(lost)
        return found

    def add(self, made: Iterable[tuple[SlicePlace, SliceRef]]) -> None:
        """Slices whose pack was just put."""
        rows = [(*place, ref.pack, _encode(ref)) for place, ref in made]
        with self._index.write() as session:
            session.connection.executemany(
                "INSERT OR REPLACE INTO resealed (pack, offset, position, made, ref) VALUES (?, ?, ?, ?, ?)", rows
            )

    def remove(self, packs: Iterable[bytes]) -> None:
        """Forget those in these packs: they are in versions now, or gone."""
        rows = [(pack,) for pack in set(packs)]
        if rows:
            with self._index.write() as session:
                session.connection.executemany("DELETE FROM resealed WHERE made = ?", rows)

    def clear(self) -> None:
        """None is wanted any more."""
        with self._index.write() as session:
            session.connection.execute("DELETE FROM resealed")
