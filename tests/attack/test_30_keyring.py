"""Attack 30: make the keychain a plaintext file, by environment or configuration. Only listed classes are used.

Each case is a process of its own, with a home whose configuration and environment ask for another back end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from megadesk.state import keychain
from tests.attack.world import objects_of

REPO = Path(__file__).parents[2]

_EVIL_MODULE = """
import json, os
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 1000
    def _note(self, *what):
        with open(os.environ["EVIL_FILE"], "a") as file:
            file.write(json.dumps(what) + "\\n")
    def set_password(self, service, username, password): self._note("set", service, username, password)
    def get_password(self, service, username): self._note("get", service, username); return None
    def delete_password(self, service, username): self._note("delete", service, username)
    def __init__(self, *args, **kwargs): self._note("made")
class DBusKeyring(Keyring): pass
"""

_CHILD = """
import json, sys
from pathlib import Path
from megadesk.errors import KeyFileError
from megadesk.state.keychain import Keychain
chain = Keychain()
status = chain.status()
said = ""
try:
    chain.remember(Path(sys.argv[1]), "ab" * 32, bytes.fromhex(sys.argv[2]))
except KeyFileError as error:
    said = str(error)
print(json.dumps([status.available, status.title, said]))
"""

BACKENDS = (
    "keyring.backends.null.Keyring",
    "keyring.backends.fail.Keyring",
    "evil.Keyring",
    "keyrings.alt.file.PlaintextKeyring",
)


def environments(place: Path) -> dict[str, dict[str, str]]:
    found = {f"variable {backend}": {"PYTHON_KEYRING_BACKEND": backend} for backend in BACKENDS}
    found["properties"] = {
        "KEYRING_PROPERTY_KEYCHAIN": str(place / "plain"),
        "KEYRING_PROPERTY_SCHEME": "evil",
        "KEYRING_PROPERTY_APPID": "Evil",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": "evil",
    }
    found["no bus"] = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={place}/nobody"}
    return found


CASES: list[tuple[str, str | None]] = [(case, None) for case in environments(Path("/"))]
CASES += [(case, backend) for case in ("properties", "variable evil.Keyring") for backend in BACKENDS]


@pytest.mark.parametrize(("case", "configured"), CASES)
def test_redirected(home: Path, tmp_path: Path, case: str, configured: str | None) -> None:
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "evil.py").write_text(_EVIL_MODULE)
    if configured:
        for place in (
            home / ".config" / "python_keyring",
            home / "config" / "python_keyring",
            home / "data" / "python_keyring",
        ):
            place.mkdir(parents=True)
            (place / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={configured}\nkeyring-path={evil}\n")
    secret = os.urandom(32)
    environment = {
        **os.environ,
        **environments(tmp_path)[case],
        "PYTHONPATH": f"{REPO}{os.pathsep}{evil}",
        "EVIL_FILE": str(tmp_path / "heard"),
    }
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, str(home / "keys.keychain"), secret.hex()],
        env=environment,
        capture_output=True,
        check=True,
        timeout=60,
    )
    available, title, said = json.loads(ran.stdout)
    # No keychain runs here: then there is none, and never another in its place.
    assert not available
    assert title == ""
    assert "not available" in said
    assert not (home / "keys.keychain").exists()
    assert not (tmp_path / "heard").exists(), "a back end of the environment's was asked"
    for name, data in {**objects_of(home), **objects_of(tmp_path)}.items():
        assert secret not in data, name
        assert secret.hex().encode() not in data, name


def test_the_list_of_classes() -> None:
    """Only system keychains, each by module and class; adding one is a decision to be taken here too."""
    assert {(entry.module, entry.class_name) for entry in keychain.ALLOWED} == {
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
    }


def test_nobody_else_imports_keyring() -> None:
    """keyring.get_keyring() and the like, which read environment and configuration, are called nowhere."""
    for path in (REPO / "megadesk").rglob("*.py"):
        text = path.read_text()
        assert "get_keyring" not in text, path
        assert "import keyring" not in text, path
        if path.name != "keychain.py":
            assert "keyring.backends" not in text, path
