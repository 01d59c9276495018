"""The language of the window: which it is, and loading it. One a process; a change holds at the next start."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from megadesk.ui import i18n
from megadesk.ui.resources import resource_folder

log = logging.getLogger(__name__)

NAMES = {"en": "English", "fr": "Français"}
"""By BCP 47 tag. English is in the source; the others are resources/translations/megadesk_TAG.ts."""


def chosen(setting: str, system: list[str]) -> str:
    """The tag of the language to show. ``setting`` "" follows the system, whose ``system`` are tags by preference."""
    for tag in [setting] if setting else system:
        base = tag.replace("_", "-").split("-")[0].lower()
        if base in NAMES:
            return base
    return "en"


def install(app: QApplication, setting: str) -> QLocale:
    """Translate from now on; before any widget is made. The locale for numbers and dates.

    A language whose file is missing shows English, and the log says so.
    """
    system = QLocale.system()
    tag = chosen(setting, list(system.uiLanguages()))
    i18n.use_translator(QCoreApplication.translate)
    # Numbers and dates are the system's own, unless another language was asked for by name.
    locale = QLocale(tag) if setting and chosen("", list(system.uiLanguages())) != tag else system
    if tag != "en":
        ours = QTranslator(app)
        if ours.load(f"megadesk_{tag}", str(resource_folder() / "translations")):
            app.installTranslator(ours)
        else:
            log.warning("the translation %s is missing; English is shown", tag)
            return locale
        qts = QTranslator(app)
        if qts.load(f"qtbase_{tag}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(qts)
    QLocale.setDefault(locale)
    return locale
