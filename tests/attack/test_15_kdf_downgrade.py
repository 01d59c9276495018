"""Attack 15: make guessing the passphrase cheap. A cost below the floor is refused unread."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.crypto import kdf
from megadesk.errors import KeyFileError, PassphraseError
from megadesk.state import keyfile
from tests.attack.world import PASSPHRASE

MEMORY, PASSES, LANES = 21, 25, 29


@pytest.fixture
def home(home: Path, monkeypatch: pytest.MonkeyPatch, argon2id: None) -> Path:
    """A locker with a key file of the real kind."""
    monkeypatch.setenv("MEGADESK_KDF", "floor")
    app = App(str(home / "megadesk"))
    app.create_locker(PASSPHRASE).locker.close()
    return home / "megadesk"


def key_file(home: Path) -> Path:
    return next(home.rglob("keys"))


def altered(data: bytes, **numbers: int) -> bytes:
    out = bytearray(data)
    for name, value in numbers.items():
        struct.pack_into(">I", out, {"memory": MEMORY, "passes": PASSES, "lanes": LANES}[name], value)
    return bytes(out)


CHEAPER = (
    *({"memory": kib} for kib in (0, 1, 8, 1024, 32 * 1024, 64 * 1024 - 1)),
    *({"passes": passes} for passes in (0, 1, 2)),
    *({"lanes": lanes} for lanes in (0, 1, 2, 3)),
    {"memory": 8, "passes": 1, "lanes": 1},
)


@pytest.mark.parametrize("numbers", CHEAPER)
def test_a_cost_below_the_floor_is_refused_before_the_prompt(
    home: Path, numbers: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = key_file(home)
    path.write_bytes(altered(path.read_bytes(), **numbers))

    def never(*_: object) -> bytes:
        raise AssertionError("the passphrase was used")

    monkeypatch.setattr(kdf, "argon2id", never)
    with pytest.raises(KeyFileError):
        keyfile.read_params(path)
    with pytest.raises(KeyFileError) as caught:
        App(str(home)).unlock(None, PASSPHRASE)
    assert "weaker" in str(caught.value)


def test_nobody_is_asked_for_the_passphrase(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line looks at the cost before it asks for the passphrase."""
    from megadesk.cli import passphrase
    from megadesk.cli.main import main

    path = key_file(home)
    path.write_bytes(altered(path.read_bytes(), memory=8))

    def asked(*_: object) -> str:
        raise AssertionError("the passphrase was asked for")

    patch = pytest.MonkeyPatch()
    patch.setattr(passphrase, "_prompt", asked)
    patch.setattr(passphrase, "can_prompt", lambda: True)
    try:
        assert main(["ls"]) == 1
    finally:
        patch.undo()
    assert "weaker" in capsys.readouterr().err


@pytest.mark.parametrize("numbers", [{"memory": 65 * 1024}, {"passes": 4}, {"lanes": 5}])
def test_another_allowed_cost_does_not_open_either(home: Path, numbers: dict[str, int]) -> None:
    path = key_file(home)
    data = path.read_bytes()
    path.write_bytes(altered(data, **numbers))
    with pytest.raises(PassphraseError):
        App(str(home)).unlock(None, PASSPHRASE)
    path.write_bytes(data)
    App(str(home)).unlock(None, PASSPHRASE).close()


def test_what_this_program_writes_is_at_least_the_floor(home: Path) -> None:
    params = keyfile.read_params(key_file(home))
    assert params.memory_kib >= 64 * 1024
    assert params.passes >= 3
    assert params.lanes >= 4
    app = App(str(home))
    app.change_passphrase(None, PASSPHRASE, "another one")
    assert keyfile.read_params(key_file(home)) == params
    for weak in (kdf.Argon2Params(8, 3, 4), kdf.Argon2Params(64 * 1024, 1, 4), kdf.Argon2Params(64 * 1024, 3, 1)):
        with pytest.raises(KeyFileError):
            keyfile.save(home / "k", b"payload", "x", weak)
    assert not (home / "k").exists()
