"""Hints that something changed in a local folder. Only hints: the scan is what counts.

Events name folders to look at; too many, or a folder that was moved, mean "look at everything". A flood that makes the
system drop events is far above what counts as too many, so nothing is missed by it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from megadesk.sync.pairs import OWN_PREFIX

TOO_MANY = 2000
"""Folders named at once from which on everything is looked at."""
_NO_CHANGE = ("opened", "closed_no_write")
_OWN = "/" + OWN_PREFIX.decode()


class Hints:
    """Collects folders to look at. Thread-safe."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._wake = wake
        self._folders: set[bytes] = set()
        self._all = False

    def add(self, folder: bytes | None) -> None:
        """A folder, by path below the root; None: everything."""
        with self._lock:
            if folder is None or len(self._folders) >= TOO_MANY:
                self._all = True
            else:
                self._folders.add(folder)
        self._wake()

    def take(self) -> set[bytes] | None:
        """What was collected, which then starts anew; None: everything."""
        with self._lock:
            folders, everything = self._folders, self._all
            self._folders, self._all = set(), False
        return None if everything else folders


class Watcher(FileSystemEventHandler):
    """Watches one root until it is stopped."""

    def __init__(self, root: bytes, hint: Callable[[bytes | None], None]) -> None:
        self._root = os.fsdecode(root)
        self._hint = hint
        self._observer = Observer()

    def start(self) -> None:
        """Raises OSError when the system does not let so much be watched."""
        self._observer.schedule(self, self._root, recursive=True)
        self._observer.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join(timeout_s)

    def dispatch(self, event: FileSystemEvent) -> None:
        """In the observer's thread, once an event."""
        if event.event_type in _NO_CHANGE:
            return
        if event.is_directory and event.event_type == "modified":
            return  # something in it changed, and has an event of its own
        if event.is_directory and event.event_type == "moved":
            self._hint(None)
            return
        for path in (event.src_path, event.dest_path):
            if path:
                self._name(path, event.is_directory)

    def _name(self, path: bytes | str, is_folder: bool) -> None:
        text = os.fsdecode(path)
        if not text.startswith(self._root) or _OWN in text[len(self._root) :]:
            return
        relative = text[len(self._root) :].strip("/")
        if not relative:
            self._hint(None)  # the root itself
            return
        if is_folder:
            self._hint(os.fsencode(relative))
        self._hint(os.fsencode(os.path.dirname(relative)))
