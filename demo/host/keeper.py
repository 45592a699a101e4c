"""The rules of orders at one node: each once, none of an older epoch, none too late, one after the other."""

from __future__ import annotations

import subprocess
import threading
from datetime import UTC, datetime
from typing import Any

from bc_lib.integrations.host_control import wire
from bc_lib.integrations.host_control.host_side.words import INCARNATION, RESTORED
from bc_lib.ports.host_control import Done, HostRefused, HostState, HostVerb, Order
from bc_lib.runtime.pgserver import ServerFailed
from demo.host import acts
from demo.host.hosted import Hosted
from demo.host.journal import DONE, FAILED, NOT_DONE, Entry, Journal

STARTS = (HostVerb.START, HostVerb.START_AS_STANDBY)


class Keeper:
    """Carries out orders for one node. All methods block; any thread may call them."""

    def __init__(self, host: Hosted, journal: Journal) -> None:
        self.host = host
        self.journal = journal
        self._turn = threading.Lock()
        last = journal.last(HostVerb.STOP, *STARTS)
        if last is not None and last.verb is HostVerb.STOP:  # what a run stopped stays stopped when we come back
            host.node.hold(f"run {last.run}")

    def state(self) -> HostState:
        """What the host sees now; never waits for an order under way."""
        return self.host.state(self.journal)

    def carry_out(self, order: Order) -> Done:
        """Do it once. Raises HostRefused."""
        left = (order.deadline - datetime.now(UTC)).total_seconds()
        if not self._turn.acquire(timeout=max(0.0, min(left, threading.TIMEOUT_MAX))):
            raise HostRefused("deadline", f"Another order kept {self.host.name} busy until the deadline.")
        try:
            return self._in_turn(order)
        finally:
            self._turn.release()

    def _in_turn(self, order: Order) -> Done:
        highest = self.journal.highest_epoch
        if highest is not None and order.epoch < highest:
            raise HostRefused("stale-epoch", f"Epoch {order.epoch} is stale: {self.host.name} has seen {highest}.")
        self._settle_open()
        earlier = self.journal.done((order.run, order.step, order.verb))
        if earlier is not None:
            self.journal.see(order.epoch)
            if earlier.epoch // INCARNATION != order.epoch // INCARNATION:
                words = RESTORED.format(self.host.name, verb=order.verb.value, run=order.run)
                raise HostRefused("precondition", words)
            return Done(state=wire.state_from(earlier.state), again=True, details=dict(earlier.details))
        self._check(order)
        return self._do(order)

    def _check(self, order: Order) -> None:
        try:
            if datetime.now(UTC) >= order.deadline:
                raise HostRefused("deadline", f"The order for {self.host.name} came after its deadline.")
            if order.verb in {*STARTS, HostVerb.REWIND}:
                self._refuse_torn()
            if order.verb is HostVerb.REBUILD:
                self._need_copy()
        except HostRefused:
            self.journal.see(order.epoch)
            raise

    def _do(self, order: Order) -> Done:
        before: dict[str, Any] = {"running": self.host.node.is_running()}
        if order.verb is HostVerb.PRESERVE:
            before["target"] = acts.copy_of(self.host, order.run).name
        entry = self.journal.intend(order, before)
        try:
            done = acts.act(self.host, order)
        except HostRefused as refused:
            self._settle(entry, NOT_DONE, details={"why": str(refused)})
            raise
        except (ServerFailed, OSError, subprocess.SubprocessError) as error:
            torn = {"torn": "yes"} if isinstance(error, acts.Torn) else {}
            self._settle(entry, FAILED, details={"why": str(error)[-1000:], **torn})
            raise HostRefused("failed", f"{order.verb.value} failed at {self.host.name}: {str(error)[-500:]}") from None
        state = self._settle(entry, DONE, changed=done.changed, details=done.details)
        return Done(state=state, again=False, details=done.details)

    def _settle(
        self, entry: Entry, outcome: str, *, changed: bool = False, details: dict[str, str] | None = None
    ) -> HostState:
        entry.changed = changed  # so that the state that is kept counts it
        state = self.state()
        self.journal.settle(entry, outcome, changed=changed, details=details or {}, state=wire.state_to(state))
        return state

    def _settle_open(self) -> None:
        """We were killed in an order: what became of it is read off the server and its folder, never guessed."""
        for entry in self.journal.open():
            acts.end_leftovers(self.host)
            done, details = self._found(entry)
            outcome = DONE if done else FAILED if details else NOT_DONE
            running_before = bool(entry.before.get("running"))
            unchanged = (entry.verb is HostVerb.STOP and not running_before) or (
                entry.verb in STARTS and running_before
            )
            self._settle(entry, outcome, changed=done and not unchanged, details={"found": "after a crash", **details})

    def _found(self, entry: Entry) -> tuple[bool, dict[str, str]]:
        """Whether the effect of an order without a result is there; details where it is there by half."""
        host = self.host
        running, details = host.node.is_running(), {}
        match entry.verb:
            case HostVerb.STOP:
                there = not running
                if there:
                    host.hold(f"run {entry.run}")
            case HostVerb.START:
                there = running
            case HostVerb.START_AS_STANDBY:
                there = running and host.node.is_standby()
            case HostVerb.PRESERVE:
                there = str(entry.before["target"]) in host.preserved()
            case HostVerb.REWIND:
                there = host.control().get("Database cluster state") == "in archive recovery"
                details = {} if there else {"torn": "yes", "why": "the rewind was cut short"}
            case HostVerb.REBUILD:
                there = acts.built_by(host) == acts.mark_of(host, entry.run, entry.step)
        return there, details

    def _refuse_torn(self) -> None:
        torn = next((one.number for one in reversed(self.journal.entries) if one.details.get("torn")), None)
        rebuilt = self.journal.last(HostVerb.REBUILD)
        if torn is not None and (rebuilt is None or rebuilt.number < torn):
            raise HostRefused(
                "failed",
                f"A rewind of {self.host.name} was cut short; it can only be rebuilt from the new primary.",
            )

    def _need_copy(self) -> None:
        """REBUILD throws the data folder away, so a copy of exactly this one must exist."""
        copy = self.journal.last(HostVerb.PRESERVE)
        started = self.journal.last(*STARTS, outcomes=(DONE, FAILED))
        rewound = self.journal.last(HostVerb.REWIND, outcomes=(DONE, FAILED))
        fresh = copy is not None and (started is None or started.number < copy.number)
        if fresh and copy is not None and (rewound is None or rewound.number < copy.number):
            control = self.host.control()
            fresh = all(copy.details.get(key) == control.get(label, "") for key, label in acts.PRESERVED_AT.items())
        if not fresh:
            raise HostRefused("precondition", f"{self.host.name} is not rebuilt before its data folder is preserved.")
