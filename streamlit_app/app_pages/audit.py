"""Audit & evidence: is the log whole, what does it say, take it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from bc_lib.domain.audit import AuditFilter
from bc_lib.domain.audit_filter import FIELDS, OUTCOMES, TYPES, WrongFilter, filter_from
from bc_lib.domain.authorization import Verb
from bc_lib.services.audit.view import view
from bc_lib.services.breakglass.listing import list_grants
from bc_lib.services.breakglass.review import review
from bc_lib.services.requests.asking import known
from streamlit_app import acts, deps
from streamlit_app.app_pages import common, evidence_parts
from streamlit_app.components import audit as pieces
from streamlit_app.components import freshness
from streamlit_app.components.html import join, tag
from streamlit_app.presenters import audit as shown
from streamlit_app.presenters.choices import may

PACKS = 50
OPEN = {"placeholder": "All", "accept_new_options": True}
TOUCHED = "bc-audit-touched"


@st.fragment(run_every=common.CHART_S)
def _state() -> None:
    if common.reader() is None:
        return
    made = deps.screens()
    parts = made.parts.audit
    found = acts.look(lambda _: (parts.seal.state(), parts.reader.guards()))
    if found is None:
        return
    seal, guards = found
    last = made.verifier.last
    st.html(
        join(
            pieces.state(shown.chain(seal, guards)),
            freshness.line(seal.now, None),
            pieces.verified(shown.verified(last.found, last.at, seal.now)) if last else None,
        )
    )


def _verify() -> None:
    if st.button("Verify every record", key="bc-verify") and common.reader() is not None:
        with st.spinner("Reading and checking every record…"):
            acts.look(lambda _: deps.screens().verifier.run())
        st.rerun()


def _filters() -> Mapping[str, str]:
    """The words of the filter. Read before the fields are made, which drop what they cannot show."""
    asked = {name: value for name in FIELDS if (value := st.query_params.get(name, ""))}
    reading = common.read(quiet=True)
    estate = reading.estate if reading else None
    names = {row.name for row in estate.resources} | {row.group.name for row in estate.groups} if estate else set()
    sites = _titles()
    st.html(tag("h2", "Records"))
    field = partial(_field, asked)
    with st.container(horizontal=True, key="bc-filters", vertical_alignment="bottom"):
        for name, label in (("from", "From (UTC)"), ("to", "To, included")):
            field(name, st.date_input, label, value=None, width=150, format="YYYY-MM-DD")
        field("system", st.selectbox, "System", sorted(names), index=None, width=200, **OPEN)
        field("type", st.selectbox, "Request type", TYPES, index=None, width=150, placeholder="All")
        field("target", st.selectbox, "Target site", sorted(sites), index=None, width=150, format_func=_site, **OPEN)
        field("person", st.text_input, "Person", width=150, placeholder="All")
        field("outcome", st.selectbox, "Outcome", OUTCOMES, index=None, width=150, **OPEN)
        field("request", st.text_input, "Request", width=110, placeholder="r-1")
    return asked


def _titles() -> Mapping[str, str]:
    """Sites as people read them; what the filter and the address hold is the name."""
    reading = common.read(quiet=True)
    return reading.estate.site_titles if reading else {}


def _site(name: str) -> str:
    return _titles().get(name, name)


def _field(asked: dict[str, str], name: str, make: Callable[..., Any], label: str, *given: Any, **more: Any) -> None:
    """One field, bound to its word in the address. Once it was touched, what it shows counts."""
    value = make(label, *given, key=name, bind="query-params", on_change=_first_page, **more)
    if value:
        asked[name] = str(value)
    elif st.session_state.get(TOUCHED):
        asked.pop(name, None)


def _first_page() -> None:
    st.session_state[TOUCHED] = True
    for name in ("before", "upto"):
        st.query_params.pop(name, None)


def _records(words: Mapping[str, str]) -> None:
    before = _number("before")
    try:
        wanted = filter_from(words)
    except WrongFilter as wrong:
        st.error(f"{wrong} Nothing is listed.")
        return
    _packs(wanted)
    page = acts.look(lambda _: view(deps.screens().parts.audit.reader, wanted, before=before))
    if page is None:
        return
    here = page.wanted
    st.html(
        join(
            pieces.exports(
                *(shown.address("/audit/export", here, upto=here.upto, format=form) for form in ("csv", "json"))
            ),
            pieces.records([shown.record(line, _titles()) for line in page.lines], shown.shown_words(page)),
            pieces.pages(
                shown.address("/audit", here) if before else None,
                shown.address("/audit", here, before=page.older, upto=here.upto) if page.older else None,
            ),
        )
    )


def _packs(wanted: AuditFilter) -> None:
    found = acts.look(lambda gate: (deps.screens().parts.evidence.read.packs(wanted, PACKS + 1), gate.store.read.now()))
    if found:
        st.html(pieces.packs(shown.packs(found[0][:PACKS], found[1]), len(found[0]) <= PACKS))


def _grants() -> None:
    actor, chosen = common.reader(quiet=True), _number("breakglass")
    found = acts.look(lambda gate: (list_grants(gate), gate.store.read.now(), actor and known(gate, actor)))
    if not found:
        return
    views, now, who = found
    lines = [shown.grant(each, now) for each in views]
    if lines:
        st.html(pieces.grants(lines, chosen))
    mine = next((each for each in lines if each.id == chosen and each.open), None)
    if mine is None or not who or not may(who, Verb.REVIEW):
        return
    with st.form(f"bc-review-{mine.id}", enter_to_submit=False):
        findings = st.text_area(
            f"Findings of the review of break-glass {mine.id}", key=f"findings-{mine.id}", max_chars=4000
        )
        pressed = st.form_submit_button("Record the review", type="primary")
    if pressed:
        acts.act(
            lambda gate, by: review(gate, by, mine.id, findings),
            lambda done: f"The review of {done.incident} is recorded.",
        )
        st.rerun()


def _number(name: str) -> int | None:
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


acts.tell()
_state()
_verify()
_grants()
evidence_parts.open_findings()
if common.reader(quiet=True) is not None:
    _records(_filters())
