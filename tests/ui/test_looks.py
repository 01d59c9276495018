"""What long words do to the window, and the pictures of it that the repository keeps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import shot_files
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QImage, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from megadesk.transfer.port import FileFailure
from megadesk.ui import theme as look
from megadesk.ui.icons import icon
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import ElidedLabel
from megadesk.ui.widgets.confirm import ConfirmSheet
from megadesk.ui.widgets.failures import FailureList
from megadesk.ui.widgets.row_table import RowTable
from megadesk.ui.widgets.search_field import SearchField

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return Theme(app, "light")


def test_a_long_question_does_not_push_the_window_wider(qtbot: QtBot, theme: Theme) -> None:
    sheet = ConfirmSheet(theme)
    qtbot.addWidget(sheet)
    done: list[bool] = []
    also = "&Encrypt it anew, " + "which takes a while and costs an upload of all that is in it, " * 3
    sheet.ask("Sure?", "It is gone then. " * 20, "&Keep", "&Remove", lambda: done.append(True), also=also)
    qtbot.waitExposed(sheet)
    assert sheet.minimumSizeHint().width() < 500
    words = next(each for each in sheet.also.findChildren(QLabel) if each.text() == also)
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    assert sheet.also.isChecked(), "a click on the words is a click on the box"
    assert sheet.also.box.accessibleName() == also.replace("&", "")
    qtbot.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    assert done == [True]


def test_why_a_file_was_left_out_can_be_read_to_the_end(qtbot: QtBot, theme: Theme) -> None:
    shown = FailureList(theme)
    qtbot.addWidget(shown)
    shown.resize(900, 400)
    shown.show_failures([FileFailure(f"/a/{'long' * 40}/b", "", "It kept changing. " * 9, "Try again later.")])
    shown.show()
    shown.resize(260, 400)
    listed = shown._list
    item = listed.item(0)
    row = listed.itemWidget(item)
    qtbot.waitUntil(lambda: 0 < row.width() <= listed.viewport().width())
    assert item.sizeHint().height() >= row.heightForWidth(row.width())


def test_what_does_not_fit_is_said_shorter(qtbot: QtBot, theme: Theme) -> None:
    shown = ElidedLabel()
    qtbot.addWidget(shown)
    whole, half, least = "88,995 selected and 44.5 TB in all of them", "88,995 selected", "88,995"
    shown.show_text(whole, half, least)
    shown.show()
    widths = [QFontMetrics(shown.font()).horizontalAdvance(text) for text in (whole, half, least)]
    for width, text in ((widths[0], whole), (widths[0] - 1, half), (widths[1] - 1, least)):
        shown.resize(width, 20)
        assert shown.text() == text
        assert shown.toolTip() == ("" if text is whole else whole)
    shown.resize(widths[2] - 1, 20)
    assert shown.text() != least
    assert shown.accessibleName() == whole


def test_a_chosen_link_is_marked_across_the_row_as_a_file_is(qtbot: QtBot, theme: Theme) -> None:
    view = RowTable(theme)
    qtbot.addWidget(view)
    model = QStandardItemModel(3, 2)
    view.setModel(model)
    view.resize(400, 200)
    view.show()
    view.selectRow(1)
    qtbot.waitExposed(view)
    picture = view.viewport().grab().toImage()
    middle = view.rowViewportPosition(1) + view.rowHeight(1) // 2
    chosen = QColor(theme.colors.accent_soft)
    assert all(picture.pixelColor(at, middle) == chosen for at in (30, view.columnWidth(0) + 5, 380))
    assert picture.pixelColor(look.XS + 1, middle) == QColor(theme.colors.accent)
    assert picture.pixelColor(30, view.rowViewportPosition(2) + 15) != chosen


def test_the_cross_that_empties_the_search_is_drawn_as_the_others_are(theme: Theme, qtbot: QtBot) -> None:
    field = SearchField(theme)
    qtbot.addWidget(field)
    cross = field.findChild(QAction, "_q_qlineeditclearaction")
    assert cross is not None
    ours = icon("close", theme.colors.muted).pixmap(16, 16).toImage()
    assert cross.icon().pixmap(16, 16).toImage() == ours


def test_the_cross_is_there_only_when_there_is_something_to_empty(theme: Theme, qtbot: QtBot) -> None:
    field = SearchField(theme)
    qtbot.addWidget(field)
    field.show()
    button = next(each for each in field.findChildren(QToolButton) if each.text() == field.tr("Empty the search"))
    assert not button.isVisible()
    theme.changed.emit()
    assert not button.isVisible()
    field.setText("thesis")
    qtbot.waitUntil(button.isVisible)
    theme.changed.emit()
    assert button.isVisible()


def test_a_palette_keeps_the_colours_of_most_pixels_and_is_always_the_same() -> None:
    counts = {0xFF000000 | color * 37 % 0xFFFFFF: 1000 - color % 900 for color in range(5000)}
    made = shot_files.palette(counts)
    assert len(made) == shot_files.MOST
    assert made == shot_files.palette(dict(reversed(counts.items())))
    most = sorted(counts, key=lambda color: (-counts[color], color))
    assert made[:100] == most[:100]
    assert shot_files.palette({0xFF010203: 7, 0xFFFFFFFF: 9}) == [0xFFFFFFFF, 0xFF010203]


def test_a_frugal_picture_is_the_picture(tmp_path: Path, qtbot: QtBot) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0xFFEAEEF0)
    image.setPixel(3, 4, 0xFF0B6970)
    shot_files.save_frugally(image, tmp_path / "a" / "b.png")
    assert QImage(str(tmp_path / "a" / "b.png")).convertToFormat(QImage.Format.Format_RGB32) == image


def test_every_picture_that_is_kept_is_in_the_index_and_there() -> None:
    named = re.findall(r"\]\((\S+/\S+\.png)\)", (PICTURES / "README.md").read_text(encoding="utf-8"))
    assert len(named) > 100
    assert len(set(named)) == len(named)
    there = {path.relative_to(PICTURES).as_posix() for path in PICTURES.glob("*/*.png")}
    assert there == set(named)
