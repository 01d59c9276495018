"""Where MegaDesk keeps things on this machine. The only user of ``appdirs``.

``MEGADESK_HOME``, or an explicit home, puts everything below one folder: ``data``, ``config``, ``cache``,
``log``. Asking for a path makes nothing; whoever is about to write makes the folder with
`files.private_folder` (0700).
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

from megadesk.errors import PathError

APP_NAME = "megadesk"
HOME_VARIABLE = "MEGADESK_HOME"
MAX_LOCKER_NAME = 64

_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ")
_MAX_FOLDER_NAME = 120
# Names that Windows keeps for itself, whatever follows their first dot.
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})


def check_locker_name(name: str) -> str:
    """The NFC form of a locker's name.

    1 to 64 printable characters, no '/' or backslash, no space at either end. Raises PathError with the
    reason.
    """
    name = unicodedata.normalize("NFC", name)
    if not name:
        raise PathError("A locker's name must not be empty.")
    if len(name) > MAX_LOCKER_NAME:
        raise PathError(f"A locker's name may have {MAX_LOCKER_NAME} characters, this one has {len(name)}.")
    if name in {".", ".."} or "/" in name or "\\" in name:
        raise PathError(f"{name!r} cannot be a locker's name: it must not be a path.")
    if not name.isprintable():
        raise PathError(f"{name!r} cannot be a locker's name: it holds characters that cannot be seen.")
    if name != name.strip():
        raise PathError(f"{name!r} cannot be a locker's name: it begins or ends with a space.")
    return name


def folder_name(name: str) -> str:
    """A file name, safe on every file system, for a checked locker name; plain ASCII names stay as they are.

    Different names give different results, except that case-blind file systems do not tell ``Work`` from
    ``work``. At most 120 characters. It is not meant to be turned back.
    """
    raw = name.encode()
    text = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02x}" for byte in raw)
    if text[0] in ". " or text.split(".", 1)[0].rstrip().lower() in _RESERVED:
        text = f"%{raw[0]:02x}{text[1:] if raw[0] in _PLAIN else text[3:]}"
    if text[-1] in ". ":  # Windows drops these
        text = f"{text[:-1]}%{raw[-1]:02x}"
    if len(text) > _MAX_FOLDER_NAME:
        text = f"{text[: _MAX_FOLDER_NAME - 33]}%{hashlib.sha256(raw).hexdigest()[:32]}"
    return text


class Paths:
    """The folders of one home. Immutable; the environment is read once, when it is made."""

    def __init__(self, home: Path | str | None = None) -> None:
        """``home`` beats ``MEGADESK_HOME`` beats the system's places. A relative home counts from here."""
        chosen = str(home) if home is not None else os.environ.get(HOME_VARIABLE, "")
        self.home: Path | None = None
        if chosen:
            self.home = Path(os.path.abspath(os.path.expanduser(chosen)))
            places = [str(self.home / part) for part in ("data", "config", "cache", "log")]
        else:
            import appdirs  # here, because it asks the system

            places = [
                appdirs.user_data_dir(APP_NAME, False),
                appdirs.user_config_dir(APP_NAME, False),
                appdirs.user_cache_dir(APP_NAME, False),
                appdirs.user_log_dir(APP_NAME, False),
            ]
        self.data_dir, self.config_dir, self.cache_dir, self.log_dir = map(Path, places)

    def __repr__(self) -> str:
        return f"Paths(data_dir={str(self.data_dir)!r})"

    @property
    def settings_file(self) -> Path:
        return self.config_dir / "settings.json"

    @property
    def lockers_dir(self) -> Path:
        """Holds a folder for each locker; see `megadesk.state.registry`."""
        return self.data_dir / "lockers"

    def default_store(self, name: str) -> Path:
        """The folder store of a locker made without a store address. Raises PathError for a bad name."""
        return self.data_dir / "store" / folder_name(check_locker_name(name))
