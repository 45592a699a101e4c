"""The rules of orders: each once, none of an older epoch, none too late, one after the other."""

from __future__ import annotations

from typing import Any

from .acts import ACTS
from .journal import Journal
from .server import Server
from .words import (
    DONE,
    FAILED,
    INCARNATION,
    LIMITS,
    NOT_DONE,
    PRESERVE,
    RESTORED,
    REWIND,
    STANDBY_SIGNAL,
    START,
    STARTS,
    STOP,
    Failed,
    Order,
    Refused,
    left_s,
    now,
)


class Keeper:
    """The rules of orders at one server."""

    def __init__(self, server: Server, journal: Journal) -> None:
        self.server, self.journal = server, journal

    def state(self) -> dict[str, Any]:
        """What can be seen now, in the words of the port."""
        server, control = self.server, self.server.control()
        timeline = control.get("Latest checkpoint's TimeLineID")
        return {
            "node": server.node,
            "running": server.running(),
            "ready": server.ready(),
            "standby_on_disk": (server.data / STANDBY_SIGNAL).exists() if server.data.exists() else None,
            "cluster_state": control.get("Database cluster state"),
            "checkpoint_lsn": control.get("Latest checkpoint location"),
            "timeline": int(timeline) if timeline else None,
            "system_identifier": control.get("Database system identifier"),
            "highest_epoch": self.journal.highest,
            "clock": now().isoformat(),
            "preserved": server.copies(),
            "slot": server.section.get("slot"),
            "effects": self.journal.effects(),
            "limits": {name: control[label] for name, label in LIMITS.items() if label in control},
            "changed": control.get("pg_control last modified"),
            "changed_at": server.changed_at(),
        }

    def carry_out(self, order: Order) -> dict[str, Any]:
        """Do it once. Raises Refused, Unsettled."""
        with self.journal.turn(order):
            highest = self.journal.highest
            if highest is not None and order["epoch"] < highest:
                raise Refused("stale-epoch", f"Epoch {order['epoch']} is stale: {self.server.name} has seen {highest}.")
            self._settle_open()
            wanted = {key: order[key] for key in ("run", "step", "verb")}
            for entry in self.journal.entries:
                if entry.get("outcome") == DONE and all(entry[key] == value for key, value in wanted.items()):
                    self.journal.see(order["epoch"])
                    if entry["epoch"] // INCARNATION != order["epoch"] // INCARNATION:
                        raise Refused("precondition", RESTORED.format(self.server.name, **wanted))
                    return {"again": True, "details": entry["details"], "state": entry["state"]}
            try:
                self._check(order)
            except Refused:
                self.journal.see(order["epoch"])
                raise
            return self._do(order)

    def _check(self, order: Order) -> None:
        if left_s(order) <= 0:
            raise Refused("deadline", f"The order for {self.server.name} came after its deadline.")
        torn = {(entry.get("details") or {}).get("torn") for entry in self.journal.entries} - {None}
        if order["verb"] in {*STARTS, REWIND} and ({"yes", self.server.folder()} & torn):
            raise Refused("failed", f"A rewind of {self.server.name} was cut short; a person must rebuild it.")

    def _do(self, order: Order) -> dict[str, Any]:
        number = len(self.journal.entries)
        before: dict[str, Any] = {"running": self.server.running()}
        if order["verb"] == PRESERVE:
            before["target"] = self.server.copy_of(order["run"])
        words = {key: order[key] for key in ("run", "step", "verb", "epoch")}
        self.journal.write({"kind": "intent", "number": number, **words, "before": before})
        try:
            changed, details = ACTS[order["verb"]](self.server, order)
        except Refused as error:
            self._settle(number, NOT_DONE, False, {"why": str(error)})
            raise
        except (Failed, OSError) as error:
            torn = {"torn": self.server.folder()} if isinstance(error, Failed) and error.torn else {}
            self._settle(number, FAILED, False, {"why": str(error), **torn})
            raise Refused("failed", f"{order['verb']} failed at {self.server.name}: {error}") from None
        return {"again": False, "details": details, "state": self._settle(number, DONE, changed, details)}

    def _settle(self, number: int, outcome: str, changed: bool, details: dict[str, str]) -> dict[str, Any]:
        self.journal.entries[number]["changed"] = changed  # so that the state that is kept counts it
        state = self.state()
        line = {"kind": "result", "number": number, "outcome": outcome, "changed": changed}
        self.journal.write({**line, "details": details, "state": state})
        return state

    def _settle_open(self) -> None:
        """We were killed in an order: what became of it is read off the server and its folder, never guessed."""
        for number, entry in enumerate(self.journal.entries):
            if entry.get("outcome") is None:
                self.server.end_leftovers()
                there, details = self._found(entry)
                was = entry["before"].get("running") is (entry["verb"] != STOP)
                like_before = was and entry["verb"] in {STOP, *STARTS}
                outcome = DONE if there else FAILED if details else NOT_DONE
                self._settle(number, outcome, there and not like_before, {"found": "after a crash", **details})

    def _found(self, entry: dict[str, Any]) -> tuple[bool, dict[str, str]]:
        server, verb, running = self.server, entry["verb"], self.server.running()
        if verb == STOP:
            return running is False, {}
        if verb == PRESERVE:
            return entry["before"]["target"] in server.copies(), {}
        if verb == REWIND:
            there = server.control().get("Database cluster state") == "in archive recovery"
            return there, {} if there else {"torn": self.server.folder(), "why": "the rewind was cut short"}
        return running is True and (verb == START or (server.data / STANDBY_SIGNAL).exists()), {}
