"""A small but rich locker, and storage in the adversary's hands, for the tests of shared attacks by number.

The world is built once: two devices, folders in folders, files of no byte, few bytes, one slice, two slices, several
versions, a trash, a purge, a link, a checkpoint. After every step a *moment* is kept: all objects of the storage, and
each device's home as it was. A test takes any moment of the storage and any moment of a device and puts them together.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from megadesk.core.app import App
from megadesk.core.locker import Locker
from megadesk.crypto import aead
from megadesk.errors import IntegrityError, MegaDeskError, StoreError
from megadesk.format import names
from megadesk.format.ops import FileContent, decode_content
from megadesk.stores.api import Data, Store
from megadesk.stores.memory import MemoryStore
from megadesk.types import ROOT, NodeId, NodeKind

PASSPHRASE = "kobold vinegar lantern"
DEVICES = ("alpha", "beta")
BIG_BYTES = aead.SLICE_BYTES + 600_000
"""Two slices, the second of three segments."""

Objects = dict[str, bytes]
Files = dict[str, bytes | str | None]
"""Path -> content, a link's target as text, None for a folder."""


class HostileStore(MemoryStore):
    """Objects that the adversary reads and sets behind the devices' backs; every byte received is kept."""

    def __init__(self, objects: Mapping[str, bytes] | None = None) -> None:
        super().__init__()
        self._objects.update(objects or {})
        self.received: list[tuple[str, bytes]] = []
        self.calls: list[str] = []

    @property
    def objects(self) -> Objects:
        """The live objects: change them at will."""
        return self._objects

    def show(self, objects: Mapping[str, bytes]) -> None:
        """Replace everything."""
        self._objects.clear()
        self._objects.update(objects)

    def put(self, name: str, data: Data, *, create_only: bool = False) -> None:
        self.calls.append(f"put {name}")
        super().put(name, data, create_only=create_only)
        self.received.append((name, self._objects[name]))


def objects_of(folder: Path) -> Objects:
    """Every regular file of a folder store, the store's own hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


class Seen(NamedTuple):
    """A node as a device shows it: everything of it that a user could notice."""

    kind: int
    size: int
    mtime_ns: int
    mode: int
    content: bytes | None
    """Digest of the manifest: which slices under which keys."""


Picture = dict[str, Seen]
"""By path; what lies in the trash under "trash:"; older versions under "version:"."""


def picture(locker: Locker) -> Picture:
    """All that a device shows of its locker."""
    shown: Picture = {}
    with locker._index.read() as session:

        def seen(node: NodeId, kind: int, size: int, mtime_ns: int, mode: int, head: bytes | None) -> Seen:
            data = session.view.content(node, head) if head else None  # type: ignore[arg-type]
            return Seen(kind, size, mtime_ns, mode, hashlib.sha256(data).digest() if data is not None else None)

        for path, row in session.view.walk(ROOT):
            shown[path] = seen(row.id, row.kind, row.size_bytes, row.mtime_ns, row.mode, row.head)
            if row.kind is not NodeKind.FOLDER:
                for number, old in enumerate(session.view.versions(row.id)):
                    key = f"version:{path}:{number}"
                    shown[key] = seen(row.id, row.kind, old.size_bytes, old.mtime_ns, old.mode, old.id)
        for item in session.view.trash():
            row = item.row
            key = f"trash:{item.original_path}"
            shown[key] = seen(row.id, row.kind, row.size_bytes, row.mtime_ns, row.mode, row.head)
    return shown


@dataclass(frozen=True)
class Moment:
    """The world after one step."""

    what: str
    objects: Objects
    homes: dict[str, Path]
    pictures: dict[str, Picture]


@dataclass
class World:
    """What was built; nothing in it is changed by a test."""

    folder: Path
    recovery_key: str = ""
    moments: list[Moment] = field(default_factory=list)
    files: Files = field(default_factory=dict)
    """What the locker holds in the end."""
    secrets: dict[str, bytes] = field(default_factory=dict)
    """Each device's keys as the key file has them, for adversaries that know some of them."""

    @property
    def end(self) -> Moment:
        return self.moments[-1]

    @property
    def truth(self) -> Picture:
        """What both devices show in the end."""
        return self.end.pictures["alpha"]


class Device:
    """One computer of a test: a home of its own, before some storage."""

    def __init__(self, home: Path, store: Store) -> None:
        self.home = home
        self.store = store
        self.app = App(str(home), store_wrapper=self._wrap)

    def _wrap(self, opened: Store) -> Store:
        opened.close()
        return self.store

    @contextmanager
    def unlocked(self, name: str | None = None, passphrase: str = PASSPHRASE) -> Iterator[Locker]:
        locker = self.app.unlock(name, passphrase)
        try:
            yield locker
        finally:
            locker.close()


