"""Brings the translations up to date: python3 dev.py translations

Texts of the window are found by Qt's lupdate. Sentences of the core are found here: what errors are raised with, and
their remedies and titles, with %1 for each value in them (docs/adr/0027). They go into messages.json, by which the
window recognises them, and through a file that lupdate reads into the same .ts.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LANGUAGES = ("fr",)
CONTEXT = "messages"
SILENT = ("ui", "cli", "server")
"""Layers whose words are translated elsewhere, or never reach the window."""


def tool(name: str) -> str:
    """One of Qt's programs, as PySide brings them."""
    import PySide6

    return str(Path(PySide6.__file__).parent / (f"{name}.exe" if sys.platform == "win32" else name))


def template(node: ast.expr) -> str | None:
    """The text that an expression makes, with %1, %2... for values; None when it is not made of text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    text, number = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        else:
            number += 1
            text += f"%{number}"
    return text if number < 10 else None


def choices(node: ast.expr) -> Iterator[str]:
    """`template` of each branch of a conditional expression."""
    if isinstance(node, ast.IfExp):
        yield from choices(node.body)
        yield from choices(node.orelse)
    elif (text := template(node)) is not None:
        yield text


def error_classes() -> set[str]:
    tree = ast.parse((ROOT / "megadesk" / "errors.py").read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def core_texts() -> list[str]:
    """All that errors say, and what places of links can do, sorted."""
    names = error_classes() | {"StoreTestResult", "Problem", "FileFailure"}
    found: set[str] = set()
    for path in sorted((ROOT / "megadesk").rglob("*.py")):
        if path.relative_to(ROOT / "megadesk").parts[0] in SILENT:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if called in names or called == "replace" or called.startswith("_"):
                    for each in [*node.args, *[kw.value for kw in node.keywords if kw.arg in ("message", "remedy")]]:
                        found.update(choices(each))
                else:
                    said = ("title", "text") if called == "PlaceAbilities" else ("remedy",)
                    for keyword in node.keywords:
                        if keyword.arg in said:
                            found.update(choices(keyword.value))
            elif isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and ("REMEDY" in target.id or target.id in ("title", "remedy", "message"))
                for target in node.targets
            ):
                found.update(choices(node.value))
    return sorted(text for text in found if is_sentence(text))


NO_SENTENCE = re.compile(r"(?:SELECT|INSERT|UPDATE|DELETE|WITH) |%1 (?:ORDER|WHERE|%2)|%\(|Injected")


def is_sentence(text: str) -> bool:
    """Words for people: titles and sentences, not names, queries, formats or parts of addresses."""
    if len(text) <= 3 or " " not in text.strip() or "\n" in text or NO_SENTENCE.match(text):
        return text in ("Cancelled",)
    return text[0].isupper() or text[0] in "%“"


def update(folder: Path) -> None:
    """Write messages.json and the .ts files, keeping their translations."""
    texts = core_texts()
    (folder / "messages.json").write_text(json.dumps(texts, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as work:
        listed = Path(work) / "messages.py"
        lines = [f"QT_TRANSLATE_NOOP({CONTEXT!r}, {json.dumps(text, ensure_ascii=False)})" for text in texts]
        listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sources = [str(path) for path in sorted((ROOT / "megadesk" / "ui").rglob("*.py"))]
        for language in LANGUAGES:
            command = [tool("lupdate"), *sources, str(listed), "-ts", str(folder / f"megadesk_{language}.ts")]
            options = ["-locations", "none", "-no-obsolete", "-source-language", "en", "-target-language", language]
            subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)


def release(folder: Path) -> None:
    """Make the .qm that the program reads of each .ts that is newer."""
    for source in sorted(folder.glob("*.ts")):
        made = source.with_suffix(".qm")
        if not made.exists() or made.stat().st_mtime <= source.stat().st_mtime:
            subprocess.run([tool("lrelease"), "-silent", str(source), "-qm", str(made)], check=True)


if __name__ == "__main__":
    if "--release" not in sys.argv:
        update(HERE)
    release(HERE)
