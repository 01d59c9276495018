"""The pages there are, in the order of the sidebar. Add yours here; see `registry`."""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence

from megadesk.tree.rows import NodeRow
from megadesk.types import NodeKind
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
LINKS = "links"
SYNC = "sync"
DEVICES = "devices"
SETTINGS = "settings"


def _browser(context: LockerContext) -> Page:
    from megadesk.ui.pages.browser_page import BrowserPage

    return BrowserPage(context)


def _storage(context: LockerContext) -> Page:
    from megadesk.ui.pages.storage_page import StoragePage

    return StoragePage(context)


def _links(context: LockerContext) -> Page:
    from megadesk.ui.pages.links_page import LinksPage

    return LinksPage(context)


def _sync(context: LockerContext) -> Page:
    from megadesk.ui.pages.sync_page import SyncPage

    return SyncPage(context)


def _devices(context: LockerContext) -> Page:
    from megadesk.ui.pages.devices_page import DevicesPage

    return DevicesPage(context)


def _copy_link(context: LockerContext, rows: Sequence[NodeRow]) -> None:
    from megadesk.ui.pages.links_page import copy_link_of

    copy_link_of(context, rows[0])


def _share(context: LockerContext, rows: Sequence[NodeRow]) -> None:
    from megadesk.ui.widgets.link_dialog import open_link_dialog

    open_link_dialog(context, rows[0])


def _can_be_shared(context: LockerContext, rows: Sequence[NodeRow]) -> bool:
    return len(rows) == 1 and rows[0].kind is not NodeKind.LINK and context.locker.read_only_reason is None


def _settings(context: PageContext) -> Page:
    from megadesk.ui.pages.settings.page import SettingsPage

    return SettingsPage(context)


def _recent(context: LockerContext) -> Page:
    from megadesk.ui.pages.recent_page import RecentPage

    return RecentPage(context)


def _transfers(context: LockerContext) -> Page:
    from megadesk.ui.pages.transfers_page import TransfersPage

    return TransfersPage(context)


def _trash(context: LockerContext) -> Page:
    from megadesk.ui.pages.trash_page import TrashPage

    return TrashPage(context)


PAGES: tuple[AnyPage, ...] = (
    LockerPage(BROWSER, "files", lambda: translate("pages", "Files"), _browser),
    LockerPage(RECENT, "recent", lambda: translate("pages", "Recent"), _recent),
    LockerPage(TRANSFERS, "transfers", lambda: translate("pages", "Transfers"), _transfers),
    LockerPage(LINKS, "links", lambda: translate("pages", "Links"), _links),
    LockerPage(SYNC, "sync", lambda: translate("pages", "Sync"), _sync),
    LockerPage(
        DEVICES,
        "computer",
        lambda: translate("pages", "Computers"),
        _devices,
        lambda: translate("pages", "Which computers use the locker"),
    ),
    LockerPage(TRASH, "trash", lambda: translate("pages", "Trash"), _trash),
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
        lambda: translate("pages", "Sett&ings"),
        _settings,
        lambda: translate("pages", "Settings (Ctrl+,)"),
    ),
)

_LOADED_LATER = (
    "megadesk.ui.pages.browser_page",
    "megadesk.ui.pages.recent_page",
    "megadesk.ui.pages.transfers_page",
    "megadesk.ui.pages.trash_page",
    "megadesk.ui.pages.links_page",
    "megadesk.ui.pages.sync_page",
    "megadesk.ui.pages.storage_page",
    "megadesk.ui.pages.settings.page",
    *(
        f"megadesk.ui.pages.settings.{name}"
        for name in ("about", "advanced", "appearance", "general", "keyboard", "locking", "storage", "transfers")
    ),
    "megadesk.ui.widgets.link_dialog",
    "megadesk.ui.widgets.keyboard_map",
)
_BREATH_S = 0.02


def load_ahead() -> None:
    """Load what the pages need before somebody opens them, on a worker, with pauses: all at once it takes a third of a
    second, in which the window would stand still. Without effect the second time."""
    for name in _LOADED_LATER:
        importlib.import_module(name)
        time.sleep(_BREATH_S)


ROW_ACTIONS: tuple[RowAction, ...] = (
    RowAction("copy-link", "links", lambda: translate("pages", "Copy &link"), _can_be_shared, _copy_link, "Ctrl+L"),
    RowAction("share", "share", lambda: translate("pages", "S&hare…"), _can_be_shared, _share, "Ctrl+Shift+S"),
)
"""Entries of the menu on files, behind those of the browser itself."""

DETAIL_SECTIONS: tuple[DetailSection, ...] = ()
"""Parts of the details pane, between versions and storage."""