class Bench:
    """A test's own copies of the world."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self._count = 0

    def fresh_folder(self, name: str) -> Path:
        self._count += 1
        folder = self.folder / f"{name}{self._count}"
        folder.mkdir()
        return folder

    def device(self, name: str, store: Store, *, moment: int = -1) -> Device:
        """A device as it was at a moment, before ``store``."""
        home = self.fresh_folder(name)
        shutil.copytree(self.world.moments[moment].homes[name], home, dirs_exist_ok=True)
        return Device(home, store)

    def store(self, moment: int = -1) -> HostileStore:
        return HostileStore(self.world.moments[moment].objects)

    def newcomer(self, store: Store) -> Device:
        """A computer that does not know the locker yet."""
        return Device(self.fresh_folder("new"), store)

    @contextmanager
    def joined(self, store: Store, *, key: str | None = None) -> Iterator[Locker]:
        """The locker as a new device with the recovery key sees it."""
        new = self.newcomer(store)
        locker = new.app.join_locker(str(self.world.folder / "store"), PASSPHRASE, key or self.world.recovery_key)
        try:
            yield locker
        finally:
            locker.close()


@contextmanager
def forgotten(device: Device) -> Iterator[Locker]:
    """The locker on a device that has its keys and lost its index: it reads all of the storage again."""
    for path in device.home.rglob("index.db*"):
        path.unlink()
    with device.unlocked() as locker:
        yield locker


# --- looking at files -------------------------------------------------------------------------------------------


def fetch(locker: Locker, folder: Path) -> tuple[Files, dict[str, str]]:
    """Download everything: what arrived, and what was refused (path -> message)."""
    rows = locker.list_folder("/")
    if not rows:
        return {}, {}
    number = locker.download([f"/{row.display_name}" for row in rows], str(folder))
    try:
        locker.transfers.run_now(number)
    except StoreError as error:
        return local_files(folder), {"": str(error)}
    refused = {os.path.relpath(failure.path, folder): failure.message for failure in locker.transfers.failures(number)}
    return local_files(folder), refused


def local_files(folder: Path) -> Files:
    found: Files = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = os.readlink(path)
        else:
            found[name] = None if path.is_dir() else path.read_bytes()
    return found


def no_leftovers(files: Files) -> bool:
    return not any(".megadesk" in name for name in files)


def assert_never_wrong(got: Files, refused: Mapping[str, str], truth: Files) -> None:
    """Each file arrived with its very bytes, or did not arrive and was named."""
    assert no_leftovers(got), "a temporary file was left"
    for name, content in got.items():
        assert name in truth, f"{name} does not exist in the locker"
        assert content == truth[name], f"{name} arrived with other bytes"
    for name in truth.keys() - got.keys():
        assert name in refused or "" in refused, f"{name} did not arrive, and nobody said so"


def packs_by_path(locker: Locker) -> dict[str, list[str]]:
    """Names of the packs that hold each file of the tree."""
    found: dict[str, list[str]] = {}
    with locker._index.read() as session:
        for path, row in session.view.walk(ROOT):
            data = session.view.content(row.id, row.head) if row.head else None
            content = decode_content(data) if data is not None else None
            if isinstance(content, FileContent):
                found[path] = [names.pack(ref.pack) for ref in content.slices]
    return found


def contents(locker: Locker) -> dict[str, FileContent]:
    """The manifests of all current files."""
    found: dict[str, FileContent] = {}
    with locker._index.read() as session:
        for path, row in session.view.walk(ROOT):
            data = session.view.content(row.id, row.head) if row.head else None
            content = decode_content(data) if data is not None else None
            if isinstance(content, FileContent):
                found[path] = content
    return found


def is_typed(error: BaseException | None) -> bool:
    """Whether an error says in plain words that the storage is at fault."""
    return isinstance(error, IntegrityError | StoreError) and bool(str(error))


def outcome(device: Device) -> tuple[Picture | None, MegaDeskError | None]:
    """Open a device's locker: what it shows, and its trouble."""
    try:
        with device.unlocked() as locker:
            return picture(locker), locker.trouble
    except MegaDeskError as error:
        return None, error


# --- building ---------------------------------------------------------------------------------------------------


def pattern(seed: int, size: int) -> bytes:
    """``size`` bytes that look random and are the same each time."""
    return random.Random(seed).randbytes(size)


NOTE = b"The treasure is below the old oak.\n"
SECRET_NAMES = ("Steuererkl\u00e4rung-2031", "whistleblower-notes.txt", "treasure.txt", "Quarterly", "big-archive.bin")


