"""Encrypting anew what removed computers can still read, in the window: how it stands, in words. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.errors import Problem, problem_of, words
from megadesk.ui.runner import Runs

if TYPE_CHECKING:
    from megadesk.core.reencryption import ReencryptStatus


@dataclass(frozen=True)
class ReencryptCard:
    """``part``: 0..1000 while it runs, None before the end is known, -1 where nothing runs."""

    title: str
    text: str
    part: int | None = -1
    can_start: bool = False
    can_go_on: bool = False
    can_pause: bool = False


def reencrypt_card(status: ReencryptStatus) -> ReencryptCard | None:
    """None where there is nothing to be said."""
    if not status.possible:
        return None
    left = status.left
    notes = []
    if left.conflicts:
        notes.append(translate("reencrypt", "Files with a conflict wait until it is settled."))
    if left.linked_packs:
        notes.append(
            translate("reencrypt", "Links made before show what they showed: take them back, and make them anew.")
        )
    if status.wanted and not status.paused:
        part = min(1000, status.done * 1000 // status.total) if status.total else None
        text = translate("reencrypt", "It begins when transfers leave it room.")
        if status.trouble:
            text = translate("reencrypt", "It waits: %1").replace("%1", words(status.trouble))
        elif status.running and status.total:
            text = translate("reencrypt", "%1 of %2; transfers go first.")
            text = text.replace("%1", fmt.size(status.done, exact=False)).replace(
                "%2", fmt.size(status.total, exact=False)
            )
        return ReencryptCard(translate("reencrypt", "Encrypting anew"), text, part, can_pause=True)
    if not left.files:
        title = translate("reencrypt", "Removed computers can read none of the files")
        return ReencryptCard(title, " ".join(notes))
    title = (
        translate("reencrypt", "1 file can still be read by removed computers (%2)")
        if left.files == 1
        else translate("reencrypt", "%1 files can still be read by removed computers (%2)")
    )
    title = title.replace("%1", fmt.number(left.files)).replace("%2", fmt.size(left.bytes, exact=False))
    why = translate(
        "reencrypt",
        "They had the keys, and may have copied what they could read: nothing helps against that. Encrypting it anew"
        " keeps them from reading it later in the storage. All of it is sent once more, in the background.",
    )
    can_start = left.files > left.conflicts
    return ReencryptCard(
        title,
        " ".join([why, *notes]),
        can_start=can_start and not status.wanted,
        can_go_on=can_start and status.wanted,
    )


class ReencryptView(Protocol):
    """The page."""

    def show_reencryption(self, card: ReencryptCard | None) -> None: ...
    def show_problem(self, problem: Problem) -> None: ...


class ReencryptPresenter:
    """For the GUI thread."""

    def __init__(self, view: ReencryptView, locker: Locker, runs: Runs) -> None:
        self._view = view
        self._locker = locker
        self._runs = runs

    def read(self, *, survey: bool = True) -> None:
        """``survey``: also what is left, for which the logs are read as far as they are new."""
        job = self._locker.reencryption

        def look() -> ReencryptStatus:
            status = job.status()
            return job.status(survey=True) if survey and status.possible and not status.running else status

        self._runs.run(look, self._came, self._failed, lane="reencrypt")

    def start(self) -> None:
        """Also after a pause."""
        self._do(self._locker.reencryption.ask)

    def pause(self) -> None:
        self._do(self._locker.reencryption.pause)

    def _do(self, action: Callable[[], None]) -> None:
        self._runs.run(action, lambda _: self.read(), self._failed, lane="reencrypt-do")

    def _came(self, status: ReencryptStatus) -> None:
        self._view.show_reencryption(reencrypt_card(status))

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(problem_of(error))
