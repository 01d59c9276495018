"""A second computer is let in, by hand: two programs on one real X server, the code carried over by the clipboard.

By default test_devices_page.py does it in one process, on the real core.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_drag import PASSPHRASE, ROOT, Program, program_environ

pytestmark = pytest.mark.skipif(
    any(shutil.which(program) is None for program in ("xdotool", "import")), reason="needs xdotool and imagemagick"
)
SHOTS = os.environ.get("MEGADESK_TEST_SHOTS", "")
"""A folder for pictures of the steps, to be looked at."""


def controls(state: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = state.get("controls", {})
    return found


def named(state: dict[str, Any], name: str) -> list[int] | None:
    """The place of what is called so, or begins so."""
    return next((place for text, place in controls(state).items() if text.startswith(name)), None)


def press(program: Program, name: str) -> None:
    state = program.until(name, lambda state: named(state, name) is not None)
    place = named(state, name)
    assert place is not None
    program.do("mousemove", str(place[0] + place[2] // 2), str(place[1] + place[3] // 2), "click", "1", "sleep", "0.2")


def says(text: str) -> Callable[[dict[str, Any]], bool]:
    return lambda state: any(text in label for label in controls(state).get("labels", ()))


def shot(program: Program, name: str) -> None:
    if SHOTS:
        command = ["import", "-window", "root", os.path.join(SHOTS, f"{name}.png")]
        subprocess.run(command, env=program.environ, check=True)


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_second_computer_is_let_in_by_hand(scheme: str, x_display: dict[str, str], tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        (folder / "home" / "config").mkdir(parents=True)
        (folder / "home" / "config" / "settings.json").write_text(f'{{"theme": "{scheme}"}}', encoding="utf-8")
    environ = program_environ(x_display, one) | {"MEGADESK_PASSPHRASE": PASSPHRASE}
    made = [sys.executable, "-m", "megadesk", "init", str(tmp_path / "store"), "--device-name", "Desk"]
    done = subprocess.run(made, env=environ, cwd=ROOT, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    key = done.stdout.decode().strip()
    subprocess.run(
        [sys.executable, "-m", "megadesk", "mkdir", "/There already"], env=environ, cwd=ROOT, check=True,
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    with Program(environ, one) as first, Program(program_environ(x_display, two), two) as second:
        first.start("--controls")
        first.until("the unlock page", lambda state: state["page"] == "UnlockPage" and state["active"], 90)
        first.type(PASSPHRASE)
        first.do("key", "Return")
        first.until("the files", lambda state: state["page"] == "BrowserPage", 90)
        press(first, "Computers")
        press(first, "Add a computer")
        first.until("the code", lambda state: named(state, "Copy the code"))
        shot(first, f"code-{scheme}")
        press(first, "Copy the code")
        first.until("that it is copied", says("on the clipboard"))

        second.start("--controls")
        second.until("the setup page", lambda state: state["page"] == "SetupPage" and state["active"], 90)
        press(second, "I have a recovery key")
        second.until("the form", lambda state: state["page"] == "JoinPage")
        press(second, "Pairing code")
        second.do("key", "ctrl+v")
        press(second, "Recovery key")
        second.type(key)
        press(second, "New passphrase")
        second.type(PASSPHRASE)
        press(second, "Passphrase again")
        second.type(PASSPHRASE)
        second.until("a form that is filled in", lambda state: named(state, "Open"))
        shot(second, f"join-{scheme}")
        second.do("key", "Return")
        state = second.until("its files", lambda state: state["page"] == "BrowserPage" and state["rows"], 90)
        assert state["rows"] == ["There already"]
        press(second, "Computers")
        second.until("both computers", says("Desk"))
        shot(second, f"joined-{scheme}")
        second.do("key", "ctrl+q")
        assert second.end() == 0
        first.front()
        first.do("key", "Escape", "sleep", "0.3", "key", "ctrl+q")
        assert first.end() == 0
