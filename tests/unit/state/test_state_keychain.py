"""The keychain: with a fake back end, with the environment against it, and with a real Secret Service."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import pytest

from megadesk.errors import KeyFileError
from megadesk.state import keychain
from megadesk.state.keychain import Keychain

REPO = Path(__file__).parents[3]
ID = "ab" * 32
PAYLOAD = b"the device's secrets" * 20


class Fake:
    """A keychain in memory; ``fail`` names the methods that fail."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.fail: set[str] = set()
        self.deaf = False

    def _may(self, what: str) -> None:
        if what in self.fail:
            raise RuntimeError(f"org.freedesktop.DBus.Error.NoReply ({what})")

    def get_password(self, service: str, username: str) -> str | None:
        self._may("get")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._may("set")
        if not self.deaf:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._may("delete")
        del self.entries[service, username]


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture
def chain(fake: Fake) -> Keychain:
    return Keychain(fake)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.keychain"


def test_remember_recall_forget(chain: Keychain, fake: Fake, path: Path) -> None:
    assert chain.recall(path, ID) is None
    chain.remember(path, ID, PAYLOAD)
    assert path.stat().st_mode & 0o777 == 0o600
    assert chain.recall(path, ID) == PAYLOAD
    chain.forget(path)
    assert not path.exists()
    assert fake.entries == {}
    assert chain.recall(path, ID) is None
    chain.forget(path)


def test_neither_half_holds_the_payload(chain: Keychain, fake: Fake, path: Path) -> None:
    chain.remember(path, ID, PAYLOAD)
    (stored,) = fake.entries.values()
    assert len(bytes.fromhex(stored)) == 32
    assert b"secrets" not in path.read_bytes()
    assert bytes.fromhex(stored) not in path.read_bytes()


def test_remembering_anew_leaves_one_entry(chain: Keychain, fake: Fake, path: Path) -> None:
    chain.remember(path, ID, b"one")
    first = next(iter(fake.entries.values()))
    chain.remember(path, ID, b"two")
    assert chain.recall(path, ID) == b"two"
    assert list(fake.entries.values()) != [first]
    assert len(fake.entries) == 1


def test_two_copies_do_not_mix(chain: Keychain, path: Path) -> None:
    other = path.with_name("other")
    chain.remember(path, ID, b"one")
    chain.remember(other, "cd" * 32, b"two")
    assert (chain.recall(path, ID), chain.recall(other, "cd" * 32)) == (b"one", b"two")
    with pytest.raises(KeyFileError, match="of another locker"):
        chain.recall(path, "cd" * 32)


def test_any_change_to_the_copy_is_noticed(chain: Keychain, path: Path) -> None:
    chain.remember(path, ID, b"payload")
    data = path.read_bytes()
    for position in range(len(data)):
        path.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        try:
            # A changed handle asks for another entry, which is not there.
            assert chain.recall(path, ID) is None
            assert 5 <= position < 21
        except KeyFileError:
            pass
    for cut in range(len(data)):
        path.write_bytes(data[:cut])
        with pytest.raises(KeyFileError):
            chain.recall(path, ID)


def test_what_the_keychain_holds_may_be_nonsense(chain: Keychain, fake: Fake, path: Path) -> None:
    chain.remember(path, ID, PAYLOAD)
    (entry,) = fake.entries
    for text in ("", "zz", "ab" * 31, "ab" * 32):
        fake.entries[entry] = text
        with pytest.raises(KeyFileError, match="damaged") as caught:
            chain.recall(path, ID)
        assert caught.value.__context__ is None


@pytest.mark.parametrize("what", ["get", "set"])
def test_a_failing_service_is_an_error_with_its_reason(chain: Keychain, fake: Fake, path: Path, what: str) -> None:
    chain.remember(path, ID, b"one")
    fake.fail = {what}
    with pytest.raises(KeyFileError, match="NoReply") as caught:
        chain.remember(path, ID, b"two")
    assert caught.value.__context__ is None or not isinstance(caught.value.__context__, RuntimeError)
    fake.fail = set()
    assert chain.recall(path, ID) == b"one"
    assert len(fake.entries) == 1


def test_forgetting_needs_no_service(chain: Keychain, fake: Fake, path: Path) -> None:
    chain.remember(path, ID, b"one")
    fake.fail = {"delete", "get"}
    chain.forget(path)
    assert not path.exists()


def test_a_service_that_keeps_nothing(chain: Keychain, fake: Fake, path: Path) -> None:
    fake.deaf = True
    with pytest.raises(KeyFileError, match="did not keep"):
        chain.remember(path, ID, b"one")
    assert not path.exists()


