"""Random histories of several computers with one folder kept equal (sync_machine). Failed seeds of the past stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from megadesk.stores.folder import FolderStore
from megadesk.stores.memory import MemoryStore
from megadesk.sync import run
from tests.contract import md_servers
from tests.system.sync_machine import Anew, Machine

HISTORIES = 50
LONG_HISTORIES = 2000
STEPS = 30
ANEW = 3
LONG_ANEW = 150
PAST_FAILURES = (23, 99, 119, 131, 142, 1002, 1053, 1066, 1074, 1091, 1100, 1151, 4039, 4077, 5209)


@pytest.fixture
def fast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in memory where there is one: a history makes thousands of small files."""
    import shutil
    import tempfile

    shm = Path("/dev/shm")
    if not shm.is_dir():
        return tmp_path_factory.mktemp("sync")
    folder = Path(tempfile.mkdtemp(prefix="megadesk-test-", dir=shm))
    try:
        yield folder  # type: ignore[misc]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def play(seeds: range | tuple[int, ...], folder: Path) -> None:
    for seed in seeds:
        where = folder / str(seed)
        # Every fourth on a real folder.
        store = FolderStore.create(where / "store") if seed % 4 == 0 else None
        try:
            Machine(seed, where, store).play(STEPS)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error


def test_histories(fast: Path) -> None:
    play(range(HISTORIES), fast)


def test_past_failures(fast: Path) -> None:
    play(PAST_FAILURES, fast)


def test_histories_in_small_pieces(fast: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a first run finds more than fits into one plan, all the time."""
    for piece in (1, 3):
        monkeypatch.setattr(run, "PIECE", piece)
        play(range(100 * piece + 5000, 100 * piece + 5010), fast)


def test_histories_on_a_server(fast: Path) -> None:
    """Over real sockets."""
    with md_servers.in_thread(MemoryStore()) as server:
        for seed in range(3000, 3004):
            client = server.client(folder=f"locker{seed}")
            try:
                Machine(seed, fast / str(seed), client).play(STEPS)
            finally:
                client.close()


def test_histories_in_which_files_are_encrypted_anew(fast: Path) -> None:
    for seed in range(ANEW):
        anew(seed, fast)


@pytest.mark.long
def test_many_histories_in_which_files_are_encrypted_anew(fast: Path) -> None:
    for seed in range(ANEW, LONG_ANEW):
        anew(seed, fast)


def anew(seed: int, folder: Path) -> None:
    try:
        Anew(seed, folder / str(seed)).play(STEPS)
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.long
def test_many_histories(fast: Path) -> None:
    play(range(HISTORIES, LONG_HISTORIES), fast)
