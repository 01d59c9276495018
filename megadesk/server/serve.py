"""``megadesk serve`` as a whole: opens the store behind, makes the application, runs it until it is told to stop."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TextIO

from megadesk.errors import AddressError
from megadesk.server.app import make_app
from megadesk.server.backing import Backing
from megadesk.server.page import load_page
from megadesk.server.run import Listen, Running, raise_file_limit
from megadesk.server.settings import Limits
from megadesk.server.tokens import Scope, Tokens
from megadesk.state.logs import redact
from megadesk.stores.api import Store
from megadesk.stores.folder import FolderStore
from megadesk.stores.lazy import LazyStore
from megadesk.stores.open import AnyCredentials, open_store, scheme_of
from megadesk.stores.retry import RetryPolicy, RetryStore

log = logging.getLogger(__name__)

OWNER: Final = "owner"
# Clients try again themselves, and hold a connection while this waits.
_RETRIES: Final = RetryPolicy(tries=4, first_s=0.1, total_s=10.0, max_retry_after_s=5.0)


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """``store``: an address. ``public_url``: where browsers reach the server, for links, "" if nothing is said."""

    store: str
    listen: Listen = field(default_factory=Listen)
    public_url: str = ""
    quota_bytes: int | None = None
    poll_s: float = 5.0
    limits: Limits = field(default_factory=Limits)


def check_public_url(url: str) -> str:
    """``url`` without a slash at its end. Raises AddressError for what is no http or https URL."""
    parts = urllib.parse.urlsplit(url)
    odd = parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not parts.hostname or odd:
        raise AddressError(
            f"{url!a} is not the address of a website.", remedy="Write https://host or http://host:port."
        )
    return url.rstrip("/")


@contextlib.contextmanager
def open_behind(address: str, credentials: AnyCredentials | None) -> Iterator[LazyStore]:
    """The store that a server serves, made if it is a folder that is missing. Raises AddressError, StoreError."""

    def opener() -> Store:
        store = open_store(address, create=True, credentials=credentials)
        if isinstance(store, FolderStore):
            store.sweep()  # what a server that was killed left unfinished
            return store
        if scheme_of(address) == "s3":
            from megadesk.stores.s3 import S3Store

            if isinstance(store, S3Store) and not store.probe_conditions():
                log.warning("the bucket knows no conditional writes: two servers may give a link's last download twice")
        return RetryStore(store, _RETRIES)

    store = LazyStore(opener)
    try:
        store.properties  # noqa: B018 - opens it, so that what is wrong is told now
        yield store
    finally:
        store.close()


def serve(
    options: ServeOptions,
    credentials: AnyCredentials | None = None,
    *,
    first_token: Callable[[str], None],
    started: Callable[[Running], None],
) -> None:
    """Serve until SIGTERM or SIGINT; for the main thread.

    ``first_token`` is told the owner's token when there is none yet: nothing keeps it, so it must be shown. ``started``
    is called when the port is bound. Raises AddressError, LocalFileError, StoreError.
    """
    raise_file_limit(4 * options.limits.max_connections)
    with open_behind(options.store, credentials) as store:
        backing = Backing(
            store,
            reopen=store.reopen if scheme_of(options.store) in ("", "file") else None,
            limits=options.limits,
            quota_bytes=options.quota_bytes,
            poll_s=options.poll_s,
            public_url=options.public_url,
        )
        try:
            app = make_app(backing, load_page())
            running = Running(app, options.listen, options.limits, backing.stopping)
            tokens = Tokens(store)
            if not tokens.list():
                first_token(tokens.add(OWNER, [Scope.READ, Scope.WRITE])[1])
            with running.heeding_signals():
                started(running)
                log.info("serving at %s", running.url)
                _notify("READY=1")
                running.run()
            log.info("stopped")
        finally:
            backing.close()


@contextlib.contextmanager
def logging_to(stream: TextIO) -> Iterator[None]:
    """Send the server's log there: with times, unless the system's journal reads it, which has its own."""
    handler = logging.StreamHandler(stream)
    times = "" if os.environ.get("JOURNAL_STREAM") else "%(asctime)s "
    handler.setFormatter(_Redacting(f"{times}%(levelname)s %(message)s"))
    levels = {"megadesk": logging.INFO, "uvicorn.error": logging.WARNING}
    loggers = {name: logging.getLogger(name) for name in levels}
    before = {name: (logger.level, logger.propagate) for name, logger in loggers.items()}
    for name, logger in loggers.items():
        logger.addHandler(handler)
        logger.setLevel(levels[name])
        logger.propagate = False
    try:
        yield
    finally:
        for name, logger in loggers.items():
            logger.removeHandler(handler)
            level, logger.propagate = before[name]
            logger.setLevel(level)


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def _notify(state: str) -> None:
    """Tell systemd, where it started this (sd_notify)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
