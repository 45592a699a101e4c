"""The capability sheets say what is so: connectors show them, mechanisms are there exactly where they move."""

from __future__ import annotations

import pytest

from bc_lib.connectors.mechanisms import LazyMechanisms
from bc_lib.connectors.registry import LazyRegistry
from bc_lib.domain.capabilities import MOVABLE, SHEETS, Support
from bc_lib.domain.inventory import Platform
from bc_lib.integrations.secrets.resolver import Resolver


@pytest.mark.parametrize("platform", list(Platform))
def test_a_platform_is_offered_for_moves_exactly_where_it_can_be_moved(platform: Platform) -> None:
    """What is offered and what is refused follow from the sheet; a sheet that promises more than there is fails here."""
    sheet, mechanisms = SHEETS[platform], LazyMechanisms(Resolver({}), lambda _: None)
    assert (platform in MOVABLE) == sheet.moves
    assert (mechanisms.get(platform) is not None) == sheet.moves
    assert bool(sheet.monitor_only_reason) != sheet.moves
    mechanisms.close()
    assert LazyRegistry(Resolver({}), timeout_s=1.0).get(platform).capabilities == sheet


def test_what_is_built_for_postgresql_is_declared() -> None:
    """Moving was called not built long after it was."""
    sheet = SHEETS[Platform.POSTGRESQL]
    kinds = (sheet.switchover, sheet.failover, sheet.failback, sheet.rehearsal)
    assert set(kinds) == {Support.FULL}
