"""Add or change a schedule: when, with its next dates shown before anything is stored; what; whom it tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import streamlit as st

from bc_lib.domain.denial import Denial
from bc_lib.domain.schedules.times import zone_clock
from bc_lib.domain.schedules.values import NOT_SAID, PreNotice, Schedule, Spec
from bc_lib.services.schedules.edit import add, change
from bc_lib.services.schedules.upcoming import dates_of
from streamlit_app import acts, deps
from streamlit_app.app_pages import common
from streamlit_app.app_pages.drill_acts import closed, zone_box
from streamlit_app.components.drills import preview
from streamlit_app.components.html import tag
from streamlit_app.components.requests import told
from streamlit_app.presenters.drill_choices import KINDS, LEADS, LENGTHS, Repeat, blank, named, repeat_of, rule_for
from streamlit_app.presenters.drill_choices import scopes as scopes_of
from streamlit_app.presenters.drill_words import what

ASKS = "At each date a request is made. Others approve it and somebody confirms it, or nothing happens."


def dialog(before: Schedule | None = None) -> None:
    """Another schedule, or another version of one."""
    title = f"Change {before.id}" if before else "Add a schedule"
    st.dialog(title, width="medium", on_dismiss="rerun")(_form)(before)


def _form(before: Schedule | None) -> None:
    tail = f"{before.id}-{before.version}" if before else "new"
    st.html(tag("p", f"{what(before.spec)}. " if before else "", ASKS, class_="bc-quiet"))
    base = before.spec if before else _asked()
    if base is None:
        return
    spec = _when(base, tail, known=before is not None)
    if spec is None:
        return
    with st.form(f"bc-schedule-{tail}", border=False, enter_to_submit=False):
        spec = _said(spec, tail, new=before is None)
        pressed = st.form_submit_button("Change it" if before else "Add it", type="primary")
    if pressed:
        _store(before, spec, tail)


def _asked() -> Spec | None:
    """What is asked for, of what: chosen once, at the beginning."""
    reading = common.read()
    if not reading:
        return None
    kind = st.segmented_control("What", list(KINDS), key="schedule-kind", default=next(iter(KINDS)), required=True)
    scopes = scopes_of(reading.stored.inventory)
    scope = st.selectbox("Of", scopes, index=None, key="schedule-scope", placeholder="Group or resource",
                         format_func=named)  # fmt: skip
    return blank(kind or next(iter(KINDS)), scope) if scope else None


def _when(spec: Spec, tail: str, *, known: bool) -> Spec | None:
    """Its dates, shown as they are chosen."""
    with st.container(horizontal=True):
        starts = st.datetime_input("First date, local", value=spec.starts if known else None, key=f"starts-{tail}")
        zone = zone_box(f"zone-{tail}", spec.zone)
    options = list(Repeat)
    repeat = st.selectbox("Repeats", options, index=options.index(repeat_of(spec) if known else Repeat.ONCE),
                          key=f"repeat-{tail}", format_func=lambda each: each.value)  # fmt: skip
    own = st.text_input("Rule (RFC 5545)", value=spec.rule or "", key=f"rule-{tail}", max_chars=200,
                        placeholder="FREQ=MONTHLY;BYDAY=1SU") if repeat is Repeat.OWN else ""  # fmt: skip
    if not isinstance(starts, datetime):
        st.html(tag("p", "Choose its first date, and see here which others follow.", class_="bc-quiet"))
        return None
    local = starts.replace(tzinfo=None, second=0, microsecond=0)
    rule = rule_for(repeat or Repeat.ONCE, local, own)
    lasts = spec.lasts_s if rule == spec.rule else NOT_SAID
    found = replace(spec, starts=local, zone=zone, rule=rule, lasts_s=lasts)
    try:
        dates = acts.look(lambda gate: dates_of(gate, deps.screens().calendar, found, 4))
    except Denial as denial:
        st.html(told(denial.sentence, good=False))
        return None
    if dates is not None:
        st.html(preview([zone_clock(each.at, zone) for each in dates] or ["none: all of them are over"]))
    return found


def _said(spec: Spec, tail: str, *, new: bool) -> Spec:
    title = st.text_input("Title (one line)", value=spec.title, key=f"title-{tail}", max_chars=200)
    reason = st.text_input("Reason (one line)", value=spec.reason, key=f"reason-{tail}", max_chars=200)
    ticket = st.text_input("Change ticket, where the policy asks for one", value=spec.ticket or "",
                           key=f"ticket-{tail}", max_chars=100)  # fmt: skip
    said = replace(spec, title=title.strip(), reason=reason.strip(), ticket=ticket.strip() or None)
    if not new:
        st.html(tag("p", "Whom it tells stays as it is.", class_="bc-quiet bc-small"))
        return said
    with st.container(horizontal=True):
        lasts = st.selectbox("Takes", list(LENGTHS), key=f"lasts-{tail}") or next(iter(LENGTHS))
        told_first = st.selectbox("Tells ahead", list(LEADS), key=f"lead-{tail}") or next(iter(LEADS))
    reading = common.read(quiet=True)
    channels = [each.name for each in reading.stored.inventory.channels] if reading else []
    told_to = st.multiselect("Whom (channels of the inventory)", channels, key=f"channels-{tail}")
    notices = tuple(PreNotice(channel=each, lead_s=LEADS[told_first]) for each in told_to)
    return replace(said, lasts_s=LENGTHS[lasts], notices=notices)


def _store(before: Schedule | None, spec: Spec, tail: str) -> None:
    key, calendar = acts.key(f"schedule-{tail}"), deps.screens().calendar

    def forget(code: str) -> None:
        if code == "KEY_REUSED":
            acts.forget_key(f"schedule-{tail}")

    done = acts.act(
        lambda gate, actor: (
            change(gate, calendar, actor, before.id, before.version, spec, key)
            if before
            else add(gate, calendar, actor, spec, key)
        ),
        lambda made: f"{made.id} is {'changed' if before else 'scheduled'}. It only asks; people decide.",
        refused=forget,
    )
    if done is not None:
        acts.forget_key(f"schedule-{tail}")
    closed(done is not None)
