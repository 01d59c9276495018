"""Threads for what may wait, beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

THREADS: Final = 32

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Workers:
    """A bounded pool. What it is given waits in line when all threads are busy."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="serve")

    async def run(self, action: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """``action`` in a thread. A task that is cancelled meanwhile leaves the thread to finish by itself."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: action(*args, **kwargs))

    async def finish(self, action: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """As `run`, but a task that is cancelled still waits for the end: for giving handles back."""
        future = asyncio.ensure_future(self.run(action, *args, **kwargs))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await asyncio.wait([future])
            raise

    def close(self) -> None:
        """Wait for what is running; take nothing more."""
        self._pool.shutdown()
