"""The demo's own `bcctl`, asked as a person would."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Seconds, from the journal: confirmation to the first step, outage; None where there is none.

    `loss`: what was stated about lost data, one a database that moved.
    """

    state: str
    loss: tuple[dict[str, Any], ...]
    to_first_s: float | None
    outage_s: float | None
    confirmed_to_end_s: float | None


@dataclass(frozen=True, slots=True)
class Folder:
    """A checkout in which `bcctl up --demo` runs."""

    path: Path

    def bcctl(self, *words: str, may_refuse: bool = False) -> str:
        """What it prints. Raises RuntimeError with its words where it fails; `may_refuse`: a refusal is an answer."""
        done = subprocess.run(
            [self.path / ".venv/bin/bcctl", *words],
            cwd=self.path,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        good = {0, 4} | ({1, 3} if may_refuse else set())  # 4: something is stale or blind, and the answer is complete
        if done.returncode not in good:
            raise RuntimeError(f"bcctl {' '.join(words)}: {done.stderr or done.stdout}")
        return done.stdout

    def asked(self, *words: str) -> Any:
        """Its JSON."""
        return json.loads(self.bcctl(*words, "--json"))

    def resource(self, name: str) -> dict[str, Any]:
        """As `bcctl status` knows it now."""
        found: dict[str, Any] = next(each for each in self.asked("status")["resources"] if each["name"] == name)
        return found

    def until(self, name: str, fact: str, wanted: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until the monitor says so of a fact (status, active_site) of the resource. Raises RuntimeError."""
        until = time.monotonic() + patience_s
        while (seen := self.resource(name)[fact]) != wanted:
            if time.monotonic() > until:
                raise RuntimeError(f"The {fact} of {name} is {seen} and not {wanted} after {patience_s:.0f} s.")
            time.sleep(1)

    def figures(self, request: str) -> Figures:
        """Of a request that was confirmed."""
        asked, run = self.asked("request", "show", request), self.asked("run", "show", request)
        confirmed, started, ended = (
            datetime.fromisoformat(text) if text else None
            for text in (asked["confirmed_at"], _first(run["steps"]) or run["started_at"], run["ended_at"])
        )
        return Figures(
            state=run["state"],
            loss=tuple(run["loss"]),
            to_first_s=(started - confirmed).total_seconds() if started and confirmed else None,
            outage_s=run["outage_s"],
            confirmed_to_end_s=(ended - confirmed).total_seconds() if ended and confirmed else None,
        )


def _first(steps: list[dict[str, Any]]) -> str | None:
    return min((each["claimed_at"] for each in steps if each["claimed_at"]), default=None)
