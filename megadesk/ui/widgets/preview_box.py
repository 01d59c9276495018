"""What the chosen file looks like: a picture, a page of a PDF, a text, or why there is none of them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QStackedWidget, QWidget

from megadesk.pictures.pdf import PdfPages
from megadesk.tree.rows import NodeRow
from megadesk.ui import formatting as fmt
from megadesk.ui import theme as look
from megadesk.ui.guard import guarded, nothing
from megadesk.ui.preview import Kind, Preview
from megadesk.ui.signals import signal
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import IconButton, Picture, column, label, line
from megadesk.ui.widgets.file_paint import drawing_of


class PreviewBox(QFrame):
    """A picture, a text, or the drawing of the kind with a word why there is no more."""

    page_wanted = signal[PdfPages, int]()
    """Another page of the PDF that is shown, from 0."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "group")
        self._stack = QStackedWidget()
        self._drawing = Picture(theme, "file", "muted", 72)
        self._why = label("", "caption", wrap=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        plain = QWidget()
        inner = column(plain, margin=look.M)
        inner.addStretch(1)
        centred = line()
        centred.addStretch(1)
        centred.addWidget(self._drawing)
        centred.addStretch(1)
        inner.addLayout(centred)
        inner.addWidget(self._why)
        inner.addStretch(1)
        self._document: PdfPages | None = None
        self._page = 0
        self._picture = _FittedPicture()
        self._back = IconButton(theme, "chevron-left", self.tr("Previous page"))
        self._on = IconButton(theme, "chevron-right", self.tr("Next page"))
        self._where = label("", "caption")
        self._where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._back.clicked.connect(lambda: self._turn(-1))
        self._on.clicked.connect(lambda: self._turn(1))
        self._turning = QWidget()
        turning = line(self._turning)
        turning.setContentsMargins(look.XS, 0, look.XS, look.XS)
        turning.addWidget(self._back)
        turning.addWidget(self._where, 1)
        turning.addWidget(self._on)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setProperty("kind", "preview")
        self._text.setAccessibleName(self.tr("Preview"))
        self._text.setUndoRedoEnabled(False)
        for widget in (plain, self._picture, self._text):
            self._stack.addWidget(widget)
        layout = column(self, margin=1, spacing=0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._turning)
        self._show_document(None)

    def show_drawing(self, row: NodeRow, why: str = "") -> None:
        self._show_document(None)
        self._drawing.show_drawing(*drawing_of(row))
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self._stack.setCurrentIndex(0)
        self._picture.show_picture(None)
        self._text.clear()

    def show_preview(self, row: NodeRow, found: Preview) -> None:
        self._show_document(found.document, found.page)
        if found.picture is not None:
            self._picture.show_picture(found.picture)
            name = fmt.shown_name(row.display_name)
            if found.document is not None:
                words = self.tr("Page {0} of {1}: {2}")
                self._picture.setAccessibleName(words.format(found.page + 1, found.document.pages, name))
            else:
                self._picture.setAccessibleName(self.tr("Picture: {0}").format(name))
            self._stack.setCurrentIndex(1)
        elif found.kind is Kind.TEXT:
            self._text.setPlainText(found.text if found.whole else found.text + "\n…")
            self._stack.setCurrentIndex(2)
        else:
            why = {
                Kind.TOO_LARGE: self.tr("Too large for a preview"),
                Kind.UNREACHABLE: self.tr("No preview: the storage cannot be reached"),
                Kind.ENCRYPTED: self.tr("No preview: this PDF has a password of its own"),
                Kind.DAMAGED: self.tr("No preview: this PDF is damaged"),
                Kind.TOO_MUCH: self.tr("No preview: drawing this page takes too long"),
            }.get(found.kind, "")
            self.show_drawing(row, why)

    def shows(self, document: PdfPages) -> bool:
        return self._document is document

    def forget(self) -> None:
        self._show_document(None)
        self._picture.show_picture(None)
        self._text.clear()
        self._why.setText("")
        self._stack.setCurrentIndex(0)

    def _show_document(self, document: PdfPages | None, page: int = 0) -> None:
        """The process of the one before ends, and with it what it knows."""
        if self._document is not None and self._document is not document:
            self._document.close()
        self._document, self._page = document, page
        pages = document.pages if document is not None else 0
        self._turning.setVisible(pages > 1)
        self.setFixedHeight(200 if document is None else 300)
        if pages:
            self._where.setText(self.tr("Page {0} of {1}").format(fmt.number(page + 1), fmt.number(pages)))
            self._back.setEnabled(page > 0)
            self._on.setEnabled(page + 1 < pages)

    def _turn(self, step: int) -> None:
        if self._document is not None:
            self.page_wanted.emit(self._document, self._page + step)


class _FittedPicture(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._picture: QImage | None = None
        self._fitted: QPixmap | None = None
        """As it was painted last."""

    def show_picture(self, image: QImage | None) -> None:
        self._picture, self._fitted = image, None
        self.update()

    def _fit(self, size: QSize) -> QPixmap:
        """In that many pixels of the screen. A painter that shrinks a page leaves holes in its letters."""
        assert self._picture is not None
        if self._fitted is None or self._fitted.size() != size:
            keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._fitted = QPixmap.fromImage(self._picture.scaled(size, keep, smooth))
        return self._fitted

    @guarded(nothing)
    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self._picture is None or self._picture.isNull():
            return
        painter = QPainter(self)
        room = self.rect().adjusted(6, 6, -6, -6)
        size = self._picture.size()
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(room.center())
        painter.drawPixmap(target, self._fit(size.expandedTo(QSize(1, 1)) * self.devicePixelRatioF()))
        painter.end()
