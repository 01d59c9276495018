"""The page of links as bytes: filling in what a page without a server needs, reading it back, and its hash.

The page holds, once, an empty JSON element (`EMPTY`). A page that is an object in a bucket or a file to send has a
record there, and behind it the packs as blocks, or behind all of the page the packs as they are, and, if it shows PDF,
the viewer for that (docs/format.md, "Pages that need no server"). Nothing else is changed, so the hash of the page is
that of the one this program brings, once these are taken out again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import itertools
import json
import mmap
import os
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from megadesk.errors import DecodeError, LinkPlaceError, LocalFileError, StoreProtocolError
from megadesk.stores.reading import ReadingStore

OPEN: Final = b'<script type="application/json" id="megadesk-link">'
CLOSE: Final = b"</script>"
EMPTY: Final = OPEN + b"{}" + CLOSE
_BLOCK: Final = re.compile(rb'<script type="application/octet-stream;base64" id="p-([0-9]{1,9})">')
_VIEWER: Final = b'<script type="application/octet-stream;base64" id="megadesk-pdf-viewer">'
_VIEWER_ELEMENT: Final = re.compile(re.escape(_VIEWER) + rb"[A-Za-z0-9+/]*={0,2}" + re.escape(CLOSE))
_MAX_CONFIG: Final = 96 << 20
_MAX_ATTACHED: Final = 1 << 20
"""Packs behind a page: some 16 TiB."""
_MAX_PACK: Final = 1 << 25
_HELD: Final = 4 << 20
"""In which the place for a config must have come."""
_AT: Final = 15
"""Digits of the page's own length, padded with blanks, as JSON lets one."""
_PIECE: Final = 3 << 16
_PACK: Final = re.compile(r"packs/[0-9a-f]{2}/([0-9a-f]{32})")


def resources_folder() -> Path:
    """``resources/link`` of the checkout, of the built program, or beside the installed package."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources" / "link"
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"
    return (inside if inside.is_dir() else package.parent / "resources") / "link"


def own_page(folder: Path | None = None) -> bytes:
    """The page that this program brings. Raises LinkPlaceError where it was built without one."""
    try:
        page = ((folder or resources_folder()) / "page.html").read_bytes()
    except OSError:
        page = b""
    if page.count(EMPTY) != 1:
        raise LinkPlaceError(
            "This copy of MegaDesk was built without the page for links.",
            remedy="Links for MegaDesk itself work; install a complete copy for those that browsers open.",
        )
    return page


def page_hash(page: bytes) -> str:
    """SHA-256 in hexadecimal of the page as it was published, whatever was filled in. DecodeError when it is none."""
    config = _find_config(page)
    start = page.index(OPEN)
    end = config.end
    page = page[: read_config(page[config.start : end - len(CLOSE)]).attached_at or len(page)]
    for block in _blocks(page, config.end):
        end = block.end
    # Not compared with the viewer of this program: the page does that, with the digest that was built into it.
    if viewer := _VIEWER_ELEMENT.match(page, end):
        end = viewer.end()
    _check_rest(page, end)
    return hashlib.sha256(page[:start] + EMPTY + page[end:]).hexdigest()


@dataclass(frozen=True)
class _Config:
    start: int
    end: int
    """Behind the element."""


@dataclass(frozen=True)
class Block:
    """One pack in a page: where its base64 is."""

    index: int
    start: int
    length: int
    end: int
    """Behind the element."""


def _find_config(page: bytes | mmap.mmap) -> _Config:
    start = page.find(OPEN)
    if start < 0:
        raise DecodeError("That is not a page of MegaDesk's links.")
    at = start + len(OPEN)
    end = page.find(CLOSE, at, at + _MAX_CONFIG)
    if end < 0:
        raise DecodeError("The page of the link was cut short.")
    return _Config(at, end + len(CLOSE))


def _check_rest(page: bytes | mmap.mmap, at: int, end: int | None = None) -> None:
    """Behind the config and its blocks there is no other."""
    if page.find(OPEN, at, len(page) if end is None else end) >= 0:
        raise DecodeError("That is not a page of MegaDesk's links.")


def _blocks(page: bytes | mmap.mmap, at: int) -> Iterator[Block]:
    while found := _BLOCK.match(page, at):
        end = page.find(CLOSE, found.end())
        if end < 0:
            raise DecodeError("The page of the link was cut short.")
        at = end + len(CLOSE)
        yield Block(int(found[1]), found.end(), end - found.end(), at)


def fill(
    page: bytes,
    record: bytes,
    *,
    inline: bool = False,
    server: str = "",
    attached: Sequence[int] = (),
    viewer: bytes = b"",
) -> tuple[bytes, bytes]:
    """The page with a record in it, in two halves between which the blocks of packs go, if any.

    ``attached``: the lengths of the packs that follow the second half instead, one behind the other. ``viewer``: what
    shows PDF, compressed with gzip (`share.viewer`).
    """
    before, _, after = page.partition(EMPTY)
    if viewer:
        after = _VIEWER + base64.b64encode(viewer) + CLOSE + after
    config: dict[str, object] = {"record": base64.b64encode(record).decode()}
    if inline:
        config["inline"] = True
    if server:
        config["server"] = server
    if attached:
        config["attached"] = {"at": 0, "sizes": list(attached)}
    # In base64 and in URLs there is no "<", but a server's name is the user's.
    text = json.dumps(config, separators=(",", ":")).replace("<", "\\u003c").encode()
    if attached:
        # The page's own length is in the page.
        head, found, tail = text.partition(b'"attached":{"at":0')
        at = len(before) + len(OPEN) + len(text) - 1 + _AT + len(CLOSE) + len(after)
        text = head + found[:-1] + b"%*d" % (_AT, at) + tail
    return before + OPEN + text + CLOSE, after


def block(index: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The element of one pack, whose bytes come in pieces, of any size."""
    yield b'<script type="application/octet-stream;base64" id="p-%d">' % index
    left = b""
    for piece in pieces:
        whole = left + piece
        cut = len(whole) - len(whole) % 3
        yield base64.b64encode(whole[:cut])
        left = whole[cut:]
    yield base64.b64encode(left)
    yield CLOSE


