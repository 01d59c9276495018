from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import DamagedError, PathError, StoreUnavailableError
from megadesk.state import logs
from megadesk.state.logs import RotatingFile, configure, private, redact
from megadesk.state.paths import Paths

pytestmark = pytest.mark.usefixtures("clean_logging", "expected_warnings")

RECOVERY = "-".join(["0A1B2", "C3D4E", "5F6G7", "H8J9K", "MNPQR"] * 2 + ["STVWX", "YZ012", "34567"])
HEX = "0123456789abcdef" * 4


@pytest.fixture
def log(paths: Paths) -> logging.Logger:
    configure(paths)
    return logging.getLogger("megadesk.test")


@pytest.fixture
def read(paths: Paths) -> Any:
    return lambda: (paths.log_dir / "megadesk.log").read_text()


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        (f"key {RECOVERY}.", [RECOVERY, "C3D4E"]),
        (f"key {RECOVERY.lower()}", ["c3d4e"]),
        (f"key {RECOVERY.replace('-', ' ')}", ["C3D4E"]),
        (f"key {RECOVERY.replace('-', '')}", ["C3D4E"]),
        (f"key {RECOVERY[:-3]}", ["C3D4E", "34"]),
        (f"key {RECOVERY[6:41]}", ["C3D4E"]),
        (f"x'{HEX}'", [HEX]),
        (f"id_{HEX.upper()}_", [HEX.upper()]),
        (f"{HEX}{HEX}", [HEX]),
        ("k=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=.", ["AAEC"]),
        ("see https://host/l/abc#k=secret-part, then", ["secret-part"]),
        ("see 'megadesk+https://host:1/l#secret-part'", ["secret-part"]),
        ("MEGADESK_PASSPHRASE=correct horse battery", ["correct", "horse", "battery"]),
        ("{'MEGADESK_PASSPHRASE': 'correct horse'}", ["correct", "horse"]),
        ("export MEGADESK_PASSPHRASE = 'correct horse'", ["correct", "horse"]),
        ("MEGADESK_RECOVERY_KEY=abc", ["abc"]),
        ("AWS_SECRET_ACCESS_KEY=abc/def", ["abc"]),
        ("password=hunter2", ["hunter2"]),
        ("Authorization: Bearer abc.def", ["abc"]),
        ("davs://me:hunter2@host/x", ["hunter2"]),
        ("GET https://h/x?a=1&X-Amz-Signature=abcdef&b=2", ["abcdef"]),
    ],
)
def test_secrets_are_cut(text: str, secrets: list[str]) -> None:
    cut = redact(text)
    assert "[redacted]" in cut
    for secret in secrets:
        assert secret not in cut
    assert redact(cut) == cut


