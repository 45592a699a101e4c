"""The demo sign-in (SEC-001)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bc_lib.domain.actor import Role
from bc_lib.integrations.sign_on.demo import DemoSignOn
from bc_lib.ports.sign_on import SignOnRefused

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def test_the_named_users_and_their_roles() -> None:
    offered = {person.subject: person.roles for person in DemoSignOn("demo").offered()}
    assert offered == {
        "vera": {Role.VIEWER},
        "olga": {Role.OPERATOR},
        "ian": {Role.APPROVER_IT},
        "bea": {Role.APPROVER_BUSINESS},
        "ada": {Role.ADMIN},
        "alan": {Role.ADMIN},
        "sam": {Role.OPERATOR, Role.APPROVER_IT},
    }
    assert DemoSignOn("demo").actor("sam", NOW).holds(Role.OPERATOR)


@pytest.mark.parametrize("subject", ["", "Vera", "vera ", "root", "vera\n"])
def test_a_typed_name_is_never_trusted(subject: str) -> None:
    with pytest.raises(SignOnRefused):
        DemoSignOn("demo").actor(subject, NOW)


def test_sec001_it_refuses_in_production_with_one_sentence() -> None:
    for call in (lambda: DemoSignOn("prod").offered(), lambda: DemoSignOn("prod").actor("vera", NOW)):
        with pytest.raises(SignOnRefused, match="BC_ENV is prod"):
            call()
