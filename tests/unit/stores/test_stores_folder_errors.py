"""What the folder store makes of the errors of the system: injected, and real where the test may mount."""

from __future__ import annotations

import errno
import mmap
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import (
    ObjectExistsError,
    Retry,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores import folder_os
from megadesk.stores.folder import FolderStore

MIB = 1 << 20


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(root: Path) -> FolderStore:
    store = FolderStore.create(root)
    store.put("a/old", b"old")
    store.flush()
    return store


def leftovers(root: Path) -> list[str]:
    return [name.name for name in root.rglob(".~*")]


def page_aligned(size: int) -> memoryview:
    buffer = mmap.mmap(-1, size)
    buffer.write(os.urandom(size))
    return memoryview(buffer)


def failing(number: int) -> Callable[..., Any]:
    """A system function that always fails."""

    def fail(*_: object, **__: object) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


WRITE_ERRORS: list[tuple[int, type[StoreError]]] = [
    (errno.ENOSPC, StoreFullError),
    (errno.EDQUOT, StoreFullError),
    (errno.EROFS, StoreReadOnlyError),
    (errno.EACCES, StoreReadOnlyError),
    (errno.EPERM, StoreReadOnlyError),
    (errno.EIO, StoreUnavailableError),
    (errno.ESTALE, StoreUnavailableError),
    (errno.ENOTCONN, StoreUnavailableError),
    (errno.ENODEV, StoreUnavailableError),
    (errno.EMFILE, StoreBusyError),
    (errno.ENAMETOOLONG, StoreProtocolError),
]


@pytest.mark.parametrize(("number", "kind"), WRITE_ERRORS)
@pytest.mark.parametrize("function", ["os.writev", "os.open", "os.replace", "datasync"])
def test_put_converts_errors_and_leaves_nothing(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch, function: str, number: int, kind: type[StoreError]
) -> None:
    with monkeypatch.context() as patch:
        if function == "os.open":
            real = os.open

            def refuse_new(path: str, flags: int, *rest: Any, **more: Any) -> int:
                if flags & os.O_CREAT:
                    raise OSError(number, os.strerror(number))
                return real(path, flags, *rest, **more)

            patch.setattr(os, "open", refuse_new)
        elif function == "datasync":
            patch.setattr(folder_os, "_datasync", failing(number))
        else:
            patch.setattr(function, failing(number))
        with pytest.raises(kind) as caught:
            store.put("a/old", b"new" * 1000)
    assert type(caught.value) is kind
    assert caught.value.object_name == "a/old"
    assert caught.value.__cause__ is not None
    assert leftovers(root) == []
    assert store.get("a/old") == b"old"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EACCES, StoreAccessError),
        (errno.EIO, StoreUnavailableError),
        (errno.ESTALE, StoreUnavailableError),
        (errno.EHOSTDOWN, StoreUnavailableError),
        (errno.ENFILE, StoreBusyError),
    ],
)
def test_reading_converts_errors(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[StoreError]
) -> None:
    for function in ("os.pread", "os.preadv"):
        monkeypatch.setattr(function, failing(number))
    with pytest.raises(kind):
        store.get("a/old")
    with pytest.raises(kind):
        store.get_into("a/old", memoryview(bytearray(3)))
    monkeypatch.setattr("os.scandir", failing(number))
    monkeypatch.setattr(folder_os, "_DIR_FD", True)
    with pytest.raises(kind):
        list(store.list())


