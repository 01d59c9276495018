"""Making, joining and unlocking, without Qt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from fakes import RECORD, FakeLocker
from manual import ManualRuns

from megadesk.core.credentials import Given
from megadesk.errors import LockerExistsError, PassphraseError, RecoveryKeyError
from megadesk.format.recovery import format_recovery_key
from megadesk.state.registry import LockerRecord
from megadesk.types import ProgressCallback
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.setup import (
    JoinPresenter,
    SetupPresenter,
    check_passphrases,
    check_recovery_key,
    same_group,
)
from megadesk.ui.presenters.strength import Strength, strength
from megadesk.ui.presenters.unlock import UnlockPresenter

KEY = format_recovery_key(bytes(range(32)))


@dataclass
class Made:
    locker: FakeLocker
    recovery_key: str


class Core:
    def __init__(self) -> None:
        self.known: list[LockerRecord] = []
        self.calls: list[tuple[Any, ...]] = []
        self.fail: Exception | None = None
        self.recalled: FakeLocker | None = None

    def _may(self, *call: Any) -> FakeLocker:
        self.calls.append(call)
        if self.fail is not None:
            raise self.fail
        return FakeLocker()

    def lockers(self) -> list[LockerRecord]:
        return self.known

    def default_store_address(self, name: str, /) -> str:
        return f"/home/me/store/{name}"

    def create_locker(
        self, passphrase: str, /, *, store: str | None = None, name: str = "Locker", credentials: Given = None
    ) -> Made:
        return Made(self._may("create", passphrase, store, name), KEY)

    def join_locker(
        self,
        store: str,
        passphrase: str,
        recovery_key: str,
        /,
        *,
        name: str | None = None,
        progress: ProgressCallback | None = None,
        credentials: Given = None,
        code: str | None = None,
    ) -> FakeLocker:
        return self._may("join", store, passphrase, recovery_key)

    def unlock(self, name: str | None, passphrase: str, /) -> FakeLocker:
        return self._may("unlock", name, passphrase)

    def reset_passphrase(self, name: str, recovery_key: str, new: str, /, *, credentials: Given = None) -> FakeLocker:
        return self._may("reset", name, recovery_key, new)

    def is_remembered(self, name: str | None, /) -> bool:
        return name == "Remembered"

    def unlock_remembered(self, name: str | None, /) -> FakeLocker | None:
        self.calls.append(("recall", name))
        return self.recalled

    def close(self) -> None: ...


class View:
    def __init__(self) -> None:
        self.store = ""
        self.busy = False
        self.problem: Problem | None = None
        self.at_key = False
        self.key: list[str] = []
        self.asked = (0, 0)
        self.locker: Locker | None = None
        self.wrong = ""
        self.lockers: Sequence[LockerRecord] = ()

    def set_default_store(self, address: str) -> None:
        self.store = address

    def set_busy(self, busy: bool, text: str = "") -> None:
        self.busy = busy

    def show_problem(self, problem: Problem | None, *, at_key: bool = False) -> None:
        self.problem, self.at_key = problem, at_key

    def show_key(self, groups: list[str]) -> None:
        self.key = groups

    def ask_groups(self, numbers: tuple[int, int]) -> None:
        self.asked = numbers

    def finished(self, locker: Locker) -> None:
        self.locker = locker

    def show_lockers(self, lockers: Sequence[LockerRecord]) -> None:
        self.lockers = lockers

    def show_wrong_passphrase(self, text: str) -> None:
        self.wrong = text

    def show_remembered(self, remembered: bool) -> None:
        self.remembered = remembered

    def unlocked(self, locker: Locker) -> None:
        self.locker = locker


def test_a_locker_is_made_and_its_key_confirmed() -> None:
    core, view, runs = Core(), View(), ManualRuns()
    core.known = [RECORD, LockerRecord("Locker", "/x", "11" * 32, 0)]
    presenter = SetupPresenter(view, core, runs, random.Random(1))
    presenter.start()
    runs.all()
    assert view.store == "/home/me/store/Locker 2"
    presenter.create("", "secret words")
    assert view.busy
    runs.all()
    assert core.calls == [("create", "secret words", None, "Locker 2")]
    assert len(view.key) == 13
    assert presenter.key_unconfirmed
    presenter.key_saved()
    first, second = view.asked
    assert 1 <= first < second <= 13
    presenter.confirm(("00000", view.key[second - 1]))
    assert view.problem is not None
    assert str(first) in view.problem.message
    assert view.locker is None
    presenter.back_to_key()
    presenter.key_saved()
    first, second = view.asked
    presenter.confirm((view.key[first - 1].lower(), f" {view.key[second - 1]} "))
    assert view.locker is not None
    assert not presenter.key_unconfirmed
    assert presenter.recovery_key == ""


def test_what_prevents_making_is_said() -> None:
    core, view, runs = Core(), View(), ManualRuns()
    core.fail = LockerExistsError("This storage already holds a locker.")
    SetupPresenter(view, core, runs).create("/mnt/x", "secret words")
    runs.all()
    assert view.problem is not None
    assert view.problem.title == "There is already a locker"
    assert not view.busy


def test_joining_and_resetting() -> None:
    core, view, runs = Core(), View(), ManualRuns()
    presenter = JoinPresenter(view, core, runs, lambda message: None)
    presenter.join("/mnt/x", KEY, "new words")
    runs.all()
    presenter.reset("Test", KEY, "new words")
    runs.all()
    assert core.calls == [("join", "/mnt/x", "new words", KEY), ("reset", "Test", KEY, "new words")]
    core.fail = RecoveryKeyError("This key is of another locker.")
    presenter.join("/mnt/x", KEY, "new words")
    runs.all()
    assert view.at_key


def test_unlocking() -> None:
    core, view, runs = Core(), View(), ManualRuns()
    presenter = UnlockPresenter(view, core, runs)  # type: ignore[arg-type]
    presenter.start([RECORD])
    presenter.unlock("Test", "")
    assert view.wrong
    core.fail = PassphraseError("no")
    presenter.unlock("Test", "wrong")
    presenter.unlock("Test", "impatient")  # while the first is at work
    runs.all()
    assert "does not open" in view.wrong
    core.fail = None
    presenter.unlock("Test", "right")
    runs.all()
    assert view.locker is not None
    assert [call[2] for call in core.calls] == ["wrong", "right"]


def test_faults_of_ours_show_no_insides() -> None:
    problem = problem_of(KeyError("/Documents/secret.txt"))
    assert "secret" not in problem.text
    assert "KeyError" in problem.text


def test_recovery_key_hints() -> None:
    assert check_recovery_key(KEY) == ""
    assert check_recovery_key(KEY.lower().replace("-", " ")) == ""
    wrong = ("1" if KEY[0] != "1" else "2") + KEY[1:]
    assert "Group 1 " in check_recovery_key(wrong)
    assert check_recovery_key("") != ""
    assert same_group("o il1-", "0111") is True
    assert same_group("", "0111") is False


@pytest.mark.parametrize(
    ("passphrase", "most"),
    [
        ("", Strength.EMPTY),
        ("password", Strength.WEAK),
        ("P@ssw0rd1", Strength.WEAK),
        ("qwertyuiop", Strength.WEAK),
        ("aaaaaaaaaaaaaaaa", Strength.WEAK),
        ("12345678901234567890", Strength.WEAK),
        ("letmein123", Strength.WEAK),
    ],
)
def test_bad_passphrases_are_named(passphrase: str, most: Strength) -> None:
    assert strength(passphrase) <= most


@pytest.mark.parametrize("passphrase", ["purple otter lamp seven", "correct horse battery staple", "x7$Kq!p9Zr2#mV"])
def test_good_passphrases_are_named(passphrase: str) -> None:
    assert strength(passphrase) >= Strength.GOOD


def test_the_second_field_is_not_wrong_while_it_is_being_typed() -> None:
    assert not check_passphrases("abcdef", "abc").mismatch
    assert check_passphrases("abcdef", "abx").mismatch
    assert check_passphrases("abcdef", "abcdef").ready
    assert not check_passphrases("", "").ready


def test_the_keychain_opens_what_it_remembers() -> None:
    core, view, runs = Core(), View(), ManualRuns()
    presenter = UnlockPresenter(view, core, runs)
    presenter.chosen("Test")
    runs.all()
    assert not view.remembered
    presenter.chosen("Remembered")
    runs.all()
    assert view.remembered
    presenter.unlock_remembered("Remembered")
    runs.all()
    assert view.locker is None
    assert "keychain" in view.wrong
    assert not view.remembered
    core.recalled = FakeLocker()
    presenter.unlock_remembered("Remembered")
    runs.all()
    assert view.locker is core.recalled
