"""The same command line on every kind of storage, from two computers that see one another's changes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadesk.stores.s3 import S3Store
from megadesk.stores.s3_credentials import S3Credentials
from megadesk.stores.spread_address import SpreadAddress
from tests.contract import dav_servers, md_servers, s3_servers, sftp_server
from tests.system.cli.cli_process import Machine, fingerprint, make_tree
from tests.system.cli.test_cli_links import serving

_S3_KEYS = {"AWS_ACCESS_KEY_ID": s3_servers.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": s3_servers.SECRET_KEY}
_DAV_PASSWORD = {"MEGADESK_STORE_USER": dav_servers.USER, "MEGADESK_STORE_PASSWORD": dav_servers.PASSWORD}
_LINK_PASSWORD: dict[str, str | None] = {"MEGADESK_LINK_PASSWORD": "correct horse"}
_OTHERS = ("folder", "webdav", "serve", "wsgidav", "nginx", "apache", "sftp", "rclone-s3", "ceph", "serve-s3", "spread")


class Storage:
    """Starts what a kind of storage needs, ``address`` it and says what the machines must know."""

    def __init__(self, tmp_path: Path, stack: contextlib.ExitStack) -> None:
        self.tmp_path = tmp_path
        self.environment: dict[str, str] = {}
        self._stack = stack
        self._hosts: list[sftp_server.SftpServer] = []

    def address(self, kind: str) -> str:
        if kind == "folder":
            return str(self.tmp_path / "locker")
        if kind == "spread":
            return str(SpreadAddress(2, tuple(self.address(each) for each in ("sftp", "nginx", "ceph"))))
        if kind in ("webdav", "wsgidav", "nginx", "apache"):
            start = dav_servers.rclone if kind == "webdav" else getattr(dav_servers, kind)
            self.environment |= _DAV_PASSWORD
            return self._stack.enter_context(start()).address("locker")
        if kind in ("moto", "rclone-s3", "ceph"):
            self.environment |= _S3_KEYS
            return self._bucket(kind).address("bucket", "locker")
        if kind in ("serve", "serve-s3"):
            return self._serve(kind)
        assert kind == "sftp"
        sftp_server.need_sshd()
        server = sftp_server.SftpServer(self.tmp_path / "sshd")
        self._stack.callback(server.stop)
        server.start()
        self._hosts.append(server)
        return server.address(self.tmp_path / "sftp")

    def _bucket(self, kind: str) -> s3_servers.S3Server:
        starts: dict[str, Callable[[], contextlib.AbstractContextManager[s3_servers.S3Server]]] = {
            "moto": s3_servers.moto,
            "rclone-s3": lambda: s3_servers.rclone(self.tmp_path / "rclone"),
            "ceph": s3_servers.ceph,
        }
        try:
            server = self._stack.enter_context(starts[kind]())
        except s3_servers.MissingError as error:
            pytest.skip(str(error))
        key = S3Credentials(s3_servers.ACCESS_KEY, s3_servers.SECRET_KEY)
        with S3Store(server.address("bucket"), key) as bucket, bucket._exchange("PUT") as answer:
            assert answer.status == 200
        return server

    def _serve(self, kind: str) -> str:
        home = self.tmp_path / "server"
        home.mkdir()
        behind = str(home / "data") if kind == "serve" else self._bucket("moto").address("bucket", "server")
        process = self._stack.enter_context(md_servers.in_process(behind, home, environ=dict(_S3_KEYS)))
        self.environment["MEGADESK_STORE_TOKEN"] = process.token
        return f"{process.address}/locker"

    def machine(self, name: str) -> Machine:
        machine = Machine(self.tmp_path / name)
        machine.environment |= self.environment
        for host in self._hosts:
            keys = machine.folder / ".ssh"
            keys.mkdir(mode=0o700)
            (keys / "known_hosts").write_text(host.known_hosts_line())
            (keys / "id_ed25519").write_bytes(host.user_key.read_bytes())
            (keys / "id_ed25519").chmod(0o600)
        return machine


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with contextlib.ExitStack() as stack:
        yield Storage(tmp_path, stack)


@pytest.mark.parametrize(
    "kind",
    ["moto", *(pytest.param(kind, marks=pytest.mark.servers) for kind in _OTHERS)],
)
def test_the_whole_command_line(storage: Storage, kind: str) -> None:
    address = storage.address(kind)
    one, two = storage.machine("one"), storage.machine("two")
    key = one.json("init", address, "--device-name", "One")["recovery_key"]
    tree = one.folder / "tree"
    make_tree(tree)
    one.run("put", str(tree))

    # A second computer joins and sees it all.
    two.run("join", address, "--device-name", "Two", env={"MEGADESK_RECOVERY_KEY": key})
    two.run("get", "/tree", "--to", "out")
    assert fingerprint(two.folder / "out" / "tree") == fingerprint(tree)
    assert {row["name"] for row in two.json("devices")} == {"One", "Two"}
    assert [row["path"] for row in two.json("find", "script")] == ["/tree/docs/script.sh"]

    # What each of them does, the other one sees at its next command.
    two.run("mkdir", "/new")
    two.run("mv", "/tree/big.bin", "/new/moved.bin")
    assert "moved.bin" in one.run("ls", "/new").text
    one.run("cp", "/new/moved.bin", "/new/copy.bin")
    one.run("rm", "/tree/docs/a.txt")
    assert "a.txt" not in two.run("ls", "/tree/docs").text
    two.run("restore", "/tree/docs/a.txt")
    assert "a.txt" in one.run("ls", "-R", "/tree").text
    (one.folder / "copy.bin").write_bytes(os.urandom(2_000_000))
    one.run("put", "copy.bin", "--to", "/new")
    rows = two.json("versions", "/new/copy.bin")
    assert len(rows) == 2
    two.run("versions", "/new/copy.bin", "--get", rows[-1]["id"][:12], "--to", "old")
    assert (two.folder / "old" / "copy.bin").read_bytes() == (tree / "big.bin").read_bytes()

    assert [line.split()[-1] for line in one.run("ls", "-l", "-R", "/new").lines] == two.run("ls", "-R", "/new").lines
    folders_are_kept_equal(one, two)
    a_link_is_made_opened_and_taken_back(one, kind)

    # It verifies to the last byte, before and after what nothing refers to has gone.
    one.run("rm", "/tree")
    one.run("trash", "empty", "-y")
    assert two.json("check", "--read-data")["problems"] == []
    one.run("gc")
    two.run("gc")
    assert one.json("check", "--read-data")["problems"] == []
    two.run("get", "/new", "--to", "again")
    assert (two.folder / "again" / "new" / "moved.bin").exists()
    one.run("devices", "revoke", "Two", "-y")
    assert [row["name"] for row in one.json("devices") if row["revoked"]] == ["Two"]
    assert one.json("status")["lockers"]


def folders_are_kept_equal(one: Machine, two: Machine) -> None:
    """A folder on each of the two, over the locker, both ways."""
    for machine in (one, two):
        (machine.folder / "notes").mkdir()
        machine.run("sync", "add", "notes", "/Notes")
    (one.folder / "notes" / "from one.txt").write_text("one")
    one.run("sync", "run", "--once")
    two.run("sync", "run", "--once")
    assert (two.folder / "notes" / "from one.txt").read_text() == "one"
    (two.folder / "notes" / "from one.txt").rename(two.folder / "notes" / "renamed.txt")
    (two.folder / "notes" / "from two.txt").write_text("two")
    (planned,) = two.json("sync", "run", "--dry-run")
    assert {action["what"] for action in planned["planned"]} == {"move in locker", "upload"}
    two.run("sync", "run", "--once")
    one.run("sync", "run", "--once")
    assert {path.name for path in (one.folder / "notes").glob("[a-z]*")} == {"renamed.txt", "from two.txt"}
    for machine in (one, two):
        assert len(machine.json("sync", "ls")) == 1
        machine.run("sync", "rm", "1")


def a_link_is_made_opened_and_taken_back(one: Machine, kind: str) -> None:
    """From the storage itself where it can give links, and from this computer elsewhere."""
    stranger = Machine(one.folder.parent / "stranger")
    itself = kind in ("serve", "serve-s3", "moto", "rclone-s3", "ceph")
    with contextlib.nullcontext() if itself else serving(one):
        (url,) = one.run("link", "make", "/Notes", "--expires", "7d", "--password", env=_LINK_PASSWORD).lines
        stranger.run("fetch", url, "--to", "refused", status=1)
        stranger.run("fetch", url, "--to", "in", env=_LINK_PASSWORD)
        names = {path.name for path in (stranger.folder / "in" / "Notes").iterdir()}
        assert names == {"renamed.txt", "from two.txt"}
        (row,) = one.json("link", "ls")
        one.run("link", "revoke", row["id"])
        stranger.run("fetch", url, "--to", "again", status=1, env=_LINK_PASSWORD)
