"""Opening a locker of this machine with its passphrase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from megadesk.errors import PassphraseError
from megadesk.state.registry import LockerRecord
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.runner import Runs


class UnlockView(Protocol):
    """The unlock page."""

    def show_lockers(self, lockers: Sequence[LockerRecord]) -> None: ...
    def set_busy(self, busy: bool) -> None: ...
    def show_wrong_passphrase(self, text: str) -> None: ...
    def show_problem(self, problem: Problem | None) -> None: ...
    def show_remembered(self, remembered: bool) -> None: ...
    def unlocked(self, locker: Locker) -> None: ...


class UnlockPresenter:
    """Keeps no passphrase: it goes from the field to the task and is gone with it."""

    def __init__(self, view: UnlockView, core: Core, runs: Runs) -> None:
        self._view = view
        self._core = core
        self._runs = runs
        self._busy = False

    def start(self, lockers: Sequence[LockerRecord]) -> None:
        self._view.show_lockers(lockers)

    def unlock(self, name: str, passphrase: str) -> None:
        """Nothing happens while another attempt runs."""
        if self._busy:
            return
        if not passphrase:
            self._view.show_wrong_passphrase(translate("unlock", "Type the passphrase of this locker."))
            return
        self._busy = True
        self._view.show_problem(None)
        self._view.set_busy(True)
        core = self._core
        self._runs.run(lambda: core.unlock(name, passphrase), self._unlocked, self._failed, lane="unlock")

    def chosen(self, name: str) -> None:
        """Another locker is in the form: does the system's keychain open it?"""
        core = self._core
        self._view.show_remembered(False)
        self._runs.run(
            lambda: core.is_remembered(name), self._view.show_remembered, lambda _: None, lane="is remembered"
        )

    def unlock_remembered(self, name: str) -> None:
        """By the keychain. It is asked for by hand, never by itself: a locked locker stays locked."""
        if self._busy:
            return
        self._busy = True
        self._view.show_problem(None)
        self._view.set_busy(True)
        core = self._core
        self._runs.run(lambda: core.unlock_remembered(name), self._recalled, self._failed, lane="unlock")

    def _recalled(self, locker: Locker | None) -> None:
        if locker is not None:
            self._unlocked(locker)
            return
        self._busy = False
        self._view.set_busy(False)
        self._view.show_remembered(False)
        self._view.show_wrong_passphrase(translate("unlock", "The keychain does not have it any more."))

    def _unlocked(self, locker: Locker) -> None:
        self._busy = False
        self._view.set_busy(False)
        self._view.unlocked(locker)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._view.set_busy(False)
        if isinstance(error, PassphraseError):
            self._view.show_wrong_passphrase(translate("unlock", "That passphrase does not open this locker."))
        else:
            self._view.show_problem(problem_of(error))
