"""Changing the tree from the command line: mkdir, mv, cp, rm, trash, restore, versions."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.system.cli.cli_process import Machine, put_files

RECOVERY_KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){12}")


def test_mkdir(ready: Machine) -> None:
    ready.run("mkdir", "/a", "b")
    assert ready.run("ls").lines == ["a/", "b/"]
    assert "a" in ready.run("mkdir", "/a", "/c", status=1).err
    ready.run("mkdir", "/x/y", status=1)
    ready.run("mkdir", "-p", "/x/y", "/a")
    assert ready.run("ls", "-R").lines == ["a/", "b/", "c/", "x/", "x/y/"]
    assert ready.json("mkdir", "/d")[0]["path"] == "/d"


def test_mv_renames_moves_and_replaces(ready: Machine) -> None:
    put_files(ready, "/a.txt", "/b.txt", "/d/old.txt")
    ready.run("mv", "/a.txt", "/c.txt")
    ready.run("mv", "/c.txt", "/b.txt", "/d")
    assert ready.run("ls", "-R").lines == ["d/", "d/b.txt", "d/c.txt", "d/old.txt"]
    ready.run("mv", "/d/b.txt", "/d/old.txt")  # replaces, as POSIX has it
    assert ready.run("ls", "/d").lines == ["c.txt", "old.txt"]
    ready.run("get", "/d/old.txt", "--to", "out")
    assert (ready.folder / "out" / "old.txt").read_text() == "/b.txt"
    assert [row["original_path"] for row in ready.json("trash")] == ["/d/old.txt"]
    ready.run("mkdir", "/e")
    ready.run("mv", "/d", "/e")
    ready.run("mv", "/e/d", "/f")
    assert ready.run("ls", "-R").lines == ["e/", "f/", "f/c.txt", "f/old.txt"]


@pytest.mark.parametrize("command", ["mv", pytest.param("cp", marks=pytest.mark.long)])
def test_mv_and_cp_refuse_what_makes_no_sense(ready: Machine, command: str) -> None:
    put_files(ready, "/a.txt", "/b.txt", "/d/e/x.txt")
    for words, says in [
        (["/a.txt", "/b.txt", "/nowhere"], "does not exist"),
        (["/a.txt", "/nowhere/"], "does not exist"),
        (["/a.txt", "/d/e/x.txt", "/b.txt"], "is not a folder"),
        (["/a.txt", "/b.txt/c"], "not a folder"),
        (["/none", "/d"], "none"),
        (["/d", "/d/e"], "itself"),
        (["/d", "/d"], "itself"),
        (["/", "/d"], "root"),
        (["/a.txt", "/a.txt"], "the same"),
        (["/d", "/b.txt"], "is not a folder"),
    ]:
        assert says in ready.run(command, *words, status=1).err
    assert ready.run("ls", "-R").lines == ["a.txt", "b.txt", "d/", "d/e/", "d/e/x.txt"]


def test_cp_copies_files_and_folders(ready: Machine) -> None:
    put_files(ready, "/d/x.txt", "/d/sub/y.txt")
    ready.run("cp", "/d/x.txt", "/copy.txt")
    ready.run("cp", "-r", "/d", "/new")
    ready.run("mkdir", "/into")
    ready.run("cp", "/d", "/copy.txt", "/into")
    assert ready.run("ls", "-R", "/new").lines == ["sub/", "x.txt", "sub/y.txt"]
    assert "d/sub/y.txt" in ready.run("ls", "-R", "/into").lines
    ready.run("get", "/new/sub/y.txt", "--to", "out")
    assert (ready.folder / "out" / "y.txt").read_text() == "/d/sub/y.txt"


def test_rm_trash_restore_and_purge(ready: Machine) -> None:
    put_files(ready, "/a.txt", "/d/b.txt", "/d/c.txt")
    ready.run("rm", "/a.txt", "/d/b.txt", "-r")
    assert ready.run("ls", "-R").lines == ["d/", "d/c.txt"]
    rows = ready.json("trash")
    assert {row["original_path"] for row in rows} == {"/a.txt", "/d/b.txt"}
    assert len(ready.run("trash").lines) == 2
    assert ready.run("restore", "b.txt").lines == ["/d/b.txt"]
    id_of_a = next(row["id"] for row in rows if row["original_path"] == "/a.txt")
    assert ready.run("restore", id_of_a[:8], "--to", "/d").lines == ["/d/a.txt"]
    assert ready.json("trash") == []
    ready.run("rm", "/d")
    assert ready.run("restore", "/d").lines == ["/d"]
    assert ready.run("ls", "-R").lines == ["d/", "d/a.txt", "d/b.txt", "d/c.txt"]
    ready.run("rm", "/d/a.txt")
    assert ready.json("trash", "purge", "a.txt") == {"purged": 1}
    ready.run("rm", "/d/b.txt", "--purge")
    assert ready.json("trash") == []
    ready.run("rm", "/d")
    ready.run("trash", "empty")
    assert ready.json("ls") == ready.json("trash") == []


def test_rm_says_what_is_not_there(ready: Machine) -> None:
    put_files(ready, "/a.txt")
    assert "none" in ready.run("rm", "/none", "/a.txt", status=1).err
    assert ready.run("ls").out == b""
    ready.run("rm", "-f", "/none")
    assert "root" in ready.run("rm", "/", status=1).err
    assert "nothing here" in ready.run("restore", "nothing here", status=1).err
    ready.run("trash", "purge", status=2)
    ready.run("trash", "empty", "x", status=2)


def test_two_of_a_name_in_the_trash_are_told_apart_by_id(ready: Machine) -> None:
    put_files(ready, "/a.txt", "/d/a.txt")
    ready.run("rm", "/a.txt", "/d/a.txt")
    err = ready.run("restore", "a.txt", status=1).err
    ids = [row["id"] for row in ready.json("trash")]
    assert all(number in err for number in ids)
    for number in ids:
        ready.run("restore", number)
    assert ready.run("ls", "-R").lines == ["a.txt", "d/", "d/a.txt"]


def test_versions(ready: Machine) -> None:
    file = ready.folder / "a.txt"
    for content in ("one", "two two", "three three three"):
        file.write_text(content)
        ready.run("put", "a.txt")
    rows = ready.json("versions", "/a.txt")
    assert [row["size"] for row in rows] == [17, 7, 3]
    assert [row["current"] for row in rows] == [True, False, False]
    assert len(ready.run("versions", "a.txt").lines) == 3
    ready.run("versions", "/a.txt", "--get", rows[2]["id"][:12], "--to", "old")
    assert (ready.folder / "old" / "a.txt").read_text() == "one"
    restored = ready.json("versions", "/a.txt", "--restore", rows[1]["id"])
    assert [row["size"] for row in restored if row["current"]] == [7]
    ready.run("get", "/a.txt", "--to", "now")
    assert (ready.folder / "now" / "a.txt").read_text() == "two two"
    assert "no version" in ready.run("versions", "/a.txt", "--restore", "ffffffff", status=1).err
    ready.run("mkdir", "/d")
    assert "is a folder" in ready.run("versions", "/d", status=1).err


def test_conflict_copies_are_files_like_any_other(tmp_path: Path) -> None:
    store, apart = tmp_path / "store", tmp_path / "apart"
    one, two = Machine(tmp_path / "one"), Machine(tmp_path / "two")
    key = one.run("init", str(store), "--device-name", "One").text.strip()
    put_files(one, "/a.txt", "/b.txt", "/c.txt")
    two.run("join", str(store), "--device-name", "Two", env={"MEGADESK_RECOVERY_KEY": key})
    shutil.copytree(store, apart)
    for machine, text, moved in ((two, "from two", True), (one, "from one, later", False)):
        if moved:  # two works on its own copy of the storage for a while
            os.rename(store, tmp_path / "aside")
            os.rename(apart, store)
        for name in "abc":
            file = machine.folder / f"{name}.txt"
            file.write_text(f"{name} {text}")
        machine.run("put", "a.txt", "b.txt", "c.txt")
        if moved:
            os.rename(store, apart)
            os.rename(tmp_path / "aside", store)
    shutil.copytree(apart, store, dirs_exist_ok=True)
    rows = one.json("ls")
    assert len(rows) == 6
    copies = [row for row in rows if row["conflict"]]
    assert [row["path"][:14] for row in copies] == ["/a (conflict, ", "/b (conflict, ", "/c (conflict, "]
    assert len([line for line in one.run("ls", "-l").lines if line.endswith("[conflict]")]) == 3
    one.run("get", copies[0]["path"], "--to", "out")
    both = {(one.folder / "out" / copies[0]["name"]).read_text()}
    one.run("get", "/a.txt", "--to", "out")
    both.add((one.folder / "out" / "a.txt").read_text())
    assert both == {"a from one, later", "a from two"}
    assert "megadesk versions" in one.run("mv", copies[0]["path"], "/a.txt", status=1).err
    one.run("rm", copies[0]["path"])
    one.run("rm", copies[1]["path"], "--purge")
    one.run("mv", copies[2]["path"], "/mine.txt")
    for machine in (one, two):
        assert machine.run("ls").lines == ["a.txt", "b.txt", "c.txt", "mine.txt"]
        assert len(machine.json("trash")) == 1
    one.run("check", "--read-data")
