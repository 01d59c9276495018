"""The settings of this machine: JSON in the config folder, nothing secret.

The file outlives versions: keys that this version does not know are kept when it saves, and a value it cannot
use counts as the default but is left in the file until somebody changes it.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from megadesk.errors import InputError, LocalFileError
from megadesk.state.files import local_error, private_folder, read_small, replace_file
from megadesk.state.lock import FileLock

log = logging.getLogger(__name__)

MAX_FILE_BYTES = 1 << 20

Rate = Annotated[int, msgspec.Meta(ge=0, le=1 << 50)]
DAY_MIN = 24 * 60
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class LimitWindow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other speed limits at certain times of the week, in local time.

    It begins on each of ``days`` at ``start_min`` and lasts until ``end_min``, on the next day when that is not
    later than the start; equal means a whole day.
    """

    days: Annotated[tuple[Annotated[int, msgspec.Meta(ge=0, le=6)], ...], msgspec.Meta(max_length=7)] = EVERY_DAY
    """0 is Monday."""
    start_min: Annotated[int, msgspec.Meta(ge=0, lt=DAY_MIN)] = 8 * 60
    """Minutes after midnight."""
    end_min: Annotated[int, msgspec.Meta(ge=0, lt=DAY_MIN)] = 18 * 60
    upload_limit: Rate = 0
    """Bytes per second while it lasts; 0 is no limit, whatever is set outside."""
    download_limit: Rate = 0

    def covers(self, weekday: int, minute: int) -> bool:
        """Whether it is in force on that day (0 is Monday) at that minute of the day."""
        if self.start_min < self.end_min:
            return weekday in self.days and self.start_min <= minute < self.end_min
        return (weekday in self.days and minute >= self.start_min) or (
            (weekday - 1) % 7 in self.days and minute < self.end_min
        )


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings, with their defaults."""

    theme: Literal["system", "light", "dark"] = "system"
    language: Annotated[str, msgspec.Meta(max_length=35)] = ""
    """A BCP 47 tag; empty follows the system."""
    upload_limit: Rate = 0
    """Bytes per second; 0 is no limit. What counts at a moment, with the schedule, is `limits_at`."""
    download_limit: Rate = 0
    limit_schedule: Annotated[tuple[LimitWindow, ...], msgspec.Meta(max_length=16)] = ()
    """The first window that covers the moment counts; outside of all, the two limits above."""
    connections: Annotated[int, msgspec.Meta(ge=1, le=64)] = 4
    """How many transfers to one store run at once."""
    conflict_choice: Literal["ask", "replace", "rename", "skip"] = "ask"
    """What an upload does with a name that is taken."""
    lock_after_idle_min: Annotated[int, msgspec.Meta(ge=0, le=7 * 24 * 60)] = 0
    """Minutes without use after which the locker locks; 0 is never."""
    lock_on_sleep: bool = True
    """Lock before the computer sleeps."""
    lock_on_screen_lock: bool = True
    """Lock when the desktop's session is locked or its screen saver starts."""
    lock_waits_for_transfers: bool = True
    """Idle time and a locked screen lock only once no transfer runs; sleep and the user never wait."""
    text_scale: Annotated[int, msgspec.Meta(ge=75, le=200)] = 100
    """Size of the window's text, in percent of the desktop's."""
    keep_in_tray: bool = True
    """Closing the window leaves the program running, where the desktop has a tray."""
    notifications: bool = True
    """Say so when something needs the user, or works again."""
    window_geometry: Annotated[str, msgspec.Meta(max_length=10_000)] = ""
    """Opaque text of the window toolkit."""
    last_locker: Annotated[str, msgspec.Meta(max_length=64)] = ""


def limits_at(settings: Settings, when: datetime) -> tuple[int, int]:
    """Upload and download limits in force at ``when`` (local time), in bytes per second; 0 is no limit. Pure.

    Who limits the speed asks again at least every minute: windows begin and end by the minute.
    """
    minute = when.hour * 60 + when.minute
    for window in settings.limit_schedule:
        if window.covers(when.weekday(), minute):
            return window.upload_limit, window.download_limit
    return settings.upload_limit, settings.download_limit


_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_FIELDS = {field.name: field for field in msgspec.structs.fields(Settings)}


class SettingsFile:
    """The settings on disk. Threads and processes may share one file: changes of different keys add up."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Settings:
        """The settings as they are on disk now; defaults when there is no file or it cannot be read.

        A damaged file is moved to ``<name>.bad``, so that the user can look at it, and logged. Never raises.
        """
        try:
            return _settings_of(self._read())
        except FileNotFoundError:
            return Settings()
        except (LocalFileError, *_MALFORMED):
            pass
        try:
            with self._lock():
                return _settings_of(self._read_or_set_aside())
        except Exception as error:  # noqa: BLE001 - settings must never keep the program from starting
            log.warning("The settings could not be read, defaults are used: %s", error)
            return Settings()

    def update(self, **changes: object) -> Settings:
        """Change these settings and no others, durably, and return the new whole.

        Raises InputError for a value that the setting cannot have (nothing is changed), LocalFileError when
        the file cannot be written or read, LockerBusyError when another process keeps it locked. Safe to
        repeat.
        """
        for name, value in changes.items():
            if name not in _FIELDS:
                raise InputError(f"There is no setting named {name!r}.")
            try:
                msgspec.convert(msgspec.to_builtins(value), _FIELDS[name].type)
            except msgspec.ValidationError as error:
                raise InputError(f"The setting {name!r} cannot be {value!r}: {error}.") from None
        with self._lock():
            raw = self._read_or_set_aside()
            raw.update({name: msgspec.to_builtins(value) for name, value in changes.items()})
            replace_file(self.path, msgspec.json.format(msgspec.json.encode(raw, order="sorted"), indent=2) + b"\n")
            return _settings_of(raw)

    def _lock(self) -> FileLock:
        private_folder(self.path.parent)
        return FileLock(self.path.with_name(f".{self.path.name}.lock"), timeout_s=10, what="The settings file")

    def _read(self) -> dict[str, Any]:
        return msgspec.json.decode(read_small(self.path, MAX_FILE_BYTES), type=dict[str, Any])

    def _read_or_set_aside(self) -> dict[str, Any]:
        """What the file holds, {} when there is none; a damaged one is moved away. Needs the lock."""
        try:
            return self._read()
        except FileNotFoundError:
            return {}
        except _MALFORMED as error:
            bad = self.path.with_name(f"{self.path.name}.bad")
            try:
                os.replace(self.path, bad)
            except OSError as failure:
                raise local_error(failure, bad, "write") from failure
            log.warning("The settings file was damaged (%s); it is kept as %s and defaults are used", error, bad)
            return {}


def _settings_of(raw: dict[str, Any]) -> Settings:
    good: dict[str, Any] = {}
    for name, field in _FIELDS.items():
        if name in raw:
            try:
                good[name] = msgspec.convert(raw[name], field.type)
            except msgspec.ValidationError:
                log.warning("The setting %r in the settings file cannot be used; its default is", name)
    return Settings(**good)
