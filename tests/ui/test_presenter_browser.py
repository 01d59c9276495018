"""Walking and changing, without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from fakes import FakeClock, FakeLocker, ManualRuns, many_rows, node_id, row

from megadesk.errors import LockerReadOnlyError, StoreUnavailableError
from megadesk.types import ROOT
from megadesk.ui.presenters.browser import FIRST_ROWS, BrowserPresenter, Crumb
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.listing import Column, Listing, RowKey
from megadesk.ui.presenters.notices import Notice


class View:
    def __init__(self) -> None:
        self.crumbs: Sequence[Crumb] = ()
        self.back = self.forward = False
        self.listings: list[tuple[Listing, bool]] = []
        self.loading = False
        self.problems: list[Problem] = []
        self.trouble: Problem | None = None
        self.notices: list[Notice] = []
        self.read_only: list[str | None] = []
        self.selected: list[RowKey] = []
        self.name_problems: list[str] = []

    def show_location(self, crumbs: Sequence[Crumb], *, back: bool, forward: bool) -> None:
        self.crumbs, self.back, self.forward = crumbs, back, forward

    def show_listing(self, listing: Listing, *, same_folder: bool) -> None:
        self.listings.append((listing, same_folder))

    def show_loading(self, loading: bool) -> None:
        self.loading = loading

    def show_problem(self, problem: Problem) -> None:
        self.problems.append(problem)

    def show_notice(self, notice: Notice) -> None:
        self.notices.append(notice)

    def show_read_only(self, reason: str | None) -> None:
        self.read_only.append(reason)

    def select(self, key: RowKey) -> None:
        self.selected.append(key)

    def show_trouble(self, problem: Problem | None) -> None:
        self.trouble = problem

    def show_name_problem(self, text: str) -> None:
        self.name_problems.append(text)

    def names(self) -> list[str]:
        return [each.display_name for each in self.listings[-1][0].rows]


class Desk:
    def __init__(self, locker: FakeLocker) -> None:
        self.locker, self.view, self.runs, self.clock = locker, View(), ManualRuns(), FakeClock()
        self.woken = 0
        self.presenter = BrowserPresenter(self.view, locker, self.runs, self.clock, self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def settle(self) -> None:
        for _ in range(5):
            self.runs.all()
            self.clock.pass_(1.0)


@pytest.fixture
def desk() -> Desk:
    docs = row(1, "Docs", folder=True)
    locker = FakeLocker([row(3, "b 10.txt", size=5), docs, row(2, "b 9.txt", size=7), row(4, "Änderung.txt", size=1)])
    locker.folders[docs.id] = [row(5, "inner.txt", parent=docs.id)]
    locker.paths[docs.id] = "/Docs"
    desk = Desk(locker)
    desk.presenter.start()
    desk.settle()
    return desk


def test_folders_come_first_and_numbers_count(desk: Desk) -> None:
    assert desk.view.names() == ["Docs", "Änderung.txt", "b 9.txt", "b 10.txt"]
    assert desk.locker.refreshed == 1
    assert not desk.view.loading


def test_sorting_by_size_keeps_folders_first(desk: Desk) -> None:
    desk.presenter.sort_by(Column.SIZE, True)
    desk.settle()
    assert desk.view.names() == ["Docs", "b 9.txt", "b 10.txt", "Änderung.txt"]
    desk.presenter.sort_by(Column.NAME, True)
    desk.settle()
    assert desk.view.names() == ["Docs", "b 10.txt", "b 9.txt", "Änderung.txt"]


def test_in_up_back_and_forward(desk: Desk) -> None:
    listing = desk.presenter.listing
    assert listing is not None
    assert desk.presenter.open_row(listing.rows[0])
    desk.settle()
    assert desk.view.names() == ["inner.txt"]
    assert [crumb.name for crumb in desk.view.crumbs] == ["", "Docs"]
    assert desk.view.back
    desk.presenter.go_up()
    assert desk.view.selected == [(node_id(1), None)]  # where one came from
    desk.settle()
    desk.presenter.go_back()
    desk.settle()
    assert desk.view.names() == ["inner.txt"]
    assert desk.view.forward
    desk.presenter.go_forward()
    desk.settle()
    assert desk.presenter.folder == ROOT
    assert not desk.presenter.open_row(row(3, "b 10.txt"))


def test_late_listing_of_a_folder_that_was_left_is_dropped(desk: Desk) -> None:
    shown = len(desk.view.listings)
    listing = desk.presenter.listing
    assert listing is not None
    desk.presenter.open_row(listing.rows[0])
    desk.presenter.go_up()
    desk.settle()
    assert desk.view.names()[0] == "Docs"
    assert all(shown_now.folder == ROOT for shown_now, _ in desk.view.listings[shown:])


def test_a_large_folder_shows_its_first_rows_first() -> None:
    desk = Desk(FakeLocker(many_rows(5000)))
    desk.presenter.start()
    desk.runs.step()
    desk.runs.step()
    first = desk.view.listings[0][0]
    assert first.partial
    assert len(first.rows) == FIRST_ROWS
    desk.settle()
    last, same = desk.view.listings[-1]
    assert not last.partial
    assert same
    assert len(last.rows) == 5000


def test_a_sort_chosen_while_reading_is_obeyed() -> None:
    desk = Desk(FakeLocker(many_rows(2000)))
    desk.presenter.start()
    desk.runs.step()
    desk.runs.step()
    desk.presenter.sort_by(Column.SIZE, True)
    desk.settle()
    sizes = [each.size_bytes for each in desk.view.listings[-1][0].rows[20:]]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 1980


def test_changes_elsewhere_are_read_but_not_all_the_time(desk: Desk) -> None:
    shown = len(desk.view.listings)
    for number in range(50):
        desk.locker.folders[ROOT].append(row(100 + number, f"new {number}"))
        desk.presenter.folders_changed(frozenset({ROOT}))
        desk.runs.all()
        desk.clock.pass_(0.02)
    assert len(desk.view.listings) - shown <= 6
    desk.settle()
    assert len(desk.view.names()) == 54


def test_other_folders_do_not_matter(desk: Desk) -> None:
    desk.presenter.folders_changed(frozenset({node_id(1)}))
    assert not desk.clock.waiting
    desk.presenter.folders_changed(None)
    shown = len(desk.view.listings)
    desk.settle()
    assert len(desk.view.listings) == shown  # the same rows are not shown again


def test_a_folder_that_vanished_leads_to_its_parent(desk: Desk) -> None:
    listing = desk.presenter.listing
    assert listing is not None
    desk.presenter.open_row(listing.rows[0])
    desk.settle()
    del desk.locker.folders[node_id(1)]
    desk.presenter.folders_changed(None)
    desk.settle()
    assert desk.presenter.folder == ROOT
    assert "Docs" in desk.view.notices[-1].text


def test_delete_offers_undo(desk: Desk) -> None:
    listing = desk.presenter.listing
    assert listing is not None
    desk.presenter.delete(listing.rows[1:3])
    desk.settle()
    assert len(desk.view.names()) == 2
    notice = desk.view.notices[-1]
    assert notice.act is not None
    notice.act()
    desk.settle()
    assert desk.locker.restored == [node_id(4), node_id(2)]


def test_a_conflict_copy_is_deleted_by_its_name_not_with_what_it_conflicts_with(desk: Desk) -> None:
    copy = replace(row(2, "b 9.txt"), display_name="b 9 (conflict, laptop, 2026-01-01).txt", conflict=True)
    desk.presenter.delete([copy])
    desk.settle()
    assert desk.locker.trashed == ["/b 9 (conflict, laptop, 2026-01-01).txt"]


def test_new_folder_and_names_that_are_none(desk: Desk) -> None:
    desk.presenter.make_folder("a/b")
    assert desk.view.name_problems[-1]
    desk.presenter.make_folder("New")
    desk.settle()
    assert desk.view.name_problems[-1] == ""
    assert "New" in desk.view.names()
    desk.presenter.rename(row(3, "b 10.txt"), "c.txt")
    desk.settle()
    assert "c.txt" in desk.view.names()


def test_uploads_go_where_they_were_dropped(desk: Desk) -> None:
    desk.presenter.upload(["/x"])
    desk.presenter.upload(["/y"], row(1, "Docs", folder=True))
    desk.presenter.upload([])
    desk.settle()
    assert desk.locker.uploads == [(["/x"], ROOT), (["/y"], node_id(1))]
    assert desk.woken == 2


def test_read_only_is_said_and_nothing_is_uploaded(desk: Desk) -> None:
    desk.locker.read_only_reason = "The storage shows an older state."
    desk.presenter.upload(["/x"])
    desk.locker.fail = LockerReadOnlyError("no")
    desk.presenter.make_folder("New")
    desk.settle()
    assert desk.locker.uploads == []
    assert desk.view.read_only[-1] == "The storage shows an older state."


def test_trouble_is_said_and_unsaid_and_reading_goes_on(desk: Desk) -> None:
    desk.locker.fail_refresh = StoreUnavailableError("The folder is not there.", remedy="Plug it in.")
    desk.locker.folders[ROOT].append(row(50, "new"))
    desk.presenter.refresh()
    desk.settle()
    assert desk.view.trouble is not None
    assert desk.view.trouble.text == "The folder is not there. Plug it in."
    assert "new" in desk.view.names()
    assert not desk.view.loading
    desk.locker.fail_refresh = None
    desk.presenter.refresh()
    desk.settle()
    assert desk.view.trouble is None
    asked = desk.locker.refreshed
    desk.presenter.refresh_quietly()
    desk.presenter.refresh_quietly()  # coming back to the window twice in a moment
    desk.settle()
    assert desk.locker.refreshed <= asked + 1
