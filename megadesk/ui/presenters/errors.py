"""Errors as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from megadesk.errors import MegaDeskError
from megadesk.ui.i18n import translate


@dataclass(frozen=True)
class Problem:
    """What went wrong, in three parts for three type sizes."""

    title: str
    message: str
    remedy: str = ""

    @property
    def text(self) -> str:
        return f"{self.message} {self.remedy}".strip()


def problem_of(error: BaseException) -> Problem:
    """Of our own errors the words they carry; of others (faults of ours) only that the log has more."""
    if isinstance(error, MegaDeskError):
        return Problem(error.title, str(error), error.remedy)
    return Problem(
        translate("errors", "Something went wrong"),
        translate("errors", "MegaDesk met a fault of its own (%1).").replace("%1", type(error).__name__),
        translate("errors", "Your files are not affected. Details are in the log."),
    )
