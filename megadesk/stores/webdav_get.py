"""Taking a part of an object out of an answer to GET, whatever the server made of the question."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from megadesk.errors import StoreProtocolError
from megadesk.stores.api import ObjectInfo, check_range
from megadesk.stores.http import Answer

_CONTENT_RANGE: Final = re.compile(r"bytes +([0-9]{1,19})-([0-9]{1,19})/([0-9]{1,19})")
MAX_SKIP_BYTES: Final = 256 << 20


def copy_range(
    answer: Answer, name: str, offset: int, length: int | None, max_bytes: int, take: Callable[[bytes], None]
) -> None:
    """Give ``take`` bytes ``offset`` to ``offset + length`` of an object (to its end, but at most ``max_bytes``,
    without ``length``) out of an answer of status 200 (the whole object) or 206 (the part).

    Raises StoreProtocolError, before anything is read if the answer's headers are wrong; StoreUnavailableError when it
    breaks off. ``take`` never gets a byte too many.
    """
    skip = 0
    if answer.status == 206:
        count: int | None = _count_of_part(answer, name, offset, length, max_bytes)
        if answer.length not in (None, count):
            raise _wrong(name)
    elif offset > MAX_SKIP_BYTES:
        raise StoreProtocolError(f"The storage gives {name} only as a whole, which is too large.", object_name=name)
    else:
        skip = offset
        count = length
        if answer.length is not None:
            count = check_range(ObjectInfo(name, answer.length), offset, length, max_bytes)
    taken = 0
    # Without an announced size one byte more is waited for, to see whether there is too much.
    wanted = max_bytes + 1 if count is None else count
    for chunk in answer.chunks():
        start = min(skip, len(chunk))
        skip -= start
        piece = chunk[start : start + wanted - taken] if start or len(chunk) > wanted - taken else chunk
        taken += len(piece)
        if count is None and taken > max_bytes:
            raise StoreProtocolError(f"The object {name} has more than {offset + max_bytes} bytes.", object_name=name)
        if piece:
            take(piece)
        if taken == count:
            return
    if skip or taken < (count or 0):
        raise _ended_early(name)


def fill_range(answer: Answer, name: str, offset: int, view: memoryview) -> None:
    """As `copy_range`, for just as many bytes as ``view`` has, into it. What is in it after an error is undefined."""
    if answer.status == 200 and not offset and answer.length == view.nbytes:
        count: int | None = view.nbytes
    else:
        count = _count_of_part(answer, name, offset, view.nbytes, view.nbytes) if answer.status == 206 else None
    if count is not None and answer.length == count:
        if answer.fill(view) < count:
            raise _ended_early(name)
        return
    at = 0

    def take(chunk: bytes) -> None:
        nonlocal at
        view[at : at + len(chunk)] = chunk
        at += len(chunk)

    copy_range(answer, name, offset, view.nbytes, view.nbytes, take)


def _count_of_part(answer: Answer, name: str, offset: int, length: int | None, max_bytes: int) -> int:
    match = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if match is None:
        raise _wrong(name)
    first, last, total = (int(number) for number in match.groups())
    if first != offset or not first <= last < total:
        raise _wrong(name)
    count = check_range(ObjectInfo(name, total), offset, length, max_bytes)
    if last - first + 1 != count:
        raise _wrong(name)
    return count


def _wrong(name: str) -> StoreProtocolError:
    return StoreProtocolError(f"The storage gave another part of {name} than was asked for.", object_name=name)


def _ended_early(name: str) -> StoreProtocolError:
    return StoreProtocolError(f"The object {name} ended early.", object_name=name)
