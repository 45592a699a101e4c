"""Raise a request about a resource or group (FR-030): choose, see what it would do, submit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import streamlit as st

from bc_lib.domain.authorization import Verb, roles_text
from bc_lib.domain.denial import Denial
from bc_lib.domain.execution.actions import DrillKind
from bc_lib.domain.requests.refusals import refusal
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.values import NewRequest
from bc_lib.services.requests.asking import known, prospect
from bc_lib.services.requests.create import create
from streamlit_app import acts, watching
from streamlit_app.app_pages import common
from streamlit_app.components import ask as pieces
from streamlit_app.components.html import join, link, tag
from streamlit_app.presenters.ask import Preview, Target, preview, target
from streamlit_app.presenters.choices import may
from streamlit_app.presenters.request_words import DRILL_MEANS, DRILLS, TYPES

T = TypeVar("T")
WINDOW = "Only in a planned window"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen above the form."""

    kind: RequestType
    site: str
    drill: DrillKind | None
    retry: str | None


def _page() -> None:
    acts.tell()
    wanted = st.query_params
    reading, actor = common.read(), common.reader(quiet=True)
    if not reading or actor is None:
        return
    group, resource = wanted.get("group", ""), wanted.get("resource", "")
    about = target(reading.estate, resource, group)
    if about is None:
        common.missing("group" if group else "resource", group or resource, reading)
        return
    name = about.scope.name
    st.html(
        join(
            tag("h1", f"Raise a request about {name}"),
            tag(
                "p", "Back to ", link(about.scope.kind, name, name=name), ". Nothing moves by asking.", class_="bc-asof"
            ),
        )
    )
    who = acts.look(lambda gate: known(gate, actor))
    if who is None:
        return
    if not may(who, Verb.CREATE):
        st.html(pieces.refused(refusal("ROLE_MISSING", role=roles_text(Verb.CREATE)).sentence))
        return
    _form(about, wanted.to_dict())


def _form(about: Target, wanted: dict[str, str]) -> None:
    kinds = list(RequestType)
    with st.container(key="bc-ask-what"):
        kind = st.segmented_control(
            "What",
            kinds,
            key="ask-type",
            default=_default(kinds, wanted.get("type")),
            format_func=lambda k: k.value.capitalize(),
        )
        if kind:
            st.html(tag("p", f"{TYPES[kind]}.", class_="bc-quiet"))
        drill = _drill(wanted.get("drill")) if kind is RequestType.DRILL else None
        site = st.segmented_control(
            "To which site",
            about.sites,
            key="ask-site",
            default=_default(about.sites, wanted.get("site")) or about.other,
            format_func=lambda each: _site_words(about, each),
        )
    if not kind or not site:
        st.html(tag("p", "Choose what and where to, and see here what it would do.", class_="bc-quiet"))
        return
    shown = _preview(about, kind, site, drill)
    if shown:
        _submit(about, Wish(kind, site, drill, wanted.get("retry") or None), shown)


def _drill(wanted: str | None) -> DrillKind:
    kind = st.segmented_control(
        "Which drill",
        list(DrillKind),
        key="ask-drill",
        default=_default(list(DrillKind), wanted) or DrillKind.REHEARSAL,
        format_func=DRILLS.__getitem__,
        required=True,
    )
    chosen = kind or DrillKind.REHEARSAL
    st.html(tag("p", f"{DRILL_MEANS[chosen]}.", class_="bc-quiet"))
    return chosen


def _preview(about: Target, kind: RequestType, site: str, drill: DrillKind | None) -> Preview | None:
    try:
        found = acts.look(lambda gate: prospect(gate, kind, about.scope, site, drill))
    except Denial as denial:
        st.html(pieces.refused(denial.sentence))
        return None
    if found is None:
        return None
    experience = watching.experience([target.resource for target in found.plan.targets])
    shown = preview(found, experience.past if experience else ())
    st.html(pieces.preview(shown))
    return shown


def _submit(about: Target, wish: Wish, shown: Preview) -> None:
    retry = wish.retry
    tail = f"{about.scope.kind}-{about.scope.name}"
    start = end = None
    if st.toggle(WINDOW, key=f"window-{tail}"):
        with st.container(horizontal=True):
            start = st.datetime_input("From (UTC)", value=None, key=f"from-{tail}")
            end = st.datetime_input("To (UTC)", value=None, key=f"to-{tail}")
    with st.form(f"bc-ask-{tail}", enter_to_submit=False):
        reason = st.text_input("Reason (one line)", key=f"reason-{tail}", max_chars=400)
        ticket = st.text_input(f"Change ticket ({shown.ticket})", key=f"ticket-{tail}", max_chars=100)
        if retry:
            st.html(
                tag(
                    "p",
                    "A new try after ",
                    link("requests", retry, id=retry),
                    "; it needs its own approvals.",
                    class_="bc-quiet",
                )
            )
        pressed = st.form_submit_button("Raise the request", type="primary", key=f"ask-{tail}")
    if not pressed:
        return
    new = NewRequest(
        type=wish.kind,
        scope=about.scope,
        target_site=wish.site,
        drill=wish.drill.value if wish.drill else None,
        reason=reason.strip(),
        key=acts.key(tail),
        ticket=ticket.strip() or None,
        window_start=_utc(start),
        window_end=_utc(end),
        retry_of=retry,
    )
    made = acts.act(
        lambda gate, actor: create(gate, actor, new),
        lambda done: f"{done.id} is raised. Nothing has moved.",
        refused=lambda code: acts.forget_key(tail) if code == "KEY_REUSED" else None,
    )
    if made is None:
        st.rerun()
    acts.forget_key(tail)
    st.switch_page("app_pages/requests.py", query_params={"id": made.id})


def _site_words(about: Target, site: str) -> str:
    title = about.titles[site]
    return f"{title} ({site}), active now" if site == about.active else f"{title} ({site})"


def _default(options: Sequence[T], wanted: str | None) -> T | None:
    return next((each for each in options if str(each) == wanted), None)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


_page()
