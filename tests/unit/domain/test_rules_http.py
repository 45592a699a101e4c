"""Applications over HTTP: silence is blindness; the verdict asks whether the other site serves (FR-010)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bc_lib.domain.assessment import Answer, Status
from bc_lib.domain.inventory import Endpoint, Platform
from bc_lib.domain.memory import Memory
from bc_lib.domain.observation import NodeFacts, Observation, Reach, Role
from bc_lib.domain.rules import assess
from tests.unit.domain.rounds import T0, codes, node, resource

APP = resource(
    name="shop-web",
    platform=Platform.HTTP,
    tier=2,
    heartbeat=None,
    rpo_s=None,
    endpoints=(
        Endpoint(site="fra", node="fra", url="http://127.0.0.1:1/"),
        Endpoint(site="ams", node="ams", url="http://127.0.0.1:2/"),
    ),
)
OK = NodeFacts(role=Role.ACTIVE, http_status=200)
ERROR = NodeFacts(role=Role.UNKNOWN, http_status=503)


def judge(fra, ams, **more):
    nodes = tuple(
        node(
            name,
            T0,
            what if isinstance(what, NodeFacts) else None,
            what if isinstance(what, Reach) else Reach.OK,
            **more,
        )
        for name, what in (("fra", fra), ("ams", ams))
    )
    return assess(APP, Observation(resource="shop-web", observed_at=T0, nodes=nodes), Memory())[0]


@pytest.mark.parametrize(
    ("fra", "ams", "status", "code", "switch", "fail", "active"),
    [
        (OK, OK, Status.GREEN, None, Answer.YES, Answer.YES, "fra"),
        (Reach.REFUSED, OK, Status.RED, "APP_DOWN", Answer.NO, Answer.YES, None),
        (ERROR, OK, Status.RED, "APP_ERROR", Answer.NO, Answer.YES, None),
        (Reach.UNREACHABLE, OK, Status.BLIND, "APP_BLIND", Answer.UNKNOWN, Answer.YES, None),
        (OK, Reach.REFUSED, Status.RED, "APP_DOWN", Answer.NO, Answer.NO, "fra"),
        (OK, ERROR, Status.RED, "APP_ERROR", Answer.NO, Answer.NO, "fra"),
        (OK, Reach.UNREACHABLE, Status.BLIND, "APP_BLIND", Answer.UNKNOWN, Answer.UNKNOWN, "fra"),
        (OK, Reach.CREDENTIAL, Status.BLIND, "CREDENTIAL_UNAVAILABLE", Answer.UNKNOWN, Answer.UNKNOWN, "fra"),
        (Reach.UNREACHABLE, Reach.UNREACHABLE, Status.BLIND, "APP_BLIND", Answer.UNKNOWN, Answer.UNKNOWN, None),
        (Reach.REFUSED, Reach.REFUSED, Status.RED, "APP_DOWN", Answer.NO, Answer.NO, None),
    ],
)
def test_sites_and_verdicts(fra, ams, status, code, switch, fail, active) -> None:
    found = judge(fra, ams)
    assert found.status is status
    assert codes(found) == ({code} if code else set())
    assert (found.could_switch_over.answer, found.could_fail_over.answer) == (switch, fail)
    assert found.active_site == active


def test_application_that_says_which_site_is_active() -> None:
    assert judge(replace(OK, role=Role.STANDBY), OK).active_site == "ams"


def test_slow_application() -> None:
    found = judge(OK, OK, latency_s=1.5)
    assert (found.status, codes(found)) == (Status.YELLOW, {"SLOW"})


def test_no_node_at_all_is_not_green() -> None:
    found = assess(APP, Observation(resource="shop-web", observed_at=T0, nodes=()), Memory())[0]
    assert found.status is Status.BLIND
    assert found.could_fail_over.answer is Answer.UNKNOWN
