"""The settings of this machine: JSON in the config folder, nothing secret.

The file outlives versions: keys that this version does not know are kept when it saves, and a value it cannot
use counts as the default but is left in the file until somebody changes it.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from megadesk.errors import InputError, LocalFileError
from megadesk.state.files import local_error, private_folder, read_small, replace_file
from megadesk.state.lock import FileLock

log = logging.getLogger(__name__)

MAX_FILE_BYTES = 1 << 20

Rate = Annotated[int, msgspec.Meta(ge=0, le=1 << 50)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings, with their defaults."""

    theme: Literal["system", "light", "dark"] = "system"
    language: Annotated[str, msgspec.Meta(max_length=35)] = ""
    """A BCP 47 tag; empty follows the system."""
    upload_limit: Rate = 0
    """Bytes per second; 0 is no limit."""
    download_limit: Rate = 0
    connections: Annotated[int, msgspec.Meta(ge=1, le=64)] = 4
    """How many transfers to one store run at once."""
    conflict_choice: Literal["ask", "replace", "rename", "skip"] = "ask"
    """What an upload does with a name that is taken."""
    lock_after_idle_min: Annotated[int, msgspec.Meta(ge=0, le=7 * 24 * 60)] = 0
    """Minutes without use after which the locker locks; 0 is never."""
    window_geometry: Annotated[str, msgspec.Meta(max_length=10_000)] = ""
    """Opaque text of the window toolkit."""
    last_locker: Annotated[str, msgspec.Meta(max_length=64)] = ""


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
                msgspec.convert(value, _FIELDS[name].type)
            except msgspec.ValidationError as error:
                raise InputError(f"The setting {name!r} cannot be {value!r}: {error}.") from None
        with self._lock():
            raw = self._read_or_set_aside()
            raw.update(changes)
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
