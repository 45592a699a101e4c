"""GET /audit/export: the audited way to take records away (FR-042, TC-051). A ZIP with records, proofs, verifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from starlette.requests import Request
from starlette.routing import Route

from bc_lib.domain.audit import AuditFilter
from bc_lib.domain.authorization import Verb
from bc_lib.domain.names import MAX_LENGTH
from bc_lib.services.audit.export import Form, export
from bc_lib.services.guard import Subject, audit_actor, authorize
from streamlit_app.deps import COOKIE, Screens
from streamlit_app.presenters.audit import filter_of
from streamlit_app.web.taking import Counter, WrongAddress, Zip, zipped

WRONG = "Dates are written as 2026-11-23, format is csv or json, and a system is a name; nothing was exported."


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The route."""
    return [Counter(path="/audit/export", place="Audit", give=_give).route(screens)]


def parse(query: Mapping[str, str]) -> tuple[AuditFilter, Form]:
    """Filter and form of an address. Raises WrongAddress."""
    system, upto = query.get("system") or None, query.get("upto") or None
    if system is not None and (len(system) > MAX_LENGTH or not system.isprintable()):
        raise WrongAddress(WRONG)
    try:
        start, end = _day(query.get("from")), _day(query.get("to"))
        return filter_of(start, end, system, int(upto) if upto else None), Form(query.get("format", "csv"))
    except (ValueError, OverflowError) as error:
        raise WrongAddress(WRONG) from error


def _give(made: Screens, request: Request) -> Zip:
    wanted, form = parse(request.query_params)
    gate, parts = made.parts.gate, made.parts.audit
    actor = made.acting(request.cookies.get(COOKIE))
    authorize(gate, actor, Verb.EXPORT, about=Subject(system=wanted.system))
    person = gate.store.read.person(actor.issuer, actor.subject)
    taken = export(
        parts.reader,
        parts.log,
        parts.checkpoints,
        wanted,
        form,
        actor=audit_actor(actor, person),
        channel=actor.channel,
    )
    return Zip(f"audit-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip", zipped(taken.files))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
