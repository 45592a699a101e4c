"""GET /compliance/export?from=&to=&format=: the audited way to take a compliance report away. A ZIP with its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from starlette.requests import Request
from starlette.routing import Route

from bc_lib.services.audit.export import Form
from bc_lib.services.compliance.export import export
from bc_lib.services.compliance.report import Days, days_of
from streamlit_app.deps import COOKIE, Screens
from streamlit_app.web.taking import Counter, WrongAddress, Zip, zipped

WRONG = "Dates are written as 2026-11-23 and format is csv or json; nothing was exported."


def routes(screens: Callable[[], Screens]) -> list[Route]:
    """The route."""
    statuses = {"RANGE_REVERSED": 400}
    return [Counter(path="/compliance/export", place="Compliance", give=_give, statuses=statuses).route(screens)]


def parse(query: Mapping[str, str]) -> tuple[Days, Form]:
    """Range and form of an address. Raises WrongAddress, and Denial RANGE_REVERSED."""
    try:
        first, last = (date.fromisoformat(query[name]) if query.get(name) else None for name in ("from", "to"))
        form = Form(query.get("format", "csv"))
        return days_of(first, last, datetime.now(UTC).date()), form
    except (ValueError, OverflowError) as error:
        raise WrongAddress(WRONG) from error


def _give(made: Screens, request: Request) -> Zip:
    actor = made.acting(request.cookies.get(COOKIE))
    days, form = parse(request.query_params)
    parts = made.parts
    taken = export(parts.gate, parts.evidence.read, parts.audit.log, actor, days, form, parts.drill_periods_s)
    return Zip(f"compliance-{days.first}-{days.last}-{form.value}.zip", zipped(taken.files))
