"""Links on the command line: made, listed, served by a process of its own, fetched on a computer without a locker."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.system.cli.cli_process import DEADLINE_S, Machine

URL = re.compile(r"http://127\.0\.0\.1:[0-9]+/d/#[A-Za-z0-9_-]{44}")


@contextmanager
def serving(machine: Machine) -> Iterator[str]:
    """``link serve`` in the background; its base URL."""
    process = machine.popen("link", "serve", "--listen", "127.0.0.1:0", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().decode().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0
    assert b"Stopped after" in said


@pytest.fixture
def stranger(tmp_path: Path) -> Machine:
    """A computer that has no locker."""
    machine = Machine(tmp_path / "stranger")
    machine.environment.pop("MEGADESK_PASSPHRASE")
    return machine


@pytest.fixture
def full(ready: Machine) -> Machine:
    folder = ready.folder / "Trip"
    (folder / "below").mkdir(parents=True)
    (folder / "one.txt").write_bytes(b"one\n")
    (folder / "below" / "two.bin").write_bytes(os.urandom(400_000))
    ready.run("put", "Trip")
    return ready


def test_make_list_fetch_revoke(full: Machine, stranger: Machine) -> None:
    with serving(full) as base:
        made = full.run("link", "make", "/Trip", "--expires", "7d", "--note", "For you", "--max-downloads", "5")
        assert len(made.lines) == 1
        url = made.lines[0]
        assert URL.fullmatch(url)
        # Not in the list of processes.
        assert stranger.run("fetch", "-", "--list", stdin=url.encode() + b"\n").lines[0].endswith("Trip/")
        assert url.startswith(base)
        assert "enforces expiry" in made.err
        got = stranger.run("fetch", url, "--to", "in")
        assert "For you" in got.err
        assert (stranger.folder / "in/Trip/one.txt").read_bytes() == b"one\n"
        two = (full.folder / "Trip/below/two.bin").read_bytes()
        assert (stranger.folder / "in/Trip/below/two.bin").read_bytes() == two
        listed = stranger.run("fetch", url, "--list").lines
        assert [line.split()[-1] for line in listed] == ["Trip/", "Trip/below/", "Trip/one.txt", "Trip/below/two.bin"]
        rows = full.run("link", "ls", "--json").json
        assert [(row["path"], row["state"], row["downloads"], row["max_downloads"]) for row in rows] == [
            ("/Trip", "active", 3, 5)
        ]
        assert "url" not in rows[0]
        assert full.run("link", "url", rows[0]["id"][:8]).lines == [url]
        assert url.partition("#")[2] in full.run("link", "ls", "--urls").text
        assert full.run("link", "revoke", rows[0]["id"]).status == 0
        refused = stranger.run("fetch", url, "--to", "again", status=1)
        assert "taken back" in refused.err
        assert full.run("link", "ls").lines == []
        assert "revoked" in full.run("link", "ls", "--all").text


def test_passwords(full: Machine, stranger: Machine, tmp_path: Path) -> None:
    secret = full.folder / "secret"
    secret.write_text("correct horse\n")
    secret.chmod(0o600)
    with serving(full):
        made = full.run("link", "make", "/Trip", "--password", env={"MEGADESK_LINK_PASSWORD": "correct horse"})
        url = made.lines[0]
        assert "needs a password" in stranger.run("fetch", url, status=1).err
        wrong = stranger.run("fetch", url, status=1, env={"MEGADESK_LINK_PASSWORD": "wrong"})
        assert "this password" in wrong.err
        assert stranger.run("fetch", url, "--password-file", str(secret), "--json").json["files"] == 2
        assert "no password" not in stranger.run("fetch", url, status=1).err
        assert full.run("link", "ls", "--json").json[0]["password"] is True


def test_an_html_file(full: Machine, stranger: Machine) -> None:
    made = full.run("link", "make", "/Trip", "--html", "trip.html")
    url = made.lines[0]
    assert url.startswith("file:///")
    assert "cannot be taken back" in made.err
    (full.folder / "trip.html").rename(stranger.folder / "moved.html")
    stranger.run("fetch", f"moved.html#{url.partition('#')[2]}")
    assert (stranger.folder / "Trip/one.txt").read_bytes() == b"one\n"
    refused = stranger.run("fetch", "moved.html", status=1)
    assert "behind # is missing" in refused.err
    assert "Traceback" not in refused.err


def test_the_page_is_verified(full: Machine, stranger: Machine) -> None:
    with serving(full) as base:
        right = stranger.run("link", "verify-page", base)
        assert right.lines[0].startswith("right  ")
        sha256 = Path("resources/link/page.sha256")
        published = (Path(__file__).parents[3] / sha256).read_text().split()[0]
        assert published in right.text
        assert stranger.run("link", "verify-page", base, "--json").json == {
            "sha256": published, "expected": published, "right": True
        }  # fmt: skip
        wrong = stranger.run("link", "verify-page", f"{base}sw.js", status=1)
        assert "wrong" in wrong.text


def test_what_is_wrong_is_said(full: Machine, stranger: Machine) -> None:
    assert "link serve" in full.run("link", "make", "/Trip", status=1).err
    assert full.run("link", "make", status=2).err
    assert full.run("link", "make", "/Trip", "--expires", "soon", status=2).err
    assert full.run("link", "nothing", status=2).err
    assert "0 links match" in full.run("link", "revoke", "abcdef", status=1).err
    assert "no locker" in stranger.run("link", "ls", status=1).err.lower()
    with serving(full):
        assert "in use by" in full.run("link", "serve", "--listen", "127.0.0.1:0", status=1).err


def test_settings_and_refresh(full: Machine) -> None:
    settings = full.run("link", "settings", "--base-url", "https://links.example/d", "--json").json
    assert settings["base_url"] == "https://links.example/d/"
    assert [place["place"] for place in settings["places"]] == ["share", "file"]
    made = full.run("link", "make", "/Trip", "--live", "--no-check")
    assert made.lines[0].startswith("https://links.example/d/#")
    assert full.run("link", "refresh").lines == ["0 put anew, 0 expired and taken back"]
    full.run("mkdir", "/Trip/new")
    assert full.run("link", "refresh", "--json").json == {"changed": 1, "expired": 0}
    full.run("link", "settings", "--base-url", "")
    assert full.run("link", "revoke", "/Trip", "--rekey").status == 0
