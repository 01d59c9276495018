"""What this is, and what it is made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

import megadesk
from megadesk.ui import theme as look
from megadesk.ui.pages.registry import PageContext
from megadesk.ui.presenters.about import parts
from megadesk.ui.widgets.basics import Picture, column, label, line
from megadesk.ui.widgets.rows import Group


class AboutSection(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        layout = column(self, spacing=look.XL)
        head = line(spacing=look.L)
        head.addWidget(Picture(context.theme, "megadesk", "text", 56))
        words = column(spacing=2)
        words.addWidget(label(f"MegaDesk {megadesk.__version__}", "title"))
        words.addWidget(label(self.tr("Your files, locked before they leave this computer."), "muted", wrap=True))
        head.addLayout(words, 1)
        layout.addLayout(head)
        licence = self.tr(
            "Free software under the Apache License 2.0. It comes without any warranty. The format of lockers is "
            "published, so that other programs can read them."
        )
        layout.addWidget(label(licence, wrap=True))
        group = Group(self.tr("Made with"))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(look.L, look.M, look.L, look.M)
        grid.setHorizontalSpacing(look.L)
        grid.setVerticalSpacing(look.XS)
        grid.setColumnStretch(2, 1)
        for row, part in enumerate(parts()):
            for at, (text, kind) in enumerate(
                ((part.name, "body"), (part.version, "muted"), (part.licence, "caption"))
            ):
                shown = label(text, kind, wrap=at == 2)
                shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(shown, row, at)
        group.add(holder)
        layout.addWidget(group)
