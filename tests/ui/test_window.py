"""Flows of the open window, on the real core and a real folder store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from opened import PASSPHRASE, Opened
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from megadesk.ui.pages.recent_page import RecentPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.transfers_page import TransfersPage
from megadesk.ui.pages.trash_page import TrashPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.presenters.listing import Column, Sort
from megadesk.ui.widgets.sidebar import SideKind
from tests.pdfs import encrypted, pdf

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    opened = Opened(qtbot, tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def filled(opened: Opened, tmp_path: Path) -> Opened:
    """Docs with a.txt and b.txt; notes.txt beside it."""
    source = tmp_path / "source"
    (source / "Docs").mkdir(parents=True)
    (source / "Docs" / "a.txt").write_bytes(b"first a")
    (source / "Docs" / "b.txt").write_bytes(b"bb")
    (source / "notes.txt").write_bytes(b"Remember the milk.\n" * 20)
    opened.put(source / "Docs", source / "notes.txt")
    opened.shows("Docs", "notes.txt")
    return opened


def test_a_name_being_typed_outlives_changes_of_the_folder(filled: Opened, tmp_path: Path) -> None:
    page = filled.page
    page.front.select_row([row.display_name for row in page.model.rows].index("notes.txt"))
    page.actions_.rename()
    editor = page.front.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.setText("mine.txt")
    (tmp_path / "new.txt").write_bytes(b"new")
    filled.put(tmp_path / "new.txt")
    filled.qtbot.waitUntil(lambda: page._later is not None, timeout=20_000)
    assert page.front.viewport().findChild(QLineEdit) is editor
    assert editor.text() == "mine.txt"
    filled.key(editor, Qt.Key.Key_Return)
    filled.shows("Docs", "mine.txt", "new.txt")


def test_rename_asked_for_twice_is_one_field(filled: Opened) -> None:
    """And no complaint of Qt's, which refuses a second field (the log of every test is looked at)."""
    page = filled.page
    page.front.select_row(0)
    page.actions_.rename()
    (editor,) = page.front.viewport().findChildren(QLineEdit)
    editor.setText("Pap")
    page.actions_.rename()
    assert page.front.viewport().findChildren(QLineEdit) == [editor]
    assert editor.text() == "Pap"


def test_by_keyboard_alone(filled: Opened) -> None:
    """Into a folder, cut, up, paste, rename, undo, redo, filter, search, typed path."""
    page = filled.page
    filled.key(page.view, Qt.Key.Key_Down)
    filled.key(page.view, Qt.Key.Key_Return)
    filled.shows("a.txt", "b.txt")
    filled.key(page.view, Qt.Key.Key_Down)
    filled.key(page.view, Qt.Key.Key_X, CTRL)
    assert len(page.view.faint) == 1
    filled.key(page.view, Qt.Key.Key_Backspace)
    filled.shows("Docs", "notes.txt")
    filled.key(page.view, Qt.Key.Key_V, CTRL)
    filled.shows("Docs", "a.txt", "notes.txt")
    assert not page.view.faint
    filled.key(page.view, Qt.Key.Key_Z, CTRL)
    filled.shows("Docs", "notes.txt")
    filled.key(page.view, Qt.Key.Key_Z, CTRL | SHIFT)
    filled.shows("Docs", "a.txt", "notes.txt")
    filled.until(lambda: [row.display_name for row in page.selected_rows()] == ["a.txt"])
    filled.key(page.view, Qt.Key.Key_F2)
    editor = page.view.findChild(QLineEdit)
    assert editor is not None
    filled.qtbot.keyClicks(editor, "renamed")
    filled.key(editor, Qt.Key.Key_Return)
    filled.shows("Docs", "notes.txt", "renamed.txt")
    filled.key(page.view, Qt.Key.Key_C, CTRL)
    filled.key(page.view, Qt.Key.Key_V, CTRL)
    filled.shows("Docs", "notes.txt", "renamed (2).txt", "renamed.txt")

    filled.key(page, Qt.Key.Key_F, CTRL)
    assert page.search.hasFocus()
    filled.qtbot.keyClicks(page.search, "ren")
    filled.shows("renamed (2).txt", "renamed.txt")
    assert "2 of 4" in page.find_bar.words()
    filled.key(page.search, Qt.Key.Key_Escape)
    filled.until(lambda: len(filled.names()) == 4)
    filled.qtbot.keyClicks(page.search, "B.T")
    filled.key(page.search, Qt.Key.Key_Return)
    filled.shows("b.txt")
    assert not page.view.isColumnHidden(5)
    filled.key(page.search, Qt.Key.Key_Escape)
    filled.until(lambda: len(filled.names()) == 4)
    assert page.view.isColumnHidden(5)

    filled.key(page, Qt.Key.Key_F6)
    field = QGuiApplication.focusObject()
    assert isinstance(field, QLineEdit)
    field.setText("/docs")
    filled.key(field, Qt.Key.Key_Return)
    filled.until(lambda: "docs" in field.toolTip())
    field.setText("/Docs")
    filled.key(field, Qt.Key.Key_Return)
    filled.shows("b.txt")
    assert page.view.hasFocus()
    filled.key(page.view, Qt.Key.Key_Slash)
    assert page.path.editing
    filled.key(field, Qt.Key.Key_Escape)
    assert page.view.hasFocus()


