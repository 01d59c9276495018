"""One window a user and home: a second start asks the first to come to the front, and ends.

The first listens on a local socket whose name follows from the home folder. Who connects must be the same user. What it
sends, if anything, is a link to be opened; connecting alone says that the window is wanted. Plain sockets, for Qt's own
need libraries of Kerberos that a bare system lacks.
Where there are no such sockets (Windows), every start is a first one.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import socket
import struct
import sys
import tempfile
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

log = logging.getLogger(__name__)
_WAIT_S = 1.0
_MAX_LINK = 20_000
_ABSTRACT = sys.platform.startswith("linux")
"""Names that are no files (unix(7)): nothing is left by a program that was killed, and no path is too long."""


def server_name(home: str) -> str:
    """Of the program that works in ``home``."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return "megadesk-" + hashlib.sha256(f"{user}\0{os.path.realpath(home)}".encode()).hexdigest()[:24]


def _address(home: str) -> str:
    return f"\0{server_name(home)}" if _ABSTRACT else os.path.join(tempfile.gettempdir(), server_name(home))


def _is_ours(peer: socket.socket) -> bool:
    """Whether the same user is at the other end; the system knows."""
    if not _ABSTRACT:
        return True  # a file that nobody else may open
    _, user, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return bool(user == os.getuid())


def raise_first(home: str, link: str = "") -> bool:
    """Ask a program that runs already to show itself, and to open ``link``; False when none does."""
    if not hasattr(socket, "AF_UNIX"):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as ours:
        ours.settimeout(_WAIT_S)
        try:
            ours.connect(_address(home))
            if not _is_ours(ours):
                return False
            ours.sendall(link.encode())
            return True
        except OSError:
            return False


class FirstInstance(QObject):
    """Listens for later starts until ``end``."""

    def __init__(self, home: str, show: Callable[[str], None]) -> None:
        """``show`` is given the link that is to be opened, or ""."""
        super().__init__()
        self._show = show
        self._socket: socket.socket | None = None
        self._notifier: QSocketNotifier | None = None
        if not hasattr(socket, "AF_UNIX"):
            return
        address = _address(home)
        if not _ABSTRACT:
            # Left by a program that was killed: `raise_first` found nobody listening.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(address)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listening.bind(address)
            if not _ABSTRACT:
                os.chmod(address, 0o600)
            listening.listen()
        except OSError as error:
            log.warning("a second start will not find this one: %s", error)
            listening.close()
            return
        listening.setblocking(False)
        self._socket = listening
        self._notifier = QSocketNotifier(listening.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._asked)

    def _asked(self) -> None:
        while self._socket is not None:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                break
            if _is_ours(peer):
                _Later(self, peer, self._show)
            else:
                peer.close()

    def end(self) -> None:
        if self._notifier is not None:
            self._notifier.setEnabled(False)
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class _Later(QObject):
    """A later start that has connected: reads what it has to say, which it does at once, and goes."""

    def __init__(self, parent: QObject, peer: socket.socket, show: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._peer = peer
        self._show = show
        self._said = b""
        peer.setblocking(False)
        self._notifier = QSocketNotifier(peer.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        QTimer.singleShot(int(_WAIT_S * 1000), self, self._end)
        self._read()

    def _read(self) -> None:
        try:
            while len(self._said) <= _MAX_LINK:
                piece = self._peer.recv(4096)
                if not piece:
                    break
                self._said += piece
        except BlockingIOError:
            return
        except OSError:
            self._said = b""
        self._end()

    def _end(self) -> None:
        if self._notifier.isEnabled():
            self._notifier.setEnabled(False)
            self._peer.close()
            said, self._said = self._said, b""
            self.deleteLater()
            self._show(said.decode("utf-8", "replace") if len(said) <= _MAX_LINK else "")
