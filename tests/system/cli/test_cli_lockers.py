"""Lockers from the command line: init, join, several of them, devices, check, gc, status, secrets."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from tests.system.cli.cli_process import PASSPHRASE, Machine, put_files

RECOVERY_KEY = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){12}")


# --- init and the first put
def test_init_prints_the_recovery_key_alone(machine: Machine) -> None:
    ran = machine.run("init")
    assert RECOVERY_KEY.fullmatch(ran.text.rstrip("\n"))
    assert "recovery key" in ran.err
    assert ran.text.strip() not in ran.err
    again = machine.run("init", status=1)
    assert again.out == b""
    assert "already a locker" in again.err
    assert "--name" in again.err


def test_init_in_a_folder_with_a_name_and_json(machine: Machine) -> None:
    store = machine.folder / "my store"
    made = machine.json("init", str(store), "--name", "Work", "--device-name", "Laptop")
    assert RECOVERY_KEY.fullmatch(made["recovery_key"])
    assert made["name"] == "Work"
    assert len(made["locker_id"]) == 64
    assert (store / "locker").is_file()
    assert [device["name"] for device in machine.json("devices")] == ["Laptop"]
    taken = machine.run("init", str(store), "--name", "Other", status=1)
    assert "megadesk: " in taken.err


def test_put_without_a_locker_makes_the_default_one(machine: Machine) -> None:
    (machine.folder / "a.txt").write_text("alpha")
    ran = machine.run("put", "a.txt")
    assert RECOVERY_KEY.search(ran.err)
    assert not RECOVERY_KEY.search(ran.text)
    assert ran.lines == [ran.lines[0]]
    assert ran.text.startswith("1 file, 0 unchanged, 5 B")
    assert machine.run("ls").lines == ["a.txt"]
    assert not RECOVERY_KEY.search(machine.run("put", "a.txt").err)


def test_put_of_nothing_makes_no_locker(machine: Machine) -> None:
    ran = machine.run("put", "nowhere", status=1)
    assert "nowhere is not there" in ran.err
    assert machine.json("status") == {"lockers": [], "damaged": []}


def test_without_a_locker_commands_say_how_to_make_one(machine: Machine) -> None:
    for words in (["ls"], ["get", "/a"], ["check"], ["devices"]):
        assert "megadesk init" in machine.run(*words, status=1).err


# --- several lockers, several machines
def test_several_lockers_are_picked_by_name(ready: Machine) -> None:
    ready.run("init", "--name", "Work")
    put = ready.folder / "w.txt"
    put.write_text("w")
    err = ready.run("ls", status=1).err
    assert "Locker" in err
    assert "Work" in err
    assert "--locker" in err
    ready.run("put", "w.txt", "--locker", "Work")
    assert ready.run("--locker", "Work", "ls").lines == ["w.txt"]
    assert ready.run("ls", "--locker=Locker").out == b""
    assert "Nope" in ready.run("ls", "--locker", "Nope", status=1).err
    assert "Nope" in ready.run("put", "w.txt", "--locker", "Nope", status=1).err
    assert {locker["name"] for locker in ready.json("status")["lockers"]} == {"Locker", "Work"}


def test_join_devices_and_revoke(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first, second = Machine(tmp_path / "one"), Machine(tmp_path / "two")
    key = first.run("init", str(store), "--device-name", "First").text.strip()
    (first.folder / "a.txt").write_text("alpha")
    first.run("put", "a.txt")
    typo = key[:12] + ("3" if key[12] != "3" else "4") + key[13:]
    env = {"MEGADESK_RECOVERY_KEY": typo}
    assert re.search(r"[Gg]roup 3", second.run("join", str(store), status=1, env=env).err)
    assert "MEGADESK_RECOVERY_KEY" in second.run("join", str(store), status=1).err
    other = Machine(tmp_path / "three").json("init")["recovery_key"]
    second.run("join", str(store), status=1, env={"MEGADESK_RECOVERY_KEY": other})
    assert second.json("status")["lockers"] == []
    joined = second.json("join", str(store), "--device-name", "Second", env={"MEGADESK_RECOVERY_KEY": key.lower()})
    assert joined["locker_id"] == first.json("status")["lockers"][0]["locker_id"]
    second.run("get", "/a.txt", "--to", "out")
    assert (second.folder / "out" / "a.txt").read_text() == "alpha"
    (second.folder / "b.txt").write_text("beta")
    second.run("put", "b.txt")
    assert first.run("ls").lines == ["a.txt", "b.txt"]
    rows = first.json("devices", "ls")
    assert {(row["name"], row["this"]) for row in rows} == {("First", True), ("Second", False)}
    assert "First" in first.run("devices").text
    first.run("devices", "revoke", status=2)
    first.run("devices", "revoke", "nobody", status=1)
    first.run("devices", "ls", "--reencrypt", status=2)
    assert "no device was ever removed" in first.run("reencrypt", "status").text.lower()
    assert "may have copied" in first.run("devices", "revoke", "Second").err
    assert [row["revoked"] for row in first.json("devices") if row["name"] == "Second"] == [True]
    (second.folder / "c.txt").write_text("gamma")
    second.run("put", "c.txt", status=1)
    assert first.run("ls").lines == ["a.txt", "b.txt"]
    first.run("check", "--read-data")
    assert "megadesk reencrypt" in first.run("check").err
    assert first.json("check")["readable_by_removed_devices"] == 9
    assert "2 files" in first.run("reencrypt", "status").text
    assert first.json("reencrypt", "later")["wanted"]
    assert first.json("reencrypt", "pause")["paused"]
    assert first.json("reencrypt", "stop")["wanted"] is False
    packs = {path.name for path in (store / "packs").rglob("*") if path.is_file()}
    assert "2 files" in first.run("reencrypt").text
    assert packs.isdisjoint(path.name for path in (store / "packs").rglob("*") if path.is_file())
    assert first.json("reencrypt")["left"]["files"] == 0
    assert "nothing" in first.run("reencrypt", "status").text
    assert first.json("check")["readable_by_removed_devices"] == 0
    first.run("get", "/", "--to", "out")
    assert (first.folder / "out" / "a.txt").read_text() == "alpha"
    first.run("check", "--read-data")


def test_a_device_is_revoked_and_what_it_could_read_encrypted_anew(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first, second = Machine(tmp_path / "one"), Machine(tmp_path / "two")
    key = first.run("init", str(store)).text.strip()
    (first.folder / "a.txt").write_text("alpha")
    first.run("put", "a.txt")
    second.run("join", str(store), "--device-name", "Second", env={"MEGADESK_RECOVERY_KEY": key})
    assert "1 file" in first.run("devices", "revoke", "Second", "--reencrypt").text
    assert first.json("check")["readable_by_removed_devices"] == 0


# --- check, gc, status
def test_check_lists_what_is_damaged(ready: Machine) -> None:
    (ready.folder / "good.bin").write_bytes(os.urandom(100_000))
    ready.run("put", "good.bin")
    assert ready.json("check", "--read-data")["problems"] == []
    assert "no problems" in ready.run("check").text
    store = Path(ready.json("status")["lockers"][0]["store"].removeprefix("file://"))
    [pack] = [path for path in (store / "packs").rglob("*") if path.is_file()]
    data = bytearray(pack.read_bytes())
    data[5000] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(data)
    report = ready.json("check", "--read-data", status=1)
    [problem] = report["problems"]
    assert problem["files"] == ["/good.bin"]
    ran = ready.run("check", "--read-data", status=1)
    assert "/good.bin" in ran.text
    pack.unlink()
    assert ready.json("check", status=1)["problems"][0]["files"] == ["/good.bin"]
    got = ready.run("get", "/good.bin", "--to", "out", status=1)
    assert "good.bin" in got.err
    assert list((ready.folder / "out").iterdir()) == []


def test_gc_frees_what_was_purged(ready: Machine) -> None:
    (ready.folder / "big").write_bytes(os.urandom(1_000_000))
    ready.run("put", "big")
    ready.run("rm", "/big", "--purge")
    freed = 0
    for _ in range(3):  # in two phases
        freed += ready.json("gc")["bytes_freed"]
    assert freed >= 1_000_000
    assert "freed" in ready.run("gc").text
    assert "no problems" in ready.run("check").text


def test_status(ready: Machine) -> None:
    put_files(ready, "/a.txt")
    [locker] = ready.json("status")["lockers"]
    assert (locker["unlocked"], locker["files"], locker["pending_transfers"]) == (True, 1, 0)
    text = ready.run("status").text
    assert "1 file" in text
    assert "Verified" in text
    [locked] = ready.json("status", env={"MEGADESK_PASSPHRASE": None})["lockers"]
    assert locked["unlocked"] is False
    assert "locked" in ready.run("status", env={"MEGADESK_PASSPHRASE": None}).text
    wrong = ready.json("status", env={"MEGADESK_PASSPHRASE": "wrong"}, status=1)
    assert "passphrase" in wrong["lockers"][0]["error"]


# --- secrets
def test_a_wrong_passphrase(ready: Machine) -> None:
    ran = ready.run("ls", status=1, env={"MEGADESK_PASSPHRASE": "guess"})
    assert ran.out == b""
    assert ran.err.startswith("megadesk: ")
    assert "passphrase is wrong" in ran.err
    assert "guess" not in ran.err


def test_the_passphrase_from_a_file_or_standard_input(ready: Machine) -> None:
    file = ready.folder / "passphrase"
    file.write_text(f"{PASSPHRASE}\nnot this\n")
    file.chmod(0o600)
    none: dict[str, str | None] = {"MEGADESK_PASSPHRASE": None}
    assert ready.run("ls", "--passphrase-file", str(file), env=none).err == ""
    file.chmod(0o644)
    assert "chmod 600" in ready.run("ls", "--passphrase-file", str(file), env=none).err
    ready.run("--passphrase-file", "-", "ls", env=none, stdin=PASSPHRASE.encode() + b"\n")
    err = ready.run("ls", status=1, env=none).err
    assert "MEGADESK_PASSPHRASE" in err
    assert "--passphrase-file" in err


def test_the_passphrase_is_changed_and_reset(machine: Machine) -> None:
    key = machine.run("init").text.strip()
    (machine.folder / "a.txt").write_text("kept")
    machine.run("put", str(machine.folder / "a.txt"))
    assert "MEGADESK_NEW_PASSPHRASE" in machine.run("passphrase", "change", status=1).err
    machine.environment["MEGADESK_NEW_PASSPHRASE"] = "another one"
    assert "new passphrase" in machine.run("passphrase", "change").text
    for words in (("ls",), ("passphrase", "change")):
        assert "passphrase is wrong" in machine.run(*words, status=1).err
    machine.environment["MEGADESK_PASSPHRASE"] = "another one"
    assert machine.run("ls").lines == ["a.txt"]

    machine.environment["MEGADESK_NEW_PASSPHRASE"] = "a third one"
    assert "MEGADESK_RECOVERY_KEY" in machine.run("passphrase", "reset", status=1).err
    machine.environment["MEGADESK_RECOVERY_KEY"] = key
    assert machine.run("passphrase", "reset", "--json").json["name"] == "Locker"
    machine.run("ls", status=1)
    machine.environment["MEGADESK_PASSPHRASE"] = "a third one"
    assert machine.run("ls").lines == ["a.txt"]
    assert len(machine.run("devices", "--json").json) == 2
    machine.run("passphrase", status=2)


def test_an_unsafe_key_file_is_refused_before_anybody_is_asked(ready: Machine) -> None:
    [keys] = ready.home.rglob("keys")
    data = bytearray(keys.read_bytes())
    for memory_kib in (8, 1 << 31):
        data[21:25] = memory_kib.to_bytes(4, "big")  # behind magic, version and salt
        keys.write_bytes(data)
        ran = ready.run("ls", status=1, env={"MEGADESK_PASSPHRASE": None})
        assert "no passphrase" not in ran.err
        assert ran.err.startswith("megadesk: ")


def test_neither_passphrase_nor_recovery_key_is_kept_in_clear(ready: Machine) -> None:
    key = ready.json("init", "--name", "Second")["recovery_key"]
    put_files_secret = ready.folder / "very secret name.txt"
    put_files_secret.write_text("very secret content")
    ready.run("put", str(put_files_secret), "--locker", "Second")
    ready.run("ls", "/very secret nome", "--locker", "Second", status=1)
    for path in ready.home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for secret in (PASSPHRASE, key, key.replace("-", ""), "very secret"):
                assert secret.encode() not in data, path


def test_nothing_unexpected_is_left_where_the_user_is(shelf: Machine) -> None:
    assert {path.name for path in shelf.folder.iterdir()} <= {"home", "tree"}


def test_self_test(machine: Machine) -> None:
    ran = machine.run("--self-test")
    assert "locker: ok" in ran.text
    assert "PDFs: ok (30 x 40)" in ran.text
    assert not machine.home.exists() or not list(machine.home.rglob("info.json"))


def test_a_damaged_locker_record_is_told(ready: Machine) -> None:
    [info] = ready.home.rglob("info.json")
    info.write_text("{")
    assert "damaged" in ready.run("ls", status=1).err
    status = ready.json("status", status=1)
    assert len(status["damaged"]) == 1
    (ready.folder / "a").write_text("a")
    assert "damaged" in ready.run("put", "a", status=1).err


def test_a_vanished_store_is_told_and_nothing_is_lost(ready: Machine) -> None:
    put_files(ready, "/a.txt")
    store = Path(ready.json("status")["lockers"][0]["store"].removeprefix("file://"))
    shutil.move(store, store.with_name("away"))
    ran = ready.run("ls")
    assert ran.lines == ["a.txt"]  # from the index
    assert "is not there" in ran.err
    shutil.move(store.with_name("away"), store)
    ready.run("get", "/a.txt", "--to", "out")


def test_json_of_every_command_that_reports(shelf: Machine) -> None:
    for words in (["ls"], ["find", "a"], ["trash"], ["status"], ["devices"], ["check"], ["versions", "/tree/big.bin"]):
        json.loads(shelf.run(*words, "--json").out)