def test_a_drag_inside_opens_folders_and_moves_or_copies(filled: Opened) -> None:
    page = filled.page
    page.view.select_row(1)
    data = page.outside.mime(page.selected_rows(), cut=False)
    at = QPoint(60, page.view.rowViewportPosition(0) + 8)
    filled.drop_data(page.view.viewport(), data, at, CTRL)
    filled.until(lambda: filled.locker.list_folder("/Docs") and len(filled.locker.list_folder("/Docs")) == 3)
    assert filled.names() == ["Docs", "notes.txt"]
    page.view.sprung.emit(page.model.rows[0])
    filled.shows("a.txt", "b.txt", "notes.txt")
    docs = page.model.rows
    # Into the same folder again: the name is taken, and the sheet asks.
    filled.drop_data(page.view.viewport(), data, QPoint(300, 300))
    filled.until(filled.view.sheet.isVisible)
    filled.key(filled.view.sheet, Qt.Key.Key_Escape)
    assert not filled.view.sheet.isVisible()
    filled.drop_data(page.view.viewport(), data, QPoint(300, 300))
    filled.until(filled.view.sheet.isVisible)
    filled.qtbot.mouseClick(filled.view.sheet.keep, Qt.MouseButton.LeftButton)
    filled.shows("a.txt", "b.txt", "notes (2).txt", "notes.txt")
    assert len(docs) == 3


def test_an_upload_asks_about_a_taken_name(filled: Opened, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "notes.txt").write_bytes(b"other notes")
    filled.drop(filled.page.view.viewport(), [newer / "notes.txt"], QPoint(300, 300))
    filled.until(filled.view.sheet.isVisible)
    words = " ".join(card._size.whole_text() for card in (filled.view.sheet._existing, filled.view.sheet._new))
    assert words == "380 B (larger) 11 B"
    filled.qtbot.mouseClick(filled.view.sheet.replace, Qt.MouseButton.LeftButton)
    filled.until(lambda: filled.locker.read_file("/notes.txt", max_bytes=99) == b"other notes")
    assert len(filled.locker.versions("/notes.txt")) == 2
    filled.key(filled.page.view, Qt.Key.Key_Z, CTRL)
    filled.until(lambda: filled.locker.read_file("/notes.txt", max_bytes=99).startswith(b"Remember"))


def test_a_lock_while_an_upload_asks(filled: Opened, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "notes.txt").write_bytes(b"other notes")
    filled.drop(filled.page.view.viewport(), [newer / "notes.txt"], QPoint(300, 300))
    filled.until(filled.view.sheet.isVisible)
    filled.window.lock()
    filled.until(lambda: isinstance(filled.window.page(), UnlockPage))
    again = filled.core.unlock(None, PASSPHRASE)
    assert again.read_file("/notes.txt", max_bytes=8) == b"Remember"
    again.close()


