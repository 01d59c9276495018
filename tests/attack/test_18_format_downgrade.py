"""Attack 18: make a program read by another, weaker format. There is one suite, and its version is bound everywhere."""

from __future__ import annotations

import msgspec
import pytest

from megadesk.core.locker import Locker
from megadesk.crypto.signing import SigningKey
from megadesk.errors import DecodeError, IntegrityError, KeyFileError
from megadesk.format import names
from megadesk.format.envelope import ObjectType
from megadesk.state import keyfile
from tests.attack.forger import Forger, next_seq
from tests.attack.reading import metadata, refusal
from tests.attack.world import Bench, fetch, forgotten, outcome, picture


def every_value(data: bytes, position: int) -> list[bytes]:
    return [data[:position] + bytes((value,)) + data[position + 1 :] for value in range(256) if value != data[position]]


def test_every_public_byte_of_every_object(bench: Bench) -> None:
    """Magic, version, type, epoch id; the parameters of the encryption: every other value, of a sample every byte."""
    store = bench.store()
    kinds: set[str] = set()
    with bench.device("alpha", store).unlocked() as locker:
        for name in metadata(store.objects):
            data = store.objects[name]
            kind = name.split("/")[0]
            public = range(9) if name == names.HEADER else range(22)
            for position in public:
                values = every_value(data, position)
                for changed in values if kind not in kinds else values[::37]:
                    assert refusal(locker, name, changed) is not None, f"{name}: byte {position}"
            kinds.add(kind)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_an_unknown_version_is_named(bench: Bench, version: int) -> None:
    store = bench.store()
    with bench.device("alpha", store).unlocked() as locker:
        for name in (names.HEADER, max(name for name in store.objects if name.startswith(names.LOG))):
            position = 8 if name == names.HEADER else 2
            data = store.objects[name]
            error = refusal(locker, name, data[:position] + bytes((version,)) + data[position + 1 :])
            assert isinstance(error, DecodeError)
            assert f"version {version}" in str(error)
            assert error.remedy == "Update MegaDesk."


def test_a_whole_locker_of_another_version(bench: Bench) -> None:
    store = bench.store()
    for name in metadata(store.objects):
        data = bytearray(store.objects[name])
        data[8 if name == names.HEADER else 2] = 0
        store.objects[name] = bytes(data)
    shown, trouble = outcome(bench.device("alpha", store))
    assert shown == bench.world.truth, "what is known here needs no storage"
    with pytest.raises(IntegrityError), bench.joined(store):
        pass
    with forgotten(bench.device("alpha", store)) as locker:
        assert isinstance(locker.trouble, IntegrityError) or locker.refresh().refused
        assert picture(locker) == {}
        assert fetch(locker, bench.fresh_folder("got"))[0] == {}
    assert trouble is None or isinstance(trouble, IntegrityError)


def test_versions_inside_signed_records(bench: Bench) -> None:
    """Signed by the device itself: an entry of version 0 or 2 is refused by all others."""
    forger = Forger(bench.world)
    from megadesk.core.secrets import LockerSecrets

    secrets = LockerSecrets.from_bytes(bench.world.secrets["alpha"])
    seq = next_seq(bench.world.end.objects, forger.alpha)
    with bench.device("beta", bench.store()).unlocked() as locker:
        heads = locker._history.heads()
        head, beta = heads[forger.alpha], heads[forger.beta]
        clock = 1 + max(head.lamport, beta.lamport)
    seen = [[beta.device, beta.seq, beta.hash]]
    good = bench.store()
    body = msgspec.msgpack.encode([1, forger.alpha, seq, clock, head.hash, seen, 1, []])
    name = names.entry(forger.alpha, seq)
    good.objects[name] = forger.seal(
        ObjectType.ENTRY, name, _sign(secrets.device_keys.signing, b"megadesk/1 entry", forger.locker_id, body) + body
    )
    with bench.device("beta", good).unlocked() as locker:
        assert locker.trouble is None, "but for the version, such an entry is good"
    for version in (0, 2, -1, 1.0, None, "1", True, [1]):
        body = msgspec.msgpack.encode([version, forger.alpha, seq, clock, head.hash, seen, 1, []])
        record = _sign(secrets.device_keys.signing, b"megadesk/1 entry", forger.locker_id, body) + body
        name = names.entry(forger.alpha, seq)
        store = bench.store()
        store.objects[name] = forger.seal(ObjectType.ENTRY, name, record)
        with bench.device("beta", store).unlocked() as locker:
            assert isinstance(locker.trouble, DecodeError), version
            assert picture(locker) == bench.world.truth


def _sign(key: SigningKey, domain: bytes, locker_id: bytes, body: bytes) -> bytes:
    return key.sign(domain, locker_id, body)


def test_signatures_of_one_kind_do_not_hold_for_another(bench: Bench) -> None:
    """A record of each kind served as each other kind, resealed: domains keep them apart."""
    forger = Forger(bench.world)
    kinds = {"devices": ObjectType.DEVICE, "log": ObjectType.ENTRY, "checkpoints": ObjectType.CHECKPOINT}
    store = bench.store()
    bodies = [
        forger.open(kinds[name.split("/")[0]], name, data)
        for name, data in store.objects.items()
        if name.split("/")[0] in kinds
    ]
    with bench.device("alpha", store).unlocked() as locker:
        for name, data in list(store.objects.items()):
            kind = kinds.get(name.split("/")[0])
            if kind is None:
                continue
            own = forger.open(kind, name, data)
            for body in bodies:
                if body != own:
                    assert _refused(locker, name, forger.seal(kind, name, body)), name


def _refused(locker: Locker, name: str, data: bytes) -> bool:
    return refusal(locker, name, data) is not None


def test_key_files_of_another_version(bench: Bench) -> None:
    device = bench.device("alpha", bench.store())
    path = next(device.home.rglob("keys"))
    data = path.read_bytes()
    for position in range(5):
        for changed in every_value(data, position):
            path.write_bytes(changed)
            with pytest.raises(KeyFileError):
                keyfile.read_params(path)
