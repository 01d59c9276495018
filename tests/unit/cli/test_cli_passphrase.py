"""Where the passphrase and the recovery key come from; prompts are tested on a real terminal in tests/system."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from megadesk.cli.context import local_path, locker_path
from megadesk.cli.output import Output
from megadesk.cli.passphrase import PassphraseSource, confirm, recovery_key
from megadesk.errors import LocalFileError, PassphraseError, RecoveryKeyError


@pytest.fixture
def remarks() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def output(remarks: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> Output:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    return Output(stdout=io.StringIO(), stderr=remarks)


def use(source: PassphraseSource) -> str:
    return source.existing("Locker", lambda text: text)


def private(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    path.chmod(0o600)
    return str(path)


def test_the_file_comes_before_the_environment(
    output: Output, remarks: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEGADESK_PASSPHRASE", "from the environment")
    assert use(PassphraseSource(output, None)) == "from the environment"
    file = private(tmp_path / "p", b" from the file \nsecond line\n")
    assert use(PassphraseSource(output, file)) == " from the file "
    assert PassphraseSource(output, file).new("x") == " from the file "
    assert remarks.getvalue() == ""


@pytest.mark.parametrize(
    ("content", "passphrase"),
    [(b"a\r\n", "a"), (b"a", "a"), ("pässwörd\n".encode(), "pässwörd"), (b"a\tb \n", "a\tb ")],
)
def test_only_the_line_end_is_cut(output: Output, tmp_path: Path, content: bytes, passphrase: str) -> None:
    assert use(PassphraseSource(output, private(tmp_path / "p", content))) == passphrase


def test_a_file_that_others_can_read_is_warned_about(output: Output, remarks: io.StringIO, tmp_path: Path) -> None:
    file = private(tmp_path / "p", b"secret\n")
    os.chmod(file, 0o644)
    assert use(PassphraseSource(output, file)) == "secret"
    assert "chmod 600" in remarks.getvalue()
    assert "secret" not in remarks.getvalue()


def test_standard_input_as_the_file(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"one\ntwo\n")))
    source = PassphraseSource(output, "-")
    assert use(source) == "one"
    assert use(source) == "one"  # read once


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"\nx", "empty"), (b"\xff\xfe", "not UTF-8"), (b"x" * 5000, "longer than 4096")],
)
def test_what_is_no_passphrase_is_refused_without_being_quoted(
    output: Output, tmp_path: Path, content: bytes, says: str
) -> None:
    with pytest.raises(PassphraseError, match=says) as caught:
        use(PassphraseSource(output, private(tmp_path / "p", content)))
    assert "xxx" not in str(caught.value)


def test_a_missing_file_is_named(output: Output, tmp_path: Path) -> None:
    with pytest.raises(LocalFileError, match="nowhere"):
        use(PassphraseSource(output, str(tmp_path / "nowhere")))


def test_with_nobody_to_ask_the_ways_to_give_it_are_named(output: Output) -> None:
    source = PassphraseSource(output, None)
    assert not source.available
    for ask in (use, lambda source: source.new("x")):
        with pytest.raises(PassphraseError) as caught:
            ask(source)
        assert "MEGADESK_PASSPHRASE" in caught.value.remedy
        assert "--passphrase-file" in caught.value.remedy


def test_a_wrong_one_from_the_environment_is_not_tried_again(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGADESK_PASSPHRASE", "wrong")
    tried = []

    def refuse(text: str) -> None:
        tried.append(text)
        raise PassphraseError("The passphrase is wrong.")

    with pytest.raises(PassphraseError):
        PassphraseSource(output, None).existing("Locker", refuse)
    assert tried == ["wrong"]


def test_nothing_secret_in_the_repr(output: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEGADESK_PASSPHRASE", "sesame")
    source = PassphraseSource(output, None)
    use(source)
    assert "sesame" not in repr(source)


def test_the_recovery_key_from_the_environment_is_checked_at_once(
    output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(text: str) -> None:
        if text != "good":
            raise RecoveryKeyError("Group 3 is mistyped.")

    with pytest.raises(RecoveryKeyError, match="no recovery key"):
        recovery_key(output, check)
    monkeypatch.setenv("MEGADESK_RECOVERY_KEY", "bad")
    with pytest.raises(RecoveryKeyError, match="Group 3"):
        recovery_key(output, check)
    monkeypatch.setenv("MEGADESK_RECOVERY_KEY", "good")
    assert recovery_key(output, check) == "good"


def test_a_script_is_not_asked_whether_it_is_sure(output: Output) -> None:
    assert confirm("Really?")


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("/", "/"),
        ("", "/"),
        ("//", "/"),
        ("Documents/a.txt", "/Documents/a.txt"),
        ("//a///b/", "/a/b"),
        ("/a/./b/../c", "/a/c"),
        ("/../..", "/"),
        ("/a b/ü", "/a b/ü"),
        ("/caf\udce9", "/caf\udce9"),
    ],
)
def test_locker_paths(typed: str, path: str) -> None:
    assert locker_path(typed) == path


def test_local_sources_name_the_thing_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = tmp_path.resolve() / "real"
    (real / "sub").mkdir(parents=True)
    link = tmp_path.resolve() / "link"
    link.symlink_to(real)
    monkeypatch.chdir(link)
    assert local_path(".") == str(real)
    assert local_path("sub") == str(real / "sub")
    assert local_path("sub/..") == str(real)
    assert local_path(str(link)) == str(link)
    assert local_path(f"{link}/") == str(real)
    assert local_path(f"{link}/sub") == str(real / "sub")
    assert local_path("/") == "/"
