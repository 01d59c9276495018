"""The locker's links: which there are, whether they work, how often they were used, and taking them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QMenu, QWidget

from megadesk.core.events import FoldersChanged, LinksChanged
from megadesk.errors import PathError
from megadesk.tree.rows import NodeRow
from megadesk.ui import clipboard
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.i18n import translate
from megadesk.ui.icons import ICON_SIZE, icon
from megadesk.ui.models.links import DOWNLOADS, EXPIRES, NAME, STATE, WHERE, LinksModel
from megadesk.ui.pages.catalog import LINKS
from megadesk.ui.pages.registry import LockerContext, Page
from megadesk.ui.presenters.errors import Problem, problem_of
from megadesk.ui.presenters.links import LinkLine, LinksPresenter, NeedsPlace, copy_link
from megadesk.ui.presenters.listing import row_key
from megadesk.ui.presenters.notices import Notice
from megadesk.ui.widgets.basics import Button, ElidedLabel, Picture, column, label, line
from megadesk.ui.widgets.confirm import ConfirmSheet
from megadesk.ui.widgets.empty import EmptyState
from megadesk.ui.widgets.link_address_dialog import LinkAddressDialog
from megadesk.ui.widgets.link_dialog import open_link_dialog
from megadesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from megadesk.core.links import LinkRow

_LOOKED_AT = 200
"""Rows that decide how wide the columns are."""
_PLACE_LEAST, _PLACE_SHARE = 160, 0.2
"""Pixels, and of the width."""


def copy_link_of(context: LockerContext, row: NodeRow) -> None:
    """Put a link to ``row`` on the clipboard. It was opened once before this says so."""
    locker, serving, desk = context.locker, context.serving, context.desk
    name = fmt.shown_name(row.display_name)

    def copied(found: LinkRow | NeedsPlace) -> None:
        if isinstance(found, NeedsPlace):
            open_link_dialog(context, row)
            return
        clipboard.put_text(found.url, secret=True)
        text = translate("links", "The link to “{0}” is on the clipboard.").format(name)
        desk.notify(Notice(text, translate("links", "Options…"), lambda: _options(context, row)), "good")

    desk.notify(Notice(translate("links", "Making a link to “{0}”…").format(name)))
    context.scope.run(
        lambda: copy_link(locker, serving, row.id),
        copied,
        lambda error: desk.problem(problem_of(error)),
        lane="copy-link",
    )


def _options(context: LockerContext, row: NodeRow) -> None:
    open_link_dialog(context, row)


class LinksPage(Page):
    def __init__(self, context: LockerContext) -> None:
        super().__init__()
        self.context = context
        self.presenter = LinksPresenter(self, context.locker, context.serving, context.scope)
        self.model = LinksModel(self, context.theme)
        self.view = RowTable(context.theme)
        self._set_up_view()
        self.empty = EmptyState(context.theme, self.view.viewport())
        self.sheet = ConfirmSheet(context.theme)
        self._summary = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        layout = column(self, spacing=0)
        layout.addWidget(self._make_top())
        layout.addWidget(self._make_serving())
        layout.addWidget(self._make_bar())
        layout.addWidget(self.sheet)
        layout.addWidget(self.view, 1)
        for keys, slot in (
            ("Ctrl+C", self.copy),
            ("Ctrl+L", self.copy),
            ("Ctrl+V", lambda: self.context.desk.open_link("")),
            ("Delete", self.ask_take_back),
            ("F5", self.presenter.read),
            ("Return", self.show_link),
        ):
            self._key(keys, slot)
        self._selected()

    def _key(self, keys: str, slot: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda *_: slot())
        self.view.addAction(action)

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setAccessibleName(self.tr("Links"))
        view.setIconSize(ICON_SIZE)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._menu)
        view.doubleClicked.connect(lambda _: self.show_link())
        view.verticalHeader().setDefaultSectionSize(40)
        head = view.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        head.setResizeContentsPrecision(_LOOKED_AT)
        for section in (STATE, EXPIRES, DOWNLOADS):
            head.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        self.model.modelReset.connect(self._fit_places)
        view.selectionModel().selectionChanged.connect(lambda *_: self._selected())

    def _fit_places(self) -> None:
        """Their names are long: in full where there is room, else names of files go before."""
        wanted = max(self.view.sizeHintForColumn(WHERE), self.view.horizontalHeader().sectionSizeHint(WHERE))
        self.view.setColumnWidth(WHERE, min(wanted, max(_PLACE_LEAST, round(self.view.width() * _PLACE_SHARE))))

    @guarded(nothing)
    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_places()

    def _make_top(self) -> QWidget:
        top = QFrame()
        top.setProperty("kind", "bar")
        row = line(top, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        row.addWidget(label(self.tr("Links"), "subtitle"))
        row.addSpacing(look.S)
        row.addWidget(self._summary, 1)
        self.open_button = Button(self.context.theme, self.tr("Op&en a link…"), icon_name="download")
        self.open_button.setToolTip(self.tr("One that you were sent (Ctrl+Shift+O)"))
        self.open_button.clicked.connect(lambda: self.context.desk.open_link(""))
        row.addWidget(self.open_button)
        self.address_button = Button(self.context.theme, self.tr("Add&ress…"))
        self.address_button.setToolTip(self.tr("Your own domain in links, and where the storage is public"))
        self.address_button.clicked.connect(self.ask_address)
        row.addWidget(self.address_button)
        return top

    def _make_serving(self) -> QWidget:
        theme = self.context.theme
        self._serving_bar = QFrame()
        self._serving_bar.setProperty("kind", "banner")
        row = line(self._serving_bar, spacing=look.M)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        row.addWidget(Picture(theme, "computer", "accent", 24))
        self._serving_text = label("", wrap=True)
        row.addWidget(self._serving_text, 1)
        self.share_here = Button(theme, self.tr("Share on this com&puter"))
        self.share_network = Button(theme, self.tr("Share on the &network"))
        self.stop_sharing = Button(theme, self.tr("Stop s&haring"))
        self.share_here.clicked.connect(lambda: self.presenter.share("computer"))
        self.share_network.clicked.connect(lambda: self.presenter.share("network"))
        self.stop_sharing.clicked.connect(lambda: self.presenter.share(""))
        for button in (self.share_here, self.share_network, self.stop_sharing):
            row.addWidget(button)
        self._serving_bar.hide()
        return self._serving_bar

    def _make_bar(self) -> QWidget:
        theme = self.context.theme
        bar = QFrame()
        bar.setProperty("kind", "bar")
        row = line(bar, spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.M, look.S)
        self.copy_button = Button(theme, self.tr("&Copy link"), kind="primary", icon_name="copy")
        self.show_button = Button(theme, self.tr("&Show…"), icon_name="links")
        self.folder_button = Button(theme, self.tr("&Go to file"), icon_name="files")
        self.back_button = Button(theme, self.tr("&Take back…"), icon_name="close")
        self.old_button = Button(theme, self.tr("Show ol&d links"))
        self.old_button.setCheckable(True)
        self.copy_button.clicked.connect(self.copy)
        self.show_button.clicked.connect(self.show_link)
        self.folder_button.clicked.connect(self.go_to_file)
        self.back_button.clicked.connect(self.ask_take_back)
        self.old_button.toggled.connect(self._show_old)
        for button in (self.copy_button, self.show_button, self.folder_button, self.back_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.old_button)
        return bar

    # --- registry.Page

    def entered(self) -> None:
        self.presenter.read()
        self.view.setFocus()

    def core_event(self, event: object) -> None:
        if isinstance(event, LinksChanged | FoldersChanged) and self.isVisible():
            self.presenter.read()

    def stop(self) -> None:
        self.presenter.forget()
        self.model.show(())
        self._summary.show_text("")
        self._serving_text.setText("")
        self.sheet.give_up()

    # --- presenters.LinksView

    def show_links(self, lines: Sequence[LinkLine], hidden: int) -> None:
        chosen = {each.row.id for each in self._chosen()}
        self.model.show(lines)
        for at, each in enumerate(lines):
            if each.row.id in chosen:
                self.view.selectRow(at)
        if lines:
            self.empty.hide()
            if not chosen:
                self.view.setCurrentIndex(self.model.index(0, 0))
        else:
            text = self.tr(
                "Choose a file and press Ctrl+L: its link is on the clipboard, and anyone with a browser can open it."
            )
            self.empty.say(self.tr("No links yet"), text, drawing="empty-links")
        works = sum(each.row.state == "active" for each in lines)
        text = self.tr("1 link works") if works == 1 else self.tr("{0} links work").format(fmt.number(works))
        self._summary.show_text(text if lines else "")
        self.old_button.setVisible(bool(hidden) or self.presenter.show_old)
        self.context.desk.set_badge(LINKS, fmt.number(works) if works else "")
        self._selected()

    def show_serving(self, text: str, *, serving: bool, exposed: bool, possible: bool) -> None:
        self._serving_text.setText(text)
        self._serving_bar.setAccessibleName(text)
        self._serving_bar.setVisible(possible)
        self.share_here.setVisible(not serving)
        self.share_network.setVisible(not exposed)
        self.stop_sharing.setVisible(serving)

    def show_problem(self, problem: Problem) -> None:
        self.context.desk.problem(problem)

    # --- what it does

    def _chosen(self) -> list[LinkLine]:
        rows = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        return [self.model.lines[row] for row in rows if row < len(self.model.lines)]

    def _selected(self) -> None:
        chosen = self._chosen()
        one = chosen[0].row if len(chosen) == 1 else None
        self.copy_button.setEnabled(one is not None and bool(one.url) and one.state == "active")
        self.show_button.setEnabled(one is not None and one.state == "active")
        self.folder_button.setEnabled(one is not None and bool(one.path) and one.path != "/")
        self.back_button.setEnabled(any(each.row.state != "revoked" for each in chosen))

    def _show_old(self, shown: bool) -> None:
        self.presenter.show_old = shown
        self.presenter.show()

    def copy(self) -> None:
        if self.copy_button.isEnabled():
            clipboard.put_text(self._chosen()[0].row.url, secret=True)
            self.context.desk.notify(Notice(self.tr("The link is on the clipboard.")), "good")

    def show_link(self) -> None:
        """The link with its code and what it allows."""
        if not self.show_button.isEnabled():
            return
        link = self._chosen()[0].row
        context = self.context
        context.scope.run(
            lambda: context.locker.node(link.node),
            lambda node: open_link_dialog(context, node, link),
            lambda error: context.desk.problem(problem_of(error)),
        )

    def ask_address(self) -> None:
        """Under which address links are reached."""
        dialog = LinkAddressDialog(self.context)
        dialog.accepted.connect(self.presenter.read)
        dialog.open()

    def go_to_file(self) -> None:
        if not self.folder_button.isEnabled():
            return
        link, context = self._chosen()[0].row, self.context

        def found(node: NodeRow) -> None:
            context.desk.open_folder(node.parent, row_key(node))

        def failed(error: Exception) -> None:
            if isinstance(error, PathError):
                self.presenter.read()
            context.desk.problem(problem_of(error))

        context.scope.run(lambda: context.locker.node(link.node), found, failed)

    def ask_take_back(self) -> None:
        rows = [each.row for each in self._chosen() if each.row.state != "revoked"]
        if not rows:
            return
        one = rows[0] if len(rows) == 1 else None
        question = (
            self.tr("Take back the link to “{0}”?").format(self._chosen()[0].name)
            if one is not None
            else self.tr("Take back {0} links?").format(fmt.number(len(rows)))
        )
        meaning = self.tr("It stops working. What somebody has downloaded already stays with them.")
        also = self.tr("Encrypt its files &anew, so that keys kept from it open nothing: costs an upload of them")

        def take_back() -> None:
            rekey = self.sheet.also.isChecked()
            if rekey:
                text = self.tr("The link is being taken back, and its files encrypted anew…")
                self.context.desk.notify(Notice(text))
            self.presenter.take_back(rows, rekey=rekey)

        self.sheet.ask(question, meaning, self.tr("Kee&p"), self.tr("Take &back"), take_back, also=also)

    def _menu(self, at: QPoint) -> None:
        if not self._chosen():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        colors = self.context.theme.colors
        for drawing, button, slot in (
            ("copy", self.copy_button, self.copy),
            ("links", self.show_button, self.show_link),
            ("files", self.folder_button, self.go_to_file),
            ("close", self.back_button, self.ask_take_back),
        ):
            action = menu.addAction(icon(drawing, colors.muted, colors.inactive_icon), button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(slot)
        menu.popup(self.view.viewport().mapToGlobal(at))

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(720, 480)
