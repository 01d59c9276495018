"""The sidebar: lockers, favourites, the pages of the current locker; at the foot what concerns the program."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionToolButton,
    QStyleOptionViewItem,
    QStylePainter,
    QToolButton,
    QWidget,
)

from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.icons import ICON_SIZE, icon, pixmap
from megadesk.ui.presenters.dragging import NODES_TYPE, DraggedNodes, nodes_of
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme, scaled
from megadesk.ui.widgets.basics import IconButton, Picture, column, label, line
from megadesk.ui.widgets.dropping import local_paths

Index = QModelIndex | QPersistentModelIndex
_ICON = 18


class SideKind(enum.Enum):
    HEADER = "header"
    LOCKER = "locker"
    FAVOURITE = "favourite"
    PAGE = "page"


@dataclass(frozen=True)
class SideItem:
    """A line. ``key``: the locker's name, the page's key, or a node id in hex."""

    kind: SideKind
    key: str
    text: str
    icon: str = ""
    badge: str = ""
    current: bool = False
    closed: bool = False
    """A locker that is locked."""
    hint: str = ""


class SideModel(QAbstractListModel):
    """Headers are there to be read, not chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[SideItem] = ()

    def show(self, items: Sequence[SideItem]) -> None:
        """The same lines with other badges are updated in place, so that the focus stays."""
        old = self._items
        if [(item.kind, item.key) for item in old] == [(item.kind, item.key) for item in items]:
            self._items = items
            changed = [at for at, (was, now) in enumerate(zip(old, items, strict=True)) if was != now]
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return
        self.beginResetModel()
        self._items = items
        self.endResetModel()

    def item(self, row: int) -> SideItem | None:
        return self._items[row] if 0 <= row < len(self._items) else None

    @property
    def items(self) -> Sequence[SideItem]:
        return self._items

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        item = self.item(index.row())
        if item is None or item.kind is SideKind.HEADER:
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    @guarded(nothing)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index.row())
        if item is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.hint or item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if item.kind is SideKind.LOCKER:
                state = self.tr("locked") if item.closed else self.tr("open")
                kind = self.tr("locker")
                return f"{item.text}, {kind}, {state}"
            return f"{item.text}, {item.badge}" if item.badge else item.text
        return None


