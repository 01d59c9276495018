"""Which pages an open locker has: one entry a page, and what a page is given and must answer.

To add a page: write a `Page`, and put a `LockerPage` or `ProgramPage` with a function that makes it into
`megadesk/ui/pages/catalog.py`. The sidebar, its badges, keys and the way back are the frame's business.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeId
from megadesk.ui.link_serving import LinkServing
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.errors import Problem
from megadesk.ui.presenters.listing import RowKey
from megadesk.ui.presenters.memory import Memory
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.operations import Operations
from megadesk.ui.presenters.transfers import TransfersPresenter
from megadesk.ui.runner import Scope
from megadesk.ui.services import Services
from megadesk.ui.theme import Theme


class Desk(Protocol):
    """What a page may ask of the window. For the GUI thread; nothing here blocks."""

    def open_page(self, key: str) -> None:
        """Show another page of the same locker."""

    def open_folder(self, folder: NodeId, select: RowKey | None = None) -> None:
        """Show a folder in the browser, and a row of it selected."""

    def open_link(self, text: str) -> None:
        """A link that somebody sent; "" asks for it."""

    def notify(self, notice: Notice, tone: str = "info") -> None:
        """A quiet line above the page, gone after ten seconds. ``tone``: info, good or warn."""

    def problem(self, problem: Problem) -> None:
        """What went wrong, above the page until it is dismissed."""

    def set_badge(self, key: str, text: str) -> None:
        """A few characters behind the page's name in the sidebar, such as a count; "" for none."""

    def wake_transfers(self) -> None:
        """A transfer was added or changed: the strip looks again."""


@dataclass(frozen=True)
class PageContext:
    """What a page is made with."""

    theme: Theme
    services: Services
    core: Core
    scope: Scope
    """For its tasks; closed when the locker is locked, so nothing calls back afterwards."""
    desk: Desk


@dataclass(frozen=True)
class LockerContext(PageContext):
    """For pages of an open locker. Pages are made anew for each unlocking."""

    locker: Locker
    operations: Operations
    """Changes that can be taken back, uploads, and saving to this computer."""
    memory: Memory
    """How the locker was looked at last, and its favourites."""
    serving: LinkServing
    """This computer as the server of the locker's links."""
    transfers: TransfersPresenter
    """The queue: who shows it adds itself as a view."""


class Page(QWidget):
    """A page. It is made when it is first shown, and goes when the locker is locked."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def entered(self) -> None:
        """It has come into sight: time to read what it shows."""

    def looked_at(self) -> None:
        """The window is in front again, with this page: somebody may have changed something meanwhile."""

    def left(self) -> None:
        """Another page is shown."""

    def core_event(self, event: object) -> None:
        """An event of its locker (megadesk.core.events), also while another page is in front."""

    def undo_changed(self) -> None:
        """What could be undone or done again is something else now."""

    def stop(self) -> None:
        """The locker is being locked: show nothing of it any more, at once."""


class Section(enum.Enum):
    """Where in the sidebar."""

    LOCKER = "locker"
    """Among the pages of the current locker."""
    FOOT = "foot"
    """At the bottom, such as settings."""


@dataclass(frozen=True)
class LockerPage:
    """An entry of the sidebar that shows a page of the current locker."""

    key: str
    icon: str
    """A drawing in resources/icons."""
    title: Callable[[], str]
    """In the user's language; called for every drawing of the sidebar."""
    make: Callable[[LockerContext], Page]
    """Imports the page's module only now, so that a start does not pay for pages that nobody opens."""
    hint: Callable[[], str] | None = None
    """A tooltip."""


@dataclass(frozen=True)
class ProgramPage:
    """An entry at the foot of the sidebar, with or without an open locker."""

    key: str
    icon: str
    title: Callable[[], str]
    make: Callable[[PageContext], Page]
    hint: Callable[[], str] | None = None


AnyPage = LockerPage | ProgramPage


@dataclass(frozen=True)
class RowAction:
    """Something to do with chosen files: an entry of their menu, with a key of its own."""

    key: str
    icon: str
    text: Callable[[], str]
    """With a mnemonic: "Copy &link"."""
    fits: Callable[[LockerContext, Sequence[NodeRow]], bool]
    """Whether it can be done with these rows; no I/O."""
    act: Callable[[LockerContext, Sequence[NodeRow]], None]
    shortcut: str = ""
    """As QKeySequence reads it: "Ctrl+L"."""


@dataclass(frozen=True)
class DetailSection:
    """A part of the details pane, such as the links of a file."""

    key: str
    make: Callable[[LockerContext], QWidget]
    show: Callable[[QWidget, NodeRow], None]
    """Another row was chosen. Tasks go to the context's scope, in a lane of their own."""


def find(pages: Sequence[AnyPage], key: str) -> AnyPage | None:
    return next((page for page in pages if page.key == key), None)