def build(folder: Path) -> World:
    """Build the world below ``folder``. Takes a few seconds."""
    (folder / "store").mkdir()
    world = World(folder)
    store = HostileStore()
    devices = {name: Device(folder / name, store) for name in DEVICES}
    lockers: dict[str, Locker] = {}
    big = pattern(1, BIG_BYTES)

    def keep(what: str) -> None:
        homes = {}
        for name in lockers:
            homes[name] = folder / f"moment-{len(world.moments)}-{name}"
            shutil.copytree(devices[name].home, homes[name], ignore=shutil.ignore_patterns("*-shm", "*.lock"))
        shown = {name: picture(locker) for name, locker in lockers.items()}
        world.moments.append(Moment(what, dict(store.objects), homes, shown))

    def put(device: str, dest: str, files: Files, when: int) -> None:
        source = folder / f"source-{device}-{when}"
        source.mkdir()
        for name, content in files.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.mkdir()
            elif isinstance(content, str):
                path.symlink_to(content)
            else:
                path.write_bytes(content)
        for path in (source, *source.rglob("*")):
            os.utime(path, ns=(when * 10**18 + 7, when * 10**18 + 7), follow_symlinks=False)
        locker = lockers[device]
        number = locker.upload([str(path) for path in sorted(source.iterdir())], dest)
        assert locker.transfers.run_now(number).failures == 0

    new = devices["alpha"].app.create_locker(PASSPHRASE, store=str(folder / "store"), device_name="alpha")
    world.recovery_key = new.recovery_key
    lockers["alpha"] = alpha = new.locker
    keep("made")
    alpha.make_folder("/Quarterly")
    put(
        "alpha",
        "/",
        {
            "treasure.txt": NOTE,
            "empty": b"",
            "Steuererkl\u00e4rung-2031/deep/deeper/form.txt": b"form " * 40,
            "Steuererkl\u00e4rung-2031/deep/other.txt": pattern(2, 5000),
            "whistleblower-notes.txt": pattern(3, 70_000),
            "one-segment.bin": pattern(4, 262_112),
            "segments.bin": pattern(5, 4 * 262_112 + 99),
            "shortcut": "treasure.txt",
            "goes.txt": b"soon in the trash",
            "vanishes.txt": pattern(6, 300),
        },
        1,
    )
    keep("files")
    put("alpha", "/Quarterly", {"big-archive.bin": big}, 2)
    keep("big")
    lockers["beta"] = beta = devices["beta"].app.join_locker(
        str(folder / "store"), PASSPHRASE, world.recovery_key, device_name="beta"
    )
    keep("joined")
    note = NOTE + b"Or was it the elm?\n"
    put("beta", "/", {"treasure.txt": note, "from-beta.txt": b"hello from the other side"}, 3)
    keep("second version")
    alpha.refresh()
    big = big[: aead.SLICE_BYTES] + pattern(7, 600_000)
    put("alpha", "/Quarterly", {"big-archive.bin": big}, 4)
    alpha.move(["/from-beta.txt"], "/Quarterly")
    keep("big, second version")
    alpha.trash_nodes(["/goes.txt", "/vanishes.txt"])
    keep("trashed")
    alpha.purge([item.row.id for item in alpha.trash() if item.row.name == "vanishes.txt"])
    alpha.write_checkpoint()
    keep("purged, checkpoint")
    beta.refresh()
    many: Files = {f"many/{number:02d}": b"%d" % number for number in range(30)}
    put("beta", "/Quarterly", many, 5)
    beta.write_checkpoint()
    keep("many, checkpoint of beta")
    alpha.refresh()
    whistle = pattern(8, 70_000)
    put("alpha", "/", {"whistleblower-notes.txt": whistle}, 6)
    beta.refresh()
    keep("end")
    for name, locker in lockers.items():
        world.secrets[name] = locker._secrets.to_bytes()
        locker.close()
    assert world.end.pictures["alpha"] == world.end.pictures["beta"]
    world.files = {
        "treasure.txt": note,
        "empty": b"",
        "Steuererkl\u00e4rung-2031": None,
        "Steuererkl\u00e4rung-2031/deep": None,
        "Steuererkl\u00e4rung-2031/deep/deeper": None,
        "Steuererkl\u00e4rung-2031/deep/deeper/form.txt": b"form " * 40,
        "Steuererkl\u00e4rung-2031/deep/other.txt": pattern(2, 5000),
        "whistleblower-notes.txt": whistle,
        "one-segment.bin": pattern(4, 262_112),
        "segments.bin": pattern(5, 4 * 262_112 + 99),
        "shortcut": "treasure.txt",
        "Quarterly": None,
        "Quarterly/big-archive.bin": big,
        "Quarterly/from-beta.txt": b"hello from the other side",
        "Quarterly/many": None,
        **{f"Quarterly/{name}": content for name, content in many.items()},
    }
    return world
