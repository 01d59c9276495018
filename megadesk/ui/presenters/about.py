"""What MegaDesk is made of: versions and licences."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib import metadata

import megadesk


@dataclass(frozen=True)
class Part:
    name: str
    version: str
    licence: str


LICENCES = {
    "PySide6-Essentials": "LGPL-3.0-only",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0; PDFium: Apache-2.0",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "httpx": "BSD-3-Clause",
    "httpcore": "BSD-3-Clause",
    "h11": "MIT",
    "certifi": "MPL-2.0",
    "appdirs": "MIT",
    "msgspec": "BSD-3-Clause",
    "apsw-sqlite3mc": "MIT; SQLite: public domain; SQLite3MultipleCiphers: MIT",
    "keyring": "MIT",
    "asyncssh": "EPL-2.0 OR GPL-2.0-or-later",
    "starlette": "BSD-3-Clause",
    "uvicorn": "BSD-3-Clause",
    "httptools": "MIT",
    "uvloop": "MIT OR Apache-2.0",
    "zfec": "GPL-2.0-or-later OR TGPPL-1.0",
    "watchdog": "Apache-2.0",
    "pathspec": "MPL-2.0",
    "Send2Trash": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "zxcvbn": "MIT",
}
"""Of what runs with the program, by SPDX. A test compares the names with pyproject.toml."""


IN_THE_PAGE = (
    Part("@noble/ciphers", "2.4.0", "MIT"),
    Part("@noble/hashes", "2.4.0", "MIT"),
    Part("pdfjs-dist", "6.5.438", "Apache-2.0; OpenJPEG: BSD-2-Clause; PDFium, Foxit fonts: BSD-3-Clause"),
)
"""Of what is built into the page of links. A test compares with its package-lock.json."""


def version_of(library: str) -> str:
    """Its version, "" where it is not installed or the built program does not tell."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def parts() -> list[Part]:
    """This program, Python, Qt's bindings and the libraries, then those in the page of links.

    What is not installed is left out.
    """
    found = [Part("MegaDesk", megadesk.__version__, "Apache-2.0"), Part("Python", platform.python_version(), "PSF-2.0")]
    frozen = getattr(sys, "frozen", False)
    for name, licence in LICENCES.items():
        version = version_of(name)
        if version or frozen:
            found.append(Part(name, version, licence))
    return [*found, *IN_THE_PAGE]
