"""The house keeps its promises: dev.py, the fixtures of every test, and papers that agree with each other."""

from __future__ import annotations

import ast
import http.server
import importlib.util
import logging
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import threading
import tomllib
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType, SimpleNamespace

import hypothesis
import pytest

import megadesk
from megadesk.crypto import kdf

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MAX_LINES = 800  # 400 is where a file is looked at again; here it must be split


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_dev(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), *arguments],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], **environ},
        timeout=60,
    )


# --- dev.py ----------------------------------------------------------------------------------------------------


def test_an_old_python_can_read_dev_py_to_be_told_that_it_is_old() -> None:
    ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 6))


def test_a_start_pays_for_no_module_that_it_does_not_need() -> None:
    """A warm start execs at once; what is imported before that would be felt in every command."""
    code = f"""
import sys, importlib.util
spec = importlib.util.spec_from_file_location("dev", {str(ROOT / "dev.py")!r})
dev = importlib.util.module_from_spec(spec)
before = set(sys.modules)
spec.loader.exec_module(dev)
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there always is a display")
def test_without_a_display_one_line_names_commands_that_need_none() -> None:
    done = run_dev("run")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "no display" in done.stderr
    assert "put" in done.stderr


def test_unknown_command_is_a_usage_error_and_no_command_is_help() -> None:
    assert run_dev("frobnicate").returncode == 2
    shown = run_dev()
    assert shown.returncode == 0
    for command in ("run", "test", "check", "bench", "build"):
        assert f"dev.py {command}" in shown.stdout


def test_bytecode_is_kept_where_it_must_not_lie_beside_the_sources(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")  # so that it is as before at the end
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    dev.keep_bytecode()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert Path(os.environ["PYTHONPYCACHEPREFIX"]).parent == Path(dev.VENV)
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    dev.keep_bytecode()  # nobody forbids it: it goes where it always goes
    assert "PYTHONPYCACHEPREFIX" not in os.environ


def _apt(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, *, uid: int, programs: set[str], failing: set[str]
) -> list[list[str]]:
    """Let dev.py believe in those programs and that user; returns the commands that it runs."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        ran.append(command)
        failed = any(word in failing for word in command)
        return SimpleNamespace(returncode=int(failed), stdout="", stderr="E: no such package\n" if failed else "")

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(os, "geteuid", lambda: uid, raising=False)
    return ran


