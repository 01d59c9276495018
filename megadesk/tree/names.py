"""Names and paths: what is allowed, how duplicates and conflicts are shown, how names sort and are searched.

Names are bytes in the format and ``str`` here, by UTF-8 with surrogateescape (as os.fsencode does on Linux), so any
name survives. Paths use "/" and start with it; "." and ".." are refused, not interpreted.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, datetime

from megadesk.errors import PathError

MAX_NAME_BYTES = 255
_DIGITS = re.compile(r"(\d+)")
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f/()\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CONFLICT_MARK = " (conflict, "


def to_text(name: bytes) -> str:
    """A stored name as text; never fails."""
    return name.decode("utf-8", "surrogateescape")


def to_bytes(name: str) -> bytes:
    """The name that ``to_text`` came from. Raises PathError for text that no file name gives."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise PathError(f"“{printable(name)}” holds characters that cannot be written.") from None


def printable(name: str) -> str:
    """For messages and logs: undecodable bytes become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if _encodable(name) else ascii(name)


def _encodable(name: str) -> bool:
    try:
        name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def check_name(name: str) -> bytes:
    """``name`` as stored. Raises PathError, saying why, when it is none: empty, ".", "..", "/", NUL, long."""
    data = to_bytes(name)
    if not data:
        raise PathError("A name cannot be empty.")
    if name in (".", ".."):
        raise PathError(f"“{name}” is not a name.", remedy="Choose another name.")
    if "/" in name or "\0" in name:
        raise PathError(f"“{printable(name)}” holds a character that names cannot hold.", remedy="Leave out “/”.")
    if len(data) > MAX_NAME_BYTES:
        raise PathError(
            f"“{printable(name[:40])}…” is {len(data)} bytes long; names have at most {MAX_NAME_BYTES}.",
            remedy="Choose a shorter name.",
        )
    return data


def split_path(path: str) -> tuple[str, ...]:
    """Components of "/Documents/a.txt"; "/" and "" are the root. Repeated and trailing slashes do not count.

    Raises PathError for components that are not names. Conflict copies may be shown under names longer than 255 bytes.
    """
    parts = tuple(part for part in path.split("/") if part)
    for part in parts:
        if CONFLICT_MARK not in part:
            check_name(part)
    return parts


def join_path(parent: str, name: str) -> str:
    return f"{parent}{name}" if parent.endswith("/") else f"{parent}/{name}"


def split_extension(name: str) -> tuple[str, str]:
    """("report", ".pdf"); a leading dot starts no extension; one over 16 characters or with a space is none."""
    stem, dot, extension = name.rpartition(".")
    if not stem.strip(".") or not dot or not extension or len(extension) > 16 or " " in extension:
        return name, ""
    if stem.endswith(".tar") and stem != ".tar":
        return stem[:-4], ".tar." + extension
    return stem, "." + extension


def conflict_name(name: str, device: str, time_ms: int, number: int = 1) -> str:
    """ "name (conflict, DEVICE, YYYY-MM-DD).ext", from the second of that name on with " 2", " 3".. after the date.

    The date is UTC, so every device shows the same. Names that would exceed 255 bytes lose the end of their stem to a
    mark that keeps them apart.
    """
    stem, extension = split_extension(name)
    label = " ".join(_UNFIT.sub(" ", device).split())[:32] or "?"
    suffix = f"{CONFLICT_MARK}{label}, {_date(time_ms)}{f' {number}' if number > 1 else ''}){extension}"
    room = MAX_NAME_BYTES - len(to_bytes(suffix))
    data = to_bytes(stem)
    if len(data) > room:
        mark = "~" + hashlib.sha256(to_bytes(name)).hexdigest()[:8]
        data = data[: max(room - len(mark), 0)]
        while data and (data[-1] & 0xC0) == 0x80:
            data = data[:-1]
        if data and data[-1] >= 0xC0:
            data = data[:-1]
        stem = to_text(data) + mark
    return stem + suffix


def _date(time_ms: int) -> str:
    try:
        return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return "?"  # another device's clock is not ours to trust


def fold(name: str) -> str:
    """For searching: case and accents do not count. Undecodable bytes become U+FFFD."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key: "file 2" before "file 10", case does not count. Total: add the name itself to break ties."""
    parts = _DIGITS.split(name.casefold())
    # re.split with a group gives text at even places and digits at odd ones. Absurdly long numbers sort as text.
    return tuple(
        (0, int(part), "") if place % 2 and len(part) <= 18 else (1, 0, part)
        for place, part in enumerate(parts)
        if part
    )
