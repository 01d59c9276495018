"""What holds for every test: a home of its own, no network, no unexpected warning, cheap passphrases.

Fixtures to ask for: ``expected_warnings`` (a test that provokes warnings), ``network_guard`` (a test with a network
namespace of its own), ``need_programs`` (a test that starts programs of the system).
"""

from __future__ import annotations

import ipaddress
import logging
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Before anything imports Qt. Tests that need a real X server start one, and a process of their own in it.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

hypothesis.settings.register_profile(
    "default", derandomize=True, database=None, deadline=None, max_examples=30, print_blob=True
)
hypothesis.settings.register_profile("long", database=None, deadline=None, max_examples=2000, print_blob=True)

# --- tiers -----------------------------------------------------------------------------------------------------


_TIERS = "long: also what takes minutes; servers: also what needs servers that take long to start"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--tier", choices=["default", "long", "servers"], default="default", help=_TIERS)


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("long" if config.getoption("--tier") == "long" else "default")
    _guard.install()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell starts what it puts in the background so, and the programs under test would never hear Ctrl+C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _make_passphrases_cheap()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    others = {"long", "servers"} - {config.getoption("--tier")}
    left_out = [item for item in items if any(item.get_closest_marker(tier) for tier in others)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _make_passphrases_cheap() -> None:
    """Calibration measures this machine and aims at a second; let it see a machine so slow that the floor remains."""
    from megadesk.crypto import kdf

    kdf.calibrate.__kwdefaults__["measure"] = lambda params: 1000.0


# --- a home of its own -----------------------------------------------------------------------------------------

_FOREIGN = (
    "MEGADESK_PASSPHRASE",
    "MEGADESK_RECOVERY_KEY",
    "MEGADESK_STORE_USER",
    "MEGADESK_STORE_PASSWORD",
    "MEGADESK_STORE_TOKEN",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "PYTHON_KEYRING_BACKEND",
)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; HOME, the XDG folders and MEGADESK_HOME (``home / "megadesk"``) are in it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("MEGADESK_HOME", str(home / "megadesk"))
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    for name in list(os.environ):
        if name in _FOREIGN or name.startswith("AWS_"):
            monkeypatch.delenv(name)
    return home


# --- no network ------------------------------------------------------------------------------------------------


class NetworkBlockedError(OSError):
    """A test tried to reach something beyond this machine."""


class NetworkGuard:
    """Lets sockets of this process reach loopback, Unix sockets, and what a test adds to ``allowed``.

    Attempts are kept, so that code which survives the error does not hide it. Child processes are not guarded.
    """

    def __init__(self) -> None:
        self.allowed: set[str] = set()
        self.attempts: list[str] = []

    def check(self, host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name in ("", "None", "localhost") or name in self.allowed:
            return
        try:
            if ipaddress.ip_address(name.split("%")[0]).is_loopback:
                return
        except ValueError:
            pass  # a name: resolving it would already be traffic
        self.attempts.append(name)
        raise NetworkBlockedError(f"tests do not use the network: {name}")

    def install(self) -> None:
        for method in ("connect", "connect_ex", "sendto"):
            setattr(socket.socket, method, self._guarded(getattr(socket.socket, method)))
        resolve = socket.getaddrinfo

        def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
            if not kwargs.get("flags", 0) & socket.AI_NUMERICHOST:  # that one only reads numbers
                self.check(host)
            return resolve(host, *args, **kwargs)

        socket.getaddrinfo = getaddrinfo

    def _guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(sock: socket.socket, *args: Any) -> Any:
            address = args[-1]
            if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
                self.check(address[0])
            return method(sock, *args)

        return guarded


_guard = NetworkGuard()


@pytest.fixture(autouse=True)
def network_guard() -> Iterator[NetworkGuard]:
    """Fails the test if anything in it tried to leave the machine. ``network_guard.allowed.add(host)`` for netns."""
    _guard.attempts.clear()
    yield _guard
    _guard.allowed.clear()
    if _guard.attempts:
        pytest.fail(f"the test tried to reach {', '.join(_guard.attempts)}")


# --- no unexpected warnings ------------------------------------------------------------------------------------


class WarningLog(logging.Handler):
    """Records of MegaDesk's own loggers at WARNING and above. May be filled by any thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.expected = False

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def messages(self) -> list[str]:
        return [record.getMessage() for record in self.records]


@pytest.fixture(autouse=True)
def warning_log() -> Iterator[WarningLog]:
    """Fails the test if MegaDesk logged a warning or worse, unless the test asked for ``expected_warnings``."""
    log = WarningLog()
    logger = logging.getLogger("megadesk")
    logger.addHandler(log)
    yield log
    logger.removeHandler(log)
    if log.records and not log.expected:
        lines = "\n".join(f"{record.levelname} {record.name}: {record.getMessage()}" for record in log.records)
        pytest.fail(f"unexpected in the log:\n{lines}")


@pytest.fixture
def expected_warnings(warning_log: WarningLog) -> WarningLog:
    """For a test that provokes warnings: look at ``.messages`` to see that they are the right ones."""
    warning_log.expected = True
    return warning_log


# --- programs of the system ------------------------------------------------------------------------------------


@pytest.fixture
def need_programs() -> Callable[..., None]:
    """``need_programs("Xvfb", "xdotool")``: skip where they are missing, except under CI, where that is a failure."""

    def need(*names: str) -> None:
        missing = [name for name in names if shutil.which(name) is None]
        if missing and os.environ.get("CI"):
            pytest.fail(f"missing programs: {', '.join(missing)}")
        if missing:
            pytest.skip(f"missing programs: {', '.join(missing)} (python3 dev.py test says what to install)")

    return need
