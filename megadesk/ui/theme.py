"""The design system: spacing, type scale, colour roles, and the style sheet made of them. One place, no widgets.

Roles are named for what they do. Every pair of text and ground has a contrast of 4.5 or more, borders of fields and
focus rings 3 or more (WCAG 2.2 AA); a test computes them all.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from megadesk.state.settings import Settings
from megadesk.ui.signals import signal

# Spacing: multiples of 4 px at scale 1; Qt scales them.
XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 40
RADIUS = 8
RADIUS_LARGE = 14
CARDS_WIDTH = 960
"""At most, on pages of cards: on a wide screen their buttons stay near their words."""

# Type scale, relative to the system's font.
CAPTION, BODY, SUBTITLE, TITLE, DISPLAY = 0.88, 1.0, 1.15, 1.6, 2.0


@dataclass(frozen=True)
class Colors:
    """Colour roles, as #RRGGBB."""

    window: str
    surface: str
    sunken: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    folder: str
    side: str
    danger: str
    danger_soft: str
    warn: str
    warn_soft: str
    good: str
    good_soft: str
    track: str
    """What a bar of progress runs on."""
    inactive: str
    """Text of what cannot be used now."""
    inactive_icon: str


LIGHT = Colors(
    window="#F4F6F7",
    surface="#FFFFFF",
    sunken="#EAEEF0",
    hover="#EFF3F4",
    border="#DCE2E5",
    border_strong="#7E8A93",
    text="#14191D",
    muted="#55616A",
    accent="#0B6970",
    accent_hover="#08545A",
    on_accent="#FFFFFF",
    accent_soft="#D8EEEF",
    folder="#268A91",
    side="#DDF0F0",
    danger="#B3261E",
    danger_soft="#FCEAE8",
    warn="#7F4D00",
    warn_soft="#FFF1D6",
    good="#1B6B3A",
    good_soft="#E2F3E8",
    track="#DCE2E5",
    inactive="#55616A",
    inactive_icon="#7E8A93",
)
DARK = Colors(
    window="#14181B",
    surface="#1B2024",
    sunken="#101315",
    hover="#242B30",
    border="#2E363C",
    border_strong="#79858E",
    text="#E9EDEF",
    muted="#A3AEB6",
    accent="#53C5CB",
    accent_hover="#78D6DB",
    on_accent="#042729",
    accent_soft="#173F43",
    folder="#4AB3B9",
    side="#1A272A",
    danger="#FF8F86",
    danger_soft="#3D1D1B",
    warn="#F3BC62",
    warn_soft="#372A0E",
    good="#70CE90",
    good_soft="#173121",
    track="#2E363C",
    inactive="#A3AEB6",
    inactive_icon="#79858E",
)
LIGHT_HIGH = replace(
    LIGHT,
    window="#FFFFFF",
    sunken="#F2F2F2",
    border="#000000",
    border_strong="#000000",
    text="#000000",
    muted="#262626",
    accent="#00464B",
    accent_hover="#000000",
    accent_soft="#BFE3E5",
    folder="#1B6F75",
    danger="#8C0009",
    warn="#5C3600",
    good="#00451C",
    track="#C8C8C8",
    inactive="#666666",
    inactive_icon="#767676",
)
DARK_HIGH = replace(
    DARK,
    window="#000000",
    surface="#000000",
    sunken="#0A0A0A",
    border="#FFFFFF",
    border_strong="#FFFFFF",
    text="#FFFFFF",
    muted="#DADADA",
    accent="#7FF0F5",
    accent_hover="#FFFFFF",
    on_accent="#000000",
    accent_soft="#005A60",
    track="#404040",
    inactive="#A0A0A0",
    inactive_icon="#8C8C8C",
)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1..21."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Theme(QObject):
    """The colours in force. ``changed`` tells who paints by hand."""

    changed = signal[()]()

    def __init__(self, app: QApplication, choice: str = "system", text_scale: int = 100) -> None:
        """``choice``: system, light or dark. ``text_scale``: percent of the desktop's own size."""
        super().__init__(app)
        self._app = app
        self._font = QFont(app.font())
        self._scale = 0
        self.colors = LIGHT
        self.dark = False
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        accessibility = getattr(hints, "accessibility", lambda: None)()  # Qt 6.10
        preference = getattr(accessibility, "contrastPreferenceChanged", None)
        if preference is not None:
            preference.connect(self._follow)
        self._forced: Qt.ColorScheme | None = None
        self.scale_text(text_scale)
        self.choose(choice)

    def scale_text(self, percent: int) -> None:
        """Text at so many percent of the desktop's size."""
        if percent != self._scale:
            self._scale = percent
            font = QFont(self._font)
            font.setPointSizeF(self._font.pointSizeF() * percent / 100)
            self._app.setFont(font)
            self._follow()

    def follow(self, settings: Settings) -> None:
        """What the user has chosen, as far as it differs."""
        self.scale_text(settings.text_scale)
        if settings.theme != self._choice:
            self.choose(settings.theme)

    def choose(self, choice: str) -> None:
        """Follow the desktop, or be light or dark whatever it says."""
        self._choice = choice
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._forced = schemes.get(choice)
        QGuiApplication.styleHints().setColorScheme(self._forced or Qt.ColorScheme.Unknown)
        self._follow()

    def _follow(self, *_: object) -> None:
        hints = QGuiApplication.styleHints()
        self.dark = (self._forced or hints.colorScheme()) == Qt.ColorScheme.Dark
        high = _high_contrast()
        self.colors = (DARK_HIGH if high else DARK) if self.dark else (LIGHT_HIGH if high else LIGHT)
        self._app.setPalette(_palette(self.colors))
        self._app.setStyleSheet(style_sheet(self.colors, self._app.font()))
        self.changed.emit()


