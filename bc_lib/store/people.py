"""Persons, identities, roles and keys, as bc_sign_on. The database audits each change and tells security."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from bc_lib.ports.people import SeenPerson


class PeopleDirectory:
    """Implements ports.people.PeopleDirectory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def bring(self, people: Sequence[SeenPerson]) -> int:
        """What the sign-on shows now, as one transaction."""
        with self._engine.begin() as connection:
            _run(connection, "SELECT bc.take_turn('people')")
            roles: dict[int, set[str]] = {}
            for seen in people:
                person = _account(connection, seen)
                roles.setdefault(person, set()).update(role.value for role in seen.roles)
                _key(connection, seen)
            for person, held in roles.items():
                _roles(connection, person, held)
            _run(connection, "DELETE FROM bc.role_assignment WHERE NOT person = ANY(:known)", known=list(roles))
            return int(_run(connection, "SELECT count(*) FROM bc.person").scalar_one())

    def link(self, issuer: str, subject: str, other_issuer: str, other_subject: str) -> None:
        """The second account becomes one more identity of the first one's person."""
        with self._engine.begin() as connection:
            _run(connection, "SELECT bc.take_turn('people')")
            person = _person(connection, issuer, subject)
            _run(
                connection,
                """
                INSERT INTO bc.identity (issuer, subject, person) VALUES (:issuer, :subject, :person)
                ON CONFLICT (issuer, subject) DO UPDATE SET person = excluded.person, linked_at = bc.now()
            """,
                issuer=other_issuer,
                subject=other_subject,
                person=person,
            )

    def disable(self, issuer: str, subject: str, disabled: bool = True) -> None:
        """Switch a person off, or on."""
        with self._engine.begin() as connection:
            person = _person(connection, issuer, subject)
            _run(connection, "UPDATE bc.person SET disabled = :disabled WHERE id = :id", id=person, disabled=disabled)


def _run(connection: Connection, statement: str, **values: Any) -> Any:
    return connection.execute(text(statement), values)


def _person(connection: Connection, issuer: str, subject: str) -> int:
    found = _run(
        connection,
        "SELECT person FROM bc.identity WHERE issuer = :issuer AND subject = :subject",
        issuer=issuer,
        subject=subject,
    ).scalar()
    if found is None:
        raise LookupError(f"There is no account {subject!r} of {issuer!r}; bring it from the sign-on first.")
    return int(found)


def _account(connection: Connection, seen: SeenPerson) -> int:
    try:
        person = _person(connection, seen.issuer, seen.subject)
    except LookupError:
        person = int(
            _run(connection, "INSERT INTO bc.person (name) VALUES (:name) RETURNING id", name=seen.name).scalar_one()
        )
        _run(
            connection,
            "INSERT INTO bc.identity (issuer, subject, person) VALUES (:issuer, :subject, :person)",
            issuer=seen.issuer,
            subject=seen.subject,
            person=person,
        )
    return person


def _roles(connection: Connection, person: int, held: set[str]) -> None:
    _run(
        connection,
        "DELETE FROM bc.role_assignment WHERE person = :person AND NOT role = ANY(:held)",
        person=person,
        held=list(held),
    )
    _run(
        connection,
        """
        INSERT INTO bc.role_assignment (person, role) SELECT :person, unnest(CAST(:held AS text[]))
        ON CONFLICT (person, role) DO UPDATE SET last_seen_at = bc.now()
    """,
        person=person,
        held=list(held),
    )


def _key(connection: Connection, seen: SeenPerson) -> None:
    """The account's key; another one than before revokes the old one."""
    if seen.public_key is None:
        return
    _run(
        connection,
        """
        UPDATE bc.vote_key SET revoked_at = bc.now()
        WHERE issuer = :issuer AND subject = :subject AND key_id <> :key_id AND revoked_at IS NULL
    """,
        issuer=seen.issuer,
        subject=seen.subject,
        key_id=seen.public_key[:16],
    )
    _run(
        connection,
        """
        INSERT INTO bc.vote_key (key_id, issuer, subject, public_key) VALUES (:key_id, :issuer, :subject, :public_key)
        ON CONFLICT (key_id) DO NOTHING
    """,
        issuer=seen.issuer,
        subject=seen.subject,
        key_id=seen.public_key[:16],
        public_key=seen.public_key,
    )
