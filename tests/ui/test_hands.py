"""As somebody new uses it: by keyboard alone, with every action counted, on the real core. See docs/usability.md."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shown import Shown

from megadesk.share.opening import open_address
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.settings.page import SettingsPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.trash_page import TrashPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.widgets.link_dialog import LinkDialog

PASSPHRASE = "purple otter lamp seven"
KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


class Hands(Shown):
    """Types and drops; counts what a person would call an action: a field filled, a button, a key, a drop."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        super().__init__(qtbot, home)
        self.window.start(lambda: self.core)
        self.actions: list[str] = []
        self.began_s = time.monotonic()

    def focus(self) -> QWidget:
        focused = self.window.focusWidget()
        assert focused is not None
        return focused

    def type(self, text: str, what: str) -> None:
        """Into whatever has the focus."""
        if what:
            self.actions.append(what)
        QTest.keyClicks(self.focus(), text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, what: str = "") -> None:
        if what:
            self.actions.append(what)
        QTest.keyClick(self.focus(), key, modifier)

    def drop(self, paths: list[Path], what: str) -> None:
        self.actions.append(what)
        page = self.files()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        at, action, left = QPoint(300, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        QApplication.sendEvent(page.view.viewport(), QDragEnterEvent(at, action, data, left, NONE))
        QApplication.sendEvent(page.view.viewport(), QDropEvent(QPointF(at), action, data, left, NONE))

    def files(self) -> BrowserPage:
        self.until(lambda: isinstance(self.window.page(), BrowserPage))
        page = self.window.page()
        assert isinstance(page, BrowserPage)
        self.until(lambda: page.presenter.listing is not None and not page._loading)
        return page

    def names(self) -> list[str]:
        return [each.display_name for each in self.files().model.rows]

    def first_run(self, tmp_path: Path) -> None:
        """From the first window to the open locker."""
        self.until(lambda: isinstance(self.window.page(), SetupPage))
        page = self.window.page()
        assert isinstance(page, SetupPage)
        self.until(lambda: page._store.default != "" and page._new._first.hasFocus())
        self.type(PASSPHRASE, "type a passphrase, twice")
        self.press(KEY.Key_Tab)
        self.type(PASSPHRASE, "")
        self.press(KEY.Key_Return)
        self.until(lambda: page.key_unconfirmed and page._go_on.hasFocus())
        # The file dialog is the system's: what is chosen there is saved by this.
        self.actions.append("save the recovery key")
        key_file = tmp_path / "key.txt"
        page._save(str(key_file))
        self.until(lambda: key_file.exists() and "MegaDesk" in key_file.read_text())
        self.press(KEY.Key_Return, what="say that it is kept")
        groups = next(line for line in key_file.read_text().splitlines() if line.count("-") == 12).split("-")
        first, second = page._presenter._asked
        self.until(page._groups[0].hasFocus)
        self.type(groups[first - 1].lower(), "type two groups of it")
        self.press(KEY.Key_Return)
        self.type(groups[second - 1], "")
        self.press(KEY.Key_Return)
        self.files()

    def told(self, title: str) -> str:
        seconds = time.monotonic() - self.began_s
        lines = "".join(f"\n  {number}. {what}" for number, what in enumerate(self.actions, 1))
        return f"{title}: {len(self.actions)} actions, {seconds:.1f} s of the program{lines}"

    def again(self) -> None:
        self.actions, self.began_s = [], time.monotonic()


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path) -> Iterator[Hands]:
    hands = Hands(qtbot, tmp_path / "home")
    yield hands
    hands.end()


def test_counted_actions(hands: Hands, tmp_path: Path) -> None:
    """First run with the first locked file: 5. A later upload: 1. A deleted file back: 1 at once, 3 later."""
    letter = tmp_path / "letter.txt"
    letter.write_text("dear reader")
    hands.first_run(tmp_path)
    hands.drop([letter], "drop a file")
    hands.until(lambda: hands.names() == ["letter.txt"])
    print(hands.told("first run, to the first locked file"))
    assert len(hands.actions) == 5

    hands.again()
    second = tmp_path / "second.txt"
    second.write_text("more")
    hands.drop([second], "drop a file")
    hands.until(lambda: "second.txt" in hands.names())
    print(hands.told("an upload"))
    assert len(hands.actions) == 1

    hands.again()
    hands.files().view.select_row(0)
    hands.press(KEY.Key_Delete)
    hands.until(lambda: hands.names() == ["second.txt"])
    hands.press(KEY.Key_Z, CTRL, "Ctrl+Z, or Undo in the banner")
    hands.until(lambda: hands.names() == ["letter.txt", "second.txt"])
    print(hands.told("a file back that was just deleted"))
    assert len(hands.actions) == 1

    hands.files().view.select_row(0)
    hands.press(KEY.Key_Delete)
    hands.until(lambda: hands.names() == ["second.txt"])
    hands.again()
    hands.actions.append("open the trash")
    view = hands.window.frame_.view()
    assert view is not None
    view.open_page("trash")
    trash = view.page()
    assert isinstance(trash, TrashPage)
    hands.until(lambda: trash.view.model().rowCount() == 1)
    hands.actions.append("choose the file")
    trash.view.selectAll()
    hands.actions.append("press Restore")
    hands.until(trash.restore_button.isEnabled)
    trash.restore_button.click()
    view.open_page("files")
    hands.until(lambda: hands.names() == ["letter.txt", "second.txt"])
    print(hands.told("a file back from the trash"))
    assert len(hands.actions) == 3


