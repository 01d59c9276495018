"""Errors as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from megadesk.errors import MegaDeskError
from megadesk.ui.i18n import translate
from megadesk.ui.messages import localized


@dataclass(frozen=True)
class Problem:
    """What went wrong, in three parts for three type sizes."""

    title: str
    message: str
    remedy: str = ""

    @property
    def text(self) -> str:
        return f"{self.message} {self.remedy}".strip()


def words(text: str) -> str:
    """A message or remedy of the core in the user's language, where there is a translation."""
    return localized(text)


def problem_of(error: BaseException) -> Problem:
    """Of our own errors the words they carry; of others (faults of ours) only that the log has more."""
    if isinstance(error, MegaDeskError):
        return Problem(words(error.title), words(str(error)), words(error.remedy))
    return Problem(
        translate("errors", "Something went wrong"),
        translate("errors", "MegaDesk met a fault of its own (%1).").replace("%1", type(error).__name__),
        translate("errors", "Your files are not affected. Details are in the log."),
    )
