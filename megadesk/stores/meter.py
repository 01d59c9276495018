"""Bytes of a store's call while they travel: an object takes a minute on a slow line, and whoever waits wants to see.

The one who calls a store says whom to tell (`metered`); what writes to the network tells (`travelled`), in the same
thread. Stores without a network, and those that work in threads of their own, tell nothing: their objects count when
they have arrived.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Meter(Protocol):
    def travelled(self, size_bytes: int) -> None:
        """So many more are on their way, or have come."""

    def again(self) -> None:
        """None of them count: the call is made once more from the start."""


class _Current(threading.local):
    meter: Meter | None = None


_current = _Current()


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """This thread's calls of stores tell ``meter``."""
    before, _current.meter = _current.meter, meter
    try:
        yield
    finally:
        _current.meter = before


def travelled(size_bytes: int) -> None:
    if _current.meter is not None:
        _current.meter.travelled(size_bytes)


def again() -> None:
    if _current.meter is not None:
        _current.meter.again()
