from __future__ import annotations

import os
import stat
import struct
import time
import traceback
from pathlib import Path

import pytest

from megadesk.crypto import kdf
from megadesk.crypto.kdf import FLOOR, Argon2Params
from megadesk.errors import InputError, KeyFileError, LocalFileError, PassphraseError
from megadesk.state import keyfile

PAYLOAD = b"the device's secrets" * 20
PASSPHRASE = "correct horse Ünicode"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a key file at the floor; written once, since each Argon2 takes a third of a second."""
    path = tmp_path_factory.mktemp("keyfile") / "keys"
    keyfile.save(path, PAYLOAD, PASSPHRASE, FLOOR)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, written: bytes) -> Path:
    path = tmp_path / "keys"
    path.write_bytes(written)
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Argon2Params]:
    """A stand-in for Argon2 where it is not the point; lists the costs asked for."""
    asked: list[Argon2Params] = []

    def fake(passphrase: str, salt: bytes, params: Argon2Params) -> bytes:
        params.check()
        asked.append(params)
        return kdf.derive(salt + bytes(32), passphrase, repr(params).encode())

    monkeypatch.setattr(kdf, "argon2id", fake)
    return asked


@pytest.fixture
def no_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> bytes:
        raise AssertionError("Argon2 was run")

    monkeypatch.setattr(kdf, "argon2id", fail)


def test_layout_and_round_trip(path: Path, written: bytes) -> None:
    magic, version, memory, passes, lanes = struct.unpack(">4sB16xIII", written[:33])
    assert (magic, version, memory, passes, lanes) == (b"MDKF", 1, 65536, 3, 4)
    assert b"secrets" not in written
    assert keyfile.read_params(path) == FLOOR
    assert keyfile.load(path, PASSPHRASE) == PAYLOAD
    assert keyfile.load(path, "correct horse U\u0308nicode") == PAYLOAD


def test_wrong_passphrase_and_tampering_look_the_same(tmp_path: Path, quick: object) -> None:
    path = tmp_path / "keys"
    keyfile.save(path, b"payload", "right", Argon2Params(1 << 18, 8, 8))
    data = path.read_bytes()
    with pytest.raises(PassphraseError) as wrong:
        keyfile.load(path, "Right")
    assert wrong.value.__cause__ is wrong.value.__context__ is None
    seen = set()
    for position in range(len(data)):
        for bit in (0, 7):
            changed = bytearray(data)
            changed[position] ^= 1 << bit
            path.write_bytes(changed)
            with pytest.raises((PassphraseError, KeyFileError)) as caught:
                keyfile.load(path, "right")
            if position >= 5 and not 21 <= position < 33:
                assert type(caught.value) is PassphraseError, position
            seen.add((type(caught.value), caught.value.explanation, caught.value.__context__))
    for cut in range(33, len(data)):
        path.write_bytes(data[:cut])
        with pytest.raises(PassphraseError) as caught:
            keyfile.load(path, "right")
        seen.add((type(caught.value), caught.value.explanation, caught.value.__context__))
    path.write_bytes(data + b"\0")
    with pytest.raises(PassphraseError):
        keyfile.load(path, "right")
    assert {entry for entry in seen if entry[0] is PassphraseError} == {
        (PassphraseError, wrong.value.explanation, None)
    }


def test_a_wrong_passphrase_for_real_and_no_secret_in_the_traceback(path: Path) -> None:
    guess = " ".join(("not", "the", "passphrase"))  # put together, since a traceback shows the source
    with pytest.raises(PassphraseError) as caught:
        keyfile.load(path, guess)
    assert guess not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "params",
    [
        (8, 3, 4),
        (65535, 3, 4),
        (65536, 2, 4),
        (65536, 3, 3),
        (0, 0, 0),
        (1 << 32 - 1, 3, 4),
        (0xFFFFFFFF, 3, 4),
        (1048577, 3, 4),
        (65536, 17, 4),
        (65536, 3, 17),
        (65536, 0xFFFFFFFF, 4),
    ],
)
def test_unsafe_costs_are_refused_before_the_prompt(
    path: Path, written: bytes, no_argon2: None, params: tuple[int, int, int]
) -> None:
    """Attacks: downgrade the derivation (8 KiB); take the machine down (4 TiB), refused in 10 ms."""
    path.write_bytes(written[:21] + struct.pack(">III", *params) + written[33:])
    quickest = 1.0
    for _ in range(5):  # the best of some: the machine may be busy
        started = time.perf_counter()
        with pytest.raises(KeyFileError):
            keyfile.read_params(path)
        quickest = min(quickest, time.perf_counter() - started)
    assert quickest < 0.010
    with pytest.raises(KeyFileError):
        keyfile.load(path, PASSPHRASE)


@pytest.mark.parametrize("data", [b"", b"MDKF", b"MDKF\x01" + bytes(27), b"PK\x03\x04" + bytes(100)])
def test_files_that_are_no_key_file(path: Path, no_argon2: None, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(KeyFileError, match="not a key file"):
        keyfile.read_params(path)


def test_another_version(path: Path, written: bytes, no_argon2: None) -> None:
    path.write_bytes(b"MDKF\x02" + written[5:])
    with pytest.raises(KeyFileError, match="version 2"):
        keyfile.read_params(path)


def test_missing_too_large_and_not_a_file(tmp_path: Path, no_argon2: None) -> None:
    with pytest.raises(KeyFileError, match="missing"):
        keyfile.read_params(tmp_path / "none")
    with pytest.raises(KeyFileError, match="cannot be read"):
        keyfile.read_params(tmp_path)
    with open(tmp_path / "huge", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(KeyFileError, match="larger than the 65536 bytes"):
        keyfile.read_params(tmp_path / "huge")


def test_what_save_refuses(path: Path, written: bytes, no_argon2: None) -> None:
    with pytest.raises(InputError):
        keyfile.save(path, b"x", "", FLOOR)
    with pytest.raises(KeyFileError):
        keyfile.save(path, b"x", "p", Argon2Params(8, 3, 4))
    with pytest.raises(KeyFileError, match="more to keep"):
        keyfile.save(path, bytes(65536), "p", FLOOR)
    assert path.read_bytes() == written


def test_the_largest_payload(tmp_path: Path, quick: object) -> None:
    keyfile.save(tmp_path / "keys", bytes(64_000), "p", FLOOR)
    assert keyfile.load(tmp_path / "keys", "p") == bytes(64_000)


def test_every_save_draws_a_fresh_salt_and_no_params_calibrates(
    tmp_path: Path, quick: list[Argon2Params], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Argon2Params(1 << 17, 5, 4)
    monkeypatch.setattr(kdf, "calibrate", lambda: chosen)
    path = tmp_path / "keys"
    salts = set()
    for _ in range(3):
        keyfile.save(path, b"x", "p")
        salts.add(path.read_bytes()[5:21])
    assert len(salts) == 3
    assert quick == [chosen] * 3


def test_change_passphrase(tmp_path: Path, quick: list[Argon2Params]) -> None:
    path = tmp_path / "keys"
    dear = Argon2Params(1 << 18, 4, 4)
    keyfile.save(path, b"payload", "old", dear)
    before = path.read_bytes()
    with pytest.raises(PassphraseError):
        keyfile.change_passphrase(path, "wrong", "new")
    with pytest.raises(InputError):
        keyfile.change_passphrase(path, "old", "")
    assert path.read_bytes() == before
    keyfile.change_passphrase(path, "old", "new")
    assert keyfile.read_params(path) == dear
    assert keyfile.load(path, "new") == b"payload"
    with pytest.raises(PassphraseError):
        keyfile.load(path, "old")


def test_a_failed_write_leaves_the_old_file(
    path: Path, written: bytes, quick: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: object, target: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(LocalFileError):
        keyfile.save(path, b"new", "p", FLOOR)
    assert path.read_bytes() == written
    assert os.listdir(path.parent) == ["keys"]
