"""What a store on a server is told about who asks, and where that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from megadesk.core import storage as storage_module
from megadesk.core.app import App
from megadesk.core.credentials import FILE_NAME, resolve
from megadesk.errors import InputError, KeyFileError, PassphraseError
from megadesk.stores.credentials import BearerCredentials, PasswordCredentials, PasswordScheme, S3Credentials
from megadesk.stores.memory import MemoryStore
from megadesk.stores.open import AnyCredentials
from megadesk.stores.sftp_place import SftpCredentials

PASSPHRASE = "a passphrase"
ALL_KINDS: list[AnyCredentials] = [
    PasswordCredentials("anna", "hunter2-secret", PasswordScheme.DIGEST),
    BearerCredentials("token-secret"),
    S3Credentials("AKIA1234", "s3-secret", "session-secret"),
    SftpCredentials("ssh-secret", "/home/anna/.ssh/key", "pass-secret"),
]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The credentials that stores were opened with; all of them are one store in memory."""
    seen: list[object] = []
    store = MemoryStore()

    def opened(address: str, *, create: bool, credentials: object) -> MemoryStore:
        seen.append(credentials)
        return store

    monkeypatch.setattr(storage_module, "open_store", opened)
    return seen


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("davs://host/path", PasswordCredentials("anna", "hunter2")),
        ("dav://host/path", PasswordCredentials("anna", "hunter2")),
        ("sftp://anna@host/path", SftpCredentials(password="hunter2")),
        ("s3://bucket/path", None),
        ("/a/folder", None),
    ],
)
def test_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch, address: str, expected: object) -> None:
    monkeypatch.setenv("MEGADESK_STORE_USER", "anna")
    monkeypatch.setenv("MEGADESK_STORE_PASSWORD", "hunter2")
    assert resolve(address, {}, {}) == expected
    assert "hunter2" not in repr(resolve(address, {}, {}))


def test_a_token_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGADESK_STORE_USER", "anna")
    monkeypatch.setenv("MEGADESK_STORE_TOKEN", "secret")
    assert resolve("davs://host/", {}, {}) == BearerCredentials("secret")


def test_given_before_environment_before_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "s3://bucket/path"
    one, two, three = (S3Credentials(f"key{n}", "secret") for n in range(3))
    assert resolve(address, {}, {address: one}) == one
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", two.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", two.secret_key)
    assert resolve(address, {}, {address: one}) == two
    assert resolve(address, {address: three}, {address: one}) == three


@pytest.mark.parametrize("credentials", ALL_KINDS, ids=lambda kind: type(kind).__name__)
def test_what_was_given_is_kept_sealed(credentials: AnyCredentials, given: list[object], tmp_path: Path) -> None:
    address = "davs://host/path"
    with_all = App(str(tmp_path))
    with_all.create_locker(PASSPHRASE, store=address, credentials=credentials)
    with_all.close()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"secret" not in written
    given.clear()
    again = App(str(tmp_path))
    again.unlock(None, PASSPHRASE)
    again.close()
    assert given == [credentials]


def test_they_are_changed_while_open_and_while_locked(given: list[object], tmp_path: Path) -> None:
    address = "davs://host/path"
    app = App(str(tmp_path))
    locker = app.create_locker(PASSPHRASE, store=address, credentials=ALL_KINDS[0]).locker
    given.clear()
    app.set_store_credentials(None, ALL_KINDS[1])
    locker.refresh()
    assert given == [ALL_KINDS[1]]
    assert [(kept.address, kept.kind) for kept in app.store_credentials(None)] == [(address, "token")]
    app.close()
    with pytest.raises(PassphraseError):
        app.set_store_credentials(None, ALL_KINDS[2])
    with pytest.raises(PassphraseError):
        app.set_store_credentials(None, ALL_KINDS[2], passphrase="wrong")
    app.set_store_credentials(None, ALL_KINDS[2], passphrase=PASSPHRASE)
    assert [kept.user for kept in app.store_credentials(None, passphrase=PASSPHRASE)] == ["AKIA…"]
    app.set_store_credentials(None, None, passphrase=PASSPHRASE)
    assert app.store_credentials(None, passphrase=PASSPHRASE) == []
    assert not list(tmp_path.rglob(FILE_NAME))


def test_a_damaged_file_is_named(given: list[object], tmp_path: Path) -> None:
    app = App(str(tmp_path))
    app.create_locker(PASSPHRASE, store="davs://host/path", credentials=ALL_KINDS[0])
    app.close()
    (path,) = tmp_path.rglob(FILE_NAME)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(KeyFileError, match=r"store\.keys"):
        app.store_credentials(None, passphrase=PASSPHRASE)


def test_those_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="another kind"):
        App(str(tmp_path)).create_locker(PASSPHRASE, store="dav://127.0.0.1:9/", credentials=ALL_KINDS[2])
