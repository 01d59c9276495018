"""Contrast of every pair that the style sheet makes (WCAG 2.2 AA), and that no colour or icon is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QSpinBox, QTimeEdit
from pytestqt.qtbot import QtBot

from megadesk.ui import theme as look
from megadesk.ui.icons import pixmap, type_icon
from megadesk.ui.resources import resource_folder
from megadesk.ui.theme import DARK, DARK_HIGH, LIGHT, LIGHT_HIGH, Colors, Theme, contrast


@pytest.fixture
def app_theme(qtbot: QtBot) -> Theme:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return Theme(app, "light")


SCHEMES = {"light": LIGHT, "dark": DARK, "light high": LIGHT_HIGH, "dark high": DARK_HIGH}
TEXT_ON = [
    ("text", ("window", "surface", "sunken", "hover", "accent_soft", "danger_soft", "warn_soft", "good_soft")),
    # also what a field says while it is empty
    ("muted", ("window", "surface", "sunken", "hover", "accent_soft", "side", "warn_soft", "danger_soft", "good_soft")),
    ("inactive", ("window", "surface", "sunken")),
    ("accent", ("window", "surface", "hover", "accent_soft")),
    ("on_accent", ("accent", "accent_hover")),
    ("danger", ("window", "surface", "danger_soft")),
    ("warn", ("window", "surface", "warn_soft")),
    ("good", ("window", "surface", "good_soft")),
    ("window", ("text",)),
    ("surface", ("danger",)),
]
SHAPES_ON = [
    ("border_strong", ("window", "surface")),  # edges of fields
    ("inactive_icon", ("window", "surface")),
    # progress, and how strong a passphrase is
    *((role, ("track",)) for role in ("accent", "muted", "danger", "warn", "good")),
    # the ring around what has the focus, the bar of what is selected, drawings, progress
    (
        "accent",
        ("window", "surface", "sunken", "hover", "accent_soft", "danger_soft", "warn_soft", "good_soft", "side"),
    ),
    # the ring around a button that is coloured itself
    ("text", ("window", "surface", "danger_soft")),
    ("folder", ("surface", "window", "accent_soft")),
    *((tone, ("window", "surface", f"{tone}_soft")) for tone in ("danger", "warn", "good")),
]


def named_pairs(sheet: str) -> set[tuple[str, str]]:
    """Text and ground that one rule of the style sheet sets, by role."""
    pairs = set()
    for body in re.findall(r"\{([^}]*)\}", sheet):
        names = dict(re.findall(r"(?:^|[ ;\n])((?:selection-)?(?:background-)?color|background):\s*@(\w+)", body))
        for front, ground in (("color", "background"), ("selection-color", "selection-background-color")):
            if front in names and ground in names:
                pairs.add((names[front], names[ground]))
    return pairs


def test_every_pair_that_a_rule_names_is_computed() -> None:
    computed = {(front, ground) for front, grounds in TEXT_ON for ground in grounds}
    named = named_pairs(look._SHEET)
    assert ("on_accent", "accent") in named
    assert named <= computed, named - computed


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_cannot_be_used_looks_so(scheme: str) -> None:
    """In high contrast, too, where edges are as dark as text."""
    colors = SCHEMES[scheme]
    assert contrast(colors.text, colors.inactive) >= 1.5
    assert contrast(colors.text, colors.inactive_icon) >= 2


def test_an_empty_field_is_readable(qtbot: QtBot, app_theme: Theme) -> None:
    """Left alone, Qt halves the text's colour for what a field says while it is empty."""
    for edit in (QLineEdit(), QPlainTextEdit()):
        qtbot.addWidget(edit)
        edit.ensurePolished()
        color = edit.palette().color(QPalette.ColorRole.PlaceholderText)
        assert color == QColor(app_theme.colors.muted)


def test_boxes_of_a_row_are_equally_high(qtbot: QtBot, app_theme: Theme) -> None:
    heights = {}
    for box in (QLineEdit(), QComboBox(), QSpinBox(), QTimeEdit(), QPushButton("x")):
        qtbot.addWidget(box)
        box.ensurePolished()
        heights[type(box).__name__] = box.sizeHint().height()
    assert len(set(heights.values())) == 1, heights


@pytest.mark.parametrize("scheme", SCHEMES)
def test_contrast(scheme: str) -> None:
    colors = SCHEMES[scheme]
    for pairs, least in ((TEXT_ON, 4.5), (SHAPES_ON, 3.0)):
        for front, grounds in pairs:
            for ground in grounds:
                ratio = contrast(getattr(colors, front), getattr(colors, ground))
                assert ratio >= least, f"{front} on {ground}: {ratio:.2f}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_style_sheet_is_complete(scheme: str, qtbot: QtBot) -> None:
    colors: Colors = SCHEMES[scheme]
    sheet = look.style_sheet(colors, QFont("sans", 10))
    assert "@" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_every_icon_that_is_named_is_drawn(qtbot: QtBot) -> None:
    folder = resource_folder() / "icons"
    drawn = {path.stem for path in folder.glob("*.svg")}
    source = Path(look.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in source.rglob("*.py"))
    named = set(re.findall(r'(?:icon_name=|IconButton\(theme, |Picture\(theme, |set_icon_name\()"([a-z-]+)"', text))
    assert named <= drawn, named - drawn
    for name in ("a.jpg", "b.tar.gz", "c.unknown", "no extension", "x.MP3"):
        assert type_icon(name) in drawn
    for name in drawn:
        image = pixmap(name, "#123456", 20, 20, 2.0).toImage()
        assert image.width() == 40
        assert any(image.pixelColor(x, y).alpha() for x in range(40) for y in range(40)), name
