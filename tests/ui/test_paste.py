"""Copy and paste between the window and a real file manager, in both directions, under a real X server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_drag import PASSPHRASE, ROOT, Program, program_environ
from test_drag_out import digest, manager

pytestmark = pytest.mark.skipif(
    any(shutil.which(program) is None for program in ("xdotool", "pcmanfm")), reason="needs xdotool and pcmanfm"
)
SIZES = {"one é.bin": 900_000, "two.txt": 12}


def click_into(program: Program, at: tuple[int, int]) -> None:
    program.do("mousemove", *map(str, at), "click", "1", "sleep", "0.3")


@pytest.mark.parametrize("name", ["pcmanfm", pytest.param("thunar", marks=pytest.mark.long)])
def test_paste_from_and_to_a_file_manager(name: str, x_display: dict[str, str], tmp_path: Path) -> None:
    given, wanted = tmp_path / "given", tmp_path / "paste-here"
    given.mkdir()
    wanted.mkdir()
    for file, size in SIZES.items():
        (given / file).write_bytes(os.urandom(size))
    environ = program_environ(x_display, tmp_path) | {"MEGADESK_PASSPHRASE": PASSPHRASE}
    made = [sys.executable, "-m", "megadesk", "init"]
    subprocess.run(made, env=environ, cwd=ROOT, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    with Program(environ, tmp_path) as program:
        program.start()
        program.until("the unlock page", lambda state: state["page"] == "UnlockPage" and state["active"], 90)
        program.type(PASSPHRASE)
        program.do("key", "Return")
        state = program.until("the files", lambda state: state["page"] == "BrowserPage" and "list" in state, 90)
        left, top, width, height = state["list"]
        middle = (left + width // 2, top + height // 2)
        with manager(name, environ, given):
            click_into(program, (250, 600))
            program.do("key", "ctrl+a", "sleep", "0.3", "key", "ctrl+c", "sleep", "0.5")
            # Still there: a clipboard ends with the program that filled it.
            program.front()
            click_into(program, middle)
            program.do("key", "ctrl+v")
            program.until("both files", lambda state: sorted(state["rows"]) == sorted(SIZES))
            program.until("all of them", lambda state: "Uploaded" in (state["strip"] or {}).get("headline", ""))
        click_into(program, middle)
        program.do("key", "ctrl+a")
        program.until("two selected", lambda state: state["selected"] == 2)
        program.do("key", "ctrl+c")
        with manager(name, environ, wanted):
            end = time.monotonic() + 40
            while sorted(os.listdir(wanted)) != sorted(SIZES) and time.monotonic() < end:
                click_into(program, (250, 600))
                program.do("key", "ctrl+v", "sleep", "1")
            while time.monotonic() < end and {file: digest(wanted / file) for file in SIZES} != {
                file: digest(given / file) for file in SIZES
            }:
                time.sleep(0.2)
            assert {file: digest(wanted / file) for file in SIZES} == {file: digest(given / file) for file in SIZES}
        program.front()
        program.do("key", "ctrl+shift+l")
        program.until("the lock", lambda state: state["page"] == "UnlockPage")
        assert [path for path in tmp_path.rglob("megadesk-private*/**/*.bin") if path.is_file()] == []
        program.do("key", "ctrl+q")
        assert program.end() == 0
