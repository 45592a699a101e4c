"""What a browser may run and load on our pages (Content-Security-Policy), besides the usual headers."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
FIXED = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


@cache
def headers() -> tuple[tuple[bytes, bytes], ...]:
    """For every answer. Scripts are Streamlit's files and the inline ones of its own page, by their hashes."""
    import streamlit

    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = " ".join(["'self'", *(f"'sha256-{_hash(found)}'" for found in INLINE.findall(page))])
    policy = f"script-src {scripts}; frame-ancestors 'none'; object-src 'none'; base-uri 'self'; form-action 'self'"
    return (*FIXED, (b"content-security-policy", policy.encode("ascii")))


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
