"""The strip at the bottom that tells what is being transferred, and the panel with all transfers above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from megadesk.transfer.port import FileFailure
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.icons import pixmap
from megadesk.ui.models.transfers import TransferListModel
from megadesk.ui.presenters.transfers import Board, Line, Tone, TransfersPresenter
from megadesk.ui.theme import Theme, scaled
from megadesk.ui.widgets.basics import Bar, Button, ElidedLabel, IconButton, Picture, column, frame, label, line
from megadesk.ui.widgets.failures import FailureList

_ROLES = {Tone.WORKING: "accent", Tone.WAITING: "muted", Tone.DONE: "good", Tone.TROUBLE: "danger"}
_PANEL_HEIGHT = 232


def drawing_of(transfer: Line) -> str:
    """What happens, as a drawing: not by colour alone."""
    if transfer.tone is Tone.TROUBLE:
        return "warning"
    if transfer.tone is Tone.DONE:
        return "check"
    return "upload" if transfer.up else "download"


class TransferStrip(QFrame):
    """Hidden while there is nothing to tell."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "strip")
        self._theme = theme
        self._presenter: TransfersPresenter | None = None
        self._shown: Line | None = None
        self._list = TransferPanel(theme, self._with)
        self._list.hide()
        self._bar = Bar(theme, 4)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._picture = Picture(theme, "upload", "accent", 20)
        self._headline = ElidedLabel("field")
        self._current = ElidedLabel("caption")
        self._detail = label("", "muted")
        self._more = label("", "caption")
        self._pause = IconButton(theme, "pause", self.tr("Pause"))
        self._retry = IconButton(theme, "retry", self.tr("Try again"))
        self._cancel = IconButton(theme, "close", self.tr("Cancel"))
        self._expand = IconButton(theme, "chevron-up", self.tr("Show all transfers"))
        self._expand.setCheckable(True)
        self._pause.clicked.connect(lambda: self._act(TransfersPresenter.pause_or_resume))
        self._retry.clicked.connect(lambda: self._act(TransfersPresenter.retry))
        self._cancel.clicked.connect(self._cancel_or_dismiss)
        self._expand.toggled.connect(self._toggle)

        words = column(spacing=0)
        words.addWidget(self._headline)
        words.addWidget(self._current)
        row = line(spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.S, look.S)
        row.addWidget(self._picture)
        row.addSpacing(look.XS)
        row.addLayout(words, 1)
        row.addWidget(self._detail)
        row.addSpacing(look.XS)
        row.addWidget(self._more)
        for button in (self._retry, self._pause, self._cancel, self._expand):
            row.addWidget(button)
        layout = column(self, spacing=0)
        layout.addWidget(self._list)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_presenter(self, presenter: TransfersPresenter) -> None:
        self._presenter = presenter

    # --- presenters.TransfersView

    def show_board(self, board: Board) -> None:
        shown = board.strip
        self._shown = shown
        self.setVisible(shown is not None)
        if shown is None:
            self._expand.setChecked(False)
            return
        role = _ROLES[shown.tone]
        self._bar.show_part(shown.permille, role)
        self._bar.setVisible(shown.can_cancel)
        self._picture.show_drawing(drawing_of(shown), role)
        self._headline.show_text(shown.headline)
        self._current.show_text(shown.current)
        self._current.setVisible(bool(shown.current))
        self._detail.setText(shown.detail if len(shown.detail) <= 90 else f"{shown.detail[:89]}…")
        self._detail.setToolTip(shown.detail)
        self._more.setText(self.tr("+ {0} waiting").format(fmt.number(board.waiting)) if board.waiting else "")
        self._pause.setVisible(shown.can_pause or shown.can_resume)
        self._pause.set_icon_name("play" if shown.can_resume else "pause")
        self._pause.rename(self.tr("Continue") if shown.can_resume else self.tr("Pause"))
        self._retry.setVisible(shown.can_retry)
        self._cancel.rename(self.tr("Cancel") if shown.can_cancel else self.tr("Dismiss"))
        self.setAccessibleName(f"{shown.headline}. {shown.detail}")
        if self._list.isVisible():
            self._list.show_lines(board.lines)
        else:
            self._list.remember(board.lines)

    def show_failures(self, transfer: int, failures: Sequence[FileFailure]) -> None:
        self._list.show_failures(transfer, failures)

    # --- inside

    def expand(self) -> None:
        self._expand.setChecked(True)

    def _toggle(self, expanded: bool) -> None:
        self._expand.set_icon_name("chevron-down" if expanded else "chevron-up")
        self._expand.rename(self.tr("Hide the list") if expanded else self.tr("Show all transfers"))
        self._list.setVisible(expanded)
        if expanded:
            self._list.show_remembered()

    def _act(self, action: Callable[[TransfersPresenter, int], None]) -> None:
        if self._presenter is not None and self._shown is not None:
            action(self._presenter, self._shown.id)

    def _with(self, action: Callable[[TransfersPresenter], None]) -> None:
        if self._presenter is not None:
            action(self._presenter)

    def _cancel_or_dismiss(self) -> None:
        if self._shown is not None and self._shown.can_cancel:
            self._act(TransfersPresenter.cancel)
        else:
            self._act(TransfersPresenter.dismiss)


