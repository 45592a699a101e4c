"""A monitored server whose administrator lies with any leaf of an answer: only his own resource may suffer for it.

BC_FUZZ_ANSWERS says how many answers are tried (2,000 in CI, 100,000 with `make fuzz`).
"""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bc_lib.connectors.postgresql.connector import PostgresConnector
from bc_lib.connectors.postgresql.parse import parse
from bc_lib.connectors.postgresql.session import Session
from bc_lib.domain.assessment import Status
from bc_lib.domain.observation import NodeObservation, Observation, Reach
from bc_lib.domain.rules import assess
from bc_lib.services.collection.judge import FORGOTTEN, judge
from bc_lib.store.codec import dumps
from tests.fixtures.pgcluster import BEAT, Cluster, FixedSecrets, cluster, of

ANSWERS = int(os.environ.get("BC_FUZZ_ANSWERS", "2000"))
DEEP: Any = []
for _ in range(60):
    DEEP = [DEEP]
HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**200, -(2**200), 0.0, -0.0, 1e308, float("inf"), float("-inf"),
    float("nan"), "", "0", "-1", "5", "NaN", "Infinity", "x" * 200_000, "\x00", "\ud800", "\udc80", "\u202e", "\ufeff=1+1",
    "0/0", "FFFFFFFF/FFFFFFFF", "100000000/0", "0/0\n", "/", "0/g", "0/-1", "９/９", "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00", "infinity", "-infinity", "2026-11-30", "2026-11-30T00:00:00", "2026-02-30T00:00:00+00:00",
    [], {}, [None], {"": None}, [[]], DEEP, {"pid": 7}, [{"name": "x"}], ["a", "b"], "on", "off", "streaming", "sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Iterator[Cluster]:
    with cluster(ams={}) as found:
        yield found


@pytest.fixture(scope="module")
def answers(made: Cluster) -> dict[str, dict[str, Any]]:
    """What both servers really answer, by node."""
    found: dict[str, dict[str, Any]] = {}
    gather = Session.gather

    async def kept(self: Session, heartbeat: bool) -> tuple[dict[str, Any], dict[str, str]]:
        told = await gather(self, heartbeat)
        found["ams" if told[0]["node"]["in_recovery"] else "fra"] = told[0]
        return told

    made.sql("fra", BEAT)
    made.caught_up("ams")
    connector = PostgresConnector(FixedSecrets(), timeout_s=5.0)

    async def observe() -> Observation:
        try:
            return await connector.observe(of(made))
        finally:
            await connector.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "gather", kept)
        seen = asyncio.run(observe())
    assert [node.reach for node in seen.nodes] == [Reach.OK, Reach.OK]
    assert set(found) == {"fra", "ams"}
    return found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in the answer, inner nodes too."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from leaves(item, (*path, key))


