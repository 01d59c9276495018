"""What may be set about a server, with values that suit most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may take. Who exceeds it is answered 413, 431 or 503, or cut off where no answer helps.

    ``head_s``: from the connection, or a request's first byte, to the last header. ``body_window_s`` and
    ``min_body_bytes_per_s``: a body must come at least so fast on average over each window, while the server reads.
    ``send_s``: without a client taking 256 KiB. ``stop_s``: for requests to finish when the server is to stop.
    """

    max_connections: int = 4096
    max_requests: int = 1024
    max_object_bytes: int = 256 * MIB
    max_json_bytes: int = 4 * MIB
    max_head_bytes: int = 32 << 10
    head_s: float = 20.0
    idle_s: int = 75
    body_window_s: float = 20.0
    min_body_bytes_per_s: float = 1024.0
    send_s: float = 60.0
    stop_s: int = 60
    max_listeners: int = 512
    max_listeners_per_token: int = 128
    listener_queue: int = 256
    heartbeat_s: float = 15.0
