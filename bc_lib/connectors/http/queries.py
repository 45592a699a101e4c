"""What is sent to an application: one GET."""

from __future__ import annotations

from bc_lib.ports.connector import Statement

MAX_BODY_BYTES = 65536
MAX_REDIRECTS = 3
HEADERS = {
    "User-Agent": "bc-monitor",
    "Accept": "application/json, */*;q=0.5",
    "Accept-Encoding": "identity",
    "Cache-Control": "no-cache",
}

STATEMENTS = (
    Statement(
        "Ask the application how it is; redirects are followed on the same host only, and the body is read "
        f"(at most {MAX_BODY_BYTES // 1024} KiB) only where json_field is set",
        "GET <url>",
    ),
)
