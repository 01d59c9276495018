"""General settings: language, and what happens with names that are taken."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from megadesk.ui import language
from megadesk.ui import theme as look
from megadesk.ui.pages.registry import PageContext
from megadesk.ui.widgets.basics import column
from megadesk.ui.widgets.rows import ChoiceRow, Group


class GeneralSection(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        preferences = context.services.preferences
        settings = preferences.settings
        layout = column(self, spacing=look.XL)

        words = Group(self.tr("Language"))
        choices: list[tuple[str, object]] = [(self.tr("As the system"), "")]
        choices += [(name, tag) for tag, name in language.NAMES.items()]
        self.language = ChoiceRow(
            context.theme,
            self.tr("Lang&uage"),
            self.tr("Holds when MegaDesk is started again."),
            choices,
            settings.language,
        )
        self.language.chosen.connect(lambda tag: preferences.change(language=tag))
        words.add(self.language)
        layout.addWidget(words)

        files = Group(self.tr("Files"))
        self.conflict = ChoiceRow(
            context.theme,
            self.tr("When a &name is taken"),
            self.tr("What an upload does. A replaced file stays as an older version."),
            [
                (self.tr("Ask"), "ask"),
                (self.tr("Replace"), "replace"),
                (self.tr("Keep both"), "rename"),
                (self.tr("Skip"), "skip"),
            ],
            settings.conflict_choice,
        )
        self.conflict.chosen.connect(lambda choice: preferences.change(conflict_choice=choice))
        files.add(self.conflict)
        layout.addWidget(files)