class TransferPanel(QWidget):
    """All transfers, buttons for the chosen one, and what a chosen one left out."""

    def __init__(self, theme: Theme, act: Callable[[Callable[[TransfersPresenter], None]], None]) -> None:
        super().__init__()
        self._act = act
        self._model = TransferListModel()
        self._lines: Sequence[Line] = ()
        self._asked_for: tuple[int, int] = (0, 0)
        self._view = QListView()
        self._view.setModel(self._model)
        self._view.setItemDelegate(_LineDelegate(theme, self._view))
        self._view.setUniformItemSizes(True)
        self._view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._view.setAccessibleName(self.tr("Transfers"))
        self._view.selectionModel().currentChanged.connect(self._picked)
        self._failures = FailureList(theme)
        self._failures.hide()

        self._pause = Button(theme, self.tr("&Pause"), kind="quiet", icon_name="pause")
        self._cancel = Button(theme, self.tr("&Cancel"), kind="quiet", icon_name="close")
        self._retry = Button(theme, self.tr("T&ry again"), kind="quiet", icon_name="retry")
        clear = Button(theme, self.tr("Clear &finished"), kind="quiet", icon_name="check")
        self._pause.clicked.connect(lambda: self._on_picked(TransfersPresenter.pause_or_resume))
        self._cancel.clicked.connect(lambda: self._on_picked(TransfersPresenter.cancel))
        self._retry.clicked.connect(lambda: self._on_picked(TransfersPresenter.retry))
        clear.clicked.connect(lambda: self._act(lambda presenter: presenter.dismiss()))
        head = line(spacing=look.XS)
        head.setContentsMargins(look.L, look.S, look.S, look.XS)
        head.addWidget(label(self.tr("Transfers"), "subtitle"))
        head.addStretch(1)
        for button in (self._pause, self._cancel, self._retry, clear):
            head.addWidget(button)
        body = line(spacing=0)
        body.addWidget(self._view, 3)
        body.addWidget(self._failures, 2)
        layout = column(self, spacing=0)
        layout.addLayout(head)
        layout.addLayout(body, 1)
        layout.addWidget(frame("line"))
        self.setFixedHeight(_PANEL_HEIGHT)
        self._enable()

    def remember(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def show_remembered(self) -> None:
        self.show_lines(self._lines)
        if self._line() is None and self._lines:
            self._view.setCurrentIndex(self._model.index(0))

    def show_lines(self, lines: Sequence[Line]) -> None:
        current = self._line()
        self._lines = lines
        self._model.show(lines)
        if current is not None and self._line() is None and (row := self._model.row_of(current.id)) >= 0:
            self._view.setCurrentIndex(self._model.index(row))
        self._picked()

    def show_failures(self, transfer: int, failures: Sequence[FileFailure]) -> None:
        current = self._line()
        if current is not None and current.id == transfer:
            self._failures.show_failures(failures)
            self._failures.setVisible(bool(failures))

    def _line(self) -> Line | None:
        return self._model.line(self._view.currentIndex().row())

    def _on_picked(self, action: Callable[[TransfersPresenter, int], None]) -> None:
        current = self._line()
        if current is not None:
            self._act(lambda presenter: action(presenter, current.id))

    def _picked(self, *_: object) -> None:
        self._enable()
        current = self._line()
        wanted = (current.id, current.failures) if current is not None else (0, 0)
        if wanted != self._asked_for:
            self._asked_for = wanted
            if current is None or not current.failures:
                self._failures.hide()
            else:
                self._act(lambda presenter: presenter.load_failures(wanted[0]))

    def _enable(self) -> None:
        current = self._line()
        self._pause.setEnabled(current is not None and (current.can_pause or current.can_resume))
        self._pause.setText(self.tr("&Continue") if current is not None and current.can_resume else self.tr("&Pause"))
        self._cancel.setEnabled(current is not None and current.can_cancel)
        self._retry.setEnabled(current is not None and current.can_retry)


class _LineDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, QFontMetrics(option.font).height() * 2 + 22)

    @guarded(nothing)
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        shown = model.line(index.row()) if isinstance(model, TransferListModel) else None
        if shown is None:
            return
        colors, rect = self._theme.colors, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = rect.adjusted(look.S, 1, -look.S, -1)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.accent_soft))
            painter.drawRoundedRect(box, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(colors.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 6, 6)
        role = getattr(colors, _ROLES[shown.tone])
        scale = painter.device().devicePixelRatio()
        painter.drawPixmap(
            box.left() + look.S, rect.center().y() - 9, pixmap(drawing_of(shown), role, 20, 20, float(scale))
        )
        inner = box.adjusted(look.S + 20 + look.M, 5, -look.M, -5)
        metrics = QFontMetrics(option.font)
        painter.setFont(option.font)
        painter.setPen(QColor(colors.text))
        above = inner.top() if shown.can_cancel else inner.top() + 4  # no bar below: the middle is lower
        top = QRect(inner.left(), above, inner.width(), metrics.height())
        painter.drawText(top, 0, metrics.elidedText(shown.headline, Qt.TextElideMode.ElideMiddle, inner.width()))
        small = scaled(option.font, look.CAPTION)
        painter.setFont(small)
        painter.setPen(QColor(colors.danger if shown.tone is Tone.TROUBLE else colors.muted))
        small_metrics = QFontMetrics(small)
        below = QRect(inner.left(), top.bottom() + 2, inner.width(), small_metrics.height())
        painter.drawText(below, 0, small_metrics.elidedText(shown.detail, Qt.TextElideMode.ElideRight, inner.width()))
        if shown.can_cancel:
            track = QRect(inner.left(), rect.bottom() - 6, inner.width(), 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.border))
            painter.drawRoundedRect(track, 1.5, 1.5)
            painter.setBrush(QColor(role))
            painter.drawRoundedRect(
                QRect(track.left(), track.top(), track.width() * (shown.permille or 0) // 1000, 3), 1.5, 1.5
            )
        painter.restore()