def test_a_file_that_shrinks_while_it_is_read(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.pread", lambda *_: b"")
    monkeypatch.setattr("os.preadv", lambda *_: 0)
    with pytest.raises(StoreProtocolError):
        store.get("a/old")
    with pytest.raises(StoreProtocolError):
        store.get_into("a/old", memoryview(bytearray(3)))


def test_short_reads_and_writes_are_continued(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    pread, preadv, writev = os.pread, os.preadv, os.writev
    monkeypatch.setattr("os.pread", lambda fd, count, at: pread(fd, min(count, 1000), at))
    monkeypatch.setattr("os.preadv", lambda fd, buffers, at: preadv(fd, [buffers[0][:1000]], at))
    monkeypatch.setattr("os.writev", lambda fd, buffers: writev(fd, [buffers[0][:1000]]))
    content = os.urandom(12_345)
    store.put("a/b", [content[:5000], content[5000:5001], content[5001:]])
    assert store.get("a/b") == content
    buffer = bytearray(12_345)
    store.get_into("a/b", memoryview(buffer))
    assert buffer == content


# O_DIRECT


needs_direct = pytest.mark.skipif(not folder_os.DIRECT, reason="no O_DIRECT on this system")


def test_only_aligned_buffers_are_written_directly() -> None:
    buffer = page_aligned(MIB)
    assert folder_os.can_be_direct([buffer]) is bool(folder_os.DIRECT)
    for views in (
        [buffer[1:]],
        [buffer[:-1]],
        [buffer[512:]],
        [buffer[:4096]],
        [buffer, buffer[:100]],
        [],
        [memoryview(bytes(MIB))],
    ):
        assert not folder_os.can_be_direct(views)


@needs_direct
def test_aligned_buffers_go_past_the_page_cache(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    flags_seen: list[int] = []
    real = os.open

    def note(path: str, flags: int, *rest: Any, **more: Any) -> int:
        flags_seen.append(flags)
        return real(path, flags, *rest, **more)

    monkeypatch.setattr("os.open", note)
    store.put("a/b", page_aligned(MIB))
    assert any(flags & folder_os.DIRECT for flags in flags_seen)


@needs_direct
@pytest.mark.parametrize("where", ["open", "open after creating", "first write", "second write", "short write"])
def test_file_systems_that_refuse_direct_writes(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    real_open, real_write = os.open, os.write
    writes = 0

    def opening(path: str, flags: int, *rest: Any, **more: Any) -> int:
        if flags & folder_os.DIRECT and where.startswith("open"):
            if "creating" in where:
                os.close(real_open(path, flags & ~folder_os.DIRECT, *rest, **more))
            raise OSError(errno.EINVAL, "refused")
        return real_open(path, flags, *rest, **more)

    def writing(descriptor: int, data: memoryview) -> int:
        nonlocal writes
        writes += 1
        if where == "short write":
            return real_write(descriptor, data[:8192])
        if where.startswith("first") or (where.startswith("second") and writes == 2):
            raise OSError(errno.EINVAL, "refused")
        return real_write(descriptor, data)

    monkeypatch.setattr("os.open", opening)
    monkeypatch.setattr("os.write", writing)
    content = page_aligned(9 * MIB)
    for name in ("a/b", "a/c"):
        store.put(name, content, create_only=True)
        assert store.get(name) == content
    assert leftovers(root) == []


# create-only where there are no hard links


def test_without_hard_links(store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.link", failing(errno.EPERM))
    promised = [store.properties.atomic_create]
    store.put("a/b", b"first", create_only=True)
    promised.append(store.properties.atomic_create)
    assert promised == [True, False]
    for _ in range(2):
        with pytest.raises(ObjectExistsError):
            store.put("a/b", b"second", create_only=True)
    assert store.get("a/b") == b"first"
    assert leftovers(root) == []


def test_lock_of_another_process(store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.link", failing(errno.ENOTSUP))
    lock = root / "a" / ".~b.md.lock"
    lock.touch()
    with pytest.raises(StoreBusyError) as caught:
        store.put("a/b", b"x", create_only=True)
    assert caught.value.retry is Retry.RETRYABLE
    assert leftovers(root) == [lock.name]
    os.utime(lock, (lock.stat().st_mtime - 1000,) * 2)
    with pytest.raises(StoreBusyError):
        store.put("a/b", b"x", create_only=True)
    store.put("a/b", b"x", create_only=True)
    assert leftovers(root) == []


def test_a_link_reported_twice_by_the_network(store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def link_and_fail(*paths: Any, **more: Any) -> None:
        real(*paths, **more)
        raise FileExistsError(errno.EEXIST, "exists")

    monkeypatch.setattr("os.link", link_and_fail)
    store.put("a/b", b"x", create_only=True)
    with pytest.raises(ObjectExistsError):
        store.put("a/b", b"y", create_only=True)
    assert store.get("a/b") == b"x"
    assert leftovers(root) == []


# durability


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="cannot tell which file a descriptor is of")
def test_content_before_name_before_flush(store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = folder_os._datasync

    def note(descriptor: int) -> None:
        synced.append(os.path.relpath(os.readlink(f"/proc/self/fd/{descriptor}"), root))
        assert "packs/ab/x" not in synced
        real(descriptor)

    monkeypatch.setattr(folder_os, "_datasync", note)
    for data in (b"x", page_aligned(MIB)):
        store.put("packs/ab/x", data)
        assert len(synced) == 1
        assert synced.pop().startswith("packs/ab/.~")
    store.delete("a/old")
    assert synced == []
    store.flush()
    assert sorted(synced) == [".", "a", "packs", "packs/ab"]
    synced.clear()
    store.flush()
    assert synced == []


def test_a_failed_flush_is_not_forgotten(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put("a/b", b"x")
    with monkeypatch.context() as patch:
        patch.setattr(folder_os, "_datasync", failing(errno.EIO))
        with pytest.raises(StoreUnavailableError):
            store.flush()
    with pytest.raises(StoreError) as caught:
        store.flush()
    assert caught.value.retry is Retry.PERMANENT


def test_file_systems_without_fsync(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_os, "_datasync", failing(errno.EINVAL))
    store.put("a/b", b"x")
    store.flush()
    assert store.get("a/b") == b"x"


# the real thing


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """``mount(options)`` mounts below the test's folder, if the test may."""
    mounted: list[Path] = []

    def run(*options: str) -> Path:
        place = tmp_path / f"mount{len(mounted)}"
        place.mkdir()
        if shutil.which("mount") is None or os.geteuid() != 0:
            pytest.skip("only root can mount")
        done = subprocess.run(["mount", *options, str(place)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"cannot mount here: {done.stderr.strip()}")
        mounted.append(place)
        return place

    yield run
    for place in reversed(mounted):
        # Not os.path.ismount, which does not see a bind mount within one file system. A test may have unmounted it.
        subprocess.run(["umount", "--lazy", str(place)], stderr=subprocess.DEVNULL, check=False)


def test_full_disk(mount: Callable[..., Path]) -> None:
    place = mount("-t", "tmpfs", "-o", "size=2m", "tmpfs")
    store = FolderStore.create(place)
    store.put("a/small", b"x")
    for data in (bytes(3 * MIB), page_aligned(3 * MIB)):
        with pytest.raises(StoreFullError) as caught:
            store.put("a/big", data, create_only=True)
        assert caught.value.retry is Retry.PAUSE
    assert [info.name for info in store.list()] == ["a/small"]
    assert leftovers(place) == []
    free = store.free_bytes()
    assert free is not None
    assert MIB < free < 2 * MIB
    store.put("a/fits", page_aligned(MIB))


def test_read_only_disk(mount: Callable[..., Path], store: FolderStore, root: Path) -> None:
    place = mount("--bind", "-o", "ro", str(root))
    if not os.statvfs(place).f_flag & os.ST_RDONLY:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
    frozen = FolderStore(place)
    assert frozen.get("a/old") == b"old"
    actions: list[Callable[[], object]] = [
        lambda: frozen.put("a/old", b"new"),
        lambda: frozen.put("new/x", b"new"),
        lambda: frozen.delete("a/old"),
    ]
    for action in actions:
        with pytest.raises(StoreReadOnlyError):
            action()
    frozen.delete("a/missing")
    frozen.flush()
    assert FolderStore.create(place).get("a/old") == b"old"


def test_unmounted_drive(mount: Callable[..., Path]) -> None:
    place = mount("-t", "tmpfs", "-o", "size=2m", "tmpfs")
    store = FolderStore.create(place)
    store.put("a/b", b"x")
    subprocess.run(["umount", str(place)], check=True)  # fails if the store kept anything open
    for action in (lambda: store.put("a/b", b"x"), lambda: store.get("a/b"), lambda: list(store.list())):
        with pytest.raises(StoreUnavailableError):
            action()
    with pytest.raises(StoreUnavailableError):
        store.flush()
    assert list(place.iterdir()) == []