def test_root_installs_debian_packages(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _apt(dev, monkeypatch, uid=0, programs={"apt-get"}, failing=set())
    assert dev.install_debian(["libegl1"]) == ""
    assert len(ran) == 1
    assert ran[0][-1] == "libegl1"
    assert "sudo" not in ran[0]


def test_sudo_without_a_password_is_used(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _apt(dev, monkeypatch, uid=1000, programs={"apt-get", "sudo"}, failing=set())
    assert dev.install_debian(["libegl1"]) == ""
    assert ran[-1][:2] == ["sudo", "-n"]


def test_without_rights_the_command_is_named(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _apt(dev, monkeypatch, uid=1000, programs={"apt-get", "sudo"}, failing={"true"})
    assert dev.install_debian(["libegl1", "libgl1"]) == "type: sudo apt-get install libegl1 libgl1"
    assert ran == [["sudo", "-n", "true"]]
    _apt(dev, monkeypatch, uid=1000, programs={"apt-get"}, failing=set())
    assert "apt-get install libegl1" in dev.install_debian(["libegl1"])
    _apt(dev, monkeypatch, uid=1000, programs=set(), failing=set())
    assert "libegl1" in dev.install_debian(["libegl1"])


def test_package_lists_are_fetched_when_needed(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _apt(dev, monkeypatch, uid=0, programs={"apt-get"}, failing={"libmissing"})
    assert "E: no such package" in dev.install_debian(["libmissing"])
    assert [command[-1] for command in ran] == ["libmissing", "update", "libmissing"]


def test_missing_libraries_are_found_by_loading_them(dev: ModuleType) -> None:
    assert dev.missing_libraries({"libnowhere.so.7": "libnowhere7"}) == ["libnowhere7"]
    assert dev.missing_libraries({}) == []


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution", "network"),
        ("Collecting a\nERROR: No matching distribution found for a\nERROR: second", "No matching distribution"),
        ("Killed\n", "Killed"),
        ("", "no reason"),
    ],
)
def test_one_line_of_pip_says_why(dev: ModuleType, output: str, reason: str) -> None:
    assert reason in dev.pip_reason(output)
    assert "\n" not in dev.pip_reason(output)


def test_the_environment_is_not_touched_while_pyproject_stays(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed: list[list[str]] = []
    python = tmp_path / ".venv/bin/python"

    def make_venv() -> None:
        site = tmp_path / f".venv/lib/python{dev.PYTHON_VERSION}/site-packages"
        site.mkdir(parents=True, exist_ok=True)
        python.parent.mkdir(exist_ok=True)
        python.touch()
        dev.write_marker("python", [dev.PYTHON_VERSION])

    def pyproject(dependency: str, other: str = "") -> None:
        text = f'[project]\ndependencies = ["{dependency}"]\n[project.optional-dependencies]\ndev = ["d"]\n{other}'
        (tmp_path / "pyproject.toml").write_text(text)

    monkeypatch.setattr(dev, "ROOT", str(tmp_path))
    monkeypatch.setattr(dev, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(dev, "PYTHON", str(python))
    monkeypatch.setattr(dev, "make_venv", make_venv)
    monkeypatch.setattr(dev, "install", installed.append)

    pyproject("a")
    dev.environment("dev")
    dev.environment()
    dev.environment("dev")
    assert installed == [["a", "d"]]
    pyproject("a", other="[tool.x]\n")
    dev.environment("dev")
    assert len(installed) == 1
    pyproject("b")
    dev.environment()
    assert installed[1:] == [["b"]]
    python.unlink()
    dev.environment()
    assert len(installed) == 3


# --- the fixtures ----------------------------------------------------------------------------------------------


def test_home_is_none_of_the_users(home: Path, tmp_path: Path) -> None:
    assert Path.home() == home
    assert Path(os.environ["MEGADESK_HOME"]).is_relative_to(home)
    assert tmp_path.parents[1] in home.parents
    assert "MEGADESK_PASSPHRASE" not in os.environ


def test_network_is_blocked_and_attempts_are_kept(network_guard: object) -> None:
    from typing import Any

    guard: Any = network_guard
    with socket.socket() as sock, pytest.raises(OSError, match="do not use the network"):
        sock.connect(("192.0.2.1", 80))
    with pytest.raises(OSError, match="do not use the network"):
        socket.create_connection(("example.org", 80))
    assert guard.attempts == ["192.0.2.1", "example.org"]
    guard.attempts.clear()


def test_loopback_works() -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with urllib.request.urlopen(f"http://localhost:{server.server_port}/") as answer:
            assert answer.status == 204
        thread.join()


def test_expected_warnings_are_handed_over(expected_warnings: object) -> None:
    from typing import Any

    log: Any = expected_warnings
    logging.getLogger("megadesk.somewhere").warning("as %s", "expected")
    logging.getLogger("megadesk.somewhere").info("not kept")
    assert log.messages == ["as expected"]


def test_unexpected_warnings_and_network_fail_a_test(tmp_path: Path) -> None:
    """A run of pytest with our conftest.py and tests that misbehave."""
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  long: x\n")
    (tmp_path / "test_bad.py").write_text(
        "import logging, socket, contextlib, pytest\n"
        "def test_log(): logging.getLogger('megadesk.x').error('oh')\n"
        "def test_foreign_log(): logging.getLogger('other').error('oh')\n"
        "def test_net():\n"
        "    with contextlib.suppress(OSError): socket.create_connection(('192.0.2.1', 9))\n"
        "@pytest.mark.long\n"
        "def test_long(): raise AssertionError\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environ)
    assert "3 passed, 1 deselected, 2 errors" in done.stdout, done.stdout
    assert "ERROR megadesk.x: oh" in done.stdout
    assert "tried to reach 192.0.2.1" in done.stdout
    done = subprocess.run([*command, "--tier", "long"], cwd=tmp_path, capture_output=True, text=True, env=environ)
    assert "1 failed, 3 passed, 2 errors" in done.stdout, done.stdout


def test_calibration_gives_the_floor_in_tests() -> None:
    assert kdf.calibrate() == kdf.FLOOR


def test_hypothesis_has_our_profile(request: pytest.FixtureRequest) -> None:
    tier = request.config.getoption("--tier")
    assert hypothesis.settings().deadline is None
    assert hypothesis.settings().derandomize == (tier != "long")


# --- the layers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("package", ["megadesk.core", "megadesk.cli"])
def test_the_core_is_headless(package: str) -> None:
    code = f"""
import importlib, pkgutil, sys
package = importlib.import_module({package!r})
for module in pkgutil.walk_packages(package.__path__, {package!r} + "."):
    importlib.import_module(module.name)
print([name for name in sys.modules if name.partition(".")[0] in ("PySide6", "shiboken6")])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_what_few_commands_need_is_loaded_by_those_only() -> None:
    """A cold `ls` should not wait for an HTTP client, a server or a store that it does not use."""
    heavy = ("asyncssh", "configparser", "httpcore", "httpx", "keyring", "starlette", "uvicorn", "watchdog", "zfec")
    code = f"""
import sys, megadesk.cli.main, megadesk.core.app
print(*(name for name in sys.modules if name.startswith("megadesk.stores.s3") or name.partition(".")[0] in {heavy}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_files_stay_small() -> None:
    counted = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for folder in ("megadesk", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    counted["dev.py"] = len((ROOT / "dev.py").read_text().splitlines())
    assert {name: lines for name, lines in counted.items() if lines > MAX_LINES} == {}


# --- the papers ------------------------------------------------------------------------------------------------


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs/adr/0002-dependencies.md").read_text().lower()
    groups = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    names = {re.split(r"[<>=;\[ ]", line)[0].lower() for group in groups for line in group}
    assert {name for name in names if f"`{name}`" not in reasons} == set()


def test_pyside_that_corrupts_reference_counts_stays_out() -> None:
    lines = [line for line in PROJECT["project"]["dependencies"] if line.startswith("PySide6")]
    assert "PySide6-Essentials>=6.8,<6.12; python_version<'3.12'" in lines


def test_versions_agree() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] in (megadesk.__version__, "Unreleased")
    metainfo = ElementTree.parse(ROOT / "resources/org.megadesk.MegaDesk.metainfo.xml")
    release = metainfo.find("releases/release")
    assert release is not None
    assert release.get("version") == megadesk.__version__


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_links_between_papers_lead_somewhere() -> None:
    papers = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{paper.relative_to(ROOT)}: {target}"
        for paper in papers
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", paper.read_text())
        if not (paper.parent / target).exists()
    ]
    assert broken == []


def test_ci_runs_the_tests() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert "python3 dev.py test" in script.read_text()


def test_desktop_file_is_valid(need_programs: object) -> None:
    assert callable(need_programs)
    need_programs("desktop-file-validate")
    command = ["desktop-file-validate", str(ROOT / "resources/megadesk.desktop")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_metainfo_is_valid(need_programs: object) -> None:
    assert callable(need_programs)
    need_programs("appstreamcli")
    command = ["appstreamcli", "validate", "--no-net", str(ROOT / "resources/org.megadesk.MegaDesk.metainfo.xml")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
