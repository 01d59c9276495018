"""Attack 31: have one key and IV used twice, by a crash, a clone, a restored image. Every message has its own.

Every call of AES-GCM in the program is noted: key, IV, associated data, plaintext. One pair (key, IV) may come twice
only with all else equal too: then it is the same message again, byte for byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from megadesk.crypto import aead
from megadesk.errors import MegaDeskError
from megadesk.state import keyfile
from megadesk.stores.fault import FaultStore
from tests.attack.fixed import Replay, replay
from tests.attack.uploads import write_files
from tests.attack.world import PASSPHRASE, Bench, Device, HostileStore, fetch, pattern


class Noted:
    """AESGCM that remembers what it encrypted."""

    seen: dict[tuple[bytes, bytes], tuple[bytes, bytes]]
    reused: list[str]
    calls: int

    def __init__(self, key: bytes) -> None:
        self._key = bytes(key)
        self._cipher = AESGCM(key)
        self.decrypt = self._cipher.decrypt
        self.decrypt_into = self._cipher.decrypt_into

    def _note(self, nonce: bytes, data: object, aad: bytes | None) -> None:
        pair, used = (self._key, bytes(nonce)), (bytes(aad or b""), bytes(data))  # type: ignore[call-overload]
        Noted.calls += 1
        if Noted.seen.setdefault(pair, used) != used:
            Noted.reused.append(f"{len(used[1])} bytes at {used[0].hex()}")

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes | None) -> bytes:
        self._note(nonce, data, aad)
        return self._cipher.encrypt(nonce, data, aad)

    def encrypt_into(self, nonce: bytes, data: bytes, aad: bytes | None, out: memoryview) -> int:
        self._note(nonce, data, aad)
        return self._cipher.encrypt_into(nonce, data, aad, out)


@pytest.fixture(autouse=True)
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Noted]]:
    Noted.seen, Noted.reused, Noted.calls = {}, [], 0
    monkeypatch.setattr(aead, "AESGCM", Noted)
    yield Noted
    assert Noted.calls > 5
    assert Noted.reused == []


def work(device: Device, files: list[str], folder: str) -> None:
    """Everything that encrypts: log entries, slices of all sizes, checkpoints, the key file."""
    with device.unlocked() as locker:
        locker.make_folder(folder)
        locker.transfers.run_now(locker.upload(files, folder))
        locker.write_checkpoint()
    device.app.change_passphrase(None, PASSPHRASE, PASSPHRASE)


def files_for(bench: Bench, seed: int) -> list[str]:
    contents = {
        f"{seed}-empty": b"",
        f"{seed}-small": pattern(seed, 100),
        f"{seed}-segments": pattern(seed + 1, 700_000),
        **{f"{seed}-many/{number}": pattern(seed + number, 50 + number) for number in range(20)},
    }
    return write_files(bench.folder / f"files-{seed}", contents)


def test_without_an_attack(bench: Bench) -> None:
    store = bench.store()
    work(bench.device("alpha", store), files_for(bench, 1), "/one")
    work(bench.device("beta", store), files_for(bench, 2), "/two")


@pytest.mark.parametrize("same_files", [True, False])
def test_a_cloned_machine(bench: Bench, monkeypatch: pytest.MonkeyPatch, same_files: bool) -> None:
    """Two clones of one machine, the same random numbers in both, before storages that know nothing of each other."""
    source = Replay(b"clone")
    replay(monkeypatch, source)
    # Warm up: both clones have drawn the same before they part.
    for clone in range(3):
        source.rewind()
        files = files_for(bench, 10 if same_files and not clone else 10 + 40 * clone)
        work(bench.device("alpha", bench.store()), files, f"/clone-{clone}")


@pytest.mark.parametrize("drift", [1, 2, 3, 5, 8])
def test_clones_that_drift(bench: Bench, monkeypatch: pytest.MonkeyPatch, drift: int) -> None:
    """The clone's generator is some steps behind: numbers drawn for one purpose are drawn again for another."""
    source = Replay(b"drift")
    replay(monkeypatch, source)
    store = bench.store()
    device = bench.device("alpha", store)
    with device.unlocked() as locker:
        source.rewind()
        for number in range(4):
            locker.make_folder(f"/first-{number}")
    clone = bench.device("alpha", bench.store())
    with clone.unlocked() as locker:
        source.rewind()
        for _ in range(drift):
            source(32)
        for number in range(4):
            locker.make_folder(f"/second-{number}")


