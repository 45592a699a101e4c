"""timeline.csv: the steps of a pack for a spreadsheet; cells that look like formulas are neutralised."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from bc_lib.domain.audit import neutral

COLUMNS = (
    "number",
    "key",
    "resource",
    "action",
    "executed",
    "state",
    "planned_s",
    "planned_from",
    "limit_s",
    "began_at",
    "ended_at",
    "actual_s",
    "tries",
    "sentence",
)


def timeline(body: Mapping[str, Any]) -> bytes:
    """One line a step, those that were not executed included."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in body["steps"]:
        writer.writerow([neutral("" if each[name] is None else str(each[name])) for name in COLUMNS])
    return out.getvalue().encode()
