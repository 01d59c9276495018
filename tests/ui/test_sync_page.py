"""Synchronised folders in the window, and the tray: words first, then the page on the real core."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from examples import row
from fakes import FakeCore, FakeLocker
from helpers import services
from manual import ManualRuns
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.core.sync import SyncPairRow
from megadesk.errors import PathError, StoreUnavailableError
from megadesk.sync.pairs import Fix, PairState, ProblemKind, SyncProblem
from megadesk.sync.values import Mode
from megadesk.ui import autostart
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import PAGES, SYNC
from megadesk.ui.pages.sync_page import PairDialog, SyncPage
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.sync import PairCard, ProblemCard, SyncPresenter, fix_text, mode_hint, pair_card
from megadesk.ui.presenters.tray import (
    LockerState,
    Newsworthy,
    RecentFile,
    TrayState,
    TrayStatus,
    look_at,
    overall,
    until_tomorrow,
)
from megadesk.ui.single import FirstInstance, raise_first, server_name
from megadesk.ui.theme import Theme
from megadesk.ui.tray import Tray, tray_icon
from megadesk.ui.windows.locker_view import LockerView

NOW_MS = 1_800_000_000_000


def pair(number: int = 1, **fields: object) -> SyncPairRow:
    made = SyncPairRow(
        id=number,
        root="/home/anna/Documents",
        folder="/Documents",
        mode=Mode.TWO_WAY,
        state=PairState.IDLE,
        paused_until_ms=None,
        synced_ms=NOW_MS - 60_000,
        problems=0,
        current="",
        ignore=(),
        left_out=(),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


CONFLICT = SyncProblem(
    id="c1",
    pair=1,
    kind=ProblemKind.CONFLICT,
    path="thesis.odt",
    message="It was changed on both sides.",
    fixes=(Fix.KEEP_MINE, Fix.KEEP_THEIRS, Fix.KEEP_BOTH),
)


# --- words


@pytest.mark.parametrize("state", PairState)
def test_every_state_has_words_and_a_drawing(state: PairState) -> None:
    card = pair_card(pair(state=state), NOW_MS)
    assert card.state
    assert (Path(__file__).parents[2] / "resources" / "icons" / f"{card.icon}.svg").is_file()


def test_every_mode_and_every_fix_has_words() -> None:
    assert all(mode_hint(mode) for mode in Mode)
    texts = [fix_text(fix) for fix in Fix]
    assert len(set(texts)) == len(texts)
    assert all("&" in text for text in texts)


def test_a_pair_says_what_it_is_at() -> None:
    assert pair_card(pair(state=PairState.SYNCING, current="a/b/film.mp4"), NOW_MS).state == "Syncing film.mp4"
    assert pair_card(pair(state=PairState.PAUSED, paused_until_ms=NOW_MS + 3_600_000), NOW_MS).state == "Paused for 1 h"
    never = pair_card(pair(synced_ms=0), NOW_MS)
    assert (never.state, never.tone) == ("Not compared yet", "")


class View:
    def __init__(self) -> None:
        self.pairs: list[PairCard] = []
        self.stuck: list[ProblemCard] = []
        self.problems: list[Problem] = []

    def show_pairs(self, cards: Sequence[PairCard]) -> None:
        self.pairs = list(cards)

    def show_problems(self, cards: Sequence[ProblemCard]) -> None:
        self.stuck = list(cards)

    def show_problem(self, problem: Problem) -> None:
        self.problems.append(problem)


def test_what_the_presenter_does() -> None:
    locker, view, runs = FakeLocker(), View(), ManualRuns()
    locker.sync.rows, locker.sync.stuck = [pair()], [CONFLICT]
    presenter = SyncPresenter(view, locker, runs)
    presenter.read()
    runs.all()
    assert [card.title for card in view.pairs] == ["Documents"]
    assert view.stuck[0].title == "Changed on both sides: thesis.odt"
    presenter.resolve(CONFLICT, Fix.KEEP_BOTH)
    runs.all()
    assert view.stuck == []
    presenter.pause(1, 3600)
    presenter.resume(1)
    runs.all()
    kinds = [done[0] for done in locker.sync.done]
    assert kinds == ["resolve", "pause", "resume"]
    until_s = float(str(locker.sync.done[1][2])) / 1000
    assert 3500 < until_s - time.time() < 3700
    locker.sync.refuse = PathError("They lie within each other.")
    refused: list[Problem] = []
    presenter.add("/a", "b", Mode.UP, lambda: None, refused.append)
    runs.all()
    assert "within" in refused[0].text


# --- the tray's words


class Opened:
    def __init__(self, moving: str = "", offline: bool = False) -> None:
        self.locker = FakeLocker()
        self.offline = offline
        self._moving = moving

    def moving(self) -> str:
        return self._moving


def state(sync: PairState | None, problems: int = 0) -> LockerState:
    return LockerState("Test", sync, problems, ())


@pytest.mark.parametrize(
    ("opened", "states", "expected"),
    [
        ([], [], TrayState.LOCKED),
        ([Opened()], [state(None)], TrayState.IDLE),
        ([Opened("Uploading a")], [state(None)], TrayState.SYNCING),
        ([Opened(offline=True)], [state(None)], TrayState.OFFLINE),
        ([Opened(), Opened()], [state(PairState.PAUSED), state(PairState.PROBLEM, 2)], TrayState.PROBLEM),
        ([Opened(), Opened()], [state(PairState.PAUSED), state(PairState.SYNCING)], TrayState.SYNCING),
        ([Opened(), Opened()], [state(PairState.PAUSED), state(None)], TrayState.PAUSED),
        ([Opened(), Opened()], [state(PairState.PAUSED), state(PairState.IDLE)], TrayState.IDLE),
    ],
)
def test_the_worst_of_all_lockers_is_shown(
    opened: list[Opened], states: list[LockerState], expected: TrayState
) -> None:
    status = overall(opened, states)
    assert status.state is expected
    assert status.text


def test_conflicts_alone_are_not_said_to_be_up_to_date() -> None:
    """They stop nothing, so the icon is calm; but below the words is a button with them."""
    for count, words in ((1, "1 conflict"), (3, "3 conflicts")):
        status = overall([Opened()], [state(PairState.IDLE, count)])
        assert status.state is TrayState.IDLE
        assert words in status.text
        assert "Everything" not in status.text
        assert "up to date" not in status.text
    assert overall([Opened()], [state(PairState.IDLE)]).text == "Everything is up to date"


def test_a_locker_that_is_being_closed_has_nothing_to_say() -> None:
    locker = FakeLocker([row(1, "a.txt")])
    assert look_at(locker).recent[0].name == "a.txt"
    locker.sync.pairs = lambda: (_ for _ in ()).throw(PathError("closed"))  # type: ignore[method-assign]
    assert look_at(locker) == LockerState("Test", None, 0, ())


def test_news_are_told_once() -> None:
    news = Newsworthy()

    def told(state: TrayState) -> bool:
        return bool(news.news(TrayStatus(state, "text")))

    order = [TrayState.IDLE, TrayState.PROBLEM, TrayState.SYNCING, TrayState.PROBLEM, TrayState.IDLE]
    assert [told(each) for each in order] == [False, True, False, False, False]
    assert [told(each) for each in (TrayState.OFFLINE, TrayState.OFFLINE, TrayState.IDLE)] == [True, False, True]


@pytest.mark.parametrize("hour", [0, 7, 8, 23])
def test_tomorrow_is_the_next_morning(hour: int) -> None:
    now_s = time.mktime((2026, 3, 10, hour, 30, 0, 0, 0, -1))
    then = time.localtime(now_s + until_tomorrow(now_s))
    assert (then.tm_mday, then.tm_hour) == (11, 8)


@pytest.mark.usefixtures("qtbot")
def test_every_state_has_an_icon_of_its_own() -> None:
    pictures = {state: tray_icon(state).pixmap(16).toImage() for state in TrayState}
    for one in TrayState:
        for other in TrayState:
            assert (one is other) == (pictures[one] == pictures[other])


class Host:
    def __init__(self, *opened: Opened) -> None:
        self._opened = opened
        self.did: list[object] = []

    def opened(self) -> Sequence[Opened]:
        return self._opened

    def show_window(self) -> None:
        self.did.append("window")

    def show_locker_page(self, locker: str, key: str) -> None:
        self.did.append((locker, key))

    def show_program_page(self, key: str) -> None:
        self.did.append(key)

    def show_file(self, file: RecentFile) -> None:
        self.did.append(file.name)

    def lock(self) -> None:
        self.did.append("lock")

    def quit(self) -> None:
        self.did.append("quit")


@pytest.fixture
def tray_of(qtbot: QtBot) -> Iterator[Callable[[Host], Tray]]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    bridge = Bridge()
    made: list[Tray] = []

    def make(host: Host) -> Tray:
        made.append(Tray(Theme(app, "light"), host, services(bridge).preferences, bridge.runner.scope))
        return made[-1]

    yield make
    for tray in made:
        tray.end()
    assert bridge.close()


# The offscreen platform says so of every popup.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_menu_and_popup_lead_where_they_say(qtbot: QtBot, tray_of: Callable[[Host], Tray]) -> None:
    opened = Opened()
    opened.locker.folders = {each: [row(1, "sea.jpg", mtime=10**18)] for each in opened.locker.folders}
    opened.locker.sync.rows = [pair(state=PairState.PROBLEM, problems=1)]
    opened.locker.sync.stuck = [CONFLICT]
    host = Host(opened)
    tray = tray_of(host)
    qtbot.waitUntil(lambda: tray.status.state is TrayState.PROBLEM, timeout=5000)
    for action in tray.actions():
        if action.isVisible() and action.isEnabled() and not action.isSeparator():
            assert "&" in action.text()
            action.trigger()
    assert ("Test", "sync") in host.did
    assert ("", "links") in host.did
    assert {"window", "settings", "lock", "quit"} <= {each for each in host.did if isinstance(each, str)}
    qtbot.waitUntil(lambda: len(opened.locker.sync.done) == 2, timeout=5000)  # for an hour, until tomorrow

    tray.toggle_popup()
    assert tray.popup.isVisible()
    assert tray.popup.problems.isVisible()
    qtbot.keyClick(tray.popup, Qt.Key.Key_Escape)
    assert not tray.popup.isVisible()
    tray.open_file(tray.status.recent[0])
    assert "sea.jpg" in host.did


def test_a_locked_program_offers_no_more_than_it_can(qtbot: QtBot, tray_of: Callable[[Host], Tray]) -> None:
    tray = tray_of(Host())
    qtbot.waitUntil(lambda: tray.status.text == "Locked", timeout=5000)
    shown = [action.text() for action in tray.actions() if action.isVisible() and not action.isSeparator()]
    assert shown == ["Locked", "&Open MegaDesk", "&Quit"]


# --- one program


def test_a_second_start_shows_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    assert not raise_first(str(tmp_path))
    shown: list[str] = []
    first = FirstInstance(str(tmp_path), shown.append)
    code = "import sys; from megadesk.ui.single import raise_first; sys.exit(0 if raise_first(sys.argv[1]) else 1)"
    second = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2])
    qtbot.waitUntil(lambda: second.poll() is not None and bool(shown), timeout=20_000)
    assert second.wait() == 0
    assert shown == [""], "nothing but to be shown"
    first.end()
    assert not raise_first(str(tmp_path))
    assert server_name(str(tmp_path)) != server_name(str(tmp_path / "other"))


def test_autostart_is_a_file_that_is_well_formed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert not autostart.is_on()
    autostart.set_on(True)
    assert autostart.is_on()
    text = (tmp_path / "autostart" / autostart.FILE_NAME).read_text()
    assert "--background" in text
    done = subprocess.run(
        ["desktop-file-validate", tmp_path / "autostart" / autostart.FILE_NAME], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    autostart.set_on(False)
    autostart.set_on(False)
    assert not autostart.is_on()
    assert 'Exec="/a b/50%%" "say \\\\"hi\\\\""' in autostart.desktop_entry(["/a b/50%", 'say "hi"'])


# --- the page


def open_view(qtbot: QtBot, locker: object, core: object) -> tuple[Bridge, LockerView, SyncPage]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    bridge = Bridge()
    view = LockerView(
        Theme(app, "light"),
        services(bridge),
        core,  # type: ignore[arg-type]
        locker,  # type: ignore[arg-type]
        bridge.runner.scope(),
        PAGES,
        bridge.post,
    )
    qtbot.addWidget(view)
    view.resize(1024, 640)
    view.show()
    view.start()
    qtbot.waitUntil(lambda: isinstance(view.page(), BrowserPage), timeout=10_000)
    view.open_page(SYNC)
    page = view.page()
    assert isinstance(page, SyncPage)
    return bridge, view, page


def test_problems_come_with_their_ways_out(qtbot: QtBot) -> None:
    locker = FakeLocker()
    locker.sync.rows = [pair(1, state=PairState.PROBLEM), pair(2, state=PairState.PAUSED, root="/home/anna/Music")]
    locker.sync.stuck = [CONFLICT]
    bridge, view, page = open_view(qtbot, locker, FakeCore())
    qtbot.waitUntil(lambda: len(page.cards) == 2, timeout=5000)
    qtbot.waitUntil(lambda: page._problems.count() == 1, timeout=5000)
    widget = page._problems.itemAt(0).widget()
    buttons = widget.buttons  # type: ignore[attr-defined]
    assert set(buttons) == set(CONFLICT.fixes)
    qtbot.mouseClick(buttons[Fix.KEEP_MINE], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page._problems.count() == 0, timeout=5000)
    qtbot.mouseClick(page.cards[2].pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ("resume", 2) in locker.sync.done, timeout=5000)
    view.stop()()
    assert bridge.close()


def test_a_folder_is_put_in_sync_and_out_again(qtbot: QtBot, tmp_path: Path) -> None:
    """On the real core: what lies in the folder is in the locker, and a new file follows by itself."""
    folder = tmp_path / "Notes"
    folder.mkdir()
    (folder / "a.txt").write_text("first")
    old = time.time() - 60
    os.utime(folder / "a.txt", (old, old))
    core = App(str(tmp_path / "home"))
    locker = core.create_locker("purple otter lamp seven").locker
    bridge, view, page = open_view(qtbot, locker, core)
    locker.start()
    qtbot.waitUntil(page.empty.isVisible, timeout=5000)
    page.ask_pair()
    dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, PairDialog) and each.isVisible())
    dialog.here.setText("relative")
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert dialog._problem.isVisible()
    dialog.here.setText(str(folder))
    assert dialog.there.text() == "/Notes"
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.cards) == 1, timeout=10_000)

    def is_there() -> bool:
        return [each.name for each in locker.list_folder("/Notes")] == ["a.txt"]

    qtbot.waitUntil(is_there, timeout=30_000)
    number = next(iter(page.cards))
    card = page.cards[number]._card
    assert card is not None
    page.ask_remove(card)
    qtbot.mouseClick(page.sheet.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page.cards, timeout=10_000)
    assert (folder / "a.txt").exists()
    view.stop()()
    assert bridge.close()
    core.close()


def test_a_storage_that_is_away_is_offline(qtbot: QtBot) -> None:
    locker = FakeLocker()
    bridge, view, _ = open_view(qtbot, locker, FakeCore())
    assert not view.offline
    locker.trouble = StoreUnavailableError("The drive is away.")
    assert view.offline
    view.stop()()
    assert bridge.close()
