"""The desktop program: the one place where its parts are put together."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from types import TracebackType

from PySide6.QtCore import (
    QDateTime,
    QLocale,
    QMessageLogContext,
    QSocketNotifier,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QStyleFactory

from megadesk.state import logs
from megadesk.state.paths import Paths
from megadesk.state.settings import SettingsFile
from megadesk.ui import formatting, language
from megadesk.ui.bridge import Bridge
from megadesk.ui.collecting import Collector
from megadesk.ui.display import ADVICE, display_problem
from megadesk.ui.icons import app_icon
from megadesk.ui.ports import Core
from megadesk.ui.preferences import Preferences
from megadesk.ui.private_files import PrivateFiles
from megadesk.ui.runner import ThreadFailed
from megadesk.ui.services import Services
from megadesk.ui.single import FirstInstance, raise_first
from megadesk.ui.theme import Theme
from megadesk.ui.turns import SWITCH_S
from megadesk.ui.windows.main_window import MainWindow
from megadesk.ui.windows.tray_host import TrayHost

log = logging.getLogger(__name__)

_STOP_S = 15.0


def run_app(home: str | None = None, *, background: bool = False, link: str = "") -> int:
    """Show the window until it is closed; the exit status. For the main thread of a process, once.

    Where one runs already in the same home, that one is shown instead. ``background``: begin in the tray. ``link``: one
    that another program wants opened.

    Uploads that run when it ends are stopped in an orderly way and go on at the next start. Says in one line on
    standard error when there is no display. Never raises.
    """
    problem = display_problem()
    if problem:
        return _refuse(f"{problem} {ADVICE}")
    paths = Paths(home)
    logs.configure(paths)
    try:
        return _run(home, paths, SettingsFile(paths.settings_file), background=background, link=link)
    except Exception:
        log.exception("the window ended with an error")
        return _refuse(f"the window ended with an error; the log has the details: {paths.log_dir}")


def _refuse(text: str) -> int:
    sys.stderr.write(f"megadesk: {' '.join(text.split())}\n")
    return 1


def _run(home: str | None, paths: Paths, settings_file: SettingsFile, *, background: bool, link: str) -> int:
    old_switch = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    _route_qt_messages()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["megadesk"])
    app.setApplicationName("MegaDesk")
    app.setDesktopFileName("megadesk")
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setWindowIcon(app_icon())
    # The tray keeps the program when its window is hidden, and a dialog is no window to end with.
    app.setQuitOnLastWindowClosed(False)
    place = str(paths.config_dir)
    if raise_first(place, link):
        return 0
    settings = settings_file.load()
    _use_locale(language.install(app, settings.language))
    bridge = Bridge()
    theme = Theme(app, settings.theme, settings.text_scale)
    preferences = Preferences(settings_file, settings, bridge.runner.scope())
    preferences.changed.connect(theme.follow)
    private_files = PrivateFiles(paths.cache_dir)
    bridge.runner.scope().run(private_files.sweep)
    window = MainWindow(theme, bridge, Services(paths, preferences, private_files))
    window.restore(settings.window_geometry)
    collector = Collector(window.guard.quiet_s, bridge)
    collector.start()
    tray = TrayHost(window, theme, bridge, preferences)

    def wanted(text: str) -> None:
        tray.show_window()
        if text:
            window.open_link(text, asked_elsewhere=True)

    first = FirstInstance(place, wanted)
    cores: list[Core] = []

    def make_core() -> Core:
        from megadesk.core.app import App

        cores.append(App(home, event_sink=bridge.post))
        return cores[0]

    with _exceptions_shown(window.show_error, bridge.post), _signals_end(app.exit):
        window.closed.connect(app.quit)
        tray.start(background=background)
        window.start(make_core)
        if link:
            wanted(link)
        status = int(app.exec())
    # No window, no event loop: from here on this thread may wait.
    first.end()
    tray.end()
    window.hide()
    geometry = window.geometry_text()
    words = window.last_words()
    bridge.close()
    ended = _close(cores, private_files, words)
    _save_geometry(settings_file, preferences, geometry)
    collector.stop()
    window.deleteLater()
    app.sendPostedEvents()
    sys.setswitchinterval(old_switch)
    if not ended:
        log.error("work did not stop in time; the process is ended, what is unfinished goes on at the next start")
        logging.shutdown()
        os._exit(status)
    return status


def _close(cores: list[Core], private_files: PrivateFiles, words: list[Callable[[], None]]) -> bool:
    """Lock what is open and wipe what is in clear, with a deadline. False when it did not end."""

    def close() -> None:
        private_files.wipe()
        for word in words:
            try:
                word()
            except Exception:
                log.exception("how a locker was looked at was not kept")
        for core in cores:
            try:
                core.close()
            except Exception:
                log.exception("the lockers could not be closed properly")

    closer = threading.Thread(target=close, name="close", daemon=True)
    closer.start()
    closer.join(_STOP_S)
    return not closer.is_alive()


def _save_geometry(file: SettingsFile, preferences: Preferences, geometry: str) -> None:
    try:
        preferences.flush()
        if geometry != preferences.settings.window_geometry:
            file.update(window_geometry=geometry)
    except Exception as error:  # noqa: BLE001 - the window is gone: the log is all there is
        log.warning("the last settings were not kept: %s", error)


def _use_locale(locale: QLocale) -> None:
    def date_text(when_s: float) -> str:
        return locale.toString(QDateTime.fromSecsSinceEpoch(int(when_s)).date(), "d MMM yyyy")

    formatting.use_locale(locale.decimalPoint(), locale.groupSeparator(), date_text)


def _route_qt_messages() -> None:
    """Qt's own messages go to the log; its fatal one, that no window can be made, to standard error as one line."""
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
    }

    def handle(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            os._exit(_refuse(f"Qt cannot show a window: {message.splitlines()[0]} {ADVICE}"))
        log.log(levels.get(kind, logging.WARNING), "Qt: %s", message)

    qInstallMessageHandler(handle)


@contextlib.contextmanager
def _exceptions_shown(show: Callable[[BaseException], None], post: Callable[[object], None]) -> Iterator[None]:
    """Exceptions in slots and threads go to the log and, in words, to a banner; the program goes on."""

    def in_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("unexpected", exc_info=(kind, error, trace))
        if isinstance(error, Exception):
            show(error)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            log.error("unexpected, in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))
            post(ThreadFailed(args.exc_value))

    old = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = in_slot, in_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = old


@contextlib.contextmanager
def _signals_end(quit_: Callable[[], None]) -> Iterator[None]:
    """SIGTERM, SIGINT and SIGHUP close the window in an orderly way.

    Python runs handlers between bytecodes, and an idle event loop runs none: a byte on a socket wakes it.
    """
    ours, pythons = socket.socketpair()
    ours.setblocking(False)
    pythons.setblocking(False)
    names = [name for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
    old = {name: signal.signal(getattr(signal, name), lambda *_: quit_()) for name in names}
    old_fd = signal.set_wakeup_fd(pythons.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)

    def woken() -> None:
        with contextlib.suppress(OSError):
            ours.recv(64)

    notifier.activated.connect(woken)
    try:
        yield
    finally:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(old_fd)
        for name, handler in old.items():
            signal.signal(getattr(signal, name), handler)
        ours.close()
        pythons.close()
