"""Tests of the window. Widgets are made on Qt's offscreen platform; `x_display` gives a real X server."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["MEGADESK_KDF"] = "floor"
sys.path.insert(0, str(Path(__file__).parent))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            # Said by the offscreen platform of every window with a minimum size.
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints"))


@pytest.fixture(autouse=True, scope="package")
def _collected_here() -> Iterator[None]:
    """As in the program (ui/collecting.py): no worker may collect, and so destroy, what was a window."""
    gc.disable()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _clipboard_emptied() -> Iterator[None]:
    """The offscreen platform keeps it to the very end of the process: what Python made must go before Python does."""
    yield
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.clipboard().clear()


@pytest.fixture(autouse=True)
def _collected_after_each(_collected_here: None) -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def x_display() -> Iterator[dict[str, str]]:
    """The environment of a fresh X server with a window manager and a session bus."""
    for program in ("Xvfb", "openbox", "dbus-daemon"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    read, write = os.pipe()
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str, env: dict[str, str] | None = None, **options: object) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **options,  # type: ignore[call-overload]
        )
        started.append(process)
        return process

    try:
        start("Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp", pass_fds=(write,))
        os.close(write)
        with open(read, encoding="ascii") as ready:
            number = ready.readline().strip()
        assert number, "Xvfb did not start"
        environ = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "WAYLAND", "DBUS"))}
        environ["DISPLAY"] = f":{number}"
        bus = start("dbus-daemon", "--session", "--print-address", "--nofork", env=environ, stdout=subprocess.PIPE)
        assert bus.stdout is not None
        environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        start("openbox", env=environ)
        yield environ
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(10)
            if process.stdout is not None:
                process.stdout.close()
