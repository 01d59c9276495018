"""Messages of the core in the user's language (docs/adr/0027).

The core speaks English, in sentences with values in them, and knows no languages. Its sentences are collected from the
source as templates ("{path} is not a file." is "%1 is not a file."), translated like all other texts, and found again
here by the shape of what was said. What fits no template is shown as it is.
"""

from __future__ import annotations

import functools
import itertools
import json
import logging
import re

from megadesk.ui.i18n import current_translator, translate
from megadesk.ui.resources import resource_folder

log = logging.getLogger(__name__)

CONTEXT = "messages"
FILE = "messages.json"
_PLACE = re.compile(r"%(\d)")
_MAX_CHARS = 2000
_ALWAYS = "Cancelled"
"""Has a translation in every language but English."""
_PARTS = 4
_DEPTH = 3
"""How deep sentences lie within sentences."""
_ENDS = re.compile(r"[.!?][ \n]+(?=\S)|: |; ")
"""Of a sentence, and of what stands before one."""
_QUOTED = re.compile("“([^“”]*)”")
_NAMES = re.compile("“[^“”]*”(, “[^“”]*”)*")
_FEWEST_LETTERS = 7
"""Of a template's own; one that is mostly values would fit anything."""


@functools.cache
def _templates() -> tuple[str, ...]:
    """Those with values in them; the ones with most words of their own first. () without the file."""
    try:
        found: list[str] = json.loads((resource_folder() / "translations" / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        log.info("there is no list of messages to translate")
        return ()
    with_values = [text for text in found if _PLACE.search(text) and len(_PLACE.sub("", text)) >= _FEWEST_LETTERS]
    return tuple(sorted(with_values, key=lambda text: -len(_PLACE.sub("", text))))


@functools.lru_cache(maxsize=512)
def _pattern(template: str) -> re.Pattern[str]:
    parts = _PLACE.split(template)
    seen: set[str] = set()
    text = ""
    for at, part in enumerate(parts):
        if at % 2 == 0:
            text += re.escape(part)
        elif part in seen:
            text += f"(?P=v{part})"
        else:
            seen.add(part)
            text += f"(?P<v{part}>.*?)"
    return re.compile(text, re.DOTALL)


def _fill(template: str, values: dict[str, str]) -> str:
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def localized(text: str) -> str:
    """``text`` in the user's language, or itself. For the GUI thread: some 400 patterns, a few milliseconds at most."""
    if translate(CONTEXT, _ALWAYS) == _ALWAYS:
        return text
    return _remembered(text, current_translator())


@functools.lru_cache(maxsize=512)
def _remembered(text: str, translator: object) -> str:
    """Lists ask for the same few texts each time that they are drawn."""
    return _localized(text, _DEPTH) or text


def _localized(text: str, depth: int) -> str | None:
    """None: there is no translation of it, nor of a part of it."""
    if not text or len(text) > _MAX_CHARS:
        return None
    whole = translate(CONTEXT, text)
    if whole != text:
        return whole
    return _by_template(text, depth) or _by_parts(text, depth)


def _by_template(text: str, depth: int) -> str | None:
    for template in _templates():
        first = template.split("%", 1)[0]
        if not text.startswith(first):
            continue
        found = _pattern(template).fullmatch(text)
        if found is None:
            continue
        translated = translate(CONTEXT, template)
        if translated != template:
            values = {number[1:]: _value(value, depth) for number, value in found.groupdict().items()}
            return _fill(translated, values)
    return None


def _value(text: str, depth: int) -> str:
    """What stands in a sentence may be a sentence itself, or a part of one."""
    return (_localized(text, depth - 1) if depth else None) or _between_marks(text)


def _between_marks(text: str) -> str:
    """Names that the core put between English marks, between those of the language; all else as it is."""
    if not _NAMES.fullmatch(text):
        return text
    marked = translate("browser", "“%1”")
    return _QUOTED.sub(lambda name: marked.replace("%1", name[1]), text)


def _by_parts(text: str, depth: int) -> str | None:
    """Of sentences one after the other, and of "file: what happened to it"."""
    if not depth:
        return None
    for end in itertools.islice(_ENDS.finditer(text), _PARTS):
        left, mark, right = text[: end.start()], end[0], text[end.end() :]
        if mark.startswith(":"):
            said = _localized(right, depth - 1)
            if said is not None:
                joined = translate("errors", "%1: %2")
                return _fill(joined, {"1": _value(left, depth), "2": said})
            continue
        told = left if mark.startswith(";") else left + mark[0]
        if (said := _localized(told, depth - 1)) is not None:
            return f"{said}{mark[len(told) - len(left) :]}{_value(right, depth)}"
    return None
