"""Attack 3: the storage puts its own public keys in place of a device's or the recovery key's.

Every key is signed back to the root key, and the locker's id is the hash of the record that names the root key.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from megadesk.crypto.hpke import HpkeKey
from megadesk.crypto.keys import DeviceKeys, EpochSecret, LockerKey
from megadesk.errors import DamagedError, IntegrityError, RecoveryKeyError
from megadesk.format import names
from megadesk.format.device import Enrolment, device_id
from megadesk.format.entry import open_entry
from megadesk.format.envelope import ObjectType
from megadesk.format.header import make_header, open_header
from megadesk.format.ops import Rekey
from megadesk.format.wire import Decoder, encode
from tests.attack.forger import Forger
from tests.attack.world import Bench, forgotten, outcome, picture


def rogue_enrolments(forger: Forger) -> Iterator[tuple[str, str, bytes]]:
    """(what, object, bytes): a device of the adversary's, signed in every way it can think of."""
    for what, signer, enroller in (
        ("a root key of its own", None, None),
        ("itself", forger.keys.signing, None),
        ("alpha, in words only", forger.keys.signing, forger.alpha),
        ("beta, in words only", None, forger.beta),
    ):
        _, name, data = forger.enrolment(signer, enroller)
        yield what, name, data
    device, name, data = forger.enrolment(None, None)
    body = forger.open(ObjectType.DEVICE, name, data)
    yield "no signature", name, forger.seal(ObjectType.DEVICE, name, bytes(64) + body[64:])
    yield "a signature over nothing", name, forger.seal(ObjectType.DEVICE, name, forger.root.sign(b"") + body[64:])
    # Enrolled by itself, so that who signs and who is signed are one.
    keys = forger.keys
    proof = keys.signing.sign(b"megadesk/1 enrolled", forger.locker_id, device)
    own = Enrolment(keys.signing.public, keys.hpke.public, bytes(16), "beta", 1, b"", proof)
    loop = device_id(own.sign_key, own.kem_key, own.nonce)
    circular = encode(
        Enrolment(
            own.sign_key,
            own.kem_key,
            own.nonce,
            own.name,
            1,
            loop,
            keys.signing.sign(b"megadesk/1 enrolled", forger.locker_id, loop),
        )
    )
    signed = keys.signing.sign(b"megadesk/1 device", forger.locker_id, circular) + circular
    yield "itself, by name", names.device(loop), forger.seal(ObjectType.DEVICE, names.device(loop), signed)
    # A key of small order, under which a signature for every message can be made.
    weak = b"\x01" + bytes(31)
    forged = b"\x01" + bytes(31) + bytes(32)
    small = device_id(weak, own.kem_key, own.nonce)
    record = forged + encode(Enrolment(weak, own.kem_key, own.nonce, "weak", 1, small, forged))
    yield "a key of small order", names.device(small), forger.seal(ObjectType.DEVICE, names.device(small), record)


def test_devices_that_nobody_let_in(bench: Bench) -> None:
    forger = Forger(bench.world)
    rogue: dict[str, bytes] = {}
    for what, name, data in rogue_enrolments(forger):
        store = bench.store()
        store.objects[name] = data
        rogue[name] = data
        with bench.device("alpha", store).unlocked() as locker:
            assert locker.refresh().refused == [name], what
            assert len(locker.devices()) == 2
            assert picture(locker) == bench.world.truth
            assert name in [problem.object_name for problem in locker.upkeep.check().problems]
    store.objects.update(rogue)
    with bench.joined(store) as locker:
        assert len(locker.devices()) == 3
        assert picture(locker) == bench.world.truth
    with forgotten(bench.device("beta", store)) as locker:
        assert len([row for row in locker.devices() if row.id in (forger.alpha, forger.beta)]) == 2
        assert set(locker.refresh().refused) == set(rogue)


def test_keys_replaced_inside_known_enrolments(bench: Bench) -> None:
    """Each field of alpha's enrolment replaced, under alpha's name and resealed, for a device that reads it anew."""
    forger = Forger(bench.world)
    honest = bench.store().objects
    name = names.device(forger.alpha)
    record = forger.open(ObjectType.DEVICE, name, honest[name])
    enrolment = Decoder(Enrolment, "enrolment", 1 << 16).decode(record[64:], name)
    other = DeviceKeys.generate()
    changes = {
        "sign_key": other.signing.public,
        "kem_key": other.hpke.public,
        "nonce": bytes(16),
        "name": "mallory",
        "time_ms": 5,
        "enroller": bytes(forger.beta),
        "self_signature": bytes(64),
    }
    for field, value in changes.items():
        body = encode(_replaced(enrolment, field, value))
        for signature in (record[:64], forger.root.sign(b"megadesk/1 device", forger.locker_id, body)):
            store = bench.store()
            store.objects[name] = forger.seal(ObjectType.DEVICE, name, signature + body)
            with forgotten(bench.device("beta", store)) as locker:
                assert forger.alpha not in [row.id for row in locker.devices()], field
            with bench.device("beta", store).unlocked() as locker:
                assert picture(locker) == bench.world.truth
                assert name in [problem.object_name for problem in locker.upkeep.check().problems], field


