"""Rows from all over the locker in one list: the trash, what is recent. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from megadesk.tree.rows import NodeRow
from megadesk.types import TRASH, NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Clock, Locker
from megadesk.ui.presenters.browser import SEARCHED, parent_path
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.listing import Column, Listing, RowKey, Sort, arrange, filtered, rearrange, row_key
from megadesk.ui.presenters.operations import Operations
from megadesk.ui.runner import Runs

_PAUSE_S = 0.5
Read = Callable[[Locker, Sort], Listing]


def read_trash(locker: Locker, sort: Sort) -> Listing:
    """For worker threads."""
    items = locker.trash()
    places: dict[RowKey, str] = {}
    times: dict[RowKey, int] = {}
    for item in items:
        key = row_key(item.row)
        if item.original_path is not None:
            places[key] = parent_path(item.original_path)
        else:
            places[key] = translate("trash", "(its folder is gone)")
        times[key] = (item.row.trashed_ms or 0) * 1_000_000
    return arrange(TRASH, [item.row for item in items], sort, places=places, times=times, folders_first=False)


def read_recent(locker: Locker, sort: Sort) -> Listing:
    """For worker threads."""
    items = locker.recent(300)
    places = {row_key(item.row): parent_path(item.path) for item in items}
    times = {row_key(item.row): item.time_ms * 1_000_000 for item in items}
    return arrange(SEARCHED, [item.row for item in items], sort, places=places, times=times, folders_first=False)


class ListedView(Protocol):
    """The page."""

    def show_listing(self, listing: Listing) -> None: ...
    def show_problem(self, problem: Problem) -> None: ...


class ListedPresenter:
    """For the GUI thread; nothing blocks."""

    def __init__(self, view: ListedView, locker: Locker, runs: Runs, clock: Clock, read: Read) -> None:
        self._view = view
        self._locker = locker
        self._runs = runs
        self._clock = clock
        self._read = read
        self._sort = Sort(Column.MODIFIED, descending=True)
        self._filter = ""
        self._due = False
        self._in_sight = False
        self._stale = True
        self.listing: Listing | None = None

    def entered(self) -> None:
        self._in_sight = True
        if self._stale:
            self.read()

    def left(self) -> None:
        self._in_sight = False

    def changed(self) -> None:
        """Something in the locker: read again, but not all the time, and not what nobody sees."""
        self._stale = True
        if self._in_sight and not self._due:
            self._due = True
            self._clock.later(_PAUSE_S, self._now)

    def _now(self) -> None:
        self._due = False
        if self._in_sight:
            self.read()

    def read(self) -> None:
        self._stale = False
        locker, read, sort = self._locker, self._read, self._sort
        self._runs.run(lambda: read(locker, sort), self._have, self._failed, lane=f"listed {id(self)}")

    def _have(self, listing: Listing) -> None:
        if listing.sort != self._sort:
            listing = rearrange(listing, self._sort)
        self.listing = filtered(listing, self._filter) if self._filter else listing
        self._view.show_listing(self.listing)

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(problem_of(error))

    def sort_by(self, sort: Sort) -> None:
        self._sort = sort
        if self.listing is not None:
            self._have(replace(self.listing))

    def filter(self, text: str) -> None:
        self._filter = text.strip()
        if self.listing is not None:
            self.listing = filtered(self.listing, self._filter)
            self._view.show_listing(self.listing)

    def forget(self) -> None:
        """The locker is being locked."""
        self.listing = None
        self._filter = ""
        self._in_sight = False


def emptying_text(rows: Sequence[NodeRow], *, everything: bool) -> tuple[str, str]:
    """(question, what it means) before files are removed for good."""
    size = sum(row.size_bytes for row in rows if row.kind is NodeKind.FILE)
    if len(rows) == 1:
        name = fmt.shown_name(rows[0].display_name)
        question = translate("trash", "Delete “%1” for good?").replace("%1", name)
    elif everything:
        question = translate("trash", "Delete all %1 in the trash for good?").replace("%1", fmt.items(len(rows)))
    else:
        question = translate("trash", "Delete %1 for good?").replace("%1", fmt.items(len(rows)))
    meaning = translate("trash", "Nobody can bring them back, not on any device, nor their older versions.")
    if size:
        freed = translate("trash", "About %1 of the storage are freed by and by.").replace("%1", fmt.size(size))
        meaning = f"{meaning} {freed}"
    return question, meaning


def purge(
    locker: Locker,
    operations: Operations,
    runs: Runs,
    rows: Sequence[NodeRow],
    *,
    everything: bool,
    done: Callable[[int], None],
) -> None:
    """Remove for good; there is no undo of that."""
    ids = None if everything else [row.id for row in rows]
    runs.run(lambda: locker.purge(ids), done, operations.failed)
