"""Attack 19: guess the passphrase from what the storage holds. Nothing in it depends on the passphrase."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
from pathlib import Path

import pytest

from megadesk.core.app import App
from megadesk.crypto import aead, kdf
from megadesk.crypto.keys import EpochSecret, LockerKey
from megadesk.errors import DamagedError, KeyFileError, MegaDeskError, NoLockerError, RecoveryKeyError
from megadesk.format.envelope import ObjectType, object_aad
from megadesk.format.header import open_epoch_zero, open_header
from megadesk.format.recovery import format_recovery_key
from megadesk.state import keyfile
from megadesk.types import EpochId
from tests.attack.fixed import Replay, replay
from tests.attack.world import PASSPHRASE, Bench, Device, HostileStore, Objects


def run(folder: Path, files: Path, passphrase: str, *, change: bool, patch: pytest.MonkeyPatch) -> Objects:
    """Make a locker, fill it, read it, write a checkpoint, on the same machine again but for the passphrase."""
    replay(patch, Replay(b"machine"), clock=True)
    folder.mkdir()
    store = HostileStore()
    device = Device(folder / "home", store)
    new = device.app.create_locker(passphrase, store=str(folder.parent / "store"), device_name="machine")
    with contextlib.closing(new.locker) as locker:
        locker.make_folder("/folder")
        number = locker.upload([str(files)], "/folder")
        locker.transfers.run_now(number)
        locker.write_checkpoint()
    if change:
        device.app.change_passphrase(None, passphrase, passphrase + "!")
        passphrase += "!"
    with device.unlocked(passphrase=passphrase) as locker:
        locker.make_folder("/last")
    patch.undo()
    return dict(store.objects)


def test_the_same_machine_with_another_passphrase_stores_the_same_bytes(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store").mkdir()
    files = tmp_path / "files"
    files.mkdir()
    for number in range(3):
        (files / f"{number}").write_bytes(b"x" * 100 * number)
    patch = pytest.MonkeyPatch()
    first = run(tmp_path / "a", files, "passphrase one", change=False, patch=patch)
    again = run(tmp_path / "b", files, "passphrase one", change=False, patch=patch)
    assert first == again, "the machine does not repeat itself: the test shows nothing"
    other = run(tmp_path / "c", files, "quite another", change=False, patch=patch)
    assert first.keys() == other.keys()
    assert first == other
    # A change of the passphrase, which draws from the generator, shows in nothing that was there before it.
    changed = run(tmp_path / "d", files, "passphrase one", change=True, patch=patch)
    differing = {name for name in first if first[name] != changed.get(name)}
    assert all(name.endswith(max(first)[-16:]) or name.startswith("log/") for name in differing)
    assert len(differing) <= 1


def test_the_right_passphrase_opens_no_object(bench: Bench, tmp_path: Path) -> None:
    """All objects and the right passphrase: as a key file, as a recovery key, through every usual derivation."""
    store = bench.store()
    fresh = App(str(tmp_path / "home"), store_wrapper=lambda opened: store)
    with pytest.raises(NoLockerError):
        fresh.unlock(None, PASSPHRASE)
    with pytest.raises(RecoveryKeyError):
        fresh.join_locker(str(bench.world.folder / "store"), PASSPHRASE, PASSPHRASE)
    for name, data in store.objects.items():
        path = tmp_path / "object"
        path.write_bytes(data[: keyfile.MAX_FILE_BYTES])
        with pytest.raises(KeyFileError):
            keyfile.load(path, PASSPHRASE)
        path.write_bytes(data)
        with pytest.raises(MegaDeskError):
            keyfile.load(path, PASSPHRASE)
        assert name
    header = open_header(store.objects["locker"])
    text = PASSPHRASE.encode()
    guesses = [hashlib.sha256(text).digest(), text.ljust(32, b"\0"), hashlib.sha256(text + header.locker_id).digest()]
    for salt in (bytes(16), header.locker_id[:16], header.genesis.nonce, store.objects["locker"][:16]):
        guesses.append(kdf.argon2id(PASSPHRASE, salt, kdf.FLOOR))
        guesses.append(hmac.digest(salt, text, "sha256"))
        guesses.append(hashlib.pbkdf2_hmac("sha256", text, salt, 10))
    kinds = {"devices": ObjectType.DEVICE, "log": ObjectType.ENTRY, "checkpoints": ObjectType.CHECKPOINT}
    for guess in guesses:
        with pytest.raises(RecoveryKeyError):
            open_epoch_zero(header, LockerKey(guess))
        with pytest.raises(RecoveryKeyError):
            fresh.join_locker(str(bench.world.folder / "store"), PASSPHRASE, format_recovery_key(guess))
        for name, data in store.objects.items():
            kind = kinds.get(name.split("/")[0])
            if kind is None:
                continue
            aad = object_aad(kind, header.locker_id, name, EpochId(data[4:12]))
            type_name = {"devices": "device", "log": "entry", "checkpoints": "checkpoint"}[name.split("/")[0]]
            for key in (guess, EpochSecret(guess).object_key(type_name, header.locker_id)):
                with pytest.raises(DamagedError):
                    aead.open_sealed(key, aad, data[12:])


def test_no_part_of_the_key_file_is_in_the_storage(bench: Bench) -> None:
    everything = b"".join(data for m in bench.world.moments for data in m.objects.values() if len(data) < 1 << 20)
    for name, home in bench.world.end.homes.items():
        data = next(home.rglob("keys")).read_bytes()
        for start in range(5, len(data) - 12, 4):
            if 21 <= start + 12 and start <= 33:
                continue  # the cost's numbers are zeros for the most part
            assert data[start : start + 12] not in everything, name


def test_wrong_passphrases_say_nothing_to_the_storage(bench: Bench) -> None:
    store = bench.store()
    device = bench.device("alpha", store)
    touched: list[str] = []
    for method in ("get", "get_into", "put", "list", "stat", "delete"):
        original = getattr(store, method)

        def counted(*args, _original=original, _method=method, **kwargs):  # type: ignore[no-untyped-def]
            touched.append(_method)
            return _original(*args, **kwargs)

        setattr(store, method, counted)
    for guess in ("", "a", PASSPHRASE + " ", os.urandom(8).hex()):
        with pytest.raises(MegaDeskError), device.unlocked(passphrase=guess):
            pass
    assert touched == []
