"""The recovery key as a picture: a QR code on the screen, and a sheet of paper to print or save."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPageSize, QPainter, QPaintEvent, QPdfWriter
from PySide6.QtWidgets import QWidget

from megadesk.ui.guard import guarded, nothing
from megadesk.ui.i18n import translate

QUIET_ZONE = 4
"""Modules of white around the code, by ISO/IEC 18004."""
A_ROW = 4


def matrix(text: str, error: str = "q") -> tuple[bytearray, ...]:
    """The dark modules of a QR code, without its quiet zone. A quarter of it may be lost (``error`` "l": a fifteenth).

    Raises ValueError for a text that is too long for any.
    """
    import segno  # here: it loads XML and with it TLS, and the first window shows no code

    code: tuple[bytearray, ...] = segno.make_qr(text, error=error).matrix
    return code


def paint_code(painter: QPainter, code: tuple[bytearray, ...], place: QRectF) -> None:
    """Black on white, whatever the theme: readers want it so."""
    count = len(code) + 2 * QUIET_ZONE
    side = place.width() / count
    painter.fillRect(place, QColor("#FFFFFF"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#000000"))
    for y, row in enumerate(code):
        for x, dark in enumerate(row):
            if dark:
                left, top = place.x() + (x + QUIET_ZONE) * side, place.y() + (y + QUIET_ZONE) * side
                painter.drawRect(QRectF(left, top, side + 0.02, side + 0.02))


class QrPicture(QWidget):
    """A QR code; for who cannot see it, the same is beside it as text."""

    def __init__(self, side: int, *, error: str = "q") -> None:
        """``error``: see `matrix`."""
        super().__init__()
        self._error = error
        self._code: tuple[bytearray, ...] = ()
        self.setFixedSize(side, side)
        self.setAccessibleName(self.tr("The recovery key as a QR code"))
        self.setToolTip(self.tr("For the camera of a telephone or another computer"))

    def show_text(self, text: str) -> bool:
        """ "" forgets it. Whether it can be shown: False when it is too long, or its squares would be too small."""
        try:
            code = matrix(text, self._error) if text else ()
        except ValueError:
            code = ()
        fits = bool(code) and self.width() >= 2 * (len(code) + 2 * QUIET_ZONE)
        self._code = code if fits else ()
        self.update()
        return fits

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if not self._code:
            return
        painter = QPainter(self)
        # Modules of whole pixels, so that all are equally large.
        count = len(self._code) + 2 * QUIET_ZONE
        side = max(1, int(self.width() * self.devicePixelRatioF()) // count) * count / self.devicePixelRatioF()
        off = (self.width() - side) / 2
        paint_code(painter, self._code, QRectF(off, off, side, side))
        painter.end()


@dataclass(frozen=True)
class Sheet:
    """What is on the paper."""

    recovery_key: str
    locker: str
    made: str
    """The date, in words."""

    def __repr__(self) -> str:
        return f"<Sheet of {self.locker!r}: redacted>"


def paint_sheet(painter: QPainter, page: QRectF, sheet: Sheet) -> None:
    """Draw it into ``page``, in the painter's units."""
    unit = page.width() / 100
    painter.setPen(QColor("#000000"))

    def write(text: str, top: float, size: float, *, bold: bool = False, fixed: bool = False, left: float = 0) -> float:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if fixed else QFont(painter.font())
        font.setPixelSize(max(1, round(size * unit)))
        font.setBold(bold)
        painter.save()
        painter.setFont(font)
        box = QRectF(page.x() + left * unit, page.y() + top * unit, page.width() - left * unit, page.height())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        used = painter.boundingRect(box, int(flags), text)
        painter.drawText(box, int(flags), text)
        painter.restore()
        return top + used.height() / unit

    at = write(translate("key-sheet", "MegaDesk recovery key"), 0, 4.6, bold=True) + 1.5
    at = write(translate("key-sheet", "Locker “{0}”, {1}").format(sheet.locker, sheet.made), at, 2.3) + 4
    top = at
    groups = sheet.recovery_key.split("-")
    for number, group in enumerate(groups):
        row, column = divmod(number, A_ROW)
        write(f"{number + 1}", top + row * 6 + 0.9, 1.7, left=column * 15.5)
        write(group, top + row * 6, 3.1, bold=True, fixed=True, left=column * 15.5 + 2.6)
    code = matrix(sheet.recovery_key)
    painter.save()
    paint_code(painter, code, QRectF(page.x() + 68 * unit, page.y() + (top - 4) * unit, 32 * unit, 32 * unit))
    painter.restore()
    write(
        _advice(),
        top + 32,
        2.3,
    )


def _advice() -> str:
    return translate(
        "key-sheet",
        "It opens the locker on any computer: in MegaDesk choose “I have a recovery key”. It is needed when the "
        "passphrase is forgotten or the computer is lost. Nobody can make another one. Whoever has it has your "
        "files, so keep it where only you can find it.",
    )


def sheet_text(sheet: Sheet) -> str:
    """The same for a text file: in one line to be copied, and by numbered groups to be read."""
    groups = [f"{number:>4} {group}" for number, group in enumerate(sheet.recovery_key.split("-"), 1)]
    rows = ["".join(groups[at : at + A_ROW]) for at in range(0, len(groups), A_ROW)]
    return "\n\n".join(
        (
            translate("key-sheet", "MegaDesk recovery key"),
            translate("key-sheet", "Locker “{0}”, {1}").format(sheet.locker, sheet.made),
            sheet.recovery_key,
            "\n".join(rows),
            _advice(),
            "",
        )
    )


def save_pdf(path: str, sheet: Sheet) -> None:
    """Write the sheet as a PDF for A4 paper. The caller made the file, private; this fills it. Raises OSError."""
    writer = QPdfWriter(path)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20))
    writer.setTitle(translate("key-sheet", "MegaDesk recovery key"))
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(0, "it cannot be written")
    size = QSize(writer.width(), writer.height())
    paint_sheet(painter, QRectF(QPoint(0, 0), size), sheet)
    painter.end()
