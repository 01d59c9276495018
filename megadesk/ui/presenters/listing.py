"""A folder's rows in the order of the screen. Pure, for worker threads.

Sorting 100,000 rows in one call would hold the interpreter, and so the window, for a third of a second. Keys are
plain strings (compared by memcmp) and the list is sorted in pieces: between them other threads run.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from megadesk.tree.names import fold
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeId, NodeKind, VersionId

_T = TypeVar("_T")
_PIECE = 8192
_DIGITS = re.compile(r"[0-9]+")

RowKey = tuple[NodeId, VersionId | None]
"""What tells rows apart: conflict copies share their node's id."""


class Column(enum.IntEnum):
    NAME = 0
    SIZE = 1
    MODIFIED = 2


@dataclass(frozen=True)
class Sort:
    column: Column = Column.NAME
    descending: bool = False


@dataclass(frozen=True)
class Listing:
    """A folder read completely (or its first rows), sorted by name, and the same sorted as asked."""

    folder: NodeId
    sort: Sort
    rows: Sequence[NodeRow] = field(repr=False)
    by_name: Sequence[NodeRow] = field(repr=False)
    folders: int
    """How many of the rows are folders; they come first."""
    size_bytes: int
    """Of the files in it, without those in its folders."""
    partial: bool = False

    def position(self, key: RowKey) -> int | None:
        """Where the row of that key is. Linear; for single rows."""
        return next((at for at, row in enumerate(self.rows) if row.id == key[0] and row.head == key[1]), None)


def row_key(row: NodeRow) -> RowKey:
    return row.id, row.head


def name_key(name: str) -> str:
    """Sorts as people expect: case and accents do not count, "file 2" comes before "file 10"."""
    text = fold(name)
    # "0" keeps numbers where digits sort; then their length as a character, so that longer numbers are greater.
    return _DIGITS.sub(_number_key, text)


def _number_key(match: re.Match[str]) -> str:
    digits = match.group().lstrip("0")
    return f"0{chr(0x21 + len(digits))}{digits}"


def sort_in_pieces(items: list[_T], key: Callable[[_T], Any]) -> list[_T]:
    """Like sorted(items, key=key), stable, but never holds the interpreter for long."""
    keyed = [(key(item), at, item) for at, item in enumerate(items)]
    runs = [sorted(keyed[start : start + _PIECE]) for start in range(0, len(keyed), _PIECE)]
    while len(runs) > 1:
        # Timsort finds the two runs and merges them: n comparisons.
        runs = [sorted(a + b) for a, b in zip(runs[::2], [*runs[1::2], []], strict=False)] if len(runs) > 1 else runs
    return [item for _, _, item in runs[0]] if runs else []


def arrange(folder: NodeId, rows: Sequence[NodeRow], sort: Sort, *, partial: bool = False) -> Listing:
    """Read rows into a listing. Folders first, whatever the column and direction."""
    folders = [row for row in rows if row.kind is NodeKind.FOLDER]
    files = [row for row in rows if row.kind is not NodeKind.FOLDER]
    by_name = [
        *sort_in_pieces(folders, lambda row: name_key(row.display_name)),
        *sort_in_pieces(files, lambda row: name_key(row.display_name)),
    ]
    size = sum(row.size_bytes for row in files)
    return Listing(folder, sort, _sorted(by_name, len(folders), sort), by_name, len(folders), size, partial)


def rearrange(listing: Listing, sort: Sort) -> Listing:
    """The same rows in another order; cheap, as names are sorted already."""
    rows = _sorted(listing.by_name, listing.folders, sort)
    return Listing(listing.folder, sort, rows, listing.by_name, listing.folders, listing.size_bytes, listing.partial)


def _sorted(by_name: Sequence[NodeRow], count: int, sort: Sort) -> list[NodeRow]:
    folders, files = list(by_name[:count]), list(by_name[count:])
    sign = -1 if sort.descending else 1
    if sort.column is Column.NAME:
        return [*folders[::sign], *files[::sign]]
    if sort.column is Column.SIZE:  # folders have no size of their own: by name
        return [*folders, *sort_in_pieces(files, lambda row: sign * row.size_bytes)]
    return [
        *sort_in_pieces(folders, lambda row: sign * row.mtime_ns),
        *sort_in_pieces(files, lambda row: sign * row.mtime_ns),
    ]


def merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted (first, last) spans without overlap: a selection made in pieces."""
    result: list[tuple[int, int]] = []
    for top, bottom in spans:
        if result and top <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], bottom))
        else:
            result.append((top, bottom))
    return result
