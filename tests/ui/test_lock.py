"""What locks the window's lockers, and what is left of them afterwards (attack 29)."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers import services
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from megadesk.core.app import App
from megadesk.core.links import LinkOptions, LinkRow
from megadesk.crypto import hpke, keys, signing
from megadesk.crypto.link import LinkSecret
from megadesk.pictures.pdf import PdfPages
from megadesk.state.settings import Settings
from megadesk.tree.rows import NodeRow
from megadesk.ui import clipboard
from megadesk.ui.bridge import Bridge
from megadesk.ui.lock_guard import SCREEN_SAVERS, LockGuard
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.links_page import LinksPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.file_view import FileView
from megadesk.ui.widgets.link_dialog import LinkDialog
from megadesk.ui.windows.main_window import MainWindow

SECRET = "whistleblower-notes"
CONTENT = b"what nobody else may read " * 50
FAKE_LOGIN = Path(__file__).with_name("fake_login.py")


def test_idle_time_is_the_windows_own(qtbot: QtBot) -> None:
    now, locked = [0.0], []
    guard = LockGuard(Settings(lock_after_idle_min=1), lambda: False, lambda: locked.append(1), lambda: now[0])
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    guard.watch(True)
    now[0] = 50
    window = field.windowHandle()
    QTest.keyClick(window, Qt.Key.Key_A)  # as the desktop sends it
    now[0] = 100
    guard._tick()
    assert locked == []
    now[0] = 111
    guard._tick()
    assert locked == [1]
    guard.watch(False)
    assert not guard._timer.isActive()


# --- the desktop's word, over real buses


@pytest.fixture
def buses(need_programs: Callable[..., None], tmp_path: Path) -> Iterator[dict[str, str]]:
    """Addresses of a session and a system bus of this test's own."""
    need_programs("dbus-daemon")
    started = []
    environ = dict(os.environ)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--print-address", "--nofork"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert bus.stdout is not None
        environ[name] = bus.stdout.readline().decode().strip()
        started.append(bus)
    yield environ
    for bus in started:
        bus.terminate()
        bus.wait(10)
        if bus.stdout is not None:
            bus.stdout.close()


_WATCHER = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from megadesk.state.settings import Settings
from megadesk.ui.lock_guard import LockGuard
app = QCoreApplication([])
def lock():
    print("lock", flush=True)
    guard.watch(False)
    guard.closed()
    QTimer.singleShot(0, app.quit)