def test_a_restored_image(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole machine goes back to a snapshot, generator and all, and does something else from there, three times."""
    source = Replay(b"image")
    replay(monkeypatch, source)
    device = bench.device("alpha", bench.store())
    image = bench.folder / "image"
    shutil.copytree(device.home, image)
    for attempt in range(3):
        source.rewind()
        shutil.rmtree(device.home)
        shutil.copytree(image, device.home)
        files = files_for(bench, 100 + 40 * attempt)
        with Device(device.home, bench.store()).unlocked() as locker:
            locker.transfers.run_now(locker.upload(files, "/"))
            locker.make_folder(f"/attempt-{attempt}")


def test_key_files_on_clones(bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same salt, passphrase and cost with other keys inside."""
    source = Replay(b"key files")
    replay(monkeypatch, source)
    data = set()
    for number in range(12):
        source.rewind()
        keyfile.save(tmp_path / "keys", pattern(number, 400), PASSPHRASE)
        data.add((tmp_path / "keys").read_bytes())
    assert len(data) == 12


class Crash(BaseException):
    """The machine stops here."""


def crash_points(bench: Bench, run: Callable[[Device], None]) -> Iterator[int]:
    """Run with a crash before and after every call to the storage, one by one, and then once more to the end."""
    point = 0
    while True:
        count = 0

        def maybe(operation: str, name: str, point: int = point) -> None:
            nonlocal count
            count += 1
            if count == point + 1:
                raise Crash

        inner = bench.store()
        faults = FaultStore(inner, before=maybe, after=maybe)
        device = Device(bench.device("alpha", inner).home, faults)
        crashed = False
        try:
            run(device)
        except (Crash, MegaDeskError):
            crashed = True
        if not crashed and count <= point:
            return
        faults.before = faults.after = None
        run(device)
        yield point
        point += 1


def test_every_crash_point_of_an_append(bench: Bench) -> None:
    """The entry that is sent after a crash is the one that was made before it: never a second one of its number."""
    folders = iter(range(10**6))

    def run(device: Device) -> None:
        with device.unlocked() as locker:
            locker.make_folder(f"/folder-{next(folders)}")

    points = 0
    for _ in crash_points(bench, run):
        points += 1
        if points > 40:
            break
    assert points >= 10


def test_one_number_one_entry(bench: Bench) -> None:
    """Over all crash points together each name of the log got one content only."""
    for before in (True, False):
        for at in range(1, 30):
            inner = HostileStore(bench.world.end.objects)
            count = 0

            def maybe(operation: str, name: str, at: int = at) -> None:
                nonlocal count
                count += 1
                if count == at:
                    raise Crash

            faults = FaultStore(inner, before=maybe if before else None, after=None if before else maybe)
            device = Device(bench.device("alpha", inner).home, faults)
            try:
                with device.unlocked() as locker:
                    locker.make_folder("/a")
            except (Crash, MegaDeskError):
                pass
            faults.before = faults.after = None
            with device.unlocked() as locker:
                assert locker.trouble is None
                locker.make_folder("/b")
            contents: dict[str, set[bytes]] = {}
            for name, data in inner.received:
                if name.startswith("log/"):
                    contents.setdefault(name, set()).add(data)
            assert all(len(different) == 1 for different in contents.values())
            if count < at:
                break


def test_a_clone_does_not_overwrite_the_others_packs(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clones draw the same ids for other contents, before one storage: what the first has stored stays as it is."""
    source = Replay(b"ids")
    replay(monkeypatch, source)
    store = bench.store()
    for clone in range(2):
        source.rewind()
        before = dict(store.objects)
        device = bench.device("alpha", store)
        try:
            with device.unlocked() as locker:
                locker.transfers.run_now(locker.upload(files_for(bench, 500 + 40 * clone), "/"))
        except MegaDeskError:
            assert clone == 1
        assert all(store.objects.get(name) == data for name, data in before.items() if name.startswith("packs/"))


def test_clones_do_not_lose_each_others_files(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that joins afterwards gets what both have stored."""
    source = Replay(b"files")
    store = bench.store()
    with monkeypatch.context() as replayed:
        replay(replayed, source)
        for who, seed in (("alpha", 600), ("beta", 700)):
            source.rewind()
            with bench.device(who, store).unlocked() as locker:
                locker.transfers.run_now(locker.upload(files_for(bench, seed), "/"))
    with bench.device("alpha", store).unlocked() as locker:
        assert locker.upkeep.check(read_data=True).problems == []
        got, refused = fetch(locker, bench.fresh_folder("got"))
        assert refused == {}
        for seed in (600, 700):
            assert got[f"{seed}-segments"] == pattern(seed + 1, 700_000)
