"""One request: what would happen, who agreed, who is missing and by when, what changed since (decision 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bc_lib.domain.requests.plan import Measurement, Plan, Step
from bc_lib.domain.requests.states import Decision, State
from bc_lib.domain.requests.values import Happening, Request, StoredPlan
from bc_lib.domain.requests.votes import Vote
from bc_lib.domain.role_words import role_words
from bc_lib.domain.schedules.times import zone_clock
from bc_lib.domain.words import capital
from bc_lib.ports.runs import Past
from bc_lib.services.breakglass.listing import GrantView
from bc_lib.services.requests.estimate import expected_outage
from bc_lib.services.requests.losing import Accepted
from bc_lib.services.requests.plan_text import other_figures
from bc_lib.services.requests.show import RequestView
from bc_lib.services.verified.compared import Compared
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.request_words import DECISION, STATE, VOID, left, needs_words, tags, title
from streamlit_app.presenters.words import age, count, duration, moment
from streamlit_app.troubles import UNREAD

IF_PARTIAL = {"finish": "what has moved stays, and a person finishes", "return": "what has moved is moved back"}
Pairs = tuple[tuple[str, str], ...]
EVENTS = {
    "submit": "asked for",
    "approve": "approved",
    "break-glass": "approved by break-glass,",
    "deny": "denied",
    "expire": "time was up, noticed",
    "withdraw": "withdrawn",
    "confirm": "confirmed",
    "void": "approvals void, noticed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteLine:
    """A decision; `why_not` says why it does not count."""

    name: str
    role: str
    mark: Mark
    at: str
    reason: str
    why_not: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step of the plan, numbered from 1; `last_chance`: the point of no return is this step.

    `flags`: its wave, by hand, where it may stop; `undo`: how it is taken back, and for how long.
    """

    number: int
    text: str
    last_chance: bool
    flags: tuple[str, ...] = ()
    undo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The plan changed: when, why, and whose votes that voided."""

    at: str
    because: str
    voided: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What is different since the last live drill. `drill` None: there was none; `note`: what was not compared."""

    text: str
    drill: str | None = None
    changes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """The whole page but the buttons. `schedule`: the one that asked: its id, its title, for which date."""

    id: str
    title: str
    system: str
    state: Mark
    effect: str
    next: str
    until: str | None
    asked: str
    card: Pairs
    votes: tuple[VoteLine, ...]
    missing: str | None
    steps: tuple[StepLine, ...]
    no_return: str
    figures: Pairs
    seen: Pairs
    limits: tuple[str, ...]
    plan_made: str
    drift: str | None
    revisions: tuple[Revision, ...]
    glass: Pairs
    history: tuple[tuple[str, Mark, str], ...]
    loss: str = ""
    tags: tuple[str, ...] = ()
    schedule: tuple[str, str, str] | None = None
    since: Since | None = None


def request_page(
    view: RequestView,
    drift: str | None,
    grant: GrantView | None = None,
    past: Sequence[Past] = (),
    tested: Compared | None = None,
) -> RequestPage:
    """Everything the page says about `view`. `drift`: what differs from the plan right now; `past`: earlier runs;
    `tested`: its plan against the last live drill, None: not known."""
    request, plan, now = view.request, view.plan.plan, view.now
    return RequestPage(
        id=request.id,
        title=title(request),
        system=request.scope.name,
        state=STATE[request.state],
        effect=plan.effect,
        next=next_words(view),
        until=left(request.expires_at, now) if request.state.waiting else None,
        asked=f"{request.requester_name}, {moment(request.created_at, now)} "
        f"({age((now - request.created_at).total_seconds())})",
        card=_card(view, past),
        votes=tuple(_vote(vote, view) for vote in view.votes),
        missing=needs_words(view.missing) or None,
        steps=steps(plan),
        no_return=no_return(plan),
        figures=figures(plan, past, request.id),
        seen=tuple((capital(name), value) for name, value in plan.observed.items()),
        limits=plan.limits,
        plan_made=f"Plan revision {view.plan.revision}, made {moment(view.plan.made_at, now)}",
        drift=drift,
        revisions=tuple(_revision(each, view) for each in view.plans[1:]),
        glass=glass_rows(grant, now) if grant else (),
        history=tuple(_happening(each, now) for each in view.history if each.after is not State.DRAFT),
        loss=view.loss,
        tags=tags(request),
        schedule=_schedule(view),
        since=since_words(tested, now),
    )


