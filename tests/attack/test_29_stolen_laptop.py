"""Attack 29: a stolen laptop, locked. Nothing on its disk can be read without the passphrase.

What is in memory: while a locker is open its keys are (that is how the test knows that it would find them). On lock,
the program drops them; Python cannot wipe memory, so copies may linger in freed memory until it is used again. The test
measures how many and holds what is promised (docs/threat-model.md): no live object refers to a key any more.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadesk.core.secrets import LockerSecrets
from megadesk.crypto.hpke import HpkeKey
from tests.attack.test_22_leaks import chi_square, encodings, needles
from tests.attack.world import NOTE, PASSPHRASE, Bench, fetch, objects_of

REPO = Path(__file__).parents[2]


def secrets_of(world_secrets: bytes) -> dict[str, bytes]:
    """Every key of a device by name, as raw bytes."""
    secrets = LockerSecrets.from_bytes(world_secrets)
    seed = secrets.device_keys.hpke.seed()
    first = secrets.first_epoch
    return {
        "epoch secret": first.to_bytes(),
        "index key": secrets.index_key,
        "signing key": secrets.device_keys.signing.seed(),
        "ML-KEM seed": seed[:64],
        "X25519 key": seed[64:],
        "content hash key": first.content_hash_key(),
        "entry key": first.object_key("entry", secrets.locker_id),
    }


def readable(home: Path, bench: Bench) -> list[str]:
    """Everything secret that can be read in a home: what, where."""
    found = []
    files = objects_of(home)
    listing = "\n".join(files).encode()
    wanted = [
        *needles(bench),
        *((what, key) for d in bench.world.secrets.values() for what, key in secrets_of(d).items()),
    ]
    wanted += [("a file's content", piece) for piece in (NOTE[:20], b"form form form form", b"hello from the other")]
    for what, needle in wanted:
        for name, data in files.items():
            if needle in data:
                found.append(f"{what} in {name}")
        if needle in listing:
            found.append(f"{what} in a file's name")
    return found


def test_every_moment_of_every_home(bench: Bench) -> None:
    """As the disk was at every step, with programs running and nothing closed: index, its log, queue, locks."""
    for moment in bench.world.moments:
        for home in moment.homes.values():
            assert readable(home, bench) == [], moment.what


def test_after_use_and_lock(bench: Bench) -> None:
    store = bench.store()
    device = bench.device("alpha", store)
    with device.unlocked() as locker:
        locker.find("treasure")
        got, _ = fetch(locker, bench.fresh_folder("got"))
        assert got
        outside = bench.fresh_folder("in") / "whistleblower-notes.txt"
        outside.write_bytes(b"hello from the other side")
        locker.transfers.run_now(locker.upload([str(outside)], "/"))
        store.put = lambda *_, **__: (_ for _ in ()).throw(RuntimeError("cut off"))  # type: ignore[method-assign]
        outside.write_bytes(NOTE * 3)
        with contextlib.suppress(Exception):
            locker.transfers.run_now(locker.upload([str(outside)], "/"))
        assert readable(device.home, bench) == []
    assert readable(device.home, bench) == []


def test_the_index_is_no_database_to_anyone_else(bench: Bench) -> None:
    for moment in bench.world.moments:
        for home in moment.homes.values():
            for path in [*home.rglob("index.db"), *home.rglob("index.db-wal")]:
                data = path.read_bytes()
                assert b"SQLite" not in data
                assert b"CREATE" not in data
                if len(data) > 30_000:
                    body = (
                        data[32:]
                        if path.name == "index.db"
                        else b"".join(data[start + 24 : start + 24 + 8192] for start in range(32, len(data), 8192 + 24))
                    )
                    assert chi_square(body) < 30, "the index does not look random"
            with contextlib.closing(sqlite3.connect(f"file:{next(home.rglob('index.db'))}?mode=ro", uri=True)) as db:
                with pytest.raises(sqlite3.DatabaseError):
                    db.execute("SELECT * FROM sqlite_master").fetchall()


def test_only_the_owner_may_read_the_files(bench: Bench) -> None:
    device = bench.device("alpha", bench.store())
    with device.unlocked():
        for path in device.home.rglob("*"):
            if path.is_file() and not path.is_symlink():
                assert path.stat().st_mode & 0o077 == 0, f"{path.name} is readable by others"


def test_the_whole_program_and_its_log(bench: Bench, home: Path, tmp_path: Path) -> None:
    """The command line in processes of its own, errors and all; then the whole home is searched, logs too."""
    names = ("whistleblower-notes.txt", "Steuererkl\u00e4rung-2031")
    outside = tmp_path / "in"
    outside.mkdir()
    (outside / names[0]).write_bytes(NOTE)
    (outside / names[1]).mkdir()
    environment = {
        **os.environ,
        "MEGADESK_HOME": str(home / "megadesk"),
        "MEGADESK_PASSPHRASE": PASSPHRASE,
        "MEGADESK_KDF": "floor",
        "PYTHONPATH": str(REPO),
    }

    def megadesk(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "megadesk", *words], env=environment, cwd=outside, capture_output=True, check=False
        )

    made = megadesk("init")
    assert made.returncode == 0
    key = re.search(rb"([0-9A-Z]{5}-){12}[0-9A-Z]{5}", made.stdout + made.stderr)
    assert key is not None
    assert megadesk("put", *names).returncode == 0
    assert megadesk("get", f"/{names[0]}", "--to", str(tmp_path / "out")).returncode == 0
    assert megadesk("get", f"/no-{names[0]}").returncode == 1
    assert megadesk("put", str(outside / f"no-{names[0]}")).returncode == 1
    pack = next(path for path in (home / "megadesk").rglob("packs/*/*") if path.is_file())
    pack.write_bytes(bytes(pack.stat().st_size))
    assert megadesk("get", f"/{names[0]}", "--to", str(tmp_path / "again")).returncode == 1
    assert megadesk("check", "--read-data").returncode == 1
    found = []
    for name, data in objects_of(home).items():
        for secret in (*names, PASSPHRASE, key[0].decode(), NOTE.decode()):
            found += [f"{secret} in {name}" for each in encodings(secret.encode()) if each in data]
    assert found == []


# --- memory

_CHILD = """
import gc, json, sys
from megadesk.core.app import App
from megadesk.core.secrets import LockerSecrets
from megadesk.crypto import aead, hpke, keys, signing

