"""The keyboard map. A test compares it with the keys that the window really has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from megadesk.ui.i18n import translate


@dataclass(frozen=True)
class Key:
    """``keys`` in Qt's portable writing; several: any of them."""

    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class KeyGroup:
    title: str
    keys: Sequence[Key]


def keyboard_map() -> Sequence[KeyGroup]:
    return (
        KeyGroup(
            translate("keyboard", "Everywhere"),
            (
                Key(("Ctrl+Shift+L",), translate("keyboard", "Lock everything now")),
                Key(("F1",), translate("keyboard", "This map")),
                Key(("Ctrl+,",), translate("keyboard", "Settings")),
                Key(("Ctrl+Shift+O",), translate("keyboard", "Open a link that you were sent")),
                Key(("Ctrl+Q",), translate("keyboard", "End the program")),
                Key(("Tab", "Shift+Tab"), translate("keyboard", "To the next control, and back")),
                Key(("Alt+_",), translate("keyboard", "Press the control with that letter underlined")),
            ),
        ),
        KeyGroup(
            translate("keyboard", "Moving about"),
            (
                Key(("Return",), translate("keyboard", "Open the folder or file")),
                Key(("Backspace", "Alt+Up"), translate("keyboard", "To the folder above")),
                Key(("Alt+Left",), translate("keyboard", "Back")),
                Key(("Alt+Right",), translate("keyboard", "Forward")),
                Key(("F6", "Ctrl+Shift+G", "/"), translate("keyboard", "Type a path")),
                Key(("Ctrl+F",), translate("keyboard", "Search")),
                Key(("F5",), translate("keyboard", "Look for changes")),
                Key(("Ctrl+1",), translate("keyboard", "List")),
                Key(("Ctrl+2",), translate("keyboard", "Grid")),
                Key(("Ctrl+I",), translate("keyboard", "Details")),
                Key(("Ctrl+D",), translate("keyboard", "Keep the folder in the sidebar, or not")),
            ),
        ),
        KeyGroup(
            translate("keyboard", "Files"),
            (
                Key(("Ctrl+U",), translate("keyboard", "Upload files")),
                Key(("Ctrl+Shift+U",), translate("keyboard", "Upload a folder")),
                Key(("Ctrl+S",), translate("keyboard", "Save to a folder")),
                Key(("Ctrl+Shift+N",), translate("keyboard", "New folder")),
                Key(("Ctrl+L",), translate("keyboard", "Copy a link")),
                Key(("Ctrl+Shift+S",), translate("keyboard", "Share…")),
                Key(("F2",), translate("keyboard", "Rename")),
                Key(("Del",), translate("keyboard", "To the trash")),
                Key(("Ctrl+X",), translate("keyboard", "Cut")),
                Key(("Ctrl+C",), translate("keyboard", "Copy")),
                Key(("Ctrl+V",), translate("keyboard", "Paste")),
                Key(("Ctrl+A",), translate("keyboard", "Select all")),
                Key(("Ctrl+Z",), translate("keyboard", "Undo")),
                Key(("Ctrl+Shift+Z", "Ctrl+Y"), translate("keyboard", "Redo")),
            ),
        ),
    )
