"""An open locker in the window: its pages one at a time, banners above them, what is being transferred below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from megadesk.core.events import TransferChanged
from megadesk.types import ROOT, NodeId
from megadesk.ui import formatting as fmt
from megadesk.ui.bridge import Board
from megadesk.ui.pages.catalog import BROWSER, TRANSFERS
from megadesk.ui.pages.registry import AnyPage, LockerContext, LockerPage, Page, find
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.dragging import DraggedNodes
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.listing import RowKey
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.transfers import TransfersPresenter
from megadesk.ui.runner import Scope
from megadesk.ui.services import Services
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import column
from megadesk.ui.widgets.transfer_strip import TransferStrip


class LockerView(QWidget):
    """Made anew for each unlocking; nothing of it outlives the lock. It is the `Desk` of its pages."""

    changed = signal[()]()
    """The page shown, or a badge."""

    def __init__(
        self,
        theme: Theme,
        services: Services,
        core: Core,
        locker: Locker,
        scope: Scope,
        pages: Sequence[AnyPage],
    ) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.locker = locker
        self.scope = scope
        self.badges: dict[str, str] = {}
        self.key = ""
        self._specs = pages
        self._context = LockerContext(theme, services, core, scope, self, locker)
        self._made: dict[str, Page] = {}
        self.banner, self.state_banner = Banner(theme), Banner(theme)
        self.strip = TransferStrip(theme)
        self.transfers = TransfersPresenter(self.strip, locker.transfers, scope, self.wake_transfers)
        self.strip.set_presenter(self.transfers)
        self._board = Board(self._read_board, self)
        self._stack = QStackedWidget()
        layout = column(self, spacing=0)
        layout.addWidget(self.state_banner)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.strip)

    # --- beginning and end

    def start(self) -> None:
        """Show the files, and say that what was interrupted goes on."""
        unfinished = self.transfers.live_count()
        if unfinished:
            self.banner.say(
                "info",
                self.tr("Continuing {0} from last time.").format(
                    self.tr("1 transfer")
                    if unfinished == 1
                    else self.tr("{0} transfers").format(fmt.number(unfinished))
                ),
                lasting=False,
            )
        self.open_page(BROWSER)
        self.wake_transfers()

    def stop(self) -> None:
        """Show nothing any more."""
        self._board.sleep()
        self.scope.close()
        for page in self._made.values():
            page.stop()
        self.banner.dismiss()
        self.state_banner.dismiss()

    # --- pages

    def page(self) -> Page | None:
        """The one in front."""
        return self._made.get(self.key)

    def made(self, key: str) -> Page | None:
        """A page, if it has been shown before."""
        return self._made.get(key)

    def title(self) -> str:
        spec = find(self._specs, self.key)
        return spec.title() if spec is not None else ""

    # --- registry.Desk

    def open_page(self, key: str) -> None:
        spec = find(self._specs, key)
        if not isinstance(spec, LockerPage) or key == self.key:
            return
        old = self.page()
        if key not in self._made:
            made = spec.make(self._context)
            self._made[key] = made
            self._stack.addWidget(made)
        self.key = key
        if old is not None:
            old.left()
        page = self._made[key]
        self._stack.setCurrentWidget(page)
        page.entered()
        self.changed.emit()

    def open_folder(self, folder: NodeId, select: RowKey | None = None) -> None:
        from megadesk.ui.pages.browser_page import BrowserPage

        self.open_page(BROWSER)
        page = self.page()
        if isinstance(page, BrowserPage):
            page.presenter.open_folder(folder, select)

    def notify(self, notice: Notice, tone: str = "info") -> None:
        self.banner.say(tone, notice.text, action=notice.action, act=notice.act, lasting=False)

    def problem(self, problem: Problem) -> None:
        self.banner.say("danger", problem.text, title=problem.title)

    def set_badge(self, key: str, text: str) -> None:
        if self.badges.get(key, "") != text:
            self.badges[key] = text
            self.changed.emit()

    def wake_transfers(self) -> None:
        self._board.wake()

    # --- what the sidebar asks for

    def upload_to(self, paths: Sequence[str], folder: NodeId | None) -> None:
        """Local files into a folder, None: the top."""
        locker = self.locker
        self.scope.run(
            lambda: locker.upload(list(paths), folder or ROOT), lambda _: self.wake_transfers(), self._failed
        )

    def take_nodes(self, nodes: DraggedNodes, folder: NodeId | None, *, trash: bool) -> None:
        """Files of this locker into a folder of it, or into the trash."""
        locker = self.locker
        if nodes.locker != locker.record.locker_id:
            return
        ids = [key[0] for key in nodes.row_keys()]

        def task() -> None:
            if trash:
                locker.trash_nodes(ids)
            else:
                locker.move(ids, folder or ROOT)

        self.scope.run(task, None, self._failed)

    def _failed(self, error: Exception) -> None:
        self.problem(problem_of(error))

    # --- the core

    def core_event(self, event: object) -> None:
        """An event of this locker."""
        if isinstance(event, TransferChanged):
            self.wake_transfers()
        for page in self._made.values():
            page.core_event(event)

    def _read_board(self) -> bool:
        moving = self.transfers.read()
        live = self.transfers.live_count()
        self.set_badge(TRANSFERS, fmt.number(live) if live else "")
        return moving


def locker_of(event: object) -> str | None:
    """The name of the locker that an event is about."""
    name = getattr(event, "locker", None)
    return name if isinstance(name, str) else None
