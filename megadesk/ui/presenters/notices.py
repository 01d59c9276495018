"""What is told in passing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """A quiet message with something to do about it."""

    text: str
    action: str = ""
    act: Callable[[], None] | None = None
