"""What a terminal, a pipe and JSON get to see of names, sizes and times."""

from __future__ import annotations

import io
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from megadesk.cli.output import (
    Output,
    OutputError,
    count_text,
    duration_text,
    iso_time,
    mode_text,
    one_line,
    size_text,
    time_text,
    visible,
)
from megadesk.types import NodeKind


class Stream(io.TextIOWrapper):
    """A text stream over memory that may claim to be a terminal."""

    def __init__(self, *, terminal: bool = False, encoding: str = "utf-8") -> None:
        self.memory = io.BytesIO()
        super().__init__(self.memory, encoding=encoding, write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    @property
    def written(self) -> bytes:
        return self.memory.getvalue()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain name.txt", "plain name.txt"),
        ("Grüße 日本語 🎉.txt", "Grüße 日本語 🎉.txt"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("\u2066x\u2069\u200f", "\\u2066x\\u2069\\u200f"),
        ("\x7f\x85\x9b", "\\x7f\\x85\\x9b"),
        ("a\u2028b", "a\\u2028b"),
        ("caf\udce9", "caf\\xe9"),
        ("\U000e0041", "\\U000e0041"),
        ("می\u200cخواهم \u00a0", "می\u200cخواهم \u00a0"),
    ],
)
def test_a_terminal_shows_everything_that_is_not_plain_as_an_escape(name: str, shown: str) -> None:
    assert visible(name) == shown


@given(st.binary(max_size=60))
def test_nothing_shown_moves_the_cursor_or_turns_the_text(raw: bytes) -> None:
    shown = visible(raw.decode("utf-8", "surrogateescape"))
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in shown)
    shown.encode()


@given(st.binary(max_size=60))
def test_a_pipe_gets_the_names_bytes_but_for_line_breaks(raw: bytes) -> None:
    stream = Stream()
    out = Output(stdout=stream)
    out.line(out.name(raw.decode("utf-8", "surrogateescape")))
    assert stream.written == raw.replace(b"\n", b"\\n").replace(b"\r", b"\\r") + b"\n"


@given(st.binary(max_size=60))
def test_json_is_ascii_and_gives_the_names_bytes_back(raw: bytes) -> None:
    stream = Stream()
    Output(stdout=stream, json=True).value(os.fsdecode(raw))
    assert stream.written.isascii()
    assert os.fsencode(json.loads(stream.written)) == raw


def test_json_lists_are_written_an_element_a_line() -> None:
    for values in ([], [1], [{"a": "b"}, {"a": "c"}]):
        stream = Stream()
        Output(stdout=stream, json=True).values(iter(values))
        assert json.loads(stream.written) == values
        assert len(stream.written.splitlines()) == (1 if not values else len(values) + 2)


def test_what_a_terminal_cannot_encode_is_escaped() -> None:
    stream = Stream(terminal=True, encoding="ascii")
    out = Output(stdout=stream)
    out.line(out.name("naïve"))
    assert stream.written == b"na\\xefve\n"


def test_notes_are_one_line_each_and_harmless() -> None:
    stream = Stream()
    Output(stdout=Stream(), stderr=stream).note("a\nb\x1b[31m \udcff")
    assert stream.written == b"a\\nb\\x1b[31m \\xff\n"


def test_a_message_with_a_surrogate_of_no_byte_is_written_all_the_same() -> None:
    stream = Stream()
    Output(stdout=stream).line("x\ud800")
    assert stream.written == b"x\\ud800\n"


def test_a_full_disk_is_told_and_a_closed_pipe_is_not() -> None:
    class Full(Stream):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    class Gone(Stream):
        def flush(self) -> None:
            raise BrokenPipeError

    with pytest.raises(OutputError, match="No space left"):
        Output(stdout=Full()).flush()
    with pytest.raises(BrokenPipeError):
        Output(stdout=Gone()).flush()


def test_notes_survive_a_closed_stderr() -> None:
    stream = Stream()
    out = Output(stdout=Stream(), stderr=stream)
    stream.close()
    out.note("nobody hears this")


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KiB"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (102_300, "99.9 KiB"),
        (102_390, "100 KiB"),
        (1024**2 - 1, "1.0 MiB"),
        (17 << 20, "17.0 MiB"),
        (5 << 30, "5.0 GiB"),
        (3 << 50, "3.0 PiB"),
        (5000 << 50, "5000 PiB"),
    ],
)
def test_sizes(size: int, shown: str) -> None:
    assert size_text(size) == shown


@given(st.integers(0, 1 << 60))
def test_sizes_are_short(size: int) -> None:
    assert len(size_text(size)) <= 8


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0:00"),
        (7.4, "0:07"),
        (59.6, "1:00"),
        (750, "12:30"),
        (11100, "3:05:00"),
        (187200, "2 d 04 h"),
        (-3, "0:00"),
    ],
)
def test_durations(seconds: float, shown: str) -> None:
    assert duration_text(seconds) == shown


def test_counts() -> None:
    assert count_text(1, "file") == "1 file"
    assert count_text(0, "file") == "0 files"
    assert count_text(12345, "entry", "entries") == "12,345 entries"


def test_modes() -> None:
    assert mode_text(NodeKind.FOLDER, 0o755) == "drwxr-xr-x"
    assert mode_text(NodeKind.FILE, 0o4640) == "-rwSr-----"
    assert mode_text(NodeKind.LINK, 0o777) == "lrwxrwxrwx"


def test_times_out_of_the_calendar_do_not_break_a_listing() -> None:
    assert iso_time(1) == "1970-01-01T00:00:00.000000001Z"
    assert iso_time(-1) == "1969-12-31T23:59:59.999999999Z"
    assert iso_time(1_700_000_000_123_456_789) == "2023-11-14T22:13:20.123456789Z"
    for extreme in (2**63 - 1, -(2**63), 0):
        assert time_text(extreme)
        assert iso_time(extreme)


def test_one_line_leaves_everything_else_alone() -> None:
    assert one_line("a\\n\x1b\u202e\udcff\n") == "a\\n\x1b\u202e\udcff\\n"
