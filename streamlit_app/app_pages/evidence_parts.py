"""The pack of a request that is over: its pictures, the download, sign-off of two sides, findings."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import streamlit as st

from bc_lib.domain.evidence.values import Answer, Remark, Side
from bc_lib.services.evidence.findings import close_finding, raise_finding
from bc_lib.services.evidence.pictures import rto_picture, steps_picture
from bc_lib.services.evidence.sign_off import sign_off
from bc_lib.services.evidence.take import body_of
from bc_lib.services.requests.asking import Known
from bc_lib.services.requests.show import RequestView
from streamlit_app import acts, deep, deps
from streamlit_app.app_pages import common
from streamlit_app.components import bars, chart
from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.components.tables import table
from streamlit_app.presenters import evidence as shown

WAITING = "The evidence pack is being made; that takes up to a minute after the end. See Health where it takes longer."


def section(view: RequestView, known: Known) -> None:
    """Below the decisions of an ended request."""
    request, store = view.request, deps.screens().parts.evidence
    found = acts.look(lambda _: (store.read.stored(request.id), store.read.signoffs(request.id),
                                 store.read.remarks(request.id)))  # fmt: skip
    if found is None:
        return
    stored, signoffs, remarks = found
    st.html(tag("h2", "Evidence"))
    if not stored:
        st.html(tag("p", WAITING, class_="bc-note"))
        return
    made = f"Made {stored[0].made_at:%Y-%m-%d %H:%M:%S} UTC, {len(stored) - 1} addenda. "
    st.html(
        join(
            tag("p", tag("a", "Download the evidence pack", href=f"/evidence/pack?id={request.id}", class_="bc-act",
                         download=""), class_="bc-exports"),
            tag("p", made, "SHA-256 of its manifest: ", tag("span", stored[0].digest, class_="bc-mono"),
                class_="bc-quiet bc-small"),
            tag("ul", *(tag("li", each) for each in shown.side_lines(signoffs, view.now))),
        )
    )  # fmt: skip
    offered = shown.offered(request, signoffs, remarks, known)
    for side in offered.sides:
        if deep.wants("sign-off", side=side.value):
            st.dialog(f"Sign off for the {shown.SIDES[side]} side", on_dismiss="rerun")(_sign)(
                request.id, side, stored[0].digest
            )
        else:
            _sign(request.id, side, stored[0].digest)
    _pictures(view)
    st.html(join(tag("h3", "Findings"), findings_table(remarks, view, "No finding was raised.")))
    for number in offered.close:
        _close(number)
    if offered.finding:
        _raise(request.id, view.now)


def open_findings() -> None:
    """On the audit page: all that are open, the earliest due first."""
    if common.reader(quiet=True) is None:
        return
    found = acts.look(lambda gate: (deps.screens().parts.evidence.read.remarks(only_open=True), gate.store.read.now()))
    if found and found[0]:
        rows = shown.finding_rows(found[0], found[1])
        cells = [(row[0], link("requests", row[1], id=row[1]), *row[2:]) for row in rows]
        st.html(join(tag("h2", f"Open findings ({len(rows)})"), table(shown.HEAD, cells, "")))


def findings_table(remarks: Any, view: RequestView, empty: str) -> Html:
    """Findings of one request."""
    return table(shown.HEAD, shown.finding_rows(remarks, view.now), empty)


def _pictures(view: RequestView) -> None:
    content = acts.look(lambda _: body_of(deps.screens().parts.evidence, view.request))
    if not content:
        return
    body, dark = json.loads(content), st.context.theme.type == "dark"
    st.html(join(tag("p", body["rto"]["sentence"]), tag("p", body["rpo_sentence"])))
    for key, picture in (("rto", rto_picture(body)), ("steps", steps_picture(body))):
        if picture is None or not any(lane.bars for lane in picture.lanes):
            continue
        st.html(tag("h3", picture.title))
        made = bars.figure(picture, chart.DARK if dark else chart.LIGHT, dark=dark)
        st.plotly_chart(made, theme=None, key=f"bc-evidence-{key}", config=chart.CONFIG, alt=picture.alt)


def _sign(request_id: str, side: Side, digest: str) -> None:
    store = deps.screens().parts.evidence
    with st.form(f"bc-signoff-{side.value}", enter_to_submit=False):
        st.html(tag("p", tag("b", f"Sign off for the {shown.SIDES[side]} side"), ": download and read the pack first."))
        note = st.text_input("Note (optional, one line)", key=f"signoff-note-{side.value}", max_chars=200)
        with st.container(horizontal=True):
            rejected = st.form_submit_button("Reject", key=f"reject-{side.value}")
            accepted = st.form_submit_button("Accept", type="primary", key=f"accept-{side.value}")
    if rejected or accepted:  # both can be true in one run: the rejection counts
        answer = Answer.REJECTED if rejected else Answer.ACCEPTED
        acts.act(
            lambda gate, by: sign_off(gate, store, by, request_id, side, answer, note=note, digest=digest),
            lambda done: (
                f"{done.answer.value.capitalize()} for the {shown.SIDES[side]} side. An addendum is made of it."
            ),
        )
        st.rerun()


def _raise(request_id: str, now: datetime) -> None:
    store = deps.screens().parts.evidence
    with st.form("bc-finding", enter_to_submit=False, clear_on_submit=False):
        st.html(tag("p", tag("b", "Note a finding"), ": it stays visible until somebody closes it."))
        what = st.text_input("What is to be done (one line)", key="finding-what", max_chars=1000)
        owner = st.text_input("Owner", key="finding-owner", max_chars=200)
        due = st.date_input("Due", value=now.date() + timedelta(days=30), key="finding-due",
                            format="YYYY-MM-DD")  # fmt: skip
        pressed = st.form_submit_button("Note it", type="primary")
    if pressed and isinstance(due, date):
        key = acts.key("finding")
        done = acts.act(
            lambda gate, by: raise_finding(gate, store, by, request_id, what, owner, due, key=key),
            lambda made: f"Finding {made.id} is noted.",
        )
        if done is not None:
            acts.forget_key("finding")
        st.rerun()


def _close(number: int) -> None:
    with st.form(f"bc-close-{number}", enter_to_submit=False):
        note = st.text_input(f"How finding {number} was done", key=f"close-note-{number}", max_chars=1000)
        pressed = st.form_submit_button(f"Close finding {number}")
    if pressed:
        store = deps.screens().parts.evidence
        do = partial(_closed, number=number, note=note, store=store)
        acts.act(do, lambda done: f"Finding {done.id} is closed.")
        st.rerun()


def _closed(gate: Any, by: Any, *, number: int, note: str, store: Any) -> Remark:
    return close_finding(gate, store, by, number, note)