def test_the_trash_shows_where_things_were_and_gives_them_back(filled: Opened) -> None:
    page = filled.page
    page.presenter.open_row(page.model.rows[0])
    filled.shows("a.txt", "b.txt")
    page.view.selectAll()
    filled.key(page.view, Qt.Key.Key_Delete)
    filled.shows()
    trash = filled.go("trash")
    assert isinstance(trash, TrashPage)
    filled.until(lambda: len(trash.model.rows) == 2)
    assert {trash.model.text(row, Column.PLACE) for row in trash.model.rows} == {"/Docs"}
    trash.search.setText("a.")
    filled.until(lambda: len(trash.model.rows) == 1)
    trash.search.clear()
    trash.view.selectAll()
    filled.until(trash.restore_button.isEnabled)
    filled.qtbot.mouseClick(trash.restore_button, Qt.MouseButton.LeftButton)
    filled.until(lambda: not trash.model.rows and trash.empty.isVisible())
    assert len(filled.locker.list_folder("/Docs")) == 2

    filled.go("files")
    filled.shows("a.txt", "b.txt")
    page.view.select_row(0)
    filled.key(page.view, Qt.Key.Key_Delete)
    filled.shows("b.txt")
    filled.go("trash")
    filled.until(lambda: len(trash.model.rows) == 1)
    filled.qtbot.mouseClick(trash.empty_button, Qt.MouseButton.LeftButton)
    assert trash.sheet.isVisible()
    assert trash.sheet.keep.hasFocus()
    filled.key(trash.sheet.keep, Qt.Key.Key_Return)
    assert not trash.sheet.isVisible()
    assert len(filled.locker.trash()) == 1
    filled.qtbot.mouseClick(trash.empty_button, Qt.MouseButton.LeftButton)
    filled.qtbot.mouseClick(trash.sheet.go, Qt.MouseButton.LeftButton)
    filled.until(lambda: not trash.model.rows)
    assert filled.locker.trash() == []


def test_recent_files_lead_to_their_folders(filled: Opened) -> None:
    recent = filled.go("recent")
    assert isinstance(recent, RecentPage)
    filled.until(lambda: len(recent.model.rows) == 3)
    at = next(at for at, row in enumerate(recent.model.rows) if row.display_name == "a.txt")
    recent.view.select_row(at)
    filled.qtbot.mouseClick(recent.show_in_folder, Qt.MouseButton.LeftButton)
    filled.shows("a.txt", "b.txt")
    filled.until(lambda: [row.display_name for row in filled.page.selected_rows()] == ["a.txt"])


def test_details_show_preview_versions_and_where_it_is(filled: Opened, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"second\n")
    filled.put(tmp_path / "notes.txt")
    page = filled.page
    filled.window.resize(1400, 800)
    page.show_details(True)
    filled.until(lambda: len(page.model.rows) == 2 and page.model.rows[1].size_bytes == 7)
    page.view.select_row(1)
    pane = page.details
    filled.until(lambda: pane.versions.count() == 2)
    filled.until(lambda: pane.preview._text.toPlainText() == "second")
    assert "1 object" in pane._stored.text().replace("\u200b", "")
    pane.versions.setCurrentRow(1)
    filled.until(lambda: pane.preview._text.toPlainText().startswith("Remember"))
    filled.qtbot.mouseClick(pane._restore, Qt.MouseButton.LeftButton)
    filled.until(lambda: pane.versions.count() == 3)
    assert filled.locker.read_file("/notes.txt", max_bytes=8) == b"Remember"
    out = tmp_path / "out"
    out.mkdir()
    filled.until(
        lambda: filled.locker.download_version("/notes.txt", filled.locker.versions("/notes.txt")[1].id, str(out))
    )
    assert (out / "notes.txt").read_bytes() == b"second\n"
    filled.locker.move(["/notes.txt"], "/", new_name="later.md")
    filled.until(lambda: pane._name.text().replace("\u200b", "") == "later.md" and pane._kind.text() == "MD file")
    page.view.selectAll()
    filled.until(lambda: "2 items" in pane._name.text())


