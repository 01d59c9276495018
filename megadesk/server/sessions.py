"""Sessions of those who opened a link. Nothing is kept: a session is its own proof, so several servers share them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

SESSION_MS: Final = 24 * 3600 * 1000
KEY_BYTES: Final = 32
_MAC_BYTES: Final = 24


class Sessions:
    """Makes and checks session tokens: end of life, then an HMAC over it and the link's id."""

    def __init__(self, key: bytes) -> None:
        """``key``: 32 secret random bytes, the same on all servers that are one."""
        if len(key) != KEY_BYTES:
            raise ValueError("a session key has 32 bytes")
        self._key = key

    def __repr__(self) -> str:
        return "<Sessions redacted>"

    def make(self, link_id: str, now_ms: int) -> str:
        end = (now_ms + SESSION_MS).to_bytes(8, "big")
        return base64.urlsafe_b64encode(end + self._mac(link_id, end)).decode()

    def holds(self, session: str, link_id: str, now_ms: int) -> bool:
        try:
            content = base64.b64decode(session.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return False
        end, mac = content[:8], content[8:]
        return hmac.compare_digest(mac, self._mac(link_id, end)) and now_ms < int.from_bytes(end, "big")

    def _mac(self, link_id: str, end: bytes) -> bytes:
        message = b"megadesk link session\0" + link_id.encode() + b"\0" + end
        return hmac.digest(self._key, message, hashlib.sha256)[:_MAC_BYTES]
