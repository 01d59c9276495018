"""A locker in a network of its own in which one packet in ten is lost, in both directions: files go up and come back.

Run by test_bad_network, in a network namespace that `command` makes: nothing else on this machine loses anything. The
kernel drops what arrives at random, acknowledgements and openings of connections included, so that it is TCP's own
waits and repetitions that MegaDesk has to live with. Prints what was lost, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from megadesk.core.app import App
from megadesk.stores.credentials import BearerCredentials, PasswordCredentials
from megadesk.stores.folder import FolderStore
from megadesk.stores.open import AnyCredentials
from megadesk.stores.s3_credentials import S3Credentials
from megadesk.transfer.records import State
from tests.contract import dav_servers, md_servers, s3_servers

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("unshare", "nft", "ip")
LOST_PERCENT = 10


def command(kind: str, folder: Path, files: int, large: int) -> list[str]:
    """For root, and for others where the kernel lets them have a user namespace."""
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    arguments = [kind, str(folder), str(files), str(large)]
    return ["unshare", *user, "--net", sys.executable, "-P", "-m", "tests.system.losing", *arguments]


def possible() -> bool:
    """Whether this machine has the programs, and lets this user make such a network."""
    if any(shutil.which(name, path=_path()) is None for name in PROGRAMS):
        return False
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    probe = ["unshare", *user, "--net", "nft", "add", "table", "inet", "probe"]
    environment = {**os.environ, "PATH": _path()}
    return subprocess.run(probe, capture_output=True, check=False, env=environment).returncode == 0


def _path() -> str:
    """With the folder of programs for administrators, which users do not have in theirs."""
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])


def lose() -> None:
    """In this process's network, from now on. Frames are as large as on a wire, and each is lost by itself."""
    run("ip", "link", "set", "lo", "up", "mtu", "1500")
    run("ip", "link", "set", "dev", "lo", "gso_max_segs", "1")
    run("nft", "add", "table", "inet", "loss")
    run("nft", "add", "chain", "inet", "loss", "arriving", "{ type filter hook input priority 0; }")
    run("nft", "add", "counter", "inet", "loss", "lost")
    run("nft", "add", "counter", "inet", "loss", "arrived")
    run("nft", "add", "rule", "inet", "loss", "arriving", "counter", "name", "arrived")
    random = ["numgen", "random", "mod", "100", "<", str(LOST_PERCENT)]
    run("nft", "add", "rule", "inet", "loss", "arriving", *random, "counter", "name", "lost", "drop")


def packets(counter: str) -> int:
    listed = json.loads(run("nft", "--json", "list", "counter", "inet", "loss", counter))
    return sum(int(item["counter"]["packets"]) for item in listed["nftables"] if "counter" in item)


def run(*words: str) -> str:
    environment = {**os.environ, "PATH": _path()}
    return subprocess.run(words, check=True, capture_output=True, text=True, env=environment).stdout


@contextlib.contextmanager
def place(kind: str) -> Iterator[tuple[str, AnyCredentials]]:
    """An address, and what opens it."""
    if kind == "webdav":
        with dav_servers.rclone() as dav:
            yield dav.address("l"), PasswordCredentials(dav_servers.USER, dav_servers.PASSWORD)
    elif kind == "s3":
        with s3_servers.moto() as s3:
            s3_servers.make_bucket(s3, "bucket")
            yield s3.address("bucket", "l"), S3Credentials(s3_servers.ACCESS_KEY, s3_servers.SECRET_KEY)
    else:
        with tempfile.TemporaryDirectory() as behind, md_servers.in_thread(FolderStore.create(behind)) as server:
            yield server.address("l"), BearerCredentials(server.token)


def main(kind: str, folder: Path, files: int, large: int) -> None:
    contents = {f"s{number:04}": os.urandom(1000 + 3 * number) for number in range(files)}
    contents |= {f"l{number:04}": os.urandom(300_000 + 70_001 * number) for number in range(large)}
    (folder / "files").mkdir(parents=True)
    for name, content in contents.items():
        (folder / "files" / name).write_bytes(content)
    lose()
    began = time.monotonic()
    with place(kind) as (address, credentials):
        app, other = App(str(folder / "one")), App(str(folder / "two"))
        new = app.create_locker("a passphrase", store=address, credentials=credentials)
        up = new.locker.transfers.run_now(new.locker.upload([str(folder / "files")], "/"))
        assert up.state is State.DONE, up.error
        joined = other.join_locker(address, "a passphrase", new.recovery_key, credentials=credentials, name="Locker")
        joined.refresh()
        down = joined.transfers.run_now(joined.download(["/files"], str(folder / "out")))
        assert down.state is State.DONE, down.error
        found = {path.name: path.read_bytes() for path in (folder / "out" / "files").iterdir()}
        assert found == contents, "what came back is not what went up"
        sizes = {path: row.size_bytes for path, row in joined.walk("/files")}
        assert sizes == {name: len(content) for name, content in contents.items()}
        assert joined.upkeep.check(read_data=True).problems == []
        app.close()
        other.close()
    print(json.dumps({"lost": packets("lost"), "packets": packets("arrived"), "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