@dataclass(frozen=True)
class PageConfig:
    """What a page was filled with. ``record`` is None for the plain one."""

    record: bytes | None
    inline: bool
    server: str
    attached_at: int = 0
    """Where the page ends and the first pack begins; 0: no packs behind it."""
    attached: tuple[int, ...] = ()
    """The lengths of the packs there."""

    @property
    def holds_packs(self) -> bool:
        return self.inline or bool(self.attached_at)

    def starts(self) -> list[int]:
        """Where each attached pack begins in the file, and where the last one ends."""
        return list(itertools.accumulate(self.attached, initial=self.attached_at))


class PageFile:
    """A page in a local file, read where it lies: it may be large. ``config`` is checked, blocks are found."""

    def __init__(self, path: str, *, whole: bool = True) -> None:
        """``whole`` False: what follows the page may be missing. Raises LocalFileError, DecodeError."""
        self.path = path
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            raise LocalFileError(f"{path} cannot be read: {error.strerror}.", path=path) from None
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self._lock = threading.Lock()
        try:
            with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as page:
                found = _find_config(page)
                self.config = read_config(page[found.start : found.end - len(CLOSE)])
                self._found: dict[int, Block] = {}
                end = found.end
                for each in _blocks(page, found.end) if self.config.inline else ():
                    self._found[each.index], end = each, each.end
                    if hasattr(mmap, "MADV_DONTNEED"):
                        page.madvise(mmap.MADV_DONTNEED)  # what was looked through need not stay in memory
                _check_rest(page, end, self.config.attached_at or None)
                self._starts = self.config.starts() if self.config.attached_at else []
                if whole and self._starts and self._starts[-1] != len(page):
                    raise DecodeError(f"The page {path} was cut short, or something was added to it.")
        except (OSError, ValueError):
            self._file.close()
            raise DecodeError(f"{path} is not a page of MegaDesk's links.") from None
        except BaseException:
            self._file.close()
            raise

    def packs(self, table: Iterable[bytes]) -> PagePacks:
        """The packs of a record whose table this is."""
        return PagePacks(self, {pack.hex(): index for index, pack in enumerate(table)})

    def read(self, index: int, offset: int, length: int) -> bytes:
        """Bytes of a pack. Raises DecodeError for what is not there."""
        if self._starts:
            if not 0 <= index < len(self._starts) - 1 or offset + length > self.config.attached[index]:
                raise DecodeError(f"The page {self.path} lacks a part of what the link shows.")
            piece = self._text(self._starts[index] + offset, length)
            if len(piece) != length:
                raise DecodeError(f"The page {self.path} was cut short.")
            return piece
        found = self._found.get(index)
        first = offset - offset % 3
        start = first // 3 * 4
        stop = -(-(offset + length) // 3) * 4
        if found is None or stop > found.length:
            raise DecodeError(f"The page {self.path} lacks a part of what the link shows.")
        try:
            data = base64.b64decode(self._text(found.start + start, stop - start), validate=True)
        except binascii.Error:
            raise DecodeError(f"The page {self.path} was altered.") from None
        piece = data[offset - first : offset - first + length]
        if len(piece) != length:
            raise DecodeError(f"The page {self.path} was cut short.")
        return piece

    def _text(self, start: int, length: int) -> bytes:
        parts = []
        with self._lock:
            self._file.seek(start)
            while length > 0:
                part = self._file.read(length)
                if not part:
                    break
                parts.append(part)
                length -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._file.close()


def config_of(page: bytes) -> PageConfig:
    """What a page in memory was filled with. Raises DecodeError."""
    found = _find_config(page)
    config = read_config(page[found.start : found.end - len(CLOSE)])
    _check_rest(page, found.end, config.attached_at or None)
    return config


class ConfigWatch:
    """Finds the config in a page that arrives piece by piece. ``config`` is None until it is there."""

    def __init__(self) -> None:
        self._head = bytearray()
        self.config: PageConfig | None = None

    def add(self, chunk: bytes) -> None:
        """Raises DecodeError as soon as it is clear that this is no page of links."""
        if self.config is not None:
            return
        self._head += chunk
        start = self._head.find(OPEN)
        end = self._head.find(CLOSE, start + len(OPEN)) if start >= 0 else -1
        if end >= 0:
            self.config = read_config(bytes(self._head[start + len(OPEN) : end]))
            self._head.clear()
        elif len(self._head) > (_MAX_CONFIG if start >= 0 else _HELD):
            raise DecodeError("What is at the link's address is no page of MegaDesk's links.")


def read_config(text: bytes) -> PageConfig:
    """What is between the tags. Raises DecodeError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    known = {"record": str, "inline": bool, "server": str, "attached": dict}
    if not isinstance(value, dict) or any(
        name not in known or not isinstance(item, known[name]) for name, item in value.items()
    ):
        raise DecodeError("The page of the link holds what no such page has.")
    at, sizes = _read_attached(value)
    record: bytes | None = None
    if "record" in value:
        try:
            record = base64.b64decode(value["record"], validate=True)
        except (binascii.Error, ValueError):
            raise DecodeError("The record in the page of the link was altered.") from None
    return PageConfig(record, bool(value.get("inline", False)), str(value.get("server", "")), at, sizes)


def _read_attached(config: dict[str, Any]) -> tuple[int, tuple[int, ...]]:
    found = config.get("attached")
    if found is None:
        return 0, ()
    at, sizes = found.get("at"), found.get("sizes")
    right = (
        len(found) == 2
        and type(at) is int
        and 0 < at < 2**53
        and isinstance(sizes, list)
        and 0 < len(sizes) <= _MAX_ATTACHED
        and all(type(size) is int and 0 < size <= _MAX_PACK for size in sizes)
        and "record" in config
        and not config.get("inline")
        and "server" not in config
    )
    if not right:
        raise DecodeError("The page of the link holds what no such page has.")
    return at, tuple(sizes)


class PagePacks(ReadingStore):
    """The packs inside a page, by their names in a locker."""

    def __init__(self, page: PageFile, indices: dict[str, int]) -> None:
        self._page = page
        self._indices = indices

    def get(self, name: str, *, offset: int = 0, length: int | None = None, max_bytes: int | None = None) -> bytes:
        found = _PACK.fullmatch(name)
        if found is None or length is None or found[1] not in self._indices:
            raise StoreProtocolError("The page has no such pack.", object_name=name)
        return self._page.read(self._indices[found[1]], offset, length)

    def close(self) -> None:
        """The page is the caller's."""
