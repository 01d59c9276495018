"""What is left out: the pair's own rules, the root's ``.megadeskignore``, and temporary files. Gitignore syntax.

Own names (``.megadesk-*``) are left out whatever the rules say.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from megadesk.errors import PathError
from megadesk.sync.pairs import IGNORE_FILE, OWN_PREFIX

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

TEMPORARY = (
    # editors
    "*~", "*.swp", "*.swx", "*.swo", "4913", ".#*", "#*#", ".goutputstream-*", "*.kate-swp", ".*.kate-swp",
    "~$*", ".~lock.*#", "~*.tmp", "lu*.tmp",
    # browsers and downloads
    "*.part", "*.crdownload", "*.download", "*.partial", "*.opdownload", ".com.google.Chrome.*",
    # systems
    ".DS_Store", "Thumbs.db", "desktop.ini", "ehthumbs.db", ".fuse_hidden*", ".nfs*", ".Trash-*", "$RECYCLE.BIN",
    "System Volume Information", "lost+found",
)  # fmt: skip
"""Left out unless a later rule takes them in again (``!*.part``)."""
_TEMPORARY = re.compile("|".join(f"(?:{fnmatch.translate(name)})" for name in TEMPORARY)).match
_MAX_FILE_BYTES = 1 << 20


class Ignore:
    """Rules of one pair, compiled. Thread-safe."""

    def __init__(self, lines: Sequence[str], left_out: Iterable[str] = ()) -> None:
        """Raises PathError for a line that is no rule."""
        folders = ["/" + escaped(path.strip("/")) + "/" for path in left_out if path.strip("/")]
        rules = [*lines, *folders]
        # Rules that only add to the built-in names are asked about apart from them, which is much faster.
        self._simple = not any(line.lstrip().startswith("!") for line in rules)
        self._spec = _compiled(rules if self._simple else [*map(_as_rule, TEMPORARY), *rules])
        self.digest = hashlib.sha256("\n".join(rules).encode("utf-8", "surrogateescape")).digest()[:8]
        """Changes with the rules."""

    def catches(self, path: bytes, *, is_folder: bool) -> bool:
        """Whether a path below the root is left out. What lies in a folder that is left out is not asked about."""
        name = path.rpartition(b"/")[2]
        if name.startswith(OWN_PREFIX):
            return True
        text = path.decode("utf-8", "surrogateescape")
        if self._simple:
            if _TEMPORARY(text.rpartition("/")[2]):
                return True
            if self._spec is None:
                return False
        assert self._spec is not None
        return self._spec.match_file(text + "/" if is_folder else text)


def _as_rule(name: str) -> str:
    return "\\" + name if name.startswith("#") else name


def _compiled(rules: Sequence[str]) -> GitIgnoreSpec | None:
    if not rules:
        return None
    from pathspec import GitIgnoreSpec  # here: commands that have nothing to do with it load it for nothing

    try:
        return GitIgnoreSpec.from_lines(rules)
    except ValueError as error:
        raise PathError(f"A rule of what to leave out cannot be understood: {error}") from error


def escaped(path: str) -> str:
    """A path as a rule that means it alone."""
    return "".join("\\" + char if char in "*?[]!# \\" else char for char in path)


def load(root: bytes, lines: Sequence[str], left_out: Iterable[str] = ()) -> Ignore:
    """The rules of a pair with those of the file in its root. Raises PathError, OSError when it cannot be read."""
    return Ignore([*lines, *_file_lines(os.path.join(root, IGNORE_FILE))], left_out)


def _file_lines(path: bytes) -> list[str]:
    try:
        with open(path, "rb") as file:
            data = file.read(_MAX_FILE_BYTES)
    except FileNotFoundError:
        return []
    return data.decode("utf-8", "surrogateescape").splitlines()


def preview(root: bytes, ignore: Ignore, limit: int = 1000) -> Iterator[bytes]:
    """Paths below ``root`` that the rules catch, a folder standing for all in it; at most ``limit``."""
    pending = [b""]
    found = 0
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(os.path.join(root, folder) if folder else root) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            path = folder + b"/" + entry.name if folder else entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if ignore.catches(path, is_folder=is_folder):
                yield path
                found += 1
                if found >= limit:
                    return
            elif is_folder:
                pending.append(path)