def test_a_hung_service_does_not_hang_us(
    chain: Keychain, fake: Fake, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.remember(path, ID, b"one")
    monkeypatch.setattr(keychain, "PROMPT_TIMEOUT_S", 0.05)
    end = threading.Event()

    def hang(service: str, username: str) -> str | None:
        end.wait(60)
        return None

    monkeypatch.setattr(fake, "get_password", hang)
    with pytest.raises(KeyFileError, match="TimeoutError: no answer"):
        chain.recall(path, ID)
    end.set()


def test_errors_do_not_quote_the_wrapping_key(
    chain: Keychain, fake: Fake, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaked: list[str] = []

    def leak(service: str, username: str, password: str) -> None:
        leaked.append(password)
        raise RuntimeError(f"cannot store {password}")

    monkeypatch.setattr(fake, "set_password", leak)
    with pytest.raises(KeyFileError) as caught:
        chain.remember(path, ID, b"one")
    assert leaked[0] not in "".join(traceback.format_exception(caught.value))


def test_too_large(chain: Keychain, fake: Fake, path: Path) -> None:
    with pytest.raises(KeyFileError, match="more to keep"):
        chain.remember(path, ID, bytes(65536))
    assert fake.entries == {}


def test_the_allow_list() -> None:
    """Whoever extends it must think about what the class does with its entries: nothing in clear, nothing
    chained.
    """
    assert [(entry.module, entry.class_name) for entry in keychain.ALLOWED] == [
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
    ]


def test_importing_does_not_load_keyring() -> None:
    program = "import sys, megadesk.state.keychain; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=REPO).returncode == 0


# --- the environment against us
# -------------------------------------------------------------------------------

PROBE = """
import sys
from megadesk.state.keychain import Keychain
status = Keychain().status()
print(status.available, status.title, status.reason, sep="|")
bad = [name for name in sys.modules if name.startswith("keyrings") or name.endswith("backends.null")]
print(bad)
"""

USE = """
import sys
from pathlib import Path
from megadesk.state.keychain import Keychain
chain = Keychain()
status = chain.status()
print(status.available, status.title, status.reason, sep="|")
path = Path(sys.argv[1])
if sys.argv[2] == "remember":
    chain.remember(path, "ab" * 32, b"payload")
    chain.remember(path, "ab" * 32, b"payload 2")
elif sys.argv[2] == "forget":
    chain.forget(path)
print(chain.recall(path, "ab" * 32))
print([name for name in sys.modules if name.startswith("keyrings") or name.endswith("backends.null")])
"""

PLAINTEXT = """
from pathlib import Path
from keyring.backend import KeyringBackend
class PlaintextKeyring(KeyringBackend):
    priority = 99
    def get_password(self, service, username):
        Path(__file__).with_name("used").touch()
    def set_password(self, service, username, password):
        Path(__file__).with_name("used").write_text(password)
    def delete_password(self, service, username):
        Path(__file__).with_name("used").touch()
"""


@pytest.fixture
def hostile(tmp_path: Path) -> dict[str, str]:
    """An environment and a configuration that send keyring to a plaintext file, by every way it knows."""
    plain = tmp_path / "python/keyrings/alt/file.py"
    plain.parent.mkdir(parents=True)
    plain.write_text(PLAINTEXT)
    for part in ("config", "data", "run"):
        (tmp_path / part).mkdir(mode=0o700)
    for folder in ("config", "data"):  # keyring has looked in both
        rc = tmp_path / folder / "python_keyring/keyringrc.cfg"
        rc.parent.mkdir()
        rc.write_text(
            f"[backend]\ndefault-keyring=keyrings.alt.file.PlaintextKeyring\nkeyring-path={tmp_path / 'python'}\n"
        )
    keep = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **keep,
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "PYTHONPATH": f"{REPO}{os.pathsep}{tmp_path / 'python'}",
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/elsewhere",
        "KEYRING_PROPERTY_SCHEME": "nonsense",
        "KEYCHAIN_PATH": str(tmp_path / "elsewhere.keychain"),
    }


def run(program: str, *args: object, env: dict[str, str]) -> list[str]:
    command = [sys.executable, "-c", program, *map(str, args)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a keychain is always there")
@pytest.mark.parametrize("backend", ["keyrings.alt.file.PlaintextKeyring", "keyring.backends.null.Keyring"])
def test_no_service_means_no_keychain_whatever_the_environment_offers(
    hostile: dict[str, str], tmp_path: Path, backend: str
) -> None:
    env = hostile | {"PYTHON_KEYRING_BACKEND": backend, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no"}
    status, bad = run(PROBE, env=env)
    assert status.startswith("False||The keychain of this system is not available (Secret Service: ")
    assert bad == "[]"
    assert not (tmp_path / "python/keyrings/alt/used").exists()


def test_the_hostile_environment_would_work_on_keyring_itself(hostile: dict[str, str]) -> None:
    """Else the tests beside this one would show nothing."""
    (name,) = run("import keyring; print(type(keyring.get_keyring()).__name__)", env=hostile)
    assert name == "PlaintextKeyring"
    del hostile["PYTHON_KEYRING_BACKEND"]
    (name,) = run("import keyring; print(type(keyring.get_keyring()).__name__)", env=hostile)
    assert name == "PlaintextKeyring"


def test_a_real_secret_service(hostile: dict[str, str], tmp_path: Path, need_programs: Any) -> None:
    """Remember, recall in another process, forget; nothing of it in clear on disk, the environment ignored."""
    need_programs("dbus-run-session", "gnome-keyring-daemon")
    script = (
        "gnome-keyring-daemon --unlock --components=secrets < login >/dev/null 2>&1;"
        'for step in remember recall forget; do "$0" -c "$1" "$2" $step || exit 1; done'
    )
    (tmp_path / "login").write_text("login password")
    path = tmp_path / "keys.keychain"
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script, sys.executable, USE, path],
        env=hostile,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines == [
        *("True|Secret Service|", "b'payload 2'", "[]"),
        *("True|Secret Service|", "b'payload 2'", "[]"),
        *("True|Secret Service|", "None", "[]"),
    ]
    assert not path.exists()
    assert not (tmp_path / "python/keyrings/alt/used").exists()
