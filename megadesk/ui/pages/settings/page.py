"""Settings: sections on the left, one at a time on the right; each change holds at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QWidget

from megadesk.ui import theme as look
from megadesk.ui.icons import icon
from megadesk.ui.pages.registry import Page, PageContext
from megadesk.ui.widgets.basics import column, label, line
from megadesk.ui.widgets.forms import FormScroll

WIDTH = 620
NAV_WIDTH = 190


@dataclass(frozen=True)
class _Section:
    key: str
    title: str
    icon: str
    make: Callable[[PageContext], QWidget]


class SettingsPage(Page):
    """A section is made when it is first shown."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._sections = self._make_sections()
        self._made: dict[str, QWidget] = {}
        self._scrolls: dict[str, FormScroll] = {}
        self.nav = QListWidget()
        self.nav.setProperty("kind", "nav")
        self.nav.setAccessibleName(self.tr("Sections"))
        self.nav.setFixedWidth(NAV_WIDTH)
        self.nav.setIconSize(QSize(20, 20))
        self.nav.setSpacing(1)
        self.nav.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nav.addItems([section.title for section in self._sections])
        self.nav.currentRowChanged.connect(self._chosen)
        self._stack = QStackedWidget()
        outer = column(self, spacing=look.M)
        outer.setContentsMargins(look.L, look.L, 0, 0)
        outer.addWidget(label(self.tr("Settings"), "title"))
        both = line(spacing=look.L)
        both.addWidget(self.nav)
        both.addWidget(self._stack, 1)
        outer.addLayout(both, 1)
        context.theme.changed.connect(self._color)
        self._color()
        self.nav.setCurrentRow(0)

    def entered(self) -> None:
        self.nav.setFocus()

    def show_section(self, key: str) -> None:
        """Bring a section to the front, by its key."""
        keys = [section.key for section in self._sections]
        self.nav.setCurrentRow(keys.index(key))

    def section(self) -> QWidget | None:
        """The one in front."""
        return self._made.get(self._sections[self.nav.currentRow()].key)

    def keys(self) -> list[str]:
        return [section.key for section in self._sections]

    def _make_sections(self) -> list[_Section]:
        from megadesk.ui.pages.settings.about import AboutSection
        from megadesk.ui.pages.settings.advanced import AdvancedSection
        from megadesk.ui.pages.settings.appearance import AppearanceSection
        from megadesk.ui.pages.settings.general import GeneralSection
        from megadesk.ui.pages.settings.keyboard import KeyboardSection
        from megadesk.ui.pages.settings.locking import LockSection
        from megadesk.ui.pages.settings.storage import StorageSection
        from megadesk.ui.pages.settings.transfers import TransfersSection

        return [
            _Section("general", self.tr("General"), "settings", GeneralSection),
            _Section("lock", self.tr("Lock"), "lock", LockSection),
            _Section("transfers", self.tr("Transfers"), "transfers", TransfersSection),
            _Section("storage", self.tr("Storage"), "storage", StorageSection),
            _Section("appearance", self.tr("Appearance"), "appearance", AppearanceSection),
            _Section("advanced", self.tr("Advanced"), "wrench", AdvancedSection),
            _Section("keyboard", self.tr("Keyboard"), "keyboard", KeyboardSection),
            _Section("about", self.tr("About"), "info", AboutSection),
        ]

    def _chosen(self, row: int) -> None:
        section = self._sections[row]
        if section.key not in self._scrolls:
            made = section.make(self._context)
            made.setMaximumWidth(WIDTH)
            holder = QWidget()
            inner = line(holder)
            inner.setContentsMargins(look.XS, 0, look.L, look.XL)
            middle = column()
            middle.addWidget(made)
            middle.addStretch(1)
            inner.addLayout(middle, 10)
            inner.addStretch(1)
            scroll = FormScroll()
            scroll.setWidget(holder)
            self._made[section.key] = made
            self._scrolls[section.key] = scroll
            self._stack.addWidget(scroll)
        self._stack.setCurrentWidget(self._scrolls[section.key])

    def _color(self) -> None:
        for row, section in enumerate(self._sections):
            item: QListWidgetItem | None = self.nav.item(row)
            if item is not None:
                item.setIcon(icon(section.icon, self._context.theme.colors.text))
                item.setSizeHint(QSize(0, 36))
