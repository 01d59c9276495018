"""The world of the attacks, built once; every test gets its own copies."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

from megadesk.crypto import kdf
from tests.attack import world as worlds


@pytest.fixture(autouse=True)
def _attacked(expected_warnings: object) -> None:
    """Devices under attack log warnings: that is what they should do."""


@pytest.fixture(scope="session")
def _remembered_argon2id() -> Iterator[None]:
    """Key files are opened hundreds of times: the same passphrase, salt and cost give what they gave before."""
    patch = pytest.MonkeyPatch()
    patch.setenv("MEGADESK_KDF", "floor")
    patch.setattr(kdf, "argon2id", functools.lru_cache(maxsize=4096)(kdf.argon2id))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, _remembered_argon2id: None) -> worlds.World:
    return worlds.build(tmp_path_factory.mktemp("world"))


@pytest.fixture
def bench(world: worlds.World, tmp_path: Path) -> worlds.Bench:
    return worlds.Bench(world, tmp_path)
