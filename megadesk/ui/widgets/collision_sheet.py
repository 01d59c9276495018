"""The question what to do with a name that is taken: both sides with size and time, in the page, not in front of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from megadesk.transfer.port import Conflict
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.presenters.collisions import Collision, Side
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Button, ElidedLabel, FocusKeeper, column, label, limited, line
from megadesk.ui.widgets.rows import CheckLine

Answered = Callable[[Conflict | None, bool], None]


class CollisionSheet(QFrame):
    """One question at a time; others wait their turn."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "sheet")
        self._waiting: deque[tuple[Collision, Answered]] = deque()
        self._answered: Answered | None = None
        self._focus = FocusKeeper()
        self._title = ElidedLabel("subtitle")
        self._more = label("", "muted")
        self._existing = _SideCard(self.tr("In the locker"))
        self._new = _SideCard(self.tr("The other one"))
        self._all = CheckLine(theme)
        self._all.setText(self.tr("Do the same for &all that follow"))
        self.replace = Button(theme, self.tr("&Replace"))
        self.keep = Button(theme, self.tr("&Keep both"), kind="primary")
        self.newer = Button(theme, self.tr("Only if ne&wer"))
        self.skip = Button(theme, self.tr("Ski&p"))
        self.cancel = Button(theme, self.tr("&Cancel"), kind="quiet")
        self.replace.setToolTip(self.tr("The one that is there stays among the versions, or goes to the trash"))
        self.newer.setToolTip(self.tr("Replace what is older, and skip the others"))
        for button, choice in (
            (self.replace, Conflict.REPLACE),
            (self.keep, Conflict.KEEP_BOTH),
            (self.newer, Conflict.NEWER),
            (self.skip, Conflict.SKIP),
        ):
            button.clicked.connect(self._chooser(choice))
        self.cancel.clicked.connect(lambda: self._answer(None))

        head = line()
        head.addWidget(self._title, 1)
        head.addWidget(self._more)
        sides = line(spacing=look.M)
        sides.addWidget(self._existing, 1)
        sides.addWidget(self._new, 1)
        foot = line()
        foot.addStretch(1)
        for button in (self.cancel, self.skip, self.newer, self.replace, self.keep):
            foot.addWidget(button)
        body = QWidget()
        limited(self, body, look.CARDS_WIDTH)  # the two sides are compared: near each other
        layout = column(body, spacing=look.M)
        layout.setContentsMargins(look.L, look.M, look.L, look.M)
        layout.addLayout(head)
        layout.addLayout(sides)
        layout.addWidget(self._all)
        layout.addLayout(foot)
        self.hide()

    def ask(self, collision: Collision, answered: Answered) -> None:
        """``answered`` is called once: with a choice, or None when it was given up."""
        self._waiting.append((collision, answered))
        self._next()

    def give_up(self) -> None:
        """Without an answer to any."""
        self._waiting.clear()
        self._answered = None
        self.hide()

    def _next(self) -> None:
        if self._answered is not None or not self._waiting:
            return
        collision, self._answered = self._waiting.popleft()
        self._title.show_text(self.tr("“{0}” is there already").format(fmt.shown_name(collision.name)))
        more = collision.more
        text = self.tr("and 1 more") if more == 1 else self.tr("and {0} more").format(fmt.number(more))
        self._more.setText(text if more else "")
        self._existing.show_side(collision.existing, collision.new)
        self._new.show_side(collision.new, collision.existing)
        self._new.title.setText(self.tr("On this computer") if collision.upload else self.tr("The other one"))
        if not self.isVisible():
            self._focus.remember()
        self.show()
        self.keep.setFocus()

    def _chooser(self, choice: Conflict) -> Callable[[], None]:
        return lambda: self._answer(choice)

    def _answer(self, choice: Conflict | None) -> None:
        answered, self._answered = self._answered, None
        for_all = self._all.isChecked()
        if not self._waiting:
            self.hide()
            self._all.setChecked(False)
            self._focus.give_back()
        if answered is not None:
            answered(choice, for_all)
        self._next()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self._answer(None)
        else:
            super().keyPressEvent(event)


class _SideCard(QFrame):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("kind", "group")
        self._size = ElidedLabel("field", Qt.TextElideMode.ElideRight)
        self._when = ElidedLabel("body", Qt.TextElideMode.ElideRight)
        lines = column(self, spacing=2)
        lines.setContentsMargins(look.M, look.S, look.M, look.S)
        self.title = label(title, "caption")
        lines.addWidget(self.title)
        lines.addWidget(self._size)
        lines.addWidget(self._when)

    def show_side(self, side: Side, other: Side) -> None:
        size = self.tr("Folder") if side.size_bytes is None else fmt.size(side.size_bytes)
        if side.size_bytes is not None and other.size_bytes is not None and side.size_bytes > other.size_bytes:
            size = self.tr("{0} (larger)").format(size)
        when = fmt.when(side.mtime_ns)
        if side.mtime_ns > other.mtime_ns:
            when = self.tr("{0} (newer)").format(when)
        self._size.show_text(size)
        self._when.show_text(when)
