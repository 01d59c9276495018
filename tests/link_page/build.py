"""The page's build, for tests: what npm installs is kept beside the sources, as a developer has it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = ROOT / "resources" / "link"


def need_node() -> None:
    """Skip where node or npm are missing, except under CI."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"missing programs: {', '.join(missing)}")
    if missing:
        pytest.skip(f"missing programs: {', '.join(missing)} (python3 dev.py test says what to install)")


def install() -> None:
    """``npm ci``, unless what package-lock.json says is installed already."""
    need_node()
    digest = hashlib.sha256((LINK / "package-lock.json").read_bytes()).hexdigest()
    marker = LINK / "node_modules" / ".megadesk-lock"
    with (LINK / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several runs of the tests may share a checkout
        if marker.exists() and marker.read_text() == digest:
            return
        run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
        marker.write_text(digest)


def run(*command: str, stdin: str = "") -> str:
    """What the command printed; fails the test with what it complained about."""
    environ = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    done = subprocess.run(command, cwd=LINK, input=stdin, capture_output=True, text=True, env=environ, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(command)}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout
