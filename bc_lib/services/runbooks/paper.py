"""A runbook as a document: what to do first, whom to call, each move step by step, the commands."""

from __future__ import annotations

from bc_lib.domain.documents import Block, Code, Document, Facts, Section, Table, Text, Tone
from bc_lib.domain.inventory import Endpoint
from bc_lib.domain.requests.phrase import confirmation_phrase
from bc_lib.domain.requests.plan import Plan
from bc_lib.domain.requests.policy import Rule
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.role_words import role_words
from bc_lib.domain.words import clock, duration
from bc_lib.services.requests.plan_text import figure_text, flags, loss_lines, other_figures
from bc_lib.services.runbooks.plans import Action, Runbook

TITLES = {
    RequestType.FAILOVER: "Failover: urgent, the active site is lost",
    RequestType.SWITCHOVER: "Switchover: planned, writes stop first",
    RequestType.FAILBACK: "Failback: return to the home site",
    RequestType.DRILL: "Live drill: there, a hold, and back",
}
IF_PARTIAL = {"finish": "the run stops there and a person finishes", "return": "those that moved are moved back"}
BY_HAND = "\u00a0\n\u00a0"  # room to write
OLD = (
    "These plans were made from what was stored at the time above. Sites may have changed roles since: look where the "
    "primary is before you act, and ask for a new plan where anything answers (bcctl plan)."
)


def document(book: Runbook) -> Document:
    """The whole runbook."""
    scope, made = book.scope, clock(book.now)
    environments = ", ".join(dict.fromkeys(each.environment.value for each in book.resources))
    return Document(
        title=f"Runbook: {scope.name}",
        subtitle=f"{scope.kind.capitalize()}, tier {book.tier}, environment {environments}. "
        f"Owner: {', '.join(book.owners)}.",
        made_at=f"Made {made}, from the shared database. All times are UTC.",
        footer=f"Runbook {scope.name} · made {made}",
        sections=(
            Section("Before anything", _first(book)),
            Section("Contacts and approvals", _contacts(book)),
            Section("Where it runs", _places(book)),
            *(Section(TITLES[each.kind], _action(book, each), new_page=each.plan is not None) for each in book.actions),
            Section("When no page and no scheduler answers", _alone()),
        ),
    )


def _first(book: Runbook) -> tuple[Block, ...]:
    rows = tuple(
        (
            each.resource.name,
            each.status.value,
            each.resource.title(each.last.active_site) if each.last and each.last.active_site else "not known",
            clock(each.observed_at) if each.observed_at else "never seen",
            "; ".join(reason.text for reason in each.reasons) or "no trouble found",
        )
        for each in book.current
    )
    return (
        Text(OLD, Tone.WARN),
        Table(("resource", "status then", "primary then at", "seen", "why"), rows, widths=(18, 12, 14, 20, 36)),
    )


def _contacts(book: Runbook) -> tuple[Block, ...]:
    owners = [(f"Owner of group {book.group.name}", book.group.owner)] if book.group else []
    owners += [(f"Owner of {each.name}", each.owner) for each in book.resources]
    needs = [(TITLES[each.kind].partition(":")[0], _needs(each.rule)) for each in book.actions]
    return (
        Facts(tuple(owners)),
        Table(("move", "who must agree before it"), tuple(needs), widths=(24, 76)),
        Text("Who asks never approves. Names and telephone numbers by hand:", Tone.NOTE),
        Table(("role", "name", "telephone"), tuple((each, BY_HAND, "") for each in _roles(book)), widths=(30, 40, 30)),
    )


def _needs(rule: Rule | None) -> str:
    if rule is None:
        return "no approval rule covers it: nobody may start it"
    who = ", ".join(f"{need.count} {role_words(need.role)}" for need in rule.needs) or "nobody"
    return f"{who} ({rule.name}), different persons" + ("; a change ticket" if rule.ticket_required else "")


def _roles(book: Runbook) -> tuple[str, ...]:
    found = [need.role.value for each in book.actions if each.rule for need in each.rule.needs]
    return tuple(dict.fromkeys(["operator", *found, *(f"owner: {owner}" for owner in book.owners)]))


