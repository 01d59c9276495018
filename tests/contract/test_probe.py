"""The Test button against real servers: each fault by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.core.probe import Verdict
from megadesk.stores.credentials import PasswordCredentials, S3Credentials
from tests.contract import dav_servers, s3_servers
from tests.contract.dav_servers import PASSWORD, USER
from tests.contract.s3_servers import ACCESS_KEY, SECRET_KEY
from tests.system.cli.cli_process import Machine


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(str(tmp_path / "home"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def dav() -> Iterator[dav_servers.Server]:
    with dav_servers.rclone() as server:
        yield server


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3_servers.S3Server]:
    folder = tmp_path_factory.mktemp("s3")
    (folder / "bucket").mkdir()
    try:
        with s3_servers.rclone(folder) as server:
            yield server
    except s3_servers.MissingError as error:
        pytest.skip(str(error))


def test_webdav(app: App, dav: dav_servers.Server) -> None:
    right, wrong = PasswordCredentials(USER, PASSWORD), PasswordCredentials(USER, "wrong")
    assert app.test_store(dav.address("a"), right).verdict is Verdict.NO_PLACE
    assert app.test_store(dav.address("a"), wrong).verdict is Verdict.CREDENTIALS
    assert app.test_store(dav.address("a")).verdict is Verdict.CREDENTIALS
    assert app.test_store(dav.address("a"), right, create=True).verdict is Verdict.OK
    assert app.test_store(dav.address("a").replace("dav:", "davs:"), right).verdict is Verdict.TLS
    app.create_locker("a passphrase", store=dav.address("a"), credentials=right)
    assert app.test_store(dav.address("a"), right).verdict is Verdict.HOLDS_LOCKER


def test_s3(app: App, s3: s3_servers.S3Server) -> None:
    right = S3Credentials(ACCESS_KEY, SECRET_KEY)
    assert app.test_store(s3.address("bucket", "a"), right).verdict is Verdict.OK
    assert app.test_store(s3.address("bucket", "a")).verdict is Verdict.CREDENTIALS
    wrong = S3Credentials(ACCESS_KEY, "wrong")
    assert app.test_store(s3.address("bucket", "a"), wrong).verdict is Verdict.CREDENTIALS
    assert app.test_store(s3.address("nobucket", "a"), right).verdict is Verdict.NO_PLACE
    elsewhere = s3.address("bucket").replace("http://127.0.0.1", "https://127.0.0.1")
    assert app.test_store(elsewhere, right).verdict is Verdict.TLS


def test_the_terminal_asks_and_keeps(tmp_path: Path, dav: dav_servers.Server) -> None:
    """Nothing is known of the server's password but what a person types, once."""
    machine = Machine(tmp_path / "machine")
    with machine.terminal("init", dav.address("typed")) as terminal:
        terminal.expect("User name")
        terminal.type(USER)
        terminal.expect("Password:")
        terminal.type("wrong")
        terminal.expect("User name")
        terminal.type(USER)
        terminal.expect("Password:")
        terminal.type(PASSWORD)
        seen = terminal.end()
    assert PASSWORD not in seen
    (machine.folder / "file").write_bytes(b"content")
    machine.run("put", "file")
    assert machine.run("ls").text == "file\n"
