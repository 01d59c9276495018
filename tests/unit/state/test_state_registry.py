from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import (
    AddressError,
    InputError,
    KeyFileError,
    LockerExistsError,
    NoLockerError,
    PathError,
)
from megadesk.state.paths import Paths
from megadesk.state.registry import Registry

ID = "ab" * 32
KILLED = """
import sys
from megadesk.state.paths import Paths
from megadesk.state.registry import Registry
with Registry(Paths(sys.argv[1])).building("half") as new:
    new.key_file.write_bytes(b"keys")
    print("building", flush=True)
    sys.stdin.readline()
"""


def put_keys(folder: Path) -> None:
    (folder / "keys").write_bytes(b"k")


@pytest.fixture
def registry(paths: Paths) -> Registry:
    return Registry(paths)


def test_nothing_yet(registry: Registry, paths: Paths) -> None:
    assert registry.list() == []
    with pytest.raises(NoLockerError, match="no locker on this machine"):
        registry.get()
    with pytest.raises(NoLockerError, match="named 'x'"):
        registry.get("x")
    assert paths.home is not None
    assert not paths.home.exists()


def test_the_only_one_is_the_default(registry: Registry, paths: Paths) -> None:
    added = registry.add("Work", "dav://host/x", ID, build=put_keys)
    assert added.folder == paths.lockers_dir / "Work"
    assert added.key_file.read_bytes() == b"k"
    assert added.created_ms > 1_600_000_000_000
    assert registry.get() == registry.get("Work") == added
    assert registry.get().folder == added.folder
    assert [added.keychain_file.name, added.index_file.name, added.lock_file("append").name] == [
        "keys.keychain",
        "index.db",
        "append.lock",
    ]


def test_several_want_a_name(registry: Registry) -> None:
    for name in ("b", "A", "Büro"):
        registry.add(name, "/x", ID)
    assert [record.name for record in registry.list()] == ["A", "b", "Büro"]
    with pytest.raises(PathError, match="A, b, Büro") as caught:
        registry.get()
    assert "--locker" in caught.value.remedy
    assert registry.get("Bu\u0308ro").name == "Büro"
    with pytest.raises(NoLockerError) as missing:
        registry.get("c")
    assert "A, b, Büro" in missing.value.remedy


def test_names_are_taken_whatever_their_case(registry: Registry) -> None:
    registry.add("Work", "/x", ID)
    for name in ("Work", "work"):
        with pytest.raises(LockerExistsError), registry.building(name):
            raise AssertionError("not reached")


def test_bad_input(registry: Registry, paths: Paths) -> None:
    with pytest.raises(PathError):
        registry.add("../x", "/x", ID)
    with pytest.raises(InputError, match="64 hex"):
        registry.add("x", "/x", "ab")
    with pytest.raises(AddressError, match="password"):
        registry.add("x", "davs://me:secret@host/x", ID)
    assert registry.list() == []
    assert os.listdir(paths.lockers_dir) == []


def test_an_address_may_name_a_user_and_need_not_be_a_url(registry: Registry) -> None:
    for number, address in enumerate(("sftp://me@host/x", "/home/a:b@c", "C:\\x", "dav://[bad")):
        registry.add(f"n{number}", address, ID)
    assert len(registry.list()) == 4


def test_a_beginning_without_an_end_leaves_nothing(registry: Registry, paths: Paths) -> None:
    def fail(folder: Path) -> None:
        (folder / "keys").write_bytes(b"k")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        registry.add("x", "/x", ID, build=fail)
    with registry.building("x"):
        assert registry.list() == []
    assert os.listdir(paths.lockers_dir) == []


def test_a_killed_beginning_is_no_locker(registry: Registry, paths: Paths, spawn: Any) -> None:
    child = spawn(KILLED, paths.home)
    assert child.stdout.readline() == "building\n"
    child.kill()
    child.wait(60)
    assert (registry.list(), registry.damaged()) == ([], [])
    registry.add("half", "/x", ID)
    left = [name for name in os.listdir(paths.lockers_dir) if name.startswith(".new-")]
    assert len(left) == 1
    os.utime(paths.lockers_dir / left[0], (0, 0))
    registry.add("other", "/x", ID)
    assert sorted(os.listdir(paths.lockers_dir)) == [".lock", "half", "other"]


