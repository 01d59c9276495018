"""How much lies in the store, or in a part of it, and how much may.

The server counts what is there when a quota is first needed and every five minutes after, and keeps up between. Several
servers over one store count each for themselves: together they may exceed a quota by what the others took within
those minutes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from megadesk.errors import MegaDeskError
from megadesk.server.answers import Refusal, refusal_for
from megadesk.server.work import Workers
from megadesk.stores.api import Store

COUNT_AGAIN_S: Final = 300.0


class Quota(NamedTuple):
    """What lies below ``prefix`` may have ``limit_bytes``."""

    prefix: str
    limit_bytes: int


@dataclass(slots=True)
class _Count:
    used: int = 0
    reserved: int = 0
    counted_at: float = -1.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Usage:
    """For the event loop's thread."""

    def __init__(self, store: Store, workers: Workers, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._workers = workers
        self._clock = clock
        self._counts: dict[str, _Count] = {}

    @property
    def is_counting(self) -> bool:
        """Whether anybody has asked for a count, so that sizes of what goes are wanted."""
        return bool(self._counts)

    async def reserve(self, quotas: Sequence[Quota], size_bytes: int) -> None:
        """Hold room for an object that is about to come. Raises Refusal (507) when there is none."""
        for quota in quotas:
            count = await self._counted(quota.prefix)
            if count.used + count.reserved + size_bytes > quota.limit_bytes:
                raise Refusal(507, "full", f"The quota of {quota.limit_bytes} bytes is used up.")
        # Between the last look and this there is no await, so two uploads cannot take the same room.
        for quota in quotas:
            self._counts[quota.prefix].reserved += size_bytes

    def release(self, quotas: Sequence[Quota], size_bytes: int) -> None:
        """Give back what was reserved: the object is stored, or it will not be."""
        for quota in quotas:
            self._counts[quota.prefix].reserved -= size_bytes

    def changed(self, name: str, difference: int) -> None:
        """An object came, went, or changed its size."""
        for prefix, count in self._counts.items():
            if name.startswith(prefix):
                count.used = max(0, count.used + difference)

    async def left(self, quotas: Sequence[Quota]) -> int | None:
        """Bytes left of the tightest quota; None without one."""
        left = []
        for quota in quotas:
            count = await self._counted(quota.prefix)
            left.append(max(0, quota.limit_bytes - count.used - count.reserved))
        return min(left, default=None)

    async def _counted(self, prefix: str) -> _Count:
        count = self._counts.setdefault(prefix, _Count())
        async with count.lock:
            if count.counted_at < 0 or self._clock() - count.counted_at > COUNT_AGAIN_S:
                before = count.used
                try:
                    found = await self._workers.run(self._sum, prefix)
                except MegaDeskError as error:
                    raise refusal_for(error) from error
                # What came while it was being counted may be in both: rather a little too much than too little.
                count.used = found + max(0, count.used - before)
                count.counted_at = self._clock()
        return count

    def _sum(self, prefix: str) -> int:
        return sum(info.size_bytes for info in self._store.list(prefix))
