"""The demo sign-in: named users without passwords. It refuses to work in production (SEC-001)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bc_lib.domain.actor import Actor, Person, Role
from bc_lib.ports.sign_on import SignOnRefused

PRODUCTION = "prod"

PEOPLE = (
    Person(subject="vera", display_name="Vera", roles=frozenset({Role.VIEWER})),
    Person(subject="olga", display_name="Olga", roles=frozenset({Role.OPERATOR})),
    Person(subject="ian", display_name="Ian", roles=frozenset({Role.APPROVER_IT})),
    Person(subject="bea", display_name="Bea", roles=frozenset({Role.APPROVER_BUSINESS})),
    Person(subject="ada", display_name="Ada", roles=frozenset({Role.ADMIN})),
    Person(subject="alan", display_name="Alan", roles=frozenset({Role.ADMIN})),
    Person(subject="sam", display_name="Sam", roles=frozenset({Role.OPERATOR, Role.APPROVER_IT})),
)


class DemoSignOn:
    """Implements SignOn. `environment` is BC_ENV; in prod every call refuses."""

    how = "demo"

    def __init__(self, environment: str, people: Sequence[Person] = PEOPLE) -> None:
        self._environment = str(environment)
        self._people = tuple(people)

    def offered(self) -> Sequence[Person]:
        """The demo users. Raises SignOnRefused in production."""
        self._refuse_production()
        return self._people

    def actor(self, subject: str, at: datetime) -> Actor:
        """The demo user `subject`. Raises SignOnRefused in production and for anybody else."""
        self._refuse_production()
        person = next((each for each in self._people if each.subject == subject), None)
        if person is None:
            raise SignOnRefused("This person is not one of the demo users; sign in again and choose one of them.")
        return Actor(subject=person.subject, display_name=person.display_name, roles=person.roles, how=self.how, at=at)

    def _refuse_production(self) -> None:
        if self._environment == PRODUCTION:
            raise SignOnRefused("The demo sign-in is switched off because BC_ENV is prod; configure single sign-on.")
