"""A folder's rows in the order of the screen. Pure, for worker threads.

Sorting 100,000 rows in one call would hold the interpreter, and so the window, for a third of a second. Keys are
plain strings (compared by memcmp) and the list is sorted in pieces: between them other threads run.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from megadesk.pieces import sort_in_pieces
from megadesk.tree.names import fold
from megadesk.tree.rows import NodeRow
from megadesk.types import NodeId, NodeKind, VersionId

_T = TypeVar("_T")
_DIGITS = re.compile(r"[0-9]+")

RowKey = tuple[NodeId, VersionId | None]
"""What tells rows apart, also when their content changes: conflict copies, which share their node's id, by version."""


class Column(enum.IntEnum):
    """What a list may show. Their order on the screen is `SHOWN_ORDER`."""

    NAME = 0
    SIZE = 1
    MODIFIED = 2
    KIND = 3
    ADDED = 4
    PLACE = 5
    """The folder it is in: where rows come from all over the locker."""


SHOWN_ORDER = (Column.NAME, Column.PLACE, Column.SIZE, Column.KIND, Column.MODIFIED, Column.ADDED)


@dataclass(frozen=True)
class Sort:
    column: Column = Column.NAME
    descending: bool = False


@dataclass(frozen=True)
class Listing:
    """Rows of a folder, or from all over the locker, sorted by name, and the same in the order asked for."""

    folder: NodeId
    sort: Sort
    rows: Sequence[NodeRow] = field(repr=False)
    by_name: Sequence[NodeRow] = field(repr=False)
    folders: int
    """How many of ``by_name`` are folders that come first."""
    size_bytes: int
    """Of the files in it, without those in its folders."""
    partial: bool = False
    order: Sequence[int] = field(default=(), repr=False)
    """``rows`` as places in ``by_name``, before the filter."""
    folds: Sequence[str] = field(default=(), repr=False)
    """Names as they are compared, by place in ``by_name``."""
    needle: str = ""
    """What was filtered by, folded; "" shows all."""
    places: Mapping[RowKey, str] = field(default_factory=dict, repr=False)
    """Folder paths, where rows come from all over."""
    times: Mapping[RowKey, int] = field(default_factory=dict, repr=False)
    """Nanoseconds to show and sort by in place of the file's own: when it was deleted, or saved."""

    def position(self, key: RowKey) -> int | None:
        """Where the row of that key is. Linear; for single rows."""
        return place_of(self.rows, key)

    def time_ns(self, row: NodeRow) -> int:
        """The time in the column of times."""
        return self.times.get(row_key(row), row.mtime_ns) if self.times else row.mtime_ns


def row_key(row: NodeRow) -> RowKey:
    return row.id, row.head if row.conflict else None


def place_of(rows: Sequence[NodeRow], key: RowKey) -> int | None:
    """Where the row of that key is, if it is there."""
    ids = [row.id for row in rows]
    at = -1
    try:
        while True:
            at = ids.index(key[0], at + 1)
            if row_key(rows[at]) == key:
                return at
    except ValueError:
        return None


@dataclass(frozen=True)
class Chosen:
    """Rows to be found again in another listing: in a few milliseconds where they are 100,000."""

    ids: frozenset[NodeId] = field(default=frozenset(), repr=False)
    copies: frozenset[RowKey] = field(default=frozenset(), repr=False)
    """Conflict copies, which share their id with others."""

    @classmethod
    def of(cls, rows: Sequence[NodeRow]) -> Chosen:
        return cls(
            frozenset([row.id for row in rows if not row.conflict]),
            frozenset([row_key(row) for row in rows if row.conflict]),
        )

    @classmethod
    def of_keys(cls, keys: Sequence[RowKey]) -> Chosen:
        return cls(frozenset([key[0] for key in keys if key[1] is None]), frozenset(key for key in keys if key[1]))

    def __bool__(self) -> bool:
        return bool(self.ids or self.copies)

    def spans(self, rows: Sequence[NodeRow]) -> list[tuple[int, int]]:
        """Where they are, as (first, last)."""
        if not self:
            return []
        ids = self.ids
        places = [at for at, row in enumerate(rows) if row.id in ids and not row.conflict]
        if self.copies:
            copies = self.copies
            places += [at for at, row in enumerate(rows) if row.conflict and row_key(row) in copies]
            places.sort()
        if places and places[-1] - places[0] + 1 == len(places):
            return [(places[0], places[-1])]
        return merged([(at, at) for at in places])