def changed(answer: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    found = copy.deepcopy(answer)
    here: Any = found
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return found


def facts_or_trouble(node: str, answer: dict[str, Any], now: datetime) -> NodeObservation:
    """As the connector does it: figures, or a check that failed."""
    try:
        facts = parse(answer, {})
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return NodeObservation(node=node, site=node, observed_at=now, reach=Reach.ERROR, error="no sense", facts=None)
    return NodeObservation(node=node, site=node, observed_at=now, reach=Reach.OK, latency_s=0.01, facts=facts)


@pytest.mark.timeout(3600)
def test_any_leaf_harms_its_own_resource_only(made: Cluster, answers: dict[str, dict[str, Any]]) -> None:
    """H: each look of the neighbour is stored, none breaks a rule or the encoder, and what decides is never green."""
    resource = of(made)
    neighbour = replace(resource, name="neighbour-db")
    resources = {each.name: each for each in (resource, neighbour)}
    chance, now = random.Random(7), datetime.now(UTC)
    good = {node: facts_or_trouble(node, answer, now) for node, answer in answers.items()}
    assert all(each.facts for each in good.values())
    places = [(node, path) for node, answer in answers.items() for path in leaves(answer)]
    assert len(places) > 150
    refused = missing = 0
    for number in range(ANSWERS):
        node, path = places[number % len(places)] if number < len(places) else chance.choice(places)
        value = chance.choice(HOSTILE)
        lie = facts_or_trouble(node, changed(answers[node], path, value), now)
        seen = {**good, node: lie}
        looks = [
            Observation(resource=resource.name, observed_at=now, nodes=(seen["fra"], seen["ams"])),
            Observation(resource=neighbour.name, observed_at=now, nodes=(good["fra"], good["ams"])),
        ]
        judged = judge(looks, resources, {})
        what = f"{node} {path} = {str(value)[:60]!r}"
        assert not judged.broken, f"{what}: {judged.broken}"
        assert [each.observation.resource for each in judged.rounds] == [resource.name, neighbour.name], what
        for each in judged.rounds:
            for part in (each.observation, each.assessment, each.memory, each.alert):
                json.loads(dumps(part))
        if lie.facts is None:
            refused += 1
            assert judged.rounds[0].assessment.status is not Status.GREEN, what
        elif set(lie.facts.missing) - set(good[node].facts.missing if good[node].facts else ()):
            missing += 1
    assert refused > ANSWERS / 100
    assert missing > ANSWERS / 100
    print(f"{ANSWERS} answers: {refused} refused, {missing} with figures that count as not read")


def test_whatever_the_rules_raise_is_a_check_that_failed(
    made: Cluster, answers: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is stored with its sentence and told, not left to go stale."""
    resource, now = of(made), datetime.now(UTC)
    good = tuple(facts_or_trouble(node, answers[node], now) for node in ("fra", "ams"))
    from bc_lib.services.collection import judge as judging

    def raising(item: Any, seen: Observation, *more: Any) -> Any:
        if any(node.facts for node in seen.nodes):
            raise TypeError("expected string or bytes-like object, got 'int'")
        return assess(item, seen, *more)

    monkeypatch.setattr(judging, "assess", raising)
    look = Observation(resource=resource.name, observed_at=now, nodes=good)
    judged = judge([look], {resource.name: resource}, {resource.name: FORGOTTEN})
    assert set(judged.broken) == {resource.name}
    (found,) = judged.rounds
    assert found.assessment.status is Status.BLIND
    assert "CHECK_FAILED" in {reason.code for reason in found.assessment.reasons}
    assert all(dataclasses.asdict(node)["facts"] is None for node in found.observation.nodes)


def test_server_whose_own_functions_lie(made: Cluster) -> None:
    """A superuser's replaced system functions answer a number for a position (allow_system_table_mods)."""
    settings = "SET allow_system_table_mods = on; "
    made.sql("fra", settings + "ALTER FUNCTION pg_catalog.pg_current_wal_lsn() RENAME TO pg_current_wal_lsn_true")
    try:
        lie = "CREATE FUNCTION pg_catalog.pg_current_wal_lsn() RETURNS int LANGUAGE sql AS 'SELECT 5'"
        made.sql("fra", settings + lie)
        connector = PostgresConnector(FixedSecrets(), timeout_s=5.0)

        async def observe() -> Observation:
            try:
                return await connector.observe(of(made))
            finally:
                await connector.close()

        seen = asyncio.run(observe())
        found, _ = assess(of(made), seen, FORGOTTEN.memory)
        assert found.status is not Status.GREEN
        by_name = {node.node: node for node in seen.nodes}
        facts = by_name["fra"].facts
        assert facts is None or "current_lsn" in facts.missing
    finally:
        made.sql("fra", settings + "DROP FUNCTION IF EXISTS pg_catalog.pg_current_wal_lsn()")
        made.sql("fra", settings + "ALTER FUNCTION pg_catalog.pg_current_wal_lsn_true() RENAME TO pg_current_wal_lsn")
