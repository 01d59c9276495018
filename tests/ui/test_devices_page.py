"""The computers of a locker in the window: the list, letting one in by a code, shutting one out; joining by a code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeCore, FakeLocker
from helpers import services
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.core.devices import DeviceRow
from megadesk.core.events import ReencryptionChanged
from megadesk.core.exposure import Left
from megadesk.core.reencryption import ReencryptStatus
from megadesk.errors import StoreUnavailableError
from megadesk.types import DeviceId
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import DEVICES, PAGES
from megadesk.ui.pages.devices_page import CodeDialog, DevicesPage
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.presenters.devices import device_card, store_of_code
from megadesk.ui.presenters.reencrypt import reencrypt_card
from megadesk.ui.theme import Theme
from megadesk.ui.windows.locker_view import LockerView

NOW_MS = 1_800_000_000_000
PASSPHRASE = "purple otter lamp seven"


def computer(number: int, **changes: object) -> DeviceRow:
    facts: dict[str, object] = {
        "id": DeviceId(bytes([number]) * 16), "name": f"Computer {number}", "this": number == 1,
        "enrolled_ms": NOW_MS - 10**9, "last_seen_ms": NOW_MS - 10**6, "entries": 3, "revoked": False,
    }  # fmt: skip
    return DeviceRow(**(facts | changes))  # type: ignore[arg-type]


def test_what_is_said_of_each() -> None:
    this, other = device_card(computer(1), NOW_MS / 1000), device_card(computer(2), NOW_MS / 1000)
    gone = device_card(computer(3, revoked=True, name="old\u202elaptop"), NOW_MS / 1000)
    quiet = device_card(computer(4, last_seen_ms=None), NOW_MS / 1000)
    before = device_card(computer(2), NOW_MS / 1000, earlier=True)
    assert "perhaps this computer" in before.text
    assert "perhaps" not in device_card(computer(1), NOW_MS / 1000, earlier=True).text + gone.text
    assert "this computer" in this.text
    assert not this.can_remove
    assert other.can_remove
    assert "removed" in gone.text
    assert not gone.can_remove
    assert "\u202e" not in gone.title
    assert "nothing yet" in quiet.text


def test_a_code_that_is_none() -> None:
    assert store_of_code("x")[0] == ""
    assert "pairing code" in store_of_code("x")[1]


class Opened:
    def __init__(self, qtbot: QtBot, locker: object, core: object) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.qtbot = qtbot
        self.bridge = Bridge()
        self.view = LockerView(
            Theme(app, "light"), services(self.bridge), core, locker,  # type: ignore[arg-type]
            self.bridge.runner.scope(), PAGES, self.bridge.post,
        )  # fmt: skip
        qtbot.addWidget(self.view)
        self.view.resize(1024, 640)
        self.view.show()
        self.view.start()
        self.until(lambda: isinstance(self.view.page(), BrowserPage))
        self.view.open_page(DEVICES)
        page = self.view.page()
        assert isinstance(page, DevicesPage)
        self.page = page

    def until(self, condition: object) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=20_000)  # type: ignore[operator]

    def dialog(self) -> CodeDialog:
        self.qtbot.mouseClick(self.page.add_button, Qt.MouseButton.LeftButton)
        return next(
            each for each in QApplication.topLevelWidgets() if isinstance(each, CodeDialog) and each.isVisible()
        )

    def close(self) -> None:
        self.view.stop()()
        assert self.bridge.close()


@pytest.fixture
def locker() -> FakeLocker:
    made = FakeLocker()
    made.computers = [computer(2), computer(1), computer(3, revoked=True)]
    return made


@pytest.fixture
def opened(qtbot: QtBot, locker: FakeLocker) -> Iterator[Opened]:
    made = Opened(qtbot, locker, FakeCore())
    yield made
    made.close()


def test_one_is_removed_after_a_plain_warning(opened: Opened, locker: FakeLocker) -> None:
    page = opened.page
    opened.until(lambda: len(page.cards) == 3)
    first = page._rows.itemAt(0).widget()
    assert "this computer" in first.accessibleName()
    other = page.cards[computer(2).id.hex()]
    assert page.cards[computer(1).id.hex()].remove.isHidden()
    opened.qtbot.mouseClick(other.remove, Qt.MouseButton.LeftButton)
    assert page.sheet.isVisible()
    assert page.sheet.keep.hasFocus()
    assert "What it could read" in page.sheet.accessibleName()
    opened.qtbot.mouseClick(page.sheet.keep, Qt.MouseButton.LeftButton)
    assert not locker.computers[0].revoked
    opened.qtbot.mouseClick(other.remove, Qt.MouseButton.LeftButton)
    opened.qtbot.mouseClick(page.sheet.go, Qt.MouseButton.LeftButton)
    opened.until(lambda: locker.computers[0].revoked)
    opened.until(lambda: other.remove.isHidden())


def test_what_it_could_read_is_encrypted_anew(opened: Opened, locker: FakeLocker) -> None:
    """Asked for while it is removed; then how far it is, a pause, and the end."""
    page, job = opened.page, locker.reencryption
    opened.until(lambda: len(page.cards) == 3)
    assert page.anew.isHidden(), "nobody was removed"
    opened.qtbot.mouseClick(page.cards[computer(2).id.hex()].remove, Qt.MouseButton.LeftButton)
    page.sheet.also.setChecked(True)
    job.now = ReencryptStatus(possible=True, left=Left(files=2, bytes=5 << 30))
    opened.qtbot.mouseClick(page.sheet.go, Qt.MouseButton.LeftButton)
    opened.until(lambda: job.now.wanted and page.anew.pause.isVisible())
    job.now = replace(job.now, running=True, done=1 << 30, total=5 << 30)
    opened.until(lambda: "1" in page.anew.text.text() and page.anew.bar._part == 200)
    opened.qtbot.mouseClick(page.anew.pause, Qt.MouseButton.LeftButton)
    opened.until(lambda: job.now.paused and page.anew.start.isVisible())
    assert "2 files" in page.anew.title.text()
    assert "may have copied" in page.anew.text.text()
    opened.qtbot.mouseClick(page.anew.start, Qt.MouseButton.LeftButton)
    opened.until(lambda: not job.now.paused)
    job.now = ReencryptStatus(possible=True, left=Left(linked_packs=3))
    page.core_event(ReencryptionChanged("Test"))
    opened.until(lambda: "none" in page.anew.title.text())
    assert "Links made before" in page.anew.text.text()
    assert page.anew.start.isHidden()
    assert not page.anew.runs()


@pytest.mark.parametrize(
    ("status", "words", "can_start"),
    [
        (ReencryptStatus(possible=True, left=Left(1, 10)), "1 file can", True),
        (ReencryptStatus(possible=True, left=Left(1, 10, conflicts=1)), "conflict wait", False),
        (
            ReencryptStatus(possible=True, wanted=True, trouble="The drive is away."),
            "It waits: The drive is away.",
            False,
        ),
        (ReencryptStatus(possible=True, wanted=True), "transfers leave it room", False),
    ],
)
def test_how_it_stands_in_words(status: ReencryptStatus, words: str, can_start: bool) -> None:
    card = reencrypt_card(status)
    assert card is not None
    assert words in f"{card.title} {card.text}"
    assert card.can_start is can_start
    assert reencrypt_card(ReencryptStatus()) is None


def test_the_code_is_shown_and_copied(opened: Opened, locker: FakeLocker) -> None:
    dialog = opened.dialog()
    opened.until(dialog.copy.isEnabled)
    assert dialog.code.toPlainText() == locker.pairing_code()
    assert dialog.qr.isVisible()
    opened.qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == locker.pairing_code()
    opened.qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)


def test_a_storage_that_is_away_gives_no_code(opened: Opened, locker: FakeLocker) -> None:
    locker.fail_refresh = StoreUnavailableError("The drive is away.")
    dialog = opened.dialog()
    opened.until(lambda: "away" in dialog._state.text())
    assert not dialog.copy.isEnabled()
    dialog.reject()


def test_a_code_of_a_bucket_asks_for_no_place(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    bridge = Bridge()
    page = JoinPage(Theme(app, "light"), FakeCore(), bridge.runner.scope(), bridge.post)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.show()
    assert page._store.isVisible()
    page._code.setPlainText(FakeLocker().pairing_code())
    assert not page._store.isVisible()
    assert page._credentials.isVisible()
    page._code.setPlainText("megadesk-pair:AAAA")
    assert page._store.isVisible()
    assert not page._open.isEnabled()
    page._code.clear()
    assert page._store.isVisible()
    assert bridge.close()


def test_the_first_computer_shows_it_and_the_second_joins(
    qtbot: QtBot, tmp_path: Path, expected_warnings: object
) -> None:
    """On the real core. A storage that shows the second one an older state is found out (attack 13)."""
    threads = threading.active_count()
    store = tmp_path / "store"
    core = App(str(tmp_path / "one"))
    new = core.create_locker(PASSPHRASE, store=str(store), device_name="First")
    new.locker.make_folder("/seen by all")
    old = set((store / "log").rglob("*"))
    new.locker.make_folder("/hidden by the storage")
    first = Opened(qtbot, new.locker, core)
    dialog = first.dialog()
    first.until(dialog.copy.isEnabled)
    code = dialog.code.toPlainText()
    dialog.accept()

    hidden = {path: path.read_bytes() for path in (store / "log").rglob("*") if path not in old}
    for path in hidden:
        path.unlink()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    bridge = Bridge()
    second = App(str(tmp_path / "two"))
    page = JoinPage(Theme(app, "light"), second, bridge.runner.scope(), bridge.post)
    qtbot.addWidget(page)
    page.resize(1024, 800)
    page.show()
    joined: list[object] = []
    page.finished_.connect(joined.append)
    page._code.setPlainText(code)
    assert page._store.path.text() == str(store)
    page._key.setPlainText(new.recovery_key)
    for edit in (page._new._first, page._new._again):
        edit.setText(PASSPHRASE)
    assert page._open.isEnabled()
    qtbot.mouseClick(page._open, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(joined), timeout=60_000)
    locker = joined[0]
    assert locker.read_only_reason is not None  # type: ignore[attr-defined]
    assert "older state" in str(locker.trouble)  # type: ignore[attr-defined]
    for path, data in hidden.items():
        path.write_bytes(data)
    locker.refresh()  # type: ignore[attr-defined]
    assert locker.read_only_reason is None  # type: ignore[attr-defined]
    assert bridge.close()
    first.page.presenter.read()
    new.locker.refresh()
    first.page.presenter.read()
    first.until(lambda: len(first.page.cards) == 2)
    first.close()
    second.close()
    core.close()
    qtbot.waitUntil(lambda: threading.active_count() <= threads, timeout=20_000)  # none of its own is left
