"""A campaign's figures, kept on disk after each round, so that it can be cut short and go on."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "campaign.json"


@dataclass
class Record:
    """`rounds`: done; `hits`: strikes that hit a run under way, by kind, `misses`: those that came when it was over;
    `where`: what the run had reached at the target when it was hit; `states`: how requests ended; `held`: how often
    people had to decide; `voided`: approvals that a changed plan had made void, given again; `recoveries_s`: from the
    last kill that hit to the end of its request, by what was killed; `wrong`: what must not be.
    """

    seed: int
    rounds: int = 0
    undisturbed_s: list[float] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    where: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    held: int = 0
    voided: int = 0
    takeovers: int = 0
    effects: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    lost: int = 0
    audits: int = 0
    audit_records: int = 0
    seconds: float = 0.0
    recoveries_s: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def strikes(self) -> int:
        """Kills and freezes that hit a run under way."""
        return sum(self.hits.values())

    def save(self, root: Path, name: str = FILE) -> None:
        """Whole or not at all."""
        partial = root / f"{name}.partial"
        partial.write_text(json.dumps(vars(self), indent=1) + "\n", encoding="utf-8")
        os.replace(partial, root / name)


COUNTS = ("hits", "misses", "where", "states", "effects")


def load(root: Path, name: str = FILE) -> Record | None:
    """What was kept there; None where nothing was."""
    try:
        plain: dict[str, Any] = json.loads((root / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Record(**plain | {name: Counter(plain[name]) for name in COUNTS})
