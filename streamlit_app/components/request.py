"""The request page's HTML."""

from __future__ import annotations

from dataclasses import dataclass

from streamlit_app.components.html import Html, in_airflow, join, link, tag
from streamlit_app.components.marks import badge
from streamlit_app.components.resource import pairs
from streamlit_app.presenters.request import Pairs, RequestPage, Revision, Since, StepLine, VoteLine


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWords:
    """`lead`: where its run stands and what a person must do; `place`: how far it is."""

    lead: str
    place: str


def head(page: RequestPage, fresh: Html, frozen: Html | None = None, run: RunWords | None = None) -> Html:
    """What is asked, where it stands, what is next and by when. `run`: where it has begun; then its run says that."""
    glass = tag("span", "Break-glass", class_="bc-glass") if page.glass else None
    clock = tag("p", page.until, class_="bc-clock") if page.until else None
    drift = (
        tag(
            "p",
            tag("b", "Changed since: "),
            page.drift,
            ". A decision now voids earlier approvals first.",
            class_="bc-trouble",
        )
        if page.drift
        else None
    )
    return join(
        tag("h1", page.title, badge(page.state, "bc-lead"), *tags(page.tags), glass),
        fresh,
        frozen,
        tag("p", run.lead if run else page.effect, class_="bc-effect"),
        tag("p", link("run", f"Its run: {run.place}", class_="bc-act", id=page.id), class_="bc-exports")
        if run
        else tag("p", page.next, class_="bc-reason"),
        clock,
        drift,
    )


def card(page: RequestPage) -> Html:
    """What an approver reads: who asked, what moves where, what it may cost, who else must agree."""
    return tag(
        "div",
        tag("section", tag("h2", "What is asked"), pairs(_asked(page)), class_="bc-panel"),
        tag("section", tag("h2", "Who agreed"), _votes(page), _glass(page.glass), class_="bc-panel"),
        class_="bc-two bc-wide",
    )


def tags(found: tuple[str, ...]) -> tuple[Html, ...]:
    """What it is beside its type."""
    return tuple(tag("span", each, class_="bc-tag") for each in found)


def _asked(page: RequestPage) -> tuple[tuple[str, Html | str], ...]:
    tested = (("Last live drill", page.since.text),) if page.since else ()
    return (("Asked by", page.asked), *_schedule(page), *page.card, *tested)


def _schedule(page: RequestPage) -> tuple[tuple[str, Html], ...]:
    if page.schedule is None:
        return ()
    name, title, date = page.schedule
    return (("For schedule", join(link("drills", f"{name}, {title}", schedule=name), f": {date}")),)


def more(page: RequestPage, airflow: str | None = None) -> Html:
    """The plan, what changed, what happened."""
    return join(
        tag("h2", "Plan"),
        steps(page.steps),
        tag("p", page.plan_made, class_="bc-quiet bc-small"),
        *(tag("p", each, class_="bc-quiet bc-small") for each in page.limits),
        tag("details", tag("summary", "What was seen when the plan was made"), pairs(page.seen), class_="bc-fold")
        if page.seen
        else None,
        tag("h2", "What changed since the last live drill"),
        _since(page.since) if page.since else None,
        tag("h2", "What changed since it was raised"),
        tag("ol", *(_revision(each) for each in page.revisions), class_="bc-history bc-plainlist")
        if page.revisions
        else tag("p", "Nothing: this is the plan that was asked for.", class_="bc-quiet"),
        tag("h2", "What happened"),
        tag(
            "ol",
            *(
                tag("li", tag("span", at, class_="bc-num bc-quiet"), tag("span", badge(mark)), tag("span", text))
                for at, mark, text in page.history
            ),
            class_="bc-history",
        ),
        tag(
            "p",
            tag("span", page.id, class_="bc-mono"),
            " · ",
            link("audit", "Its audit records", system=page.system),
            *((" · ", in_airflow(airflow)) if airflow else ()),
            class_="bc-quiet",
        ),
    )


def _since(found: Since) -> Html:
    """The drill, and each difference."""
    return join(
        tag("p", found.text, join(" ", link("requests", "Open it", id=found.drill)) if found.drill else None),
        tag("ul", *(tag("li", each) for each in found.changes), class_="bc-changes") if found.changes else None,
        tag("p", found.note, class_="bc-quiet bc-small") if found.note else None,
    )


def steps(found: tuple[StepLine, ...]) -> Html:
    """The plan in order."""
    return tag("ol", *(_step(each) for each in found), class_="bc-steps")


def _votes(page: RequestPage) -> Html:
    lines = [_vote(each) for each in page.votes]
    if page.missing:
        missing = tag("span", class_="bc-mark bc-never", aria_hidden="true")
        lines.append(
            tag("li", tag("span", missing, tag("b", f"Missing: {page.missing}"), class_="bc-badge bc-wait"),
                tag("p", page.until, class_="bc-quiet bc-small") if page.until else None)
        )  # fmt: skip
    return tag("ul", *lines, class_="bc-votes") if lines else tag("p", "Nobody decided on it.", class_="bc-quiet")


def _vote(each: VoteLine) -> Html:
    return tag(
        "li",
        tag("div", badge(each.mark), tag("b", each.name), tag("span", f"as {each.role}"), class_="bc-node"),
        tag("p", each.why_not, class_="bc-reason") if each.why_not else None,
        tag("p", f"“{each.reason}”") if each.reason else None,
        tag("p", each.at, class_="bc-quiet bc-small"),
    )


def _glass(rows: Pairs) -> Html | None:
    if not rows:
        return None
    return tag("div", tag("h3", "Break-glass stands in for missing approvers"), pairs(rows), class_="bc-glassbox")


def _step(each: StepLine) -> Html:
    warning = tag("b", "Point of no return", class_="bc-red bc-small") if each.last_chance else None
    return tag(
        "li",
        tag("span", f"{each.number}", class_="bc-num bc-quiet"),
        tag("span", each.text),
        warning,
        tag("span", " · ".join(each.flags), class_="bc-quiet bc-small bc-under-step") if each.flags else None,
        tag("span", "Undo ", each.undo, class_="bc-quiet bc-small bc-under-step") if each.undo else None,
        class_="bc-last-chance" if each.last_chance else None,
    )


def _revision(each: Revision) -> Html:
    voided = f"Void: {'; '.join(each.voided)}." if each.voided else "Nobody had decided yet."
    return tag(
        "li",
        tag("span", each.at, class_="bc-num bc-quiet"),
        tag("span", "Approvals are void because ", each.because, "."),
        tag("span", voided),
    )
