"""Running an ASGI application: in the main thread until a signal comes, or in a thread of its own."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import signal
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from types import FrameType
from typing import Final, cast

import uvicorn
from starlette.types import ASGIApp

from megadesk.errors import AddressError, LocalFileError, StoreUnavailableError
from megadesk.server.protocol import LimitedProtocol, ServerConfig
from megadesk.server.settings import Limits

_START_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen. ``port`` 0: any free one. ``proxies``: whose word about the client's address counts."""

    host: str = "127.0.0.1"
    port: int = 8710
    tls_cert: str | None = None
    tls_key: str | None = None
    proxies: str = "127.0.0.1,::1"


def parse_listen(text: str) -> tuple[str, int]:
    """``HOST:PORT``, an IPv6 host in brackets; ``:PORT`` is all addresses. Raises AddressError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise AddressError(
            f"{text!a} cannot be listened at.", remedy="Write HOST:PORT, such as 127.0.0.1:8710 or [::1]:8710."
        )
    if host.startswith("["):
        try:
            host = str(ipaddress.IPv6Address(host[1:-1]))
        except ValueError:
            raise AddressError(f"{text!a} is no IPv6 address in brackets with a port.") from None
    elif ":" in host:
        raise AddressError(f"{text!a} cannot be listened at.", remedy="Put an IPv6 address in brackets.")
    return host or "0.0.0.0", int(port)  # noqa: S104 - it was asked for


class _Server(uvicorn.Server):
    """uvicorn's server, which also looks after slow clients, and tells when it is about to stop."""

    def __init__(self, config: ServerConfig, stopping: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                cast("LimitedProtocol", connection).check(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._stopping is not None:
            self._stopping()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """As uvicorn's, but the signal is not raised again at the end: an orderly stop is no failure."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        wanted = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The second signal does not wait for requests."""
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True


class Running:
    """An application that is served. Made by `serve_in_thread`, or run by `run` in the main thread."""

    def __init__(
        self, app: ASGIApp, listen: Listen, limits: Limits, stopping: Callable[[], None] | None = None
    ) -> None:
        """Binds the port: raises StoreUnavailableError when it is taken, LocalFileError for a certificate that cannot
        be used. ``stopping`` is called in the loop when the server begins to stop: streams without end must end."""
        self.limits = limits
        self._config = ServerConfig(
            app,
            http=LimitedProtocol,
            loop="auto",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(listen.proxies),
            forwarded_allow_ips=listen.proxies,
            timeout_keep_alive=limits.idle_s,
            timeout_graceful_shutdown=limits.stop_s,
            backlog=2048,
        )
        self._config.limits = limits
        self._tls = listen.tls_cert is not None
        self._config.load()
        if listen.tls_cert is not None:
            self._config.ssl = _tls_context(listen.tls_cert, listen.tls_key)
        self._socket = _bind(listen.host, listen.port)
        self.host, self.port = self._socket.getsockname()[:2]
        self._server = _Server(self._config, stopping)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}"

    @property
    def connections(self) -> int:
        return len(self._server.server_state.connections)

    @property
    def cut_off(self) -> int:
        """Connections that were ended because their client was too slow."""
        return self._config.aborted

    def heeding_signals(self) -> contextlib.AbstractContextManager[None]:
        """In the main thread: while entered, SIGTERM and SIGINT stop `run`, or keep it from beginning.

        Whoever says that the server is there enters this first: who hears it may stop the server at once.
        """
        return self._server.capture_signals()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT (in the main thread), or `stop`."""
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Serve in a thread; returns when requests are answered."""
        self._thread = threading.Thread(target=self.run, name="server", daemon=True)
        self._thread.start()
        end = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > end:
                raise StoreUnavailableError("The server did not start.")
            time.sleep(0.005)

    def stop(self, *, wait: bool = True) -> None:
        """Let requests finish, for at most ``limits.stop_s``, and end. From any thread; may be called twice."""
        self._server.should_exit = True
        if wait and self._thread is not None:
            self._thread.join(self.limits.stop_s + 5.0)


def serve_in_thread(
    app: ASGIApp,
    listen: Listen | None = None,
    limits: Limits | None = None,
    *,
    stopping: Callable[[], None] | None = None,
) -> Running:
    """Serve ``app`` in a thread, by default on a free port of loopback. Raises as `Running`."""
    running = Running(app, listen or Listen(port=0), limits or Limits(), stopping)
    running.start()
    return running


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(2048)
    except OSError as error:
        bound.close()
        raise StoreUnavailableError(
            f"Nothing can be served at {host}:{port} ({error.strerror}).",
            remedy="Is a server running there already? Name another address with --listen.",
        ) from error
    bound.setblocking(False)
    return bound


def _tls_context(certificate: str, key: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise LocalFileError(
            f"The certificate {certificate} and its key cannot be used ({error.strerror or error}).",
            path=certificate,
            remedy="Both must be PEM files, the key without a password and belonging to the certificate.",
        ) from error
    return context


def raise_file_limit(wanted: int) -> None:
    """Let this process open as many files and connections, as far as the system lets it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            logging.getLogger(__name__).debug("may open %d files", wanted)
