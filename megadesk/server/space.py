"""Which names of the store behind clients reach, and where the server keeps its own objects."""

from __future__ import annotations

from typing import Final

from megadesk.errors import InputError
from megadesk.server.answers import Refusal
from megadesk.stores.api import check_name, check_prefix

OWN: Final = "_megadesk-server/"
"""Tokens, grants and counts are objects below this folder of the store behind. The store API never reaches it."""


def reachable_name(name: str) -> str:
    """``name`` if a client may use it. Raises Refusal."""
    try:
        check_name(name)
    except InputError as error:
        raise Refusal(400, "name", str(error)) from None
    if name == OWN[:-1] or name.startswith(OWN):
        raise Refusal(403, "reserved", "Names below this folder are the server's own.")
    return name


def reachable_prefix(prefix: str) -> str:
    """``prefix`` if a client may list below it. Raises Refusal."""
    try:
        check_prefix(prefix)
    except InputError as error:
        raise Refusal(400, "name", str(error)) from None
    if prefix.startswith(OWN):
        raise Refusal(403, "reserved", "Names below this folder are the server's own.")
    return prefix
