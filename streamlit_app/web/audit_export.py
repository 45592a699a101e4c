"""GET /audit/export: the audited way to take records away (FR-042, TC-051). A ZIP with records, proofs, verifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.routing import Route

from bc_lib.domain.audit import AuditFilter
from bc_lib.domain.audit_filter import WrongFilter, file_stem, filter_from
from bc_lib.domain.authorization import Verb
from bc_lib.services.audit.export import Form, export
from bc_lib.services.guard import Subject, audit_actor, authorize
from streamlit_app.deps import COOKIE, Screens
from streamlit_app.web.taking import Counter, WrongAddress, Zip, zipped

NOTHING = "Nothing was exported."


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The route."""
    return [Counter(path="/audit/export", place="Audit", give=_give).route(screens)]


def parse(query: Mapping[str, str]) -> tuple[AuditFilter, Form]:
    """Filter and form of an address. Raises WrongAddress."""
    words = {name: value for name, value in query.items() if name != "format"}
    form = query.get("format", Form.CSV)
    if form not in list(Form):
        raise WrongAddress(f"format={form!r} is neither csv nor json. {NOTHING}")
    try:
        return filter_from(words), Form(form)
    except WrongFilter as error:
        raise WrongAddress(f"{error} {NOTHING}") from error


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
    return Zip(f"{file_stem(wanted, datetime.now(UTC), form.value)}.zip", zipped(taken.files))
