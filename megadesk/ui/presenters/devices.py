"""The computers of a locker in the window: which there are, letting another one in, shutting one out. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from megadesk.errors import InputError
from megadesk.format.pairing import parse_pairing
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.errors import Problem, problem_of, words
from megadesk.ui.runner import Runs

if TYPE_CHECKING:
    from megadesk.core.devices import DeviceRow


@dataclass(frozen=True)
class DeviceCard:
    """A computer as the page shows it."""

    id: str
    title: str
    text: str
    tone: str
    icon: str
    can_remove: bool


def device_card(row: DeviceRow, now_s: float | None = None, *, earlier: bool = False) -> DeviceCard:
    """Names are what somebody typed on another computer: shown as harmless text.

    ``earlier``: it has the name of this computer, but came before it. A recovery key lets a computer in anew.
    """
    facts = [translate("devices", "Joined {0}").format(fmt.when(row.enrolled_ms * 1_000_000, now_s, inside=True))]
    if row.revoked:
        facts.append(translate("devices", "removed: nothing that it writes counts any more"))
    elif row.this:
        facts.append(translate("devices", "this computer"))
    elif row.last_seen_ms is None:
        facts.append(translate("devices", "has changed nothing yet"))
    else:
        seen = fmt.when(row.last_seen_ms * 1_000_000, now_s, inside=True)
        facts.append(translate("devices", "last change {0}").format(seen))
    if earlier and not row.this and not row.revoked:
        facts.append(translate("devices", "perhaps this computer, before it was opened anew by the recovery key"))
    tone, icon = ("danger", "close") if row.revoked else ("good", "check") if row.this else ("", "computer")
    can_remove = not row.this and not row.revoked
    return DeviceCard(row.id.hex(), fmt.shown_name(row.name), " · ".join(facts), tone, icon, can_remove)


def store_of_code(code: str) -> tuple[str, str]:
    """(storage address, "") of a pairing code, or ("", what is wrong with it)."""
    try:
        return parse_pairing(code).store, ""
    except InputError as error:
        return "", f"{words(str(error))} {words(error.remedy)}".strip()


class DevicesView(Protocol):
    """The page."""

    def show_devices(self, cards: Sequence[DeviceCard]) -> None: ...
    def show_problem(self, problem: Problem) -> None: ...


class DevicesPresenter:
    """For the GUI thread."""

    def __init__(self, view: DevicesView, locker: Locker, runs: Runs) -> None:
        self._view = view
        self._locker = locker
        self._runs = runs

    def read(self) -> None:
        self._runs.run(self._locker.devices, self._came, self._failed, lane="devices")

    def _came(self, rows: Sequence[DeviceRow]) -> None:
        this = next((row for row in rows if row.this), None)
        self._view.show_devices(
            [
                device_card(
                    row, earlier=this is not None and row.name == this.name and row.enrolled_ms < this.enrolled_ms
                )
                for row in sorted(rows, key=lambda row: (row.revoked, not row.this))
            ]
        )

    def code(self, shown: Callable[[str], None], refused: Callable[[Problem], None]) -> None:
        """A code that holds the newest state that there is: what others wrote is looked at first."""
        locker = self._locker

        def make() -> str:
            locker.refresh()
            return locker.pairing_code()

        self._runs.run(make, shown, lambda error: refused(problem_of(error)), lane="pairing-code")

    def remove(self, card: DeviceCard, done: Callable[[], None], *, reencrypt: bool = False) -> None:
        """Shut it out; what it lacks from then on is the next key. ``reencrypt``: what it had, too, by and by."""
        locker = self._locker

        def task() -> None:
            locker.revoke_device(card.id)
            if reencrypt:
                locker.reencryption.ask()

        def after(_: None) -> None:
            self.read()
            done()

        self._runs.run(task, after, self._failed, lane="remove")

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(problem_of(error))
