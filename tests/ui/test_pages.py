"""The pages on the real core and a real folder store, on Qt's offscreen platform."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from examples import many_rows, row, transfer
from fakes import FakeCore, FakeLocker
from helpers import services
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.core.events import StoreTrouble
from megadesk.transfer.port import FileFailure
from megadesk.transfer.records import State
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import PAGES
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.transfers_page import TransfersPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.presenters.listing import Sort
from megadesk.ui.presenters.queued import Tab
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.dropping import local_paths
from megadesk.ui.widgets.file_view import FileView
from megadesk.ui.windows.locker_view import LockerView
from megadesk.ui.windows.main_window import MINIMUM, MainWindow

PASSPHRASE = "purple otter lamp seven"


class Bench:
    """A main window on a core of its own."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.qtbot = qtbot
        self.theme = Theme(app, "light")
        self.bridge = Bridge()
        self.core = App(str(home), event_sink=self.bridge.post)
        self.window = MainWindow(self.theme, self.bridge, services(self.bridge))
        qtbot.addWidget(self.window)
        self.window.resize(MINIMUM)
        self.window.show()
        self.window.start(lambda: self.core)

    def page(self, kind: type[QWidget]) -> QWidget:
        self.qtbot.waitUntil(lambda: isinstance(self.window.page(), kind), timeout=20_000)
        page = self.window.page()
        assert page is not None
        return page

    def setup(self) -> SetupPage:
        page = self.page(SetupPage)
        assert isinstance(page, SetupPage)
        return page

    def unlock(self) -> UnlockPage:
        page = self.page(UnlockPage)
        assert isinstance(page, UnlockPage)
        return page

    def browser(self) -> BrowserPage:
        page = self.page(BrowserPage)
        assert isinstance(page, BrowserPage)
        self.qtbot.waitUntil(lambda: page.presenter.listing is not None and not page._loading, timeout=20_000)
        return page

    def view(self) -> LockerView:
        view = self.window.frame_.view()
        assert view is not None
        return view

    def make_locker(self) -> str:
        """By the form; the recovery key."""
        page = self.setup()
        self.qtbot.waitUntil(lambda: page._store.default != "", timeout=5000)
        for edit in (page._new._first, page._new._again):
            self.qtbot.keyClicks(edit, PASSPHRASE)
        self.qtbot.mouseClick(page._create, Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: page.key_unconfirmed, timeout=20_000)
        key = page._presenter.recovery_key
        self.qtbot.keyClick(page._go_on, Qt.Key.Key_Return)
        groups = key.split("-")
        for edit, number in zip(page._groups, page._presenter._asked, strict=True):
            self.qtbot.keyClicks(edit, groups[number - 1])
        self.qtbot.keyClick(page._groups[1], Qt.Key.Key_Return)
        return key


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(qtbot, tmp_path / "home")
    yield bench
    assert bench.bridge.close()
    bench.core.close()


def drop(view: FileView, paths: list[Path], at: QPoint) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(at, actions, data, buttons, keys))
    QApplication.sendEvent(view.viewport(), QDropEvent(QPointF(at), actions, data, buttons, keys))


