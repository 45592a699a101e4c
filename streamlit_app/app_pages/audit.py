"""Audit & evidence: is the log whole, what does it say, take it away."""

from __future__ import annotations

from datetime import date

import streamlit as st

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


def _filters() -> tuple[date | None, date | None, str | None]:
    reading = common.read(quiet=True)
    names = [each.name for each in (*reading.estate.resources,)] if reading else []
    names += [each.group.name for each in reading.estate.groups] if reading else []
    st.html(tag("h2", "Records"))
    with st.container(horizontal=True, key="bc-filters", vertical_alignment="bottom"):
        start = st.date_input("From (UTC)", value=None, key="from", bind="query-params", width=170,
                              format="YYYY-MM-DD", on_change=_first_page)  # fmt: skip
        end = st.date_input("To, included", value=None, key="to", bind="query-params", width=170,
                            format="YYYY-MM-DD", on_change=_first_page)  # fmt: skip
        system = st.selectbox("System", sorted(set(names)), index=None, key="system", bind="query-params", width=230,
                              placeholder="All", accept_new_options=True, on_change=_first_page)  # fmt: skip
    return start, end, system


def _first_page() -> None:
    for name in ("before", "upto"):
        st.query_params.pop(name, None)


def _records(start: date | None, end: date | None, system: str | None) -> None:
    before, upto = _number("before"), _number("upto")
    wanted = shown.filter_of(start, end, system, upto)
    page = acts.look(lambda _: view(deps.screens().parts.audit.reader, wanted, before=before))
    if page is None:
        return
    here = page.wanted
    st.html(
        join(
            pieces.exports(
                *(shown.address("/audit/export", here, upto=here.upto, format=form) for form in ("csv", "json"))
            ),
            pieces.records([shown.record(line) for line in page.lines], shown.shown_words(page)),
            pieces.pages(
                shown.address("/audit", here) if before else None,
                shown.address("/audit", here, before=page.older, upto=here.upto) if page.older else None,
            ),
        )
    )


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
    _records(*_filters())
