"""The command line as a contract: files up and down, listings; real processes, what scripts see."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.system.cli.cli_process import BIDI, NEWLINE, NOT_UTF8, Machine, fingerprint, make_tree

RECOVERY_KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){12}")


# --- up and down
def test_a_tree_comes_back_as_it_went(shelf: Machine, tmp_path: Path) -> None:
    ran = shelf.run("get", "/tree", "--to", str(tmp_path / "new" / "folder"))
    assert fingerprint(tmp_path / "new" / "folder" / "tree") == fingerprint(shelf.folder / "tree")
    assert "10 files, 0 unchanged" in ran.text
    assert ran.err == ""
    again = shelf.json("get", "/tree", "--to", str(tmp_path / "new" / "folder"))
    assert (again["files"], again["unchanged"], again["failures"]) == (10, 10, [])


def test_the_second_put_sends_what_changed(ready: Machine) -> None:
    source = ready.folder / "tree"
    make_tree(source)
    first = ready.json("put", "tree", "--to", "/a/b")
    assert (first["files"], first["unchanged"], first["state"]) == (10, 0, "done")
    (source / "docs" / "a.txt").write_text("changed")
    second = ready.json("put", "tree", "--to", "/a/b")
    assert (second["files"], second["unchanged"], second["moved_bytes"]) == (10, 9, 7)
    assert len(ready.json("versions", "/a/b/tree/docs/a.txt")) == 2


def test_put_on_conflict(ready: Machine) -> None:
    choices = ["default", "replace", "skip", "newer", "keep-both"]
    for choice in choices:
        (ready.folder / choice).mkdir()
        (ready.folder / choice / "a.txt").write_text("old")
    ready.run("put", *choices)
    for choice in choices:
        file = ready.folder / choice / "a.txt"
        file.write_text("new")
        os.utime(file, (1000, 1000))
        ready.run("put", choice, *([] if choice == "default" else ["--on-conflict", choice]))
    ready.run("get", "/", "--to", "out")
    found = {
        choice: {path.name: path.read_text() for path in (ready.folder / "out" / choice).iterdir()}
        for choice in choices
    }
    assert found == {
        "default": {"a.txt": "new"},
        "replace": {"a.txt": "new"},
        "skip": {"a.txt": "old"},
        "newer": {"a.txt": "old"},
        "keep-both": {"a.txt": "old", "a (2).txt": "new"},
    }


def test_get_on_conflict(ready: Machine) -> None:
    (ready.folder / "a.txt").write_text("theirs")
    ready.run("put", "a.txt")
    for choice, mine, others in [
        (None, "mine", ["a (2).txt"]),
        ("keep-both", "mine", ["a (2).txt"]),
        ("skip", "mine", []),
        ("newer", "mine", []),
        ("replace", "theirs", []),
    ]:
        folder = ready.folder / str(choice)
        folder.mkdir()
        (folder / "a.txt").write_text("mine")
        ready.run("get", "/a.txt", "--to", str(folder), *(["--on-conflict", choice] if choice else []))
        assert (folder / "a.txt").read_text() == mine
        assert [path.name for path in folder.iterdir() if path.name != "a.txt"] == others


def test_what_fails_is_listed_and_the_rest_goes_on(ready: Machine) -> None:
    folder = ready.folder / "d"
    folder.mkdir()
    (folder / "good").write_text("g")
    os.mkfifo(folder / "pipe")
    ran = ready.run("put", "d", "missing", status=1)
    assert "1 file" in ran.text
    assert re.search(r"megadesk: .*d/pipe is a device, a pipe or a socket", ran.err)
    assert "megadesk: missing is not there" in ran.err
    assert ready.run("ls", "/d").lines == ["good"]
    report = ready.json("put", "d", status=1)
    assert [failure["path"] for failure in report["failures"]] == [str(folder / "pipe")]
    got = ready.run("get", "/d", "/nothing", "--to", "out", status=1)
    assert "nothing" in got.err
    assert (ready.folder / "out" / "d" / "good").exists()


def test_a_destination_that_is_a_file_is_refused(ready: Machine) -> None:
    (ready.folder / "a").write_text("a")
    ready.run("put", "a")
    assert "/a is not a folder" in ready.run("put", "a", "--to", "/a", status=1).err
    assert "is not a folder" in ready.run("get", "/a", "--to", "a", status=1).err


# --- ls and find
def test_ls_in_a_pipe_gives_the_names_bytes(shelf: Machine) -> None:
    lines = shelf.run("ls", "/tree").out.split(b"\n")
    assert lines[-1] == b""
    assert set(lines[:-1]) == {
        b"docs/",
        b"big.bin",
        b"link",
        b"dangling",
        BIDI.encode(),
        b"two\\nlines",
        "Grüße 日本.txt".encode(),
        NOT_UTF8,
    }


def test_ls_on_a_terminal_escapes_what_could_disguise_itself(shelf: Machine) -> None:
    with shelf.terminal("ls", "/tree", env={"LC_ALL": "C.UTF-8"}) as terminal:
        shown = terminal.end()
    assert "invoice\\u202efdp.exe\n" in shown
    assert "caf\\xe9.txt\n" in shown
    assert "two\\nlines\n" in shown
    assert "Grüße 日本.txt\n" in shown
    assert "\u202e" not in shown


def test_ls_json_is_lossless(shelf: Machine) -> None:
    rows = {os.fsencode(row["name"]): row for row in shelf.json("ls", "/tree")}
    assert NOT_UTF8 in rows
    assert NEWLINE.encode() in rows
    docs, big, link = rows[b"docs"], rows[b"big.bin"], rows[b"link"]
    assert (docs["type"], docs["size"], docs["mode"], docs["path"]) == ("folder", None, "0750", "/tree/docs")
    assert (big["type"], big["size"]) == ("file", 3_000_000)
    assert (link["type"], link["conflict"]) == ("link", False)
    [file] = shelf.json("ls", "/tree/docs/a.txt")
    assert (file["name"], file["mtime"], file["mtime_ns"]) == (
        "a.txt",
        "2020-09-13T12:26:40.123456789Z",
        1_600_000_000_123_456_789,
    )
    assert len(file["id"]) == 32


def test_ls_long(shelf: Machine) -> None:
    env = {"TZ": "UTC"}
    lines = shelf.run("ls", "-l", "/tree/docs", env=env).lines
    assert "-rw-r--r--             6  2020-09-13 12:26  a.txt" in lines
    assert any(re.fullmatch(r"-rwxr-xr-x +10  \S+ \S+  script.sh", line) for line in lines)
    assert any(line.startswith("drwx") and line.endswith("  empty folder/") for line in lines)
    assert shelf.run("ls", "-l", "/tree", env=env).text.count("lrwxrwxrwx") == 2


def test_ls_recursive(shelf: Machine) -> None:
    lines = shelf.run("ls", "-R", "/tree").lines
    assert "docs/" in lines
    assert "docs/empty folder/" in lines
    assert "docs/a.txt" in lines
    assert lines.index("docs/") < lines.index("docs/a.txt")
    paths = {row["path"] for row in shelf.json("ls", "-R")}
    assert "/tree/docs/a.txt" in paths
    assert len(paths) == len(lines) + 1


def test_ls_of_files_of_several_and_of_nothing(shelf: Machine) -> None:
    assert shelf.run("ls", "tree/docs/a.txt").lines == ["a.txt"]
    ran = shelf.run("ls", "/tree/docs/a.txt", "/tree/docs/empty folder", "/tree/none", "/tree", status=1)
    assert ran.lines[0] == "/tree/docs/a.txt"
    assert "/tree/big.bin" in ran.lines
    assert "none" in ran.err
    assert shelf.run("ls", "/tree/docs/empty folder").out == b""
    assert shelf.json("ls", "/tree/docs/empty folder") == []
    assert shelf.run("--json", "ls", "/tree/none", status=1).json == []


def test_names_come_as_arguments_whatever_they_are(shelf: Machine) -> None:
    environments: list[dict[str, str | None]] = [
        {"LC_ALL": "C.UTF-8"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ]
    for env in environments:
        assert shelf.run("ls", b"/tree/" + NOT_UTF8, env=env).out == NOT_UTF8 + b"\n"
        assert shelf.run("ls", f"/tree/{NEWLINE}", env=env).out == b"two\\nlines\n"
        assert shelf.run("ls", "/tree/Grüße 日本.txt", env=env).out == "Grüße 日本.txt\n".encode()


def test_a_nasty_name_cannot_write_to_the_terminal_by_way_of_an_error(shelf: Machine) -> None:
    err = shelf.run("ls", "/\x1b[2J\u202e", status=1).err
    assert "\x1b" not in err
    assert "\u202e" not in err
    assert err.count("\n") == 1


def test_find(shelf: Machine) -> None:
    assert shelf.run("find", "A.TXT").lines == ["/tree/docs/a.txt"]
    assert shelf.run("find", "grusse").lines in ([], ["/tree/Grüße 日本.txt"])
    assert {row["path"] for row in shelf.json("find", "script")} == {"/tree/docs/script.sh"}
    assert shelf.run("find", "no such thing").out == b""
    limited = shelf.run("find", "e", "--limit", "1")
    assert len(limited.lines) == 1
    assert "--limit" in limited.err


def test_ls_imports_no_network_and_no_window(shelf: Machine) -> None:
    ran = shelf.run("ls", env={"PYTHONPROFILEIMPORTTIME": "1"})
    for module in ("httpx", "keyring", "PySide6", "asyncio", "ssl", "http.client"):
        assert not re.search(rf"\| +{re.escape(module)}$", ran.err, re.MULTILINE), module
