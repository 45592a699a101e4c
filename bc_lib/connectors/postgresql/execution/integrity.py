"""Configured comparisons across sites at a marker (FR-037). They prove what they compare, at that moment, no more."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bc_lib.connectors.postgresql.execution import statements
from bc_lib.connectors.postgresql.execution.ground import Ground
from bc_lib.connectors.postgresql.execution.integrity_value import Value, value_of
from bc_lib.connectors.postgresql.execution.link import Link
from bc_lib.connectors.postgresql.execution.scene import Pad
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.inventory import CheckKind, IntegrityCheck
from bc_lib.domain.lsn import position
from bc_lib.domain.observation import Reach
from bc_lib.ports.mechanism import CredentialUnavailable

TRIES, REPLAY_S = 3, 10.0
HINT = (
    "Give the execution account SELECT on what it compares, and BYPASSRLS where row-level security is on: a comparison "
    "of what a policy shows proves nothing."
)


@dataclass(frozen=True, slots=True)
class Compared:
    """The primary's value before, the standby's at the marker, the primary's after it."""

    before: str
    standby: str
    after: str
    marker: str


def check_integrity(ground: Ground, pad: Pad) -> None:
    """Every configured check of the resource."""
    checks = ground.execution.integrity
    if not checks:
        return
    try:
        with ground.open(ground.target) as primary, ground.open(ground.old) as standby:
            for check in checks:
                _judge(check, primary, standby, pad, ground.left_s())
    except (Trouble, CredentialUnavailable) as error:
        for check in checks:
            pad.warn(f"integrity-{check.name}", f"The check {check.name} could not be made: {error}")


def _judge(check: IntegrityCheck, primary: Link, standby: Link, pad: Pad, left_s: float) -> None:
    name = f"integrity-{check.name}"
    try:
        found = compare(check, primary, standby, left_s)
    except Trouble as trouble:
        pad.warn(
            name,
            f"The check {check.name} could not be made: {trouble.sentence}",
            hint=HINT,
        )
        return
    figure = f"{found.before} at the primary, {found.standby} at the standby, at {found.marker}"
    if found.standby in {found.before, found.after}:
        pad.ok(name, f"{check.name}: both sites agree.", figure)
    elif found.before == found.after:
        pad.block(
            name, f"{check.name}: the sites differ.", figure, "Do not trust the standby; compare by hand, then rebuild."
        )
    elif _between(check, found):
        pad.ok(name, f"{check.name}: the standby's value lies between two of the primary, which is written to.", figure)
    else:
        pad.warn(
            name,
            f"{check.name}: the table is written to all the time, so that no moment could be compared.",
            f"{figure}, then {found.after}",
        )


def compare(check: IntegrityCheck, primary: Link, standby: Link, left_s: float) -> Compared:
    """Both sites' values around one marker, tried again while the primary's moves. Raises Trouble."""
    found: Compared | None = None
    for _ in range(TRIES):
        before = value_of(check, primary)
        (marker,) = primary.row("SELECT pg_catalog.pg_current_wal_lsn()::text")
        _wait(standby, str(marker), min(REPLAY_S, max(0.5, left_s)))
        at_standby = value_of(check, standby)
        _same_place(before, at_standby)
        found = Compared(before.text, at_standby.text, value_of(check, primary).text, str(marker))
        if found.standby in {found.before, found.after} or found.before == found.after:
            break
    assert found is not None
    return found


def _same_place(primary: Value, standby: Value) -> None:
    """Raises Trouble where the names in a query mean something else at the other site."""
    if primary.context != standby.context:
        here, there = (", ".join(value.context) for value in (primary, standby))
        raise Trouble(Reach.ERROR, f"its names are looked up in {here} at the primary and in {there} at the standby.")


def _wait(standby: Link, marker: str, within_s: float) -> None:
    until = time.monotonic() + within_s
    while True:
        in_recovery, replayed, _ = standby.row(statements.REPLAY)
        if not in_recovery:
            raise Trouble(Reach.ERROR, f"{standby.where} is not a standby.")
        if (position(replayed) or 0) >= (position(marker) or 0):
            return
        if time.monotonic() > until:
            raise Trouble(Reach.ERROR, f"The standby at {standby.where} did not replay {marker} in {within_s:.0f} s.")
        time.sleep(0.01)


def _between(check: IntegrityCheck, found: Compared) -> bool:
    if check.kind is not CheckKind.ROW_COUNT:
        return False
    low, high = sorted((int(found.before), int(found.after)))
    return low <= int(found.standby) <= high
