"""Addresses: what opens, what is refused, and that no password is ever repeated."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from megadesk.errors import AddressError, StoreUnavailableError
from megadesk.stores.folder import FolderStore
from megadesk.stores.open import PLANNED, describe, open_store, scheme_of


def test_paths_and_file_addresses_open_the_same_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a b%41é"
    open_store(str(folder), create=True).put("x", b"1")
    quoted = str(tmp_path) + "/a%20b%2541%C3%A9"
    for address in (str(folder), f"file://{quoted}", f"file://localhost{quoted}", f"file:{quoted}", f"FILE://{quoted}"):
        store = open_store(address)
        assert isinstance(store, FolderStore)
        assert store.get("x") == b"1"
        assert store.properties.address == str(folder)


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}/%FF%FE", create=True)
    assert os.listdir(os.fsencode(tmp_path)) == [b"\xff\xfe"]
    assert store.properties.address == f"file://{tmp_path}/%FF%FE"


def test_missing_folder_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        open_store(str(tmp_path / "a" / "b"))
    assert list(tmp_path.iterdir()) == []
    open_store(str(tmp_path / "a" / "b"), create=True)
    open_store(str(tmp_path / "a" / "b"))


@pytest.mark.parametrize("scheme", [*PLANNED, "ftp", "FTP", "https"])
def test_other_schemes_say_so(scheme: str) -> None:
    with pytest.raises(AddressError) as caught:
        open_store(f"{scheme}://user:hunter2@host/path?token=hunter2", create=True)
    assert scheme.lower() in str(caught.value)
    assert "not available in this version" in str(caught.value)
    assert "file:///" in caught.value.explanation
    assert "hunter2" not in caught.value.explanation


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "a\0b",
        "file://host/a",
        "file://",
        "file:a",
        "file:///a?b",
        "file:///a#b",
        "file:///%00",
        "dav:x",
        "s3:x",
        "spread:?k=2&store=a",
        "/tmp/\ud800",
    ],
)
def test_not_an_address(address: str) -> None:
    with pytest.raises(AddressError):
        open_store(address)


def test_what_is_a_path() -> None:
    for path in ("C:\\lockers", "c:/lockers", "./dav:x", "/dav://x", "name:with:colons", "~/x", "a", "relative/x"):
        assert scheme_of(path) == ""
    assert scheme_of("DAVS://host") == "davs"


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert open_store("~/lockers", create=True).properties.address == str(tmp_path / "lockers")


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/a b", "folder /a b"),
        ("file:///a%20b", "folder /a b"),
        ("davs://user:hunter2@host:1/p/q", "davs://host:1/p/q"),
        ("davs://user:hunt@er2@host/", "davs://host/"),
        ("s3://bucket/p?endpoint=x&secret=hunter2", "s3://bucket/p"),
        ("spread:?k=2&store=davs%3A%2F%2Fu%3Ahunter2", "spread over several stores"),
        ("file://host/x", "file:"),
        ("", "folder "),
        ("/\udcff\ud800", "folder /??"),
        ("dav://h/\udcff", "dav://h/?"),
    ],
)
def test_describe(address: str, text: str) -> None:
    assert describe(address) == text
