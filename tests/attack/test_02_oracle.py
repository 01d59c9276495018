"""Attack 2: learn from errors. Whatever is wrong with a key or a ciphertext, the error is one and the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from megadesk.crypto import hpke, kdf
from megadesk.crypto.aead import slice_stored_size
from megadesk.crypto.hpke import HpkeKey
from megadesk.errors import DamagedError, KeyFileError, MegaDeskError, PassphraseError, RecoveryKeyError
from megadesk.format import names
from megadesk.format.recovery import format_recovery_key
from megadesk.state import keyfile
from tests.attack.reading import flips, metadata, refusal
from tests.attack.world import PASSPHRASE, Bench, contents


def words(error: BaseException | None) -> tuple[object, ...]:
    """Everything of an error that anyone could see."""
    assert isinstance(error, MegaDeskError)
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    return type(error), str(error), error.remedy, error.args, getattr(error, "object_name", "")


def test_metadata_objects(bench: Bench) -> None:
    """All that is behind an object's 12 public bytes fails alike: parameters, IV, tag of the header, any segment."""
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        for name in metadata(store.objects):
            if name == names.HEADER or name.endswith("/00000001"):
                continue  # no ciphertext; read through its head
            data = store.objects[name]
            seen = {words(refusal(locker, name, c)) for _, c in flips(data, positions=range(12, len(data), 13))}
            # Also what fits in size and is of another object, and of the right form under another key.
            for other in metadata(store.objects):
                if other != name and other[:4] == name[:4] and not other.endswith("/00000001"):
                    seen.add(words(refusal(locker, name, store.objects[other])))
            assert len(seen) == 1, name


def test_slices(bench: Bench) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        for content in contents(locker).values():
            if not content.slices or content.size > 100_000:
                continue
            ref = content.slices[0]
            whole = store.objects[names.pack(ref.pack)]
            stored = whole[ref.offset : ref.offset + slice_stored_size(content.size)]
            seen = set()
            for position in range(0, len(stored), 41):
                changed = bytearray(whole)
                changed[ref.offset + position] ^= 1
                store.objects[names.pack(ref.pack)] = bytes(changed)
                seen.add(words(_refused_slice(locker, ref, content.size)))
            store.objects[names.pack(ref.pack)] = bytes(len(whole))
            seen.add(words(_refused_slice(locker, ref, content.size)))
            store.objects[names.pack(ref.pack)] = whole
            assert len(seen) == 1


def _refused_slice(locker, ref, size):  # type: ignore[no-untyped-def]
    with pytest.raises(DamagedError) as caught:
        locker._port._read_slice(ref, 0, size)
    return caught.value


def test_sealed_epoch_secrets(bench: Bench) -> None:
    """Every byte of a wrapped key: ML-KEM ciphertext, X25519 share, tag; other keys and cut ones: one error."""
    key = HpkeKey(hashlib.shake_256(b"device").digest(96))
    other = HpkeKey(hashlib.shake_256(b"other").digest(96))
    sealed = hpke.seal(key.public, b"info", b"s" * 32)
    assert key.open(sealed, b"info") == b"s" * 32
    seen = set()
    for changed in [
        *(c for _, c in flips(sealed, positions=range(0, len(sealed), 9))),
        *(sealed[:cut] for cut in range(0, len(sealed), 50)),
        sealed + b"x",
        hpke.seal(other.public, b"info", b"s" * 32),
        hpke.seal(key.public, b"other info", b"s" * 32),
        bytes(len(sealed)),
        b"\xff" * len(sealed),
    ]:
        with pytest.raises(DamagedError) as caught:
            key.open(changed, b"info")
        seen.add(words(caught.value))
    assert len(seen) == 1


def test_every_recovery_key_but_the_right_one(bench: Bench) -> None:
    seen = set()
    for number in range(8):
        wrong = hashlib.sha256(bytes((number,))).digest()
        with pytest.raises(RecoveryKeyError) as caught, bench.joined(bench.store(), key=format_recovery_key(wrong)):
            pass
        seen.add(words(caught.value))
    assert len(seen) == 1


def test_key_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong passphrase and every altered byte behind the readable parameters look the same."""
    device = bench.device("alpha", bench.store())
    path = next(device.home.rglob("keys"))
    data = path.read_bytes()
    # The derivation is replaced by one that takes no time; test_15 tries the real one.
    real = kdf.argon2id(PASSPHRASE, data[5:21], keyfile.read_params(path))

    def quick(passphrase: str, salt: bytes, params: kdf.Argon2Params) -> bytes:
        right = (passphrase, salt, params) == (PASSPHRASE, data[5:21], kdf.FLOOR)
        return real if right else hashlib.sha256(repr((passphrase, salt, params)).encode()).digest()

    monkeypatch.setattr(kdf, "argon2id", quick)
    seen = set()
    with pytest.raises(PassphraseError) as caught, device.unlocked(passphrase="wrong"):
        pass
    seen.add(words(caught.value))
    before_asking = 0
    for position, changed in flips(data):
        path.write_bytes(changed)
        with pytest.raises((PassphraseError, KeyFileError)) as refused:
            keyfile.load(path, PASSPHRASE)
        if isinstance(refused.value, KeyFileError):
            before_asking += 1
            assert position < 5 or 21 <= position < 33, "only what is readable without a passphrase"
        else:
            seen.add(words(refused.value))
    for cut in range(34, len(data), 7):
        path.write_bytes(data[:cut])
        with pytest.raises(PassphraseError) as refused:
            keyfile.load(path, PASSPHRASE)
        seen.add(words(refused.value))
    assert len(seen) == 1
    assert before_asking
    path.write_bytes(data)
    with device.unlocked() as locker:
        assert locker.trouble is None


def test_nothing_secret_in_any_error(bench: Bench) -> None:
    device = bench.device("alpha", bench.store())
    path: Path = next(device.home.rglob("keys"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(PassphraseError) as caught, device.unlocked():
        pass
    assert PASSPHRASE not in repr(caught.value) + caught.value.explanation
