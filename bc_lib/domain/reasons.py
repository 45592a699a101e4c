"""The one table of reason codes: what each means, and what it does to status and verdicts (FR-012).

`docs/reason-codes.md` is generated from it: `python -m bc_lib.cli.docs`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.assessment import Answer, Reason, Status
from bc_lib.domain.reason_rows import ROWS

ANSWER_RANK = (Answer.NO, Answer.UNKNOWN, Answer.WITH_LOSS, Answer.YES)
STATUS_RANK = (Status.RED, Status.BLIND, Status.STALE, Status.NEVER_SEEN, Status.YELLOW, Status.GREEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonKind:
    """One code.

    `status`: the status it forces at least; None for a finding, which is shown and decides nothing.
    `blocks_switch_over`, `blocks_fail_over`: the best answer still possible; None: it does not matter there.
    """

    code: str
    status: Status | None
    blocks_switch_over: Answer | None
    blocks_fail_over: Answer | None
    title: str
    meaning: str
    hint: str
    source: str


def _table() -> dict[str, ReasonKind]:
    return {
        row[0]: ReasonKind(
            code=row[0],
            status=row[1],
            blocks_switch_over=row[2],
            blocks_fail_over=row[3],
            title=row[4],
            meaning=row[5],
            hint=row[6],
            source=row[7],
        )
        for row in ROWS
    }


TABLE: dict[str, ReasonKind] = _table()


def kind_of(reason: Reason) -> ReasonKind:
    """The row of a reason. A code that is not in the table is a bug in a rule: KeyError."""
    return TABLE[reason.code]


def worst_status(codes: tuple[str, ...]) -> Status:
    """The status these codes force together; GREEN only when none forces any."""
    forced = [kind.status for code in codes if (kind := TABLE[code]).status is not None]
    return min((status for status in forced if status is not None), key=STATUS_RANK.index, default=Status.GREEN)


def worst_answer(answers: list[Answer]) -> Answer:
    """The worst of the answers; YES when there is none."""
    return min(answers, key=ANSWER_RANK.index, default=Answer.YES)
