"""Contrast of every pair that the style sheet makes (WCAG 2.2 AA), and that no colour or icon is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from megadesk.ui import theme as look
from megadesk.ui.icons import pixmap, type_icon
from megadesk.ui.resources import resource_folder
from megadesk.ui.theme import DARK, DARK_HIGH, LIGHT, LIGHT_HIGH, Colors, contrast

SCHEMES = {"light": LIGHT, "dark": DARK, "light high": LIGHT_HIGH, "dark high": DARK_HIGH}
TEXT_ON = [
    ("text", ("window", "surface", "sunken", "hover", "accent_soft", "danger_soft", "warn_soft", "good_soft")),
    ("muted", ("window", "surface", "sunken", "hover", "accent_soft", "side")),
    ("accent", ("window", "surface", "hover", "accent_soft")),
    ("on_accent", ("accent", "accent_hover")),
    ("danger", ("window", "surface", "danger_soft")),
    ("warn", ("window", "surface", "warn_soft")),
    ("good", ("window", "surface", "good_soft")),
    ("window", ("text",)),
    ("surface", ("danger",)),
]
SHAPES_ON = [
    ("border_strong", ("window", "surface")),
    ("accent", ("window", "surface", "sunken", "accent_soft", "side")),
    ("folder", ("surface",)),
]


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
