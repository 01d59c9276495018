"""The keyboard map among the settings."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from megadesk.ui.pages.registry import PageContext
from megadesk.ui.widgets.basics import column
from megadesk.ui.widgets.keyboard_map import KeyboardMap


class KeyboardSection(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        column(self).addWidget(KeyboardMap())
