"""Pictures of every screen, from made-up data: python3 dev.py shots [--scale 2] [NAME...]

In an X server of its own (Xvfb): light and dark, English and French, 1024x640 and 1920x1080, in DejaVu Sans, at a
fixed moment: the same source makes the same pictures. All go into build/shots (not kept in the repository); those that
KEPT lists go into docs/screenshots as well. With a scale, as on a dense screen, they go into build/shots-SCALE alone.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QDateTime, QEventLoop, QIODevice, QLocale, QTimer, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QApplication, QWidget

sys.path.insert(0, str(Path(__file__).parent))
from fakes import FakeCore, FakeLocker, row, transfer
from helpers import services

from megadesk.core.devices import DeviceRow
from megadesk.errors import StoreUnavailableError
from megadesk.format.recovery import format_recovery_key
from megadesk.state.registry import LockerRecord
from megadesk.state.settings import LimitWindow
from megadesk.transfer.port import FileFailure
from megadesk.transfer.records import Direction, State
from megadesk.tree.rows import NodeRow
from megadesk.types import DeviceId
from megadesk.ui import formatting
from megadesk.ui.bridge import Bridge
from megadesk.ui.i18n import translate
from megadesk.ui.pages.browser_page import BrowserPage
from megadesk.ui.pages.catalog import PAGES
from megadesk.ui.pages.join_page import JoinPage
from megadesk.ui.pages.registry import LockerPage
from megadesk.ui.pages.settings.locking import LockSection
from megadesk.ui.pages.settings.page import SettingsPage
from megadesk.ui.pages.settings.transfers import TransfersSection
from megadesk.ui.pages.setup_page import SetupPage
from megadesk.ui.pages.unlock_page import UnlockPage
from megadesk.ui.presenters.errors import problem_of
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.theme import Theme
from megadesk.ui.windows.locker_view import LockerView
from megadesk.ui.windows.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
SCALE = os.environ.get("QT_SCALE_FACTOR", "1") if os.environ.get("MEGADESK_SHOTS") == "inside" else "1"
OUT = ROOT / "build" / ("shots" if SCALE == "1" else f"shots-{SCALE}")
DOCS = ROOT / "docs" / "screenshots"
SIZES = {"small": (1024, 640), "large": (1920, 1080)}
SCHEMES = ("light", "dark")
LANGUAGES = {"en": QLocale("en_GB"), "fr": QLocale("fr_FR")}
FONT = "DejaVu Sans"
"""Of Debian's fonts-dejavu-core, which the window itself needs there; no font in the repository."""
NOW_S = 1_779_105_600
"""18 May 2026, noon UTC."""
KEPT = {
    # file in docs/screenshots: screen, language, scheme, size
    "setup": ("setup", "en", "light", "small"),
    "setup-other": ("setup-other", "en", "dark", "small"),
    "recovery-key": ("key", "en", "light", "small"),
    "unlock": ("unlock", "en", "light", "small"),
    "browser": ("browser", "en", "light", "small"),
    "browser-dark": ("browser", "en", "dark", "small"),
    "browser-fr": ("browser", "fr", "light", "small"),
    "browser-large": ("browser", "en", "light", "large"),
    "pdf": ("pdf", "en", "light", "small"),
    "uploading": ("uploading", "en", "light", "small"),
    "transfers": ("page-transfers", "en", "dark", "small"),
    "computers": ("page-devices", "en", "light", "small"),
    "join": ("join", "en", "dark", "small"),
    "storage": ("page-storage", "en", "light", "small"),
    "storage-dark": ("page-storage", "fr", "dark", "small"),
    "settings-lock": ("settings-lock", "en", "light", "small"),
    "settings-transfers": ("settings-transfers", "en", "dark", "small"),
    "settings-fr": ("settings-appearance", "fr", "dark", "small"),
    "keyboard": ("settings-keyboard", "en", "light", "small"),
}
HOUR = 3600 * 10**9
HOME = LockerRecord("Locker", "/home/anna/.local/share/megadesk/store/Locker", "0" * 64, 0)
WORK = LockerRecord("Work", "/mnt/nas/megadesk-work", "1" * 64, 0)
KEY = format_recovery_key(bytes((7 * number + 3) % 256 for number in range(32)))


@dataclass
class Made:
    locker: FakeLocker
    recovery_key: str = KEY


class KnownLockers(FakeCore):
    """The lockers that the sidebar shows too."""

    def lockers(self) -> list[LockerRecord]:
        return [HOME, WORK]


