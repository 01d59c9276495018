"""Names and link targets of strangers, made such that they do no harm on this computer or on the next one.

What a link brings was named by somebody whom its receiver may not know. Downloads get names that every system can
hold, that show what they are, and that run nothing by being there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from megadesk.transfer.port import alternative_name
from megadesk.tree.names import to_text

# Control characters, marks of direction and other invisible ones, and what Windows takes for something else.
_UNFIT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f<>:\"/\\|?*]"
)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$)", re.IGNORECASE)
_ENDS = ". "
_OWN_PREFIX = ".megadesk-"


def safe_name(name: bytes, *, hidden: bool = True) -> str:
    """A file name from what a link calls something. ``hidden`` False: nor one that is hidden or looks like an option.

    Bytes that are not UTF-8 stay where a file system takes them. Never empty, never longer than the name was.
    """
    text = _UNFIT.sub("_", to_text(name))
    stem = text.rstrip(_ENDS)
    text = stem + "_" * (len(text) - len(stem))
    if _RESERVED.fullmatch(text.partition(".")[0].rstrip(" ")):
        # One character more, so a name that was as long as names may be loses one at its end.
        text = "_" + text
    if text.startswith(_OWN_PREFIX) or (not hidden and text[:1] in (".", "-")):
        text = "_" + text[1:]
    return text or "_"


def unique_name(name: str, taken: Container[str]) -> str:
    """``name``, or a numbered one, of which no other spelling is taken. ``taken`` holds what `folded` gives."""
    return name if folded(name) not in taken else alternative_name(name, lambda other: folded(other) in taken)


def folded(name: str) -> str:
    """Equal for names that some file system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def target_is_inside(path: str, target: bytes) -> bool:
    """Whether a symbolic link at ``path`` leads to something below the same top folder, whatever other links there are.

    ".." is only taken at the beginning, where it counts from real folders: behind another link it could lead anywhere.
    """
    text = to_text(target)
    if text.startswith("/") or "\\" in text or ":" in text.partition("/")[0]:
        return False
    steps = [step for step in text.split("/") if step not in ("", ".")]
    above = path.count("/") - 1
    while steps and steps[0] == ".." and above > 0:
        steps.pop(0)
        above -= 1
    return above >= 0 and ".." not in steps
