"""Three processes on one locker: two put different and overlapping trees, one lists all the time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.types import ROOT
from tests.system.cli.cli_process import PASSPHRASE, Machine


def work(machine: Machine, seconds: float) -> dict[str, int]:
    """Both writers change their own files and the common ones in every round; how many rounds each did."""
    until = time.monotonic() + seconds
    rounds = {"one": 0, "two": 0, "ls": 0}
    errors: list[BaseException] = []

    def write(name: str) -> None:
        tree = machine.folder / name / "tree"
        while time.monotonic() < until or rounds[name] < 2:
            number = rounds[name]
            for path in (f"own {name}/{number}", f"own {name}/same", "common/same", f"common/{number}"):
                file = tree / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(f"{name} {path} {number} ".encode() * 5000)
            machine.run("put", str(tree))
            rounds[name] += 1

    def look() -> None:
        while time.monotonic() < until or not rounds["ls"]:
            shown = machine.run("ls", "-R", "/").text
            assert "(conflict" not in shown, shown
            rounds["ls"] += 1

    def guarded(task: object, *args: str) -> None:
        try:
            task(*args)  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001  (raised by the test, in its own thread)
            errors.append(error)

    threads = [
        threading.Thread(target=guarded, args=(write, "one")),
        threading.Thread(target=guarded, args=(write, "two")),
        threading.Thread(target=guarded, args=(look,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    return rounds


def check(machine: Machine, rounds: dict[str, int]) -> None:
    """All that was put is there: as the current content, or where both wrote as one of the two."""
    app = App(str(machine.home))
    locker = app.unlock(None, PASSPHRASE)
    assert locker.trouble is None
    assert not locker.upkeep.check(read_data=True).problems
    assert locker.transfers.pending() == 0
    found = {path: row for path, row in locker.walk(ROOT) if row.kind == 1}
    assert not [row for row in found.values() if row.conflict]
    locker.transfers.run_now(locker.download(["/tree"], str(machine.folder / "out")))

    def content(path: str) -> bytes:
        return (machine.folder / "out" / "tree" / path).read_bytes()

    expected = {"tree/common/same"}
    for name in ("one", "two"):
        last = rounds[name] - 1
        expected |= {f"tree/own {name}/same"} | {f"tree/own {name}/{number}" for number in range(last + 1)}
        expected |= {f"tree/common/{number}" for number in range(last + 1)}
        assert content(f"own {name}/same").startswith(f"{name} own {name}/same {last} ".encode())
        assert len(locker.versions(f"/tree/own {name}/same")) == last + 1
        for number in range(last + 1):
            assert content(f"own {name}/{number}").startswith(f"{name} own {name}/{number} {number} ".encode())
    assert set(found) == expected
    finals = {f"{name} common/same {rounds[name] - 1} ".encode() * 5000 for name in ("one", "two")}
    assert content("common/same") in finals
    # Nothing that either of them wrote over is lost.
    assert len(locker.versions("/tree/common/same")) == rounds["one"] + rounds["two"]
    for number in range(min(rounds["one"], rounds["two"])):
        assert len(locker.versions(f"/tree/common/{number}")) >= 2  # they go on replacing each other's
    app.close()


def run(folder: Path, seconds: float) -> None:
    machine = Machine(folder)
    machine.run("init")
    rounds = work(machine, seconds)
    assert rounds["ls"] >= 1
    check(machine, rounds)
    log = machine.log()
    assert "Traceback" not in log
    assert "LockerBusyError" not in log


def test_three_processes(tmp_path: Path) -> None:
    run(tmp_path / "machine", 7.0)


@pytest.mark.long
def test_three_processes_for_a_minute(tmp_path: Path) -> None:
    run(tmp_path / "machine", 60.0)