class Core:
    def lockers(self) -> list[LockerRecord]:
        return []

    def is_remembered(self, name: str | None, /) -> bool:
        return False

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
    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        self.theme = Theme(app, "light")
        self.bridge = Bridge()
        self.language = "en"
        self.taken: list[str] = []
        self.page: QWidget | None = None

    def settle(self, seconds: float = 0.12) -> None:
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def speak(self, language: str) -> None:
        """From now on in that language."""
        self.language = language
        for old in self.app.findChildren(QTranslator):
            self.app.removeTranslator(old)
            old.deleteLater()
        from megadesk.ui import language as languages

        languages.install(self.app, language)
        locale = LANGUAGES[language]
        QLocale.setDefault(locale)

        def date_text(when_s: float) -> str:
            return locale.toString(QDateTime.fromSecsSinceEpoch(int(when_s)).date(), "d MMM yyyy")

        formatting.use_locale(locale.decimalPoint(), locale.groupSeparator(), date_text)

    def take(
        self,
        name: str,
        make: Callable[[MainWindow], QWidget | None],
        prepare: Callable[..., None] = lambda page: None,
    ) -> None:
        """One screen in this language: all sizes and schemes."""
        if self.names and name not in self.names:
            return
        for size, (width, height) in SIZES.items():
            for scheme in SCHEMES:
                self.theme.choose(scheme)
                window = MainWindow(self.theme, self.bridge, services(self.bridge, "/home/anna/.megadesk"))
                window.resize(width, height)
                window._core = KnownLockers()
                page = make(window)
                if isinstance(page, LockerView):
                    window.frame_.show_lockers([page.locker.record, WORK])
                    window.frame_.add_view(page)
                    window._to_front(window.frame_)
                    page.start()
                elif page is not None:
                    window._show(page)
                window.show()
                window.resize(width, height)
                self.settle()
                prepare(page)
                self.settle()
                QApplication.setCursorFlashTime(0)
                picture = window.grab()
                file = f"{name}-{self.language}-{scheme}-{size}.png"
                picture.save(str(OUT / file))
                self.taken.append(file)
                for kept, wanted in KEPT.items():
                    if SCALE == "1" and wanted == (name, self.language, scheme, size):
                        picture.save(str(DOCS / f"{kept}.png"))
                for view in window.frame_.views:
                    view.stop()
                window._scope.close()
                window.hide()
                window.deleteLater()

    def browser(self, locker: FakeLocker) -> Callable[[MainWindow], QWidget]:
        locker.record = HOME
        return lambda window: LockerView(
            self.theme, services(self.bridge), FakeCore(), locker, self.bridge.runner.scope(), PAGES, self.bridge.post
        )


def computer(number: int, name: str, seen_h: float | None, *, revoked: bool = False) -> DeviceRow:
    now_ms = NOW_S * 1000
    seen_ms = None if seen_h is None else int(now_ms - seen_h * 3_600_000)
    return DeviceRow(DeviceId(bytes([number]) * 16), name, number == 1, now_ms - 10**10, seen_ms, 9, revoked)


