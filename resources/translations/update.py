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
WORDLESS = ("crypto", "pictures", "tree")
"""Layers whose strings of few words are labels for keys and the like."""
UNSHOWN = ("ValueError", "TypeError", "RuntimeError", "AssertionError", "RemoteProtocolError", "hook", "too_slow")
"""Calls whose arguments nobody reads, or only in the log."""
SYSTEM_WORDS = (
    "Permission denied",
    "Operation not permitted",
    "No space left on device",
    "Disk quota exceeded",
    "Read-only file system",
    "Input/output error",
    "No such file or directory",
    "File exists",
    "Is a directory",
    "Not a directory",
    "Directory not empty",
    "File name too long",
    "File too large",
    "Too many open files",
    "Too many levels of symbolic links",
    "Device or resource busy",
    "Text file busy",
    "No such device",
    "Stale file handle",
    "Transport endpoint is not connected",
    "Host is down",
    "No route to host",
    "Network is unreachable",
    "Connection refused",
    "Connection timed out",
    "Connection reset by peer",
    "Broken pipe",
    "Cannot allocate memory",
    "Operation not supported",
    "Invalid cross-device link",
    "Address already in use",
    "Resource temporarily unavailable",
    "Name or service not known",
    "Temporary failure in name resolution",
)
"""What the system says about files and connections, in English here; put into sentences as it is."""


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


def core_texts() -> list[str]:
    """All sentences that the core says, and the words that it puts into them, sorted."""
    found: set[str] = set(SYSTEM_WORDS)
    for path in sorted((ROOT / "megadesk").rglob("*.py")):
        parts = path.relative_to(ROOT / "megadesk").with_suffix("").parts
        if parts[0] in SILENT:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        unsaid = {id(node) for node in never_shown(tree)}
        wordless = parts[0] in WORDLESS or parts[:2] == ("state", "index")
        for node in ast.walk(tree):
            if id(node) in unsaid or not isinstance(node, ast.expr) or (text := template(node)) is None:
                continue
            text = text.removesuffix("\n")
            if is_sentence(text) or (not wordless and is_part(text)):
                found.add(text)
    return sorted(found)


def never_shown(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, names of choices, what goes to the log only, and what says that the program itself is wrong."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (part for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Enum") for base in node.bases):
            yield from (each for line in node.body if isinstance(line, ast.Assign) for each in ast.walk(line))
        elif isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "__str__"):
            yield from ast.walk(node)
        elif isinstance(node, ast.Call):
            whole = ast.unparse(node.func)
            if whole.startswith(("log.", "re.", "_log.")) or whole.rsplit(".", 1)[-1] in UNSHOWN:
                yield from (each for arg in [*node.args, *node.keywords] for each in ast.walk(arg))


NO_SENTENCE = re.compile(
    r"(?:SELECT|INSERT|UPDATE|DELETE|WITH|PRAGMA|WHERE|ORDER BY|BEGIN|CREATE|Bearer|DAV:|HTTP/|Injected:) "
    r"|System Volume|LinkSlice|SliceRef|LinkPassword|%[(s]|.*(?: [|] |[|]$)|[^ ]*\[|%1 (?:ORDER|WHERE|Credential|\+)"
    r"|%1, Signature"
)
PART = re.compile(r"[ (]?[a-z’'(]+[,.]?(?: [a-zA-Z0-9“%’'(),.;:”]+)+")
NO_PART = re.compile(
    r"(?:before|after) |bytes [(]|keys? of |text/|application/|no href|peer closed|link resume|test key"
)
FEWEST_LETTERS = 5
"""Of a sentence's own, beside the values in it."""


def is_sentence(text: str) -> bool:
    """Words for people: titles and sentences, not names, queries, formats or parts of addresses."""
    letters = sum(each.isalpha() for each in text)
    if letters < FEWEST_LETTERS or " " not in text.strip() or "\n" in text or NO_SENTENCE.match(text):
        return text in ("Cancelled",)
    return text.lstrip()[0].isupper() or text[0] in "%“"


def is_part(text: str) -> bool:
    """Some words of a sentence, which are put into it as a value."""
    return PART.fullmatch(text) is not None and NO_PART.match(text) is None


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
    set_spaces(folder / "megadesk_fr.ts")


def set_spaces(file: Path) -> None:
    """French has spaces before some marks, at which no line may end; who translates need not look for them."""

    def spaced(found: re.Match[str]) -> str:
        text = re.sub(r"(?<=[^\s,]) :(?=[\s)]|$)", "&#xa0;:", found[2])
        text = re.sub(r"(?<=[^\s,]) ([;?!])(?=[\s)»]|$)", r"&#x202f;\1", text)
        return found[1] + text.replace("« ", "«&#xa0;").replace(" »", "&#xa0;»") + found[3]

    before = file.read_text(encoding="utf-8")
    after = re.sub(r"(<translation[^>]*>)(.*?)(</translation>)", spaced, before, flags=re.DOTALL)
    if after != before:
        file.write_text(after, encoding="utf-8")


def release(folder: Path) -> None:
    """Make the .qm that the program reads of each .ts that is newer."""
    for source in sorted(folder.glob("*.ts")):
        made = source.with_suffix(".qm")
        if not made.exists() or made.stat().st_mtime <= source.stat().st_mtime:
            fresh = made.with_suffix(".new")  # a program that runs has the old one mapped into its memory
            subprocess.run([tool("lrelease"), "-silent", str(source), "-qm", str(fresh)], check=True)
            fresh.replace(made)


if __name__ == "__main__":
    if "--release" not in sys.argv:
        update(HERE)
    release(HERE)
