"""A person's first hour, with a real X server, window manager, file manager, keyboard and mouse.

Make a locker by keyboard, drag a folder of 2,000 files out of a file manager, see progress, close the window in the
middle, open it again, unlock, see the rest go up, and get the same bytes back.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FILES = 2000
FILE_BYTES = 40_000
PASSPHRASE = "purple otter lamp seven"

pytestmark = pytest.mark.skipif(
    any(shutil.which(program) is None for program in ("xdotool", "pcmanfm", "import")),
    reason="needs xdotool, pcmanfm and imagemagick",
)


class Program:
    """The watched program in one X server."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.environ = environ
        self.state_file = folder / "state.json"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        self.state_file.unlink(missing_ok=True)
        watched = Path(__file__).with_name("watched_app.py")
        self.process = subprocess.Popen(
            [sys.executable, str(watched), str(self.state_file), *arguments],
            env=self.environ, cwd=ROOT, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def state(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.poll() is None, f"the program ended with {self.process.returncode}"
        try:
            state: dict[str, Any] = json.loads(self.state_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return state

    def until(self, what: str, condition: Callable[[dict[str, Any]], object], timeout_s: float = 60) -> dict[str, Any]:
        end = time.monotonic() + timeout_s
        state: dict[str, Any] = {}
        while time.monotonic() < end:
            state = self.state()
            if state and condition(state):
                return state
            time.sleep(0.03)
        raise AssertionError(f"{what} did not come within {timeout_s} s; last seen: {state}")

    def do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.environ, check=True)

    def front(self) -> None:
        """Our window to the front. A search dies of any window that closes while it looks, so it is made again."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            command = ["xdotool", "search", "--onlyvisible", "--name", "MegaDesk$", "windowactivate", "--sync"]
            if subprocess.run(command, env=self.environ, check=False, capture_output=True).returncode == 0:
                return
            time.sleep(0.2)
        raise AssertionError("the window could not be brought to the front")

    def type(self, text: str) -> None:
        self.do("type", "--delay", "8", text)

    def end(self) -> int:
        assert self.process is not None
        return self.process.wait(30)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        """A failed test leaves no program running: the next one would be blamed for it."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def picture(self) -> tuple[int, int, bytes]:
        """Width, height, RGB of the screen."""
        data = subprocess.run(
            ["import", "-window", "root", "-depth", "8", "ppm:-"], env=self.environ, check=True, capture_output=True
        ).stdout
        _, size, _, pixels = data.split(b"\n", 3)
        width, height = map(int, size.split())
        return width, height, pixels

    def changed_place(self, before: tuple[int, int, bytes], after: tuple[int, int, bytes]) -> tuple[int, int] | None:
        """The middle of what differs between two pictures."""
        width, _, old = before
        new = after[2]
        spots = [at // 3 for at in range(0, len(old), 3) if old[at : at + 3] != new[at : at + 3]]
        if not spots:
            return None
        across, down = sorted(spot % width for spot in spots), sorted(spot // width for spot in spots)
        return across[len(across) // 2], down[len(down) // 2]


def program_environ(x_display: dict[str, str], folder: Path) -> dict[str, str]:
    """Of the program and of the file managers beside it: all that they keep is in ``folder``."""
    return {
        **x_display,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_RUNTIME_DIR": str(folder),
        "MEGADESK_HOME": str(folder / "home"),
        "MEGADESK_KDF": "floor",
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def file_manager(environ: dict[str, str], folder: Path, name: str = "pcmanfm") -> Iterator[None]:
    manager = subprocess.Popen(
        [name, "--no-desktop", str(folder)] if name == "pcmanfm" else [name, str(folder)],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        manager.terminate()
        manager.wait(10)


def drag(program: Program, start: tuple[int, int], end: tuple[int, int]) -> None:
    """As a hand does it: press, a small move so that the drag begins, then steps that the target can follow."""
    program.do("mousemove", str(start[0]), str(start[1]), "sleep", "0.2", "mousedown", "1", "sleep", "0.2")
    for step in range(1, 6):
        program.do("mousemove", str(start[0] + 4 * step), str(start[1] + 2 * step), "sleep", "0.05")
    steps = 16
    for step in range(steps + 1):
        x = start[0] + (end[0] - start[0]) * step // steps
        y = start[1] + (end[1] - start[1]) * step // steps
        program.do("mousemove", str(x), str(y), "sleep", "0.03")
    program.do("mousemove_relative", "2", "2", "sleep", "0.3", "mouseup", "1")


def place_file_manager(program: Program, name: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", f"^{name}( - Thunar)?$"],
            env=program.environ,
            capture_output=True,
            text=True,
            check=False,
        ).stdout.split()
        place = ["windowmove", found[-1], "0", "30", "windowsize", found[-1], "366", "420"] if found else []
        show = [*place, "windowactivate", "--sync", found[-1]] if found else []
        if show and subprocess.run(["xdotool", *show], env=program.environ, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError("the file manager's window did not come")


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def set_limit(home: Path, bytes_per_s: int) -> None:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "settings.json").write_text(json.dumps({"upload_limit": bytes_per_s}), encoding="utf-8")


def make_locker_by_keyboard(program: Program) -> None:
    program.until("the setup page", lambda state: state["page"] == "SetupPage" and state["active"])
    program.type(PASSPHRASE)
    program.do("key", "Tab")
    program.type(PASSPHRASE)
    program.until("a passphrase typed twice", lambda state: state["ready"])
    program.do("key", "Return")
    state = program.until("the recovery key", lambda state: state.get("step") == 1)
    groups = state["key"].split("-")
    program.do("key", "Return")
    state = program.until("the check", lambda state: state.get("step") == 2)
    first, second = state["asked"]
    program.type(groups[first - 1].lower())
    program.do("key", "Tab")
    program.type(groups[second - 1])
    program.do("key", "Return")


@pytest.mark.parametrize("name", ["pcmanfm", pytest.param("thunar", marks=pytest.mark.long)])
def test_drag_in_close_reopen_resume(name: str, x_display: dict[str, str], tmp_path: Path) -> None:
    source = tmp_path / "camera"
    photos = source / "photos"
    photos.mkdir(parents=True)
    chance = random.Random(7)
    for number in range(FILES):
        (photos / f"IMG {number:04d} é.jpg").write_bytes(chance.randbytes(FILE_BYTES))
    home = tmp_path / "home"
    set_limit(home, 6_000_000)
    environ = program_environ(x_display, tmp_path)
    with Program(environ, tmp_path) as program:
        program.start()
        make_locker_by_keyboard(program)
        state = program.until("the open locker", lambda state: state["page"] == "BrowserPage" and "list" in state)

        with file_manager(environ, source, name):
            place_file_manager(program, "camera")
            item = find_only_item(program)
            left, top, width, height = state["list"]
            drag(program, item, (left + width // 2, top + height // 2))
            seen = program.until(
                "progress", lambda state: state["strip"] and 0 < (state["strip"]["permille"] or 0) < 1000
            )
        assert seen["strip"]["visible"]
        assert "photos" in seen["strip"]["headline"]
        assert f"{FILES:,} files" in seen["strip"]["detail"]

        program.front()
        program.until("the window in front", lambda state: state["active"])
        program.do("key", "alt+F4")
        assert program.end() == 0
        stored = sum(path.stat().st_size for path in (home / "data" / "store").rglob("*") if path.is_file())
        assert stored < FILES * FILE_BYTES  # really in the middle

        set_limit(home, 0)
        program.start()
        program.until("the unlock page", lambda state: state["page"] == "UnlockPage" and state["active"])
        program.type("not it")
        program.do("key", "Return")
        program.until("a word about the wrong passphrase", lambda state: "does not open" in state.get("note", ""))
        program.do("key", "ctrl+a")
        program.type(PASSPHRASE)
        program.do("key", "Return")
        program.until("the rest", lambda state: state.get("strip") and state["strip"]["tone"] == "done")
        done = program.until("the folder", lambda state: "photos" in state["rows"])
        assert f"{FILES:,} files" in done["strip"]["detail"]
        assert not done["error"]
        program.do("key", "ctrl+shift+l")
        program.until("the lock", lambda state: state["page"] == "UnlockPage")
        assert program.process is not None
        program.process.terminate()
        assert program.end() == 0

    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(
        [sys.executable, "-m", "megadesk", "get", "/photos", "--to", str(out)],
        env={**environ, "MEGADESK_PASSPHRASE": PASSPHRASE},
        cwd=ROOT,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    assert digests(out / "photos") == digests(photos)
    assert os.listdir(out) == ["photos"]


def find_only_item(program: Program) -> tuple[int, int]:
    """Where the one item of the file manager's folder is: what changes when it is selected."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        program.do("key", "Escape")
        time.sleep(0.3)
        before = program.picture()
        program.do("key", "ctrl+a")
        time.sleep(0.3)
        after = program.picture()
        width = before[0]
        # Only the file manager's part of the screen; ours has a blinking cursor or nothing.
        place = program.changed_place(_left_part(before, 366), _left_part(after, 366))
        if place is not None and place[1] < 300 and width:
            return place
    raise AssertionError("the item in the file manager was not found")


def _left_part(picture: tuple[int, int, bytes], part: int) -> tuple[int, int, bytes]:
    width, height, pixels = picture
    rows = [pixels[line * width * 3 : line * width * 3 + part * 3] for line in range(height // 2)]
    return part, height // 2, b"".join(rows)
