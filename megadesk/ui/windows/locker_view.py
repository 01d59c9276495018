"""An open locker in the window: its pages one at a time, banners above them, what is being transferred below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from megadesk.core.events import FoldersChanged, LockerStateChanged, TransferChanged
from megadesk.errors import StoreError
from megadesk.transfer.port import Conflict
from megadesk.tree.rows import NodeRow
from megadesk.types import ROOT, NodeId
from megadesk.ui import formatting as fmt
from megadesk.ui.bridge import Board, QtClock
from megadesk.ui.link_serving import LinkServing
from megadesk.ui.pages.catalog import BROWSER, TRANSFERS
from megadesk.ui.pages.registry import AnyPage, LockerContext, LockerPage, Page, find
from megadesk.ui.ports import Core, Locker
from megadesk.ui.presenters.collisions import Asked, Collision, Side, UploadQuestions
from megadesk.ui.presenters.dragging import DraggedNodes
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.listing import RowKey, row_key
from megadesk.ui.presenters.memory import Memory
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.presenters.operations import Operations, rows_of
from megadesk.ui.presenters.transfers import TransfersPresenter, describe
from megadesk.ui.runner import Scope
from megadesk.ui.services import Services
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.banner import Banner
from megadesk.ui.widgets.basics import column
from megadesk.ui.widgets.collision_sheet import CollisionSheet
from megadesk.ui.widgets.transfer_strip import TransferStrip


class LockerView(QWidget):
    """Made anew for each unlocking; nothing of it outlives the lock. It is the `Desk` of its pages."""

    changed = signal[()]()
    """The page shown, or what it says of itself."""
    badge_changed = signal[()]()
    """Only a number in the sidebar."""
    link_wanted = signal[str]()
    """A link that somebody sent is to be opened."""

    def __init__(
        self,
        theme: Theme,
        services: Services,
        core: Core,
        locker: Locker,
        scope: Scope,
        pages: Sequence[AnyPage],
        post: Callable[[object], None],
        conflict_choice: Callable[[], str] = lambda: "ask",
    ) -> None:
        """``post`` takes values from any thread to `core_event`. ``conflict_choice``: the setting; workers ask it."""
        super().__init__()
        self.setProperty("kind", "page")
        self.locker = locker
        self.scope = scope
        self.badges: dict[str, str] = {}
        self.key = ""
        self._specs = pages
        self.operations = Operations(self, locker, scope, UploadQuestions(locker.record.name, post), conflict_choice)
        self.memory = Memory(locker, scope, QtClock(self), self.changed.emit)
        self.serving = LinkServing(locker.links, locker.notes)
        self._made: dict[str, Page] = {}
        self.banner, self.state_banner = Banner(theme), Banner(theme)
        self.sheet = CollisionSheet(theme)
        self.strip = TransferStrip(theme)
        self.transfers = TransfersPresenter(self.strip, locker.transfers, scope, self.wake_transfers)
        self.strip.set_presenter(self.transfers)
        self.strip.queue_wanted.connect(lambda: self.open_page(TRANSFERS))
        self._context = LockerContext(
            theme, services, core, scope, self, locker, self.operations, self.memory, self.serving, self.transfers
        )
        self._board = Board(self._read_board, self)
        self._stack = QStackedWidget()
        layout = column(self, spacing=0)
        layout.addWidget(self.state_banner)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.sheet)
        layout.addWidget(self.strip)

    # --- beginning and end

    def start(self) -> None:
        """Show the files as they were looked at last, and say that what was interrupted goes on."""
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
        self.memory.load(lambda: self.open_page(self.key or BROWSER))
        self.scope.run(self.serving.restore)
        self.wake_transfers()

    def stop(self) -> Callable[[], None]:
        """Show nothing any more. Gives a task that must run before the locker is closed."""
        self._board.sleep()
        remember, serving = self.memory.saver(), self.serving

        def last() -> None:
            serving.close()
            remember()

        self.scope.close()
        self.operations.stop()
        self.sheet.give_up()
        for page in self._made.values():
            page.stop()
        self.banner.dismiss()
        self.state_banner.dismiss()
        self.badges.clear()
        return last

    # --- presenters.tray.Opened

    @property
    def offline(self) -> bool:
        """Whether the storage could not be used when it was last needed."""
        return isinstance(self.locker.trouble, StoreError)

    def moving(self) -> str:
        """What is being sent or fetched, in a few words; "" for nothing."""
        running = self.locker.transfers.running()
        return describe(running[0]).headline if running else ""

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
        self.strip.hush(key == TRANSFERS)
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

    def show_node(self, node: NodeId) -> None:
        """A file or folder of this locker, selected where it is."""

        def found(row: NodeRow) -> None:
            self.open_folder(row.parent, row_key(row))

        self.scope.run(lambda: self.locker.node(node), found, lambda error: self.problem(problem_of(error)))

    def open_link(self, text: str) -> None:
        self.link_wanted.emit(text)

    def notify(self, notice: Notice, tone: str = "info") -> None:
        self.banner.say(tone, notice.text, action=notice.action, act=notice.act, lasting=False)

    def problem(self, problem: Problem) -> None:
        self.banner.say("danger", problem.text, title=problem.title)

    def set_badge(self, key: str, text: str) -> None:
        if self.badges.get(key, "") != text:
            self.badges[key] = text
            self.badge_changed.emit()

    def wake_transfers(self) -> None:
        self._board.wake()

    # --- operations.OperationsView

    def ask_collision(self, collision: Collision, answered: Callable[[Conflict | None, bool], None]) -> None:
        self.sheet.ask(collision, answered)

    def read_only(self, reason: str) -> None:
        for page in self._made.values():
            page.core_event(LockerStateChanged(self.locker.record.name, reason))

    def undo_changed(self) -> None:
        for page in self._made.values():
            page.undo_changed()

    # --- what the sidebar asks for

    def upload_to(self, paths: Sequence[str], folder: NodeId | None) -> None:
        """Local files into a folder, None: the top."""
        self.operations.upload(paths, folder or ROOT)

    def take_nodes(self, nodes: DraggedNodes, folder: NodeId | None, *, trash: bool) -> None:
        """Files of this locker into a folder of it, or into the trash."""
        if not trash:
            self.operations.transfer(nodes, folder or ROOT, copy=False)
        elif nodes.locker == self.locker.record.locker_id:
            locker = self.locker
            self.scope.run(
                lambda: rows_of(locker, NodeId(nodes.parent), nodes.row_keys()),
                self.operations.delete,
                self.operations.failed,
            )

    # --- the core

    def core_event(self, event: object) -> None:
        """An event of this locker."""
        if isinstance(event, TransferChanged):
            self.wake_transfers()
        if isinstance(event, FoldersChanged):
            self.memory.look_again()
        if isinstance(event, Asked):
            self._asked(event)
            return
        for page in self._made.values():
            page.core_event(event)

    def _asked(self, event: Asked) -> None:
        """An upload waits for an answer."""
        waiting = event.waiting
        question = waiting.question
        collision = Collision(
            question.path.rpartition("/")[2],
            Side(question.existing_size, question.existing_mtime_ns),
            Side(question.new_size, question.new_mtime_ns),
            upload=True,
        )
        self.sheet.ask(collision, lambda choice, for_all: UploadQuestions.answer(waiting, choice, for_all=for_all))

    def _read_board(self) -> bool:
        moving = self.transfers.read()
        live = self.transfers.live_count()
        self.set_badge(TRANSFERS, fmt.number(live) if live else "")
        return moving


def locker_of(event: object) -> str | None:
    """The name of the locker that an event is about."""
    name = getattr(event, "locker", None)
    return name if isinstance(name, str) else None
