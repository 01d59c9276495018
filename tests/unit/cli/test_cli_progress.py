"""The progress bar: what it shows, how often, and that it leaves no trace."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from megadesk.cli.output import Output
from megadesk.cli.progress import ProgressBar, Rate, bar_text


class Screen(io.StringIO):
    def __init__(self, *, terminal: bool = True) -> None:
        super().__init__()
        self._terminal = terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    def isatty(self) -> bool:
        return self._terminal


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_line_has_share_sizes_speed_time_and_name() -> None:
    text = bar_text("Uploading", 1 << 20, 4 << 20, speed=1 << 20, eta_s=3, what="photo.jpg", width=120)
    assert "[######------------------]  25%" in text
    assert "1.0 MiB / 4.0 MiB" in text
    assert "1.0 MiB/s" in text
    assert "0:03 left" in text
    assert text.endswith("photo.jpg")


def test_an_unknown_total_shows_what_is_done() -> None:
    assert bar_text("Uploading", 2048, 0) == "Uploading  2.0 KiB"


def test_counts_that_are_no_bytes() -> None:
    assert "1,500 / 3,000" in bar_text("Checking", 1500, 3000, unit_is_bytes=False)


@given(st.integers(0, 1 << 50), st.integers(0, 1 << 50), st.text(max_size=80), st.integers(20, 200))
def test_the_line_never_wraps(done: int, total: int, what: str, width: int) -> None:
    import unicodedata

    text = bar_text("Uploading", done, total, speed=5e8, eta_s=99999, what=what, width=width)
    assert (
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c)) < width
    )
    assert text.isprintable() or any(c in text for c in "\u00a0\u202f\u3000\u200c\u200d")


def test_long_names_keep_their_end() -> None:
    assert bar_text("Up", 1, 0, what="a" * 100 + ".tar", width=40).endswith("aaa.tar")


def test_it_redraws_at_most_ten_times_a_second() -> None:
    screen, clock = Screen(), Clock()
    with ProgressBar(Output(stdout=Screen(terminal=False), stderr=screen), "Up", clock=clock) as bar:
        for step in range(1000):
            clock.now = 100 + step / 1000
            bar.update(step, 1000)
    assert 8 <= screen.getvalue().count("Up") <= 10


def test_notes_and_the_end_erase_it() -> None:
    screen, clock = Screen(), Clock()
    out = Output(stdout=Screen(terminal=False), stderr=screen)
    with ProgressBar(out, "Up", clock=clock) as bar:
        bar.update(1, 2)
        out.note("a remark")
        bar.update(1, 2)  # drawn again at once
    drawn = screen.getvalue()
    assert "\x1b[K\r\x1b[Ka remark\n\rUp" in drawn
    assert drawn.endswith("\r\x1b[K")


def test_in_a_pipe_there_is_none() -> None:
    screen = Screen(terminal=False)
    with ProgressBar(Output(stdout=screen, stderr=screen), "Up") as bar:
        bar.update(1, 2)
    assert screen.getvalue() == ""


def test_a_terminal_that_went_away_stops_the_bar_not_the_work() -> None:
    class Gone(Screen):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    with ProgressBar(Output(stdout=Screen(), stderr=Gone()), "Up") as bar:
        bar.update(1, 2)


def test_the_rate_is_smoothed() -> None:
    clock = Clock()
    rate = Rate(clock)
    assert rate.update(0) == 0
    clock.now += 1
    assert rate.update(100) == 100
    clock.now += 0.1
    assert rate.update(1000) == 100  # too soon to tell
    clock.now += 0.9
    assert 100 < rate.update(1100) < 1000
