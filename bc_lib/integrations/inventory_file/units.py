"""Times and sizes as people write them: `500ms`, `15s`, `2min`, `1h`, `512MB`."""

from __future__ import annotations

import re
from typing import Any

TIMES = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
# As PostgreSQL counts: 1 kB is 1024 bytes.
SIZES = {"B": 1, "kB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
NUMBER = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)[ ]?([A-Za-zµ]*)\Z", re.ASCII)


def seconds(value: Any) -> float:
    """A time in seconds. Raises ValueError with one sentence that names the units."""
    number, unit = _parts("time", value, tuple(TIMES), "15s")
    return round(number * TIMES[unit], 6)


def written(value: float) -> str:
    """A time as `seconds` reads it back: in the greatest unit that leaves no rest."""
    for unit in ("d", "h", "min"):
        if value and value % TIMES[unit] == 0:
            return f"{value / TIMES[unit]:.0f}{unit}"
    return f"{value:.6f}".rstrip("0").rstrip(".") + "s"


def size(value: Any) -> int:
    """A size in bytes. Raises ValueError with one sentence that names the units."""
    number, unit = _parts("size", value, tuple(SIZES), "512MB")
    return round(number * SIZES[unit])


def _parts(what: str, value: Any, units: tuple[str, ...], example: str) -> tuple[float, str]:
    allowed = f"write a {what} as a number with one of the units {', '.join(units)}, such as {example}"
    match = NUMBER.match(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    if match is None:
        raise ValueError(f"{str(value)[:40]!a} is not a {what}; {allowed}")
    if not match[2]:
        raise ValueError(f"{match[1]} has no unit; {allowed}")
    if match[2] not in units:
        raise ValueError(f"unknown unit {match[2]!r}; {allowed}")
    return float(match[1]), match[2]
