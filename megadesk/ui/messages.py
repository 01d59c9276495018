"""Messages of the core in the user's language (docs/adr/0027).

The core speaks English, in sentences with values in them, and knows no languages. Its sentences are collected from the
source as templates ("{path} is not a file." is "%1 is not a file."), translated like all other texts, and found again
here by the shape of what was said. What fits no template is shown as it is.
"""

from __future__ import annotations

import functools
import json
import logging
import re

from megadesk.ui.i18n import translate
from megadesk.ui.resources import resource_folder

log = logging.getLogger(__name__)

CONTEXT = "messages"
FILE = "messages.json"
_PLACE = re.compile(r"%(\d)")
_MAX_CHARS = 2000
_FEWEST_LETTERS = 8
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
    """``text`` in the user's language, or itself. For the GUI thread: some 300 patterns, a millisecond at most."""
    if not text or len(text) > _MAX_CHARS:
        return text
    whole = translate(CONTEXT, text)
    if whole != text:
        return whole
    for template in _templates():
        first = template.split("%", 1)[0]
        if not text.startswith(first):
            continue
        found = _pattern(template).fullmatch(text)
        if found is not None:
            values = {number[1:]: translate(CONTEXT, value) for number, value in found.groupdict().items()}
            translated = translate(CONTEXT, template)
            if translated == template:
                return text
            return _fill(translated, values)
    return text
