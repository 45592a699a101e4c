"""Durations, sizes and times as people say them: one wording in reasons, notices and pages."""

from __future__ import annotations

import math
import re
from datetime import datetime

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def duration(seconds: float) -> str:
    """`0.4 s`, `42 s`, `2 min 5 s`, `3 h 10 min`, `2 d 4 h`. Rounded up, so that a bound stays a bound."""
    if not math.isfinite(seconds):
        return "an unknown time"
    if seconds < 0.05:
        return "under 0.1 s"
    if seconds < 9.95:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    whole = int(-(-seconds // 1))
    for position, (size, unit) in enumerate(_UNITS):
        smaller, name = _UNITS[position + 1] if position + 1 < len(_UNITS) else (1, "s")
        whole = -(-whole // smaller) * smaller if whole >= size else whole
        if whole < size:
            continue
        rest = whole % size // smaller
        return f"{whole // size} {unit} {rest} {name}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


def latency(seconds: float) -> str:
    """`2 ms`, `1.4 s`: how long something took."""
    return f"{max(1, round(seconds * 1000))} ms" if seconds < 1 else duration(seconds)


def size(count: int) -> str:
    """`812 B`, `12 kB`, `1.4 MB`, `3.0 GB`, in powers of 1024 as PostgreSQL does."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            break
        value /= 1024
    return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"


def clock(moment: datetime) -> str:
    """`2026-11-23 05:07:09 UTC`."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 session`, `3 sessions`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def capital(text: str) -> str:
    """With a great first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and direction marks."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def spoken(name: str) -> str:
    """A value's name as people say it inside a sentence: `RolledBack` is `rolled back`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
