"""The same three persons at a terminal: every act is a `bcctl` command."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.walkthrough.folder import Folder
from benchmarks.walkthrough.people import OVER, Wish

ASKS, IT, BUSINESS = "olga", "ian", "bea"
DRILLS = {"Rehearsal": "rehearsal", "Live drill": "live"}
SEEN = "Looked at; go on"


@dataclass(frozen=True, slots=True)
class Commands:
    """`itself`: start each run with `bcctl run`, as without Airflow; else Airflow starts it."""

    folder: Folder
    itself: bool = False

    def ask(self, wish: Wish) -> str:
        """Olga raises the request; its id."""
        drill = ("--drill", DRILLS[wish.drill]) if wish.drill else ()
        reason = f"Walk through: {wish.kind.lower()} of {wish.name}"
        words = ("--type", wish.kind.lower(), f"--{wish.scope}", wish.name, "--target-site", wish.site, *drill)
        made = self._as(ASKS, "request", "create", *words, "--reason", reason)
        return str(made["id"])

    def approve(self, request: str) -> None:
        """Ian and Bea, one after the other."""
        for person, role in ((IT, "approver-it"), (BUSINESS, "approver-business")):
            self._as(person, "request", "approve", request, "--role", role)

    def confirm(self, request: str) -> None:
        """Olga accepts the loss where there is one, and gives the phrase."""
        shown = self.folder.asked("request", "show", request)
        if loss := shown.get("loss_to_accept"):
            self._as(ASKS, "run", "consent", request, "--loss", loss)
        self._as(ASKS, "request", "confirm", request, "--phrase", shown["confirmation_phrase"])

    def watch(self, request: str, patience_s: float) -> Iterator[tuple[str, str]]:
        """Each new state, with the decision that waits there for somebody, until it is over; it is taken then."""
        until, last = time.monotonic() + patience_s, ("", "")
        while time.monotonic() < until:
            shown = self.folder.asked("request", "show", request)
            word, waits = str(shown["state"]), self._waits(request, shown)
            now = (word, " ".join(waits[1:]) if waits else "")
            if now != last:
                yield now
            last = now
            if word in OVER:
                return
            if waits:
                self._as(*waits, "--note", SEEN)
            elif self.itself:
                self.folder.bcctl("run", request, may_refuse=True)
            time.sleep(0.5)

    def _waits(self, request: str, shown: Mapping[str, Any]) -> tuple[str, ...] | None:
        if shown["state"] in {"PendingApproval", "Approved", "ReadyToStart"}:
            return self._before(request, shown)
        for step in self.folder.asked("run", "show", request)["steps"]:
            if step["action"] == "hold" and step["state"] in {"waiting", "claimed"}:
                return (ASKS, "run", "end-hold", request, step["key"])
            if step["state"] == "waiting":
                return (IT, "run", "allow", request, step["key"])
        return None

    def _before(self, request: str, shown: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Another failover within its block period waits until somebody says that it must be."""
        if "BLOCK_PERIOD" in json.dumps(shown):
            return (ASKS, "run", "acknowledge", request)
        return None

    def _as(self, person: str, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = self.folder.asked(*words, "--as", person)
        return found
