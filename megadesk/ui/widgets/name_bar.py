"""A line above the list that asks for a name. Not a dialog: the list stays in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from megadesk.ui import theme as look
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Button, column, label, line, restyle


class NameBar(QFrame):
    """``accepted`` gives the name; the answer closes the bar or says what is wrong with it."""

    accepted = signal[str]()
    closed = signal[()]()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self._label = label("", "field")
        self._edit = QLineEdit()
        self._edit.setMaximumWidth(360)
        self._label.setBuddy(self._edit)
        self._edit.returnPressed.connect(self._accept)
        self._edit.textEdited.connect(lambda: self._say(""))
        self._note = label("", "caption", wrap=True, tone="danger")
        self._ok = Button(theme, "", kind="primary")
        self._ok.clicked.connect(self._accept)
        cancel = Button(theme, self.tr("Cancel"))
        cancel.clicked.connect(self._cancel)
        layout = column(self, spacing=look.XS)
        layout.setContentsMargins(look.L, look.S, look.L, look.S)
        row = line(spacing=look.S)
        row.addWidget(self._label)
        row.addWidget(self._edit, 2)
        row.addWidget(self._ok)
        row.addWidget(cancel)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(self._note)  # below: beside the field it would leave a small window no room for the name
        self._note.hide()
        self.hide()

    def ask(self, what: str, button: str) -> None:
        self._label.setText(what)
        self._edit.setAccessibleName(what)
        self._ok.setText(button)
        self._edit.clear()
        self._say("")
        self.show()
        self._edit.setFocus()

    def answer(self, problem: str) -> None:
        """ "" : it worked."""
        if problem:
            self._say(problem)
            self._edit.setFocus()
            self._edit.selectAll()
        elif self.isVisible():
            self._cancel()

    def close_bar(self) -> None:
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
        else:
            super().keyPressEvent(event)

    def _accept(self) -> None:
        self.accepted.emit(self._edit.text().strip())

    def _cancel(self) -> None:
        self.hide()
        self.closed.emit()

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))
        restyle(self._edit, "tone", "danger" if text else "")
        self._edit.setAccessibleDescription(text)
