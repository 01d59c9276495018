"""The command line is understood, or refused with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from megadesk.cli import arguments
from megadesk.cli.commands import COMMANDS, overall_help
from megadesk.cli.main import main


def parse(line: str) -> tuple[str, dict[str, object]]:
    request = arguments.parse(line.split())
    return request.command, vars(request.arguments)


@pytest.mark.parametrize(
    "line",
    [
        "put a b --to /x",
        "put --to /x a b",
        "put a --to /x b",
        "put a --to=/x b",
        "put --to /x -- a b",
        "put a --to /x -- b",
    ],
)
def test_options_and_paths_come_in_any_order(line: str) -> None:
    command, found = parse(line)
    assert command == "put"
    assert (found["paths"], found["to"]) == (["a", "b"], "/x")


def test_after_two_dashes_everything_is_a_path() -> None:
    assert parse("rm -f -- -l --to --")[1]["paths"] == ["-l", "--to", "--"]
    assert parse("ls -- -l")[1]["long"] is False


def test_an_options_value_may_begin_with_a_dash() -> None:
    assert parse("put a --to -x")[1]["to"] == "-x"
    assert parse("versions /a --get -x")[1]["get"] == "-x"
    assert parse("--passphrase-file - ls")[1]["passphrase_file"] == "-"


@pytest.mark.parametrize("line", ["--locker W --json ls", "ls --locker W --json", "--locker=W ls --json"])
def test_common_options_stand_before_or_after_the_command(line: str) -> None:
    found = parse(line)[1]
    assert (found["locker"], found["json"]) == ("W", True)


def test_two_positionals_with_a_list_in_front() -> None:
    found = parse("mv /a /b /c")[1]
    assert (found["sources"], found["dest"]) == (["/a", "/b"], "/c")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("put", "PATH"),
        ("lss", "'ls'"),
        ("ls --lon", "--lon"),
        ("ls --locker", "--locker needs a value"),
        ("trash burn", "burn"),
        ("find a --limit 0", "whole number"),
        ("put a --on-conflict ask", "ask"),
        ("versions /a --get 1 --restore 2", "not allowed with"),
        ("--verbose ls", "--verbose"),
        ("--json", "no command"),
        ("mv /a", "DEST"),
    ],
)
def test_what_cannot_be_understood_is_a_usage_error(line: str, says: str) -> None:
    with pytest.raises(arguments.UsageError, match=says):
        parse(line)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help_and_its_function(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr()
    assert f"usage: megadesk {name}" in shown.out
    assert not shown.err
    assert f"megadesk {name}" in overall_help()
    module, _, function = COMMANDS[name].function.partition(":")
    assert callable(getattr(__import__(f"megadesk.cli.{module}", fromlist=["x"]), function))


def test_the_help_fits_a_terminal() -> None:
    assert max(map(len, overall_help().splitlines())) <= 120


def test_usage_errors_exit_with_2_and_name_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["get"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("megadesk: ")
    assert shown.err.endswith("See: megadesk get --help\n")
    assert shown.err.count("\n") == 1


def test_without_a_display_the_window_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([]) == 1
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "no display" in shown
    assert " put," in shown


HEAVY = ("argparse", "msgspec", "apsw", "cryptography", "httpx", "keyring", "PySide6", "asyncio", "logging", "json")


def imported(line: str) -> set[str]:
    """Which of the heavy modules a run of ``line`` imports."""
    code = (
        "import sys; from megadesk.cli.main import main; main(sys.argv[2:]);"
        "sys.stderr.write(' '.join(m for m in sys.argv[1].split(',') if m in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, ",".join(HEAVY), *line.split()],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split()) & set(HEAVY)


@pytest.mark.parametrize("line", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(line: str) -> None:
    assert imported(line) == set()


def test_parsing_imports_nothing_of_what_the_commands_need() -> None:
    assert imported("get --help") == {"argparse"}
