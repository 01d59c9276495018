"""One window a user and home: a second start asks the first to come to the front, and ends.

The first listens on a local socket of a name that follows from the home folder, for this user only. Nothing is sent
but the wish to be shown.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)
_WAIT_MS = 1000


def server_name(home: str) -> str:
    """Of the program that works in ``home``."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return "megadesk-" + hashlib.sha256(f"{user}\0{os.path.realpath(home)}".encode()).hexdigest()[:24]


def raise_first(home: str) -> bool:
    """Ask a program that runs already to show itself; False when none does."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(home))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(b"show\n")
    socket.waitForBytesWritten(_WAIT_MS)
    socket.disconnectFromServer()
    return True


class FirstInstance(QObject):
    """Listens for later starts until ``end``."""

    def __init__(self, home: str, show: Callable[[], None]) -> None:
        super().__init__()
        self._show = show
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._asked)
        name = server_name(home)
        if not self._server.listen(name):
            # Left by a program that was killed: `raise_first` found nobody listening.
            QLocalServer.removeServer(name)
            if not self._server.listen(name):
                log.warning("a second start will not find this one: %s", self._server.errorString())

    def _asked(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            socket.disconnected.connect(socket.deleteLater)
            socket.disconnectFromServer()
        self._show()

    def end(self) -> None:
        self._server.close()
