"""A locker behind networks and servers that fail at every request: nothing is lost, nothing doubled, nothing hangs.

Each server stands behind `FaultProxy`. The short form takes one run a server; ``--tier long`` sweeps every kind of
trouble over every request.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from megadesk.core import app as core_app
from megadesk.core import storage
from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.errors import MegaDeskError
from megadesk.stores import http_net, s3_http
from megadesk.stores.credentials import BearerCredentials, PasswordCredentials
from megadesk.stores.folder import FolderStore
from megadesk.stores.open import AnyCredentials
from megadesk.stores.retry import RetryPolicy
from megadesk.stores.s3_credentials import S3Credentials
from megadesk.transfer.records import State
from tests.contract import dav_servers, md_servers, s3_servers
from tests.contract.fault_proxy import PASSING, FaultProxy, Script, Trouble, at_random, before, every
from tests.lockers import until
from tests.system import losing
from tests.system.cli.cli_process import Machine

PASSPHRASE = "a passphrase"
DEADLINE_S = 60.0
KINDS = ("webdav", "s3", "serve")


@dataclass(frozen=True)
class Place:
    """A server's place for one locker, behind a proxy: ``address(port)`` of what is asked."""

    port: int
    address: Callable[[int], str]
    credentials: AnyCredentials


@pytest.fixture(scope="module")
def dav() -> Iterator[dav_servers.Server]:
    with dav_servers.rclone() as server:
        yield server


@pytest.fixture(scope="module")
def s3() -> Iterator[s3_servers.S3Server]:
    try:
        with s3_servers.moto() as server:
            s3_servers.make_bucket(server, "bucket")
            yield server
    except s3_servers.MissingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[md_servers.ThreadServer]:
    with md_servers.in_thread(FolderStore.create(tmp_path_factory.mktemp("serve"))) as server:
        yield server


@pytest.fixture
def place(kind: str, request: pytest.FixtureRequest) -> Place:
    return new_place(kind, request)


