"""Light or dark, and the size of text."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from megadesk.ui import theme as look
from megadesk.ui.pages.registry import PageContext
from megadesk.ui.widgets.basics import column
from megadesk.ui.widgets.rows import ChoiceRow, Group

SCALES = (80, 90, 100, 110, 125, 150, 175)


class AppearanceSection(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        preferences = context.services.preferences
        settings = preferences.settings
        group = Group(self.tr("Appearance"))
        self.scheme = ChoiceRow(
            context.theme,
            self.tr("&Colours"),
            self.tr("High contrast follows the system."),
            [
                (self.tr("As the system"), "system"),
                (self.tr("Light"), "light"),
                (self.tr("Dark"), "dark"),
            ],
            settings.theme,
        )
        self.scheme.chosen.connect(lambda choice: preferences.change(theme=choice))
        group.add(self.scheme)
        sizes: list[tuple[str, object]] = [
            (self.tr("{0} %").format(scale) if scale != 100 else self.tr("As the system (100 %)"), scale)
            for scale in SCALES
        ]
        self.text = ChoiceRow(
            context.theme, self.tr("&Text size"), self.tr("Of this window alone."), sizes, settings.text_scale
        )
        self.text.chosen.connect(lambda scale: preferences.change(text_scale=scale))
        group.add(self.text)
        column(self, spacing=look.XL).addWidget(group)
