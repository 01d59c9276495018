"""The world of the attacks, built once; every test gets its own copies."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from megadesk.crypto import kdf
from tests.attack import world as worlds


def _quick(passphrase: str, salt: bytes, params: kdf.Argon2Params) -> bytes:
    """In place of Argon2id: key files are made and opened hundreds of times, and it is not what is attacked here."""
    params.check()
    return hashlib.sha256(repr((kdf.passphrase_bytes(passphrase), salt, params)).encode()).digest()


@pytest.fixture(autouse=True)
def _attacked(expected_warnings: object) -> None:
    """Devices under attack log warnings: that is what they should do."""


@pytest.fixture(autouse=True)
def _quick_key_files(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGADESK_KDF", "floor")
    if "argon2id" not in request.fixturenames:
        monkeypatch.setattr(kdf, "argon2id", _quick)


@pytest.fixture
def argon2id() -> None:
    """Asks for the real one, for attacks on key files."""


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> worlds.World:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEGADESK_KDF", "floor")
        patch.setattr(kdf, "argon2id", _quick)
        return worlds.build(tmp_path_factory.mktemp("world"))


@pytest.fixture
def bench(world: worlds.World, tmp_path: Path) -> worlds.Bench:
    return worlds.Bench(world, tmp_path)
