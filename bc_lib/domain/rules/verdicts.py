"""The two verdicts: could it switch over, could it fail over, now? UNKNOWN is never YES (FR-012)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bc_lib.domain.assessment import Answer, Reason, Verdict
from bc_lib.domain.loss import LossProof, LossStatement, state, writers_sentence
from bc_lib.domain.loss.beside import besides
from bc_lib.domain.reasons import ANSWER_RANK, kind_of, worst_answer
from bc_lib.domain.rules import loss, synchronous
from bc_lib.domain.rules.lag import Link
from bc_lib.domain.rules.scene import Scene
from bc_lib.domain.words import duration

WINDOWS = frozenset({"ASYNC_WINDOW", "COMMITS_WAIT"})
"""They forbid nothing and stand beside every yes."""


def decide(scene: Scene, links: tuple[Link, ...], reasons: tuple[Reason, ...]) -> tuple[Verdict, Verdict, Link | None]:
    """Switch-over and fail-over verdict, and the link they speak about: the best standby at the other site.

    Reasons that name a standby count only for that one; all others count always.
    """
    there = [link for link in links if link.standby.site == scene.other_site]
    if not there:
        none = (
            ()
            if _explained(reasons)
            else (Reason(code="NO_STANDBY", text=f"No standby was seen at {scene.resource.title(scene.other_site)}."),)
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
    standbys = {node.name for node in scene.standbys} - {link.standby.place}
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


def _loss(scene: Scene, link: Link) -> Iterator[Reason]:
    """What would be lost if the primary were gone now, and whether it may go on beside a new one."""
    found = loss.proof(scene, link)
    said = state(found)
    code, name = _code(found, said), link.standby.name
    doubt = synchronous.doubt(scene, link) if code == "ASYNC_WINDOW" else None
    if code == "ASYNC_WINDOW" and doubt is None:
        yield Reason(
            code="COMMITS_WAIT",
            node=name,
            text=f"Commits wait until {name} has them on its disk; only a session that turns synchronous_commit "
            f"off for itself does not.{besides(found.not_carried)}",
        )
    else:
        why = f" {doubt}." if doubt else ""
        yield Reason(
            code=code,
            node=name,
            figures={
                "window_s": None if said.seconds is None else round(said.seconds, 1),
                "lacking_bytes": found.least_bytes if scene.source is None else link.lag.received_bytes,
            },
            text=f"{said.sentence}{f' {said.gap}' if said.gap else ''}{why}{_against(scene)}",
        )
    risk = loss.fence(scene)
    if risk is not None:
        yield Reason(code="PRIMARY_MAY_WRITE", node=risk.source, text=writers_sentence(risk))


def _code(found: LossProof, said: LossStatement) -> str:
    if said.seconds is None:
        return "LOSS_UNKNOWN"
    return "ASYNC_WINDOW" if found.ended is None and said.seconds <= loss.SAMPLE_NOISE_S else "POSSIBLE_LOSS"


def _against(scene: Scene) -> str:
    rpo = scene.resource.rpo_s
    return "" if rpo is None else f" The RPO target is {duration(rpo)}."