def step(what, **more):
    print(json.dumps({"step": what, **more}), flush=True)
    sys.stdin.readline()

home, passphrase = sys.stdin.readline().split("|")[:2]
app = App(home)
step("started")
locker = app.unlock(None, passphrase)
del passphrase
rows = [path for path, _ in locker.walk("/")]
locker.make_folder("/opened")
step("open", rows=len(rows), trouble=str(locker.trouble))
del rows
locker.close()
app.close()
gc.collect()
kinds = (keys.EpochSecret, keys.DeviceKeys, hpke.HpkeKey, signing.SigningKey)
live = [type(each).__name__ for each in gc.get_objects() if isinstance(each, kinds)]
holders = [each for each in gc.get_objects() if isinstance(each, LockerSecrets)]
kept = [name for each in holders for name, value in vars(each).items() if isinstance(value, (bytes, *kinds)) and value]
step("locked", live=live, kept=kept)
"""


def memory_of(process: int) -> Iterator[bytes]:
    """All writable memory of another process."""
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb") as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if "w" not in rights or "[vvar" in line:
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            with contextlib.suppress(OSError, ValueError):
                memory.seek(start)
                yield memory.read(end - start)


@pytest.fixture
def folder_device(bench: Bench) -> Path:
    """A home whose locker's storage is a real folder."""
    from megadesk.state.paths import Paths
    from megadesk.state.registry import Registry
    from megadesk.stores.folder import FolderStore

    device = bench.device("alpha", bench.store())
    place = bench.fresh_folder("store") / "objects"
    with contextlib.closing(FolderStore.create(place)) as store:
        for name, data in bench.world.end.objects.items():
            store.put(name, data)
    Registry(Paths(str(device.home))).set_store_address(_only(device.home), str(place))
    return device.home


def _only(home: Path) -> str:
    info: dict[str, str] = json.loads(next(home.rglob("info.json")).read_text())
    return info["name"]


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="reads memory through /proc")
def test_memory(
    bench: Bench, folder_device: Path, argon2id: None, record_property: Callable[[str, object], None]
) -> None:
    # The world's key files are made with a quick derivation: this child has the real one.
    from megadesk.crypto.kdf import FLOOR
    from megadesk.state import keyfile

    keyfile.save(next(folder_device.rglob("keys")), bench.world.secrets["alpha"], PASSPHRASE, FLOOR)
    wanted = secrets_of(bench.world.secrets["alpha"])
    wanted["a file's name"] = b"whistleblower-notes.txt"
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPO)},
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{folder_device}|{PASSPHRASE}|\n")
        child.stdin.flush()
        counts: dict[str, dict[str, int]] = {}
        told: dict[str, dict[str, object]] = {}
        for step in ("started", "open", "locked"):
            told[step] = json.loads(child.stdout.readline())
            assert told[step]["step"] == step
            counts[step] = dict.fromkeys(wanted, 0)
            for region in memory_of(child.pid):
                for what, needle in wanted.items():
                    counts[step][what] += region.count(needle)
            child.stdin.write("\n")
            child.stdin.flush()
        child.stdin.close()
        assert child.wait(60) == 0
    record_property("copies in memory", counts)
    assert told["open"]["trouble"] == "None"
    assert not any(counts["started"].values()), "before it is opened"
    assert counts["open"]["epoch secret"], "the search finds what is there"
    assert counts["open"]["index key"]
    assert told["locked"]["live"] == [], "keys outlive the lock"
    assert told["locked"]["kept"] in ([], ["locker_id", "root_key", "device"]), "keys outlive the lock"
    lingering = {what: count for what, count in counts["locked"].items() if count}
    print("still in freed memory after locking:", lingering or "nothing")
    for what in wanted:
        assert counts["locked"][what] <= counts["open"][what] + 1, what


def test_keys_do_not_print() -> None:
    """Nor does a core dump's friend, the traceback."""
    key = HpkeKey(os.urandom(96))
    assert key.seed().hex() not in repr(key)
    assert repr(key) == "<HpkeKey: redacted>"
