"""Sizes, speeds, durations and dates as people read them. No Qt: `run_app` hands in the locale's manners."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache

from megadesk.tree.names import printable
from megadesk.ui.i18n import translate

# Functions, so that every unit stands in a call that the translation tools find, and the language may change.
_UNITS: tuple[Callable[[], str], ...] = (
    lambda: translate("formatting", "kB"),
    lambda: translate("formatting", "MB"),
    lambda: translate("formatting", "GB"),
    lambda: translate("formatting", "TB"),
    lambda: translate("formatting", "PB"),
    lambda: translate("formatting", "EB"),
)
_decimal_point = "."
_group_separator = ","
_date_text: Callable[[float], str] = lambda when_s: time.strftime("%Y-%m-%d", time.localtime(when_s))  # noqa: E731


def use_locale(decimal_point: str, group_separator: str, date_text: Callable[[float], str]) -> None:
    """Take over the manners of a locale; ``date_text`` makes a date of Unix seconds."""
    global _decimal_point, _group_separator, _date_text
    _decimal_point, _group_separator, _date_text = decimal_point, group_separator, date_text
    _day_text.cache_clear()


def number(value: int) -> str:
    """12,345."""
    return f"{value:,}".replace(",", _group_separator)


def size(size_bytes: int, *, exact: bool = True) -> str:
    """Three significant digits, decimal units: "1.23 GB". As disks and file managers count.

    Not ``exact``: zeros at the end stay, so that a figure that changes does not jump about.
    """
    if size_bytes < 1000:
        return translate("formatting", "%1 B").replace("%1", str(size_bytes))
    value = float(size_bytes)
    for unit in _UNITS:
        value /= 1000
        if value < 999.5 or unit is _UNITS[-1]:
            break
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    shown = f"{value:.{digits}f}"
    shown = (shown.rstrip("0").rstrip(".") if exact and digits else shown).replace(".", _decimal_point)
    return f"{shown} {unit()}"


def speed(bytes_per_s: float) -> str:
    return translate("formatting", "%1/s").replace("%1", size(int(bytes_per_s), exact=False))


def duration(seconds: float) -> str:
    """Rounded so that it does not flicker: "8 s", "2 min", "1 h 20 min"."""
    whole = int(seconds + 0.999)
    if whole < 60:
        step = 1 if whole <= 10 else 5
        return translate("formatting", "%1 s").replace("%1", str(max(1, -(-whole // step) * step)))
    minutes = round(whole / 60)
    if minutes < 60:
        return translate("formatting", "%1 min").replace("%1", str(minutes))
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        text = translate("formatting", "%1 h %2 min") if hours < 10 and minutes else translate("formatting", "%1 h")
        return text.replace("%1", str(hours)).replace("%2", str(minutes))
    return translate("formatting", "%1 days").replace("%1", str(round(hours / 24)))


def time_left(seconds: float) -> str:
    return translate("formatting", "%1 left").replace("%1", duration(seconds))


def when(mtime_ns: int, now_s: float | None = None, *, inside: bool = False) -> str:
    """Today's with the time alone, others with date and time; "" for no time. ``inside`` a line, not at its start."""
    if not mtime_ns:
        return ""
    when_s = mtime_ns / 1e9
    now_s = time.time() if now_s is None else now_s
    try:
        local, today = time.localtime(when_s), time.localtime(now_s)
    except (OverflowError, ValueError, OSError):
        return "?"
    clock = f"{local.tm_hour:02d}:{local.tm_min:02d}"
    if local[:3] == today[:3]:
        today_text = translate("formatting", "today, %1") if inside else translate("formatting", "Today, %1")
        return today_text.replace("%1", clock)
    return f"{_day_text(int(when_s) // 900)}, {clock}"


@lru_cache(maxsize=4096)
def _day_text(quarter_hours: int) -> str:
    return _date_text(quarter_hours * 900.0)


def shown_name(name: str) -> str:
    """A name without what would break a line of text: control characters and undecodable bytes as U+FFFD."""
    if name.isprintable():
        return name
    return "".join(char if char.isprintable() or char == "\u200d" else "\ufffd" for char in printable(name))


def files(count: int) -> str:
    """ "1 file", "2,000 files"."""
    if count == 1:
        return translate("formatting", "1 file")
    return translate("formatting", "%1 files").replace("%1", number(count))


def unbroken(text: str) -> str:
    """No line ends within it."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def folders(count: int) -> str:
    """ "1 folder", "2,000 folders"."""
    if count == 1:
        return translate("formatting", "1 folder")
    return translate("formatting", "%1 folders").replace("%1", number(count))


def items(count: int) -> str:
    if count == 1:
        return translate("formatting", "1 item")
    return translate("formatting", "%1 items").replace("%1", number(count))


def selected(count: int) -> str:
    """ "1 selected": a text of its own, as the word changes with the number in other languages."""
    if count == 1:
        return translate("formatting", "1 selected")
    return translate("formatting", "%1 selected").replace("%1", number(count))


def percent(permille: int) -> str:
    """Cut, not rounded, so that it is 100 only at the end: "42%"; in French "42 %"."""
    return translate("formatting", "%1%").replace("%1", str(permille // 10))
