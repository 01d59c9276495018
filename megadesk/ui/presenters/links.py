"""Links in the window: what their list says, how one is made and copied. No Qt."""

from __future__ import annotations

import html
import time
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from megadesk.errors import MegaDeskError
from megadesk.types import NodeId
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.link_serving import LinkServing, Reach
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.errors import Problem, problem_of, words
from megadesk.ui.runner import Runs

if TYPE_CHECKING:
    from megadesk.core.link_places import PlaceAbilities
    from megadesk.core.links import LinkOptions, LinkRow

DAY_S = 86400


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


# --- the list


@dataclass(frozen=True)
class LinkLine:
    """A link as the list shows it."""

    row: LinkRow
    name: str
    place: str
    """Of what is shared, in the locker."""
    state: str
    tone: str
    """good, warn or "", as the state is."""
    expires: str
    downloads: str
    where: str
    """Where the link lives."""
    marks: str
    """Password, kept up to date: what is special."""


def link_line(row: LinkRow, now_ms: int) -> LinkLine:
    above, _, name = row.path.rpartition("/")
    active = row.state == "active"
    served = bool(row.url)
    states = {
        "active": translate("links", "Works") if served else translate("links", "Not shared now"),
        "expired": translate("links", "Expired"),
        "revoked": translate("links", "Taken back"),
        "missing": translate("links", "Its file is gone"),
    }
    marks = []
    if row.has_password:
        marks.append(translate("links", "password"))
    if row.live:
        marks.append(translate("links", "kept up to date"))
    return LinkLine(
        row=row,
        name=fmt.shown_name(name) if row.path not in ("", "/") else gone_name(row),
        place=fmt.shown_name(above or "/") if row.path else "",
        state=states.get(row.state, row.state),
        tone=("good" if served else "warn") if active else "",
        expires=expiry_text(row.expires_ms, now_ms),
        downloads=downloads_text(row.downloads, row.max_downloads),
        where=words(row.abilities.title),
        marks=", ".join(marks),
    )


def gone_name(row: LinkRow) -> str:
    return translate("links", "The whole locker") if row.path == "/" else translate("links", "(deleted)")


def expiry_text(expires_ms: int | None, now_ms: int) -> str:
    if expires_ms is None:
        return translate("links", "Never")
    if expires_ms <= now_ms:
        return fmt.when(expires_ms * 1_000_000)
    return translate("links", "in %1").replace("%1", fmt.duration((expires_ms - now_ms) / 1000))


def downloads_text(downloads: int | None, limit: int | None) -> str:
    if downloads is None:
        return "–"
    if limit is None:
        return fmt.number(downloads)
    return translate("links", "%1 of %2").replace("%1", fmt.number(downloads)).replace("%2", fmt.number(limit))


class LinksView(Protocol):
    def show_links(self, lines: Sequence[LinkLine], hidden: int) -> None:
        """``hidden``: how many that do not work any more are left out."""

    def show_serving(self, text: str, *, serving: bool, exposed: bool, possible: bool) -> None:
        """Whether this computer serves links, in words; ``possible``: whether this locker's links need it."""

    def show_problem(self, problem: Problem) -> None: ...


class LinksPresenter:
    """The page of links. For the GUI thread."""

    def __init__(self, view: LinksView, locker: Locker, serving: LinkServing, runs: Runs) -> None:
        self._view = view
        self._locker = locker
        self._serving = serving
        self._runs = runs
        self._rows: Sequence[LinkRow] = ()
        self.show_old = False

    def read(self) -> None:
        locker = self._locker

        def task() -> tuple[Sequence[LinkRow], bool]:
            from megadesk.format.ops import LinkPlace

            rows = locker.links.list()
            shared_here = any(row.place is LinkPlace.SHARE and row.state == "active" for row in rows)
            return rows, shared_here or locker.links.places()[0].place is LinkPlace.SHARE

        self._runs.run(task, self._came, self._failed, lane="links")

    def _came(self, found: tuple[Sequence[LinkRow], bool]) -> None:
        self._rows, possible = found
        self.show()
        self._show_serving(possible)

    def show(self) -> None:
        """What is known, with or without the links that do not work any more."""
        now_ms = _now_ms()
        rows = [row for row in self._rows if self.show_old or row.state in ("active", "missing")]
        self._view.show_links([link_line(row, now_ms) for row in rows], len(self._rows) - len(rows))

    def _show_serving(self, possible: bool) -> None:
        status = self._serving.status()
        self._view.show_serving(
            serving_text(status),
            serving=status is not None,
            exposed=status is not None and status.exposed,
            possible=possible,
        )

    def share(self, reach: Reach) -> None:
        """Serve links from this computer, or stop that: ``reach`` "" stops."""
        serving = self._serving
        self._runs.run(
            lambda: serving.start(reach) if reach else serving.stop(), lambda _: self.read(), self._failed, lane="share"
        )

    def take_back(self, rows: Sequence[LinkRow], *, rekey: bool = False) -> None:
        locker, links = self._locker, self._locker.links

        def task() -> None:
            for row in rows:
                links.revoke(row.id, rekey=rekey)
            if rekey:
                locker.upkeep.collect_garbage()

        self._runs.run(task, lambda _: self.read(), self._failed)

    def forget(self) -> None:
        self._rows = ()

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(problem_of(error))
        if isinstance(error, MegaDeskError):
            self.show()