class _SideDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: SideList) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        item = self._view.side.item(index.row())
        high = QFontMetrics(option.font).height()
        header = item is not None and item.kind is SideKind.HEADER
        return QSize(100, high + (18 if header else 16))

    @guarded(nothing)
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = self._view.side.item(index.row())
        if item is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if item.kind is SideKind.HEADER:
            self._header(painter, option, item)
        else:
            self._line(painter, option, item, target=index.row() == self._view.target)
        painter.restore()

    def _header(self, painter: QPainter, option: QStyleOptionViewItem, item: SideItem) -> None:
        font = scaled(option.font, look.CAPTION, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.colors.muted))
        box = QRect(option.rect).adjusted(look.L, look.S, -look.S, -look.XS)
        text = QFontMetrics(font).elidedText(item.text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, item: SideItem, *, target: bool) -> None:
        colors = self._theme.colors
        scale = float(painter.device().devicePixelRatio())
        box = QRect(option.rect).adjusted(look.S, 1, -look.S, -1)
        hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(Qt.PenStyle.NoPen)
        if item.current or target:
            painter.setBrush(QColor(colors.accent_soft))
            painter.drawRoundedRect(box, 6, 6)
        elif hover:
            painter.setBrush(QColor(colors.hover))
            painter.drawRoundedRect(box, 6, 6)
        if item.current:  # not by colour alone
            painter.setBrush(QColor(colors.accent))
            painter.drawRoundedRect(QRect(box.left(), box.top() + 7, 3, box.height() - 14), 1.5, 1.5)
        if target or (option.state & QStyle.StateFlag.State_HasFocus and self._view.by_keyboard):
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        color = colors.accent if item.current else colors.muted
        left = box.left() + look.M
        middle = box.top() + (box.height() - _ICON) // 2
        painter.drawPixmap(left, middle, pixmap(item.icon, color, _ICON, _ICON, scale))
        left += _ICON + look.M - 2
        right = box.right() - look.S
        if item.closed:
            painter.drawPixmap(right - 14, box.top() + (box.height() - 14) // 2, pixmap("lock", color, 14, 14, scale))
            right -= 14 + look.XS
        if item.badge:
            right = self._badge(painter, option, item, right, box)
        font = scaled(option.font, look.BODY, bold=item.current)
        painter.setFont(font)
        painter.setPen(QColor(colors.muted if item.closed else colors.text))
        room = QRect(left, box.top(), max(0, right - left), box.height())
        text = QFontMetrics(font).elidedText(fmt.shown_name(item.text), Qt.TextElideMode.ElideMiddle, room.width())
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextSingleLine)
        painter.drawText(room, flags, text)

    def _badge(self, painter: QPainter, option: QStyleOptionViewItem, item: SideItem, right: int, box: QRect) -> int:
        font = scaled(option.font, look.CAPTION)
        metrics = QFontMetrics(font)
        width = max(metrics.height() + 4, metrics.horizontalAdvance(item.badge) + 12)
        pill = QRect(right - width, box.top() + (box.height() - metrics.height() - 2) // 2, width, metrics.height() + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colors.accent))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.colors.on_accent))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), item.badge)
        return pill.left() - look.XS


class SideList(QListView):
    """Lines to click, to walk through by keys, and to drop things on."""

    chosen = signal[SideItem]()
    menu_wanted = signal[SideItem, QPoint]()
    files_dropped = signal[SideItem, list[str]]()
    """Local files onto a locker or a favourite."""
    nodes_dropped = signal[SideItem, DraggedNodes]()
    """Files of a locker onto a favourite, or onto the trash."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.side = SideModel()
        self.target = -1
        self.by_keyboard = False
        self.setModel(self.side)
        self.setItemDelegate(_SideDelegate(theme, self))
        self.setProperty("kind", "nav")
        self.setAccessibleName(self.tr("Lockers and pages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.clicked.connect(self._clicked)
        theme.changed.connect(self._repaint)

    def _repaint(self) -> None:
        self.viewport().update()

    @guarded(nothing)
    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:  # noqa: N802
        """Paint these lines anew. QListView would ask for the size of each line there is, which no badge changes: many
        ways into Python ten times a second, and each waits for the interpreter."""
        QAbstractItemView.dataChanged(self, top_left, bottom_right, list(roles))

    def _item_at(self, at: QPoint) -> SideItem | None:
        index = self.indexAt(at)
        return self.side.item(index.row()) if index.isValid() else None

    def _clicked(self, index: QModelIndex) -> None:
        item = self.side.item(index.row())
        if item is not None and item.kind is not SideKind.HEADER:
            self.chosen.emit(item)

    def _menu(self, at: QPoint) -> None:
        item = self._item_at(at)
        if item is not None and item.kind is not SideKind.HEADER:
            self.menu_wanted.emit(item, self.viewport().mapToGlobal(at))

    @guarded(nothing)
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        self.by_keyboard = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._clicked(self.currentIndex())
            return
        super().keyPressEvent(event)

    @guarded(nothing)
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.by_keyboard = False
        super().mousePressEvent(event)

    # --- things dropped

    @guarded(nothing)
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        self._follow(event)

    @guarded(nothing)
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        self._follow(event)

    @guarded(nothing)
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        self._aim(-1)

    @guarded(nothing)
    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        item = self.side.item(self.target)
        nodes = nodes_of(event.mimeData())
        paths = local_paths(event.mimeData()) if nodes is None else []
        self._follow(event)
        self._aim(-1)
        if item is None:
            event.ignore()
        elif nodes is not None:
            self.nodes_dropped.emit(item, nodes)
        elif paths:
            self.files_dropped.emit(item, paths)

    def _follow(self, event: QDropEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        item = self.side.item(index.row()) if index.isValid() else None
        ours = event.mimeData().hasFormat(NODES_TYPE)
        takes = (
            item is not None
            and not item.closed
            and (
                item.kind in (SideKind.LOCKER, SideKind.FAVOURITE)
                or (ours and item.kind is SideKind.PAGE and item.key == "trash")
            )
        )
        if item is not None and takes and (ours or event.mimeData().hasUrls()):
            # Never move out of a file manager: it would delete its own.
            event.setDropAction(Qt.DropAction.MoveAction if ours else Qt.DropAction.CopyAction)
            event.accept()
            self._aim(index.row())
        else:
            # Accepted in principle, so that the next line is asked about too.
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.accept()
            self._aim(-1)

    def _aim(self, row: int) -> None:
        if row != self.target:
            self.target = row
            self.viewport().update()


class FootButton(QToolButton):
    """A line at the foot of the sidebar."""

    def __init__(self, theme: Theme, icon_name: str, text: str, *, hint: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon_name
        self._current = False
        self.setText(text)
        self.setToolTip(hint or text.replace("&", ""))
        self.setAccessibleName(text.replace("&", ""))
        self.setProperty("kind", "foot")
        self.setIconSize(ICON_SIZE)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._color()
        theme.changed.connect(self._color)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as what is painted of a line of the list."""
        return QSize(super().sizeHint().width(), QFontMetrics(self.font()).height() + 14)

    def set_current(self, current: bool) -> None:
        """Whether its page is in front."""
        if current != self._current:
            self._current = current
            self.setAccessibleDescription(self.tr("current page") if current else "")
            self.update()

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Icon and words stand below those of the list; the style centres them by their width."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.icon, option.text = QIcon(), ""
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        colors, box = self._theme.colors, self.rect()
        if self._current:  # as a line of the list
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.accent_soft))
            painter.drawRoundedRect(box, 6, 6)
            painter.setBrush(QColor(colors.accent))
            painter.drawRoundedRect(QRect(0, 7, 3, box.height() - 14), 1.5, 1.5)
            painter.setFont(scaled(self.font(), look.BODY, bold=True))
        picture = pixmap(
            self._icon_name, colors.accent if self._current else colors.muted, _ICON, _ICON, self.devicePixelRatioF()
        )
        painter.drawPixmap(look.M, (box.height() - _ICON) // 2, picture)
        painter.setPen(QColor(colors.text))
        left = look.M + _ICON + look.M - 2
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextShowMnemonic)
        painter.drawText(QRect(left, 0, box.width() - left, box.height()), flags, self.text())
        painter.end()

    def _color(self) -> None:
        self.setIcon(icon(self._icon_name, self._theme.colors.muted))


class Sidebar(QFrame):
    """The whole: name of the program, the list, the foot."""

    add_wanted = signal[()]()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "nav")
        self.list = SideList(theme)
        self._theme = theme
        self._foot = column(spacing=2)
        add = IconButton(theme, "plus", self.tr("Add a locker"))
        add.clicked.connect(self.add_wanted.emit)
        head = line(spacing=look.S)
        head.setContentsMargins(look.L, look.M, look.S, look.XS)
        head.addWidget(Picture(theme, "megadesk", "text", 24))
        head.addWidget(label("MegaDesk", "brand"))
        head.addStretch(1)
        head.addWidget(add)
        self._foot.setContentsMargins(look.S, look.S, look.S, look.S)
        layout = column(self, spacing=0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addLayout(self._foot)
        self.setMinimumWidth(168)

    def add_foot(self, icon_name: str, text: str, *, hint: str = "") -> FootButton:
        button = FootButton(self._theme, icon_name, text, hint=hint)
        self._foot.addWidget(button)
        return button

    def focus_list(self) -> QWidget:
        return self.list
