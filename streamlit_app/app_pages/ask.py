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
from bc_lib.services.requests.asking import Known, known, prospect
from bc_lib.services.requests.create import create
from bc_lib.services.requests.offers import Offers, offers
from streamlit_app import acts, watching
from streamlit_app.app_pages import common
from streamlit_app.app_pages.ask_checks import checks
from streamlit_app.components import ask as pieces
from streamlit_app.components.html import join, link, tag
from streamlit_app.presenters.ask import Choice, Choices, Preview, Target, choices, preview, target
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
    found = _offers(about, who)
    if found is not None:
        _form(about, who, choices(found, about.titles, wanted.get("site")), wanted.to_dict())


def _offers(about: Target, who: Known) -> Offers | None:
    person = who.person.id if who.person else None
    try:
        return acts.look(lambda gate: offers(gate, about.scope, person))
    except Denial as denial:
        st.html(pieces.refused(denial.sentence))
        return None


def _form(about: Target, who: Known, choices: Choices, wanted: dict[str, str]) -> None:
    if choices.rival and not wanted.get("retry"):
        st.html(pieces.refused(choices.rival))
    kinds = [each.kind for each in choices.offered]
    with st.container(key="bc-ask-what"):
        kind = _kind(kinds, wanted.get("type")) if kinds else None
        chosen = choices.of(kind) if kind else None
        drill = _drill(wanted.get("drill")) if kind is RequestType.DRILL else None
        site = _site(chosen, choices) if chosen else None
        if kind and chosen:
            st.html(pieces.means(TYPES[kind], chosen))
        if choices.groups:
            st.html(pieces.group_instead(about.scope.name, choices.groups, kind.value if kind else None))
        if choices.not_offered:
            st.html(pieces.not_offered(choices.not_offered))
    if not kind or not site:
        said = "Choose what and where to, and see here what it would do." if kinds else "Nothing can be asked for now."
        st.html(tag("p", said, class_="bc-quiet"))
        return
    shown = _preview(about, who, kind, site, drill)
    again = wanted.get("retry") or acts.unanswered(f"{about.scope.kind}-{about.scope.name}")
    if shown and (not choices.rival or again):
        _submit(about, Wish(kind, site, drill, wanted.get("retry") or None), shown)


def _kind(kinds: list[RequestType], wanted: str | None) -> RequestType | None:
    """The types that are offered; the only one is chosen already."""
    return st.segmented_control(
        "What",
        kinds,
        key=f"ask-type-{'-'.join(kinds)}",
        default=_default(kinds, wanted) or (kinds[0] if len(kinds) == 1 else None),
        format_func=lambda k: k.value.capitalize(),
        required=True,
    )


def _site(chosen: Choice, choices: Choices) -> str | None:
    """The sites that may be chosen for this type; one that is chosen stays chosen when it is touched again."""
    site = st.segmented_control(
        "To which site",
        chosen.sites,
        key=f"ask-site-{chosen.kind}-{'-'.join(chosen.sites)}",
        default=chosen.preselected,
        format_func=choices.labels.__getitem__,
        required=True,
    )
    if chosen.refused:
        st.html(pieces.sites_refused(chosen.refused, choices.labels))
    return site


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


def _preview(about: Target, who: Known, kind: RequestType, site: str, drill: DrillKind | None) -> Preview | None:
    person = who.person.id if who.person else None
    try:
        found = acts.look(lambda gate: prospect(gate, kind, about.scope, site, drill, person))
    except Denial as denial:
        st.html(pieces.refused(denial.sentence))
        return None
    if found is None:
        return None
    experience = watching.experience([target.resource for target in found.plan.targets])
    shown = preview(found, experience.past if experience else ())
    st.html(pieces.preview(shown))
    checks(found.plan)
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


def _default(options: Sequence[T], wanted: str | None) -> T | None:
    return next((each for each in options if str(each) == wanted), None)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


_page()
