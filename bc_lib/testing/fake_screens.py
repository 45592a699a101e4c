"""Parts for the screens made of fakes; BC_FAKE_RESOURCES=500 adds green ones up to that number."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bc_lib.domain.inventory import Resource
from bc_lib.domain.verified.judge import PERIODS_S
from bc_lib.integrations.sign_on.demo import DemoSignOn
from bc_lib.ports.evidence import Evidence
from bc_lib.ports.reading import StoredStatus
from bc_lib.ports.runs import RunReader
from bc_lib.ports.sign_on import SignedOut, SignOn
from bc_lib.services.gate import Gate
from bc_lib.testing import fake_estate, fake_history
from bc_lib.testing.fake_requests import FakeAuditParts, gate, no_evidence, no_runs
from bc_lib.testing.fake_store import FakeInventory, FakeReader

MANY = "BC_FAKE_RESOURCES"


class FakeSignedOut:
    """Implements ports.sign_on.SignedOut in memory."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def end(self, ticket: str, until: datetime) -> None:
        """Remembered as long as this lives."""
        self._until[ticket] = until

    def tickets(self) -> frozenset[str]:
        """All of them."""
        return frozenset(self._until)


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeParts:
    """What bootstrap would give to the screens."""

    inventory: FakeInventory
    reader: FakeReader
    sign_on: SignOn
    signed_out: SignedOut = field(default_factory=FakeSignedOut)
    gate: Gate
    audit: FakeAuditParts
    runs: RunReader
    evidence: Evidence
    environment: str = "test"
    drill_periods_s: Mapping[int, float] = field(default_factory=lambda: PERIODS_S)


def parts(resources: int = 0, environment: str = "test") -> FakeParts:
    """The believable estate, filled up with green databases to `resources`."""
    base = fake_estate.INVENTORY
    more = tuple(_extra(number) for number in range(max(0, resources - len(base.resources))))
    inventory = replace(base, resources=(*base.resources, *more))

    def statuses(now: datetime) -> list[StoredStatus]:
        return [*fake_estate.statuses(now), *(fake_estate.healthy(resource.name, now) for resource in more)]

    reader = FakeReader(
        make_statuses=statuses,
        make_trend=fake_history.day,
        make_beats=fake_history.beats,
        make_outbox=fake_history.outbox,
        make_changes=fake_history.changes,
    )
    return FakeParts(
        inventory=FakeInventory(inventory=inventory),
        reader=reader,
        sign_on=DemoSignOn(environment),
        gate=gate(environment, inventory),
        audit=FakeAuditParts(),
        runs=no_runs(),
        evidence=no_evidence(inventory),
        environment=environment,
    )


def parts_from_environment() -> FakeParts:
    """Parts as BC_FAKE_RESOURCES asks; for the tests' own launcher."""
    return parts(int(os.environ.get(MANY) or 0))


def _extra(number: int) -> Resource:
    return fake_estate.database(
        f"store-{number:03d}-db", tier=1 + number % 2, owner=f"Team {number % 17}", port=20000 + 2 * number
    )
