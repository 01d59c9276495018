"""The window behind the tray icon: shown and hidden by it, and what its menu leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from megadesk.ui.i18n import translate
from megadesk.ui.preferences import Preferences
from megadesk.ui.presenters.listing import row_key
from megadesk.ui.presenters.tray import Opened, RecentFile
from megadesk.ui.theme import Theme
from megadesk.ui.tray import Tray

if TYPE_CHECKING:
    from megadesk.ui.bridge import Bridge
    from megadesk.ui.windows.main_window import MainWindow


class TrayHost:
    """`tray.Host` over the main window."""

    def __init__(self, window: MainWindow, theme: Theme, bridge: Bridge, preferences: Preferences) -> None:
        self._window = window
        self._preferences = preferences
        self._told = False
        self.tray = Tray(theme, self, preferences, bridge.runner.scope)
        window.noticed.connect(self.tray.look_soon)
        window.hide_on_close = self._hides

    def start(self, *, background: bool) -> None:
        """Show the window, or only the icon where that was wished and there is a tray to see it in."""
        in_tray = self.tray.show()
        if not background:
            self._window.show()
        elif not in_tray:
            self._window.showMinimized()

    def end(self) -> None:
        self.tray.end()

    def _hides(self) -> bool:
        """Whether closing the window leaves the program running, to be found in the tray."""
        if not self._preferences.settings.keep_in_tray or not self.tray.shown:
            return False
        if not self._told and self._preferences.settings.notifications:
            self._told = True
            text = translate("tray", "MegaDesk goes on in the tray. Quit it from the menu there.")
            self.tray.icon.showMessage("MegaDesk", text, self.tray.icon.icon())
        return True

    # --- tray.Host

    def opened(self) -> Sequence[Opened]:
        return self._window.frame_.views

    def show_window(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def show_locker_page(self, locker: str, key: str) -> None:
        frame = self._window.frame_
        view = frame.view(locker)
        self.show_window()
        if view is not None:
            frame.show_view(view.locker.record.name)
            view.open_page(key)

    def show_program_page(self, key: str) -> None:
        self._window.show_program_page(key)

    def show_file(self, file: RecentFile) -> None:
        frame = self._window.frame_
        view = frame.view(file.locker)
        self.show_window()
        if view is not None:
            frame.show_view(file.locker)
            view.open_folder(file.row.parent, row_key(file.row))

    def lock(self) -> None:
        self._window.lock()

    def quit(self) -> None:
        self._window.quit()