def since_words(tested: Compared | None, now: datetime) -> Since:
    """In words. Nothing known is never nothing changed."""
    if tested is None:
        return Since(text=UNREAD)
    drill = tested.drill
    if drill is None:
        return Since(text="No live drill had ended when this was asked for: this plan was never tested.")
    how = "succeeded" if drill.succeeded else "did NOT succeed"
    found = f"{count(len(tested.changes), 'difference')}" if tested.changes else "no difference"
    if tested.unseen:
        found += f" seen; not seen when this plan was made, so not compared: {', '.join(tested.unseen)}"
    return Since(
        text=f"Live drill {drill.request} {how}, {age((now - drill.ended_at).total_seconds())}: {found}.",
        drill=drill.request,
        changes=tested.changes,
        note="" if tested.steps else "The steps are not compared: those of another kind of move differ anyway.",
    )


def next_words(view: RequestView) -> str:
    """What must happen next, and by whom."""
    request, now = view.request, view.now
    if request.state.waiting and request.expires_at is not None and request.expires_at <= now:
        return "Its time is up, so nothing can be decided any more. Raise a new request if it is still needed."
    if request.state is State.PENDING_APPROVAL:
        if view.standing is None:
            return "The approval policy changed since this was raised; the next decision looks at the new one."
        return f"It still needs {needs_words(view.missing)}; {_askers(view)} asked and cannot be one of them."
    return {
        State.APPROVED: "An operator must confirm it with the typed phrase.",
        State.READY_TO_START: "It is confirmed. Everything is checked once more before the first step.",
        State.REJECTED: "It was denied and is over. A new request starts from the beginning.",
        State.EXPIRED: "Nobody acted in time and it is over. A new request starts from the beginning.",
        State.CANCELLED: "It was withdrawn and is over.",
    }.get(request.state, f"{STATE[request.state].meaning.capitalize()}.")


def steps(plan: Plan) -> tuple[StepLine, ...]:
    """The plan in order."""
    return tuple(
        StepLine(
            number=number,
            text=each.summary,
            last_chance=each.point_of_no_return,
            flags=step_flags(each),
            undo=each.undo,
        )
        for number, each in enumerate(plan.steps, 1)
    )


def step_flags(step: Step) -> tuple[str, ...]:
    """What is special about a step, in words."""
    shown = (
        (f"wave {step.wave}", True),
        ("by hand", step.manual),
        ("needs an allowance of its own", step.needs_allowance),
        ("may stop after it", step.may_stop_after),
        ("only if a part cannot move", step.returns),
        ("after clients write again", step.after_restore),
    )
    return tuple(word for word, wanted in shown if wanted)


def no_return(plan: Plan) -> str:
    """What cannot be undone, in one sentence."""
    first = next(((number, each) for number, each in enumerate(plan.steps, 1) if each.point_of_no_return), None)
    if first is None:
        return "no step of this plan; it can be stopped at any step"
    return f"step {first[0]} ({first[1].summary}). From there only forward leads out"


def figures(plan: Plan, past: Sequence[Past] = (), but: str = "") -> Pairs:
    """Lag and outage with what they rest on. Unknown is said, never taken as zero. `but`: the request looked at."""
    found = [(capital(each.name), _figure(each)) for each in other_figures(plan)]
    return (*found, ("Estimated outage", expected_outage(plan, past, but)))


def loss_rows(sentences: Sequence[str], missing: str, accepted: Sequence[Accepted] = ()) -> Pairs:
    """What can be lost in the one sentence, what must still be accepted of it, and what was."""
    rows = (
        ("Possible loss", " ".join(sentences)),
        ("Must be accepted", f"losing {missing}" if missing else ""),
        ("Accepted", "; ".join(each.words for each in accepted)),
    )
    return tuple((name, value) for name, value in rows if value)


def _figure(each: Measurement) -> str:
    if each.value is None:
        return "not known: it was not seen when the plan was made"
    bound = f"; approvals cover up to {duration(each.upper)}" if each.upper is not None else ""
    return f"{duration(each.value)}, last measured when the plan was made{bound}"


