"""Pictures of every screen, from made-up data: python -m tests.ui.shots FOLDER [all]

Without "all" only the few that docs/screenshots keeps. Needs a display, or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

sys.path.insert(0, str(Path(__file__).parent))
from fakes import FakeCore, FakeLocker, many_rows, row, transfer
from helpers import services

from megadesk.format.recovery import format_recovery_key
from megadesk.state.registry import LockerRecord
from megadesk.transfer.port import FileFailure
from megadesk.transfer.records import Direction, State
from megadesk.tree.rows import NodeRow
from megadesk.ui import formatting
from megadesk.ui.bridge import Bridge
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import PAGES
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.theme import Theme
from megadesk.ui.windows.locker_view import LockerView
from megadesk.ui.windows.main_window import MainWindow

SIZES = {"small": (1024, 640), "large": (1400, 900)}
KEPT = ("setup", "key", "unlock", "browser", "uploading")
HOUR = 3600 * 10**9
WORK = LockerRecord("Work", "/mnt/nas/megadesk-work", "1" * 64, 0)
KEY = format_recovery_key(bytes((7 * number + 3) % 256 for number in range(32)))


@dataclass
class Made:
    locker: FakeLocker
    recovery_key: str = KEY


class Core:
    def lockers(self) -> list[LockerRecord]:
        return []

    def default_store_address(self, name: str, /) -> str:
        return "/home/anna/.local/share/megadesk/store/Locker"

    def create_locker(self, passphrase: str, /, **_: object) -> Made:
        return Made(FakeLocker())


def rows(now_ns: int) -> list[NodeRow]:
    folders = ["Documents", "Été à Montréal", "Music", "Photos 2025", "Projects"]
    files = [
        ("An exceedingly long name that somebody gave to a scanned contract, with its addenda (signed).pdf", 4_812_332),
        ("Budget 2026.xlsx", 48_213),
        ("choir rehearsal.flac", 38_120_004),
        ("holiday film.mp4", 1_834_225_118),
        ("notes.txt", 812),
        ("Passport scan.png", 2_301_887),
        ("taxes 2024.zip", 18_230_411),
        ("thesis v2.pdf", 1_200_344),
        ("thesis v10.pdf", 1_312_877),
    ]
    made = [row(n, name, folder=True, mtime=now_ns - n * 40 * HOUR) for n, name in enumerate(folders, 10)]
    made += [row(n, name, size=size, mtime=now_ns - (n - 99) * 77 * HOUR) for n, (name, size) in enumerate(files, 100)]
    return made


class Studio:
    def __init__(self, out: Path) -> None:
        self.out = out
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        self.theme = Theme(app, "light")
        self.bridge = Bridge()

    def settle(self, seconds: float = 0.25) -> None:
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def take(
        self, name: str, make: Callable[[MainWindow], QWidget], prepare: Callable[[QWidget], None] = lambda page: None
    ) -> None:
        for size in SIZES:
            for scheme in ("light", "dark"):
                self.theme.choose(scheme)
                window = MainWindow(self.theme, self.bridge, services(self.bridge))
                window.resize(*SIZES[size])
                page = make(window)
                if isinstance(page, LockerView):
                    window.frame_.show_lockers([page.locker.record, WORK])
                    window.frame_.add_view(page)
                    window._to_front(window.frame_)
                    page.start()
                else:
                    window._show(page)
                window.show()
                self.settle()
                prepare(page)
                self.settle()
                window.grab().save(str(self.out / f"{name}-{scheme}-{size}.png"))
                if isinstance(page, LockerView):
                    page.stop()
                window._scope.close()
                window.hide()
                window.deleteLater()

    def browser(self, locker: FakeLocker) -> Callable[[MainWindow], QWidget]:
        locker.record = LockerRecord("Locker", "/home/anna/.local/share/megadesk/store/Locker", "0" * 64, 0)
        return lambda window: LockerView(
            self.theme, services(self.bridge), FakeCore(), locker, self.bridge.runner.scope(), PAGES, self.bridge.post
        )


def uploading() -> FakeLocker:
    locker = FakeLocker(rows(time.time_ns()))
    locker.transfers.shown = [
        transfer(
            1,
            title="Photos 2026",
            done_bytes=3_412_000_000,
            total_bytes=8_120_000_000,
            done_files=1412,
            total_files=3377,
            speed_bps=86_300_000,
            eta_s=54,
            current="/home/anna/Photos 2026/August/Lisbon/DSC_0412.jpg",
        ),
        transfer(2, State.QUEUED, title="backup.tar"),
        transfer(3, State.DONE, title="Music", done_files=412, total_files=415, done_bytes=4 * 10**9, failures=3),
        transfer(4, State.DONE, title="Budget 2026.xlsx", direction=Direction.DOWN, done_files=1, done_bytes=48_213),
    ]
    locker.transfers.left_out = [
        FileFailure(
            "/home/anna/Music/private/demo.flac",
            "",
            "You have no right to read it.",
            "Change its permissions, or leave it.",
        ),
        FileFailure(
            "/home/anna/Music/.cache/socket", "", "It is no file, folder or link.", "Nothing needs to be done."
        ),
        FileFailure("/home/anna/Music/live set.wav", "", "It changed while it was being read.", "Try again later."),
    ]
    return locker


def main(out: Path, everything: bool) -> None:
    out.mkdir(parents=True, exist_ok=True)
    QApplication(["shots"]).setStyle("Fusion")
    formatting.use_locale(".", ",", lambda when_s: time.strftime("%-d %b %Y", time.localtime(when_s)))
    studio = Studio(out)
    full = FakeLocker(rows(time.time_ns()))

    def setup(window: MainWindow) -> SetupPage:
        return SetupPage(studio.theme, Core(), window._fresh_scope(), first=True)  # type: ignore[arg-type]

    def typed(page: SetupPage) -> None:
        page._new._first.setText("purple otter lamp seven")
        page._new._again.setText("purple otter la")

    def other(page: SetupPage) -> None:
        page._store.expand()

    def key(page: SetupPage) -> None:
        page._presenter.create("", "x")

    def check(page: SetupPage) -> None:
        page._presenter.create("", "x")
        studio.settle()
        page._presenter.key_saved()
        page._presenter.confirm(("abcde", "abcde"))

    def unlock(page: UnlockPage) -> None:
        page.start([LockerRecord("Locker", "/home/anna/.local/share/megadesk/store/Locker", "0" * 64, 0)])

    def wrong(page: UnlockPage) -> None:
        second = LockerRecord("Work", "/mnt/nas/megadesk-work", "1" * 64, 0)
        page.start([LockerRecord("Locker", "/home/anna/store", "0" * 64, 0), second], waiting=2)
        page._edit.setText("something")
        page.show_wrong_passphrase("That passphrase does not open this locker.")

    def joining(page: JoinPage) -> None:
        page._key.setPlainText("X" + KEY[1:].lower())

    def chosen(view: LockerView) -> None:
        browser(view).view.select_row(4)

    def browser(view: LockerView) -> BrowserPage:
        page = view.page()
        assert isinstance(page, BrowserPage)
        return page

    def trouble(view: LockerView) -> None:
        page = browser(view)
        page.show_problem(Problem("The storage cannot be reached", "The folder /mnt/nas is not there.", "Connect it."))
        page._locker.read_only_reason = "Entry 12 of the device “laptop” is gone from the storage."  # type: ignore[misc]
        page.show_read_only(page._locker.read_only_reason)
        page._locker.read_only_reason = None  # type: ignore[misc]

    def undo(view: LockerView) -> None:
        page = browser(view)
        page.show_notice(Notice("3 items are in the trash.", "&Undo", lambda: None))
        page.actions_.ask_name()
        page.names.answer("A name cannot hold “/”.")

    def expanded(view: LockerView) -> None:
        view.strip.expand()
        view.strip._list._view.setCurrentIndex(view.strip._list._model.index(2))

    def deep(view: LockerView) -> None:
        browser(view).crumbs.show_path(
            ["Locker", *[f"Folder number {n}" for n in range(9)], "A rather long name at the end"]
        )

    shots: dict[str, tuple[Callable[[MainWindow], QWidget], Callable[..., None]]] = {
        "setup": (setup, typed),
        "setup-other": (setup, other),
        "key": (setup, key),
        "check": (setup, check),
        "unlock": (lambda window: UnlockPage(studio.theme, Core(), window._fresh_scope()), unlock),  # type: ignore[arg-type]
        "wrong": (lambda window: UnlockPage(studio.theme, Core(), window._fresh_scope()), wrong),  # type: ignore[arg-type]
        "join": (
            lambda window: JoinPage(studio.theme, Core(), window._fresh_scope(), studio.bridge.post),  # type: ignore[arg-type]
            joining,
        ),
        "browser": (studio.browser(full), chosen),
        "uploading": (studio.browser(uploading()), lambda page: None),
        "transfers": (studio.browser(uploading()), expanded),
        "empty": (studio.browser(FakeLocker()), lambda page: None),
        "trouble": (studio.browser(FakeLocker(rows(time.time_ns()))), trouble),
        "undo": (studio.browser(full), undo),
        "deep": (studio.browser(FakeLocker(many_rows(100_000))), deep),
    }
    for name, (make, prepare) in shots.items():
        if (everything or name in KEPT) and (not sys.argv[3:] or name in sys.argv[3:]):
            studio.take(name, make, prepare)
    studio.bridge.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), "all" in sys.argv[2:])
