"""The command line at the mercy of its surroundings: terminals, signals, pipes that close, disks that are full."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.system.cli.cli_process import DEADLINE_S, PASSPHRASE, Machine, send

NO_PASSPHRASE: dict[str, str | None] = {"MEGADESK_PASSPHRASE": None}


def limit_uploads(machine: Machine, bytes_per_s: int) -> None:
    """So that there is a middle to be interrupted in."""
    settings = machine.home / "config" / "settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"upload_limit": bytes_per_s}))


def store_of(machine: Machine) -> Path:
    return Path(machine.json("status")["lockers"][0]["store"].removeprefix("file://"))


def packs(store: Path) -> set[str]:
    return {path.name for path in (store / "packs").rglob("*") if path.is_file()}


# --- interrupted


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_put_stops_cleanly_and_goes_on_later(ready: Machine, number: int, status: int) -> None:
    source = ready.folder / "source"
    source.mkdir()
    for name in "abcd":
        (source / name).write_bytes(os.urandom(16 << 20))
    store = store_of(ready)
    limit_uploads(ready, 12 << 20)
    with ready.popen("put", "source") as process:
        until = time.monotonic() + DEADLINE_S
        while not packs(store):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        send(process, number)
        out, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == status, err
    assert out == b""
    assert re.search(rb"megadesk: Stopped at .*\. What is done is kept: run the same command again", err)
    assert b"Traceback" not in err
    first = packs(store)
    assert "no problems" in ready.run("check", "--read-data").text
    limit_uploads(ready, 0)
    ready.run("put", "source")
    ready.run("get", "/source", "--to", "out")
    for name in "abcd":
        assert (ready.folder / "out" / "source" / name).read_bytes() == (source / name).read_bytes()
    assert first <= packs(store)  # what was stored is used, not sent again
    total = sum(path.stat().st_size for path in (store / "packs").rglob("*") if path.is_file())
    assert total < 64 * 1.1 * (1 << 20) + 3 * (16 << 20)
    assert ready.json("status")["lockers"][0]["pending_transfers"] == 0


def test_ctrl_c_on_the_terminal_clears_the_bar(ready: Machine) -> None:
    (ready.folder / "big").write_bytes(os.urandom(24 << 20))
    limit_uploads(ready, 2 << 20)
    with ready.terminal("put", "big") as terminal:
        terminal.expect("Uploading")
        terminal.expect("%")
        terminal.interrupt()
        shown = terminal.end(130)
    assert "Stopped" in shown
    assert shown.rstrip().splitlines()[-1].startswith("megadesk: Stopped") or "\x1b[Kmegadesk: Stopped" in shown


def test_an_interrupted_get_leaves_nothing_half_done(ready: Machine) -> None:
    content = {name: os.urandom(16 << 20) for name in "ab"}
    for name, data in content.items():
        (ready.folder / name).write_bytes(data)
    ready.run("put", "a", "b")
    (ready.home / "config").mkdir(exist_ok=True)
    (ready.home / "config" / "settings.json").write_text(json.dumps({"download_limit": 8 << 20}))
    out = ready.folder / "out"
    with ready.popen("get", "/a", "/b", "--to", "out") as process:
        until = time.monotonic() + DEADLINE_S
        while not out.exists() or not list(out.iterdir()):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        send(process)
        err = process.communicate(timeout=DEADLINE_S)[1]
    assert process.returncode == 130, err
    for path in out.iterdir():
        # What has begun has a name of its own until it is whole and verified.
        assert path.name.startswith(".megadesk-") or path.read_bytes() == content[path.name]
    ready.run("get", "/a", "/b", "--to", "out")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == content


def test_an_interrupted_prompt_leaves_nothing_behind(machine: Machine) -> None:
    (machine.folder / "a").write_text("a")
    with machine.terminal("put", "a", env=NO_PASSPHRASE) as terminal:
        terminal.expect("New passphrase")
        terminal.interrupt()
        assert "Interrupted" in terminal.end(130)
    assert machine.json("status") == {"lockers": [], "damaged": []}


# --- on a terminal


def test_the_bar_is_for_terminals(ready: Machine) -> None:
    (ready.folder / "big").write_bytes(os.urandom(8 << 20))
    limit_uploads(ready, 16 << 20)
    with ready.terminal("put", "big") as terminal:
        shown = terminal.end()
    assert re.search(r"Uploading  \[[#-]{24}\] +\d+%", shown)
    assert "\r" in shown
    assert "1 file, 0 unchanged, 8.0 MiB" in shown.splitlines()[-1]
    (ready.folder / "other").write_bytes(os.urandom(1 << 20))
    assert ready.run("put", "other").err == ""


def test_the_first_put_asks_for_a_passphrase_twice(machine: Machine) -> None:
    (machine.folder / "a").write_text("a")
    with machine.terminal("put", "a", env=NO_PASSPHRASE) as terminal:
        terminal.expect("New passphrase")
        terminal.type("open sesame")
        terminal.expect("Once more")
        terminal.type("open sesam")
        terminal.expect("not the same")
        terminal.expect("New passphrase")
        terminal.type("open sesame")
        terminal.expect("Once more")
        terminal.type("open sesame")
        terminal.expect("Recovery key:")
        shown = terminal.end()
    assert "open sesam" not in shown
    assert machine.run("ls", env={"MEGADESK_PASSPHRASE": "open sesame"}).lines == ["a"]


def test_a_wrong_passphrase_may_be_corrected(ready: Machine) -> None:
    with ready.terminal("ls", env=NO_PASSPHRASE) as terminal:
        terminal.expect("Passphrase of Locker")
        terminal.type("wrong")
        terminal.expect("passphrase is wrong")
        terminal.expect("Passphrase of Locker")
        terminal.type(PASSPHRASE)
        terminal.end()
    with ready.terminal("ls", env=NO_PASSPHRASE) as terminal:
        for _ in range(3):
            terminal.expect("Passphrase of Locker")
            terminal.type("wrong")
        terminal.end(1)


def test_join_asks_for_the_recovery_key(ready: Machine, tmp_path: Path) -> None:
    store = tmp_path / "store"
    key = ready.run("init", str(store), "--name", "Shared").text.strip()
    other = Machine(tmp_path / "other")
    with other.terminal("join", str(store)) as terminal:
        terminal.expect("Recovery key: ")
        terminal.type(key[:-1] + ("0" if key[-1] != "0" else "1"))
        terminal.expect("roup 13")
        terminal.expect("Recovery key: ")
        terminal.type(key.lower().replace("-", " "))
        shown = terminal.end()
    assert key not in shown


def test_get_asks_what_to_do_with_a_file_of_mine(ready: Machine) -> None:
    mine = [ready.folder / name for name in ("a", "b")]
    for file in mine:
        file.write_text("theirs")
    ready.run("put", "a", "b")
    for file in mine:
        file.write_text("mine")
    with ready.terminal("get", "/a", "/b") as terminal:
        terminal.expect("[r]eplace")
        terminal.type("?")
        terminal.expect("[r]eplace")
        terminal.type("S")
        terminal.end()
    assert [file.read_text() for file in mine] == ["mine", "mine"]
    with ready.terminal("get", "/a", "/b") as terminal:
        terminal.expect("[r]eplace")
        terminal.type("r")
        terminal.expect("[r]eplace")
        terminal.type("s")
        terminal.end()
    assert sorted(file.read_text() for file in mine) == ["mine", "theirs"]


def test_an_interrupted_question_ends_at_once(ready: Machine) -> None:
    (ready.folder / "a").write_text("theirs")
    ready.run("put", "a")
    (ready.folder / "a").write_text("mine")
    with ready.terminal("get", "/a") as terminal:
        terminal.expect("[r]eplace")
        started = time.monotonic()
        terminal.interrupt()
        terminal.end(130)
    assert time.monotonic() - started < 8
    assert (ready.folder / "a").read_text() == "mine"


def test_emptying_the_trash_asks_on_a_terminal(ready: Machine) -> None:
    ready.run("mkdir", "/d")
    ready.run("rm", "/d")
    with ready.terminal("trash", "empty") as terminal:
        terminal.expect("[y/N]")
        terminal.type("")
        terminal.end(1)
    assert len(ready.json("trash")) == 1
    with ready.terminal("trash", "empty", "--yes") as terminal:
        terminal.end()
    assert ready.json("trash") == []


# --- standard streams


@pytest.fixture
def full(ready: Machine) -> Machine:
    """More names than a pipe holds."""
    folder = ready.folder / "many"
    folder.mkdir()
    for number in range(4000):
        (folder / f"{number:04} {'x' * 60}").write_bytes(b"")
    ready.run("put", "many")
    return ready


@pytest.mark.parametrize("words", [["ls", "-R"], ["ls", "/many", "--json"]])
def test_a_reader_that_has_enough_is_no_error(full: Machine, words: list[str]) -> None:
    with full.popen(*words) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(DEADLINE_S) == 141


def test_a_closed_standard_output_harms_no_data(ready: Machine) -> None:
    (ready.folder / "a").write_text("a")
    line = subprocess.list2cmdline([str(word) for word in ready.command(["put", "a"])])
    for closed in (">&-", "<&- >&- 2>&-", ">/dev/full"):
        ran = subprocess.run(["/bin/sh", "-c", f"{line} {closed}"], env=ready.environment, cwd=ready.folder, timeout=60)
        assert ran.returncode == 1
        assert ready.run("ls").lines == ["a"]
        assert "no problems" in ready.run("check", "--read-data").text
        ready.run("rm", "/a")


def test_a_result_that_cannot_be_written_is_a_failure(ready: Machine) -> None:
    ready.run("mkdir", "/d")
    with open("/dev/full", "wb") as device:
        ran = ready.run("ls", status=1, stdout=device)
    assert "could not be written: No space left" in ran.err


def test_failures_go_to_a_log_without_names(ready: Machine) -> None:
    ready.run("ls", "/very private", status=1)
    log = ready.home / "log" / "megadesk.log"
    if log.exists():
        assert "very private" not in log.read_text()
