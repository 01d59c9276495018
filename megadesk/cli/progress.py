"""A progress bar on standard error, when that is a terminal; nothing elsewhere."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from megadesk.cli.output import Output, duration_text, size_text, visible

REDRAW_S = 0.1
_BAR_CELLS = 24
_WIDTH = 80
_MIN_SPEED_S = 0.5
_SMOOTHING_S = 3.0


class Rate:
    """A smoothed rate per second from a growing count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: tuple[float, float] | None = None
        self.value = 0.0

    def update(self, done: float) -> float:
        """Tell how far it is; returns the rate, 0 while unknown."""
        now = self._clock()
        if self._last is None:
            self._last = (now, done)
            return self.value
        then, before = self._last
        span = now - then
        if span < _MIN_SPEED_S:
            return self.value
        rate = max(0.0, done - before) / span
        weight = 1.0 if self.value == 0 else min(1.0, span / _SMOOTHING_S)
        self.value += (rate - self.value) * weight
        self._last = (now, done)
        return self.value


class ProgressBar:
    """One line that redraws itself at most ten times a second. A context manager; leaves no trace on the screen.

    Not thread-safe but for `erase`, which `Output.note` calls with the lock that drawing takes too.
    """

    def __init__(self, output: Output, title: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self._title = title
        self._clock = clock
        self._enabled = output.error_terminal
        self._drawn_at = float("-inf")
        self._on_screen = False

    def __enter__(self) -> Self:
        if self._enabled:
            self._output.attach(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._enabled:
            self._output.detach(self)
            with self._output.error_lock:
                self.erase()

    def update(
        self,
        done: int,
        total: int,
        *,
        unit_is_bytes: bool = True,
        speed: float = 0.0,
        eta_s: float | None = None,
        what: str = "",
    ) -> None:
        """Show this state, unless the last one was drawn less than 0.1 s ago. ``total`` 0: unknown."""
        if not self._enabled or self._clock() - self._drawn_at < REDRAW_S:
            return
        self._drawn_at = self._clock()
        text = bar_text(
            self._title,
            done,
            total,
            unit_is_bytes=unit_is_bytes,
            speed=speed,
            eta_s=eta_s,
            what=what,
            width=self._width(),
        )
        with self._output.error_lock:
            self._put("\r" + text + "\x1b[K")
            self._on_screen = True

    def erase(self) -> None:
        if self._on_screen:
            self._put("\r\x1b[K")
            self._on_screen = False
            self._drawn_at = float("-inf")

    def _put(self, text: str) -> None:
        stream = self._output.error_stream
        if stream is None:
            return
        try:
            stream.write(text.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding or "utf-8"))
            stream.flush()
        except (OSError, ValueError):
            self._enabled = False

    def _width(self) -> int:
        stream = self._output.error_stream
        try:
            return os.get_terminal_size(stream.fileno()).columns or _WIDTH if stream is not None else _WIDTH
        except (OSError, ValueError):
            return _WIDTH


def bar_text(
    title: str,
    done: int,
    total: int,
    *,
    unit_is_bytes: bool = True,
    speed: float = 0.0,
    eta_s: float | None = None,
    what: str = "",
    width: int = 80,
) -> str:
    """The bar's line, shorter than ``width`` cells."""
    count: Callable[[float], str] = size_text if unit_is_bytes else lambda n: f"{int(n):,}"
    parts = [title]
    if total > 0:
        share = min(1.0, done / total)
        full = int(share * _BAR_CELLS)
        parts.append(f"[{'#' * full}{'-' * (_BAR_CELLS - full)}] {int(share * 100):3}%")
        parts.append(f"{count(min(done, total))} / {count(total)}")
    else:
        parts.append(count(done))
    if speed > 0 and unit_is_bytes:
        parts.append(f"{size_text(speed)}/s")
    if eta_s is not None:
        parts.append(f"{duration_text(eta_s)} left")
    text = "  ".join(parts)
    room = width - 1 - len(text) - 2
    if what and room >= 10:
        text += "  " + _fit(visible(what), room)
    return text[: width - 1]


def _fit(text: str, room: int) -> str:
    """The end of ``text`` in at most ``room`` terminal cells: the end tells files apart."""
    import unicodedata

    used = 0
    for i in range(len(text) - 1, -1, -1):
        char = text[i]
        cells = 2 if unicodedata.east_asian_width(char) in "WF" else 0 if unicodedata.combining(char) else 1
        if used + cells > room - (1 if i else 0):
            return "…" + text[i + 1 :]
        used += cells
    return text
