"""What sign-offs and findings share: one transaction, decided by the table, on a request that has its pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from bc_lib.domain.actor import Actor, Role
from bc_lib.domain.authorization import Verb
from bc_lib.domain.evidence.values import Stored
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.evidence import Evidence, EvidenceWork
from bc_lib.services.gate import Gate
from bc_lib.services.guard import Act, Subject, acting, check_asker


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An act about a pack that was allowed so far."""

    work: EvidenceWork
    act: Act
    person: int
    roles: frozenset[Role]
    pack: Stored

    def record(self, verb: str, outcome: str, payload: Mapping[str, Any]) -> None:
        """The audit record at the end of the transaction."""
        self.act.record(verb, outcome, payload=payload)


@contextmanager
def spoken(gate: Gate, store: Evidence, actor: Actor, verb: Verb, request_id: str) -> Iterator[Spoken]:
    """Lock the request for `verb`. Raises Denial, audited."""
    about = Subject(request_id=request_id[:20])
    with acting(replace(gate, store=store), actor, verb, about) as act:
        work = cast(EvidenceWork, act.work)
        request = work.lock(request_id)
        about.request_id, about.system = request.id, request.scope.name
        check_asker(verb, request, act.person.id)
        stored = work.stored(request.id)
        if not stored:
            raise refusal("NO_PACK", request=request.id)
        yield Spoken(work=work, act=act, person=act.person.id, roles=act.roles, pack=stored[0])


def line(field: str, text: str, most: int, *, empty: bool = False) -> str:
    """One line of printable characters. Raises Denial TEXT_INVALID."""
    said = text.strip()
    if (not said and not empty) or len(said) > most or not (said.isprintable()):
        raise refusal("TEXT_INVALID", field=field, most=most)
    return said
