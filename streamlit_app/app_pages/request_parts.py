"""One request: shown live, decided with buttons that stand outside of what renews itself."""

from __future__ import annotations

import streamlit as st

from bc_lib.domain.actor import Role
from bc_lib.domain.denial import Denial
from bc_lib.services.breakglass.listing import GrantView, list_grants
from bc_lib.services.gate import Gate
from bc_lib.services.requests.asking import Known, known
from bc_lib.services.requests.drift import drift
from bc_lib.services.requests.show import RequestView, show
from bc_lib.services.requests.withdraw import withdraw
from streamlit_app import acts, deep, watching
from streamlit_app.app_pages import common, confirming, deciding, evidence_parts, glass, pressing, run_parts
from streamlit_app.components import decision, freshness
from streamlit_app.components import request as pieces
from streamlit_app.components import run as run_pieces
from streamlit_app.components.html import Html, join, link, tag
from streamlit_app.presenters.choices import Choices, choices
from streamlit_app.presenters.decision import summary
from streamlit_app.presenters.request import RequestPage, request_page
from streamlit_app.presenters.run import checks, lead, not_yet, progress_line
from streamlit_app.presenters.run_choices import run_choices
from streamlit_app.presenters.run_words import frozen_words
from streamlit_app.watching import Watched


def page(request_id: str) -> None:
    """The whole page."""
    deciding.do_pressed()
    pressing.begin()
    deep.begin()
    acts.tell()
    watching.forget(request_id)
    actor = common.reader()
    if actor is None:
        return
    try:
        found = acts.look(lambda gate: (show(gate, request_id), known(gate, actor)))
    except Denial:
        st.html(
            tag("h1", "There is no such request.")
            + tag("p", "Choose one of the ", link("requests", "requests"), ".", class_="bc-asof")
        )
        return
    if found is None:
        return
    view, who = found
    _top(request_id, _stamp(view))
    offered, below = choices(view, who), st.container()
    _bar(view, offered, who)
    with below:
        _buttons(view, offered)
        if view.request.state.over:
            evidence_parts.section(view, who)
        deep.end()
        pressing.end()
        _below(request_id)


def _bar(view: RequestView, offered: Choices, who: Known) -> None:
    """What is decided and its buttons: at the end of the page, and kept in reach while the rest is read."""
    ran = watching.run(view.request.id)
    before = run_choices(ran.seen, who) if ran and view.request.state.waiting else ()
    if not (offered.decide_as or offered.confirm or before):
        return
    with st.container(key="bc-decide"):
        _cost(view.request.id, offered.decide_as)
        with st.container(horizontal=True, key="bc-decide-acts", vertical_alignment="center"):
            shown = summary(view, ran.seen if ran else None, offered.decide_as)
            if offered.decide_as:
                deciding.buttons(view, offered.decide_as, shown)
            if offered.confirm:
                pressed = st.button("Confirm…", type="primary", key=f"confirm-{view.request.id}")
                if (pressed and pressing.open_one()) or deep.wants("confirm"):
                    confirming.dialog(view, shown)
            if ran:
                run_parts.buttons(ran.seen, before)


@st.fragment(run_every=common.RENEW_S)
def _cost(request_id: str, mine: tuple[Role, ...]) -> None:
    """The line above the buttons: the outage so far goes on counting."""
    found = acts.look(lambda gate: show(gate, request_id)) if common.reader(quiet=True) else None
    if found:
        ran = watching.run(request_id)
        st.html(decision.line(summary(found, ran.seen if ran else None, mine)))


def _stamp(view: RequestView) -> tuple[int, int, bool]:
    """Changes whenever other buttons may have to stand there."""
    over = view.request.expires_at is not None and view.request.expires_at <= view.now
    return view.request.version, len(view.votes), over


@st.fragment(run_every=common.RENEW_S)
def _top(request_id: str, stamp: tuple[int, int, bool]) -> None:
    if common.reader() is None:
        return
    found = acts.look(lambda gate: _read(gate, request_id))
    if found is None:
        return
    view, shown = found
    ran = watching.run(request_id)
    head = pieces.head(shown, freshness.line(view.now, None), _frozen(ran), _progress(ran))
    waits = not_yet(ran.seen) if ran else None
    st.html(join(head, tag("p", waits, class_="bc-trouble") if waits else None, pieces.card(shown), _checks(ran)))
    pressing.renew(changed=_stamp(view) != stamp)


@st.fragment(run_every=common.CHART_S)
def _below(request_id: str) -> None:
    found = acts.look(lambda gate: _read(gate, request_id)) if common.reader(quiet=True) else None
    if found:
        st.html(pieces.more(found[1], watching.airflow_link(found[0].request)))


def _read(gate: Gate, request_id: str) -> tuple[RequestView, RequestPage]:
    view, ran = show(gate, request_id), watching.run(request_id)
    changed = drift(gate, view) if view.request.state.waiting else None
    tested = watching.since_drill(view.request, view.plan.plan)
    return view, request_page(view, changed, _grant(gate, view), ran.seen.past if ran else (), tested)


def _frozen(ran: Watched | None) -> Html | None:
    return run_pieces.banner(frozen_words(ran.seen.frozen, ran.seen.now)) if ran else None


def _progress(ran: Watched | None) -> pieces.RunWords | None:
    if ran is None or ran.seen.run is None:
        return None
    return pieces.RunWords(lead=lead(ran.seen), place=progress_line(ran.seen.run))


def _checks(ran: Watched | None) -> Html | None:
    """Before any act: what the runner's checks found last, with their age."""
    if ran is None or ran.seen.run is not None or ran.seen.request.state.over:
        return None
    return join(*(run_pieces.checks(each) for each in checks(ran.seen))) or run_pieces.unchecked()


def _grant(gate: Gate, view: RequestView) -> GrantView | None:
    if view.grant is None:
        return None
    return next((each for each in list_grants(gate) if each.grant.id == view.grant.id), None)


def _buttons(view: RequestView, offered: Choices) -> None:
    if offered.why_not:
        st.html(tag("p", offered.why_not, class_="bc-note"))
    request = view.request
    with st.container(horizontal=True, key="bc-acts", vertical_alignment="center"):
        if offered.withdraw and st.button("Withdraw…", key=f"withdraw-{request.id}") and pressing.open_one():
            _withdraw(view)
        if offered.glass and st.button("Break glass…", key=f"glass-{request.id}") and pressing.open_one():
            glass.dialog(view)
        if offered.again:
            kind = (
                {"resource": request.scope.name} if request.scope.kind == "resource" else {"group": request.scope.name}
            )
            again = link("ask", "Ask again", class_="bc-act", type=request.type.value, site=request.target_site,
                         retry=request.id, **kind)  # fmt: skip
            st.html(again, width="content")


@st.dialog("Withdraw this request?", on_dismiss="rerun")
def _withdraw(view: RequestView) -> None:
    request = view.request
    st.html(tag("p", "It is over then. Approvals that were given are not reused by a new request."))
    with st.form(f"bc-withdraw-{request.id}", border=False):
        reason = st.text_input("Reason (optional, one line)", key=f"why-{request.id}", max_chars=400)
        pressed = st.form_submit_button("Withdraw", type="primary")
    if pressed:
        after = acts.act(
            lambda gate, actor: withdraw(gate, actor, request.id, reason=reason),
            lambda done: f"{done.id} is withdrawn.",
        )
        if after is None:
            acts.tell()
        else:
            st.rerun()
