"""A home of its own for every test, and child processes that talk over pipes."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadesk.state.logs import RotatingFile
from megadesk.state.paths import Paths

REPO = Path(__file__).parents[3]

Spawn = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home")


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start Python with a program text and arguments; its pipes are text. Killed at the end if still there."""
    children: list[subprocess.Popen[str]] = []

    def start(program: str, *args: object, **env: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, args)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPO), **env},
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def clean_logging() -> Iterator[None]:
    """Take away what ``logs.configure`` put up."""
    level = logging.getLogger("megadesk").level
    yield
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, RotatingFile):
            root.removeHandler(handler)
            handler.close()
    logging.getLogger("megadesk").setLevel(level)
