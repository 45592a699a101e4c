"""The run page's HTML, and the lines about runs on other pages."""

from __future__ import annotations

from collections.abc import Sequence

from bc_lib.domain.requests.values import Request
from bc_lib.domain.words import count
from streamlit_app.components.html import Html, in_airflow, join, link, tag
from streamlit_app.components.marks import badge, shape
from streamlit_app.components.resource import code, pairs
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.request_words import title
from streamlit_app.presenters.run import Checks, RunPage
from streamlit_app.presenters.run_alerts import AlertLine
from streamlit_app.presenters.run_clock import Clock
from streamlit_app.presenters.run_past import LastRun
from streamlit_app.presenters.run_steps import FindingLine, RunStepLine
from streamlit_app.presenters.run_story import Story
from streamlit_app.presenters.standing import StandingLine
from streamlit_app.troubles import UNREAD

ALERTS = "Trouble that this run explains"
NOT_SENT = "No alert is sent for it while the run lasts; what is still there when it ends is sent at once."


def banner(words: str | None) -> Html | None:
    """Starts are frozen: on every page that could start something."""
    return tag("p", tag("b", "Frozen. "), words, class_="bc-frozen", role="status") if words else None


def head(page: RunPage, fresh: Html, airflow: str | None) -> Html:
    """Where it stands, what must be done, how old this is."""
    ways = [link("requests", "Its request", id=page.id), link("audit", "Its audit records", system=page.system)]
    if airflow:
        ways.append(in_airflow(airflow))
    between = [join(" · " if number else None, each) for number, each in enumerate(ways)]
    return join(
        tag("h1", page.title, badge(page.state, "bc-lead")),
        fresh,
        banner(page.frozen),
        tag("p", page.lead, class_="bc-effect"),
        tag("p", page.facts, class_="bc-quiet"),
        tag("p", *code(page.driver), class_="bc-quiet") if page.driver else None,
        tag("p", *between),
    )


def clocks(found: Sequence[Clock]) -> Html:
    """Figures large enough to be read from across a room."""
    return tag("div", *(_clock(each) for each in found), class_="bc-clocks") if found else Html("")


def _clock(each: Clock) -> Html:
    mark = shape(Mark(key=each.key, word=each.name, meaning=each.detail))
    bar = None
    if each.fill is not None:
        over = " bc-over" if each.key == "no" else ""
        bar = tag("div", tag("div", class_=f"bc-fill{over}", style=f"width:{each.fill * 100:.1f}%"), class_="bc-bar",
                  aria_hidden="true")  # fmt: skip
    return tag(
        "section",
        tag("h2", each.name),
        tag("p", mark, tag("span", each.figure, class_="bc-big"), class_="bc-node"),
        bar,
        tag("p", each.detail, class_="bc-reason"),
        class_=f"bc-panel bc-edge-{each.key}",
        role="timer" if each.ticking else None,
    )


def body(page: RunPage) -> Html:
    """What is owed, the steps, what happens if it stops here."""
    two = tag("div", tag("h2", "Two servers"), tag("ul", *(tag("li", line) for line in page.writers), class_="bc-owed"))
    owed = tag("div", tag("h2", "Owed"), tag("ul", *(tag("li", each) for each in page.owed), class_="bc-owed"))
    stops = tag("p", tag("b", "If it stops here: "), _after_lead(page.stops), class_="bc-note") if page.stops else None
    steps = tag("ol", *(_step(each) for each in page.steps), class_="bc-run")
    return join(
        two if page.writers else None,
        owed if page.owed else None,
        _story(page.story),
        stops,
        _losses(page),
        tag("h2", "Steps"),
        steps if page.steps else tag("p", "None has begun. The plan stands on the request.", class_="bc-quiet"),
        _members(page),
    )


def more(page: RunPage) -> Html:
    """Findings, who said what, the log."""
    said = tag("ul", *(tag("li", each) for each in page.said), class_="bc-plainlist bc-said")
    log = [
        tag("li", tag("span", each.at, class_="bc-num bc-quiet"), tag("span", badge(each.mark)), tag("span", each.text))
        for each in page.log
    ]
    return join(
        *(checks(each) for each in page.checks),
        join(tag("h2", "Where the time went"), pairs(page.split)) if page.split else None,
        tag("h2", "Decisions by people"),
        said if page.said else tag("p", "Nobody has decided anything about it.", class_="bc-quiet"),
        tag("h2", "Log, newest first"),
        tag("ol", *log, class_="bc-history") if log else tag("p", "Nothing is logged yet.", class_="bc-quiet"),
    )


def alerts(found: Sequence[AlertLine]) -> Html | None:
    """The trouble that the run brings about itself: here instead of in alerts."""
    if not found:
        return None
    lines = [
        tag(
            "li",
            tag("span", each.at, class_="bc-num bc-quiet"),
            tag("span", badge(each.mark)),
            tag("span", link("resource", each.resource, name=each.resource), f": {each.text}"),
        )
        for each in found
    ]
    return join(tag("h2", ALERTS), tag("p", NOT_SENT, class_="bc-quiet"), tag("ol", *lines, class_="bc-history"))


def unread_alerts() -> Html:
    """It could not be read: that is not the same as none."""
    return join(tag("h2", ALERTS), tag("p", UNREAD, class_="bc-quiet"))


def checks(found: Checks) -> Html:
    """Named findings with figure and hint; the good ones are folded away."""
    return tag(
        "section",
        tag("h2", found.title),
        tag("p", found.made, class_="bc-quiet bc-small"),
        _findings(found.lines, "bc-fold"),
        None if found.lines else tag("p", "Nothing was found to look at.", class_="bc-quiet"),
    )


