"""The settings in the window, on the real core: what is changed holds at once and is on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import services
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.state.settings import EVERY_DAY
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.settings.advanced import AdvancedSection
from megadesk.ui.pages.settings.appearance import AppearanceSection
from megadesk.ui.pages.settings.locking import LockSection
from megadesk.ui.pages.settings.page import SettingsPage
from megadesk.ui.pages.settings.transfers import TransfersSection
from megadesk.ui.presenters.keyboard import keyboard_map
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.keyboard_map import KeyboardDialog
from megadesk.ui.windows.main_window import MINIMUM, MainWindow

OLD, NEW = "some words of it", "other words entirely"


class Office:
    def __init__(self, qtbot: QtBot, home: Path) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.qtbot = qtbot
        self.bridge = Bridge()
        self.shared = services(self.bridge, str(home))
        self.theme = Theme(app, "light")
        self.shared.preferences.changed.connect(self.theme.follow)
        self.core = App(str(home), event_sink=self.bridge.post)
        locker = self.core.create_locker(OLD).locker
        self.window = MainWindow(self.theme, self.bridge, self.shared)
        qtbot.addWidget(self.window)
        self.window.resize(MINIMUM)
        self.window.show()
        self.window._core = self.core
        self.window.open_session(locker)
        qtbot.waitUntil(lambda: isinstance(self.window.page(), BrowserPage), timeout=10_000)
        self.window.show_program_page("settings")
        page = self.window.page()
        assert isinstance(page, SettingsPage)
        self.page = page

    def section(self, key: str) -> QWidget:
        self.page.show_section(key)
        section = self.page.section()
        assert section is not None
        return section


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    office = Office(qtbot, tmp_path / "home")
    yield office
    office.theme.scale_text(100)
    assert office.bridge.close()
    office.core.close()


def test_every_section_fits_a_small_laptop(office: Office) -> None:
    for key in office.page.keys():
        section = office.section(key)
        office.qtbot.waitUntil(section.isVisible)
        assert section.width() <= office.window.width() - 400
        assert section.minimumSizeHint().width() <= 560, key
    assert office.window.size() == MINIMUM


def test_appearance_holds_at_once(office: Office) -> None:
    section = office.section("appearance")
    assert isinstance(section, AppearanceSection)
    section.scheme.choice.setCurrentIndex(2)
    assert office.theme.dark
    size = QApplication.font().pointSizeF()
    section.text.choice.setCurrentIndex(5)
    assert QApplication.font().pointSizeF() == pytest.approx(size * 1.5)
    office.qtbot.waitUntil(lambda: office.core.settings.load().text_scale == 150, timeout=5000)
    assert office.core.settings.load().theme == "dark"


def test_limits_and_their_times(office: Office) -> None:
    section = office.section("transfers")
    assert isinstance(section, TransfersSection)
    section.up.setValue(250)
    section.add.click()
    row = section.rows[0]
    row.days.setCurrentIndex(0)
    row.down.setValue(80)
    office.qtbot.waitUntil(
        lambda: [each.download_limit for each in office.core.settings.load().limit_schedule] == [80_000], timeout=5000
    )
    saved = office.core.settings.load()
    assert saved.upload_limit == 250_000
    window = saved.limit_schedule[0]
    assert (window.days, window.start_min, window.end_min) == (EVERY_DAY, 480, 1080)
    section._remove(row)
    office.qtbot.waitUntil(lambda: office.core.settings.load().limit_schedule == (), timeout=5000)


def test_a_new_passphrase(office: Office) -> None:
    section = office.section("lock")
    assert isinstance(section, LockSection)
    office.qtbot.waitUntil(lambda: hasattr(section, "panel"), timeout=5000)
    panel = section.panel
    panel.change.click()
    panel.old.setText("not it")
    for edit in (panel.new._first, panel.new._again):
        edit.setText(NEW)
    panel.save.click()
    office.qtbot.waitUntil(lambda: "not the passphrase" in panel._old_field.note.text(), timeout=20_000)
    panel.old.setText(OLD)
    panel.save.click()
    office.qtbot.waitUntil(lambda: "changed" in panel.banner.text(), timeout=20_000)
    assert panel.old.text() == panel.new.passphrase() == ""
    office.core.unlock(None, NEW).close()


def test_what_locks_is_followed_at_once(office: Office) -> None:
    section = office.section("lock")
    assert isinstance(section, LockSection)
    section.idle.choice.setCurrentIndex(2)
    assert office.window.guard.rules.settings.lock_after_idle_min == 5
    section.sleep.box.click()
    assert not office.window.guard.rules.settings.lock_on_sleep
    office.qtbot.waitUntil(lambda: not office.core.settings.load().lock_on_sleep, timeout=5000)


def test_a_report_is_saved(office: Office, tmp_path: Path) -> None:
    section = office.section("advanced")
    assert isinstance(section, AdvancedSection)
    path = tmp_path / "report.txt"
    section.save(str(path))
    office.qtbot.waitUntil(path.exists, timeout=5000)
    office.qtbot.waitUntil(lambda: "1: folder" in path.read_text(), timeout=5000)
    assert str(tmp_path) not in path.read_text()


def test_sections_by_key_and_by_keyboard(office: Office) -> None:
    nav = office.page.findChild(QListWidget)
    assert nav is office.page.nav
    for key in office.page.keys():
        office.page.show_section(key)
        assert nav.currentItem().text()


def test_the_keyboard_map_is_the_truth(office: Office) -> None:
    """Every key of the window is in the map, and the map promises none that is not there."""
    real = {
        sequence.toString(QKeySequence.SequenceFormat.PortableText)
        for action in office.window.findChildren(QAction)
        for sequence in action.shortcuts()
    }
    told = {keys for group in keyboard_map() for key in group.keys for keys in key.keys}
    # Keys that Qt's own views and fields have.
    views = {"Tab", "Shift+Tab", "Alt+_", "Return", "Backspace", "Ctrl+A"}
    assert real - told == set(), "keys that the map does not tell"
    assert told - real <= views, "keys that the map promises"


def test_f1_shows_the_map_and_a_lock_takes_it_away(office: Office) -> None:
    office.window.show_keyboard()
    dialog = office.window.findChild(KeyboardDialog)
    assert dialog is not None
    assert dialog.isVisible()
    office.window.lock()
    assert not dialog.isVisible()
    office.qtbot.waitUntil(lambda: office.window.page() is not None and not office.window.frame_.views)
