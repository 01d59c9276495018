"""WebDAV's multistatus documents (RFC 4918, 13), read strictly: no entities, no document type, limits on everything."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from megadesk.errors import StoreBusyError, StoreError, StoreProtocolError, StoreUnavailableError

MAX_BYTES: Final = 256 << 20
MAX_ENTRIES: Final = 200_000
_MAX_DEPTH: Final = 32
_MAX_TEXT: Final = 8 << 10
_MAX_TOKEN: Final = 256 << 10

_RESPONSE: Final = "DAV: response"
_PROPSTAT: Final = "DAV: propstat"
_STATUS: Final = re.compile(r"HTTP/[0-9.]+ +([0-9]{3})(?: |$)")
_TEXTS: Final = {
    "DAV: href",
    "DAV: status",
    "DAV: getcontentlength",
    "DAV: quota-available-bytes",
}


@dataclass(slots=True)
class Entry:
    """One resource. ``path`` is decoded, begins with '/' and does not end with it ("" is the top); bytes that are not
    text are in it as surrogates. ``status`` is 200, or that of the resource as a whole."""

    path: str
    is_folder: bool = False
    size_bytes: int | None = None
    free_bytes: int | None = None
    status: int = 200


class _Refused(Exception):
    pass


class _Reader:
    def __init__(self, max_entries: int) -> None:
        self.entries: list[Entry] = []
        self._max_entries = max_entries
        self._stack: list[str] = []
        self._text: list[str] = []
        self._text_size = 0
        self._href: str | None = None
        self._entry = Entry("")
        self._found: dict[str, str] = {}
        self._propstat = 200

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        if len(self._stack) >= _MAX_DEPTH:
            raise _Refused("too deep")
        if not self._stack and tag != "DAV: multistatus":
            raise _Refused("not a multistatus")
        self._stack.append(tag)
        self._text.clear()
        self._text_size = 0
        if tag == _RESPONSE:
            if len(self.entries) >= self._max_entries:
                raise _Refused("too many entries")
            self._href, self._entry = None, Entry("")
        elif tag == _PROPSTAT:
            self._found, self._propstat = {}, 200

    def text(self, text: str) -> None:
        if self._stack and self._stack[-1] in _TEXTS:
            self._text_size += len(text)
            if self._text_size > _MAX_TEXT:
                raise _Refused("too long a text")
            self._text.append(text)

    def end(self, tag: str) -> None:
        self._stack.pop()
        above = self._stack[-1] if self._stack else ""
        text = "".join(self._text).strip()
        self._text.clear()
        self._text_size = 0
        if above == _RESPONSE:
            if tag == "DAV: href" and self._href is None:
                self._href = text
            elif tag == "DAV: status":
                self._entry.status = _status(text)
            elif tag == _PROPSTAT and self._propstat == 200:
                self._take()
        elif above == _PROPSTAT and tag == "DAV: status":
            self._propstat = _status(text)
        elif above == "DAV: prop":
            if tag != "DAV: resourcetype":
                self._found[tag] = text
        elif above == "DAV: resourcetype" and tag == "DAV: collection":
            self._found[tag] = ""
        elif tag == _RESPONSE:
            if self._href is None:
                raise _Refused("no href")
            self._entry.path = _path(self._href)
            self.entries.append(self._entry)

    def _take(self) -> None:
        found = self._found
        self._entry.is_folder |= "DAV: collection" in found
        size = found.get("DAV: getcontentlength", "")
        if size.isascii() and size.isdigit() and len(size) < 20:
            self._entry.size_bytes = int(size)
        free = found.get("DAV: quota-available-bytes", "")
        # Nextcloud writes -3 for a quota without end, -2 and -1 for one that it does not know.
        if free.isascii() and free.isdigit() and len(free) < 20:
            self._entry.free_bytes = int(free)


def _status(text: str) -> int:
    match = _STATUS.match(text)
    if match is None:
        raise _Refused("no status")
    return int(match[1])


def _path(href: str) -> str:
    """The decoded path of an absolute path or URL. Its host is not looked at: proxies leave the inner one there."""
    if "://" in href[:16]:
        slash = href.find("/", href.index("://") + 3)
        href = href[slash:] if slash >= 0 else "/"
    if not href.startswith("/"):
        raise _Refused("not an absolute href")
    # In this order: a slash that is encoded is part of a name, and such a name is nobody's here.
    path = re.sub("/+", "/", re.split("[?#]", href, maxsplit=1)[0]).rstrip("/")
    return urllib.parse.unquote(path, errors="surrogateescape")


def _refuse(*_: object) -> None:
    raise _Refused("a document type")


def read_multistatus(
    chunks: Iterable[bytes], *, max_bytes: int = MAX_BYTES, max_entries: int = MAX_ENTRIES
) -> list[Entry]:
    """The resources that a multistatus document lists, in its order.

    Raises StoreUnavailableError for one that broke off, StoreBusyError where the server gave up in the middle,
    StoreProtocolError for all else that is not as it should be.
    Memory and time are linear in what was read, and limited.
    """
    reader = _Reader(max_entries)
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.UnparsedEntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse  # type: ignore[assignment]  # never comes to an answer
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                raise _Refused("too long")
            parser.Parse(chunk, False)
            # Expat goes over an unfinished tag again with every chunk: time would grow with its square.
            if size - parser.CurrentByteIndex > _MAX_TOKEN:
                raise _Refused("too long a tag")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _broken(error.code) from error
    except _Refused as error:
        raise StoreProtocolError(f"The storage's list of a folder is refused: {error}.") from error
    return reader.entries


def _broken(code: int) -> StoreError:
    texts = expat.errors.messages
    if texts.get(code) in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN):
        return StoreUnavailableError("The storage's list of a folder broke off.")
    if texts.get(code) == expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
        # Go's WebDAV server (rclone, ownCloud) closes the list and writes an error below, when what it lists changes.
        return StoreBusyError("The storage's list of a folder ends with an error.")
    return StoreProtocolError("The storage's list of a folder cannot be read.")
