"""Numbers for Prometheus, in its text format. No name, token or address is among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from megadesk.server.backing import Backing


def metrics_text(backing: Backing) -> str:
    counts = backing.counts
    lines = [
        "# HELP megadesk_requests_total Requests answered, by status; 0: the client went away first.",
        "# TYPE megadesk_requests_total counter",
        *(f'megadesk_requests_total{{status="{code}"}} {count}' for code, count in sorted(counts.by_status.items())),
    ]
    for name, kind, text, value in (
        ("request_seconds_total", "counter", "Time spent on requests.", round(counts.seconds, 3)),
        ("received_bytes_total", "counter", "Bytes of bodies received.", counts.received_bytes),
        ("sent_bytes_total", "counter", "Bytes of bodies sent.", counts.sent_bytes),
        ("refused_busy_total", "counter", "Requests refused since too many ran.", counts.refused_busy),
        ("requests_running", "gauge", "Requests going on, event streams included.", counts.running),
        ("listeners", "gauge", "Clients that listen for events.", len(backing.hub.listeners)),
    ):
        lines += [f"# HELP megadesk_{name} {text}", f"# TYPE megadesk_{name} {kind}", f"megadesk_{name} {value}"]
    return "\n".join(lines) + "\n"
