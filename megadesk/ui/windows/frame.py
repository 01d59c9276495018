"""The frame around open lockers: the sidebar, and beside it one locker's view, or a page that stands in for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QWidget

from megadesk.state.registry import LockerRecord
from megadesk.types import NodeId
from megadesk.ui import formatting as fmt
from megadesk.ui.pages.registry import AnyPage, LockerPage, ProgramPage
from megadesk.ui.presenters.dragging import DraggedNodes
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import column
from megadesk.ui.widgets.sidebar import FootButton, Sidebar, SideItem, SideKind
from megadesk.ui.windows.locker_view import LockerView

SIDEBAR_WIDTH = 208


class Frame(QWidget):
    """Knows which lockers there are and which are open; opening and closing them is the main window's."""

    unlock_wanted = signal[str]()
    lock_wanted = signal[str]()
    lock_all_wanted = signal[()]()
    add_wanted = signal[()]()
    program_page_wanted = signal[str]()
    link_wanted = signal[str]()
    shown = signal[()]()
    """Another locker or page is in front."""

    def __init__(self, theme: Theme, pages: Sequence[AnyPage]) -> None:
        super().__init__()
        self._pages = pages
        self._views: dict[str, LockerView] = {}
        self._lockers: Sequence[LockerRecord] = ()
        self._guest: QWidget | None = None
        self._guest_key = ""
        self.current = ""
        """The name of the locker in front."""
        self._foot: dict[str, FootButton] = {}
        self.sidebar = Sidebar(theme)
        self._stack = QStackedWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.sidebar)
        self.splitter.addWidget(self._stack)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([SIDEBAR_WIDTH, 1000])
        column(self, spacing=0).addWidget(self.splitter)
        for page in pages:
            if isinstance(page, ProgramPage):
                button = self.sidebar.add_foot(page.icon, page.title(), hint=page.hint() if page.hint else "")
                button.clicked.connect(self._program_page(page.key))
                self._foot[page.key] = button
        lock = self.sidebar.add_foot("lock", self.tr("&Lock"), hint=self.tr("Lock everything now (Ctrl+Shift+L)"))
        lock.clicked.connect(self.lock_all_wanted.emit)
        self.lock_button = lock
        self.sidebar.add_wanted.connect(self.add_wanted.emit)
        self.sidebar.list.chosen.connect(self._chosen)
        self.sidebar.list.menu_wanted.connect(self._menu)
        self.sidebar.list.files_dropped.connect(self._files_dropped)
        self.sidebar.list.nodes_dropped.connect(self._nodes_dropped)

    # --- lockers

    @property
    def views(self) -> Sequence[LockerView]:
        return list(self._views.values())

    def view(self, name: str = "") -> LockerView | None:
        """Of an open locker; of the one in front without a name."""
        return self._views.get(name or self.current)

    def show_lockers(self, lockers: Sequence[LockerRecord]) -> None:
        """Those there are on this computer, open or not."""
        self._lockers = lockers
        self.refresh_sidebar()

    def add_view(self, view: LockerView) -> None:
        """An opened locker; it comes to the front."""
        name = view.locker.record.name
        self._views[name] = view
        self._stack.addWidget(view)
        view.changed.connect(self._view_changed)
        view.badge_changed.connect(self.refresh_sidebar)
        view.link_wanted.connect(self.link_wanted.emit)
        self.show_view(name)

    def take_view(self, name: str) -> LockerView | None:
        """Out of the window, because it is being locked; the caller lets go of it."""
        view = self._views.pop(name, None)
        if view is not None:
            self._stack.removeWidget(view)
            if self.current == name:
                self.current = next(iter(self._views), "")
                if self.current:
                    self._stack.setCurrentWidget(self._views[self.current])
        self.refresh_sidebar()
        self.shown.emit()
        return view

    def show_view(self, name: str) -> None:
        view = self._views.get(name)
        if view is not None:
            self.current = name
            self._stack.setCurrentWidget(view)
            self._drop_guest()
            self._view_changed()

    # --- pages beside the sidebar that belong to no open locker

    def show_guest(self, page: QWidget, key: str = "") -> None:
        """In front until another page is chosen, and then gone."""
        self._drop_guest()
        self._guest, self._guest_key = page, key
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self._view_changed()

    def _drop_guest(self) -> None:
        guest, self._guest, self._guest_key = self._guest, None, ""
        if guest is not None:
            self._stack.removeWidget(guest)
            guest.hide()
            guest.deleteLater()

    def leave_guest(self) -> None:
        """Back to the locker that was in front."""
        self.show_view(self.current)

    def page(self) -> QWidget | None:
        """The innermost page in front."""
        if self._guest is not None:
            return self._guest
        view = self.view()
        return view.page() if view is not None else None

    # --- the sidebar

    def _view_changed(self) -> None:
        self.refresh_sidebar()
        self.shown.emit()

    def refresh_sidebar(self) -> None:
        for key, button in self._foot.items():
            button.set_current(self._guest is not None and key == self._guest_key)
        self.sidebar.list.side.show(self._items())

    def _items(self) -> list[SideItem]:
        items = [SideItem(SideKind.HEADER, "lockers", self.tr("Lockers"))]
        for record in self._lockers:
            view = self._views.get(record.name)
            elsewhere = view is not None and record.name != self.current
            items.append(
                SideItem(
                    SideKind.LOCKER,
                    record.name,
                    record.name,
                    "locker",
                    badge=view.badges.get("transfers", "") if view is not None and elsewhere else "",
                    current=record.name == self.current and self._guest is None and len(self._lockers) > 1,
                    closed=view is None,
                    hint=record.store_address,
                )
            )
        front = self.view()
        if front is None:
            return items
        if front.memory.favourites:
            items.append(SideItem(SideKind.HEADER, "favourites", self.tr("Favourites")))
            items += [
                SideItem(SideKind.FAVOURITE, each.id.hex(), each.name, "star", hint=fmt.shown_name(each.path))
                for each in front.memory.favourites
            ]
        items.append(SideItem(SideKind.HEADER, "pages", front.locker.record.name))
        for page in self._pages:
            if isinstance(page, LockerPage):
                shown = page.key == front.key and self._guest is None
                items.append(
                    SideItem(
                        SideKind.PAGE,
                        page.key,
                        page.title(),
                        page.icon,
                        badge=front.badges.get(page.key, ""),
                        current=shown,
                        hint=page.hint() if page.hint is not None else "",
                    )
                )
        return items

    def _chosen(self, item: SideItem) -> None:
        if item.kind is SideKind.LOCKER:
            if item.closed:
                self.unlock_wanted.emit(item.key)
            else:
                self.show_view(item.key)
            return
        view = self.view()
        if view is None:
            return
        self._drop_guest()
        self._stack.setCurrentWidget(view)
        if item.kind is SideKind.PAGE:
            view.open_page(item.key)
        elif item.kind is SideKind.FAVOURITE:
            view.open_folder(NodeId(bytes.fromhex(item.key)))
        self._view_changed()

    def _menu(self, item: SideItem, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        view = self.view()
        if item.kind is SideKind.LOCKER:
            if item.closed:
                menu.addAction(self.tr("&Unlock"), lambda: self.unlock_wanted.emit(item.key))
            else:
                menu.addAction(self.tr("&Show"), lambda: self.show_view(item.key))
                menu.addAction(self.tr("&Lock"), lambda: self.lock_wanted.emit(item.key))
        elif item.kind is SideKind.FAVOURITE and view is not None:
            menu.addAction(self.tr("&Open"), lambda: self._chosen(item))
            node = NodeId(bytes.fromhex(item.key))
            menu.addAction(self.tr("&Remove from favourites"), lambda: view.memory.toggle_favourite(node))
        else:
            menu.addAction(self.tr("&Open"), lambda: self._chosen(item))
        menu.popup(at)

    def _target(self, item: SideItem) -> tuple[LockerView, NodeId | None] | None:
        """(view, folder; None for the top) that a line stands for."""
        if item.kind is SideKind.LOCKER:
            view = self._views.get(item.key)
            return (view, None) if view is not None else None
        view = self.view()
        if view is None:
            return None
        return (view, NodeId(bytes.fromhex(item.key))) if item.kind is SideKind.FAVOURITE else (view, None)

    def _files_dropped(self, item: SideItem, paths: list[str]) -> None:
        target = self._target(item)
        if target is not None:
            target[0].upload_to(paths, target[1])

    def _nodes_dropped(self, item: SideItem, nodes: DraggedNodes) -> None:
        target = self._target(item)
        if target is not None:
            target[0].take_nodes(nodes, target[1], trash=item.kind is SideKind.PAGE)

    def _program_page(self, key: str) -> Callable[[], None]:
        return lambda: self.program_page_wanted.emit(key)
