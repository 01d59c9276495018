"""Opening a link that somebody sent: what it is, and then to a folder here, into the locker, or its program. No Qt.

Nothing is asked of any host before `go`: whoever makes a person click on ``megadesk:`` must not make this program talk
to a host of theirs by that alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from megadesk.errors import LinkPasswordError, LocalFileError, MegaDeskError
from megadesk.transfer.control import Control
from megadesk.transfer.progress import Board
from megadesk.types import NodeId, NodeKind, Progress
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Locker
from megadesk.ui.presenters.errors import problem_of
from megadesk.ui.presenters.links import expiry_text
from megadesk.ui.private_files import PrivateFiles
from megadesk.ui.runner import Runs

if TYPE_CHECKING:
    from megadesk.core.links import LinkRow
    from megadesk.share.address import LinkAddress
    from megadesk.share.opening import OpenedLink, Unopened

_RUNS = """
apk app appimage bat cmd com command cpl deb desktop dll dmg exe gadget hta htm html inf jar
jnlp js jse lnk msc msi msp pif pkg pl ps1 py pyw rb reg rpm run scf scr sh svg url vb vbe vbs
ws wsf wsh xht xhtml xml
"""
_RISKY = frozenset(_RUNS.split())
"""Endings of what may run something when it is opened: that is never one click away from a stranger's link."""


@dataclass(frozen=True)
class LinkCard:
    """What a link shows, in words."""

    name: str
    is_folder: bool
    facts: str
    lasts: str
    note: str
    can_open: bool
    """Whether "Open" is offered: one file, and none that runs something."""


@dataclass(frozen=True)
class Moving:
    """How far it is: thousandths, None while that is not known, and figures in words."""

    part: int | None
    text: str


@dataclass(frozen=True)
class Arrived:
    """How it ended. One of ``path`` (here) and ``node`` (in the locker)."""

    text: str
    problems: str = ""
    path: str = ""
    node: NodeId | None = None


class LinkOpeningView(Protocol):
    """One stage is shown at a time."""

    def ask_link(self, problem: str) -> None: ...
    def ask_consent(self, host: str) -> None:
        """Another program wants it opened: is it expected?"""

    def ask_password(self, problem: str) -> None: ...
    def show_looking(self) -> None: ...
    def show_own(self, name: str) -> None:
        """The link is one of the open locker's own."""

    def show_card(self, card: LinkCard, problem: str) -> None: ...
    def show_moving(self) -> None:
        """From now on `LinkOpening.moving` says how far it is."""

    def show_arrived(self, arrived: Arrived) -> None: ...
    def open_file(self, path: str) -> bool:
        """With the program that the desktop has for it; whether there is one."""


@dataclass
class _Work:
    """What is under way."""

    control: Control = field(default_factory=Control)
    board: Board = field(default_factory=Board)
    kept: Progress | None = None
    """Of putting it into the locker."""


