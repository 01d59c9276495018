"""A report for who helps: versions, settings, kinds of storage, the end of the log; nothing that names anything.

The log is written by rules that keep secrets and names out of it (`megadesk.state.logs`); the report goes over it once
more, and leaves out paths of this computer as well.
"""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Sequence
from pathlib import Path

import megadesk
from megadesk.state.logs import redact
from megadesk.state.registry import LockerRecord
from megadesk.state.settings import Settings
from megadesk.ui.presenters.about import LICENCES, version_of
from megadesk.ui.presenters.storage import kind_of

LAST_BYTES = 256 << 10
_PATH = re.compile(r"(?:/[^\s:'\"“”,;()]+){2,}|[A-Za-z]:\\[^\s'\"“”,;]+")
_HOST = re.compile(r"\b[a-z][a-z0-9+]*://[^\s'\"“”,;)]+", re.IGNORECASE)
_KEPT_SETTINGS = (
    *("theme", "language", "text_scale", "upload_limit", "download_limit", "connections", "conflict_choice"),
    *("lock_after_idle_min", "lock_on_sleep", "lock_on_screen_lock", "lock_waits_for_transfers"),
)


def clean(text: str) -> str:
    """Without secrets, addresses, and paths but their last part's ending."""
    text = _HOST.sub(lambda found: f"{found[0].split('://')[0]}://[address]", redact(text))
    return _PATH.sub(lambda found: f"[path{os.path.splitext(found[0])[1][:8]}]", text)


def report(settings: Settings, lockers: Sequence[LockerRecord], log_file: Path, *, now_s: float | None = None) -> str:
    """The whole text. Reads the log: not for the GUI thread. Raises OSError but for a log that is not there."""
    now = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now_s))
    lines = [f"MegaDesk {megadesk.__version__}, report of {now}", "", "System"]
    lines += [f"  {platform.system()} {platform.release()}, {platform.machine()}, Python {platform.python_version()}"]
    lines += [f"  {name} {version}" for name in LICENCES if (version := version_of(name))]
    lines += ["", "Settings"]
    lines += [f"  {name}: {getattr(settings, name)}" for name in _KEPT_SETTINGS]
    lines += [f"  limit_schedule: {len(settings.limit_schedule)} times", "", "Lockers"]
    lines += [f"  {number}: {kind_of(record.store_address).value}" for number, record in enumerate(lockers, 1)]
    lines += ["", "Log"]
    try:
        with open(log_file, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - LAST_BYTES))
            log = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        log = "(there is none)"
    names = sorted({record.name for record in lockers}, key=len, reverse=True)
    cleaned = clean(log)
    for name in names:
        if len(name) > 2 and name != "Locker":
            cleaned = cleaned.replace(name, "[locker]")
    return "\n".join([*lines, cleaned, ""])
