"""Making a locker, joining one by its recovery key, and a new passphrase by recovery key."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from megadesk.core.credentials import Given
from megadesk.errors import PassphraseError, RecoveryKeyError
from megadesk.format.recovery import GROUPS, parse_recovery_key
from megadesk.types import Progress
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Core, Locker, NewLocker
from megadesk.ui.presenters.errors import Problem, problem_of, words
from megadesk.ui.presenters.strength import Strength, strength, warm_up
from megadesk.ui.runner import Runs


@dataclass(frozen=True)
class PassphraseState:
    """What the two passphrase fields say right now."""

    strength: Strength
    hint: str
    mismatch: bool
    """Both are filled and differ (not while the second is still a beginning of the first)."""
    ready: bool


def check_passphrases(first: str, second: str) -> PassphraseState:
    """Any passphrase is allowed; a weak one is named so."""
    level = strength(first)
    hints = {
        Strength.EMPTY: translate("setup", "Four or more unrelated words are strong and easy to type."),
        Strength.WEAK: translate("setup", "Weak: quickly guessed by somebody who copies your disk."),
        Strength.FAIR: translate("setup", "Fair: another word would help."),
        Strength.GOOD: translate("setup", "Good."),
        Strength.STRONG: translate("setup", "Strong."),
    }
    mismatch = bool(second) and first != second and not first.startswith(second)
    return PassphraseState(level, hints[level], mismatch, bool(first) and first == second)


def check_recovery_key(text: str) -> str:
    """ "" when complete and right, else what is wrong with it and where."""
    try:
        parse_recovery_key(text)
    except RecoveryKeyError as error:
        return f"{words(str(error))} {words(error.remedy)}".strip()
    return ""


def key_groups(recovery_key: str) -> list[str]:
    """The 13 groups of a key."""
    return recovery_key.split("-")


def same_group(typed: str, group: str) -> bool:
    """Whether a typed group is meant to be ``group``: case, blanks and look-alikes do not count."""
    plain = "".join(typed.upper().split()).strip("-").translate(str.maketrans("ILO", "110"))
    return plain == group


class SetupView(Protocol):
    """The setup page."""

    def set_default_store(self, address: str) -> None: ...
    def set_busy(self, busy: bool, text: str = "") -> None: ...
    def show_problem(self, problem: Problem | None, *, at_key: bool = False) -> None: ...
    def show_key(self, groups: list[str]) -> None: ...
    def ask_groups(self, numbers: tuple[int, int]) -> None: ...
    def finished(self, locker: Locker) -> None: ...


class SetupPresenter:
    """Form, then recovery key, then its confirmation, then the open locker."""

    def __init__(self, view: SetupView, core: Core, runs: Runs, choose: random.Random | None = None) -> None:
        self._view = view
        self._core = core
        self._runs = runs
        self._choose = choose or random.SystemRandom()
        self._new: NewLocker | None = None
        self._asked: tuple[int, int] = (0, 0)
        self._name = translate("setup", "Locker")

    @property
    def key_unconfirmed(self) -> bool:
        """A key has been shown and nobody has proved to have it yet."""
        return self._new is not None

    @property
    def name(self) -> str:
        """The locker's name."""
        return self._name

    @property
    def recovery_key(self) -> str:
        return self._new.recovery_key if self._new is not None else ""

    def start(self) -> None:
        """Find a free name and the place on this computer."""

        default = self._name

        def prepare() -> tuple[str, str]:
            taken = {record.name for record in self._core.lockers()}
            name, number = default, 1
            while name in taken:
                number += 1
                name = f"{default} {number}"
            return name, self._core.default_store_address(name)

        def prepared(found: tuple[str, str]) -> None:
            self._name = found[0]
            self._view.set_default_store(found[1])

        self._runs.run(warm_up)
        self._runs.run(prepare, prepared, self._failed, lane="prepare")

    def choose_name(self, name: str) -> None:
        """Another name than the one that was free; the place on this computer goes with it, where it can."""
        self._name = name.strip()
        core, wanted = self._core, self._name

        def found(address: str) -> None:
            if self._name == wanted:
                self._view.set_default_store(address)

        self._runs.run(lambda: core.default_store_address(wanted), found, lambda _: None, lane="prepare")

    def create(self, store: str, passphrase: str, credentials: Given = None) -> None:
        """Make the locker; ``store`` "" is the default place."""
        self._view.show_problem(None)
        self._view.set_busy(True, translate("setup", "Making the locker…"))
        name, core = self._name, self._core
        self._runs.run(
            lambda: core.create_locker(passphrase, store=store or None, name=name, credentials=credentials),
            self._created,
            self._failed,
            lane="create",
        )

    def _created(self, new: NewLocker) -> None:
        self._new = new
        self._view.set_busy(False)
        self._view.show_key(key_groups(new.recovery_key))

    def key_saved(self) -> None:
        """The user says it is written down: ask for two groups of it, other ones at each attempt."""
        first, second = sorted(self._choose.sample(range(1, GROUPS + 1), 2))
        self._asked = (first, second)
        self._view.show_problem(None)
        self._view.ask_groups(self._asked)

    def back_to_key(self) -> None:
        if self._new is not None:
            self._view.show_problem(None)
            self._view.show_key(key_groups(self._new.recovery_key))

    def wrong_groups(self, typed: tuple[str, str]) -> list[int]:
        """Numbers of the asked groups that are not right."""
        groups = key_groups(self.recovery_key)
        return [
            number
            for number, text in zip(self._asked, typed, strict=True)
            if not groups[0] or not same_group(text, groups[number - 1])
        ]

    def confirm(self, typed: tuple[str, str]) -> None:
        """Finish when both groups are right; from then on the key is nowhere in the program."""
        wrong = self.wrong_groups(typed)
        if self._new is None:
            return
        if wrong:
            self._view.show_problem(
                Problem(
                    translate("setup", "That is not the key"),
                    translate("setup", "Group %1 does not match.").replace("%1", str(wrong[0]))
                    if len(wrong) == 1
                    else translate("setup", "Neither group matches."),
                    translate("setup", "Compare with what you saved, or go back to see the key again."),
                )
            )
            return
        locker, self._new = self._new.locker, None
        self._view.finished(locker)

    def _failed(self, error: Exception) -> None:
        self._view.set_busy(False)
        self._view.show_problem(problem_of(error))


