"""The settings as the window uses them: changed at once, saved behind it, told to who follows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import QObject

from megadesk.state.settings import Settings, SettingsFile
from megadesk.ui.runner import Scope
from megadesk.ui.signals import signal


class Preferences(QObject):
    """For the GUI thread. Other processes' changes are seen at the next save."""

    changed = signal[Settings]()

    def __init__(self, file: SettingsFile, settings: Settings, scope: Scope) -> None:
        """``scope`` must live as long as the window: a change must not be dropped with a page."""
        super().__init__()
        self._file = file
        self._settings = settings
        self._scope = scope
        self._waiting: dict[str, Any] = {}
        self._saving = False
        self._then: list[Callable[[], object]] = []

    @property
    def settings(self) -> Settings:
        return self._settings

    def change(self, **changes: Any) -> None:
        """Values must be of the setting's type. What cannot be saved is told by the scope's error handler."""
        self._settings = msgspec.structs.replace(self._settings, **changes)
        self._waiting.update(changes)
        self.changed.emit(self._settings)
        self._save()

    def when_saved(self, then: Callable[[], object]) -> None:
        """Call ``then`` on another thread once all that has been changed is on disk."""
        self._then.append(then)
        self._save()

    def _save(self) -> None:
        """One at a time: two threads could save an older value last."""
        if self._saving or not (self._waiting or self._then):
            return
        changes, self._waiting = self._waiting, {}
        then, self._then = self._then, []
        self._saving = True

        def task() -> None:
            if changes:
                self._file.update(**changes)
            for each in then:
                each()

        self._scope.run(task, lambda _: self._saved(), self._failed)

    def _saved(self) -> None:
        self._saving = False
        self._save()

    def _failed(self, error: Exception) -> None:
        self._saving = False
        raise error

    def flush(self) -> None:
        """Save here and now what waits still; for the end of the program. Raises as `SettingsFile.update`."""
        changes, self._waiting = self._waiting, {}
        if changes:
            self._file.update(**changes)
