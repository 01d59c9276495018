"""How a locker was looked at last, and its favourites. Folders are secret: all of it is in the encrypted index."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from megadesk.errors import MegaDeskError, PathError
from megadesk.types import NodeId, NodeKind
from megadesk.ui.ports import Clock, Locker
from megadesk.ui.presenters.listing import Column, Sort
from megadesk.ui.runner import Runs

log = logging.getLogger(__name__)
NOTE = "window"
_SAVE_AFTER_S = 0.8
MAX_FAVOURITES = 40


class ViewState(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept. New fields need defaults; unknown ones are ignored, for other versions of the program."""

    folder: bytes = bytes(16)
    sort: int = int(Column.NAME)
    descending: bool = False
    grid: bool = False
    columns: tuple[int, ...] = (int(Column.NAME), int(Column.SIZE), int(Column.MODIFIED))
    widths: dict[int, int] = {}
    details: bool = True
    details_width: int = 280
    favourites: tuple[bytes, ...] = ()

    def sorting(self) -> Sort:
        return Sort(Column(self.sort) if self.sort in list(Column) else Column.NAME, self.descending)

    def shown_columns(self) -> list[Column]:
        return [Column(column) for column in self.columns if column in list(Column)]


@dataclass(frozen=True)
class Favourite:
    """A folder one goes to often."""

    id: NodeId
    name: str
    path: str


class Memory:
    """Of one open locker. For the GUI thread."""

    def __init__(self, locker: Locker, runs: Runs, clock: Clock, favourites_changed: Callable[[], None]) -> None:
        self._locker = locker
        self._runs = runs
        self._clock = clock
        self._told = favourites_changed
        self.state = ViewState()
        self.favourites: Sequence[Favourite] = ()
        self._due = False
        self._saved = self.state

    def load(self, done: Callable[[], None]) -> None:
        """Then calls ``done``; with defaults when there is nothing, or nothing that can be read."""
        locker = self._locker

        def task() -> tuple[ViewState, list[Favourite]]:
            state = read_state(locker)
            return state, resolve(locker, state.favourites)

        def loaded(found: tuple[ViewState, list[Favourite]]) -> None:
            self.state, self.favourites = found
            self._saved = self.state
            self._told()
            done()

        self._runs.run(task, loaded, lambda _: done())

    def change(self, **fields: object) -> None:
        """Remember; written a moment later, and once for many changes."""
        self.state = msgspec.structs.replace(self.state, **fields)
        if not self._due and self.state != self._saved:
            self._due = True
            self._clock.later(_SAVE_AFTER_S, self._save)

    def _save(self) -> None:
        self._due = False
        self._runs.run(self.saver(), None, _not_saved, lane="memory")

    def saver(self) -> Callable[[], None]:
        """A task that writes what is not written yet; for the last moment before the locker closes, too."""
        state, locker = self.state, self._locker
        if state == self._saved:
            return lambda: None
        self._saved = state
        return lambda: locker.notes.put(NOTE, msgspec.msgpack.encode(state))

    # --- favourites

    def is_favourite(self, folder: NodeId) -> bool:
        return folder in self.state.favourites

    def toggle_favourite(self, folder: NodeId) -> None:
        kept = [each for each in self.state.favourites if each != folder]
        if len(kept) == len(self.state.favourites):
            kept.append(folder)
        self.change(favourites=tuple(kept[-MAX_FAVOURITES:]))
        self.look_again()

    def look_again(self) -> None:
        """Folders may have been renamed, moved or deleted."""
        if not self.state.favourites:
            if self.favourites:
                self.favourites = ()
                self._told()
            return
        locker, wanted = self._locker, self.state.favourites

        def resolved(found: list[Favourite]) -> None:
            if found != self.favourites:
                self.favourites = found
                self._told()

        self._runs.run(lambda: resolve(locker, wanted), resolved, _not_saved, lane="favourites")


def read_state(locker: Locker) -> ViewState:
    """For worker threads."""
    try:
        data = locker.notes.get(NOTE)
        return msgspec.msgpack.decode(data, type=ViewState) if data else ViewState()
    except (MegaDeskError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        log.info("how the locker was looked at is forgotten: %s", type(error).__name__)
        return ViewState()


def resolve(locker: Locker, folders: Sequence[bytes]) -> list[Favourite]:
    """Those that are still there, with their present names. For worker threads."""
    found = []
    for folder in folders:
        try:
            row = locker.node(NodeId(folder))
            path = locker.path_of(row.id)
        except PathError:
            continue
        if row.kind is NodeKind.FOLDER and row.trashed_ms is None:
            found.append(Favourite(row.id, row.display_name, path))
    return found


def _not_saved(error: Exception) -> None:
    log.info("how the locker is looked at was not kept: %s", type(error).__name__)
