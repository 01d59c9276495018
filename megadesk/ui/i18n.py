"""Translation for code without Qt. `run_app` puts QCoreApplication.translate here; lupdate knows the name.

English is the source language. A count is passed as ``n`` and stands as ``%n`` in the text; the singular has a text
of its own, so that English needs no translation file.
"""

from __future__ import annotations

from collections.abc import Callable


def _plain(context: str, text: str, disambiguation: str | None, n: int) -> str:
    return text.replace("%n", str(n)) if n >= 0 else text


_translator: Callable[[str, str, str | None, int], str] = _plain


def use_translator(translator: Callable[[str, str, str | None, int], str]) -> None:
    """From now on texts come from ``translator`` (context, text, disambiguation, n)."""
    global _translator  # noqa: PLW0603 - one language a process, as Qt has it
    _translator = translator


def current_translator() -> object:
    """For who remembers what was translated: another one, another language."""
    return _translator


def translate(context: str, text: str, n: int = -1) -> str:
    """``text`` in the language of the user."""
    return _translator(context, text, None, n)
