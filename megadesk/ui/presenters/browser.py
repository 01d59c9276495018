"""Walking through a locker and changing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from megadesk.errors import LockerReadOnlyError, MegaDeskError, PathError, StoreError
from megadesk.pieces import let_go, same_items
from megadesk.tree.names import fold
from megadesk.tree.rows import NodeRow, Order
from megadesk.types import ROOT, TRASH, NodeId, NodeKind
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Clock, Locker
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.listing import (
    Column,
    Listing,
    RowKey,
    Sort,
    arrange,
    filtered,
    rearrange,
    row_key,
)
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.runner import Runs

MAX_FOUND = 5000
SEARCHED = NodeId(b"\xff" * 16)
"""Stands for "all over" in listings."""
FIRST_ROWS = 500
"""Shown at once, while the rest of a large folder is read."""
_MIN_PAUSE_S = 0.25
_QUIET_S = 10.0
"""Least time between two looks at the storage that nobody asked for."""
_PATIENCE_S = 4.0
"""After so long, who waits for the storage is told that it does not answer."""
_PAUSE_FACTOR = 8.0
"""While uploads change a folder all the time, reading it again takes at most an eighth of the time."""


@dataclass(frozen=True)
class Crumb:
    id: NodeId
    name: str
    """"" for the locker itself."""


@dataclass(frozen=True)
class _Read:
    listing: Listing
    same_as: Listing | None
    """The listing that was shown when reading began, if it held the same rows."""
    path: str


class BrowserView(Protocol):
    """The browser page."""

    def show_location(self, crumbs: Sequence[Crumb], *, back: bool, forward: bool) -> None: ...
    def show_listing(self, listing: Listing, *, same_folder: bool) -> None: ...
    def show_loading(self, loading: bool) -> None: ...
    def show_problem(self, problem: Problem) -> None: ...
    def show_notice(self, notice: Notice) -> None: ...
    def show_read_only(self, reason: str | None) -> None: ...
    def select(self, key: RowKey) -> None:
        """Make the row current when it is there, or as soon as it is."""

    def show_trouble(self, problem: Problem | None) -> None:
        """The storage does not answer; reading works, changes wait. None: it does again."""

    def show_search(self, text: str) -> None:
        """What is searched for in the whole locker; "": a folder is shown."""

    def show_path_problem(self, text: str) -> None:
        """A typed path leads nowhere; "": it led somewhere."""


class BrowserPresenter:
    """All methods are for the GUI thread; none blocks."""

    def __init__(self, view: BrowserView, locker: Locker, runs: Runs, clock: Clock) -> None:
        self._view = view
        self._locker = locker
        self._runs = runs
        self._clock = clock
        self._crumbs: tuple[Crumb, ...] = (Crumb(ROOT, ""),)
        self._back: list[tuple[Crumb, ...]] = []
        self._forward: list[tuple[Crumb, ...]] = []
        self._sort = Sort()
        self._listing: Listing | None = None
        self._read_began_s = 0.0
        self._read_took_s = 0.0
        self._read_ended_s = 0.0
        self._reading = False
        self._refresh_due = False
        self._refresh_again = False
        self._refreshed_s = -_QUIET_S
        self._asked = 0
        self._filter = ""
        self._search = ""

    # --- where

    @property
    def folder(self) -> NodeId:
        return self._crumbs[-1].id

    @property
    def listing(self) -> Listing | None:
        return self._listing

    @property
    def sort(self) -> Sort:
        return self._sort

    @property
    def crumbs(self) -> Sequence[Crumb]:
        return self._crumbs

    @property
    def searching(self) -> bool:
        """Whether rows from all over the locker are shown."""
        return bool(self._search)

    def start(self, folder: NodeId = ROOT, sort: Sort | None = None) -> None:
        """Show the top, or the folder that was shown last, if it is still there."""
        self._sort = sort or self._sort
        self._view.show_read_only(self._locker.read_only_reason)
        if folder == ROOT:
            self._show(self._crumbs)
        else:
            locker = self._locker
            self._runs.run(lambda: crumbs_to(locker, folder), self._show, lambda _: self._show(self._crumbs), lane="go")
        self.refresh_quietly()

    def open_row(self, row: NodeRow) -> bool:
        """Go into a folder; False for a file."""
        if row.kind is not NodeKind.FOLDER:
            return False
        if self._search:
            self.open_folder(row.id)
        else:
            self._go((*self._crumbs, Crumb(row.id, row.display_name)))
        return True

    def go_to_path(self, text: str) -> None:
        """A typed path: into a folder, or to a file in its folder. The view hears when there is none."""
        locker = self._locker
        path = "/" + text.strip().strip("/")

        def task() -> tuple[tuple[Crumb, ...], RowKey | None]:
            row = locker.node(path)
            if row.kind is NodeKind.FOLDER:
                return crumbs_to(locker, row.id), None
            return crumbs_to(locker, row.parent), row_key(row)

        def found(there: tuple[tuple[Crumb, ...], RowKey | None]) -> None:
            self._view.show_path_problem("")
            crumbs, key = there
            if crumbs != self._crumbs or self._search:
                self._go(crumbs)
            if key is not None:
                self._view.select(key)

        def failed(error: Exception) -> None:
            if isinstance(error, PathError):
                self._view.show_path_problem(problem_of(error).text)
            else:
                self._problem(error)

        self._runs.run(task, found, failed, lane="go")

    def complete_path(self, text: str, found: Callable[[Sequence[str]], None]) -> None:
        """Folders that a path typed so far may lead to."""
        locker = self._locker
        head, _, start = ("/" + text.lstrip("/")).rpartition("/")

        def task() -> list[str]:
            needle = start.casefold()
            rows = locker.list_folder(head or "/", order=Order.NAME)
            names = [row.display_name for row in rows if row.kind is NodeKind.FOLDER]
            return [f"{head}/{name}" for name in names if name.casefold().startswith(needle)][:50]

        self._runs.run(task, found, lambda _: found(()), lane="complete")

    def open_folder(self, folder: NodeId, select: RowKey | None = None) -> None:
        """Go to a folder anywhere in the locker, as a favourite or a search result asks."""
        locker = self._locker

        def task() -> tuple[Crumb, ...]:
            return crumbs_to(locker, folder)

        def found(crumbs: tuple[Crumb, ...]) -> None:
            if crumbs != self._crumbs or self._listing is None or self._search:
                self._go(crumbs)
            if select is not None:
                self._view.select(select)

        self._runs.run(task, found, self._problem, lane="go")

    def forget(self) -> None:
        """The locker is being locked: keep no name."""
        self._asked += 1
        self._crumbs = (Crumb(ROOT, ""),)
        self._back.clear()
        self._forward.clear()
        self._listing = None
        self._filter = self._search = ""

    def go_up(self) -> None:
        if len(self._crumbs) > 1:
            left = self._crumbs[-1].id
            self._go(self._crumbs[:-1])
            self._view.select((left, None))

    def go_to_crumb(self, depth: int) -> None:
        """0 is the locker itself."""
        if 0 <= depth < len(self._crumbs) - 1:
            self._go(self._crumbs[: depth + 1])

    def go_back(self) -> None:
        if self._back:
            self._forward.append(self._crumbs)
            self._show(self._back.pop())

    def go_forward(self) -> None:
        if self._forward:
            self._back.append(self._crumbs)
            self._show(self._forward.pop())

    def _go(self, crumbs: tuple[Crumb, ...]) -> None:
        if crumbs != self._crumbs:
            self._back.append(self._crumbs)
            self._forward.clear()
        self._show(crumbs)

    def _show(self, crumbs: tuple[Crumb, ...]) -> None:
        self._crumbs = crumbs
        left, self._listing = [self._listing], None
        self._filter = ""
        if self._search:
            self._search = ""
        self._view.show_search("")
        self._view.show_location(crumbs, back=bool(self._back), forward=bool(self._forward))
        self._let_go(left)
        self._view.show_loading(True)
        self._read(limit=FIRST_ROWS)

    # --- finding

    def filter(self, text: str) -> None:
        """Show only rows of the folder whose name holds ``text``; a worker looks."""
        self._filter = text.strip()
        listing, wanted = self._listing, self._filter
        if listing is None or listing.partial or self._search:
            return  # what is being read will be filtered when it is here

        def have(found: Listing) -> None:
            now = self._listing
            if now is not None and now.by_name is found.by_name and self._filter == wanted:
                self._listing = replace(found, sort=now.sort) if found.sort == now.sort else rearrange(found, now.sort)
                self._view.show_listing(self._listing, same_folder=True)

        self._runs.run(lambda: filtered(listing, wanted), have, self._problem, lane="filter")

    def search(self, text: str) -> None:
        """Look for names in the whole locker."""
        text = text.strip()
        if not text:
            self.leave_search()
            return
        self._search = text
        self._listing = None
        self._view.show_search(text)
        self._view.show_loading(True)
        self._find()

    def leave_search(self) -> None:
        """Back to the folder."""
        if self._search or self._filter:
            was_searching = bool(self._search)
            self._filter = self._search = ""
            self._view.show_search("")
            if was_searching:
                self._show(self._crumbs)
            else:
                self.filter("")

    def _find(self) -> None:
        locker, text, sort, shown = self._locker, self._search, self._sort, self._listing

        def task() -> _Read:
            found = locker.find(text, limit=MAX_FOUND)
            places = {row_key(each.row): parent_path(each.path) for each in found}
            listing = arrange(SEARCHED, [each.row for each in found], sort, places=places)
            same = shown if shown is not None and shown.by_name == listing.by_name else None
            return _Read(listing, same, "")

        self._reading = True
        self._read_began_s = self._clock.now()
        self._runs.run(task, self._have, self._cannot_read, lane="list")

    # --- reading

    def _read(self, *, limit: int | None) -> None:
        """First rows first; a folder that has more is then read completely."""
        if self._search:
            self._find()
            return
        locker, sort, shown = self._locker, self._sort, self._listing
        folder, needle = self.folder, fold(self._filter)

        def task() -> _Read:
            rows = locker.list_folder(folder, order=Order.NAME, limit=limit)  # sorted here, by name it streams
            partial = limit is not None and len(rows) >= limit
            listing = arrange(folder, rows, sort, partial=partial, needle=needle)
            # 100,000 rows are not compared on the GUI thread.
            path = "" if partial else locker.path_of(folder)
            if shown is None or not same_items(shown.by_name, listing.by_name):
                return _Read(listing, None, path)
            if (shown.sort, shown.partial, shown.needle) == (listing.sort, listing.partial, listing.needle):
                again = [listing.by_name, rows]
                del listing, rows
                let_go(again)
                return _Read(shown, shown, path)
            return _Read(listing, shown, path)

        self._reading = True
        self._read_began_s = self._clock.now()
        self._runs.run(task, self._have, self._cannot_read, lane="list")

    def _have(self, found: _Read) -> None:
        listing = found.listing
        now = self._clock.now()
        self._reading = False
        self._read_took_s, self._read_ended_s = now - self._read_began_s, now
        if listing.sort != self._sort:
            listing = rearrange(listing, self._sort) if listing.partial else listing
            if not listing.partial:
                self._listing = listing
                self.sort_by(self._sort.column, self._sort.descending)
                return
        if not self._search and listing.needle != fold(self._filter):
            listing = filtered(listing, self._filter)
        same = self._listing is not None and self._listing.folder == listing.folder
        known = found.same_as
        if (
            known is None
            or known is not self._listing
            or (listing.partial, listing.needle)
            != (
                known.partial,
                known.needle,
            )
        ):
            left, self._listing = [self._listing], listing
            self._view.show_listing(listing, same_folder=same)
            self._let_go(left)
        if listing.partial:
            self._read(limit=None)
            return
        self._view.show_loading(False)
        if not self._search:
            self._rename_crumbs(found.path)
        if self._refresh_again:
            self._refresh_again = False
            self.refresh_soon()

    def _let_go(self, left: list[Listing | None]) -> None:
        """Of the listing that was shown, by a worker: 100,000 rows that go all at once stop the window for 30 ms."""
        listing = left.pop()
        if listing is not None and len(listing.by_name) > FIRST_ROWS:
            last: list[Sequence[Any]] = [listing.by_name, listing.rows, listing.folds]
            del listing
            self._runs.run(lambda: let_go(last))

    def _rename_crumbs(self, path: str) -> None:
        """Somebody may have renamed a folder above."""
        names = [name for name in path.split("/") if name]
        crumbs = self._crumbs[1:]
        if len(names) == len(crumbs) and names != [crumb.name for crumb in crumbs]:
            renamed = [Crumb(crumb.id, name) for crumb, name in zip(crumbs, names, strict=True)]
            self._crumbs = (self._crumbs[0], *renamed)
            self._view.show_location(self._crumbs, back=bool(self._back), forward=bool(self._forward))

    def _cannot_read(self, error: Exception) -> None:
        self._reading = False
        self._view.show_loading(False)
        if isinstance(error, PathError) and len(self._crumbs) > 1:
            gone = fmt.shown_name(self._crumbs[-1].name)
            text = translate("browser", "“%1” is no longer here: it was moved or deleted.").replace("%1", gone)
            self._view.show_notice(Notice(text))
            self._show(self._crumbs[:-1])
            return
        self._problem(error)

    def sort_by(self, column: Column, descending: bool) -> None:
        """Sort the rows that are there; a worker does it."""
        self._sort = Sort(column, descending)
        listing, sort = self._listing, self._sort
        if listing is None or listing.partial:
            return  # what is being read will be rearranged when it is here

        def sorted_(again: Listing) -> None:
            if self._listing is not None and self._listing.by_name is again.by_name:
                self._listing = again
                self._view.show_listing(again, same_folder=True)
                self._view.show_loading(False)

        self._runs.run(lambda: rearrange(listing, sort), sorted_, self._problem, lane="sort")

    def refresh(self) -> None:
        """By the user: what other devices did as well, and the folder at once."""
        locker = self._locker
        self._view.show_loading(True)
        self._asked += 1
        asked = self._asked
        self._runs.run(locker.refresh, self._refreshed, self._not_refreshed, lane="refresh")
        self._clock.later(_PATIENCE_S, lambda: self._still_asking(asked))

    def _still_asking(self, asked: int) -> None:
        """A storage that is away is asked for half a minute; whoever waits for it is told before."""
        if asked == self._asked:
            title = translate("browser", "The storage does not answer yet")
            text = translate("browser", "It is asked again and again. What is known here can be seen meanwhile.")
            self._view.show_trouble(Problem(title, text))
            self.refresh_soon()

    def refresh_quietly(self) -> None:
        """What other devices and programs did; the core tells which folders changed by it."""
        if self._clock.now() - self._refreshed_s < _QUIET_S:
            return
        self._refreshed_s = self._clock.now()
        locker = self._locker
        self._runs.run(
            locker.refresh, lambda _: self._view.show_trouble(None), self._not_refreshed_quietly, lane="quiet refresh"
        )

    def _refreshed(self, _: object) -> None:
        self._asked += 1
        self._view.show_trouble(None)
        self._read(limit=None)

    def _not_refreshed(self, error: Exception) -> None:
        """The folder is read all the same: what it holds is known here."""
        self._asked += 1
        self._not_refreshed_quietly(error)
        self._read(limit=None)

    def _not_refreshed_quietly(self, error: Exception) -> None:
        if isinstance(error, StoreError):
            self._view.show_trouble(problem_of(error))
        else:
            self._problem(error)

    def folders_changed(self, folders: frozenset[NodeId] | None) -> None:
        """An event of the core."""
        if folders is None or self.folder in folders or self._search:
            self.refresh_soon()

    def refresh_soon(self) -> None:
        """Read the folder again, but leave the reader time to breathe."""
        if self._reading:
            self._refresh_again = True
            return
        if self._refresh_due:
            return
        self._refresh_due = True
        pause = max(_MIN_PAUSE_S, _PAUSE_FACTOR * self._read_took_s)
        self._clock.later(max(0.0, self._read_ended_s + pause - self._clock.now()), self._refresh_now)

    def _refresh_now(self) -> None:
        self._refresh_due = False
        if self._reading:
            self._refresh_again = True
        else:
            self._read(limit=None)

    # --- inside

    def _problem(self, error: Exception) -> None:
        if isinstance(error, LockerReadOnlyError) or (
            isinstance(error, MegaDeskError) and self._locker.read_only_reason is not None
        ):
            self._view.show_read_only(self._locker.read_only_reason or str(error))
        else:
            self._view.show_problem(problem_of(error))


def parent_path(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def crumbs_to(locker: Locker, folder: NodeId) -> tuple[Crumb, ...]:
    """The way from the top to a folder. For worker threads; raises PathError when it is gone or in the trash."""
    crumbs: list[Crumb] = []
    at = folder
    while at != ROOT:
        row = locker.node(at)
        crumbs.append(Crumb(row.id, row.display_name))
        if row.parent in (at, TRASH):
            raise PathError("That folder is in the trash.", remedy="Restore it first.")
        at = row.parent
    return (Crumb(ROOT, ""), *reversed(crumbs))
