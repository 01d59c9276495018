"""The translations are whole and up to date, and find the core's sentences again (docs/adr/0027)."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from examples import row
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from megadesk import errors
from megadesk.core.link_places import ABILITIES
from megadesk.errors import LocalFileError, StoreUnavailableError
from megadesk.format.ops import LinkPlace
from megadesk.ui import i18n, language
from megadesk.ui.messages import localized
from megadesk.ui.presenters.changes import titled
from megadesk.ui.presenters.errors import problem_of

FOLDER = Path(__file__).parents[2] / "resources" / "translations"
PLACES = re.compile(r"%\d|%n|\{\d*\}")
OWN_SPACE = re.compile(r"[^\s,] [:;?!»]|« |[^\s,(.:?{}%a-z][;?!](?=\s|$)")
"""A French mark that could be torn from its word at the end of a line, or has no space at all."""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """resources/translations/update.py"""
    spec = importlib.util.spec_from_file_location("update", FOLDER / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts(file: Path) -> dict[tuple[str, str], str | None]:
    """Translation by context and source; None where it is unfinished."""
    found: dict[tuple[str, str], str | None] = {}
    for context in ET.parse(file).getroot().findall("context"):
        for message in context.findall("message"):
            name, source, translation = context.find("name"), message.find("source"), message.find("translation")
            assert name is not None
            assert source is not None
            assert translation is not None
            done = translation.get("type") is None and translation.text
            found[name.text or "", source.text or ""] = translation.text if done else None
    return found


@pytest.mark.parametrize("tag", [tag for tag in language.NAMES if tag != "en"])
def test_nothing_is_stale_or_untranslated(tool: ModuleType, tag: str, tmp_path: Path) -> None:
    file = FOLDER / f"megadesk_{tag}.ts"
    kept = texts(file)
    shutil.copy(file, tmp_path / file.name)
    tool.update(tmp_path)
    fresh = texts(tmp_path / file.name)
    window = {key for key in fresh if key[0] != "messages"}
    assert window - set(kept) == set(), "python3 dev.py translations, then translate"
    assert {key for key in kept if key[0] != "messages"} - set(fresh) == set(), "python3 dev.py translations"
    assert [key for key in window if not kept[key]] == [], "untranslated"
    assert {key for key in kept if not kept[key]} == set(), "untranslated"
    titles = {cls.title for cls in vars(errors).values() if isinstance(cls, type) and hasattr(cls, "title")}
    assert {title for title in titles if not kept.get(("messages", title))} == set(), "titles of errors"
    assert {key for key in fresh if not kept.get(key)} == set(), "python3 dev.py translations, then translate"


@pytest.mark.parametrize("tag", [tag for tag in language.NAMES if tag != "en"])
def test_places_and_keys_are_the_same(tag: str) -> None:
    for (context, source), translation in texts(FOLDER / f"megadesk_{tag}.ts").items():
        if translation is None:
            continue
        where = f"{context}: {source}"
        assert sorted(PLACES.findall(source)) == sorted(PLACES.findall(translation)), where
        if context != "messages":
            assert source.count("&") == translation.count("&"), where
        assert source.endswith("…") == translation.endswith("…"), where
        assert source.strip() != "" or translation.strip() == "", where


@pytest.fixture
def french(qtbot: QtBot) -> Iterator[QApplication]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = i18n._translator
    language.install(app, "fr")
    yield app
    i18n.use_translator(before)
    for translator in app.findChildren(QTranslator):
        app.removeTranslator(translator)
        translator.deleteLater()
    language.QLocale.setDefault(language.QLocale.c())


def test_the_cores_sentences_are_found_again(french: QApplication) -> None:
    assert localized("The storage cannot be reached") == "Le stockage est injoignable"
    said = localized("/mnt/x y could not be written: No space left on device.")
    assert said == "Impossible d’écrire /mnt/x y\N{NO-BREAK SPACE}: Plus de place sur le disque."
    problem = problem_of(LocalFileError("/a/b is not a file.", path="/a/b", remedy="Make room on this disk."))
    assert problem.title == "Un fichier d’ici est inutilisable"
    assert problem.message == "/a/b n’est pas un fichier."
    assert problem.remedy == "Faites de la place sur ce disque."
    for strange in ("", "Nobody ever said this.", "%1", "x" * 5000):
        assert localized(strange) == strange
    assert problem_of(StoreUnavailableError("Nobody ever said this.")).message == "Nobody ever said this."


def test_names_stand_between_french_marks(french: QApplication) -> None:
    assert titled([row(1, "a.txt")]) == "«\N{NO-BREAK SPACE}a.txt\N{NO-BREAK SPACE}»"
    held = "2 of 3 files and folders would go into the trash here: “Letters”, “2025”"
    marked = "«\N{NO-BREAK SPACE}Letters\N{NO-BREAK SPACE}», «\N{NO-BREAK SPACE}2025\N{NO-BREAK SPACE}»"
    assert localized(held).endswith(marked)
    english = re.compile("[“”]")
    spoken = texts(FOLDER / "megadesk_fr.ts").items()
    assert [key for key, text in spoken if text is not None and english.search(text)] == []


def test_every_sentence_of_the_core_is_found_again(french: QApplication) -> None:
    """With values in it that could be names or numbers, also where another sentence is put into this one."""
    file = texts(FOLDER / "megadesk_fr.ts")
    lost = []
    for (context, source), translation in file.items():
        if context != "messages" or translation is None:
            continue
        said, expected = source, translation
        if re.search(r"%[1-9](?![A-Z])", source):
            for number in "123456789":
                said, expected = (
                    said.replace(f"%{number}", f"Q{number}q"),
                    expected.replace(f"%{number}", f"Q{number}q"),
                )
        if localized(said) != expected:
            lost.append((said, localized(said)))
    assert lost == []


def test_sentences_within_sentences(french: QApplication) -> None:
    nbsp = "\N{NO-BREAK SPACE}"
    within = "Only 1 of the 3 stores can be reached; 2 are needed to read the object packs/aa/b."
    assert localized(within) == (
        "Seuls 1 des 3 stockages sont joignables\N{NARROW NO-BREAK SPACE}; il en faut 2 pour lire l’objet packs/aa/b."
    )
    skewed = "The clocks of this computer and of the S3 server disagree by 7 minutes (this one is ahead)."
    assert "de 7 minutes (celle-ci avance)" in localized(skewed)
    two = f"{ABILITIES[LinkPlace.FILE].text} Leave the number of downloads out."
    assert localized(two) == f"{localized(ABILITIES[LinkPlace.FILE].text)} " + (
        "N’indiquez pas de nombre de téléchargements."
    )
    assert localized("a/b.txt: Nobody ever said this.") == "a/b.txt: Nobody ever said this."
    assert localized("a/b.txt: The storage has no room left.") == f"a/b.txt{nbsp}: Le stockage n’a plus de place."
    assert localized("The storage does not answer. Try again; capitals and spaces count.").startswith("Le stockage ne")
    assert localized("One. Two. Three: four; five. " * 60)  # many ends, and no translation: soon over


@pytest.mark.parametrize("tag", ["fr"])
def test_marks_stay_with_their_words(tag: str) -> None:
    for (context, source), translation in texts(FOLDER / f"megadesk_{tag}.ts").items():
        text = (translation or "").replace(", ? et #", "")
        assert OWN_SPACE.search(text) is None, f"{context}: {source} (python3 dev.py translations sets spaces)"


def test_the_list_of_sentences_is_one_of_sentences(tool: ModuleType) -> None:
    listed = json.loads((FOLDER / "messages.json").read_text(encoding="utf-8"))
    assert len(listed) > 800
    words = set(tool.SYSTEM_WORDS)
    assert [text for text in listed if not (tool.is_sentence(text) or tool.is_part(text) or text in words)] == []


@pytest.mark.parametrize(
    ("setting", "system", "shown"),
    [
        ("", ["fr-CA", "en-US"], "fr"),
        ("", ["de-DE", "fr"], "fr"),
        ("", ["C"], "en"),
        ("", [], "en"),
        ("en", ["fr"], "en"),
        ("fr_FR", ["en"], "fr"),
        ("tlh", ["fr"], "en"),
    ],
)
def test_which_language(setting: str, system: list[str], shown: str) -> None:
    assert language.chosen(setting, system) == shown