def thesis() -> bytes:
    """A PDF of three pages."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    writer.setCreator("")
    text = QTextDocument()
    text.setDefaultFont(QFont(FONT, 9))
    words = "Whoever keeps a key keeps a promise: that what was closed stays so until its own hand opens it. "
    text.setHtml("<h2>On keeping things</h2>" + "".join(f"<p>{number}. {words * 3}</p>" for number in range(1, 19)))
    text.print_(writer)
    return bytes(buffer.data().data())


def uploading() -> FakeLocker:
    locker = FakeLocker(rows(NOW_S * 10**9))
    locker.computers = [
        computer(1, "anna-desktop", 0.2),
        computer(2, "Anna's laptop", 3),
        computer(3, "studio-mac", None),
        computer(4, "old laptop (stolen)", 900, revoked=True),
    ]
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


def main(names: Sequence[str]) -> None:
    for folder in (OUT, DOCS):
        folder.mkdir(parents=True, exist_ok=True)
    time.time = lambda: float(NOW_S)  # type: ignore[assignment]
    app = QApplication(["shots"])
    app.setStyle("Fusion")
    if FONT not in QFontDatabase.families():
        sys.exit(f"shots: the font {FONT} is missing; on Debian: apt-get install fonts-dejavu-core")
    app.setFont(QFont(FONT, 10))
    studio = Studio(names)
    for language in LANGUAGES:
        studio.speak(language)
        screens(studio)
    studio.bridge.close()
    print(f"{len(studio.taken)} pictures in {OUT.relative_to(ROOT)}")


def screens(studio: Studio) -> None:
    full = FakeLocker(rows(NOW_S * 10**9))
    full.contents["thesis v10.pdf"] = thesis()

    def setup(window: MainWindow) -> SetupPage:
        page = SetupPage(studio.theme, Core(), window._fresh_scope(), first=True)  # type: ignore[arg-type]
        page._presenter._choose = random.Random(6)
        return page

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
        page.start([HOME])

    def wrong(page: UnlockPage) -> None:
        page.start([HOME, WORK], waiting=2)
        page._edit.setText("something")
        page.show_wrong_passphrase(translate("unlock", "That passphrase does not open this locker."))

    def joining(page: JoinPage) -> None:
        page._code.setPlainText(FakeLocker().pairing_code())
        page._key.setPlainText("X" + KEY[1:].lower())

    def chosen(view: LockerView) -> None:
        listed(view).view.select_row(4)

    def paper(view: LockerView) -> None:
        page = listed(view)
        page.show_details(True)
        at = next(at for at, row in enumerate(page.model.rows) if row.display_name == "thesis v10.pdf")
        page.view.select_row(at)
        for _ in range(100):  # another process draws it
            studio.settle()
            if page.details.preview._document is not None:
                break

    def listed(view: LockerView) -> BrowserPage:
        """With its rows, however busy the machine is."""
        page = browser(view)
        for _ in range(100):
            if page.model.rows:
                break
            studio.settle()
        return page

    def browser(view: LockerView) -> BrowserPage:
        page = view.page()
        assert isinstance(page, BrowserPage)
        return page

    def trouble(view: LockerView) -> None:
        page = listed(view)
        message = "The storage folder /mnt/nas is not there (No such file or directory)."
        away = StoreUnavailableError(message, remedy="Connect the drive or network folder that it is on.")
        page.show_problem(problem_of(away))
        page._locker.read_only_reason = "“laptop”, which the other computer knows, is gone from the storage."  # type: ignore[misc]
        page.show_read_only(page._locker.read_only_reason)
        page._locker.read_only_reason = None  # type: ignore[misc]

    def undo(view: LockerView) -> None:
        page = browser(view)
        text = translate("browser", "%1 are in the trash.").replace("%1", formatting.items(3))
        page.show_notice(Notice(text, translate("browser", "&Undo"), lambda: None))
        page.actions_.ask_name()
        page.names._edit.setText("2026/27")
        page.names._accept()

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
        "pdf": (studio.browser(full), paper),
        "uploading": (studio.browser(uploading()), lambda page: None),
        "empty": (studio.browser(FakeLocker()), lambda page: None),
        "trouble": (studio.browser(FakeLocker(rows(NOW_S * 10**9))), trouble),
        "undo": (studio.browser(full), undo),
    }
    for name, (make, prepare) in shots.items():
        studio.take(name, make, prepare)
    for page in PAGES:
        if isinstance(page, LockerPage) and page.key != "files":
            studio.take(f"page-{page.key}", studio.browser(uploading()), lambda view, key=page.key: view.open_page(key))

    def settings(window: MainWindow) -> None:
        view = studio.browser(FakeLocker(rows(NOW_S * 10**9)))(window)
        assert isinstance(view, LockerView)
        window.frame_.show_lockers([view.locker.record, WORK])
        window.frame_.add_view(view)
        window._to_front(window.frame_)
        view.start()
        window.show_program_page("settings")
        studio.page = window.page()

    def section(key: str) -> Callable[[object], None]:
        def show(_: object) -> None:
            page = studio.page
            assert isinstance(page, SettingsPage)
            page.show_section(key)
            made = page.section()
            if isinstance(made, TransfersSection):
                made.up.setValue(2_500)
                made._show(LimitWindow(days=(0, 1, 2, 3, 4), upload_limit=500_000))
            if isinstance(made, LockSection):
                studio.settle()
                made.idle.choice.setCurrentIndex(4)

        return show

    for key in ("general", "lock", "transfers", "storage", "appearance", "advanced", "keyboard", "about"):
        studio.take(f"settings-{key}", settings, section(key))


def in_xvfb(arguments: Sequence[str]) -> int:
    """This program again, in an X server of its own."""
    read, write = os.pipe()
    scale, names = 1.0, list(arguments)
    if names[:1] == ["--scale"]:
        scale, names = float(names[1]), names[2:]
    screen = f"{round(2000 * scale)}x{round(1200 * scale)}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL) as server:
        try:
            os.close(write)
            with open(read, encoding="ascii") as ready:
                number = ready.readline().strip()
            environ = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND"))}
            # A desktop's own font, scale and theme have no say.
            environ |= {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
            environ |= {"QT_SCALE_FACTOR": f"{scale:g}", "QT_FONT_DPI": "96", "MEGADESK_SHOTS": "inside"}
            return subprocess.call([sys.executable, "-P", "-m", "tests.ui.shots", *names], env=environ, cwd=ROOT)
        finally:
            server.terminate()


if __name__ == "__main__":
    if os.environ.get("MEGADESK_SHOTS") == "inside":
        main(sys.argv[1:])
    else:
        sys.exit(in_xvfb(sys.argv[1:]))
