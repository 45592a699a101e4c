"""Starts units in the order of their needs, restarts what dies, ends everything below this process.

One thread, one loop: `step()` is called several times a second and never blocks for long.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import psutil

from bc_lib.runtime import descendants
from bc_lib.runtime.unit import Silence, Unit, last_lines

BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 60.0
TRIES_BEFORE_READY = 3
READY_POLL_S = 0.25


class UnitFailed(RuntimeError):
    """A process that never came up; the message names its log and holds the last lines."""


@dataclass(slots=True)
class _Slot:
    unit: Unit
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    started_wall: float = 0.0
    ready: bool = False
    done: bool = False
    deaths: int = 0
    start_at: float = 0.0
    ask_at: float = 0.0
    silence: Silence = field(default_factory=Silence)


class Supervisor:
    """Looks after `units`; `say` receives one line per thing a person wants to know."""

    def __init__(self, units: Iterable[Unit], say: Callable[[str], None], timeout_s: float) -> None:
        self._slots = {unit.name: _Slot(unit) for unit in units}
        self._say = say
        self._timeout_s = timeout_s
        self._begun = time.monotonic()
        self._came_up = False

    def step(self) -> None:
        """Look once at every unit. Raises UnitFailed while coming up; later it goes on trying."""
        for slot in self._slots.values():
            if slot.process is None:
                self._start_when_due(slot)
            elif slot.process.poll() is not None:
                self._ended(slot, slot.process.returncode)
            elif not slot.ready:
                self._ask(slot)
            else:
                self._watch(slot, slot.process)
        self._reap_orphans()
        self._came_up = self._came_up or self.all_ready

    @property
    def all_ready(self) -> bool:
        """True once each unit answered (or, a oneshot, ended well)."""
        return all(slot.ready for slot in self._slots.values())

    def waiting_for(self) -> list[str]:
        """Names of the started units that have not answered yet."""
        return [name for name, slot in self._slots.items() if not slot.ready and slot.process is not None]

    def pids(self) -> dict[str, int]:
        """Process ids of the running units by name."""
        return {name: slot.process.pid for name, slot in self._slots.items() if slot.process is not None}

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """End every unit stage by stage, then every descendant that is still there."""
        stages = sorted({slot.unit.stop_stage for slot in self._slots.values()})
        for stage in stages:
            later = {slot.process.pid for slot in self._running() if slot.process and slot.unit.stop_stage > stage}
            self._stop_stage([slot for slot in self._running() if slot.unit.stop_stage == stage], hurry)
            descendants.end_all(grace_s=3.0, keep=later)
        descendants.end_all(grace_s=3.0)

    def _running(self) -> list[_Slot]:
        return [slot for slot in self._slots.values() if slot.process is not None and slot.process.poll() is None]

    def _start_when_due(self, slot: _Slot) -> None:
        now = time.monotonic()
        if (
            slot.done
            or now < slot.start_at
            or not all(self._slots[name].ready for name in slot.unit.after if name in self._slots)
        ):
            return
        slot.started, slot.started_wall, slot.ready, slot.silence = now, time.time(), False, Silence()
        slot.process = slot.unit.spawn()

    def _ask(self, slot: _Slot) -> None:
        now = time.monotonic()
        if now < slot.ask_at or slot.unit.oneshot:
            return self._check_patience(slot, now)
        slot.ask_at = now + READY_POLL_S
        if slot.unit.ready(slot.started_wall):
            self._mark_ready(slot, now)
        else:
            self._check_patience(slot, now)
        return None

    def _mark_ready(self, slot: _Slot, now: float) -> None:
        slot.ready = True
        self._say(f"{slot.unit.name} ready ({now - slot.started:.1f} s)")

    def _watch(self, slot: _Slot, process: subprocess.Popen[bytes]) -> None:
        """One that runs and does nothing is killed; the next step starts it again, as one that died."""
        now, unit = time.monotonic(), slot.unit
        if unit.pulse is None or now < slot.ask_at:
            return
        slot.ask_at = now + unit.pulse_every_s
        silent_s = slot.silence.after(unit.pulse(), now, unit.pulse_every_s)
        if silent_s >= unit.hung_after_s:
            self._say(f"{unit.name} runs and has shown no sign of life for {silent_s:.0f} s; killing it")
            process.kill()

    def _check_patience(self, slot: _Slot, now: float) -> None:
        if not self._came_up and now - slot.started > self._timeout_s:
            raise UnitFailed(_sentence(slot.unit, f"did not answer within {self._timeout_s:.0f} s"))

    def _ended(self, slot: _Slot, code: int) -> None:
        now = time.monotonic()
        if slot.process is not None:
            _end_group(slot.process.pid)
        slot.process = None
        if slot.unit.oneshot and code == 0:
            slot.done = True
            return self._mark_ready(slot, now)
        slot.deaths = 1 if now - slot.started > STEADY_S else slot.deaths + 1
        if not self._came_up and (slot.unit.oneshot or slot.deaths >= TRIES_BEFORE_READY):
            raise UnitFailed(_sentence(slot.unit, f"ended {how(code)}"))
        pause = BACKOFF_S[min(slot.deaths, len(BACKOFF_S)) - 1]
        slot.start_at, slot.ready = now + pause, False
        self._say(f"{slot.unit.name} ended {how(code)}; starting it again in {pause:g} s (log: {slot.unit.log})")
        return None

    def _reap_orphans(self) -> None:
        """Collect ended processes that became ours as subreaper, leaving the units to their Popen objects."""
        known = {slot.process.pid for slot in self._slots.values() if slot.process is not None}
        for child in psutil.Process().children():
            try:
                if child.pid not in known and child.status() == psutil.STATUS_ZOMBIE:
                    os.waitpid(child.pid, os.WNOHANG)
            except (psutil.NoSuchProcess, ChildProcessError):
                continue

    def _stop_stage(self, slots: list[_Slot], hurry: Callable[[], bool]) -> None:
        """Ask all, then wait for each as long as its own grace; what needs longer is killed with all below it."""
        begun = time.monotonic()
        for slot in slots:
            _ask_to_stop(slot)
        while alive := [slot for slot in slots if slot.process is not None and slot.process.poll() is None]:
            for slot in alive:
                if slot.process is not None and (hurry() or time.monotonic() - begun > slot.unit.grace_s):
                    self._say(f"{slot.unit.name} did not stop within {time.monotonic() - begun:.0f} s; killing it")
                    descendants.send(descendants.tree(slot.process.pid), signal.SIGKILL)
                    slot.process.kill()
                    slot.process.wait()
            time.sleep(0.05)


def _ask_to_stop(slot: _Slot) -> None:
    """Ask the leader; with `stop_tree` those below it too (Airflow's scheduler would wait for its tasks to end)."""
    if slot.process is None:
        return
    below = descendants.tree(slot.process.pid) if slot.unit.stop_tree else []
    slot.process.send_signal(slot.unit.stop_signal)
    descendants.send(below, slot.unit.stop_signal)


def how(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"with code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"


def _sentence(unit: Unit, what: str) -> str:
    tail = last_lines(unit.log)
    return f"{unit.name} {what}. Its log is {unit.log}" + (
        f"; the end of it:\n{tail}" if tail else ", and it is empty."
    )


def _end_group(leader: int) -> None:
    """End the helpers of a dead leader (same process group); Airflow's tasks have groups of their own."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
