"""The two verdicts: could it switch over, could it fail over, now? UNKNOWN is never YES (FR-012)."""

from __future__ import annotations

from collections.abc import Iterable

from bc_lib.domain.assessment import Answer, Reason, Verdict
from bc_lib.domain.lsn import behind
from bc_lib.domain.reasons import ANSWER_RANK, kind_of, worst_answer
from bc_lib.domain.rules import synchronous
from bc_lib.domain.rules.lag import Link
from bc_lib.domain.rules.scene import Scene
from bc_lib.domain.rules.trail import held_until
from bc_lib.domain.words import clock, duration, size

WINDOWS = frozenset({"ASYNC_WINDOW", "COMMITS_WAIT"})
"""They forbid nothing and stand beside every yes."""

SAMPLE_NOISE_S = 1.0
"""Two nodes are looked at moments apart; a lag below this cannot be told from none."""


def decide(scene: Scene, links: tuple[Link, ...], reasons: tuple[Reason, ...]) -> tuple[Verdict, Verdict, Link | None]:
    """Switch-over and fail-over verdict, and the link they speak about: the best standby at the other site.

    Reasons that name a standby count only for that one; all others count always.
    """
    there = [link for link in links if link.standby.site == scene.other_site]
    if not there:
        none = (
            ()
            if _explained(reasons)
            else (Reason(code="NO_STANDBY", text=f"No standby was seen at {scene.other_site}."),)
        )
        return switch_over((*reasons, *none)), fail_over((*reasons, *none)), None
    judged = [(link, *_for(scene, link, reasons)) for link in there]
    best = min(
        judged,
        key=lambda item: (
            ANSWER_RANK.index(item[2].answer) * -1,
            ANSWER_RANK.index(item[1].answer) * -1,
            _received(item[0]),
            item[0].standby.name,
        ),
    )
    return best[1], best[2], best[0]


def _for(scene: Scene, link: Link, reasons: tuple[Reason, ...]) -> tuple[Verdict, Verdict]:
    standbys = {node.name for node in scene.standbys} - {link.standby.name}
    mine = tuple(reason for reason in reasons if reason.node not in standbys)
    return switch_over(mine), fail_over((*mine, *_loss(scene, link)))


def _received(link: Link) -> float:
    return float("inf") if link.lag.received_bytes is None else float(link.lag.received_bytes)


def _explained(reasons: Iterable[Reason]) -> bool:
    """Whether something else already stands against a fail over."""
    return any(kind_of(reason).blocks_fail_over in {Answer.NO, Answer.UNKNOWN} for reason in reasons)


def switch_over(reasons: tuple[Reason, ...]) -> Verdict:
    """Worst answer the reasons leave, with those that say so."""
    telling = tuple(reason for reason in reasons if kind_of(reason).blocks_switch_over is not None)
    return _verdict([kind_of(reason).blocks_switch_over for reason in telling], telling)


def fail_over(reasons: tuple[Reason, ...]) -> Verdict:
    """Worst answer the reasons leave, with those that say so, and the remaining window where there is one."""
    telling = tuple(r for r in reasons if kind_of(r).blocks_fail_over is not None or r.code in WINDOWS)
    return _verdict([kind_of(reason).blocks_fail_over for reason in telling], telling)


def _verdict(answers: list[Answer | None], telling: tuple[Reason, ...]) -> Verdict:
    return Verdict(answer=worst_answer([answer for answer in answers if answer is not None]), reasons=telling)


def _loss(scene: Scene, link: Link) -> tuple[Reason, ...]:
    """What would be lost if the primary were gone now."""
    return _loss_seen(scene, link) if scene.source is not None else _loss_remembered(scene, link)


def _loss_seen(scene: Scene, link: Link) -> tuple[Reason, ...]:
    lag, name = link.lag, link.standby.name
    if lag.received_bytes is None or lag.received_s is None:
        return (Reason(code="LOSS_UNKNOWN", node=name, text=f"How much {name} has received is not known."),)
    figures: dict[str, float | int | str | None] = {
        "received_s": round(lag.received_s, 1),
        "received_bytes": lag.received_bytes,
    }
    if lag.received_s > SAMPLE_NOISE_S:
        return (
            Reason(
                code="POSSIBLE_LOSS",
                node=name,
                figures=figures,
                text=f"Up to {duration(lag.received_s)} of the newest writes ({size(lag.received_bytes)}) "
                f"could be lost{_against(scene)}.",
            ),
        )
    doubt = synchronous.doubt(scene, link)
    if doubt is None:
        return (
            Reason(
                code="COMMITS_WAIT",
                node=name,
                text=f"Commits wait until {name} has them on its disk; only a session that turns synchronous_commit "
                "off for itself does not.",
            ),
        )
    return (
        Reason(
            code="ASYNC_WINDOW",
            node=name,
            figures=figures,
            text=f"{doubt}: up to about {duration(SAMPLE_NOISE_S)} of the newest writes "
            f"could be lost{_against(scene)}.",
        ),
    )


def _against(scene: Scene) -> str:
    rpo = scene.resource.rpo_s
    return "" if rpo is None else f"; the RPO target is {duration(rpo)}"


def _loss_remembered(scene: Scene, link: Link) -> tuple[Reason, ...]:
    """The primary is out of sight: only its last known position bounds the loss."""
    name = link.standby.name
    known = scene.memory.node(scene.lost_primary.node) if scene.lost_primary else None
    lacking = behind(known.current_lsn, link.received_lsn) if known else None
    if known is None or lacking is None:
        return (
            Reason(
                code="LOSS_UNKNOWN", node=name, text=f"How much of the primary's data {name} has received is not known."
            ),
        )
    # Everything written until then is at the standby. What it lacked before the primary was lost, it still lacks.
    since = link.missing_since if lacking else held_until(scene.memory.trail, known.node, link.received_lsn)
    since = since if lacking else since or known.seen_at
    if since is None:
        text = f"{name} lacks at least {size(lacking)} of what the primary had written at {clock(known.seen_at)}; "
        return (Reason(code="LOSS_UNKNOWN", node=name, text=f"{text}how old the oldest of it is, is not known."),)
    window = max(0.0, (scene.now - since).total_seconds())
    figures: dict[str, float | int | str | None] = {
        "lacking_bytes": lacking,
        "primary_seen_at": known.seen_at.isoformat(),
        "window_s": round(window, 1),
    }
    when = "that" if lacking == 0 else clock(since)
    has = (
        f"has received everything the primary had written when it was last seen, at {clock(known.seen_at)}"
        if lacking == 0
        else f"lacks at least {size(lacking)} of what the primary had written at {clock(known.seen_at)}"
    )
    return (
        Reason(
            code="POSSIBLE_LOSS",
            node=name,
            figures=figures,
            text=f"{name} {has}; writes after {when} (up to {duration(window)} of them) could be lost.",
        ),
    )