def name_key(name: str) -> str:
    """Sorts as people expect: case and accents do not count, "file 2" comes before "file 10"."""
    text = fold(name)
    # "0" keeps numbers where digits sort; then their length as a character, so that longer numbers are greater.
    return _DIGITS.sub(_number_key, text)


def _number_key(match: re.Match[str]) -> str:
    digits = match.group().lstrip("0")
    return f"0{chr(0x21 + len(digits))}{digits}"


def arrange(
    folder: NodeId,
    rows: Sequence[NodeRow],
    sort: Sort,
    *,
    partial: bool = False,
    needle: str = "",
    places: Mapping[RowKey, str] | None = None,
    times: Mapping[RowKey, int] | None = None,
    folders_first: bool = True,
) -> Listing:
    """Read rows into a listing. Folders first, whatever the column and direction, or among the others."""
    folder_kind = NodeKind.FOLDER  # asking the enumeration 100,000 times takes longer than all the rest
    folders = [row for row in rows if row.kind is folder_kind] if folders_first else []
    files = [row for row in rows if row.kind is not folder_kind] if folders_first else list(rows)
    named = [
        *sort_in_pieces([(fold(row.display_name), row) for row in folders], _fold_key),
        *sort_in_pieces([(fold(row.display_name), row) for row in files], _fold_key),
    ]
    listing = Listing(
        folder,
        sort,
        (),
        [row for _, row in named],
        len(folders),
        size_of_files(files),
        partial,
        folds=[text for text, _ in named],
        needle=needle,
        places=places or {},
        times=times or {},
    )
    return rearrange(listing, sort)


def size_of_files(rows: Sequence[NodeRow]) -> int:
    """Without links, whose size is that of their target's path."""
    file = NodeKind.FILE
    return sum([row.size_bytes for row in rows if row.kind is file])


def rearrange(listing: Listing, sort: Sort) -> Listing:
    """The same rows in another order; cheap, as names are sorted already."""
    order = _order(listing, sort)
    return _filtered(replace(listing, sort=sort, order=order), listing.needle)


def filtered(listing: Listing, text: str) -> Listing:
    """Only rows whose name holds ``text``; case and accents do not count. "" shows all again."""
    return _filtered(listing, fold(text))


def _filtered(listing: Listing, needle: str) -> Listing:
    by_name, folds = listing.by_name, listing.folds
    if not needle:
        rows = [by_name[at] for at in listing.order]
    else:
        found = {at for at, text in enumerate(folds) if needle in text}
        rows = [by_name[at] for at in listing.order if at in found]
    return replace(listing, rows=rows, needle=needle)


def _order(listing: Listing, sort: Sort) -> list[int]:
    count, rows = listing.folders, listing.by_name
    folders, files = list(range(count)), list(range(count, len(rows)))
    sign = -1 if sort.descending else 1
    if sort.column is Column.NAME:
        return [*folders[::sign], *files[::sign]]
    if sort.column is Column.SIZE:  # folders have no size of their own: by name
        return [*folders, *sort_in_pieces(files, lambda at: sign * rows[at].size_bytes)]
    if sort.column is Column.MODIFIED:
        time_ns = listing.time_ns

        def key(at: int) -> Any:
            return sign * time_ns(rows[at])
    elif sort.column is Column.ADDED:

        def key(at: int) -> Any:
            return sign * rows[at].created_ms
    else:
        texts = {at: _text_key(listing, at, sort.column) for at in range(len(rows))}
        ranks = {text: sign * rank for rank, text in enumerate(sorted(set(texts.values())))}

        def key(at: int) -> Any:
            return ranks[texts[at]]

    return [*sort_in_pieces(folders, key), *sort_in_pieces(files, key)]


def _text_key(listing: Listing, at: int, column: Column) -> str:
    row = listing.by_name[at]
    if column is Column.PLACE:
        return name_key(listing.places.get(row_key(row), ""))
    return extension_of(row)


def extension_of(row: NodeRow) -> str:
    """ "pdf"; "" for folders, links, and names without one."""
    stem, dot, extension = row.display_name.rpartition(".")
    return extension.casefold() if dot and stem and row.kind is NodeKind.FILE and len(extension) <= 10 else ""


def _fold_key(item: tuple[str, NodeRow]) -> str:
    return _DIGITS.sub(_number_key, item[0])


def merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted (first, last) spans without overlap: a selection made in pieces."""
    result: list[tuple[int, int]] = []
    for top, bottom in spans:
        if result and top <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], bottom))
        else:
            result.append((top, bottom))
    return result