def unchecked() -> Html:
    """Nothing was checked yet."""
    return join(
        tag("h2", "Checked before the start"),
        tag(
            "p",
            "Not yet. The runner checks both sites while a request waits, and again at the start.",
            class_="bc-quiet",
        ),
    )


def running(found: Sequence[tuple[Request, str, Mark]]) -> Html:
    """Runs under way: the first thing on the overview."""
    lines = [
        tag(
            "li",
            tag("div", badge(mark), link("run", f"{request.id} runs: {where}", class_="bc-name", id=request.id)),
            tag("p", title(request), class_="bc-quiet"),
            class_=f"bc-request bc-edge-{mark.key}",
        )
        for request, where, mark in found
    ]
    return tag("ul", *lines, class_="bc-requests", aria_label="Runs under way") if lines else Html("")


def standing(found: Sequence[StandingLine]) -> Html | None:
    """The runs and requests about this, each with whom it waits for and the way to the button."""
    if not found:
        return None
    return join(
        *(
            tag("p", tag("b", each.text), " ", tag("a", each.label, href=each.href, class_="bc-act"), class_="bc-note")
            for each in found
        )
    )


def last(drill: LastRun | None, run: LastRun | None, what: str) -> Html:
    """Last drill and last run; honest about what was never tried."""
    never = f"Never. No drill of this {what} is recorded, so the time to recover is not known from experience."
    return join(
        tag("h2", "Last drill or rehearsal"),
        _last(drill) if drill else tag("p", never, class_="bc-reason"),
        tag("h2", "Last run"),
        _last(run) if run else tag("p", "Never.", class_="bc-quiet"),
    )


def unknown_past() -> Html:
    """It could not be read: that is not the same as never."""
    return join(tag("h2", "Last drill"), tag("p", UNREAD, class_="bc-quiet"))


def _last(each: LastRun) -> Html:
    return tag("p", link("run", each.request, id=each.request), " ", each.text, class_="bc-reason")


def _step(each: RunStepLine) -> Html:
    warning = tag("b", "Point of no return", class_="bc-red bc-small") if each.last_chance else None
    marks = [
        f" bc-edge-{each.mark.key}",
        " bc-here" if each.current else "",
        " bc-last-chance" if each.last_chance else "",
    ]
    return tag(
        "li",
        tag("div", tag("span", f"{each.number}", class_="bc-num bc-quiet"), badge(each.mark), warning,
            tag("b", "Now", class_="bc-small") if each.current else None, class_="bc-node"),
        tag("p", each.text),
        tag("p", f"{each.actual} · {each.planned}", class_="bc-num bc-quiet bc-small"),
        tag("p", " → ".join(each.moments), class_="bc-num bc-small") if each.moments else None,
        tag("p", each.sentence, class_="bc-reason") if each.sentence else None,
        _findings(each.findings, "bc-fold bc-flat"),
        tag("p", " · ".join(each.flags), class_="bc-quiet bc-small"),
        class_="bc-runstep" + "".join(marks),
        aria_current="step" if each.current else None,
    )  # fmt: skip


def _findings(found: Sequence[FindingLine], fold: str) -> Html | None:
    """What is not good stands open; what is good is folded away."""
    if not found:
        return None
    bad = [each for each in found if each.mark.key != "agreed"]
    good = [each for each in found if each.mark.key == "agreed"]
    said = f"{len(good)} of {len(found)} checks are good" if bad else f"{count(len(good), 'check')}, all good"
    folded = tag(
        "details",
        tag("summary", said),
        tag("ul", *(_finding(each) for each in good), class_="bc-findings"),
        class_=fold,
    )
    return join(
        tag("ul", *(_finding(each) for each in bad), class_="bc-findings") if bad else None,
        folded if good else None,
    )


def _finding(each: FindingLine) -> Html:
    return tag(
        "li",
        tag("div", badge(each.mark), tag("span", each.name, class_="bc-mono"), class_="bc-node"),
        tag("p", each.sentence, f" {each.figure}" if each.figure else None, class_="bc-reason"),
        tag("p", *code(each.hint), class_="bc-hint") if each.hint else None,
    )


def _story(found: Story | None) -> Html | None:
    """What to do next stands first; how to do the rest by hand is folded."""
    if found is None:
        return None
    parts = [
        join(tag("h3", title), tag("ul", *(tag("li", *code(each)) for each in lines), class_="bc-said"))
        for title, lines in found.parts
    ]
    hand = tag(
        "details",
        tag("summary", "The rest by hand, without this tool"),
        tag("ol", *(tag("li", each) for each in found.by_hand), class_="bc-said"),
        class_="bc-fold bc-flat",
    )
    return tag("section", *parts, hand if found.by_hand else None, class_="bc-panel")


def _losses(page: RunPage) -> Html | None:
    if not page.losses:
        return None
    lines = [
        tag(
            "li",
            tag("div", badge(each.mark), tag("b", each.resource), class_="bc-node"),
            tag("p", f"{each.sentence} {each.gap}".rstrip()),
        )
        for each in page.losses
    ]
    return join(
        tag("h2", "Data loss"),
        tag("ul", *lines, class_="bc-findings"),
        *(tag("p", each, class_="bc-reason") for each in page.fences),
    )


def _members(page: RunPage) -> Html | None:
    if not page.members:
        return None
    lines = [tag("li", badge(mark), " ", link("resource", name, name=name)) for name, mark in page.members]
    return join(tag("h2", "Members"), tag("ul", *lines, class_="bc-votes"))


def _after_lead(words: str | None) -> str:
    """The sentence without the words that stand before it in bold."""
    text = words or ""
    return text.removeprefix("If it stops here, ")
