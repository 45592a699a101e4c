"""The table role x verb, spelled out once more by hand (SEC-002, A06)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.authorization import TABLE, Requester, Verb
from bc_lib.services.guard import permit

#                      viewer operator it business admin  requester
GRID = """
create                 -      yes      -  -        -      any
withdraw               -      yes      -  -        -      only
approve                -      -       yes yes      -      never
deny                   -      -       yes yes      -      never
confirm                -      yes      -  -        -      any
start                  -      yes      -  -        -      any
stop                   -      yes     yes -        yes    any
resolve                -      yes     yes -        -      any
attest                 -      yes     yes -        -      any
waive                  -      -       yes -        -      never
override               -      -       yes -        -      never
freeze                 -      yes     yes -        yes    any
thaw                   -      -        -  -        yes    any
grant                  -      yes      -  -        yes    any
review                 -      -       yes yes      yes    never
change-inventory       -      -        -  -        yes    any
change-thresholds      -      -        -  -        yes    any
change-policy          -      -        -  -        yes    any
change-schedule        -      yes      -  -        yes    any
calendar-feed          yes    yes      yes yes      yes    any
sign-off               -      -       yes yes      -      never
raise-finding          -      yes     yes yes      yes    any
close-finding          -      -       yes yes      yes    any
export                 yes    yes     yes yes      yes    any
read                   yes    yes     yes yes      yes    any
"""
ROWS = {line.split()[0]: line.split()[1:] for line in GRID.strip().splitlines()}
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def who(**more: object) -> Actor:
    """Somebody."""
    values: dict[str, object] = {"subject": "x", "display_name": "X", "roles": frozenset(), "how": "demo", "at": NOW}
    return Actor(**{**values, **more})  # type: ignore[arg-type]


def test_every_verb_stands_in_the_grid() -> None:
    """A verb that nobody decided on cannot exist."""
    assert list(ROWS) == [verb.value for verb in Verb] == [verb.value for verb in TABLE]


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("role", Role)
def test_each_role_on_each_verb(verb: Verb, role: Role) -> None:
    """A06: exactly the grid, nothing more."""
    allowed = ROWS[verb.value][list(Role).index(role)] == "yes"
    denial = permit(verb, frozenset({role}), who(), "test", NOW)
    assert (denial is None) is allowed
    assert TABLE[verb].requester is Requester(ROWS[verb.value][5])
    if denial:
        assert denial.code == "ROLE_MISSING"


def test_prod_asks_for_more() -> None:
    """SEC-001: a second factor, a fresh sign-in for break-glass, and no writing by bcctl."""
    roles = frozenset(Role)
    codes = {verb: denial.code if (denial := permit(verb, roles, who(), "prod", NOW)) else None for verb in Verb}
    assert codes[Verb.APPROVE] == codes[Verb.CONFIRM] == codes[Verb.GRANT] == "MFA_REQUIRED"
    assert permit(Verb.APPROVE, roles, who(mfa=("otp",)), "prod", NOW) is None
    assert permit(Verb.GRANT, roles, who(at=NOW - timedelta(minutes=16)), "test", NOW).code == "FRESH_SIGN_IN_REQUIRED"  # type: ignore[union-attr]
    for verb in Verb:
        denial = permit(verb, roles, who(channel="cli", mfa=("otp",)), "prod", NOW)
        assert (denial.code if denial else None) == ("BCCTL_READ_ONLY" if TABLE[verb].writes else None)