def _replaced(enrolment: Enrolment, field: str, value: object) -> Enrolment:
    return msgspec.structs.replace(enrolment, **{field: value})


def rogue_header(bench: Bench) -> tuple[bytes, HpkeKey]:
    """A well-formed header whose keys are the adversary's."""
    key = LockerKey.generate()
    _, data = make_header(key, EpochSecret.generate())
    return data, key.root_keys().recovery


def test_no_secret_is_sealed_to_another_recovery_key(bench: Bench) -> None:
    """A rogue header when a new epoch begins and when a checkpoint is written: both must be refused."""
    header, recovery = rogue_header(bench)
    store = bench.store()
    with bench.joined(store) as third:
        victim = third.device_id
    with bench.device("alpha", store).unlocked() as locker:
        honest = store.objects["locker"]
        store.objects["locker"] = header
        before = dict(store.objects)
        with pytest.raises(DamagedError):
            locker.revoke_device(victim.hex())
        assert store.objects == before
        assert locker.read_only_reason
        store.objects["locker"] = honest
        locker.refresh()
        locker.revoke_device(victim.hex())
        store.objects["locker"] = header
        before = dict(store.objects)
        with pytest.raises(DamagedError):
            locker.write_checkpoint()
        assert store.objects == before
        assert "locker" in [problem.object_name for problem in locker.upkeep.check().problems]
        # The honest ones are sealed to the honest key, which the adversary's does not open.
        sequence = locker._history.heads()[locker.device_id].seq
        name = names.entry(locker.device_id, sequence)
        record = Forger(bench.world).open(ObjectType.ENTRY, name, store.objects[name])
        row = locker._history.devices()[locker.device_id]
        entry = open_entry(record, locker.locker_id, locker.device_id, sequence, row.sign_pk, name)
        rekeys = [op for op in entry.ops if isinstance(op, Rekey)]
        assert len(rekeys) == 1
        assert victim not in [slot.recipient for slot in rekeys[0].slots]
        for slot in rekeys[0].slots:
            with pytest.raises(DamagedError):
                recovery.open(slot.sealed, b"megadesk/1 rekey" + locker.locker_id + (1).to_bytes(8, "big"))


def test_a_rogue_header_for_a_device_that_joins(bench: Bench) -> None:
    store = bench.store()
    store.objects["locker"], _ = rogue_header(bench)
    with pytest.raises(RecoveryKeyError), bench.joined(store):
        pass
    assert not any(name.startswith("devices/") and name not in bench.world.end.objects for name in store.objects)
    # A passphrase set anew goes by the header as well.
    device = bench.device("alpha", store)
    before = dict(store.objects)
    with pytest.raises(RecoveryKeyError):
        device.app.reset_passphrase(None, bench.world.recovery_key, "new passphrase")
    assert store.objects == before


def test_the_recovery_key_of_the_genesis_record_swapped(bench: Bench) -> None:
    """Each field of the genesis record replaced, signed by the adversary or left with the old signature."""
    honest = bench.store().objects["locker"]
    genesis = open_header(honest).genesis
    key = LockerKey.generate().root_keys()
    changes = {
        "root_key": key.signing.public,
        "recovery_key": key.recovery.public,
        "nonce": bytes(16),
        "sealed_epoch": bytes(len(genesis.sealed_epoch)),
    }
    for field, value in changes.items():
        body = encode(msgspec.structs.replace(genesis, **{field: value}))
        for signature in (honest[13:77], key.signing.sign(b"megadesk/1 genesis", body)):
            record = signature + body
            data = honest[:9] + len(record).to_bytes(4, "big") + record
            store = bench.store()
            store.objects["locker"] = data + bytes(len(honest) - len(data))
            with pytest.raises((IntegrityError, RecoveryKeyError)), bench.joined(store):
                pass
            assert outcome(bench.device("alpha", store)) == (bench.world.truth, None)
