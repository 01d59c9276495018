"""What removed computers can still read, and encrypting it anew: how it stands, and a button for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from megadesk.ui import theme as look
from megadesk.ui.presenters.reencrypt import ReencryptCard
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Bar, Button, Picture, column, label, line


class ReencryptPanel(QFrame):
    """Hidden where no computer was ever removed."""

    def __init__(self, theme: Theme, start: Callable[[], None], pause: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._part: int | None = -1
        self._icon = Picture(theme, "lock", "muted", 24)
        self.title = label("", "field", wrap=True)
        self.text = label("", "muted", wrap=True)
        self.bar = Bar(theme)
        self.bar.setAccessibleName(self.tr("How much is encrypted anew"))
        self.start = Button(theme, self.tr("&Encrypt anew"))
        self.pause = Button(theme, self.tr("Pa&use"))
        self.start.clicked.connect(start)
        self.pause.clicked.connect(pause)
        words = column(spacing=look.S)
        words.addWidget(self.title)
        words.addWidget(self.text)
        words.addWidget(self.bar)
        row = line(self, spacing=look.M)
        row.setContentsMargins(look.L, look.M, look.M, look.M)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self.start)
        row.addWidget(self.pause)
        self.hide()

    def runs(self) -> bool:
        """Whether it is under way, or about to be."""
        return self._part != -1

    def show_card(self, card: ReencryptCard | None) -> None:
        self.setVisible(card is not None)
        if card is None:
            self._part = -1
            return
        self._part = card.part
        done = not (card.can_start or card.can_go_on or card.can_pause)
        self._icon.show_drawing("check" if done else "lock", "good" if done else "muted")
        self.title.setText(card.title)
        self.text.setText(card.text)
        self.text.setVisible(bool(card.text))
        self.bar.setVisible(card.part != -1)
        if card.part != -1:
            self.bar.show_part(card.part)
        self.start.setText(self.tr("&Go on") if card.can_go_on else self.tr("&Encrypt anew"))
        self.start.setVisible(card.can_start or card.can_go_on)
        self.pause.setVisible(card.can_pause)
        self.setAccessibleName(f"{card.title}. {card.text}")
