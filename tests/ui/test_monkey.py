"""A monkey at the window, with a storage that fails at random: no crash, no freeze, and the list tells the truth."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from heartbeat import Heartbeat
from opened import Opened
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from megadesk.errors import StoreUnavailableError
from megadesk.stores.api import Store
from megadesk.stores.fault import FaultStore
from megadesk.ui.collecting import Collector
from megadesk.ui.presenters.listing import Column, Sort

_FREEZE_S = 0.1
"""Of the window's own thread at work."""
_BLOCKED_S = 1.0
"""At work or waiting for something that belongs on a worker, without what other programs of the machine took. Not 0.1:
a machine that fetches memory or its disk back stands still for longer, and nothing tells that apart."""


class Mood:
    """Refuses one operation in ``one_in`` of every store, while it is bad. Any thread."""

    def __init__(self, chance: random.Random, one_in: int = 25) -> None:
        self._chance = chance
        self._one_in = one_in
        self.bad = False

    def before(self, operation: str, name: str) -> None:
        if self.bad and self._chance.randrange(self._one_in) == 0:
            raise StoreUnavailableError("The storage is in a mood.", remedy="Wait.")

    def around(self, store: Store) -> Store:
        moody = FaultStore(store)
        moody.before = self.before
        return moody


class Monkey:
    def __init__(self, opened: Opened, chance: random.Random, files: Path) -> None:
        self.opened = opened
        self.chance = chance
        self.files = files
        self.made = 0

    def row(self) -> None:
        page = self.opened.page
        if page.model.rows:
            page.front.select_row(self.chance.randrange(len(page.model.rows)))

    def several(self) -> None:
        rows = self.opened.page.model.rows
        if rows:
            first = self.chance.randrange(len(rows))
            self.opened.page.front.select_spans([(first, min(len(rows) - 1, first + self.chance.randrange(3)))])

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Callable[[], None]:
        return lambda: self.opened.qtbot.keyClick(self.opened.page.front, key, modifier)

    def new_folder(self) -> None:
        self.made += 1
        self.opened.page.actions_._make_folder(self.chance.choice([f"Folder {self.made}", "Docs", "a/b", "x" * 300]))

    def rename(self) -> None:
        page = self.opened.page
        page.actions_.rename()
        for editor in filter(QWidget.isVisible, page.front.viewport().findChildren(QLineEdit)):
            editor.setText(self.chance.choice([f"renamed {self.chance.randrange(50)}", "", "..", "Docs"]))
            self.opened.qtbot.keyClick(editor, self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))

    def upload(self) -> None:
        name = self.files / f"file {self.chance.randrange(12)}"
        name.write_bytes(os.urandom(self.chance.randrange(1, 3000)))
        self.opened.drop(self.opened.page.front.viewport(), [name], QPoint(self.chance.randrange(500), 20))

    def drag_inside(self) -> None:
        page = self.opened.page
        rows = page.selected_rows()
        if rows and page.model.rows:
            at = page.front.rect_of(self.chance.randrange(len(page.model.rows))).center()
            data = page.outside.mime(rows, cut=False)
            keys = self.chance.choice([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
            self.opened.drop_data(page.front.viewport(), data, at, keys)

    def sort(self) -> None:
        self.opened.page._sort(Sort(self.chance.choice(list(Column)), self.chance.random() < 0.5))

    def type_search(self) -> None:
        self.opened.page.search.setText(self.chance.choice(["", "f", "old", "zzz"]))
        if self.chance.random() < 0.3:
            self.opened.page.presenter.search(self.opened.page.search.text())

    def another_page(self) -> None:
        self.opened.view.open_page(self.chance.choice(["files", "trash", "recent", "transfers", "files"]))

    def trash(self) -> None:
        page = self.opened.view.made("trash")
        if page is not None and page.isVisible():
            from megadesk.ui.pages.trash_page import TrashPage

            assert isinstance(page, TrashPage)
            page.view.selectAll()
            self.chance.choice([page.restore, page.ask_delete, page.ask_empty, page.sheet._go, page.sheet.give_up])()

    def queue(self) -> None:
        transfers = self.opened.view.transfers
        rows = self.opened.locker.transfers.rows()
        if rows:
            number = self.chance.choice(rows).id
            what = self.chance.choice([transfers.pause_or_resume, transfers.retry, transfers.cancel])
            what(number)
            if self.chance.random() < 0.3:
                transfers.move([number], rows[0].id if rows[0].id != number else None)

    def answer(self) -> None:
        sheet = self.opened.view.sheet
        if sheet.isVisible():
            button = self.chance.choice([sheet.keep, sheet.replace, sheet.newer, sheet.skip, sheet.cancel])
            sheet._all.setChecked(self.chance.random() < 0.3)
            button.click()

    def menu(self) -> None:
        self.opened.page.actions_.menu(QPoint(5, 5))
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QMenu):
                widget.close()

    def resize(self) -> None:
        self.opened.window.resize(self.chance.randrange(1024, 1900), self.chance.randrange(640, 1100))

    def actions(self) -> list[tuple[int, Callable[[], None]]]:
        page, ctrl = self.opened.page, Qt.KeyboardModifier.ControlModifier
        shift = Qt.KeyboardModifier.ShiftModifier
        return [
            (8, self.row),
            (4, self.several),
            (5, self.key(Qt.Key.Key_Backspace)),
            (4, self.key(Qt.Key.Key_Delete)),
            (3, self.key(Qt.Key.Key_X, ctrl)),
            (3, self.key(Qt.Key.Key_C, ctrl)),
            (5, self.key(Qt.Key.Key_V, ctrl)),
            (6, self.key(Qt.Key.Key_Z, ctrl)),
            (4, self.key(Qt.Key.Key_Z, ctrl | shift)),
            (2, self.key(Qt.Key.Key_A, ctrl)),
            (2, self.key(Qt.Key.Key_D, ctrl)),
            (2, self.key(Qt.Key.Key_Down)),
            (4, self.new_folder),
            (4, self.rename),
            (5, self.upload),
            (4, self.drag_inside),
            (3, self.sort),
            (3, self.type_search),
            (2, lambda: page.show_grid(self.chance.random() < 0.5)),
            (2, lambda: page.show_details(self.chance.random() < 0.7)),
            (3, page.presenter.go_back),
            (3, page.presenter.refresh),
            (4, lambda: page.presenter.open_row(self.chance.choice(page.model.rows)) if page.model.rows else None),
            (2, lambda: page.presenter.go_to_path(self.chance.choice(["/", "/Docs", "/nowhere"]))),
            (4, self.another_page),
            (3, self.trash),
            (3, self.queue),
            (6, self.answer),
            (1, self.menu),
            (1, self.resize),
        ]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_monkey(qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest, expected_warnings: object) -> None:
    steps = 20_000 if request.config.getoption("--tier") == "long" else 500
    seed = int(os.environ.get("MONKEY_SEED", "11"))
    chance = random.Random(seed)
    mood = Mood(random.Random(seed + 1))
    opened = Opened(qtbot, tmp_path / "home", wrapper=mood.around)
    errors: list[object] = []
    opened.bridge.on_error = errors.append
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "first").write_bytes(b"first")
    opened.locker.make_folder("/Docs")
    opened.put(tmp_path / "files" / "first", to="/Docs")
    opened.shows("Docs")
    monkey = Monkey(opened, chance, tmp_path / "files")
    weights = [weight for weight, _ in monkey.actions()]
    acts = [act for _, act in monkey.actions()]

    collector = Collector(lambda: 0.0)
    collector.start()
    heart = Heartbeat(5)
    # A page is made when it is first shown, and its modules are loaded: once, and not what is measured here.
    for key in ("trash", "recent", "transfers", "files"):
        opened.view.open_page(key)
        qtbot.wait(50)
    opened.page.show_grid(True)
    opened.page.show_grid(False)
    heart.start()
    mood.bad = True
    for step in range(steps):
        act = chance.choices(acts, weights)[0]
        heart.beat()
        heart.label = getattr(act, "__name__", "?")
        act()
        heart.beat()
        heart.label = f"after {heart.label}"
        QGuiApplication.processEvents()
        if step % 10 == 0:
            qtbot.wait(chance.randrange(1, 30))
        assert opened.window.isVisible()
    mood.bad = False
    heart.stop()
    collector.stop()
    slowest = sorted(heart.beats, key=lambda beat: max(beat.worked_s, beat.ours_s), reverse=True)[:10]
    worked, ours = max(beat.worked_s for beat in heart.beats), max(beat.ours_s for beat in heart.beats)
    longest = max(beat.wall_s for beat in heart.beats)
    print(
        f"longest at work {worked * 1000:.0f} ms, not answering {ours * 1000:.0f} ms;"
        f" with what other programs took {longest * 1000:.0f} ms"
    )
    heart.close()
    assert worked < _FREEZE_S, slowest
    assert ours < _BLOCKED_S, slowest
    assert [error for error in errors if not isinstance(error, StoreUnavailableError)] == []

    # What is shown is what there is.
    opened.view.open_page("files")

    def no_question() -> bool:
        """Whoever asks what to do with a name that is taken waits for an answer."""
        while opened.view.sheet.isVisible():
            opened.view.sheet.cancel.click()
        return True

    # What was refused is tried again after a while, and longer each time.
    qtbot.waitUntil(lambda: no_question() and not opened.view.operations.changes._busy, timeout=120_000)
    page = opened.page
    opened.locker.transfers.resume_all()
    qtbot.waitUntil(lambda: no_question() and not opened.locker.transfers.running(), timeout=120_000)
    page.search.clear()
    page.presenter.leave_search()
    page.presenter.refresh()

    def same() -> bool:
        if page.presenter.searching or page._loading:
            return False
        wanted = {row.display_name for row in opened.locker.list_folder(page.current_folder())}
        return {row.display_name for row in page.model.rows} == wanted

    qtbot.waitUntil(same, timeout=120_000)
    report = opened.locker.upkeep.check()
    assert report.problems == []
    opened.close()