@pytest.mark.parametrize(
    "text",
    [
        "packs/ab/0123456789abcdef0123456789abcdef not found",
        "stored 10000 files, 12345 bytes in 67890 ms, 3.5 MiB/s",
        "https://host/path?page=2 answered 503",
        "issue #12 of the store",
        "2024-01-02T03:04:05",
        "the token of the store was refused",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert redact(text) == text


def test_hostile_text_takes_linear_time_and_little_room(log: logging.Logger, read: Any) -> None:
    """Patterns that start over at every letter would take minutes for these."""
    for unit in ("x", "a:", "a-", "x#", "://", "&key", "AAAAA-", "f" * 63 + " ", "SECRET ", "\x00"):
        log.info("%s", unit * (200_000 // len(unit)))
    assert len(read()) < 10 * 17_000


def test_a_line(log: logging.Logger, read: Any, paths: Paths) -> None:
    log.info("stored %d objects", 5)
    line = read()
    assert line.endswith(" MainThread megadesk.test: stored 5 objects\n")
    assert f" INFO {os.getpid()} " in line
    file = paths.log_dir / "megadesk.log"
    assert file.stat().st_mode & 0o777 == 0o600
    assert paths.log_dir.stat().st_mode & 0o777 == 0o700


def test_secrets_split_over_arguments_and_control_characters(log: logging.Logger, read: Any) -> None:
    log.info("%s-%s then\nforged \x1b[31m line\u2028", RECOVERY[:35], RECOVERY[36:])
    log.info("MEGADESK_PASSPHRASE=%s", "correct\nhorse")
    assert RECOVERY[:5] not in read()
    assert "horse" not in read()
    assert read().count("\n") == 2
    assert "\\x0aforged \\x1b[31m line\\x2028" in read()


def test_errors_are_logged_without_their_sentence(log: logging.Logger, read: Any) -> None:
    def fail() -> None:
        try:
            open("/no/such/diary.txt")
        except OSError as error:
            raise PathError("There is no /Documents/diary.txt in the locker.") from error

    try:
        fail()
    except PathError as error:
        log.exception("put failed: %s", error)
        log.error(error)
        log.error("with a name in the format: %(e)s", {"e": error})
    text = read()
    assert "diary" not in text
    assert "put failed: PathError (Check the path)" in text
    assert "in fail\nFileNotFoundError: ENOENT\n" in text
    assert "test_state_logs.py:" in text


def test_errors_about_opaque_objects_keep_it(log: logging.Logger, read: Any) -> None:
    log.warning("%s", StoreUnavailableError("The storage at https://h/x#frag did not answer in 30 s."))
    log.warning("%s", DamagedError("packs/ab/01 does not open."))
    assert "StoreUnavailableError: The storage at https://h/x#[redacted] did not" in read()
    assert "DamagedError: packs/ab/01 does not open." in read()


def test_private_names(log: logging.Logger, read: Any) -> None:
    log.info("%s %r %s", private("diary.txt"), private(b"diary.txt"), private("x\udcff"))
    assert "diary" not in read()
    first, second, third = (part.split(">")[0] for part in read().split("<name ")[1:])
    assert first == second != third


def test_a_cached_traceback_of_another_handler_is_not_used(log: logging.Logger, read: Any) -> None:
    """Handlers share ``record.exc_text``: ours must neither take nor give it."""
    seen: list[logging.LogRecord] = []

    class Other(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logging.Formatter().format(record)
            seen.append(record)

    root = logging.getLogger()
    other = Other()
    root.handlers.insert(0, other)
    try:
        try:
            raise PathError("diary")
        except PathError:
            log.exception("x")
    finally:
        root.removeHandler(other)
    assert "diary" not in read()
    assert seen[0].exc_text is not None
    assert "diary" in seen[0].exc_text


def test_levels(paths: Paths, monkeypatch: pytest.MonkeyPatch, read: Any) -> None:
    monkeypatch.setenv("MEGADESK_LOG", "debug")
    configure(paths)
    logging.getLogger("megadesk.x").debug("ours")
    logging.getLogger("httpx").info("theirs: GET /secret")
    logging.getLogger("httpx").warning("theirs: failed")
    assert "ours" in read()
    assert "GET" not in read()
    assert "theirs: failed" in read()


def test_a_wrong_level_is_told(paths: Paths, monkeypatch: pytest.MonkeyPatch, read: Any) -> None:
    monkeypatch.setenv("MEGADESK_LOG", "loud")
    configure(paths)
    assert "MEGADESK_LOG should be" in read()


def test_configured_once_and_for_one_home(paths: Paths, tmp_path: Path) -> None:
    first = configure(paths)
    assert configure(paths) is first
    other = configure(Paths(tmp_path / "other"))
    logging.getLogger("megadesk").info("x")
    assert not paths.log_dir.exists()
    assert [h for h in logging.getLogger().handlers if isinstance(h, RotatingFile)] == [other]


def test_it_turns_over_and_keeps_five(tmp_path: Path) -> None:
    assert (logs.MAX_FILE_BYTES, logs.FILES) == (1 << 20, 5)
    folder = tmp_path / "log"
    handler = RotatingFile(folder / "x.log", max_bytes=10_000)
    for number in range(100):
        handler.handle(logging.makeLogRecord({"msg": f"{number:04d} {'x' * 900}"}))
    handler.close()
    files = sorted(os.listdir(folder))
    assert files == [".x.log.lock", "x.log", *(f"x.log.{n}" for n in range(1, 5))]
    for name in files[1:]:
        assert (folder / name).stat().st_size < 11_100
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert "0099" in (folder / "x.log").read_text()


WRITER = """
import logging, sys
from pathlib import Path
from megadesk.state.logs import RotatingFile
handler = RotatingFile(Path(sys.argv[1]), max_bytes=20000, files=50)
log = logging.getLogger("megadesk")
log.addHandler(handler)
log.setLevel("INFO")
print("ready", flush=True)
sys.stdin.readline()
for number in range(1000):
    log.info("%s %04d %s", sys.argv[2], number, "x" * 80)
"""


def test_processes_share_a_file_and_lose_no_line(tmp_path: Path, spawn: Any) -> None:
    path = tmp_path / "log/x.log"
    children = [spawn(WRITER, path, name) for name in "abc"]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    assert [child.wait(120) for child in children] == [0, 0, 0]
    lines = [
        line.split("megadesk: ")[1].rsplit(" ", 1)
        for file in path.parent.glob("x.log*")
        for line in file.read_text().splitlines()
    ]
    assert len(list(path.parent.glob("x.log*"))) > 10
    assert sorted(head for head, _ in lines) == sorted(f"{c} {n:04d}" for c in "abc" for n in range(1000))
    assert {tail for _, tail in lines} == {"x" * 80}


def test_without_a_writable_folder_there_is_no_log_and_no_noise(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    handler = configure(Paths(tmp_path / "file"))
    logging.getLogger("megadesk").warning("secret %s", "x")
    handler.handle(logging.makeLogRecord({"msg": "bad arguments %d", "args": ("secret",)}))
    if Path("/dev/full").exists():
        handler = RotatingFile(tmp_path / "full")
        handler.handle(logging.makeLogRecord({"msg": "bad arguments %d", "args": ("secret",)}))
        (tmp_path / "full").unlink()
        (tmp_path / "full").symlink_to("/dev/full")
        handler.handle(logging.makeLogRecord({"msg": "secret"}))
        handler.close()
    assert capfd.readouterr().err == ""
    assert sys.exc_info() == (None, None, None)
