"""The whole program as a process: begins, is told to end, ends; faults of ours do not end it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def start(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "MEGADESK_HOME": str(home), "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    watched = Path(__file__).with_name("watched_app.py")
    return subprocess.Popen(
        [sys.executable, str(watched), str(home / "state.json"), *arguments],
        env=environ,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def until(home: Path, process: subprocess.Popen[bytes], condition: Callable[[dict[str, Any]], object]) -> None:
    end = time.monotonic() + 30
    state = {}
    while time.monotonic() < end:
        assert process.poll() is None
        try:
            state = json.loads((home / "state.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            state = {}
        if state and condition(state):
            return
        time.sleep(0.02)
    raise AssertionError(f"it did not come: {state}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_when_told_even_with_an_unconfirmed_key(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, "--make")
    until(tmp_path, process, lambda state: state.get("step") == 1)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, b"", b"")
    assert json.loads((tmp_path / "config" / "settings.json").read_text())["window_geometry"]


def test_a_fault_becomes_a_banner_and_a_line_in_the_log(tmp_path: Path) -> None:
    process = start(tmp_path, "--fail")
    until(tmp_path, process, lambda state: "ZeroDivisionError" in state["error"])
    process.terminate()
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, b"", b"")
    log = (tmp_path / "log" / "megadesk.log").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log
