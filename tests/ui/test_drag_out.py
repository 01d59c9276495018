"""Files dragged out of the window to real file managers, under a real X server, with the same bytes arriving."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from test_drag import PASSPHRASE, ROOT, Program, drag, program_environ

SIZES = {"one é.bin": 1_500_000, "two.txt": 12, "three.jpg": 700_000}
LARGE = 70 << 20

pytestmark = pytest.mark.skipif(
    any(shutil.which(program) is None for program in ("xdotool", "pcmanfm", "import")),
    reason="needs xdotool, pcmanfm and imagemagick",
)


@contextmanager
def manager(name: str, environ: dict[str, str], folder: Path) -> Iterator[None]:
    """Its window at the left, showing ``folder``."""
    command = [name, "--no-desktop", str(folder)] if name == "pcmanfm" else [name, str(folder)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environ, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        end = time.monotonic() + 40
        while time.monotonic() < end:
            found = subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--name", folder.name],
                env=environ,
                capture_output=True,
                text=True,
                check=False,
            ).stdout.split()
            place = ["windowmove", found[-1], "0", "30", "windowsize", found[-1], "366", "700"] if found else []
            if place and subprocess.run(["xdotool", *place], env=environ, check=False).returncode == 0:
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"the window of {name} did not come")
        yield
    finally:
        process.terminate()
        process.wait(10)


def digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def arrived(folder: Path, wanted: dict[str, str], timeout_s: float) -> bool:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if sorted(os.listdir(folder)) == sorted(wanted):
            try:
                if {name: digest(folder / name) for name in wanted} == wanted:
                    return True
            except OSError:
                pass
        time.sleep(0.2)
    return False


def open_locker(program: Program) -> None:
    program.start()
    program.until("the unlock page", lambda state: state["page"] == "UnlockPage" and state["active"], 90)
    program.type(PASSPHRASE)
    program.do("key", "Return")
    program.until("the files", lambda state: state["page"] == "BrowserPage" and len(state.get("rows", [])) == 4, 90)


@pytest.mark.parametrize(
    ("name", "large"),
    [
        ("pcmanfm", LARGE),
        pytest.param("pcmanfm", 2 << 30, marks=pytest.mark.long),
        pytest.param("thunar", 2 << 30, marks=pytest.mark.long),
    ],
)
def test_three_files_and_a_large_one(name: str, large: int, x_display: dict[str, str], tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "drop-here"
    source.mkdir()
    out.mkdir()
    for file, size in SIZES.items():
        (source / file).write_bytes(os.urandom(size))
    with open(source / "zz large.bin", "wb") as file_:
        block = os.urandom(1 << 20)
        for number in range(large >> 20):
            file_.write(number.to_bytes(8, "big") + block[8:])
    environ = program_environ(x_display, tmp_path) | {"MEGADESK_PASSPHRASE": PASSPHRASE}
    put = [sys.executable, "-m", "megadesk", "put", *[str(path) for path in sorted(source.iterdir())]]
    subprocess.run(put, env=environ, cwd=ROOT, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    small = {file: digest(source / file) for file in SIZES}
    everything = {**small, "zz large.bin": digest(source / "zz large.bin")}

    with Program(environ, tmp_path) as program:
        open_locker(program)
        with manager(name, environ, out):
            state = program.state()
            left, top, _, _ = state["list"]
            high = state["row_height"]
            program.do("mousemove", str(left + 300), str(top + high // 2), "click", "1", "sleep", "0.2")
            program.do("keydown", "shift", "mousemove", str(left + 300), str(top + 2 * high + high // 2), "click", "1")
            program.do("keyup", "shift")
            program.until("three selected", lambda state: state["selected"] == 3)
            drag(program, (left + 300, top + high // 2), (180, 500))
            assert arrived(out, small, 40), os.listdir(out)

            # The large one: dropped outside it is made ready, and then dragged from the shelf.
            place = (left + 300, top + 3 * high + high // 2)
            program.do("mousemove", *map(str, place), "click", "1", "sleep", "0.3")
            drag(program, place, (180, 500))
            state = program.until("the shelf", lambda state: state["shelf_ready"], 240)
            x, y, width, height = state["shelf"]
            drag(program, (x + width // 3, y + height // 2), (180, 500))
            assert arrived(out, everything, 120), os.listdir(out)
            program.until("an empty shelf", lambda state: state["shelf"] is None)
        program.front()
        program.do("key", "ctrl+shift+l")
        program.until("the lock", lambda state: state["page"] == "UnlockPage")
        private = [
            path for path in tmp_path.rglob("megadesk-private*/**/*") if path.is_file() and path.stat().st_size > 100
        ]
        assert private == []
        assert program.process is not None
        program.process.terminate()
        assert program.end() == 0
