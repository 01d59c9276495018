"""`megadesk sync` as scripts and services use it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.system.cli.cli_process import Machine


def test_add_run_and_list(ready: Machine) -> None:
    folder = ready.folder / "notes"
    folder.mkdir()
    (folder / "a.txt").write_text("text")
    ready.run("sync", "add", "notes", "/Notes", "--ignore", "*.o")
    (pair,) = ready.run("sync", "ls", "--json").json
    assert (pair["local"], pair["folder"], pair["mode"]) == (str(folder), "/Notes", "two-way")
    (planned,) = ready.run("sync", "run", "--dry-run", "--json").json
    assert planned["planned"] == [{"what": "upload", "path": "a.txt", "to": None}]
    assert ready.run("ls", "/Notes").lines == []
    ready.run("sync", "run", "--once")
    assert ready.run("ls", "/Notes").lines == ["a.txt"]
    ready.run("mkdir", "/Notes/from there")
    ready.run("sync", "run", "--once", str(folder))
    assert (folder / "from there").is_dir()
    assert ready.run("sync", "status", "--json").json["state"] == "idle"
    ready.run("sync", "rm", "1")
    assert ready.run("sync", "ls").lines == []
    assert (folder / "a.txt").read_text() == "text"


def test_deletions_are_held_shown_and_approved(ready: Machine) -> None:
    folder = ready.folder / "many"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}").write_text(f"{number}")
    ready.run("sync", "add", "many", "/Many")
    ready.run("sync", "run", "--once")
    for path in folder.glob("[0-9]*"):
        path.unlink()
    assert ready.run("sync", "run", "--once", status=1).text
    (problem,) = ready.run("sync", "problems", "--json", status=1).json
    assert (problem["kind"], problem["fixes"]) == ("deletions-held", ["approve", "restore"])
    assert len(ready.run("ls", "/Many").lines) == 30
    ready.run("sync", "approve", "1")
    ready.run("sync", "run", "--once")
    assert ready.run("ls", "/Many").lines == []


def test_a_missing_root_is_a_problem_and_an_exit_status(ready: Machine) -> None:
    ready.run("sync", "add", "x", "/X")
    shutil.rmtree(ready.folder / "x")
    ran = ready.run("sync", "run", "--once", status=1)
    assert "is not there" in ran.err


def test_places_that_cannot_be_synchronised(ready: Machine) -> None:
    ready.run("sync", "add", "a", "/A")
    for place in ("a", "a/inner", "."):
        assert ready.run("sync", "add", place, "/B", status=1).err
    assert "own data" in ready.run("sync", "add", str(ready.home), "/C", status=1).err
    ready.run("sync", "add", "a", status=2)
    ready.run("sync", "resolve", "1", "no-such-choice", status=2)


def test_the_service_syncs_until_it_is_terminated(ready: Machine) -> None:
    folder = ready.folder / "live"
    ready.run("sync", "add", "live", "/Live")
    service = ready.popen("sync", "run", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        (folder / "a").write_text("a")
        end = time.monotonic() + 60
        while ready.run("ls", "/Live").lines != ["a"]:
            assert time.monotonic() < end, "the file did not come"
            time.sleep(0.2)
        service.send_signal(signal.SIGTERM)
        _, err = service.communicate(timeout=60)
    finally:
        service.kill()
    assert service.returncode == 0, err
    assert b"stopping" in err


def test_the_unit_file_names_a_command_that_exists() -> None:
    unit = (Path(__file__).parents[3] / "resources" / "megadesk-sync.service").read_text()
    (command,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    words = command.split("=", 1)[1].split()[1:]
    ran = subprocess.run(
        [sys.executable, "-m", "megadesk", words[0], "--help"], capture_output=True, text=True, check=True
    )
    assert all(word in ran.stdout for word in words[1:] if not word.startswith("%"))
