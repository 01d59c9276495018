"""A selection of so many rows that going through them would stop the window: a worker does it.

A selection of 100,000 rows is one range for the view. What needs the rows themselves takes a tenth of a second for
as many: their sum, and finding them again in another list of the same folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from megadesk.tree.rows import NodeRow
from megadesk.ui.models.file_list import FileListModel
from megadesk.ui.presenters.details import Several
from megadesk.ui.presenters.listing import Chosen
from megadesk.ui.runner import Runs
from megadesk.ui.widgets.files_view import FilesView, rows_in

MANY = 5_000
"""Up to here the window does it itself, in some milliseconds."""

_Held = tuple[Sequence[NodeRow], list[tuple[int, int]]]
"""Rows that were shown, and which of them were selected."""


class ManySelected:
    """Of one page, for the GUI thread. It keeps rows only while a worker is at them."""

    def __init__(self, runs: Runs, model: FileListModel, front: Callable[[], FilesView]) -> None:
        """``front``: the view that is shown."""
        self._runs = runs
        self._model = model
        self._front = front
        self._held: _Held | None = None

    def hold(self) -> bool:
        """Before another list of the same folder is shown: whether the selection is to be found again by `find`."""
        files = self._front()
        if files.selected_count() > MANY:
            self._held = self._model.rows, files.spans()
        return self._held is not None

    def drop(self) -> None:
        """Something else was selected, or another folder is shown: what was held is history."""
        self._held = None

    def find(self) -> None:
        """In the list that is shown now. Nothing is selected for a moment, unless somebody selects something."""
        held, rows, files = self._held, self._model.rows, self._front()
        if held is None:
            return

        def look() -> list[tuple[int, int]]:
            return Chosen.of(rows_in(*held)).spans(rows)

        def found(spans: list[tuple[int, int]]) -> None:
            if self._held is held and self._model.rows is rows and self._front() is files:
                self._held = None
                files.select_spans(spans)

        self._runs.run(look, found, lane="select")

    def add_up(self, tell: Callable[[Several], None]) -> None:
        """``tell`` hears of it if the selection is still the same then."""
        rows, files = self._model.rows, self._front()
        spans = files.spans()

        def added(several: Several) -> None:
            if self._model.rows is rows and self._front() is files and files.spans() == spans:
                tell(several)

        self._runs.run(lambda: Several.of(rows_in(rows, spans)), added, lane="selected")
