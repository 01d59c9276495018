"""What the server is installed with: the systemd units and the container's recipe fit the program and the tree."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
RECIPE = (ROOT / "resources" / "server" / "Containerfile").read_text()


@pytest.mark.parametrize("unit", ["server/megadesk-serve.service", "megadesk-sync.service"])
def test_systemd_takes_the_unit(unit: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    text = (ROOT / "resources" / unit).read_text()
    start = re.search(r"^ExecStart=(\S+)", text, re.MULTILINE)
    assert start is not None
    # Where the program lies is for the administrator to say; here it is any that exists.
    copy = tmp_path / Path(unit).name
    copy.write_text(text.replace(f"ExecStart={start[1]}", f"ExecStart={sys.executable}"))
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=one", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    said = [line for line in (done.stdout + done.stderr).splitlines() if copy.name in line]
    assert said == []
    assert done.returncode == 0, done.stderr


def test_the_container_copies_what_there_is_and_leaves_the_window_out(tmp_path: Path) -> None:
    copied = [word for line in re.findall(r"^COPY (.*) \S+$", RECIPE, re.MULTILINE) for word in line.split()]
    assert "megadesk" in copied
    for name in copied:
        target = tmp_path / name
        if (ROOT / name).is_dir():
            target.symlink_to(ROOT / name)
        else:
            shutil.copy(ROOT / name, target)
    (step,) = re.findall(r'^RUN (python -c "(?:.|\n)*?") > requirements.txt', RECIPE, re.MULTILINE)
    words = shlex.split(step.replace("\\\n", ""))
    done = subprocess.run([sys.executable, *words[1:]], cwd=tmp_path, capture_output=True, text=True, check=True)
    wanted = done.stdout.split("\n")
    assert any(line.startswith("starlette") for line in wanted)
    assert not any("PySide6" in line for line in wanted)


def test_the_container_starts_the_server(tmp_path: Path) -> None:
    """Its entry point, with the help instead of a store; no library of the window is loaded."""
    (entry,) = re.findall(r'^ENTRYPOINT \["python", (.*)\]$', RECIPE, re.MULTILINE)
    words = [word.strip().strip('"') for word in entry.split(",")]
    program = (
        "import runpy, sys\n"
        f"sys.argv = {['megadesk', *words[2:], '--help']!r}\n"
        "try:\n    runpy.run_module('megadesk', run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "assert not [name for name in sys.modules if name.startswith('PySide6')]\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--listen" in done.stdout
    (options,) = re.findall(r"^CMD \[(.*)\]$", RECIPE, re.MULTILINE)
    assert '"--listen"' in options
