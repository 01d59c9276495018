"""The process that parses a PDF: document in on standard input, pictures of its pages out on standard output.

Started by `megadesk.pictures.pdf` and alone in its process: it imports nothing of this program, is given no
environment, opens no file, and limits itself before it looks at the first byte of the document.

Requests: the document once (its length as 8 bytes, then its bytes), then for each page its number and the longest
edge in pixels (4 bytes each). Answers: a status byte; for OK four numbers of 4 bytes (pages, width, height, bytes a
line) and the lines, 4 bytes a pixel (blue, green, red, unused). The document's own answer has no picture: (pages, 0, 0,
0). All numbers little-endian. It ends at the end of its input.
"""

from __future__ import annotations

import contextlib
import os
import struct
import sys
from typing import Any

OK, ENCRYPTED, DAMAGED, TOO_MUCH, UNAVAILABLE = range(5)
LENGTH = struct.Struct("<Q")
WANTED = struct.Struct("<II")
MADE = struct.Struct("<BIIII")

MEMORY_BYTES = 1 << 30
"""Of address space; Python and the library take a quarter of it."""
CPU_S = 30
"""For the document as a whole; each page has a limit of its own, which is held from outside."""
_EDGE = 4096
_PASSWORD = 4
"""FPDF_ERR_PASSWORD of fpdfview.h."""


def limit() -> None:
    """What is left to a hostile document: no files, no core dump, so much memory and time. Where the system has it."""
    try:
        import resource
    except ImportError:  # Windows: the time is limited from outside
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(5)


def _read(count: int) -> bytes:
    """Exactly so many bytes; fewer at the end of the input."""
    parts = bytearray()
    while len(parts) < count:
        part = os.read(0, min(count - len(parts), 1 << 20))
        if not part:
            break
        parts += part
    return bytes(parts)


def _write(data: bytes | memoryview) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(1, left) :]


def _answer(status: int, pages: int = 0, width: int = 0, height: int = 0, stride: int = 0) -> None:
    _write(MADE.pack(status, pages, width, height, stride))


def _draw(document: Any, number: int, edge: int) -> tuple[int, int, int, bytes]:
    page = document[number]
    width, height = page.get_size()
    longest = max(width, height)
    if not 0 < longest < float("inf"):
        raise ValueError("a page without a size")
    bitmap = page.render(scale=min(edge, _EDGE) / longest, prefer_bgrx=True, limit_image_cache=True)
    made = bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer)
    bitmap.close()
    page.close()
    return made


def main() -> int:
    """The exit status: 0 whenever the parent has been answered."""
    try:
        import pypdfium2
    except Exception:  # noqa: BLE001 - whatever keeps the library from loading
        _answer(UNAVAILABLE)
        return 0
    limit()
    (length,) = LENGTH.unpack(_read(LENGTH.size))
    try:
        document = pypdfium2.PdfDocument(_read(length))
        pages = len(document)
        if pages < 1:
            raise ValueError("no pages")
    except MemoryError:
        _answer(TOO_MUCH)
        return 0
    except Exception as error:  # noqa: BLE001 - the library's errors and those of ctypes
        _answer(ENCRYPTED if getattr(error, "err_code", None) == _PASSWORD else DAMAGED)
        return 0
    with contextlib.suppress(Exception):  # then its form is drawn empty
        document.init_forms()
    _answer(OK, pages)
    while len(wanted := _read(WANTED.size)) == WANTED.size:
        number, edge = WANTED.unpack(wanted)
        try:
            width, height, stride, lines = _draw(document, min(number, pages - 1), max(1, edge))
        except MemoryError:
            _answer(TOO_MUCH)
        except Exception:  # noqa: BLE001 - as above
            _answer(DAMAGED)
        else:
            _answer(OK, pages, width, height, stride)
            _write(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
