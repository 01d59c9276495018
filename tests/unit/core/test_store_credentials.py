"""What a store on a server is told about who asks."""

from __future__ import annotations

import pytest

from megadesk.core import app as app_module
from megadesk.core.app import App
from megadesk.stores.credentials import BearerCredentials, PasswordCredentials
from megadesk.stores.memory import MemoryStore
from megadesk.stores.sftp_place import SftpCredentials


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
    given: list[object] = []

    def opened(address: str, *, create: bool, credentials: object) -> MemoryStore:
        given.append(credentials)
        return MemoryStore()

    monkeypatch.setattr(app_module, "open_store", opened)
    monkeypatch.setenv("MEGADESK_STORE_USER", "anna")
    monkeypatch.setenv("MEGADESK_STORE_PASSWORD", "hunter2")
    App()._open_store(address)
    assert given == [expected]
    assert "hunter2" not in repr(given)


def test_a_token_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGADESK_STORE_USER", "anna")
    monkeypatch.setenv("MEGADESK_STORE_TOKEN", "secret")
    assert app_module._credentials("davs://host/") == BearerCredentials("secret")
