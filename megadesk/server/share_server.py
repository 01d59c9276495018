"""The app's own server of links, for lockers whose storage cannot serve them: on demand, and only links.

The same routes as `megadesk serve` has (links.py), over the store of an open locker. What a link may read is asked of
the locker at every request (`Ledger`; core.link_ledger is one), so a link that is taken back is refused at the next.
Server and core do not know each other: whoever runs both puts them together.
"""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import socket
import threading
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import Mount, Router
from starlette.types import Receive, Scope, Send

from megadesk.errors import AddressError
from megadesk.server.answers import plain
from megadesk.server.gate import Counts, Gate
from megadesk.server.links import Grant, Links, UsedUpError
from megadesk.server.page import LinkPage, load_page
from megadesk.server.run import Listen, Running, parse_listen
from megadesk.server.sessions import KEY_BYTES, Sessions
from megadesk.server.settings import Limits
from megadesk.server.work import Workers
from megadesk.stores.api import Store

MOUNT = "/d"
DEFAULT_LISTEN = "127.0.0.1:8720"


class Served(Protocol):
    """What a ledger knows of one link. ``gone``: "", "revoked" or "expired"."""

    @property
    def packs(self) -> frozenset[str]: ...
    @property
    def expires_ms(self) -> int | None: ...
    @property
    def max_downloads(self) -> int | None: ...
    @property
    def gone(self) -> str: ...


class Ledger(Protocol):
    """Thread-safe; may raise MegaDeskError."""

    @property
    def store(self) -> Store: ...

    def served(self, link: str) -> Served | None: ...

    def count_download(self, link: str, max_downloads: int | None) -> int | None:
        """How many are left; None: no limit; -1: there was none left, and nothing was counted."""
        ...


@dataclass(frozen=True)
class ShareStatus:
    """``base_url``: in front of links' fragments. ``urls``: all under which it can be reached. ``exposed``: other
    computers can reach it. ``plain_http``: what is sent can be read and changed on its way, the page above all."""

    base_url: str
    urls: tuple[str, ...]
    exposed: bool
    plain_http: bool
    connections: int
    requests: int
    sent_bytes: int


class ShareServer:
    """Serves from `start` to `stop`; may be started again. Thread-safe."""

    def __init__(self, ledger: Ledger, *, page: LinkPage | None = None, limits: Limits | None = None) -> None:
        """``page``: in place of the one this program brings."""
        self._ledger = ledger
        self._page = page
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._running: Running | None = None
        self._workers: Workers | None = None
        self._counts = Counts()
        self._public_url = ""

    def start(
        self,
        listen: str = DEFAULT_LISTEN,
        *,
        public_url: str = "",
        tls_cert: str | None = None,
        tls_key: str | None = None,
    ) -> ShareStatus:
        """``listen``: HOST:PORT; 0.0.0.0 or [::] for all of the network, port 0 for any that is free.
        ``public_url``: how others reach it, where that is not how this computer calls itself (a proxy, a router).

        Raises AddressError, StoreUnavailableError when the port is taken, LocalFileError for the certificate.
        """
        host, port = parse_listen(listen)
        public_url = _checked(public_url)
        with self._lock:
            if self._running is not None:
                raise AddressError("This computer shares links already.", remedy="Stop that first.")
            workers = Workers(8)
            links = Links(
                self._ledger.store,
                _LedgerGrants(self._ledger),
                Sessions(secrets.token_bytes(KEY_BYTES)),
                workers,
                self._page or load_page(),
            )
            counts = Counts()
            app = Gate(Router([Mount(MOUNT, links.app)], default=_nothing_here), counts, self._limits.max_requests)
            try:
                running = Running(app, Listen(host, port, tls_cert, tls_key, proxies=""), self._limits)
                running.start()
            except BaseException:
                workers.close()
                raise
            self._running, self._workers, self._counts, self._public_url = running, workers, counts, public_url
        status = self.status()
        assert status is not None
        return status

    def stop(self) -> None:
        """What is being fetched is given a moment to end. May be called at any time."""
        with self._lock:
            running, self._running = self._running, None
            workers, self._workers = self._workers, None
        if running is not None:
            running.stop()
        if workers is not None:
            workers.close()

    def status(self) -> ShareStatus | None:
        """None while it is stopped."""
        running = self._running
        if running is None:
            return None
        scheme = running.url.partition(":")[0]
        urls = tuple(f"{scheme}://{_bracketed(host)}:{running.port}{MOUNT}/" for host in _hosts(running.host))
        return ShareStatus(
            base_url=self._public_url or urls[0],
            urls=urls,
            exposed=not _is_loopback(running.host),
            plain_http=not (self._public_url or urls[0]).startswith("https:"),
            connections=running.connections,
            requests=sum(self._counts.by_status.values()),
            sent_bytes=self._counts.sent_bytes,
        )

    @property
    def base_url(self) -> str:
        """ "" while it is stopped."""
        status = self.status()
        return status.base_url if status is not None else ""


class _LedgerGrants:
    """`links.Grants` over a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def find(self, link_id: str) -> Grant | None:
        found = self._ledger.served(link_id)
        if found is None:
            return None
        # What has expired by this computer's clock is told by Grant itself.
        return Grant(link_id, found.packs, found.expires_ms, found.max_downloads, revoked=found.gone == "revoked")

    def count(self, grant: Grant) -> int | None:
        left = self._ledger.count_download(grant.link_id, grant.max_downloads)
        if left == -1:
            raise UsedUpError
        return left


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    await plain("There is nothing here.", 404)(scope, receive, send)


def _checked(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise AddressError("The public URL must begin with https:// or http://.")
    return url if not url or url.endswith("/") else url + "/"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_loopback(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _hosts(host: str) -> list[str]:
    """The addresses behind one that stands for all, the one that others most likely reach first."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return [host]
    found: list[str] = []
    family = socket.AF_INET6 if host == "::" else socket.AF_INET
    # Which of its addresses this computer would send from: nothing is sent by connecting a datagram socket.
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(("2001:db8::1" if family == socket.AF_INET6 else "192.0.2.1", 9))
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        for info in socket.getaddrinfo(socket.gethostname(), None, family):
            found.append(str(info[4][0]).partition("%")[0])
    found = [each for each in dict.fromkeys(found) if not _is_loopback(each)]
    return [*found, "::1" if family == socket.AF_INET6 else "127.0.0.1"]