def test_counted_actions_to_a_link(hands: Hands, tmp_path: Path) -> None:
    """From dropping a file to a link that works, on the clipboard: 3 the first time, then 2, upload included."""
    hands.first_run(tmp_path)
    view = hands.window.frame_.view()
    assert view is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        view.serving.choice = msgspec.structs.replace(view.serving.choice, port=free.getsockname()[1])
    for name, wanted in (("first.txt", 3), ("second.txt", 2)):
        letter = tmp_path / name
        letter.write_text("dear reader")
        QGuiApplication.clipboard().clear()
        hands.again()
        hands.drop([letter], "drop a file")
        hands.until(lambda name=name: name in hands.names())
        page = hands.files()
        hands.until(lambda page=page, name=name: [row.display_name for row in page.selected_rows()] == [name])
        hands.actions.append("Ctrl+L")
        next(each for each in page.actions() if each.shortcut().toString() == "Ctrl+L").trigger()
        if wanted == 3:
            hands.until(lambda: bool(link_dialogs()) and link_dialogs()[0].form.create_button.hasFocus())
            hands.actions.append("Create link: who can reach this computer stays as it is")
            QTest.keyClick(link_dialogs()[0].form.create_button, KEY.Key_Return)
        hands.until(lambda: "#" in QGuiApplication.clipboard().text())
        print(hands.told(f"to a link to {name}"))
        assert len(hands.actions) == wanted
        with contextlib.closing(open_address(QGuiApplication.clipboard().text())) as link:
            assert link.read(0) == b"dear reader"
        for dialog in link_dialogs():
            dialog.accept()


def link_dialogs() -> list[LinkDialog]:
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, LinkDialog)]
    return [each for each in found if each.isVisible()]


def test_an_hour_by_keyboard_alone(hands: Hands, tmp_path: Path) -> None:
    """No mouse: make a locker, paste, new folder, rename, delete, undo, path, search, settings, lock, unlock."""
    hands.first_run(tmp_path)
    page = hands.files()
    page.view.setFocus()
    letter = tmp_path / "letter.txt"
    letter.write_text("dear reader")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(letter))])
    QGuiApplication.clipboard().setMimeData(data)
    hands.press(KEY.Key_V, CTRL)
    hands.until(lambda: hands.names() == ["letter.txt"])

    hands.press(KEY.Key_N, CTRL | SHIFT)
    hands.until(lambda: isinstance(hands.focus(), QLineEdit))
    hands.type("Letters", "")
    hands.press(KEY.Key_Return)
    hands.until(lambda: hands.names() == ["Letters", "letter.txt"])

    hands.until(page.view.hasFocus)
    page.view.select_row(1)
    hands.press(KEY.Key_F2)
    editor = page.view.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClick(editor, KEY.Key_A, CTRL)
    QTest.keyClicks(editor, "note.txt")
    QTest.keyClick(editor, KEY.Key_Return)
    hands.until(lambda: hands.names() == ["Letters", "note.txt"])

    page.view.setFocus()
    hands.press(KEY.Key_End)
    hands.press(KEY.Key_Delete)
    hands.until(lambda: hands.names() == ["Letters"])
    hands.press(KEY.Key_Z, CTRL)
    hands.until(lambda: hands.names() == ["Letters", "note.txt"])

    hands.press(KEY.Key_F6)
    hands.until(lambda: isinstance(hands.focus(), QLineEdit))
    QTest.keyClick(hands.focus(), KEY.Key_A, CTRL)
    hands.type("/Letters", "")
    hands.press(KEY.Key_Return)
    hands.until(lambda: hands.names() == [] and len(page.crumbs.names()) == 2)
    page.view.setFocus()
    hands.press(KEY.Key_Backspace)
    hands.until(lambda: hands.names() == ["Letters", "note.txt"])

    hands.press(KEY.Key_F, CTRL)
    hands.until(lambda: isinstance(hands.focus(), QLineEdit))
    hands.type("note", "")
    hands.until(lambda: hands.names() == ["note.txt"])
    hands.press(KEY.Key_Escape)
    hands.until(lambda: hands.names() == ["Letters", "note.txt"])

    hands.press(KEY.Key_Comma, CTRL)
    settings = hands.window.page()
    assert isinstance(settings, SettingsPage)
    hands.until(settings.nav.hasFocus)
    hands.press(KEY.Key_Down)
    section = settings.section()
    assert section is not None
    hands.until(section.isVisible)
    hands.press(KEY.Key_Tab)
    assert hands.focus() is not settings.nav

    hands.press(KEY.Key_L, CTRL | SHIFT)
    hands.until(lambda: isinstance(hands.window.page(), UnlockPage))
    unlock = hands.window.page()
    assert isinstance(unlock, UnlockPage)
    hands.until(unlock._edit.hasFocus)
    hands.type(PASSPHRASE, "")
    hands.press(KEY.Key_Return)
    assert hands.names() == ["Letters", "note.txt"]
