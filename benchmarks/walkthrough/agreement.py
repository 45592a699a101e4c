"""Whether the statement about lost data agrees with what a client counted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


def agrees(statement: Mapping[str, Any], lost_at: Sequence[datetime]) -> bool:
    """`statement`: one of `loss` in `bcctl run show --json`. `lost_at`: when each lost row had been acknowledged."""
    match statement["certainty"]:
        case "proven" | "proven but for what is not replicated":
            return not lost_at
        case "bounded":
            after, until = (datetime.fromisoformat(statement[key]) for key in ("after", "until"))
            return all(after < each <= until for each in lost_at)
        case "cannot be bounded":
            return True  # it promises nothing
    raise ValueError(f"unknown certainty {statement['certainty']!a}")
