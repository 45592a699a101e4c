"""What was seen of each move, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.walkthrough.agreement import agrees
from benchmarks.walkthrough.client import Counted
from benchmarks.walkthrough.folder import Figures
from benchmarks.walkthrough.moves import Move

HEADS = (
    "what",
    "request",
    "result",
    "confirmed to first step s",
    "outage by the journal s",
    "outage by the client ms",
    "acknowledged rows",
    "of them lost",
    "statement about loss",
    "agrees with the count",
    "confirmed to end s",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `counted`: by one client a database that moved."""

    move: Move
    request: str
    word: str
    figures: Figures
    counted: Sequence[Counted]

    @property
    def good(self) -> bool:
        """It succeeded, its statement agrees, and a planned move lost nothing."""
        lost = any(each.lost_at for each in self.counted)
        return self.word == "Succeeded" and self.agreed is not False and not (lost and not self.move.breaks)

    @property
    def agreed(self) -> bool | None:
        """None where nothing was stated: nothing moved."""
        stated = {each["resource"]: each for each in self.figures.loss}
        if not stated:
            return None
        return all(agrees(stated[each.resource], each.lost_at) for each in self.counted if each.resource in stated)


def table(lines: Sequence[Line]) -> str:
    """Markdown."""
    rows = [HEADS, tuple("---" for _ in HEADS), *(_cells(each) for each in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    known, counted = line.figures, line.counted
    stated = sorted({_stated(each) for each in known.loss})
    return (
        ", ".join(part for part in (line.move.kind, line.move.drill, line.move.scope[1]) if part),
        line.request,
        line.word,
        _seconds(known.to_first_s),
        _seconds(known.outage_s),
        " / ".join("-" if each.outage_ms is None else f"{each.outage_ms:,.0f}" for each in counted),
        " / ".join(f"{each.acknowledged:,}" for each in counted),
        " / ".join(str(len(each.lost_at)) for each in counted),
        ", ".join(stated) or "-",
        {None: "-", True: "yes", False: "NO"}[line.agreed],
        _seconds(known.confirmed_to_end_s),
    )


def _stated(loss: dict[str, object]) -> str:
    window = loss.get("seconds")
    return f"{loss['certainty']} ({window:.2f} s)" if isinstance(window, float) else str(loss["certainty"])


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