def test_one_of_many_gets_the_name(registry: Registry) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        with registry.building("x") as new:
            barrier.wait(60)
            try:
                new.finish("/x", ID)
                outcomes.append("made")
            except LockerExistsError:
                outcomes.append("taken")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["made", "taken", "taken", "taken"]
    assert len(registry.list()) == 1


def test_rename_keeps_the_folder_and_frees_the_name(registry: Registry, paths: Paths) -> None:
    registry.add("a", "/x", ID)
    registry.add("b", "/x", ID)
    renamed = registry.rename("a", "c")
    assert renamed == registry.get("c")
    assert renamed.folder == paths.lockers_dir / "a"
    with pytest.raises(NoLockerError):
        registry.get("a")
    with pytest.raises(LockerExistsError):
        registry.rename("c", "B")
    assert registry.rename("c", "C").name == "C"
    again = registry.add("a", "/y", ID)
    assert again.folder == paths.lockers_dir / "a~2"
    assert {record.name for record in registry.list()} == {"a", "b", "C"}


def test_the_store_may_move(registry: Registry) -> None:
    registry.add("a", "/x", ID)
    assert registry.set_store_address("a", "/y") == registry.get("a")
    assert registry.get("a").store_address == "/y"
    with pytest.raises(AddressError):
        registry.set_store_address("a", "dav://u:p@h/")


def test_remove(registry: Registry, paths: Paths) -> None:
    registry.add("a", "/x", ID, build=put_keys)
    registry.remove("a")
    assert os.listdir(paths.lockers_dir) == [".lock"]
    with pytest.raises(NoLockerError):
        registry.remove("a")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        '{"version":1}',
        '{"version":2,"name":"bad","store_address":"/x","locker_id":"' + ID + '","created_ms":1}',
        '{"version":1,"name":"../x","store_address":"/x","locker_id":"' + ID + '","created_ms":1}',
        '{"version":1,"name":"bad","store_address":"/x","locker_id":"zz","created_ms":1}',
        '{"version":1,"name":"bad","store_address":5,"locker_id":"' + ID + '","created_ms":1}',
        " " * 70_000,
    ],
)
def test_a_damaged_record_hides_no_other(
    registry: Registry, paths: Paths, expected_warnings: Any, text: str | None
) -> None:
    registry.add("bad", "/x", ID)
    info = paths.lockers_dir / "bad/info.json"
    info.unlink()
    if text is not None:
        info.write_text(text)
    with pytest.raises(KeyFileError, match="description is damaged"):
        registry.get()
    assert "is damaged: info.json" in expected_warnings.messages[0]
    registry.add("good", "/x", ID)
    assert [record.name for record in registry.list()] == ["good"]
    assert [entry.folder.name for entry in registry.damaged()] == ["bad"]
    assert registry.get("good").name == "good"
    with pytest.raises(KeyFileError, match="description is damaged") as caught:
        registry.get("bad")
    assert "recovery key" in caught.value.remedy
    with pytest.raises(PathError, match=r"good, bad \(damaged\)"):
        registry.get()
    with pytest.raises(LockerExistsError, match="damaged"):
        registry.add("bad", "/x", ID)


def test_a_copied_folder_is_noticed(registry: Registry, paths: Paths) -> None:
    registry.add("a", "/x", ID)
    shutil.copytree(paths.lockers_dir / "a", paths.lockers_dir / "copy of a")
    with pytest.raises(PathError, match="Two lockers here are named 'a'"):
        registry.get("a")


def test_other_files_among_the_lockers_do_not_matter(registry: Registry, paths: Paths) -> None:
    registry.add("a", "/x", ID)
    (paths.lockers_dir / "note.txt").write_text("")
    (paths.lockers_dir / ".Trash").mkdir()
    assert registry.get().name == "a"
    assert registry.damaged() == []


def test_nothing_but_what_is_documented_is_written(registry: Registry) -> None:
    record = registry.add("a", "/x", ID)
    assert sorted(os.listdir(record.folder)) == ["info.json"]
    assert isinstance(record.folder, Path)
