"""Links that other programs hand over: to the window that runs, and out of every list of processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from megadesk.cli import main as cli_main
from megadesk.cli.handed import LINK_OPTION, is_scheme_link, read_link
from megadesk.state.paths import Paths
from megadesk.ui import single
from megadesk.ui.single import FirstInstance, raise_first

ROOT = Path(__file__).parents[2]
KEY = "AQ" + "k" * 42
LINK = f"megadesk:https://host.example/d/?a=1#{KEY}"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def words_of(process: subprocess.Popen[bytes]) -> bytes:
    try:
        return Path(f"/proc/{process.pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_second_start_brings_the_link(qtbot: QtBot, tmp_path: Path) -> None:
    """The whole way: the program as the desktop starts it finds the window that runs. The key is seen for a moment."""
    got: list[str] = []
    first = FirstInstance(str(Paths(str(tmp_path)).config_dir), got.append)
    environ = {**os.environ, "MEGADESK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-P", "-m", "megadesk", LINK], cwd=ROOT, env=environ)
    seen_until = 0.0
    while process.poll() is None and LINK_OPTION.encode() not in (now := words_of(process)):
        if KEY.encode() in now:
            seen_until = time.monotonic() - began
    qtbot.waitUntil(lambda: process.poll() is not None and bool(got), timeout=20_000)
    print(f"the key was among the arguments for {seen_until:.3f} s")
    assert process.wait() == 0
    assert got == [LINK]
    assert seen_until < 2, "no longer than Python takes to start"
    first.end()


def test_what_is_no_link_is_not_handed_on() -> None:
    assert is_scheme_link("MegaDesk:https://h/#k")
    for other in ("https://h/#k", "megadesk", "--help", ""):
        assert not is_scheme_link(other)


def test_the_number_of_a_file_that_is_something_else(tmp_path: Path) -> None:
    for content, wanted in (
        (LINK.encode(), LINK),
        (b"https://h/#k", ""),
        (b"megadesk:" + b"x" * 30_000, ""),
        (b"", ""),
    ):
        path = tmp_path / "file"
        path.write_bytes(content)
        assert read_link(os.open(path, os.O_RDONLY)) == wanted
    assert read_link(987) == ""


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cli_main, "hide_link", lambda link: None)
    assert cli_main.main([LINK]) == 1
    said = capfd.readouterr()
    assert "no display" in said.err
    assert KEY not in said.err + said.out


@pytest.mark.parametrize("said", [b"", b"x" * 50_000, b"\xff\xfe"])
def test_whatever_a_later_start_says(qtbot: QtBot, tmp_path: Path, said: bytes) -> None:
    """The window is shown, and at most something that is no link comes of it."""
    got: list[str] = []
    first = FirstInstance(str(tmp_path), got.append)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        peer.connect(single._address(str(tmp_path)))
        try:
            peer.sendall(said)
        except OSError:
            assert len(said) > 20_000
    qtbot.waitUntil(lambda: bool(got), timeout=5_000)
    assert len(got[0]) <= 20_000
    assert not is_scheme_link(got[0])
    first.end()


def test_a_later_start_that_says_nothing_and_stays(qtbot: QtBot, tmp_path: Path) -> None:
    got: list[str] = []
    first = FirstInstance(str(tmp_path), got.append)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        peer.connect(single._address(str(tmp_path)))
        qtbot.waitUntil(lambda: got == [""], timeout=5_000)
    assert raise_first(str(tmp_path), LINK)
    qtbot.waitUntil(lambda: got == ["", LINK], timeout=5_000)
    first.end()
