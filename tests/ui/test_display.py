"""No display: one line, no abort."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from megadesk.ui.display import display_problem

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "environ", [{}, {"DISPLAY": ":7654"}, {"WAYLAND_DISPLAY": "wayland-77", "XDG_RUNTIME_DIR": "/nonexistent"}]
)
def test_one_line_and_status_one(environ: dict[str, str], tmp_path: Path) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "DISPLAY", "WAYLAND"))}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from megadesk.ui.app import run_app; sys.exit(run_app())"],
        env={**clean, **environ, "MEGADESK_HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "display" in done.stderr
    assert "put" in done.stderr


def test_a_real_display_is_found(x_display: dict[str, str]) -> None:
    assert display_problem(x_display) == ""


def test_offscreen_needs_none() -> None:
    assert display_problem({"QT_QPA_PLATFORM": "offscreen"}) == ""