def _high_contrast() -> bool:
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", lambda: None)()
    wish = getattr(accessibility, "contrastPreference", lambda: None)()
    return getattr(wish, "name", "") == "HighContrast"


def scaled(font: QFont, scale: float, *, bold: bool = False) -> QFont:
    """``font`` at a step of the type scale."""
    font = QFont(font)
    font.setPointSizeF(max(7.0, font.pointSizeF() * scale))
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def _palette(colors: Colors) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, color in {
        role.Window: colors.window,
        role.WindowText: colors.text,
        role.Base: colors.surface,
        role.AlternateBase: colors.window,
        role.Text: colors.text,
        role.Button: colors.surface,
        role.ButtonText: colors.text,
        role.PlaceholderText: colors.muted,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.on_accent,
        role.Link: colors.accent,
        role.LinkVisited: colors.accent,
        role.ToolTipBase: colors.text,
        role.ToolTipText: colors.window,
        role.Accent: colors.accent,
        role.Light: colors.surface,
        role.Midlight: colors.hover,
        role.Mid: colors.border,
        role.Dark: colors.border_strong,
        role.Shadow: colors.border_strong,
    }.items():
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colors.inactive))
    return palette


def style_sheet(colors: Colors, font: QFont) -> str:
    """Everything widgets look like. Widgets ask for a look by the dynamic properties ``kind`` and ``tone``."""
    base = font.pointSizeF() if font.pointSizeF() > 0 else 10.0
    values: dict[str, str] = {field.name: getattr(colors, field.name) for field in fields(colors)}
    values |= {
        "caption": f"{base * CAPTION:.1f}pt",
        "body": f"{base * BODY:.1f}pt",
        "subtitle": f"{base * SUBTITLE:.1f}pt",
        "title": f"{base * TITLE:.1f}pt",
        "display": f"{base * DISPLAY:.1f}pt",
        "radius": f"{RADIUS}px",
        "radius_large": f"{RADIUS_LARGE}px",
    }
    text = _SHEET
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(f"@{name};", f"{values[name]};").replace(f"@{name} ", f"{values[name]} ")
    return text