class JoinPresenter:
    """Opening a locker on this machine with its recovery key: one that exists elsewhere, or a new passphrase."""

    def __init__(self, view: SetupView, core: Core, runs: Runs, post: Callable[[object], None]) -> None:
        """``post`` brings `JoinProgress` from the worker thread to the view."""
        self._view = view
        self._core = core
        self._runs = runs
        self._post = post

    def join(
        self, store: str, recovery_key: str, passphrase: str, credentials: Given = None, code: str | None = None
    ) -> None:
        """Join the locker in ``store``; by a pairing ``code``, if there is one."""
        core, post = self._core, self._post

        def task() -> Locker:
            return core.join_locker(
                store,
                passphrase,
                recovery_key,
                progress=lambda p: post(JoinProgress(p)),
                credentials=credentials,
                code=code,
            )

        self._begin(task, translate("setup", "Reading the locker…"))

    def reset(self, name: str, recovery_key: str, passphrase: str, credentials: Given = None) -> None:
        """A new passphrase for a locker of this machine."""
        core = self._core
        self._begin(
            lambda: core.reset_passphrase(name, recovery_key, passphrase, credentials=credentials),
            translate("setup", "Setting the passphrase…"),
        )

    def _begin(self, task: Callable[[], Locker], text: str) -> None:
        self._view.show_problem(None)
        self._view.set_busy(True, text)
        self._runs.run(task, self._opened, self._failed, lane="join")

    def _opened(self, locker: Locker) -> None:
        self._view.set_busy(False)
        self._view.finished(locker)

    def _failed(self, error: Exception) -> None:
        self._view.set_busy(False)
        at_key = isinstance(error, RecoveryKeyError | PassphraseError)
        self._view.show_problem(problem_of(error), at_key=at_key)


@dataclass(frozen=True)
class JoinProgress:
    """How far joining is."""

    progress: Progress