def new_place(kind: str, request: pytest.FixtureRequest) -> Place:
    """An empty one."""
    name = f"l{random.SystemRandom().randrange(1 << 40):x}"
    if kind == "webdav":
        server: dav_servers.Server = request.getfixturevalue("dav")
        credentials = PasswordCredentials(dav_servers.USER, dav_servers.PASSWORD)
        return Place(server.port, lambda port: f"dav://127.0.0.1:{port}/{name}", credentials)
    if kind == "serve":
        own: md_servers.ThreadServer = request.getfixturevalue("serve")
        return Place(own.port, lambda at: f"megadesk+http://127.0.0.1:{at}/{name}", BearerCredentials(own.token))
    bucket: s3_servers.S3Server = request.getfixturevalue("s3")
    port = int(bucket.endpoint.rpartition(":")[2])
    key = S3Credentials(s3_servers.ACCESS_KEY, s3_servers.SECRET_KEY)
    return Place(port, lambda at: f"s3://bucket/{name}?endpoint=http://127.0.0.1:{at}&region=us-east-1", key)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stall of a second is over the time-out, which is a minute for people."""
    monkeypatch.setattr(http_net.Timeouts.__init__, "__defaults__", (5.0, 0.7, 5.0, 20.0, 256.0))
    waits = list(s3_http.Patience.__init__.__defaults__ or ())
    monkeypatch.setattr(s3_http.Patience.__init__, "__defaults__", (5.0, 0.7, *waits[2:]))


def make_files(folder: Path, small: int, large: int) -> dict[str, bytes]:
    contents = {f"s{number:04}": os.urandom(2000 + 3 * number) for number in range(small)}
    contents |= {f"l{number:04}": os.urandom(1_000_000 + 70_001 * number) for number in range(large)}
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return contents


def until_done(locker: Locker, begin: Callable[[], int]) -> None:
    """Run a transfer as a queue does: what may come right by itself is tried again."""
    number = begin()
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until:
        with contextlib.suppress(MegaDeskError):
            if locker.transfers.run_now(number).state is State.DONE:
                assert locker.transfers.failures(number) == []
                return
        time.sleep(0.05)
    pytest.fail("the transfer did not end")


def anyhow(action: Callable[[], object]) -> None:
    """Again for as long as it may come right."""
    until = time.monotonic() + DEADLINE_S
    while True:
        try:
            action()
        except MegaDeskError:
            if time.monotonic() > until:
                raise
        else:
            return


def up_and_back(tmp_path: Path, place: Place, proxy: FaultProxy, script: Script, *, small: int, large: int) -> None:
    contents = make_files(tmp_path / "files", small, large)
    address = place.address(proxy.port)
    app, other = App(str(tmp_path / "one")), App(str(tmp_path / "two"))
    new = app.create_locker(PASSPHRASE, store=address, credentials=place.credentials)
    proxy.script = script
    until_done(new.locker, lambda: new.locker.upload([str(tmp_path / "files")], "/"))
    joined: list[Locker] = []
    anyhow(
        lambda: joined.append(
            other.join_locker(address, PASSPHRASE, new.recovery_key, credentials=place.credentials, name="Locker")
        )
    )
    (locker,) = joined
    anyhow(locker.refresh)
    until_done(locker, lambda: locker.download(["/files"], str(tmp_path / "out")))
    # Nothing lost and nothing doubled, neither in the locker nor here.
    assert {path: row.size_bytes for path, row in locker.walk("/files")} == {n: len(c) for n, c in contents.items()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "out" / "files").iterdir()} == contents
    assert locker.read_only_reason is None
    proxy.script = lambda number, method: None
    report = locker.upkeep.check(read_data=True)
    assert report.problems == []
    app.close()
    other.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_files_with_one_request_in_five_failing(tmp_path: Path, place: Place) -> None:
    with before(place.port, stall_s=1.5) as proxy:
        up_and_back(tmp_path, place, proxy, at_random(0.2, 1), small=970, large=30)
        assert sum(proxy.troubles.values()) > 3


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_files_with_one_request_in_three_failing(tmp_path: Path, place: Place, seed: int) -> None:
    with before(place.port, stall_s=1.5) as proxy:
        up_and_back(tmp_path, place, proxy, at_random(0.3, seed, PASSING), small=970, large=30)
        assert len(proxy.troubles) >= 6


# A full storage ends the run, and to join takes two dozen requests; a stall takes its time.
_OFTEN = {Trouble.FULL: 37, Trouble.STALL: 9}


@pytest.mark.parametrize("kind", ["webdav"])
@pytest.mark.parametrize("trouble", PASSING, ids=lambda trouble: trouble.value)
def test_each_trouble(tmp_path: Path, place: Place, trouble: Trouble) -> None:
    with before(place.port, stall_s=1.5) as proxy:
        up_and_back(tmp_path, place, proxy, every(_OFTEN.get(trouble, 5), 2, trouble), small=20, large=1)
        assert proxy.troubles[trouble]


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("trouble", PASSING, ids=lambda trouble: trouble.value)
def test_each_trouble_at_every_request(
    tmp_path: Path, kind: str, trouble: Trouble, request: pytest.FixtureRequest
) -> None:
    """Each request of a small upload and download in its turn, until no request is left that was not hit."""
    number, hit = 0, True
    while hit:
        here = new_place(kind, request)
        with before(here.port, stall_s=1.5) as proxy:
            folder = tmp_path / str(number)
            folder.mkdir()
            up_and_back_from_here(folder, here, proxy, trouble, number, small=20, large=1)
            hit = proxy.troubles[trouble] > 0
        number += 1
    assert number > 15


def up_and_back_from_here(
    folder: Path, place: Place, proxy: FaultProxy, trouble: Trouble, number: int, *, small: int, large: int
) -> None:
    """``trouble`` at the request of that number, counted from the end of making the locker."""
    counted = [-1]
    lock = threading.Lock()

    def script(count: int, method: str) -> Trouble | None:
        with lock:
            counted[0] += 1
            return trouble if counted[0] == number else None

    up_and_back(folder, place, proxy, script, small=small, large=large)


# --- packets that get lost


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_one_packet_in_ten_is_lost(tmp_path: Path, kind: str) -> None:
    """In the kernel, in a network of its own (`losing`): up, back on another computer, and checked to the last byte."""
    if not losing.possible():
        pytest.skip("nftables and a network namespace are needed to lose packets")
    command = losing.command(kind, tmp_path / "losing", files=1000, large=3)
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False, cwd=losing.ROOT)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert 0.05 < said["lost"] / said["packets"] < 0.15


# --- ends of processes, here and there


@pytest.mark.parametrize("kind", ["webdav", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("s3", "serve"))])
def test_killed_in_the_middle_it_goes_on_where_it_was(tmp_path: Path, place: Place) -> None:
    machine = Machine(tmp_path / "machine")
    contents = make_files(machine.folder / "files", 50, 35)
    total = sum(map(len, contents.values()))
    with before(place.port) as proxy:
        env = environment(place)
        machine.run("init", place.address(proxy.port), env=env)
        for share in (3, 2):
            process = subprocess.Popen(
                machine.command(("put", "files")),
                env=machine.env(env),
                cwd=machine.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            until = time.monotonic() + 60
            while proxy.body_bytes < total // share and process.poll() is None:
                assert time.monotonic() < until
                time.sleep(0.002)
            process.kill()
            process.wait()
        machine.run("put", "files", env=env)
        # At most what was on its way is sent again.
        assert proxy.body_bytes < total * 1.1 + 2 * 4 * (16 << 20)
        machine.run("get", "/files", "--to", "out", env=env)
        found = {path.name: path.read_bytes() for path in (machine.folder / "out" / "files").iterdir()}
        assert found == contents
        assert machine.json("check", "--read-data", env=env)["problems"] == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_locker_moves_although_it_is_killed(tmp_path: Path, place: Place) -> None:
    """``locker copy`` from a folder to a server, killed twice; then everything is there, and goes back to a folder."""
    machine = Machine(tmp_path / "machine")
    machine.environment |= {name: text for name, text in environment(place).items() if text is not None}
    contents = make_files(machine.folder / "files", 50, 45)
    total = sum(map(len, contents.values()))
    machine.run("init", str(tmp_path / "old"))
    machine.run("put", "files")
    with before(place.port) as proxy:
        target = place.address(proxy.port)
        for share in (3, 2):
            with machine.popen("locker", "copy", target) as process:
                until(lambda share=share: proxy.body_bytes > total // share or process.poll() is not None)  # type: ignore[misc]
                assert process.poll() is None, "it was over before it could be killed"
                process.kill()
            machine.run("locker", "switch", target, status=1)
        report = machine.json("locker", "copy", target, "--switch")
        assert report["kept"] >= 1
        assert proxy.body_bytes < total * 1.1 + 2 * 4 * (16 << 20), "what was there is not sent again"
        shutil.rmtree(tmp_path / "old")
        machine.run("get", "/files", "--to", "out")
        found = {path.name: path.read_bytes() for path in (machine.folder / "out" / "files").iterdir()}
        assert found == contents
        machine.run("locker", "copy", str(tmp_path / "back"), "--switch")
    assert machine.json("check", "--read-data")["problems"] == []


def environment(place: Place) -> dict[str, str | None]:
    if isinstance(place.credentials, PasswordCredentials):
        return {
            "MEGADESK_STORE_USER": place.credentials.user,
            "MEGADESK_STORE_PASSWORD": place.credentials.password,
        }
    if isinstance(place.credentials, BearerCredentials):
        return {"MEGADESK_STORE_TOKEN": place.credentials.token}
    assert isinstance(place.credentials, S3Credentials)
    return {"AWS_ACCESS_KEY_ID": place.credentials.access_key, "AWS_SECRET_ACCESS_KEY": place.credentials.secret_key}


def test_the_server_restarts_in_the_middle(tmp_path: Path) -> None:
    """It is gone for a second, three times; what was begun there is not seen."""
    contents = make_files(tmp_path / "files", 200, 30)
    credentials = PasswordCredentials(dav_servers.USER, dav_servers.PASSWORD)
    with dav_servers.Restarting() as server, before(server.port) as proxy:
        app = App(str(tmp_path / "home"))
        locker = app.create_locker(PASSPHRASE, store=f"dav://127.0.0.1:{proxy.port}/l", credentials=credentials).locker
        done = threading.Event()

        def restart() -> None:
            for share in (6, 3, 2):
                while proxy.body_bytes < 30_000_000 // share and not done.wait(0.01):
                    continue
                server.restart(1.0)

        thread = threading.Thread(target=restart)
        thread.start()
        try:
            until_done(locker, lambda: locker.upload([str(tmp_path / "files")], "/"))
        finally:
            done.set()
            thread.join()
        until_done(locker, lambda: locker.download(["/files"], str(tmp_path / "out")))
        assert {path.name: path.read_bytes() for path in (tmp_path / "out" / "files").iterdir()} == contents
        assert locker.upkeep.check(read_data=True).problems == []
        app.close()


def test_the_queue_goes_on_by_itself_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server goes for longer than requests are tried again. The queue says so, and nobody has to touch it."""
    quick = RetryPolicy(tries=2, first_s=0.05)
    for module in (storage, core_app):
        monkeypatch.setattr(module, "PATIENT", quick)
    # A busy machine is slow, not away: what fails for that would be hurried at once, and then no second time.
    monkeypatch.setattr(http_net.Timeouts.__init__, "__defaults__", (5.0, 30.0, 5.0, 20.0, 256.0))
    contents = make_files(tmp_path / "files", 20, 30)
    credentials = PasswordCredentials(dav_servers.USER, dav_servers.PASSWORD)
    with dav_servers.Restarting() as server, before(server.port) as proxy:
        app = App(str(tmp_path / "home"))
        locker = app.create_locker(PASSPHRASE, store=f"dav://127.0.0.1:{proxy.port}/l", credentials=credentials).locker
        number = locker.upload([str(tmp_path / "files")], "/")
        locker.transfers.start()
        until(lambda: proxy.body_bytes > 0)
        back_s: list[float] = []
        restarting = threading.Thread(target=lambda: (server.restart(4.0), back_s.append(time.monotonic())))
        restarting.start()
        until(lambda: locker.transfers.is_offline)
        assert locker.transfers.row(number).error
        restarting.join()
        assert locker.transfers.wait(number, 60).state is State.DONE
        assert time.monotonic() - back_s[0] < 20
        until_done(locker, lambda: locker.download(["/files"], str(tmp_path / "out")))
        assert {path.name: path.read_bytes() for path in (tmp_path / "out" / "files").iterdir()} == contents
        app.close()
