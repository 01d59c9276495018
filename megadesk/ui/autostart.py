"""Starting with the desktop's session, in the tray.

XDG Autostart (freedesktop.org, "Desktop Application Autostart Specification"): a desktop file in the user's folder.
Other systems have other ways and are not offered it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from megadesk.errors import LocalFileError

FILE_NAME = "org.megadesk.MegaDesk.desktop"
BACKGROUND = "--background"
"""Given to the program: begin in the tray."""


def is_possible() -> bool:
    return sys.platform.startswith("linux")


def _path() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return Path(base) / "autostart" / FILE_NAME


def is_on() -> bool:
    return _path().is_file()


def command() -> list[str]:
    """How this program is started again."""
    if getattr(sys, "frozen", False):
        return [sys.executable, BACKGROUND]
    return [sys.executable, "-P", "-m", "megadesk", BACKGROUND]


def set_on(on: bool) -> None:
    """Raises LocalFileError when the file cannot be written or removed."""
    path = _path()
    try:
        if not on:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(desktop_entry(command()), encoding="utf-8")
    except OSError as error:
        raise LocalFileError(
            f"Starting with the session could not be changed: {error.strerror}.", path=str(path)
        ) from error


def desktop_entry(words: list[str]) -> str:
    """The file's text."""
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Name=MegaDesk\n"
        "Comment=Keeps folders in sync with your locker\n"
        f"Exec={' '.join(map(_quoted, words))}\n"
        "Icon=megadesk\n"
        "Terminal=false\n"
        "X-GNOME-Autostart-enabled=true\n"
    )


def _quoted(word: str) -> str:
    """By the Desktop Entry Specification, "The Exec key": quotes, and backslashes twice."""
    for char in '\\"`$':
        word = word.replace(char, f"\\{char}")
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'
