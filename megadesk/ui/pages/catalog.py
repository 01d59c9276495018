"""The pages there are, in the order of the sidebar. Add yours here; see `registry`."""

from __future__ import annotations

from megadesk.ui.i18n import translate
from megadesk.ui.pages.registry import (
    AnyPage,
    DetailSection,
    LockerContext,
    LockerPage,
    Page,
    PageContext,
    ProgramPage,
    RowAction,
)

BROWSER = "files"
TRANSFERS = "transfers"
RECENT = "recent"
TRASH = "trash"
STORAGE = "storage"
SETTINGS = "settings"


def _browser(context: LockerContext) -> Page:
    from megadesk.ui.pages.browser_page import BrowserPage

    return BrowserPage(context)


def _storage(context: LockerContext) -> Page:
    from megadesk.ui.pages.storage_page import StoragePage

    return StoragePage(context)


def _settings(context: PageContext) -> Page:
    from megadesk.ui.pages.settings.page import SettingsPage

    return SettingsPage(context)


PAGES: tuple[AnyPage, ...] = (
    LockerPage(BROWSER, "files", lambda: translate("pages", "Files"), _browser),
    LockerPage(
        STORAGE,
        "storage",
        lambda: translate("pages", "Storage"),
        _storage,
        lambda: translate("pages", "How the storage does, and what it sees"),
    ),
    ProgramPage(
        SETTINGS,
        "settings",
        lambda: translate("pages", "&Settings"),
        _settings,
        lambda: translate("pages", "Settings (Ctrl+,)"),
    ),
)

ROW_ACTIONS: tuple[RowAction, ...] = ()
"""Entries of the menu on files, behind those of the browser itself."""

DETAIL_SECTIONS: tuple[DetailSection, ...] = ()
"""Parts of the details pane, between versions and storage."""