def _card(view: RequestView, past: Sequence[Past]) -> Pairs:
    request, plan, now = view.request, view.plan.plan, view.now
    window = (
        f"{moment(request.window_start, now)} to {moment(request.window_end, now)}"
        if request.window_start and request.window_end
        else None
    )
    moves = ", ".join(f"{target.resource} from {target.old} to {target.new}" for target in plan.targets)
    rows = (
        ("Moves", moves),
        ("Reason", request.reason),
        ("Change ticket", request.ticket),
        ("Planned window", window),
        ("Again, after", request.retry_of),
        *loss_rows(view.losing.sentences, view.losing.missing if request.state.waiting else "", view.losing.accepted),
        ("Clients cannot write", _outage(view)),
        *figures(plan, past, request.id),
        ("If a part cannot move", IF_PARTIAL.get(plan.if_partial)),
        ("Longest", f"{duration(plan.timeout_s)}, then it stops where it may" if plan.timeout_s else None),
        ("Cannot be undone", no_return(plan)),
        ("Must agree", _must_agree(view)),
        ("Judged as", f"tier {request.tier}, {request.environment}"),
        ("Confirmed by", _confirmed(request, now)),
    )
    return tuple((name, value) for name, value in rows if value)


def _outage(view: RequestView) -> str:
    """Since when, and how exact that is."""
    return f"Since {moment(view.outage.began_at, view.now)}. {view.outage.sentence}".rstrip() if view.outage else ""


def _must_agree(view: RequestView) -> str:
    if view.rule is None:
        return "not known: the policy changed since"
    return f"{needs_words(view.rule.needs)}, different persons, never {_askers(view)} ({view.rule.name})"


def _askers(view: RequestView) -> str:
    """Whoever edited the schedule that asked counts as requester (S5)."""
    return " or ".join(view.askers) if len(view.askers) < 3 else f"{', '.join(view.askers[:-1])} or {view.askers[-1]}"


def _schedule(view: RequestView) -> tuple[str, str, str] | None:
    if not view.schedule or view.request.due_at is None:
        return None
    last = view.schedule[-1]
    return last.id, last.spec.title, f"its date {zone_clock(view.request.due_at, last.spec.zone)}"


def _confirmed(request: Request, now: datetime) -> str | None:
    return f"{request.confirmed_by}, {moment(request.confirmed_at, now)}" if request.confirmed_by else None


def _vote(vote: Vote, view: RequestView) -> VoteLine:
    ignored = {each.vote.id: each.why for each in view.standing.ignored} if view.standing else {}
    old = vote.plan_revision != view.request.plan_revision
    since = next((plan.because for plan in view.plans if plan.revision > vote.plan_revision), None)
    why = since or "the plan changed since" if old else ignored.get(vote.id)
    return VoteLine(
        name=vote.name,
        role=role_words(vote.role),
        mark=VOID if why else DECISION[vote.decision],
        at=moment(vote.at, view.now),
        reason=vote.reason,
        why_not=f"{DECISION[vote.decision].word}, but void because {why}." if why else None,
    )


def _revision(plan: StoredPlan, view: RequestView) -> Revision:
    voided = tuple(
        f"{vote.name} ({role_words(vote.role)}) had {'approved' if vote.decision is Decision.APPROVE else 'denied'}"
        for vote in view.votes
        if vote.plan_revision == plan.revision - 1
    )
    return Revision(at=moment(plan.made_at, view.now), because=plan.because or "the plan was made anew", voided=voided)


def glass_rows(view: GrantView, now: datetime) -> Pairs:
    """A break-glass grant and its review."""
    grant = view.grant
    if grant.voided:
        review = "VOIDED: the grant carries no valid proof"
    elif grant.reviewed_at:
        review = f"{grant.reviewed_by}, {moment(grant.reviewed_at, now)}: {grant.findings}"
    else:
        review = f"{'OVERDUE' if view.overdue else 'owed'}, due {moment(grant.review_due, now)}"
    return (
        ("Incident", grant.incident),
        ("Holder", grant.holder_name),
        ("Reason", grant.reason),
        ("Granted", f"{moment(grant.granted_at, now)}, until {moment(grant.expires_at, now)}"),
        ("Review", review),
    )


def _happening(each: Happening, now: datetime) -> tuple[str, Mark, str]:
    said = EVENTS.get(each.event, each.event.replace("-", " "))
    words = f"{said} by {each.person}" if each.person else said
    return (
        moment(each.at, now),
        STATE[each.after],
        capital(words) + (f": {each.reason}" if each.reason else ""),
    )
