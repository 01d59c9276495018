"""All that the routes of one server share: the store behind, and what is kept about it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable

from megadesk.server.events import Hub, Poll
from megadesk.server.gate import Counts
from megadesk.server.grants import StoreGrants
from megadesk.server.incoming import Flusher
from megadesk.server.quota import Quota, Usage
from megadesk.server.settings import Limits
from megadesk.server.tokens import Token, Tokens
from megadesk.server.work import Workers
from megadesk.stores.api import Store


class Backing:
    """Made outside of the event loop, used inside it. Does input and output only through its parts."""

    def __init__(
        self,
        store: Store,
        *,
        reopen: Callable[[], None] | None = None,
        limits: Limits | None = None,
        quota_bytes: int | None = None,
        poll_s: float = 5.0,
        public_url: str = "",
    ) -> None:
        """``reopen`` opens the store anew, after it lost what was written to it. ``quota_bytes``: of all that lies in
        the store. ``poll_s``: how often to look for what other servers put; 0 never. The store stays the caller's to
        close."""
        self.store = store
        self.limits = limits or Limits()
        self.public_url = public_url
        self.workers = Workers()
        self.counts = Counts()
        self.tokens = Tokens(store)
        self.grants = StoreGrants(store, server=hashlib.sha256(platform.node().encode()).hexdigest()[:16])
        self.usage = Usage(store, self.workers)
        self.flusher = Flusher(store, self.workers, reopen)
        self.hub = Hub(queue=self.limits.listener_queue)
        self.poll = Poll(store, self.hub, self.workers, poll_s)
        self._quota_bytes = quota_bytes

    def quotas(self, token: Token) -> list[Quota]:
        """Those that a put by this token must keep."""
        quotas = []
        if self._quota_bytes is not None:
            quotas.append(Quota("", self._quota_bytes))
        if token.quota_bytes is not None:
            quotas.append(Quota(token.prefix, token.quota_bytes))
        return quotas

    async def make_durable(self) -> None:
        """What was put before is safe when this returns. Raises Refusal."""
        await self.flusher.make_durable()

    def stopping(self) -> None:
        """The server is about to end: so must the streams that never would."""
        self.hub.close()
        self.poll.close()

    def close(self) -> None:
        """After the last request."""
        self.workers.close()
