"""This computer as the server of an open locker's links, for storage that cannot serve them itself. No Qt."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from megadesk.errors import MegaDeskError

if TYPE_CHECKING:
    from megadesk.server.share_server import Ledger, ShareServer, ShareStatus

log = logging.getLogger(__name__)
NOTE = "sharing"
Reach = Literal["", "computer", "network"]
"""Who can reach the links: nobody yet asked, programs on this computer, or everybody on its network."""
_HOSTS = {"computer": "127.0.0.1", "network": "0.0.0.0"}  # noqa: S104 - what "network" means
DEFAULT_PORT = 8720


class SharingChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen for this locker on this computer; kept in the encrypted index."""

    reach: Reach = ""
    port: int = DEFAULT_PORT
    on: bool = False
    """Whether to serve as soon as the locker is unlocked."""


class Notes(Protocol):
    def get(self, key: str, /) -> bytes | None: ...
    def put(self, key: str, value: bytes, /) -> None: ...


class Announcing(Protocol):
    """What is needed of `core.links.Links`."""

    def ledger(self) -> Ledger: ...
    def announce(self, url: str, /) -> None: ...


class LinkServing:
    """Of one open locker. Methods block, so they are for worker threads; `status` and `choice` for any."""

    def __init__(self, links: Announcing, notes: Notes) -> None:
        self._links = links
        self._notes = notes
        self._lock = threading.Lock()
        self._server: ShareServer | None = None
        self._closed = False
        self.choice = SharingChoice()

    def restore(self) -> None:
        """What was chosen last, and what was going on then. A port that is taken now is no error; it is logged."""
        try:
            data = self._notes.get(NOTE)
            if data:
                self.choice = msgspec.msgpack.decode(data, type=SharingChoice)
        except (MegaDeskError, msgspec.DecodeError) as error:
            log.info("how links were shared is forgotten: %s", type(error).__name__)
        if self.choice.on:
            try:
                self.start(self.choice.reach or "computer")
            except MegaDeskError as error:
                log.warning("links are not shared: %s", error)

    def start(self, reach: Reach, port: int = 0, public_url: str = "") -> ShareStatus:
        """Serve until `stop`; one that runs already is started anew where ``reach`` differs. ``port`` 0: as last time.

        Raises StoreUnavailableError when the port is taken, LockerBusyError while another program on this machine
        serves them, AddressError.
        """
        from megadesk.server.share_server import ShareServer  # here: it loads the web server

        choice = msgspec.structs.replace(self.choice, reach=reach, on=True, port=port or self.choice.port)
        with self._lock:
            if self._closed:
                raise MegaDeskError("The locker is being locked.")
            running = self._server.status() if self._server is not None else None
            if self._server is not None and running is not None:
                if reach == self.choice.reach and choice.port == self.choice.port:
                    return running
                self._server.stop()
            self._server = server = self._server or ShareServer(self._links.ledger())
            status = server.start(f"{_HOSTS[reach or 'computer']}:{choice.port}", public_url=public_url)
            try:
                self._links.announce(status.base_url)
            except BaseException:
                server.stop()
                raise
            self._keep(choice)
        return status

    def stop(self) -> None:
        """What is being fetched is given a moment to end; the links work again after the next `start`."""
        with self._lock:
            self._end()
            self._keep(msgspec.structs.replace(self.choice, on=False))

    def close(self) -> None:
        """The locker is being locked. What was chosen stays chosen."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        if self._server is not None:
            self._links.announce("")
            self._server.stop()

    def _keep(self, choice: SharingChoice) -> None:
        if choice != self.choice:
            self.choice = choice
            self._notes.put(NOTE, msgspec.msgpack.encode(choice))

    def status(self) -> ShareStatus | None:
        """None while it is stopped."""
        server = self._server
        return server.status() if server is not None else None
