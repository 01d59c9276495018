"""The strip at the bottom that tells what is being transferred."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy

from megadesk.transfer.port import FileFailure
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.presenters.transfers import Board, Line, TransfersPresenter
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Bar, ElidedLabel, IconButton, Picture, column, label, line
from megadesk.ui.widgets.transfer_paint import ROLES, drawing_of


class TransferStrip(QFrame):
    """One line of what is going on; hidden while there is nothing to tell. Its arrow leads to the whole queue."""

    queue_wanted = signal[()]()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "strip")
        self._theme = theme
        self._presenter: TransfersPresenter | None = None
        self._shown: Line | None = None
        self._hushed = False
        self._bar = Bar(theme, 4)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._picture = Picture(theme, "upload", "accent", 20)
        self._headline = ElidedLabel("field")
        self._detail = ElidedLabel("caption", Qt.TextElideMode.ElideRight)
        self._more = label("", "caption")
        self._pause = IconButton(theme, "pause", self.tr("Pause"))
        self._retry = IconButton(theme, "retry", self.tr("Try again"))
        self._cancel = IconButton(theme, "close", self.tr("Cancel"))
        self._expand = IconButton(theme, "chevron-up", self.tr("Show all transfers"))
        self._pause.clicked.connect(lambda: self._act(TransfersPresenter.pause_or_resume))
        self._retry.clicked.connect(lambda: self._act(TransfersPresenter.retry))
        self._cancel.clicked.connect(self._cancel_or_dismiss)
        self._expand.clicked.connect(self.queue_wanted.emit)

        words = column(spacing=0)
        words.addWidget(self._headline)
        words.addWidget(self._detail)
        row = line(spacing=look.S)
        row.setContentsMargins(look.L, look.S, look.S, look.S)
        row.addWidget(self._picture)
        row.addSpacing(look.XS)
        row.addLayout(words, 1)
        row.addWidget(self._more)
        row.addSpacing(look.XS)
        for button in (self._retry, self._pause, self._cancel, self._expand):
            row.addWidget(button)
        layout = column(self, spacing=0)
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
        self.setVisible(shown is not None and not self._hushed)
        if shown is None:
            return
        role = ROLES[shown.tone]
        self._bar.show_part(shown.permille, role)
        self._bar.setVisible(shown.can_cancel)
        self._picture.show_drawing(drawing_of(shown), role)
        self._headline.show_text(shown.headline)
        self._detail.show_text(f"{shown.detail} · {shown.current}" if shown.current else shown.detail)
        self._more.setText(self.tr("+ {0} waiting").format(fmt.number(board.waiting)) if board.waiting else "")
        self._pause.setVisible(shown.can_pause or shown.can_resume)
        self._pause.set_icon_name("play" if shown.can_resume else "pause")
        self._pause.rename(self.tr("Continue") if shown.can_resume else self.tr("Pause"))
        self._retry.setVisible(shown.can_retry)
        self._cancel.rename(self.tr("Cancel") if shown.can_cancel else self.tr("Dismiss"))
        self.setAccessibleName(f"{shown.headline}. {shown.detail}")

    def show_failures(self, transfer: int, failures: Sequence[FileFailure]) -> None:
        """The strip has no room for them; the page shows them."""

    def hush(self, hushed: bool) -> None:
        """While the whole queue is shown, one line of it is too much."""
        self._hushed = hushed
        self.setVisible(self._shown is not None and not hushed)

    # --- inside

    def _act(self, action: Callable[[TransfersPresenter, int], None]) -> None:
        if self._presenter is not None and self._shown is not None:
            action(self._presenter, self._shown.id)

    def _cancel_or_dismiss(self) -> None:
        if self._shown is not None and self._shown.can_cancel:
            self._act(TransfersPresenter.cancel)
        else:
            self._act(TransfersPresenter.dismiss)
