"""What the tray says of all open lockers together. No Qt."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from megadesk.errors import MegaDeskError
from megadesk.sync.pairs import PairState
from megadesk.tree.rows import NodeRow
from megadesk.ui import formatting as fmt
from megadesk.ui.i18n import translate
from megadesk.ui.ports import Locker

RECENT = 5
HOUR_S = 3600.0


class TrayState(enum.Enum):
    """The icon. The first that holds of any locker counts, in this order, but for LOCKED: nothing is open."""

    PROBLEM = "problem"
    OFFLINE = "offline"
    SYNCING = "syncing"
    PAUSED = "paused"
    IDLE = "idle"
    LOCKED = "locked"


@dataclass(frozen=True)
class RecentFile:
    """A file that came or changed lately."""

    locker: str
    row: NodeRow
    name: str
    detail: str


@dataclass(frozen=True)
class LockerState:
    """One open locker, as a worker found it."""

    name: str
    sync: PairState | None
    """None: no folder of it is kept in sync."""
    problems: int
    recent: tuple[RecentFile, ...]


@dataclass(frozen=True)
class TrayStatus:
    """What icon, tooltip, menu and popup show."""

    state: TrayState
    text: str
    problems: int = 0
    syncs: bool = False
    """Whether there is anything to pause."""
    recent: tuple[RecentFile, ...] = ()


LOCKED = TrayStatus(TrayState.LOCKED, "")


class Opened(Protocol):
    """An open locker, as the window has it."""

    @property
    def locker(self) -> Locker: ...
    @property
    def offline(self) -> bool: ...
    def moving(self) -> str:
        """What is being sent or fetched, in a few words; "" for nothing. No I/O."""


def look_at(locker: Locker) -> LockerState:
    """For worker threads. A locker that is being closed has nothing to say."""
    name = locker.record.name
    try:
        has_pairs = bool(locker.sync.pairs())
        problems = len(locker.sync.problems()) if has_pairs else 0
        now_ms = time.time_ns() // 1_000_000
        recent = tuple(
            RecentFile(
                name, each.row, fmt.shown_name(each.row.display_name), fmt.when(min(each.time_ms, now_ms) * 10**6)
            )
            for each in locker.recent(RECENT)
        )
        return LockerState(name, locker.sync.state() if has_pairs else None, problems, recent)
    except MegaDeskError:
        return LockerState(name, None, 0, ())


def overall(opened: Sequence[Opened], states: Sequence[LockerState]) -> TrayStatus:
    """All of them in one icon and one line."""
    if not opened:
        return TrayStatus(TrayState.LOCKED, translate("tray", "Locked"))
    problems = sum(state.problems for state in states)
    syncs = [state.sync for state in states if state.sync is not None]
    recent = sorted(
        (each for state in states for each in state.recent), key=lambda each: each.row.mtime_ns, reverse=True
    )[:RECENT]
    moving = next((text for each in opened if (text := each.moving())), "")
    if PairState.PROBLEM in syncs:
        one = translate("tray", "1 thing needs you")
        text = one if problems == 1 else translate("tray", "%1 things need you").replace("%1", fmt.number(problems))
        state = TrayState.PROBLEM
    elif PairState.OFFLINE in syncs or any(each.offline for each in opened):
        state, text = TrayState.OFFLINE, translate("tray", "The storage cannot be reached; work waits")
    elif PairState.SYNCING in syncs or moving:
        state, text = TrayState.SYNCING, moving or translate("tray", "Syncing…")
    elif syncs and all(sync is PairState.PAUSED for sync in syncs):
        state, text = TrayState.PAUSED, translate("tray", "Sync is paused")
    else:
        state, text = TrayState.IDLE, _quiet(problems) if syncs else translate("tray", "Ready")
    return TrayStatus(state, text, problems, bool(syncs), tuple(recent))


def _quiet(conflicts: int) -> str:
    """Nothing is under way. Of problems there may be conflicts, which stop nothing, but wait for somebody."""
    if not conflicts:
        return translate("tray", "Everything is up to date")
    if conflicts == 1:
        return translate("tray", "1 conflict to settle; nothing else is due")
    many = translate("tray", "%1 conflicts to settle; nothing else is due")
    return many.replace("%1", fmt.number(conflicts))


def until_tomorrow(now_s: float) -> float:
    """Seconds until eight in the morning of the next day, by local time."""
    now = time.localtime(now_s)
    day = (now.tm_year, now.tm_mon, now.tm_mday + 1, 8, 0, 0, 0, 0, -1)
    return max(HOUR_S, time.mktime(day) - now_s)


def pause_all(lockers: Sequence[Locker], seconds: float | None) -> Callable[[], None]:
    """A task: pause every pair for so long (0: until told otherwise); None: go on."""

    def task() -> None:
        for locker in lockers:
            if seconds is None:
                locker.sync.resume()
            else:
                locker.sync.pause(until_ms=int((time.time() + seconds) * 1000) if seconds else 0)

    return task


class Newsworthy:
    """What is worth a notification: that something needs somebody, or that it works again. Once each."""

    def __init__(self) -> None:
        self._told = TrayState.IDLE

    def news(self, status: TrayStatus) -> str:
        """The text of a notification; "" for none."""
        old, new = self._told, status.state
        if new in (TrayState.SYNCING, TrayState.PAUSED, TrayState.LOCKED) or new is old:
            return ""
        self._told = new
        if new in (TrayState.PROBLEM, TrayState.OFFLINE):
            return status.text
        return translate("tray", "Everything works again.") if old is TrayState.OFFLINE else ""
