"""Walking and changing, without Qt."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from examples import many_rows, node_id, row
from fakes import FakeLocker
from manual import FakeClock, ManualRuns

from megadesk.errors import StoreUnavailableError
from megadesk.types import ROOT
from megadesk.ui.presenters.browser import FIRST_ROWS, BrowserPresenter, Crumb
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.listing import Column, Listing, RowKey, Sort
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
        self.path_problems: list[str] = []
        self.searches: list[str] = []

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

    def show_search(self, text: str) -> None:
        self.searches.append(text)

    def show_path_problem(self, text: str) -> None:
        self.path_problems.append(text)

    def names(self) -> list[str]:
        return [each.display_name for each in self.listings[-1][0].rows]


class Desk:
    def __init__(self, locker: FakeLocker) -> None:
        self.locker, self.view, self.runs, self.clock = locker, View(), ManualRuns(), FakeClock()
        self.presenter = BrowserPresenter(self.view, locker, self.runs, self.clock)

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


def test_a_storage_that_keeps_one_waiting_is_named_soon(desk: Desk) -> None:
    desk.presenter.refresh()
    desk.clock.pass_(3.9)
    assert desk.view.trouble is None
    desk.clock.pass_(0.2)
    assert desk.view.trouble is not None
    assert "does not answer yet" in desk.view.trouble.title
    desk.settle()
    assert desk.view.trouble is None, "it did answer"

    desk.presenter.refresh()
    desk.settle()
    desk.clock.pass_(10)
    assert desk.view.trouble is None, "it had answered in time"
    desk.presenter.refresh()
    desk.presenter.forget()
    desk.clock.pass_(10)
    assert desk.view.trouble is None, "locked: nothing more is said"


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


def test_a_filter_shows_what_holds_the_text_and_survives_sorting_and_reading(desk: Desk) -> None:
    desk.presenter.filter("TXT")
    desk.settle()
    assert desk.view.names() == ["Änderung.txt", "b 9.txt", "b 10.txt"]
    desk.presenter.filter("and")
    desk.presenter.filter("b ")
    desk.settle()
    assert desk.view.names() == ["b 9.txt", "b 10.txt"]
    desk.presenter.sort_by(Column.NAME, True)
    desk.settle()
    assert desk.view.names() == ["b 10.txt", "b 9.txt"]
    desk.locker.folders[ROOT].append(row(60, "b 11.txt"))
    desk.presenter.folders_changed(None)
    desk.settle()
    assert desk.view.names() == ["b 11.txt", "b 10.txt", "b 9.txt"]
    desk.presenter.leave_search()
    desk.settle()
    assert len(desk.view.names()) == 5


def test_a_search_shows_where_things_are_and_leads_there(desk: Desk) -> None:
    desk.presenter.search(" INNER ")
    assert desk.view.searches[-1] == "INNER"
    desk.settle()
    assert desk.view.names() == ["inner.txt"]
    listing = desk.view.listings[-1][0]
    assert list(listing.places.values()) == ["/Docs"]
    assert desk.presenter.searching
    desk.presenter.search("docs")
    desk.settle()
    assert desk.presenter.open_row(desk.view.listings[-1][0].rows[0])
    desk.settle()
    assert desk.view.names() == ["inner.txt"]
    assert [crumb.name for crumb in desk.view.crumbs] == ["", "Docs"]
    assert not desk.presenter.searching
    desk.presenter.go_back()
    desk.settle()
    assert desk.presenter.folder == ROOT


def test_a_typed_path_leads_to_folders_and_files_or_says_why_not(desk: Desk) -> None:
    desk.presenter.go_to_path("Docs/")
    desk.settle()
    assert [crumb.name for crumb in desk.view.crumbs] == ["", "Docs"]
    desk.presenter.go_to_path("/b 9.txt")
    desk.settle()
    assert desk.presenter.folder == ROOT
    assert desk.view.selected[-1][0] == node_id(2)
    desk.presenter.go_to_path("/none")
    desk.settle()
    assert desk.view.path_problems[-1]
    assert desk.presenter.folder == ROOT


def test_the_last_folder_is_shown_again_and_the_top_if_it_is_gone(desk: Desk) -> None:
    again = Desk(desk.locker)
    again.presenter.start(node_id(1), Sort(Column.SIZE, True))
    again.settle()
    assert again.view.names() == ["inner.txt"]
    assert again.presenter.sort == Sort(Column.SIZE, True)
    gone = Desk(desk.locker)
    gone.presenter.start(node_id(77))
    gone.settle()
    assert gone.presenter.folder == ROOT
    assert gone.view.problems == []


def test_nothing_is_kept_after_the_lock(desk: Desk) -> None:
    desk.presenter.filter("b")
    desk.presenter.forget()
    assert desk.presenter.listing is None
    assert [crumb.name for crumb in desk.presenter.crumbs] == [""]


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