_SHEET = """
* { outline: 0; }
QMainWindow, QDialog, QWidget[kind="page"] { background: @window; }
QLabel { background: transparent; color: @text; }
QLabel[kind="display"] { font-size: @display; font-weight: 600; }
QLabel[kind="brand"] { font-size: @subtitle; font-weight: 600; }
QLabel[kind="title"] { font-size: @title; font-weight: 600; }
QLabel[kind="subtitle"] { font-size: @subtitle; font-weight: 600; }
QLabel[kind="field"] { font-weight: 600; }
QLabel[kind="muted"] { color: @muted; }
QLabel[kind="small"] { font-size: @caption; }
QLabel[kind="caption"] { color: @muted; font-size: @caption; }
QLabel[tone="danger"] { color: @danger; }
QLabel[tone="warn"] { color: @warn; }
QLabel[tone="good"] { color: @good; }

QFrame[kind="card"] { background: @surface; border: 1px solid @border; border-radius: @radius_large; }
QFrame[kind="bar"] { background: @surface; border: 0; border-bottom: 1px solid @border; }
QFrame[kind="strip"] { background: @surface; border: 0; border-top: 1px solid @border; }
QFrame[kind="option"] { background: @accent_soft; border: 2px solid @accent; border-radius: @radius; }
QFrame[kind="group"] { background: @sunken; border: 1px solid @border; border-radius: @radius; }
QFrame[kind="side"] { background: @side; border: 0; border-right: 1px solid @border; }
QFrame[kind="key"] { background: @surface; border: 1px solid @border_strong; border-radius: 5px; }
QFrame[kind="nav"] { background: @window; border: 0; }
QFrame[kind="details"] { background: @window; border: 0; }
QFrame[kind="beside"] { background: @window; border: 0; border-left: 1px solid @border; }
QFrame[kind="find"] { background: @window; border: 0; border-bottom: 1px solid @border; }
QFrame[kind="sheet"] { background: @surface; border: 0; border-top: 2px solid @accent; }
QFrame[kind="line"] { background: @border; border: 0; max-height: 1px; min-height: 1px; }
QFrame[kind="banner"] { background: @accent_soft; border: 0; border-bottom: 1px solid @border; }
QFrame[kind="banner"][inset="true"] { border: 1px solid @border; border-radius: @radius; }
QFrame[kind="banner"][tone="danger"] { background: @danger_soft; }
QFrame[kind="banner"][tone="warn"] { background: @warn_soft; }
QFrame[kind="banner"][tone="good"] { background: @good_soft; }
QFrame[kind="banner"][tone="danger"] QLabel[kind="field"] { color: @danger; }
QFrame[kind="banner"][tone="warn"] QLabel[kind="field"] { color: @warn; }

QPushButton { background: @surface; color: @text; border: 1px solid @border_strong; border-radius: @radius;
  padding: 7px 16px; min-height: 20px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @sunken; }
QPushButton:focus { border: 2px solid @accent; padding: 6px 15px; }
QPushButton:disabled { color: @inactive; border-color: @border; background: @window; }
QPushButton[kind="primary"] { background: @accent; color: @on_accent; border: 1px solid @accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @accent_hover; border-color: @accent_hover; }
QPushButton[kind="primary"]:pressed { background: @accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; }
QPushButton[kind="primary"]:disabled { background: @sunken; color: @inactive; border-color: @border; }
QPushButton[kind="danger"] { background: @danger; color: @surface; border: 1px solid @danger; font-weight: 600; }
QPushButton[kind="danger"]:focus { border: 2px solid @text; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; color: @accent; padding: 7px 10px; }
QPushButton[kind="quiet"]:hover { background: @hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid @accent; padding: 6px 9px; }
QPushButton[kind="quiet"]:disabled { color: @inactive; background: transparent; }
QPushButton[kind="tile"] { text-align: left; padding: 10px 12px; border: 1px solid @border_strong; }
QPushButton[kind="tile"]:checked { background: @accent_soft; border: 2px solid @accent; padding: 9px 11px;
  font-weight: 600; }
QPushButton[kind="tile"]:focus { border: 2px solid @text; padding: 9px 11px; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton { background: transparent; color: @text; border: 2px solid transparent; border-radius: @radius;
  padding: 4px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed, QToolButton:checked { background: @sunken; }
QToolButton:focus { border-color: @accent; }
QToolButton:disabled { color: @inactive; }
QToolButton::menu-indicator { image: none; }
QToolButton[kind="foot"] { padding: 6px 10px; text-align: left; }
QToolButton[kind="action"] { padding: 4px 10px; }
QToolButton[kind="tab"] { padding: 5px 12px; color: @muted; border-radius: 0; border: 0;
  border-bottom: 2px solid transparent; }
QToolButton[kind="tab"]:hover { color: @text; background: @hover; }
QToolButton[kind="tab"]:checked { background: transparent; color: @text; font-weight: 600;
  border-bottom: 2px solid @accent; }
QToolButton[kind="tab"]:focus { border-bottom: 2px solid @text; }
QToolButton[kind="crumb"] { padding: 3px 6px; color: @muted; font-size: @subtitle; }
QToolButton[kind="crumb"]:hover { color: @text; }
QToolButton[kind="crumb"][last="true"] { color: @text; font-weight: 600; }

QLineEdit, QPlainTextEdit { background: @surface; color: @text; border: 1px solid @border_strong;
  border-radius: @radius; padding: 7px 10px; min-height: 20px; placeholder-text-color: @muted;
  selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:focus, QPlainTextEdit:focus { border: 2px solid @accent; padding: 6px 9px; }
QLineEdit[tone="danger"], QPlainTextEdit[tone="danger"] { border: 2px solid @danger; padding: 6px 9px; }
QLineEdit:read-only { background: @sunken; }
QLineEdit:disabled { background: @window; color: @inactive; border-color: @border; }
QComboBox { background: @surface; color: @text; border: 1px solid @border_strong; border-radius: @radius;
  padding: 7px 10px; min-height: 20px; }
QComboBox:focus { border: 2px solid @accent; padding: 6px 9px; }
QComboBox::drop-down { border: 0; width: 28px; }
QComboBox QAbstractItemView { background: @surface; color: @text; border: 1px solid @border; selection-background-color:
  @accent_soft; selection-color: @text; padding: 4px; }
QSpinBox, QTimeEdit { background: @surface; color: @text; border: 1px solid @border_strong; border-radius: @radius;
  padding: 5px 10px 6px; min-height: 20px; selection-background-color: @accent; selection-color: @on_accent; }
QSpinBox:focus, QTimeEdit:focus { border: 2px solid @accent; padding: 4px 9px 5px; }
QSpinBox:disabled, QTimeEdit:disabled { background: @window; color: @inactive; border-color: @border; }
QAbstractSpinBox QLineEdit { background: transparent; border: 0; border-radius: 0; padding: 0 8px; min-height: 0; }
QAbstractSpinBox QLineEdit:focus { border: 0; padding: 0 8px; }
QSpinBox::up-button, QSpinBox::down-button, QTimeEdit::up-button, QTimeEdit::down-button { width: 0; border: 0; }
QCheckBox, QRadioButton { spacing: 8px; color: @text; }
QCheckBox::indicator, QRadioButton::indicator { width: 18px; height: 18px; border: 2px solid @border_strong;
  background: @surface; border-radius: 5px; }
QRadioButton::indicator { border-radius: 11px; }
QCheckBox::indicator:focus, QCheckBox:focus::indicator, QRadioButton:focus::indicator { border-color: @accent; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: @accent; border-color: @accent; }
QRadioButton::indicator:checked { background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
  stop: 0 @on_accent , stop: 0.38 @on_accent , stop: 0.46 @accent , stop: 1 @accent ); }
QCheckBox:focus, QRadioButton:focus { text-decoration: underline; }
QCheckBox:disabled, QRadioButton:disabled { color: @inactive; }

QTableView, QListView, QTreeView { background: @surface; color: @text; border: 0;
  selection-background-color: @accent_soft;
  selection-color: @text; }
QPlainTextEdit[kind="preview"] { background: transparent; border: 0; padding: 4px; font-size: @caption; }
QPlainTextEdit[kind="preview"]:focus { border: 0; padding: 4px; }
QListWidget[kind="versions"] { background: transparent; font-size: @caption; }
QListWidget[kind="failures"] { background: transparent; }
QListWidget[kind="versions"]::item { border-radius: 6px; padding: 4px 6px; }
QListWidget[kind="versions"]::item:selected { background: @accent_soft; color: @text; }
QTreeView[kind="framed"] { border: 1px solid @border; border-radius: @radius; }
QTreeView[kind="framed"]::item { padding: 3px 4px; }
QTreeView[kind="framed"]:focus { border: 2px solid @accent; }
QTableView QLineEdit { border-radius: 4px; padding: 2px 6px; min-height: 0; }
QPushButton[kind="row"] { background: transparent; border: 1px solid transparent; border-radius: 6px; }
QPushButton[kind="row"]:hover { background: @hover; }
QPushButton[kind="row"]:focus { border-color: @accent; }
QFrame[kind="popup"] { background: @surface; border: 1px solid @border_strong; }
QTableView[kind="queue"], QTableView[kind="table"] { selection-background-color: transparent; }
QTableView[kind="table"]::item { padding: 0 12px; }
QTableView[kind="table"] QHeaderView::section { padding-left: 15px; }
QListView[kind="nav"] { background: transparent; }
QListView[kind="nav"]::item { border: 2px solid transparent; border-radius: @radius; padding-left: 4px; color: @text; }
QListView[kind="nav"]::item:selected { background: @accent_soft; color: @text; font-weight: 600; }
QListView[kind="nav"]::item:focus { border-color: @accent; }
QHeaderView { background: @surface; border: 0; }
QHeaderView::section { background: @surface; color: @muted; border: 0; border-bottom: 1px solid @border;
  padding: 6px 8px;
  font-size: @caption; }
QTableCornerButton::section { background: @surface; border: 0; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @border_strong; border-radius: 3px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget { background: transparent; }

QMenu { background: @surface; color: @text; border: 1px solid @border; border-radius: @radius; padding: 6px; }
QMenu::item { padding: 7px 28px 7px 10px; border-radius: 5px; }
QMenu::item:selected { background: @accent_soft; color: @text; }
QMenu::item:disabled { color: @inactive; }
QMenu::separator { height: 1px; background: @border; margin: 6px 8px; }
QMenu::icon { padding-left: 6px; }
QToolTip { background: @text; color: @window; border: 0; padding: 5px 8px; }
QSplitter::handle { background: @border; }
"""
