"""Accepting a server's key: one line more, once, in a private file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from megadesk.errors import InputError, LocalFileError
from megadesk.stores.known_hosts import accept_host

LINE = "[h.example]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB"


def test_a_line_is_added_once(home: Path) -> None:
    for _ in range(2):
        accept_host(LINE)
    file = home / ".ssh" / "known_hosts"
    assert file.read_text() == f"{LINE}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("other ssh-rsa AAAA")
    accept_host(LINE)
    assert file.read_text() == f"other ssh-rsa AAAA\n{LINE}\n"


@pytest.mark.parametrize("line", ["", "a b", "a b c d", "@revoked b c", "a b c\nd e f", "# b c", "a b " + "c" * 30_000])
def test_nothing_else_gets_in(home: Path, line: str) -> None:
    with pytest.raises(InputError):
        accept_host(line)
    assert not (home / ".ssh").exists()


def test_a_file_that_cannot_be_written(home: Path) -> None:
    (home / ".ssh" / "known_hosts").mkdir(parents=True)
    with pytest.raises(LocalFileError) as caught:
        accept_host(LINE)
    assert "known_hosts" in str(caught.value)
