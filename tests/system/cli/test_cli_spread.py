"""A spread over real servers of three kinds: one store is deleted and one corrupted while it is written to."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from megadesk.stores.s3 import S3Store
from megadesk.stores.s3_credentials import S3Credentials
from megadesk.stores.spread_address import SpreadAddress
from tests.contract import dav_servers, s3_servers, sftp_server
from tests.system.cli.cli_process import Machine, fingerprint

pytestmark = pytest.mark.servers


def corrupt(folder: Path) -> int:
    """Turn a bit in every object, and cut some short; how many."""
    count = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
        data = bytearray(path.read_bytes())
        if count % 5 == 0:
            del data[len(data) // 2 :]
        else:
            data[len(data) * 2 // 3] ^= 1 << count % 8
        with contextlib.suppress(FileNotFoundError):
            path.write_bytes(data)
            count += 1
    return count


def in_the_middle(machine: Machine, source: str, watched: Path, strike: Callable[[], object]) -> None:
    """``put`` in a process, and ``strike`` as soon as some objects more have arrived in ``watched``."""

    def objects() -> int:
        return sum(1 for path in watched.rglob("*") if path.is_file())

    before = objects()
    with machine.popen("put", source) as process:
        until = time.monotonic() + 60
        while objects() < before + 3 and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.002)
        assert process.poll() is None, "it was over before anything could happen to it"
        strike()
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors


def test_one_deleted_one_corrupted_in_the_middle_of_writing(tmp_path: Path) -> None:
    sftp_server.need_sshd()
    with contextlib.ExitStack() as stack:
        sftp = sftp_server.SftpServer(tmp_path / "sshd")
        stack.callback(sftp.stop)
        sftp.start()
        dav = stack.enter_context(dav_servers.nginx())
        s3_folder = tmp_path / "rclone"
        s3 = stack.enter_context(s3_servers.rclone(s3_folder))
        key = S3Credentials(s3_servers.ACCESS_KEY, s3_servers.SECRET_KEY)
        with S3Store(s3.address("bucket"), key) as bucket, bucket._exchange("PUT") as answer:
            assert answer.status == 200
        machine = Machine(tmp_path / "machine")
        (machine.folder / ".ssh").mkdir(mode=0o700)
        (machine.folder / ".ssh" / "known_hosts").write_text(sftp.known_hosts_line())
        (machine.folder / ".ssh" / "id_ed25519").write_bytes(sftp.user_key.read_bytes())
        (machine.folder / ".ssh" / "id_ed25519").chmod(0o600)
        machine.environment |= {
            "MEGADESK_STORE_USER": dav_servers.USER,
            "MEGADESK_STORE_PASSWORD": dav_servers.PASSWORD,
            "AWS_ACCESS_KEY_ID": s3_servers.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": s3_servers.SECRET_KEY,
        }
        at_sftp, at_dav = tmp_path / "sftp", dav.data / "locker"
        addresses = (sftp.address(at_sftp), dav.address("locker"), s3.address("bucket", "locker"))
        machine.run("init", str(SpreadAddress(2, addresses)))
        for name in ("one", "two"):
            (machine.folder / name).mkdir()
            for number in range(40):
                (machine.folder / name / f"small{number}").write_bytes(os.urandom(3000 + number))
            for number in range(6):
                (machine.folder / name / f"large{number}").write_bytes(os.urandom(20 << 20))

        # The WebDAV server's part is deleted while files go up.
        in_the_middle(machine, "one", at_dav, lambda: shutil.rmtree(at_dav, ignore_errors=True))
        machine.run("get", "/one", "--to", "first")
        assert fingerprint(machine.folder / "first" / "one") == fingerprint(machine.folder / "one")
        assert machine.json("check", "--repair")["problems"] == []

        # Everything in the bucket is corrupted while more go up. It is named, everything reads, and it is repaired.
        in_the_middle(machine, "two", s3_folder, lambda: corrupt(s3_folder))
        machine.run("get", "/two", "--to", "second")
        assert fingerprint(machine.folder / "second" / "two") == fingerprint(machine.folder / "two")
        named = machine.run("--json", "check", "--read-data", status=1).json["problems"]
        assert named
        machine.json("check", "--repair", "--read-data")
        assert machine.json("check", "--read-data")["problems"] == []

        # Full redundancy: whichever of the three goes, the two others have it all.
        for number, (away, hidden) in enumerate(
            ((at_sftp, tmp_path / "x"), (at_dav, dav.data / "x"), (s3_folder / "bucket" / "locker", tmp_path / "y"))
        ):
            away.rename(hidden)
            for name in ("one", "two"):
                machine.run("get", f"/{name}", "--to", f"without{number}")
                assert fingerprint(machine.folder / f"without{number}" / name) == fingerprint(machine.folder / name)
            hidden.rename(away)