def serving_text(status: object) -> str:
    """``status`` is a ShareStatus or None."""
    if status is None:
        return translate("links", "Links from this computer work while it shares them. It shares none now.")
    base = str(getattr(status, "base_url", ""))
    if getattr(status, "exposed", False):
        return translate("links", "This computer shares links with its network: %1").replace("%1", base)
    return translate("links", "This computer shares links with programs on it only: %1").replace("%1", base)


def opens_here_only(url: str) -> bool:
    """Whether it is an address that no other computer reaches."""
    host = urllib.parse.urlsplit(url).hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


# --- making one


@dataclass(frozen=True)
class NeedsPlace:
    """The locker's storage serves no links, and this computer has not been told to: ask who may reach them."""


def copy_link(locker: Locker, serving: LinkServing, node: NodeId) -> LinkRow | NeedsPlace:
    """For worker threads: an unconditional link to a node, one that works already or a new one.

    Raises as `core.links.Links.make`.
    """
    from megadesk.format.ops import LinkPlace

    links = locker.links
    if links.places()[0].place is LinkPlace.SHARE and serving.status() is None and not links.served_at():
        if not serving.choice.reach:
            return NeedsPlace()
        serving.start(serving.choice.reach)
    for row in links.list(counts=False):
        plain = row.expires_ms is None and row.max_downloads is None and not row.has_password and not row.live
        # A frozen folder link shows what was in it then, which is not what somebody means who copies it again.
        same = row.node == node and row.state == "active" and row.url and not row.is_folder and not row.note
        if plain and same and still_current(locker, row):
            return row
    return links.make(node)


def still_current(locker: Locker, row: LinkRow) -> bool:
    """Whether the file has had no new content since the link was made."""
    versions = locker.versions(row.node)
    return bool(versions) and versions[0].time_ms <= row.created_ms


def make_link(locker: Locker, serving: LinkServing, node: NodeId, options: LinkOptions, reach: Reach) -> LinkRow:
    """For worker threads: as asked for in the dialog. ``reach``: start sharing from this computer first."""
    if reach:
        serving.start(reach)
    return locker.links.make(node, options)


def expiry_choices(abilities: PlaceAbilities) -> list[tuple[str, int | None]]:
    """What can be chosen at a place: words, and seconds or None for never."""
    choices: list[tuple[str, int | None]] = [
        (translate("links", "In an hour"), 3600),
        (translate("links", "In a day"), DAY_S),
        (translate("links", "In 7 days"), 7 * DAY_S),
        (translate("links", "In 30 days"), 30 * DAY_S),
        (translate("links", "In a year"), 365 * DAY_S),
    ]
    if abilities.max_days is not None:
        return [choice for choice in choices if (choice[1] or 0) <= abilities.max_days * DAY_S][::-1]
    return [(translate("links", "Never"), None), *choices]


def split_link(url: str) -> tuple[str, str]:
    """Address and key, to be sent by two ways."""
    address, _, key = url.partition("#")
    return address, key


def embed_code(url: str, name: str) -> str:
    """HTML for one's own page."""
    return f'<a href="{html.escape(url)}" rel="noopener noreferrer">{html.escape(name)}</a>'


def failed(show: Callable[[Problem], None]) -> Callable[[Exception], None]:
    return lambda error: show(problem_of(error))