class LinkOpening:
    """For the GUI thread. Ends with `close`."""

    def __init__(
        self,
        view: LinkOpeningView,
        runs: Runs,
        private: PrivateFiles,
        locker: Callable[[], Locker | None],
        folder: Callable[[], NodeId],
        look_at: Callable[[str, Control], Unopened] | None = None,
    ) -> None:
        """``locker``: the open one in front, if any, whenever it matters; ``folder``: where in it what is kept goes."""
        self._view = view
        self._runs = runs
        self._private = private
        self._locker = locker
        self._folder = folder
        self._look_at = look_at or _look_at
        self._text = ""
        self._own: LinkRow | None = None
        self._unasked = ""
        """The host of an own link that a program handed over: nobody was asked about it yet."""
        self._found: Unopened | None = None
        self._link: OpenedLink | None = None
        self._card: LinkCard | None = None
        self._work: _Work | None = None
        self._closed = False
        self.undecided = False
        """Whether another program wants it opened, and the person has not said that it shall be."""

    @property
    def can_keep(self) -> bool:
        locker = self._locker()
        return locker is not None and locker.read_only_reason is None

    # --- the link

    def offer(self, text: str, *, asked_elsewhere: bool = False) -> None:
        """A link that was pasted or dropped; ``asked_elsewhere``: a program wants it opened, so the person is asked.

        Not about a link of the open locker's own: what that shows is here already, and no host hears of it.
        """
        self._text = text
        if not text:
            self._view.ask_link("")
        elif asked_elsewhere:
            address = self._parsed()
            if address is not None and not address.url:
                self._text = ""
                self._view.ask_link(translate("links", "Other programs can only hand over links of web addresses."))
            elif address is not None:
                self._ask_consent(address)
        else:
            self.go(text)

    def _ask_consent(self, address: LinkAddress) -> None:
        host, link, locker = host_of(address), address.secret.id.hex(), self._locker()
        self.undecided = True
        if locker is None:
            self._view.ask_consent(host)
            return
        self._view.show_looking()

        def looked(own: LinkRow | None) -> None:
            if self._closed:
                return
            if own is None:
                self._view.ask_consent(host)
            else:
                self._own, self._unasked = own, host
                self._view.show_own(fmt.shown_name(own.path))

        self._runs.run(lambda: _own(locker, link), looked, lambda _: looked(None), lane="look-at-link")

    def go(self, text: str = "") -> None:
        """Find out what it is."""
        self._text = text or self._text
        address = self._parsed()
        if address is None:
            return
        if self._unasked:
            # A link of the locker's own, to be opened all the same: it may name another host than it was made for.
            host, self._unasked = self._unasked, ""
            self._view.ask_consent(host)
            return
        self.undecided = False
        self._view.show_looking()
        work = self._work = _Work()
        look, link, locker, whole = self._look_at, address.secret.id.hex(), self._locker(), self._text

        def task() -> LinkRow | Unopened:
            own = _own(locker, link) if locker is not None and self._own is None else None
            return own or look(whole, work.control)

        self._runs.run(task, self._looked, self._not_found, lane="look-at-link")

    def _parsed(self) -> LinkAddress | None:
        from megadesk.share.address import parse_link

        try:
            return parse_link(self._text)
        except MegaDeskError as error:
            self._text = ""
            self._view.ask_link(problem_of(error).text)
            return None

    def _looked(self, found: LinkRow | Unopened) -> None:
        from megadesk.core.links import LinkRow as Row

        self._work = None
        if isinstance(found, Row):
            self._own = found
            self._view.show_own(fmt.shown_name(found.path))
            return
        self._found = found
        if self._closed:
            self._let_go()
        elif found.needs_password:
            self._view.ask_password("")
        else:
            self.unlock(None)

    def _not_found(self, error: Exception) -> None:
        self._work = None
        if not self._closed:
            self._view.ask_link(problem_of(error).text)

    def own_node(self) -> NodeId | None:
        """What the locker's own link leads to."""
        return self._own.node if self._own is not None else None

    # --- its password

    def unlock(self, password: str | None) -> None:
        found = self._found
        if found is None or self._work is not None:
            return
        self._view.show_looking()
        self._work = _Work()

        def opened(link: OpenedLink) -> None:
            self._work = None
            self._link = link
            if self._closed:
                self._let_go()
                return
            self._card = card_of(link, time.time_ns() // 1_000_000)
            self._view.show_card(self._card, "")

        def refused(error: Exception) -> None:
            self._work = None
            if self._closed:
                self._let_go()
            elif isinstance(error, LinkPasswordError):
                self._view.ask_password(problem_of(error).text)
            else:
                self._let_go()
                self._view.ask_link(problem_of(error).text)

        self._runs.run(lambda: found.open(password), opened, refused, lane="open-link")

    # --- what becomes of it

    def save(self, folder: str) -> None:
        """Into a folder of this computer. Names that are taken get a number."""
        link, work = self._begin()
        if link is None:
            return

        def task() -> Arrived:
            report = link.download(folder, control=work.control, board=work.board)
            problems = [f"{each.path}: {problem_of_failure(each)}" for each in report.failures]
            if problems and not report.files:
                raise LocalFileError(problems[0], path=folder)
            return Arrived(translate("links", "Saved in %1").replace("%1", folder), "\n".join(problems[:5]), folder)

        self._runs.run(task, self._arrived, self._stopped, lane="fetch-link")

    def keep(self) -> None:
        """Into the locker, sealed anew under its keys."""
        locker = self._locker()
        if locker is None:
            return
        folder = self._folder()
        link, work = self._begin()
        if link is None:
            return

        def tell(progress: Progress) -> None:
            work.kept = progress

        def task() -> Arrived:
            node = locker.links.keep(link, folder, progress=tell, control=work.control)
            path = fmt.shown_name(locker.path_of(node))
            return Arrived(translate("links", "It is in your locker: %1").replace("%1", path), node=node)

        self._runs.run(task, self._arrived, self._stopped, lane="fetch-link")

    def open(self) -> None:
        """A copy in clear for its program, gone when the locker is locked or MegaDesk ends."""
        card = self._card
        if card is None or not card.can_open:
            return
        link, work = self._begin()
        if link is None:
            return
        locker = self._locker()
        private, owner = self._private, locker.record.locker_id if locker is not None else ""

        def task() -> str:
            folder = private.folder(link.record.size_bytes, owner)
            try:
                report = link.download(str(folder), control=work.control, board=work.board)
                if report.failures:
                    raise LocalFileError(problem_of_failure(report.failures[0]), path=str(folder))
                return str(next(path for path in folder.iterdir() if path.is_file()))
            except BaseException:
                private.remove(folder)
                raise

        def made(path: str) -> None:
            self._work = None
            if self._closed:
                self._let_go()
            elif self._view.open_file(path):
                text = translate("links", "Opened. The copy is deleted when you lock, or end MegaDesk.")
                self._view.show_arrived(Arrived(text))
            else:
                name = fmt.shown_name(os.path.basename(path))
                self._again(translate("links", "No program is set for “%1”. Save it instead.").replace("%1", name))

        self._runs.run(task, made, self._stopped, lane="fetch-link")

    def _begin(self) -> tuple[OpenedLink | None, _Work]:
        work = _Work()
        if self._link is None or self._work is not None:
            return None, work
        self._work = work
        work.board.add_total(0, self._link.record.size_bytes)
        self._view.show_moving()
        return self._link, work

    def moving(self) -> Moving | None:
        """How far it is; None when nothing is under way."""
        work = self._work
        if work is None:
            return None
        now = work.board.snapshot()
        done, total = now.done_bytes, now.total_bytes
        if work.kept is not None:
            done, total = work.kept.done, work.kept.total
        figures = [f"{fmt.size(done, exact=False)} / {fmt.size(total)}"]
        if now.speed_bps > 0:
            figures.append(fmt.speed(now.speed_bps))
        if now.eta_s is not None:
            figures.append(fmt.time_left(now.eta_s))
        return Moving(done * 1000 // total if total else None, " · ".join(figures))

    def cancel(self) -> None:
        """What is under way ends, and what it left goes."""
        if self._work is not None:
            self._work.control.cancel()

    def _arrived(self, arrived: Arrived) -> None:
        self._work = None
        if self._closed:
            self._let_go()
        else:
            self._view.show_arrived(arrived)

    def _stopped(self, error: Exception) -> None:
        cancelled = self._work is not None and self._work.control.cancelled
        self._work = None
        if self._closed:
            self._let_go()
        else:
            self._again("" if cancelled else problem_of(error).text)

    def _again(self, problem: str) -> None:
        if self._card is not None:
            self._view.show_card(self._card, problem)

    # --- the end

    def close(self) -> None:
        """Nothing is shown any more. What is under way is cancelled, and let go when it has ended."""
        self._closed = True
        self._text = ""
        self._card = None
        if self._work is not None:
            self._work.control.cancel()
        else:
            self._let_go()

    def _let_go(self) -> None:
        held = self._link or self._found
        self._link = self._found = None
        if held is not None:
            self._runs.run(held.close)


def _own(locker: Locker, link: str) -> LinkRow | None:
    """The locker's own link of that id, if it shows something."""
    rows = locker.links.list(counts=False)
    return next((row for row in rows if row.id == link and row.path and row.state == "active"), None)


def _look_at(text: str, control: Control) -> Unopened:
    from megadesk.share.opening import look_at  # here: it loads the HTTP library

    return look_at(text, control=control)


def problem_of_failure(failure: object) -> str:
    from megadesk.ui.presenters.errors import words

    return f"{words(getattr(failure, 'message', ''))} {words(getattr(failure, 'remedy', ''))}".strip()


def host_of(address: LinkAddress) -> str:
    """Who would be asked, as it stands in the address."""
    return address.url.partition("//")[2].partition("/")[0].rpartition("@")[2]


def card_of(link: OpenedLink, now_ms: int) -> LinkCard:
    record = link.record
    first = next(iter(link.entries()))
    count = sum(node.kind == NodeKind.FILE for node in record.nodes)
    facts = [fmt.files(count)] if record.is_folder else []
    facts.append(fmt.size(record.size_bytes))
    if record.is_live:
        as_of = fmt.when(record.created_ms * 1_000_000)
        facts.append(translate("links", "kept up to date, as of %1").replace("%1", as_of))
    lasts = []
    if record.expires_ms:
        lasts.append(translate("links", "Expires: %1").replace("%1", expiry_text(record.expires_ms, now_ms)))
    if link.downloads_left is not None:
        lasts.append(translate("links", "Downloads left after this one: %1").replace("%1", str(link.downloads_left)))
    ending = first.path.rpartition(".")[2].lower() if "." in first.path else ""
    return LinkCard(
        name=fmt.shown_name(first.name),
        is_folder=record.is_folder,
        facts=" · ".join(facts),
        lasts=" · ".join(lasts),
        note=record.note,
        can_open=first.kind is NodeKind.FILE and bool(ending) and ending not in _RISKY,
    )
