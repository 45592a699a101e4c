"""What a move could not see is neither well nor over: the word of a host without its disk, a check that did not look."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bc_lib.connectors.postgresql.execution import probing, unlogged
from bc_lib.domain.observation import Reach
from bc_lib.ports.host_control import HostState


@pytest.mark.parametrize(
    ("running", "standby", "takes_writes"),
    [
        (True, False, True),
        (True, True, False),
        (True, None, None),  # a data folder that cannot be looked into may be a primary's
        (False, None, False),
        (None, False, None),
    ],
)
def test_whether_an_old_primary_takes_writes_by_the_word_of_its_host(
    monkeypatch: pytest.MonkeyPatch, running: bool | None, standby: bool | None, takes_writes: bool | None
) -> None:
    monkeypatch.setattr(probing, "_asks_old", lambda _: (Reach.REFUSED, False))
    state = HostState(node="fra", running=running, standby_on_disk=standby)
    ground: Any = SimpleNamespace(old=SimpleNamespace(node="fra"), host_state=lambda _: (state, ""))
    assert probing._takes_writes(ground) is takes_writes


def test_a_check_that_looked_for_no_unlogged_tables_proves_nothing_about_them() -> None:
    def ground(**noted: object) -> Any:
        work = SimpleNamespace(earlier={"orders-db/check": noted})
        return SimpleNamespace(resource=SimpleNamespace(name="orders-db"), work=work)

    assert unlogged.of_check(ground(not_carried=[])) == []
    assert unlogged.of_check(ground()) == [unlogged.NOT_LOOKED]
