"""The page offers what the service accepts, and nothing else: the same table as the service's."""

from __future__ import annotations

import pytest

from bc_lib.domain.requests.plan import Scope
from bc_lib.domain.requests.states import RequestType
from bc_lib.services.requests.offers import Offers, offers
from bc_lib.testing.builders import inventory
from bc_lib.testing.fake_requests import gate
from streamlit_app.presenters.ask import AT_HOME, Choices, choices
from tests.unit.requests.test_which_moves_make_sense import POLICY, SITUATIONS, TABLE

TITLES = {"fra": "Frankfurt", "ams": "Amsterdam"}
FAILOVER, SWITCHOVER, FAILBACK, DRILL = RequestType


@pytest.fixture
def found(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Offers:
    """Offers in the situation that the test is parametrised with."""
    made = gate("test", inventory())
    monkeypatch.setattr(type(made.store), "policy", lambda _: POLICY)
    looks = {"orders-db": SITUATIONS[request.param]}
    monkeypatch.setattr("bc_lib.services.requests.offers.seen_now", lambda *_: looks)
    return offers(made, Scope(kind="resource", name="orders-db"))


def page(found: Offers, site: str | None = None) -> Choices:
    return choices(found, TITLES, site)


@pytest.mark.parametrize(
    ("found", "situation"), [(name, name) for name in SITUATIONS], indirect=["found"], ids=list(SITUATIONS)
)
def test_what_is_offered_is_what_the_service_accepts(found: Offers, situation: str) -> None:
    """FR-030: each cell of the service's table, as the page shows it."""
    shown, cells = page(found), 0
    for (name, target), codes in TABLE.items():
        if name != situation or target == "xyz":
            continue
        for kind, code in zip(RequestType, codes, strict=True):
            choice = shown.of(kind)
            assert (choice is not None and target in choice.sites) == (code == ""), (kind, target, code)
            cells += 1
    assert cells == 8
    for kind in RequestType:
        assert (shown.of(kind) is None) == (kind.value.capitalize() in dict(shown.not_offered)), kind


@pytest.mark.parametrize("found", ["dead"], indirect=True)
def test_with_a_dead_primary_the_other_site_is_chosen_already(found: Offers) -> None:
    """The help is there just when it is needed: only the failover, only to the other site, the dead one marked."""
    shown = page(found)
    assert [each.kind for each in shown.offered] == [FAILOVER]
    choice = shown.of(FAILOVER)
    assert choice is not None and (choice.sites, choice.preselected) == (("ams",), "ams")
    assert shown.labels == {
        "fra": "Frankfurt, was active, down, last seen 04:51:47 UTC",
        "ams": "Amsterdam",
    }
    ((site, why),) = choice.refused
    assert site == "fra"
    assert "its primary is down, so orders-db cannot be moved there; choose Amsterdam" in why
    assert "needs a running one" in dict(shown.not_offered)["Switchover"]


@pytest.mark.parametrize("found", ["seen"], indirect=True)
def test_with_a_running_primary(found: Offers) -> None:
    """The other site is chosen; one that the address names and that is refused is said, and nothing is chosen."""
    shown = page(found)
    assert [each.kind for each in shown.offered] == [FAILOVER, SWITCHOVER, DRILL]
    assert [each.preselected for each in shown.offered] == ["ams"] * 3
    assert dict(shown.not_offered) == {"Failback": AT_HOME}
    assert shown.labels["fra"] == "Frankfurt, active now"
    named = page(found, "fra").of(FAILOVER)
    assert named is not None and named.preselected is None
    assert named.refused == (("fra", "orders-db is already active at Frankfurt; choose the other site."),)
    usual = shown.of(FAILOVER)
    assert usual is not None and usual.refused == (("fra", ""),)


@pytest.mark.parametrize("found", ["two primaries"], indirect=True)
def test_with_two_primaries_nothing_is_offered(found: Offers) -> None:
    """F15: a person decides first."""
    shown = page(found)
    assert shown.offered == ()
    assert all("takes writes" in why or "take writes" in why for _, why in shown.not_offered)
