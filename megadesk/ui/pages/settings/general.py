"""General settings: language, and what happens with names that are taken."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from megadesk.ui import autostart, language
from megadesk.ui import theme as look
from megadesk.ui.pages.registry import PageContext
from megadesk.ui.presenters.errors import problem_of
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
        layout.addWidget(self._background(context))

    def _background(self, context: PageContext) -> Group:
        """What goes on without the window."""
        preferences = context.services.preferences
        settings = preferences.settings
        group = Group(self.tr("In the background"))
        self.keep = group.add_check(
            context.theme,
            self.tr("&Go on when the window is closed"),
            self.tr("MegaDesk stays in the tray and keeps folders in sync."),
            settings.keep_in_tray,
            lambda on: preferences.change(keep_in_tray=on),
        )
        if autostart.is_possible():
            self.start = group.add_check(
                context.theme,
                self.tr("S&tart with the desktop"),
                self.tr("In the tray. The locker stays locked until you unlock it."),
                autostart.is_on(),
                lambda on: context.scope.run(
                    lambda: autostart.set_on(on), None, lambda error: context.desk.problem(problem_of(error))
                ),
            )
        self.notify = group.add_check(
            context.theme,
            self.tr("Notifi&cations"),
            self.tr("When something needs you, or works again."),
            settings.notifications,
            lambda on: preferences.change(notifications=on),
        )
        return group
