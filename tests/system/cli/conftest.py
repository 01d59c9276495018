"""Computers for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.cli.cli_process import Machine, make_tree


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A computer without a locker."""
    return Machine(tmp_path / "machine")


@pytest.fixture
def ready(machine: Machine) -> Machine:
    """A computer with an empty locker."""
    machine.run("init")
    return machine


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A locker with /tree in it, for tests that only look."""
    machine = Machine(tmp_path_factory.mktemp("shelf"))
    make_tree(machine.folder / "tree")
    machine.run("init")
    machine.run("put", "tree")
    return machine