def test_a_large_selection_is_added_up_and_found_again_by_a_worker(
    filled: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("megadesk.ui.pages.browser_page", "megadesk.ui.pages.many_selected"):
        monkeypatch.setattr(f"{module}.MANY", 1)
    page = filled.page
    filled.window.resize(1400, 800)
    page.show_details(True)
    page.view.selectAll()
    count = len(page.model.rows)
    filled.until(lambda: "items" in page.details._name.text() and "(" in page.details._kind.text())
    listing = page.presenter.listing
    page._sort(Sort(Column.SIZE, True))
    filled.until(lambda: page.presenter.listing is not listing and page.view.selected_count() == count)
    (tmp_path / "one more").write_bytes(b"1")
    filled.put(tmp_path / "one more")
    filled.until(lambda: len(page.model.rows) == count + 1 and page.view.selected_count() == count)
    assert "one more" not in [row.display_name for row in page.selected_rows()]
    page.view.selectAll()
    page._sort(Sort(Column.NAME, False))
    page.view.select_row(1)  # before the worker has found the others
    filled.until(lambda: page.presenter.listing is not None and page.presenter.listing.sort == Sort())
    page.view.select_row(1)
    filled.until(lambda: page.view.selected_count() == 1)


def test_pages_of_a_pdf_are_shown_and_turned_and_gone_on_lock(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "a report.pdf").write_bytes(pdf(3))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "locked.pdf").write_bytes(encrypted())
    opened.put(tmp_path / "a report.pdf", tmp_path / "broken.pdf", tmp_path / "locked.pdf")
    opened.shows("a report.pdf", "broken.pdf", "locked.pdf")
    page = opened.page
    opened.window.resize(1400, 800)
    page.show_details(True)
    page.view.select_row(0)
    box = page.details.preview
    opened.until(lambda: box._document is not None and box._where.text() == "Page 1 of 3")
    document = box._document
    assert document is not None
    assert not box._back.isEnabled()
    for words in ("Page 2 of 3", "Page 3 of 3"):
        opened.qtbot.mouseClick(box._on, Qt.MouseButton.LeftButton)
        opened.until(lambda words=words: box._where.text() == words)  # type: ignore[misc]
    assert not box._on.isEnabled()
    shown = box._picture._picture
    assert shown is not None
    assert shown.pixelColor(shown.width() // 4, shown.height() * 3 // 4) == QColor("red")
    page.view.select_row(1)
    opened.until(lambda: "damaged" in box._why.text())
    assert document._process.poll() is not None, "its process ended"
    assert not box._turning.isVisible()
    page.view.select_row(2)
    opened.until(lambda: "password" in box._why.text())
    page.view.select_row(0)
    opened.until(lambda: box._document is not None)
    document = box._document
    opened.window.lock()
    assert document is not None
    opened.until(lambda: document._process.poll() is not None)


def test_pictures_are_made_small_kept_encrypted_and_gone_on_lock(opened: Opened, tmp_path: Path) -> None:
    picture = QImage(900, 600, QImage.Format.Format_RGB32)
    picture.fill(QColor("#0B6970"))
    assert picture.save(str(tmp_path / "photo.png"))
    (tmp_path / "broken.png").write_bytes(b"\x89PNG no picture")
    opened.put(tmp_path / "photo.png", tmp_path / "broken.png")
    opened.shows("broken.png", "photo.png")
    page = opened.page
    opened.key(page, Qt.Key.Key_2, CTRL)
    assert page.front is page.grid
    row = page.model.rows[1]
    opened.until(lambda: page.thumbnails.of(row) is not None)
    small = page.thumbnails.of(row)
    assert small is not None
    assert (small.width(), small.height()) == (224, 149)
    assert row.head is not None
    kept = opened.locker.notes.thumbnail(row.head)
    assert kept is not None
    for path in opened.home.rglob("*"):
        assert not path.is_file() or kept[:64] not in path.read_bytes()
    opened.until(lambda: opened.locker.notes.thumbnail(page.model.rows[0].head) == b"")  # type: ignore[arg-type]
    opened.key(page.grid, Qt.Key.Key_Right)
    opened.key(page.grid, Qt.Key.Key_Right)
    assert [each.display_name for each in page.selected_rows()] == ["photo.png"]
    page.grid.selectAll()
    assert len(page.selected_rows()) == 2
    opened.key(page, Qt.Key.Key_1, CTRL)
    assert len(page.selected_rows()) == 2
    opened.window.lock()
    assert page.thumbnails._have == {}


def test_the_look_and_favourites_are_remembered(filled: Opened) -> None:
    page = filled.page
    page.view.select_row(0)
    filled.key(page, Qt.Key.Key_D, CTRL)
    filled.until(lambda: [each.path for each in filled.view.memory.favourites] == ["/Docs"])
    page.show_grid(True)
    page.presenter.open_row(page.model.rows[0])
    filled.shows("a.txt", "b.txt")
    filled.window.lock()
    filled.until(lambda: isinstance(filled.window.page(), UnlockPage))
    assert b"Docs" not in b"".join(path.read_bytes() for path in filled.home.rglob("*") if path.is_file())
    filled.open(filled.core.unlock(None, PASSPHRASE))
    filled.shows("a.txt", "b.txt")
    assert filled.page.front is filled.page.grid
    items = filled.window.frame_.sidebar.list.side.items
    favourite = next(each for each in items if each.kind is SideKind.FAVOURITE)
    assert favourite.text == "Docs"
    filled.locker.move(["/Docs"], "/", new_name="Papers")
    filled.until(lambda: any(each.text == "Papers" for each in filled.window.frame_.sidebar.list.side.items))


def test_things_dropped_on_the_sidebar(filled: Opened, tmp_path: Path) -> None:
    filled.view.memory.toggle_favourite(filled.locker.node("/Docs").id)
    side = filled.window.frame_.sidebar.list
    filled.until(lambda: any(each.kind is SideKind.FAVOURITE for each in side.side.items))

    def middle(kind: SideKind, key: str = "") -> QPoint:
        at = next(n for n, each in enumerate(side.side.items) if each.kind is kind and key in ("", each.key))
        return side.visualRect(side.side.index(at)).center()

    (tmp_path / "dropped.txt").write_bytes(b"x")
    filled.drop(side.viewport(), [tmp_path / "dropped.txt"], middle(SideKind.FAVOURITE))
    filled.until(lambda: len(filled.locker.list_folder("/Docs")) == 3)
    page = filled.page
    page.view.select_row(1)
    data = page.outside.mime(page.selected_rows(), cut=False)
    filled.drop_data(side.viewport(), data, middle(SideKind.PAGE, "trash"))
    filled.shows("Docs")
    filled.view.operations.undo()
    filled.shows("Docs", "notes.txt")
    page.view.select_row(1)
    data = page.outside.mime(page.selected_rows(), cut=False)
    filled.drop_data(side.viewport(), data, middle(SideKind.FAVOURITE))
    filled.until(lambda: len(filled.locker.list_folder("/Docs")) == 4)
    filled.drop_data(side.viewport(), QMimeData(), middle(SideKind.PAGE, "files"))  # nothing to take


def test_another_locker_gets_a_name_of_its_own(filled: Opened) -> None:
    filled.window.frame_.add_wanted.emit()
    filled.until(lambda: isinstance(filled.window.page(), SetupPage))
    page = filled.window.page()
    assert isinstance(page, SetupPage)
    filled.until(lambda: page._name.text() == "Locker 2")
    filled.qtbot.keyClick(page._name, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    filled.qtbot.keyClicks(page._name, "Work")
    filled.until(lambda: page._store.path.text().endswith("/Work"))
    for edit in (page._new._first, page._new._again):
        filled.qtbot.keyClicks(edit, PASSPHRASE)
    assert page._create.isEnabled()
    page._name.clear()
    page._name.textEdited.emit("")
    assert not page._create.isEnabled(), "it needs one"
    filled.qtbot.keyClicks(page._name, "Work")
    filled.until(page._create.isEnabled)
    page._create.click()
    filled.until(lambda: page.key_unconfirmed)
    assert [record.name for record in filled.core.lockers()] == ["Locker", "Work"]


def test_other_storage_leads_to_its_fields(filled: Opened) -> None:
    filled.window.frame_.add_wanted.emit()
    filled.until(lambda: isinstance(filled.window.page(), SetupPage))
    page = filled.window.page()
    assert isinstance(page, SetupPage)
    filled.until(lambda: page._name.text() == "Locker 2")
    page._store._more.click()
    assert filled.window.focusWidget() is page._store.form._by_kind[page._store.form.kind]


def test_several_lockers_in_one_window(filled: Opened) -> None:
    first = filled.view
    other = filled.core.create_locker(PASSPHRASE, name="Work").locker
    filled.open(other)
    assert filled.names() == []
    items = filled.window.frame_.sidebar.list.side.items
    assert [(each.key, each.closed) for each in items if each.kind is SideKind.LOCKER] == [
        ("Locker", False),
        ("Work", False),
    ]
    filled.window.frame_.show_view("Locker")
    assert filled.view is first
    assert filled.names() == ["Docs", "notes.txt"]
    filled.window.lock_one("Locker")
    assert filled.window.frame_.current == "Work"
    filled.until(
        lambda: next(each.closed for each in filled.window.frame_.sidebar.list.side.items if each.key == "Locker")
    )
    filled.window.frame_.unlock_wanted.emit("Locker")
    filled.until(lambda: isinstance(filled.window.page(), UnlockPage))
    assert filled.window.frame_.isVisible()
    filled.go("Work")
    assert filled.window.page() is filled.page


def test_the_queue_can_be_ordered_and_steered(opened: Opened, tmp_path: Path) -> None:
    opened.locker.transfers.stop()
    opened.locker.transfers._stopping = False  # nothing works it off while it is looked at
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).write_bytes(os.urandom(1000))
        opened.locker.upload([str(tmp_path / name)], "/")
    page = opened.go("transfers")
    assert isinstance(page, TransfersPage)

    def titles() -> list[str]:
        return [row.title for row in page.model.rows]

    opened.until(lambda: titles() == ["a", "b", "c", "d"])
    opened.until(lambda: page._tabs[page._tab.UP].text() == "Uploads  4")
    page.view.setCurrentIndex(page.model.index(3))
    opened.key(page.view, Qt.Key.Key_Home, CTRL)
    opened.until(lambda: titles() == ["d", "a", "b", "c"])
    opened.key(page.view, Qt.Key.Key_Down, CTRL)
    opened.until(lambda: titles() == ["a", "d", "b", "c"])
    data = page.model.mimeData([page.model.index(0)])
    page.model.dropMimeData(data, Qt.DropAction.MoveAction, 3, 0, page.model.index(-1))
    opened.until(lambda: titles() == ["d", "b", "a", "c"])
    opened.qtbot.mouseClick(page.pause_all, Qt.MouseButton.LeftButton)
    opened.until(lambda: page.pause_all.text() == "Continue &all")
    page.view.setFocus()
    page.view.selectAll()
    opened.until(lambda: page.pause.accessibleName() == "Continue")
    opened.key(page.view, Qt.Key.Key_Delete)
    opened.until(lambda: page._tabs[page._tab.DONE].text() == "Done  4")
    opened.qtbot.mouseClick(page.clear, Qt.MouseButton.LeftButton)
    opened.until(lambda: titles() == [])
    assert page.empty.isVisible()