guard = LockGuard(Settings(), lambda: False, lock)
guard.watch(True)
QTimer.singleShot(0, lambda: print("watching", flush=True))
QTimer.singleShot(30000, lambda: app.exit(3))
sys.exit(app.exec())
"""


@pytest.fixture
def watcher(buses: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that watches both buses, as the window does."""
    environ = {**buses, "PYTHONPATH": str(FAKE_LOGIN.parents[2]), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen([sys.executable, "-c", _WATCHER], env=environ, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.wait(20) == 0


@pytest.fixture
def login(buses: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, str(FAKE_LOGIN)], env=buses, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.stdin.write("end\n")
        process.stdin.flush()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("word", ["sleep", "lock"])
def test_sleep_waits_for_the_lock(login: subprocess.Popen[str], watcher: subprocess.Popen[str], word: str) -> None:
    assert said(watcher) == "watching"
    assert said(login) == "granted sleep delay"
    assert login.stdin is not None
    login.stdin.write(f"{word}\n")
    login.stdin.flush()
    assert said(watcher) == "lock"
    assert said(login) == "released"


@pytest.mark.parametrize("interface", SCREEN_SAVERS)
def test_the_screen_saver_locks(buses: dict[str, str], watcher: subprocess.Popen[str], interface: str) -> None:
    assert said(watcher) == "watching"
    path = f"/{interface.replace('.', '/')}"
    for active in ("false", "true"):
        command = ["dbus-send", "--session", "--type=signal", path, f"{interface}.ActiveChanged", f"boolean:{active}"]
        subprocess.run(command, check=True, env=buses)
    assert said(watcher) == "lock"


# --- nothing is left


def test_nothing_is_left_of_a_locked_locker(qtbot: QtBot, tmp_path: Path, home: Path) -> None:
    """Widgets, live objects, the clipboard, temporary folders, the disk below the home, the log."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    place = tmp_path / "home"
    source = tmp_path / f"{SECRET}.txt"
    source.write_bytes(CONTENT)
    temporary = set(Path(tempfile.gettempdir()).iterdir())
    others = live_secrets()  # of tests before this one

    bridge = Bridge()
    shared = services(bridge, str(place))
    core = App(str(place), event_sink=bridge.post)
    made = core.create_locker("some words of it").locker
    made.transfers.run_now(made.upload([str(source)], "/"))
    source.unlink()
    window = MainWindow(Theme(app, "light"), bridge, shared)
    qtbot.addWidget(window)
    window.show()
    window._core = core
    window.open_session(made)
    qtbot.waitUntil(lambda: isinstance(window.page(), BrowserPage), timeout=10_000)
    page = window.page()
    assert isinstance(page, BrowserPage)
    qtbot.waitUntil(lambda: window.findChild(FileView).model().rowCount() == 1, timeout=10_000)
    page.view.select_row(0)
    url = made.links.make(f"/{SECRET}.txt", LinkOptions(base_url="http://127.0.0.1:1/d/", check=False)).url
    link_key = url.partition("#")[2]
    assert len(link_key) > 20
    page.context.desk.open_page("links")
    links = window.page()
    assert isinstance(links, LinksPage)
    qtbot.waitUntil(lambda: links.model.rowCount() == 1, timeout=10_000)
    LinkDialog(links.context, page.model.rows[0], links.model.lines[0].row).show()
    assert any(link_key in text for text in visible_texts()), "the search finds what is there"

    copy = shared.private_files.folder(owner=made.record.locker_id) / f"{SECRET}.txt"
    copy.write_bytes(CONTENT)
    clipboard.put_text(f"{SECRET} {url}", secret=True)
    dialog = QLabel(SECRET)
    dialog.setWindowFlag(Qt.WindowType.Dialog)
    qtbot.addWidget(dialog)
    dialog.show()

    window.lock()
    assert not dialog.isVisible()
    assert SECRET not in QGuiApplication.clipboard().text()
    assert link_key not in QGuiApplication.clipboard().text()
    for shown in visible_texts():
        assert SECRET not in shown
        assert link_key not in shown
    page = links = None  # type: ignore[assignment]
    del made
    qtbot.waitUntil(lambda: isinstance(window.page(), UnlockPage), timeout=10_000)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    core._open.clear()

    left = [type(each).__name__ for each in live_secrets() if not any(each is other for other in others)]
    assert left == [], "keys or names outlive the lock"
    assert not copy.exists()
    new = set(Path(tempfile.gettempdir()).iterdir()) - temporary
    for folder in (place, home, *new):
        for path in [folder, *folder.rglob("*")] if folder.is_dir() else [folder]:
            assert SECRET not in path.name
            if path.is_file():
                data = path.read_bytes()
                assert SECRET.encode() not in data, path
                assert link_key.encode() not in data, path
                assert CONTENT[:30] not in data, path
    assert bridge.close()
    core.close()


def live_secrets() -> list[object]:
    """Keys, rows of names, links and opened documents that something in this process still refers to."""
    gc.collect()
    kinds = (
        keys.EpochSecret, keys.DeviceKeys, hpke.HpkeKey, signing.SigningKey, NodeRow, LinkRow, LinkSecret, PdfPages,
    )  # fmt: skip
    return [each for each in gc.get_objects() if isinstance(each, kinds)]


def visible_texts() -> Iterator[str]:
    for top in QApplication.topLevelWidgets():
        for widget in [top, *top.findChildren(QWidget)]:
            if widget.isVisible():
                yield widget.windowTitle()
                yield widget.accessibleName()
                yield widget.toolTip()
                text = getattr(widget, "text", None)
                if callable(text):
                    yield str(text())


def test_only_what_is_ours_leaves_the_clipboard(qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("somebody else's")
    clipboard.clear_ours()
    assert QGuiApplication.clipboard().text() == "somebody else's"
    clipboard.put_text("ours", secret=True)
    assert QGuiApplication.clipboard().mimeData().hasFormat("x-kde-passwordManagerHint")
    clipboard.clear_ours()
    assert QGuiApplication.clipboard().text() == ""
