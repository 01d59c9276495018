"""Results on standard output, remarks on standard error; for people on a terminal, for programs elsewhere.

Names are bytes that others chose, so what is written depends on where it goes:

- terminal: everything that does not print is escaped (control characters and bidirectional overrides as ``\\x1b``,
  ``\\u202e``; bytes that are not UTF-8 as ``\\xNN``), so that no name moves the cursor or disguises itself;
- pipe or file: the name's own bytes, but for line feed and carriage return, written ``\\n`` and ``\\r``;
- ``--json``: ASCII. A byte 0xNN of a name that is not UTF-8 stands as the lone surrogate ``\\udcNN`` (Python's
  ``surrogateescape``): nothing is lost, and ``os.fsencode`` of the text that ``json.loads`` gives is the name.

Standard error is always written as for a terminal, one line a remark.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, TextIO, TypeAlias

if TYPE_CHECKING:
    from megadesk.types import NodeKind

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

# Not "printable" for Python and yet part of honest names: no-break and wide spaces, the joiners of Persian and emoji.
_HARMLESS = frozenset("\u00a0\u202f\u3000\u200c\u200d")
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


class OutputError(Exception):
    """Standard output did not take the result (disk full, closed). Carries the system's reason."""


def visible(text: str) -> str:
    """``text`` with everything escaped that does not show as itself on a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _HARMLESS else _escape(c) for c in text)


def one_line(text: str) -> str:
    """``text`` as it goes into a pipe: only line breaks are escaped."""
    return text.replace("\n", "\\n").replace("\r", "\\r")


def _escape(char: str) -> str:
    code = ord(char)
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def size_text(size_bytes: float) -> str:
    """For people: ``0 B``, ``999 B``, ``1.5 KiB``, ``17 MiB``: at most four digits."""
    value = float(size_bytes)
    unit = 0
    # 1023.5 would round to 1024.
    while value >= (1000 if unit == 0 else 999.5) and unit < len(_UNITS) - 1:
        value /= 1024
        unit += 1
    if unit == 0:
        return f"{int(value)} B"
    return f"{value:.1f} {_UNITS[unit]}" if value < 99.95 else f"{value:.0f} {_UNITS[unit]}"


def duration_text(seconds: float) -> str:
    """``0:07``, ``12:30``, ``3:05:00``, ``2 d 04 h``."""
    total = max(0, round(seconds))
    if total >= 86400 * 2:
        return f"{total // 86400} d {total % 86400 // 3600:02} h"
    hours, minutes, secs = total // 3600, total % 3600 // 60, total % 60
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def count_text(number: int, one: str, many: str = "") -> str:
    """``1 file``, ``1,234 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def mode_text(kind: NodeKind, mode: int) -> str:
    """As ``ls -l``: ``drwxr-xr-x``, ``-rw-r--r--``, ``lrwxrwxrwx``."""
    import stat

    return stat.filemode((stat.S_IFDIR, stat.S_IFREG, stat.S_IFLNK)[kind] | (mode & 0o7777))


def time_text(time_ns: int) -> str:
    """Local time to the minute for people; out of the calendar's range the seconds since 1970."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(time_ns // 1_000_000_000))
    except (OverflowError, ValueError, OSError):
        return f"@{time_ns // 1_000_000_000}"


def iso_time(time_ns: int) -> str:
    """RFC 3339 in UTC with nanoseconds, for JSON; out of the calendar's range ``@seconds``."""
    seconds, nanos = divmod(time_ns, 1_000_000_000)
    try:
        whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    except (OverflowError, ValueError, OSError):
        return f"@{seconds}.{nanos:09}"
    return f"{whole}.{nanos:09}Z"


class Bar(Protocol):
    """What `Output.note` needs of a progress bar."""

    def erase(self) -> None:
        """Take the bar off the screen until it is drawn again."""


class Output:
    """Where a command writes. Any thread may call `note`; the rest belongs to the command's own thread."""

    def __init__(self, *, json: bool = False, stdout: TextIO | None = None, stderr: TextIO | None = None) -> None:
        self.json = json
        # A process that was started with a closed stream has None there.
        self._out: TextIO | None = stdout if stdout is not None else sys.stdout
        self._err: TextIO | None = stderr if stderr is not None else sys.stderr
        self.terminal = _is_terminal(self._out)
        self.error_terminal = _is_terminal(self._err)
        self.error_lock = threading.RLock()
        self._bars: list[Bar] = []

    @property
    def error_stream(self) -> TextIO | None:
        return self._err

    def name(self, text: str) -> str:
        """A name or path made fit for standard output."""
        return visible(text) if self.terminal else one_line(text)

    def line(self, text: str = "") -> None:
        """One line of the result. Names in it went through `name`."""
        self._write(text + "\n")

    def value(self, value: Json) -> None:
        """The whole result as JSON."""
        self._write(_dumps(value, indent=2) + "\n")

    def values(self, values: Iterable[Json]) -> None:
        """A JSON list, written as it comes, one element a line."""
        before = "[\n"
        for value in values:
            self._write(before + _dumps(value))
            before = ",\n"
        self._write("[]\n" if before == "[\n" else "\n]\n")

    def note(self, text: str) -> None:
        """A line for people on standard error. Never raises: there is nowhere left to complain."""
        with self.error_lock:
            for bar in self._bars:
                bar.erase()
            if self._err is None:
                return
            try:
                self._err.write(_encodable(visible(text), self._err) + "\n")
                self._err.flush()
            except (OSError, ValueError):
                pass

    def attach(self, bar: Bar) -> None:
        """Notes erase this bar first, so that they do not run into it."""
        self._bars.append(bar)

    def detach(self, bar: Bar) -> None:
        self._bars.remove(bar)

    def flush(self) -> None:
        """Raises OutputError when the result could not be written, BrokenPipeError when nobody reads."""
        try:
            if self._out is not None:
                self._out.flush()
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            raise OutputError(_reason(error)) from error

    def _write(self, text: str) -> None:
        if self._out is None:
            raise OutputError("standard output is closed")
        try:
            buffer = getattr(self._out, "buffer", None)
            if self.terminal or buffer is None:
                self._out.write(_encodable(text, self._out))
            else:
                buffer.write(_raw(text))
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            raise OutputError(_reason(error)) from error


def _dumps(value: Json, indent: int | None = None) -> str:
    import json

    return json.dumps(value, indent=indent)


def _raw(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte: from Windows, or a message
        return text.encode("utf-8", "backslashreplace")


def _encodable(text: str, stream: TextIO) -> str:
    """What the terminal's encoding cannot show is escaped."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def open_standard_streams() -> None:
    """Put /dev/null in the place of closed standard streams.

    Otherwise the next file that is opened, a database perhaps, would get the number 1 or 2 and be written into.
    """
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            # The lowest free number is taken, and it is this one.
            os.open(os.devnull, os.O_RDWR)
