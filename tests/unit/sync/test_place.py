"""What is put in the place of a local file: nothing, when it is not the file that was meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from megadesk.sync import place
from megadesk.sync.scan import entry_of


@pytest.mark.parametrize("change", ["written to", "another file", "gone"])
def test_a_file_that_was_changed_before_keeps_its_place_and_name(tmp_path: Path, change: str) -> None:
    """Exchanged first and looked at afterwards it would be kept as well, but under another name."""
    target, fresh = tmp_path / "target", tmp_path / "fresh"
    target.write_bytes(b"as it was agreed")
    fresh.write_bytes(b"from the locker")
    expected = entry_of(target.stat(), b"", b"target")
    if change == "written to":
        target.write_bytes(b"and written to since")
    else:
        target.unlink()
        if change == "another file":
            target.write_bytes(b"put there by another program")
    before = {path.name: (path.stat().st_ino, path.read_bytes()) for path in tmp_path.iterdir()}
    with pytest.raises(place.ChangedMeanwhile):
        place.replace(os.fsencode(fresh), os.fsencode(target), expected, lambda _: os.fsencode(tmp_path / "kept"))
    assert {path.name: (path.stat().st_ino, path.read_bytes()) for path in tmp_path.iterdir()} == before