def _places(book: Runbook) -> tuple[Block, ...]:
    rows = tuple(
        (each.name, end.site, end.node, _address(end), end.host_control or "by hand: a person acts on the host")
        for each in book.resources
        for end in each.endpoints
    )
    targets = tuple(
        (each.name, duration(each.rto_s) if each.rto_s is not None else "none set",
         duration(each.rpo_s) if each.rpo_s is not None else "none set", each.notes or "-")
        for each in book.resources
    )  # fmt: skip
    return (
        Table(("resource", "site", "node", "address", "host control"), rows, widths=(18, 12, 12, 28, 30)),
        Table(("resource", "RTO", "RPO", "notes"), targets, widths=(18, 14, 14, 54)),
    )


def _address(end: Endpoint) -> str:
    return end.url or f"{end.host}:{end.port}" + (f"/{end.database}" if end.database else "")


def _action(book: Runbook, action: Action) -> tuple[Block, ...]:
    plan = action.plan
    if plan is None:
        return (Text(f"Not possible when this was made: {action.why_not}", Tone.UNKNOWN),)
    return (
        Text(plan.effect),
        *(Text(each, Tone.BAD) for each in loss_lines(plan)),
        *([Text(f"To accept before the start: losing {plan.loss}.", Tone.BAD)] if plan.loss else []),
        Table(("", "step", "at most", "how to see it; undo", "done at, by"), _steps(plan), widths=(5, 41, 9, 30, 15)),
        *([Facts(figures)] if (figures := _figures(plan)) else []),
        *(Text(each, Tone.NOTE) for each in plan.limits),
        Text("Ask for it, have it approved, confirm it:"),
        Code(_commands(book, action)),
    )


def _steps(plan: Plan) -> tuple[tuple[str, ...], ...]:
    rows = []
    for number, step in enumerate(plan.steps, 1):
        words = [f"wave {step.wave}", *flags(step)]
        seen = " ".join(part for part in (step.probe, f"Undo: {step.undo}" if step.undo else "") if part)
        rows.append((str(number), f"{step.summary}\n({'; '.join(words)})", duration(step.timeout_s), seen, ""))
    return tuple(rows)


def _figures(plan: Plan) -> tuple[tuple[str, str], ...]:
    found = [tuple(figure_text(each).split(": ", 1)) for each in other_figures(plan)]
    pairs = [(each[0], each[1]) for each in found]
    if plan.if_partial:
        pairs.append(("if a member cannot be moved after others were", IF_PARTIAL[plan.if_partial]))
    if plan.timeout_s:
        pairs.append(("in all at most", f"{duration(plan.timeout_s)} until clients write again, without waiting for "
                                        "people; then it stops where it may"))  # fmt: skip
    return tuple(pairs)


def _commands(book: Runbook, action: Action) -> str:
    drill = " --drill live" if action.kind is RequestType.DRILL else ""
    phrase = confirmation_phrase(action.kind, book.scope.name, action.site)
    loss = action.plan is not None and action.plan.loss
    roles = [need.role.value for need in action.rule.needs] if action.rule else []
    return "\n".join(
        [
            f"bcctl request create --type {action.kind.value}{drill} --{book.scope.kind} {book.scope.name} "
            f'--target-site {action.site} --reason "..."',
            *(f"bcctl request approve r-... --role {role}" for role in roles),
            *(
                ['bcctl run consent r-... --loss "..."   # exactly as shown by: bcctl request show r-...']
                if loss
                else []
            ),
            f'bcctl request confirm r-... --phrase "{phrase}"',
            "bcctl run show r-...",
        ]
    )


def _alone() -> tuple[Block, ...]:
    return (
        Text(
            "An approved and confirmed request can be finished without the scheduler, from the same journal; only the "
            "shared database must answer. After any interruption it looks first what was done."
        ),
        Code("bcctl run r-..."),
        Text(
            "Where the shared database is lost too, a person does the steps above by hand, in this order, and writes "
            "down who did what and when. Never make the other site the primary before the old one is proven unable to "
            "take writes.",
            Tone.BAD,
        ),
    )
