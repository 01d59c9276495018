"""The two XML documents of S3 that we read: a listing and an error. From a server that is not trusted."""

from __future__ import annotations

import re
import urllib.parse
import xml.parsers.expat
from collections.abc import Callable
from dataclasses import dataclass, field

from megadesk.errors import StoreProtocolError


@dataclass
class Listing:
    """One page of ListObjectsV2: keys with their sizes, in the server's order."""

    entries: list[tuple[str, int]] = field(default_factory=list)
    truncated: bool = False
    token: str = ""


def parse_listing(body: bytes) -> Listing:
    """StoreProtocolError for what is no listing."""
    page = Listing()
    encoded = False
    seen = False
    found: dict[str, str] = {}

    def take(path: tuple[str, ...], text: str) -> None:
        nonlocal encoded, seen
        match path:
            case ("ListBucketResult",):
                seen = True
            case ("ListBucketResult", "IsTruncated"):
                page.truncated = text == "true"
            case ("ListBucketResult", "NextContinuationToken"):
                page.token = text
            case ("ListBucketResult", "EncodingType"):
                encoded = text == "url"
            case ("ListBucketResult", "Contents", ("Key" | "Size") as name):
                found[name] = text
            case ("ListBucketResult", "Contents"):
                size = found.get("Size", "")
                if "Key" not in found or re.fullmatch(r"[0-9]{1,19}", size) is None:
                    raise _nonsense()
                page.entries.append((found["Key"], int(size)))
                found.clear()

    _parse(body, take)
    if not seen:
        raise _nonsense()
    if encoded:
        page.entries = [(urllib.parse.unquote(key, errors="replace"), size) for key, size in page.entries]
    return page


def parse_error(body: bytes) -> tuple[str, str]:
    """Code and message of an error, printable and short; ("", "") for what is none. Never raises."""
    found: dict[str, str] = {}

    def take(path: tuple[str, ...], text: str) -> None:
        if path[0] in ("Error", "ErrorResponse") and path[-1] in ("Code", "Message"):
            found.setdefault(path[-1], text)

    try:
        _parse(body, take)
    except StoreProtocolError:
        return "", ""
    code = found.get("Code", "")
    message = "".join(char if char.isprintable() else " " for char in found.get("Message", ""))
    return (code if re.fullmatch(r"[A-Za-z0-9._]{1,80}", code) else ""), " ".join(message.split())[:200]


def _parse(body: bytes, take: Callable[[tuple[str, ...], str], None]) -> None:
    """Call ``take`` at each element's end, with the names from the root and its own text."""
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True
    names: list[str] = []
    texts: list[list[str]] = []

    def start(name: str, _: dict[str, str]) -> None:
        if len(names) >= 16:
            raise _nonsense()
        names.append(name.rpartition(":")[2])
        texts.append([])

    def text(data: str) -> None:
        texts[-1].append(data)

    def end(_: str) -> None:
        take(tuple(names), "".join(texts.pop()))
        names.pop()

    def refuse(*_: object) -> None:
        # Where entities are declared; S3 never does.
        raise _nonsense()

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (xml.parsers.expat.ExpatError, ValueError, LookupError):
        raise _nonsense() from None


def _nonsense() -> StoreProtocolError:
    return StoreProtocolError("The S3 server's answer is not what S3 answers.", remedy="Check the endpoint.")
