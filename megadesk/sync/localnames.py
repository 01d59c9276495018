"""What names the local file system takes. Names are never changed to fit: what does not fit is shown."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable

from megadesk.sync.pairs import MARKER

_RESERVED = frozenset(
    {
        b"con",
        b"prn",
        b"aux",
        b"nul",
        *(b"%s%d" % (device, number) for device in (b"com", b"lpt") for number in range(1, 10)),
    }
)
_FORBIDDEN = frozenset(b'<>:"|?*\\') | frozenset(range(32))


def fits_windows(name: bytes) -> bool:
    """Whether Windows takes a name."""
    if not _FORBIDDEN.isdisjoint(name) or name[-1:] in (b".", b" "):
        return False
    if name.split(b".", 1)[0].rstrip(b" ").lower() in _RESERVED:
        return False
    try:
        return len(name.decode().encode("utf-16-le")) <= 2 * 255
    except UnicodeDecodeError:
        return False


def fits_mac(name: bytes) -> bool:
    """Whether macOS takes a name."""
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return b":" not in name


def fits_linux(name: bytes) -> bool:
    """Whether Linux takes a name: whatever a locker holds."""
    return len(name) <= 255


fits: Callable[[bytes], bool] = {"win32": fits_windows, "darwin": fits_mac}.get(sys.platform, fits_linux)


def fold_blind(name: bytes) -> bytes:
    """Names that a case-blind file system, which may normalise too, takes for one are equal after it."""
    text = unicodedata.normalize("NFC", name.decode("utf-8", "surrogateescape"))
    return unicodedata.normalize("NFC", text.casefold()).encode("utf-8", "surrogateescape")


def _exact(name: bytes) -> bytes:
    return name


def fold_for(root: bytes) -> Callable[[bytes], bytes]:
    """How the file system of ``root`` compares names: found out at the marker."""
    return fold_blind if os.path.lexists(os.path.join(root, MARKER.upper())) else _exact


def printable_path(path: bytes) -> str:
    """For messages: undecodable bytes become U+FFFD."""
    return path.decode("utf-8", "replace")
