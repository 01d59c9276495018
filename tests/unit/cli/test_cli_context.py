"""What one command has around it, and how it ends."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

import pytest

from megadesk.cli.context import Context, _Opening
from megadesk.cli.output import Output
from megadesk.state import keyfile
from megadesk.state.registry import LockerRecord


def test_the_end_waits_for_a_key_that_is_being_derived(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As Python would abort the process when it finds the thread in the library that derives it."""
    go_on = threading.Event()

    def load(path: str, passphrase: str) -> bytes:
        assert go_on.wait(30)
        return b"payload"

    monkeypatch.setattr(keyfile, "load", load)
    context = Context(argparse.Namespace(json=False, passphrase_file=None, locker=None), Output())
    context._ahead = _Opening(LockerRecord("Locker", str(tmp_path), "0" * 64, 0), "words")
    closing = threading.Thread(target=context.close)
    closing.start()
    closing.join(0.05)
    assert closing.is_alive()
    go_on.set()
    closing.join(30)
    assert not closing.is_alive()
    assert context._ahead.payload() == b"payload"