def open_fake(qtbot: QtBot, locker: FakeLocker, scheme: str = "light") -> tuple[Bridge, LockerView, BrowserPage]:
    """A view of a made-up locker, as the window shows it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    bridge = Bridge()
    scope = bridge.runner.scope()
    view = LockerView(Theme(app, scheme), services(bridge), FakeCore(), locker, scope, PAGES, bridge.post)
    qtbot.addWidget(view)
    view.resize(1024, 640)
    view.show()
    view.start()
    qtbot.waitUntil(lambda: isinstance(view.page(), BrowserPage), timeout=5000)
    page = view.page()
    assert isinstance(page, BrowserPage)
    return bridge, view, page


def names(page: BrowserPage) -> list[str]:
    return [each.display_name for each in page.model.rows]


def test_first_hour(bench: Bench, tmp_path: Path) -> None:
    """Make, drop, look inside, rename, delete, undo, save, lock, wrong passphrase, unlock."""
    qtbot = bench.qtbot
    bench.make_locker()
    page = bench.browser()
    assert page.empty.isVisible()

    source = tmp_path / "Photos"
    source.mkdir()
    for number in (1, 2, 10):
        (source / f"IMG {number}.jpg").write_bytes(os.urandom(1000 * number))
    odd = tmp_path / "a%20b é\udcff.txt"
    odd.write_bytes(b"odd")
    drop(page.view, [source], QPoint(300, 300))
    qtbot.waitUntil(lambda: names(page) == ["Photos"], timeout=20_000)
    assert bench.view().strip.isVisible()
    top = page.view.rowViewportPosition(0) + 10
    data = QMimeData()
    data.setUrls([QUrl.fromEncoded(b"file://" + quote_from_bytes(os.fsencode(odd)).encode())])
    assert local_paths(data) == [str(odd)]
    drop(page.view, [tmp_path / "Photos" / "IMG 1.jpg"], QPoint(50, top))  # onto the folder's row

    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(page) == ["IMG 1.jpg", "IMG 2.jpg", "IMG 10.jpg"], timeout=20_000)

    qtbot.keyClick(page.view, Qt.Key.Key_End)
    page.view.edit_current()
    editor = page.view.findChild(QLineEdit)
    assert editor is not None
    assert editor.selectedText() == "IMG 10"
    editor.setText("last.jpg")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "last.jpg" in names(page), timeout=20_000)

    page.view.select_row(0)
    qtbot.mouseClick(page.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(page) == ["IMG 2.jpg", "last.jpg"], timeout=20_000)
    qtbot.mouseClick(bench.view().banner._button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(names(page)) == 3, timeout=20_000)

    target = tmp_path / "out"
    target.mkdir()
    page.context.operations.save_to(page.model.rows, str(target))
    qtbot.waitUntil(lambda: (target / "last.jpg").exists(), timeout=20_000)
    assert (target / "last.jpg").read_bytes() == (source / "IMG 10.jpg").read_bytes()

    qtbot.keyClick(page.view, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: names(page) == ["Photos"], timeout=20_000)
    qtbot.mouseClick(bench.window.frame_.lock_button, Qt.MouseButton.LeftButton)
    unlock = bench.unlock()
    shown = " ".join(widget.windowTitle() for widget in QApplication.topLevelWidgets())
    assert "Photos" not in shown
    qtbot.keyClicks(unlock._edit, "wrong")
    qtbot.keyClick(unlock._edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not open" in unlock._field.note.text(), timeout=20_000)
    unlock._edit.clear()
    qtbot.keyClicks(unlock._edit, PASSPHRASE)
    qtbot.keyClick(unlock._edit, Qt.Key.Key_Return)
    assert names(bench.browser()) == ["Photos"]


def test_join_on_another_computer_and_a_new_passphrase(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    key = bench.make_locker()
    bench.browser()
    store = bench.core.lockers()[0].store_address
    other = Bench(qtbot, tmp_path / "other")
    qtbot.waitUntil(lambda: isinstance(other.window.page(), SetupPage), timeout=20_000)
    other.window.show_join(None)
    page = other.page(JoinPage)
    assert isinstance(page, JoinPage)
    page._store.path.setText(store)
    page._key.setPlainText(key[:-1])
    assert "64 of 65" in page._key_field.note.text()
    page._key.setPlainText("A" + key[1:] if key[0] != "A" else "B" + key[1:])
    assert "Group 1 " in page._key_field.note.text()
    page._key.setPlainText(key.lower())
    for edit in (page._new._first, page._new._again):
        edit.setText("other words entirely here")
    qtbot.mouseClick(page._open, Qt.MouseButton.LeftButton)
    other.browser()
    other.window.lock()
    other.unlock()
    other.window.show_join(other.core.lockers()[0])
    page = other.page(JoinPage)
    assert isinstance(page, JoinPage)
    assert not page._store.isVisible()
    page._key.setPlainText(key)
    for edit in (page._new._first, page._new._again):
        edit.setText("third set of words")
    qtbot.mouseClick(page._open, Qt.MouseButton.LeftButton)
    other.browser()
    assert other.bridge.close()
    other.core.close()


def test_closing_before_the_key_is_kept_warns_once(bench: Bench) -> None:
    page = bench.setup()
    page._new._first.setText(PASSPHRASE)
    page._new._again.setText(PASSPHRASE)
    bench.qtbot.waitUntil(lambda: page._store.default != "", timeout=5000)
    page._create_clicked()
    bench.qtbot.waitUntil(lambda: page.key_unconfirmed, timeout=20_000)
    page._copy_clicked()
    assert QGuiApplication.clipboard().text() == page._presenter.recovery_key
    assert not bench.window.close()
    assert page._banner.isVisible()
    assert bench.window.close()
    assert QGuiApplication.clipboard().text() == ""


@pytest.mark.usefixtures("expected_warnings")
def test_a_banner_says_that_the_locker_is_read_only(bench: Bench, tmp_path: Path) -> None:
    """Of a storage that really holds something back: whoever asks it meanwhile finds the same."""
    bench.make_locker()
    page = bench.browser()
    session = bench.window.session
    assert session is not None
    session.make_folder("/Letters")
    store = Path(session.record.store_address)
    entry = max(path for path in store.glob("log/*/*") if path.is_file())
    entry.rename(tmp_path / "held back")
    page.presenter.refresh()
    banner = page.state_banner
    bench.qtbot.waitUntil(lambda: banner.isVisible() and "older state" in banner.text(), timeout=20_000)
    assert not page.upload.isEnabled()
    drop(page.view, [Path("/etc")], QPoint(10, 10))
    assert session.transfers.rows() == []
    (tmp_path / "held back").rename(entry)
    banner._button.click()
    bench.qtbot.waitUntil(lambda: not banner.isVisible() and page.upload.isEnabled(), timeout=20_000)

    # No answer to what was asked is still on its way: it would say that all is well again.
    bench.qtbot.waitUntil(lambda: not bench.bridge.runner._waiting and not page._loading, timeout=20_000)
    bench.bridge.post(StoreTrouble("Locker", "The folder is not there.", "Plug it in."))
    bench.qtbot.waitUntil(lambda: banner.isVisible() and "Plug it in" in banner.text(), timeout=5000)
    assert page.upload.isEnabled(), "it waits in the queue"


@pytest.mark.parametrize("kind", ["setup", "key", "check", "join", "unlock", "browser"])
def test_everything_fits_and_has_a_name(bench: Bench, kind: str) -> None:
    """At 1024x640: no widget wider than the window; every control is named for who cannot see it."""
    if kind == "setup":
        bench.setup()
    elif kind in ("key", "check"):
        page = bench.setup()
        bench.qtbot.waitUntil(lambda: page._store.default != "", timeout=5000)
        page._presenter.create("", PASSPHRASE)
        bench.qtbot.waitUntil(lambda: page.key_unconfirmed, timeout=20_000)
        if kind == "check":
            page._presenter.key_saved()
    elif kind == "join":
        bench.setup()
        bench.window.show_join(None)
    else:
        bench.make_locker()
        bench.browser()
        if kind == "unlock":
            bench.window.lock()
            bench.unlock()
    window = bench.window
    assert window.width() == MINIMUM.width()
    assert window.height() == MINIMUM.height()
    assert window.minimumSizeHint().width() <= MINIMUM.width()
    assert window.minimumSizeHint().height() <= MINIMUM.height()
    for control in window.findChildren(QWidget):
        if isinstance(control, QAbstractButton | QLineEdit) and control.isVisible():
            text = control.text() if isinstance(control, QAbstractButton) else ""
            assert control.accessibleName() or text or control.toolTip(), control
            place = control.mapTo(window, QPoint(0, 0))
            assert place.x() + control.width() <= window.width(), control.accessibleName()
            assert place.y() + control.height() <= window.height(), control.accessibleName()


def test_a_hundred_thousand_rows(qtbot: QtBot) -> None:
    locker = FakeLocker(many_rows(100_000))
    bridge, view, page = open_fake(qtbot, locker)
    qtbot.waitUntil(lambda: len(page.model.rows) == 100_000, timeout=20_000)
    page.view.selectAll()
    assert len(page.view.selected_rows()) == 100_000
    page._sort(Sort(descending=True))
    qtbot.waitUntil(lambda: page.presenter.listing is not None and page.presenter.listing.sort.descending)
    qtbot.waitUntil(lambda: len(page.view.selected_rows()) == 100_000)
    page.view.clearSelection()
    qtbot.keyClick(page.view, Qt.Key.Key_End)
    assert page.view.currentIndex().row() == 99_999
    assert page.view.indexAt(QPoint(5, page.view.viewport().height() - 5)).row() >= 99_998
    page.view.keyboardSearch("scan")
    current = page.view.current_row()
    assert current is not None
    assert current.display_name.startswith("Scan")
    view.stop()
    assert bridge.close()


def test_selection_and_scroll_survive_a_change(qtbot: QtBot) -> None:
    locker = FakeLocker([row(number, f"f {number:04d}") for number in range(300)])
    bridge, view, page = open_fake(qtbot, locker, "dark")
    qtbot.waitUntil(lambda: len(page.model.rows) == 300)
    page.view.select_row(200)
    scroll = page.view.verticalScrollBar().value()
    assert scroll > 0
    next(iter(locker.folders.values())).append(row(999, "f 9999"))
    page.presenter.folders_changed(None)
    qtbot.waitUntil(lambda: len(page.model.rows) == 301)
    assert [each.display_name for each in page.view.selected_rows()] == ["f 0200"]
    assert page.view.currentIndex().row() == 200
    assert page.view.verticalScrollBar().value() == scroll
    view.stop()
    assert bridge.close()


def test_the_strip_and_the_queue(qtbot: QtBot) -> None:
    locker = FakeLocker([row(1, "a")])
    locker.transfers.shown = [transfer(1, done_bytes=2**40, total_bytes=2**41, done_files=1, total_files=2)]
    bridge, view, _ = open_fake(qtbot, locker)
    qtbot.waitUntil(view.strip.isVisible)
    assert view.strip._bar._part == 500
    qtbot.mouseClick(view.strip._pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ("pause", 1) in locker.transfers.calls)
    locker.transfers.left_out = [FileFailure("/x/y", "A file here cannot be used", "No right to read it.", "Ask.")]
    locker.transfers.shown = [transfer(1, State.DONE, failures=1, done_files=1, total_files=2)]
    view.wake_transfers()
    qtbot.waitUntil(lambda: view.strip._shown is not None and view.strip._shown.failures == 1)
    qtbot.mouseClick(view.strip._expand, Qt.MouseButton.LeftButton)
    page = view.page()
    assert isinstance(page, TransfersPage)
    assert not view.strip.isVisible()
    page.view.setCurrentIndex(page.model.index(0))
    qtbot.waitUntil(page.failures.isVisible)
    assert page.failures._list.count() == 1
    assert page._tabs[Tab.FAILED].text() == "Failed  1"
    page._tabs[Tab.DONE].click()
    assert page.model.rows == []
    assert page.empty.isVisible()
    page._tabs[Tab.FAILED].click()
    assert len(page.model.rows) == 1
    page.view.selectAll()
    qtbot.mouseClick(page.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ("retry", 1) in locker.transfers.calls)
    view.open_page("files")
    qtbot.waitUntil(view.strip.isVisible)
    qtbot.mouseClick(view.strip._cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.strip.isVisible())
    view.stop()
    assert bridge.close()
