"""Pages of a PDF as pictures, drawn by a process of their own (`megadesk.pictures.child`).

A PDF library is a large parser in C++ for files that strangers make. Here it never shares a process with the locker's
keys: it gets the document through a pipe, gives pixels back, and is ended when it takes too long (docs/adr/0031).
"""

from __future__ import annotations

import enum
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from megadesk.pictures import child

ARGUMENT = "--draw-pdf"
"""Makes the built program that process; see megadesk/__main__.py."""
LIMIT_S = 8.0
"""For the document, and for each page."""
_EDGE = 4096
_SIGKILL, _SIGXCPU = 9, 24
_T = TypeVar("_T")


class Trouble(enum.Enum):
    """Why there is no picture."""

    ENCRYPTED = "encrypted"
    """It has a password of its own."""
    DAMAGED = "damaged"
    TOO_MUCH = "too much"
    """It took too long, or too much memory."""
    UNAVAILABLE = "unavailable"
    """The library, or the process, is not to be had on this machine."""


class PdfError(Exception):
    """A page could not be drawn. Not for the user's eyes: the window words it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True)
class PagePicture:
    """Pixels of 4 bytes: blue, green, red, unused."""

    width: int
    height: int
    stride: int
    pixels: bytes = field(repr=False)


_TROUBLES = {
    child.ENCRYPTED: Trouble.ENCRYPTED,
    child.DAMAGED: Trouble.DAMAGED,
    child.TOO_MUCH: Trouble.TOO_MUCH,
    child.UNAVAILABLE: Trouble.UNAVAILABLE,
}


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, ARGUMENT]
    # -I: neither the environment nor the current folder decides what is imported
    return [sys.executable, "-I", child.__file__]


def _environment() -> dict[str, str]:
    """Nothing that could be a secret, such as MEGADESK_PASSPHRASE; what systems need to load libraries at all."""
    names = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "_PYI_ARCHIVE_FILE", "_PYI_APPLICATION_HOME_DIR")
    return {name: os.environ[name] for name in names if name in os.environ}


class PdfPages:
    """An open document. Its process ends with `close`, or when nothing holds this any more.

    Any thread. Raises PdfError from everything but `close`; after one, only `close` is of use.
    """

    def __init__(self, document: bytes, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                bufsize=0,
            )
        except OSError as error:
            raise PdfError(Trouble.UNAVAILABLE) from error
        self._lock = threading.Lock()
        """Held by who talks with the process."""
        self._end = weakref.finalize(self, _end, self._process, self._lock)
        self.pages = self._within(lambda: self._open(document))

    def page(self, number: int, edge: int) -> PagePicture:
        """Page ``number``, from 0, with ``edge`` pixels on its longer side."""

        def draw() -> PagePicture:
            self._send(child.WANTED.pack(number, edge))
            _, width, height, stride = self._answer()
            if not (0 < width <= _EDGE and 0 < height <= _EDGE and width * 4 <= stride <= width * 4 + 64):
                raise PdfError(Trouble.DAMAGED)  # what drew it is not to be trusted
            return PagePicture(width, height, stride, self._receive(stride * height))

        return self._within(draw)

    def close(self) -> None:
        """End the process, and with it what it knows of the document. Returns when it is gone; may be repeated."""
        self._end()

    # --- inside

    def _within(self, task: Callable[[], _T]) -> _T:
        """Do it, or end the process when the time is up."""
        late, process = threading.Event(), self._process

        def too_late() -> None:  # its thread does not keep this object
            late.set()
            process.kill()

        timer = threading.Timer(self._limit_s, too_late)
        timer.daemon = True
        try:
            with self._lock:
                timer.start()
                return task()
        except (OSError, EOFError, ValueError) as error:
            # It ended in the middle: by our timer, by a limit of its own, or by the document.
            ended_by = self._ended_by()
            limits = ended_by in (_SIGXCPU, _SIGKILL) or late.is_set()
            raise PdfError(Trouble.TOO_MUCH if limits else Trouble.DAMAGED) from error
        finally:
            timer.cancel()

    def _ended_by(self) -> int:
        """The signal, 0 for none."""
        try:
            return max(0, -self._process.wait(1.0))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return 0

    def _open(self, document: bytes) -> int:
        self._send(child.LENGTH.pack(len(document)))
        self._send(document)
        return self._answer()[0]

    def _answer(self) -> tuple[int, int, int, int]:
        status, pages, width, height, stride = child.MADE.unpack(self._receive(child.MADE.size))
        if status != child.OK:
            raise PdfError(_TROUBLES.get(status, Trouble.DAMAGED))
        return pages, width, height, stride

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        left = memoryview(data)
        try:
            while left:
                left = left[self._process.stdin.write(left) or 0 :]
        except BrokenPipeError:
            return  # it has answered already, or ended: reading tells

    def _receive(self, count: int) -> bytes:
        assert self._process.stdout is not None
        parts = bytearray()
        while len(parts) < count:
            part = self._process.stdout.read(min(count - len(parts), 1 << 20))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)


def _end(process: subprocess.Popen[bytes], lock: threading.Lock) -> None:
    process.kill()  # who reads from it comes to the end
    with lock:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()
